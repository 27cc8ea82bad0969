"""The Fix list, a marked copy that comes back, and files that get the list alone."""

from __future__ import annotations

import io
import random
import re
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName
from tests.support.marks import MAIN, Mark, finding, is_marked, links, notes, rows, sent, tree, with_part

from plbuild import archive


class TestFixList:
    """The sheet in front."""

    def test_it_is_worst_first_with_links_and_room_to_tick(self, mark: Mark) -> None:
        found = [
            finding("D7", "D is odd.", "advice"),
            *(finding(cell) for cell in ("C9", "C7", "C8", "E2")),
            finding("A1", "A need is wrong.", sheet="Dale's needs"),
            finding("", "A part is gone."),
            finding("", "It came twice.", sheet=""),
        ]
        data = mark(sent(), found)
        assert rows(data) == [
            ("1", "Must be mended", "Goals", "E2", "Area", "Area is missing.", "Fill it in."),
            ("2", "Must be mended", "Goals", "whole sheet", "Area", "A part is gone.", "Fill it in."),
            ("3", "Must be mended", "Dale's needs", "A1", "Area", "A need is wrong.", "Fill it in."),
            ("4", "Must be mended", "whole file", "", "Area", "It came twice.", "Fill it in."),
            ("5", "Advice", "Goals", "D7", "Area", "D is odd.", "Fill it in."),
        ]
        assert links(data) == {
            "C7 to C9": "'Goals'!C7:C9",
            "E2": "'Goals'!E2",
            "A1": "'Dale''s needs'!A1",
            "whole sheet": "'Goals'!A1",
            "D7": "'Goals'!D7",
        }
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        assert [cell.value for cell in sheet[6]][1:9] == [
            "No.", "What", "Sheet", "Cells", "Label", "What is wrong", "How to mend it", "Done",
        ]  # fmt: skip
        assert sheet["B3"].value == "Riverside · 2026-27 · to be mended: 4 · advice: 1"
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A7", "$6:$6")
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (
            "landscape", 1, 1, 0,
        )  # fmt: skip
        assert [sheet.column_dimensions[col].hidden for col in "IK"] == [False, True]

    @pytest.mark.parametrize(
        "text", ["=1+1", "@x", "<b>&amp;</b>", "_x000B_ and _x005F_", "a\x0bb\x00\ud800\uffff", "]]>", "🎓 ñ"]
    )
    def test_every_text_is_a_text(self, mark: Mark, text: str) -> None:
        data = mark(sent(), [finding(message=text)])
        shown = re.sub("[\x00\x0b\ud800\uffff]", "\ufffd", text)
        sheet = tree(data, "xl/worksheets/sheet3.xml")
        (cell,) = [c for c in sheet.iter(f"{MAIN}c") if c.get("r") == "G7"]
        assert cell.get("t") == "inlineStr"
        assert sheet.find(f".//{MAIN}f") is None
        stored = "".join(node.text or "" for node in cell.iter(f"{MAIN}t"))
        assert re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), stored) == shown
        assert load_workbook(io.BytesIO(data)).worksheets[0]["G7"].data_type == "s"

    def test_a_list_too_long_to_work_through_ends_with_a_number(self, mark: Mark) -> None:
        found = [finding(f"C{row}", f"Row {row} is wrong.") for row in range(1, 701)]
        data = mark(sent(), found)
        assert len(rows(data)) == 500
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        assert sheet["G507"].value == "And 200 more. Mend these first and send the workbook again."

    def test_a_place_that_is_not_there_is_told_without_a_link(self, mark: Mark) -> None:
        data = mark(sent(), [finding(sheet="Gone"), finding("ZZZ9"), finding("C0")])
        assert [row[2:4] for row in rows(data)] == [("Gone", "C7"), ("Goals", "ZZZ9")]
        assert links(data) == {}

    def test_equal_inputs_give_equal_bytes(self, mark: Mark) -> None:
        assert mark(sent()) == mark(sent())


class TestAgain:
    """A marked copy that comes back and is marked again."""

    FOUND = (finding("C7"), finding("D7"), finding("F3"), finding("E9"))

    def test_marks_do_not_pile_up(self, mark: Mark) -> None:
        once = mark(sent(), self.FOUND)
        assert mark(once, self.FOUND) == once
        fewer = mark(once, [finding("D7")])
        assert list(notes(fewer)) == ["D7"]
        assert [cell for cell in ("C7", "D7", "F3", "E9") if is_marked(fewer, cell)] == ["D7"]

    def test_each_cell_gets_its_own_look_again(self, mark: Mark) -> None:
        def looks(data: bytes) -> list[tuple[object, ...]]:
            goals = load_workbook(io.BytesIO(data))["Goals"]
            cells = [goals[cell] for cell in ("C7", "D7", "E9", "F3")]
            return [(c.value, c.number_format, c.fill.fgColor.rgb, c.border.top.style) for c in cells]

        assert looks(mark(mark(sent(), self.FOUND), [])) == looks(sent())

    def test_what_held_our_notes_goes_with_them(self, mark: Mark) -> None:
        plain = archive.read(mark(mark(sent()), []))
        assert not any("comments" in name or name.endswith(".vml") for name in plain)
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in plain
        assert b"legacyDrawing" not in plain["xl/worksheets/sheet1.xml"]
        assert b"comments" not in plain["[Content_Types].xml"]

    def test_a_note_they_wrote_into_is_theirs(self, mark: Mark) -> None:
        answered = with_part(
            mark(sent()), comments1_xml=lambda xml: xml.replace(b"no. 1<", b"no. 1\nAnn: we have none.<")
        )
        data = mark(answered)
        assert notes(data)["C7"].endswith("\nAnn: we have none.")
        assert "No note was put on C7" in rows(data)[0][6]

    def test_without_its_fix_list_a_marked_cell_becomes_an_ordinary_one(self, mark: Mark) -> None:
        book = load_workbook(io.BytesIO(mark(sent(), self.FOUND)))
        del book["Fix list"]
        buffer = io.BytesIO()
        book.save(buffer)
        data = mark(buffer.getvalue(), [finding("D7")])
        goals = load_workbook(io.BytesIO(data))["Goals"]
        assert (goals["C7"].fill.fgColor.rgb, goals["C7"].border.top.style) == ("FFFFFFFF", "thin")
        assert is_marked(data, "D7")

    def test_a_fix_list_that_was_copied_goes_too(self, mark: Mark) -> None:
        once = mark(sent())
        book = load_workbook(io.BytesIO(once))
        copied = book.copy_worksheet(book.worksheets[0])
        copied.defined_names.add(DefinedName("pl_marks", attr_text=f"'{copied.title}'!$K$1:$L$1"))
        buffer = io.BytesIO()
        book.save(buffer)
        assert load_workbook(io.BytesIO(mark(buffer.getvalue()))).sheetnames == [
            "Fix list", "Goals", "Dale's needs",
        ]  # fmt: skip


def bomb() -> bytes:
    """A package that says it holds more than any workbook."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<a/>")
        package.writestr("xl/a.bin", bytes(101_000_000))
    return buffer.getvalue()


class TestAlone:
    """Files into which nothing can be written get a workbook with the list alone."""

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"%PDF-1.7",
            sent()[:2000],
            archive.pack({"a.txt": b"x"}),
            archive.pack({"[Content_Types].xml": b"<a/>", "_rels/.rels": b"<a/>"}),
            with_part(sent(), xl_workbook_xml=lambda xml: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml),
            with_part(sent(), sheet2_xml=lambda xml: xml[:-20]),
            bomb(),
        ],
        ids=["empty", "pdf", "cut", "zip", "no workbook", "entities", "broken sheet", "bomb"],
    )
    def test_it_holds_the_list_alone(self, mark: Mark, data: bytes) -> None:
        made = mark(data, [finding("", "It cannot be read.", sheet="")])
        book = load_workbook(io.BytesIO(made))
        assert book.sheetnames == ["Fix list"]
        assert rows(made)[0][5:] == ("It cannot be read.", "Fill it in.")
        assert "could not be marked" in str(book.worksheets[0]["B4"].value)

    def test_damage_of_any_byte_is_never_raised(self, mark: Mark) -> None:
        chance = random.Random(20261123)  # noqa: S311 - a seed for a test
        data = mark(sent(lambda book: book["Goals"].merge_cells("C7:C8")))
        members = archive.read(data)
        for name, content in members.items():
            for _ in range(12):
                place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
                damaged = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
                made = mark(archive.pack({**members, name: damaged}))
                assert archive.read(made)["[Content_Types].xml"]
