"""Alike texts: likeness, groups among very many, copies across schools, and time that grows with their number."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from tests.support.advised import edited, good_plan, maple_ridge, read, together
from tests.support.districts import Example

from plbuild.advice.similar import Group, likeness, runs
from plbuild.advice.similar import groups as groups_of_runs
from plbuild.model import Finding, Roster, RosterRow, Submission

WORDS = [f"w{n}" for n in range(3000)]
LEAST = Fraction(7, 10)


def text(seed: int, length: int = 60) -> str:
    """A text of its own, drawn by a linear congruential generator (Knuth's constants)."""
    state, words = seed + 1, []
    for _ in range(length + 3):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        words.append(WORDS[(state >> 33) % len(WORDS)])
    return " ".join(words[3:])


def groups(texts: Sequence[str], least: Fraction) -> list[Group]:
    """The groups of texts."""
    return groups_of_runs([runs(one) for one in texts], least)


def changed(one: str, *places: int) -> str:
    """The text with other words at some places."""
    words = one.split()
    for place in places:
        words[place] = f"other{place}"
    return " ".join(words)


def test_likeness_is_of_runs_of_three_words_in_any_case() -> None:
    assert likeness("One two, three four!", "one two three four") == 1
    assert likeness("a b c d", "b c d e") == Fraction(1, 3)
    assert likeness("a b c", "d e f") == 0
    assert likeness("a b", "a b") == 1
    assert likeness("", "a") == 0


def test_a_near_copy_is_found_with_its_likeness_and_different_texts_are_not() -> None:
    original = text(1)
    texts = [text(2), original, text(3), changed(original, 30), text(4)]
    (group,) = groups(texts, LEAST)
    assert group == Group(members=(1, 3), likeness=Fraction(55, 61))


def test_equal_texts_are_one_group_whatever_their_case_and_marks() -> None:
    assert groups([text(1), text(2), text(1).upper() + "!"], LEAST) == [
        Group(members=(0, 2), likeness=Fraction(1))
    ]
    assert groups(["", "", "?"], LEAST) == []


def test_runs_are_the_same_in_every_process() -> None:
    """They are stored, and Python gives a text another hash in each process."""
    code = f"from plbuild.advice.similar import runs; print(runs({text(1)!r}))"
    found = {
        subprocess.run(  # noqa: S603  our own code
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {runs(text(1))}


def _joined(texts: Sequence[str]) -> set[frozenset[int]]:
    """The groups by comparing every text with every other and joining those that are alike."""
    home = {place: frozenset({place}) for place in range(len(texts))}
    for one, other in combinations(range(len(texts)), 2):
        if likeness(texts[one], texts[other]) >= LEAST:
            both = home[one] | home[other]
            home |= dict.fromkeys(both, both)
    return {group for group in home.values() if len(group) > 1}


def test_the_groups_are_those_of_comparing_every_text_with_every_other() -> None:
    texts = []
    for seed in range(60):
        original = text(seed, 30)
        texts += [original, *(changed(original, (seed * 7 + n * 11) % 30) for n in range(seed % 3))]
    texts.sort(key=lambda one: one[::-1])
    found = {frozenset(group.members) for group in groups(texts, LEAST)}
    assert found == _joined(texts)
    assert len(found) == 40


def seconds(texts: Sequence[str]) -> float:
    """The shortest of three times of processor use, which other programs hardly lengthen."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        groups(texts, LEAST)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("share", [0, 40])
def test_four_times_the_texts_take_about_four_times_the_time(share: int) -> None:
    """With texts that are all different, and with two fifths variants of a few; comparing each with each
    would take sixteen times."""

    def many(count: int) -> list[str]:
        common = [text(10**6 + n) for n in range(5)]
        return [changed(common[n % 5], n % 59, n % 31) if n % 100 < share else text(n) for n in range(count)]

    small, large = seconds(many(1000)), seconds(many(4000))
    assert large < 8 * small
    assert large < 30


# ---------------------------------------------------------------------------------- copies in schools

COPY = (
    "Every third Thursday the grade teams bring eight papers from one class, sort them by the idea behind "
    "each answer, and agree on the question that they will ask on Monday."
)


def district(*texts: str) -> tuple[Roster, list[Submission]]:
    """As many schools as there are texts, each with its own as its first activity."""
    roster = maple_ridge().roster
    rows = tuple(RosterRow(id=f"0999200{n:05}", name=f"School {n}", columns={}) for n in range(len(texts)))
    plans = []
    for place, (row, words) in enumerate(zip(rows, texts, strict=True)):
        own = {
            f"{section}.{number}.{field}": text(place * 1000 + index * 10 + number, 30)
            for index, (section, field) in enumerate(FIELDS)
            for number in range(len(good_plan().sections[section]))
        }
        plan = edited(good_plan(), {**own, "actions.0.initial_activity": words})
        plans.append(replace(plan, plan_id=row.id, file=f"{row.name}.xlsx"))
    return replace(roster, schools=rows), plans


FIELDS = (
    ("needs", "finding"), ("needs", "root_cause"), ("goals", "statement"), ("objectives", "statement"),
    ("actions", "initial_activity"), ("actions", "follow_up"), ("indicators", "looks_like"),
    ("evaluation", "question"),
)  # fmt: skip


def told(example: Example, roster: Roster, plans: list[Submission]) -> list[Finding]:
    """The advice across these plans."""
    return list(together(example, plans, roster))


def test_a_copy_is_told_to_the_district_alone_with_schools_cells_and_likeness(maple_ridge: Example) -> None:
    roster, plans = district(COPY, text(1), COPY.replace("Monday", "Friday"), text(2))
    (found,) = told(maple_ridge, roster, plans)
    assert (found.code, found.where.file, found.where.kind, found.where.plan_id) == (
        "same-text-in-schools", "", "district_plan", "0999200",
    )  # fmt: skip
    cell = good_plan().sections["actions"][0].answers["initial_activity"].cell
    assert found.message == (
        f"The same text stands in several plans, 93 percent alike or more: School 0 (Actions, {cell}); "
        f'School 2 (Actions, {cell}). It begins: "Every third Thursday the grade teams bring eight papers from '
        'one class, sort th…".'
    )


def test_two_schools_that_share_many_texts_are_one_finding(maple_ridge: Example) -> None:
    roster, plans = district(COPY, text(1), text(2), text(3), text(4))
    plans[1] = replace(plans[0], plan_id=plans[1].plan_id)
    (found,) = told(maple_ridge, roster, plans)
    assert "School 0" in found.message
    assert "School 1" in found.message
    assert found.message.endswith("They share 31 more.")


def test_the_text_of_most_schools_or_of_the_district_is_told_once(maple_ridge: Example) -> None:
    roster, plans = district(*[COPY] * 4, text(1), text(2))
    (found,) = told(maple_ridge, roster, plans)
    assert (found.code, found.where.plan_id) == ("same-text-in-most-schools", "0999200")
    assert "(texts: 1)" in found.message
    roster, plans = district(COPY, COPY, text(1), text(2), text(3))
    home = edited(read("district.xlsx"), {"actions.0.initial_activity": COPY})
    assert [f.code for f in told(maple_ridge, roster, [home, *plans])] == ["same-text-in-most-schools"]


def test_a_text_twice_in_one_school_and_short_texts_are_no_copies(maple_ridge: Example) -> None:
    roster, plans = district("Coaching every week.", "Coaching every week.", text(1))
    plans[2] = edited(plans[2], {"actions.0.initial_activity": COPY, "actions.1.initial_activity": COPY})
    assert told(maple_ridge, roster, plans) == []
