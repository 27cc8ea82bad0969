"""The tables of the district, all of them, and the control totals over them.

Takes the ``Selection`` of what counts, the findings and a ``Memory``; returns a ``Rollup``. It alone, with
what it asks, needs pandas.
"""

from __future__ import annotations

from collections.abc import Iterable

from plbuild.model import Finding, Rollup
from plbuild.rollup import (
    advised,
    controls,
    details,
    excluded,
    goals,
    learning,
    money,
    months,
    names,
    quality,
    shared,
    traced,
    workload,
)
from plbuild.rollup.dictionary import dictionary
from plbuild.rollup.memory import Memory
from plbuild.rollup.scope import Selection

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


def added_up(chosen: Selection, findings: Iterable[Finding] | None, memory: Memory) -> Rollup:
    """The tables and records of the plans that count, and the dictionary of their columns."""
    said = None if findings is None else tuple(findings)
    *made, unplaced = traced.tables(_TABLES, chosen, memory)
    tables = [details.status(chosen), *made]
    tables += [advised.advice_by_check(chosen.scope, said), excluded.excluded_rows(chosen, unplaced)]
    records = details.records(chosen)
    advice = sum(item.severity == names.ADVICE for item in said or ())
    proof = controls.control_totals(chosen, tables, records, advice, memory)
    every = (*tables[:-1], proof, tables[-1])
    return Rollup(tables=every, records=records, dictionary=(dictionary(chosen.scope.spec, every, records),))
