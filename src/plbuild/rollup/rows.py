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
# Values whose cells are kept, where they are short: those that repeat, and are written alike where they are
# equal, as decimals are not.
_KEPT = frozenset({str, int, date, type(None)})
_SHORT, _MOST_KEPT = 120, 2000


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
        # Text is of one style in all columns.
        self._texts = [styles[fit.style(0, "", total), quoted] for quoted in (False, True)]
        # For each column the cells of what repeats in it, as XML behind their references.
        self._columns: list[tuple[int, str, dict[Value, str]]] = [
            (place, f'<c r="{get_column_letter(place + 1)}', {}) for place in range(len(fit.kinds))
        ]

    def row(self, line: int, values: Sequence[Value], *, link: int = -1) -> bytes:
        """The XML of the row ``line``; rows of more than one line get a height.

        ``link`` is the place of a cell that looks like a link.
        """
        points = look.height(values, self._fit)
        height = f' ht="{points}" customHeight="1"' if points else ""
        bare, at = self._fit.bare, str(line)
        cells = []
        for (place, head, kept), raw in zip(self._columns, values, strict=False):
            if raw is None and bare:
                continue
            if place == link:
                rest = self._cell(_storable(raw), "link")
            elif type(raw) not in _KEPT:
                rest = self._styled(place, raw)
            elif (found := kept.get(raw)) is not None:
                rest = found
            else:
                rest = self._styled(place, raw)
                if len(kept) < _MOST_KEPT and len(rest) < _SHORT:
                    kept[raw] = rest
            cells.append(f"{head}{at}{rest}")
        return f'<row r="{at}"{height}>{"".join(cells)}</row>'.encode()

    def _styled(self, place: int, raw: Value) -> str:
        if type(raw) is str:
            return self._text(clean(raw)[:_LONGEST_TEXT], *self._texts)
        value = _storable(raw)
        return self._cell(value, self._fit.style(place, value, self._total))

    def _text(self, value: str, plain: int, quoted: int) -> str:
        """The XML of a cell of text behind its reference; styles for most texts, and for those that look
        like a formula."""
        # Else Excel makes a formula of the text as soon as someone edits the cell.
        style_id = quoted if value.startswith(_FORMULA_STARTS) else plain
        space = ' xml:space="preserve"' if value != value.strip() else ""
        return f'" s="{style_id}" t="inlineStr"><is><t{space}>{_escaped(value)}</t></is></c>'

    def _cell(self, value: Value, style: str) -> str:
        """The XML of a cell behind its reference."""
        if isinstance(value, str):
            return self._text(value, self._styles[style, False], self._styles[style, True])
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
