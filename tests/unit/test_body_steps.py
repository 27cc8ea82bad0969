"""What is done to a finished body: typed bullets as lists, the contents list, tall rows that may be torn."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.shared import Inches

from plbuild import archive
from plbuild.documents import render, with_page_numbers
from plbuild.documents.contents import MARK
from plbuild.documents.starter import starter
from plbuild.documents.stylesheet import Stylesheet, stylesheet
from plbuild.documents.tall import with_tall_rows_torn
from plbuild.documents.text import Text
from plbuild.model import Spec

OUTLINE = "body: [{h1: Start}]"


@pytest.fixture
def empty(spec_2022: Spec) -> Document:
    """A template with the project's styles and nothing in it."""
    made = docx.Document(io.BytesIO(starter(spec_2022, spec_2022.plan("school_plan"), OUTLINE)))
    made.element.body.remove(made.paragraphs[0]._p)
    return made


def filled(template: Document, **context: Any) -> Document:
    """The document that a template gives, read again."""
    return docx.Document(io.BytesIO(render(saved(template), context)))


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def told(document: Document) -> list[tuple[str, str]]:
    """Style and text of each paragraph of the body."""
    return [(item.style.name or "", item.text) for item in document.paragraphs if item.style]


# ----------------------------------------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (
            "Three gaps:\n• reading & writing\n• <select>\n\n▪ maths\nThat is all.\nTruly.",
            [
                ("Normal", "Three gaps:"),
                ("List Bullet", "reading & writing"),
                ("List Bullet", "<select>"),
                ("List Bullet", "maths"),
                ("Normal", "That is all.\nTruly."),
            ],
        ),
        ("- one\n- two", [("List Bullet", "one"), ("List Bullet", "two")]),
        ("– one\n* two", [("List Bullet", "one"), ("List Bullet", "two")]),
        ("•\u00a0one", [("List Bullet", "one")]),
        ("- 4 points since May", [("Normal", "- 4 points since May")]),
        ("From 3 • to 4", [("Normal", "From 3 • to 4")]),
        ("•one", [("Normal", "•one")]),
        ("• a\tb", [("List Bullet", "a\tb")]),
    ],
)
def test_typed_bullets_become_a_list(empty: Document, text: str, paragraphs: list[tuple[str, str]]) -> None:
    empty.add_paragraph("{{ text }}")
    assert told(filled(empty, text=Text(text))) == paragraphs


def test_a_label_or_an_id_before_a_bullet_is_a_line_of_its_own(empty: Document) -> None:
    empty.add_paragraph("Why\t{{ text }}", style="Fact")
    own_id = empty.add_paragraph()
    own_id.add_run("A1").bold = True
    own_id.add_run("  {{ text }}")
    assert told(filled(empty, text=Text("• one\n• two"))) == [
        ("Fact", "Why\t"),
        ("Fact Bullet", "one"),
        ("Fact Bullet", "two"),
        ("Normal", "A1"),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
    ]


def test_in_a_cell_the_list_is_the_tables_own(empty: Document) -> None:
    table = empty.add_table(rows=1, cols=2)
    table.cell(0, 0).paragraphs[0].add_run("{{ text }}").bold = True
    table.cell(0, 1).text = "after"
    cell = filled(empty, text=Text("First:\n• one")).tables[0].cell(0, 0)
    assert [(item.style.name, item.text) for item in cell.paragraphs if item.style] == [
        ("Normal", "First:"),
        ("Table Bullet", "one"),
    ]
    assert [run.bold for item in cell.paragraphs for run in item.runs] == [True, True]


def test_what_holds_more_than_text_stays_as_it_is(empty: Document) -> None:
    paragraph = empty.add_paragraph("{{ text }}")
    field = OxmlElement("w:fldSimple")
    paragraph._p.append(field)
    assert told(filled(empty, text=Text("• one"))) == [("Normal", "• one")]


def test_without_a_list_style_bullets_stay_typed(empty: Document) -> None:
    empty.add_paragraph("{{ text }}")
    members = archive.read(saved(empty))
    members["word/styles.xml"] = members["word/styles.xml"].replace(b'"List Bullet"', b'"Other"')
    made = docx.Document(io.BytesIO(render(archive.pack(members), {"text": Text("• one")})))
    assert [item.text for item in made.paragraphs] == ["• one"]


# -------------------------------------------------------------------------------------------- contents


def with_headings(template: Document, style: str) -> bytes:
    """A document of a template with a contents list, four headings, and one that is empty."""
    template.add_paragraph("{{ contents }}", style=style)
    for level, words in ((1, "Needs & <goals>"), (2, "{{ text }}"), (1, "{{ blank }}"), (1, "Costs")):
        template.add_paragraph(words, style=f"Heading {level}")
    return render(saved(template), {"contents": MARK, "text": Text("Need N1"), "blank": Text()})


@pytest.mark.parametrize(
    ("style", "entries"),
    [
        ("TOC 1", [("TOC 1", "Needs & <goals>"), ("TOC 1", "Costs")]),
        ("TOC 2", [("TOC 1", "Needs & <goals>"), ("TOC 2", "Need N1"), ("TOC 1", "Costs")]),
        ("Normal", [("TOC 1", "Needs & <goals>"), ("TOC 1", "Costs")]),
    ],
)
def test_the_contents_list_links_to_its_headings(
    empty: Document, style: str, entries: list[tuple[str, str]]
) -> None:
    data = with_headings(empty, style)
    made = docx.Document(io.BytesIO(data))
    links = [
        (item.style.name, item.hyperlinks[0]) for item in made.paragraphs if item.style and item.hyperlinks
    ]
    assert [(name, link.text.strip()) for name, link in links] == entries
    marks = re.findall(
        r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', archive.read(data)["word/document.xml"].decode()
    )
    assert [link.fragment for _, link in links] == marks
    assert MARK not in archive.read(data)["word/document.xml"].decode()


def test_pages_are_written_into_the_entries_by_their_headings(empty: Document) -> None:
    data = with_headings(empty, "TOC 1")
    pages = [("Needs & <goals>", 1), ("Need N1", 2), ("Costs", 14)]
    assert shown_pages(with_page_numbers(data, pages)) == ["1", "14"]
    assert shown_pages(with_page_numbers(with_page_numbers(data, pages), [("Costs", 3)])) == ["1", "3"]
    assert shown_pages(data) == ["", ""]


def shown_pages(data: bytes) -> list[str]:
    """What the fields of the contents list show."""
    body = archive.read(data)["word/document.xml"].decode()
    return re.findall(r'"separate"/></w:r><w:r><w:t>([^<]*)</w:t>', body)


def test_without_headings_a_contents_list_is_an_empty_paragraph(empty: Document) -> None:
    empty.add_paragraph("{{ contents }}")
    assert told(filled(empty, contents=MARK)) == [("Normal", "")]


def test_an_answer_cannot_stand_for_the_contents_list(empty: Document) -> None:
    empty.add_paragraph("{{ text }}")
    empty.add_paragraph("Costs", style="Heading 1")
    assert told(filled(empty, text=Text(MARK))) == [("Normal", "contents"), ("Heading 1", "Costs")]


# ------------------------------------------------------------------------------------------- tall rows


@pytest.mark.parametrize(("letters", "kept"), [(300, True), (900, True), (2400, False)])
def test_a_row_of_more_than_half_a_page_may_be_torn(empty: Document, letters: int, kept: bool) -> None:
    table = empty.add_table(rows=1, cols=2)
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, width in zip(row.cells, (2.5, 4), strict=True):
        cell.width = Inches(width)
    row.cells[0].text, row.cells[1].text = "{{ text }}", "short"
    body = archive.read(render(saved(empty), {"text": Text("word " * (letters // 5))}))["word/document.xml"]
    assert (b"<w:cantSplit/>" in body) is kept


def test_short_rows_are_not_looked_into() -> None:
    xml = "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    assert with_tall_rows_torn(xml, Stylesheet()) == xml


# ------------------------------------------------------------------------------------------ stylesheet


def test_styles_are_known_by_their_names(empty: Document) -> None:
    sheet = stylesheet(archive.read(saved(empty))["word/styles.xml"])
    assert (sheet.ids["list bullet"], sheet.headings["Heading2"]) == ("ListBullet", 2)
    assert (sheet.name("FactBullet"), sheet.name("NoSuch")) == ("fact bullet", "")
    assert stylesheet(b"") == Stylesheet()
