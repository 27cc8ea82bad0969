"""The roll-up as an Excel workbook: a sheet a table, and last a sheet with the lineage of every row.

Takes a ``Rollup``, returns bytes that depend on it alone. Every number is a value, never a formula:
openpyxl stores no results of formulas, so a reader that does not calculate would see blanks. Design
decision: the workbook is written as a stream (openpyxl's write-only mode), because the lineage of a
large district has hundreds of thousands of rows and openpyxl's cells in memory are forty times as big.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.model import Column, Rollup, Table, Value
from plbuild.rollup import look
from plbuild.rollup.frames import split_source
from plbuild.rollup.tables_csv import clean

_HEADING_ROW = 4
# Excel: 1,048,576 rows; some are kept for the headings and for saying that there were more.
_MOST_SOURCES = 1_048_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_MOST_EXCEL = Decimal("1e300")
_FIRST_EXCEL_YEAR = 1901  # Serial dates begin in 1900, with a leap day that never was.
_SOURCE_COLUMNS = (
    Column(name="sheet_name", title="Table"),
    Column(name="row", title="Row there", type="integer"),
    Column(name="figure", title="What the row is about"),
    Column(name="workbook", title="Workbook"),
    Column(name="sheet", title="Sheet"),
    Column(name="cell", title="Cell"),
)
_SOURCES_NOTE = (
    "The cells of the submitted workbooks behind each row of the other sheets. Row numbers are those "
    "before anything is sorted."
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
    names = _sheet_names([*rollup.tables, _sources_table(())])
    for table, name in zip(rollup.tables, names, strict=False):
        _sheet(book, table, name, list(table.rows))
    lineage = _source_rows(rollup.tables, names)
    _sheet(book, _sources_table(()), names[-1], lineage)
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


def _sources_table(rows: tuple[tuple[Value, ...], ...]) -> Table:
    return Table(name="sources", title="Sources", note=_SOURCES_NOTE, columns=_SOURCE_COLUMNS, rows=rows)


def _source_rows(tables: Iterable[Table], names: Sequence[str]) -> list[tuple[Value, ...]]:
    """A row for each cell behind each row of each table."""
    found: list[tuple[Value, ...]] = []
    for table, name in zip(tables, names, strict=False):
        for index, lineage in enumerate(table.sources):
            row = _HEADING_ROW + 1 + index
            about = _about(table, index)
            found += [(name, row, about, *split_source(item)) for item in lineage]
    if len(found) > _MOST_SOURCES:
        more = f"{len(found) - _MOST_SOURCES:,} more cells do not fit; they are in the CSV files."
        found = [*found[:_MOST_SOURCES], (more, None, None, None, None, None)]
    return found


def _about(table: Table, index: int) -> str:
    """The first two texts of a row, by which it is found again after sorting."""
    pairs = zip(table.columns, table.rows[index], strict=True)
    return ", ".join([str(v) for c, v in pairs if c.type == "text" and v is not None][:2])


def _sheet(book: Workbook, table: Table, name: str, rows: list[tuple[Value, ...]]) -> None:
    # A write-only sheet has all of a Worksheet that is used here; its type stub does not say so.
    sheet = cast(Worksheet, book.create_sheet(name))
    widths = look.widths(table.columns, rows, table.total)
    note = clean(table.note)
    _dress(sheet, table, widths, note)
    sheet.append([_cell(sheet, clean(table.title), "title")])
    sheet.append([_cell(sheet, note, "note")])
    sheet.append([])
    sheet.append([_cell(sheet, c.title, look.heading(c)) for c in table.columns])
    for row in rows:
        sheet.append(list(_cells(sheet, table.columns, row, total=False)))
    if not rows:
        sheet.append([_cell(sheet, "No rows.", "body text")])
    if table.total:
        sheet.append(list(_cells(sheet, table.columns, table.total, total=True)))
    if rows:
        _excel_table(sheet, table, len(rows))


def _dress(sheet: Worksheet, table: Table, widths: Sequence[float], note: str) -> None:
    """What openpyxl must know of a sheet before its first row: widths, heights, panes, print."""
    last = get_column_letter(len(widths))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    # Excel fits the height of a row by itself, but not to merged cells.
    lines = math.ceil(len(note) / sum(widths) * look.NOTE_SLACK)
    sheet.row_dimensions[2].height = lines * look.LINE_HEIGHT + 2
    sheet.row_dimensions[_HEADING_ROW].height = look.heading_height(table.columns, widths)
    if len(widths) > 1:
        sheet.merged_cells.add(f"A2:{last}2")
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    look.printed(sheet)


def _excel_table(sheet: Worksheet, table: Table, rows: int) -> None:
    """Marks heading and rows as a table of Excel's: filters, and a name for other workbooks.

    The totals stay outside of it: Excel takes only its own formulas for a totals row.
    """
    last = get_column_letter(len(table.columns))
    ref = f"A{_HEADING_ROW}:{last}{_HEADING_ROW + rows}"
    columns = [TableColumn(id=n, name=c.title) for n, c in enumerate(table.columns, start=1)]
    made = ExcelTable(
        id=1, displayName=f"tbl_{table.name}", ref=ref, tableColumns=columns, autoFilter=AutoFilter(ref=ref)
    )
    # add_table() warns in write-only mode, of the headings that were set above.
    sheet.tables.add(made)


def _cells(
    sheet: Worksheet, columns: Sequence[Column], row: Sequence[Value], *, total: bool
) -> Iterator[Cell]:
    for column, value in zip(columns, row, strict=True):
        yield _cell(sheet, _excel_value(value), look.body(column, value, total=total))


def _excel_value(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date) and value.year < _FIRST_EXCEL_YEAR:
        return value.isoformat()
    if isinstance(value, int | Decimal) and abs(Decimal(value)) > _MOST_EXCEL:
        return str(value)
    return value


def _cell(sheet: Worksheet, value: Value, style: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.style = style
    if isinstance(value, str):
        # openpyxl takes "=..." for a formula and "#N/A" for an error.
        cell.data_type = "s"
        if value.startswith(_FORMULA_STARTS):
            # Else Excel makes a formula of the text as soon as someone edits the cell.
            cell.quotePrefix = True
    return cell
