"""Which submissions go into the figures, in what order, and what to say of the others.

Takes the spec, the roster, the statuses and everything that was read; gives a ``Scope``. Design
decision: one plan counts once. Should two submissions answer to the same accepted status, the one with
the status's digest counts and the other is left out, so that no figure can double unseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plbuild.model import PlanSpec, Roster, RosterRow, Spec, Status, Submission, ValueList
from plbuild.rollup import names

_OWNERS = (names.SCHOOL, names.DISTRICT)
_SHOWN_NAMES = 5
_STATE_WORDS = {names.MISSING: "not received"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An accepted submission; ``order`` is its place in every table: schools as in the roster."""

    order: int
    spec: PlanSpec
    owner: RosterRow
    label: str
    submission: Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A submission that was read and goes into no figure, with the reason."""

    label: str
    why: str
    submission: Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the tables are made from."""

    spec: Spec
    roster: Roster
    statuses: Mapping[tuple[str, str], Status]
    labels: Mapping[str, str]
    submissions: tuple[Submission, ...]
    used: tuple[Plan, ...]
    left_out: tuple[LeftOut, ...]

    def plans(self, *owners: str) -> tuple[Plan, ...]:
        """The accepted plans of these owners; of all where none is named."""
        return tuple(plan for plan in self.used if not owners or plan.spec.owner in owners)

    def choices(self, section: str, field: str) -> ValueList:
        """The list of a field, of the school's plan first; an empty one where no plan has it."""
        for owner in _OWNERS:
            plan = plan_of(self.spec, owner)
            try:
                item = plan.section(section).field(field) if plan else None
            except KeyError:
                continue
            if item and item.list in self.spec.lists:
                return self.spec.lists[item.list]
        return ValueList(name="", choices=())


def plan_of(spec: Spec, owner: str) -> PlanSpec | None:
    """The main plan that this owner owes, None where the spec has none."""
    try:
        return spec.owned_by(owner)
    except KeyError:
        return None


def plan_specs(spec: Spec) -> tuple[PlanSpec, ...]:
    """The kinds of plan that are rolled up: the school's, then the district's."""
    found = (plan_of(spec, owner) for owner in _OWNERS)
    return tuple(plan for plan in found if plan)


def select(
    spec: Spec, roster: Roster, statuses: Iterable[Status], submissions: Iterable[Submission]
) -> Scope:
    """Sorts the submissions into those that count and those that do not, with reasons."""
    known = {(status.kind, status.owner.id): status for status in statuses}
    labels = _labels(roster)
    given: dict[tuple[str, str], list[Submission]] = {}
    read = tuple(submissions)
    for submission in read:
        given.setdefault((submission.kind, submission.plan_id), []).append(submission)
    used: list[Plan] = []
    left_out: list[LeftOut] = []
    for plan in plan_specs(spec):
        for owner in roster.owners(plan):
            found = given.pop((plan.kind, owner.id), [])
            status, label = known.get((plan.kind, owner.id)), labels[owner.id]
            chosen = _chosen(found, status)
            if chosen:
                used.append(Plan(order=len(used), spec=plan, owner=owner, label=label, submission=chosen))
            why = _why_not(status)
            left_out += [
                LeftOut(label=label, why=why, submission=item) for item in found if item is not chosen
            ]
    kinds = {plan.kind for plan in plan_specs(spec)}
    for (kind, plan_id), found in given.items():
        label = labels.get(plan_id, plan_id or "a plan without a number")
        why = "not in the roster" if kind in kinds else "not a kind of plan that is rolled up"
        left_out += [LeftOut(label=label, why=why, submission=item) for item in found]
    return Scope(
        spec=spec,
        roster=roster,
        statuses=known,
        labels=labels,
        submissions=read,
        used=tuple(used),
        left_out=tuple(left_out),
    )


def _chosen(found: list[Submission], status: Status | None) -> Submission | None:
    if status is None or status.state != names.ACCEPTED or not found:
        return None
    return next((item for item in found if item.digest == status.digest), found[0])


def _why_not(status: Status | None) -> str:
    if status is None:
        return "nothing was decided about it"
    if status.state == names.ACCEPTED:
        return "the plan came in more than once"
    return f"{status.state} ({status.reason})" if status.reason else status.state


def _labels(roster: Roster) -> dict[str, str]:
    """A name for each owner that no other has: schools of one name carry their number."""
    rows = (*roster.schools, roster.district)
    same = Counter(row.name for row in rows)
    return {row.id: row.name if same[row.name] == 1 else f"{row.name} ({row.id})" for row in rows}


def coverage(scope: Scope, *, district: bool = True) -> str:
    """A sentence on whose plans stand behind a figure and whose do not.

    Exempt schools owe no plan and are not counted; ``district`` says whether the district's own plan
    belongs to the figure.
    """
    schools = plan_of(scope.spec, names.SCHOOL)
    states: dict[str, list[str]] = {}
    for row in scope.roster.schools if schools else ():
        status = scope.statuses.get((schools.kind, row.id)) if schools else None
        states.setdefault(status.state if status else names.MISSING, []).append(scope.labels[row.id])
    exempt = states.pop(names.EXEMPT, [])
    owing = sum(len(labels) for labels in states.values())
    accepted = len(states.pop(names.ACCEPTED, []))
    gaps = [_named(_STATE_WORDS.get(state, state), who) for state, who in sorted(states.items())]
    if exempt:
        gaps.append(f"{len(exempt)} exempt")
    text = f"Covers {accepted} of {owing} school plans"
    if district:
        text += _district_words(scope)
    return text + (f"; {'; '.join(gaps)}." if gaps else ".")


def _named(word: str, labels: list[str]) -> str:
    more = len(labels) - _SHOWN_NAMES
    tail = f" and {more} more" if more > 0 else ""
    return f"{word}: {', '.join(labels[:_SHOWN_NAMES])}{tail}"


def _district_words(scope: Scope) -> str:
    plan = plan_of(scope.spec, names.DISTRICT)
    if plan is None:
        return ""
    status = scope.statuses.get((plan.kind, scope.roster.district.id))
    state = status.state if status else names.MISSING
    if state == names.ACCEPTED:
        return " and the district's plan"
    return f"; not the district's plan ({_STATE_WORDS.get(state, state)})"
