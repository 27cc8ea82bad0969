"""The rows of a sheet as SpreadsheetML (ECMA-376, part 1, 18.3.1.4 ``c`` and 18.3.1.73 ``row``).

Takes plain values and the fit of a table, gives XML. Text goes through the workbook's shared strings
and so is never a formula; a number, a date's serial number too, stands as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.model import Value
from plbuild.rollup import look
from plbuild.rollup.tables_csv import clean

_FORMULA_STARTS = ("=", "+", "-", "@")
_MOST_EXCEL = Decimal("1e300")
_LONGEST_TEXT = 32_767  # Excel specifications and limits: characters in a cell.
# Excel's day 60 is 29 February 1900, which never was; from 1 March 1900 on, this day is its day 0.
_DAY_0 = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)


class Writer:
    """Writes the rows of a workbook's sheets; keeps the ids that the workbook gives to styles."""

    def __init__(self, book: Workbook) -> None:
        self._strings = book.shared_strings
        self._sheet = Worksheet(book)
        self._styles: dict[tuple[str, bool], int] = {}

    def row(self, number: int, values: Sequence[Value], fit: look.Fit, *, total: bool = False) -> str:
        """The XML of the row ``number``; rows of more than one line get a height."""
        lines = look.height(values, fit.widths)
        height = f' ht="{lines * look.LINE_HEIGHT}" customHeight="1"' if lines > 1 else ""
        cells = [
            self._cell(
                f"{get_column_letter(place)}{number}", _storable(value), fit.style(place - 1, value, total)
            )
            for place, value in enumerate(values, start=1)
        ]
        return f'<row r="{number}"{height}>{"".join(cells)}</row>'

    def _cell(self, ref: str, value: Value, style: str) -> str:
        if isinstance(value, str):
            # Else Excel makes a formula of the text as soon as someone edits the cell.
            style_id = self._style_id(style, value.startswith(_FORMULA_STARTS))
            return f'<c r="{ref}" s="{style_id}" t="s"><v>{self._strings.add(value)}</v></c>'
        style_id = self._style_id(style, False)
        if value is None:
            return f'<c r="{ref}" s="{style_id}"/>'
        number = (value - _DAY_0).days if isinstance(value, date) else value
        return f'<c r="{ref}" s="{style_id}"><v>{number}</v></c>'

    def _style_id(self, style: str, quoted: bool) -> int:
        key = style, quoted
        if key not in self._styles:
            cell = WriteOnlyCell(self._sheet)
            cell.style = style
            cell.quotePrefix = quoted
            self._styles[key] = cell.style_id
        return self._styles[key]


def _storable(value: Value) -> Value:
    """A value as Excel can hold it: text without forbidden characters, no dates before its first."""
    if isinstance(value, str):
        return clean(value)[:_LONGEST_TEXT]
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else value.isoformat()
    if isinstance(value, int | Decimal) and abs(Decimal(value)) > _MOST_EXCEL:
        return str(value)
    return value
