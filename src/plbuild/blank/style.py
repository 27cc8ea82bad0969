"""The look of the workbook, in one place: colours, fonts and the styles made of them.

A dark blue for structure, greys for furniture, one amber for what needs the reader, white for what
people write. All text has a contrast of at least 4.5 : 1 on its ground (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

BLUE, GROUND, INPUT, LINE = "1F3A5F", "F1F3F5", "FFFFFF", "B4BAC2"
HEAD, HEAD_MORE, GREY_TEXT, AMBER, AMBER_TEXT, AMBER_GROUND = (
    "D5DEEA",
    "E4E7EB",
    "595F69",
    "E08A00",
    "8A4B00",
    "FFF4E0",
)
FONT = "Calibri"

# Three lines of 10.5 points. Rows keep this as a smallest height, and still grow with what is
# typed, because the margin's (empty) cell has a font of that size: Excel and LibreOffice fit a row
# to the largest font in it, where a fixed height would cut long texts.
TALL_ROW, SPACER_SIZE = 44.25, 34
TALL_LINES, _LINE_HEIGHT = 3, 14
# The height of a row that grows ends in .25, and of no other.
GROWING_HEIGHT = r"\d+\.25"


def growing_height(lines: int) -> float:
    """The height of a row that shows so many lines and still grows."""
    return TALL_ROW + _LINE_HEIGHT * (lines - TALL_LINES)


def fixed_height(lines: int) -> float:
    """The height of a row that shows so many lines and keeps its height."""
    return 3 + _LINE_HEIGHT * lines


def fill(color: str) -> PatternFill:
    """A plain ground."""
    return PatternFill("solid", start_color=color, end_color=color)


def font(size: float = 10.5, *, color: str = "1B1F24", bold: bool = False, link: bool = False) -> Font:
    """Calibri; links are underlined, so that they are not told by colour alone."""
    return Font(name=FONT, size=size, color=color, bold=bold, underline="single" if link else None)


def aligned(
    horizontal: str = "left", vertical: str = "top", *, wrap: bool = True, indent: int = 0
) -> Alignment:
    """Text at the top left, wrapped, unless said otherwise; ``indent`` keeps it off the border."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap, indent=indent)


_LINE = Side(style="thin", color=LINE)
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HAIRLINE = Border(top=_LINE, bottom=_LINE)
UNDER = Border(bottom=Side(style="medium", color=BLUE))
UNLOCKED, LOCKED = Protection(locked=False), Protection(locked=True)

# A conditional border can only be thin (ECMA-376 18.8.14), so that the ground helps the edge.
NEEDED = DifferentialStyle(
    fill=PatternFill(bgColor=AMBER_GROUND),
    border=Border(left=Side(style="thin", color=AMBER), right=_LINE, top=_LINE, bottom=_LINE),
)
