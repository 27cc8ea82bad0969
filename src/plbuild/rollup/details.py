"""The table of statuses, and the records of all accepted plans as tidy tables.

Takes a ``Scope``; a record table has a row for each record of a section, the fields in the spec's order
under their labels, and the place in the workbook that the row came from.
"""

from __future__ import annotations

from collections.abc import Iterator

from plbuild.model import Column, PlanSpec, RosterRow, Section, Status, Table, Value
from plbuild.rollup import frames, names
from plbuild.rollup.scope import Plan, Scope, plan_specs

_STATUS_COLUMNS = (
    Column(name="id", title="Number"),
    Column(name="school", title="School or district"),
    Column(name="state", title="State"),
    Column(name="late", title="Late"),
    Column(name="saved", title="Last saved", type="date"),
    Column(name="files", title="Workbook"),
    Column(name="errors", title="Errors", type="integer"),
    Column(name="advice", title="Advice", type="integer"),
    Column(name="waived", title="Let through", type="integer"),
    Column(name="digest", title="Digest"),
    Column(name="reason", title="Reason"),
)
_STATUS_NOTE = (
    "Every school of the roster, and the district, with what became of its plan. Only accepted plans go "
    "into the figures; the digest names the exact workbook that was read. Let through: errors that a "
    "waiver in district.yaml lets through. Late: nothing came by the due date, or what came was last saved "
    "after it."
)
_BEFORE = (
    Column(name="plan_id", title="Number"),
    Column(name="school", title="School or district"),
    Column(name="row_id", title="Row"),
)
_AFTER = (
    Column(name="workbook", title="Workbook"),
    Column(name="sheet", title="Sheet"),
    Column(name="cell", title="Cell"),
)
_NUMBERS = ("integer", "decimal", "money", "date")
_DIGEST_SHOWN = 12


def status(scope: Scope) -> Table:
    """What became of each plan: the schools in the order of the roster, then the district."""
    used = {(plan.spec.kind, plan.owner.id): plan for plan in scope.used}
    rows = [
        _status_row(scope, plan, owner, used.get((plan.kind, owner.id)))
        for plan in plan_specs(scope.spec)
        for owner in scope.roster.owners(plan)
    ]
    sums = frames.totals(_STATUS_COLUMNS, rows, "errors", "advice", "waived")
    return frames.table("status", "Status", _STATUS_NOTE, _STATUS_COLUMNS, rows, sums)


def _status_row(scope: Scope, plan: PlanSpec, owner: RosterRow, used: Plan | None) -> frames.Row:
    found = scope.statuses.get((plan.kind, owner.id))
    item = found or Status(owner=owner, kind=plan.kind, state=names.NOT_STATED)
    cells = (
        owner.id,
        owner.name,
        item.state,
        "Yes" if item.late else "No",
        item.saved,
        "; ".join(item.files) or None,
        item.errors,
        item.advice,
        item.waived,
        item.digest[:_DIGEST_SHOWN] or None,
        item.reason or None,
    )
    return cells, (_stamp(used),) if used else ()


def _stamp(plan: Plan) -> str:
    """The first cell of a plan: its first form's first answer."""
    for section in plan.spec.sections:
        for record in plan.submission.sections.get(section.name, ()):
            return frames.source(plan, section.name, record)
    return f"{plan.submission.file} |  | "


def records(scope: Scope) -> tuple[Table, ...]:
    """A table for each section of each kind of plan, named ``school_actions``, ``district_goals``."""
    return tuple(
        _record_table(plan, section, scope.plans(plan.owner))
        for plan in plan_specs(scope.spec)
        for section in plan.sections
    )


def _record_table(plan: PlanSpec, section: Section, plans: tuple[Plan, ...]) -> Table:
    taken = {column.name for column in (*_BEFORE, *_AFTER)}
    fields = tuple(
        Column(
            name=f"{section.name}_{item.name}" if item.name in taken else item.name,
            title=item.label,
            type=item.type if item.type in _NUMBERS else "text",
        )
        for item in section.fields
    )
    return Table(
        name=f"{plan.owner}_{section.name}",
        title=f"{plan.title}: {section.title}",
        note=f"Every row of the section {section.title} in the accepted plans, as it was answered.",
        columns=(*_BEFORE, *fields, *_AFTER),
        rows=tuple(_record_rows(section, plans)),
    )


def _record_rows(section: Section, plans: tuple[Plan, ...]) -> Iterator[tuple[Value, ...]]:
    for plan in plans:
        for record in plan.submission.sections.get(section.name, ()):
            yield (
                plan.owner.id,
                plan.owner.name,
                record.id or None,
                *(record.value(item.name) for item in section.fields),
                plan.submission.file,
                record.sheet,
                frames.first_cell(plan, section.name, record),
            )
