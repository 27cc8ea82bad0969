"""The sheets around the plan: Start here, the district's goals beside a school's, the standards.

Takes worksheets and the spec's words; nothing on these sheets is read back.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.blank import style
from plbuild.blank.layout import LABEL, STATE, Sheet
from plbuild.blank.sheet import Words, Writer, protect, put, set_up_page
from plbuild.model import Spec

_WIDTHS = (2, 34, 46, 50)
_TEXT_COLS = (2, 4)


def write(ws: Worksheet, spec: Spec, words: Words, plans: list[tuple[Writer, list[Sheet]]]) -> None:
    """Start here: what this is, who fills what by when, how complete each part is, with links."""
    _ground(ws, _WIDTHS)
    plan, owner = plans[0][1][0].plan, plans[0][1][0].owner
    put(ws, 2, 2, plan.title, bold=True, size=20, color=style.BLUE, wrap=False)
    ws.row_dimensions[2].height = 30
    put(ws, 3, 2, f"{owner.name} · {words.plan_year}", bold=True, size=13, wrap=False)
    ws.row_dimensions[3].height = 21
    row = _paragraphs(ws, 5, [plan.purpose])
    row = _facts(ws, row + 1, spec, words, plan.who_fills)
    row = _contents(ws, row + 1, spec, plans)
    phrases = spec.phrases
    keys = ("parts_note", "required_note", "lists_note", "ids_note", "rows_note", "protect_note")
    notes = [phrases[key] for key in keys]
    notes.append(phrases["saving_note"].format(contact=words.contact, due_date=words.due_date))
    last = _paragraphs(ws, row + 1, [f"•  {note}" for note in notes])
    ws.sheet_properties.tabColor = style.BLUE
    set_up_page(ws, f"{owner.name}, {phrases['start']}")
    ws.print_area = f"A1:D{last}"
    if len(plans) == 1:
        ws.page_setup.fitToHeight = 1
    protect(ws)


def _ground(ws: Worksheet, widths: tuple[float, ...]) -> None:
    ws.sheet_view.showGridLines = False
    for letter, width in zip("ABCDEFGH", widths, strict=False):
        ws.column_dimensions[letter].width = width
        ws.column_dimensions[letter].fill = style.fill(style.GROUND)
    rest = ws.column_dimensions["ABCDEFGH"[len(widths)]]
    rest.min, rest.max, rest.width = len(widths) + 1, 16384, 9
    rest.fill = style.fill(style.GROUND)


def _paragraphs(ws: Worksheet, row: int, texts: list[str]) -> int:
    """Texts across the page, a row each, tall enough for their lines; returns the next row."""
    first, last = _TEXT_COLS
    room = sum(_WIDTHS[first - 1 : last])
    for text in texts:
        put(ws, row, first, text)
        ws.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        ws.row_dimensions[row].height = 4 + 14.5 * -(-len(text) // int(room * 1.15))
        row += 1
    return row


def _facts(ws: Worksheet, row: int, spec: Spec, words: Words, who_fills: str) -> int:
    phrases = spec.phrases
    for label, text in (
        (phrases["who_label"], who_fills),
        (phrases["due_label"], words.due_date),
    ):
        put(ws, row, 2, label, bold=True)
        put(ws, row, 3, text)
        ws.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)
        ws.row_dimensions[row].height = 4 + 14.5 * -(-len(text) // 105)
        row += 1
    return row


def _contents(ws: Worksheet, row: int, spec: Spec, plans: list[tuple[Writer, list[Sheet]]]) -> int:
    heads = [spec.phrases["contents_head"], "", spec.phrases["progress_head"]]
    for col, head in enumerate(heads, start=2):
        put(ws, row, col, head or None, bold=True, ground=style.HEAD)
    row += 1
    school_head = False
    for writer, sheets in plans:
        for sheet in sheets:
            if sheet.is_whole_plan and not school_head:
                school_head = True
                for col in (2, 3, 4):
                    text = spec.phrases["sheets_head"] if col == 2 else None
                    put(ws, row, col, text, bold=True, ground=style.HEAD)
                row += 1
            _contents_row(ws, row, writer, sheet)
            row += 1
    return row


def _contents_row(ws: Worksheet, row: int, writer: Writer, sheet: Sheet) -> None:
    put(ws, row, 2, sheet.title)
    link(ws, row, 2, sheet.title)
    titles = [block.section.title for block in sheet.blocks]
    about = sheet.owner.id if sheet.is_whole_plan else ", ".join(titles)
    put(ws, row, 3, about, color=style.GREY_TEXT)
    put(ws, row, 4, writer.formulas.progress(sheet.blocks), bold=True)
    ws.row_dimensions[row].height = 4 + 14.5 * -(-len(about) // 50)
    for col in (2, 3, 4):
        ws.cell(row, col).border = style.BOX
        ws.cell(row, col).fill = style.fill(style.INPUT)


def link(ws: Worksheet, row: int, col: int, title: str) -> None:
    """Make a cell lead to cell A1 of the sheet ``title``."""
    target = ws.cell(row, col)
    target.hyperlink = Hyperlink(
        ref=target.coordinate, location=f"{quote_sheetname(title)}!A1", tooltip=f"Go to {title}"
    )
    target.font = style.font(color=style.BLUE, bold=True, link=True)


def goals_reference(writer: Writer, sheet: Sheet, ws: Worksheet) -> None:
    """Below a section that refers to another plan, the words behind that plan's numbers."""
    foreign = [
        item
        for block in sheet.blocks
        for item in block.section.fields
        if any("." in ref for ref in item.refs)
    ]
    if not foreign:
        return
    phrases = writer.spec.phrases
    row = sheet.blocks[-1].last_row + 2
    put(
        ws,
        row,
        sheet.heading_col,
        phrases["district_goals_title"],
        bold=True,
        size=14,
        color=style.BLUE,
        wrap=False,
    )
    known = writer.words.goals
    targets = writer.spec.targets(sheet.plan, foreign[0])
    ids = ", ".join(f"{part.id_prefix}{n}" for _, part in targets for n in range(1, part.rows + 1))
    note = phrases["district_goals_note"] if known else phrases["district_goals_unknown"]
    put(ws, row + 1, sheet.heading_col, note.format(ids=ids), color=style.GREY_TEXT, wrap=False)
    for offset, (goal_id, text) in enumerate(known, start=2):
        put(ws, row + offset, STATE, goal_id, bold=True)
        put(ws, row + offset, LABEL, text, wrap=False)


def standards(book: Workbook, spec: Spec) -> None:
    """A sheet for reference: every list whose values are explained, with the explanations."""
    explained = [
        item for item in spec.lists.values()
        if any("explanation" in choice.attributes for choice in item.choices)
    ]  # fmt: skip
    if not explained:
        return
    phrases = spec.phrases
    ws = book.create_sheet(phrases["reference_tab"])
    _ground(ws, (2, 30, 38, 90))
    put(ws, 2, 2, explained[0].title, bold=True, size=18, color=style.BLUE, wrap=False)
    put(ws, 3, 2, phrases["reference_guidance"], color=style.GREY_TEXT, wrap=False)
    row = 5
    for item in explained:
        heads = (phrases["reference_group"], phrases["reference_value"], phrases["reference_text"])
        for col, head in enumerate(heads, start=2):
            put(ws, row, col, head, bold=True, ground=style.HEAD)
        for choice in item.choices:
            row += 1
            about = choice.attributes
            texts = (about.get("group", ""), choice.value, about.get("explanation", ""))
            for col, text in enumerate(texts, start=2):
                put(ws, row, col, str(text), bold=col == 3)
            ws.row_dimensions[row].height = 4 + 14.5 * -(-len(str(texts[2])) // 88)
        row += 2
    ws.sheet_properties.tabColor = "B9C6D8"
    ws.freeze_panes = "A4"
    set_up_page(ws, phrases["reference_tab"])
    protect(ws)
