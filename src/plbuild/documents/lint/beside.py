"""What is lost beside a tag that takes the place of a paragraph, a row or a cell, and tags never filled in.

Takes the tags of a part, returns faults. That docxtpl drops the whole paragraph, row or cell of such a tag
is its documented way; that whatever else stood there goes with it is what people meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docx.oxml.ns import qn
from lxml import etree

from plbuild.documents.faults import TemplatePlace
from plbuild.documents.lint.found import Found
from plbuild.documents.lint.package import OBJECT, PROPERTIES, Element, Package, Paragraph, Part
from plbuild.documents.lint.tags import Tag

# What a tag takes the place of; the codes of what else is in it, of a second tag, and of none to take.
_KINDS = {
    "p": (qn("w:p"), "text-beside-paragraph-tag", "two-tags-in-paragraph", "paragraph-tag-outside-text"),
    "tr": (qn("w:tr"), "text-beside-row-tag", "two-tags-in-row", "row-tag-outside-table"),
    "tc": (qn("w:tc"), "text-beside-cell-tag", "two-tags-in-cell", "cell-tag-outside-table"),
}
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def lost(part: Part, tags: Sequence[Tag]) -> Iterator[Found]:
    """Faults of the tags that take the place of what they stand in."""
    seen: set[tuple[Element, str]] = set()
    for tag in tags:
        if tag.prefix not in _KINDS:
            continue
        name, _, _, outside = _KINDS[tag.prefix]
        holder = next(tag.element.iterancestors(name), None)
        if holder is None:
            yield _found(outside, tag)
        elif (holder, tag.prefix) not in seen:
            seen.add((holder, tag.prefix))
            yield from _in_holder(part, tags, tag, holder)


def _in_holder(part: Part, tags: Sequence[Tag], tag: Tag, holder: Element) -> Iterator[Found]:
    _, beside, two, _ = _KINDS[tag.prefix]
    same = [other for other in tags if other.prefix == tag.prefix and _within(other, holder)]
    if len(same) > 1:
        yield _found(two, same[1], other=same[-1].text)
    text = " ".join(_rest(paragraph, same) for paragraph in part.paragraphs if _holds(holder, paragraph))
    if holder.find(f".//{qn('w:sectPr')}") is not None:
        text += " (a section break)"
    text = " ".join(text.replace(OBJECT, " (a picture or page break) ").split())
    if text:
        yield _found(beside, tag, text=text)


def _within(tag: Tag, holder: Element) -> bool:
    return next((item for item in tag.element.iterancestors(holder.tag)), None) is holder


def _holds(holder: Element, paragraph: Paragraph) -> bool:
    return paragraph.element is holder or holder in paragraph.element.iterancestors(holder.tag)


def _rest(paragraph: Paragraph, tags: Sequence[Tag]) -> str:
    """The text of a paragraph without these tags."""
    text, position = "", 0
    for tag in tags:
        if tag.paragraph is paragraph:
            text += paragraph.text[position : tag.start] + " "
            position = tag.end
    return text + paragraph.text[position:]


def _found(code: str, tag: Tag, **words: str) -> Found:
    return Found(code=code, place=tag.paragraph.place, tag=tag.text, words=words)


# ------------------------------------------------------------------------- tags that stay as they are


_UNFILLED = (
    (re.compile(r"word/comments\.xml"), "a comment"),
    (re.compile(r"word/endnotes\.xml"), "an endnote"),
    (re.compile(r"word/charts/[^/]+\.xml"), "a chart"),
    (re.compile(r"word/diagrams/[^/]+\.xml"), "a diagram"),
    (re.compile(r"docProps/(?:app|custom)\.xml"), "a property of its own"),
)


def unfilled(package: Package) -> Iterator[Found]:
    """Tags in parts of a document that are never filled in, each told once."""
    filled = {part.name for part in package.parts}
    for name, content in package.members.items():
        words = next((words for pattern, words in _UNFILLED if pattern.fullmatch(name)), "")
        if words and name not in filled and package.types.get(name) != PROPERTIES:
            for text in _texts(content):
                for tag in _TAG.findall(text):
                    yield Found(code="tag-not-filled", place=TemplatePlace(part=words), tag=tag)
    for name, content in package.members.items():
        if name.startswith("word/_rels/"):
            for item in etree.fromstring(content, etree.XMLParser(recover=True)):
                target = str(item.get("Target", "")).replace("%7B", "{").replace("%7D", "}")
                for tag in _TAG.findall(target.replace("%20", " ").replace("%25", "%")):
                    place = TemplatePlace(part="the address of a link")
                    yield Found(code="tag-not-filled", place=place, tag=tag)


def _texts(content: bytes) -> Iterator[str]:
    """The texts of a part by paragraph, or by element where it has none."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return
    paragraphs = list(root.iter("{*}p"))
    for item in paragraphs or root.iter("{*}*"):
        yield "".join(str(text) for text in item.itertext()) if paragraphs else item.text or ""
