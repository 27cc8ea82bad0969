"""A template made ready once for all its documents: patched by docxtpl, compiled, the rest deflated.

Takes a template's bytes, returns its parts as Jinja templates with what each asks of the renderer, and its
other members as they go into every package. Design decision: what a template can do is found out here, by
looking at its XML with the tags taken out, so that a document pays only for what its template needs.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jinja2
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from lxml import etree

from plbuild import archive
from plbuild.documents import faults
from plbuild.documents.stylesheet import Stylesheet, stylesheet
from plbuild.documents.tags import environment
from plbuild.model import TemplateError

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_BODY = f"{_WORD}document.main+xml"
_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"
_STYLES = "word/styles.xml"
_TYPES = {
    _BODY: "the document",
    f"{_WORD}header+xml": "a header",
    f"{_WORD}footer+xml": "a footer",
    f"{_WORD}footnotes+xml": "a footnote",
    _PROPERTIES: "the document's properties",
}

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
"""How each part begins; without a line feed, so that those of a part are all of its values."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH_STARTS = re.compile(r"<w:p([ >])")
# docxtpl's way to write braces that are not a tag. Replaced here, before rendering, where docxtpl
# replaces them afterwards and so changes data that happens to hold them.
_BRACES = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# Stand for a tag that prints and for one that does not, where the XML of a template is looked at.
_PRINTS, _STEERS = "\ue000", "\ue001"
# What makes docxtpl's own search for paragraphs find others than the paragraphs there are: one inside
# another, an empty one that is written as one tag, layout characters of the template's own.
_ODD_PARAGRAPHS = re.compile("<w:txbxContent|<w:p [^>]*/>|[\n\t\a\f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A member of the package that holds tags, compiled.

    ``is_word``: it holds paragraphs; the properties do not. ``in_texts``: its tags print into Word's texts
    alone, never into an attribute, and its paragraphs are told apart by their first and last tags.
    ``columns``: its tables may change the number of their columns. ``numbered``: it holds pictures, whose
    ids docxtpl numbers anew.
    """

    name: str
    place: str
    source: str
    template: jinja2.Template
    is_body: bool
    is_word: bool
    in_texts: bool
    columns: bool
    numbered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A template: its parts with tags, its styles, and all members in order, those without tags deflated."""

    parts: tuple[Part, ...]
    sheet: Stylesheet
    members: Mapping[str, archive.Member | None]


# Compiling takes some thirty times as long as rendering, and a run has few templates.
@functools.lru_cache(maxsize=8)
def compiled(template: bytes) -> Compiled:
    """The template made ready. Raises TemplateError with every mistake of its tags' grammar."""
    try:
        members = archive.read(template)
        types = dict(_types(members))
        sources = {name: _source(members[name]) for name in types}
        sheet = stylesheet(members.get(_STYLES, b""))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        raise TemplateError(("The template is not a Word document (.docx).",)) from None
    parts: list[Part] = []
    problems: list[str] = []
    for name, source in sources.items():
        try:
            parts.append(_part(name, types[name], source))
        except jinja2.TemplateSyntaxError:
            problems.append(_grammar(_TYPES[types[name]], source))
    if problems:
        raise TemplateError(tuple(problems))
    plain = {
        name: None if name in types else archive.member(name, content) for name, content in members.items()
    }
    return Compiled(parts=tuple(parts), sheet=sheet, members=plain)


def lined(source: str) -> str:
    """A part's source with each paragraph on a line of its own, by which an error is located."""
    return _PARAGRAPH_STARTS.sub(r"\n<w:p\1", source)


def _types(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The members that may hold tags, with their content types. Raises KeyError without a body."""
    types = etree.fromstring(members["[Content_Types].xml"])
    found = {
        str(item.get("PartName", "")).lstrip("/"): str(item.get("ContentType"))
        for item in types.iter("{*}Override")
    }
    if _BODY not in found.values():
        raise KeyError(_BODY)
    for name in members:
        if found.get(name) in _TYPES:
            yield name, found[name]


def _source(content: bytes) -> str:
    """A part as one Jinja template, by docxtpl's patching."""
    xml = etree.tostring(parse_xml(content), encoding="unicode")
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(xml)
    for written, meant in _BRACES.items():
        patched = patched.replace(written, meant)
    return DECLARATION + patched


def _grammar(place: str, source: str) -> str:
    """Where a source that Jinja cannot read is wrong."""
    text = lined(source)
    try:
        environment().parse(text)
    except jinja2.TemplateSyntaxError as error:
        return faults.sentence(place, text, error.lineno, error.message or str(error))
    # Jinja's parser is content, its generator of code was not.
    return faults.sentence(place, text, 0, "its tags cannot be understood")


def _part(name: str, content_type: str, source: str) -> Part:
    is_body = content_type == _BODY
    shape = _shape(source)
    return Part(
        name=name,
        place=_TYPES[content_type],
        source=source,
        template=environment().from_string(source),
        is_body=is_body,
        is_word=content_type != _PROPERTIES,
        in_texts=shape is not None and not _ODD_PARAGRAPHS.search(source) and not _prints_elsewhere(shape),
        columns=is_body and (shape is None or any(map(_may_change, shape.iter(f"{_W}tbl")))),
        numbered=is_body and "docPr" in source,
    )


def _shape(source: str) -> etree._Element | None:
    """The XML of a part with a character for each tag; None where it is no XML so."""

    def mark(tag: re.Match[str]) -> str:
        return _PRINTS if tag[0].startswith("{{") else _STEERS

    try:
        return etree.fromstring(_TAGS.sub(mark, source).encode())
    except etree.XMLSyntaxError:
        return None


def _prints_elsewhere(shape: etree._Element) -> bool:
    for item in shape.iter():
        stray = [item.tail or "", *map(str, item.attrib.values())]
        if item.tag != f"{_W}t":
            stray.append(item.text or "")
        if any(_PRINTS in text for text in stray):
            return True
    return False


def _may_change(table: etree._Element) -> bool:
    """Whether a table's columns may, in some document, be others than its grid's.

    Where they may not, docxtpl's mending of tables changes nothing: every row fills the grid, no tag
    stands between cells or counts columns, and the first or the last row is always there.
    """
    grid = table.find(f"{_W}tblGrid")
    if grid is None:
        return True
    columns = len(grid.findall(f"{_W}gridCol"))
    rows = list(table.iter(f"{_W}tr"))
    if not rows or any(_changes(row) or _width(row) != columns for row in rows):
        return True
    own = table.findall(f"{_W}tr")
    edges = (grid.tail or "", own[-1].tail or "") if own else (_STEERS,)
    return all(_PRINTS in edge or _STEERS in edge for edge in edges)


def _changes(row: etree._Element) -> bool:
    between = "".join((row.text or "", *(item.tail or "" for item in row)))
    return _PRINTS in between or _STEERS in between


def _width(row: etree._Element) -> int:
    """How many columns a row fills, as docxtpl counts them; -1 where a tag says it."""
    spans = [cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in row.findall(f"{_W}tc")]
    values = ["1" if span is None else str(span.get(f"{_W}val")) for span in spans]
    return sum(map(int, values)) if all(value.isdecimal() for value in values) else -1
