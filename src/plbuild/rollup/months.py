"""The calendar: what runs when, and where the same people are asked to start twice in one week.

Takes a ``Scope``, returns tables over the actions that have a start date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from plbuild.model import Table
from plbuild.rollup import frames, names
from plbuild.rollup.figures import rank
from plbuild.rollup.learning import actions_with_audience
from plbuild.rollup.scope import Scope, coverage

# A plan runs for three years at most. An end typed as 12/31/9999 in a plan that a waiver let through
# must not make a calendar of 8,000 years.
_MOST_MONTHS = 48
MONTH = "#month"
_WEEK = "#week"
_STARTS = "#starts"
# Not calendar.month_name, which follows the locale of the machine.
_MONTHS = {
    "01": "January",
    "02": "February",
    "03": "March",
    "04": "April",
    "05": "May",
    "06": "June",
    "07": "July",
    "08": "August",
    "09": "September",
    "10": "October",
    "11": "November",
    "12": "December",
}


def calendar(scope: Scope) -> Table:
    """Actions running and starting, month by month and audience by audience."""
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    spread = spread_over_months(dated(scope))
    rows: list[frames.Row] = []
    for (month, audience), part in frames.groups(spread, MONTH, names.AUDIENCE):
        counts = (len(part), sum(part[_STARTS]), *frames.listed(part[frames.LABEL]))
        cells = (month, _name(month), audience, *counts)
        rows.append((cells, frames.sources(part)))
    rows.sort(key=lambda row: (str(row[0][0]), rank(audiences, str(row[0][2]))))
    sums = frames.totals("calendar", rows, "starts")
    return frames.table("calendar", rows, total=sums, note=coverage(scope))


def collisions(scope: Scope) -> Table:
    """Weeks in which one school starts two or more actions for the same audience."""
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    actions = dated(scope)
    actions[_WEEK] = [_monday(start).isoformat() for start in actions[names.START_DATE]]
    found: list[tuple[int, frames.Row]] = []
    for (_, audience, week), part in frames.groups(actions, frames.ORDER, names.AUDIENCE, _WEEK):
        if len(part) < 2:
            continue
        first = part.iloc[0]
        ids = ", ".join(str(number) for number in part[frames.ID])
        who = first[frames.OWNER_ID], first[frames.OWNER]
        cells = (*who, audience, date.fromisoformat(week), len(part), ids)
        found.append((int(first[frames.ORDER]), (cells, frames.sources(part))))
    found.sort(key=lambda item: (item[0], str(item[1][0][3]), rank(audiences, str(item[1][0][2]))))
    rows = [row for _, row in found]
    return frames.table("collisions", rows, note=coverage(scope))


def dated(scope: Scope, *fields: str) -> pd.DataFrame:
    """The actions that have a start date, with their audience and ``fields``."""
    actions = actions_with_audience(scope, names.START_DATE, names.END_DATE, *fields)
    # A plain list as a mask would, when empty, choose columns.
    has_date = [isinstance(value, date) for value in actions[names.START_DATE]]
    return actions.loc[pd.Series(has_date, index=actions.index, dtype=bool)].copy()


def spread_over_months(actions: pd.DataFrame) -> pd.DataFrame:
    """A row for each month in which an action runs; the first of them is where it starts."""
    months = [
        list(running(start, end))
        for start, end in zip(actions[names.START_DATE], actions[names.END_DATE], strict=True)
    ]
    spread = actions.assign(**{MONTH: pd.Series(months, index=actions.index, dtype=object)})
    spread[_STARTS] = 1
    spread = spread.explode(MONTH)
    spread[_STARTS] = (~spread.index.duplicated()).astype(int)
    return spread


def running(start: date, end: object) -> Iterator[str]:
    """The months from start to end as ``2026-08``; the start's alone where the end is unusable."""
    last = end if isinstance(end, date) and end > start else start
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    for offset in range(min(count, _MOST_MONTHS)):
        year, month = divmod(start.month - 1 + offset, 12)
        yield f"{start.year + year:04d}-{month + 1:02d}"


def next_month(month: str) -> str:
    """The month after ``2026-12``: ``2027-01``."""
    year, place = divmod(int(month[-2:]), 12)
    return f"{int(month[:-3]) + year:04d}-{place + 1:02d}"


def _monday(day: date) -> date:
    # The first days of year 1 have no Monday before them.
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))


def _name(month: str) -> str:
    return f"{_MONTHS[month[-2:]]} {int(month[:4])}"
