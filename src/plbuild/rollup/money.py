"""The tables about money: by school and source, by source against the allocation, by kind of cost.

Takes a ``Scope``, returns tables over the resource lines of the schools' plans and the district's.
Amounts are exact dollars; the lineage of a line is the cell of its amount.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from plbuild.model import Column, Table, Value
from plbuild.rollup import frames, names
from plbuild.rollup.figures import difference, rank, total
from plbuild.rollup.scope import Scope, coverage

_LINES = Column(name="lines", title="Lines", type="integer")
_AMOUNT = Column(name="amount", title="Amount", type="money")
_SCHOOL_COLUMNS = (
    Column(name="school_id", title="Number"),
    Column(name="school", title="School or district"),
    Column(name="funding_source", title="Paid from"),
    Column(name="federal", title="Federal"),
    _LINES,
    _AMOUNT,
)
_SOURCE_COLUMNS = (
    Column(name="funding_source", title="Paid from"),
    Column(name="federal", title="Federal"),
    _LINES,
    Column(name="schools_amount", title="School plans", type="money"),
    Column(name="district_amount", title="District plan", type="money"),
    _AMOUNT,
    Column(name="allocation", title="Allocation", type="money"),
    Column(name="difference", title="Allocation less amount", type="money"),
)
_KIND_COLUMNS = (
    Column(name="funding_source", title="Paid from"),
    Column(name="kind", title="Kind of cost"),
    _LINES,
    _AMOUNT,
)


def money_by_school(scope: Scope) -> Table:
    """Lines and dollars for each school, and the district, and funding source."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    found: list[tuple[int, frames.Row]] = []
    for (_, source), part in frames.groups(_lines(scope), frames.ORDER, names.FUNDING_SOURCE):
        first = part.iloc[0]
        who = first[frames.OWNER_ID], first[frames.OWNER]
        cells = (*who, source, _federal(scope, source), len(part), total(part[names.AMOUNT]))
        found.append((int(first[frames.ORDER]), (cells, frames.sources(part))))
    found.sort(key=lambda item: (item[0], rank(choices, str(item[1][0][2]))))
    rows = [row for _, row in found]
    note = (
        "The lines of the Resources section of each plan, added by the source that pays; the "
        f"district's own lines stand last. {coverage(scope)}"
    )
    sums = frames.totals(_SCHOOL_COLUMNS, rows, "lines", "amount")
    return frames.table("money_by_school", "Money by school", note, _SCHOOL_COLUMNS, rows, sums)


def money_by_source(scope: Scope) -> Table:
    """Dollars for each funding source beside the district's allocation, and what is left of it."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    lines = _lines(scope)
    allocations = frames.keyed(
        frames.records(
            scope.plans(names.DISTRICT),
            names.ALLOCATIONS,
            [names.FUNDING_SOURCE, names.AMOUNT],
            cell_of=names.AMOUNT,
        ),
        names.FUNDING_SOURCE,
    )
    paid = {source: part for (source,), part in frames.groups(lines, names.FUNDING_SOURCE)}
    given = {source: part for (source,), part in frames.groups(allocations, names.FUNDING_SOURCE)}
    rows: list[frames.Row] = []
    for source in sorted({*paid, *given}, key=lambda name: rank(choices, name)):
        part = paid.get(source, lines.iloc[:0])
        share = given.get(source, allocations.iloc[:0])
        cells = (source, _federal(scope, source), len(part), *_amounts(part, share))
        rows.append((cells, frames.sources(part, share)))
    note = (
        "All amounts of a source, beside what the district's plan says it has; the difference is what "
        f"is left, below zero where the plans ask for more. {coverage(scope)}"
    )
    columns = ("lines", "schools_amount", "district_amount", "amount", "allocation")
    sums = frames.totals(_SOURCE_COLUMNS, rows, *columns)
    return frames.table("money_by_source", "Money by source", note, _SOURCE_COLUMNS, rows, sums)


def money_by_kind(scope: Scope) -> Table:
    """Lines and dollars for each funding source and kind of cost."""
    sources = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    kinds = scope.choices(names.RESOURCES, names.KIND)
    rows: list[frames.Row] = [
        ((source, kind, len(part), total(part[names.AMOUNT])), frames.sources(part))
        for (source, kind), part in frames.groups(_lines(scope), names.FUNDING_SOURCE, names.KIND)
    ]
    rows.sort(key=lambda row: (rank(sources, str(row[0][0])), rank(kinds, str(row[0][1]))))
    note = f"All amounts by the source that pays and what is paid for. {coverage(scope)}"
    sums = frames.totals(_KIND_COLUMNS, rows, "lines", "amount")
    return frames.table("money_by_kind", "Money by kind", note, _KIND_COLUMNS, rows, sums)


def _lines(scope: Scope) -> pd.DataFrame:
    fields = [names.FUNDING_SOURCE, names.KIND, names.AMOUNT]
    lines = frames.records(scope.plans(), names.RESOURCES, fields, cell_of=names.AMOUNT)
    return frames.keyed(lines, names.FUNDING_SOURCE, names.KIND)


def _amounts(part: pd.DataFrame, share: pd.DataFrame) -> tuple[Value, ...]:
    """Of schools, of the district, of both; the allocation and what is left, None where none is."""
    ours = part[frames.OWNED_BY] == names.DISTRICT
    amount = total(part[names.AMOUNT])
    allocation: Decimal | None = None if share.empty else total(share[names.AMOUNT])
    return (
        total(part[~ours][names.AMOUNT]),
        total(part[ours][names.AMOUNT]),
        amount,
        allocation,
        None if allocation is None else difference(allocation, amount),
    )


def _federal(scope: Scope, source: str) -> str | None:
    """Yes or No as the list says; None for what is not in the list."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    if source not in choices.values:
        return None
    return names.YES if choices.attribute(source, names.FEDERAL) else names.NO
