"""Building again whenever something arrives or changes, until somebody ends it.

Takes folders and a function that builds, tells what came and what became of it. Design decision: looked at
once a second, by names, sizes and times, because what tells of changes does not reach folders on a network
or in a cloud; that is a trigger alone, and what is built again is decided by digests.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from plbuild.model import InputError
from plbuild.pipeline import files
from plbuild.pipeline.files import Folders
from plbuild.pipeline.report import Report, state_words

_EVERY = 1.0  # seconds between two looks
# A package that does not become whole in so many looks is damaged, and is told of as such.
_PATIENCE = 15

Seen = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The files that came, that changed and that are gone since the last look."""

    came: tuple[Path, ...] = ()
    changed: tuple[Path, ...] = ()
    gone: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.changed or self.gone)


def watch(
    folder: Path,
    folders: Folders,
    rebuild: Callable[[], Report],
    tell: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Build, and build again after each change; ends when ``sleep`` or ``rebuild`` raises.

    What is wrong with the project's own inputs is told, and waited for to be mended.
    """
    seen = look(folder, folders)
    _built(rebuild, tell, folder, Change())
    tell(f"Watching {folder}; press Ctrl-C to end.")
    for change in changes(folder, folders, seen, sleep):
        for word, paths in (("Came", change.came), ("Changed", change.changed), ("Gone", change.gone)):
            for path in paths:
                tell(f"{word}: {_name(folder, path)}")
        _built(rebuild, tell, folder, change)


def changes(folder: Path, folders: Folders, seen: Seen, sleep: Callable[[float], None]) -> Iterator[Change]:
    """Each change since ``seen``, as soon as what came is whole and nothing moves any more."""
    before, last, still = seen, seen, 0
    while True:
        sleep(_EVERY)
        now = look(folder, folders)
        still = still + 1 if now == last else 0
        last = now
        change = difference(before, now)
        if change and still and (still >= _PATIENCE or all(map(_is_whole, (*change.came, *change.changed)))):
            before = now
            yield change


def look(folder: Path, folders: Folders) -> Seen:
    """The size and time of everything that a build reads."""
    own = [folder / "district.yaml", folder / "roster.csv"]
    specs = folders.workbook_templates
    own += [*specs.glob("*.yaml"), *specs.glob("profiles/*.yaml"), *folders.output_templates.glob("*.docx")]
    sent, _ = files.submitted(folder)
    found = {}
    for path in (*own, *sent):
        try:
            status = path.stat()
        except OSError:
            continue  # gone between two looks
        if not files.is_passed_over(path.name):
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def difference(before: Seen, now: Seen) -> Change:
    """What changed between two looks."""
    return Change(
        came=tuple(path for path in now if path not in before),
        changed=tuple(path for path in now if path in before and before[path] != now[path]),
        gone=tuple(path for path in before if path not in now),
    )


def _is_whole(path: Path) -> bool:
    """Whether a file can be read and, being a package, ends as one does: its list of members comes last."""
    try:
        with path.open("rb") as file:
            return file.read(2) != b"PK" or zipfile.is_zipfile(file)
    except OSError:
        return False


def _built(rebuild: Callable[[], Report], tell: Callable[[str], None], folder: Path, change: Change) -> None:
    try:
        report = rebuild()
    except InputError as error:
        tell(f"Nothing was done, because something here needs mending first:\n{error}")
        return
    if not change:
        tell(report.text())
        return
    home = folder / "submissions"
    for path in (*change.came, *change.changed):
        if path.is_relative_to(home):
            file = path.relative_to(home).as_posix()
            for line in became(report, file):
                tell(f"  {line}")
    tell(report.heading())


def became(report: Report, file: str) -> Iterator[str]:
    """A line for each plan in a file; where it holds none that counts, what was found in it."""
    found = False
    for status in report.statuses:
        if any(name == file or name.startswith(f"{file}/") for name in status.files):
            found = True
            count = 0 if status.undecided else status.errors
            errors = f", {count} {'error' if count == 1 else 'errors'}" if count else ""
            yield f"{status.owner.name} ({status.owner.id}): {state_words(status)}{errors}"
    if not found:
        own = [f for f in report.findings if f.where.file == file or f.where.file.startswith(f"{file}/")]
        yield f"{file}: {own[0].message}" if own else f"{file}: no plan of this district is in it."


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
