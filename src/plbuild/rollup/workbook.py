"""The roll-up as an Excel workbook: contents, a sheet a table, every accepted row, and the dictionary.

Takes a ``Rollup``, returns bytes that depend on it alone. Every number is a value, never a formula:
openpyxl stores no results of formulas, so a reader that does not calculate would see blanks. Design
decision: openpyxl makes the sheets with title, note, headings and styles, and ``rows`` the XML of the
rows, which goes piece by piece into the package. Through openpyxl's cells a large district took a minute
and 800 MB; XlsxWriter, which can write row by row, then makes no Excel tables.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.archive import Member
from plbuild.model import Column, Rollup, Table, Value, digest
from plbuild.rollup import lineage, look
from plbuild.rollup.rows import Writer
from plbuild.rollup.tables_csv import clean

HEADING_ROW = 4
# Excel holds 1,048,576 rows in a sheet and 66,530 links; the CSV files hold all rows.
_MOST_ROWS, _MOST_LINKS = 1_048_000, 65_000
_PIECE = 1 << 20
_FIRST_FREE = "D"  # Of a data sheet, whose it is and which row stay in view.
_BACK = "Back to Contents"
_BEHIND = Column(name="#behind", title="Rows behind")
_CONTENTS = Table(
    name="contents",
    title="Roll-up of professional learning plans",
    short="Contents",
    note=(
        "Choose a sheet's name to go to it. The tables show what the accepted plans come to; the link at "
        "the end of each row leads to the rows behind it. The data sheets hold every row of every accepted "
        "plan, with its workbook, sheet and cell, ready to filter and to pivot. Nothing is averaged across "
        "instruments or units."
    ),
    columns=(
        Column(name="sheet", title="Sheet"),
        Column(name="kind", title="Kind"),
        Column(name="shows", title="What it shows"),
        Column(name="rows", title="Rows", type="integer"),
        Column(name="file", title="Same data as CSV"),
    ),
    rows=(),
)
_TABLE, _DATA, _REFERENCE = "Table", "Data", "Reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A sheet: its table and tab, the column ``behind`` beside its rows, and where its cells lead.

    ``links[i]`` is the target of the cell in column ``link_column`` of row ``i``; empty for none.
    """

    tab: str
    table: Table
    color: str
    behind: Sequence[str] = ()
    link_column: int = -1
    links: Sequence[str] = ()
    bare: bool = False
    widest: int = 40

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the sheet."""
        return (*self.table.columns, _BEHIND) if self.behind else self.table.columns

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """The rows of the sheet, as many as it can hold."""
        rows = islice(self.table.rows, _MOST_ROWS)
        if not self.behind:
            return rows
        return ((*row, text or None) for row, text in zip(rows, self.behind, strict=False))

    @property
    def total(self) -> tuple[Value, ...]:
        """The last row, as long as the others; empty where the table has none."""
        return (*self.table.total, None) if self.behind and self.table.total else self.table.total

    @property
    def last_row(self) -> int:
        """The row of the sheet in which its last row stands."""
        return HEADING_ROW + min(len(self.table.rows), _MOST_ROWS)


def to_xlsx(rollup: Rollup, known: MutableMapping[str, Member] | None = None) -> bytes:
    """The tables of ``rollup`` as an .xlsx file, ready to read, filter and print.

    Text stays text, whatever it begins with; characters that XML forbids are left out. ``known`` holds
    finished sheets by what they were made of; those that are missing are put in.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = _CONTENTS.title
    book.properties.creator = "plbuild"
    book.properties.language = "en-US"
    writer = Writer(book, look.register(book))
    pages = {f"xl/worksheets/sheet{place}.xml": page for place, page in enumerate(_pages(rollup), start=1)}
    bodies = {name: _sheet(book.create_sheet(page.tab), writer, page) for name, page in pages.items()}
    buffer = io.BytesIO()
    book.save(buffer)
    shell = archive.read(archive.repack(buffer.getvalue()))
    made: MutableMapping[str, Member] = {} if known is None else known
    return archive.join(
        _finished(name, part, pages[name], bodies[name], made)
        if name in pages
        else archive.member(name, part)
        for name, part in shell.items()
    )


def _finished(name: str, part: bytes, page: _Page, body: _Body, known: MutableMapping[str, Member]) -> Member:
    """A sheet in its package, made unless it is known; ``part`` is its XML without rows."""
    bare = replace(page, table=replace(page.table, rows=(), sources=()))
    said = f"{page.table.fingerprint} {bare!r}".encode("utf-8", "surrogatepass")
    key = f"{name} {digest(part)} {digest(said)}"
    if key not in known:
        known[key] = archive.deflated(name, _filled(part, body), once=True)
    return known[key]


# ------------------------------------------------------------------------------------- the sheets


def _pages(rollup: Rollup) -> Iterator[_Page]:
    """The sheets in their order: contents, tables, lineage, data, dictionary."""
    order = (_CONTENTS, *rollup.tables, lineage.SOURCES, *rollup.records, *rollup.dictionary)
    tabs = dict(zip((table.name for table in order), _tabs(order), strict=True))
    data = [tabs[table.name] for table in rollup.records]
    known = lineage.Places(lineage.places(rollup.records))
    sources: list[tuple[Value, ...]] = []
    pages = [_figures(table, tabs, data, known, sources) for table in rollup.tables]
    listed = replace(lineage.SOURCES, rows=tuple(sources))
    yield _contents(rollup, listed, tabs)
    yield from pages
    targets = [_table_row(str(row[0]), row[1]) for row in sources[:_MOST_LINKS]]
    yield _Page(tab=tabs[listed.name], table=listed, color=look.BLUE, link_column=0, links=targets)
    for table in rollup.records:
        yield _Page(tab=tabs[table.name], table=table, color=look.LINE, bare=True)
    for table in rollup.dictionary:
        yield _Page(tab=tabs[table.name], table=table, color=look.GREY_TEXT, widest=60)


def _tabs(tables: Iterable[Table]) -> list[str]:
    """A tab for each table: Excel takes 31 characters, no `[]:*?/\\`, and tells no case apart."""
    tabs: list[str] = []
    for table in tables:
        plain = re.sub(r"[\[\]:*?/\\]", " ", clean(table.short or table.title)).strip("' ")[:31].rstrip()
        plain = plain or table.name[:31]
        taken = {tab.casefold() for tab in tabs}
        tabs.append(plain if plain.casefold() not in taken else f"{plain[:27]} {len(tabs) + 1}")
    return tabs


def _figures(
    table: Table,
    tabs: Mapping[str, str],
    data: Sequence[str],
    known: lineage.Places,
    sources: list[tuple[Value, ...]],
) -> _Page:
    """The sheet of a table, each row with a link to what stands behind it.

    A run of lines is one link away; what is scattered is listed in ``sources``, which grows here.
    """
    tab = tabs[table.name]
    texts, links = [], []
    for index, found_at in enumerate(table.sources[:_MOST_ROWS]):
        found = lineage.behind(found_at, known)
        run = found.run()
        if run:
            sheet, first, last = run
            texts.append(f"{data[sheet]} {first}" if first == last else f"{data[sheet]} {first}-{last}")
            links.append(_lines(data[sheet], first, last))
        elif found.count:
            noun = "row" if found.count == 1 else "rows"
            texts.append(f"{found.count:,} {noun}, see {tabs['sources']}")
            start = len(sources) + 1
            at, about = HEADING_ROW + 1 + index, lineage.about(table, index)
            sources += lineage.source_rows(tab, at, about, found, data)
            links.append(_lines(tabs["sources"], start, len(sources)))
        else:
            texts.append("")
            links.append("")
    has_any = any(texts)
    return _Page(
        tab=tab,
        table=table,
        color=look.BLUE,
        behind=texts if has_any else (),
        link_column=len(table.columns) if has_any else -1,
        links=links[:_MOST_LINKS] if has_any else (),
    )


def _lines(tab: str, first: int, last: int) -> str:
    """Where lines of a sheet stand; they are counted from 1 below the headings."""
    at, end = HEADING_ROW + first, HEADING_ROW + last
    return f"{_quoted(tab)}!{at}:{end}"


def _table_row(tab: str, row: Value) -> str:
    return f"{_quoted(tab)}!{row}:{row}"


def _quoted(tab: str) -> str:
    return "'" + tab.replace("'", "''") + "'"


def _contents(rollup: Rollup, sources: Table, tabs: Mapping[str, str]) -> _Page:
    """The first sheet: what there is, how much of it, and where."""
    kinds = [(table, _TABLE) for table in rollup.tables]
    kinds += [(sources, _REFERENCE), *((table, _DATA) for table in rollup.records)]
    kinds += [(table, _REFERENCE) for table in rollup.dictionary]
    rows = tuple(
        (
            tabs[table.name],
            kind,
            table.note.partition(". ")[0].rstrip(".") + ".",
            len(table.rows),
            None if table is sources else f"data/{table.name}.csv",
        )
        for table, kind in kinds
    )
    links = [f"{_quoted(tabs[table.name])}!A1" for table, _ in kinds]
    listed = replace(_CONTENTS, rows=rows)
    return _Page(tab=tabs[listed.name], table=listed, color=look.INK, link_column=0, links=links, widest=80)


# --------------------------------------------------------------------------------- one sheet's XML


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What goes into a sheet's XML when it is zipped."""

    pieces: Iterable[bytes]
    links: bytes


def _filled(part: bytes, body: _Body) -> Iterator[bytes]:
    """A sheet's XML with its rows and links.

    A sheet's size is optional (ECMA-376, 18.3.1.35) and would now be wrong. Links stand before the print
    settings (18.3.1.99).
    """
    part = re.sub(rb"<dimension [^>]*/>", b"", part, count=1)
    before, end, after = part.partition(b"</sheetData>")
    head, margins, tail = after.partition(b"<pageMargins")
    yield before
    yield from body.pieces
    yield b"".join((end, head, body.links, margins, tail))


def _sheet(sheet: Worksheet, writer: Writer, page: _Page) -> _Body:
    """Makes everything of a sheet but the rows below its headings; returns those."""
    sample = [*islice(page.rows(), look.SAMPLE), *([page.total] if page.total else [])]
    fit = look.fit(page.columns, sample, bare=page.bare, widest=page.widest)
    _top(sheet, page, fit)
    if page.last_row > HEADING_ROW:
        _excel_table(sheet, page)
    back = f'<hyperlink ref="A3" location={quoteattr(_quoted(_CONTENTS.short) + "!A1")} display="{_BACK}"/>'
    found = [] if page.table.name == _CONTENTS.name else [back]
    column = get_column_letter(page.link_column + 1) if page.links else ""
    for row, target in enumerate(page.links, start=HEADING_ROW + 1):
        if target:
            found.append(f'<hyperlink ref="{column}{row}" location={quoteattr(target)}/>')
    links = f"<hyperlinks>{''.join(found)}</hyperlinks>" if found else ""
    return _Body(pieces=_pieces(writer, page, fit), links=links.encode())


def _pieces(writer: Writer, page: _Page, fit: look.Fit) -> Iterator[bytes]:
    """The XML of the rows below the headings, a megabyte or so at a time."""
    buffer = bytearray()
    rows = writer.rows(fit)
    line = HEADING_ROW
    for line, row in enumerate(page.rows(), start=HEADING_ROW + 1):
        place = line - HEADING_ROW - 1
        linked = place < len(page.links) and page.links[place]
        buffer += rows.row(line, row, link=page.link_column if linked else -1)
        if len(buffer) > _PIECE:
            yield bytes(buffer)
            buffer.clear()
    if line == HEADING_ROW:
        buffer += rows.row(line + 1, ("No rows.",))
    if page.total:
        buffer += writer.rows(fit, total=True).row(line + 1, page.total)
    yield bytes(buffer)


def _top(sheet: Worksheet, page: _Page, fit: look.Fit) -> None:
    """Title, note and headings, widths, panes and print settings."""
    last = get_column_letter(len(fit.widths))
    for place, width in enumerate(fit.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    note = clean(page.table.note)
    sheet["A1"], sheet["A2"] = clean(page.table.title), note
    sheet["A1"].style, sheet["A2"].style = "title", "note"
    across = _note_columns(fit.widths)
    if across > 1:
        sheet.merge_cells(f"A2:{get_column_letter(across)}2")
    if page.table.name != _CONTENTS.name:
        sheet["A3"] = _BACK
        sheet["A3"].style = "back"
    for place, title in enumerate(_headings(page.columns), start=1):
        cell = sheet.cell(HEADING_ROW, place, title)
        cell.style = look.heading(page.columns[place - 1])
    # Excel fits rows to what stands in them, but not to merged cells, and LibreOffice to neither.
    sheet.row_dimensions[1].height = look.TITLE_HEIGHT
    sheet.row_dimensions[2].height = look.lines(note, sum(fit.widths[:across])) * look.LINE_HEIGHT
    sheet.row_dimensions[HEADING_ROW - 1].height = look.GAP_HEIGHT
    lines = look.longest(_headings(page.columns), fit.widths)
    sheet.row_dimensions[HEADING_ROW].height = lines * look.LINE_HEIGHT + look.BUTTON_HEIGHT
    sheet.freeze_panes = f"{_FIRST_FREE if page.bare else 'A'}{HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = page.color
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_area = f"A1:{last}{max(page.last_row, HEADING_ROW + 1) + bool(page.total)}"
    look.printed(sheet)


def _note_columns(widths: Sequence[float]) -> int:
    """Over how many columns the note runs: as many as a window shows."""
    wide = 0.0
    for place, width in enumerate(widths, start=1):
        wide += width
        if wide >= look.WINDOW:
            return place
    return len(widths)


def _headings(columns: Iterable[Column]) -> list[str]:
    """The titles, told apart: Excel takes no two equal headings in a table, whatever their case."""
    found: list[str] = []
    for column in columns:
        title = " ".join(clean(column.title).split()) or column.name
        taken = {heading.casefold() for heading in found}
        found.append(title if title.casefold() not in taken else f"{title} ({len(found) + 1})")
    return found


def _excel_table(sheet: Worksheet, page: _Page) -> None:
    """Marks heading and rows as a table of Excel's: filters, and a name for other workbooks.

    The totals stay outside of it: Excel takes only its own formulas for a totals row.
    """
    last = get_column_letter(len(page.columns))
    ref = f"A{HEADING_ROW}:{last}{page.last_row}"
    columns = [TableColumn(id=n, name=title) for n, title in enumerate(_headings(page.columns), start=1)]
    sheet.add_table(
        ExcelTable(
            displayName=f"tbl_{page.table.name}",
            ref=ref,
            tableColumns=columns,
            autoFilter=AutoFilter(ref=ref),
        )
    )
