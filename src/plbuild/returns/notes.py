"""Notes on cells: what Excel calls legacy comments, in a comments part and a VML drawing.

Takes a sheet of a ``Package``; adds our notes beside the submitter's own and takes ours out again. A cell
that has a note or a thread of theirs gets none of ours. Excel shows a note only where the drawing holds a
shape for it (seen); drawings are changed as bytes, because those of Excel need not be well-formed XML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from lxml import etree

from plbuild.model import NOTE_HEAD, is_our_note
from plbuild.returns.package import Package, added, link_attribute
from plbuild.returns.sheet import MAX_COL, MAX_ROW, Place, Worksheet, cell_of, place_of
from plbuild.returns.texts import stored

AUTHOR = "plbuild"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_SHAPE_TAG = re.compile(rb"<(/?)(?:\w{1,20}:)?shape[\s>]")
_SHAPE_ID = re.compile(rb"_x0000_s(\d{1,9})\b")
_IDMAP = re.compile(rb"idmap\b[^>]{0,200}?\bdata=[\"']([\d,\s]*)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d{1,7})\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d{1,5})\s*<")
_BLOCK = 1024

_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE_TYPE = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
# Pixels: a note is this wide, and as tall as its lines of about so many letters.
_WIDTH, _LETTERS, _LINE, _PADDING, _TALLEST, _GAP = 320, 46, 16, 14, 420, 12


def add_notes(
    package: Package, part: str, sheet: Worksheet, notes: Mapping[Place, tuple[str, str]]
) -> set[Place]:
    """Put notes (first line, further text) on cells of the sheet in ``part``.

    Returns the cells that could not get one, because they have one of their own or because the drawing
    of the sheet is not one to which a shape can be added.
    """
    vml = _drawing_part(package, part, sheet)
    if sheet.drawing() is not None and b"</xml>" not in (package.read(vml) if vml in package else b""):
        return set(notes)
    taken = _taken(package, part)
    wanted = {place: text for place, text in sorted(notes.items()) if cell_of(place) not in taken}
    if wanted:
        _add_comments(package, part, wanted)
        _add_shapes(package, part, sheet, vml, wanted)
    return set(notes) - set(wanted)


def _drawing_part(package: Package, part: str, sheet: Worksheet) -> str:
    drawing = sheet.drawing()
    wanted = drawing.get(link_attribute(drawing), "") if drawing is not None else ""
    return next((item.part for item in package.relations(part) if wanted and item.id == wanted), "")


def _taken(package: Package, part: str) -> set[str]:
    """The cells of a sheet that have a note or a thread."""
    found: set[str] = set()
    for item in package.relations(part):
        if item.kind in ("comments", "threadedComment") and item.part in package:
            tree = package.tree(item.part)
            found |= {node.get("ref", "") for node in tree.iter("{*}comment", "{*}threadedComment")}
    return found


def _add_comments(package: Package, part: str, notes: Mapping[Place, tuple[str, str]]) -> None:
    home = package.related(part, "comments")
    if not home:
        home = package.free_name("xl/comments", ".xml")
        namespace = etree.QName(package.tree(package.workbook)).namespace
        empty = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode()
        package.add_part(home, empty, _COMMENTS_TYPE, of=part, kind="comments")
    root = package.change(home)
    authors, comments = root.find("{*}authors"), root.find("{*}commentList")
    if authors is None or comments is None:
        raise ValueError("a comments part without authors or comments")
    names = [node.text for node in authors.iterfind("{*}author")]
    if AUTHOR not in names:
        added(authors, f"<author>{AUTHOR}</author>")
        names.append(AUTHOR)
    author = names.index(AUTHOR)
    for place, (first, further) in notes.items():
        ref = cell_of(place)
        text = _run(first, "<b/>") + _run(further, "")
        added(comments, f'<comment ref="{ref}" authorId="{author}" shapeId="0"><text>{text}</text></comment>')


def _run(text: str, weight: str) -> str:
    look = f'<rPr>{weight}<sz val="10"/><color indexed="81"/><rFont val="Calibri"/><family val="2"/></rPr>'
    return f'<r>{look}<t xml:space="preserve">{escape(stored(text))}</t></r>'


# ------------------------------------------------------------------------------------------ shapes


def _add_shapes(
    package: Package, part: str, sheet: Worksheet, vml: str, notes: Mapping[Place, tuple[str, str]]
) -> None:
    number, block = _free_numbers(package, vml)
    shapes = "".join(
        _shape(number + count, sheet, place, "".join(text))
        for count, (place, text) in enumerate(notes.items())
    )
    if vml:
        content = package.read(vml)
        kind = b"" if b'id="_x0000_t202"' in content else _SHAPE_TYPE.encode()
        head, end, tail = content.rpartition(b"</xml>")
        package.write(vml, head + kind + shapes.encode() + end + tail)
        return
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
    content = f"<xml {_NAMESPACES}>{layout}{_SHAPE_TYPE}{shapes}</xml>".encode()
    vml = package.free_name("xl/drawings/vmlDrawing", ".vml")
    sheet.add_drawing(package.add_part(vml, content, _VML_TYPE, of=part, kind="vmlDrawing"))


def _free_numbers(package: Package, vml: str) -> tuple[int, int]:
    """The number of the first new shape, and the block of 1,024 that a new drawing numbers its shapes in.

    No two drawings of a workbook share a block (MS-OI29500 2.1.1754: shape identifiers are unique).
    """
    if vml:
        content = package.read(vml)
        ids = [int(number) for number in _SHAPE_ID.findall(content)]
        blocks = [int(n) for found in _IDMAP.findall(content) for n in found.split(b",") if n.strip()]
        return max(ids, default=_BLOCK * max(blocks, default=1)) + 1, 0
    used = {0}
    for name in package.parts(".vml"):
        content = package.read(name)
        used |= {int(n) for found in _IDMAP.findall(content) for n in found.split(b",") if n.strip()}
        used |= {int(number) // _BLOCK for number in _SHAPE_ID.findall(content)}
    block = max(used) + 1
    return _BLOCK * block + 1, block


def _shape(number: int, sheet: Worksheet, place: Place, text: str) -> str:
    anchor = ", ".join(map(str, _anchor(sheet, place, text)))
    return (
        f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" '
        f'style="position:absolute;margin-left:60pt;margin-top:2pt;width:{_WIDTH * 3 // 4}pt;'
        f'height:{_tall(text) * 3 // 4}pt;z-index:1;visibility:hidden" fillcolor="#fff4e0" '
        'o:insetmode="auto"><v:fill color2="#fff4e0"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{place[0] - 1}</x:Row><x:Column>{place[1] - 1}</x:Column></x:ClientData></v:shape>"
    )


def _tall(text: str) -> int:
    lines = sum(1 + len(line) // _LETTERS for line in text.split("\n"))
    return min(_TALLEST, lines * _LINE + _PADDING)


def _anchor(sheet: Worksheet, place: Place, text: str) -> tuple[int, ...]:
    """Where a note opens: right of its cell; left column and offset, top row and offset, right, bottom."""
    last = max(col for _, col in sheet.merged(place))
    left, right_of = (last, _GAP) if last < MAX_COL - 3 else (max(0, place[1] - 4), 0)
    right, right_offset = _reach(lambda index: sheet.width(index + 1), left, right_of + _WIDTH, MAX_COL)
    top = place[0] - 1
    bottom, bottom_offset = _reach(lambda index: sheet.height(index + 1), top, 2 + _tall(text), MAX_ROW)
    return (left, right_of, top, 2, right, right_offset, bottom, bottom_offset)


def _reach(size: Callable[[int], float], start: int, length: int, end: int) -> tuple[int, int]:
    """The column or row, counted from 0, in which something that long ends, and how far into it."""
    index, rest = start, float(length)
    while rest > size(index) and index < min(end - 1, start + 200):
        rest -= size(index)
        index += 1
    return index, int(min(rest, size(index)))


# ----------------------------------------------------------------------------------- out again


def remove_notes(package: Package, part: str) -> None:
    """Take our notes out of the sheet in ``part``; a note into which somebody wrote is theirs and stays."""
    home = package.related(part, "comments")
    if not home or NOTE_HEAD.encode() not in package.read(home):
        return
    root = package.change(home)
    gone: set[tuple[int, int]] = set()
    for node in root.findall("{*}commentList/{*}comment"):
        text = "".join(run.text or "" for run in node.iterfind("{*}text//{*}t"))
        parent, place = node.getparent(), place_of(node.get("ref", ""))
        if parent is not None and place and is_our_note(text):
            parent.remove(node)
            gone.add((place[0] - 1, place[1] - 1))
    if not gone:
        return
    sheet_root = package.change(part)
    drawing = sheet_root.find("{*}legacyDrawing")
    relation = drawing.get(link_attribute(drawing), "") if drawing is not None else ""
    vml = next((item.part for item in package.relations(part) if relation and item.id == relation), "")
    if vml in package:
        content = package.read(vml)
        shapes = list(_shapes(content))
        ours = [(start, end) for start, end in shapes if _stands_at(content[start:end], gone)]
        package.write(vml, _without(content, ours))
        if drawing is not None and len(ours) == len(shapes):
            sheet_root.remove(drawing)
            package.drop_part(vml, of=part)
    if root.find("{*}commentList/{*}comment") is None:
        package.drop_part(home, of=part)


def _shapes(vml: bytes) -> Iterator[tuple[int, int]]:
    """Where each shape of a drawing begins and ends."""
    start = -1
    for tag in _SHAPE_TAG.finditer(vml):
        if not tag[1]:
            start = tag.start()
        elif start >= 0:
            yield start, tag.end()
            start = -1


def _without(content: bytes, pieces: Iterable[tuple[int, int]]) -> bytes:
    kept, last = [], 0
    for start, end in pieces:
        kept.append(content[last:start])
        last = end
    return b"".join([*kept, content[last:]])


def _stands_at(shape: bytes, places: set[tuple[int, int]]) -> bool:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return bool(row and column and (int(row[1]), int(column[1])) in places)
