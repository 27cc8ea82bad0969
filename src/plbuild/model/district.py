"""The district: its settings, its roster, and the state of every plan that it is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from plbuild.model.findings import Dismissal, Waiver
from plbuild.model.spec import PlanSpec
from plbuild.model.words import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """Who owes a plan: the roster's columns of one school, or of the district itself."""

    id: str
    name: str
    columns: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The district and its schools in the order of ``roster.csv``. (Without slots, to keep its index.)"""

    district: RosterRow
    schools: tuple[RosterRow, ...]

    def owner(self, plan: PlanSpec, plan_id: str) -> RosterRow | None:
        """The row that a plan of this kind and id belongs to, None where there is none."""
        if plan.owner == "district":
            return self.district if self.district.id == plan_id else None
        return self._schools.get(plan_id)

    def owners(self, plan: PlanSpec) -> tuple[RosterRow, ...]:
        """The rows that each owe one plan of this kind."""
        return (self.district,) if plan.owner == "district" else self.schools

    @cached_property
    def names(self) -> dict[str, str]:
        """What everybody on the roster is called, by id."""
        return {row.id: row.name for row in (self.district, *self.schools)}

    @cached_property
    def _schools(self) -> dict[str, RosterRow]:
        """The schools by their ids; of two with one id, the first."""
        return {row.id: row for row in reversed(self.schools)}


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """What ``district.yaml`` says.

    ``counts``: the file whose plan counts, by the id of whose plan it is, where several came in.
    """

    name: str
    leaid: str
    plan_year: str
    due_date: date
    standards_set: str
    profile: str = ""
    contact: str = ""
    waivers: tuple[Waiver, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of one plan that the roster expects: accepted, held, missing or exempt.

    ``late``: the due date has passed and nothing came, or what came was last saved after it.
    ``waived``: how many errors waivers let through. ``undecided``: it came in more than once, and the
    district has not said which file counts.
    """

    owner: RosterRow
    kind: str
    state: str
    files: tuple[str, ...] = ()
    errors: int = 0
    advice: int = 0
    waived: int = 0
    digest: str = ""
    reason: str = ""
    saved: date | None = None
    late: bool = False
    undecided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A defect of plbuild itself that hit one item; the other items are built all the same."""

    item: str
    message: str
