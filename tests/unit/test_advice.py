"""Each piece of advice: a plan that provokes exactly it, one that is near and does not, and its words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.support import advised
from tests.support.advised import advice, edited, good_plan, maple_ridge, noted, read, together
from tests.support.districts import DATA, EXAMPLES, Example

from plbuild import intake
from plbuild.advice import CHECKS, advise, most_useful
from plbuild.advice.personal import covered, kind_of
from plbuild.model import Finding, Submission

CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "advice.yaml").read_text(encoding="utf-8"))
HERE_ALONE = {"cost-in-both-plans"}
"""Codes whose plans are made in this module."""
ACROSS = {"over-allocation", "same-text-in-schools", "same-text-in-most-schools"}
ELSEWHERE = {
    "older-version", "typed-outside", "typed-outside-many", "typed-in-comment", "counts-unknown",
    "waiver-expired", "waiver-unused", "dismissal-unused",
}  # fmt: skip
"""Advice of other stages, tested with them."""


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """The code, field and cell of each finding."""
    return [
        (f.code, f"{f.where.section}.{f.where.field}", f"{f.where.sheet}!{f.where.cell}") for f in findings
    ]


def test_there_is_nothing_to_say_of_the_good_plan() -> None:
    assert advice({}) == ()


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_a_plan_provokes_exactly_this_advice_at_its_cell(case: dict[str, Any]) -> None:
    found = advice(case["provoke"], profile=case.get("profile", ""))
    assert told(found) == [(case["code"], case["field"], case["cell"])]
    assert [(f.severity, f.message, f.fix) for f in found] == [("advice", case["message"], case["fix"])]


@pytest.mark.parametrize("case", CASES, ids=[case["code"] for case in CASES])
def test_a_plan_that_is_near_gives_no_advice(case: dict[str, Any]) -> None:
    found = advice(case["quiet"], profile=case.get("profile", ""), blocked=case.get("blocked", ()))
    assert told(found) == []


def test_every_advice_of_the_messages_has_its_plans_and_a_weight() -> None:
    spec = maple_ridge().spec
    codes = {code for code, text in spec.findings.items() if text.severity == "advice"} - ELSEWHERE
    assert {case["code"] for case in CASES} | HERE_ALONE | ACROSS == codes
    assert set(spec.advice.weights) == codes


def test_no_message_repeats_what_it_says() -> None:
    texts = [(t.message, t.fix) for t in maple_ridge().spec.findings.values() if t.severity == "advice"]
    assert len(set(texts)) == len(texts)


def test_each_check_names_its_code_and_says_why() -> None:
    for check in CHECKS:
        code = (check.__doc__ or "").split("``")[1]
        assert code in maple_ridge().spec.advice.weights, check.__name__


def test_objectives_that_lack_the_same_are_one_piece_of_advice() -> None:
    (found,) = advice({"measures.3.of": "G1", "measures.4.of": "G2"})
    assert (found.code, found.where.cell) == (
        "objective-without-measure", advised.cell("objectives.1", "statement"),
    )  # fmt: skip
    assert "what came of O2 and O3" in found.message


# ------------------------------------------------------------------------------- with other plans

COST = {
    "kind": "Contracted service", "funding_source": "Title II-A", "amount": 7800,
    "description": "Reading consultant, three days at $2,600",
}  # fmt: skip


def _costing(plan: Submission, row: int, **changes: object) -> Submission:
    return edited(plan, {f"resources.{row}.{key}": value for key, value in {**COST, **changes}.items()})


def test_a_cost_of_both_plans_is_told_to_the_school() -> None:
    home, district = maple_ridge(), _costing(read("district.xlsx"), 0)
    school = _costing(good_plan(), 3, description="Reading consultant: three days at $2,600.")
    found = advise(home.spec, home.roster, home.district, school, (district,))
    assert [(f.code, f.where.cell) for f in found] == [
        ("cost-in-both-plans", advised.cell("resources.3", "description"))
    ]
    assert found[0].message == (
        "R4, $7,800 from Title II-A, stands in the district's plan as well (there R1): "
        '"Reading consultant: three days at $2,600".'
    )


@pytest.mark.parametrize("other", [{"amount": 7801}, {"funding_source": "Local"}, {"description": "A bus"}])
def test_a_cost_that_differs_is_another_cost(other: dict[str, object]) -> None:
    home, district = maple_ridge(), _costing(read("district.xlsx"), 0)
    school = _costing(good_plan(), 3, **other)
    assert advise(home.spec, home.roster, home.district, school, (district,)) == ()


def test_money_above_the_allocation_is_told_at_the_allocation() -> None:
    home, district = maple_ridge(), read("district.xlsx")
    (row, *_), given = district.sections["allocations"], "Title II-A"
    plan = edited(district, {"allocations.0.funding_source": given, "allocations.0.amount": 1000})
    school = edited(good_plan(), {"resources.3.funding_source": given, "resources.3.amount": 50000})
    found = together(home, [plan, school])
    assert [(f.code, f.where.file, f.where.cell) for f in found] == [
        ("over-allocation", "district.xlsx", row.answers["amount"].cell)
    ]
    assert "and $39,600 is allocated" in found[0].message
    assert "Birch Street School $51,680" in found[0].message
    enough = edited(plan, {"allocations.0.amount": 500000})
    assert together(home, [enough, school]) == ()


# ------------------------------------------------------------------------------------ the examples


def _plans(example: Example) -> list[Submission]:
    found: list[Submission] = []
    folder = EXAMPLES / example.folder / "submissions"
    for path in sorted(folder.rglob("*.xlsx")):
        plans, _ = intake.read(example.spec, path.name, path.read_bytes())
        found += [plan for plan in plans if not plan.is_blank]
    return found


def test_the_good_example_gets_little_advice_and_all_of_it_meant(cedar_valley: Example) -> None:
    found: list[tuple[str, str]] = []
    for plan in _plans(cedar_valley):
        home = cedar_valley
        found += [(plan.plan_id[-3:], f.code) for f in advise(home.spec, home.roster, home.district, plan)]
    assert sorted(found) == [
        ("101", "leaders-never-audience"),
        ("101", "too-few-hours"),
        ("102", "too-few-hours"),
        ("102", "too-few-hours"),
        ("103", "title-two-one-day"),
        ("104", "too-few-hours"),
        ("107", "leaders-never-audience"),
        ("108", "no-educator-data"),
    ]


def test_schools_that_wrote_their_own_plans_are_told_of_no_copies(cedar_valley: Example) -> None:
    home = cedar_valley
    assert together(home, _plans(home)) == ()


# ------------------------------------------------------------------------------- students' privacy


@pytest.mark.parametrize(
    ("typed", "kind", "shown"),
    [
        ("SSN 123-45-6789", "social", "SSN •••"),
        ("student ID: 10445872", "id", "student ID: •••"),
        ("SASID 1044587233", "id", "SASID •••"),
        ("born on March 14, 2017", "birth", "born on •••"),
        ("DOB 3/14/2017", "birth", "DOB •••"),
    ],
)
def test_a_students_number_and_birth_date_are_found_and_covered(typed: str, kind: str, shown: str) -> None:
    assert (kind_of(typed), covered(typed)) == (kind, shown)


@pytest.mark.parametrize(
    "typed",
    [
        "412 students",
        "NCEE 2014-4005",
        "school 089910000105",
        "State: 15000",
        "students 10000",
        "state test 2026",
        "3/14/2027",
    ],
)
def test_other_numbers_and_days_are_no_students(typed: str) -> None:
    assert (kind_of(typed), covered(typed)) == ("", typed)


def test_no_advice_repeats_a_students_data() -> None:
    typed = "The child with student ID 10445872, born 3/14/2017, will read [insert level]."
    found = advice({"goals.0.statement": typed})
    assert {f.code for f in found} == {"student-data", "left-over-placeholder"}
    for item in found:
        assert "10445872" not in repr(item)
        assert "3/14/2017" not in repr(item)


# ---------------------------------------------------------------------------- order, switches, notes

MANY = {
    "goals.0.target_value": 40,
    "needs.2.data_kind": "System",
    "actions.0.start_date": None,
    "actions.2.hours_per_person": 8,
    "measures.4.target": "TBD",
    "measures.3.target": "TBD",
}


def test_the_most_useful_pieces_come_first_and_no_code_twice() -> None:
    found = advice(MANY)
    assert [f.code for f in found] == [
        "no-educator-data", "target-wrong-direction", "too-few-hours", "left-over-placeholder",
        "left-over-placeholder",
    ]  # fmt: skip
    first = most_useful(found, maple_ridge().spec)
    assert [f.code for f in first] == ["left-over-placeholder", "target-wrong-direction", "too-few-hours"]


def test_a_profile_sets_limits_and_a_weight_of_nothing_leaves_advice_out() -> None:
    edits = {"actions.2.hours_per_person": 8}
    assert [f.code for f in advice(edits)] == ["too-few-hours"]
    assert advice(edits, profile="{name: A, advice: {numbers: {contact_hours: 13}}}") == ()
    assert advice(edits, profile="{name: A, advice: {weights: {too-few-hours: 0}}}") == ()


def test_a_blank_plan_and_a_spec_without_rules_give_no_advice() -> None:
    home = maple_ridge()
    blank = replace(edited(good_plan(), MANY), is_blank=True)
    assert advise(home.spec, home.roster, home.district, blank) == ()
    silent = replace(home.spec, advice=type(home.spec.advice)())
    assert advise(silent, home.roster, home.district, edited(good_plan(), MANY)) == ()
    assert together(replace(home, spec=silent), [good_plan()]) == ()


def test_the_notes_open_with_what_is_good_and_show_the_most_useful_first() -> None:
    home, plan = maple_ridge(), edited(good_plan(), MANY)
    found = list(advice(MANY))
    found.append(replace(found[0], severity="note"))
    page = noted(home, plan, found)
    assert page.opening == (
        "What is strong in this plan: 4 of 6 actions are part of people's daily work; every objective has its "
        "actions, a sign to look for on the way and a measure at the end; and the evaluation asks whether "
        "adults use what they learned and whether students gain."
    )
    assert [piece.code for piece in page.first] == [
        "left-over-placeholder", "target-wrong-direction", "too-few-hours",
    ]  # fmt: skip
    assert [(part.title, [piece.code for piece in part.pieces]) for part in page.rest] == [
        (home.spec.plan("school_plan").section("needs").title, ["no-educator-data"]),
        (home.spec.plan("school_plan").section("measures").title, ["left-over-placeholder"]),
    ]


def test_the_notes_praise_nothing_that_is_not_so() -> None:
    home = maple_ridge()
    edits = {
        "goals.0.baseline_value": None,
        "measures.4.of": "O2",
        "evaluation.2.level": None,
        **{f"actions.{n}.design": "Conference" for n in range(6)},
    }
    page = noted(home, edited(good_plan(), edits), ())
    assert (page.good, page.first, page.rest) == ((), (), ())
    assert page.opening.startswith("Thank you for this plan.")


def test_what_is_an_error_already_is_no_advice_as_well() -> None:
    assert advice({"goals.0.baseline_value": None, "evaluation.0.use_of_results": None}) == ()
    assert advice({"actions.2.hours_per_person": "eight"}, blocked=["actions.2.hours_per_person"]) == ()
