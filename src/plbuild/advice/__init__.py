"""Advice: what a good reviewer would say of a plan. It never holds a plan back.

Takes the spec and submissions, returns findings of the severity advice, at their cells. Design decision:
every piece is one function from a ``Reading`` to findings, in a tuple ``CHECKS`` of its subject's module;
its words are in ``messages.yaml``, its limits, words to look for and weight in ``advice.yaml``. Precision
comes before completeness: a reviewer who is wrong once is not read twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from plbuild.advice import across as together
from plbuild.advice import actions, evidence, goals, money, objectives, texts
from plbuild.advice.compared import Compared, compared, packed, unpacked
from plbuild.advice.dismissal import dismiss, most_useful
from plbuild.advice.notes import Notes, Part, Piece, Strength, notes
from plbuild.advice.notes import strengths as _strengths
from plbuild.advice.reading import Reading
from plbuild.model import District, Finding, Roster, RosterRow, Spec, Submission

__all__ = [
    "Compared", "Notes", "Part", "Piece", "Strength", "across", "advise", "compared", "dismiss",
    "most_useful", "notes", "packed", "strengths", "unpacked",
]  # fmt: skip

CHECKS = (
    *goals.CHECKS,
    *objectives.CHECKS,
    *actions.CHECKS,
    *evidence.CHECKS,
    *money.CHECKS,
    *texts.CHECKS,
)


def advise(
    spec: Spec, roster: Roster, district: District, submission: Submission, others: Iterable[Submission] = ()
) -> tuple[Finding, ...]:
    """The advice on one plan, in the order of its sections and rows.

    ``others``: the district's own plan or plans. A spec without ``advice.yaml`` gives none.
    """
    if not spec.advice.weights or submission.is_blank:
        return ()
    if not _owner(spec, roster, submission):
        return ()  # another district's plan, which came here by mistake
    plan = _reading(spec, roster, district, submission, others)
    found = [item for check in CHECKS for item in check(plan) if spec.advice.weights.get(item.code)]
    order = {part.name: place for place, part in enumerate(plan.plan.sections)}
    rows = {
        (name, answer.cell): row
        for name in {item.where.section for item in found}
        for row, record in enumerate(submission.sections[name])
        for answer in record.answers.values()
    }
    return tuple(
        sorted(found, key=lambda f: (order[f.where.section], rows.get((f.where.section, f.where.cell), 0)))
    )


def across(spec: Spec, roster: Roster, district: District, plans: Iterable[Compared]) -> tuple[Finding, ...]:
    """The advice that only all plans together can give; it is for the district alone."""
    if not spec.advice.weights:
        return ()
    ours = [item for item in plans if not item.plan.is_blank and _owner(spec, roster, item.plan)]
    found = [
        *together.over_allocation(spec, roster, district, ours),
        *together.copies(spec, roster, ours),
    ]
    return tuple(item for item in found if spec.advice.weights.get(item.code))


def strengths(spec: Spec, roster: Roster, district: District, submission: Submission) -> tuple[Strength, ...]:
    """What is good in one plan, for ``notes``."""
    return _strengths(_reading(spec, roster, district, submission, ()))


def _owner(spec: Spec, roster: Roster, item: Submission) -> RosterRow | None:
    return roster.owner(spec.plan(item.kind), item.plan_id)


def _reading(
    spec: Spec, roster: Roster, district: District, submission: Submission, others: Iterable[Submission]
) -> Reading:
    return Reading(
        spec=spec, roster=roster, district=district, plan=spec.plan(submission.kind),
        submission=submission, others=tuple(others),
    )  # fmt: skip
