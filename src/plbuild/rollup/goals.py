"""The tables about goals: by area and level, against the district's goals, and with their targets.

Takes a ``Scope``, returns tables; each counts the goals of the schools' plans.
"""

from __future__ import annotations

from collections.abc import Iterator

from plbuild.model import Table, Value
from plbuild.rollup import frames, levels, names, small
from plbuild.rollup.figures import rank, stated
from plbuild.rollup.scope import Scope, coverage, plan_of

NO_DISTRICT_GOAL = "School goal without a district goal"
NO_SCHOOL_GOAL = "District goal without a school goal"
UNKNOWN_GOAL = "The district's plan has no such goal"
NO_DISTRICT_PLAN = "The district's plan is not in these figures"


def goals_by_area(scope: Scope) -> Table:
    """Goals and schools for each area of need and school level."""
    level_of = {school.id: levels.level(school) for school in scope.roster.schools}
    goals = frames.records(scope, names.GOALS, [names.NEED], names.SCHOOL)
    needs = frames.records(scope, names.NEEDS, [names.AREA], names.SCHOOL)
    goals = frames.keyed(frames.linked(goals, names.NEED, needs, [names.AREA]), names.AREA)
    goals["level"] = [level_of[str(owner)] for owner in goals[frames.OWNER_ID]]
    areas = scope.choices(names.NEEDS, names.AREA)
    rows: list[frames.Row] = [
        ((area, level, len(part), len(set(part[frames.ORDER]))), frames.sources(part))
        for (area, level), part in frames.groups(goals, names.AREA, "level")
    ]
    rows.sort(key=lambda row: (rank(areas, str(row[0][0])), levels.LEVELS.index(str(row[0][1]))))
    sums = frames.totals("goals_by_area", rows, "goals")
    return frames.table("goals_by_area", rows, total=sums, note=coverage(scope, district=False))


def alignment(scope: Scope) -> Table:
    """Every school goal beside the district goal that it serves, and the orphans of both sides."""
    fields = [names.DISTRICT_GOAL, names.STATEMENT]
    goals = frames.records(scope, names.GOALS, fields, names.SCHOOL)
    ours = frames.whole(frames.records(scope, names.GOALS, [names.STATEMENT], names.DISTRICT))
    every = frames.whole(goals)
    rows: list[frames.Row] = []
    for number, statement, lineage in _district_goals(ours):
        serving = every.where(names.DISTRICT_GOAL, number)
        if not serving:
            gap = (number, statement, None, None, None, None, NO_SCHOOL_GOAL)
            rows.append((gap, (lineage,)))
        rows += _school_rows(serving, number, statement, None)
    known = set(ours[frames.ID])
    rest = frames.keyed(goals[~goals[names.DISTRICT_GOAL].isin(known)], names.DISTRICT_GOAL)
    none = {_none_word(scope), names.NOT_STATED}
    gap_of_rest = UNKNOWN_GOAL if scope.plans(names.DISTRICT) else NO_DISTRICT_PLAN
    parts = {key: part for (key,), part in frames.groups(rest, names.DISTRICT_GOAL)}
    for key in sorted(parts, key=lambda key: (key in none, key)):
        if key in none:
            rows += _school_rows(parts[key], None, None, NO_DISTRICT_GOAL)
        else:
            rows += _school_rows(parts[key], key, None, gap_of_rest)
    return frames.table("alignment", rows, note=coverage(scope))


def _district_goals(ours: frames.Part) -> Iterator[tuple[str, Value, str]]:
    columns = (ours[name] for name in (frames.ID, names.STATEMENT, frames.SOURCE))
    return zip(*columns, strict=True)


def _school_rows(
    goals: frames.Part, number: str | None, statement: Value, orphan: str | None
) -> Iterator[frames.Row]:
    columns = (frames.OWNER_ID, frames.OWNER, frames.ID, names.STATEMENT, frames.SOURCE)
    for school_id, school, goal, words, lineage in zip(*(goals[c] for c in columns), strict=True):
        yield (number, statement, school_id, school, goal, words, orphan), (lineage,)


def _none_word(scope: Scope) -> str:
    """What a school writes for "serves no district goal", as the spec has it."""
    plan = plan_of(scope.spec, names.SCHOOL)
    try:
        return plan.section(names.GOALS).field(names.DISTRICT_GOAL).none if plan else ""
    except KeyError:
        return ""


def targets(scope: Scope) -> Table:
    """Baseline and target of every school goal, those of one instrument, unit and kind together."""
    grouped = (names.UNIT, names.TARGET_TYPE)
    listed = (
        names.STUDENT_GROUP,
        names.BASELINE_VALUE,
        names.BASELINE_DATE,
        names.TARGET_VALUE,
        names.TARGET_DATE,
    )
    fields = [names.MEASURE, *grouped, *listed]
    goals = frames.records(scope, names.GOALS, fields, names.SCHOOL)
    small_group = small.judge(scope)
    goals = frames.keyed(goals, names.MEASURE, *grouped)
    # "DIBELS 8,  end of year" and "Dibels 8, end of year" are one instrument to a reader.
    goals["instrument"] = [_folded(text) for text in goals[names.MEASURE]]
    units, kinds = (scope.choices(names.GOALS, name) for name in grouped)
    found = list(frames.groups(goals, "instrument", *grouped))
    found.sort(key=lambda item: (item[0][0], rank(units, item[0][1]), rank(kinds, item[0][2])))
    rows: list[frames.Row] = []
    for (_, unit, kind), part in found:
        shared = (part.first(names.MEASURE)[0], unit, kind, len(part))
        each = [part[name] for name in (frames.OWNER_ID, frames.OWNER, frames.ID, *listed)]
        for lineage, *cells in zip(part[frames.SOURCE], *each, strict=True):
            owner, group, numbers = str(cells[0]), cells[3], (cells[4], cells[6])
            flag = small_group(owner, group, unit, numbers)
            rows.append(((*shared, *cells, flag), (lineage,)))
    return frames.table("targets", rows, note=coverage(scope, district=False))


def _folded(text: object) -> str:
    return " ".join(stated(text).split()).casefold()
