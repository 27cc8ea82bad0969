"""The calendar: what runs when, and where the same people are asked to start twice in one week.

Takes a ``Scope``, returns tables over the actions that have a start date.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd

from plbuild.model import Table, Value
from plbuild.rollup import frames, names
from plbuild.rollup.figures import rank
from plbuild.rollup.learning import actions_with_audience
from plbuild.rollup.scope import Scope, coverage

# A plan runs for three years at most. An end typed as 12/31/9999 in a plan that a waiver let through
# must not make a calendar of 8,000 years.
_MOST_MONTHS = 48
_WEEK = "#week"
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
    actions = frames.whole(dated(scope))
    begun = map(first_month, actions[names.START_DATE])
    starts = Counter(zip(begun, actions[names.AUDIENCE], strict=True))
    rows: list[frames.Row] = []
    for (month, audience), places in by_month(actions, names.AUDIENCE).items():
        part = actions.at(places)
        which = frames.listed(part[frames.LABEL])
        cells = (month, _name(month), audience, len(part), starts[month, audience], *which)
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
    for (place, audience, week), part in frames.groups(actions, frames.ORDER, names.AUDIENCE, _WEEK):
        if len(part) < 2:
            continue
        ids = ", ".join(str(number) for number in part[frames.ID])
        who = part.first(frames.OWNER_ID, frames.OWNER)
        cells: tuple[Value, ...] = (*who, audience, date.fromisoformat(week), len(part), ids)
        found.append((int(place), (cells, frames.sources(part))))
    found.sort(key=lambda item: (item[0], str(item[1][0][3]), rank(audiences, str(item[1][0][2]))))
    rows = [row for _, row in found]
    return frames.table("collisions", rows, note=coverage(scope))


def dated(scope: Scope, *fields: str) -> pd.DataFrame:
    """The actions that have a start date, with their audience and ``fields``."""
    actions = actions_with_audience(scope, names.START_DATE, names.END_DATE, *fields)
    # A plain list as a mask would, when empty, choose columns.
    has_date = [isinstance(value, date) for value in actions[names.START_DATE]]
    return actions.loc[pd.Series(has_date, index=actions.index, dtype=bool)].copy()


def by_month(actions: frames.Part, *keys: str) -> dict[tuple[str, ...], list[int]]:
    """The places of the actions that run in each month, by month and ``keys``.

    Places, and not a frame with a row for each month: that took thirty times the memory.
    """
    found: dict[tuple[str, ...], list[int]] = {}
    columns = (actions[name] for name in (names.START_DATE, names.END_DATE, *keys))
    for place, (start, end, *key) in enumerate(zip(*columns, strict=True)):
        for month in running(start, end):
            found.setdefault((month, *key), []).append(place)
    return found


def first_month(start: date) -> str:
    """The month of a day, as ``2026-08``."""
    return running(start, None)[0]


def running(start: date, end: object) -> tuple[str, ...]:
    """The months from start to end as ``2026-08``; the start's alone where the end is unusable."""
    last = end if isinstance(end, date) and end > start else start
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    return _months(start.year, start.month, min(count, _MOST_MONTHS))


@lru_cache(maxsize=4096)
def _months(year: int, month: int, count: int) -> tuple[str, ...]:
    """So many months from one on; the plans of a district have few spans, however many actions."""
    places = range(year * 12 + month - 1, year * 12 + month - 1 + count)
    return tuple(f"{place // 12:04d}-{place % 12 + 1:02d}" for place in places)


def next_month(month: str) -> str:
    """The month after ``2026-12``: ``2027-01``."""
    year, place = divmod(int(month[-2:]), 12)
    return f"{int(month[:-3]) + year:04d}-{place + 1:02d}"


def _monday(day: date) -> date:
    # The first days of year 1 have no Monday before them.
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))


def _name(month: str) -> str:
    return f"{_MONTHS[month[-2:]]} {int(month[:4])}"
