"""The look of the roll-up's workbook: styles, widths and print settings.

A dark blue for headings, greys for furniture, hairlines between rows; the same blue as in the blank
workbooks. All text has a contrast of at least 4.5 : 1 on its ground (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.model import Column, Value

BLUE, INK, GREY_TEXT, LINE, GROUND = "1F3A5F", "1B1F24", "595F69", "D0D4DA", "F1F3F5"
LINE_HEIGHT = 14.25
# A note's characters are narrower than the digit that Excel measures columns in, but lines end early.
NOTE_SLACK = 1.05

_FORMATS = {
    "text": "@",
    "integer": "#,##0",
    "decimal": "#,##0.0#",
    "money": '"$"#,##0.00',
    "date": "m/d/yyyy",
}
# Smallest and largest width by type, in digits of the font.
_WIDTHS = {
    "text": (9, 46),
    "integer": (11, 14),
    "decimal": (12, 18),
    "money": (14, 20),
    "date": (12, 12),
}
_HEADING_SLACK = 3  # Room for the button of the filter.


def register(book: Workbook) -> None:
    """Adds the styles to a workbook: title, note, and a heading, body and total for each type."""
    hairline = Side(style="thin", color=LINE)
    rule = Side(style="medium", color=BLUE)
    made = [
        _style("title", _font(15, BLUE, bold=True), wrap=False),
        _style("note", _font(10, GREY_TEXT)),
    ]
    for kind, pattern in _FORMATS.items():
        side = "left" if kind == "text" else "right"
        head = _style(f"heading {kind}", _font(10, "FFFFFF", bold=True), side=side)
        head.fill = PatternFill("solid", start_color=BLUE, end_color=BLUE)
        head.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        body = _style(f"body {kind}", _font(10, INK), side=side)
        body.border = Border(bottom=hairline)
        total = _style(f"total {kind}", _font(10, BLUE, bold=True), side=side)
        total.border = Border(top=rule)
        total.fill = PatternFill("solid", start_color=GROUND, end_color=GROUND)
        body.number_format = total.number_format = pattern
        made += [head, body, total]
    for style in made:
        book.add_named_style(style)


def _font(size: float, color: str, *, bold: bool = False) -> Font:
    return Font(name="Calibri", size=size, color=color, bold=bold)


def _style(name: str, font: Font, *, side: str = "left", wrap: bool = True) -> NamedStyle:
    alignment = Alignment(horizontal=side, vertical="top", wrap_text=wrap)
    return NamedStyle(name=name, font=font, alignment=alignment)


def heading(column: Column) -> str:
    """The name of the style of a column's heading."""
    return f"heading {_kind(column.type)}"


def body(column: Column, value: Value, *, total: bool) -> str:
    """The name of the style of a value: its own type decides, then its column's.

    A count in a column of decimals prints without a decimal point; a text in a column of numbers (an
    answer that a waiver let through) stands to the left.
    """
    kind = _kind(column.type)
    if isinstance(value, str):
        kind = "text"
    elif isinstance(value, date):
        kind = "date"
    elif isinstance(value, int) and kind == "decimal":
        kind = "integer"
    return f"{'total' if total else 'body'} {kind}"


def _kind(name: str) -> str:
    return name if name in _FORMATS else "text"


def widths(columns: Sequence[Column], rows: Sequence[Sequence[Value]], total: Sequence[Value]) -> list[float]:
    """A width for each column: of what stands in it, within the bounds of its type."""
    found: list[float] = []
    sample = [*rows[:500], *([total] if total else [])]
    for place, column in enumerate(columns):
        least, most = _WIDTHS[_kind(column.type)]
        longest = max((_length(row[place], column) for row in sample), default=0)
        word = max(len(part) for part in column.title.split()) + _HEADING_SLACK
        found.append(float(min(max(longest * 1.05 + 2, word, least), max(most, word))))
    return found


def _length(value: Value, column: Column) -> int:
    """The characters of a value as it prints."""
    if value is None:
        return 0
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    if isinstance(value, date):
        return 10
    text = f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"
    return len(text) + (column.type == "money")


def heading_height(columns: Iterable[Column], wide: Iterable[float]) -> float:
    """The height of the heading row, in points, so that no heading is cut."""
    pairs = zip(columns, wide, strict=True)
    lines = max(math.ceil((len(c.title) + 2) / (width - 1)) for c, width in pairs)
    return lines * LINE_HEIGHT + 6


def printed(sheet: Worksheet) -> None:
    """Letter, landscape, one page wide, sheet and page in the footer."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "1"  # Letter: ECMA-376, 18.3.1.63
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.7
    sheet.oddFooter.left = HeaderFooterPart("&A")
    sheet.oddFooter.right = HeaderFooterPart("Page &P of &N")
