"""The tables of the roll-up as the page shows them: bars, months, and plain rows.

Takes tables, returns cells that are texts. The names of tables and columns that are drawn stand here alone;
a table that is not there, or has nothing to draw, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plbuild.model import Column, Rollup, Table, Value, excerpt, money, plain_number, shown

# Of each chart: the table, the column of the bars' names, and the columns whose sum is the bar.
_DRAWN = (
    ("goals_by_area", "area", ("goals",)),
    ("learning_designs", "design", ("contact_hours",)),
    ("staff_groups", "staff_group", ("contact_hours",)),
    ("standards", "standard", ("first",)),
)
_CALENDAR, _MONEY = "calendar", "money_by_source"
_APART = {"status", _CALENDAR, _MONEY}
_MOST_BARS = 15
_MOST_ROWS = 40
_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, its number in words, and its length in hundredths of the longest."""

    name: str
    said: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A table drawn as bars, the longest first."""

    table: Table
    by: str
    counted: str
    bars: tuple[Bar, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """A source of money: what the plans ask for beside what there is."""

    name: str
    planned: str
    allocation: str
    left: str
    over: bool
    length: int
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month: all actions that run in it as a bar, and by audience."""

    name: str
    running: int
    starts: int
    length: int
    by: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A table as texts: its columns, whether each is of numbers, and its first rows."""

    table: Table
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    more: int


def charts(rollup: Rollup) -> list[Chart]:
    """The main tables as bars."""
    found = [_chart(table, by, drawn) for name, by, drawn in _DRAWN if (table := _table(rollup, name))]
    return [item for item in found if item.bars]


def _chart(table: Table, by: str, drawn: Sequence[str]) -> Chart:
    at = {column.name: place for place, column in enumerate(table.columns)}
    columns = [table.columns[at[name]] for name in drawn]
    sums: dict[str, Decimal] = {}
    for row in table.rows:
        name = str(row[at[by]] or "")
        sums[name] = sums.get(name, Decimal(0)) + sum(_number(row[at[part]]) for part in drawn)
    ordered = sorted(((n, v) for n, v in sums.items() if v), key=lambda pair: (-pair[1], pair[0]))
    longest = max((value for _, value in ordered), default=Decimal(0))
    bars = tuple(
        Bar(name=name, said=_said(value, columns[0]), length=_length(value, longest))
        for name, value in ordered[:_MOST_BARS]
    )
    return Chart(
        table=table,
        by=table.columns[at[by]].title,
        counted=columns[0].title,
        bars=bars,
        more=len(ordered) - len(bars),
    )


def funds(rollup: Rollup) -> list[Fund]:
    """Money by source, against what the district's plan says there is."""
    table = _table(rollup, _MONEY)
    if table is None:
        return []
    at = {column.name: place for place, column in enumerate(table.columns)}
    rows = [
        (str(row[at["funding_source"]] or ""), _number(row[at["amount"]]), row[at["allocation"]])
        for row in table.rows
    ]
    longest = max((max(amount, _number(limit)) for _, amount, limit in rows), default=Decimal(0))
    return [_fund(name, amount, limit, longest) for name, amount, limit in rows]


def _fund(name: str, amount: Decimal, allocation: Value, longest: Decimal) -> Fund:
    limit = _number(allocation) if allocation is not None else None
    left = None if limit is None else limit - amount
    return Fund(
        name=name,
        planned=money(amount),
        allocation="" if limit is None else money(limit),
        left="" if left is None else money(abs(left)),
        over=left is not None and left < 0,
        length=_length(amount, longest),
        limit=None if limit is None else _length(limit, longest),
    )


def audiences(rollup: Rollup) -> list[str]:
    """The audiences of the calendar, in their order there."""
    table = _table(rollup, _CALENDAR)
    place = _places(table).get("audience") if table else None
    return list(dict.fromkeys(str(row[place]) for row in table.rows)) if table and place is not None else []


def months(rollup: Rollup) -> list[Month]:
    """The calendar by month; an action has one audience, so that their sum counts each action once."""
    table = _table(rollup, _CALENDAR)
    if table is None:
        return []
    at, names = _places(table), audiences(rollup)
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for row in table.rows:
        key = str(row[at["month"]]), str(row[at["month_name"]])
        cell = str(row[at["audience"]]), int(_number(row[at["running"]])), int(_number(row[at["starts"]]))
        found.setdefault(key, []).append(cell)
    most = max((sum(cell[1] for cell in cells) for cells in found.values()), default=0)
    return [
        Month(
            name=name,
            running=sum(cell[1] for cell in cells),
            starts=sum(cell[2] for cell in cells),
            length=_length(Decimal(sum(cell[1] for cell in cells)), Decimal(most)),
            by=tuple(sum(cell[1] for cell in cells if cell[0] == audience) for audience in names),
        )
        for (_, name), cells in sorted(found.items())
    ]


def plain(rollup: Rollup) -> list[Plain]:
    """The tables that are not shown in another way, with their first rows."""
    return [_plain(table) for table in rollup.tables if table.name not in _APART]


def _plain(table: Table) -> Plain:
    return Plain(
        table=table,
        columns=tuple(
            (column.title, column.type in ("integer", "decimal", "money")) for column in table.columns
        ),
        rows=tuple(_texts(table.columns, row) for row in table.rows[:_MOST_ROWS]),
        total=_texts(table.columns, table.total) if table.total else (),
        more=max(0, len(table.rows) - _MOST_ROWS),
    )


def _texts(columns: Iterable[Column], row: Iterable[Value]) -> tuple[str, ...]:
    return tuple(_said(value, column) for column, value in zip(columns, row, strict=False))


def _said(value: Value, column: Column) -> str:
    """A value as US readers write it."""
    if isinstance(value, str) or value is None:
        return excerpt(value or "", _LONGEST)
    if isinstance(value, date):
        return shown(value)
    number = Decimal(value)
    if not number.is_finite():
        return str(value)
    return money(number) if column.type == "money" else plain_number(number)


def _table(rollup: Rollup, name: str) -> Table | None:
    return next((table for table in rollup.tables if table.name == name), None)


def _places(table: Table) -> dict[str, int]:
    return {column.name: place for place, column in enumerate(table.columns)}


def _number(value: Value) -> Decimal:
    """A number that can be drawn; nothing where there is none."""
    if not isinstance(value, int | Decimal):
        return Decimal(0)
    number = Decimal(value)
    return number if number.is_finite() else Decimal(0)


def _length(value: Decimal, longest: Decimal) -> int:
    """In hundredths of the longest; what is more than nothing is seen."""
    if value <= 0 or longest <= 0:
        return 0
    return max(1, int((value * 100 / longest).to_integral_value()))
