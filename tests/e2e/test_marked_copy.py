"""A marked copy goes back, is worked on in real programs, and comes in again."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from plbuild import checks, intake, pipeline, returns
from plbuild.model import Finding, Submission
from plbuild.pipeline import Folders, Report, SerialExecutor
from tests.support.districts import EXAMPLES, ROOT, Example
from tests.support.fill import Answers, entries, expected, records
from tests.support.make_examples import Blank, riverside_with_mistakes
from tests.support.marks import is_marked, notes, rows
from tests.support.office import LibreOffice, enter, gnumeric_resave, insert_rows, needs, rename_sheet

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
MISTAKES = [("Goals", "I6"), ("Objectives", "F7"), ("Actions", "J6"), ("Actions", "E9")]

Resave = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def riverside(maple_ridge: Example) -> Blank:
    """Riverside's plan with its four mistakes."""
    return riverside_with_mistakes(maple_ridge)


@pytest.fixture(scope="module")
def sent(riverside: Blank) -> bytes:
    """Riverside's workbook as it was sent."""
    return riverside.filled()


@pytest.fixture(scope="module")
def copy(maple_ridge: Example, sent: bytes) -> bytes:
    """Its marked copy."""
    return marked(maple_ridge, sent)


@pytest.fixture(params=["LibreOffice", "Gnumeric"])
def resave(request: pytest.FixtureRequest) -> Resave:
    """A program that opens and saves a workbook."""
    if request.param == "Gnumeric":
        needs("ssconvert")
        return gnumeric_resave
    office: LibreOffice = request.getfixturevalue("office")
    return office.edit


def judged(example: Example, data: bytes) -> tuple[Submission, list[Finding]]:
    """The plan in a workbook, and everything that is found wrong with it."""
    (plan,), found = intake.read(example.spec, "Riverside plan.xlsx", data)
    return plan, [
        *found,
        *checks.check(checks.Rules(example.spec), example.roster, example.district, plan, {}),
    ]


def marked(example: Example, data: bytes) -> bytes:
    """A marked copy with all that is found."""
    return returns.marked(example.spec, data, judged(example, data)[1], title="Riverside · 2026-27")


def test_re_read_it_gives_the_same_records_and_findings(
    maple_ridge: Example, sent: bytes, copy: bytes, resave: Resave
) -> None:
    plan, found = judged(maple_ridge, sent)
    assert [(item.where.sheet, item.where.cell) for item in found] == MISTAKES
    for data in (copy, resave(copy)):
        again, said = judged(maple_ridge, data)
        assert records(again) == records(plan)
        assert said == found


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")  # Gnumeric writes none
def test_saved_by_another_program_and_marked_again_the_marks_do_not_pile_up(
    maple_ridge: Example, sent: bytes, copy: bytes, resave: Resave
) -> None:
    base, found = judged(maple_ridge, sent)
    saved = resave(copy)
    again = returns.marked(maple_ridge.spec, saved, found[:1], title="Riverside")
    book = load_workbook(io.BytesIO(again))
    assert book.sheetnames == ["Fix list", *load_workbook(io.BytesIO(sent)).sheetnames]
    assert [len(notes(again, sheet)) for sheet in ("Goals", "Objectives", "Actions")] == [1, 0, 0]
    assert [is_marked(again, cell, sheet) for sheet, cell in MISTAKES] == [True, False, False, False]
    edges = [book[sheet][cell].border.top for sheet, cell in MISTAKES[1:]]
    assert [(edge.style, edge.color.rgb[2:]) for edge in edges] == [("thin", "B4BAC2")] * 3
    assert records(judged(maple_ridge, again)[0]) == records(base)


def corrections(answers: Answers) -> Answers:
    """The answers that mend the four mistakes, each at its row."""
    actions = [{"end_date": answers["actions"][0]["end_date"]}, {}, {}]
    return {
        "goals": [{"measure": answers["goals"][0]["measure"]}],
        "objectives": [{}, {"audience": answers["objectives"][1]["audience"]}],
        "actions": [*actions, {"objective": answers["actions"][3]["objective"]}],
    }


def test_corrected_in_libreoffice_it_is_accepted(
    maple_ridge: Example, riverside: Blank, copy: bytes, office: LibreOffice
) -> None:
    answers = maple_ridge.answers("riverside-middle")
    places = entries(copy, corrections(answers), riverside.plan, riverside.owner.id)
    assert len(places) == 4
    plan, found = judged(maple_ridge, office.edit(copy, [enter(places)]))
    assert found == []
    assert records(plan) == expected(answers, riverside.plan, riverside.owner.columns)


def test_half_corrected_with_rows_inserted_and_a_tab_renamed_it_is_marked_where_it_is_wrong(
    maple_ridge: Example, riverside: Blank, copy: bytes, office: LibreOffice
) -> None:
    answers = maple_ridge.answers("riverside-middle")
    places = entries(copy, corrections(answers), riverside.plan, riverside.owner.id)
    kept = [replace(place) for place in places if place.sheet != "Actions"]
    steps = [
        enter(kept),
        insert_rows("Actions", "pl_actions", 1, 2),
        rename_sheet("Actions", "What we'll do"),
    ]
    again = marked(maple_ridge, office.edit(copy, steps))
    assert [row[2:5] for row in rows(again) if row[1] == "Must be mended"] == [
        ("What we'll do", "J6", "Ends"),
        ("What we'll do", "E11", "Objective"),
    ]
    assert set(notes(again, "What we'll do")) >= {"J6", "E11"}
    assert [is_marked(again, cell, "What we'll do") for cell in ("J6", "E9", "E11")] == [True, False, True]
    assert not any(is_marked(again, cell, sheet) for sheet, cell in MISTAKES[:2])


def test_every_held_example_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "maple-ridge"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)

    def validate() -> Report:
        return pipeline.validate(
            folder, FOLDERS, tmp_path / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None
        )

    first = validate()
    copies = sorted((tmp_path / "out" / "returned").iterdir())
    assert [path.name for path in copies] == ["Riverside plan.xlsx"]
    for path in copies:
        shutil.copy(path, folder / "submissions" / path.name)
    second = validate()
    assert second.findings == first.findings
    assert [item.state for item in second.statuses] == [item.state for item in first.statuses]
    assert sorted(path.read_bytes() for path in (tmp_path / "out" / "returned").iterdir()) == sorted(
        (folder / "submissions" / path.name).read_bytes() for path in copies
    )
