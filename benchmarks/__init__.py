"""How fast plbuild is, as ratios of what others take for the same, side by side in one run.

Takes the names of benchmarks, prints a table for each. Design decision: a ratio of medians of runs that take
turns says the same on a fast machine and on a busy one; milliseconds do not.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import reading
from benchmarks.timing import Result
from plbuild.pipeline import Folders

BENCHMARKS = {"reading": reading.measure}


def run(only: str, folder: Path, folders: Folders, repeats: int) -> int:
    """Run one benchmark, or all of them where ``only`` is empty, and print what they found.

    Returns the exit status: 2 where there is no benchmark of that name.
    """
    if only and only not in BENCHMARKS:
        print(f"--only {only}: there is no such benchmark; there are: {', '.join(BENCHMARKS)}.")
        return 2
    for name, measure in BENCHMARKS.items():
        if only in ("", name):
            print(_text(measure(folder, folders, max(1, repeats))))
    return 0


def _text(result: Result) -> str:
    """A table that can be read on a terminal and pasted into the README."""
    heads = (result.what, f"{result.theirs_is}, ms", f"{result.ours_is}, ms", "ratio")
    rows = [heads, ("---", "---:", "---:", "---:")]
    for one in result.rows:
        rows.append((one.name, f"{one.theirs * 1e3:.0f}", f"{one.ours * 1e3:.1f}", f"{one.ratio:.1f}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *numbers in rows:
        cells = [
            name.ljust(widths[0]),
            *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return f"{result.title}\n\n" + "\n".join(lines) + f"\n\n{result.summary}\n"
