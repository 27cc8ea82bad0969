"""What is kept of a submission once it has passed by: the values of its rows, where each row stands, and
what its rows come to.

Takes a ``Submission``, returns a ``Kept``; joins those of many plans into the ``Rows`` of a section.
Design decision: the sums of a submission are counted here, straight from its answers and before its
rows are made, so that the control totals compare two different ways to one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from string import ascii_uppercase
from sys import intern
from typing import Any, NamedTuple

from plbuild.model import (
    Answer,
    PlanSpec,
    Record,
    RosterRow,
    Section,
    Submission,
    Value,
    packed_values,
    unpacked_values,
)
from plbuild.rollup import names
from plbuild.rollup.figures import add
from plbuild.rollup.measures import MEASURES, Measure

# Texts up to this length are mostly values of lists, which many plans share.
_SHORT = 64


class Row(NamedTuple):
    """One record: its values in the spec's order, its first answered cell, and the cell of its figure."""

    id: str
    sheet: str
    cell: str
    figure: str
    values: tuple[Value, ...]


_VALUES = Row._fields.index("values")


class Sum(NamedTuple):
    """What a measure comes to, and how many rows have none."""

    amount: Decimal
    lacking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A submission without its answers: its rows by section, and its sums by section and measure."""

    file: str
    digest: str
    kind: str
    plan_id: str
    rows: dict[str, tuple[Row, ...]]
    sums: Mapping[tuple[str, Measure], Sum]
    stamp: str
    """The first cell of the plan: its first form's first answer."""

    def amount(self, section: str, measure: Measure) -> Decimal:
        """What a measure comes to in a section."""
        found = self.sums.get((section, measure))
        return found.amount if found else Decimal(0)

    def lacking(self, section: str, measure: Measure) -> int:
        """How many rows of a section have no such measure."""
        found = self.sums.get((section, measure))
        return found.lacking if found else 0


class Place(NamedTuple):
    """Whose row it is: the plan's place among those that count, and its owner."""

    order: int
    owner: RosterRow


BEFORE, AFTER = 3, 4
"""How many values of a row of ``Rows`` stand before and after its answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a section over all plans that count, as their record table will have them.

    A row is the owner's id and name, its own id, its answers, then workbook, sheet, cell and line.
    ``places[i]`` says whose ``rows[i]`` is; ``sources[i]`` is its lineage, made once for all tables, and
    only where a table is made of the section.
    """

    section: Section
    rows: tuple[tuple[Value, ...], ...]
    places: tuple[Place, ...]
    sources: tuple[str, ...]

    def index(self, field: str) -> int | None:
        """The place of a field among the values of a row, None where the section does not have it."""
        for place, item in enumerate(self.section.fields, start=BEFORE):
            if item.name == field:
                return place
        return None


def keep(plan: PlanSpec | None, submission: Submission) -> Kept:
    """What is kept of a submission; of one whose kind is not rolled up, only that it was there."""
    sections = plan.sections if plan else ()
    rows = {section.name: _rows(section, submission.sections.get(section.name, ())) for section in sections}
    first = next((found[0] for found in rows.values() if found), None)
    return Kept(
        file=submission.file,
        digest=submission.digest,
        kind=submission.kind,
        plan_id=submission.plan_id,
        rows={name: found for name, found in rows.items() if found},
        sums={
            (name, measure): _sum(records, measure)
            for name, records in submission.sections.items()
            if records
            for measure in measures_of(name)
        },
        stamp=f"{submission.file} | {first.sheet} | {first.cell}" if first else f"{submission.file} |  | ",
    )


def packed(item: Kept) -> list[object]:
    """What is kept as plain values, to be stored: lists, in which ``unpacked`` finds it again."""
    every = [value for rows in item.rows.values() for row in rows for value in row.values]
    return [
        item.file, item.digest, item.kind, item.plan_id, item.stamp,
        [[name, len(rows[0].values), [row[:_VALUES] for row in rows]] for name, rows in item.rows.items()],
        packed_values(every),
        [[name, [_plain(item.sums[name, one]) for one in measures_of(name)]] for name in _summed(item)],
    ]  # fmt: skip


def unpacked(entry: Sequence[Any]) -> Kept:
    """What ``packed`` packed. Raises TypeError or ValueError where it is something else."""
    file, digest, kind, plan_id, stamp, rows, values, sums = entry
    # Of what thousands of plans repeat (tabs, cells, values of lists) one copy is kept.
    shared = iter([intern(v) if type(v) is str and len(v) < _SHORT else v for v in unpacked_values(*values)])
    # Row(...) takes twice as long.
    new = tuple.__new__
    return Kept(
        file=file,
        digest=digest,
        kind=kind,
        plan_id=plan_id,
        stamp=stamp,
        rows={
            name: tuple([new(Row, (*map(intern, own), tuple(islice(shared, width)))) for own in found])
            for name, width, found in rows
        },
        sums={
            (name, measure): Sum(Decimal(amount), lacking)
            for name, amounts in sums
            for measure, (amount, lacking) in zip(measures_of(name), amounts, strict=True)
        },
    )


def measures_of(section: str) -> tuple[Measure, ...]:
    """What is summed of a section."""
    return tuple(MEASURES.get(section, MEASURES[""]))


def _summed(item: Kept) -> dict[str, None]:
    return dict.fromkeys(name for name, _ in item.sums)


def _plain(total: Sum) -> tuple[str, int]:
    return str(total.amount), total.lacking


def joined(section: Section, plans: Iterable[tuple[int, RosterRow, Kept]]) -> Rows:
    """The rows of one section over some plans, which hand them over and keep them no longer."""
    rows: list[tuple[Value, ...]] = []
    places: list[Place] = []
    sources: list[str] = []
    figured = section.name in names.FIGURED
    for order, owner, item in plans:
        place = Place(order=order, owner=owner)
        for row in item.rows.pop(section.name, ()):
            before = owner.id, owner.name, row.id or None
            rows.append((*before, *row.values, item.file, row.sheet, row.cell, len(rows) + 1))
            places.append(place)
            if figured:
                sources.append(f"{item.file} | {row.sheet} | {row.figure}")
    return Rows(section=section, rows=tuple(rows), places=tuple(places), sources=tuple(sources))


def _sum(records: Iterable[Record], measure: Measure) -> Sum:
    amount, lacking = Decimal(0), 0
    for record in records:
        found = measure(record)
        if found is None:
            lacking += 1
        else:
            amount = add(amount, found)
    return Sum(amount=amount, lacking=lacking)


def _rows(section: Section, records: Iterable[Record]) -> tuple[Row, ...]:
    fields = [item.name for item in section.fields]
    figure = names.CELL_OF.get(section.name, "")
    return tuple([_row(record, fields, figure) for record in records])


def _row(record: Record, fields: Iterable[str], figure: str) -> Row:
    answers = [*map(record.answers.get, fields)]
    cell = _first_cell(record, answers)
    chosen = record.answers.get(figure)
    figured = chosen.cell if chosen is not None and chosen.cell else cell
    values = tuple([None if answer is None else answer.value for answer in answers])
    # Row(...) takes twice as long.
    return tuple.__new__(Row, (record.id, record.sheet, cell, figured, values))


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
