"""What earlier builds found out, kept in ``.plbuild/`` of the output folder for the builds to come.

Takes keys, which are digests of all that a value depends on, and gives values back. Design decisions. The
folder is the builder's own and may be deleted at any time; nothing in it is ever run: values are JSON of
plain values, or bytes, in one SQLite file, each with a digest of its own, and what is missing, old or damaged
counts as never found out. A transaction is whole or not there at all, so that a build may be killed at any
moment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

FOLDER = ".plbuild"
_FILE = "known.sqlite"
# Raised where the tables or the form of values change, so that an older file is thrown away.
_VERSION = 3
_README = (
    "plbuild keeps here what it knows of the plans, so that the next build is quick.\n"
    "You may delete this folder at any time; nothing is lost by it.\n"
)

Plain = Any
"""Lists of text, numbers, dates, booleans and None, as deep as they come; a tuple comes back as a list."""


Body = TypeVar("Body", str, bytes)
Found = TypeVar("Found")


class Damaged(Exception):  # noqa: N818  the name says what happened
    """The store cannot be read: it is to be thrown away, and the build begun again."""


class Store:
    """An open store; ``used`` are the keys that were asked for or put in, which alone are kept at the end."""

    def __init__(self, out: Path) -> None:
        self._path = out / FOLDER / _FILE
        self._used: set[str] = set()
        self._open()

    def get(self, key: str) -> Plain | None:
        """The value of a key, None where there is none. Raises Damaged."""
        body = self.body(key)
        return None if body is None else unpacked(body)

    def body(self, key: str) -> str | None:
        """The value of a key as it was put in, ``packed``. Raises Damaged."""
        return self._found(key, str)

    def data(self, key: str) -> bytes | None:
        """The bytes that were put in under a key, None where there are none. Raises Damaged."""
        return self._found(key, bytes)

    def _found(self, key: str, kind: type[Body]) -> Body | None:
        try:
            row = self._base.execute("SELECT digest, body FROM known WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise Damaged(str(error)) from error
        if row is None:
            return None
        digest, body = row
        if not isinstance(body, kind) or digest != _digest(body):
            raise Damaged(key)
        self._used.add(key)
        return body

    def put(self, key: str, body: str | bytes) -> None:
        """Keep a value, ``packed``, or bytes as they are for the builds to come. Raises Damaged."""
        try:
            self._base.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (key, _digest(body), body))
        except sqlite3.Error as error:
            raise Damaged(str(error)) from error
        self._used.add(key)

    def need(self, keys: Iterable[str]) -> None:
        """Keep these keys at the end, whether they were asked for or not."""
        self._used.update(keys)

    def save(self) -> None:
        """Make what was put in last. Raises Damaged."""
        try:
            self._base.commit()
        except sqlite3.Error as error:
            raise Damaged(str(error)) from error

    def prune(self) -> None:
        """Let go of what this build did not use. Raises Damaged."""
        try:
            old = [key for (key,) in self._base.execute("SELECT key FROM known") if key not in self._used]
            self._base.executemany("DELETE FROM known WHERE key = ?", [(key,) for key in old])
        except sqlite3.Error as error:
            raise Damaged(str(error)) from error
        self.save()

    def close(self) -> None:
        """Let go of the file; what was not saved is lost."""
        self._base.close()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        (self._path.parent / "README.txt").write_text(_README, encoding="utf-8")
        try:
            self._base = _opened(self._path)
        except sqlite3.Error:
            forget(self._path.parent.parent)
            self._base = _opened(self._path)


def forget(out: Path) -> None:
    """Throw the store of an output folder away; it must not be open."""
    for path in (out / FOLDER).glob(f"{_FILE}*"):
        path.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    try:
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError("written by another plbuild")
        # A power cut may cost the store, never an output: the digests tell.
        base.execute("PRAGMA synchronous = OFF")
        base.execute(
            "CREATE TABLE IF NOT EXISTS known "
            "(key TEXT PRIMARY KEY, digest BLOB NOT NULL, body TEXT NOT NULL)"
        )
        base.execute(f"PRAGMA user_version = {_VERSION}")
        base.commit()
    except sqlite3.Error:
        base.close()
        raise
    return base


# ----------------------------------------------------------------------------------- keys and values


def needed(found: Found | None, key: str) -> Found:
    """What was found under a key that has to be there. Raises Damaged where it is not."""
    if found is None:
        raise Damaged(key)
    return found


def key_of(*parts: object) -> str:
    """A key out of all that a value depends on: plain values."""
    return blake2b(packed(parts).encode(), digest_size=16).hexdigest()


def packed(value: Plain) -> str:
    """A plain value as JSON; a lone surrogate stays what it is."""
    return _ENCODER.encode(value)


def unpacked(body: str) -> Plain:
    """The plain value in JSON that ``packed`` wrote."""
    return _DECODER.decode(body)


def _typed(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"{value!r} is not a plain value")


def _untyped(entry: dict[str, str]) -> Decimal | date:
    if "number" in entry:
        return Decimal(entry["number"])
    return date.fromisoformat(entry["date"])


# To make one takes longer than to read a small value with it.
_ENCODER = json.JSONEncoder(default=_typed, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_hook=_untyped)


def _digest(body: str | bytes) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return blake2b(data, digest_size=16).digest()
