"""Starter templates: an outline written as a Word document that state staff go on editing in Word.

Takes the spec and an outline, returns the bytes of a template. Design decision: real styles, real
headings, repeating table heads, and each tag whole in one run, so that what staff see and move in
Word is what the renderer reads.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence

import docx
from docx.document import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.opc.part import Part
from docx.opc.rel import Relationships, _Relationship
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml import etree

from plbuild import archive
from plbuild.documents import outline as language
from plbuild.documents import styles
from plbuild.documents.outline import Block, Column, Group, Line, Outline, Table
from plbuild.model import PlanSpec, Spec

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PAGE_FIELD = re.compile(r"\[(page|pages)\]")
_FIELD_CODES = {"page": "PAGE", "pages": "NUMPAGES"}
# Parts of python-docx's own template that say nothing here; its stylesWithEffects part disagrees with
# its styles, and a validator of the format finds fault with that.
_SPARE = re.compile(r"stylesWithEffects|customXml|thumbnail|docProps/app|webSettings")


def starter(spec: Spec, plan: PlanSpec, outline: str) -> bytes:
    """The Word template that ``outline`` (YAML) describes for ``plan``; the same bytes every time.

    Raises TemplateError with every problem of the outline.
    """
    content = language.read(spec, plan, outline)
    document = docx.Document()
    styles.dress(document)
    _properties(document, content)
    _running(document, content)
    _write(document, content.body)
    _slim(document)
    _leave_out(document.part.rels)
    _leave_out(document.part.package.rels)
    buffer = io.BytesIO()
    document.save(buffer)
    return archive.repack(buffer.getvalue())


def _properties(document: Document, content: Outline) -> None:
    core = document.core_properties
    # The template's own history is none of the plan's; stamps of the clock would change every build.
    for child in list(core._element):
        core._element.remove(child)
    core.language = styles.LANGUAGE
    for name, text in content.properties.items():
        setattr(core, name, text)


def _slim(document: Document) -> None:
    """Takes away properties that say nothing, which every document would carry thousands of times."""
    for item in list(document.element.iter(qn("w:rPr"), qn("w:pPr"))):
        if not len(item) and (parent := item.getparent()) is not None:
            parent.remove(item)


def _leave_out(rels: Relationships) -> None:
    for key, rel in list(rels.items()):
        if isinstance(rel, _Relationship) and _is_spare(rel):
            del rels[key]


def _is_spare(rel: _Relationship) -> bool:
    return isinstance(rel.target_part, Part) and bool(_SPARE.search(rel.target_part.partname))


def _running(document: Document, content: Outline) -> None:
    """Header and footer; the first page, which begins with the title, has no header."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    _line(section.header.paragraphs[0], Line(text=content.header, style="Header"))
    section.first_page_header.paragraphs[0].style = "Header"
    for footer in (section.footer, section.first_page_footer):
        _line(footer.paragraphs[0], Line(text=content.footer, style="Footer"))


def _write(document: Document, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Line):
            _lines(document, (block,), "Normal")
        elif isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, Group):
            _tag(document, f"p {block.opening}")
            _write(document, block.blocks)
            _tag(document, f"p {block.closing}")


def _tag(place: Document | _Cell, words: str) -> None:
    place.add_paragraph(f"{{%{words} %}}", style="Template Tag")


def _lines(place: Document | _Cell, lines: Iterable[Line], style: str) -> None:
    for line in lines:
        if line.each:
            _tag(place, f"p for {line.each}")
        if line.when:
            _tag(place, f"p if {line.when}")
        _line(place.add_paragraph(), line, style)
        if line.when:
            _tag(place, "p endif")
        if line.each:
            _tag(place, "p endfor")


def _line(paragraph: Paragraph, line: Line, style: str = "Normal") -> None:
    paragraph.style = line.style or style
    if line.new_page:
        paragraph.paragraph_format.page_break_before = True
    for number, text in enumerate(_BOLD.split(line.text)):
        is_bold = number % 2 == 1
        for at, piece in enumerate(_PAGE_FIELD.split(text)):
            if at % 2:
                _field(paragraph, _FIELD_CODES[piece])
            elif piece:
                paragraph.add_run(piece).bold = is_bold or None


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    paragraph._p.append(field)
    field.append(run._r)


def _table(document: Document, block: Table) -> None:
    count = len(block.columns)
    table = document.add_table(rows=0, cols=count)
    table.style = document.styles["Plan Table"]
    table.autofit = False
    widths = _widths(block)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _frame(table, sum(widths), has_total=bool(block.total))
    head = _row(table, widths)
    _mark(head, "w:tblHeader")
    for cell, column in zip(head.cells, block.columns, strict=True):
        _fill(cell, (Line(text=column.head),), "Table Heading", column.align)
    for loop in block.each:
        _tag_row(table, widths, f"for {loop}")
    body = _row(table, widths)
    if block.height:
        body.height, body.height_rule = Inches(block.height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell, column in zip(body.cells, block.columns, strict=True):
        _fill(cell, column.lines, _text_style(column), column.align)
        if block.together:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
    for _ in block.each:
        _tag_row(table, widths, "endfor")
    if block.total:
        for cell, column, text in zip(_row(table, widths).cells, block.columns, block.total, strict=True):
            _fill(cell, (Line(text=text),), _text_style(column), column.align)
    if any(column.align == "center" for column in block.columns):
        _tighten(table, block.columns)


def _text_style(column: Column) -> str:
    return next((name for name, align in styles.ALIGNED.items() if align == column.align), "Table Text")


def _widths(block: Table) -> list[Inches]:
    shares = sum(column.width for column in block.columns)
    width = styles.TEXT_WIDTH * block.width
    return [Inches(width * column.width / shares) for column in block.columns]


def _frame(table: WordTable, width: int, *, has_total: bool) -> None:
    """The table's whole width, and which of its style's special rows it has."""
    for name in ("w:tblW", "w:tblLook"):
        for old in table._tbl.tblPr.findall(qn(name)):
            table._tbl.tblPr.remove(old)
    size = OxmlElement("w:tblW")
    size.set(qn("w:type"), "dxa")
    size.set(qn("w:w"), str(round(width / 635)))  # English metric units to twentieths of a point
    # The schema wants w:tblW after the style and w:tblLook at the end (ECMA-376, CT_TblPr).
    table._tbl.tblPr.insert(1, size)
    look = OxmlElement("w:tblLook")
    # ECMA-376, 17.4.56: first row 0x20, last row 0x40, no bands 0x600.
    look.set(qn("w:val"), f"{0x0620 + 0x40 * has_total:04X}")
    flags = {"firstRow": 1, "lastRow": int(has_total), "firstColumn": 0, "lastColumn": 0}
    for name, value in {**flags, "noHBand": 1, "noVBand": 1}.items():
        look.set(qn(f"w:{name}"), str(value))
    table._tbl.tblPr.append(look)


def _row(table: WordTable, widths: list[Inches]) -> _Row:
    """A new row, never torn across two pages."""
    add: Callable[[], _Row] = table.add_row  # python-docx says no type of it
    row = add()
    _mark(row, "w:cantSplit")
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = width
    return row


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _tag_row(table: WordTable, widths: list[Inches], words: str) -> None:
    """A row that stands for a tag; it is gone from the finished document."""
    cells = _row(table, widths).cells
    cell = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    _fill(cell, (Line(text=f"{{%tr {words} %}}", style="Template Tag"),), "", "left")


def _fill(cell: _Cell, lines: Iterable[Line], style: str, align: str) -> None:
    """The lines in a cell, in place of the empty paragraphs that it came with."""
    empty = list(cell.paragraphs)
    _lines(cell, lines, style)
    for paragraph in empty:
        paragraph._p.getparent().remove(paragraph._p)
    for paragraph in cell.paragraphs if align in styles.ALIGNMENTS else ():
        name = paragraph.style.name if paragraph.style else ""
        if styles.ALIGNED.get(name or "") != align:
            paragraph.alignment = styles.ALIGNMENTS[align]


def _margins(tag: str, width: int) -> etree._Element:
    """The space at the sides of cells, in twentieths of a point."""
    margins = OxmlElement(tag)
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _tighten(table: WordTable, columns: Sequence[Column]) -> None:
    """Next to no space beside marks: their columns are narrower than their headings with it.

    Said once for the table, and otherwise for its other columns: a year's timeline has hundreds of marks.
    """
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    assert look is not None
    look.addprevious(_margins("w:tblCellMar", 15))
    for row in table.rows:
        for cell, column in zip(row.cells, columns, strict=True):
            if column.align != "center" and cell._tc.tcPr is not None:
                cell._tc.tcPr.append(_margins("w:tcMar", 86))
