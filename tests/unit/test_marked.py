"""The marked copy: nothing of the submitter's is changed, every mistake is shown at its cell."""

from __future__ import annotations

import io
import re

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.workbook import Workbook as Book
from tests.support.marks import MAIN, Mark, finding, is_marked, links, notes, rows, sent, tree, with_part

from plbuild import archive
from plbuild.model import is_our_note


class TestTheirs:
    """What they sent is all there, and only what must change for a mark has changed."""

    def test_parts_without_a_mark_are_the_same_to_the_byte(self, mark: Mark) -> None:
        data = sent()
        before, after = archive.read(data), archive.read(mark(data))
        changed = {name for name in before if after[name] != before[name]}
        assert changed == {
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",  # tabSelected: the Fix list is in front
        }
        assert set(after) - set(before) == {
            "xl/worksheets/_rels/sheet1.xml.rels",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/worksheets/sheet3.xml",
        }

    def test_values_formulas_and_formats_stay(self, mark: Mark) -> None:
        cached = with_part(
            sent(), sheet1_xml=lambda xml: xml.replace(b"<v></v>", b"<v>1</v>").replace(b"<v/>", b"<v>1</v>")
        )
        data = mark(cached, [finding("C7"), finding("D7"), finding("E9")])
        goals = load_workbook(io.BytesIO(data))["Goals"]
        assert [goals[cell].value for cell in ("C7", "D7", "E9")] == ["reading", 0.5, "=D7*2"]
        assert goals["D7"].number_format == "0%"
        assert load_workbook(io.BytesIO(data), data_only=True)["Goals"]["E9"].value == 1
        assert goals.column_dimensions["F"].width == 30
        assert all(is_marked(data, cell) for cell in ("C7", "D7", "E9"))

    def test_what_openpyxl_would_drop_stays(self, mark: Mark) -> None:
        extension = (
            b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
            b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
            b'<x14:dataValidations count="1"/></ext></extLst>'
        )
        data = with_part(
            sent(), sheet1_xml=lambda xml: xml.replace(b"</worksheet>", extension + b"</worksheet>")
        )
        members = archive.read(data)
        extra = {"xl/threadedComments/threadedComment1.xml": b"<a/>", "xl/vbaProject.bin": b"\0\1"}
        after = archive.read(mark(archive.pack({**members, **extra})))
        assert {name: after[name] for name in extra} == extra
        root = etree.fromstring(after["xl/worksheets/sheet1.xml"])
        assert [etree.QName(node).localname for node in root][-2:] == ["legacyDrawing", "extLst"]
        assert root.find(".//{*}dataValidations[@count='1']") is not None

    def test_names_and_the_tab_in_front_are_counted_anew(self, mark: Mark) -> None:
        data = mark(sent())
        root = tree(data, "xl/workbook.xml")
        names = {(n.get("name"), n.get("localSheetId"), n.text) for n in root.iter(f"{MAIN}definedName")}
        assert {item for item in names if item[0] == "pl_area"} == {
            ("pl_area", "1", "'Goals'!$C$7"),
            ("pl_area", "2", "'Dale''s needs'!$C$7"),
        }
        assert ("pl_marks", "0", "'Fix list'!$K$1:$L$1") in names
        assert ("_xlnm.Print_Titles", "0", "'Fix list'!$6:$6") in names
        (view,) = root.iter(f"{MAIN}workbookView")
        assert (view.get("activeTab"), view.get("firstSheet")) == ("0", "0")
        book = load_workbook(io.BytesIO(data))
        assert book.sheetnames == ["Fix list", "Goals", "Dale's needs"]
        assert [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets] == [True, False, False]

    def test_a_chart_in_front_gives_way_too(self, mark: Mark) -> None:
        def chart(book: Book) -> None:
            sheet = book.create_chartsheet("Chart")
            sheet.add_chart(BarChart())
            sheet.sheetViews.sheetView[0].tabSelected = True

        data = mark(sent(chart))
        views = tree(data, "xl/chartsheets/sheet1.xml").iter(f"{MAIN}sheetView")
        assert [view.get("tabSelected") for view in views] == [None]
        assert load_workbook(io.BytesIO(data)).sheetnames == ["Fix list", "Goals", "Dale's needs", "Chart"]

    def test_the_list_of_tabs_in_the_properties_goes_when_it_is_wrong(self, mark: Mark) -> None:
        titles = b"<TitlesOfParts>x</TitlesOfParts><HeadingPairs>y</HeadingPairs></Properties>"
        data = with_part(sent(), app_xml=lambda xml: xml.replace(b"</Properties>", titles))
        after = archive.read(mark(data))["docProps/app.xml"]
        assert b"<Application>" in after
        assert b"TitlesOfParts" not in after
        assert b"HeadingPairs" not in after

    def test_a_comment_of_theirs_is_left_alone_and_the_list_says_so(self, mark: Mark) -> None:
        def comment(book: Book) -> None:
            book["Goals"]["C7"].comment = Comment("We do not have one.", "Ann")

        data = mark(sent(comment), [finding("C7"), finding("D7")])
        assert notes(data)["C7"] == "We do not have one."
        assert is_our_note(notes(data)["D7"])
        assert is_marked(data, "C7")
        assert rows(data)[0][6].startswith("Fill it in. (No note was put on C7, because a comment of yours")

    def test_a_thread_of_theirs_counts_as_a_comment(self, mark: Mark) -> None:
        thread = b'<ThreadedComments xmlns="t"><threadedComment ref="C7"/></ThreadedComments>'
        relations = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2017/10/relationships/'
            b'threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
        )
        extra = {
            "xl/threadedComments/threadedComment1.xml": thread,
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
        }
        data = mark(archive.pack({**archive.read(sent()), **extra}))
        assert archive.read(data)["xl/threadedComments/threadedComment1.xml"] == thread
        assert "No note was put on C7" in rows(data)[0][6]
        assert notes(data) == {}

    def test_a_drawing_of_theirs_gets_our_shape_after_theirs(self, mark: Mark) -> None:
        def comment(book: Book) -> None:
            book["Goals"]["A1"].comment = Comment("Mine", "Ann")

        # Excel leaves tags open in the texts of buttons, so that a drawing need not be XML.
        button = b"<v:shape id='_x0000_s1500' xmlns:v='v'><font>one<br>two</font></v:shape></xml>"
        data = with_part(sent(comment), vml=lambda vml: vml.replace(b"</xml>", button))
        old = next(body for name, body in archive.read(data).items() if name.endswith(".vml"))
        new = next(body for name, body in archive.read(mark(data)).items() if name.endswith(".vml"))
        assert new.startswith(old.removesuffix(b"</xml>"))
        assert b'id="_x0000_s1501"' in new
        again = mark(mark(data), [])
        assert next(body for name, body in archive.read(again).items() if name.endswith(".vml")) == old

    def test_a_drawing_that_cannot_be_added_to_means_no_note(self, mark: Mark) -> None:
        def comment(book: Book) -> None:
            book["Goals"]["A1"].comment = Comment("Mine", "Ann")

        data = mark(with_part(sent(comment), vml=lambda _: b"\xff\xfe<\0"))
        assert "No note was put on C7" in rows(data)[0][6]

    def test_a_sheet_of_theirs_called_fix_list_stays(self, mark: Mark) -> None:
        def own(book: Book) -> None:
            book.create_sheet("fix LIST")["A1"] = "ours to do"

        data = mark(mark(sent(own)))
        assert load_workbook(io.BytesIO(data)).sheetnames == [
            "Fix list (2)", "Goals", "Dale's needs", "fix LIST",
        ]  # fmt: skip

    def test_a_workbook_that_openpyxl_refuses_is_marked(self, mark: Mark) -> None:
        mac = with_part(sent(), xl_styles_xml=lambda xml: xml.replace(b'family val="2"', b'family val="34"'))
        with pytest.raises(ValueError, match="Unable to read workbook"):
            load_workbook(io.BytesIO(mac))
        after = archive.read(mark(mac))
        assert b'family val="34"' in after["xl/styles.xml"]
        assert b"Area is missing." in after["xl/comments1.xml"]

    def test_a_strict_workbook_is_marked_in_its_own_namespaces(self, mark: Mark) -> None:
        strict = {
            name: body.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            for name, body in archive.read(sent()).items()
        }
        after = archive.read(mark(archive.pack(strict)))
        assert b"Area is missing." in after["xl/comments1.xml"]
        added = [body for name, body in after.items() if strict.get(name) != body and name.endswith(".xml")]
        assert not any(b"schemas.openxmlformats.org/spreadsheetml/2006/main" in body for body in added)


class TestMarks:
    """What is added at the cells."""

    def test_a_cell_is_marked_by_more_than_colour_and_says_what_to_do(self, mark: Mark) -> None:
        data = mark(sent())
        assert is_marked(data, "C7")
        assert not is_marked(data, "D7")
        assert notes(data) == {"C7": "plbuild:\nArea is missing.\nFill it in.\n\n→ Fix list, no. 1"}
        comment = load_workbook(io.BytesIO(data))["Goals"]["C7"].comment
        assert comment is not None
        assert comment.author == "plbuild"

    def test_two_findings_at_a_cell_are_one_note(self, mark: Mark) -> None:
        found = [finding(message="B is odd.", severity="advice"), finding(message="A is wrong.")]
        (text,) = notes(mark(sent(), found)).values()
        assert text == (
            "plbuild:\nA is wrong.\nFill it in.\n\nB is odd.\nFill it in.\n\n→ Fix list, no. 1, 2"
        )

    @pytest.mark.parametrize("cell", ["A1", "C3", "C8", "F7", "B9", "Z40"])
    def test_a_cell_that_the_sheet_does_not_have_is_made_in_order(self, mark: Mark, cell: str) -> None:
        data = mark(sent(), [finding(cell)])
        assert is_marked(data, cell)
        sheet = tree(data, "xl/worksheets/sheet1.xml")
        numbers = [int(row.get("r", "")) for row in sheet.iter(f"{MAIN}row")]
        assert numbers == sorted(set(numbers))
        for row in sheet.iter(f"{MAIN}row"):
            columns = [(len(c.get("r", "")), c.get("r")) for c in row]
            assert columns == sorted(columns)

    def test_rows_and_cells_without_numbers_are_counted(self, mark: Mark) -> None:
        unnumbered = (
            b"<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
        )
        data = with_part(
            sent(), sheet1_xml=lambda xml: re.sub(rb"<sheetData>.*</sheetData>", unnumbered, xml)
        )
        marked = tree(mark(data, [finding("B1"), finding("A2")]), "xl/worksheets/sheet1.xml")
        assert [cell[0].text for cell in marked.iter(f"{MAIN}c") if cell.get("s")] == ["2", "3"]

    def test_a_made_cell_takes_the_look_of_its_row_or_column(self, mark: Mark) -> None:
        column = b'<cols><col min="6" max="6" width="9" style="1"/></cols><sheetData>'
        data = with_part(
            sent(),
            sheet1_xml=lambda xml: re.sub(rb"<cols>.*</cols><sheetData>", column, xml).replace(
                b'<row r="9"', b'<row s="1" customFormat="1" r="9"'
            ),
        )
        data = mark(data, [finding("F1"), finding("B9")])
        goals = load_workbook(io.BytesIO(data))["Goals"]
        assert (goals["F1"].number_format, goals["B9"].number_format) == (goals["C7"].number_format,) * 2
        plain = load_workbook(io.BytesIO(mark(data, [])))["Goals"]
        assert {plain[cell].fill.fgColor.rgb for cell in ("F1", "B9", "C7")} == {"00FFFF00"}

    def test_all_cells_of_a_merged_answer_are_marked_and_one_bears_the_note(self, mark: Mark) -> None:
        data = mark(sent(lambda book: book["Goals"].merge_cells("C7:C8")))
        sheet = tree(data, "xl/worksheets/sheet1.xml")
        styles = {cell.get("r"): cell.get("s") for cell in sheet.iter(f"{MAIN}c")}
        assert styles["C8"] != "0"
        assert list(notes(data)) == ["C7"]

    def test_a_range_is_marked_at_its_first_cell_and_linked_whole(self, mark: Mark) -> None:
        data = mark(sent(), [finding("C7:C9")])
        assert list(notes(data)) == ["C7"]
        assert links(data) == {"C7 to C9": "'Goals'!C7:C9"}

    def test_no_rule_of_the_sheet_covers_a_mark(self, mark: Mark) -> None:
        def rules(book: Book) -> None:
            look = DifferentialStyle(fill=PatternFill(bgColor="00FF00"))
            rule = Rule(type="expression", dxf=look, formula=["LEN(C1)>0"])
            book["Goals"].conditional_formatting.add("C1:C9", rule)

        data = sent(rules)
        marked = tree(mark(data), "xl/worksheets/sheet1.xml")
        found = [
            (node.get("sqref"), node[0].get("priority"), node[0].get("stopIfTrue"))
            for node in marked.iter(f"{MAIN}conditionalFormatting")
        ]
        assert found == [("C7", "1", "1"), ("C1:C9", "2", None)]
        plain = tree(mark(mark(data), []), "xl/worksheets/sheet1.xml")
        assert [node.get("priority") for node in plain.iter(f"{MAIN}cfRule")] == ["1"]

    def test_a_note_opens_beside_its_cell_as_large_as_its_text(self, mark: Mark) -> None:
        data = mark(sent(), [finding("E9", "word " * 60), finding("XFD1048576")])
        vml = archive.read(data)["xl/drawings/vmlDrawing1.vml"].decode()
        first, last = re.findall(r"<x:Anchor>([^<]*)</x:Anchor>", vml)
        left, _, top, _, right, _, bottom, _ = map(int, first.split(", "))
        # Column F is 215 pixels wide, the others 64; rows have 20.
        assert (left, right, top) == (5, 7, 8)
        assert 7 <= bottom - top <= 9
        assert int(last.split(", ")[4]) <= 16_383
        assert int(last.split(", ")[6]) <= 1_048_575
        assert re.findall(r'id="(_x0000_s\d+)"', vml) == ["_x0000_s1025", "_x0000_s1026"]
