"""Whose plan it is and which copy counts, in whole builds: nothing of one plan touches another."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.districts import EXAMPLES, ROOT, Example
from tests.support.fill import cell_of, fill

from plbuild import blank, pipeline
from plbuild.pipeline import Folders, Report, SerialExecutor

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
FIRST, SECOND = "MRHS plan.xlsx", "MRHS plan v2 (final).xlsx"
HIGH = "099920000203"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Maple Ridge, where the high school's plan came in twice."""
    shutil.copytree(EXAMPLES / "maple-ridge", tmp_path / "maple-ridge")
    return tmp_path / "maple-ridge"


def build(folder: Path) -> Report:
    """A build on one fixed day, beside the folder."""
    return pipeline.build(
        folder, FOLDERS, folder.parent / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None
    )


def said(report: Report, *plan_ids: str) -> list[tuple[str, str, str]]:
    """File, code and severity of the findings about some plans, without what was typed outside."""
    return [
        (f.where.file, f.code, f.severity)
        for f in report.findings
        if f.where.plan_id in plan_ids and not f.code.startswith("typed-")
    ]


def manifest(folder: Path) -> dict[str, Any]:
    """What the build wrote down."""
    content: dict[str, Any] = json.loads(
        (folder.parent / "out" / "manifest.json").read_text(encoding="utf-8")
    )
    return content


def became(folder: Path) -> dict[str, list[str]]:
    """What became of the plans of each file."""
    return {entry["file"]: [p["became"] for p in entry["plans"]] for entry in manifest(folder)["submissions"]}


def add(folder: Path, lines: str) -> None:
    """Write lines at the end of district.yaml."""
    with (folder / "district.yaml").open("a", encoding="utf-8") as file:
        file.write(lines)


@pytest.mark.parametrize(("chosen", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_the_copy_that_counts_is_built_and_the_other_passed_by(folder: Path, chosen: str, other: str) -> None:
    add(folder, f'counts: {{"{HIGH}": "{chosen}"}}\n')
    report = build(folder)
    assert report.faults == ()
    assert said(report, HIGH) == [(other, "superseded", "note")]
    status = next(item for item in report.statuses if item.owner.id == HIGH)
    assert (status.state, status.files) == ("accepted", (chosen,))
    assert (became(folder)[chosen], became(folder)[other]) == (["accepted"], ["superseded"])
    rows = (folder.parent / "out" / "data" / "school_actions.csv").read_text(encoding="utf-8-sig")
    assert chosen in rows
    assert other not in rows
    assert (folder.parent / "out" / "plans" / "schools" / f"maple-ridge-high-school-{HIGH}.docx").exists()


def test_a_mistake_in_the_copy_that_is_passed_by_holds_nothing(folder: Path) -> None:
    path = folder / "submissions" / FIRST
    book = load_workbook(path)
    del book["Evaluation"]
    book.save(path)
    add(folder, f'counts: {{"{HIGH}": "{SECOND}"}}\n')
    assert said(build(folder), HIGH) == [(FIRST, "superseded", "note")]


def test_the_same_file_twice_is_used_once_and_it_says_so(folder: Path) -> None:
    home = folder / "submissions"
    (home / SECOND).unlink()
    (home / "copies").mkdir()
    shutil.copy(home / FIRST, home / "copies" / FIRST)
    report = build(folder)
    assert said(report, HIGH) == [(f"copies/{FIRST}", "same-file-twice", "note")]
    status = next(item for item in report.statuses if item.owner.id == HIGH)
    assert (status.state, status.files) == ("accepted", (FIRST,))
    assert became(folder)[f"copies/{FIRST}"] == ["same-file-twice"]


def test_a_copy_in_a_zip_is_named_and_accounted_for(folder: Path) -> None:
    home = folder / "submissions"
    with zipfile.ZipFile(home / "both.zip", "w") as package:
        for name in (FIRST, SECOND):
            package.write(home / name, name)
            (home / name).unlink()
    add(folder, f'counts: {{"{HIGH}": "both.zip/{FIRST}"}}\n')
    assert said(build(folder), HIGH) == [(f"both.zip/{SECOND}", "superseded", "note")]
    (entry,) = [entry for entry in manifest(folder)["submissions"] if entry["file"] == "both.zip"]
    assert (entry["became"], entry["findings"]) == ("read", ["superseded"])
    assert {plan["file"]: plan["became"] for plan in entry["plans"]} == {
        f"both.zip/{FIRST}": "accepted", f"both.zip/{SECOND}": "superseded",
    }  # fmt: skip


def test_a_name_that_no_file_has_is_advice_and_both_copies_are_held(folder: Path) -> None:
    add(folder, f'counts: {{"{HIGH}": "MRHS.xlsx"}}\n')
    report = build(folder)
    assert said(report, HIGH) == [
        (SECOND, "duplicate-submission", "error"),
        (FIRST, "duplicate-submission", "error"),
        ("district.yaml", "counts-unknown", "advice"),
    ]
    assert next(item for item in report.statuses if item.owner.id == HIGH).state == "held"
    assert "district.yaml:\n  - district.yaml says that" in report.text()


def test_another_districts_workbooks_are_one_finding_each_and_touch_nothing(
    folder: Path, cedar_valley: Example, maple_ridge: Example
) -> None:
    before = build(folder)
    source = EXAMPLES / "cedar-valley" / "submissions"
    shutil.copy(source / "Lincoln Elementary.xlsx", folder / "submissions" / "a stray.xlsx")
    shutil.copy(source / "District plan with Alder and Juniper.xlsx", folder / "submissions" / "another.xlsx")
    report = build(folder)
    ids = ("089910000101", cedar_valley.district.leaid, "089910000107", "089910000108")
    assert said(report, *ids) == [
        ("a stray.xlsx", "other-district", "error"),
        ("another.xlsx", "other-district", "error"),
        ("another.xlsx", "other-district", "error"),
        ("another.xlsx", "other-district", "error"),
    ]
    assert report.statuses == before.statuses
    assert [f for f in report.findings if f.where.file not in ("a stray.xlsx", "another.xlsx")] == [
        *before.findings
    ]


def test_last_years_plan_is_held_at_its_year(folder: Path, maple_ridge: Example) -> None:
    plan, owner = maple_ridge.spec.owned_by("school"), maple_ridge.roster.schools[0]
    data = blank.separate(maple_ridge.spec, plan, owner, maple_ridge.words)
    answers = maple_ridge.answers("birch-street")
    answers["identity"]["plan_year"] = "2025-26"
    (folder / "submissions" / "Birch Street.xlsx").write_bytes(fill(data, answers, plan, owner.id))
    report = build(folder)
    (found,) = [f for f in report.findings if f.where.plan_id == owner.id]
    sheet, cell = cell_of(data, plan, owner.id, "identity", "plan_year")
    assert (found.code, found.where.sheet, found.where.cell) == ("other-plan-year", sheet, cell)
    assert found.entered == "2025-26"
    assert next(item for item in report.statuses if item.owner.id == owner.id).state == "held"


def test_an_untouched_blank_workbook_is_a_note_and_nothing_else(folder: Path, maple_ridge: Example) -> None:
    plan, owner = maple_ridge.spec.owned_by("school"), maple_ridge.roster.schools[0]
    data = blank.separate(maple_ridge.spec, plan, owner, maple_ridge.words)
    (folder / "submissions" / "Birch Street.xlsx").write_bytes(data)
    report = build(folder)
    assert said(report, owner.id) == [
        ("Birch Street.xlsx", "plan-empty", "note"), ("", "plan-not-received", "error"),
    ]  # fmt: skip
