"""Advice that the district sets aside: what it covers, what it says, and that an idle dismissal is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.advised import Edits, advice, good_plan, maple_ridge, noted
from tests.support.districts import EXAMPLES

from plbuild.advice import dismiss
from plbuild.model import Dismissal, Finding, SpecError
from plbuild.pipeline import waivers
from plbuild.spec import agreed, district

BIRCH = "099920000201"
EDITS = {"actions.2.hours_per_person": 8}
GIVEN = Dismissal(
    code="too-few-hours", plan=BIRCH, field="actions.hours_per_person", reason="Coaching is extra."
)


def after(*given: Dismissal, edits: Edits = EDITS) -> list[Finding]:
    """The advice on the good plan with edits after the dismissals, and on those that did nothing."""
    example = maple_ridge()
    home = replace(example.district, dismissed=given)
    found = dismiss(example.spec, home, advice(edits))
    return [*found, *waivers.unused_dismissals(example.spec, example.roster, home, found)]


def test_dismissed_advice_is_a_note_with_the_reason_and_not_in_the_notes_to_the_school() -> None:
    (before,) = advice(EDITS)
    (found,) = after(GIVEN)
    assert (found.severity, found.code, found.where, found.dismissal) == (
        "note", before.code, before.where, GIVEN,
    )  # fmt: skip
    assert found.message == f"{before.message} Set aside by the district: Coaching is extra."
    assert found.fix == "Nothing to do."
    example = maple_ridge()
    page = noted(example, good_plan(), [found])
    assert (page.first, page.rest) == ((), ())


@pytest.mark.parametrize("changes", [{}, {"plan": ""}, {"field": "actions"}, {"field": ""}])
def test_a_dismissal_covers_what_it_names(changes: dict[str, str]) -> None:
    assert [(f.severity, f.code) for f in after(replace(GIVEN, **changes))] == [("note", "too-few-hours")]


@pytest.mark.parametrize("changes", [{"plan": "099920000202"}, {"field": "goals"}, {"code": "only-events"}])
def test_a_dismissal_that_does_nothing_is_told(changes: dict[str, str]) -> None:
    found = after(replace(GIVEN, **changes))
    assert [(f.severity, f.code) for f in found] == [
        ("advice", "too-few-hours"),
        ("advice", "dismissal-unused"),
    ]
    assert (found[1].where.file, found[1].message[:16]) == ("district.yaml", "The dismissal of")
    named = {"actions.hours_per_person": "Hours for each person", "goals": ""}
    assert found[1].where.label == named[replace(GIVEN, **changes).field]


def test_an_idle_dismissal_is_told_with_what_it_names_and_one_in_use_is_not() -> None:
    found = after(replace(GIVEN, plan=""), edits={})
    assert [f.message for f in found] == [
        "The dismissal of too-few-hours in actions.hours_per_person for all plans set nothing aside: there was "
        "no such advice."
    ]
    assert "dismissal-unused" not in [f.code for f in after(GIVEN)]


TEXT = (EXAMPLES / "maple-ridge" / "district.yaml").read_text(encoding="utf-8")


def with_dismissed(line: str) -> str:
    """The district's settings with one dismissal."""
    return f"{TEXT}dismissed:\n  - {line}\n"


def test_district_yaml_names_dismissals() -> None:
    text = with_dismissed(
        f'{{code: too-few-hours, plan: "{BIRCH}", field: actions.hours_per_person, reason: Coaching is extra.}}'
    )
    home = district("district.yaml", text)
    agreed("district.yaml", text, home, maple_ridge().spec, maple_ridge().roster)
    assert home.dismissed == (GIVEN,)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{code: no-such, reason: x}", "there is no finding no-such"),
        ("{code: required-missing, reason: x}", "required-missing is no advice"),
        ('{code: too-few-hours, plan: "1", reason: x}', "no plan is owed by '1'"),
        ("{code: too-few-hours, field: goals.nothing, reason: x}", "no section or field goals.nothing"),
    ],
)
def test_a_dismissal_of_what_there_is_not_is_said_with_its_line(line: str, complaint: str) -> None:
    text = with_dismissed(line)
    with pytest.raises(SpecError) as caught:
        agreed(
            "district.yaml", text, district("district.yaml", text), maple_ridge().spec, maple_ridge().roster
        )
    (problem,) = caught.value.problems
    assert complaint in problem
    assert problem.startswith(f"district.yaml, line {len(TEXT.splitlines()) + 2}, dismissed[0]")


def test_a_dismissal_needs_its_reason() -> None:
    with pytest.raises(SpecError) as caught:
        district("district.yaml", with_dismissed("{code: too-few-hours}"))
    assert "dismissed[0].reason: this key is missing." in str(caught.value)
