"""A small workbook to be marked, and what a marked copy shows, for tests."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook as Book

from plbuild import archive
from plbuild.model import Finding, Place

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def finding(
    cell: str = "C7", message: str = "Area is missing.", severity: str = "error", sheet: str = "Goals"
) -> Finding:
    """A finding in the workbook of ``sent``."""
    place = Place(file="a.xlsx", sheet=sheet, cell=cell, label="Area")
    return Finding(severity=severity, code="x", where=place, entered="", message=message, fix="Fill it in.")


def sent(change: Callable[[Book], None] = lambda _: None) -> bytes:
    """A workbook of two sheets: values, a formula, a date format, a name on each sheet, Needs in front."""
    book = Workbook()
    goals = book.worksheets[0]
    goals.title = "Goals"
    needs = book.create_sheet("Dale's needs")
    goals["C7"], goals["D7"], goals["E9"] = "reading", 0.5, "=D7*2"
    goals["D7"].number_format = "0%"
    goals["C7"].fill = PatternFill("solid", start_color="FFFF00")
    goals.column_dimensions["F"].width = 30
    needs["A1"] = "need"
    for sheet in (goals, needs):
        name = DefinedName("pl_area", attr_text=f"'{sheet.title.replace(chr(39), chr(39) * 2)}'!$C$7")
        sheet.defined_names.add(name)
    book.active = 1
    goals.sheet_view.tabSelected, needs.sheet_view.tabSelected = False, True
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return archive.repack(buffer.getvalue())


def with_part(data: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """``data`` with parts changed; a part is named by the end of its path, its dots as underscores."""
    members = archive.read(data)
    for key, change in changes.items():
        (name,) = [name for name in members if re.sub(r"\W", "_", name).endswith(key)]
        members[name] = change(members[name])
    return archive.pack(members)


def tree(data: bytes, part: str) -> etree._Element:
    """The tree of one part."""
    return etree.fromstring(archive.read(data)[part])


def rows(data: bytes) -> list[tuple[str, ...]]:
    """The Fix list as texts, from its headings on, without the tick column."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [
        tuple(str(cell.value or "") for cell in row[1:8])
        for row in sheet.iter_rows(min_row=7)
        if row[3].value
    ]


def links(data: bytes) -> dict[str, str]:
    """The Fix list's links: the text that is shown, and where it leads."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    return {str(cell.value): str(cell.hyperlink.location) for cell in found if cell.hyperlink}


def notes(data: bytes, sheet: str = "Goals") -> dict[str, str]:
    """The notes of a sheet by cell."""
    cells = (cell for row in load_workbook(io.BytesIO(data))[sheet].iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def is_marked(data: bytes, cell: str, sheet: str = "Goals") -> bool:
    """Whether a cell shows a mark: hatched, with a thick edge all around."""
    found = load_workbook(io.BytesIO(data))[sheet][cell]
    edges = (found.border.left, found.border.right, found.border.top, found.border.bottom)
    return found.fill.patternType == "lightUp" and {edge.style for edge in edges} == {"medium"}


Mark = Callable[..., bytes]
"""``returns.marked`` with the spec and a title given."""
