"""Ways to the same, timed in turns, and what they took as a table.

Takes functions, returns the medians of their times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

# Ours are run more often than theirs: they are shorter, so that chance weighs more in them.
_OURS_A_TURN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one thing took: seconds, by them and by us."""

    name: str
    theirs: float
    ours: float

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return self.theirs / self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A benchmark's table, as texts, and the words around it; the first of ``heads`` names the rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str

    def text(self) -> str:
        """A table that can be read on a terminal and pasted into the README."""
        rules = ("---", *["---:"] * (len(self.heads) - 1))
        table = [_line(row, self._widths()) for row in (self.heads, rules, *self.rows)]
        return f"{self.title}\n\n" + "\n".join(table) + f"\n\n{self.summary}\n"

    def _widths(self) -> list[int]:
        return [max(4, *map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *numbers = (
        text.ljust(width) if not at else text.rjust(width)
        for at, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join((name, *numbers))} |"


def compare(name: str, theirs: Callable[[], object], ours: Callable[[], object], repeats: int) -> Comparison:
    """The medians of both over ``repeats`` turns, after one run of each that does not count."""
    ours()
    theirs()
    their_times: list[float] = []
    our_times: list[float] = []
    for _ in range(repeats):
        their_times += seconds(theirs, 1)
        our_times += seconds(ours, _OURS_A_TURN)
    return Comparison(name=name, theirs=median(their_times), ours=median(our_times))


def seconds(call: Callable[[], object], times: int) -> list[float]:
    """The processor time of each of some calls, without the clearing up of what was left before them."""
    gc.collect()
    return [elapsed(call) for _ in range(times)]


def elapsed(call: Callable[[], object]) -> float:
    """The processor time of one call, in seconds."""
    start = time.process_time()
    call()
    return time.process_time() - start
