"""Records as pandas frames: one row a record, with its plan, its lineage and the fields asked for.

pandas joins and groups the frames; what a table says of a group it takes from the ``Part`` of the frame.

Design decision: every column is of the dtype ``object`` and holds the plain Python values. pandas would
else turn a column of integers with one blank into floats, text into its own string type and Decimals
into whatever it can; here a Decimal that goes in comes out. Keys to group by are filled first
(``figures.stated``), because a group whose key is missing is what pandas drops. And a group is no frame of
its own: most have a handful of rows, and pandas takes longer to cut them out than to find them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from plbuild.model import Table, Value
from plbuild.rollup import columns, figures, kept
from plbuild.rollup.declared import TABLES
from plbuild.rollup.scope import Scope

# Columns that every frame has; the sign keeps them apart from the fields of a spec.
ORDER = "#order"
OWNER_ID = "#owner_id"
OWNER = "#owner"
LABEL = "#label"
OWNED_BY = "#owned_by"
ID, SOURCE = kept.ID, columns.SOURCE
# Names beyond these are only counted: a cell holds 32,767 characters, and nobody reads a thousand names.
_MOST_LISTED = 100
_OWN = (ORDER, OWNER_ID, OWNER, LABEL, OWNED_BY, ID, SOURCE)

Row = tuple[tuple[Value, ...], tuple[str, ...]]
"""A row of a table and its sources."""


def records(scope: Scope, section: str, fields: Sequence[str], *owners: str) -> pd.DataFrame:
    """The rows of a section over the plans of these owners (of all where none is named), in their order.

    The source of a row is its first answered cell, or that of its amount where the section has one.
    """
    made: dict[str, list[object]] = {name: [] for name in (*_OWN, *fields)}
    for spec, _ in scope.sections(section):
        if owners and spec.owner not in owners:
            continue
        for plan, count in zip(scope.plans(spec.owner), scope.door.counts(spec.owner, section), strict=True):
            made[ORDER] += [plan.order] * count
            made[OWNER_ID] += [plan.owner.id] * count
            made[OWNER] += [plan.owner.name] * count
            made[LABEL] += [plan.label] * count
            made[OWNED_BY] += [spec.owner] * count
        for name in (ID, SOURCE, *fields):
            made[name] += scope.door.values(spec.owner, section, name)
    return pd.DataFrame(made, dtype=object)


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


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a frame: its columns as lists, which all its parts share, and the places of the rows."""

    columns: Mapping[str, list[Any]]
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, name: str) -> list[Any]:
        """The values of a column in these rows."""
        column = self.columns[name]
        return [column[place] for place in self.places]

    def at(self, places: Sequence[int]) -> Part:
        """Other rows of the same frame."""
        return Part(self.columns, places)

    def where(self, name: str, value: object) -> Part:
        """Those of the rows that have this value in a column."""
        column = self.columns[name]
        return self.at([place for place in self.places if column[place] == value])

    def first(self, *fields: str) -> tuple[str, ...]:
        """What stands in the first row, as text."""
        return tuple(str(self.columns[name][self.places[0]]) for name in fields)


def whole(frame: pd.DataFrame) -> Part:
    """All rows of a frame."""
    return Part({str(name): frame[name].tolist() for name in frame}, range(len(frame)))


def none(frame: pd.DataFrame) -> Part:
    """No row of a frame."""
    return Part({str(name): [] for name in frame}, ())


def groups(frame: pd.DataFrame, *keys: str) -> Iterator[tuple[tuple[str, ...], Part]]:
    """The groups of ``frame`` by keys, in the order of their first rows."""
    every = whole(frame)
    places: dict[int, list[int]] = {}
    numbers = frame.groupby(list(keys), sort=False, dropna=False).ngroup()
    for place, number in enumerate(numbers.tolist()):
        places.setdefault(number, []).append(place)
    for found in places.values():
        part = every.at(found)
        yield part.first(*keys), part


def sources(*parts: Part) -> tuple[str, ...]:
    """The lineage of some rows, each cell once, in order."""
    return tuple(dict.fromkeys(item for part in parts for item in part[SOURCE]))


def listed(labels: Iterable[object]) -> tuple[int, str]:
    """How many different names there are, and the names; of a great many only the first."""
    found = tuple(dict.fromkeys(str(label) for label in labels))
    more = len(found) - _MOST_LISTED
    return len(found), ", ".join(found[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def table(
    name: str, rows: Iterable[Row], *, total: tuple[Value, ...] = (), note: str = "", **words: object
) -> Table:
    """The declared table ``name`` with its rows and their sources.

    ``words`` fill the blanks of the declared note; ``note`` is put at its end.
    """
    declared = TABLES[name]
    pairs = list(rows)
    return Table(
        name=name,
        title=declared.title,
        short=declared.title,
        note=" ".join(part for part in (declared.note.format(**words), note) if part),
        columns=declared.columns,
        rows=tuple(row for row, _ in pairs),
        sources=tuple(lineage for _, lineage in pairs) if declared.traced else (),
        total=total,
        traced=declared.traced,
    )


def totals(name: str, rows: Sequence[Row], *summed: str) -> tuple[Value, ...]:
    """The last row of a table: "All" and the sums of the named columns; empty without rows."""
    if not rows:
        return ()
    columns = TABLES[name].columns
    found: list[Value] = [None] * len(columns)
    found[0] = "All"
    for index, column in enumerate(columns):
        if column.name in summed:
            added = figures.total(row[index] for row, _ in rows)
            found[index] = int(added) if column.type == "integer" else added
    return tuple(found)
