"""What is kept of a submission once it has passed by: what its rows come to, and its rows by columns.

Takes a ``Submission``, returns a ``Kept``. Two design decisions. The sums of a submission are counted here,
straight from its answers and before its rows are made, so that the control totals compare two different
ways to one number. And what is kept has two parts: a small one, with a digest of every column, by which a
table is known again, and the columns themselves, which are fetched only where something is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from itertools import islice
from string import ascii_uppercase
from sys import intern
from typing import Any, NamedTuple

from plbuild.model import (
    Answer,
    PlanSpec,
    Record,
    Section,
    Submission,
    Value,
    packed_values,
    unpacked_values,
)
from plbuild.rollup import names
from plbuild.rollup.figures import add
from plbuild.rollup.measures import MEASURES, Measure

# Columns that every section has before its fields: the row's own id, its sheet, its first answered cell and
# the cell of its figure. The sign keeps them apart from the fields of a spec.
ID, SHEET, CELL, FIGURE = "#id", "#sheet", "#cell", "#figure"
_OWN = (ID, SHEET, CELL, FIGURE)
_SHEET, _CELL = _OWN.index(SHEET), _OWN.index(CELL)

# Texts up to this length are mostly values of lists, which many plans share.
_SHORT = 64
PRINT = 32  # The letters of a digest.

ByName = Mapping[str, Sequence[tuple[Value, ...]]]
"""The columns of each section in the order of ``column_names``, all of a section equally long."""

Fetch = Callable[[Collection[str]], ByName]
"""Gives the columns of some sections; of a section without rows there are none."""


class Sum(NamedTuple):
    """What a measure comes to, and how many rows have none."""

    amount: Decimal
    lacking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A submission without its answers: what its columns are known by, and its sums by section and measure.

    ``counts`` are the rows of each section that has any, ``prints`` the digests of its columns, one after
    the other. ``spots`` are the rows of its sheets on which they stand (``row_of``), of the sections that
    something is looked up in.
    """

    file: str
    digest: str
    kind: str
    plan_id: str
    counts: Mapping[str, int]
    prints: Mapping[str, str]
    spots: Mapping[str, Sequence[str]]
    sums: Mapping[tuple[str, Measure], Sum]
    stamp: str
    """The first cell of the plan: its first form's first answer."""
    columns: Fetch = field(repr=False, compare=False)

    def print_of(self, section: str, place: int) -> str:
        """The digest of a column, by its place in its section; empty where the section has no rows."""
        return self.prints.get(section, "")[place * PRINT : (place + 1) * PRINT]

    def amount(self, section: str, measure: Measure) -> Decimal:
        """What a measure comes to in a section."""
        found = self.sums.get((section, measure))
        return found.amount if found else Decimal(0)

    def lacking(self, section: str, measure: Measure) -> int:
        """How many rows of a section have no such measure."""
        found = self.sums.get((section, measure))
        return found.lacking if found else 0


def column_names(section: Section) -> tuple[str, ...]:
    """The columns of a section, in their order: its own, then its fields."""
    return (*_OWN, *(item.name for item in section.fields))


def keep(plan: PlanSpec | None, submission: Submission) -> Kept:
    """What is kept of a submission; of one whose kind is not rolled up, only that it was there."""
    sections = plan.sections if plan else ()
    columns = {
        section.name: _columns(section, records)
        for section in sections
        if (records := submission.sections.get(section.name, ()))
    }
    first = next(iter(columns.values()), None)
    where = f"{first[_SHEET][0]} | {first[_CELL][0]}" if first else " | "
    return Kept(
        file=submission.file,
        digest=submission.digest,
        kind=submission.kind,
        plan_id=submission.plan_id,
        counts={name: len(found[0]) for name, found in columns.items()},
        prints={
            name: "".join([print_of([repr(values)]) for values in found]) for name, found in columns.items()
        },
        spots={
            section.name: _spots(columns[section.name])
            for place, section in enumerate(sections)
            if section.name in columns and looked_up(place, section)
        },
        sums={
            (name, measure): _sum(records, measure)
            for name, records in submission.sections.items()
            if records
            for measure in measures_of(name)
        },
        stamp=f"{submission.file} | {where}",
        columns=lambda wanted: {name: found for name, found in columns.items() if name in wanted},
    )


def looked_up(place: int, section: Section) -> bool:
    """Whether cells are looked up in a section: of few are figures made, the first stands for the plan."""
    return place == 0 or section.name in names.FIGURED


def packed(item: Kept) -> list[object]:
    """What is kept as plain values, to be stored, but for the columns: ``unpacked`` finds it again."""
    return [
        item.file, item.digest, item.kind, item.plan_id, item.stamp,
        [[name, count, item.prints[name]] for name, count in item.counts.items()],
        [[name, spots] for name, spots in item.spots.items()],
        [[name, [_plain(item.sums[name, one]) for one in measures_of(name)]] for name in _summed(item)],
    ]  # fmt: skip


def packed_columns(item: Kept) -> list[object]:
    """The columns of what is kept as plain values, to be stored: ``unpacked_columns`` finds them again."""
    return [
        [name, packed_values([value for values in found for value in values])]
        for name, found in item.columns(item.counts).items()
    ]


def unpacked(entry: Sequence[Any], fetch: Callable[[], Sequence[Any]]) -> Kept:
    """What ``packed`` packed; ``fetch`` gives what ``packed_columns`` did.

    Raises TypeError or ValueError where it is something else.
    """
    file, digest, kind, plan_id, stamp, sections, spots, sums = entry
    counts = {name: count for name, count, _ in sections}
    return Kept(
        file=file,
        digest=digest,
        kind=kind,
        plan_id=plan_id,
        stamp=stamp,
        counts=counts,
        prints={name: prints for name, _, prints in sections},
        spots=dict(spots),
        sums={
            (name, measure): Sum(Decimal(amount), lacking)
            for name, amounts in sums
            for measure, (amount, lacking) in zip(measures_of(name), amounts, strict=True)
        },
        columns=lambda wanted: {
            name: _unpacked(counts[name], *values) for name, values in fetch() if name in wanted
        },
    )


def _unpacked(count: int, *plain: Any) -> list[tuple[Value, ...]]:
    """Columns of so many values each."""
    # Of what thousands of plans repeat (tabs, cells, values of lists) one copy is kept.
    shared = iter([intern(v) if type(v) is str and len(v) < _SHORT else v for v in unpacked_values(*plain)])
    return list(iter(lambda: tuple(islice(shared, count)), ()))


def print_of(texts: Iterable[str]) -> str:
    """The digest of some texts."""
    found = blake2b(digest_size=PRINT // 2)
    for text in texts:
        found.update(text.encode("utf-8", "surrogatepass"))
        found.update(b"|")  # What one ends with is not what the next begins with.
    return found.hexdigest()


def measures_of(section: str) -> tuple[Measure, ...]:
    """What is summed of a section."""
    return tuple(MEASURES.get(section, MEASURES[""]))


def _summed(item: Kept) -> dict[str, None]:
    return dict.fromkeys(name for name, _ in item.sums)


def _plain(total: Sum) -> tuple[str, int]:
    return str(total.amount), total.lacking


def _sum(records: Iterable[Record], measure: Measure) -> Sum:
    amount, lacking = Decimal(0), 0
    for record in records:
        found = measure(record)
        if found is None:
            lacking += 1
        else:
            amount = add(amount, found)
    return Sum(amount=amount, lacking=lacking)


def _columns(section: Section, records: Sequence[Record]) -> list[tuple[Value, ...]]:
    """The columns of a section in their order; it has rows."""
    fields = [item.name for item in section.fields]
    figure = names.CELL_OF.get(section.name, "")
    answers = [[*map(record.answers.get, fields)] for record in records]
    cells = [_first_cell(record, found) for record, found in zip(records, answers, strict=True)]
    own = (
        tuple([record.id for record in records]),
        tuple([record.sheet for record in records]),
        tuple(cells),
        tuple([_figure_cell(record, figure, cell) for record, cell in zip(records, cells, strict=True)]),
    )
    values = [tuple([None if item is None else item.value for item in found]) for found in answers]
    return [*own, *zip(*values, strict=True)]


def _figure_cell(record: Record, figure: str, cell: str) -> str:
    chosen = record.answers.get(figure)
    return chosen.cell if chosen is not None and chosen.cell else cell


def _spots(found: Sequence[tuple[Value, ...]]) -> list[str]:
    return [row_of(f"{sheet} | {cell}") for sheet, cell in zip(found[_SHEET], found[_CELL], strict=True)]


def _first_cell(record: Record, ordered: Iterable[Answer | None]) -> str:
    """The cell that stands for a record: the first answered one of its row."""
    first = ""
    for answer in ordered:
        if answer is not None and answer.cell:
            if answer.entered or answer.value is not None:
                return answer.cell
            first = first or answer.cell
    return first or f"row {record.row}"


def split_source(text: str) -> tuple[str, str, str]:
    """File, sheet and cell of a source. A bar can stand in a sheet's name, not in a file's."""
    file, _, rest = text.partition(" | ")
    sheet, _, cell = rest.rpartition(" | ")
    return file, sheet, cell


def row_of(source: str) -> str:
    """A source without the column of its cell: equal for all cells of one row of one sheet."""
    where, bar, cell = source.rpartition(" | ")
    return f"{where}{bar}{cell.lstrip(ascii_uppercase)}"
