"""That an answer which a Word template leaves out or cuts is told with its cell, and no other is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.support.districts import EXAMPLES, ROOT

from plbuild import pipeline
from plbuild.model import Finding
from plbuild.pipeline import Folders, SerialExecutor

CODES = ("not-in-document", "cut-in-document")
Told = Callable[[str, str], list[Finding]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """The notes of a build of Maple Ridge whose school template has one tag replaced by another."""
    folders = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=tmp_path / "templates")
    shutil.copytree(ROOT / "output_templates", folders.output_templates)

    def notes(tag: str, instead: str) -> list[Finding]:
        path = folders.output_templates / "school_plan.docx"
        template = Document(str(path))
        places = [run for item in template.paragraphs for run in item.runs if run.text == tag]
        assert len(places) == 1
        places[0].text = instead
        template.save(str(path))
        report = pipeline.build(
            EXAMPLES / "maple-ridge", folders, tmp_path / "out", SerialExecutor(), date(2026, 11, 23), print
        )
        return [item for item in report.findings if item.code in CODES]

    return notes


def test_the_template_as_it_is_leaves_nothing_out(told: Told) -> None:
    assert told("{{ direction.mission }}", "{{ direction.mission }}") == []


def test_an_answer_without_a_tag_is_told_at_its_cell(told: Told) -> None:
    (note,) = told("{{ direction.mission }}", "")
    assert (note.severity, note.code) == ("note", "not-in-document")
    assert (note.where.file, note.where.section, note.where.field) == (
        "Birch Street.xlsx",
        "direction",
        "mission",
    )
    sheet = load_workbook(EXAMPLES / "maple-ridge" / "submissions" / note.where.file)[note.where.sheet]
    assert sheet[note.where.cell].value == note.entered
    assert note.message.startswith("Mission was answered, but the Word plan does not show it")


def test_an_answer_that_is_cut_is_told_so(told: Told) -> None:
    (note,) = told("{{ direction.mission }}", "{{ direction.mission | brief(30) }}")
    assert (note.severity, note.code, note.where.field) == ("note", "cut-in-document", "mission")
    assert note.message == (
        "Mission stands in the Word plan with its beginning alone: its Word template cuts it."
    )
