"""Zip packages (.xlsx, .docx) whose bytes depend on their content alone.

Shared by the stages that write Office files. openpyxl stamps the clock into ``docProps/core.xml`` and
into the zip's own times; both are replaced here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping

# The earliest time that a zip can hold (PKWARE APPNOTE 4.4.6, MS-DOS dates begin in 1980).
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def read(data: bytes) -> dict[str, bytes]:
    """The members of a zip by name, in its order. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def pack(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of ``members`` in their order, without times or platform marks."""
    pairs = members.items() if isinstance(members, Mapping) else members
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in pairs:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, content)
    return buffer.getvalue()


def stream(members: Iterable[tuple[str, Iterable[bytes]]]) -> bytes:
    """As ``pack``, of members whose content comes piece by piece, so that none is ever whole in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, pieces in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            with package.open(info, "w") as member:
                for piece in pieces:
                    member.write(piece)
    return buffer.getvalue()


def repack(data: bytes, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same package without times; ``change`` may alter each member's content."""
    members = read(data)
    if core := members.get("docProps/core.xml"):
        members["docProps/core.xml"] = _STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", core)
    if change:
        members = {name: change(name, content) for name, content in members.items()}
    return pack(members)
