"""Advice that only all plans together can give: money over its allocation, and copied texts.

Takes the plans that count, returns findings for the district. Design decision: copies are told to the
district alone, so their place is the district's plan and no school's file; one finding for each set of
schools, however many texts they share, and one for all that is the district's own wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from plbuild.advice import names
from plbuild.advice.personal import covered
from plbuild.advice.reading import Reading, known, number, text
from plbuild.advice.similar import Group, groups
from plbuild.model import District, Finding, Place, Record, Roster, Spec, Submission, excerpt, money

_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text and where it stands."""

    plan_id: str
    is_school: bool
    sheet: str
    cell: str
    words: str


def compared(item: Submission) -> Submission:
    """The submission with nothing but the answers that are looked at here, of which a plan has few."""
    fields: dict[str, set[str]] = {
        names.RESOURCES: {names.AMOUNT, names.FUNDING_SOURCE},
        names.ALLOCATIONS: {names.AMOUNT, names.FUNDING_SOURCE},
    }
    for section, field in names.COPYABLE:
        fields.setdefault(section, set()).add(field)
    sections = {
        section: tuple(
            Record(
                id=row.id,
                sheet=row.sheet,
                row=row.row,
                answers={name: row.answers[name] for name in wanted if name in row.answers},
            )
            for row in item.sections.get(section, ())
        )
        for section, wanted in fields.items()
    }
    return replace(item, sections=sections, anchors={})


def over_allocation(
    spec: Spec, roster: Roster, home: District, submissions: Sequence[Submission]
) -> Iterator[Finding]:
    """``over-allocation``: all plans together spend more of a source than the district has of it."""
    spent: dict[str, dict[str, Decimal]] = {}
    for item in submissions:
        for row in item.sections.get(names.RESOURCES, ()):
            amount = number(row, names.AMOUNT)
            if amount is not None:
                of = spent.setdefault(text(row, names.FUNDING_SOURCE), {})
                of[item.plan_id] = of.get(item.plan_id, Decimal(0)) + amount
    called = {row.id: row.name for row in (roster.district, *roster.schools)}
    for item in submissions:
        plan = Reading(spec=spec, roster=roster, district=home, plan=spec.plan(item.kind), submission=item)
        for source, row, given in _allocations(plan):
            plans = spent.get(source, {})
            total = sum(plans.values(), Decimal(0))
            if total > given:
                yield plan.advice(
                    "over-allocation", names.ALLOCATIONS, row, names.AMOUNT,
                    source=source, given=money(given), total=money(total), over=money(total - given),
                    count=len(plans), largest=_largest(plans, called),
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


def copies(
    spec: Spec, roster: Roster, home: District, submissions: Sequence[Submission]
) -> Iterator[Finding]:
    """``same-text-in-schools`` and, once for all the district's own wording, ``same-text-in-most-schools``.

    District wording is what stands in the district's plan, or in more than half of the schools' plans.
    """
    items = [one for item in submissions for one in _texts(spec, item)]
    schools = {one.plan_id for one in items if one.is_school}
    least = Fraction(spec.advice.numbers["percent_alike"]) / 100
    shared: dict[frozenset[str], list[Group]] = {}
    common: list[Group] = []
    for group in groups([one.words for one in items], least):
        of = frozenset(items[place].plan_id for place in group.members if items[place].is_school)
        from_district = any(not items[place].is_school for place in group.members)
        many = len(of) * 2 > len(schools) and len(of) >= spec.advice.numbers["schools_for_boilerplate"]
        if of and (from_district or many):
            common.append(group)
        elif len(of) > 1:
            shared.setdefault(of, []).append(group)
    place = Place(kind=spec.owned_by("district").kind, plan_id=roster.district.id)
    called = {row.id: row.name for row in roster.schools}
    for found in shared.values():
        yield _shared(spec, place, called, items, found)
    if common:
        first = covered(items[common[0].members[0]].words)
        said = excerpt(first).rstrip(". ")
        yield spec.finding("same-text-in-most-schools", place, entered=first, said=said, count=len(common))


def _texts(spec: Spec, item: Submission) -> Iterator[_Text]:
    """The texts of a plan that are long enough to be alike by more than chance."""
    plan = spec.plan(item.kind)
    if plan.additional:
        return
    for section, field in names.COPYABLE:
        for row in item.sections.get(section, ()):
            words = text(row, field)
            if len(words.split()) >= spec.advice.numbers["words_of_copy"]:
                yield _Text(
                    plan_id=item.plan_id, is_school=plan.owner == names.SCHOOL, sheet=row.sheet,
                    cell=row.answers[field].cell, words=words,
                )  # fmt: skip


def _shared(
    spec: Spec, place: Place, called: dict[str, str], items: Sequence[_Text], found: Sequence[Group]
) -> Finding:
    """The finding for one set of schools: where its first text stands, and how many more there are."""
    first = found[0]
    words = covered(items[first.members[0]].words)
    places = list(_places(called, (items[index] for index in first.members)))
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


def _places(called: dict[str, str], items: Iterable[_Text]) -> Iterator[str]:
    """Each school once, with the first cell where the text stands."""
    seen: set[str] = set()
    for one in items:
        if one.plan_id not in seen and one.is_school:
            seen.add(one.plan_id)
            yield f"{called.get(one.plan_id, one.plan_id)} ({one.sheet}, {one.cell})"
