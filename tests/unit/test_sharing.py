"""How work is shared among processes, and how often memory is looked through meanwhile."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import pytest

from plbuild import commands
from plbuild.model import InputError
from plbuild.pipeline import SerialExecutor, sharing
from plbuild.pipeline.collector import collected_seldom
from plbuild.pipeline.travel import Shared

In = TypeVar("In")
Out = TypeVar("Out")


def process(_: object) -> int:
    return os.getpid()


def test_a_few_tasks_are_done_here_and_many_by_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with commands.executor("") as shared:
        assert set(shared.map(process, range(7))) == {os.getpid()}
        assert os.getpid() not in set(shared.map(process, range(8)))
        # Once they are there, they do the rest as well.
        assert os.getpid() not in set(shared.map(process, range(1)))


@pytest.mark.parametrize("workers", ["", "1", "2"])
def test_where_there_is_nothing_to_do_nothing_comes_of_it(
    workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with commands.executor(workers) as shared:
        assert list(shared.map(process, iter(()))) == []


def test_processes_that_were_asked_for_are_there_at_once_and_give_results_in_order() -> None:
    with commands.executor("2") as shared:
        assert list(shared.map(abs, [-3, -1, -2])) == [3, 1, 2]
        assert os.getpid() not in set(shared.map(process, range(1)))


def test_one_processor_does_everything_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    with commands.executor("") as alone:
        assert isinstance(alone, SerialExecutor)


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_workers_is_said(text: str) -> None:
    with pytest.raises(InputError, match=f"--workers {text}"), commands.executor(text):
        pass


class Counting(SerialExecutor):
    """Notes how many tasks it was given before each result was taken."""

    def __init__(self) -> None:
        self.given = 0

    def map(self, fn: Callable[[In], Out], *iterables: Iterable[In]) -> Iterator[Out]:
        tasks: list[In] = list(*iterables)
        self.given += len(tasks)
        return super().map(fn, tasks)


def test_the_next_tasks_are_given_out_before_the_last_results_are_taken_and_no_more() -> None:
    executor = Counting()
    ahead = [executor.given - done for done, _ in enumerate(sharing.mapped(executor, abs, range(100)))]
    assert max(ahead) == 16
    assert min(ahead[:80]) > 8
    assert list(sharing.mapped(SerialExecutor(), abs, range(-20, 0))) == list(range(20, 0, -1))


def test_memory_is_looked_through_seldom_within_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with contextlib.suppress(KeyError), collected_seldom():
        assert gc.get_threshold()[0] > 10 * before[0]
        raise KeyError
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_tasks_share_is_made_ready_once_and_is_one_object_where_they_arrive() -> None:
    common, other = Shared(["a spec"]), Shared(["another"])
    tasks = [pickle.dumps((common, number)) for number in range(3)]
    common.value.append("too late: nothing that travels changes")
    arrived = [pickle.loads(task)[0] for task in tasks]  # noqa: S301  made here
    assert arrived[0].value == ["a spec"]
    assert all(item is arrived[0] for item in arrived)
    assert pickle.loads(pickle.dumps(common)) is arrived[0]  # noqa: S301
    assert pickle.loads(pickle.dumps(other)).value == ["another"]  # noqa: S301


def test_what_was_set_aside_before_stays_aside_and_nothing_is_added() -> None:
    gc.freeze()
    try:
        aside = gc.get_freeze_count()
        made: list[list[int]] = [[] for _ in range(1000)]
        with collected_seldom():
            assert gc.get_freeze_count() <= aside
        assert made
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
