"""What is said while something long is done."""

from __future__ import annotations

from plbuild.pipeline.progress import counted


def said(total: int, seconds: float) -> list[str]:
    """What is said of items that take so many seconds each."""
    lines: list[str] = []
    now = 0.0
    told = counted(lines.append, "Reading", total, clock=lambda: now)
    for _ in range(total):
        now += seconds
        told()
    return lines


def test_the_time_that_is_left_is_told_once_it_can_be_known() -> None:
    assert said(4, 1) == [
        "Reading: 0 of 4",
        "Reading: 1 of 4",
        "Reading: 2 of 4, about 2 s left",
        "Reading: 3 of 4, about 1 s left",
        "Reading: 4 of 4",
    ]
    assert said(100, 2)[2] == "Reading: 2 of 100, about 3 min 16 s left"


def test_quick_work_is_told_of_now_and_then() -> None:
    lines = said(1000, 0.01)
    assert len(lines) < 110
    assert lines[-1] == "Reading: 1,000 of 1,000"


def test_nothing_to_do_is_not_told_of() -> None:
    assert said(0, 1) == []
