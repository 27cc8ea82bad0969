"""The rows of a sheet as SpreadsheetML (ECMA-376, part 1, 18.3.1.4 ``c`` and 18.3.1.73 ``row``).

Takes plain values and the fit of a table, gives XML. Text is an inline string, as openpyxl writes it,
and so never a formula; a number, a date's serial number too, stands as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
# Texts that are kept as XML: the short ones repeat, in a column and over columns.
_SHORT, _MOST_KEPT = 64, 10_000


class Writer:
    """Writes the rows of a workbook's sheets; keeps the ids that the workbook gives to styles."""

    def __init__(self, book: Workbook, styles: Iterable[str]) -> None:
        sheet = Worksheet(book)
        self._styles = {
            (style, quoted): _style_id(sheet, style, quoted) for style in styles for quoted in (False, True)
        }

    def rows(self, fit: look.Fit, *, total: bool = False) -> Rows:
        """What writes the rows of one sheet, or its total."""
        return Rows(self._styles, fit, total)


class Rows:
    """Writes rows of one sheet, which are all of one fit."""

    def __init__(self, styles: Mapping[tuple[str, bool], int], fit: look.Fit, total: bool) -> None:
        self._styles = styles
        self._fit = fit
        self._total = total
        self._text = fit.style(0, "", total)
        self._columns = [(place, f'<c r="{get_column_letter(place + 1)}') for place in range(len(fit.kinds))]
        self._kept: dict[str, str] = {}

    def row(self, line: int, values: Sequence[Value], *, link: int = -1) -> bytes:
        """The XML of the row ``line``; rows of more than one line get a height.

        ``link`` is the place of a cell that looks like a link.
        """
        points = look.height(values, self._fit)
        height = f' ht="{points}" customHeight="1"' if points else ""
        bare, kept = self._fit.bare, self._kept
        cells = []
        for (place, head), raw in zip(self._columns, values, strict=False):
            if raw is None and bare:
                continue
            if place == link:
                rest = self._cell(_storable(raw), "link")
            elif type(raw) is str:  # A text only: equal numbers can be written differently.
                rest = kept.get(raw) or self._text_cell(raw)
            else:
                value = _storable(raw)
                rest = self._cell(value, self._fit.style(place, value, self._total))
            cells.append(f"{head}{line}{rest}")
        return f'<row r="{line}"{height}>{"".join(cells)}</row>'.encode()

    def _text_cell(self, text: str) -> str:
        """The XML of a text's cell behind its reference, which is the same in all columns."""
        rest = self._cell(_storable(text), self._text)
        if len(text) <= _SHORT and len(self._kept) < _MOST_KEPT:
            self._kept[text] = rest
        return rest

    def _cell(self, value: Value, style: str) -> str:
        """The XML of a cell behind its reference."""
        if isinstance(value, str):
            # Else Excel makes a formula of the text as soon as someone edits the cell.
            style_id = self._styles[style, value.startswith(_FORMULA_STARTS)]
            space = ' xml:space="preserve"' if value != value.strip() else ""
            return f'" s="{style_id}" t="inlineStr"><is><t{space}>{_escaped(value)}</t></is></c>'
        style_id = self._styles[style, False]
        if value is None:
            return f'" s="{style_id}"/>'
        plain = (value - _DAY_0).days if isinstance(value, date) else value
        return f'" s="{style_id}"><v>{plain}</v></c>'


def _style_id(sheet: Worksheet, style: str, quoted: bool) -> int:
    cell = WriteOnlyCell(sheet)
    cell.style = style
    cell.quotePrefix = quoted
    return int(cell.style_id)


def _escaped(text: str) -> str:
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    # XML turns a bare carriage return into a line feed (XML 1.0, 2.11).
    return escape(text, {"\r": "&#13;"})


def _storable(value: Value) -> Value:
    """A value as Excel can hold it: text without forbidden characters, no dates before its first."""
    if isinstance(value, str):
        return clean(value)[:_LONGEST_TEXT]
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else value.isoformat()
    return str(value) if value is not None and number(value) is None else value
