"""Advice that only all plans together can give: money over its allocation, and copied texts.

Takes the plans that count, returns findings for the district. Design decision: copies are told to the
district alone, so their place is the district's plan and no school's file; one finding for each set of
schools, however many texts they share, and one for all that is the district's own wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from plbuild.advice import names
from plbuild.advice.compared import Compared, Text
from plbuild.advice.personal import covered
from plbuild.advice.reading import Reading, known, number, text
from plbuild.advice.similar import Group, groups
from plbuild.model import District, Finding, Place, Record, Roster, Spec, excerpt, money

_NAMED = 6


_Placed = tuple[str, Text]
"""A text and the id of the school whose it is, empty where it is the district's."""


def over_allocation(
    spec: Spec, roster: Roster, home: District, items: Sequence[Compared]
) -> Iterator[Finding]:
    """``over-allocation``: all plans together spend more of a source than the district has of it."""
    spent: dict[str, dict[str, Decimal]] = {}
    for one in items:
        for source, amount in one.spent.items():
            of = spent.setdefault(source, {})
            of[one.plan.plan_id] = of.get(one.plan.plan_id, Decimal(0)) + amount
    for item in (one.plan for one in items):
        plan = Reading(spec=spec, roster=roster, district=home, plan=spec.plan(item.kind), submission=item)
        for source, row, given in _allocations(plan):
            plans = spent.get(source, {})
            total = sum(plans.values(), Decimal(0))
            if total > given:
                yield plan.advice(
                    "over-allocation", names.ALLOCATIONS, row, names.AMOUNT,
                    source=source, given=money(given), total=money(total), over=money(total - given),
                    count=len(plans), largest=_largest(plans, roster.names),
                )  # fmt: skip


def _allocations(plan: Reading) -> Iterator[tuple[str, Record, Decimal]]:
    """Each source with its first row and all that is allocated of it; none where an amount is unknown."""
    rows: dict[str, list[Record]] = {}
    for row in plan.rows(names.ALLOCATIONS):
        if known(row, names.FUNDING_SOURCE):
            rows.setdefault(text(row, names.FUNDING_SOURCE), []).append(row)
    for source, lines in rows.items():
        amounts = [number(row, names.AMOUNT) for row in lines]
        if None not in amounts:
            yield source, lines[0], sum((item for item in amounts if item is not None), Decimal(0))


def _largest(plans: dict[str, Decimal], called: dict[str, str]) -> str:
    order = sorted(plans, key=lambda plan_id: (-plans[plan_id], plan_id))[:3]
    return ", ".join(f"{called.get(plan_id, plan_id)} {money(plans[plan_id])}" for plan_id in order)


def copies(spec: Spec, roster: Roster, items: Sequence[Compared]) -> Iterator[Finding]:
    """``same-text-in-schools`` and, once for all the district's own wording, ``same-text-in-most-schools``.

    District wording is what stands in the district's plan, or in more than half of the schools' plans.
    """
    texts = [(school, one) for item in items for school in [_school(spec, item)] for one in item.texts]
    schools = {school for school, _ in texts if school}
    least = Fraction(spec.advice.numbers["percent_alike"]) / 100
    shared: dict[frozenset[str], list[Group]] = {}
    common: list[Group] = []
    for group in groups([own for item in items for own in item.runs], least):
        everyone = {texts[place][0] for place in group.members}
        of = frozenset(everyone - {""})
        many = len(of) * 2 > len(schools) and len(of) >= spec.advice.numbers["schools_for_boilerplate"]
        if of and ("" in everyone or many):
            common.append(group)
        elif len(of) > 1:
            shared.setdefault(of, []).append(group)
    place = Place(kind=spec.owned_by("district").kind, plan_id=roster.district.id)
    for found in shared.values():
        yield _shared(spec, place, roster.names, texts, found)
    if common:
        first = covered(texts[common[0].members[0]][1].words)
        said = excerpt(first).rstrip(". ")
        yield spec.finding("same-text-in-most-schools", place, entered=first, said=said, count=len(common))


def _school(spec: Spec, item: Compared) -> str:
    return item.plan.plan_id if spec.plan(item.plan.kind).owner == names.SCHOOL else ""


def _shared(
    spec: Spec, place: Place, called: dict[str, str], texts: Sequence[_Placed], found: Sequence[Group]
) -> Finding:
    """The finding for one set of schools: where its first text stands, and how many more there are."""
    first = found[0]
    words = covered(texts[first.members[0]][1].words)
    places = list(_places(called, (texts[index] for index in first.members)))
    more = spec.phrases["advice_more_texts"].format(count=len(found) - 1) if len(found) > 1 else ""
    rest = (
        spec.phrases["advice_more_schools"].format(count=len(places) - _NAMED) if len(places) > _NAMED else ""
    )
    return spec.finding(
        "same-text-in-schools", place,
        entered=words,
        said=excerpt(words).rstrip(". "),
        schools=f"{'; '.join(places[:_NAMED])}{rest}",
        percent=int(min(group.likeness for group in found) * 100),
        more=more,
    )  # fmt: skip


def _places(called: dict[str, str], texts: Iterable[_Placed]) -> Iterator[str]:
    """Each school once, with the first cell where the text stands."""
    seen: set[str] = set()
    for school, one in texts:
        if school and school not in seen:
            seen.add(school)
            yield f"{called.get(school, school)} ({one.sheet}, {one.cell})"
