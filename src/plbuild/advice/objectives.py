"""Advice on objectives: what adults will do, and the chain from goal to measure.

Each function takes a ``Reading`` and gives the advice of one code. Source: the kinds of change are those of
Killion, "Assessing Impact" (knowledge, attitude, skill, aspiration, behavior), published with Learning
Forward; that each link be there is the plan model's own rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plbuild.advice import names
from plbuild.advice.reading import Reading, listed, text
from plbuild.model import Finding

_DIGIT = re.compile(r"\d")


def not_observable(plan: Reading) -> Iterator[Finding]:
    """``objective-not-observable``: a verb that nobody can see, and nothing beside it that one could."""
    for row in plan.rows(names.OBJECTIVES):
        statement = text(row, names.STATEMENT)
        verb = plan.mentions("unobservable", statement)
        if verb and not _DIGIT.search(_without_years(statement)) and not plan.mentions("observed", statement):
            yield plan.advice("objective-not-observable", names.OBJECTIVES, row, names.STATEMENT, verb=verb)


def _without_years(statement: str) -> str:
    """The text without what is no count: years and grades."""
    return re.sub(
        r"\b20\d\d\b|\b(?:grades?|year|by)\s+\d+(?:\s*(?:-|to|and)\s*\d+)?", " ", statement, flags=re.I
    )


def no_behavior(plan: Reading) -> Iterator[Finding]:
    """``knowledge-without-behavior``: under a goal adults learn something and nobody uses it."""
    for goal in plan.rows(names.GOALS):
        rows = plan.under(names.OBJECTIVES, names.GOAL, goal.id)
        if not all(plan.chosen(names.OBJECTIVES, row, names.CHANGE) for row in rows):
            continue
        knowing = [row for row in rows if plan.says(names.OBJECTIVES, row, names.CHANGE, names.KNOWLEDGE)]
        used = any(plan.says(names.OBJECTIVES, row, names.CHANGE, names.PRACTICE) for row in rows)
        if knowing and not used:
            yield plan.advice(
                "knowledge-without-behavior", names.OBJECTIVES, knowing[0], names.CHANGE, goal=goal.id
            )


def goal_alone(plan: Reading) -> Iterator[Finding]:
    """``goal-without-objective``: nothing is learned for it."""
    if plan.sure_of(names.OBJECTIVES, names.GOAL):
        for goal in plan.rows(names.GOALS):
            if goal.id and not plan.under(names.OBJECTIVES, names.GOAL, goal.id):
                yield plan.advice("goal-without-objective", names.GOALS, goal, names.STATEMENT)


def no_action(plan: Reading) -> Iterator[Finding]:
    """``objective-without-action``: nothing is done for it."""
    return _alone(plan, "objective-without-action", names.ACTIONS, names.OBJECTIVE)


def no_indicator(plan: Reading) -> Iterator[Finding]:
    """``objective-without-indicator``: nobody looks at it on the way."""
    return _alone(plan, "objective-without-indicator", names.INDICATORS, names.OBJECTIVE)


def no_measure(plan: Reading) -> Iterator[Finding]:
    """``objective-without-measure``: nobody judges it at the end."""
    return _alone(plan, "objective-without-measure", names.MEASURES, names.OF)


def _alone(plan: Reading, code: str, section: str, field: str) -> Iterator[Finding]:
    """One finding for all objectives that no row of ``section`` refers to; none where one is unknown."""
    if plan.sure_of(section, field):
        rows = [row for row in plan.rows(names.OBJECTIVES) if row.id and text(row, names.STATEMENT)]
        alone = [row for row in rows if not plan.under(section, field, row.id)]
        if alone:
            ids = listed(row.id for row in alone)
            yield plan.advice(code, names.OBJECTIVES, alone[0], names.STATEMENT, id=ids)


CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    not_observable,
    no_behavior,
    goal_alone,
    no_action,
    no_indicator,
    no_measure,
)
