"""The contents list of a document: its headings, each a link to its place, with the page if it is known.

Takes the XML of a finished body, returns it with the list where the template printed ``contents``. Design
decision: neither a table of contents of Word's own nor a field that is marked for updating, because Word asks
its reader about both on opening, in words that frighten ("fields that may refer to other files"). Each entry
ends in a PAGEREF field: LibreOffice fills it in by itself, Word when the fields are updated or the document
is printed; where the pages were counted, on making a PDF, they are written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from plbuild import archive
from plbuild.documents.paragraphs import bounds
from plbuild.documents.stylesheet import Stylesheet

MARK = "\ufdd0contents\ufdd1"
"""Stands for the list until the body is finished. No answer can hold it: Unicode's noncharacters are
taken out of every text."""

_BODY = "word/document.xml"
_BOOKMARK = "_plan_"
# Above any number that Word gives to the bookmarks of a template.
_FIRST_ID = 20_000
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:br|tab)/>")
_STYLE = re.compile(r'<w:pStyle w:val="([^"]*)"/>')
_TOC = re.compile(r"toc ([1-9])")
_OPENING = re.compile(r"<w:p(?: [^>]*)?>(?:<w:pPr/>|<w:pPr>.*?</w:pPr>)?", re.DOTALL)
_ENTRY = re.compile(
    rf'(<w:hyperlink w:anchor="{_BOOKMARK}\d+" [^>]*><w:r><w:t xml:space="preserve">([^<]*)</w:t></w:r>'
    r'(?:(?!</w:hyperlink>).)*?<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>)\d*'
)


class _Heading(NamedTuple):
    """A heading of the body: where its paragraph starts and ends, its level and its words."""

    start: int
    end: int
    level: int
    words: str


def with_contents(xml: str, sheet: Stylesheet) -> str:
    """The body with the list in place of the paragraph that holds ``MARK``; unchanged without one.

    The paragraph's style says how many levels are listed: "TOC 2" means two; any other style, one.
    """
    at = xml.find(MARK)
    if at < 0:
        return xml
    style = _STYLE.search(xml, *bounds(xml, at))
    depth = _TOC.fullmatch(sheet.name(style[1])) if style else None
    headings = _headings(xml, sheet, int(depth[1]) if depth else 1)
    # Word wants a paragraph where there was one: it may have been the only one of a table's cell.
    listed = "".join(_entry(item, number, sheet) for number, item in enumerate(headings, start=1)) or "<w:p/>"
    changes = [
        (item.start, item.end, _bookmarked(xml, item, at)) for at, item in enumerate(headings, start=1)
    ]
    while at >= 0:
        start, end = bounds(xml, at)
        changes.append((start, end, listed))
        at = xml.find(MARK, end)
    pieces, done = [], 0
    for start, end, instead in sorted(changes):
        pieces += [xml[done:start], instead]
        done = end
    return "".join([*pieces, xml[done:]])


def with_page_numbers(document: bytes, headings: Iterable[tuple[str, int]]) -> bytes:
    """The finished document with the page of each entry of its contents list.

    ``headings`` are all headings of the document with their pages, in its order. An entry whose heading is
    not among them keeps what it shows; so does a document without a contents list.
    """
    left = [("".join(words.split()), page) for words, page in headings]

    def numbered(match: re.Match[str]) -> str:
        words = "".join(unescape(match[2]).split())
        at = next((at for at, (known, _) in enumerate(left) if known == words), -1)
        if at < 0:
            return match[0]
        page = left[at][1]
        del left[: at + 1]
        return f"{match[1]}{page}"

    def filled(name: str, content: bytes) -> bytes:
        return _ENTRY.sub(numbered, content.decode()).encode() if name == _BODY else content

    return archive.pack((name, filled(name, data)) for name, data in archive.read(document).items())


def _headings(xml: str, sheet: Stylesheet, level: int) -> list[_Heading]:
    """The headings down to a level, in the order of the document; empty ones are none."""
    found = []
    for style_id, own in sheet.headings.items():
        mark = f'<w:pStyle w:val="{style_id}"/>'
        at = xml.find(mark) if own <= level else -1
        while at >= 0:
            start, end = bounds(xml, at)
            words = " ".join("".join(piece[1] or " " for piece in _TEXT.finditer(xml, start, end)).split())
            if words:
                found.append(_Heading(start, end, own, unescape(words)))
            at = xml.find(mark, end)
    return sorted(found)


def _bookmarked(xml: str, item: _Heading, number: int) -> str:
    paragraph = xml[item.start : item.end]
    opening = _OPENING.match(paragraph)
    at = opening.end() if opening else 0
    mark = f'<w:bookmarkStart w:id="{_FIRST_ID + number}" w:name="{_BOOKMARK}{number}"/>'
    end = f'<w:bookmarkEnd w:id="{_FIRST_ID + number}"/></w:p>'
    return f"{paragraph[:at]}{mark}{paragraph[at:].removesuffix('</w:p>')}{end}"


def _entry(item: _Heading, number: int, sheet: Stylesheet) -> str:
    style = sheet.ids.get(f"toc {item.level}")
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    run = "<w:r>{}</w:r>".format
    field = [
        run('<w:fldChar w:fldCharType="begin"/>'),
        run(f'<w:instrText xml:space="preserve"> PAGEREF {_BOOKMARK}{number} \\h </w:instrText>'),
        run('<w:fldChar w:fldCharType="separate"/>'),
        run("<w:t></w:t>"),
        run('<w:fldChar w:fldCharType="end"/>'),
    ]
    words = run(f'<w:t xml:space="preserve">{escape(item.words)}</w:t>')
    tip = quoteattr(f"Go to {item.words}")
    link = f'<w:hyperlink w:anchor="{_BOOKMARK}{number}" w:tooltip={tip} w:history="1">'
    return f"<w:p>{properties}{link}{words}{run('<w:tab/>')}{''.join(field)}</w:hyperlink></w:p>"
