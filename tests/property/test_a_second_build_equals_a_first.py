"""The law: whatever happened in the folder between builds, a build gives what one from nothing gives.

What is told of the change itself (the page, the notes, ``data/changes.csv``, what is kept for the next
comparison) depends on the builds before, and is left out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild import archive, pipeline
from plbuild.pipeline import Options, SerialExecutor
from tests.support.districts import EXAMPLES, ROOT
from tests.unit.test_pipeline import FOLDERS, quiet, tree

OPTIONS = Options(drafts=True, advice=True)
DAYS = (date(2026, 10, 20), date(2026, 11, 23))
OF_CHANGES = ("index.html", "manifest.json", "data/changes.csv", "history/", "notes/")
SCHOOLS = ROOT / "examples" / "cedar-valley" / "submissions"


def taken_away(folder: Path, out: Path, number: int) -> None:
    """A workbook, or another file of the office's, is no longer there."""
    files = sorted((folder / "submissions").iterdir())
    if files:
        files[number % len(files)].unlink()


def sent(folder: Path, out: Path, number: int) -> None:
    """A workbook comes in under its own or another's name: one that was there, or one of elsewhere."""
    own = sorted((EXAMPLES / "maple-ridge" / "submissions").iterdir())
    source = [*own, *sorted(SCHOOLS.glob("*.xlsx"))[:1]][number % (len(own) + 1)]
    name = (source, own[number % len(own)], source.with_stem("again"))[number % 3].name
    shutil.copyfile(source, folder / "submissions" / name)


def said(folder: Path, out: Path, number: int) -> None:
    """The district says something else: its name, a school's name, its due date."""
    name, old, new = (
        ("district.yaml", "Maple Ridge Public", "Maple Ridge Area"),
        ("roster.csv", "Birch Street School", "Birch Street"),
        ("district.yaml", "due_date: 2026-10-30", "due_date: 2026-10-01"),
    )[number % 3]
    path = folder / name
    text = path.read_text(encoding="utf-8")
    swapped = text.replace(old, new) if old in text else text.replace(new, old)
    path.write_text(swapped, encoding="utf-8")


def lost(folder: Path, out: Path, number: int) -> None:
    """An output is gone or is another."""
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.parent.name != ".plbuild"]
    if files and number % 2:
        files[number % len(files)].unlink()
    elif files:
        files[number % len(files)].write_bytes(b"changed")


def only_checked(folder: Path, out: Path, number: int) -> None:
    """Somebody ran a check in between."""
    pipeline.validate(folder, FOLDERS, out, SerialExecutor(), DAYS[number % 2], quiet)


def mended(folder: Path, out: Path, number: int) -> None:
    """A workbook comes in again with a text or a number that is another."""
    files = sorted((folder / "submissions").glob("*.xlsx"))
    if not files:
        return
    path = files[number % len(files)]
    found = _NUMBER if number % 2 else _TEXT

    def changed(_: str, data: bytes) -> bytes:
        places = list(found.finditer(data))
        if not places:
            return data
        at = places[number * 7 % len(places)].end()
        return data[:at] + b"1" + data[at:]

    with suppress(BadZipFile):
        path.write_bytes(archive.repack(path.read_bytes(), changed))


# The beginning of a number in a cell, and of a text of some words that cells share.
_NUMBER, _TEXT = (
    re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?: t="n")?><v>(?=[0-9])'),
    re.compile(rb"<t>(?=[^<]{20})"),
)


Event = Callable[[Path, Path, int], None]
EVENTS: tuple[Event, ...] = (taken_away, sent, said, mended, lost, only_checked)


@settings(max_examples=6, deadline=None)
@given(
    events=st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 30)), min_size=1, max_size=4),
    day=st.sampled_from(DAYS),
)
def test_a_second_build_equals_a_first(events: list[tuple[Event, int]], day: date) -> None:
    with TemporaryDirectory() as name:
        home = Path(name)
        folder, out = home / "maple-ridge", home / "out"
        shutil.copytree(EXAMPLES / "maple-ridge", folder)
        _build(folder, out, DAYS[0])
        for event, number in events:
            event(folder, out, number)
        _build(folder, out, day)
        _build(folder, home / "from nothing", day)
        assert _of_plans(out) == _of_plans(home / "from nothing")


def _build(folder: Path, out: Path, day: date) -> None:
    pipeline.build(folder, FOLDERS, out, SerialExecutor(), day, quiet, OPTIONS)


def _of_plans(out: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(out).items() if not name.startswith(OF_CHANGES)}
