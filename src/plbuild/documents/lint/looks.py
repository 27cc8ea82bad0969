"""What every document made of a template would lack for its readers, and what Word leaves in it.

Takes a template taken apart, returns faults: tables without heading rows, pictures without alternative
text, skipped headings, links that do not say where they lead, pale colours, Word's own fields, tracked
changes, comments. The rules are those of WCAG 2.1 AA (1.1.1, 1.3.1, 1.4.3, 2.4.2, 2.4.4, 3.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docx.oxml.ns import qn
from lxml import etree

from plbuild.documents.faults import TemplatePlace
from plbuild.documents.lint import colours
from plbuild.documents.lint.found import Found
from plbuild.documents.lint.package import PROPERTIES, Element, Package, Paragraph, Part, span
from plbuild.documents.lint.tags import Tag

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TRACKED = [qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo")]
_BARE = re.compile(r"(https?://|www\.)\S+|(click )?here|link|this link|read more|more", re.IGNORECASE)


def check(package: Package, part: Part, tags: Sequence[Tag]) -> Iterator[Found]:
    """Faults of a part's looks; ``tags`` are those of the part."""
    gone = {tag.paragraph.element for tag in tags if tag.prefix in ("p", "tr", "tc")}
    printed = [paragraph for paragraph in part.paragraphs if paragraph.element not in gone]
    for paragraph in part.paragraphs:
        yield from _pictures(paragraph)
        yield from _links(paragraph)
        yield from _left_by_word(paragraph)
    for paragraph in printed:
        if colours.is_pale(package, paragraph):
            yield _found("contrast-low", paragraph, text=_said(paragraph))
    yield from _tables(part, tags)
    if part.is_body:
        yield from _headings(printed)


def whole(package: Package) -> Iterator[Found]:
    """Faults of the document's title and language."""
    core = [package.members[name] for name, kind in package.types.items() if kind == PROPERTIES]
    titles = [item.text or "" for content in core for item in etree.fromstring(content).iter(_TITLE)]
    if not "".join(titles).strip():
        yield Found(code="title-missing", place=TemplatePlace(part="the document's properties"))
    styles = package.members.get("word/styles.xml", b"<none/>")
    languages = etree.fromstring(styles).iterfind(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    normal = etree.fromstring(styles).iterfind(f"{qn('w:style')}/{qn('w:rPr')}/{qn('w:lang')}")
    if not any(item.get(qn("w:val")) for item in (*languages, *normal)):
        yield Found(code="language-missing", place=TemplatePlace(part="the document's settings"))


def contents(part: Part) -> set[Element]:
    """The paragraphs of Word's own tables of contents, which repeat the headings' tags."""
    inside: set[Element] = set()
    depth, start = 0, 0
    for paragraph in part.paragraphs:
        opened = depth
        for item in paragraph.element.iter(qn("w:fldChar"), qn("w:instrText")):
            kind = item.get(qn("w:fldCharType"))
            depth += {"begin": 1, "end": -1}.get(str(kind), 0)
            if not start and (item.text or "").strip().startswith("TOC"):
                start = depth
        if start and (opened or depth):
            inside.add(paragraph.element)
        if start and depth < start:
            start = 0
    return inside


def _found(code: str, paragraph: Paragraph, **words: str) -> Found:
    return Found(code=code, place=paragraph.place, words=words)


def _said(paragraph: Paragraph) -> str:
    return " ".join(paragraph.text.split())[:60]


def _own(paragraph: Paragraph, *names: str) -> Iterator[Element]:
    """Elements of a paragraph, those of the paragraphs of its text boxes aside."""
    for item in paragraph.element.iter(*names):
        above = next(item.iterancestors(qn("w:p")), None)
        if above is paragraph.element and next(item.iterancestors(_FALLBACK), None) is None:
            yield item


def _pictures(paragraph: Paragraph) -> Iterator[Found]:
    for item in _own(paragraph, _DRAWING):
        decorative = next(item.iter(_DECORATIVE), None) is not None
        holder = item.getparent()
        is_text_box = holder is not None and holder.find(f".//{qn('w:txbxContent')}") is not None
        if not (str(item.get("descr", "")).strip() or decorative or is_text_box):
            yield _found("alt-text-missing", paragraph, name=str(item.get("name", "")))
    for item in _own(paragraph, _IMAGE):
        shape = item.getparent()
        if shape is None or not str(shape.get("alt", "")).strip():
            yield _found("alt-text-missing", paragraph, name="")


def _links(paragraph: Paragraph) -> Iterator[Found]:
    for item in _own(paragraph, qn("w:hyperlink")):
        text = " ".join("".join(str(piece.text or "") for piece in item.iter(qn("w:t"))).split())
        if _BARE.fullmatch(text.rstrip(".")):
            yield _found("link-bare", paragraph, text=text)


def _left_by_word(paragraph: Paragraph) -> Iterator[Found]:
    if next(_own(paragraph, *_TRACKED), None) is not None:
        yield _found("tracked-change", paragraph)
    for _ in _own(paragraph, qn("w:commentReference")):
        yield _found("comment-left", paragraph)
    simple = [str(item.get(qn("w:instr"))) for item in _own(paragraph, qn("w:fldSimple"))]
    complex_ = [item.text or "" for item in _own(paragraph, qn("w:instrText"))]
    for words in (text.split() for text in (*simple, *complex_)):
        if words[:1] == ["TOC"]:
            yield _found("word-contents", paragraph)
        elif words[:1] == ["MERGEFIELD"]:
            yield _found("merge-field", paragraph, name=" ".join(words[1:2]).strip('"'))


def _headings(paragraphs: Sequence[Paragraph]) -> Iterator[Found]:
    last = 0
    for paragraph in paragraphs:
        if not paragraph.level:
            continue
        if not paragraph.text.strip():
            yield _found("heading-empty", paragraph)
            continue
        if paragraph.level > last + 1:
            words = {"level": str(paragraph.level), "wanted": str(last + 1), "text": _said(paragraph)}
            yield _found("heading-skipped", paragraph, **words)
        last = paragraph.level


# ----------------------------------------------------------------------------------------- tables


def _tables(part: Part, tags: Sequence[Tag]) -> Iterator[Found]:
    first_of = {paragraph.element: paragraph for paragraph in reversed(part.paragraphs)}
    rows_gone = {next(tag.element.iterancestors(qn("w:tr")), None) for tag in tags if tag.prefix == "tr"}
    loops = {
        next(tag.element.iterancestors(qn("w:tbl")), None)
        for tag in tags
        if tag.prefix == "tr" and tag.word == "for"
    }
    for table in part.root.iter(qn("w:tbl")):
        rows = [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]
        kept = [row for row in rows if row not in rows_gone]
        if kept and next(table.iterancestors(_FALLBACK), None) is None:
            yield from _table(first_of, kept, grows=table in loops)


def _table(paragraphs: dict[Element, Paragraph], kept: Sequence[Element], *, grows: bool) -> Iterator[Found]:
    def at(row: Element) -> Paragraph:
        return next(paragraphs[item] for item in row.iter(qn("w:p")) if item in paragraphs)

    columns = max(len(row.findall(qn("w:tc"))) for row in kept)
    if not _on(kept[0], "w:tblHeader"):
        if grows:
            yield _found("heading-row-missing", at(kept[0]))
        elif len(kept) > 2 and columns > 1:
            yield _found("heading-row-unmarked", at(kept[0]))
    tearing = [row for row in kept if not _on(row, "w:cantSplit")]
    if grows and tearing:
        yield _found("row-may-tear", at(tearing[0]))
    merged = [cell for row in kept for cell in row.findall(qn("w:tc")) if _merged(cell)]
    if merged:
        yield _found(
            "cells-merged", next(paragraphs[p] for p in merged[0].iter(qn("w:p")) if p in paragraphs)
        )


def _on(row: Element, name: str) -> bool:
    item = row.find(f"{qn('w:trPr')}/{qn(name)}")
    return item is not None and item.get(qn("w:val"), "1") not in ("0", "false", "off")


def _merged(cell: Element) -> bool:
    return span(cell) > 1 or cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None
