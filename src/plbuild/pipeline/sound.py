"""The YAML files that an earlier build found sound: what they say, so that they are not judged again.

Takes the output folder, returns plain values by keys. Design decision: a file of its own beside the store,
because the specs are read before a build takes the output folder for itself. Whoever reads it finds it whole,
and what is missing, damaged or of another program counts as never judged.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from plbuild.model import digest
from plbuild.pipeline import files, program
from plbuild.pipeline.store import FOLDER

_FILE = "specs.json"


class Sound:
    """What is remembered of the YAML files of the last build in an output folder."""

    def __init__(self, out: Path) -> None:
        self._path = out / FOLDER / _FILE
        self._new: bytes | None = None

    def get(self, key: str) -> Any:
        """What stands under a key, None where it is not known."""
        try:
            head, body = self._path.read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        return json.loads(body) if head == self._head(key, body) else None

    def put(self, key: str, value: object) -> None:
        """Remember a value, unless JSON would make another of it; ``save`` writes it."""
        with contextlib.suppress(TypeError, ValueError):
            body = json.dumps(value).encode("ascii")
            if repr(json.loads(body)) == repr(value):
                self._new = self._head(key, body) + b"\n" + body

    def save(self) -> None:
        """Write what is new. Nothing is lost where it cannot be written but the time of the next build."""
        if self._new is not None:
            with contextlib.suppress(OSError):
                files.write(self._path, self._new)

    @staticmethod
    def _head(key: str, body: bytes) -> bytes:
        return digest("\n".join((program.fingerprint(), key, digest(body))).encode("utf-8")).encode("ascii")
