"""What the plans ask of those who lead actions.

Takes a ``Scope``, returns a table with a row for each plan and each role that it names.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from plbuild.model import Table
from plbuild.rollup import frames, months, names
from plbuild.rollup.figures import stated, total, whole
from plbuild.rollup.scope import Scope, coverage

_KEY, _ROLE = "#key", "#role"
_BUSY = 2


def workload(scope: Scope) -> Table:
    """Actions, hours and busy months of each role, within each plan; the most loaded first."""
    fields = [names.RESPONSIBLE, names.SESSIONS, names.HOURS, names.START_DATE, names.END_DATE]
    actions = frames.records(scope, names.ACTIONS, fields)
    roles = [" ".join(stated(value).split()) for value in actions[names.RESPONSIBLE]]
    actions[_ROLE] = pd.Series(roles, index=actions.index, dtype=object)
    actions[_KEY] = pd.Series([role.casefold() for role in roles], index=actions.index, dtype=object)
    found: list[tuple[tuple[int, int, str], frames.Row]] = []
    for (order, key), part in frames.groups(actions, frames.ORDER, _KEY):
        owner, name, role = part.first(frames.OWNER_ID, frames.OWNER, _ROLE)
        running = _running(part)
        busy = sorted(month for month, count in running.items() if count >= _BUSY)
        cells = (
            owner,
            name,
            role,
            len(part),
            whole(total(part[names.SESSIONS])),
            total(part[names.HOURS]),
            len(running),
            len(busy),
            max(running.values(), default=0),
            ", ".join(busy) or None,
        )
        found.append(((int(order), -len(part), key), (cells, frames.sources(part))))
    found.sort(key=lambda item: item[0])
    rows = [row for _, row in found]
    sums = frames.totals("workload", rows, "actions", "sessions", "contact_hours")
    return frames.table("workload", rows, total=sums, note=coverage(scope))


def _running(actions: frames.Part) -> Counter[str]:
    """In how many of the actions each month lies."""
    spans = zip(actions[names.START_DATE], actions[names.END_DATE], strict=True)
    return Counter(
        month for start, end in spans if isinstance(start, date) for month in months.running(start, end)
    )
