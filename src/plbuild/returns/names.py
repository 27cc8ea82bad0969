"""What marked copies are called below ``returned/``: as the submitter called the file, made safe.

Takes names as they came, from disks and out of zip files; returns relative paths that Windows, macOS and
Linux accept, that stay below their folder and that differ even where letter case does not count.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping

from plbuild.returns.package import DAMAGE, Package, opened

# Characters that Windows refuses, and those that cannot be seen.
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
# Windows opens paths of 260 characters, the folders above included.
_LONGEST, _LONGEST_PATH = 80, 130
_MAX_INNER = 100_000_000

_ENDINGS = {
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
}


def file_names(endings: Mapping[str, str]) -> dict[str, str]:
    """A relative path for the marked copy of each file; ``endings`` by file, as ``ending_of`` tells them.

    Excel opens a workbook only under the ending of its type, so that one with macros keeps ``.xlsm``.
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for file, ending in endings.items():
        stem = "/".join(_parts(file)) or "file"
        if stem.casefold().endswith(ending):
            stem = stem[: -len(ending)]
        name, count = f"{stem}{ending}", 1
        while unicodedata.normalize("NFKC", name).casefold() in taken:
            count += 1
            name = f"{stem} ({count}){ending}"
        taken.add(unicodedata.normalize("NFKC", name).casefold())
        made[file] = name
    return made


def ending_of(data: bytes) -> str:
    """The ending under which Excel opens a marked copy."""
    try:
        package: Package = opened(data)
    except DAMAGE:
        return ".xlsx"
    return _ENDINGS.get(package.content_type(package.workbook), ".xlsx")


def _parts(file: str) -> Iterable[str]:
    """The folders and the name of a file; the name alone where they are more than a path should hold."""
    kept = [part for part in map(_safe, file.replace("\\", "/").split("/")) if part]
    return kept if sum(map(len, kept)) <= _LONGEST_PATH else kept[-1:]


def _safe(part: str) -> str:
    text = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", part)).split())
    text = text.lstrip(".~$ ").rstrip(". ")
    if len(text) > _LONGEST:
        stem, dot, ending = text.rpartition(".")
        short = ending if dot and len(ending) <= 5 else ""
        text = f"{(stem if short else text)[: _LONGEST - len(short) - 1].rstrip('. ')}.{short}".rstrip(".")
    return f"_{text}" if _DEVICES.fullmatch(text) else text


def inner(data: bytes, name: str) -> bytes:
    """The file ``name`` of a zip; nothing where it is not there, damaged, or larger than any workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return package.read(name) if package.getinfo(name).file_size <= _MAX_INNER else b""
    except DAMAGE:
        return b""
