"""The table of statuses, and the records of all accepted plans as tidy tables.

Takes a ``Scope``; a record table has a row for each record of a section, the fields in the spec's order
under their labels, and the place in the workbook that the row came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plbuild.model import Column, PlanSpec, RosterRow, Section, Status, Table, Value
from plbuild.rollup import frames, names, small
from plbuild.rollup.declared import PLACE_COLUMNS, RECORD_COLUMNS, SMALL_GROUP
from plbuild.rollup.kept import AFTER, BEFORE, Rows
from plbuild.rollup.scope import Plan, Scope, plan_specs

_NUMBERS = ("integer", "decimal", "money", "date")
_DIGEST_SHOWN = 12

_Flag = Callable[[str, tuple[Value, ...]], str | None]


def status(scope: Scope) -> Table:
    """What became of each plan: the schools in the order of the roster, then the district."""
    used = {(plan.spec.kind, plan.owner.id): plan for plan in scope.used}
    rows = [
        _status_row(scope, plan, owner, used.get((plan.kind, owner.id)))
        for plan in plan_specs(scope.spec)
        for owner in scope.roster.owners(plan)
    ]
    return frames.table("status", rows, total=frames.totals("status", rows, "errors", "advice", "waived"))


def _status_row(scope: Scope, plan: PlanSpec, owner: RosterRow, used: Plan | None) -> frames.Row:
    found = scope.statuses.get((plan.kind, owner.id))
    item = found or Status(owner=owner, kind=plan.kind, state=names.NOT_STATED)
    cells = (
        owner.id,
        owner.name,
        item.state,
        names.YES if item.late else names.NO,
        item.saved,
        "; ".join(item.files) or None,
        item.errors,
        item.advice,
        item.waived,
        item.digest[:_DIGEST_SHOWN] or None,
        item.reason or None,
        names.YES if item.files else names.NO,
    )
    return cells, (used.kept.stamp,) if used else ()


def records(scope: Scope) -> tuple[Table, ...]:
    """A table for each section of each kind of plan, named ``school_actions``, ``district_goals``."""
    return tuple(
        _record_table(scope, plan, section) for plan in plan_specs(scope.spec) for section in plan.sections
    )


def field_columns(section: Section) -> tuple[Column, ...]:
    """A column for each field of a section, and one for small groups where it is about students."""
    taken = {column.name for column in (*RECORD_COLUMNS, *PLACE_COLUMNS, SMALL_GROUP)}
    fields = tuple(
        Column(
            name=f"{section.name}_{item.name}" if item.name in taken else item.name,
            title=item.label,
            type=item.type if item.type in _NUMBERS else "text",
            unit=item.unit,
            help=item.help,
        )
        for item in section.fields
    )
    return (*fields, SMALL_GROUP) if _about_students(section) else fields


def _about_students(section: Section) -> bool:
    return any(item.name == names.STUDENT_GROUP for item in section.fields)


def _record_table(scope: Scope, plan: PlanSpec, section: Section) -> Table:
    found = scope.rows[plan.owner, section.name]
    return Table(
        name=f"{plan.owner}_{section.name}",
        title=f"{plan.title}: {section.title}",
        short=f"{plan.owner}_{section.name}".replace("_", " ").capitalize(),
        note=f"Every row of the section {section.title} in the accepted plans, as it was answered.",
        columns=(*RECORD_COLUMNS, *field_columns(section), *PLACE_COLUMNS),
        rows=tuple(_record_rows(scope, section, found)),
    )


def _record_rows(scope: Scope, section: Section, found: Rows) -> Iterator[tuple[Value, ...]]:
    flags = _flags(scope, section)
    for row in found.rows:
        flag = (flags(str(row[0]), row[BEFORE:-AFTER]),) if flags else ()
        yield (*row[:-AFTER], *flag, *row[-AFTER:]) if flags else row


def _flags(scope: Scope, section: Section) -> _Flag | None:
    """What flags the rows of a section about students; every number of such a row is in its unit."""
    if not _about_students(section):
        return None
    judge = small.judge(scope)
    place = {item.name: index for index, item in enumerate(section.fields)}
    numbers = [place[item.name] for item in section.fields if item.unit_field == names.UNIT]
    students, unit = place[names.STUDENT_GROUP], place.get(names.UNIT)

    def flag(owner: str, values: tuple[Value, ...]) -> str | None:
        found = None if unit is None else values[unit]
        return judge(owner, values[students], found, [values[index] for index in numbers])

    return flag
