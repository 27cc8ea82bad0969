"""The roll-up as plain rows with their lineage, and the pictures of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TypeVar, overload

from plbuild.model.words import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its key, heading and type (text, integer, decimal, money, date).

    ``help`` says what stands in it, ``unit`` what its numbers count.
    """

    name: str
    title: str
    type: str = "text"
    unit: str = ""
    help: str = ""


_RUN = 256  # The rows that are taken at once for a fingerprint.

Row = tuple[Value, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of a table that follow one another: the digest of all they are made of, their number, they."""

    digest: str
    count: int
    make: Callable[[], Iterable[Row]]
    stand: Stand | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """On which rows of which sheets the rows of a run stand, each ``file | sheet | 5``, and their digest."""

    digest: str
    rows: Callable[[], Iterable[str]]


class Made(Sequence[T]):
    """A sequence that is made whenever somebody asks for it, and equal to any other of the same items."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Runs(Made[Row]):
    """The rows of a large table, made run by run."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = tuple(runs)

    def __len__(self) -> int:
        return sum(run.count for run in self.runs)

    def __iter__(self) -> Iterator[Row]:
        for run in self.runs:
            yield from run.make()


@dataclass(frozen=True, kw_only=True)
class Table:
    """Plain rows, each as long as ``columns``; ``sources[i]`` is the lineage of ``rows[i]``.

    A source is written ``file | sheet | cell``. ``short`` is a title of at most 31 characters, that
    a tab of a workbook can carry. ``traced``: its rows have lineage, even where it has no rows.
    ``made_of`` is the digest of all that rows and sources are made of, empty where nobody knows it.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    sources: Sequence[tuple[str, ...]] = ()
    total: tuple[Value, ...] = ()
    short: str = ""
    traced: bool = False
    made_of: str = ""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The rows in runs: those of a large table, else all in one."""
        if isinstance(self.rows, Runs):
            return self.rows.runs
        return (Run(self.fingerprint, len(self.rows), lambda: self.rows),)

    @cached_property
    def fingerprint(self) -> str:
        """The digest of everything in it, taken a run of rows at a time: a large table's text is 50 MB."""
        found = sha256(repr(replace(self, rows=(), sources=())).encode("utf-8", "surrogatepass"))
        if self.made_of:
            return found.hexdigest()
        if isinstance(self.rows, Runs):
            found.update("".join(f"{run.digest} {run.count} " for run in self.rows.runs).encode())
            return found.hexdigest()
        for rows in (self.rows, self.sources):
            for start in range(0, len(rows), _RUN):
                found.update(repr(rows[start : start + _RUN]).encode("utf-8", "surrogatepass"))
            found.update(b"|")  # What one ends with is not what the next begins with.
        return found.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """The district's tables, the records behind them, and the proof that nothing dropped out.

    ``dictionary`` says of every column of every table what it is and where it comes from.
    """

    tables: tuple[Table, ...]
    records: tuple[Table, ...]
    dictionary: tuple[Table, ...] = ()

    @property
    def every_table(self) -> tuple[Table, ...]:
        """The tables, the records and the dictionary: one file of data each."""
        return (*self.tables, *self.records, *self.dictionary)

    def table(self, name: str) -> Table:
        """The table called ``name``. Raises KeyError."""
        for item in self.tables:
            if item.name == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG with the text that stands for it where it cannot be seen; sizes in inches."""

    data: bytes
    alt: str
    width: float
    height: float
