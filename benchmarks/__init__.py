"""How fast plbuild is, as ratios of what others take for the same, side by side in one run.

Takes the names of benchmarks, prints a table for each. Design decision: a ratio of medians of runs that take
turns says the same on a fast machine and on a busy one; milliseconds do not.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import reading, rendering, whole
from plbuild.pipeline import Folders

BENCHMARKS = {"reading": reading.measure, "rendering": rendering.measure, "whole": whole.measure}


def run(only: str, folder: Path, folders: Folders, repeats: int) -> int:
    """Run one benchmark, or all of them where ``only`` is empty, and print what they found.

    Returns the exit status: 2 where there is no benchmark of that name.
    """
    if only and only not in BENCHMARKS:
        print(f"--only {only}: there is no such benchmark; there are: {', '.join(BENCHMARKS)}.")
        return 2
    for name, measure in BENCHMARKS.items():
        if only in ("", name):
            print(measure(folder, folders, max(1, repeats)).text())
    return 0
