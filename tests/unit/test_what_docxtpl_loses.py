"""What docxtpl loses or changes, as its documentation shows it or with autoescape on, and plbuild keeps.

Each case asserts both, so that one notices when docxtpl mends it.
"""

from __future__ import annotations

import io

import docx
import pytest
from docxtpl import DocxTemplate
from tests.unit.test_documents_render import lines, template

from plbuild import archive
from plbuild.documents import render
from plbuild.documents.text import Text

TEMPLATE = template("Before {{ a }} after", "Kept & kept: {{ b }}")
B = "the end & <all> of it"

DOCUMENTED, ESCAPING = False, True
CASES = [
    ("an ampersand", "salt & pepper", DOCUMENTED),
    ("a word in angle brackets", "press <select> now", DOCUMENTED),
    ("a comparison", "grades 3<5 and 5>3", DOCUMENTED),
    ("what looks like an entity", "&amp; and &lt;", DOCUMENTED),
    ("the end of a CDATA section", "a ]]> b", DOCUMENTED),
    ("the end of a Word text", "one</w:t>two", DOCUMENTED),
    ("a vertical tab", "one\x0btwo & <three>", DOCUMENTED),
    ("a vertical tab", "one\x0btwo & <three>", ESCAPING),
    ("a control character", "one\x01two & <three>", ESCAPING),
    ("a lone surrogate", "one \ud83dtwo", DOCUMENTED),
    ("a lone surrogate", "one \ud83dtwo", ESCAPING),
    ("docxtpl's own way to write braces", "{_{ x }_}", DOCUMENTED),
    ("docxtpl's own way to write braces", "{_{ x }_}", ESCAPING),
    ("docxtpl's own way to write a block", "{_% x %_}", ESCAPING),
]


def docxtpl(text: str, *, autoescape: bool) -> list[str]:
    """What docxtpl makes of the template: its paragraphs, or the name of what it raises."""
    document = DocxTemplate(io.BytesIO(TEMPLATE))
    try:
        document.render({"a": text, "b": B if autoescape else "the end"}, autoescape=autoescape)
    except (ValueError, UnicodeError) as error:
        return [type(error).__name__]
    buffer = io.BytesIO()
    document.save(buffer)
    return lines(buffer.getvalue())


@pytest.mark.parametrize(
    ("text", "autoescape"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_docxtpl_loses_or_changes_it(text: str, autoescape: bool) -> None:
    assert docxtpl(text, autoescape=autoescape) != [
        f"Before {as_xml_can(text)} after",
        wanted_end(autoescape),
    ]


@pytest.mark.parametrize("text", sorted({case[1] for case in CASES}))
def test_plbuild_keeps_it(text: str) -> None:
    for value in (text, Text(text)):
        made = render(TEMPLATE, {"a": value, "b": B})
        assert lines(made) == [f"Before {as_xml_can(text)} after", f"Kept & kept: {B}"]


def as_xml_can(text: str) -> str:
    """The text without what XML cannot hold; a vertical tab is a line break."""
    return text.replace("\x0b", "\n").replace("\ud83d", "").replace("\x01", "")


def wanted_end(autoescape: bool) -> str:
    """The second paragraph, which holds nothing that needs escaping where docxtpl does not escape."""
    return f"Kept & kept: {B if autoescape else 'the end'}"


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{% if x %}", "{# note #}"])
def test_tags_in_the_data_are_text_for_both(text: str) -> None:
    assert docxtpl(text, autoescape=ESCAPING)[0] == f"Before {text} after"
    assert lines(render(TEMPLATE, {"a": text, "b": B}))[0] == f"Before {text} after"


def test_the_title_is_escaped_once() -> None:
    document = docx.Document()
    document.core_properties.title = "{{ a }}"
    buffer = io.BytesIO()
    document.save(buffer)
    theirs = DocxTemplate(io.BytesIO(buffer.getvalue()))
    theirs.render({"a": "A & B"}, autoescape=True)
    assert theirs.docx.core_properties.title == "A &amp; B"
    made = render(buffer.getvalue(), {"a": "A & B"})
    assert docx.Document(io.BytesIO(made)).core_properties.title == "A & B"
    assert b"A &amp; B" in archive.read(made)["docProps/core.xml"]
