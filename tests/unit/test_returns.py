"""Findings as a table and as sentences: worst first, grouped over their cells, never a formula."""

from __future__ import annotations

import csv
import io

from tests.support.marks import sent, with_part

from plbuild import archive, returns
from plbuild.model import Finding, Place


def finding(
    code: str, severity: str = "error", cell: str = "C7", entered: str = "", file: str = "a.xlsx"
) -> Finding:
    """A finding on the sheet Needs."""
    place = Place(file=file, sheet="Needs", cell=cell, label="Area")
    return Finding(
        severity=severity, code=code, where=place, entered=entered, message=f"{code}.", fix="Mend it."
    )


def test_equal_findings_are_grouped_over_their_cells_worst_first() -> None:
    found = returns.grouped(
        [finding("b", "note"), finding("a"), finding("a", cell="C9"), finding("a", cell="C9")]
    )
    assert [(item.code, cells) for item, cells in found] == [("a", ("C7", "C9")), ("b", ("C7",))]
    assert returns.sentence(*found[0]) == "Needs, C7, C9: a. Mend it."


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula() -> None:
    data = returns.findings_csv(
        [finding("a", entered='=HYPERLINK("x")'), finding("b", "advice", entered="-5\né")]
    )
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == returns.COLUMNS
    assert rows[1] == ["error", "a", "a.xlsx", "Needs", "C7", "Area", '\'=HYPERLINK("x")', "a.", "Mend it."]
    assert rows[2][6] == "'-5\né"


class TestNames:
    """What copies are called."""

    def names(self, *files: str) -> list[str]:
        """The names of copies of files, all of them workbooks."""
        data = sent()
        return list(returns.file_names(dict.fromkeys(files, returns.ending_of(data))).values())

    def test_names_and_folders_stay_readable(self) -> None:
        assert self.names("Riverside plan.xlsx", "middle schools/San José (2).XLSX", "plan.pdf") == [
            "Riverside plan.xlsx",
            "middle schools/San José (2).xlsx",
            "plan.pdf.xlsx",
        ]

    def test_no_name_leads_out_of_the_folder(self) -> None:
        assert self.names("../../etc/passwd", "/a//b.xlsx", "C:\\x\\..\\y.xlsx", "..", "\x00") == [
            "etc/passwd.xlsx", "a/b.xlsx", "C/x/y.xlsx", "file.xlsx", "file (2).xlsx",
        ]  # fmt: skip

    def test_names_that_windows_refuses(self) -> None:
        assert self.names("con.xlsx", 'a<b>:"|?*.xlsx', "x. .xlsx", "~$a.xlsx", "aux/b.xlsx") == [
            "_con.xlsx", "a b .xlsx", "x. .xlsx", "a.xlsx", "_aux/b.xlsx",
        ]  # fmt: skip

    def test_names_differ_where_case_does_not_count(self) -> None:
        assert self.names("Plan.xlsx", "PLAN.xlsx", "plan.xlsx/") == [
            "Plan.xlsx", "PLAN (2).xlsx", "plan (3).xlsx",
        ]  # fmt: skip

    def test_long_names_are_cut(self) -> None:
        (name,) = self.names("/".join(["deep folder " * 5] * 9) + "/" + "x" * 300 + ".xlsx")
        assert name == "x" * 75 + ".xlsx"

    def test_a_workbook_with_macros_keeps_its_ending(self) -> None:
        kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        data = with_part(sent(), Content_Types__xml=lambda xml: xml.replace(plain, kind))
        assert returns.file_names(dict.fromkeys(("a.xlsm", "b.xlsx"), returns.ending_of(data))) == {
            "a.xlsm": "a.xlsm",
            "b.xlsx": "b.xlsx.xlsm",
        }

    def test_a_file_in_a_zip_is_found_by_its_name(self) -> None:
        data = archive.pack({"a/b.xlsx": b"12"})
        assert returns.inner(data, "a/b.xlsx") == b"12"
        assert (returns.inner(data, "c"), returns.inner(b"x", "c")) == (b"", b"")


def test_findings_stand_by_sheet_row_and_column() -> None:
    places = [
        ("Goals", "E19"), ("Goals", "AA13"), ("Goals", "E13"), ("Needs", "C9"), ("Goals", "E9"), ("Needs", ""),
    ]  # fmt: skip
    found = [
        Finding(
            severity="error", code="x", where=Place(file="a.xlsx", sheet=sheet, cell=cell), entered="",
            message="m", fix="f",
        )
        for sheet, cell in places
    ]  # fmt: skip
    lines = returns.findings_csv(found).decode("utf-8-sig").splitlines()[1:]
    assert [tuple(line.split(",")[3:5]) for line in lines] == [
        ("Goals", "E9"), ("Goals", "E13"), ("Goals", "AA13"), ("Goals", "E19"), ("Needs", "C9"), ("Needs", ""),
    ]  # fmt: skip
