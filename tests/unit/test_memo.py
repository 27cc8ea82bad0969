"""The page of reviewer's notes: what it says, in which order, and what it leaves out where there is nothing."""

from __future__ import annotations

import io

import docx
import pytest
from tests.support.accessible import problems
from tests.support.districts import ROOT

from plbuild.documents import Memo, Remark, memo_context, render
from plbuild.documents.starter import starter
from plbuild.model import RosterRow, Spec

OWNER = RosterRow(id="089910000102", name="O'Keeffe <Elementary>", columns={})
TARGET = Remark(
    section="Goals", label="Target", cell="H5", message="The target is below 5 & falling.", fix="Raise it."
)
WHOLE = Remark(section="Actions", label="", cell="", message="All begin in one week.", fix="Spread them.")
MEMO = Memo(
    opening="What is strong in this plan: each goal says where students are now.",
    first=(TARGET,),
    rest=(("Actions", (WHOLE,)), ("Goals", (TARGET,))),
    changes=("Goal G1: the target went from 50 to 54.",),
)


def page(memo: Memo) -> bytes:
    """The page that the committed template makes of some notes."""
    template = (ROOT / "output_templates" / "reviewer_notes.docx").read_bytes()
    facts = {"district": "Cedar Valley", "plan_year": "2026-27"}
    return render(template, memo_context(memo, OWNER, ("plan.xlsx", "ab" * 32), facts))


def told(data: bytes) -> list[tuple[str, str]]:
    """Style and text of each paragraph."""
    document = docx.Document(io.BytesIO(data))
    return [(item.style.name or "", item.text) for item in document.paragraphs if item.style]


def test_the_most_useful_come_first_then_the_rest_by_section() -> None:
    assert told(page(MEMO)) == [
        ("Subtitle", "Reviewer's notes on the professional learning plan 2026-27"),
        ("Title", "O'Keeffe <Elementary>"),
        ("Lead", MEMO.opening),
        (
            "Fine Print",
            "These notes say what a reviewer would. They never hold a plan back; take what helps.",
        ),
        ("Heading 1", "What would help most"),
        ("Objective", "Goals, Target, cell H5"),
        ("Normal", "The target is below 5 & falling. Raise it."),
        ("Heading 1", "Also worth a look"),
        ("Heading 2", "Actions"),
        ("List Bullet", "Actions: All begin in one week. Spread them."),
        ("Heading 2", "Goals"),
        ("List Bullet", "Target, cell H5: The target is below 5 & falling. Raise it."),
        ("Heading 1", "What changed since the plan was last read"),
        ("List Bullet", "Goal G1: the target went from 50 to 54."),
        ("Provenance", "On the workbook plan.xlsx (SHA-256 abababababab)."),
    ]


def test_without_advice_it_says_so_and_has_no_empty_headings() -> None:
    said = told(page(Memo(opening="Thank you for this plan.", first=(), rest=())))
    assert [text for style, text in said if style.startswith("Heading")] == ["What would help most"]
    assert ("Normal", "We read the whole plan and have no advice to add.") in said


@pytest.mark.parametrize("memo", [MEMO, Memo(opening="Thank you.", first=(), rest=())])
def test_the_page_is_accessible(memo: Memo) -> None:
    assert problems(page(memo)) == []


def test_the_committed_template_is_what_its_outline_says(spec_2022: Spec) -> None:
    outline = (ROOT / "output_templates" / "reviewer_notes.yaml").read_text(encoding="utf-8")
    made = starter(spec_2022, spec_2022.plan("school_plan"), outline)
    committed = (ROOT / "output_templates" / "reviewer_notes.docx").read_bytes()
    assert docx.Document(io.BytesIO(made)).element.xml == docx.Document(io.BytesIO(committed)).element.xml
