"""What a build writes: each output whole, and all of them put in place together at the end.

Takes names below the output folder and bytes; keeps only digests. Design decision: an output is written into
``.plbuild/new`` as soon as it is made, so that memory stays flat, and moved to its place when everything is
made: a build that fails or is ended before leaves the earlier outputs as they were, and one that is ended
while it moves leaves whole files. Names that are about to appear are written down first, so that the next
build removes those that no manifest tells of.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from plbuild.model import digest
from plbuild.pipeline import files
from plbuild.pipeline.store import FOLDER

_NEW, _COMING = "new", "coming.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What was written aside and has no name yet; ``why`` it could not be written, empty where it was."""

    path: Path
    digest: str
    why: str = ""


class Outputs:
    """The outputs of one build: ``digests`` by name, in the order in which they were made.

    ``failed`` says why for those that could not be written or put in place.
    """

    def __init__(self, out: Path) -> None:
        self.digests: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self._out = out
        self._new = out / FOLDER / _NEW
        self._staged: dict[str, Path] = {}
        self._numbers = itertools.count()
        shutil.rmtree(self._new, ignore_errors=True)

    def write(self, name: str, data: bytes) -> str:
        """Write an output aside; where the same bytes are in its place already, nothing is written.

        Returns its digest.
        """
        made = digest(data)
        if not self.keep(name, made):
            self.name(name, self._aside(data, made))
        return made

    def aside(self, data: bytes) -> Aside:
        """Write what has no name yet."""
        return self._aside(data, digest(data))

    def _aside(self, data: bytes, made: str) -> Aside:
        path = self._new / str(next(self._numbers))
        try:
            files.write_aside(path, data)
        except OSError as error:
            return Aside(path=path, digest=made, why=files.why(error))
        return Aside(path=path, digest=made)

    def name(self, name: str, item: Aside) -> None:
        """Give what was written aside its name, and its turn among the outputs."""
        self.digests[name] = item.digest
        if item.why:
            self.failed[name] = item.why
        else:
            self._staged[name] = item.path

    def keep(self, name: str, made: str) -> bool:
        """Keep what is in place already, if it has this digest; whether it has."""
        if self.standing(name, made) is None:
            return False
        self._staged.pop(name, None)
        self.digests[name] = made
        return True

    def standing(self, name: str, made: str) -> bytes | None:
        """What is in place already, if it has this digest."""
        try:
            found = (self._out / name).read_bytes()
        except OSError:
            return None
        return found if digest(found) == made else None

    def read(self, name: str) -> bytes:
        """An output of this build. Raises OSError."""
        return self._staged.get(name, self._out / name).read_bytes()

    def in_order(self, names: Iterable[str]) -> None:
        """Put some outputs into this order, after all others; names of none are passed by."""
        for name in names:
            if name in self.digests:
                self.digests[name] = self.digests.pop(name)

    def put_in_place(self, earlier: Iterable[str], say: Callable[[str], None]) -> None:
        """Move everything to its place, then remove what only an earlier build wrote."""
        old = [*dict.fromkeys((*earlier, *self._coming()))]
        files.write(self._out / FOLDER / _COMING, json.dumps([*old, *self._staged]).encode())
        for number, (name, path) in enumerate(self._staged.items(), start=1):
            say(f"Putting files in place: {number} of {len(self._staged)}")
            try:
                files.move(path, self._out / name)
            except OSError as error:
                self.failed[name] = files.why(error)
        stuck = files.remove_stale(self._out, old, set(self.digests))
        self.failed |= dict.fromkeys(stuck, "it is out of date, but could not be removed")

    def in_place(self) -> frozenset[str]:
        """The names that lead to a file once all is in place; where one failed, to an earlier file."""
        return frozenset(n for n in self.digests if n not in self.failed or (self._out / n).is_file())

    def write_again(self, name: str, data: bytes) -> None:
        """Write an output anew that was put in place."""
        self.digests[name] = digest(data)
        self._write_in_place(name, data)

    def finish(self, name: str, data: bytes) -> None:
        """Write the last output, the one that tells of all others, and clear up."""
        if self._write_in_place(name, data):
            shutil.rmtree(self._new, ignore_errors=True)
            (self._out / FOLDER / _COMING).unlink(missing_ok=True)

    def _write_in_place(self, name: str, data: bytes) -> bool:
        try:
            files.write(self._out / name, data)
        except OSError as error:
            self.failed[name] = files.why(error)
            return False
        return True

    def _coming(self) -> list[str]:
        """What a build that was ended had begun to put in place."""
        try:
            return [str(name) for name in json.loads((self._out / FOLDER / _COMING).read_bytes())]
        except (OSError, ValueError, TypeError):
            return []
