"""What a file is, by its content and not by its name, before anything is parsed.

Takes bytes, returns the workbooks in them or the code of the finding that says what else it is. Caps are
absolute: real workbooks expand 5 to 12 times, so that a rule on the ratio would refuse good files.
"""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

MAX_FILE = 50_000_000
MAX_PART = 100_000_000
MAX_TOTAL = 200_000_000
MAX_PARTS = 1_000
MAX_INNER = 100

# The first bytes of an OLE container (MS-CFB 2.2), of a Windows shortcut (MS-SHLLINK 2.1).
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SHORTCUT = bytes.fromhex("4c0000000114020000000000")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")

ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
"""What Python's zipfile raises on damaged, encrypted or exotic packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a file is: ``workbook``, ``bundle`` (a zip of files), or the code of a finding."""

    code: str
    words: Mapping[str, str] = field(default_factory=dict)
    has_macros: bool = False


WORKBOOK, BUNDLE = "workbook", "bundle"


def kind_of(data: bytes) -> Kind:
    """What ``data`` is. Raises nothing."""
    if not data:
        return Kind(code="file-empty")
    if len(data) > MAX_FILE:
        return Kind(code="file-too-large", words={"reason": _megabytes(len(data), MAX_FILE)})
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return Kind(code="file-password")
        return Kind(code="file-word" if _OLD_WORD in data else "file-old-excel")
    if data.startswith(b"%PDF"):
        return Kind(code="file-pdf")
    if data.startswith(_SHORTCUT) or data[:64].lstrip().startswith(b"[InternetShortcut]"):
        return Kind(code="file-shortcut")
    return _text_kind(data)


def _megabytes(size: int, cap: int) -> str:
    return f"{size / 1_000_000:,.0f} MB, where at most {cap / 1_000_000:,.0f} MB are read"


def _text_kind(data: bytes) -> Kind:
    head = data[:4096]
    if not head.strip(b"\0"):
        return Kind(code="file-empty")
    for mark in (b"<html", b"<!doctype html", b"<table", b"urn:schemas-microsoft-com:office:spreadsheet"):
        if mark in head.lower():
            return Kind(code="file-html")
    text = _decoded(head, whole=len(head) == len(data))
    if any(ord(char) < 32 and char not in "\t\r\n" for char in text):
        return Kind(code="file-unknown")
    if not text.strip():
        return Kind(code="file-empty")
    first = text.strip().splitlines()[0]
    return Kind(code="file-csv" if any(mark in first for mark in ",;\t") else "file-text")


def _decoded(head: bytes, *, whole: bool) -> str:
    """The beginning of a file as text; "\0" where it is none. Its last character may be cut.

    Excel saves "CSV" in the code page of the computer and "Unicode Text" in UTF-16.
    """
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return codecs.getincrementaldecoder(encoding)().decode(head, final=whole)
    return "\0"


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if problem := _too_large(infos):
                return Kind(code="file-too-large", words={"reason": problem})
            names = {info.filename for info in infos}
            locked = any(info.flag_bits & 1 for info in infos)
            mimetype = _start(package, "mimetype", 100) if "mimetype" in names else b""
    except ZIP_ERRORS:
        return Kind(code="file-damaged")
    kind = _package_kind(names, mimetype)
    return Kind(code="file-password") if locked and kind.code == BUNDLE else kind


def _too_large(infos: list[zipfile.ZipInfo]) -> str:
    total = sum(info.file_size for info in infos)
    largest = max((info.file_size for info in infos), default=0)
    if len(infos) > MAX_PARTS:
        return f"{len(infos):,} parts, where at most {MAX_PARTS:,} are read"
    if total > MAX_TOTAL:
        return _megabytes(total, MAX_TOTAL)
    return _megabytes(largest, MAX_PART) if largest > MAX_PART else ""


def _package_kind(names: set[str], mimetype: bytes) -> Kind:
    if "xl/workbook.xml" in names:
        return Kind(code=WORKBOOK, has_macros="xl/vbaProject.bin" in names)
    if "xl/workbook.bin" in names:
        return Kind(code="file-old-excel")
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return Kind(code="file-ods" if b"spreadsheet" in mimetype else "file-word")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return Kind(code="file-numbers")
    if any(name.startswith("word/") for name in names):
        return Kind(code="file-word")
    if not names:
        return Kind(code="file-empty")
    if "[Content_Types].xml" in names:
        return Kind(code="file-damaged")
    return Kind(code=BUNDLE)


def members(data: bytes) -> tuple[list[tuple[str, bytes]], int]:
    """The files in a zip that was sent as such, by their own names, system files left out; and how many
    beyond ``MAX_INNER`` were not read. Raises one of ``ZIP_ERRORS``.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        infos = [
            info
            for info in package.infolist()
            if not info.is_dir() and "__MACOSX" not in info.filename and not _is_system(info.filename)
        ]
        read = [(info.filename, _start(package, info, info.file_size)) for info in infos[:MAX_INNER]]
        return read, len(infos) - len(read)


def _start(package: zipfile.ZipFile, member: str | zipfile.ZipInfo, size: int) -> bytes:
    """The first bytes of a member; ``ZipFile.read`` expands all that there is, however much it says it is."""
    with package.open(member) as stream:
        return stream.read(size)


def _is_system(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(("~$", "._", ".~lock.")) or name.casefold() in (".ds_store", "thumbs.db")
