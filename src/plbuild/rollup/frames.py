"""Records as pandas frames: one row a record, with its plan, its lineage and the fields asked for.

Design decision: every column is of the dtype ``object`` and holds the plain Python values. pandas would
else turn a column of integers with one blank into floats, text into its own string type and Decimals
into whatever it can; here a Decimal that goes in comes out. Keys to group by are filled first
(``figures.stated``), because a group whose key is missing is what pandas drops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from plbuild.model import Column, Record, Table, Value
from plbuild.rollup import figures
from plbuild.rollup.scope import Plan

# Columns that every frame has; the sign keeps them apart from the fields of a spec.
ORDER = "#order"
OWNER_ID = "#owner_id"
OWNER = "#owner"
LABEL = "#label"
OWNED_BY = "#owned_by"
ID = "#id"
SOURCE = "#source"
_OWN = (ORDER, OWNER_ID, OWNER, LABEL, OWNED_BY, ID, SOURCE)

Row = tuple[tuple[Value, ...], tuple[str, ...]]
"""A row of a table and its sources."""


def records(plans: Iterable[Plan], section: str, fields: Sequence[str], *, cell_of: str = "") -> pd.DataFrame:
    """The rows of a section over all plans, in their order.

    The source of a row is its first answered cell, or the cell of ``cell_of`` where that is summed.
    """
    rows = [
        [
            plan.order,
            plan.owner.id,
            plan.owner.name,
            plan.label,
            plan.spec.owner,
            record.id,
            source(plan, section, record, cell_of),
            *(record.value(name) for name in fields),
        ]
        for plan in plans
        for record in plan.submission.sections.get(section, ())
    ]
    return pd.DataFrame(rows, columns=[*_OWN, *fields], dtype=object)


def linked(frame: pd.DataFrame, by: str, target: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    """``frame`` with ``fields`` of the row of ``target`` that each row names in its field ``by``.

    A reference that names nothing (an error let through by a waiver) gives blank fields. No row is
    dropped or doubled: an id that stands twice in a plan means its first row.
    """
    wanted = target[target[ID] != ""].drop_duplicates([ORDER, ID])[[ORDER, ID, *fields]]
    keyed = wanted.rename(columns={ID: by})
    joined = frame.merge(keyed, how="left", on=[ORDER, by], validate="many_to_one")
    return joined.astype(object).where(joined.notna(), None)


def keyed(frame: pd.DataFrame, *fields: str) -> pd.DataFrame:
    """``frame`` with the blanks of these fields filled, so that they can be grouped by."""
    filled = {name: [figures.stated(value) for value in frame[name]] for name in fields}
    return frame.assign(**{name: pd.Series(v, index=frame.index, dtype=object) for name, v in filled.items()})


def groups(frame: pd.DataFrame, *keys: str) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """The groups of ``frame`` by keys, in the order of their first rows."""
    for key, rows in frame.groupby(list(keys), sort=False, dropna=False):
        yield tuple(str(part) for part in key), rows


def sources(*frames: pd.DataFrame) -> tuple[str, ...]:
    """The lineage of some rows, each cell once, in order."""
    return tuple(dict.fromkeys(str(item) for frame in frames for item in frame[SOURCE]))


def source(plan: Plan, section: str, record: Record, cell_of: str = "") -> str:
    """``file | sheet | cell`` of a record: the cell of ``cell_of``, else the first answered one."""
    return f"{plan.submission.file} | {record.sheet} | {first_cell(plan, section, record, cell_of)}"


def first_cell(plan: Plan, section: str, record: Record, cell_of: str = "") -> str:
    """The cell that stands for a record: of ``cell_of``, else the first answered one of its row."""
    chosen = record.answers.get(cell_of)
    if chosen is not None and chosen.cell:
        return chosen.cell
    ordered = [record.answers.get(item.name) for item in plan.spec.section(section).fields]
    answers = [answer for answer in ordered if answer is not None and answer.cell]
    filled = [answer for answer in answers if answer.entered or answer.value is not None]
    return (filled or answers)[0].cell if answers else f"row {record.row}"


def split_source(text: str) -> tuple[str, str, str]:
    """File, sheet and cell of a source. A bar can stand in a sheet's name, not in a file's."""
    file, _, rest = text.partition(" | ")
    sheet, _, cell = rest.rpartition(" | ")
    return file, sheet, cell


def table(
    name: str,
    title: str,
    note: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    total: tuple[Value, ...] = (),
) -> Table:
    """A ``Table`` out of rows with their sources."""
    pairs = list(rows)
    return Table(
        name=name,
        title=title,
        note=note,
        columns=tuple(columns),
        rows=tuple(row for row, _ in pairs),
        sources=tuple(lineage for _, lineage in pairs),
        total=total,
    )


def totals(columns: Sequence[Column], rows: Sequence[Row], *summed: str) -> tuple[Value, ...]:
    """The last row of a table: "All" and the sums of the named columns; empty without rows."""
    if not rows:
        return ()
    found: list[Value] = [None] * len(columns)
    found[0] = "All"
    for index, column in enumerate(columns):
        if column.name in summed:
            added = figures.total(row[index] for row, _ in rows)
            found[index] = int(added) if column.type == "integer" else added
    return tuple(found)
