"""The acceptance rule: which plans are accepted, held, missing or exempt.

Takes submissions and findings, returns the status of every plan that the roster expects. A plan with any
error is held; the errors of a file that no plan could be read from are the file's alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from plbuild.checks import DUPLICATE
from plbuild.model import District, Finding, Place, PlanSpec, Roster, RosterRow, Spec, Status, Submission

Key = tuple[str, str]


def key_of(item: Submission) -> Key:
    """What a plan is known by: its kind and its owner's id."""
    return item.kind, item.plan_id


def statuses(
    spec: Spec,
    roster: Roster,
    home: District,
    submissions: Iterable[Submission],
    findings: Iterable[Finding],
    exempted: Mapping[str, str],
    as_of: date,
) -> tuple[Status, ...]:
    """The state of every plan owed, the district's own first, then the schools in roster order."""
    received: dict[Key, list[Submission]] = {}
    for item in submissions:
        received.setdefault(key_of(item), []).append(item)
    findings = tuple(findings)
    twice = {(f.where.kind, f.where.plan_id) for f in findings if f.code == DUPLICATE}
    counts = Counter((f.where.kind, f.where.plan_id, _counts_as(f)) for f in findings)
    owed = sorted(spec.plans, key=lambda plan: plan.owner)
    return tuple(
        replace(
            _status(plan, owner, received, counts, exempted, home.due_date, as_of),
            undecided=(plan.kind, owner.id) in twice,
        )
        for plan in owed
        for owner in roster.owners(plan)
    )


def _status(
    plan: PlanSpec,
    owner: RosterRow,
    received: Mapping[Key, list[Submission]],
    counts: Counter[tuple[str, str, str]],
    exempted: Mapping[str, str],
    due: date,
    as_of: date,
) -> Status:
    plans = received.get((plan.kind, owner.id), [])
    state = Status(owner=owner, kind=plan.kind, state="missing", late=as_of > due)
    if not plans and owner.id in exempted:
        return replace(state, state="exempt", reason=exempted[owner.id], late=False)
    if not plans:
        return state
    errors = counts[plan.kind, owner.id, "error"]
    saved = max((item.saved for item in plans if item.saved), default=None)
    return replace(
        state,
        state="held" if errors else "accepted",
        files=tuple(dict.fromkeys(item.file for item in plans)),
        errors=errors,
        advice=counts[plan.kind, owner.id, "advice"],
        waived=counts[plan.kind, owner.id, "waived"],
        digest=plans[0].digest,
        saved=saved,
        late=bool(saved and saved > due),
    )


def choices_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, where of a plan that came in more than once this is said once, not of each file."""
    told: set[Key] = set()
    found = []
    for item in findings:
        key = item.where.kind, item.where.plan_id
        if item.code != DUPLICATE:
            found.append(item)
        elif key not in told:
            told.add(key)
            found.append(replace(item, where=Place(kind=key[0], plan_id=key[1])))
    return found


def _counts_as(finding: Finding) -> str:
    return "waived" if finding.waiver else finding.severity
