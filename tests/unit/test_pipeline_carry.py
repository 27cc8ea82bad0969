"""Issuing with the answers of an earlier folder: which plans, which copy, and what is told of the rest."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.districts import EXAMPLES, ROOT, Example
from tests.support.fill import Records, cell_of, records

from plbuild import archive, intake
from plbuild.model import InputError, Submission
from plbuild.pipeline import Folders, offices

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
CEDAR, MAPLE = EXAMPLES / "cedar-valley", EXAMPLES / "maple-ridge"
HIGH, BIRCH = "099920000203", "099920000201"


def district(tmp_path: Path, example: Path = MAPLE, year: str = "2026-27") -> Path:
    """A district folder without submissions."""
    folder = tmp_path / "new"
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("submissions"))
    text = (folder / "district.yaml").read_text(encoding="utf-8")
    (folder / "district.yaml").write_text(text.replace("2026-27", year), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def maple(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Maple Ridge issued anew with the answers of its own submissions, and what the command says."""
    folder = district(tmp_path_factory.mktemp("maple"))
    return folder, offices.issue(folder, FOLDERS, "separate", MAPLE)


def issued(folder: Path, example: Example) -> dict[str, Submission]:
    """The plans in the issued workbooks, by plan id."""
    plans: dict[str, Submission] = {}
    for path in sorted((folder / "issued").glob("*.xlsx")):
        submissions, findings = intake.read(example.spec, path.name, path.read_bytes())
        assert findings == ()
        plans |= {item.plan_id: item for item in submissions}
    return plans


def left(folder: Path) -> list[dict[str, str]]:
    """The rows of not-carried.csv."""
    text = (folder / "issued" / "not-carried.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("layout", ["separate", "shared"])
def test_a_whole_district_starts_with_its_answers_of_the_same_year(
    tmp_path: Path, cedar_valley: Example, layout: str
) -> None:
    folder = district(tmp_path, CEDAR)
    lines = offices.issue(folder, FOLDERS, layout, CEDAR)
    assert lines[2].startswith("9 plans start with ")
    assert left(folder) == []
    before: dict[str, Records] = {}
    for path in sorted((CEDAR / "submissions").rglob("*.xlsx")):
        plans, _ = intake.read(cedar_valley.spec, path.name, path.read_bytes())
        before |= {item.plan_id: records(item) for item in plans}
    after = {key: records(item) for key, item in issued(folder, cedar_valley).items()}
    # Its second cost stands in a row that was inserted, and gets a printed number now.
    inserted = "089910000102"
    rows = [{**row, "id": ""} for row in before[inserted].pop("resources")]
    again = [{**row, "id": ""} for row in after[inserted].pop("resources")]
    assert after == before
    assert sorted(map(str, again)) == sorted(map(str, rows))


def test_into_another_year_goes_what_the_spec_marks(tmp_path: Path, cedar_valley: Example) -> None:
    folder = district(tmp_path, CEDAR, "2027-28")
    offices.issue(folder, FOLDERS, "separate", CEDAR / "submissions")
    assert left(folder) == []
    plans = issued(folder, cedar_valley)
    assert plans["089910000101"].sections["goals"] == ()
    assert {r.value("district_goal") for r in plans["089910000105"].sections["goals"]} <= {
        "None", "DG1", "DG2", "DG3",
    }  # fmt: skip
    form = plans["089910000101"].form("identity")
    assert form is not None
    assert (form.value("principal"), form.value("plan_year")) == ("Corinne Dunn-Baca", None)


def test_of_two_copies_the_one_saved_last_is_used_and_the_other_named(
    maple: tuple[Path, list[str]], maple_ridge: Example
) -> None:
    folder, lines = maple
    form = issued(folder, maple_ridge)[HIGH].form("direction")
    assert form is not None
    assert "Department chairs read each other's plans" in str(form.value("last_year_change"))
    assert [(row["name"], row["why"]) for row in left(folder) if row["plan"] == HIGH] == [
        (
            "MRHS plan.xlsx",
            "The plan came in more than once; MRHS plan v2 (final).xlsx, saved last, was used.",
        )
    ]
    assert any(line.startswith("  - MRHS plan.xlsx: The plan came in more than once") for line in lines)


def test_what_is_left_is_named_with_its_place_and_reason(maple: tuple[Path, list[str]]) -> None:
    folder, _ = maple
    found = [
        (row["section"], row["row"], row["field"], row["value"], row["why"])
        for row in left(folder)
        if row["plan"] == "099920000202" and row["field"]
    ]
    assert found == [
        ("Objectives for staff", "O2", "Who will learn", "Everybody", "It is no longer among the choices."),
        ("What we will do", "A4", "Objective", "O9", "The row that it names was not carried over."),
    ]


def test_a_plan_of_nobody_on_the_roster_and_a_file_that_holds_none_are_named(
    tmp_path: Path, maple_ridge: Example
) -> None:
    source = tmp_path / "sent"
    source.mkdir()
    shutil.copy(MAPLE / "submissions" / "Birch Street.xlsx", source)
    shutil.copy(CEDAR / "submissions" / "Lincoln Elementary.xlsx", source)
    (source / "notes.txt").write_text("hello", encoding="utf-8")
    (source / "~$Birch Street.xlsx").write_bytes(b"lock")
    folder = district(tmp_path)
    lines = offices.issue(folder, FOLDERS, "separate", source)
    assert lines[2].startswith("1 plan starts with ")
    rows = [row for row in left(folder) if not row["section"]]
    assert [(row["plan"], row["name"]) for row in rows] == [
        ("", "notes.txt"),
        ("089910000101", "Lincoln Elementary.xlsx"),
    ]
    assert rows[1]["why"] == "Its plan is of nobody on the roster."


def test_what_was_typed_outside_the_form_is_named(tmp_path: Path, maple: tuple[Path, list[str]]) -> None:
    source = tmp_path / "sent"
    source.mkdir()
    book = load_workbook(maple[0] / "issued" / f"birch-street-school-{BIRCH}.xlsx")
    book["Needs"]["Z40"] = "a stray thought"
    book.save(source / "birch.xlsx")
    folder = district(tmp_path)
    offices.issue(folder, FOLDERS, "separate", source)
    assert [(row["plan"], row["row"], row["value"]) for row in left(folder)] == [
        (BIRCH, "Z40", "a stray thought")
    ]


def test_a_plan_on_an_older_version_is_carried_over(tmp_path: Path, maple_ridge: Example) -> None:
    source = tmp_path / "sent"
    source.mkdir()
    data = (MAPLE / "submissions" / "Birch Street.xlsx").read_bytes()
    version = maple_ridge.spec.owned_by("school").version.encode()
    older = {
        name: part.replace(b">" + version + b"<", b">2025.1<") for name, part in archive.read(data).items()
    }
    (source / "birch.xlsx").write_bytes(archive.pack(older))
    (plan,), _ = intake.read(maple_ridge.spec, "birch.xlsx", (source / "birch.xlsx").read_bytes())
    assert plan.version == "2025.1"
    folder = district(tmp_path)
    offices.issue(folder, FOLDERS, "separate", source)
    again = issued(folder, maple_ridge)[BIRCH]
    assert again.version == maple_ridge.spec.owned_by("school").version
    assert records(again)["goals"] == records(plan)["goals"]
    assert records(again)["actions"] == records(plan)["actions"]


def test_same_bytes_for_the_same_folder_and_no_stale_table(
    tmp_path: Path, maple: tuple[Path, list[str]], maple_ridge: Example
) -> None:
    first, second = district(tmp_path), maple[0]
    offices.issue(first, FOLDERS, "separate", MAPLE)
    names = sorted(path.name for path in (first / "issued").iterdir())
    assert "not-carried.csv" in names
    for name in names:
        assert (first / "issued" / name).read_bytes() == (second / "issued" / name).read_bytes()
    offices.issue(first, FOLDERS, "separate")
    assert "not-carried.csv" not in [path.name for path in (first / "issued").iterdir()]
    assert all(item.is_blank for item in issued(first, maple_ridge).values())


def test_a_folder_without_a_plan_of_this_district_is_said(tmp_path: Path) -> None:
    folder = district(tmp_path)
    with pytest.raises(InputError, match="there is no such folder"):
        offices.issue(folder, FOLDERS, "separate", tmp_path / "nowhere")
    with pytest.raises(InputError, match="there is no filled plan of this district in it"):
        offices.issue(folder, FOLDERS, "separate", CEDAR)
    assert not (folder / "issued").exists()


def test_the_cell_of_a_carried_answer_is_the_one_of_its_field(
    maple: tuple[Path, list[str]], maple_ridge: Example
) -> None:
    data = (maple[0] / "issued" / f"birch-street-school-{BIRCH}.xlsx").read_bytes()
    plan = maple_ridge.spec.owned_by("school")
    sheet, cell = cell_of(data, plan, BIRCH, "goals", "statement")
    texts = maple_ridge.answers("birch-street")["goals"]
    assert load_workbook(io.BytesIO(data))[sheet][cell].value == texts[0]["statement"]
