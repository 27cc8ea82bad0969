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


def test_an_unknown_benchmark_ends_with_status_2() -> None:
    done = invoke("bench", "--only", "flying")
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == "--only flying: there is no such benchmark; there are: reading.\n"
