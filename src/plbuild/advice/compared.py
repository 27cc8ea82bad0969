"""What is compared of a plan with other plans: its longer texts, and its money.

Takes a submission, returns a ``Compared``, and packs it to be stored. Design decision: texts are taken apart
once, when their plan is read, so that a build in which one plan is new has only that plan's to take apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple

from plbuild.advice import names
from plbuild.advice.reading import number, text
from plbuild.advice.similar import Runs, runs
from plbuild.model import Spec, Submission


class Text(NamedTuple):
    """A text and where it stands."""

    sheet: str
    cell: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is compared of a plan.

    ``plan`` is the submission with its allocations alone, which few plans have. ``spent`` is its money by
    source. ``runs`` are those of its ``texts``, each in its place.
    """

    plan: Submission
    spent: Mapping[str, Decimal]
    texts: Sequence[Text]
    runs: Sequence[Runs]


def compared(spec: Spec, item: Submission) -> Compared:
    """What is compared of a submission; ``packed`` makes it storable."""
    texts = tuple(_texts(spec, item)) if spec.advice.weights else ()
    allocations = {names.ALLOCATIONS: item.sections.get(names.ALLOCATIONS, ())}
    return Compared(
        plan=replace(item, sections=allocations, anchors={}),
        spent=_spent(item),
        texts=texts,
        runs=[runs(one.words) for one in texts],
    )


def packed(item: Compared) -> list[object]:
    """What is compared as plain values, but for ``plan``."""
    return [list(item.spent.items()), item.texts, item.runs]


def unpacked(plan: Submission, entry: Sequence[Any]) -> Compared:
    """What ``packed`` packed, with its ``plan``."""
    spent, texts, found = entry
    return Compared(
        plan=plan,
        spent=dict(spent),
        # Text(...) takes twice as long.
        texts=[*map(tuple.__new__, repeat(Text), texts)],
        runs=found,
    )


def _spent(item: Submission) -> dict[str, Decimal]:
    spent: dict[str, Decimal] = {}
    for row in item.sections.get(names.RESOURCES, ()):
        amount = number(row, names.AMOUNT)
        if amount is not None:
            source = text(row, names.FUNDING_SOURCE)
            spent[source] = spent.get(source, Decimal(0)) + amount
    return spent


def _texts(spec: Spec, item: Submission) -> Iterator[Text]:
    """The texts of a plan that are long enough to be alike by more than chance."""
    if spec.plan(item.kind).additional:
        return
    for section, field in names.COPYABLE:
        for row in item.sections.get(section, ()):
            words = text(row, field)
            if len(words.split()) >= spec.advice.numbers["words_of_copy"]:
                yield Text(row.sheet, row.answers[field].cell, words)
