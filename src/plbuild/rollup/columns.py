"""The columns of the plans that count, over all of them, and who asked for which.

Takes what is kept of each plan, hands out columns. Design decision: a table reaches answers only through a
``Door``, which notes what it hands out: so a table that was made before is known to be right again where all
that it once asked for is what it was, and no list of what a table reads has to be kept by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from plbuild.model import PlanSpec, Value
from plbuild.rollup.kept import FIGURE, ID, SHEET, ByName, Kept, column_names, print_of

# What no section keeps of each row, because it follows from whose it is: its file, and its lineage.
FILE, SOURCE = "#file", "#source"
# The columns that they follow from, beside the plan's file.
_FROM = {FILE: (ID,), SOURCE: (SHEET, FIGURE)}
_MOST_HELD = 8  # Batches of plans whose columns are held, where only some plans are asked for.


class Asked(NamedTuple):
    """A column: of whose plans, of which section, and its name."""

    owner: str
    section: str
    column: str


class Columns:
    """The columns of plans, given by who owes them and in their order; fetched where somebody asks."""

    def __init__(self, specs: Sequence[PlanSpec], plans: Mapping[str, Sequence[Kept]]) -> None:
        self._plans = plans
        self._places = {
            (spec.owner, section.name): {name: at for at, name in enumerate(column_names(section))}
            for spec in specs
            for section in spec.sections
        }
        self._found: dict[tuple[str, str], list[list[Value]]] = {}
        self._sources: dict[tuple[str, str], list[Value]] = {}
        self._prints: dict[Asked, str] = {}
        self._some: dict[tuple[str, int, int], list[ByName]] = {}

    def counts(self, owner: str, section: str) -> list[int]:
        """How many rows of a section each plan has."""
        return [plan.counts.get(section, 0) for plan in self._plans[owner]]

    def values(self, asked: Asked) -> Sequence[Value]:
        """The values of a column, plan by plan; blanks where the section has no such field."""
        owner, section, column = asked
        if column == FILE:
            return self._files(owner, section)
        if column == SOURCE:
            # Made once: the rows of a dozen tables have these very texts.
            if (owner, section) not in self._sources:
                self._sources[owner, section] = self._lineage(owner, section)
            return self._sources[owner, section]
        place = self._places[owner, section].get(column)
        if place is None:
            return [None] * sum(self.counts(owner, section))
        self.fetch([section])
        return self._found[owner, section][place]

    def print_of(self, asked: Asked) -> str:
        """The digest of a column: equal where its values are."""
        if asked not in self._prints:
            self._prints[asked] = self._print_of(*asked)
        return self._prints[asked]

    def _print_of(self, owner: str, section: str, column: str) -> str:
        places = self._places.get((owner, section), {})
        found: list[str] = []
        for name in _FROM.get(column, (column,)):
            if (place := places.get(name)) is not None:
                found += [plan.print_of(section, place) for plan in self._plans[owner]]
        if column in _FROM:
            found += [plan.file for plan in self._plans[owner]]
        return print_of(found)

    def fetch(self, sections: Collection[str] | None = None) -> None:
        """Fetch the columns of these sections, of all where none are named, in one pass over the plans."""
        missing = {
            key: places
            for key, places in self._places.items()
            if key not in self._found and (sections is None or key[1] in sections)
        }
        for (owner, section), places in missing.items():
            self._found[owner, section] = [[] for _ in places]
        wanted = {section for _, section in missing}
        for owner in dict.fromkeys(owner for owner, _ in missing):
            for plan in self._plans[owner]:
                if not wanted.isdisjoint(plan.counts):
                    for section, columns in plan.columns(wanted).items():
                        for found, values in zip(self._found[owner, section], columns, strict=True):
                            found += values

    def of_plans(self, owner: str, section: str, plans: slice, rows: slice) -> list[Sequence[Value]]:
        """The columns of a section as far as they are of some plans, whose ``rows`` are known."""
        if (found := self._found.get((owner, section))) is not None:
            return [column[rows] for column in found]
        parts = [found[section] for found in self._whole(owner, plans) if section in found]
        return [list(chain.from_iterable(some)) for some in zip(*parts, strict=True)]

    def _whole(self, owner: str, plans: slice) -> list[ByName]:
        """All columns of some plans; whoever asks for one section of a few plans soon asks for the others."""
        key = owner, plans.start, plans.stop
        if key not in self._some:
            while len(self._some) >= _MOST_HELD:
                del self._some[next(iter(self._some))]
            self._some[key] = [plan.columns(plan.counts) for plan in self._plans[owner][plans]]
        return self._some[key]

    def _lineage(self, owner: str, section: str) -> list[Value]:
        columns = (self.values(Asked(owner, section, name)) for name in (FILE, SHEET, FIGURE))
        return [f"{file} | {sheet} | {cell}" for file, sheet, cell in zip(*columns, strict=True)]

    def _files(self, owner: str, section: str) -> list[Value]:
        return [plan.file for plan in self._plans[owner] for _ in range(plan.counts.get(section, 0))]


class Door:
    """Hands out columns, and notes in ``asked`` which."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.asked: dict[Asked, None] = {}

    def counts(self, owner: str, section: str) -> list[int]:
        """How many rows of a section each plan has."""
        # Equal ids are as many.
        self.asked[Asked(owner, section, ID)] = None
        return self._columns.counts(owner, section)

    def values(self, owner: str, section: str, name: str) -> Sequence[Value]:
        """The values of a column, plan by plan; blanks where the section has no such field."""
        asked = Asked(owner, section, name)
        self.asked[asked] = None
        return self._columns.values(asked)
