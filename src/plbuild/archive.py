"""Zip packages (.xlsx, .docx) whose bytes depend on their content alone.

Shared by the stages that write Office files. openpyxl stamps the clock into ``docProps/core.xml`` and
into the zip's own times; both are replaced here. Design decision: the records of the zip are written
here, because ``zipfile`` deflates every member each time, and most members of a Word plan are those of
its template; a member that was deflated once is copied as it is, and so are the pieces of a large one.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from isal import isal_zlib

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")

# The records of PKWARE's APPNOTE 6.3.10: local file header (4.3.7), central directory header (4.3.12),
# end of central directory (4.3.16), each with its signature.
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20  # 2.0, the first with deflate (4.4.3.2)
_DEFLATED = 8  # 4.4.5
_UTF_8 = 0x800  # bit 11: the name is UTF-8 (4.4.4)
_MODE = 0o600 << 16  # external attributes as ``zipfile`` writes them, so that older files stay the same
_TIME, _DATE = 0, (1 << 5) | 1  # midnight of 1 January 1980, the earliest that a zip can hold (4.4.6)
# Of ISA-L's levels, 2 takes a fifteenth of the time of zlib's own choice, and a quarter more room.
_QUICK = 2
# Above these a zip needs the records of ZIP64 (4.4.1.4), which no Office file of ours comes near.
_MOST_BYTES, _MOST_MEMBERS = 0xFFFFFFFF, 0xFFFF


# A last block with nothing in it (RFC 1951, 3.2.6).
_LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a file, deflated so that it can stand anywhere in any file; ``crc`` is that of the part."""

    crc: int
    size: int
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of a package, deflated: what zip's records say of it, and its compressed bytes."""

    name: bytes
    flags: int
    crc: int
    size: int
    packed: bytes


def read(data: bytes) -> dict[str, bytes]:
    """The members of a zip by name, in its order. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def member(name: str, content: bytes, *, once: bool = False) -> Member:
    """``content`` deflated, to be put into any number of packages; ``once``: into one, and so quickly.

    Raises ValueError where it is larger than 4 GiB.
    """
    return deflated(name, (content,), once=once)


def deflated(name: str, pieces: Iterable[bytes], *, once: bool = False) -> Member:
    """As ``member``, of content that comes piece by piece."""
    library, level = (isal_zlib, _QUICK) if once else (zlib, 6)
    compressor = library.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, crc, size = _compressed(pieces, compressor.compress)
    return _member(name, crc, size, packed + compressor.flush())


def _compressed(contents: Iterable[bytes], compress: Callable[[bytes], bytes]) -> tuple[bytes, int, int]:
    """Some content, that comes bit by bit, as a compressor makes it but for its end; its checksum and its
    size."""
    packed, crc, size = [], 0, 0
    for content in contents:
        crc = isal_zlib.crc32(content, crc)
        size += len(content)
        packed.append(compress(content))
    return b"".join(packed), crc, size


def _member(name: str, crc: int, size: int, packed: bytes) -> Member:
    if size > _MOST_BYTES:
        raise ValueError(f"{name} is larger than 4 GiB.")
    flags = 0 if name.isascii() else _UTF_8
    return Member(name=name.encode("utf-8"), flags=flags, crc=crc, size=size, packed=packed)


def piece(contents: Iterable[bytes]) -> Piece:
    """Some content, that comes bit by bit, deflated quickly."""
    compressor = isal_zlib.compressobj(_QUICK, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, crc, size = _compressed(contents, compressor.compress)
    # What follows a full flush needs nothing of what stands before it.
    return Piece(crc=crc, size=size, packed=packed + compressor.flush(isal_zlib.Z_FULL_FLUSH))


def of_pieces(name: str, pieces: Iterable[Piece]) -> Member:
    """The file that some pieces are, one after the other. Raises ValueError where it is larger than 4 GiB."""
    packed, crc, size = [], 0, 0
    for part in pieces:
        crc = isal_zlib.crc32_combine(crc, part.crc, part.size)
        size += part.size
        packed.append(part.packed)
    return _member(name, crc, size, b"".join((*packed, _LAST_BLOCK)))


def join(members: Iterable[Member]) -> bytes:
    """A zip of the members in their order, without times or platform marks.

    Raises ValueError where it would be larger than 4 GiB or hold more than 65,535 members.
    """
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for item in members:
        # Local and central records share these fields, from the version to the length of the name.
        shared = (
            _VERSION, item.flags, _DEFLATED, _TIME, _DATE,
            item.crc, len(item.packed), item.size, len(item.name), 0,
        )  # fmt: skip
        if offset > _MOST_BYTES:
            raise ValueError("The package is larger than 4 GiB.")
        directory += (_CENTRAL.pack(b"PK\1\2", _VERSION, *shared, 0, 0, 0, _MODE, offset), item.name)
        header = _LOCAL.pack(b"PK\3\4", *shared)
        pieces += (header, item.name, item.packed)
        offset += len(header) + len(item.name) + len(item.packed)
    size, count = sum(map(len, directory)), len(directory) // 2
    if offset + size > _MOST_BYTES or count > _MOST_MEMBERS:
        raise ValueError("The package is larger than 4 GiB, or has more than 65,535 members.")
    end = _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)
    return b"".join((*pieces, *directory, end))


def pack(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of ``members`` in their order, without times or platform marks."""
    pairs = members.items() if isinstance(members, Mapping) else members
    return join(member(name, content) for name, content in pairs)


def stream(members: Iterable[tuple[str, Iterable[bytes]]]) -> bytes:
    """As ``pack``, of members whose content comes piece by piece, so that none is ever whole in memory."""
    return join(deflated(name, pieces) for name, pieces in members)


def repack(data: bytes, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same package without times; ``change`` may alter each member's content."""
    members = read(data)
    if core := members.get("docProps/core.xml"):
        members["docProps/core.xml"] = _STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", core)
    if change:
        members = {name: change(name, content) for name, content in members.items()}
    return pack(members)
