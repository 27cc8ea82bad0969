"""The tables about what plans rest on: evidence, standards, levels of evaluation.

Takes a ``Scope``, returns tables over the schools' plans and the district's. The standards are those of
the set that the district chose; the spec holds no other, so that two sets cannot meet in one count.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from plbuild.model import Table, Value, ValueList
from plbuild.rollup import frames, money, names
from plbuild.rollup.figures import rank, total
from plbuild.rollup.scope import Scope, coverage

_GROUP = "group"


def evidence(scope: Scope) -> Table:
    """Actions, lines and dollars for each tier of evidence and each source that pays."""
    actions = frames.keyed(frames.records(scope, names.ACTIONS, [names.EVIDENCE_TIER]), names.EVIDENCE_TIER)
    found = frames.linked(money.lines(scope, names.ACTION), names.ACTION, actions, [names.EVIDENCE_TIER])
    found = frames.keyed(found, names.EVIDENCE_TIER)
    tiers = scope.choices(names.ACTIONS, names.EVIDENCE_TIER)
    sources = scope.choices(names.RESOURCES, names.FUNDING_SOURCE)
    rows: list[frames.Row] = []
    every = frames.whole(actions)
    keys = list(zip(actions[frames.ORDER], actions[frames.ID], strict=True))
    for (tier, source), part in frames.groups(found, names.EVIDENCE_TIER, names.FUNDING_SOURCE):
        paid = set(zip(part[frames.ORDER], part[names.ACTION], strict=True))
        theirs = every.at([place for place, key in enumerate(keys) if key in paid])
        cells = (tier, source, money.federal(scope, source), *_counts(theirs))
        rows.append(((*cells, len(part), total(part[names.AMOUNT])), frames.sources(theirs, part)))
    unpaid = _without_line(actions, found)
    for (tier,), part in frames.groups(unpaid, names.EVIDENCE_TIER):
        rows.append(((tier, names.NO_LINE, None, *_counts(part), 0, total(())), frames.sources(part)))
    rows.sort(key=lambda row: (rank(tiers, str(row[0][0])), rank(sources, str(row[0][1]))))
    sums = frames.totals("evidence", rows, "lines", "amount")
    return frames.table("evidence", rows, total=sums, note=coverage(scope))


def _without_line(actions: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    paid = set(zip(lines[frames.ORDER], lines[names.ACTION], strict=True))
    keys = zip(actions[frames.ORDER], actions[frames.ID], strict=True)
    # A mask of its own type: a plain list would, when empty, choose columns.
    return actions.loc[pd.Series([key not in paid for key in keys], index=actions.index, dtype=bool)]


def _counts(actions: frames.Part) -> tuple[int, int]:
    """Actions, and those of the district."""
    return len(actions), actions[frames.OWNED_BY].count(names.DISTRICT)


def standards(scope: Scope) -> Table:
    """How often and in how many schools each standard of the set is named; zeros are rows."""
    choices = scope.choices(names.ACTIONS, names.STANDARD)
    actions = frames.whole(_named(scope))
    school_plans = len(scope.plans(names.SCHOOL))
    rows: list[frames.Row] = []
    for standard in _shown(choices, actions):
        first = actions.where(names.STANDARD, standard)
        second = actions.where(names.SECOND_STANDARD, standard)
        either = actions.at([*first.places, *second.places])
        ours = either.where(frames.OWNED_BY, names.DISTRICT)
        schools = len(set(either.where(frames.OWNED_BY, names.SCHOOL)[frames.ORDER]))
        group = choices.attribute(standard, _GROUP)
        cells = (
            standard,
            str(group) if group else None,
            len(first),
            len(second),
            len(frames.sources(ours)),
            schools,
            school_plans - schools,
        )
        rows.append((cells, frames.sources(either)))
    sums = frames.totals("standards", rows, "first", "second")
    title = f" ({choices.title})" if choices.title else ""
    return frames.table("standards", rows, total=sums, note=coverage(scope), set=title)


def standards_by_school(scope: Scope) -> Table:
    """Each plan with each standard of the set, named first and second; zeros are rows."""
    choices = scope.choices(names.ACTIONS, names.STANDARD)
    actions = _named(scope)
    by_plan: dict[int, list[tuple[str, str, str]]] = {}
    columns = (frames.ORDER, names.STANDARD, names.SECOND_STANDARD, frames.SOURCE)
    for order, one, two, source in zip(*(actions[name] for name in columns), strict=True):
        by_plan.setdefault(order, []).append((one, two, source))
    rows: list[frames.Row] = []
    for plan in scope.used:
        named = by_plan.get(plan.order, [])
        first, second = Counter(one for one, _, _ in named), Counter(two for _, two, _ in named)
        sources: dict[str, dict[str, None]] = {}
        for one, two, source in named:
            sources.setdefault(one, {})[source] = None
            sources.setdefault(two, {})[source] = None
        beyond = sources.keys() - {"", *choices.values}
        for standard in (*choices.values, *sorted(beyond, key=lambda name: rank(choices, name))):
            cells = (plan.owner.id, plan.owner.name, standard, first[standard], second[standard])
            rows.append((cells, tuple(sources.get(standard, ()))))
    sums = frames.totals("standards_by_school", rows, "first", "second")
    return frames.table("standards_by_school", rows, total=sums, note=coverage(scope))


def _named(scope: Scope) -> pd.DataFrame:
    """The actions with their standards; no second standard is no standard, and not a blank one."""
    fields = [names.STANDARD, names.SECOND_STANDARD]
    actions = frames.keyed(frames.records(scope, names.ACTIONS, fields), names.STANDARD)
    second = ["" if value is None else str(value) for value in actions[names.SECOND_STANDARD]]
    return actions.assign(**{names.SECOND_STANDARD: pd.Series(second, index=actions.index, dtype=object)})


def _shown(choices: ValueList, actions: frames.Part) -> tuple[str, ...]:
    """The set, then what actions name beyond it."""
    named = {*actions[names.STANDARD], *actions[names.SECOND_STANDARD]} - {"", *choices.values}
    return (*choices.values, *sorted(named, key=lambda name: rank(choices, name)))


def evaluation_levels(scope: Scope) -> Table:
    """Questions and schools by what is asked about, and where each school stops; zeros are rows."""
    levels = scope.choices(names.EVALUATION, names.LEVEL)
    asked = frames.keyed(frames.records(scope, names.EVALUATION, [names.LEVEL]), names.LEVEL)
    highest: dict[int, str] = {}
    schools = frames.whole(asked).where(frames.OWNED_BY, names.SCHOOL)
    for order, level in zip(schools[frames.ORDER], schools[names.LEVEL], strict=True):
        if level in levels.values:
            highest[order] = max(highest.get(order, level), level, key=levels.values.index)
    stops = Counter(highest.values())
    parts = {level: part for (level,), part in frames.groups(asked, names.LEVEL)}
    rows: list[frames.Row] = []
    for level in sorted({*levels.values, *parts}, key=lambda name: rank(levels, name)):
        part = parts.get(level, frames.none(asked))
        askers = part.where(frames.OWNED_BY, names.SCHOOL)
        counts: tuple[Value, ...] = (len(part), len(part) - len(askers), len(set(askers[frames.ORDER])))
        rows.append(((level, *counts, stops[level]), frames.sources(part)))
    sums = frames.totals("evaluation_levels", rows, "questions", "district_questions", "highest_in")
    return frames.table("evaluation_levels", rows, total=sums, note=coverage(scope))
