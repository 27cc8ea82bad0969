"""Whatever is written into the cells of a workbook is what intake reads from them, and no note is needed.

What intake changes with a note is ``test_text_comes_back_unchanged_or_with_a_note``'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plbuild import blank, intake
from plbuild.blank import Words
from plbuild.model import Field, PlanSpec, Roster, Section, Spec
from tests.support import districts
from tests.support.fill import Answers, expected, fill, records

# A form and two tables, which together have every type of field but references.
SECTIONS = ("direction", "needs", "approvals")
OWNER = "089910000101"


def _small(spec: Spec) -> Spec:
    """The spec with a school plan of a few sections on one tab, so that a workbook is made in no time."""
    plan = spec.owned_by("school")
    step = replace(plan.steps[0], tab="All of it", sections=SECTIONS)
    small = replace(plan, steps=(step,), sections=tuple(plan.section(name) for name in SECTIONS), views=())
    return replace(spec, plans=(small,))


SPEC = _small(districts.load_spec("2022"))
PLAN: PlanSpec = SPEC.plans[0]


@pytest.fixture(scope="module")
def workbook(roster: Roster, words: Words) -> bytes:
    """The blank workbook of the small plan."""
    return blank.separate(SPEC, PLAN, roster.schools[0], words)


# A carriage return cannot be typed into a cell and XML readers make a line feed of it (XML 1.0, 2.11);
# the characters that XML forbids (2.2) cannot be in a workbook at all. Invisible ones (Cf) are another law's.
_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cf"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\n\t")
_BEGINNINGS = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "#N/A", "•", " ", "\n", "0", "TRUE", "_x0041_", "<b>", "&amp;"]
)
_TEXTS = st.builds("{}{}".format, _BEGINNINGS, st.text(_CHARACTERS, max_size=60))


def _values(item: Field) -> st.SearchStrategy[Any]:
    """Answers to a field, as a person may give them."""
    if item.list:
        return st.sampled_from(SPEC.lists[item.list].values)
    if item.type == "date":
        return st.dates(date(1990, 1, 1), date(2099, 12, 31))
    if item.type == "integer":
        return st.integers(-(10**9), 10**9)
    if item.unit_field:  # 0.61 percent is read as 61, with a note
        return st.decimals(Decimal(1), Decimal(10**9), places=2)
    if item.is_number:
        return st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2)
    return _TEXTS.filter(lambda text: bool(text.strip()))


def _row(section: Section) -> st.SearchStrategy[dict[str, Any]]:
    """A row of a table, or a form: with some answers, but for a row not with none."""
    optional = {item.name: _values(item) for item in section.fields}
    rows = st.fixed_dictionaries({}, optional=optional)
    return rows if section.shape == "form" else rows.filter(bool)


def _content(section: Section) -> st.SearchStrategy[Any]:
    if section.shape == "form":
        return _row(section)
    return st.lists(_row(section), max_size=section.rows)


PLANS: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    {section.name: _content(section) for section in PLAN.sections}
)


@settings(deadline=None, max_examples=60)
@given(answers=PLANS)
def test_fill_then_read_gives_the_same_records(workbook: bytes, answers: Answers) -> None:
    """The law."""
    filled = fill(workbook, answers, PLAN, OWNER)
    (submission,), findings = intake.read(SPEC, "plan.xlsx", filled)
    # A dash or "none" where nothing is required is read as blank, with a note: another law's, too.
    assume("read-as-blank" not in {finding.code for finding in findings})
    assert findings == ()
    assert records(submission) == expected(answers, PLAN)


@pytest.mark.parametrize(
    "text", ["=1+1", "=SUM(A1:A3)", "+3 points", "-none-", "@home", "#N/A", "1/2", "007", "TRUE", "_x0041_"]
)
def test_what_looks_like_a_formula_stays_text(workbook: bytes, text: str) -> None:
    """A leading sign does not make a formula, an error or a number of a text."""
    answers: Answers = {"direction": {"mission": text}, "approvals": [{"role": text, "name": text}]}
    (submission,), _ = intake.read(SPEC, "plan.xlsx", fill(workbook, answers, PLAN, OWNER))
    assert records(submission) == expected(answers, PLAN)
