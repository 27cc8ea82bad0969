"""What would shut a reader with a screen reader, or with weak sight, out of a Word document.

Takes the bytes of a finished document, returns a sentence for each problem. The rules are those of WCAG 2.1
AA that can be told from the file, as Microsoft's own accessibility checker and PDF/UA read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from plbuild import archive

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = {
    "w": _W,
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "v": "urn:schemas-microsoft-com:vml",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
    "dc": "http://purl.org/dc/elements/1.1/",
}
# WCAG 2.1, 1.4.3; the large-text exception is not used.
_CONTRAST = 4.5
_EMPTY = 1  # empty paragraphs outside of tables that a document may have
_BULLET = re.compile(r"\s*[•▪‣◦●○∙*·–-]\s+\S")
_VAGUE = {"", "here", "click here", "link", "this link", "more", "read more"}


def problems(docx: bytes) -> list[str]:
    """Every problem of a Word document, in words; an empty list is a pass."""
    members = archive.read(docx)
    styles = _Styles(etree.fromstring(members["word/styles.xml"]))
    body = etree.fromstring(members["word/document.xml"])
    running = [
        etree.fromstring(data)
        for name, data in members.items()
        if re.fullmatch(r"word/(header|footer|footnotes)\w*\.xml", name)
    ]
    found = [*_properties(members, styles), *_headings(body, styles), *_tables(body), *_spacing(body)]
    for part in (body, *running):
        found += [*_pictures(part), *_lists(part), *_links(part), *_contrast(part, styles)]
    return found


def _properties(members: Mapping[str, bytes], styles: _Styles) -> Iterator[str]:
    core = etree.fromstring(members["docProps/core.xml"])
    for name in ("title", "language"):
        if not core.findtext(f"dc:{name}", "", _NS).strip():
            yield f"properties: no {name}"
    language = styles.tree.find("w:docDefaults/w:rPrDefault/w:rPr/w:lang", _NS)
    if language is None or not _value(language):
        yield "styles: no language"


def _headings(body: etree._Element, styles: _Styles) -> Iterator[str]:
    before = 0
    for paragraph in body.iter(f"{{{_W}}}p"):
        level = styles.level(paragraph)
        if not level:
            continue
        text = _text(paragraph)
        if not text.strip():
            yield f"empty heading of level {level}"
        elif not before and level != 1:
            yield f"first heading of level {level}: {text}"
        elif level > before + 1:
            yield f"heading of level {level} after {before}: {text}"
        before = level
    if not before:
        yield "no heading"


def _tables(body: etree._Element) -> Iterator[str]:
    for number, table in enumerate(body.iter(f"{{{_W}}}tbl"), start=1):
        rows = table.findall("w:tr", _NS)
        place = f"table {number} ({_text(rows[0])[:40] if rows else ''})"
        header = rows[0].find("w:trPr/w:tblHeader", _NS) if rows else None
        if header is None or _value(header) in ("0", "false"):
            yield f"{place}: its first row is not marked as a heading row"
        for tag in ("gridSpan", "vMerge", "hMerge"):
            if any(True for _ in table.iter(f"{{{_W}}}{tag}")):
                yield f"{place}: merged cells ({tag})"
        columns = len(table.findall("w:tblGrid/w:gridCol", _NS))
        if any(len(row.findall("w:tc", _NS)) != columns for row in rows):
            yield f"{place}: a row has not as many cells as the table has columns"
        if rows and not all(_text(cell).strip() for cell in rows[0].findall("w:tc", _NS)):
            yield f"{place}: an empty heading cell"


def _spacing(body: etree._Element) -> Iterator[str]:
    empty = [
        paragraph
        for paragraph in body.findall("w:body/w:p", _NS)
        if not _text(paragraph).strip()
        and not any(True for _ in paragraph.iter(f"{{{_W}}}drawing", f"{{{_W}}}pict", f"{{{_W}}}sectPr"))
    ]
    if len(empty) > _EMPTY:
        yield f"{len(empty)} empty paragraphs"


def _pictures(part: etree._Element) -> Iterator[str]:
    for picture in part.iter(f"{{{_NS['wp']}}}docPr"):
        decorative = picture.find(".//adec:decorative", _NS)
        if not picture.get("descr", "").strip() and (decorative is None or decorative.get("val") != "1"):
            yield f"picture {picture.get('name', '')}: no alternative text"
    for shape in part.iter(f"{{{_NS['v']}}}shape", f"{{{_NS['v']}}}imagedata"):
        owner = shape if shape.get("alt") else shape.getparent()
        if owner is None or not owner.get("alt"):
            yield "shape: no alternative text"


def _lists(part: etree._Element) -> Iterator[str]:
    for paragraph in part.iter(f"{{{_W}}}p"):
        if _BULLET.match(_text(paragraph)):
            yield f"a bullet is typed: {_text(paragraph)[:40]}"


def _links(part: etree._Element) -> Iterator[str]:
    for link in part.iter(f"{{{_W}}}hyperlink"):
        if (text := _text(link).strip().casefold()) in _VAGUE:
            yield f"a link does not say where it leads: {text!r}"


def _contrast(part: etree._Element, styles: _Styles) -> Iterator[str]:
    told = set()
    for run in part.iter(f"{{{_W}}}r"):
        if not _text(run).strip():
            continue
        color, ground = styles.color(run), styles.ground(run)
        if color == "auto":
            color = "000000" if contrast("000000", ground) >= contrast("FFFFFF", ground) else "FFFFFF"
        ratio = contrast(color, ground)
        if ratio < _CONTRAST and (color, ground) not in told:
            told.add((color, ground))
            yield f"{color} on {ground} is {ratio:.1f} to 1: {_text(run)[:40]}"


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles of a document: what a paragraph, run or table is where it says nothing itself."""

    tree: etree._Element

    def level(self, paragraph: etree._Element) -> int:
        """1 to 9 for a heading, 0 for what is none."""
        for element in (paragraph, *self._chain(_style_of(paragraph, "pPr/w:pStyle"))):
            found = element.find("w:pPr/w:outlineLvl", _NS)
            if found is not None and int(_value(found)) < 9:
                return int(_value(found)) + 1
            name = element.find("w:name", _NS)
            heading = re.fullmatch(r"heading (\d)", _value(name), re.IGNORECASE) if name is not None else None
            if heading:
                return int(heading.group(1))
        return 0

    def color(self, run: etree._Element) -> str:
        """The colour of a run: its own, its styles', its table's, else that of the defaults."""
        paragraph = _above(run, "p")
        holders = [run, *self._chain(_style_of(run, "rPr/w:rStyle"))]
        if paragraph is not None:
            holders += self._chain(_style_of(paragraph, "pPr/w:pStyle") or self._default())
        holders += self._of_table(run)
        for holder in holders:
            if (color := holder.find("w:rPr/w:color", _NS)) is not None:
                return _value(color)
        default = self.tree.find("w:docDefaults/w:rPrDefault/w:rPr/w:color", _NS)
        return "auto" if default is None else _value(default)

    def ground(self, run: etree._Element) -> str:
        """What stands behind a run: its own shade, its paragraph's, its cell's, its table's, else white."""
        paragraph, cell = _above(run, "p"), _above(run, "tc")
        holders = [(run, "rPr")]
        if paragraph is not None:
            styles = self._chain(_style_of(paragraph, "pPr/w:pStyle") or self._default())
            holders += [(holder, "pPr") for holder in (paragraph, *styles)]
        if cell is not None:
            holders.append((cell, "tcPr"))
        holders += [(holder, "tcPr") for holder in self._of_table(run)]
        for holder, where in holders:
            shade = holder.find(f"w:{where}/w:shd", _NS)
            fill = "auto" if shade is None else shade.get(f"{{{_W}}}fill", "auto")
            if fill != "auto":
                return fill
        return "FFFFFF"

    def _default(self) -> str:
        found = self.tree.find("w:style[@w:type='paragraph'][@w:default='1']", _NS)
        return "" if found is None else found.get(f"{{{_W}}}styleId", "")

    def _chain(self, style_id: str) -> list[etree._Element]:
        """A style and those that it is based on."""
        chain: list[etree._Element] = []
        while style_id:
            found = self.tree.find(f"w:style[@w:styleId='{style_id}']", _NS)
            if found is None or found in chain:
                break
            chain.append(found)
            style_id = _style_of(found, "basedOn")
        return chain

    def _of_table(self, run: etree._Element) -> list[etree._Element]:
        """What the style of a run's table says of its row, then of the whole table."""
        table, row = _above(run, "tbl"), _above(run, "tr")
        if table is None or row is None:
            return []
        rows = table.findall("w:tr", _NS)
        kinds = [k for k, at in (("firstRow", 0), ("lastRow", -1)) if rows[at] is row]
        chain = self._chain(_style_of(table, "tblPr/w:tblStyle"))
        parts = [s.find(f"w:tblStylePr[@w:type='{kind}']", _NS) for kind in kinds for s in chain]
        return [*(part for part in parts if part is not None), *chain]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.1, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _above(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(f"{{{_W}}}{tag}"), None)


def _style_of(element: etree._Element, path: str) -> str:
    found = element.find(f"w:{path}", _NS)
    return "" if found is None else _value(found)


def _value(element: etree._Element) -> str:
    return str(element.get(f"{{{_W}}}val", ""))


def _text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{{{_W}}}t"))
