"""Which program makes the outputs: its version, its sources and the libraries whose work is in them.

Takes nothing, returns a digest. Design decision: the sources count as well as the version, so that somebody
who works on plbuild is never shown what yesterday's sources made.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import plbuild

_LIBRARIES = (
    "cerberus", "docxtpl", "isal", "jinja2", "lxml", "matplotlib", "openpyxl", "pandas", "pikepdf",
    "python-docx",
)  # fmt: skip


@cache
def fingerprint() -> str:
    """The digest of everything in the program that outputs depend on."""
    found = hashlib.sha256()
    names = (*_LIBRARIES, "plbuild")
    facts = [sys.version, zlib.ZLIB_RUNTIME_VERSION, *(f"{name} {version(name)}" for name in names)]
    found.update("\n".join(facts).encode())
    home = Path(plbuild.__file__).parent
    for path in sorted(home.rglob("*.py")):
        found.update(f"\n{path.relative_to(home).as_posix()}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
