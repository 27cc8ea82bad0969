"""Workbooks made to hurt: bombs, entities, endless XML, and honest ones of absurd size.

Takes a ``Filled``, returns bytes. Bombs are packed block by block, so that none is ever in memory whole.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from plbuild import archive
from tests.support.damage.files import Make
from tests.support.damage.patient import Filled, Patient
from tests.support.damage.sheets import comments
from tests.support.damage.surgery import MAIN, ref

_MEGA = 1_000_000
_SHEET = "xl/worksheets/sheet3.xml"
_TEXT_BEGINS = b'<row r="2000"><c r="D2000" t="inlineStr"><is><t>'
_TEXT_ENDS = b"</t></is></c></row>"
_CELL_TEXT = "<is><t>Mission or area</t></is>"

# ------------------------------------------------------------------------------------- bombs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """A member of a zip as it is stored: deflated, with the size and checksum that its headers claim."""

    data: bytes
    size: int
    crc: int
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0


def _packed(head: bytes, block: bytes, times: int, tail: bytes) -> _Packed:
    """``head``, many times ``block``, ``tail``; the block is deflated once."""
    first, middle, last = (_deflated(part) for part in (head, block, tail))
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    data = first + middle * times + last + b"\x03\x00"
    return _Packed(data=data, size=len(head) + len(block) * times + len(tail), crc=zlib.crc32(tail, crc))


def _deflated(data: bytes) -> bytes:
    """A piece of a deflate stream that needs nothing before it and does not end it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def _zip(members: Iterable[tuple[str, _Packed]]) -> bytes:
    """A zip of members as they are, whatever they claim (PKWARE APPNOTE 4.3.7 and 4.3.12)."""
    out, directory, count = io.BytesIO(), io.BytesIO(), 0
    for name, item in members:
        facts = struct.pack(
            "<HHHHHIIIHH",
            20, item.flags, item.method, 0, 33, item.crc, len(item.data), item.size, len(name), 0,
        )  # fmt: skip
        directory.write(b"PK\1\2" + struct.pack("<H", 20) + facts)
        directory.write(struct.pack("<HHHII", 0, 0, 0, 0, out.tell()) + name.encode())
        out.write(b"PK\3\4" + facts + name.encode() + item.data)
        count += 1
    start, length = out.tell(), directory.tell()
    end = struct.pack("<HHHHIIH", 0, 0, count, count, length, start, 0)
    return out.getvalue() + directory.getvalue() + b"PK\5\6" + end


def _plain(content: bytes) -> _Packed:
    return _packed(content, b"", 0, b"")


def _with(filled: Filled, **extra: _Packed) -> bytes:
    """The workbook with members added, or put in the place of its own; ``sheet`` is that of the needs."""
    own = {name: _plain(content) for name, content in archive.read(filled.data).items()}
    added = {_SHEET if name == "sheet" else f"xl/media/{name}": item for name, item in extra.items()}
    return _zip((own | added).items())


_MANY_ZEROS = partial(_packed, b"", bytes(_MEGA), tail=b"")


def _lying_bomb(filled: Filled) -> bytes:
    """A sheet of 300 MB that claims to have 10 kB."""
    sheet = archive.read(filled.data)[_SHEET]
    return _with(filled, sheet=replace(_packed(sheet, b" " * _MEGA, 300, b""), size=10_000))


def _endless(head: bytes, block: bytes, tail: bytes, size: int = 38) -> Make:
    """A sheet that goes on below its form with one thing over and over: so many MB, under the caps on sizes."""
    piece = block * (_MEGA // 10 // len(block))

    def make(filled: Filled) -> bytes:
        sheet = archive.read(filled.data)[_SHEET]
        before, end, after = sheet.partition(b"</sheetData>")
        times = size * _MEGA // len(piece)
        return _with(filled, sheet=_packed(before + head, piece, times, tail + end + after))

    return make


def _with_a_password(filled: Filled) -> bytes:
    """A sheet that is encrypted in the zip (PKWARE APPNOTE 4.4.4, bit 0)."""
    sheet = _plain(archive.read(filled.data)[_SHEET])
    hidden = bytes(byte ^ filled.rng.randrange(256) for byte in bytes(12) + sheet.data)
    return _with(filled, sheet=replace(sheet, flags=1, data=hidden))


def _packed_unknowably(filled: Filled) -> bytes:
    """A sheet packed in a way that zip programs do not know."""
    sheet = _plain(archive.read(filled.data)[_SHEET])
    return _with(filled, sheet=replace(sheet, method=99))


def _twice(filled: Filled) -> bytes:
    """Two members of one name; zip programs take the last, some the first."""
    members = [(name, _plain(content)) for name, content in archive.read(filled.data).items()]
    return _zip([("xl/workbook.xml", _plain(b"<workbook/>")), *members])


# ------------------------------------------------------------------------------------ entities

_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
    '<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>'
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
_REMOTE = '<!DOCTYPE x SYSTEM "http://district.example/x.dtd">'


def _doctype(part: str, doctype: str, filled: Filled) -> bytes:
    """A document type in a part; where it declares an entity, the entity in a text of the part."""
    book = Patient(filled)
    title, place = book.at("direction.mission")
    if part == _COMMENTS:
        book.hang(title, "comments", _COMMENTS, comments((place, "school_plan")))
    if part == _STRINGS:
        book.parts[_STRINGS] = f'<sst xmlns="{MAIN}"><si><t>school_plan</t></si></sst>'.encode()
        book.put_xml(title, place, "<v>0</v>", "s")
    members = archive.read(book.saved())
    declaration, mark, root = members[part].rpartition(b"?>")
    if "ENTITY f" in doctype:
        root = root.replace(b"<t>school_plan", b"<t>&f;").replace(b">School professional", b">&f;")
    return archive.pack({**members, part: declaration + mark + doctype.encode() + root})


_STRINGS, _COMMENTS = "xl/sharedStrings.xml", "xl/comments1.xml"
ENTITY_PARTS = {
    "workbook": "xl/workbook.xml",
    "relations": "xl/_rels/workbook.xml.rels",
    "sheet": "xl/worksheets/sheet2.xml",
    "shared_strings": _STRINGS,
    "comments": _COMMENTS,
    "styles": "xl/styles.xml",
    "properties": "docProps/core.xml",
}

# ------------------------------------------------------------------------------------ mere size


def _rows(count: int, cell: str) -> bytes:
    """So many rows of a hundred cells, far from the form."""
    kind = ' t="inlineStr"' if cell.startswith("<is>") else ""
    return "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{ref(row, col)}" s="0"{kind}>{cell}</c>' for col in range(30, 130))
        + "</row>"
        for row in range(1000, 1000 + count)
    ).encode()


def _cells(count: int, filled: Filled, cell: str = "<v>1</v>") -> bytes:
    """A sheet with so many more cells."""
    book = Patient(filled)
    book.replace(book.part("Needs"), b"</sheetData>", _rows(count // 100, cell) + b"</sheetData>")
    return book.saved()


def _formatted(filled: Filled) -> bytes:
    """A sheet whose every row down to the last was given a format."""
    book = Patient(filled)
    rows = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(50, 1_048_577))
    book.replace(book.part("Needs"), b"</sheetData>", rows.encode() + b"</sheetData>")
    return book.saved()


def _lost_among_cells(filled: Filled) -> bytes:
    """All names gone, and a sheet full of other texts to look through."""
    book = Patient(filled)
    book.drop_names()
    for title in ("School and team", "Needs"):
        book.replace(book.part(title), b"</sheetData>", _rows(200, _CELL_TEXT) + b"</sheetData>")
    return book.saved()


def _tall_table(filled: Filled) -> bytes:
    """A table's name down to the last row, as after a row was inserted at the end of the sheet."""
    book = Patient(filled)
    book.aim_names("'Needs'!$D$6:$M$1048576", "pl_needs")
    book.aim_names("'Needs'!$B$6:$B$1048576", "pl_needs_id")
    return book.saved()


def _wide_table(filled: Filled) -> bytes:
    book = Patient(filled)
    book.aim_names("'Needs'!$D$6:$XFD$1048576", "pl_needs")
    return book.saved()


def _many_names(filled: Filled) -> bytes:
    book = Patient(filled)
    names = "".join(
        f'<definedName name="pl_needs_{number}" localSheetId="2">#REF!</definedName>'
        for number in range(50_000)
    )
    book.replace("xl/workbook.xml", b"</definedNames>", names.encode() + b"</definedNames>")
    return book.saved()


def _many_sheets(filled: Filled) -> bytes:
    book = Patient(filled)
    for number in range(600):
        book.add_sheet(f"Sheet{number}")
    return book.saved()


def _many_comments(filled: Filled) -> bytes:
    book = Patient(filled)
    notes = ((f"A{number}", "Why?") for number in range(1, 50_001))
    book.hang("Needs", "comments", "xl/comments1.xml", comments(*notes))
    return book.saved()


def _many_runs(filled: Filled) -> bytes:
    """One text in 32,000 runs of a letter each."""
    book = Patient(filled)
    runs = "<r><t>x</t></r>" * 32_000
    book.parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si>{runs}</si></sst>'.encode()
    book.enter_xml("direction.mission", "<v>0</v>", "s")
    return book.saved()


def _number_format(filled: Filled) -> bytes:
    """A number format that is slow to look through."""
    book = Patient(filled)
    home = book.tree("xl/styles.xml").find("{*}numFmts")
    assert home is not None
    home[0].set("formatCode", "[" * 300_000)
    return book.saved()


def _typed(spot: str, text: str) -> Make:
    return _entered(spot, f"<is><t>{text}</t></is>", "inlineStr")


def _entered(spot: str, inner: str, kind: str) -> Make:
    def make(filled: Filled) -> bytes:
        book = Patient(filled)
        book.parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>Text</t></si></sst>'.encode()
        book.enter_xml(spot, inner, kind)
        return book.saved()

    return make


# ------------------------------------------------------------------------------------- packages


def _added(members: Mapping[str, bytes], filled: Filled) -> bytes:
    return archive.pack({**archive.read(filled.data), **members})


def _aimed(target: str, filled: Filled, *, external: bool = False) -> bytes:
    """The relation of a sheet aimed at something else."""
    book = Patient(filled)
    for node in book.tree("xl/_rels/workbook.xml.rels"):
        if node.get("Target", "").endswith("sheet3.xml"):
            node.set("Target", target)
            if external:
                node.set("TargetMode", "External")
    return book.saved()


HOSTILE: Mapping[str, Make] = {
    "bomb": lambda filled: _with(filled, bomb=_MANY_ZEROS(times=300)),
    "bomb_in_three_parts": lambda filled: _with(filled, **{f"b{n}": _MANY_ZEROS(times=90) for n in "123"}),
    "bomb_that_lies": _lying_bomb,
    "many_parts": lambda filled: _with(filled, **{f"p{n}": _plain(b"x") for n in range(5_000)}),
    "endless_white_space": _endless(b"", b"\n", b""),
    "endless_white_space_of_97_mb": _endless(b"", b"\n", b"", 97),
    "endless_rows": _endless(b"", b"<row/>", b""),
    "endless_unknown_elements": _endless(b"", b"<a/>", b""),
    "endless_nesting": _endless(b"", b"<a>", b""),
    "endless_attribute": _endless(b'<row a="', b"x", b'"/>'),
    "endless_comment": _endless(b"<!--", b"x", b"-->"),
    "endless_tag": _endless(b"<a", b"x", b"/>"),
    "endless_attributes": _endless(b"", b'<row spans="1:2" ht="12" a="b" c="d" e="f" g="h"/>', b""),
    "endless_text": _endless(_TEXT_BEGINS, b"x", _TEXT_ENDS),
    "endless_entities": _endless(_TEXT_BEGINS, b"&lt;", _TEXT_ENDS),
    "member_with_a_password": _with_a_password,
    "member_packed_unknowably": _packed_unknowably,
    "member_twice": _twice,
    "paths_as_members": partial(_added, {"../../x": b"x", "/etc/passwd": b"x", "C:\\x.dll": b"x", "xl/../../y": b"x"}),
    "sheet_outside_the_package": partial(_aimed, "../../../../../etc/passwd"),
    "sheet_on_the_web": lambda filled: _aimed("https://district.example/sheet.xml", filled, external=True),
    "sheet_that_is_missing": partial(_aimed, "worksheets/sheet99.xml"),
    "five_hundred_thousand_cells": partial(_cells, 500_000),
    "three_hundred_thousand_cells": partial(_cells, 300_000),
    "three_hundred_thousand_formatted_cells": partial(_cells, 300_000, cell=""),
    "three_hundred_thousand_texts": partial(_cells, 300_000, cell=_CELL_TEXT),
    "formatted_to_the_last_row": _formatted,
    "names_dropped_among_many_texts": _lost_among_cells,
    "table_name_to_the_last_row": _tall_table,
    "table_name_to_the_last_cell": _wide_table,
    "fifty_thousand_names": _many_names,
    "six_hundred_sheets": _many_sheets,
    "fifty_thousand_comments": _many_comments,
    "text_in_many_runs": _many_runs,
    "number_format_of_brackets": _number_format,
    "address_of_dots": _typed("identity.contact_email", "a@" + "." * 32_000 + "@"),
    "shared_string_that_is_missing": _entered("direction.mission", "<v>7000</v>", "s"),
    **{f"entities_in_{name}": partial(_doctype, part, _LAUGHS) for name, part in ENTITY_PARTS.items()},
    **{f"file_named_in_{name}": partial(_doctype, part, _OUTSIDE) for name, part in ENTITY_PARTS.items()},
    "doctype_on_the_web": partial(_doctype, "xl/workbook.xml", _REMOTE),
}  # fmt: skip
"""Kind of damage -> what makes it."""
