"""Rows that may be torn: those that take more than half a page.

Takes the XML of a finished body, returns it without "no break within this row" on such rows. A row that is
kept whole moves to the next page and leaves its place blank; for a short row that is right, for one of half a
page it is not. Design decision: its height is estimated from the letters in its cells, because only Word
knows it; a row near the limit may be kept or torn, and both are right.
"""

from __future__ import annotations

import re

from plbuild.documents.stylesheet import Stylesheet

_KEPT = "<w:cantSplit/>"
# Of Calibri in 9.5 points: how many letters an inch holds, and the lines of half a page; a cell's margins.
_LETTERS_AN_INCH, _MOST_LINES, _INSIDE = 15.5, 27, 0.12

# A row or a cell whose XML is shorter has not enough text for half a page, even in a narrow column.
_SHORT_ROW, _SHORT_CELL = 1600, 850
_WIDTH = re.compile(r'<w:tcW [^>]*w:w="(\d+)"')
_MARKUP = re.compile(r"<[^>]*>")


def with_tall_rows_torn(xml: str, sheet: Stylesheet) -> str:
    """The body with every row that takes more than half a page allowed to break across pages."""
    # What follows each "no break" up to the next, the row that it stands in first.
    before, *rows = xml.split(_KEPT)
    pieces = [before]
    for row in rows:
        if not (len(row) > _SHORT_ROW and _is_tall(row[: row.find("</w:tr>")])):
            pieces.append(_KEPT)
        pieces.append(row)
    return "".join(pieces)


def _is_tall(row: str) -> bool:
    return any(len(cell) >= _SHORT_CELL and _is_tall_cell(cell) for cell in row.split("</w:tc>"))


def _is_tall_cell(cell: str) -> bool:
    """Whether the text of a cell takes so many lines; each of its paragraphs ends in half a line of blank."""
    width = _WIDTH.search(cell)
    letters = max(1.0, (int(width[1]) / 1440 - _INSIDE if width else 1) * _LETTERS_AN_INCH)
    breaks = (cell.count("</w:p>") + cell.count("<w:br/>")) / 2
    return len(cell) > (_MOST_LINES - breaks) * letters and (
        len(_MARKUP.sub("", cell)) > (_MOST_LINES - breaks) * letters
    )
