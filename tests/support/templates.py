"""A small plan, a sound template of it, and the ways in which people break templates.

Takes nothing but names, returns bytes; each damage is made as a person makes it in Word, so far as python-docx
can, and by changing the XML where it cannot.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph

from plbuild import archive
from plbuild.documents.lint.package import elements
from plbuild.model import Field, PlanSpec, Section, Spec

Place = str
Expected = list[tuple[str, Place]]


def _field(name: str, kind: str = "text", *refs: str) -> Field:
    return Field(name=name, label=name.capitalize(), help="", type=kind, refs=refs)


PLAN = PlanSpec(
    kind="small_plan",
    version="1",
    title="A small plan",
    owner="school",
    id_column="ncessch",
    name_column="school",
    purpose="",
    who_fills="",
    steps=(),
    sections=(
        Section(
            name="identity",
            title="Identity",
            guidance="",
            shape="form",
            fields=(_field("school"), _field("enrollment", "integer")),
        ),
        Section(
            name="needs",
            title="Needs",
            guidance="",
            shape="table",
            fields=(_field("area"), _field("finding", "long_text")),
            id_prefix="N",
            stands_for="finding",
        ),
        Section(
            name="goals",
            title="Goals",
            guidance="",
            shape="table",
            fields=(_field("need", "ref", "needs"), _field("statement"), _field("target", "decimal")),
            id_prefix="G",
            stands_for="statement",
        ),
    ),
)


def small_spec(spec: Spec) -> Spec:
    """A spec whose only plan is the small one; its words are those of ``spec``."""
    return replace(spec, plans=(PLAN,))


ROWS = (
    ("Goal", "Target"),
    ("{%tr for goal in goals %}", ""),
    ("{{ goal.statement }}", "{{ goal.target }} {% if goal.need %}({{ goal.need.area }}){% endif %}"),
    ("{%tr endfor %}", ""),
)
TEXTS = (
    "# Plan of {{ identity.school }}",
    "{{ identity.enrollment }} students",
    "## Needs",
    "{%p for need in needs %}",
    "{{ need.area }}: {{ need.finding }}",
    "{%p endfor %}",
    "## Goals",
    "|",
    "End of the plan",
)
# The paragraphs by what stands in them, counted from 1; each cell of the table holds one.
SCHOOL, STUDENTS, NEEDS, FOR, NEED, ENDFOR, GOALS = range(1, 8)
HEAD, TR_FOR, GOAL, TARGET, TR_ENDFOR, END = 8, 10, 12, 13, 14, 16

TOP = 'the document, under "Plan of {{ identity.school }}"'
UNDER_NEEDS = 'the document, under "Needs"'
UNDER_GOALS = 'the document, under "Goals"'


def sound() -> Document:
    """The sound template."""
    document = docx.Document()
    for style in document.styles.element.xpath("w:style[w:name[starts-with(@w:val, 'heading')]]"):
        # The blue of python-docx's own headings is too pale.
        style.rPr.find(qn("w:color")).set(qn("w:val"), "1F3864")
    for text in TEXTS:
        if text == "|":
            _table(document)
            continue
        words = text.lstrip("# ")
        level = len(text) - len(text.lstrip("#"))
        document.add_paragraph(words, style=f"Heading {level}" if level else "Normal")
    document.sections[0].footer.paragraphs[0].text = "{{ plan.title }}"
    document.core_properties.title = "Plan of {{ identity.school }}"
    return document


def _table(document: Document) -> None:
    table = document.add_table(len(ROWS), 2)
    for row, texts in zip(table.rows, ROWS, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def saved(document: Document) -> bytes:
    """The bytes of a template."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def at(document: Document, number: int) -> Paragraph:
    """A paragraph by its number, those of tables included."""
    element = list(elements(document.element.body))[number - 1]
    assert isinstance(element, CT_P)
    return Paragraph(element, document._body)


# ------------------------------------------------------------------------------- ways to break it

Change = Callable[[Document], None]
Bytes = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A way to break the sound template, and every fault that it makes: code and place."""

    expected: Expected
    change: Change = lambda document: None
    package: Bytes = lambda data: data

    def done(self) -> bytes:
        """The broken template."""
        document = sound()
        self.change(document)
        return self.package(saved(document))


def says(number: int, text: str) -> Change:
    """Write something else into a paragraph."""

    def change(document: Document) -> None:
        at(document, number).text = text

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def follows(number: int, *texts: str, style: str = "Normal") -> Change:
    """Put paragraphs behind one."""

    def change(document: Document) -> None:
        before = at(document, number)
        for text in reversed(texts):
            new = document.add_paragraph(text, style=style)
            before._p.addnext(new._p)

    return change


def inside(number: int, xml: str) -> Change:
    """Add an element of Word's XML to a paragraph."""

    def change(document: Document) -> None:
        declared = nsdecls("w", "r", "wp", "a", "pic")
        name = xml[1:].split(">", 1)[0].split(" ", 1)[0].rstrip("/")
        at(document, number)._p.append(parse_xml(xml.replace(f"<{name}", f"<{name} {declared}", 1)))

    return change


def member(name: str, old: bytes, new: bytes) -> Bytes:
    """Replace something in a member of the package; a part that is not there is put there."""

    def package(data: bytes) -> bytes:
        members = archive.read(data)
        before = members.get(name, old)
        assert old in before, f"{name} does not hold {old!r}"
        members[name] = before.replace(old, new)
        return archive.pack(members)

    return package


def without(number: int) -> Change:
    """Delete a paragraph."""

    def change(document: Document) -> None:
        paragraph = at(document, number)._p
        holder = paragraph.getparent()
        assert holder is not None
        holder.remove(paragraph)

    return change


def row_property(row: int, name: str) -> Change:
    """Take a property of a table row away."""

    def change(document: Document) -> None:
        properties = document.tables[0].rows[row]._tr.trPr
        assert properties is not None
        found = properties.find(qn(name))
        assert found is not None
        properties.remove(found)

    return change


def run(text: str, properties: str = "") -> str:
    """A run of Word's XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def picture(described: str) -> str:
    """A picture of Word's XML, without its data."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="7" name="Logo"{described}/></wp:inline></w:drawing></w:r>'
    )
