"""Advice on what was typed: leftovers, last year's days, another school, a student's data, repeats.

Each function takes a ``Reading`` and gives the advice of one code. Design decision: only what a reader
would stop at. Another school may be a partner, and last year's data belong in a plan; so names are looked
for where a school speaks of itself, and old days where work of this plan is described.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from plbuild.advice import names
from plbuild.advice.personal import kind_of
from plbuild.advice.reading import Reading, day, plain, text, without, words_of
from plbuild.model import Finding, shown

_BLANKS = re.compile(
    r"<(?!/)[A-Za-z][^<>@\n]{1,60}>|____+|\?\?\?+"
    r"|\[(?:insert|your|enter|name of|school name|add|fill)\b[^\]\n]*\]",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|spring|summer|fall|autumn|winter)"
)
_OLD = re.compile(
    rf"\b{_MONTHS}(?: \d{{1,2}},?)?,? (?:of )?(?P<year>20\d\d)\b"
    r"|\b\d{1,2}/\d{1,2}/(?P<full>20\d\d)\b"
    r"|\b(?P<school>20\d\d)\s?[-\N{EN DASH}]\s?(?:20)?\d\d\b",
    re.IGNORECASE,
)
# Each of them names such a year, and most texts have none.
_YEAR = re.compile(r"20\d\d")
_NEAR = 60
_PERSONAL = {
    "social": "student_data_social",
    "id": "student_data_id",
    "birth": "student_data_birth",
}


def placeholder(plan: Reading) -> Iterator[Finding]:
    """``left-over-placeholder``: a blank of a form that nobody filled in."""
    for section, row, field, one in plan.texts:
        found = _BLANKS.search(one)
        words = found.group() if found else plan.mentions("placeholders", one)
        if words:
            yield plan.advice("left-over-placeholder", section, row, field, found=words)


def last_years_words(plan: Reading) -> Iterator[Finding]:
    """``last-years-dates``: a day of an earlier year in work of this plan, or a date long before it."""
    first, _ = plan.term()
    if first is None:
        return
    for row in plan.rows(names.ACTIONS):
        for field in (names.INITIAL_ACTIVITY, names.FOLLOW_UP):
            if found := _old_words(plan, text(row, field), first.year):
                yield plan.advice(
                    "last-years-dates", names.ACTIONS, row, field, found=found, first=shown(first)
                )
    yield from _old_days(plan, first)


def _old_words(plan: Reading, one: str, year: int) -> str:
    """The first day of an earlier year of which the text does not speak as data or history."""
    for found in _OLD.finditer(one) if _YEAR.search(one) else ():
        about = one[max(0, found.start() - _NEAR) : found.end() + _NEAR]
        named = found.group("year") or found.group("full") or found.group("school")
        if int(named) < year and not plan.mentions("looking_back", about):
            return found.group()
    return ""


def _old_days(plan: Reading, first: date) -> Iterator[Finding]:
    earliest = first - timedelta(days=int(plan.limit("days_before_start")))
    for section, field in names.LATER_DATES:
        for row in plan.rows(section):
            due = day(row, field)
            if due and due < earliest:
                yield plan.advice(
                    "last-years-dates", section, row, field, found=shown(due), first=shown(first)
                )


def another_school(plan: Reading) -> Iterator[Finding]:
    """``another-schools-name``: another school of the district where this one speaks of itself."""
    if plan.plan.owner != names.SCHOOL:
        return
    schools = tuple((row.id, row.name) for row in plan.roster.schools)
    known = _names_of_schools(schools, plan.spec.advice.words["school_words"])
    own = _own_names(plan)
    for section, field in names.OWN_VOICE:
        for row in plan.rows(section):
            if name := _other_school(known, _folded(text(row, field)), plan.submission.plan_id, own):
                yield plan.advice("another-schools-name", section, row, field, school=name)


class _Named(NamedTuple):
    """A name without accents and case, and the rows of the roster that bear it: place, number, name."""

    folded: str
    rows: tuple[tuple[int, str, str], ...]


# A district's roster is one for all its plans, and to fold its names takes as long as to judge a plan.
@lru_cache(maxsize=4)
def _names_of_schools(
    schools: tuple[tuple[str, str], ...], school_words: tuple[str, ...]
) -> dict[tuple[str, str], list[_Named]]:
    """The schools' names with and without the word School, by their first two words; of one word, none."""
    bearers: dict[str, list[tuple[int, str, str]]] = {}
    for number, (school, name) in enumerate(schools):
        full = _folded(name)
        short = " ".join(without(school_words, full).split())
        for place, folded in enumerate(dict.fromkeys((full, short))):
            if " " in folded:
                bearers.setdefault(folded, []).append((2 * number + place, school, name))
    found: dict[tuple[str, str], list[_Named]] = {}
    for folded, rows in bearers.items():
        first, second = folded.split()[:2]
        found.setdefault((first, second), []).append(_Named(folded, tuple(rows)))
    return found


def _other_school(known: Mapping[tuple[str, str], Iterable[_Named]], one: str, plan_id: str, own: str) -> str:
    """The first school of the roster, other than the plan's, that a folded text names; else empty."""
    found = [
        (rows[0][0], rows[-1][2])
        for pair in known.keys() & pairwise(one.split())
        for folded, bearers in known[pair]
        if f" {folded} " in f" {one} " and f" {folded} " not in own
        if (rows := [row for row in bearers if row[1] != plan_id])
    ]
    return min(found)[1] if found else ""


def _own_names(plan: Reading) -> str:
    """What the school is called, and its district, folded, between spaces."""
    owner = plan.roster.owner(plan.plan, plan.submission.plan_id)
    head = plan.head(names.DISPLAY_NAME)
    own = [owner.name if owner else "", text(head, names.DISPLAY_NAME) if head else ""]
    return f" {' '.join(_folded(name) for name in (*own, plan.district.name))} "


def _folded(one: str) -> str:
    if not one.isascii():
        letters = unicodedata.normalize("NFKD", one)
        one = "".join(c for c in letters if not unicodedata.combining(c))
    return plain(one.replace("'", ""))


def student_data(plan: Reading) -> Iterator[Finding]:
    """``student-data``: a student's number or birth date; the advice does not repeat it."""
    for section, row, field, one in plan.texts:
        if kind := kind_of(one):
            what = plan.spec.phrases[_PERSONAL[kind]]
            yield plan.advice("student-data", section, row, field, what=what)


def repeated_under_goals(plan: Reading) -> Iterator[Finding]:
    """``same-text-under-goals``: one text for the objectives, or actions, of several goals."""
    goals = {row.id: text(row, names.GOAL) for row in plan.rows(names.OBJECTIVES) if row.id}
    places = (
        (names.OBJECTIVES, names.STATEMENT, names.GOAL),
        (names.ACTIONS, names.INITIAL_ACTIVITY, names.OBJECTIVE),
    )
    enough = plan.limit("words_of_use") * 2
    for section, field, link in places:
        seen: dict[tuple[str, ...], tuple[str, str]] = {}
        for row in plan.rows(section):
            goal = text(row, link) if link == names.GOAL else goals.get(text(row, link), "")
            words = tuple(words_of(text(row, field)))
            if not goal or len(words) < enough:
                continue
            before, other = seen.setdefault(words, (goal, row.id))
            if before != goal:
                yield plan.advice(
                    "same-text-under-goals", section, row, field, goal=goal, other=other, before=before
                )


CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    placeholder,
    last_years_words,
    another_school,
    student_data,
    repeated_under_goals,
)
