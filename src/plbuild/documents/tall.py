"""Rows that may be torn: those that take more than half a page.

Takes the XML of a finished body, returns it without "no break within this row" on such rows. A row that is
kept whole moves to the next page and leaves its place blank; for a short row that is right, for one of half a
page it is not. Design decision: its height is estimated from the letters in its cells, because only Word
knows it; a row near the limit may be kept or torn, and both are right.
"""

from __future__ import annotations

import re
from math import ceil

from plbuild.documents.stylesheet import Stylesheet

_KEPT = "<w:cantSplit/>"
_HALF_A_PAGE = 4.6
_LETTERS_AN_INCH, _LINE, _INSIDE = 15.5, 0.172, 0.12
"""Of Calibri in 9.5 points: how many letters an inch holds, the height of a line, a cell's margins."""

# A row whose XML is shorter has not enough text for half a page, whatever its columns are.
_SHORTEST = 2500
_CELL = re.compile(r"<w:tc(?: [^>]*)?>(.*?)</w:tc>", re.DOTALL)
_WIDTH = re.compile(r'<w:tcW [^>]*w:w="(\d+)"')
_LINES = re.compile(r"</w:p>|<w:br/>")
_MARKUP = re.compile(r"<[^>]*>")


def with_tall_rows_torn(xml: str, sheet: Stylesheet) -> str:
    """The body with every row that takes more than half a page allowed to break across pages."""
    pieces, done, at = [], 0, xml.find(_KEPT)
    while at >= 0:
        end = xml.find("</w:tr>", at)
        if end - at > _SHORTEST and _height(xml[at:end]) > _HALF_A_PAGE:
            pieces.append(xml[done:at])
            done = at + len(_KEPT)
        at = xml.find(_KEPT, end)
    return "".join([*pieces, xml[done:]])


def _height(row: str) -> float:
    """About how tall a row is, in inches."""
    return _LINE * max((_cell_lines(cell[1]) for cell in _CELL.finditer(row)), default=0)


def _cell_lines(cell: str) -> int:
    width = _WIDTH.search(cell)
    letters = max(1.0, (int(width[1]) / 1440 - _INSIDE if width else 1) * _LETTERS_AN_INCH)
    return sum(ceil(len(_MARKUP.sub("", line)) / letters) for line in _LINES.split(cell))
