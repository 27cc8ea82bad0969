"""A filled workbook on the table, its cells found by the names of their fields.

A spot is ``section.field``, of a table with the row behind it: ``needs.area 2``. Rows count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from plbuild.model import PlanSpec, Section
from tests.support.damage.surgery import Content, Workbook, ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A workbook as it was sent, and the kind of plan in it; ``rng`` chooses where there is a choice.

    ``tab``: where several plans share the workbook, the tab of the one that is to be damaged.
    """

    data: bytes
    plan: PlanSpec
    rng: Random
    tab: str = ""

    @classmethod
    def of(cls, data: bytes, plan: PlanSpec, seed: str = "", tab: str = "") -> Filled:
        """A workbook with its own stream of choices."""
        # Tests want repeatable choices, not secret ones.
        return cls(data=data, plan=plan, rng=Random(seed), tab=tab)  # noqa: S311


class Patient(Workbook):
    """A filled workbook, to be damaged."""

    def __init__(self, filled: Filled) -> None:
        super().__init__(filled.data)
        self.plan, self.rng, self.home = filled.plan, filled.rng, filled.tab

    def at(self, spot: str) -> tuple[str, str]:
        """The tab and the cell of a spot."""
        path, _, row = spot.partition(" ")
        section, item = self.plan.find(path)
        if section.shape == "form":
            title, first, _ = self.area(f"pl_{section.name}_{item.name}", self.home)
            return title, ref(*first)
        title, (top, left), _ = self.area(f"pl_{section.name}", self.home)
        return title, ref(top + int(row or 1) - 1, left + section.fields.index(item))

    def tab(self, section: str) -> str:
        """The tab that a section stands on."""
        return self.at(f"{section}.{self.plan.section(section).fields[0].name}")[0]

    def enter(self, spot: str, value: Content) -> None:
        """Type a value into a spot; None empties it."""
        self.put(*self.at(spot), value)

    def enter_xml(self, spot: str, inner: str, kind: str = "") -> None:
        """Anything into a spot, as XML."""
        self.put_xml(*self.at(spot), inner, kind)

    def spots(self, section: Section) -> Iterator[str]:
        """Every spot of a section, filled or not."""
        rows = [""] if section.shape == "form" else [f" {row}" for row in range(1, section.rows + 1)]
        for row in rows:
            for item in section.fields:
                yield f"{section.name}.{item.name}{row}"
