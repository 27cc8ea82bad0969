"""Whatever stands in a plan, or is missing from it, advice on it never raises and never holds it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild.advice import advise
from plbuild.model import Answer, Submission, Value
from tests.support.advised import good_plan, maple_ridge, noted, read, together

ANYTHING: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(
        ["TBD", "All staff", "G1", "O2", "<name>", "1 Strong", "12/31", "student ID 1234567", "5 Student"]
    ),
    st.integers(-(10**12), 10**12),
    st.decimals(),
    st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    st.sampled_from([Decimal(0), Decimal("-1"), Decimal("Infinity"), date(9999, 12, 31)]),
)


@st.composite
def mutilated(draw: st.DrawFn) -> Submission:
    """A plan of the example with answers replaced, blocked or taken away, and rows and sections gone."""
    plan = draw(st.sampled_from([good_plan(), read("district.xlsx"), read("Riverside plan.xlsx")]))
    sections = {}
    for name, rows in plan.sections.items():
        if draw(st.integers(0, 9)) == 0:
            continue
        kept = []
        for row in rows:
            if draw(st.integers(0, 9)) == 0:
                continue
            answers = dict(row.answers)
            for field in draw(st.lists(st.sampled_from(sorted(answers)), max_size=6)):
                if draw(st.integers(0, 4)) == 0:
                    answers.pop(field, None)
                elif field in answers:
                    value = draw(ANYTHING)
                    answers[field] = Answer(
                        value, str(value), answers[field].cell, blocked=draw(st.booleans())
                    )
            number = row.id if draw(st.integers(0, 9)) else ""
            kept.append(replace(row, answers=answers, id=number))
        sections[name] = tuple(kept)
    return replace(plan, sections=sections)


@settings(max_examples=150, deadline=None)
@given(mutilated(), mutilated())
def test_advice_on_a_mutilated_plan_never_raises(plan: Submission, other: Submission) -> None:
    home = maple_ridge()
    found = advise(home.spec, home.roster, home.district, plan, (other,))
    found += together(home, [plan, other])
    assert {item.severity for item in found} <= {"advice"}
    page = noted(home, plan, found)
    about = [f for f in found if (f.where.kind, f.where.plan_id) == (plan.kind, plan.plan_id)]
    assert len(page.first) + sum(len(part.pieces) for part in page.rest) == len(about)
