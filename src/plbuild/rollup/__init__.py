"""The roll-up: the tables of the district out of the accepted plans, with lineage and control totals.

Takes the spec, the roster, the statuses and everything that was read; returns a ``Rollup`` of plain
rows. Design decisions: a table is a function from the ``Scope`` (what counts) to a ``Table``, and the
control totals compare what those functions give with the submissions themselves. What is made of the same as
in an earlier build comes from a ``Memory``: tables (``traced``), and the pieces of the workbook. And what is
slow to load (pandas, openpyxl) is loaded by the functions that need it: a check and a worker need none.
"""

from __future__ import annotations

from collections.abc import Iterable

from plbuild.model import Finding, Rollup, Roster, Spec, Status, Submission
from plbuild.rollup import kept, scope
from plbuild.rollup.kept import Kept, packed, packed_columns, unpacked
from plbuild.rollup.memory import Memory, Unshared
from plbuild.rollup.tables_csv import csv_parts, to_csv

__all__ = [
    "Kept", "Memory", "csv_parts", "keep", "packed", "packed_columns", "problems", "rollup", "to_csv",
    "to_xlsx", "unpacked",
]  # fmt: skip


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
    from plbuild.rollup.whole import added_up

    memory = Unshared() if known is None else known
    return added_up(scope.select(spec, roster, statuses, submissions), findings, memory)


def keep(spec: Spec, submission: Submission) -> Kept:
    """What the roll-up needs of a submission, far less than the whole.

    ``packed`` and ``packed_columns`` make it storable, in two parts.
    """
    rolled = {plan.kind: plan for plan in scope.plan_specs(spec)}
    return kept.keep(rolled.get(submission.kind), submission)


def problems(result: Rollup) -> tuple[str, ...]:
    """A sentence for each control total that disagrees: a defect of plbuild, never of a plan."""
    from plbuild.rollup import controls

    return controls.problems(result.table(controls.NAME))


def to_xlsx(result: Rollup, known: Memory | None = None) -> bytes:
    """All tables and records as an .xlsx file, ready to read, filter and print.

    Text stays text, whatever it begins with; characters that XML forbids are left out. ``known`` has the
    parts that earlier builds made.
    """
    from plbuild.rollup.workbook import workbook

    return workbook(result, known)
