"""The roll-up as an Excel workbook: a sheet a table, and last a sheet with the lineage of every row.

Takes a ``Rollup``, returns bytes that depend on it alone. Every number is a value, never a formula:
openpyxl stores no results of formulas, so a reader that does not calculate would see blanks. Design
decision: the workbook is written as a stream (openpyxl's write-only mode), because the lineage of a
large district has hundreds of thousands of rows and openpyxl's cells in memory are forty times as big.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.model import Column, Rollup, Table, Value, excerpt
from plbuild.rollup import look
from plbuild.rollup.frames import split_source
from plbuild.rollup.tables_csv import clean

_HEADING_ROW = 4
# Excel holds 1,048,576 rows; a district of 13,000 schools would fill them. The CSV files hold all.
_MOST_SOURCES = 1_048_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_ABOUT_LENGTH = 44
_MOST_EXCEL = Decimal("1e300")
_FIRST_EXCEL_YEAR = 1901  # Serial dates begin in 1900, with a leap day that never was.
_SOURCE_COLUMNS = (
    Column(name="sheet_name", title="Table"),
    Column(name="row", title="Row there", type="integer"),
    Column(name="figure", title="What the row is about"),
    Column(name="workbook", title="Workbook"),
    Column(name="sheet", title="Sheet"),
    Column(name="cells", title="Cells"),
)
_SOURCES = Table(
    name="sources",
    title="Sources",
    note=(
        "The cells of the submitted workbooks behind each row of the other sheets. Row numbers are those "
        "before anything is sorted."
    ),
    columns=_SOURCE_COLUMNS,
    rows=(),
)


def to_xlsx(rollup: Rollup) -> bytes:
    """The tables of ``rollup`` as an .xlsx file, ready to read, filter and print.

    Text stays text, whatever it begins with; characters that XML forbids are left out.
    """
    book = Workbook(write_only=True)
    book.properties.title = "Roll-up of professional learning plans"
    book.properties.creator = "plbuild"
    book.properties.language = "en-US"
    look.register(book)
    names = _sheet_names([*rollup.tables, _SOURCES])
    for table, name in zip(rollup.tables, names, strict=False):
        _sheet(book, table, name, table.rows)
    lineage = islice(_source_rows(rollup.tables, names), _MOST_SOURCES)
    _sheet(book, _SOURCES, names[-1], lineage)
    buffer = io.BytesIO()
    book.save(buffer)
    return archive.repack(buffer.getvalue())


def _sheet_names(tables: Sequence[Table]) -> list[str]:
    """A name for each sheet: Excel takes 31 characters, no `[]:*?/\\`, and tells no case apart."""
    names: list[str] = []
    for table in tables:
        plain = re.sub(r"[\[\]:*?/\\]", " ", table.title).strip("' ")[:31] or table.name[:31]
        taken = {name.casefold() for name in names}
        names.append(plain if plain.casefold() not in taken else f"{plain[:27]} {len(names) + 1}")
    return names


def _source_rows(tables: Iterable[Table], names: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    """For each row of each table, a row for each sheet behind it, with the cells in that sheet."""
    for table, name in zip(tables, names, strict=False):
        for index, lineage in enumerate(table.sources):
            cells: dict[tuple[str, str], list[str]] = {}
            for file, sheet, cell in map(split_source, lineage):
                cells.setdefault((file, sheet), []).append(cell)
            about = _about(table, index)
            for (file, sheet), found in cells.items():
                yield name, _HEADING_ROW + 1 + index, about, file, sheet, ", ".join(found)


def _about(table: Table, index: int) -> str:
    """The first two texts of a row, by which it is found again after sorting."""
    pairs = zip(table.columns, table.rows[index], strict=True)
    texts = [str(value) for column, value in pairs if column.type == "text" and value is not None]
    return excerpt(", ".join(texts[:2]), _ABOUT_LENGTH)


def _sheet(book: Workbook, table: Table, name: str, rows: Iterable[tuple[Value, ...]]) -> None:
    # A write-only sheet has all of a Worksheet that is used here; its type stub does not say so.
    sheet = cast(Worksheet, book.create_sheet(name))
    coming = iter(rows)
    sample = [*islice(coming, look.SAMPLE)]
    seen = [*sample, *([table.total] if table.total else [])]
    widths, places = look.widths(table.columns, seen), look.decimals(table.columns, seen)
    note = clean(table.note)
    _dress(sheet, table, widths, note)
    pen = _Pen(sheet)
    sheet.append([pen.cell(clean(table.title), "title")])
    sheet.append([pen.cell(note, "note")])
    sheet.append([])
    sheet.append(pen.cell(column.title, look.heading(column)) for column in table.columns)
    last = _HEADING_ROW
    for last, row in enumerate(chain(sample, coming), start=_HEADING_ROW + 1):
        if (lines := look.height(row, widths)) > 1:
            sheet.row_dimensions[last].height = lines * look.LINE_HEIGHT
        sheet.append(pen.cells(table.columns, row, places))
    if last == _HEADING_ROW:
        sheet.append([pen.cell("No rows.", "body text")])
    else:
        _excel_table(sheet, table, last)
    if table.total:
        sheet.append(pen.cells(table.columns, table.total, places, total=True))


def _dress(sheet: Worksheet, table: Table, widths: Sequence[float], note: str) -> None:
    """What openpyxl must know of a sheet before its first row: widths, heights, panes, print."""
    last = get_column_letter(len(widths))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    headings = [column.title for column in table.columns]
    sheet.row_dimensions[1].height = look.TITLE_HEIGHT
    sheet.row_dimensions[2].height = look.lines(note, sum(widths)) * look.LINE_HEIGHT
    sheet.row_dimensions[_HEADING_ROW - 1].height = look.GAP_HEIGHT
    heading_height = look.height(headings, widths) * look.LINE_HEIGHT + look.BUTTON_HEIGHT
    sheet.row_dimensions[_HEADING_ROW].height = heading_height
    if len(widths) > 1:
        sheet.merged_cells.add(f"A2:{last}2")
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    look.printed(sheet)


def _excel_table(sheet: Worksheet, table: Table, last_row: int) -> None:
    """Marks heading and rows as a table of Excel's: filters, and a name for other workbooks.

    The totals stay outside of it: Excel takes only its own formulas for a totals row.
    """
    last = get_column_letter(len(table.columns))
    ref = f"A{_HEADING_ROW}:{last}{last_row}"
    columns = [TableColumn(id=n, name=c.title) for n, c in enumerate(table.columns, start=1)]
    made = ExcelTable(
        id=1, displayName=f"tbl_{table.name}", ref=ref, tableColumns=columns, autoFilter=AutoFilter(ref=ref)
    )
    # add_table() warns in write-only mode, of the headings that were set above.
    sheet.tables.add(made)


class _Pen:
    """Makes the cells of a sheet, one at a time.

    There is one cell for each style, filled anew for each value: the sheet writes a cell as soon as it
    gets it, and giving a cell its style takes openpyxl longer than all the rest. Rows are therefore
    appended as generators.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._made: dict[tuple[str, bool], Cell] = {}

    def cells(
        self, columns: Sequence[Column], row: Sequence[Value], places: Sequence[int], *, total: bool = False
    ) -> Iterator[Cell]:
        """The cells of a row, each in the style of its value and column."""
        for column, value, decimals in zip(columns, row, places, strict=True):
            yield self.cell(_excel_value(value), look.body(column, value, decimals, total=total))

    def cell(self, value: Value, style: str) -> Cell:
        """The cell of this style, holding ``value``, until the next call."""
        is_text = isinstance(value, str)
        # Without the quote Excel makes a formula of such a text as soon as someone edits the cell.
        quoted = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
        cell = self._made.get((style, quoted))
        if cell is None:
            cell = self._made[style, quoted] = WriteOnlyCell(self._sheet)
            cell.style = style
            cell.quotePrefix = quoted
        if isinstance(value, date):
            # A date's own setter would overwrite the number format of the style.
            cell.value = to_excel(value)
        else:
            cell.value = value
        if is_text:
            # openpyxl takes "=..." for a formula and "#N/A" for an error.
            cell.data_type = "s"
        return cell


def _excel_value(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date) and value.year < _FIRST_EXCEL_YEAR:
        return value.isoformat()
    if isinstance(value, int | Decimal) and abs(Decimal(value)) > _MOST_EXCEL:
        return str(value)
    return value
