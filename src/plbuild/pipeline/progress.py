"""What is being done and how long is left, in words for one line of a terminal.

Takes how many items there are; returns a function that is called after each. Design decision: the clock is
read here and nowhere else, and nothing that is written depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Say = Callable[[str], None]

# Seconds before a rate can be told, and between two lines.
_EARLY, _EVERY = 2.0, 0.1


def counted(
    say: Say, what: str, total: int, clock: Callable[[], float] = time.monotonic
) -> Callable[[], None]:
    """Say ``what`` is done, how much of it, and how long it will take; to be called after each item."""
    begun = clock()
    done, last = 0, begun

    def one() -> None:
        nonlocal done, last
        done += 1
        now = clock()
        if done == total or now - last >= _EVERY:
            last = now
            say(f"{what}: {done:,} of {total:,}{_left(now - begun, done, total)}")

    if total:
        say(f"{what}: 0 of {total:,}")
    return one


def _left(passed: float, done: int, total: int) -> str:
    """The time that is left if the rest goes as fast as what is done; nothing while that is a guess."""
    if passed < _EARLY or done == total:
        return ""
    seconds = round(passed / done * (total - done))
    return (
        f", about {seconds // 60} min {seconds % 60:02} s left"
        if seconds >= 60
        else f", about {seconds} s left"
    )
