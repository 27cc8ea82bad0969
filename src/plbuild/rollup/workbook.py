"""The roll-up as an Excel workbook: contents, a sheet a table, every accepted row, and the dictionary.

Takes a ``Rollup``, returns bytes that depend on it alone. Every number is a value, never a formula:
openpyxl stores no results of formulas, so a reader that does not calculate would see blanks. Design
decisions: openpyxl makes the sheets with title, note, headings and styles, and ``rows`` the XML of the
rows, which goes piece by piece into the package. Through openpyxl's cells a large district took a minute
and 800 MB; XlsxWriter, which can write row by row, then makes no Excel tables. And each piece, a run of rows
or what stands below them, is kept deflated under the digest of all that it is made of, as are the widths that
a run needs and the lines behind a table: where one plan changes, its run is made and the rest put together.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.model import Column, Rollup, Run, Runs, Table, Value, digest
from plbuild.rollup import behind, lineage, look
from plbuild.rollup.behind import HEADING_ROW, MOST_ROWS, quoted, table_row
from plbuild.rollup.kept import print_of
from plbuild.rollup.memory import Memory, Unshared
from plbuild.rollup.rows import Rows, Writer
from plbuild.rollup.tables_csv import clean

# Excel holds 66,530 links in a sheet.
_MOST_LINKS = 65_000
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


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A sheet: its table and tab, whether a column ``behind`` stands beside its rows, where its cells lead.

    ``told`` gives the texts of that column, and for the cell in column ``link_column`` of each row its
    target, empty for none; it is asked where the sheet is made. ``told_of`` stands for the texts and which
    cells are links, with ``links_of`` also for where they lead.
    """

    tab: str
    table: Table
    color: str
    behind: bool = False
    link_column: int = -1
    told: Callable[[], tuple[Sequence[str], Sequence[str]]] = lambda: ((), ())
    told_of: str = ""
    links_of: str = ""
    bare: bool = False
    widest: int = 40

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the sheet."""
        return (*self.table.columns, _BEHIND) if self.behind else self.table.columns

    @cached_property
    def links(self) -> Sequence[str]:
        """The targets of the rows, as many as Excel holds."""
        return self.told()[1][:_MOST_LINKS] if self.link_column >= 0 else ()

    def runs(self) -> Iterator[Run]:
        """The rows of the sheet in runs, as many as it can hold."""
        left = MOST_ROWS
        for run in self.table.runs:
            count = min(run.count, left)
            left -= count
            if count:
                made_of = print_of([run.digest, str(count), self.told_of])
                yield Run(made_of, count, partial(self._rows, run, count))

    def _rows(self, run: Run, count: int) -> Iterator[tuple[Value, ...]]:
        rows = islice(run.make(), count)
        if not self.behind:
            return rows
        # Only a table of one run has such a column.
        return ((*row, text or None) for row, text in zip(rows, self.told()[0], strict=False))

    @property
    def total(self) -> tuple[Value, ...]:
        """The last row, as long as the others; empty where the table has none."""
        return (*self.table.total, None) if self.behind and self.table.total else self.table.total

    @property
    def last_row(self) -> int:
        """The row of the sheet in which its last row stands."""
        return HEADING_ROW + min(len(self.table.rows), MOST_ROWS)


def workbook(rollup: Rollup, known: Memory | None = None) -> bytes:
    """The workbook; see ``rollup.to_xlsx``."""
    memory = Unshared() if known is None else known
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = _CONTENTS.title
    book.properties.creator = "plbuild"
    book.properties.language = "en-US"
    writer = Writer(book, look.register(book))
    pages = [(page, _fit(page, memory)) for page in _pages(rollup, memory)]
    sheets = {f"xl/worksheets/sheet{place}.xml": fitted for place, fitted in enumerate(pages, start=1)}
    return archive.join(
        archive.of_pieces(name, _pieces(part, *sheets[name], writer, memory))
        if name in sheets
        else archive.member(name, part)
        for name, part in _shell(book, pages, memory).items()
    )


def _shell(book: Workbook, pages: Sequence[tuple[_Page, look.Fit]], memory: Memory) -> Mapping[str, bytes]:
    """The parts of the package, the sheets without their rows."""
    fronts = [
        (replace(page.table, rows=(), sources=(), made_of=""), len(page.table.rows), page.tab, page.color)
        for page, _ in pages
    ]
    looks = [(fit, page.behind, page.bare, bool(page.total)) for page, fit in pages]
    key = f"shell {print_of([repr(fronts), repr(looks)])}"
    if (found := memory.get(key)) is None:
        for page, fit in pages:
            _top(book.create_sheet(page.tab), page, fit)
        buffer = io.BytesIO()
        book.save(buffer)
        made = archive.read(archive.repack(buffer.getvalue()))
        memory.put(key, found := [[name, part.decode()] for name, part in made.items()])
    return {name: text.encode() for name, text in found}


def _fit(page: _Page, memory: Memory) -> look.Fit:
    """Fits the columns of a sheet to its first rows, and to its total."""
    found, left = [], look.SAMPLE
    for run in page.runs():
        count = min(run.count, left)
        left -= count
        if count:
            key = f"extent {run.digest} {count} {page.table.name}"
            if (extent := memory.get(key)) is None:
                rows = list(islice(run.make(), count))
                memory.put(key, extent := look.extent(page.columns, rows))
            found.append(look.Extent(*extent))
    if page.total:
        found.append(look.extent(page.columns, [page.total]))
    return look.fit(page.columns, found, bare=page.bare, widest=page.widest)


def _pages(rollup: Rollup, memory: Memory) -> Iterator[_Page]:
    """The sheets in their order: contents, tables, lineage, data, dictionary."""
    order = (_CONTENTS, *rollup.tables, lineage.SOURCES, *rollup.records, *rollup.dictionary)
    tabs = dict(zip((table.name for table in order), _tabs(order), strict=True))
    where = behind.Lineage(rollup, tabs)
    pages: list[_Page] = []
    sources: list[Run] = []
    for table in rollup.tables:
        told = behind.told(table, where, memory)
        pages.append(_figures(table, told, tabs, start=1 + sum(run.count for run in sources)))
        sources.append(Run(told.key, told.count, partial(behind.source_rows, told)))
    listed = replace(lineage.SOURCES, rows=Runs(sources))
    yield _contents(rollup, listed, tabs)
    yield from pages
    yield _Page(
        tab=tabs[listed.name],
        table=listed,
        color=look.BLUE,
        link_column=0,
        told=lambda: ((), [table_row(str(row[0]), row[1]) for row in islice(listed.rows, _MOST_LINKS)]),
    )
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


def _figures(table: Table, told: behind.Told, tabs: Mapping[str, str], start: int) -> _Page:
    """The sheet of a table, each row with a link to what stands behind it.

    ``start`` is the line among the sources at which its own begin.
    """
    page = _Page(tab=tabs[table.name], table=table, color=look.BLUE)
    if not told.any:
        return page
    return replace(
        page,
        behind=True,
        link_column=len(table.columns),
        told=partial(behind.beside, told, tabs["sources"], start),
        told_of=told.key,
        links_of=str(start),
    )


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
    links = [f"{quoted(tabs[table.name])}!A1" for table, _ in kinds]
    listed = replace(_CONTENTS, rows=rows)
    return _Page(
        tab=tabs[listed.name],
        table=listed,
        color=look.INK,
        link_column=0,
        told=lambda: ((), links),
        widest=80,
    )


# --------------------------------------------------------------------------------- one sheet's XML


def _pieces(
    part: bytes, page: _Page, fit: look.Fit, writer: Writer, memory: Memory
) -> Iterator[archive.Piece]:
    """A sheet's XML in pieces: what stands before its rows, its rows run by run, what stands after them.

    A sheet's size is optional (ECMA-376, 18.3.1.35) and would now be wrong.
    """
    part = re.sub(rb"<dimension [^>]*/>", b"", part, count=1)
    before, end, after = part.partition(b"</sheetData>")
    yield archive.piece([before])
    rows, line, digests = writer.rows(fit), HEADING_ROW + 1, []
    for run in page.runs():
        digests.append(run.digest)
        key = f"rows {print_of([run.digest, str(line), repr(fit), str(page.link_column)])}"
        yield _kept(key, partial(_written, rows, page, run, line), memory)
        line += run.count
    made_of = [digest(part), repr(page.total), page.links_of, *digests]
    yield _kept(f"foot {print_of(made_of)}", partial(_foot, end + after, page, fit, writer), memory)


def _kept(key: str, make: Callable[[], Iterable[bytes]], memory: Memory) -> archive.Piece:
    """A piece of a sheet, made unless it is known."""
    if (found := memory.get(key)) is not None:
        crc, size, packed = found
        return archive.Piece(crc=crc, size=size, packed=b64decode(packed))
    made = archive.piece(make())
    memory.put(key, (made.crc, made.size, b64encode(made.packed).decode()))
    return made


def _written(rows: Rows, page: _Page, run: Run, line: int) -> Iterator[bytes]:
    """The XML of a run of rows from ``line`` on, a megabyte or so at a time."""
    buffer = bytearray()
    for at, row in enumerate(run.make(), start=line):
        place = at - HEADING_ROW - 1
        linked = place < len(page.links) and page.links[place]
        buffer += rows.row(at, row, link=page.link_column if linked else -1)
        if len(buffer) > _PIECE:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def _foot(after: bytes, page: _Page, fit: look.Fit, writer: Writer) -> Iterator[bytes]:
    """The XML of the total and of all that stands below the rows.

    Links stand before the print settings (ECMA-376, 18.3.1.99).
    """
    if page.last_row == HEADING_ROW:
        yield writer.rows(fit).row(HEADING_ROW + 1, ("No rows.",))
    if page.total:
        yield writer.rows(fit, total=True).row(page.last_row + 1, page.total)
    head, margins, tail = after.partition(b"<pageMargins")
    yield b"".join((head, _links(page), margins, tail))


def _links(page: _Page) -> bytes:
    back = f'<hyperlink ref="A3" location={quoteattr(quoted(_CONTENTS.short) + "!A1")} display="{_BACK}"/>'
    found = [] if page.table.name == _CONTENTS.name else [back]
    column = get_column_letter(page.link_column + 1) if page.links else ""
    for row, target in enumerate(page.links, start=HEADING_ROW + 1):
        if target:
            found.append(f'<hyperlink ref="{column}{row}" location={quoteattr(target)}/>')
    return f"<hyperlinks>{''.join(found)}</hyperlinks>".encode() if found else b""


def _top(sheet: Worksheet, page: _Page, fit: look.Fit) -> None:
    """Everything of a sheet but its rows: title, note and headings, widths, panes, print settings, table."""
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
    if page.last_row > HEADING_ROW:
        _excel_table(sheet, page)


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
