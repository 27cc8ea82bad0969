"""What several plans have in common, and could do together: needs, providers, ways of learning.

Takes a ``Scope``, returns tables that hold only what two or more plans share.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from plbuild.model import Table, Value, ValueList
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
    actions = frames.whole(frames.keyed(months.dated(scope, names.DESIGN), names.DESIGN))
    designs = scope.choices(names.ACTIONS, names.DESIGN)
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    by_kind: dict[tuple[str, str], dict[str, list[int]]] = {}
    for (month, design, audience), places in months.by_month(actions, names.DESIGN, names.AUDIENCE).items():
        by_kind.setdefault((design, audience), {})[month] = places
    rows: list[frames.Row] = []
    for (design, audience), by_month in by_kind.items():
        if names.NOT_STATED in (design, audience):
            continue
        for run in _runs(by_month, actions[frames.ORDER]):
            part = actions.at(sorted({place for month in run for place in by_month[month]}))
            count, which = frames.listed(part[frames.LABEL])
            if count >= _LEAST_PLANS:
                cells = (design, audience, run[0], run[-1], count, len(part), which)
                rows.append((cells, frames.sources(part)))
    rows.sort(key=lambda row: _place(designs, audiences, row[0]))
    return frames.table("shared_designs", rows, note=coverage(scope))


def _place(designs: ValueList, audiences: ValueList, cells: tuple[Value, ...]) -> tuple[object, ...]:
    return rank(designs, str(cells[0])), rank(audiences, str(cells[1])), str(cells[2])


def _runs(by_month: Mapping[str, list[int]], orders: Sequence[int]) -> Iterator[list[str]]:
    """The months in their order, those joined that follow one another and have the same plans."""
    run: list[str] = []
    plans: set[int] = set()
    for month in sorted(by_month):
        now = {orders[place] for place in by_month[month]}
        if run and (now != plans or months.next_month(run[-1]) != month):
            yield run
            run = []
        run.append(month)
        plans = now
    if run:
        yield run


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
