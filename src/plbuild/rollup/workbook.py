"""The roll-up as an Excel workbook: a sheet a table, and last a sheet with the lineage of every row.

Takes a ``Rollup``, returns bytes that depend on it alone. Every number is a value, never a formula:
openpyxl stores no results of formulas, so a reader that does not calculate would see blanks. Design
decision: openpyxl makes the sheets with title, note, headings and styles, and ``rows`` the XML of the
rows, which is put in when the package is zipped. The lineage of a large district has hundreds of
thousands of rows; through openpyxl's cells they took a minute and 800 MB.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.model import Column, Rollup, Table, Value, excerpt
from plbuild.rollup import look
from plbuild.rollup.kept import split_source
from plbuild.rollup.rows import Writer
from plbuild.rollup.tables_csv import clean

_HEADING_ROW = 4
# Excel holds 1,048,576 rows; a district of 13,000 schools would fill them. The CSV files hold all.
_MOST_SOURCES = 1_048_000
_ABOUT_LENGTH = 47
_SOURCES = Table(
    name="sources",
    title="Sources",
    note=(
        "The cells of the submitted workbooks behind each row of the other sheets. Row numbers are those "
        "before anything is sorted."
    ),
    columns=(
        Column(name="sheet_name", title="Table"),
        Column(name="row", title="Row there", type="integer"),
        Column(name="figure", title="What the row is about"),
        Column(name="workbook", title="Workbook"),
        Column(name="sheet", title="Sheet"),
        Column(name="cells", title="Cells"),
    ),
    rows=(),
)


def to_xlsx(rollup: Rollup) -> bytes:
    """The tables of ``rollup`` as an .xlsx file, ready to read, filter and print.

    Text stays text, whatever it begins with; characters that XML forbids are left out.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = "Roll-up of professional learning plans"
    book.properties.creator = "plbuild"
    book.properties.language = "en-US"
    look.register(book)
    writer = Writer(book)
    names = _sheet_names([*rollup.tables, _SOURCES])
    lineage = islice(_source_rows(rollup.tables, names), _MOST_SOURCES)
    tables = [*((table, table.rows) for table in rollup.tables), (_SOURCES, lineage)]
    bodies = {
        f"xl/worksheets/sheet{place}.xml": _sheet(book.create_sheet(name), writer, table, rows)
        for place, (name, (table, rows)) in enumerate(zip(names, tables, strict=True), start=1)
    }
    buffer = io.BytesIO()
    book.save(buffer)
    return archive.repack(buffer.getvalue(), lambda name, part: _filled(part, bodies.pop(name, b"")))


def _filled(part: bytes, rows: bytes) -> bytes:
    """A sheet's XML with its rows. Its size is optional (ECMA-376, 18.3.1.35) and would now be wrong."""
    if not rows:
        return part
    part = re.sub(rb"<dimension [^>]*/>", b"", part, count=1)
    before, end, after = part.partition(b"</sheetData>")
    return b"".join((before, rows, end, after))


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
    """The first texts of a row, by which it is found again after sorting."""
    pairs = zip(table.columns, table.rows[index], strict=True)
    texts = [str(value) for column, value in pairs if column.type == "text" and value is not None]
    return excerpt(", ".join(texts[:3]), _ABOUT_LENGTH)


def _sheet(sheet: Worksheet, writer: Writer, table: Table, rows: Iterable[tuple[Value, ...]]) -> bytes:
    """Everything of a sheet but the rows below its headings; returns the XML of those."""
    coming = iter(rows)
    sample = [*islice(coming, look.SAMPLE)]
    seen = [*sample, *([table.total] if table.total else [])]
    fit = look.fit(table.columns, seen)
    _top(sheet, table, fit)
    body = io.BytesIO()
    last = _HEADING_ROW
    for last, row in enumerate(chain(sample, coming), start=_HEADING_ROW + 1):
        body.write(writer.row(last, row, fit))
    if last > _HEADING_ROW:
        _excel_table(sheet, table, last)
    else:
        body.write(writer.row(last + 1, ("No rows.",), fit))
    if table.total:
        body.write(writer.row(last + 1, table.total, fit, total=True))
    return body.getvalue()


def _top(sheet: Worksheet, table: Table, fit: look.Fit) -> None:
    """Title, note and headings, widths, panes and print settings."""
    last = get_column_letter(len(fit.widths))
    for place, width in enumerate(fit.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    note = clean(table.note)
    sheet["A1"], sheet["A2"] = clean(table.title), note
    sheet["A1"].style, sheet["A2"].style = "title", "note"
    if len(fit.widths) > 1:
        sheet.merge_cells(f"A2:{last}2")
    for place, column in enumerate(table.columns, start=1):
        cell = sheet.cell(_HEADING_ROW, place, column.title)
        cell.style = look.heading(column)
    # Excel fits rows to what stands in them, but not to merged cells, and LibreOffice to neither.
    sheet.row_dimensions[1].height = look.TITLE_HEIGHT
    sheet.row_dimensions[2].height = look.lines(note, sum(fit.widths)) * look.LINE_HEIGHT
    sheet.row_dimensions[_HEADING_ROW - 1].height = look.GAP_HEIGHT
    headings = look.height([column.title for column in table.columns], fit.widths)
    sheet.row_dimensions[_HEADING_ROW].height = headings * look.LINE_HEIGHT + look.BUTTON_HEIGHT
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
        displayName=f"tbl_{table.name}", ref=ref, tableColumns=columns, autoFilter=AutoFilter(ref=ref)
    )
    sheet.add_table(made)
