"""What a second build does again and what it keeps, and that the outputs are those of a build from nothing."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from tests.support.districts import EXAMPLES, ROOT
from tests.unit.test_pipeline import AS_OF, FOLDERS, quiet, tree

from plbuild import pipeline
from plbuild.model import InputError
from plbuild.pipeline import Folders, Options, Report, SerialExecutor, files, lock, program, store, work

DRAFTS = Options(drafts=True, advice=True)


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Maple Ridge, to be changed."""
    shutil.copytree(EXAMPLES / "maple-ridge", tmp_path / "maple-ridge")
    return tmp_path / "maple-ridge"


class Counting:
    """An executor that works here and now, and counts the items of each kind of work."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}

    def map(self, fn: Callable[[Any], Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        for batch in iterables[0]:
            results = fn(batch)
            self.done[fn.__name__] = self.done.get(fn.__name__, 0) + len(results)
            yield results


def build(
    folder: Path, out: Path, *, day: date = AS_OF, folders: Folders = FOLDERS
) -> tuple[Report, dict[str, int]]:
    """A build with drafts and copies for advice, and how many items of each kind of work it did."""
    counting = Counting()
    report = pipeline.build(folder, folders, out, counting, day, quiet, DRAFTS)
    return report, counting.done


def from_nothing(folder: Path, home: Path, *, day: date = AS_OF) -> dict[str, bytes]:
    """What a build gives where there was none before."""
    out = home / "from nothing"
    shutil.rmtree(out, ignore_errors=True)
    build(folder, out, day=day)
    return tree(out)


def of_plans(files: dict[str, bytes]) -> dict[str, bytes]:
    """The outputs that tell of the plans alone, and not of what changed since an earlier build."""
    telling = ("index.html", "manifest.json", "data/changes.csv", "history/", "notes/")
    return {name: data for name, data in files.items() if not name.startswith(telling)}


ALL = {"read_batch": 5, "check_batch": 5, "render_batch": 4, "copy_batch": 1, "note_batch": 2}


def test_nothing_is_done_again_where_nothing_changed(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, done = build(district, out)
    assert done == ALL
    before = tree(out)
    times = {name: (out / name).stat().st_mtime_ns for name in before if name != "manifest.json"}
    second, done = build(district, out)
    assert done == {}
    assert tree(out) == before == from_nothing(district, tmp_path)
    assert {name: (out / name).stat().st_mtime_ns for name in times} == times
    assert (first.findings, first.statuses, first.written) == (
        second.findings, second.statuses, second.written,
    )  # fmt: skip


def test_a_check_in_between_costs_the_next_build_nothing(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(district, out)
    before = tree(out)
    pipeline.validate(district, FOLDERS, out, SerialExecutor(), AS_OF, quiet, DRAFTS)
    assert build(district, out)[1] == {}
    assert tree(out) == before


def test_a_plan_that_came_is_the_only_one_that_is_read(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    late = district / "submissions" / "Birch Street.xlsx"
    data = late.read_bytes()
    late.unlink()
    build(district, out)
    late.write_bytes(data)
    _, done = build(district, out)
    # The district's plan is filled anew, because it tells what the others plan.
    assert done == {"read_batch": 1, "check_batch": 1, "render_batch": 2, "note_batch": 1}
    assert of_plans(tree(out)) == of_plans(from_nothing(district, tmp_path))


def test_a_file_of_another_name_is_another_file(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(district, out)
    (district / "submissions" / "Birch Street.xlsx").rename(district / "submissions" / "Birch.xlsx")
    _, done = build(district, out)
    assert done == {"read_batch": 1, "check_batch": 1, "render_batch": 2, "note_batch": 1}
    assert of_plans(tree(out)) == of_plans(from_nothing(district, tmp_path))


def test_a_chart_that_shows_the_same_is_not_drawn_again(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(district, out)
    # Neither the drawing nor matplotlib can be loaded any more.
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "plbuild.charts.drawing", raising=False)
    build(district, out)  # keeps the pictures, although it shows none
    (district / "submissions" / "Birch Street.xlsx").rename(district / "submissions" / "Birch.xlsx")
    report, done = build(district, out)
    assert not report.faults
    assert done["render_batch"] == 2  # the district's plan, which shows the charts, among them
    monkeypatch.undo()
    assert of_plans(tree(out)) == of_plans(from_nothing(district, tmp_path))


def test_times_decide_nothing(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(district, out)
    before = tree(out)
    for path in district.rglob("*.*"):
        path.touch()
    assert build(district, out)[1] == {}
    assert tree(out) == before


@pytest.mark.parametrize(
    ("file", "old", "new", "done"),
    [
        ("roster.csv", "Birch Street School", "Birch Street", {**ALL, "read_batch": 0, "copy_batch": 1}),
        ("district.yaml", "Maple Ridge Public", "Maple Ridge Area", {**ALL, "read_batch": 0}),
    ],
)
def test_what_the_district_says_is_judged_anew_and_not_read_anew(
    district: Path, tmp_path: Path, file: str, old: str, new: str, done: dict[str, int]
) -> None:
    out = tmp_path / "out"
    build(district, out)
    path = district / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    again = build(district, out)[1]
    assert again.get("read_batch", 0) == done["read_batch"]
    assert again["check_batch"] == done["check_batch"]
    assert of_plans(tree(out)) == of_plans(from_nothing(district, tmp_path))


def test_another_template_is_filled_for_the_plans_of_its_kind(district: Path, tmp_path: Path) -> None:
    folders = Folders(workbook_templates=FOLDERS.workbook_templates, output_templates=tmp_path / "o")
    shutil.copytree(ROOT / "output_templates", folders.output_templates)
    out = tmp_path / "out"
    build(district, out, folders=folders)
    template = Document(str(folders.output_templates / "school_plan.docx"))
    template.add_paragraph("A new last line.")
    template.save(str(folders.output_templates / "school_plan.docx"))
    _, done = build(district, out, folders=folders)
    assert done == {"render_batch": 3}


def test_another_spec_or_another_program_begins_from_nothing(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(district, out)
    monkeypatch.setattr(program, "fingerprint", lambda: "another")
    assert build(district, out)[1] == ALL
    folders = Folders(workbook_templates=tmp_path / "w", output_templates=FOLDERS.output_templates)
    shutil.copytree(ROOT / "workbook_templates", folders.workbook_templates)
    with (folders.workbook_templates / "school_plan.yaml").open("a", encoding="utf-8") as text:
        text.write("# a remark changes nothing\n")
    assert build(district, out, folders=folders)[1] == {}
    path = folders.workbook_templates / "lists.yaml"
    text_of = path.read_text(encoding="utf-8")
    path.write_text(text_of.replace("Mathematics", "Maths"), encoding="utf-8")
    assert build(district, out, folders=folders)[1]["read_batch"] == 5


def test_an_output_that_somebody_changed_or_removed_is_written_again(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(district, out)
    before = tree(out)
    names = [name for name in before if name not in ("manifest.json", "plans/district.docx")]
    for number, name in enumerate(names):
        if number % 2:
            (out / name).write_bytes(b"changed")
        else:
            (out / name).unlink()
    build(district, out)
    assert tree(out) == before


@pytest.mark.parametrize("damage", ["cut", "other", "body", "missing", "gone"])
def test_a_damaged_store_is_as_good_as_none(district: Path, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "out"
    build(district, out)
    before = tree(out)
    path = out / store.FOLDER / "known.sqlite"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 - 1000])
    elif damage == "other":
        path.write_bytes(b"something else entirely")
    elif damage == "gone":
        shutil.rmtree(out / store.FOLDER)
    else:
        base = sqlite3.connect(path)
        if damage == "body":
            base.execute("UPDATE known SET body = replace(body, 'Birch', 'Burch')")
        else:
            base.execute("DELETE FROM known WHERE key LIKE 'answers %' OR key LIKE 'document %'")
        base.commit()
        base.close()
    _, done = build(district, out)
    assert done == ALL
    assert tree(out) == before
    assert build(district, out)[1] == {}


def test_the_store_lets_go_of_what_is_no_longer_used(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(district, out)
    path = out / store.FOLDER / "known.sqlite"

    def count() -> int:
        base = sqlite3.connect(path)
        found = base.execute("SELECT count(*) FROM known").fetchone()[0]
        base.close()
        return int(found)

    before = count()
    (district / "submissions" / "Birch Street.xlsx").unlink()
    build(district, out)
    assert count() < before


def test_a_second_build_on_one_folder_says_so_and_stops(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with lock.held(out), pytest.raises(InputError, match="another build is at work here"):
        build(district, out)
    assert tree(out) == {}
    build(district, out)
    assert "manifest.json" in tree(out)


def test_what_a_killed_build_had_begun_to_write_goes_where_it_is_not_wanted(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    birch = district / "submissions" / "Birch Street.xlsx"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "remove_stale", killed)
        with pytest.raises(KeyboardInterrupt):
            build(district, out)
    assert "manifest.json" not in tree(out)
    assert "plans/schools/birch-street-school-099920000201.docx" in tree(out)
    birch.unlink()
    build(district, out)
    assert of_plans(tree(out)) == of_plans(from_nothing(district, tmp_path))


def test_a_build_that_is_ended_before_it_is_made_leaves_the_earlier_outputs(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(district, out)
    before = tree(out)
    (district / "submissions" / "Birch Street.xlsx").unlink()

    def ended(_: work.RenderBatch) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "render_batch", ended)
    with pytest.raises(KeyboardInterrupt):
        build(district, out)
    assert tree(out) == before
