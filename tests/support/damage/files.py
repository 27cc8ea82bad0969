"""What people send instead of a workbook, and workbooks that arrived broken.

Takes a ``Filled``, returns bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial

from plbuild import archive
from tests.support.damage.patient import Filled, Patient

Make = Callable[[Filled], bytes]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
_SHORTCUT = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(200)
_CSV = "Area,Kind of data,What the data show\nMathematics,Perception,Fine\n"
_ODS, _ODT = (f"application/vnd.oasis.opendocument.{kind}" for kind in ("spreadsheet", "text"))
_PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(64)

TRUNCATIONS = 20

PARTS_READ = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/core.xml")
PARTS_PASSED_BY = ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "xl/theme/theme1.xml")
SHEET_PARTS = tuple(f"xl/worksheets/sheet{number}.xml" for number in range(1, 15))


def _ole(stream: str) -> Make:
    return lambda _: _OLE + stream.encode("utf-16-le") + bytes(4096)


def _always(data: bytes | str) -> Make:
    return lambda _: data.encode() if isinstance(data, str) else data


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip as people make it, and as a program makes a package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _zip_of_workbooks(filled: Filled) -> bytes:
    return zipped(
        {
            "plans/Bridges.xlsx": filled.data,
            "plans/readme.pdf": b"%PDF-1.7",
            "plans/~$Bridges.xlsx": b"lock",
            "__MACOSX/plans/._Bridges.xlsx": b"\0",
            ".DS_Store": b"\0",
        }
    )


def _zip_with_a_password(filled: Filled) -> bytes:
    """A zip whose member says that it is encrypted, in its two headers (PKWARE APPNOTE 4.4.4, bit 0)."""
    data = bytearray(zipped({"Bridges.xlsx": filled.data}))
    data[6] |= 1
    data[data.rindex(b"PK\1\2") + 8] |= 1
    return bytes(data)


def _macros(filled: Filled) -> bytes:
    members = archive.read(filled.data)
    return archive.pack({**members, "xl/vbaProject.bin": _OLE})


def _strict(filled: Filled) -> bytes:
    """As Excel saves a "Strict Open XML Spreadsheet" (ISO/IEC 29500-1): other namespaces throughout."""
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    return _everywhere(filled, spaces)


def _prefixed(filled: Filled) -> bytes:
    """Every element of the sheets with a prefix, as some programs write them."""
    book = Patient(filled)
    parts = {book.part(title) for title in book.titles}
    members = archive.read(filled.data)
    for part in parts:
        text = members[part].decode().replace("</", "</x:").replace("xmlns=", "xmlns:x=")
        pieces = text.split("<")
        members[part] = "<".join(
            piece if not piece or piece[0] in "/?!" else f"x:{piece}" for piece in pieces
        ).encode()
    return archive.pack(members)


def _mac_fonts(filled: Filled) -> bytes:
    """Excel for Mac's font family, at which openpyxl stops."""
    return _everywhere(filled, {b'<family val="2"/>': b'<family val="34"/>'})


def _everywhere(filled: Filled, words: Mapping[bytes, bytes]) -> bytes:
    members = archive.read(filled.data)
    before = dict(members)
    for name in members:
        for old, new in words.items():
            members[name] = members[name].replace(old, new)
    assert members != before
    return archive.pack(members)


def _other_dimension(filled: Filled) -> bytes:
    """Sheets that claim to reach to the last cell."""
    book = Patient(filled)
    for title in book.titles:
        dimension = book.sheet(title).find("{*}dimension")
        assert dimension is not None
        dimension.set("ref", "A1:XFD1048576")
    return book.saved()


def _truncated(number: int, filled: Filled) -> bytes:
    return filled.data[: len(filled.data) * number // (TRUNCATIONS + 1)]


def _byte_changed(part: str, filled: Filled) -> bytes:
    """One byte of a part's packed content is another one."""
    with zipfile.ZipFile(io.BytesIO(filled.data)) as package:
        info = package.getinfo(part)
    start = info.header_offset + 30 + len(info.filename.encode()) + len(info.extra)
    place = start + filled.rng.randrange(info.compress_size)
    data = bytearray(filled.data)
    data[place] ^= filled.rng.randrange(1, 256)
    return bytes(data)


FILES: Mapping[str, Make] = {
    "old_excel": _ole("Workbook"),
    "with_a_password": _ole("EncryptedPackage"),
    "old_word": _ole("WordDocument"),
    "web_page": _always("\n <HTML><body><table><tr><td>Mission</td></tr></table></body></html>"),
    "xml_table": _always('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    "csv": _always(_CSV),
    "csv_with_a_mark": _always(b"\xef\xbb\xbf" + _CSV.encode()),
    "csv_of_a_windows_computer": _always((_CSV + "Peña,Perception,“Fine”\n").encode("cp1252")),
    "mark_and_nothing_behind_it": _always(b"\xef\xbb\xbf"),
    "unicode_text": _always(_CSV.replace(",", "\t").encode("utf-16")),
    "plain_text": _always("We teach everybody.\n"),
    "rich_text_file": _always(r"{\rtf1\ansi We teach everybody.}"),
    "pdf": _always("%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n"),
    "word": lambda _: zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
    "opendocument": lambda _: zipped({"mimetype": _ODS.encode(), "content.xml": b"<x/>"}),
    "opendocument_text": lambda _: zipped({"mimetype": _ODT.encode(), "content.xml": b"<x/>"}),
    "numbers": lambda _: zipped({"Index/Document.iwa": b"\0", "preview.jpg": b"\xff\xd8"}),
    "binary_workbook": lambda _: zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\0"}),
    "empty": _always(b""),
    "cloud_placeholder": _always(bytes(4096)),
    "shortcut": _always(_SHORTCUT),
    "web_shortcut": _always("[InternetShortcut]\r\nURL=https://district.example/plan.xlsx\r\n"),
    "picture": _always(_PNG),
    "random_bytes": lambda filled: b"\xfe" + filled.rng.randbytes(5000),
    "zip_of_workbooks": _zip_of_workbooks,
    "zip_in_a_zip": lambda filled: zipped({"inner.zip": zipped({"Bridges.xlsx": filled.data})}),
    "zip_with_a_password": _zip_with_a_password,
    "zip_of_nothing": lambda _: zipped({}),
    "zip_of_system_files": lambda _: zipped({".DS_Store": b"\0", "__MACOSX/._x": b"\0"}),
    "zip_of_too_many_files": lambda _: zipped({f"{number}.txt": b"hello" for number in range(130)}),
    "package_without_a_workbook": lambda _: zipped({"[Content_Types].xml": b"<Types/>"}),
    "macros": _macros,
    "strict_open_xml": _strict,
    "prefixed_xml": _prefixed,
    "fonts_of_excel_for_mac": _mac_fonts,
    "dimension_to_the_last_cell": _other_dimension,
    **{f"truncated_{n:02}": partial(_truncated, n) for n in range(1, TRUNCATIONS + 1)},
    **{
        f"byte_changed_in_{part}": partial(_byte_changed, part)
        for part in (*PARTS_READ, *PARTS_PASSED_BY, *SHEET_PARTS)
    },
}  # fmt: skip
"""Kind of damage -> what makes it."""
