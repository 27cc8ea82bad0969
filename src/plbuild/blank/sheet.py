"""Writes one plan sheet: stamps, names, headings, answer cells, cell rules, print set-up.

Takes a ``Sheet`` of the layout and an openpyxl worksheet, fills the worksheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter as letter
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.blank import rules, style
from plbuild.blank.formulas import Formulas, area, cell
from plbuild.blank.layout import (
    FIRST_ROW,
    ID,
    LABEL,
    MARGIN,
    OWNER_ROW,
    STAMP_ROW,
    STATE,
    TITLE_ROW,
    Block,
    Sheet,
)
from plbuild.model import Field, PlanSpec, Section, Spec, Value, checksum, furniture, shown

STAMPS = ("kind", "version", "id", "checksum", "furniture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the district says in its workbooks: year, due date, whom to ask, its goals if known."""

    plan_year: str
    due_date: str
    contact: str
    district: str
    goals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Everything that the sheets of one plan share while they are written."""

    spec: Spec
    plan: PlanSpec
    words: Words
    formulas: Formulas
    drop_downs: dict[tuple[str, ...], str]

    def drop_down(self, item: Field) -> str:
        """The range with the choices of a list or reference; empty for other types."""
        return self.drop_downs.get(choices_key(self.plan, item), "")


def choices_key(plan: PlanSpec, item: Field) -> tuple[str, ...]:
    """Under what the choices of a field stand on the Lists sheet; empty where it has none.

    The kind of plan is part of a reference's key: two plans on one workbook share section names.
    """
    if item.list:
        return ("list", item.list)
    return ("ref", plan.kind, *item.refs, item.none) if item.refs else ()


def write(writer: Writer, sheet: Sheet, ws: Worksheet) -> None:
    """Fill ``ws`` with ``sheet``."""
    _ground(sheet, ws)
    _headline(writer, sheet, ws)
    for block in sheet.blocks:
        _block_head(writer, sheet, block, ws)
        if block.section.shape == "form":
            _form(writer, sheet, block, ws)
        else:
            _table(writer, sheet, block, ws)


def put(
    ws: Worksheet, row: int, col: int, value: Value | float = None, *, bold: bool = False,
    size: float = 10.5, color: str = "1B1F24", ground: str = style.GROUND, wrap: bool = True,
) -> None:  # fmt: skip
    """A locked text on the grey ground."""
    target = ws.cell(row, col, value)
    if isinstance(value, str) and not value.startswith("="):
        target.data_type = "s"
    target.font = style.font(size, color=color, bold=bold)
    target.fill = style.fill(ground)
    target.alignment = style.aligned(wrap=wrap)


def _ground(sheet: Sheet, ws: Worksheet) -> None:
    ws.sheet_view.showGridLines = False
    for index, width in enumerate(sheet.widths, start=1):
        dimension = ws.column_dimensions[letter(index)]
        dimension.width = width
        dimension.fill = style.fill(style.GROUND)
    rest = ws.column_dimensions[letter(len(sheet.widths) + 1)]
    rest.min, rest.max, rest.width = len(sheet.widths) + 1, 16384, 9
    rest.fill = style.fill(style.GROUND)


def _headline(writer: Writer, sheet: Sheet, ws: Worksheet) -> None:
    put(ws, TITLE_ROW, sheet.heading_col, sheet.heading, bold=True, size=18, color=style.BLUE, wrap=False)
    ws.row_dimensions[TITLE_ROW].height = 27
    line = f"{sheet.owner.name} · {writer.words.plan_year}"
    put(ws, OWNER_ROW, sheet.heading_col, line, color=style.GREY_TEXT, wrap=False)
    progress = writer.formulas.progress(sheet.blocks)
    put(ws, OWNER_ROW, LABEL + 1, progress, bold=True, color=style.BLUE, wrap=False)
    ws.row_dimensions[OWNER_ROW].height = 18


def _block_head(writer: Writer, sheet: Sheet, block: Block, ws: Worksheet) -> None:
    section = block.section
    if block.title_row:
        put(ws, block.title_row, MARGIN, section.title, bold=True, size=14, color=style.BLUE, wrap=False)
        ws.row_dimensions[block.title_row].height = 22
        for col in range(ID, len(sheet.widths) + 1):
            ws.cell(block.title_row, col).border = style.UNDER
    put(ws, block.guidance_row, sheet.heading_col, section.guidance, color=style.GREY_TEXT, wrap=False)
    ws.row_dimensions[block.guidance_row].height = 18
    if block.first_more:
        text = f"{section.title}: {writer.spec.phrases['more_detail']}"
        put(ws, block.guidance_row, block.first_more, text, bold=True, color=style.BLUE, wrap=False)


# ------------------------------------------------------------------------------------- forms


def _form(writer: Writer, sheet: Sheet, block: Block, ws: Worksheet) -> None:
    for item in block.section.fields:
        row = block.row(item.name)
        put(ws, row, LABEL, item.label)
        _form_answer(writer, sheet, block, item, ws)
        if item.required or item.required_when:
            formula = writer.formulas.missing_in_form(block, item) if not item.prefilled else ""
            _state(ws, row, formula, '[=1]"{}";;;'.format(writer.spec.phrases["required"]))
        name = f"pl_{block.section.name}_{item.name}"
        _name(ws, name, area(block, (row, block.first_col), (row, block.first_col)).split(":")[0])


def _form_answer(writer: Writer, sheet: Sheet, block: Block, item: Field, ws: Worksheet) -> None:
    row, col = block.row(item.name), block.first_col
    target = ws.cell(row, col)
    if item.prefilled:
        value = sheet.owner.columns.get(item.prefilled)
        put(ws, row, col, value, color=style.GREY_TEXT)
        target.number_format = rules.number_format(item)
        return
    span = sheet.form_span
    for offset in range(span):
        _input(ws, row, col + offset, item, shut=offset > 0)
    if span > 1:
        ws.merge_cells(start_row=row, end_row=row, start_column=col, end_column=col + span - 1)
    if item.type == "long_text":
        _tall(ws, row, fixed=120 if span > 1 else 0)
    place = cell(row, col)
    _validate(writer, block, item, ws, place)
    if item.required or item.required_when:
        _mark(ws, place, f"{cell(row, STATE, fix='cr')}>0")


def _input(ws: Worksheet, row: int, col: int, item: Field, *, shut: bool = False) -> None:
    target = ws.cell(row, col)
    target.fill = style.fill(style.INPUT)
    target.border = style.BOX
    target.font = style.font()
    target.protection = style.LOCKED if shut else style.UNLOCKED
    target.number_format = rules.number_format(item)
    if item.is_number and not shut:
        target.alignment = style.aligned("right", indent=1)
    else:
        target.alignment = style.aligned()


def _tall(ws: Worksheet, row: int, *, fixed: float = 0) -> None:
    """A row of three lines that grows; a merged cell cannot grow and gets a ``fixed`` height."""
    ws.row_dimensions[row].height = fixed or style.TALL_ROW
    if not fixed:
        ws.cell(row, MARGIN).font = style.font(style.SPACER_SIZE)
        ws.cell(row, MARGIN).fill = style.fill(style.GROUND)


def _state(ws: Worksheet, row: int, formula: str, number_format: str) -> None:
    put(ws, row, STATE, formula or None, bold=True, size=9, color=style.AMBER_TEXT)
    ws.cell(row, STATE).number_format = number_format


def _validate(writer: Writer, block: Block, item: Field, ws: Worksheet, place: str) -> None:
    validation = rules.rule(writer.spec, block.section, item, writer.drop_down(item))
    validation.add(place)
    ws.add_data_validation(validation)


def _mark(ws: Worksheet, place: str, formula: str) -> None:
    ws.conditional_formatting.add(place, Rule(type="expression", dxf=style.NEEDED, formula=[formula]))


def _name(ws: Worksheet, name: str, place: str) -> None:
    ws.defined_names[name] = DefinedName(name, attr_text=place)


# ------------------------------------------------------------------------------------- tables


def _table(writer: Writer, sheet: Sheet, block: Block, ws: Worksheet) -> None:
    _headings(writer, block, ws)
    required = writer.spec.phrases["required"].lower()
    for row in range(block.first_row, block.last_row + 1):
        _row(writer, block, row, ws, f'[=0]"";0" {required}"')
    for item in block.section.fields:
        col = block.col(item.name)
        place = f"{cell(block.first_row, col)}:{cell(block.last_row, col)}"
        _validate(writer, block, item, ws, place)
        first = cell(block.first_row, col, fix="c")
        missing = f"AND({cell(block.first_row, STATE, fix='c')}>0,LEN({first})=0"
        if item.required:
            _mark(ws, place, f"{missing})")
        elif item.required_when:
            needed = writer.formulas.needed(block, block.first_row, item)
            _mark(ws, place, f"{missing},{needed})")
    name = f"pl_{block.section.name}"
    _name(ws, name, area(block, (block.first_row, block.first_col), (block.last_row, block.last_col)))
    if block.section.id_prefix:
        _name(ws, f"{name}_id", area(block, (block.first_row, ID), (block.last_row, ID)))


def _headings(writer: Writer, block: Block, ws: Worksheet) -> None:
    phrases = writer.spec.phrases
    row = block.header_row
    titles = {ID: phrases["row_id"], STATE: phrases["row_state"]}
    if block.echo_col:
        echoed = next(item for item in block.section.fields if item.echo)
        titles[block.echo_col] = phrases["stands_for"].format(label=echoed.label)
    for item in block.section.fields:
        titles[block.col(item.name)] = item.label
    for col, title in titles.items():
        more = block.first_more and col >= block.first_more
        put(ws, row, col, title, bold=True, ground=style.HEAD_MORE if more else style.HEAD)
        ws.cell(row, col).alignment = style.aligned(vertical="center")
        ws.cell(row, col).border = style.BOX
    ws.row_dimensions[row].height = 32


def _row(writer: Writer, block: Block, row: int, ws: Worksheet, number_format: str) -> None:
    section = block.section
    number = row - block.first_row + 1
    label = f"{section.id_prefix}{number}" if section.id_prefix else str(number)
    put(ws, row, ID, label, bold=bool(section.id_prefix), color=style.GREY_TEXT)
    _state(ws, row, writer.formulas.missing_in_row(block, row), number_format)
    if block.echo_col:
        echoed = next(item for item in section.fields if item.echo)
        put(ws, row, block.echo_col, writer.formulas.echo(block, row, echoed), size=9.5,
            color=style.GREY_TEXT)  # fmt: skip
    for col in range(ID, block.first_col):
        ws.cell(row, col).border = style.HAIRLINE
    for item in section.fields:
        _input(ws, row, block.col(item.name), item)
    if _takes_sentences(section):
        _tall(ws, row)


def _takes_sentences(section: Section) -> bool:
    """Whether rows should start tall: long texts, or several texts beside each other."""
    types = [item.type for item in section.fields]
    return "long_text" in types or types.count("text") > 3


# ------------------------------------------------------------------------- stamps and printing


def finish(sheet: Sheet, ws: Worksheet) -> None:
    """Stamp the sheet and set up its pages, when everything stands on it."""
    _stamps(sheet, ws)
    _page_setup(sheet, ws)


def stamp_furniture(ws: Worksheet) -> None:
    """Stamp a sheet that belongs to no plan with what is printed on it."""
    _stamp(ws, STAMPS.index("furniture"), "furniture", furniture(_printed(ws)))
    ws.row_dimensions[STAMP_ROW].hidden = True


def _printed(ws: Worksheet) -> list[str]:
    """The texts of a sheet that are not computed; as numbers, dates and answers are none of them."""
    cells = (target for row in ws.iter_rows(min_row=STAMP_ROW + 1) for target in row)
    return [c.value for c in cells if isinstance(c.value, str) and c.data_type != "f"]


def _stamp(ws: Worksheet, offset: int, stamp: str, value: str) -> None:
    target = ws.cell(STAMP_ROW, ID + offset, value)
    target.number_format = "@"
    place = f"{quote_sheetname(ws.title)}!{cell(STAMP_ROW, ID + offset, fix='cr')}"
    _name(ws, f"pl_{stamp}", place)


def _stamps(sheet: Sheet, ws: Worksheet) -> None:
    """The hidden first row says what the sheet is, wherever it is copied to."""
    printed = furniture(_printed(ws))
    locked = checksum(locked_texts(sheet, ws))
    values = (sheet.plan.kind, sheet.plan.version, sheet.owner.id, locked, printed)
    for offset, (stamp, value) in enumerate(zip(STAMPS, values, strict=True)):
        _stamp(ws, offset, stamp, value)
    ws.row_dimensions[STAMP_ROW].hidden = True


def locked_texts(sheet: Sheet, ws: Worksheet) -> list[str]:
    """What the checksum covers: labels and prefilled values of forms, headings and ids of tables."""
    texts = []
    for block in sheet.blocks:
        for item in block.section.fields:
            texts.append(item.label)
            if item.prefilled:
                texts.append(shown(ws.cell(block.row(item.name), block.first_col).value))
        if block.section.id_prefix:
            rows = range(block.first_row, block.last_row + 1)
            texts += [str(ws.cell(row, ID).value) for row in rows]
    return texts


def _page_setup(sheet: Sheet, ws: Worksheet) -> None:
    set_up_page(ws, f"{sheet.owner.name}, {sheet.heading}")
    protect(ws)
    last_row = max(ws.max_row, sheet.blocks[-1].last_row)
    if sheet.is_single_table:
        block = sheet.blocks[0]
        ws.freeze_panes = cell(block.first_row, block.first_col)
        ws.print_title_rows = f"{TITLE_ROW}:{block.header_row}"
    else:
        ws.freeze_panes = cell(FIRST_ROW, MARGIN)
        ws.print_title_rows = f"{TITLE_ROW}:{OWNER_ROW}"
    if sheet.is_single_table and sheet.blocks[0].first_more:
        _two_pages_wide(sheet, sheet.blocks[0], ws, last_row)
    else:
        ws.print_area = ",".join(_print_areas(sheet, last_row))


def _two_pages_wide(sheet: Sheet, block: Block, ws: Worksheet, last_row: int) -> None:
    """The main columns on one page, More detail on the next: all on one would be too small to read.

    Excel ignores a column break where pages are fitted, so that the scale is computed: a character is 7
    pixels wide and a column has 5 more (ECMA-376 18.3.1.13, Calibri 11); 10.2 inches can be printed on.
    """
    pixels = [7 * width + 5 for width in sheet.widths]
    main = sum(pixels[: block.first_more - 1])
    more = pixels[ID - 1] + sum(pixels[block.first_more - 1 :])
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    ws.page_setup.scale = min(100, int(0.96 * 100 * 10.2 * 96 / max(main, more)))
    ws.col_breaks = ColBreak(brk=[Break(id=block.first_more - 1)])
    ws.print_title_cols = f"{letter(ID)}:{letter(ID)}"
    ws.print_area = f"A1:{cell(last_row, len(sheet.widths))}"


def _print_areas(sheet: Sheet, last_row: int) -> list[str]:
    """The main columns, then each block's More detail as pages of its own."""
    main = max((block.first_more or block.last_col + 1) - 1 for block in sheet.blocks)
    main = max(main, LABEL + sheet.form_span if _has_form(sheet) else 0)
    areas = [f"A1:{cell(last_row, main)}"]
    for block in sheet.blocks:
        if block.last_col > main:
            first = cell(block.guidance_row, main + 1)
            areas.append(f"{first}:{cell(block.last_row, block.last_col)}")
    return areas


def _has_form(sheet: Sheet) -> bool:
    return any(block.section.shape == "form" for block in sheet.blocks)


def set_up_page(ws: Worksheet, footer: str) -> None:
    """Letter, landscape, one page wide, the sheet's name and the page in the footer."""
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 1
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    margins = ws.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.6
    margins.header = margins.footer = 0.3
    # An ampersand begins a code in Excel's footers; two stand for one.
    left, right = footer.replace("&", "&&"), "Page &P of &N"
    ws.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=left), right=_HeaderFooterPart(text=right)
    )
    ws.HeaderFooter.scaleWithDoc = False


def protect(ws: Worksheet) -> None:
    """Protection against accidents: no password; rows and columns may be sized, rows inserted."""
    ws.protection.sheet = True
    ws.protection.formatRows = ws.protection.formatColumns = False
    ws.protection.insertRows = ws.protection.deleteRows = False
    ws.protection.sort = ws.protection.formatCells = False
