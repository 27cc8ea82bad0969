"""Advice on goals and on the needs behind them.

Each function takes a ``Reading`` and gives the advice of one code. Sources: Guskey, "Planning Professional
Learning" (2014), on planning back from student results; Learning Forward's standards, on several kinds
of data (Data in 2011, Evidence in 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from plbuild.advice import names
from plbuild.advice.reading import Reading, day, known, number, plain, text
from plbuild.advice.similar import likeness
from plbuild.model import Finding, Record, shown

_HUNDRED = Decimal(100)
_ALIKE = Fraction(4, 5)


def no_baseline(plan: Reading) -> Iterator[Finding]:
    """``goal-without-baseline``: without it nobody can tell growth from standing still.

    Where the spec asks for it in any case, its absence is an error already.
    """
    if not plan.asks(names.GOALS, names.BASELINE_VALUE, names.TARGET_VALUE):
        return
    if plan.required(names.GOALS, names.BASELINE_VALUE):
        return
    for goal in plan.rows(names.GOALS):
        answer = goal.answers.get(names.BASELINE_VALUE)
        if number(goal, names.TARGET_VALUE) is not None and answer and answer.value is None:
            target = text(goal, names.TARGET_VALUE)
            yield plan.advice("goal-without-baseline", names.GOALS, goal, names.BASELINE_VALUE, target=target)


def wrong_direction(plan: Reading) -> Iterator[Finding]:
    """``target-wrong-direction``: the target is no step from today's number in the way the goal says."""
    for goal in plan.rows(names.GOALS):
        base, target = number(goal, names.BASELINE_VALUE), number(goal, names.TARGET_VALUE)
        if base is not None and target is not None and _goes_wrong(plan, goal, base, target):
            yield plan.advice(
                "target-wrong-direction", names.GOALS, goal, names.TARGET_VALUE,
                kind=text(goal, names.TARGET_TYPE), baseline=shown(base),
            )  # fmt: skip


def _goes_wrong(plan: Reading, goal: Record, base: Decimal, target: Decimal) -> bool:
    aim = plan.says(names.GOALS, goal, names.TARGET_TYPE, names.AIM)
    if aim == names.REACH:
        statement = text(goal, names.STATEMENT)
        up, down = plan.mentions("rising", statement), plan.mentions("falling", statement)
        return (bool(up) and not down and target < base) or (bool(down) and not up and target > base)
    return {
        names.UP_BY: target <= 0,
        names.DOWN_BY: target <= 0 or target > base,
        names.FLOOR: target < base,
        names.CEILING: target > base,
    }.get(str(aim), False)


def above_hundred(plan: Reading) -> Iterator[Finding]:
    """``percent-above-hundred``: a share of a group cannot come to more than all of it."""
    for goal in _in_percent(plan):
        base, target = number(goal, names.BASELINE_VALUE), number(goal, names.TARGET_VALUE)
        if target is None:
            continue
        grows = plan.says(names.GOALS, goal, names.TARGET_TYPE, names.AIM) == names.UP_BY
        # Today's number above all of it is told by itself.
        result = base + target if grows and base is not None and base <= _HUNDRED else target
        if result > _HUNDRED:
            yield plan.advice(
                "percent-above-hundred", names.GOALS, goal, names.TARGET_VALUE,
                kind=text(goal, names.TARGET_TYPE), result=shown(result),
            )  # fmt: skip


def no_share(plan: Reading) -> Iterator[Finding]:
    """``percent-no-share``: no share of a group is less than nothing, and today's is no more than all."""
    for goal in _in_percent(plan):
        base, target = number(goal, names.BASELINE_VALUE), number(goal, names.TARGET_VALUE)
        if base is not None and not 0 <= base <= _HUNDRED:
            yield plan.advice("percent-no-share", names.GOALS, goal, names.BASELINE_VALUE)
        if target is not None and target < 0:
            yield plan.advice("percent-no-share", names.GOALS, goal, names.TARGET_VALUE)


def _in_percent(plan: Reading) -> Iterator[Record]:
    goals = plan.rows(names.GOALS)
    return (goal for goal in goals if plan.says(names.GOALS, goal, names.UNIT, names.PERCENT))


def outside_term(plan: Reading) -> Iterator[Finding]:
    """``target-date-outside-term``: results that the plan cannot wait for, or had before it began."""
    first, last = plan.term()
    if first is None or last is None or first > last:
        return
    latest = last + timedelta(days=int(plan.limit("days_after_end")))
    for goal in plan.rows(names.GOALS):
        due = day(goal, names.TARGET_DATE)
        if due and not first <= due <= latest:
            yield plan.advice(
                "target-date-outside-term", names.GOALS, goal, names.TARGET_DATE,
                first=shown(first), last=shown(last),
            )  # fmt: skip


def adult_activity(plan: Reading) -> Iterator[Finding]:
    """``adult-activity-as-goal``: a goal that tells what adults do, and of no student."""
    if not plan.asks(names.GOALS, names.STUDENT_GROUP):
        return
    for goal in plan.rows(names.GOALS):
        statement = text(goal, names.STATEMENT)
        opening = " ".join(statement.split()[:12])
        if plan.mentions("adults", opening) and not plan.mentions("students", statement):
            yield plan.advice("adult-activity-as-goal", names.GOALS, goal, names.STATEMENT)


def alike(plan: Reading) -> Iterator[Finding]:
    """``goals-alike``: one goal written twice, for the same students by the same measure."""
    told: set[int] = set()
    for first, second in combinations(plan.rows(names.GOALS), 2):
        one, other = text(first, names.STATEMENT), text(second, names.STATEMENT)
        if not one or not other or second.row in told:
            continue
        same = all(plain(text(first, k)) == plain(text(second, k)) for k in _WHO)
        if plain(one) == plain(other) or (same and likeness(one, other) >= _ALIKE):
            told.add(second.row)
            yield plan.advice("goals-alike", names.GOALS, second, names.STATEMENT, other=first.id)


_WHO = (names.STUDENT_GROUP, names.MEASURE)


def first_need(plan: Reading) -> Iterator[Finding]:
    """``first-need-without-goal``: what the school ranks first is left alone."""
    if not plan.asks(names.GOALS, names.NEED) or not plan.sure_of(names.GOALS, names.NEED):
        return
    served = {text(goal, names.NEED) for goal in plan.rows(names.GOALS)}
    for need in plan.rows(names.NEEDS):
        if number(need, names.PRIORITY) == 1 and need.id and need.id not in served:
            yield plan.advice(
                "first-need-without-goal", names.NEEDS, need, names.PRIORITY, need=text(need, names.FINDING)
            )


def one_kind(plan: Reading) -> Iterator[Finding]:
    """``one-kind-of-data``: every need rests on the same kind of data."""
    kinds = _kinds(plan)
    rows = plan.rows(names.NEEDS)
    if len(rows) > 1 and len(kinds) == 1:
        yield plan.advice(
            "one-kind-of-data", names.NEEDS, rows[0], names.DATA_KIND, kind=kinds.pop(), count=len(rows)
        )


def no_educator_data(plan: Reading) -> Iterator[Finding]:
    """``no-educator-data``: no need tells what teaching looks like today."""
    kinds = _kinds(plan)
    rows = plan.rows(names.NEEDS)
    if not kinds or (len(rows) > 1 and len(kinds) == 1):
        return
    if not any(plan.says(names.NEEDS, row, names.DATA_KIND, names.EDUCATORS) for row in rows):
        yield plan.advice("no-educator-data", names.NEEDS, rows[0], names.DATA_KIND)


def _kinds(plan: Reading) -> set[str]:
    """The kinds of data behind the needs, none where one of them is unknown."""
    rows = plan.rows(names.NEEDS)
    if not rows or not all(plan.chosen(names.NEEDS, row, names.DATA_KIND) for row in rows):
        return set()
    return {text(row, names.DATA_KIND) for row in rows if known(row, names.DATA_KIND)}


CHECKS = (
    no_baseline,
    wrong_direction,
    above_hundred,
    no_share,
    outside_term,
    adult_activity,
    alike,
    first_need,
    one_kind,
    no_educator_data,
)
