"""What the control totals compare: sections and summed fields, with the columns made from them.

A ``Check`` says in one line that a column of a table must add up to a measure over the records of a
section. A new table over a section gets its lines here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plbuild.model import Record
from plbuild.rollup import names
from plbuild.rollup.figures import number, product

ROWS = "Rows"
_BOTH = (names.SCHOOL, names.DISTRICT)

Measure = Callable[[Record], Decimal | None]
"""What a record adds to a total; None where its answer is no number."""


def one(record: Record) -> Decimal:
    """Counts records."""
    return Decimal(1)


def _hours(record: Record) -> Decimal | None:
    return number(record.value(names.HOURS))


def _person_hours(record: Record) -> Decimal | None:
    return product(record.value(names.HOURS), record.value(names.PARTICIPANTS))


def _participants(record: Record) -> Decimal | None:
    return number(record.value(names.PARTICIPANTS))


def _amount(record: Record) -> Decimal | None:
    return number(record.value(names.AMOUNT))


def _start(record: Record) -> Decimal | None:
    return Decimal(1) if isinstance(record.value(names.START_DATE), date) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The sum of ``measure`` over a section's rows ought to be that of a table's column.

    Without a ``column`` it is the number of the table's rows, of those with a value in ``filled``
    where that is set. ``lacking`` says what a row without a measure lacks; such rows are excluded
    from a count and add nothing to a sum.
    """

    table: str
    section: str
    column: str = ""
    filled: str = ""
    words: str = ROWS
    measure: Measure = one
    lacking: str = ""
    owners: tuple[str, ...] = _BOTH

    @property
    def counts(self) -> bool:
        """True where rows are counted, False where something is summed."""
        return self.words == ROWS


_SCHOOLS = (names.SCHOOL,)
_NO_HOURS = "without a number of hours"
_NO_HEADCOUNT = "without hours or headcount"


def _action_sums(table: str) -> tuple[Check, ...]:
    hours, persons = "Contact hours", "Person-hours"
    return (
        Check(table=table, section=names.ACTIONS, column="actions"),
        Check(
            table=table,
            section=names.ACTIONS,
            column="contact_hours",
            words=hours,
            measure=_hours,
            lacking=_NO_HOURS,
        ),
        Check(
            table=table,
            section=names.ACTIONS,
            column="person_hours",
            words=persons,
            measure=_person_hours,
            lacking=_NO_HEADCOUNT,
        ),
    )


def _people_sums(table: str) -> tuple[Check, ...]:
    return (
        Check(table=table, section=names.OBJECTIVES, column="objectives"),
        *_action_sums(table),
        Check(
            table=table,
            section=names.ACTIONS,
            column="participants",
            words="Participants",
            measure=_participants,
            lacking="without headcount",
        ),
    )


def _money_sums(table: str) -> tuple[Check, ...]:
    return (
        Check(table=table, section=names.RESOURCES, column="lines"),
        _dollars(table, names.RESOURCES, "amount"),
    )


def _dollars(table: str, section: str, column: str) -> Check:
    return Check(
        table=table,
        section=section,
        column=column,
        words="Dollars",
        measure=_amount,
        lacking="without an amount",
    )


CHECKS = (
    Check(table="goals_by_area", section=names.GOALS, column="goals", owners=_SCHOOLS),
    Check(table="alignment", section=names.GOALS, filled="goal", owners=_SCHOOLS),
    Check(table="targets", section=names.GOALS, owners=_SCHOOLS),
    *_action_sums("learning_designs"),
    *_action_sums("learning_forms"),
    *_people_sums("people"),
    *_people_sums("staff_groups"),
    Check(
        table="calendar",
        section=names.ACTIONS,
        column="starts",
        measure=_start,
        lacking="without a start date",
    ),
    *_money_sums("money_by_school"),
    *_money_sums("money_by_source"),
    _dollars("money_by_source", names.ALLOCATIONS, "allocation"),
    *_money_sums("money_by_kind"),
    *_money_sums("evidence"),
    Check(table="standards", section=names.ACTIONS, column="first"),
    Check(table="standards_by_school", section=names.ACTIONS, column="first"),
    Check(table="evaluation_levels", section=names.EVALUATION, column="questions"),
    Check(table="workload", section=names.ACTIONS, column="actions"),
    Check(
        table="workload",
        section=names.ACTIONS,
        column="contact_hours",
        words="Contact hours",
        measure=_hours,
        lacking=_NO_HOURS,
    ),
)
SUMMED: Mapping[str, tuple[tuple[str, Measure], ...]] = {
    names.ACTIONS: ((names.HOURS, _hours),),
    names.RESOURCES: ((names.AMOUNT, _amount),),
    names.ALLOCATIONS: ((names.AMOUNT, _amount),),
}


def _measures() -> dict[str, tuple[Measure, ...]]:
    found: dict[str, dict[Measure, None]] = {"": {one: None}}
    for check in CHECKS:
        found.setdefault(check.section, {one: None})[check.measure] = None
    for section, pairs in SUMMED.items():
        for _, measure in pairs:
            found.setdefault(section, {one: None})[measure] = None
    return {section: tuple(measures) for section, measures in found.items()}


MEASURES: Mapping[str, tuple[Measure, ...]] = _measures()
"""What is added up of each section; under "" what is of any other."""
