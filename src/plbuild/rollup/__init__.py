"""The roll-up: the tables of the district out of the accepted plans, with lineage and control totals.

Takes the spec, the roster, the statuses and everything that was read; returns a ``Rollup`` of plain
rows. Design decisions: a table is a function from the ``Scope`` (what counts) to a ``Table``, and the
control totals compare what those functions give with the submissions themselves. What is made of the same as
in an earlier build comes from a ``Memory``: tables (``traced``), and the pieces of the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable

from plbuild.model import Finding, Rollup, Roster, Spec, Status, Submission
from plbuild.rollup import (
    advised,
    controls,
    details,
    excluded,
    goals,
    kept,
    learning,
    money,
    months,
    names,
    quality,
    scope,
    shared,
    traced,
    workload,
)
from plbuild.rollup.dictionary import dictionary
from plbuild.rollup.kept import Kept, packed, packed_columns, unpacked
from plbuild.rollup.memory import Memory, Unshared
from plbuild.rollup.over_districts import state
from plbuild.rollup.tables_csv import csv_parts, to_csv
from plbuild.rollup.workbook import to_xlsx

__all__ = [
    "Kept", "Memory", "csv_parts", "keep", "packed", "packed_columns", "problems", "rollup", "state",
    "to_csv", "to_xlsx", "unpacked",
]  # fmt: skip

_TABLES = (
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
    quality.evidence,
    quality.standards,
    quality.standards_by_school,
    quality.evaluation_levels,
    shared.shared_needs,
    shared.shared_providers,
    shared.shared_designs,
    workload.workload,
    excluded.without_start,
)


def rollup(
    spec: Spec,
    roster: Roster,
    statuses: Iterable[Status],
    submissions: Iterable[Submission | Kept],
    *,
    findings: Iterable[Finding] | None = None,
    known: Memory | None = None,
) -> Rollup:
    """The tables and records of all accepted plans, and the dictionary of their columns.

    ``submissions`` are all that were read, of schools and of the district, or what ``keep`` kept of them;
    they pass by once, so that an iterator need not hold them all. ``statuses`` say what was decided for each
    owner. Only accepted plans go into figures; the others appear in the table of statuses and, with the
    reason, in the control totals and among the excluded rows. Of ``findings`` the advice is counted;
    ``known`` has the tables that earlier builds made of the same. Raises nothing for what a plan holds.
    """
    said = None if findings is None else tuple(findings)
    memory = Unshared() if known is None else known
    chosen = scope.select(spec, roster, statuses, submissions)
    *made, unplaced = traced.tables(_TABLES, chosen, memory)
    tables = [details.status(chosen), *made]
    tables += [advised.advice_by_check(chosen.scope, said), excluded.excluded_rows(chosen, unplaced)]
    records = details.records(chosen)
    advice = sum(item.severity == names.ADVICE for item in said or ())
    proof = controls.control_totals(chosen, tables, records, advice, memory)
    every = (*tables[:-1], proof, tables[-1])
    return Rollup(tables=every, records=records, dictionary=(dictionary(spec, every, records),))


def keep(spec: Spec, submission: Submission) -> Kept:
    """What the roll-up needs of a submission, far less than the whole.

    ``packed`` and ``packed_columns`` make it storable, in two parts.
    """
    rolled = {plan.kind: plan for plan in scope.plan_specs(spec)}
    return kept.keep(rolled.get(submission.kind), submission)


def problems(result: Rollup) -> tuple[str, ...]:
    """A sentence for each control total that disagrees: a defect of plbuild, never of a plan."""
    return controls.problems(result.table(controls.NAME))
