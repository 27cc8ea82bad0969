"""``invoke bench`` as somebody types it. How fast it is depends on the machine, so that no time is asserted."""

from __future__ import annotations

import re

from tests.e2e.test_commands import README, invoke
from tests.support.districts import EXAMPLES


def test_bench_prints_a_row_for_each_workbook() -> None:
    done = invoke("bench", "--only", "reading", "--repeats", "1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = re.findall(r"^\| (.+?) +\| +(\d+) \| +(\d+\.\d) \| +(\d+\.\d) \|$", done.stdout, re.MULTILINE)
    workbooks = sorted((EXAMPLES / "cedar-valley" / "submissions").rglob("*.xlsx"))
    assert [name for name, *_ in rows] == [path.name for path in workbooks]
    assert all(name in README for name, *_ in rows)


def test_bench_renders_the_plans_of_the_district_and_generated_ones() -> None:
    done = invoke("bench", "--only", "rendering", "--repeats", "1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = re.findall(r"^\| (.+?) +((?:\| +\d+\.\d+ ){6})\|$", done.stdout, re.MULTILINE)
    assert [name for name, _ in rows] == [
        "8 of cedar-valley",
        *(f"{count} of {actions} actions" for actions in (5, 15, 40) for count in (1, 10, 100)),
    ]
    assert "is wanted" in done.stdout


def test_bench_builds_generated_districts() -> None:
    done = invoke("bench", "--only", "whole", "--repeats", "1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = re.findall(r"^\| ([\d,]+) +((?:\| +[\d.]+%? ){8})\|$", done.stdout, re.MULTILINE)
    assert [name for name, _ in rows] == ["10", "100"]
    assert "Where the time goes, of 100 schools: Starting " in done.stdout


def test_an_unknown_benchmark_ends_with_status_2() -> None:
    done = invoke("bench", "--only", "flying")
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == "--only flying: there is no such benchmark; there are: reading, rendering, whole.\n"
