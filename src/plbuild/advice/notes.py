"""What stands on the one page of reviewer's notes that a school gets.

Takes what is good in a plan and its findings, returns plain values for a document. Design decision: it opens
with what is good, and only with what is true; a plan about which nothing can be praised is thanked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plbuild.advice import names
from plbuild.advice.dismissal import most_useful
from plbuild.advice.reading import Reading, day, number, text
from plbuild.model import Finding, Spec


class Strength(NamedTuple):
    """Something that is good in a plan, in words; ``doubts`` are codes of advice that speak against it."""

    words: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of advice: where (section, label, sheet and cell), what was seen, and the remedy."""

    code: str
    section: str
    label: str
    sheet: str
    cell: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The pieces about one section of the plan."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Reviewer's notes: an opening, the most useful pieces, the rest by section in the plan's order."""

    plan_id: str
    opening: str
    good: tuple[str, ...]
    first: tuple[Piece, ...]
    rest: tuple[Part, ...]


def notes(
    spec: Spec,
    kind: str,
    plan_id: str,
    strengths: Iterable[Strength],
    findings: Iterable[Finding],
    n: int = 3,
) -> Notes:
    """The notes on one plan from its findings; errors, notes and dismissed advice are not shown."""
    told = [
        f for f in findings if f.severity == "advice" and (f.where.kind, f.where.plan_id) == (kind, plan_id)
    ]
    first = most_useful(told, spec, n)
    rest: dict[str, list[Piece]] = {}
    order = [part.name for part in spec.plan(kind).sections]
    for item in sorted(told, key=lambda f: order.index(f.where.section) if f.where.section in order else -1):
        if not any(item is one for one in first):
            rest.setdefault(item.where.section_title, []).append(_piece(item))
    codes = {item.code for item in told}
    good = tuple(item.words for item in strengths if codes.isdisjoint(item.doubts))
    return Notes(
        plan_id=plan_id,
        opening=_opening(spec, good),
        good=good,
        first=tuple(_piece(item) for item in first),
        rest=tuple(Part(title=title, pieces=tuple(pieces)) for title, pieces in rest.items()),
    )


def _piece(item: Finding) -> Piece:
    where = item.where
    return Piece(
        code=item.code, section=where.section_title, label=where.label, sheet=where.sheet, cell=where.cell,
        message=item.message, fix=item.fix,
    )  # fmt: skip


def _opening(spec: Spec, good: tuple[str, ...]) -> str:
    if not good:
        return spec.phrases["notes_opening_plain"]
    *some, last = good[:3]
    both = spec.phrases["notes_and"].format(first="; ".join(some), last=last) if some else last
    return spec.phrases["notes_opening"].format(good=both)


def strengths(plan: Reading) -> tuple[Strength, ...]:
    """What is good in a plan: each is said only where it holds for the plan as it stands."""
    rows = len(plan.rows(names.ACTIONS))
    forms = [plan.says(names.ACTIONS, row, names.DESIGN, names.FORM) for row in plan.rows(names.ACTIONS)]
    embedded = forms.count(names.JOB_EMBEDDED)
    goals = len(plan.rows(names.GOALS))
    holds = (
        ("praise_goals" if goals > 1 else "praise_goal", _measurable(plan), _DOUBTS),
        ("praise_embedded", rows > 1 and embedded * 2 > rows, ()),
        ("praise_chain", _linked(plan), ()),
        ("praise_evaluation", _looks_far(plan), ()),
    )
    words = {"goals": goals, "actions": rows, "embedded": embedded}
    return tuple(
        Strength(plan.spec.phrases[phrase].format(**words), doubts)
        for phrase, is_so, doubts in holds
        if is_so
    )


_NUMBERS = (names.BASELINE_VALUE, names.TARGET_VALUE)
_DOUBTS = (
    "target-wrong-direction",
    "percent-above-hundred",
    "percent-no-share",
    "target-date-outside-term",
    "adult-activity-as-goal",
    "goals-alike",
    "goal-without-baseline",
)


def _measurable(plan: Reading) -> bool:
    rows = plan.rows(names.GOALS)
    stated = all(number(row, field) is not None for row in rows for field in _NUMBERS)
    return bool(rows) and stated and all(day(row, names.TARGET_DATE) for row in rows)


def _linked(plan: Reading) -> bool:
    links = (
        (names.ACTIONS, names.OBJECTIVE),
        (names.INDICATORS, names.OBJECTIVE),
        (names.MEASURES, names.OF),
    )
    rows = plan.rows(names.OBJECTIVES)
    return bool(rows) and all(plan.under(*link, row.id) for row in rows for link in links)


def _looks_far(plan: Reading) -> bool:
    rows = plan.rows(names.EVALUATION)
    asked = {
        plan.says(names.EVALUATION, row, names.LEVEL, names.ASKS) for row in rows if text(row, names.QUESTION)
    }
    return asked >= {names.USE, names.STUDENT_RESULTS}
