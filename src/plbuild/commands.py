"""What stands between a command line and the pipeline: paths, the executor, progress, exit status.

Takes the words of the command line, prints what was done and where to look next, returns the exit status.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plbuild import pipeline
from plbuild.model import InputError, TemplateError
from plbuild.pipeline import Folders

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from plbuild.pipeline.templates import Checked

_WIDTH = 78
# Each takes up to 260 MB, and more of them wait for the one that writes.
_MOST_WORKERS = 8

In = TypeVar("In")
Out = TypeVar("Out")


def say(text: str) -> None:
    """Show progress on one line of a terminal; nothing where the output goes elsewhere."""
    if sys.stderr.isatty():
        line = text if len(text) < _WIDTH else f"{text[: _WIDTH - 1]}…"
        print(f"\r{line:<{_WIDTH}}", end="\r", file=sys.stderr, flush=True)


def _show(text: str) -> None:
    """Print to a terminal that may not know every letter (a Windows code page)."""
    say("")
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


@contextmanager
def executor(workers: str) -> Iterator[pipeline.Executor]:
    """What shares the work: here alone for one worker, a pool of processes for more.

    Where their number is not given, there are as many as processors, once there is enough for them to do.
    Raises InputError where it is no whole number from 1.
    """
    count = _workers(workers)
    if count == 1:
        yield pipeline.SerialExecutor()
        return
    shared = _Shared(count, at_once=bool(workers))
    try:
        yield shared
    finally:
        shared.end()


class _Shared:
    """Processes that share the work, started with the first tasks that are worth their start."""

    # Tasks, of eight schools each. A process takes about a second to start, as long as two or three of them.
    _WORTH = 8

    def __init__(self, workers: int, *, at_once: bool) -> None:
        self._workers, self._pool = workers, _started(workers) if at_once else None

    def map(self, fn: Callable[[In], Out], *iterables: Iterable[In]) -> Iterator[Out]:
        """Like an executor's: the results in the order of the items."""
        tasks = list(zip(*iterables, strict=False))
        if self._pool is None and len(tasks) >= self._WORTH:
            self._pool = _started(self._workers)
        columns = zip(*tasks, strict=True) if tasks else iterables
        return self._pool.map(fn, *columns) if self._pool else map(fn, *columns)

    def end(self) -> None:
        """Let the processes go."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _started(workers: int) -> ProcessPoolExecutor:
    # Small districts need no processes, and not what makes them.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    # Ctrl-C reaches every process of a terminal; the one that ends the others is this, once they are there.
    # Processes are started anew, as on every system: where one splits off, an interrupt can get lost.
    before = signal.signal(*_IGNORED)
    try:
        list(pool.map(abs, range(workers)))
    finally:
        signal.signal(signal.SIGINT, before)
    return pool


def _begin() -> None:
    """What a new process does first."""
    signal.signal(*_IGNORED)
    pipeline.collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that gives out the work is gone: if it was killed, nobody else does."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


_IGNORED = (signal.SIGINT, signal.SIG_IGN)


def told(work: Callable[[], list[str]]) -> int:
    """Run ``work`` and print the lines that it returns; wrong inputs are said, not raised."""
    try:
        _show("\n".join(work()))
    except InputError as error:
        return _wrong(error)
    return pipeline.OK


def checked(work: Callable[[], Checked]) -> int:
    """Run ``work`` and print what it found; returns the exit status."""
    try:
        result = work()
    except InputError as error:
        return _wrong(error)
    _show("\n".join(result.lines))
    return pipeline.OK if result.sound else pipeline.WRONG_INPUT


def built(
    work: Callable[..., pipeline.Report],
    folder: Path,
    folders: Folders,
    *,
    out: str,
    workers: str,
    as_of: str,
    options: pipeline.Options,
) -> int:
    """Run ``build`` or ``validate`` and print its report; returns the exit status."""
    target = _target(folder, out)
    try:
        with executor(workers) as pool:
            report = work(folder, folders, target, pool, _date(as_of), say, options)
    except InputError as error:
        return _wrong(error)
    except KeyboardInterrupt:
        return _stopped(target)
    _show(report.text())
    return report.exit_status


def watched(
    folder: Path, folders: Folders, *, out: str, workers: str, as_of: str, options: pipeline.Options
) -> int:
    """Build, and build again whenever something arrives, until Ctrl-C; returns the exit status."""
    target = _target(folder, out)
    at_work = False

    def rebuild() -> pipeline.Report:
        nonlocal at_work
        at_work = True
        with executor(workers) as pool:
            report = pipeline.build(folder, folders, target, pool, _date(as_of), say, options)
        at_work = False
        return report

    try:
        _workers(workers)
        pipeline.watch(folder, folders, rebuild, _show)
    except InputError as error:
        return _wrong(error)
    except KeyboardInterrupt:
        if at_work:
            return _stopped(target)
        _show("Watching has ended.")
    return pipeline.OK


def _target(folder: Path, out: str) -> Path:
    return Path(out) if out else Path("build") / (folder.resolve().name or "district")


def _stopped(target: Path) -> int:
    _show(f"Stopped. Every file in {target} is whole; the same command does the rest.")
    return pipeline.STOPPED


def _date(text: str) -> date:
    """The date of ``--as-of``, today where it is not given. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise InputError((f"--as-of {text}: write a date as year-month-day, 2026-10-16.",)) from None


def _workers(text: str) -> int:
    """The number of ``--workers``, of processors where it is not given. Raises InputError."""
    if not text:
        return min(_MOST_WORKERS, os.cpu_count() or 1)
    if not text.isdecimal() or int(text) < 1:
        raise InputError((f"--workers {text}: write a whole number from 1, such as 2.",))
    return int(text)


def _wrong(error: InputError) -> int:
    _show(f"Nothing was done, because something here needs mending first:\n{error}")
    if isinstance(error, TemplateError):
        _show("invoke templates --check tells everything that is wrong with the templates, at its place.")
    return pipeline.WRONG_INPUT
