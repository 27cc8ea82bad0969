"""PDF copies of Word plans by LibreOffice, which is started once for many documents.

Takes documents by name, returns their copies and, for those without one, why. Design decision: PDF/UA
export with a profile folder of its own, so that a LibreOffice that somebody has open neither disturbs nor
is disturbed; a document on which LibreOffice fails is tried once more by itself, so that it takes no other
down with it. The copies repeat byte for byte with the same LibreOffice and fonts (``documents.finished``);
another version of either gives other bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plbuild import documents
from plbuild.pipeline import sharing

# LibreOffice holds a batch's documents in memory one after the other; a batch is also what a time-out ends.
_BATCH = 50
_START, _EACH = 90, 30  # seconds: to start for the first time, and for the longest plan on a slow machine
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {
        name: {"type": "boolean", "value": "true"}
        for name in ("PDFUACompliance", "UseTaggedPDF", "ExportBookmarks")
    },
    separators=(",", ":"),
)
_USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    # On Windows soffice.exe returns at once; soffice.com waits for the end.
    *(
        f"{os.environ.get(name, '')}/LibreOffice/program/soffice.com"
        for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")
    ),
)
ALL = "the PDF copies"
NOT_FOUND = "LibreOffice was not found; install it from libreoffice.org, version 7.4 or later"
NOT_CONVERTED = "LibreOffice could not convert the Word plan beside it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """PDF copies by the name of their document; by the name of a copy why it could not be made."""

    copies: Mapping[str, documents.Finished]
    failed: Mapping[str, str]


def program() -> str:
    """Where LibreOffice is; empty where it is not found."""
    names = ("soffice.com", "soffice", "libreoffice")  # the first is there on Windows alone
    found = [path for name in names if (path := shutil.which(name))]
    return next((path for path in (*found, *_USUAL) if Path(path).is_file()), "")


def fingerprint() -> str:
    """Which LibreOffice would make the copies: another one makes other bytes. Empty where there is none."""
    home = Path(program()).resolve().parent
    for name in ("versionrc", "version.ini"):
        with contextlib.suppress(OSError):
            return (home / name).read_text(encoding="utf-8", errors="replace")
    return str(home)


def converted(made: Mapping[str, bytes], day: date, say: Callable[[str], None]) -> Converted:
    """A PDF copy, dated ``day``, of each Word document."""
    if not made:
        return Converted(copies={}, failed={})
    office = program()
    if not office:
        return Converted(copies={}, failed={ALL: NOT_FOUND})
    copies: dict[str, documents.Finished] = {}
    with tempfile.TemporaryDirectory(prefix="plbuild-pdf-", ignore_cleanup_errors=True) as folder:
        for part in sharing.batches(made.items(), _BATCH):
            say(f"Making PDF copies: {len(copies)} of {len(made)}")
            copies |= _batch(office, Path(folder), dict(part), day)
        for name in [name for name in made if name not in copies]:
            say(f"Once more by itself: {name}")
            copies |= _batch(office, Path(folder), {name: made[name]}, day)
    failed = {f"{name.removesuffix('.docx')}.pdf": NOT_CONVERTED for name in made if name not in copies}
    return Converted(copies=copies, failed=failed)


def _batch(office: str, folder: Path, made: Mapping[str, bytes], day: date) -> dict[str, documents.Finished]:
    """The copies that one call of LibreOffice makes; those that are missing failed."""
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as home:
        # Numbers instead of names: two plans may differ in their folder alone.
        sources = {name: Path(home) / f"{number}.docx" for number, name in enumerate(made)}
        for name, path in sources.items():
            path.write_bytes(made[name])
        _run(office, folder / "profile", Path(home), list(sources.values()))
        return dict(_results(sources, day))


def _results(sources: Mapping[str, Path], day: date) -> Iterator[tuple[str, documents.Finished]]:
    for name, path in sources.items():
        with contextlib.suppress(OSError, ValueError):  # not there, or half a file: it failed
            yield name, documents.finished(path.with_suffix(".pdf").read_bytes(), day)


def _run(office: str, profile: Path, home: Path, sources: Iterable[Path]) -> None:
    """Convert files into ``home``; ends LibreOffice and its children where it takes too long."""
    paths = [str(path) for path in sources]
    command = [
        office, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore",
        "--convert-to", _FILTER, "--outdir", str(home), *paths,
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 (the program is LibreOffice, the paths are our own)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_START + _EACH * len(paths))
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with its children."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], check=False)  # noqa: S603, S607 (Windows' own)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(15)
