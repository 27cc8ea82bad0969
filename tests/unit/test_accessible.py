"""The judge of accessibility itself: each rule finds its fault, and a clean document passes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.styles.style import ParagraphStyle
from PIL import Image
from tests.support.accessible import contrast, problems


def clean() -> WordDocument:
    """A document without faults."""
    document = Document()
    document.core_properties.title, document.core_properties.language = "A plan", "en-US"
    for level in range(1, 4):  # python-docx's own headings are too pale
        style = document.styles[f"Heading {level}"]
        assert isinstance(style, ParagraphStyle)
        style.font.color.rgb = RGBColor(0, 0, 0)
    document.add_heading("Goals", 1)
    document.add_paragraph("Some text.")
    table = document.add_table(1, 2)
    for cell, text in zip(table.rows[0].cells, ("Goal", "Hours"), strict=True):
        cell.text = text
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    return document


def saved(document: WordDocument) -> bytes:
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def untitled(document: WordDocument) -> None:
    """Without a title."""
    document.core_properties.title = ""


def without_language(document: WordDocument) -> None:
    """Without a language."""
    document.core_properties.language = ""


def skipped(document: WordDocument) -> None:
    """A level is left out."""
    document.add_heading("Deep", 3)


def empty_heading(document: WordDocument) -> None:
    """A heading without words."""
    document.add_heading("", 1)


def late_start(document: WordDocument) -> None:
    """The first heading is of level 2."""
    document.paragraphs[0].style = document.styles["Heading 2"]


def headless(document: WordDocument) -> None:
    """A table without a heading row."""
    properties = document.tables[0].rows[0]._tr.get_or_add_trPr()
    properties.remove(properties[0])


def merged(document: WordDocument) -> None:
    """Two cells are one."""
    first, second = document.tables[0].rows[0].cells
    first.merge(second)


def unsaid(document: WordDocument) -> None:
    """A picture without words."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    buffer.seek(0)
    document.add_picture(buffer)


def spaced(document: WordDocument) -> None:
    """Empty paragraphs instead of space."""
    for _ in range(3):
        document.add_paragraph("")


def pale(document: WordDocument) -> None:
    """Grey on white."""
    document.add_paragraph().add_run("pale").font.color.rgb = RGBColor(0x99, 0x99, 0x99)


def shaded(document: WordDocument) -> None:
    """Black on a dark cell."""
    shade = OxmlElement("w:shd")
    shade.set(qn("w:fill"), "1F3864")
    cell = document.tables[0].rows[0].cells[0]
    cell._tc.get_or_add_tcPr().append(shade)
    cell.paragraphs[0].runs[0].font.color.rgb = RGBColor(0, 0, 0)


def typed(document: WordDocument) -> None:
    """A bullet that somebody typed."""
    document.add_paragraph("• first")


def vague(document: WordDocument) -> None:
    """A link called "here"."""
    link = OxmlElement("w:hyperlink")
    link.append(document.add_paragraph().add_run("here")._r)
    document.paragraphs[-1]._p.append(link)


def test_a_clean_document_passes() -> None:
    assert problems(saved(clean())) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (untitled, ["properties: no title"]),
        (without_language, ["properties: no language"]),
        (skipped, ["heading of level 3 after 1: Deep"]),
        (empty_heading, ["empty heading of level 1"]),
        (late_start, ["first heading of level 2: Goals"]),
        (headless, ["table 1 (GoalHours): its first row is not marked as a heading row"]),
        (
            merged,
            [
                "table 1 (GoalHours): merged cells (gridSpan)",
                "table 1 (GoalHours): a row has not as many cells as the table has columns",
            ],
        ),
        (unsaid, ["picture Picture 1: no alternative text"]),
        (spaced, ["3 empty paragraphs"]),
        (pale, ["999999 on FFFFFF is 2.8 to 1: pale"]),
        (shaded, ["000000 on 1F3864 is 1.8 to 1: Goal"]),
        (typed, ["a bullet is typed: • first"]),
        (vague, ["a link does not say where it leads: 'here'"]),
    ],
)
def test_each_fault_is_found(spoil: Callable[[WordDocument], None], said: list[str]) -> None:
    document = clean()
    spoil(document)
    assert problems(saved(document)) == said


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == contrast("FFFFFF", "000000") == pytest.approx(21)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)
