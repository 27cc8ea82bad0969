"""Word templates filled with a context: docxtpl's template language, and nothing lost on the way.

Takes a template's bytes and a context, returns the bytes of the document. Design decision: docxtpl
patches each part of a template into one Jinja template, as in its own rendering, but that and the
compiling happen once for each template; what comes out is parsed without recovery, because a parser
that recovers drops content without a word.
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
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from plbuild import archive
from plbuild.documents import faults
from plbuild.documents.filters import FILTERS
from plbuild.documents.rows import Row
from plbuild.model import TemplateError

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_BODY = f"{_WORD}document.main+xml"
_TYPES = {
    _BODY: "the document",
    f"{_WORD}header+xml": "a header",
    f"{_WORD}footer+xml": "a footer",
    f"{_WORD}footnotes+xml": "a footnote",
    "application/vnd.openxmlformats-package.core-properties+xml": "the document's properties",
}
# What a template's own mistakes raise while it renders; anything else is a defect of plbuild.
_MISTAKES = (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError)

_PARAGRAPH_STARTS = re.compile(r"<w:p([ >])")
_BROKEN_LINES = re.compile(r"\n<w:p([ >])")
_PARAGRAPHS = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_LAYOUT = re.compile("[\n\t\a\f]")
# docxtpl's way to write braces that are not a tag. Replaced here, before rendering, where docxtpl
# replaces them afterwards and so changes data that happens to hold them.
_BRACES = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}


class _Unknown(jinja2.StrictUndefined):
    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or f'there is nothing called "{self._undefined_name}"'


class _Environment(ImmutableSandboxedEnvironment):
    """Looks at keys before attributes: a field may be called ``items``."""

    def getattr(self, obj: object, attribute: str) -> object:
        """``obj.attribute`` in a tag."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Row):
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A member of the package that holds tags: its source, one paragraph a line, and compiled."""

    name: str
    place: str
    is_body: bool
    source: str
    template: jinja2.Template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    members: Mapping[str, bytes]
    parts: tuple[_Part, ...]


def render(template: bytes, context: Mapping[str, object]) -> bytes:
    """The document that ``template`` gives for ``context``; the same bytes for the same input.

    Headers, footers, footnotes and document properties are filled in too. Text of the context is
    never read as a tag or as markup. Raises TemplateError where the template is not a Word document,
    has a tag that cannot be understood, names something that is not in the context, or breaks the
    document's structure; each sentence says where.
    """
    compiled = _compiled(template)
    changed: dict[str, bytes] = {}
    problems: list[str] = []
    for part in compiled.parts:
        try:
            changed[part.name] = _rendered(part, context)
        except TemplateError as error:
            problems += error.problems
    if problems:
        raise TemplateError(tuple(problems))
    return archive.pack({**compiled.members, **changed})


def environment() -> jinja2.Environment:
    """What tags are read in: escaping, strict about names, unable to change the context."""
    made = _Environment(autoescape=True, undefined=_Unknown)
    made.filters.update(FILTERS)
    return made


# Compiling takes some thirty times as long as rendering, and a run has few templates.
@functools.lru_cache(maxsize=8)
def _compiled(template: bytes) -> _Compiled:
    try:
        members = archive.read(template)
        names = dict(_parts(members))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        raise TemplateError(("The template is not a Word document (.docx).",)) from None
    jinja = environment()
    parts: list[_Part] = []
    problems: list[str] = []
    for name, content_type in names.items():
        place, is_body = _TYPES[content_type], content_type == _BODY
        source = _source(members[name])
        try:
            compiled = jinja.from_string(source)
        except jinja2.TemplateSyntaxError as error:
            problems.append(faults.sentence(place, source, error.lineno, error.message or str(error)))
            continue
        parts.append(_Part(name=name, place=place, is_body=is_body, source=source, template=compiled))
    if problems:
        raise TemplateError(tuple(problems))
    return _Compiled(members=members, parts=tuple(parts))


def _parts(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
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
    """A part as one Jinja template: docxtpl's patching, each paragraph on a line of its own."""
    xml = etree.tostring(parse_xml(content), encoding="unicode")
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(xml)
    for written, meant in _BRACES.items():
        patched = patched.replace(written, meant)
    return _PARAGRAPH_STARTS.sub(r"\n<w:p\1", patched)


def _rendered(part: _Part, context: Mapping[str, object]) -> bytes:
    try:
        xml = part.template.render(context)
    except _MISTAKES as error:
        line = faults.line_of(error)
        raise TemplateError((faults.sentence(part.place, part.source, line, str(error)),)) from error
    engine = DocxTemplate(io.BytesIO())
    engine.docx_ids_index = 1000  # where docxtpl's own numbering of pictures begins
    xml = _with_layout(engine, _BROKEN_LINES.sub(r"<w:p\1", xml))
    try:
        tree = etree.fromstring(xml.encode())
    except etree.XMLSyntaxError as error:
        raise TemplateError((faults.broken(part.place, xml, error),)) from error
    if part.is_body:
        # Parses a second time, with recovery, what has just been found to need none.
        tree = engine.fix_tables(xml)
        engine.fix_docpr_ids(tree)
    content: bytes = etree.tostring(tree, encoding="UTF-8", standalone=True)
    return content


def _with_layout(engine: DocxTemplate, xml: str) -> str:
    """Line breaks and tabs of the values as Word's own, as docxtpl writes them.

    docxtpl's replacing runs on the paragraphs that need it alone; on the others it changes nothing.
    """

    def resolved(match: re.Match[str]) -> str:
        paragraph = match.group()
        return str(engine.resolve_listing(paragraph)) if _LAYOUT.search(paragraph) else paragraph

    return _PARAGRAPHS.sub(resolved, xml) if _LAYOUT.search(xml) else xml
