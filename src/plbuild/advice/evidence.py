"""Advice on indicators, measures and the evaluation: what is looked at, when, and what comes of it.

Each function takes a ``Reading`` and gives the advice of one code. Source: Guskey, "Evaluating Professional
Development" (2000), whose five levels the list of the spec names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from plbuild.advice import names
from plbuild.advice.reading import Reading, plain, text, words_of
from plbuild.advice.similar import likeness
from plbuild.model import Finding, Record

_ALIKE = Fraction(4, 5)


def attendance_only(plan: Reading) -> Iterator[Finding]:
    """``attendance-only-evidence``: that people came is all that it can show."""
    objectives = {row.id for row in plan.rows(names.OBJECTIVES) if row.id}
    for row in plan.rows(names.INDICATORS):
        of_students = plan.says(names.INDICATORS, row, names.KIND, names.STUDENTS)
        if not of_students and _is_attendance(plan, text(row, names.DATA)):
            yield plan.advice("attendance-only-evidence", names.INDICATORS, row, names.DATA)
    for row in plan.rows(names.MEASURES):
        if text(row, names.OF) in objectives and _is_attendance(plan, text(row, names.INSTRUMENT)):
            yield plan.advice("attendance-only-evidence", names.MEASURES, row, names.INSTRUMENT)


def _is_attendance(plan: Reading, evidence: str) -> bool:
    """Whether nothing is left beside words of attendance and what goes around them."""
    if not plan.mentions("attendance", evidence):
        return False
    return not plain(plan.without("attendance_around", plan.without("attendance", evidence)))


def nothing_early(plan: Reading) -> Iterator[Finding]:
    """``nothing-before-midyear``: the first look comes when little can be changed."""
    rows = plan.rows(names.INDICATORS)
    if not rows or not all(plan.chosen(names.INDICATORS, row, names.CHECKPOINT) for row in rows):
        return
    if not any(plan.says(names.INDICATORS, row, names.CHECKPOINT, names.BY_MIDYEAR) for row in rows):
        yield plan.advice("nothing-before-midyear", names.INDICATORS, rows[0], names.CHECKPOINT)


def repeats_measure(plan: Reading) -> Iterator[Finding]:
    """``indicator-repeats-measure``: the final result under another heading."""
    goals = {row.id: text(row, names.GOAL) for row in plan.rows(names.OBJECTIVES) if row.id}
    for row in plan.rows(names.INDICATORS):
        objective = text(row, names.OBJECTIVE)
        about = {objective, goals.get(objective, "")} - {""}
        for measure in plan.rows(names.MEASURES):
            if text(measure, names.OF) in about and _repeats(row, measure):
                yield plan.advice(
                    "indicator-repeats-measure", names.INDICATORS, row, names.LOOKS_LIKE, measure=measure.id
                )
                break


def _repeats(row: Record, measure: Record) -> bool:
    instrument, target = text(measure, names.INSTRUMENT), text(measure, names.TARGET)
    if _same(text(row, names.DATA), instrument) and _same(text(row, names.INTERIM_TARGET), target):
        return True
    seen = text(row, names.LOOKS_LIKE)
    return any(len(words_of(one)) > 3 and likeness(seen, one) >= _ALIKE for one in (instrument, target))


def _same(first: str, second: str) -> bool:
    words = words_of(first)
    return bool(words) and words == words_of(second)


def low_levels(plan: Reading) -> Iterator[Finding]:
    """``evaluation-low-levels-only``: it asks whether people liked it and learned, and no further."""
    rows = plan.rows(names.EVALUATION)
    if rows and _levels(plan) <= {names.REACTIONS, names.LEARNING} and _levels(plan):
        yield plan.advice("evaluation-low-levels-only", names.EVALUATION, rows[0], names.LEVEL)


def no_outcomes(plan: Reading) -> Iterator[Finding]:
    """``evaluation-no-outcomes``: nobody asks whether students gained."""
    rows, levels = plan.rows(names.EVALUATION), _levels(plan)
    if levels - {names.REACTIONS, names.LEARNING} and names.STUDENT_RESULTS not in levels:
        yield plan.advice("evaluation-no-outcomes", names.EVALUATION, rows[0], names.LEVEL)


def _levels(plan: Reading) -> set[str]:
    """The levels that are asked about, none where one is unknown."""
    rows = plan.rows(names.EVALUATION)
    found = [plan.says(names.EVALUATION, row, names.LEVEL, names.ASKS) for row in rows]
    return set(map(str, found)) if all(found) else set()


def no_use(plan: Reading) -> Iterator[Finding]:
    """``no-use-of-results``: too few words to name a decision. A blank is an error where it is asked for."""
    if not plan.asks(names.EVALUATION, names.USE_OF_RESULTS):
        return
    blank_counts = not plan.required(names.EVALUATION, names.USE_OF_RESULTS)
    for row in plan.rows(names.EVALUATION):
        answer = row.answers.get(names.USE_OF_RESULTS)
        if answer is None or answer.blocked or (answer.value is None and not blank_counts):
            continue
        if len(words_of(text(row, names.USE_OF_RESULTS))) < plan.limit("words_of_use"):
            yield plan.advice("no-use-of-results", names.EVALUATION, row, names.USE_OF_RESULTS)


CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    attendance_only,
    nothing_early,
    repeats_measure,
    low_levels,
    no_outcomes,
    no_use,
)
