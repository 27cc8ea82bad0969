"""Each row that came in and is in no figure, or not in one of them, with the reason.

Takes a ``Selection``, returns a table. Rows that lack a number add nothing to a sum; the control totals count
them, and only rows that a table cannot place at all are listed here. The last columns are the lineage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plbuild.model import Table
from plbuild.rollup import frames, names
from plbuild.rollup.columns import FILE
from plbuild.rollup.controls import ALL_TABLES
from plbuild.rollup.declared import TABLES
from plbuild.rollup.kept import CELL, ID, SHEET, column_names
from plbuild.rollup.scope import Scope, Selection, plan_specs


def excluded_rows(selection: Selection, unplaced: Table) -> Table:
    """The rows of plans that do not count, then those that no calendar can place: ``without_start``."""
    return frames.table("excluded_rows", [*_of_plans(selection), *((row, ()) for row in unplaced.rows)])


def without_start(scope: Scope) -> Table:
    """The actions of the plans that count which no calendar can place."""
    calendar = TABLES["calendar"].title
    fields = (names.START_DATE, FILE, SHEET, CELL)
    columns = (frames.OWNER_ID, frames.LABEL, frames.OWNED_BY, frames.ID, *fields)
    actions = frames.records(scope, names.ACTIONS, fields)
    titles = {plan.owner: item.title for plan, item in scope.sections(names.ACTIONS)}
    rows: list[frames.Row] = []
    for owner, label, plan, number, start, *where in zip(*(actions[c] for c in columns), strict=True):
        if not isinstance(start, date):
            who = owner, label, titles[plan], number or None
            rows.append(((*who, calendar, "without a start date", *where), ()))
    return frames.table("excluded_rows", rows)


def _of_plans(selection: Selection) -> Iterator[frames.Row]:
    sections = {
        (plan.kind, section.name): section
        for plan in plan_specs(selection.scope.spec)
        for section in plan.sections
    }
    for item in selection.left_out:
        kept = item.kept
        for name, columns in kept.columns(kept.counts).items():
            section = sections[kept.kind, name]
            own = dict(zip(column_names(section), columns, strict=True))
            for number, sheet, cell in zip(own[ID], own[SHEET], own[CELL], strict=True):
                who = kept.plan_id, item.label, section.title, number or None
                yield (*who, ALL_TABLES, item.why, kept.file, sheet, cell), ()
