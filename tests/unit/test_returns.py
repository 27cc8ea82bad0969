"""Findings as a table and as sentences: worst first, grouped over their cells, never a formula."""

from __future__ import annotations

import csv
import io

from plbuild import returns
from plbuild.model import Finding, Place


def finding(code: str, severity: str = "error", cell: str = "C7", entered: str = "", file: str = "a.xlsx") -> Finding:
    """A finding on the sheet Needs."""
    place = Place(file=file, sheet="Needs", cell=cell, label="Area")
    return Finding(severity=severity, code=code, where=place, entered=entered, message=f"{code}.", fix="Mend it.")


def test_equal_findings_are_grouped_over_their_cells_worst_first() -> None:
    found = returns.grouped([finding("b", "note"), finding("a"), finding("a", cell="C9"), finding("a", cell="C9")])
    assert [(item.code, cells) for item, cells in found] == [("a", ("C7", "C9")), ("b", ("C7",))]
    assert returns.sentence(*found[0]) == "Needs, C7, C9: a. Mend it."


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula() -> None:
    data = returns.findings_csv([finding("a", entered='=HYPERLINK("x")'), finding("b", "advice", entered="-5\né")])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == returns.COLUMNS
    assert rows[1] == ["error", "a", "a.xlsx", "Needs", "C7", "Area", '\'=HYPERLINK("x")', "a.", "Mend it."]
    assert rows[2][6] == "'-5\né"
