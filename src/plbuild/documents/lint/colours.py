"""Whether a text can be read against what lies behind it.

Takes a paragraph with the styles, returns whether its contrast is too low, by WCAG 2.1, 1.4.3: 4.5 to 1,
and 3 to 1 for large text (18 points, or 14 in bold).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.oxml.ns import qn

from plbuild.documents.lint.package import Element, Package, Paragraph, style_of

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_WHITE, _SIZE = "FFFFFF", 11.0


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, each six hexadecimal digits: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def is_pale(package: Package, paragraph: Paragraph) -> bool:
    """True where a stretch of the paragraph is too pale; what a table's style paints is not known."""
    behind = _behind(package, paragraph)
    for piece in paragraph.pieces:
        run = next(piece.element.iterancestors(qn("w:r")), None)
        if run is None or not piece.text.strip() or piece.element.tag != qn("w:t"):
            continue
        color = _first(package, paragraph, run, "color")
        fill = _attribute(run, "w:rPr/w:shd", "w:fill")
        back = fill if _HEX.fullmatch(fill) else behind
        if _HEX.fullmatch(color) and back and contrast(color, back) < _least(package, paragraph, run):
            return True
    return False


def _least(package: Package, paragraph: Paragraph, run: Element) -> float:
    own = _attribute(run, "w:rPr/w:sz")
    size = int(own) / 2 if own.isdigit() else float(_first(package, paragraph, run, "size") or _SIZE)
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None
    bold = bold or any(style.bold for style in package.styles_of(style_of(paragraph.element)))
    return 3.0 if size >= 18 or (bold and size >= 14) else 4.5


def _first(package: Package, paragraph: Paragraph, run: Element, what: str) -> str:
    """A property as the run has it, or its style, or the paragraph's style."""
    own = _attribute(run, "w:rPr/w:color") if what == "color" else ""
    if own:
        return own
    for name in (_attribute(run, "w:rPr/w:rStyle"), style_of(paragraph.element)):
        for style in package.styles_of(name):
            value = style.color if what == "color" else str(style.size or "")
            if value:
                return value
    return ""


def _behind(package: Package, paragraph: Paragraph) -> str:
    """The colour behind a paragraph; empty where it cannot be known."""
    for fill in _fills(package, paragraph):
        if _HEX.fullmatch(fill):
            return fill
    for table in paragraph.element.iterancestors(qn("w:tbl")):
        if _attribute(table, "w:tblPr/w:tblStyle"):
            return ""
    return _WHITE


def _fills(package: Package, paragraph: Paragraph) -> Iterator[str]:
    yield _attribute(paragraph.element, "w:pPr/w:shd", "w:fill")
    for style in package.styles_of(style_of(paragraph.element)):
        yield style.fill
    for cell in paragraph.element.iterancestors(qn("w:tc")):
        yield _attribute(cell, "w:tcPr/w:shd", "w:fill")


def _attribute(item: Element, path: str, name: str = "w:val") -> str:
    found = item.find("/".join(qn(step) for step in path.split("/")))
    return "" if found is None else str(found.get(qn(name), ""))
