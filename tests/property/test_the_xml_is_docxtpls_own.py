"""Every part that plbuild renders is, in canonical form, what docxtpl renders with autoescape on.

What makes lists and the contents list of the finished body (``BODY_STEPS``) is done to docxtpl's too.
Shown on both committed templates with every plan of both examples, and on generated templates and contexts.
The document's properties are compared as text: docxtpl escapes them twice (see ``test_what_docxtpl_loses``).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from html import unescape
from typing import Any

import docx
import pytest
from benchmarks.plans import Job, jobs
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from plbuild import archive
from plbuild.charts import NAMES
from plbuild.documents import render
from plbuild.documents.render import BODY_STEPS
from plbuild.documents.stylesheet import stylesheet
from plbuild.documents.tags import environment
from plbuild.documents.text import Text
from plbuild.pipeline import Folders
from tests.support.districts import EXAMPLES, ROOT, TEMPLATES

FOLDERS = Folders(workbook_templates=TEMPLATES, output_templates=ROOT / "output_templates")
PLANS = {"cedar-valley": 9, "maple-ridge": 2}


@cache
def plans(folder: str) -> list[Job]:
    """Every document of an example."""
    return jobs(EXAMPLES / folder, FOLDERS)


def theirs(template: bytes, context: Mapping[str, object]) -> dict[str, bytes]:
    """The members of the package that docxtpl makes."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(context), environment(), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return archive.read(buffer.getvalue())


def assert_equal_to_docxtpl(template: bytes, context: Mapping[str, object]) -> None:
    """Asserts that the two documents have the same members, and their XML the same canonical form."""
    ours, other = archive.read(render(template, context)), theirs(template, context)
    assert {*ours} == {*other}
    for name in ours:
        if name == "docProps/core.xml":
            assert properties(ours[name]) == [unescape(text) for text in properties(other[name])]
        elif name.startswith("word/") and name.endswith(".xml"):
            assert canonical(ours[name]) == canonical(finished(name, other)), name


def finished(name: str, members: Mapping[str, bytes]) -> bytes:
    """A part that docxtpl made, the document with what is done to it after its tags."""
    if name != "word/document.xml":
        return members[name]
    xml = etree.tostring(etree.fromstring(members[name]), encoding="unicode")
    for step in BODY_STEPS:
        xml = step(xml, stylesheet(members["word/styles.xml"]))
    return xml.encode()


def canonical(content: bytes) -> bytes:
    """XML in canonical form."""
    return etree.tostring(etree.fromstring(content), method="c14n")


def properties(content: bytes) -> list[str]:
    """The texts of the properties that a template fills in; docxtpl adds those that are missing, empty."""
    names = ("title", "subject", "creator", "language", "description", "identifier")
    root = etree.fromstring(content)
    return [item.text for name in names for item in root.iter(f"{{*}}{name}") if item.text]


@pytest.mark.parametrize(
    ("folder", "number"), [(name, number) for name, count in PLANS.items() for number in range(count)]
)
def test_on_every_plan_of_the_examples(folder: str, number: int) -> None:
    assert len(plans(folder)) == PLANS[folder]
    job = plans(folder)[number]
    context = job.context()
    if "charts" in context:
        # A picture is put in by docxtpl's own path, and with its alternative text, which docxtpl has not.
        context["charts"] = dict.fromkeys(NAMES, "")
    assert_equal_to_docxtpl(job.template, context)


# ------------------------------------------------------------------------------- generated templates

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], include_characters="\n\t&<>\"'{}%•"),
    max_size=20,
).filter(lambda text: not any(pair in text for pair in ("{_{", "}_}", "{_%", "%_}")))
PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            "plain text",
            "one {{ a }} and {{ b }} in a line",
            "{{ a }}",
            "{%p if b %}",
            "{{ a ~ ' & ' ~ b }}|{{ items | join(', ') }}",
            "{% if a %}yes: {{ a }}{% else %}no{% endif %}",
            "{% for item in items %}[{{ item }}]{% endfor %}",
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(b) }}",
            "{% set c %}{{ a }}!{% endset %}{{ c }}{{ c }}",
            "{_{ not a tag }_} {{ a | upper }} {{ items | length }}",
            "{{ a }}\twith a tab\nand a break {{ b }}",
            "{%p for item in items %}",
        ]
    ),
    min_size=1,
    max_size=6,
)
CELLS = st.lists(
    st.sampled_from(["x", "{{ a }}", "{{ b }} {{ a }}", "{% cellbg 'AABBCC' %}{{ a }}"]),
    min_size=2,
    max_size=3,
)


def closed(paragraphs: list[str]) -> list[str]:
    """The paragraphs with every ``{%p`` block closed right after the next paragraph."""
    found = []
    for text in paragraphs:
        found.append(text)
        if text.startswith("{%p"):
            found += ["inside {{ a }}", "{%p endif %}" if " if " in text else "{%p endfor %}"]
    return found


def template(paragraphs: list[str], cells: list[str], table: str) -> bytes:
    """A Word file with the paragraphs, some of them in a header, and a table of a kind."""
    document = docx.Document()
    for text in closed(paragraphs):
        document.add_paragraph(text).runs[0].bold = len(text) % 2 == 0
    grid = document.add_table(rows=0, cols=len(cells))
    if table != "rows alone":
        for cell in grid.add_row().cells:
            cell.text = "head"
    if table == "columns":
        row = grid.add_row().cells
        row[0].text = "{%tc for item in items %}"
        row[1].text = "{{ item }}"
        grid.add_row().cells[0].text = "{%tc endfor %}"
        # The three tags of a column loop stand in one row.
        grid.rows[-2]._tr.append(grid.rows[-1].cells[0]._tc)
        grid._tbl.remove(grid.rows[-1]._tr)
    else:
        grid.add_row().cells[0].text = "{%tr for item in items %}"
        for cell, text in zip(grid.add_row().cells, cells, strict=True):
            cell.text = text
        grid.add_row().cells[0].text = "{%tr endfor %}"
    document.sections[0].header.paragraphs[0].text = (
        paragraphs[0] if "{%p" not in paragraphs[0] else "{{ a }}"
    )
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    paragraphs=PARAGRAPHS,
    cells=CELLS,
    table=st.sampled_from(["rows", "rows alone", "columns"]),
    a=TEXTS,
    b=TEXTS,
    items=st.lists(TEXTS, max_size=3),
)
def test_on_generated_templates_and_contexts(
    paragraphs: list[str], cells: list[str], table: str, a: str, b: str, items: list[str]
) -> None:
    context: dict[str, Any] = {"a": Text(a), "b": b, "items": [Text(item) for item in items]}
    assert_equal_to_docxtpl(template(paragraphs, cells, table), context)
