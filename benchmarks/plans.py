"""The plans that the benchmarks render: those of a district folder, and as many more as are asked for.

Takes a folder, returns jobs: a template and what fills it. Design decision: a generated plan is one of the
folder's own with its sentences mixed anew, so that texts are as long and as various as people write them, and
no two documents are alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plbuild import pipeline
from plbuild.documents import Contexts
from plbuild.model import Answer, Record, Submission
from plbuild.pipeline import Folders, work

_AS_OF = date(2026, 10, 20)
# A text shorter than this is a name, a title or a value of a list.
_LONG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A document to be: its template and all that its context is made of."""

    common: work.Filling
    document: work.Document
    submission: Submission

    @property
    def template(self) -> bytes:
        """What is filled."""
        return self.common.template

    @property
    def actions(self) -> int:
        """How many actions its plan has."""
        return len(self.submission.sections["actions"])

    def context(self) -> dict[str, object]:
        """What its template may ask for, as the pipeline makes it."""
        contexts = Contexts(self.common.spec, self.common.others)
        return work.context_of(contexts, self.common.spec, self.document, self.submission)


class _Listening:
    """An executor that works here and now, and keeps what was to be rendered."""

    def __init__(self) -> None:
        self.batches: list[work.RenderBatch] = []

    def map(self, fn: Callable[[Any], Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        items = [list(iterable) for iterable in iterables]
        self.batches += [item for item in items[0] if isinstance(item, work.RenderBatch)]
        return map(fn, *items)


def jobs(folder: Path, folders: Folders) -> list[Job]:
    """Every document of a build of the district folder, the district's own among them."""
    executor = _Listening()
    with TemporaryDirectory(prefix="plbuild-bench-") as out:
        pipeline.build(folder, folders, Path(out), executor, _AS_OF, lambda _text: None)
    return [
        Job(
            common=batch.common.value,
            document=replace(document, charts={**document.charts, **work.drawn(document)}),
            submission=document.plan.whole(),
        )
        for batch in executor.batches
        for document in batch.documents
    ]


def generated(plans: list[Job], actions: int, seed: int) -> Job:
    """One more school plan with so many actions, made of the sentences of ``plans``."""
    mixer = random.Random(seed)  # noqa: S311  the same plans in every run
    base = min(plans, key=lambda job: abs(job.actions - actions))
    plan = base.submission
    sentences = _sentences(plans)
    sections = {
        name: tuple(_mixed(name, record, sentences, mixer) for record in records)
        for name, records in plan.sections.items()
    }
    rows = [sections["actions"][number % base.actions] for number in range(actions)]
    sections["actions"] = tuple(
        replace(_mixed("actions", row, sentences, mixer), id=f"A{number}")
        for number, row in enumerate(rows, 1)
    )
    known = {row.id for row in sections["actions"]}
    sections["resources"] = tuple(
        row for row in sections.get("resources", ()) if row.value("action") in known
    )
    submission = replace(plan, sections=sections, digest=f"{seed:064d}")
    return replace(base, document=replace(base.document, name=f"{seed}.docx"), submission=submission)


def _sentences(plans: list[Job]) -> Mapping[tuple[str, str], list[str]]:
    """The sentences of all plans by section and field."""
    found: dict[tuple[str, str], list[str]] = {}
    for job in plans:
        for name, records in job.submission.sections.items():
            for record in records:
                for field, answer in record.answers.items():
                    if isinstance(answer.value, str) and len(answer.value) > _LONG:
                        found.setdefault((name, field), []).extend(answer.value.split(". "))
    return found


def _mixed(
    section: str, record: Record, sentences: Mapping[tuple[str, str], list[str]], mixer: random.Random
) -> Record:
    answers: dict[str, Answer] = {}
    for field, answer in record.answers.items():
        answers[field] = answer
        if isinstance(answer.value, str) and len(answer.value) > _LONG:
            count = len(answer.value.split(". "))
            text = ". ".join(mixer.choices(sentences[section, field], k=count))
            answers[field] = answer._replace(value=text, entered=text)
    return replace(record, answers=answers)
