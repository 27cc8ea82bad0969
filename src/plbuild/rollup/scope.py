"""Which submissions go into the figures, in what order, and what to say of the others.

Takes the spec, the roster, the statuses and everything that was read, one plan after another; gives a
``Scope``. Two design decisions. One plan counts once: should two submissions answer to the same accepted
status, the one with the status's digest counts and the other is left out, so that no figure can double
unseen. And a submission is let go as soon as its rows are kept: the answers of 2,500 schools take
several times the memory of their values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plbuild.model import PlanSpec, Roster, RosterRow, Spec, Status, Submission, ValueList
from plbuild.rollup import kept, names
from plbuild.rollup.kept import Kept, Rows

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
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A submission that was read and goes into no figure, with the reason."""

    label: str
    why: str
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the tables are made from; ``rows`` are those of the plans that count, by owner and section."""

    spec: Spec
    roster: Roster
    statuses: Mapping[tuple[str, str], Status]
    labels: Mapping[str, str]
    used: tuple[Plan, ...]
    left_out: tuple[LeftOut, ...]
    rows: Mapping[tuple[str, str], Rows]
    read: int
    """How many submissions passed by."""

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
    spec: Spec, roster: Roster, statuses: Iterable[Status], submissions: Iterable[Submission | Kept]
) -> Scope:
    """Sorts the submissions into those that count and those that do not, with reasons."""
    known = {(status.kind, status.owner.id): status for status in statuses}
    labels = _labels(roster)
    chosen, rest = _chosen(spec, roster, known, submissions)
    read = len(chosen) + len(rest)
    used: list[Plan] = []
    for plan in plan_specs(spec):
        for owner in roster.owners(plan):
            found = chosen.pop((plan.kind, owner.id), None)
            if found:
                label = labels[owner.id]
                used.append(Plan(order=len(used), spec=plan, owner=owner, label=label, kept=found))
    left_out = tuple(_left_out(spec, roster, known, labels, rest))
    return Scope(
        spec=spec,
        roster=roster,
        statuses=known,
        labels=labels,
        used=tuple(used),
        left_out=left_out,
        rows=_joined(spec, used),
        read=read,
    )


def _joined(spec: Spec, used: Iterable[Plan]) -> dict[tuple[str, str], Rows]:
    """The rows of each section over all plans that count, in their order."""
    found: dict[tuple[str, str], list[Plan]] = {}
    for item in used:
        found.setdefault((item.spec.owner, item.spec.kind), []).append(item)
    return {
        (plan.owner, section.name): kept.joined(
            section, [(item.order, item.owner, item.kept) for item in found.get((plan.owner, plan.kind), ())]
        )
        for plan in plan_specs(spec)
        for section in plan.sections
    }


def _chosen(
    spec: Spec,
    roster: Roster,
    known: Mapping[tuple[str, str], Status],
    submissions: Iterable[Submission | Kept],
) -> tuple[dict[tuple[str, str], Kept], list[Kept]]:
    """What counts of each plan, and the rest; the submissions pass by once."""
    plans = {plan.kind: plan for plan in plan_specs(spec)}
    owners = {(kind, row.id) for kind, plan in plans.items() for row in roster.owners(plan)}
    chosen: dict[tuple[str, str], Kept] = {}
    rest: list[Kept] = []
    for submission in submissions:
        key = submission.kind, submission.plan_id
        item = (
            submission if isinstance(submission, Kept) else kept.keep(plans.get(submission.kind), submission)
        )
        status = known.get(key)
        if key not in owners or status is None or status.state != names.ACCEPTED:
            rest.append(item)
            continue
        before = chosen.get(key)
        if before is None:
            chosen[key] = item
        elif item.digest == status.digest != before.digest:
            chosen[key] = item
            rest.append(before)
        else:
            rest.append(item)
    return chosen, rest


def _left_out(
    spec: Spec,
    roster: Roster,
    known: Mapping[tuple[str, str], Status],
    labels: Mapping[str, str],
    rest: Iterable[Kept],
) -> Iterator[LeftOut]:
    """Those of the roster in its order, then the others."""
    places = {
        (plan.kind, row.id): place
        for place, (plan, row) in enumerate(
            (plan, row) for plan in plan_specs(spec) for row in roster.owners(plan)
        )
    }
    kinds = {plan.kind for plan in plan_specs(spec)}
    beyond = len(places)
    for item in sorted(
        rest, key=lambda one: (places.get((one.kind, one.plan_id), beyond), one.kind, one.plan_id)
    ):
        key = item.kind, item.plan_id
        if key in places:
            why = _why_not(known.get(key))
        else:
            why = "not in the roster" if item.kind in kinds else "not a kind of plan that is rolled up"
        label = labels.get(item.plan_id, item.plan_id or "a plan without a number")
        yield LeftOut(label=label, why=why, kept=item)


def _why_not(status: Status | None) -> str:
    if status is None:
        return "nothing was decided about it"
    if status.state == names.ACCEPTED:
        return "the plan came in more than once"
    errors = f"{status.errors} {'error' if status.errors == 1 else 'errors'}" if status.errors else ""
    why = status.reason or errors
    return f"{status.state} ({why})" if why else status.state


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
