"""What travels to the processes that share the work: little, and what many tasks hold in common once.

Takes values and plans as they are stored, gives them back on the other side. Design decision: a plan goes as
the text that the store keeps, because making that into answers costs as much here as there, and is done there
by as many processes as there are.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from plbuild.model import Submission
from plbuild.pipeline import packed, store

Value = TypeVar("Value")


class Shared(Generic[Value]):
    """A value that many tasks hold and nothing changes: made ready to travel once, and received once by each
    process, which finds the same object in all its tasks."""

    def __init__(self, value: Value) -> None:
        self.value = value
        self._ready: bytes | None = None

    def __reduce__(self) -> tuple[object, ...]:
        if self._ready is None:
            self._ready = pickle.dumps(self.value, pickle.HIGHEST_PROTOCOL)
        return _received, (self._ready,)


# One for each kind of task that goes on at one time, and one for each template.
@lru_cache(maxsize=8)
def _received(ready: bytes) -> Shared[object]:
    return Shared(pickle.loads(ready))  # noqa: S301  from a process of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A plan as the store keeps it: its head, and its answers ``packed``."""

    head: Submission
    answers: str

    def whole(self) -> Submission:
        """The submission with its answers."""
        return packed.with_answers(self.head, store.unpacked(self.answers))
