"""The tables about money: by school and source, by source against the allocation, by kind of cost.

Takes a ``Scope``, returns tables over the resource lines of the schools' plans and the district's.
Amounts are exact dollars; the lineage of a line is the cell of its amount.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from plbuild.model import Table, Value
from plbuild.rollup import frames, names
from plbuild.rollup.figures import difference, rank, total
from plbuild.rollup.scope import Scope, coverage


def money_by_school(scope: Scope) -> Table:
    """Lines and dollars for each school, and the district, and funding source."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    found: list[tuple[int, frames.Row]] = []
    for (order, source), part in frames.groups(lines(scope), frames.ORDER, names.FUNDING_SOURCE):
        who = part.first(frames.OWNER_ID, frames.OWNER)
        cells = (*who, source, federal(scope, source), len(part), total(part[names.AMOUNT]))
        found.append((int(order), (cells, frames.sources(part))))
    found.sort(key=lambda item: (item[0], rank(choices, str(item[1][0][2]))))
    rows = [row for _, row in found]
    sums = frames.totals("money_by_school", rows, "lines", "amount")
    return frames.table("money_by_school", rows, total=sums, note=coverage(scope))


def money_by_source(scope: Scope) -> Table:
    """Dollars for each funding source beside the district's allocation, and what is left of it."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    found = lines(scope)
    allocations = frames.keyed(
        frames.records(scope, names.ALLOCATIONS, [names.FUNDING_SOURCE, names.AMOUNT], names.DISTRICT),
        names.FUNDING_SOURCE,
    )
    paid = {source: part for (source,), part in frames.groups(found, names.FUNDING_SOURCE)}
    given = {source: part for (source,), part in frames.groups(allocations, names.FUNDING_SOURCE)}
    rows: list[frames.Row] = []
    for source in sorted({*paid, *given}, key=lambda name: rank(choices, name)):
        part = paid.get(source, frames.none(found))
        share = given.get(source, frames.none(allocations))
        cells = (source, federal(scope, source), len(part), *_amounts(part, share))
        rows.append((cells, frames.sources(part, share)))
    columns = ("lines", "schools_amount", "district_amount", "amount", "allocation")
    sums = frames.totals("money_by_source", rows, *columns)
    return frames.table("money_by_source", rows, total=sums, note=coverage(scope))


def money_by_kind(scope: Scope) -> Table:
    """Lines and dollars for each funding source and kind of cost."""
    sources = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    kinds = scope.choices(names.RESOURCES, names.KIND)
    rows: list[frames.Row] = [
        ((source, kind, len(part), total(part[names.AMOUNT])), frames.sources(part))
        for (source, kind), part in frames.groups(lines(scope), names.FUNDING_SOURCE, names.KIND)
    ]
    rows.sort(key=lambda row: (rank(sources, str(row[0][0])), rank(kinds, str(row[0][1]))))
    sums = frames.totals("money_by_kind", rows, "lines", "amount")
    return frames.table("money_by_kind", rows, total=sums, note=coverage(scope))


def lines(scope: Scope, *more: str) -> pd.DataFrame:
    """The lines of the Resources section, with the source and the kind stated."""
    fields = [*more, names.FUNDING_SOURCE, names.KIND, names.AMOUNT]
    found = frames.records(scope, names.RESOURCES, fields)
    return frames.keyed(found, names.FUNDING_SOURCE, names.KIND)


def _amounts(part: frames.Part, share: frames.Part) -> tuple[Value, ...]:
    """Of schools, of the district, of both; the allocation and what is left, None where none is."""
    amount = total(part[names.AMOUNT])
    allocation: Decimal | None = total(share[names.AMOUNT]) if share else None
    return (
        total(part.where(frames.OWNED_BY, names.SCHOOL)[names.AMOUNT]),
        total(part.where(frames.OWNED_BY, names.DISTRICT)[names.AMOUNT]),
        amount,
        allocation,
        None if allocation is None else difference(allocation, amount),
    )


def federal(scope: Scope, source: str) -> str | None:
    """Yes or No as the list says; None for what is not in the list."""
    choices = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    if source not in choices.values:
        return None
    return names.YES if choices.attribute(source, names.FEDERAL) else names.NO
