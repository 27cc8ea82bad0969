"""Two ways to the same, timed in turns.

Takes functions, returns the medians of their times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
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
    """A benchmark's table, and the words around it."""

    title: str
    what: str
    theirs_is: str
    ours_is: str
    rows: tuple[Comparison, ...]
    summary: str


def compare(name: str, theirs: Callable[[], object], ours: Callable[[], object], repeats: int) -> Comparison:
    """The medians of both over ``repeats`` turns, after one run of each that does not count."""
    ours()
    theirs()
    their_times: list[float] = []
    our_times: list[float] = []
    for _ in range(repeats):
        their_times += _seconds(theirs, 1)
        our_times += _seconds(ours, _OURS_A_TURN)
    return Comparison(name=name, theirs=median(their_times), ours=median(our_times))


def _seconds(call: Callable[[], object], times: int) -> list[float]:
    """The processor time of each of some calls, without the clearing up of what was left before them."""
    gc.collect()
    found = []
    for _ in range(times):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return found
