"""Two hundred plans full of hostile text, rendered with the committed template and read by pandoc.

The texts come from a seed, so that a failure comes again. Each carries its own number, so that none can hide
behind an equal one.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from benchmarks.plans import Job, jobs

from plbuild.documents import rendered
from plbuild.documents.text import clean
from plbuild.model import Answer, Field
from plbuild.pipeline import Folders
from tests.support.districts import EXAMPLES, ROOT, TEMPLATES
from tests.support.office import needs, pandoc_text, squeezed

PLANS, BATCH = 200, 25
PIECES = (
    "plain words", "It's \"quoted\", ‘twice’ and “so on”", "salt & pepper &amp; &lt; &#8216;", "<select> </w:t> <w:p/> ]]>",
    "{{ 7 * 7 }}", "{% if x %}", "{# note #}", "{_{ a }_} {_% b %_}", "\n• one\n• two", "\n- minus\n– dash", "\r\n", "\tTab\t",
    "\x0bvertical", "\x0cform feed", "😀👩‍🏫🇺🇸", "שלום עולם", "مرحبا بالعالم", "ʻokina Nuñez José Ñandú",
    "Donaudampfschifffahrts" * 6, "no\u00a0break\u00a0space", "zero\u200bwidth", "\x00\x01\x07\x1f", "lone \ud83d surrogate",
    "\ufffe\uffff", "\u2028line\u2029paragraph\x85", "100 % of 5 < 6 > 4", "=SUM(A1)", "\\n \\t \\\\", "_x000B_", "a" * 300,
)  # fmt: skip


def hostile(mixer: random.Random, number: str) -> str:
    """A text of some pieces, told apart by its number."""
    return " ".join((number, *mixer.choices(PIECES, k=mixer.randint(1, 4)), number[::-1]))


def made_hostile(job: Job, seed: int) -> tuple[Job, list[str]]:
    """A plan with every text that is typed freely replaced, and these texts."""
    mixer = random.Random(seed)  # noqa: S311  the same texts in every run
    submission = job.document.submission
    texts: list[str] = []
    sections = {}
    for section in job.spec.plan(submission.kind).sections:
        records = []
        for record in submission.sections.get(section.name, ()):
            answers = dict(record.answers)
            for field in section.fields:
                if typed_freely(field) and record.value(field.name) is not None:
                    text = hostile(mixer, f"[{seed}.{len(texts)}]")
                    texts.append(text)
                    answers[field.name] = Answer(value=text, entered=text, cell="A1")
            records.append(replace(record, answers=answers))
        sections[section.name] = tuple(records)
    document = replace(job.document, submission=replace(submission, sections=sections))
    return replace(job, document=document), texts


def typed_freely(field: Field) -> bool:
    """Whether any text may stand in a field."""
    return field.type in ("text", "long_text") and not field.prefilled


@pytest.fixture(scope="module")
def smallest() -> Job:
    """The example's school plan with the fewest actions."""
    folders = Folders(workbook_templates=TEMPLATES, output_templates=ROOT / "output_templates")
    return min(jobs(EXAMPLES / "cedar-valley", folders), key=lambda job: job.actions)


@pytest.mark.parametrize("start", range(0, PLANS, BATCH))
def test_every_text_is_in_its_plan(smallest: Job, start: int) -> None:
    needs("pandoc")
    documents, wanted = [], []
    for seed in range(start, start + BATCH):
        job, texts = made_hostile(smallest, seed)
        made = rendered(job.template, job.context())
        assert (made.unshown, made.shortened) == ((), ())
        documents.append(made.data)
        wanted += texts
    assert len(wanted) > 80 * BATCH
    found = pandoc_text(*documents)
    assert [text for text in wanted if squeezed(clean(text)) not in found] == []
