"""A template taken apart: its parts, their paragraphs with their text and their place, its styles.

Takes the bytes of a template, returns a ``Package``; or the code of what keeps it from being one. Design
decision: a paragraph's text is built of pieces that remember their element, so that what is found in the
text can be judged by where it stands in the document's structure.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

from plbuild import archive
from plbuild.documents.faults import Cell, TemplatePlace

Element = etree._Element

OBJECT = "\ufffc"
"""What stands in a paragraph's text for a picture, a drawing or a page break."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
BODY = f"{_WORD}document.main+xml"
_FILLED = {
    f"{_WORD}header+xml": "a header",
    f"{_WORD}footer+xml": "a footer",
    f"{_WORD}footnotes+xml": "a footnote",
}
PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"
_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_TEMPLATES = (f"{_WORD}template.main+xml", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml")
_PAGES = {"default": "", "first": " of the first page", "even": " of even pages"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a paragraph's text and the element that holds it."""

    start: int
    text: str
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph with its text; ``level`` is that of a heading, 0 for any other."""

    element: Element
    place: TemplatePlace
    pieces: tuple[Piece, ...]
    text: str
    level: int = 0

    def element_at(self, offset: int) -> Element:
        """The element that holds the character at ``offset``."""
        for piece in reversed(self.pieces):
            if piece.start <= offset:
                return piece.element
        return self.element


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A member of the package that tags are filled in; ``words`` name it."""

    name: str
    words: str
    root: Element
    paragraphs: tuple[Paragraph, ...]
    is_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What is judged of a style."""

    name: str
    based_on: str
    level: int
    color: str
    fill: str
    size: float
    bold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A whole template; ``types`` are the content types of its members by name."""

    members: Mapping[str, bytes]
    types: Mapping[str, str]
    parts: tuple[Part, ...]
    styles: Mapping[str, Style]

    @property
    def body(self) -> Part:
        """The document itself."""
        return next(part for part in self.parts if part.is_body)

    def styles_of(self, name: str) -> Iterator[Style]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based_on


def opened(template: bytes) -> Package | str:
    """The template taken apart, or the code of the fault that prevents it."""
    try:
        members = archive.read(template)
        types = _types(members)
        if _MACROS in types.values():
            return "macro-template"
        if any(kind in types.values() for kind in _TEMPLATES):
            return "word-template-file"
        body = next(name for name, kind in types.items() if kind == BODY and name in members)
        styles = _styles(members)
        parts = tuple(_parts(members, types, styles, body))
    except (zipfile.BadZipFile, KeyError, StopIteration, etree.XMLSyntaxError, NotImplementedError):
        # A password, a damaged zip and a method of packing that Word does not use all end here.
        return "not-a-word-document"
    return Package(members=members, types=types, parts=parts, styles=styles)


def _types(members: Mapping[str, bytes]) -> dict[str, str]:
    root = etree.fromstring(members["[Content_Types].xml"])
    return {
        str(item.get("PartName", "")).lstrip("/"): str(item.get("ContentType"))
        for item in root.iter("{*}Override")
    }


def _parts(
    members: Mapping[str, bytes], types: Mapping[str, str], styles: Mapping[str, Style], body: str
) -> Iterator[Part]:
    pages = _pages(members, body)
    root = etree.fromstring(members[body])
    words = "the document"
    yield Part(
        name=body, words=words, root=root, is_body=True, paragraphs=tuple(paragraphs(root, words, styles))
    )
    for name, content in members.items():
        kind = types.get(name)
        if kind in _FILLED:
            words = pages.get(name.rpartition("/")[2], _FILLED[kind])
            root = etree.fromstring(content)
            yield Part(name=name, words=words, root=root, paragraphs=tuple(paragraphs(root, words, styles)))
        elif kind == PROPERTIES:
            root = etree.fromstring(content)
            words = "the document's properties"
            yield Part(name=name, words=words, root=root, paragraphs=tuple(_properties(root, words)))


def _pages(members: Mapping[str, bytes], body: str) -> dict[str, str]:
    """Headers and footers by their file name, in words: "the header of the first page"."""
    folder, _, name = body.rpartition("/")
    relations = members.get(f"{folder}/_rels/{name}.rels", b"<none/>")
    targets = {item.get("Id"): str(item.get("Target")) for item in etree.fromstring(relations)}
    found = {}
    for item in etree.fromstring(members[body]).iter(qn("w:headerReference"), qn("w:footerReference")):
        target = targets.get(item.get(_RELATION), "").rpartition("/")[2]
        what = "header" if item.tag == qn("w:headerReference") else "footer"
        found[target] = f"the {what}{_PAGES.get(str(item.get(qn('w:type'))), '')}"
    return found


def _properties(root: Element, words: str) -> Iterator[Paragraph]:
    for item in root:
        text = item.text or ""
        yield Paragraph(
            element=item,
            place=TemplatePlace(part=f"{words} ({etree.QName(item).localname})"),
            pieces=(Piece(start=0, text=text, element=item),),
            text=text,
        )


# ------------------------------------------------------------------------------------- paragraphs


def elements(root: Element) -> Iterator[Element]:
    """The paragraphs of a part in order.

    Word writes a text box twice, the second time for programs that do not know the first form; that
    one is passed over.
    """
    for item in root.iter(qn("w:p")):
        if next(item.iterancestors(_FALLBACK), None) is None:
            yield item


def paragraphs(root: Element, words: str, styles: Mapping[str, Style]) -> Iterator[Paragraph]:
    """The paragraphs of a part, each with its place."""
    tables = _numbered(root)
    heading = ""
    for number, item in enumerate(elements(root), start=1):
        pieces = tuple(_pieces(item))
        text = "".join(piece.text for piece in pieces)
        level = _level(item, styles)
        place = TemplatePlace(part=words, heading=heading, paragraph=number, cells=_cells(item, tables))
        yield Paragraph(element=item, place=place, pieces=pieces, text=text, level=level)
        if level and text.strip():
            heading = " ".join(text.split())


def _level(paragraph: Element, styles: Mapping[str, Style]) -> int:
    own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    if own is not None:
        value = str(own.get(qn("w:val"), "9"))
        return int(value) + 1 if value.isdigit() and int(value) < 9 else 0
    name = style_of(paragraph)
    seen: set[str] = set()
    while name in styles and name not in seen:
        if styles[name].level:
            return styles[name].level
        seen.add(name)
        name = styles[name].based_on
    return 0


def style_of(paragraph: Element) -> str:
    """The id of a paragraph's style; empty where it has none of its own."""
    item = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if item is None else str(item.get(qn("w:val")))


def _numbered(root: Element) -> dict[Element, int]:
    """The tables by number: over the part, or over the cell that they are nested in."""
    counts: dict[Element | None, int] = {}
    numbers = {}
    for table in root.iter(qn("w:tbl")):
        if next(table.iterancestors(_FALLBACK), None) is None:
            outer = next(table.iterancestors(qn("w:tc")), None)
            counts[outer] = counts.get(outer, 0) + 1
            numbers[table] = counts[outer]
    return numbers


def _cells(item: Element, tables: Mapping[Element, int]) -> tuple[Cell, ...]:
    found = []
    for cell in item.iterancestors(qn("w:tc")):
        row = next(cell.iterancestors(qn("w:tr")))
        table = next(row.iterancestors(qn("w:tbl")))
        rows = [other for other in table.iter(qn("w:tr")) if next(other.iterancestors(qn("w:tbl"))) is table]
        cells = [other for other in row.iter(qn("w:tc")) if next(other.iterancestors(qn("w:tr"))) is row]
        column = 1 + sum(span(other) for other in cells[: cells.index(cell)])
        found.append(Cell(table=tables[table], row=rows.index(row) + 1, column=column))
    return tuple(reversed(found))


def span(cell: Element) -> int:
    """How many columns a cell spans."""
    item = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = "1" if item is None else str(item.get(qn("w:val"), "1"))
    return int(value) if value.isdigit() else 1


_SIGNS = {
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "\u2011",
    qn("w:softHyphen"): "\u00ad",
    qn("w:drawing"): OBJECT,
    qn("w:pict"): OBJECT,
    qn("w:object"): OBJECT,
}


def _pieces(paragraph: Element) -> Iterator[Piece]:
    start = 0
    for item in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), *_SIGNS):
        if next(item.iterancestors(qn("w:p"))) is not paragraph:
            continue
        if next(item.iterancestors(_FALLBACK), None) is not None:
            continue
        text = _sign(item)
        if text:
            yield Piece(start=start, text=text, element=item)
            start += len(text)


def _sign(item: Element) -> str:
    if item.tag == qn("w:t"):
        return item.text or ""
    if item.tag == qn("w:tab"):
        parent = item.getparent()
        return "\t" if parent is not None and parent.tag == qn("w:r") else ""  # else a tab stop
    if item.tag == qn("w:br"):
        return OBJECT if item.get(qn("w:type")) == "page" else "\n"
    return _SIGNS[str(item.tag)]


# ----------------------------------------------------------------------------------------- styles


def _styles(members: Mapping[str, bytes]) -> dict[str, Style]:
    content = members.get("word/styles.xml")
    if content is None:
        return {}
    return {
        str(item.get(qn("w:styleId"))): _style(item) for item in etree.fromstring(content).iter(qn("w:style"))
    }


def _style(item: Element) -> Style:
    name = _value(item, "w:name").lower()
    outline = _value(item, "w:pPr/w:outlineLvl")
    level = int(outline) + 1 if outline.isdigit() else 0
    if name.startswith("heading ") and name[8:].isdigit():
        level = int(name[8:])
    size = _value(item, "w:rPr/w:sz")
    return Style(
        name=name,
        based_on=_value(item, "w:basedOn"),
        level=level if level < 10 else 0,
        color=_value(item, "w:rPr/w:color"),
        fill=_value(item, "w:pPr/w:shd", "w:fill"),
        size=int(size) / 2 if size.isdigit() else 0.0,
        bold=item.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None,
    )


def _value(item: Element, path: str, attribute: str = "w:val") -> str:
    found = item.find("/".join(qn(name) for name in path.split("/")))
    return "" if found is None else str(found.get(qn(attribute), ""))
