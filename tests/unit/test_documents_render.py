"""That a rendered document holds what its context says, and that a wrong template is told where."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from plbuild import archive
from plbuild.documents import render, rollup_context
from plbuild.documents.render import environment
from plbuild.documents.rows import Row
from plbuild.documents.tags import Printed
from plbuild.documents.text import Text
from plbuild.model import Column, Rollup, RosterRow, Status, Table, TemplateError

OWNER = RosterRow(id="089910000101", name="Lincoln Elementary School", columns={})
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTEXT: dict[str, Any] = {
    "goals": [Row({"id": Text("G1"), "statement": Text("More solve\nfor x & y.\tAll of them.")})],
    "owner": {"name": Text("O'Keeffe <Elementary>")},
}


def template(*paragraphs: str, header: str = "") -> bytes:
    """A Word template with these paragraphs, as a person would type them."""
    document = docx.Document()
    for text in paragraphs:
        style = "Heading 1" if text.startswith("# ") else "Normal"
        document.add_paragraph(text.removeprefix("# "), style=style)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_rendering_leaves_nothing_to_look_for() -> None:
    source = template("{{ owner.name }}")
    render(source, CONTEXT)
    gc.collect()
    gc.disable()
    try:
        render(source, CONTEXT)
        assert not [item for item in gc.get_objects() if isinstance(item, Printed)]
    finally:
        gc.enable()


def lines(document: bytes, part: str = "word/document.xml") -> list[str]:
    """The paragraphs of a document as text; a line break is a line feed."""
    root = etree.fromstring(archive.read(document)[part])
    found = []
    for paragraph in root.iter(f"{W}p"):
        pieces = [
            item.text or "" if item.tag == f"{W}t" else "\t" if item.tag == f"{W}tab" else "\n"
            for item in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        ]
        found.append("".join(pieces))
    return [text for text in found if text]


def said(context: Mapping[str, object], *paragraphs: str) -> list[str]:
    """What these paragraphs of a template say with ``context``."""
    return lines(render(template(*paragraphs), context))


def test_the_roll_up_by_name_and_the_schools_by_state() -> None:
    columns = (Column(name="source", title="Source"), Column(name="amount", title="Amount", type="money"))
    table = Table(
        name="money",
        title="Money",
        note="All.",
        columns=columns,
        rows=(("Local", Decimal("1200.5")),),
        total=("All", Decimal(5)),
    )
    bare = Table(name="bare", title="Bare", note="", columns=columns, rows=())
    twin = RosterRow(id="089910000107", name=OWNER.name, columns={})
    other = RosterRow(id="089910000103", name="San José", columns={})
    statuses = [
        Status(owner=owner, kind="school_plan", state=state)
        for owner, state in ((OWNER, "accepted"), (twin, "held"), (other, "missing"))
    ]
    told: Any = rollup_context(Rollup(tables=(table, bare), records=()), statuses)
    assert said(
        told,
        "{% for row in rollup.money.rows %}{{ row.source }} {{ row.amount }}{% endfor %}",
        "{{ rollup.money.rows | total('amount') }} {{ rollup.money.total.amount }} {% if rollup.bare.total %}no{% endif %}",
        "{{ schools.accepted | length }} of {{ schools.expected }}; held: {{ schools.held | join(', ') }}; "
        "not received: {{ schools.missing | join(', ') }}{% if schools.exempt %}no{% endif %}",
    ) == [
        "Local $1,200.50",
        "$1,200.50 $5 ",
        "1 of 3; held: Lincoln Elementary School (089910000107); not received: San José",
    ]
    assert told["schools"]["names"][OWNER.id] == "Lincoln Elementary School (089910000101)"


# ------------------------------------------------------------------------------------------- rendering

HOSTILE = [
    "{{ 7 * 7 }} and {% if x %} and {# note #}",
    "{_{ a }_} and {_% b %_}",
    "Reading & writing: <select> </w:t> ]]> \"quoted\" 'q'",
    "&amp; &lt; &#8216;",
    "ʻokina, Nuñez, 😀, “curly”",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_it_is(text: str) -> None:
    assert said({"text": Text(text)}, "Before {{ text }} after", "next") == [f"Before {text} after", "next"]


def test_forbidden_characters_are_left_out_and_nothing_after_them_is_lost() -> None:
    text = Text("one\x0btwo \ud800three & <four>")
    assert said({"text": text}, "{{ text }}", "five & six") == ["one\ntwo three & <four>", "five & six"]


def test_line_breaks_and_tabs_become_words_own() -> None:
    assert said({"text": Text("one\r\ntwo\tthree")}, "{{ text }}") == ["one\ntwo\tthree"]


def test_headers_and_properties_are_filled_in() -> None:
    source = template("{{ a }}", header="{{ a }} & more")
    document = docx.Document(io.BytesIO(source))
    document.core_properties.title = "Plan of {{ a }}"
    buffer = io.BytesIO()
    document.save(buffer)
    made = render(buffer.getvalue(), {"a": Text("A & B")})
    assert lines(made, "word/header1.xml") == ["A & B & more"]
    assert docx.Document(io.BytesIO(made)).core_properties.title == "Plan of A & B"


def test_the_same_input_gives_the_same_bytes() -> None:
    source = template("{{ a }}")
    assert render(source, {"a": "x"}) == render(bytes(bytearray(source)), {"a": "x"})


def test_the_xml_is_docxtpls_own() -> None:
    source = template(
        "{{ goals[0].statement }} and {_{ braces }_}",
        "{%p for goal in goals %}",
        "{{ goal.id }}\t{{ goal.statement }}",
        "{%p endfor %}",
        header="{{ owner.name }}",
    )
    theirs = DocxTemplate(io.BytesIO(source))
    theirs.render(CONTEXT, environment(), autoescape=True)
    buffer = io.BytesIO()
    theirs.save(buffer)
    ours = archive.read(render(source, CONTEXT))
    for name, content in archive.read(buffer.getvalue()).items():
        if re.fullmatch(r"word/(document|header\d)\.xml", name):
            assert canonical(ours[name]) == canonical(content)


def canonical(content: bytes) -> bytes:
    """XML in canonical form."""
    return etree.tostring(etree.fromstring(content), method="c14n")


# ---------------------------------------------------------------------------------- faults of templates


@pytest.mark.parametrize(
    ("paragraphs", "problem"),
    [
        (
            ["# Needs", "{{ goals[0].finding }}"],
            'In the document of the template, under "Needs", at "{{ goals[0].finding }}": '
            'there is nothing called "finding".',
        ),
        (
            ["fine", "{{ gaols }}", "fine"],
            'In the document of the template, at "{{ gaols }}": there is nothing called "gaols".',
        ),
        (
            ["# Goals", "{% for goal in %}"],
            'In the document of the template, under "Goals", at "{% for goal in %}": '
            "Expected an expression, got 'end of statement block'.",
        ),
        (
            ["{{ 1 / 0 }}"],
            'In the document of the template, at "{{ 1 / 0 }}": division by zero.',
        ),
        (
            ["{{ goals | total }}"],
            'In the document of the template, at "{{ goals | total }}": '
            "total() missing 1 required positional argument: 'name'.",
        ),
        (
            ["{{ ''.__class__ }}"],
            "In the document of the template, at \"{{ ''.__class__ }}\": access to attribute '__class__' "
            "of 'str' object is unsafe.",
        ),
        (
            ["{{ goals.append(1) }}"],
            'In the document of the template, at "{{ goals.append(1) }}": '
            "access to attribute 'append' of 'list' object is unsafe.",
        ),
    ],
)
def test_a_template_error_is_located(paragraphs: list[str], problem: str) -> None:
    with pytest.raises(TemplateError) as caught:
        said(CONTEXT, *paragraphs)
    assert caught.value.problems == (problem,)


def test_problems_of_all_parts_are_told_at_once() -> None:
    with pytest.raises(TemplateError) as caught:
        render(template("{{ a }}", header="{{ b }}"), {})
    assert [problem.split(" of the template")[0] for problem in caught.value.problems] == [
        "In the document",
        "In a header",
    ]


def test_tags_that_tear_the_document_apart_are_an_error() -> None:
    with pytest.raises(TemplateError, match='after "one": the tags tear the document apart'):
        said({"markup": "</w:p>"}, "one", "{{ markup | safe }}", "two")


@pytest.mark.parametrize("data", [b"", b"not a zip", archive.pack({"a.txt": b""})])
def test_what_is_not_a_word_document_is_an_error(data: bytes) -> None:
    with pytest.raises(TemplateError, match=r"The template is not a Word document \(\.docx\)\."):
        render(data, {})
