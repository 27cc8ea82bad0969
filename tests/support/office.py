"""The real office programs, for tests: LibreOffice over UNO, Gnumeric, pandoc.

Takes and returns bytes. Each LibreOffice has its own profile folder, and it and its helper process
(``uno_client.py``, run by a Python that has ``uno``) are one process group that is ended for certain.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from lxml import html

from tests.support.fill import Entry

Step = dict[str, Any]
"""One thing to do in LibreOffice, made by one of the functions below."""

_CLIENT = Path(__file__).with_name("uno_client.py")
_UNO_PYTHONS = (
    sys.executable,
    "/usr/bin/python3",
    "/opt/libreoffice/program/python",
    "/Applications/LibreOffice.app/Contents/Resources/python",
    "C:/Program Files/LibreOffice/program/python.exe",
)


def needs(*programs: str) -> None:
    """Skip the test where a program is missing; fail it where CI=true, so that CI cannot skip it.

    ``uno`` stands for a Python that can drive LibreOffice.
    """
    missing = [name for name in programs if not (_uno_python() if name == "uno" else shutil.which(name))]
    if missing and os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{', '.join(missing)} must be installed in CI", pytrace=False)
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


@cache
def _uno_python() -> str:
    """A Python that has ``uno``; empty where there is none."""
    for program in _UNO_PYTHONS:
        if shutil.which(program):
            with contextlib.suppress(subprocess.CalledProcessError):
                _output(program, "-c", "import uno")
                return program
    return ""


# ------------------------------------------------------------------------------------- steps


def enter(entries: Sequence[Entry]) -> Step:
    """Type answers into their cells."""
    return {
        "do": "enter",
        "entries": [
            {"sheet": e.sheet, "name": e.name, "row": e.row, "col": e.col, "value": _plain(e.value)}
            for e in entries
        ],
    }


def _plain(value: str | int | float | date) -> tuple[str, str | float]:
    if isinstance(value, str):
        return "text", value
    return ("date", value.isoformat()) if isinstance(value, date) else ("number", value)


def insert_rows(sheet: str, name: str, row: int, count: int = 1) -> Step:
    """Insert rows above the row ``row`` (from 0) of the area that carries ``name``."""
    return {"do": "insert_rows", "sheet": sheet, "name": name, "row": row, "count": count}


def rename_sheet(old: str, new: str) -> Step:
    """Give a tab another name."""
    return {"do": "rename_sheet", "old": old, "new": new}


def move_sheet(title: str, position: int) -> Step:
    """Put a tab before the one that stands at ``position`` (from 0)."""
    return {"do": "move_sheet", "title": title, "position": position}


def copy_to_new_book(*titles: str) -> Step:
    """Copy sheets into a new workbook, which takes the place of the old one."""
    return {"do": "copy_to_new_book", "titles": titles}


def show_sheet(title: str) -> Step:
    """Leave this tab in front."""
    return {"do": "show_sheet", "title": title}


def through_ods() -> Step:
    """Save as .ods, close, open again."""
    return {"do": "through_ods"}


def move_section(heading: str, before: str) -> Step:
    """Cut a heading of a Word document with what belongs to it, and paste it before another heading."""
    return {"do": "move_section", "heading": heading, "before": before}


def insert_picture(path: Path, text: str) -> Step:
    """Put a picture with an alternative text at the beginning of a Word document."""
    return {"do": "insert_picture", "path": str(path), "text": text}


def restyle(style: str, font: str, color: int) -> Step:
    """Give a paragraph style of a Word document another font and colour."""
    return {"do": "restyle", "style": style, "font": font, "color": color}


# ------------------------------------------------------------------------------------- programs


class LibreOffice:
    """A running LibreOffice, as a context manager.

    Raises TimeoutError where a job takes too long, and RuntimeError with LibreOffice's words where a step
    fails; the process group is ended in each case.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="plbuild-office-", ignore_cleanup_errors=True)
        self._answers: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> LibreOffice:
        soffice = shutil.which("soffice") or "soffice"
        profile = Path(self._folder.name) / "profile"
        self._process = subprocess.Popen(  # noqa: S603
            [_uno_python(), str(_CLIENT), soffice, str(profile)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._answer(timeout=90)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._process.stdin.close()
            self._process.wait(15)
        self._kill()
        self._listener.join(5)
        self._folder.cleanup()

    def _listen(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                self._answers.put(line)
        self._answers.put("")

    def _answer(self, timeout: float) -> None:
        try:
            line = self._answers.get(timeout=timeout)
        except queue.Empty:
            self._kill()
            raise TimeoutError(f"LibreOffice did not answer within {timeout} seconds") from None
        if not line:
            raise RuntimeError("LibreOffice or its client ended")
        answer = json.loads(line)
        if not answer["ok"]:
            raise RuntimeError(answer["error"])

    def _kill(self) -> None:
        """End the client and LibreOffice, whatever state they are in."""
        if sys.platform == "win32":
            _output("taskkill", "/T", "/F", "/PID", str(self._process.pid))
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(15)

    def edit(
        self, data: bytes, steps: Sequence[Step] = (), *, form: str = ".xlsx", timeout: float = 60
    ) -> bytes:
        """The workbook, or the document (``form`` is .docx), as LibreOffice saves it after the steps."""
        with tempfile.TemporaryDirectory(dir=self._folder.name, ignore_cleanup_errors=True) as folder:
            source, result = Path(folder) / f"source{form}", Path(folder) / f"result{form}"
            source.write_bytes(data)
            plain = [{**step, "folder": folder} if step["do"] == "through_ods" else step for step in steps]
            job = {"source": str(source), "result": str(result), "steps": plain}
            assert self._process.stdin
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            self._answer(timeout)
            return result.read_bytes()


def libreoffice_edit(data: bytes, steps: Sequence[Step] = ()) -> bytes:
    """One workbook through a LibreOffice of its own; for several, keep one ``LibreOffice`` open."""
    with LibreOffice() as office:
        return office.edit(data, steps)


def gnumeric_resave(data: bytes) -> bytes:
    """The workbook as Gnumeric saves it. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="plbuild-gnumeric-") as folder:
        source, result = Path(folder) / "source.xlsx", Path(folder) / "result.xlsx"
        source.write_bytes(data)
        _output("ssconvert", str(source), str(result), HOME=folder, XDG_CONFIG_HOME=folder)
        return result.read_bytes()


def pandoc_text(*documents: bytes) -> str:
    """The text of Word files, one after the other, as pandoc reads them, without any white space.

    By way of HTML, because pandoc's plain text breaks the words of narrow table columns; standalone,
    because the title is not in the body. Raises CalledProcessError.
    """
    with tempfile.TemporaryDirectory(prefix="plbuild-pandoc-") as folder:
        sources = [Path(folder) / f"{number}.docx" for number in range(len(documents))]
        for source, document in zip(sources, documents, strict=True):
            source.write_bytes(document)
        page = _output(
            "pandoc", "--from=docx", "--to=html", "--standalone", "--wrap=none", *map(str, sources)
        ).decode("utf-8")
    return squeezed("".join(str(text) for text in html.document_fromstring(page).itertext()))


def squeezed(text: str) -> str:
    """A text without any white space, to compare what layout may have wrapped."""
    return "".join(text.split())


def _output(program: str, *arguments: str, **environment: str) -> bytes:
    """What a program prints. Raises CalledProcessError, TimeoutExpired."""
    command = [shutil.which(program) or program, *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, env=env, capture_output=True, check=True, timeout=60).stdout  # noqa: S603
