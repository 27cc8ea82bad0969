"""How work is given out to an executor, and how much of it at one time.

Takes tasks, gives results in their order. Design decision: an executor is whatever has ``map``, so that a
pool of processes, Dask and this very process are the same to every stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Protocol, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Executor(Protocol):
    """What is asked of an executor: ``map``, in order. ``ProcessPoolExecutor`` and Dask's fit."""

    def map(self, fn: Callable[[In], Out], *iterables: Iterable[In]) -> Iterator[Out]:
        """Call ``fn`` on each item and give the results in the order of the items."""


class SerialExecutor:
    """Does the work here and now."""

    def map(self, fn: Callable[[In], Out], *iterables: Iterable[In]) -> Iterator[Out]:
        """Like the built-in ``map``."""
        return map(fn, *iterables)


def begun(executor: Executor, call: Callable[[In], Iterable[Out]], tasks: Iterable[In]) -> Iterator[Out]:
    """Give out all tasks now; the results of their items come when they are asked for, in order.

    For tasks whose results can be held together until something else is done.
    """
    return chain.from_iterable(executor.map(call, tasks))


# Batches that are given out together. Twice as many are at work or waiting at one time: enough for many
# workers, few enough to hold.
_AT_ONCE = 8


def mapped(executor: Executor, call: Callable[[In], Out], tasks: Iterable[In]) -> Iterator[Out]:
    """``executor.map``, which some executors begin by asking for every task; here for a few at a time.

    The next tasks are given out before the results of the last are asked for, so that no worker waits.
    """
    waiting: Iterator[Out] = iter(())
    for some in batches(tasks, _AT_ONCE):
        given = executor.map(call, some)
        yield from waiting
        waiting = given
    yield from waiting


def batches(items: Iterable[In], size: int) -> Iterator[tuple[In, ...]]:
    """The items in tuples of at most ``size``."""
    iterator = iter(items)
    while batch := tuple(islice(iterator, size)):
        yield batch
