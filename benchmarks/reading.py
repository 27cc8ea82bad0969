"""Reading filled workbooks: our intake beside ``openpyxl.load_workbook`` and a visit to every cell.

Ours does more in its time: it finds the plans, decodes every answer, and reports what was typed elsewhere.
"""

from __future__ import annotations

import io
import warnings
from functools import partial
from pathlib import Path
from statistics import median

from openpyxl import load_workbook

from benchmarks.timing import Result, compare
from plbuild import intake
from plbuild.pipeline import Folders, files


def measure(folder: Path, folders: Folders, repeats: int) -> Result:
    """Each workbook in the submissions of a district folder, read in turns."""
    spec = files.read_inputs(folder, folders).spec
    rows = []
    for path in sorted((folder / "submissions").rglob("*.xlsx")):
        data = path.read_bytes()
        ours = partial(intake.read, spec, path.name, data)
        rows.append(compare(path.name, partial(visit, data), ours, repeats))
    ratio = median(row.ratio for row in rows)
    return Result(
        title=f"Reading the workbooks in {folder.as_posix()}, the median of {repeats} turns",
        heads=("workbook", "openpyxl, ms", "plbuild, ms", "ratio"),
        rows=tuple(
            (row.name, f"{row.theirs * 1e3:.0f}", f"{row.ours * 1e3:.1f}", f"{row.ratio:.1f}") for row in rows
        ),
        summary=f"The median of the ratios is {ratio:.1f}; 8 is wanted.",
    )


def visit(data: bytes) -> int:
    """Load a workbook with openpyxl and visit each of its cells; how many of them hold something."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data))
    return sum(
        cell.value is not None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    )
