"""The rows of a sheet as SpreadsheetML (ECMA-376, part 1, 18.3.1.4 ``c`` and 18.3.1.73 ``row``).

Takes plain values and the fit of a table, gives XML. Text is an inline string, as openpyxl writes it,
and so never a formula; a number, a date's serial number too, stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.model import Value
from plbuild.rollup import look
from plbuild.rollup.figures import number
from plbuild.rollup.tables_csv import clean

_FORMULA_STARTS = ("=", "+", "-", "@")
_LONGEST_TEXT = 32_767  # Excel specifications and limits: characters in a cell.
# Excel's day 60 is 29 February 1900, which never was; from 1 March 1900 on, this day is its day 0.
_DAY_0 = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)
# Text that stands in XML as it is: no mark-up, no carriage return, nothing forbidden, no white space at its
# ends, no beginning that Excel would take for a formula, and within what a cell holds.
_PLAIN = re.compile(r"(?![=+\-@\s])[^&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]{1,32767}(?<!\s)")


class Writer:
    """Writes the rows of a workbook's sheets; keeps the ids that the workbook gives to styles."""

    def __init__(self, book: Workbook, styles: Iterable[str]) -> None:
        sheet = Worksheet(book)
        self._styles = {
            (style, quoted): _style_id(sheet, style, quoted) for style in styles for quoted in (False, True)
        }

    def row(
        self,
        line: int,
        values: Sequence[Value],
        fit: look.Fit,
        *,
        total: bool = False,
        link: int = -1,
    ) -> bytes:
        """The XML of the row ``line``; rows of more than one line get a height.

        ``link`` is the place of a cell that looks like a link.
        """
        points = look.height(values, fit)
        height = f' ht="{points}" customHeight="1"' if points else ""
        text = self._styles[fit.style(0, "", total), False]
        cells = []
        for place, raw in enumerate(values):
            if raw is None and fit.bare:
                continue
            ref = f"{get_column_letter(place + 1)}{line}"
            # Nearly all cells hold plain text, and these lines half the work of a large district.
            if type(raw) is str and place != link and _PLAIN.fullmatch(raw):
                cells.append(f'<c r="{ref}" s="{text}" t="inlineStr"><is><t>{raw}</t></is></c>')
                continue
            value = _storable(raw)
            style = "link" if place == link else fit.style(place, value, total)
            cells.append(self._cell(ref, value, style))
        return f'<row r="{line}"{height}>{"".join(cells)}</row>'.encode()

    def _cell(self, ref: str, value: Value, style: str) -> str:
        if isinstance(value, str):
            # Else Excel makes a formula of the text as soon as someone edits the cell.
            style_id = self._styles[style, value.startswith(_FORMULA_STARTS)]
            space = ' xml:space="preserve"' if value != value.strip() else ""
            return f'<c r="{ref}" s="{style_id}" t="inlineStr"><is><t{space}>{_escaped(value)}</t></is></c>'
        style_id = self._styles[style, False]
        if value is None:
            return f'<c r="{ref}" s="{style_id}"/>'
        plain = (value - _DAY_0).days if isinstance(value, date) else value
        return f'<c r="{ref}" s="{style_id}"><v>{plain}</v></c>'


def _style_id(sheet: Worksheet, style: str, quoted: bool) -> int:
    cell = WriteOnlyCell(sheet)
    cell.style = style
    cell.quotePrefix = quoted
    return int(cell.style_id)


def _escaped(text: str) -> str:
    # XML turns a bare carriage return into a line feed (XML 1.0, 2.11).
    return escape(text, {"\r": "&#13;"})


def _storable(value: Value) -> Value:
    """A value as Excel can hold it: text without forbidden characters, no dates before its first."""
    if isinstance(value, str):
        return clean(value)[:_LONGEST_TEXT]
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else value.isoformat()
    return str(value) if value is not None and number(value) is None else value
