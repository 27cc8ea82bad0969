"""The look of the roll-up's workbook: styles, widths and print settings.

A dark blue for headings, greys for furniture, hairlines between rows; the same blue as in the blank
workbooks. All text has a contrast of at least 4.5 : 1 on its ground (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from textwrap import wrap
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.model import Column, Value
from plbuild.rollup.figures import number

BLUE, INK, GREY_TEXT, LINE, GROUND = "1F3A5F", "1B1F24", "595F69", "D0D4DA", "F1F3F5"
LINE_HEIGHT, TITLE_HEIGHT, GAP_HEIGHT = 14.25, 24.0, 20.0
BUTTON_HEIGHT = 12.0  # Excel draws the filter button over the last line of a heading.
# Widths count digits of the workbook's 11-point font; letters of 10 points are narrower than those.
_LETTERS_PER_DIGIT = 1.25

_FORMATS = {
    "text": "@",
    "integer": "#,##0",
    "decimal": "#,##0",
    "decimal 1": "#,##0.0",
    "decimal 2": "#,##0.00",
    "money": '"$"#,##0.00',
    "date": "m/d/yyyy",
}
# Smallest and largest width by type, in digits of the font.
_WIDTHS = {"text": (9, 40), "integer": (10, 14), "decimal": (10, 18), "money": (14, 20), "date": (12, 12)}
WINDOW = 130.0  # About what a window shows, in digits of the font.
_PADDING = 3
_MOST_PLACES = 2
_MOST_LINES = 12
_BARE_LINES = 2
_NEXT_LINE, _ROW_PADDING = 12.75, 2.25  # In a row of several lines, as Excel makes them at 10 points.
SAMPLE = 1000  # Rows that are looked at to fit a column.


def register(book: Workbook) -> tuple[str, ...]:
    """Adds the styles to a workbook: title, note, links, and a heading, body and total for each type.

    Returns their names.
    """
    hairline = Side(style="thin", color=LINE)
    rule = Side(style="medium", color=BLUE)
    gap = Side(style="thin", color="FFFFFF")
    link = Font(name="Calibri", size=10, color=BLUE, underline="single")
    made = [
        _style("link", link, Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)),
        _style("back", link, Alignment(vertical="top")),
        _style("title", _font(15, BLUE, bold=True), Alignment(vertical="top")),
        _style("note", _font(10, GREY_TEXT), Alignment(vertical="top", wrap_text=True)),
    ]
    for kind, pattern in _FORMATS.items():
        # LibreOffice indents right-aligned text only where it wraps, so that only text is indented.
        side, indent = ("left", 1) if kind == "text" else ("right", 0)
        placed = Alignment(horizontal=side, vertical="top", wrap_text=True, indent=indent)
        head = _style(f"heading {kind}", _font(10, "FFFFFF", bold=True), placed)
        head.fill = PatternFill("solid", start_color=BLUE, end_color=BLUE)
        head.border = Border(left=gap, right=gap)
        body = _style(f"body {kind}", _font(10, INK), placed)
        body.border = Border(bottom=hairline)
        total = _style(f"total {kind}", _font(10, BLUE, bold=True), placed)
        total.border = Border(top=rule)
        total.fill = PatternFill("solid", start_color=GROUND, end_color=GROUND)
        # Blank cells of a data sheet are left out, so that lines between its rows would be broken.
        plain = _style(f"data {kind}", _font(10, INK), placed)
        body.number_format = total.number_format = plain.number_format = pattern
        made += [head, body, total, plain]
    made[0].border = Border(bottom=hairline)
    for style in made:
        book.add_named_style(style)
    return tuple(str(style.name) for style in made)


def _font(size: float, color: str, *, bold: bool = False) -> Font:
    return Font(name="Calibri", size=size, color=color, bold=bold)


def _style(name: str, font: Font, alignment: Alignment) -> NamedStyle:
    return NamedStyle(name=name, font=font, alignment=alignment)


def heading(column: Column) -> str:
    """The name of the style of a column's heading."""
    return f"heading {_kind(column.type)}"


class Extent(NamedTuple):
    """What some rows need of each column: the characters of the longest value, and the decimals."""

    lengths: Sequence[int]
    places: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How the columns of a table print: type, width in digits, decimals of the numbers, letters in a line.

    ``bare``: of the data sheets, whose rows are all of one height and whose blank cells are left out.
    """

    kinds: tuple[str, ...]
    widths: tuple[float, ...]
    places: tuple[int, ...]
    letters: tuple[int, ...]
    bare: bool = False

    def style(self, place: int, value: Value, total: bool) -> str:
        """The name of the style of a value: its own type decides, then its column's.

        A count among decimals prints as a count; a text in a column of numbers (an answer that a
        waiver let through) stands to the left.
        """
        kind = self.kinds[place]
        if isinstance(value, str):
            kind = "text"
        elif isinstance(value, date):
            kind = "date"
        elif kind == "decimal" and isinstance(value, int):
            kind = "integer"
        elif kind == "decimal" and self.places[place]:
            kind = f"decimal {self.places[place]}"
        return f"{'total' if total else 'data' if self.bare else 'body'} {kind}"


def extent(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> Extent:
    """What some rows of a table need."""
    return Extent(
        [_longest(column, [row[place] for row in rows]) for place, column in enumerate(columns)],
        _places(columns, rows),
    )


def fit(columns: Sequence[Column], extents: Iterable[Extent], *, bare: bool = False, widest: int = 40) -> Fit:
    """Fits the columns of a table to what its rows need; text is no wider than ``widest`` digits."""
    none = [0] * len(columns)
    lengths, places = zip(Extent(none, none), *extents, strict=True)
    widths = tuple(map(partial(_width, widest), columns, map(max, zip(*lengths, strict=True))))
    return Fit(
        bare=bare,
        kinds=tuple(_kind(column.type) for column in columns),
        widths=widths,
        letters=tuple(map(_letters, widths)),
        places=tuple(map(max, zip(*places, strict=True))),
    )


def _kind(name: str) -> str:
    return name if name in _WIDTHS else "text"


def _places(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> list[int]:
    """For each column the decimals that its numbers need, at most two.

    A column prints them all alike, so that its decimal points stand under one another.
    """
    found = [0] * len(columns)
    for row in rows:
        for place, value in enumerate(row):
            if isinstance(value, Decimal) and value.is_finite():
                exponent = int(value.as_tuple().exponent)
                found[place] = max(found[place], min(-exponent, _MOST_PLACES))
    return found


def _longest(column: Column, values: Sequence[Value]) -> int:
    """The characters of the longest value of a column."""
    texts = {value for value in values if isinstance(value, str)}
    others = (value for value in values if value is not None and not isinstance(value, str))
    return max((_length(value, column) for value in (*texts, *others)), default=0)


def _width(widest: int, column: Column, longest: int) -> float:
    """The width of a column: of what stands in it, within the bounds of its type."""
    kind = _kind(column.type)
    least, most = _WIDTHS[kind]
    # A heading may wrap, but not within a word; beside it stands the button of the filter.
    word = max((len(part) for part in column.title.split()), default=0) + _PADDING + 1
    return float(min(max(longest + _PADDING, word, least), max(widest if kind == "text" else most, word)))


def _length(value: Value, column: Column) -> int:
    """The characters of a value as it prints."""
    if isinstance(value, str):
        if value.isprintable():  # And so one line.
            return len(value)
        return max((len(line) for line in value.splitlines()), default=0)
    if number(value) is None:
        return len(str(value))
    text = f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"
    return len(text) + (column.type == "money")


def lines(text: str, width: float) -> int:
    """The lines that a text takes in a column of this width."""
    return _lines(text, _letters(width))


def _letters(width: float) -> int:
    """The letters that a line of a column of this width holds."""
    return max(int((width - 2) * _LETTERS_PER_DIGIT), 1)


def _lines(text: str, letters: int) -> int:
    if len(text) <= letters and "\n" not in text:
        return 1
    return sum(_wrapped(line, letters) for line in text.splitlines())


def _wrapped(line: str, letters: int) -> int:
    """How many lines ``textwrap`` makes of one, at least one."""
    if not line.isprintable() or "-" in line or "  " in line or line != line.strip():
        return len(wrap(line, letters)) or 1
    # Single-spaced words, of which each line takes as many as it holds.
    start, found = 0, 1
    while len(line) - start > letters:
        space = line.rfind(" ", start, start + letters + 1)
        if space < 0:  # A word longer than a line.
            return len(wrap(line, letters))
        start, found = space + 1, found + 1
    return found


def height(values: Iterable[Value], fitted: Fit) -> float:
    """The height of a row in points; 0 where it has one line, which needs none.

     LibreOffice does not fit rows to wrapped text when it opens a file.

    A list of a hundred schools must not make a row as high as the window; beyond some lines the cell
    holds all of it, but shows its beginning.
    """
    if fitted.bare:
        return _points(_BARE_LINES)
    # Nearly all cells hold less than a line.
    long = [
        (value, letters)
        for value, letters in zip(values, fitted.letters, strict=False)
        if isinstance(value, str) and (len(value) > letters or "\n" in value)
    ]
    return _points(max((_lines_shown(text, letters) for text, letters in long), default=1))


def _lines_shown(text: str, letters: int) -> int:
    """The lines that a text takes, as far as a row shows them."""
    # What is not a space stands on some line: of a list of a hundred names, without breaking it into lines.
    if text.isprintable() and len(text) - text.count(" ") > _MOST_LINES * letters:
        return _MOST_LINES
    return min(_lines(text, letters), _MOST_LINES)


def _points(found: int) -> float:
    return found * _NEXT_LINE + _ROW_PADDING if found > 1 else 0


def longest(values: Iterable[Value], wide: Iterable[float]) -> int:
    """The lines of the longest of some texts in columns of these widths."""
    pairs = zip(values, wide, strict=False)
    return max((lines(value, width) for value, width in pairs if isinstance(value, str)), default=1)


def printed(sheet: Worksheet) -> None:
    """Letter, landscape, one page wide, sheet and page in the footer."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "1"  # Letter: ECMA-376, 18.3.1.63
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.7
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=HeaderFooterPart("&A"), right=HeaderFooterPart("Page &P of &N")
    )
