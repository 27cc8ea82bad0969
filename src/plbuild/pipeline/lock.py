"""One build at a time in one output folder.

Takes an output folder, holds it while a build runs. Design decision: a lock of the operating system on a file
(``filelock``), which ends with the process that holds it however that ends, so that there is no stale lock to
judge; who holds it stands in a file beside it, for the message alone.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from plbuild.model import InputError
from plbuild.pipeline.store import FOLDER


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the output folder. Raises InputError where another build holds it, or it cannot be written."""
    home = out / FOLDER
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise InputError(
            (f"{out}: another build is at work here{_who(home)}; wait until it ends.",)
        ) from None
    except OSError as error:
        raise InputError((f"{out}: nothing can be written here ({error.strerror}).",)) from None
    try:
        with contextlib.suppress(OSError):
            (home / "holder.txt").write_text(f"process {os.getpid()} on {socket.gethostname()}", "utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            (home / "holder.txt").unlink()
        lock.release()


def _who(home: Path) -> str:
    try:
        return f" ({(home / 'holder.txt').read_text(encoding='utf-8')})"
    except OSError:
        return ""
