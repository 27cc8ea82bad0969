"""What a watched folder makes happen, and what it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.districts import EXAMPLES
from tests.unit.test_pipeline import FOLDERS, build

from plbuild import pipeline
from plbuild.model import InputError
from plbuild.pipeline import Report
from plbuild.pipeline.watch import became

Step = Callable[[], object]


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Maple Ridge, to be changed."""
    shutil.copytree(EXAMPLES / "maple-ridge", tmp_path / "maple-ridge")
    return tmp_path / "maple-ridge"


def nothing() -> None:
    """A second in which nothing happens."""


def watched(folder: Path, *steps: Step, rebuild: Callable[[], Report] | None = None) -> list[str]:
    """What is told while in each second one of the steps happens, beginning with the first change."""
    told: list[str] = []
    to_come: Iterator[Step] = iter(steps)

    def sleep(_: float) -> None:
        step = next(to_come, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    with pytest.raises(KeyboardInterrupt):
        pipeline.watch(
            folder, FOLDERS, rebuild or (lambda: build(folder, folder.parent / "out")), told.append, sleep
        )
    begun = told.index(f"Watching {folder}; press Ctrl-C to end.")
    return told[begun + 1 :]


def test_what_came_is_built_and_what_became_of_it_is_told(district: Path) -> None:
    plan = district / "submissions" / "Birch Street.xlsx"
    away = plan.rename(district.parent / plan.name)
    held = district / "submissions" / "Riverside plan.xlsx"

    def come() -> None:
        shutil.copy(away, plan)
        (district / "submissions" / "notes.txt").write_text("hello", encoding="utf-8")

    told = watched(district, nothing, come, nothing, held.unlink, nothing)
    assert told == [
        "Came: submissions/Birch Street.xlsx",
        "Came: submissions/notes.txt",
        "  Birch Street School (099920000201): accepted",
        told[3],
        "Maple Ridge Public Schools, 2026-27: 1 of 4 school plans accepted.",
        "Gone: submissions/Riverside plan.xlsx",
        "Maple Ridge Public Schools, 2026-27: 1 of 4 school plans accepted.",
    ]
    assert told[3].startswith("  notes.txt: ")


def test_a_file_that_is_still_coming_is_waited_for(district: Path) -> None:
    plan = district / "submissions" / "Riverside plan.xlsx"
    data = plan.read_bytes()
    other = district / "submissions" / "Riverside again.xlsx"

    def half() -> None:
        other.write_bytes(data[:5000])

    def more() -> None:
        other.write_bytes(data[:9000])

    def whole() -> None:
        other.write_bytes(data)
        plan.unlink()

    assert watched(district, half, nothing, more, nothing, nothing) == []
    other.unlink()
    told = watched(district, half, nothing, more, whole, nothing)
    assert told == [
        "Came: submissions/Riverside again.xlsx",
        "Gone: submissions/Riverside plan.xlsx",
        "  Riverside Middle School (099920000202): held until its errors are mended, 4 errors",
        "Maple Ridge Public Schools, 2026-27: 1 of 4 school plans accepted.",
    ]


def test_a_file_that_never_becomes_whole_is_told_of_in_the_end(district: Path) -> None:
    other = district / "submissions" / "torn.xlsx"
    data = (district / "submissions" / "district.xlsx").read_bytes()

    def torn() -> None:
        other.write_bytes(data[:5000])

    told = watched(district, torn, *[nothing] * 16)
    assert told[0] == "Came: submissions/torn.xlsx"
    assert told[1].startswith("  torn.xlsx: ")


def test_what_office_programs_and_clouds_leave_for_a_moment_is_passed_over(district: Path) -> None:
    home = district / "submissions"

    def temporary() -> None:
        for name in ("~$Birch Street.xlsx", ".~lock.Birch Street.xlsx#", "A1B2C3D4.tmp", "plan.xlsx.partial"):
            (home / name).write_bytes(b"x")

    assert watched(district, temporary, nothing, nothing) == []


def test_wrong_inputs_are_told_and_waited_for(district: Path) -> None:
    settings = district / "district.yaml"
    text = settings.read_text(encoding="utf-8")

    def spoil() -> None:
        settings.write_text("name: x\n", encoding="utf-8")

    def mend() -> None:
        settings.write_text(text, encoding="utf-8")

    told = watched(district, spoil, nothing, mend, nothing)
    assert told[:2] == ["Changed: district.yaml", told[1]]
    assert told[1].startswith("Nothing was done, because something here needs mending first:\n")
    assert told[2:] == [
        "Changed: district.yaml",
        "Maple Ridge Public Schools, 2026-27: 1 of 4 school plans accepted.",
    ]


def test_a_plan_of_nobody_is_told_by_what_was_found(district: Path) -> None:
    report = build(district, district.parent / "out")
    assert list(became(report, "nowhere.xlsx")) == ["nowhere.xlsx: no plan of this district is in it."]


def test_the_first_build_may_fail(district: Path) -> None:
    def wrong() -> Report:
        raise InputError(("roster.csv: this file is missing.",))

    assert watched(district, nothing, rebuild=wrong) == []
