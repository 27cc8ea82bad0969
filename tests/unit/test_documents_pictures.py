"""Pictures, sub-documents and changing columns: docxtpl's own path, with the same guarantees."""

from __future__ import annotations

import importlib.util
import io
import struct
import zlib
from typing import Any

import docx
import pytest
from lxml import etree
from tests.unit.test_documents_render import W, lines, template

from plbuild import archive
from plbuild.documents import Attachment, render
from plbuild.documents.text import Text
from plbuild.model import Picture, TemplateError

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def png(gray: int) -> bytes:
    """The smallest picture there is."""
    pieces = [b"\x89PNG\r\n\x1a\n"]
    body = zlib.compress(bytes((0, gray)))
    for kind, data in ((b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", body), (b"IEND", b"")):
        pieces.append(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
    return b"".join(pieces)


def picture(gray: int, alt: str = "") -> Picture:
    return Picture(data=png(gray), alt=alt or f"Gray {gray}", width=2, height=1.5)


def drawn(made: bytes, part: str = "word/document.xml") -> list[tuple[str, str, bytes]]:
    """The pictures of a part in order: alternative texts (of the two places that have one) and bytes."""
    members = archive.read(made)
    folder, _, name = part.rpartition("/")
    targets = {
        item.get("Id"): item.get("Target")
        for item in etree.fromstring(members[f"{folder}/_rels/{name}.rels"])
    }
    return [
        (
            next(inline.iter(f"{WP}docPr")).get("descr", ""),
            next(inline.iter(f"{PIC}cNvPr")).get("descr", ""),
            members[f"{folder}/{targets[next(inline.iter(f'{A}blip')).get(f'{R}embed')]}"],
        )
        for inline in etree.fromstring(members[part]).iter(f"{WP}inline")
    ]


def test_a_picture_stands_where_its_tag_stood_with_its_alternative_text() -> None:
    alt = 'Goals by area: "Mathematics" 4 & <others>'
    context = {"chart": picture(10, alt), "a": Text("A & B")}
    made = render(template("before {{ a }} {{ chart }} after {{ a }}", "next"), context)
    assert drawn(made) == [(alt, alt, png(10))]
    assert lines(made) == ["before A & B  after A & B", "next"]
    (extent,) = etree.fromstring(archive.read(made)["word/document.xml"]).iter(f"{WP}extent")
    assert (extent.get("cx"), extent.get("cy")) == ("1828800", "1371600")  # 2 by 1.5 inches
    assert [shape.height.inches for shape in docx.Document(io.BytesIO(made)).inline_shapes] == [1.5]


def test_what_follows_a_picture_in_its_run_keeps_its_look() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("bold {{ chart }} bold too").bold = True
    buffer = io.BytesIO()
    document.save(buffer)
    made = docx.Document(io.BytesIO(render(buffer.getvalue(), {"chart": picture(10)})))
    assert [(run.text, run.bold) for run in made.paragraphs[0].runs if run.text] == [
        ("bold ", True),
        (" bold too", True),
    ]


def test_a_picture_in_a_block_that_was_set_and_in_a_macro() -> None:
    tags = (
        "{% set x %}a {{ chart }} b{% endset %}{% macro m(y) %}[{{ y }}]{% endmacro %}{{ x }}{{ m(chart) }}"
    )
    made = render(template(tags), {"chart": picture(10)})
    assert [data for *_, data in drawn(made)] == [png(10), png(10)]
    assert lines(made) == ["a  b[]"]


def test_ids_are_unique_and_bytes_reproducible() -> None:
    source = template(
        "{{ charts.a }}{{ charts.b }}",
        "{% for x in [1, 2] %}{{ charts.a }}{% endfor %}",
        header="{{ charts.b }}",
    )
    context = {"charts": {"a": picture(10), "b": picture(20)}}
    made = render(source, context)
    assert [data for *_, data in drawn(made)] == [png(10), png(20), png(10), png(10)]
    assert [data for *_, data in drawn(made, "word/header1.xml")] == [png(20)]
    ids = [
        item.get("id")
        for name in ("word/document.xml", "word/header1.xml")
        for item in etree.fromstring(archive.read(made)[name]).iter(f"{WP}docPr")
    ]
    assert ids == ["1001", "1002", "1003", "1004", "1005"]
    assert sorted(name for name in archive.read(made) if "media" in name) == [
        "word/media/image1.png",
        "word/media/image2.png",
    ]
    assert made == render(source, context)


def test_a_template_with_a_picture_of_its_own_stays_on_the_quick_path() -> None:
    document = docx.Document()
    for tag in ("{%p for x in [1, 2] %}", "{{ a }}", "{%p endfor %}"):
        document.add_paragraph(tag)
    document.paragraphs[1].add_run().add_picture(io.BytesIO(png(30)))
    buffer = io.BytesIO()
    document.save(buffer)
    made = render(buffer.getvalue(), {"a": Text("twice")})
    root = etree.fromstring(archive.read(made)["word/document.xml"])
    assert [item.get("id") for item in root.iter(f"{WP}docPr")] == ["1001", "1002"]
    assert lines(made) == ["twice", "twice"]


@pytest.mark.parametrize("tag", ["{{p chart }}", "{{r chart }}"])
def test_a_picture_outside_a_run_is_an_error_of_the_template(tag: str) -> None:
    with pytest.raises(TemplateError, match="In the document of the template"):
        render(template("before", tag, "after"), {"chart": picture(10)})


def test_a_template_error_beside_a_picture_is_located() -> None:
    with pytest.raises(TemplateError) as caught:
        render(template("# Charts", "{{ chart }}", "{{ nothing }}"), {"chart": picture(10)})
    assert caught.value.problems == (
        'In the document of the template, under "Charts", at "{{ nothing }}": there is nothing called "nothing".',
    )


def test_columns_by_a_loop_are_mended_as_docxtpl_does() -> None:
    document = docx.Document()
    row = document.add_table(rows=1, cols=3).rows[0].cells
    for cell, tag in zip(row, ("{%tc for x in items %}", "{{ x }}", "{%tc endfor %}"), strict=True):
        cell.text = tag
    buffer = io.BytesIO()
    document.save(buffer)
    made = render(buffer.getvalue(), {"items": [Text(text) for text in ["a&b", "<c>", "d", "e"]]})
    assert lines(made) == ["a&b", "<c>", "d", "e"]
    assert len([*etree.fromstring(archive.read(made)["word/document.xml"]).iter(f"{W}gridCol")]) == 4


HAS_COMPOSER = importlib.util.find_spec("docxcompose") is not None


@pytest.mark.skipif(HAS_COMPOSER, reason="docxcompose is installed")
def test_a_sub_document_asks_for_the_package_that_it_needs() -> None:
    with pytest.raises(
        TemplateError, match="a Word document can be set in only where docxcompose is installed"
    ):
        render(template("{{p annex }}"), {"annex": Attachment(template("x"))})


@pytest.mark.skipif(not HAS_COMPOSER, reason="docxcompose is not installed")
def test_a_sub_document_is_set_in_whole() -> None:
    annex = Attachment(template("# Annex", "rows & <cells>"))
    context: dict[str, Any] = {"annex": annex, "a": Text("A & B")}
    made = render(template("before {{ a }}", "{{p annex }}", "after {{ a }}"), context)
    assert lines(made) == ["before A & B", "Annex", "rows & <cells>", "after A & B"]
    assert made == render(template("before {{ a }}", "{{p annex }}", "after {{ a }}"), context)
