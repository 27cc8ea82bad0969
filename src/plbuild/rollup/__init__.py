"""The roll-up: the tables of the district out of the accepted plans, with lineage and control totals.

Takes the spec, the roster, the statuses and everything that was read; returns a ``Rollup`` of plain
rows. Design decision: a table is a function from the ``Scope`` (what counts) to a ``Table``, and the
control totals compare what those functions give with the submissions themselves.
"""

from __future__ import annotations

from plbuild.model import Rollup, Roster, Spec, Status, Submission
from plbuild.rollup import controls, details, goals, learning, money, months, scope
from plbuild.rollup.tables_csv import to_csv
from plbuild.rollup.workbook import to_xlsx

__all__ = ["problems", "rollup", "to_csv", "to_xlsx"]

_TABLES = (
    details.status,
    goals.goals_by_area,
    goals.alignment,
    goals.targets,
    learning.learning_designs,
    learning.learning_forms,
    learning.people,
    learning.staff_groups,
    months.calendar,
    months.collisions,
    money.money_by_school,
    money.money_by_source,
    money.money_by_kind,
)


def rollup(
    spec: Spec,
    roster: Roster,
    statuses: tuple[Status, ...],
    submissions: tuple[Submission, ...],
) -> Rollup:
    """The tables and records of all accepted plans.

    ``submissions`` are all that were read, of schools and of the district; ``statuses`` say what was
    decided for each owner. Only accepted plans go into figures; the others appear in the table of
    statuses and, with the reason, in the control totals. Raises nothing for what a plan holds.
    """
    chosen = scope.select(spec, roster, statuses, submissions)
    tables = tuple(make(chosen) for make in _TABLES)
    records = details.records(chosen)
    proof = controls.control_totals(chosen, tables, records)
    return Rollup(tables=(*tables, proof), records=records)


def problems(result: Rollup) -> tuple[str, ...]:
    """A sentence for each control total that disagrees: a defect of plbuild, never of a plan."""
    return controls.problems(result.table(controls.NAME))
