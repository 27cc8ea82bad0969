"""Bullets that were typed in cells, as real lists.

Takes the XML of a finished body, returns it with a list paragraph for each line that begins with a typed
bullet. A screen reader announces a list and its length; a typed "•" it reads as a word. Design decision: only
paragraphs in which a bullet was seen are taken apart, and one that holds anything but text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from plbuild.documents.paragraphs import bounds
from plbuild.documents.stylesheet import Stylesheet

BULLETS = "•▪●◦‣○■□▸►"
"""Signs that mean a list wherever a line begins with one."""
DASHES = "-–—*·"
"""Signs that mean a list where several lines begin with one."""

_TABLE, _PLAIN = "table bullet", "list bullet"
# docxtpl writes every text that a tag prints so, and so does what makes line breaks of them.
_CANDIDATE = re.compile(rf'<w:t xml:space="preserve">[\s\u00a0]*[{BULLETS}{re.escape(DASHES)}][\s\u00a0]')
_SURE = re.compile(rf"[\s\u00a0]*[{BULLETS}][\s\u00a0]+")
_DASH = re.compile(rf"[\s\u00a0]*[{re.escape(DASHES)}][\s\u00a0]+")
# A row's id may stand before its text, in a run of its own: "A3  • Day 1: …".
_ID = re.compile(r"[A-Z]{1,3}\d+[\s\u00a0]*")
_STYLE = re.compile(r'<w:pStyle w:val="([^"]*)"/>')
_PARAGRAPH = re.compile(r"(<w:p(?: [^>]*)?>)(<w:pPr/>|<w:pPr>.*?</w:pPr>)?(.*)</w:p>", re.DOTALL)
_RUN = re.compile(
    r"<w:r(?: [^>]*)?>(<w:rPr/>|<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?"
    r"((?:<w:t(?: [^>]*)?>[^<]*</w:t>|<w:t(?: [^>]*)?/>|<w:br/>|<w:tab/>)*)</w:r>",
    re.DOTALL,
)
_PIECE = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(br|tab)/>")


class _Piece(NamedTuple):
    """Some text, or a tab, with the properties of its run."""

    look: str
    text: str


def listed(xml: str, sheet: Stylesheet) -> str:
    """The body with typed bullets as paragraphs in a list style; unchanged where the template has none.

    The style is that of the paragraph's own name with " Bullet" if there is one, else "Table Bullet" in a
    table's cell, else "List Bullet".
    """
    if _PLAIN not in sheet.ids:
        return xml
    found: list[str] = []
    done = 0
    for match in _CANDIDATE.finditer(xml):
        at = match.start()
        if at < done:
            continue
        start, end = bounds(xml, at, done)
        if start < 0:
            continue
        is_cell = xml.rfind("<w:tc>", 0, start) > xml.rfind("</w:tc>", 0, start)
        found += [xml[done:start], _split(xml[start:end], sheet, is_cell=is_cell)]
        done = end
    return "".join([*found, xml[done:]])


def _split(paragraph: str, sheet: Stylesheet, *, is_cell: bool) -> str:
    """The paragraph as one or more, its bulleted lines each in a list style."""
    match = _PARAGRAPH.fullmatch(paragraph)
    if not match or _RUN.sub("", match[3]) or "<w:sectPr" in (match[2] or ""):
        return paragraph
    lines = list(_lines(match[3]))
    dashes = sum(bool(_DASH.match(_words(line))) for line in lines)
    marked = [(_is_item(_words(line), dashes), line) for line in lines]
    if not any(item for item, _ in marked):
        return paragraph
    bullet = f'<w:pPr><w:pStyle w:val="{_bullet_style(match[2] or "", sheet, is_cell=is_cell)}"/></w:pPr>'
    made: list[str] = []
    for is_item, group in groupby(marked, key=lambda pair: pair[0]):
        kept = [line for _, line in group]
        if is_item:
            made += [f"{bullet}{_runs(_bare(line))}" for line in kept]
        elif any(_words(line).strip() for line in kept):
            made.append(f"{match[2] or ''}{_broken(kept)}")
    # Word wants an id of a paragraph, which stands in its opening tag, only once.
    return "".join(f"{match[1] if not at else '<w:p>'}{inner}</w:p>" for at, inner in enumerate(made))


def _lines(runs: str) -> Iterator[list[_Piece]]:
    """The pieces of each line. A label before a tab, or a row's id, is a line of its own before a bullet."""
    line: list[_Piece] = []
    for run in _RUN.finditer(runs):
        for piece in _PIECE.finditer(run[2]):
            text = "\t" if piece[2] == "tab" else piece[1] or ""
            if piece[2] == "br" or (_SURE.match(text) and _ends_label(line)):
                yield line
                line = []
            if piece[2] != "br":
                line.append(_Piece(run[1] or "", text))
    yield line


def _ends_label(line: list[_Piece]) -> bool:
    words = _words(line)
    return words.endswith("\t") or bool(_ID.fullmatch(words))


def _words(line: Iterable[_Piece]) -> str:
    return "".join(piece.text for piece in line)


def _is_item(words: str, dashes: int) -> bool:
    return bool(_SURE.match(words)) or (dashes > 1 and bool(_DASH.match(words)))


def _bare(line: list[_Piece]) -> list[_Piece]:
    """The line without its bullet."""
    words = _words(line)
    match = _SURE.match(words) or _DASH.match(words)
    left = match.end() if match else 0
    bare = []
    for piece in line:
        bare.append(_Piece(piece.look, piece.text[left:]))
        left = max(0, left - len(piece.text))
    return [piece for piece in bare if piece.text]


def _broken(lines: list[list[_Piece]]) -> str:
    """Lines of one paragraph, without blank ones at its ends."""
    filled = [at for at, line in enumerate(lines) if _words(line).strip()]
    kept = lines[filled[0] : filled[-1] + 1]
    return "<w:r><w:br/></w:r>".join(_runs(line) for line in kept)


def _runs(line: Iterable[_Piece]) -> str:
    return "".join(
        f"<w:r>{look}<w:tab/></w:r>" if text == "\t"
        else f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'
        for look, text in line
    )  # fmt: skip


def _bullet_style(properties: str, sheet: Stylesheet, *, is_cell: bool) -> str:
    style = _STYLE.search(properties)
    own = f"{sheet.name(style[1])} bullet" if style else ""
    if own in sheet.ids:
        return sheet.ids[own]
    return sheet.ids[_TABLE if is_cell and _TABLE in sheet.ids else _PLAIN]
