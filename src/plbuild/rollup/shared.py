"""What several plans have in common, and could do together: needs, providers, ways of learning.

Takes a ``Scope``, returns tables that hold only what two or more plans share.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from plbuild.model import Table
from plbuild.rollup import frames, months, names
from plbuild.rollup.figures import number, rank, total
from plbuild.rollup.scope import Scope, coverage

_KEY = "#key"
_LEAST_PLANS = 2


def shared_needs(scope: Scope) -> Table:
    """Areas in which two or more schools see a need, those of most schools first."""
    needs = frames.records(scope, names.NEEDS, [names.AREA, names.PRIORITY], names.SCHOOL)
    needs = frames.keyed(needs, names.AREA)
    areas = scope.choices(names.NEEDS, names.AREA)
    rows: list[frames.Row] = []
    for (area,), part in frames.groups(needs, names.AREA):
        count, which = frames.listed(part[frames.LABEL])
        if count < _LEAST_PLANS or area == names.NOT_STATED:
            continue
        first = sum(number(value) == 1 for value in part[names.PRIORITY])
        rows.append(((area, count, len(part), first, which), frames.sources(part)))
    rows.sort(key=lambda row: (-_count(row[0][1]), rank(areas, str(row[0][0]))))
    return frames.table("shared_needs", rows, note=coverage(scope, district=False))


def shared_providers(scope: Scope) -> Table:
    """Providers that two or more plans name, those of most plans first."""
    actions = frames.records(scope, names.ACTIONS, [names.PROVIDER, names.HOURS])
    keys = [folded(value) if isinstance(value, str) else "" for value in actions[names.PROVIDER]]
    actions[_KEY] = pd.Series(keys, index=actions.index, dtype=object)
    found: list[tuple[tuple[int, str], frames.Row]] = []
    for (key,), part in frames.groups(actions, _KEY):
        count, which = frames.listed(part[frames.LABEL])
        if count < _LEAST_PLANS or not key:
            continue
        # Counter keeps the order of first appearance among equals.
        typed = [text for text, _ in Counter(map(_line, part[names.PROVIDER])).most_common()]
        cells = (typed[0], "; ".join(typed[1:]) or None, count, len(part), total(part[names.HOURS]), which)
        found.append(((-count, key), (cells, frames.sources(part))))
    found.sort(key=lambda item: item[0])
    return frames.table("shared_providers", [row for _, row in found], note=coverage(scope))


def folded(text: str) -> str:
    """A name as it is compared: without case, accents, points, extra spaces and a leading The."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    words = kept.split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _line(text: object) -> str:
    return " ".join(str(text).split())


def shared_designs(scope: Scope) -> Table:
    """The same way of learning for the same audience in the same months, in two or more plans."""
    actions = frames.keyed(months.dated(scope, names.DESIGN), names.DESIGN)
    spread = months.spread_over_months(actions)
    designs = scope.choices(names.ACTIONS, names.DESIGN)
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    rows: list[frames.Row] = []
    for (design, audience), part in frames.groups(spread, names.DESIGN, names.AUDIENCE):
        if names.NOT_STATED in (design, audience):
            continue
        for run in _runs(part):
            count, which = frames.listed(run.rows[frames.LABEL])
            if count >= _LEAST_PLANS:
                actions_in = int(run.rows[frames.SOURCE].nunique())
                cells = (design, audience, run.first, run.last, count, actions_in, which)
                rows.append((cells, frames.sources(run.rows)))
    rows.sort(
        key=lambda row: (rank(designs, str(row[0][0])), rank(audiences, str(row[0][1])), str(row[0][2]))
    )
    return frames.table("shared_designs", rows, note=coverage(scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Months that follow one another in which the same plans run something."""

    first: str
    last: str
    rows: pd.DataFrame


def _runs(part: pd.DataFrame) -> Iterator[_Run]:
    """The months of some actions in their order, those with the same plans joined."""
    found: list[tuple[str, frozenset[int], pd.DataFrame]] = []
    for (month,), rows in sorted(frames.groups(part, months.MONTH), key=lambda item: item[0]):
        found.append((month, frozenset(rows[frames.ORDER]), rows))
    start = 0
    for place in range(1, len(found) + 1):
        if place < len(found) and found[place][1] == found[start][1] and _follows(found, place):
            continue
        joined = pd.concat([rows for _, _, rows in found[start:place]])
        yield _Run(first=found[start][0], last=found[place - 1][0], rows=joined)
        start = place


def _follows(found: list[tuple[str, frozenset[int], pd.DataFrame]], place: int) -> bool:
    return months.next_month(found[place - 1][0]) == found[place][0]


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
