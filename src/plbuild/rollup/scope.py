"""Which submissions go into the figures, in what order, and what to say of the others.

Takes the spec, the roster, the statuses and everything that was read, one plan after another; gives a
``Selection``, and in it the ``Scope`` of the tables. Three design decisions. One plan counts once: should two
submissions answer to the same accepted status, the one with the status's digest counts and the other is left
out, so that no figure can double unseen. A submission is let go as soon as its columns are kept: the answers
of 2,500 schools take several times the memory of their values. And what a table sees is little: a ``Scope``
has nothing but what its ``facts`` are the digest of, and a door to the columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from plbuild.model import PlanSpec, Roster, RosterRow, Section, Spec, Status, Submission, ValueList
from plbuild.rollup import kept, names
from plbuild.rollup.columns import Columns, Door
from plbuild.rollup.kept import Kept, print_of

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A submission that was read and goes into no figure, with the reason."""

    label: str
    why: str
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the tables are made from: the plans that count, the ``states`` of all, and a ``door`` to columns.

    ``given`` stands for the spec and the roster, ``facts`` for all but what the door hands out.
    """

    spec: Spec
    roster: Roster
    states: Mapping[tuple[str, str], str]
    labels: Mapping[str, str]
    used: tuple[Plan, ...]
    given: str
    facts: str
    door: Door

    def plans(self, *owners: str) -> tuple[Plan, ...]:
        """The accepted plans of these owners; of all where none is named."""
        return tuple(plan for plan in self.used if not owners or plan.spec.owner in owners)

    def sections(self, name: str) -> Iterator[tuple[PlanSpec, Section]]:
        """A section of the plans that are rolled up, in those that have it."""
        for plan in plan_specs(self.spec):
            for section in plan.sections:
                if section.name == name:
                    yield plan, section

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was read: ``kept[i]`` is kept of the plan ``scope.used[i]``, the others are ``left_out``."""

    scope: Scope
    statuses: Mapping[tuple[str, str], Status]
    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]
    columns: Columns
    read: int
    """How many submissions passed by."""

    def watched(self) -> Scope:
        """The scope with a door of its own, that has noted nothing yet."""
        return replace(self.scope, door=Door(self.columns))

    def of(self, *owners: str) -> tuple[Kept, ...]:
        """What is kept of the plans of these owners; of all where none is named."""
        return tuple(self.kept[plan.order] for plan in self.scope.plans(*owners))


def select(
    spec: Spec, roster: Roster, statuses: Iterable[Status], submissions: Iterable[Submission | Kept]
) -> Selection:
    """Sorts the submissions into those that count and those that do not, with reasons."""
    known = {(status.kind, status.owner.id): status for status in statuses}
    labels = _labels(roster)
    chosen, rest = _chosen(spec, roster, known, submissions)
    read = len(chosen) + len(rest)
    used: list[Plan] = []
    counted: list[Kept] = []
    for plan in plan_specs(spec):
        for owner in roster.owners(plan):
            if found := chosen.pop((plan.kind, owner.id), None):
                used.append(Plan(order=len(used), spec=plan, owner=owner, label=labels[owner.id]))
                counted.append(found)
    columns = _columns(spec, used, counted)
    states = {key: status.state for key, status in known.items()}
    given = print_of([repr(plan_specs(spec)), repr(spec.lists), repr(roster)])
    return Selection(
        scope=Scope(
            spec=spec,
            roster=roster,
            states=states,
            labels=labels,
            used=tuple(used),
            given=given,
            facts=_facts(given, states, used),
            door=Door(columns),
        ),
        statuses=known,
        kept=tuple(counted),
        left_out=tuple(_left_out(spec, roster, known, labels, rest)),
        columns=columns,
        read=read,
    )


def _columns(spec: Spec, used: Iterable[Plan], counted: Iterable[Kept]) -> Columns:
    """The columns of the plans that count, by who owes them."""
    specs = plan_specs(spec)
    found: dict[str, list[Kept]] = {plan.owner: [] for plan in specs}
    for plan, item in zip(used, counted, strict=True):
        found[plan.spec.owner].append(item)
    return Columns(specs, found)


def _facts(given: str, states: Mapping[tuple[str, str], str], used: Iterable[Plan]) -> str:
    """The digest of all that a scope has; labels follow from the roster."""
    counted = [(plan.spec.kind, plan.owner.id) for plan in used]
    return print_of([given, repr(sorted(states.items())), repr(counted)])


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
        state = scope.states.get((schools.kind, row.id), names.MISSING) if schools else names.MISSING
        states.setdefault(state, []).append(scope.labels[row.id])
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
    state = scope.states.get((plan.kind, scope.roster.district.id), names.MISSING)
    if state == names.ACCEPTED:
        return " and the district's plan"
    return f"; not the district's plan ({_STATE_WORDS.get(state, state)})"
