"""The copies that go back: which files get one, under what name, and that they are told of."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.districts import EXAMPLES, ROOT

from plbuild import pipeline, returns
from plbuild.model import Finding, Spec
from plbuild.pipeline import Folders, Report, SerialExecutor

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
RIVERSIDE, BIRCH = "Riverside plan.xlsx", "Birch Street.xlsx"


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Maple Ridge, to be changed."""
    shutil.copytree(EXAMPLES / "maple-ridge", tmp_path / "maple-ridge")
    return tmp_path / "maple-ridge"


def validate(district: Path, *, advice: bool = False) -> tuple[Report, dict[str, list[str]]]:
    """The report, and of each copy in the order of the report what its Fix list says is wrong."""
    out = district.parent / "out"
    report = pipeline.validate(
        district,
        FOLDERS,
        out,
        SerialExecutor(),
        date(2026, 11, 23),
        lambda _: None,
        pipeline.Options(advice=advice),
    )
    names = [name for name in report.written if name.startswith("returned/")]
    on_disk = {p.relative_to(out).as_posix() for p in (out / "returned").rglob("*") if p.is_file()}
    assert set(names) == on_disk
    return report, {name.removeprefix("returned/"): wrong((out / name).read_bytes()) for name in names}


def wrong(data: bytes) -> list[str]:
    """The column What is wrong of a Fix list."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [str(row[6].value) for row in sheet.iter_rows(min_row=7) if row[6].value]


def spoil(district: Path, name: str) -> None:
    """Type a wrong e-mail address into a workbook."""
    book = load_workbook(district / "submissions" / name)
    sheet = book.worksheets[1]
    (cell,) = [cell for row in sheet for cell in row if "@" in str(cell.value)]
    cell.value = "nobody"
    book.save(district / "submissions" / name)


def test_held_files_go_back_those_with_most_errors_first(district: Path) -> None:
    spoil(district, BIRCH)
    report, copies = validate(district)
    assert {name: len(said) for name, said in copies.items()} == {RIVERSIDE: 4, BIRCH: 1}
    assert next(iter(copies)) == RIVERSIDE
    assert copies[RIVERSIDE][0] == "Measured by is missing."
    told = report.text().partition("Send back these files")[2]
    assert told.splitlines()[1:3] == ["  - returned/Riverside plan.xlsx", f"  - returned/{BIRCH}"]


def test_which_of_two_files_counts_is_no_mistake_of_the_school(district: Path) -> None:
    """What the district is to choose is not marked, also where the files have mistakes besides."""
    report, copies = validate(district)
    assert not [name for name in copies if name.startswith("MRHS")]
    assert "Send back" in report.text()
    spoil(district, "MRHS plan.xlsx")
    report, copies = validate(district)
    assert [said for said in copies["MRHS plan.xlsx"] if "more than once" in said] == []
    assert len(copies["MRHS plan.xlsx"]) == 1
    assert "MRHS plan v2 (final).xlsx" not in copies


def test_a_copy_is_taken_away_when_its_file_is_in_order(district: Path) -> None:
    validate(district)
    (district / "submissions" / RIVERSIDE).unlink()
    report, copies = validate(district)
    assert copies == {}
    assert "Send back" not in report.text()


def test_the_title_says_whose_workbook_it_is(district: Path) -> None:
    (district / "submissions" / "odd.csv").write_text("school,goal\nBirch,read\n", encoding="utf-8")
    validate(district)
    heads = {}
    for name in (RIVERSIDE, "odd.csv.xlsx"):
        book = load_workbook(district.parent / "out" / "returned" / name)
        heads[name] = book.worksheets[0]["B3"].value
    assert heads == {
        RIVERSIDE: "Riverside Middle School · 2026-27 · to be mended: 4",
        "odd.csv.xlsx": "odd.csv · to be mended: 1",
    }


def test_with_advice_files_go_back_that_have_advice_alone(district: Path) -> None:
    sent = district / "submissions" / "Birch Street.xlsx"
    book = load_workbook(sent)
    book["Needs"]["T3"] = "We will call you about this."
    book.save(sent)
    _, without = validate(district)
    _, copies = validate(district, advice=True)
    assert "Birch Street.xlsx" not in without
    assert any("We will call you" in said for said in copies["Birch Street.xlsx"])


def test_folders_are_kept_and_a_file_in_a_zip_gets_its_own_copy(district: Path) -> None:
    home = district / "submissions"
    (home / "late").mkdir()
    with zipfile.ZipFile(home / "late" / "all.zip", "w") as bundle:
        bundle.write(home / RIVERSIDE, "../plans/Riverside plan.xlsx")
    (home / RIVERSIDE).unlink()
    _, copies = validate(district)
    assert len(copies["late/all.zip/plans/Riverside plan.xlsx"]) == 4


def test_a_fault_in_one_copy_does_not_stop_the_others(
    district: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = returns.marked

    def fails(spec: Spec, data: bytes, findings: Sequence[Finding], *, title: str) -> bytes:
        if title.startswith("Riverside"):
            raise AssertionError("a defect")
        return right(spec, data, findings, title=title)

    monkeypatch.setattr(returns, "marked", fails)
    spoil(district, BIRCH)
    report, copies = validate(district)
    assert set(copies) == {BIRCH}
    assert report.exit_status == pipeline.FAULT
    assert [fault.item for fault in report.faults] == [RIVERSIDE]
