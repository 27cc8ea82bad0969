"""Pictures of the roll-up for the district's plan, each with the text that stands for it.

Takes the roll-up's tables, returns charts by name, and a chart's picture. Design decision: a chart is first
plain data (``Bars``: names, series, numbers), from which both the drawing and the alternative text are made,
so that they cannot disagree; matplotlib is loaded only where something is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from plbuild.charts.bars import Bar, Bars, alternative
from plbuild.model import Picture, Rollup, Table

__all__ = ["NAMES", "Bars", "charts", "picture"]

NAMES = ("goals_by_area", "hours_by_design", "money_by_source")
"""The charts that there are; one whose table has nothing to show is left out of a mapping."""

# Of each chart: the roll-up's table, the column of its bars' names, and the columns that are drawn.
_OF = {
    "goals_by_area": ("goals_by_area", "area", ("goals",)),
    "hours_by_design": ("learning_designs", "design", ("contact_hours",)),
    "money_by_source": ("money_by_source", "funding_source", ("schools_amount", "district_amount")),
}
# More bars than this are no picture any more; the rest is joined into one.
_MOST = 24


def charts(rollup: Rollup) -> Mapping[str, Bars]:
    """What the charts of a roll-up show, by name; none where every number of a chart is zero or blank."""
    shown = {name: _bars(rollup.table(table), by, drawn) for name, (table, by, drawn) in _OF.items()}
    return {name: found for name, found in shown.items() if found.rows}


def picture(shown: Bars) -> Picture:
    """The picture of a chart.

    PNG, 6.5 inches wide, as high as the number of bars asks for. The bytes depend on what is shown, the
    version of matplotlib (with the FreeType that it brings) and on whether the font Carlito is installed;
    not on the time, the platform's settings or the user's own matplotlib configuration.
    """
    # matplotlib takes half a second to load, which a run that draws nothing should not pay.
    from plbuild.charts.drawing import drawn

    data, width, height = drawn(shown)
    return Picture(data=data, alt=alternative(shown), width=width, height=height)


def _bars(table: Table, by: str, drawn: tuple[str, ...]) -> Bars:
    """The rows of a table added by the column ``by``, highest first; rows of nothing are left out."""
    at = {column.name: index for index, column in enumerate(table.columns)}
    sums: dict[str, list[Decimal]] = {}
    for row in table.rows:
        amounts = sums.setdefault(str(row[at[by]] or ""), [Decimal(0)] * len(drawn))
        for index, name in enumerate(drawn):
            value = row[at[name]]
            amounts[index] += Decimal(value) if isinstance(value, int | Decimal) else 0
    columns = [table.columns[at[name]] for name in drawn]
    # A series of nothing is not drawn, nor named in words.
    kept = [index for index in range(len(drawn)) if any(amounts[index] for amounts in sums.values())]
    rows = [Bar(name=name, amounts=tuple(sums[name][index] for index in kept)) for name in sums]
    rows = sorted((bar for bar in rows if any(bar.amounts)), key=lambda bar: (-bar.total, bar.name))
    return Bars(
        title=table.title,
        type=columns[0].type,
        series=tuple(columns[index].title for index in kept),
        rows=(*rows[:_MOST], *_rest(rows[_MOST:])),
    )


def _rest(rows: list[Bar]) -> tuple[Bar, ...]:
    """The bars that find no room, as one."""
    if not rows:
        return ()
    amounts = tuple(sum(parts, Decimal(0)) for parts in zip(*(bar.amounts for bar in rows), strict=True))
    return (Bar(name=f"{len(rows)} more", amounts=amounts),)
