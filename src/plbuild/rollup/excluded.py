"""Each row that came in and is in no figure, or not in one of them, with the reason.

Takes a ``Scope``, returns a table. Rows that lack a number add nothing to a sum; the control totals count
them, and only rows that a table cannot place at all are listed here. The last columns are the lineage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plbuild.model import Table
from plbuild.rollup import frames, names
from plbuild.rollup.controls import ALL_TABLES
from plbuild.rollup.declared import TABLES
from plbuild.rollup.kept import AFTER
from plbuild.rollup.scope import Scope, plan_specs


def excluded_rows(scope: Scope) -> Table:
    """The rows of plans that do not count, then the actions that no calendar can place."""
    return frames.table("excluded_rows", [*_of_plans(scope), *_without_start(scope)])


def _of_plans(scope: Scope) -> Iterator[frames.Row]:
    titles = {
        (plan.kind, section.name): section.title
        for plan in plan_specs(scope.spec)
        for section in plan.sections
    }
    for item in scope.left_out:
        kept = item.kept
        for name, rows in kept.rows.items():
            for row in rows:
                who = kept.plan_id, item.label, titles[kept.kind, name], row.id or None
                where = kept.file, row.sheet, row.cell
                yield (*who, ALL_TABLES, item.why, *where), ()


def _without_start(scope: Scope) -> Iterator[frames.Row]:
    calendar = TABLES["calendar"].title
    for plan in plan_specs(scope.spec):
        found = scope.rows.get((plan.owner, names.ACTIONS))
        place = found.index(names.START_DATE) if found else None
        if found is None:
            continue
        for row, owner in zip(found.rows, found.places, strict=True):
            if place is None or not isinstance(row[place], date):
                who = owner.owner.id, scope.labels[owner.owner.id], found.section.title, row[2]
                where = row[-AFTER:-1]
                yield (*who, calendar, "without a start date", *where), ()
