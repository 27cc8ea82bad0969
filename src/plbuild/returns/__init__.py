"""What goes back to the submitters: the findings as a table, and their own workbooks with marks in them.

Takes findings and the bytes that were sent, returns bytes. Design decision: a marked copy is the package
that was sent with parts added (``package``), never a workbook that a library has read and written again,
because no library keeps everything that people put into workbooks.
"""

from __future__ import annotations

from plbuild.returns.marked import marked
from plbuild.returns.names import ending_of, file_names, inner
from plbuild.returns.table import COLUMNS, findings_csv, grouped, sentence, worst_first

__all__ = [
    "COLUMNS",
    "ending_of",
    "file_names",
    "findings_csv",
    "grouped",
    "inner",
    "marked",
    "sentence",
    "worst_first",
]
