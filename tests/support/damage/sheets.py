"""What people and programs do to sheets: names, rows, columns, tabs, printed texts, notes beside the form.

Takes a ``Patient``, changes its sheets.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from tests.support.damage.cells import Cut
from tests.support.damage.patient import Patient
from tests.support.damage.surgery import MAIN, ref, split

_STAMPS = ("pl_kind", "pl_version", "pl_id", "pl_checksum", "pl_furniture")

# ------------------------------------------------------------------------------------- names


def _name_moved(book: Patient) -> None:
    """A table's name one row too low, as after a row was deleted in a program that lost count."""
    title, (top, left), (bottom, right) = book.area("pl_needs")
    book.aim_names(f"'{title}'!${ref(top + 1, left)}:${ref(bottom + 1, right)}", "pl_needs")


def _form_name_moved(book: Patient) -> None:
    """The name of one answer on the cell of another."""
    title, place = book.at("direction.vision")
    book.aim_names(f"'{title}'!{place}", "pl_direction_mission")


def _names_unscoped(book: Patient) -> None:
    """Names of the workbook instead of a sheet, as some programs save them."""
    for node in book.names():
        if node.get("name") in ("pl_needs", "pl_needs_id"):
            node.attrib.pop("localSheetId")


def _foreign_names(book: Patient) -> None:
    for name, target, scope in (
        ("Print_Stuff", "#REF!", 1),
        ("pl_goals", "#REF!", 2),
        ("pl_goals", "Elsewhere!$A$1:$B$2", 99),
        ("pl_goals", "[3]Goals!$A$1", None),
        ("_xlnm._FilterDatabase", "'Needs'!$A$5:$M$13", 2),
    ):
        book.add_name(name, target, scope)


NAMES: Mapping[str, Cut] = {
    "form_name_dropped": lambda book: book.drop_names("pl_direction_mission"),
    "table_name_dropped": lambda book: book.drop_names("pl_needs"),
    "id_name_dropped": lambda book: book.drop_names("pl_needs_id"),
    "table_name_dropped_on_a_shared_tab": lambda book: book.drop_names("pl_measures", "pl_measures_id"),
    "all_names_of_a_sheet_dropped": lambda book: book.drop_names(title="Goals"),
    "all_names_dropped": lambda book: book.drop_names(),
    "stamp_names_dropped": lambda book: book.drop_names(*_STAMPS),
    "table_name_broken": lambda book: book.aim_names("#REF!", "pl_needs"),
    "form_name_broken": lambda book: book.aim_names("#REF!", "pl_direction_mission"),
    "all_names_broken": lambda book: book.aim_names("#REF!"),
    "table_name_moved": _name_moved,
    "form_name_moved": _form_name_moved,
    "names_of_the_workbook": _names_unscoped,
    "foreign_names": _foreign_names,
}

# --------------------------------------------------------------------------- rows and columns


def _first_row(book: Patient, section: str) -> int:
    return book.area(f"pl_{section}")[1][0]


def _column(book: Patient, path: str) -> int:
    return split(book.at(path)[1])[1]


def _filled_row_inserted(book: Patient) -> None:
    row = _first_row(book, "team") + 1
    book.insert_rows("School and team", row)
    book.enter("team.name 2", "Mary Tsosie")
    book.enter("team.role 2", "Parent or family")


def _filled_row_inserted_with_ids(book: Patient) -> None:
    row = _first_row(book, "indicators") + 1
    book.insert_rows("Indicators and measures", row)
    for name, value in (
        ("objective", "O1"),
        ("looks_like", "Students ask for the next block."),
        ("kind", "Student"),
        ("data", "Counted at the door"),
        ("checkpoint", "Quarter 3"),
    ):
        book.enter(f"indicators.{name} 2", value)


def _row_below_the_end(book: Patient) -> None:
    """Answers in the row under the last one, where Excel does not let a name grow."""
    for name, value in (("area", "Attendance"), ("priority", 3.0)):
        title, place = book.at(f"needs.{name} 9")
        book.put(title, place, value)


def _column_inserted_with_notes(book: Patient) -> None:
    col = _column(book, "needs.data_source")
    book.insert_columns("Needs", col)
    book.put("Needs", ref(5, col), "My notes")
    book.put("Needs", ref(7, col), "Ask Renata about the log.")


def _columns_swapped(book: Patient) -> None:
    """Cut, and inserted elsewhere, with its heading."""
    one, other = _column(book, "needs.data_kind"), _column(book, "needs.finding")
    top = _first_row(book, "needs")
    book.swap_columns("Needs", one, other, range(top - 1, top + 8))


def _columns_hidden(book: Patient) -> None:
    for node in book.sheet("Needs").iterfind("{*}cols/{*}col"):
        node.set("hidden", "1")


def _rows_hidden(book: Patient) -> None:
    for node in book.sheet("Needs").iterfind("{*}sheetData/{*}row"):
        node.set("hidden", "1")


def _sorted(book: Patient) -> None:
    """A table's rows in another order, numbers and all."""
    top = _first_row(book, "actions")
    rows = list(range(top, top + 6))
    book.rng.shuffle(rows)
    book.order_rows("Actions", rows)


def _merged(book: Patient) -> None:
    """Two cells merged: the answer of the lower one is gone, as Excel warns."""
    title, upper = book.at("needs.area 1")
    _, lower = book.at("needs.area 2")
    book.put(title, lower, None)
    data = book.sheet(title).find("{*}sheetData")
    assert data is not None
    merges = etree.fromstring(f'<mergeCells xmlns="{MAIN}"><mergeCell ref="{upper}:{lower}"/></mergeCells>')
    data.addnext(merges)


def _deleted_row(section: str, row: int) -> Cut:
    return lambda book: book.delete_rows(book.tab(section), _first_row(book, section) + row - 1)


ROWS: Mapping[str, Cut] = {
    "blank_rows_inserted": lambda book: book.insert_rows("Needs", _first_row(book, "needs") + 1, 3),
    "rows_inserted_on_top": lambda book: book.insert_rows("Needs", 1, 2),
    "filled_row_inserted": _filled_row_inserted,
    "filled_row_inserted_among_numbers": _filled_row_inserted_with_ids,
    "blank_row_deleted": _deleted_row("needs", 5),
    "filled_row_deleted": _deleted_row("actions", 4),
    "row_below_the_end": _row_below_the_end,
    "rows_hidden": _rows_hidden,
    "rows_sorted": _sorted,
    "cells_merged": _merged,
    "blank_column_inserted": lambda book: book.insert_columns("Needs", _column(book, "needs.finding")),
    "column_inserted_with_notes": _column_inserted_with_notes,
    "column_inserted_left_of_the_table": lambda book: book.insert_columns("Needs", 2),
    "column_inserted_left_of_a_form": lambda book: book.insert_columns("School and team", 1),
    "column_deleted": lambda book: book.delete_columns("Needs", _column(book, "needs.priority")),
    "columns_swapped": _columns_swapped,
    "columns_hidden": _columns_hidden,
}

# -------------------------------------------------------------------------------------- tabs


def _renamed(book: Patient) -> None:
    for number, title in enumerate(book.titles):
        book.rename(title, f"x'{number} & <y>")


_CHART = f'<chartsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></chartsheet>'


def _notes_sheet(book: Patient) -> None:
    book.add_sheet("Notes")
    book.put("Notes", "A1", "Ask the board about the van.")
    book.put("Notes", "B3", 12.5)
    book.put("Notes", "C3", True)


TABS: Mapping[str, Cut] = {
    "sheets_renamed": _renamed,
    "sheet_renamed_like_a_path": lambda book: book.rename("Needs", "../../Needs"),
    "sheets_moved": lambda book: book.reorder(book.titles[::-1]),
    "sheet_hidden": lambda book: book.set_state("Needs", "hidden"),
    "sheet_very_hidden": lambda book: book.set_state("Needs", "veryHidden"),
    "lists_deleted": lambda book: book.delete("Lists"),
    "start_deleted": lambda book: book.delete("Start here"),
    "sheet_deleted": lambda book: book.delete("Evaluation"),
    "sheet_deleted_that_others_refer_to": lambda book: book.delete("Goals"),
    "sheet_duplicated": lambda book: book.duplicate("Needs", "Needs (2)"),
    "sheet_duplicated_without_names": lambda book: book.duplicate("Needs", "Needs (2)", with_names=False),
    "blank_sheet_added": lambda book: book.add_sheet("Sheet1"),
    "sheet_of_notes_added": _notes_sheet,
    "chart_sheet_added": lambda book: book.add_sheet("Chart1", _CHART.encode(), kind="chartsheet"),
}

# ----------------------------------------------------------------------------- printed texts


def _heading(text: str | None) -> Cut:
    def cut(book: Patient) -> None:
        row, col = split(book.at("needs.area 1")[1])
        book.put("Needs", ref(row - 1, col), text)

    return cut


def _label(text: str | None) -> Cut:
    def cut(book: Patient) -> None:
        title, place = book.at("direction.mission")
        row, col = split(place)
        book.put(title, ref(row, col - 1), text)

    return cut


def _id(section: str, row: int, text: str | None) -> Cut:
    def cut(book: Patient) -> None:
        title, (top, left), _ = book.area(f"pl_{section}_id")
        book.put(title, ref(top + row - 1, left), text)

    return cut


def _stamp(name: str, value: str) -> Cut:
    def cut(book: Patient) -> None:
        for node in list(book.names()):
            if node.get("name") == name:
                title, _, place = (node.text or "").replace("$", "").rpartition("!")
                book.put(title.strip("'"), place, value)

    return cut


def _other_owner(plan_id: str, leaid: str = "") -> Cut:
    """The workbook of another school, on its stamps and in its printed lines."""

    def cut(book: Patient) -> None:
        _stamp("pl_id", plan_id)(book)
        book.enter("identity.ncessch", plan_id)
        if leaid:
            book.enter("identity.leaid", leaid)
            book.enter("identity.district_name", "Somewhere Else Schools")

    return cut


PRINTED: Mapping[str, Cut] = {
    "heading_altered": _heading("Subject"),
    "heading_in_another_case": _heading("AREA "),
    "heading_emptied": _heading(None),
    "label_altered": _label("Our mission"),
    "label_emptied": _label(None),
    "guidance_altered": lambda book: book.put("Needs", "A4", "See the other file."),
    "guidance_emptied": lambda book: book.put("Needs", "A4", None),
    "id_retyped": _id("needs", 2, "N9"),
    "id_in_words": _id("needs", 2, "Need 2"),
    "id_with_a_space_behind": _id("needs", 2, "N2 "),
    "id_duplicated": _id("objectives", 2, "O1"),
    "id_emptied": _id("objectives", 2, None),
    "school_name_altered": lambda book: book.enter("identity.school_name", "../../etc/passwd"),
    "school_name_emptied": lambda book: book.enter("identity.school_name", None),
    "leaid_altered": lambda book: book.enter("identity.leaid", "0899200"),
    "enrollment_altered": lambda book: book.enter("identity.enrollment", 61.0),
    "school_not_on_the_roster": _other_owner("089910000199"),
    "school_of_another_district": _other_owner("099920000201", "0999200"),
    "kind_unknown": _stamp("pl_kind", "cafeteria_plan"),
    "version_older": _stamp("pl_version", "2025.1"),
    "version_newer": _stamp("pl_version", "2031.2"),
    "version_unknown": _stamp("pl_version", "draft"),
    "last_years_plan": lambda book: book.enter("identity.plan_year", "2025-26"),
}

# ------------------------------------------------------------------------- beside the form

_MAC_FONT = '<rPr><sz val="9"/><rFont val="Tahoma"/><family val="34"/></rPr>'


def comments(*notes: tuple[str, str], author: str = "Dale") -> str:
    """The XML of a sheet's notes: (cell, text) each, in the font that Excel for Mac writes."""
    items = "".join(
        f'<comment ref="{place}" authorId="0"><text><r>{_MAC_FONT}<t>{text}</t></r></text></comment>'
        for place, text in notes
    )
    return (
        f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors>'
        f"<commentList>{items}</commentList></comments>"
    )


def _comment(book: Patient) -> None:
    title, place = book.at("needs.area 2")
    book.hang(title, "comments", "xl/comments1.xml", comments((place, "Is this the right area?")))


def _text_box(book: Patient) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    book.hang(
        "Needs",
        "drawing",
        "xl/drawings/drawing1.xml",
        f'<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main"><xdr:twoCellAnchor>'
        "<xdr:sp><xdr:txBody><a:p><a:r><a:t>See our </a:t></a:r><a:r><a:t>data wall.</a:t></a:r></a:p>"
        "</xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>",
    )


def _threaded_comment(book: Patient) -> None:
    """As Excel 365 writes it: the thread, and a note for older programs."""
    title, place = book.at("needs.area 2")
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    book.hang(
        title,
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="{place}" personId="{{1}}" id="{{2}}">'
        "<text>Is this the right area?</text></threadedComment></ThreadedComments>",
    )
    legacy = (
        "[Threaded comment] Your version of Excel allows you to read this. Comment: Is this the right area?"
    )
    book.hang(title, "comments", "xl/comments1.xml", comments((place, legacy), author="tc={2}"))


def _many_notes(book: Patient) -> None:
    for number in range(600):
        book.put("Needs", f"Z{number + 20}", f"Note {number}")


BESIDE: Mapping[str, Cut] = {
    "note_in_the_margin": lambda book: book.put("Goals", "T7", "Ask Ellen."),
    "number_in_the_margin": lambda book: book.put("Goals", "T7", 17.0),
    "formula_in_the_margin": lambda book: book.put_xml("Goals", "T7", "<f>8+9</f><v>17</v>", ""),
    "formula_in_the_margin_without_a_value": lambda book: book.put_xml("Goals", "T7", "<f>8+9</f>", ""),
    "error_in_the_margin": lambda book: book.put_xml("Goals", "T7", "<v>#N/A</v>", "e"),
    "note_over_a_formula": lambda book: book.put("Goals", "D6", "our first need"),
    "note_in_the_hidden_row": lambda book: book.put("Goals", "K1", "for me"),
    "note_on_start_here": lambda book: book.put("Start here", "B60", "Due earlier for us!"),
    "note_on_the_lists": lambda book: book.put("Lists", "A40", "Poetry"),
    "six_hundred_notes": _many_notes,
    "comment": _comment,
    "threaded_comment": _threaded_comment,
    "text_box": _text_box,
    "stray_cell_in_the_last_row": lambda book: book.put("Needs", "XFD1048576", "x"),
}

SHEETS: Mapping[str, Cut] = {**NAMES, **ROWS, **TABS, **PRINTED, **BESIDE}
"""Kind of damage -> the cut."""
