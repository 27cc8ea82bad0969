"""Advice on what is done: how long, how often, for whom, when and by whom.

Each function takes a ``Reading`` and gives the advice of one code. Sources: Yoon and others, "Reviewing the
evidence on how teacher professional development affects student achievement" (REL 2007-033), where
programs of more than 14 hours showed effects; Darling-Hammond, Hyler and Gardner, "Effective Teacher
Professional Development" (2017), on duration and on coaching; Learning Forward's standards, Implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from plbuild.advice import names
from plbuild.advice.money import is_single_day_of_title_two
from plbuild.advice.reading import Reading, day, known, listed, number, plain, text
from plbuild.model import Finding, Record, shown


def one_session(plan: Reading) -> Iterator[Finding]:
    """``one-session-no-follow-up``: heard once and left alone."""
    if plan.asks(names.ACTIONS, names.FOLLOW_UP):
        for row in plan.rows(names.ACTIONS):
            if _is_single(row) and not is_single_day_of_title_two(plan, row):
                yield plan.advice(
                    "one-session-no-follow-up", names.ACTIONS, row, names.FOLLOW_UP,
                    activity=text(row, names.INITIAL_ACTIVITY),
                )  # fmt: skip


def _is_single(row: Record) -> bool:
    answer = row.answers.get(names.FOLLOW_UP)
    left_blank = answer is None or (answer.value is None and not answer.blocked)
    return number(row, names.SESSIONS) == 1 and left_blank and not text(row, names.FOLLOW_UP_DESIGN)


def only_events(plan: Reading) -> Iterator[Finding]:
    """``only-events``: workshops and conferences, and nothing in the daily work, for an objective."""
    for objective in plan.rows(names.OBJECTIVES):
        rows = plan.under(names.ACTIONS, names.OBJECTIVE, objective.id)
        if rows and not all(_is_single(row) for row in rows) and all(_is_event(plan, row) for row in rows):
            yield plan.advice(
                "only-events", names.OBJECTIVES, objective, names.STATEMENT,
                actions=listed(row.id for row in rows),
                designs=listed(dict.fromkeys(text(row, names.DESIGN) for row in rows)),
            )  # fmt: skip


def _is_event(plan: Reading, row: Record) -> bool:
    """An event that no coaching or team work follows."""
    later = plan.says(names.ACTIONS, row, names.FOLLOW_UP_DESIGN, names.FORM)
    unnamed = not later and bool(text(row, names.FOLLOW_UP))
    is_event = plan.says(names.ACTIONS, row, names.DESIGN, names.FORM) == names.EVENT
    return is_event and later != names.JOB_EMBEDDED and not unnamed


def too_few_hours(plan: Reading) -> Iterator[Finding]:
    """``too-few-hours``: all actions of an objective together are shorter than what has been seen to work."""
    wanted = plan.limit("contact_hours")
    if not plan.sure_of(names.ACTIONS, names.OBJECTIVE):
        return
    for objective in plan.rows(names.OBJECTIVES):
        rows = plan.under(names.ACTIONS, names.OBJECTIVE, objective.id)
        hours = [number(row, names.HOURS) for row in rows]
        given = sum((item for item in hours if item is not None), Decimal(0))
        group = plan.says(names.OBJECTIVES, objective, names.AUDIENCE, names.STAFF_GROUP)
        if group == names.NON_INSTRUCTIONAL:  # the studies were of teachers
            continue
        if rows and None not in hours and given < wanted:
            yield plan.advice(
                "too-few-hours", names.ACTIONS, rows[0], names.HOURS,
                objective=objective.id, hours=shown(given), wanted=shown(wanted),
                actions=listed(row.id for row in rows),
            )  # fmt: skip


def outside_plan(plan: Reading) -> Iterator[Finding]:
    """``action-outside-plan``: it begins before the plan does, or ends after it."""
    first, last = plan.term()
    if first is None or last is None or first > last:
        return
    for row in plan.rows(names.ACTIONS):
        start, end = day(row, names.START_DATE), day(row, names.END_DATE)
        field = names.START_DATE if start and not first <= start <= last else ""
        if not field and end and not first <= end <= last:
            field = names.END_DATE
        if field:
            yield plan.advice(
                "action-outside-plan", names.ACTIONS, row, field, first=shown(first), last=shown(last)
            )


def all_at_once(plan: Reading) -> Iterator[Finding]:
    """``all-start-together``: everything begins in one week."""
    rows = plan.rows(names.ACTIONS)
    starts = [day(row, names.START_DATE) for row in rows]
    days = [start for start in starts if start]
    if len(days) < len(rows) or len(rows) < plan.limit("actions_starting_together"):
        return
    if (max(days) - min(days)).days < plan.limit("days_starting_together"):
        yield plan.advice(
            "all-start-together", names.ACTIONS, rows[0], names.START_DATE,
            count=len(rows), first=shown(min(days)), last=shown(max(days)),
        )  # fmt: skip


def everyone(plan: Reading) -> Iterator[Finding]:
    """``everyone-responsible``: what all lead, nobody leads."""
    for row in plan.rows(names.ACTIONS):
        who = text(row, names.RESPONSIBLE)
        found = plan.mentions("everyone", who)
        if found and plain(found) == plain(who):
            yield plan.advice("everyone-responsible", names.ACTIONS, row, names.RESPONSIBLE)


def one_role(plan: Reading) -> Iterator[Finding]:
    """``one-role-too-many``: more actions than one person can lead well."""
    led: dict[str, list[Record]] = {}
    for row in plan.rows(names.ACTIONS):
        if who := plain(text(row, names.RESPONSIBLE)):
            led.setdefault(who, []).append(row)
    for rows in led.values():
        if len(rows) > plan.limit("actions_per_role"):
            yield plan.advice(
                "one-role-too-many", names.ACTIONS, rows[0], names.RESPONSIBLE,
                count=len(rows), actions=listed(row.id for row in rows),
            )  # fmt: skip


def no_leaders(plan: Reading) -> Iterator[Finding]:
    """``leaders-never-audience``: no leader learns, says the plan."""
    rows = plan.rows(names.OBJECTIVES)
    if len(rows) >= plan.limit("objectives_for_leaders") and _never(plan, names.LEADERS, "leaders"):
        yield plan.advice("leaders-never-audience", names.OBJECTIVES, rows[0], names.AUDIENCE)


def no_paraprofessionals(plan: Reading) -> Iterator[Finding]:
    """``paraprofessionals-never-audience``: the plan speaks of them, and they learn nothing."""
    team = (_is_of(plan, row) for row in plan.rows(names.TEAM))
    needs = (_spoken_of(plan, row) for row in plan.rows(names.NEEDS))
    rows = plan.rows(names.OBJECTIVES)
    if rows and (any(team) or any(needs)) and _never(plan, names.PARAPROFESSIONALS, "paraprofessionals"):
        yield plan.advice("paraprofessionals-never-audience", names.OBJECTIVES, rows[0], names.AUDIENCE)


def _is_of(plan: Reading, row: Record) -> bool:
    return plan.says(names.TEAM, row, names.ROLE, names.WHO) == names.PARAPROFESSIONALS


def _spoken_of(plan: Reading, row: Record) -> bool:
    return bool(plan.mentions("paraprofessionals", text(row, names.FINDING), text(row, names.ROOT_CAUSE)))


def _never(plan: Reading, who: str, words: str) -> bool:
    """Whether no objective is for them and no objective or action names them; False where unknown."""
    rows = plan.rows(names.OBJECTIVES)
    if not all(plan.chosen(names.OBJECTIVES, row, names.AUDIENCE) for row in rows):
        return False
    audiences = {plan.says(names.OBJECTIVES, row, names.AUDIENCE, names.WHO) for row in rows}
    texts = [text(row, names.STATEMENT) for row in rows]
    texts += [text(row, names.INITIAL_ACTIVITY) for row in plan.rows(names.ACTIONS)]
    return audiences.isdisjoint({who, names.EVERYONE}) and not plan.mentions(words, *texts)


def too_many_people(plan: Reading) -> Iterator[Finding]:
    """``headcount-above-staff``: more people than the school has.

    The roster counts teachers as full-time equivalents, so the limits leave room for part-time positions.
    """
    head = plan.head(names.TEACHERS_FTE)
    teachers = number(head, names.TEACHERS_FTE) if head else None
    if not teachers:
        return
    audience: dict[str, object] = {}
    for row in plan.rows(names.OBJECTIVES):
        audience[row.id] = plan.says(names.OBJECTIVES, row, names.AUDIENCE, names.WHO)
    for section in (names.OBJECTIVES, names.ACTIONS):
        for row in plan.rows(section):
            objective = row.id if section == names.OBJECTIVES else text(row, names.OBJECTIVE)
            is_teachers = audience.get(objective) == names.TEACHERS
            limit = plan.limit("people_per_teacher_fte" if is_teachers else "staff_per_teacher_fte")
            people = number(row, names.PARTICIPANTS)
            if people is not None and known(row, names.PARTICIPANTS) and people > limit * teachers:
                yield plan.advice(
                    "headcount-above-staff", section, row, names.PARTICIPANTS, teachers=shown(teachers)
                )


CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    one_session,
    only_events,
    too_few_hours,
    outside_plan,
    all_at_once,
    everyone,
    one_role,
    no_leaders,
    no_paraprofessionals,
    too_many_people,
)
