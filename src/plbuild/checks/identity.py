"""Whose plan it is: of an owner on the roster, of this district, of this year, with its printed answers.

Takes one submission, returns findings. Design decision: another district's workbook gets one finding
and no other, because nobody here can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plbuild.checks.received import of_plan
from plbuild.model import (
    Answer,
    District,
    Field,
    Finding,
    PlanSpec,
    Record,
    RosterRow,
    Section,
    Spec,
    Submission,
    shown,
)

OTHER_DISTRICT = "other-district"
# The code for an answer that differs from what district.yaml says under the key.
_UNLIKE = {"leaid": OTHER_DISTRICT, "name": OTHER_DISTRICT, "plan_year": "other-plan-year"}

_Asked = tuple[Section, Record, Field, Answer]


def findings(
    spec: Spec, home: District, plan: PlanSpec, owner: RosterRow | None, submission: Submission
) -> list[Finding]:
    """What is wrong with the identity of a plan; ``owner`` is its row on the roster, if it has one."""
    found = []
    for section, record, item, answer in _asked(plan, submission):
        place = submission.place(plan, section.name, item.name, answer.cell, record.sheet)
        unlike = _unlike(home, item, answer)
        printed = shown(owner.columns.get(item.prefilled)) if owner and item.prefilled else None
        if unlike:
            words = {"wanted": getattr(home, item.equals), "district": home.name}
            found.append(spec.finding(unlike, place, entered=answer.entered, **words))
        elif printed is not None and shown(answer.value) != printed:
            words = {"wanted": printed}
            found.append(spec.finding("identity-changed", place, entered=answer.entered, **words))
    if owner is not None:
        return found
    unknown = spec.finding("not-on-roster", of_plan(submission), entered=submission.plan_id)
    foreign = [item for item in found if item.code == OTHER_DISTRICT]
    return foreign[:1] or [unknown, *found]


def _asked(plan: PlanSpec, submission: Submission) -> Iterator[_Asked]:
    """The answers that say whose plan it is, and that intake could read."""
    for section in plan.sections:
        for record in submission.sections[section.name]:
            for item in section.fields:
                answer = record.answers.get(item.name) if item.prefilled or item.equals else None
                if answer and not answer.blocked:
                    yield section, record, item, answer


def _unlike(home: District, item: Field, answer: Answer) -> str:
    """The code, where an answer of the right form is not what ``district.yaml`` says."""
    entered = shown(answer.value)
    if not item.equals or not entered or entered == getattr(home, item.equals):
        return ""
    return _UNLIKE[item.equals] if re.search(item.pattern, entered) else ""
