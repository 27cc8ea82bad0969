"""Which build a build is compared with: the last one whose plans were others, or the one that is named."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.districts import EXAMPLES, ROOT
from tests.unit.test_pipeline import tree

from plbuild import pipeline
from plbuild.model import InputError
from plbuild.pipeline import Folders, Options, Report, SerialExecutor, history

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
BIRCH = "Birch Street.xlsx"


def run(folder: Path, out: Path, day: int = 23, since: Path | None = None) -> Report:
    """A check of the plans, which reads and compares as a build does, on a day of November."""
    options = Options(since=since)
    when = date(2026, 11, day)
    return pipeline.validate(folder, FOLDERS, out, SerialExecutor(), when, lambda _: None, options)


def told(out: Path) -> list[str]:
    """The changes that the last build in a folder tells of."""
    text = (out / "data" / "changes.csv").read_text(encoding="utf-8-sig")
    return [row["words"] for row in csv.DictReader(io.StringIO(text))]


def principal(folder: Path, name: str) -> None:
    """Another name for the principal of Birch Street."""
    path = folder / "submissions" / BIRCH
    book = load_workbook(path)
    place = next(
        s.defined_names["pl_identity_principal"] for s in book if "pl_identity_principal" in s.defined_names
    )
    sheet, cell = next(iter(place.destinations))
    book[sheet][cell] = name
    book.save(path)


@pytest.fixture
def maple(tmp_path: Path) -> tuple[Path, Path]:
    """A district folder and an output folder in which the first build is done."""
    folder, out = tmp_path / "maple-ridge", tmp_path / "out"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    run(folder, out)
    return folder, out


def test_the_first_build_compares_with_nothing(maple: tuple[Path, Path]) -> None:
    _, out = maple
    assert told(out) == []
    assert "There is no earlier build" in (out / "index.html").read_text(encoding="utf-8")
    assert not (out / history.BEFORE).exists()
    assert history.PLANS in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["outputs"]


def test_building_again_from_the_same_plans_gives_the_same_bytes(maple: tuple[Path, Path]) -> None:
    folder, out = maple
    principal(folder, "Rosa Lind")
    run(folder, out)
    first = tree(out)
    assert told(out) == [words for words in told(out) if words.startswith("Your school, Principal: from “")]
    assert len(told(out)) == 1
    for _ in range(2):
        run(folder, out)
        assert tree(out) == first


def test_each_build_is_compared_with_the_one_before_it(maple: tuple[Path, Path]) -> None:
    folder, out = maple
    principal(folder, "Rosa Lind")
    run(folder, out, 24)
    run(folder, out, 25)
    principal(folder, "Li Wei")
    run(folder, out, 26)
    assert told(out) == ["Your school, Principal: from “Rosa Lind” to “Li Wei”"]
    assert "since the build of 25 Nov 2026" in (out / "index.html").read_text(encoding="utf-8")
    (folder / "submissions" / BIRCH).unlink()
    run(folder, out, 27)
    assert told(out) == ["The plan was accepted, and is not received now."]


def test_a_build_that_was_stopped_between_the_two_files_compares_as_it_would_have(
    maple: tuple[Path, Path],
) -> None:
    folder, out = maple
    first = tree(out)
    principal(folder, "Rosa Lind")
    run(folder, out)
    whole = tree(out)
    # The answers of the build before are written first, then the rest; killed in between, this is left.
    for name, data in first.items():
        (out / name).write_bytes(data)
    run(folder, out)
    assert tree(out) == whole


def test_an_earlier_build_is_compared_with_by_its_manifest(maple: tuple[Path, Path], tmp_path: Path) -> None:
    folder, out = maple
    shutil.copytree(out, tmp_path / "october")
    for name in ("Rosa Lind", "Li Wei"):
        principal(folder, name)
        run(folder, out)
    usual = tree(out)
    run(folder, out, since=tmp_path / "october" / "manifest.json")
    (words,) = told(out)
    assert words.startswith("Your school, Principal: from “")
    assert words.endswith("to “Li Wei”")
    assert "Rosa Lind" not in words
    # It leaves no trace in what the next build is compared with.
    run(folder, out)
    assert tree(out) == usual


def test_a_manifest_that_cannot_be_compared_with_stops_before_anything_is_done(
    maple: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, out = maple
    before = tree(out)
    alone = tmp_path / "alone" / "manifest.json"
    alone.parent.mkdir()
    shutil.copy(out / "manifest.json", alone)
    other = tmp_path / "other.json"
    other.write_text("[]", encoding="utf-8")
    for path, words in (
        (alone, "the answers of that build do not lie beside it"),
        (other, "this is no manifest.json of an earlier build"),
        (tmp_path / "none.json", "there is no such file"),
    ):
        with pytest.raises(InputError, match=words):
            run(folder, out, since=path)
    assert tree(out) == before


def test_kept_answers_that_are_damaged_are_as_none(maple: tuple[Path, Path]) -> None:
    folder, out = maple
    first = tree(out)
    (out / history.PLANS).write_bytes((out / history.PLANS).read_bytes()[:100])
    run(folder, out)
    assert tree(out) == first


def test_a_build_of_another_district_is_refused(maple: tuple[Path, Path], tmp_path: Path) -> None:
    _, out = maple
    other = tmp_path / "cedar-valley"
    with pytest.raises(InputError, match="this is a build of another district"):
        run(EXAMPLES / "cedar-valley", other, since=out / "manifest.json")


def test_a_file_for_a_folder_and_a_folder_for_a_file_are_told_with_the_remedy(tmp_path: Path) -> None:
    roster = EXAMPLES / "maple-ridge" / "roster.csv"
    with pytest.raises(InputError, match="this is a file; name the folder"):
        run(roster, tmp_path / "out")
    with pytest.raises(InputError, match="in this folder; name the manifest"):
        run(EXAMPLES / "maple-ridge", tmp_path / "out", since=tmp_path)
    with pytest.raises(InputError, match="there is no such file; name the manifest"):
        run(EXAMPLES / "maple-ridge", tmp_path / "out", since=tmp_path / "none" / "manifest.json")
