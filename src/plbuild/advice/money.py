"""Advice on money: evidence that federal funds ask for, and costs that are missing or stand twice.

Each function takes a ``Reading`` and gives the advice of one code. Sources: ESEA as amended by ESSA, Section
8101(21) (the four tiers; for Section 1003 the first three alone, subparagraph (B)) and Section 8101(42)
(professional development is sustained, not stand-alone, 1-day or short term workshops).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from plbuild.advice import names
from plbuild.advice.reading import Reading, day, listed, number, plain, text
from plbuild.advice.similar import likeness
from plbuild.model import Finding, Record, money

_ALIKE = Fraction(7, 10)


def _lines(plan: Reading, action: Record) -> list[Record]:
    """The resource lines of an action that cost something."""
    rows = plan.under(names.RESOURCES, names.ACTION, action.id)
    return [row for row in rows if (number(row, names.AMOUNT) or 0) > 0]


def _sources(plan: Reading, action: Record, attribute: str, value: object) -> list[str]:
    """The funding sources of an action of which the list says so."""
    return [
        text(row, names.FUNDING_SOURCE)
        for row in _lines(plan, action)
        if plan.says(names.RESOURCES, row, names.FUNDING_SOURCE, attribute) == value
    ]


def federal_without_tier(plan: Reading) -> Iterator[Finding]:
    """``federal-without-tier``: federal money for an action that is said to need no evidence.

    A tier left blank is an error where the spec asks for it.
    """
    if not plan.asks(names.ACTIONS, names.EVIDENCE_TIER):
        return
    for action in plan.rows(names.ACTIONS):
        if plan.says(names.ACTIONS, action, names.EVIDENCE_TIER, names.TIER) != names.NO_TIER:
            continue
        if sources := _sources(plan, action, names.FEDERAL, value=True):
            yield plan.advice(
                "federal-without-tier", names.ACTIONS, action, names.EVIDENCE_TIER,
                sources=listed(dict.fromkeys(sources)),
            )  # fmt: skip


def rationale_alone(plan: Reading) -> Iterator[Finding]:
    """``tier-four-school-improvement``: Section 1003 pays for the first three tiers alone."""
    for action in plan.rows(names.ACTIONS):
        if plan.says(names.ACTIONS, action, names.EVIDENCE_TIER, names.TIER) != names.RATIONALE:
            continue
        if sources := _sources(plan, action, names.PROGRAM, names.SECTION_1003):
            yield plan.advice(
                "tier-four-school-improvement", names.ACTIONS, action, names.EVIDENCE_TIER, source=sources[0]
            )


def is_single_day_of_title_two(plan: Reading, action: Record) -> bool:
    """Whether Title II-A pays for an event of one day that nothing follows."""
    if plan.says(names.ACTIONS, action, names.DESIGN, names.FORM) != names.EVENT:
        return False
    start, end = day(action, names.START_DATE), day(action, names.END_DATE)
    hours = number(action, names.HOURS)
    short = hours is not None and hours <= plan.limit("hours_of_one_day")
    one_day = number(action, names.SESSIONS) == 1 or (start is not None and start == end)
    answer = action.answers.get(names.FOLLOW_UP)
    followed = answer is not None and answer.value is not None
    stands_alone = one_day and short and not followed
    return stands_alone and bool(_sources(plan, action, names.PROGRAM, names.TITLE_TWO))


def title_two_one_day(plan: Reading) -> Iterator[Finding]:
    """``title-two-one-day``: the law's own words leave out stand-alone and one-day workshops."""
    for action in plan.rows(names.ACTIONS):
        if is_single_day_of_title_two(plan, action):
            source = _sources(plan, action, names.PROGRAM, names.TITLE_TWO)[0]
            yield plan.advice(
                "title-two-one-day", names.ACTIONS, action, names.DESIGN,
                activity=text(action, names.INITIAL_ACTIVITY), source=source,
            )  # fmt: skip


def cost_without_line(plan: Reading) -> Iterator[Finding]:
    """``cost-without-line``: words of cost on an action that no resource line names."""
    if plan.rows(names.RESOURCES) and not plan.sure_of(names.RESOURCES, names.ACTION):
        return
    for action in plan.rows(names.ACTIONS):
        needed = text(action, names.RESOURCES_NEEDED)
        word = plan.mentions("costs", needed)
        if not word or plan.mentions("no_costs", needed):
            continue
        if action.id and not plan.under(names.RESOURCES, names.ACTION, action.id):
            yield plan.advice("cost-without-line", names.ACTIONS, action, names.RESOURCES_NEEDED, word=word)


def zero_with_provider(plan: Reading) -> Iterator[Finding]:
    """``zero-with-provider``: somebody from outside works for nothing, says the line."""
    providers = {row.id: text(row, names.PROVIDER) for row in plan.rows(names.ACTIONS) if row.id}
    for row in plan.rows(names.RESOURCES):
        if number(row, names.AMOUNT) != 0:
            continue
        provider = providers.get(text(row, names.ACTION), "")
        free = any(
            plan.says(names.RESOURCES, row, field, names.FREE) for field in (names.KIND, names.FUNDING_SOURCE)
        ) or plan.mentions("no_costs", text(row, names.DESCRIPTION))
        if provider and not free and not plan.mentions("inside_providers", provider):
            yield plan.advice(
                "zero-with-provider", names.RESOURCES, row, names.AMOUNT,
                provider=provider, action=text(row, names.ACTION),
            )  # fmt: skip


def cost_in_both(plan: Reading) -> Iterator[Finding]:
    """``cost-in-both-plans``: the district's plan pays the same cost from the same source."""
    if plan.plan.owner != names.SCHOOL:
        return
    paid: dict[_Cost, list[Record]] = {}
    for other in plan.others:
        for row in other.sections.get(names.RESOURCES, ()):
            paid.setdefault(_cost(row), []).append(row)
    for row in plan.rows(names.RESOURCES):
        same = paid.get(_cost(row), ()) if all(_cost(row)) else ()
        twin = next((item for item in same if _said_alike(row, item)), None)
        if twin:
            amount = number(row, names.AMOUNT)
            yield plan.advice(
                "cost-in-both-plans", names.RESOURCES, row, names.DESCRIPTION,
                amount=money(amount) if amount is not None else "", other=twin.id,
                source=text(row, names.FUNDING_SOURCE),
            )  # fmt: skip


_Cost = tuple[str, str, Decimal | None]


def _cost(row: Record) -> _Cost:
    """What is paid, from which source, and how much; an empty part is unknown or nothing."""
    return text(row, names.KIND), text(row, names.FUNDING_SOURCE), number(row, names.AMOUNT)


def _said_alike(first: Record, second: Record) -> bool:
    one, other = text(first, names.DESCRIPTION), text(second, names.DESCRIPTION)
    return plain(one) == plain(other) or likeness(one, other) >= _ALIKE


CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    federal_without_tier,
    rationale_alone,
    title_two_one_day,
    cost_without_line,
    zero_with_provider,
    cost_in_both,
)
