"""The tables about goals: by area and level, against the district's goals, and with their targets.

Takes a ``Scope``, returns tables; each counts the goals of the schools' plans.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from plbuild.model import Column, Table, Value
from plbuild.rollup import frames, levels, names
from plbuild.rollup.figures import rank, stated
from plbuild.rollup.scope import Scope, coverage, plan_of

_AREA_COLUMNS = (
    Column(name="area", title="Area"),
    Column(name="level", title="School level"),
    Column(name="goals", title="Goals", type="integer"),
    Column(name="schools", title="Schools", type="integer"),
)
_ALIGNMENT_COLUMNS = (
    Column(name="district_goal", title="District goal"),
    Column(name="district_statement", title="The district's words"),
    Column(name="school_id", title="School number"),
    Column(name="school", title="School"),
    Column(name="goal", title="School goal"),
    Column(name="statement", title="The school's words"),
    Column(name="orphan", title="What is missing"),
)
_TARGET_COLUMNS = (
    Column(name="instrument", title="Measured by"),
    Column(name="unit", title="Unit"),
    Column(name="target_type", title="Kind of target"),
    Column(name="alike", title="Goals measured alike", type="integer"),
    Column(name="school_id", title="School number"),
    Column(name="school", title="School"),
    Column(name="goal", title="Goal"),
    Column(name="student_group", title="Students"),
    Column(name="baseline_value", title="Baseline", type="decimal"),
    Column(name="baseline_date", title="Baseline date", type="date"),
    Column(name="target_value", title="Target", type="decimal"),
    Column(name="target_date", title="Target date", type="date"),
)

NO_DISTRICT_GOAL = "School goal without a district goal"
NO_SCHOOL_GOAL = "District goal without a school goal"
UNKNOWN_GOAL = "The district's plan has no such goal"
NO_DISTRICT_PLAN = "The district's plan is not in these figures"


def goals_by_area(scope: Scope) -> Table:
    """Goals and schools for each area of need and school level."""
    plans = scope.plans(names.SCHOOL)
    level_of = {school.id: levels.level(school) for school in scope.roster.schools}
    goals = frames.records(plans, names.GOALS, [names.NEED])
    needs = frames.records(plans, names.NEEDS, [names.AREA])
    goals = frames.keyed(frames.linked(goals, names.NEED, needs, [names.AREA]), names.AREA)
    goals["level"] = [level_of[str(owner)] for owner in goals[frames.OWNER_ID]]
    areas = scope.choices(names.NEEDS, names.AREA)
    rows: list[frames.Row] = [
        ((area, level, len(part), part[frames.ORDER].nunique()), frames.sources(part))
        for (area, level), part in frames.groups(goals, names.AREA, "level")
    ]
    rows.sort(key=lambda row: (rank(areas, str(row[0][0])), levels.LEVELS.index(str(row[0][1]))))
    note = (
        "Counts the goals of the schools under the area of the need that each goal answers. "
        f"{levels.RULE_IN_WORDS} {coverage(scope, district=False)}"
    )
    sums = frames.totals(_AREA_COLUMNS, rows, "goals")
    return frames.table("goals_by_area", "Goals by area", note, _AREA_COLUMNS, rows, sums)


def alignment(scope: Scope) -> Table:
    """Every school goal beside the district goal that it serves, and the orphans of both sides."""
    goals = frames.records(scope.plans(names.SCHOOL), names.GOALS, [names.DISTRICT_GOAL, names.STATEMENT])
    ours = frames.records(scope.plans(names.DISTRICT), names.GOALS, [names.STATEMENT])
    rows: list[frames.Row] = []
    for number, statement, lineage in _district_goals(ours):
        serving = goals[goals[names.DISTRICT_GOAL] == number]
        if serving.empty:
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
    note = (
        "Every goal of a school stands beside the district goal that it serves; goals without a "
        f"partner, on either side, are named in the last column. {coverage(scope)}"
    )
    return frames.table("alignment", "Alignment", note, _ALIGNMENT_COLUMNS, rows)


def _district_goals(ours: pd.DataFrame) -> Iterator[tuple[str, Value, str]]:
    columns = (ours[name] for name in (frames.ID, names.STATEMENT, frames.SOURCE))
    return zip(*columns, strict=True)


def _school_rows(
    goals: pd.DataFrame, number: str | None, statement: Value, orphan: str | None
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
    goals = frames.records(scope.plans(names.SCHOOL), names.GOALS, [names.MEASURE, *grouped, *listed])
    goals = frames.keyed(goals, names.MEASURE, *grouped)
    # "DIBELS 8,  end of year" and "Dibels 8, end of year" are one instrument to a reader.
    goals["instrument"] = [_folded(text) for text in goals[names.MEASURE]]
    units, kinds = (scope.choices(names.GOALS, name) for name in grouped)
    found = list(frames.groups(goals, "instrument", *grouped))
    found.sort(key=lambda item: (item[0][0], rank(units, item[0][1]), rank(kinds, item[0][2])))
    rows: list[frames.Row] = []
    for (_, unit, kind), part in found:
        shared = (str(part[names.MEASURE].iloc[0]), unit, kind, len(part))
        each = [part[name] for name in (frames.OWNER_ID, frames.OWNER, frames.ID, *listed)]
        for lineage, *cells in zip(part[frames.SOURCE], *each, strict=True):
            rows.append(((*shared, *cells), (lineage,)))
    note = (
        "Each goal of a school with its own baseline and target. Goals that share an instrument, a "
        "unit and a kind of target stand together, but nothing is averaged, because schools and "
        f"instruments differ. {coverage(scope, district=False)}"
    )
    return frames.table("targets", "Targets", note, _TARGET_COLUMNS, rows)


def _folded(text: object) -> str:
    return " ".join(stated(text).split()).casefold()
