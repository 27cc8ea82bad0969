"""Two hundred plans full of hostile text, rendered with the committed template and read by pandoc.

The texts come from a seed, so that a failure comes again. Each carries its own number, so that none can hide
behind an equal one.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.plans import Job, jobs

from plbuild import intake, pipeline
from plbuild.documents import rendered
from plbuild.documents.lists import BULLETS, DASHES
from plbuild.documents.text import clean
from plbuild.model import Answer, Field
from plbuild.pipeline import Folders, Options, SerialExecutor
from tests.support.districts import EXAMPLES, ROOT, TEMPLATES, example
from tests.support.office import needs, pandoc_text, squeezed

PLANS, BATCH, DAY = 200, 25, date(2026, 11, 23)
FOLDERS = Folders(workbook_templates=TEMPLATES, output_templates=ROOT / "output_templates")
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
    submission = job.submission
    texts: list[str] = []
    sections = {}
    for section in job.common.spec.plan(submission.kind).sections:
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
    return replace(job, submission=replace(submission, sections=sections)), texts


def typed_freely(field: Field) -> bool:
    """Whether any text may stand in a field."""
    return field.type in ("text", "long_text") and not field.prefilled


@pytest.fixture(scope="module")
def smallest() -> Job:
    """The example's school plan with the fewest actions."""
    return min(jobs(EXAMPLES / "cedar-valley", FOLDERS), key=lambda job: job.actions)


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
    found = words(pandoc_text(*documents))
    assert [text for text in wanted if words(clean(text)) not in found] == []


def words(text: str) -> str:
    """A text without white space and without the signs that a list may have instead of a person's own."""
    return squeezed(text).translate(dict.fromkeys(map(ord, BULLETS + DASHES)))


@pytest.mark.parametrize(("folder", "plans", "texts"), [("cedar-valley", 9, 2500), ("maple-ridge", 4, 400)])
def test_every_answer_of_the_examples_is_in_its_plan(
    folder: str, plans: int, texts: int, tmp_path: Path
) -> None:
    needs("pandoc")
    district = example(folder)
    options = Options(drafts=True)
    report = pipeline.build(EXAMPLES / folder, FOLDERS, tmp_path, SerialExecutor(), DAY, print, options)
    assert report.faults == ()
    documents = {path.stem.rpartition("-")[2]: path for path in tmp_path.rglob("plans/**/*.docx")}
    assert len(documents) == plans
    looked_for = 0
    for path in sorted((EXAMPLES / folder / "submissions").rglob("*.xlsx")):
        for item in intake.read(district.spec, path.name, path.read_bytes())[0]:
            home = item.kind == district.spec.owned_by("district").kind
            found = words(pandoc_text(documents["district" if home else item.plan_id].read_bytes()))
            answers = [
                answer.entered
                for records in item.sections.values()
                for record in records
                for answer in record.answers.values()
                if isinstance(answer.value, str) and not REFERENCE.fullmatch(answer.value)
            ]
            if path.name != REPLACED:
                assert [text for text in answers if words(clean(text)) not in found] == []
            looked_for += len(answers)
    assert looked_for > texts


# An id is resolved to the words of its row.
REFERENCE = re.compile(r"[A-Z]{1,2}\d+")
# Of this school a second version came in, which counts.
REPLACED = "MRHS plan.xlsx"
