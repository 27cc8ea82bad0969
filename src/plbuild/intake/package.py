"""The workbook as a package: its sheets, our names on them, their cells and comments.

Takes bytes, gives a ``Book``; raises ``UnreadableError`` with the reason in plain words. Parts are read
one by one, by the relations that the package states; nothing outside it is ever looked at. No part is kept
as a tree: of each, only the few elements that say something are.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple, cast
from xml.parsers import expat

from isal import igzip_lib, isal_zlib

from plbuild.intake import cells, quick
from plbuild.intake.cells import MAX_TEXT, Cells, Context
from plbuild.intake.stream import Allowance, Element, ForbiddenXmlError, TooLargeError, elements
from plbuild.intake.triage import ZIP_ERRORS

_OURS = re.compile(r"pl_[A-Za-z0-9_]+")
_CHUNK = 1 << 16
_LONGEST_REFERENCE = len("$AAA$1048576:$XFD$1048576")
_WORKBOOK = "xl/workbook.xml"
_STYLES = ("numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")

# Its stub takes the class for one of its instances.
_NOT_DEFLATED = cast("type[Exception]", igzip_lib.IsalError)
_DAMAGE = (*ZIP_ERRORS, _NOT_DEFLATED, expat.ExpatError, ForbiddenXmlError, IndexError, UnicodeError)


_Name = tuple[str, str, str]
"""A defined name, the number of the sheet that it is scoped to or nothing, what it stands for."""

_Named = tuple[str, int, str, "Area"]
"""One of our names, the number of the sheet that it is scoped to, a sheet as it is written, an area of it."""


class UnreadableError(Exception):
    """The bytes are not a workbook that can be read; the argument says why, in plain words."""


class Area(NamedTuple):
    """A rectangle of a sheet; rows and columns are counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNames:
    """A sheet, the part that holds it, and the areas of it that carry our names."""

    title: str
    part: str
    areas: Mapping[str, Area]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A note on a cell, or the words in a drawn shape (then ``cell`` is empty)."""

    cell: str
    author: str
    text: str


class Book:
    """An opened workbook: its sheets' names at once, a sheet's cells when they are asked for."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook. Raises UnreadableError."""
        self._allowance = Allowance()
        self._formulas: dict[str, Mapping[str, str]] = {}
        with _reported("it is damaged"):
            self._data = data
            self._package = zipfile.ZipFile(io.BytesIO(data))
            self._parts = set(self._package.namelist())
            found, names = self._workbook()
            targets = {key: target for key, (_, target) in self._relations(_WORKBOOK).items()}
            properties = (element.attributes for element in found if element.tag == "workbookPr")
            self.epoch_1904 = any(own.get("date1904") in ("1", "true") for own in properties)
            sheets = [element for element in found if element.tag == "sheet"]
            self.sheets = _sheets(sheets, names, targets)
            self.saved = self._saved()

    def cells(self, sheet: SheetNames) -> Cells:
        """The cells of a sheet that hold something. Raises UnreadableError."""
        with _reported(f"its sheet {sheet.title} is damaged"):
            part, size, found = sheet.part, self._size(sheet.part), None
            if size <= quick.LARGEST:
                found = quick.sheet(self._read(part), self._context)
            if found is None:
                return cells.read_sheet(self._chunks(part), self._context, self._allowance)
            self._allowance.take("cells", len(found))
            # A shared string counts in each of its cells, as it does in whatever is said of them.
            if len(found) * self._context.longest + size > quick.LARGEST:
                texts = (cell.value for cell in found.values() if isinstance(cell.value, str))
                self._allowance.take("characters", sum(map(len, texts)))
            return found

    def texts(self, sheet: SheetNames) -> list[str]:
        """The texts of a sheet in their order, where that is all it holds and quickly read; else none.

        Raises UnreadableError.
        """
        with _reported(f"its sheet {sheet.title} is damaged"):
            if self._size(sheet.part) > quick.LARGEST:
                return []
            return quick.texts(self._read(sheet.part), self._context) or []

    def formula(self, title: str, cell: str) -> str:
        """A formula of the sheet of this title, as it is typed; no more than = where it is not quickly read.

        Few workbooks are asked for one. Raises UnreadableError.
        """
        if title not in self._formulas:
            part = next(sheet.part for sheet in self.sheets if sheet.title == title)
            small = self._package.getinfo(part).file_size <= quick.LARGEST
            with _reported(f"its sheet {title} is damaged"):
                self._formulas[title] = quick.formulas(self._read(part)) if small else {}
        return self._formulas[title].get(cell, "=")[:MAX_TEXT]

    def comments(self, sheet: SheetNames) -> list[Comment]:
        """The notes on a sheet and the words in its drawn shapes. Raises UnreadableError."""
        with _reported(f"the comments on its sheet {sheet.title} are damaged"):
            found: list[Comment] = []
            for kind, target in self._relations(sheet.part).values():
                if kind == "comments":
                    found += _comments(self._elements(target, "author", "comment", "t"))
                elif kind == "drawing":
                    found += _shapes(self._elements(target, "txBody", "p", "t"))
            return found

    def _workbook(self) -> tuple[list[Element], Iterable[_Named]]:
        """The properties and the sheets of the workbook, and our names."""
        found = quick.names(self._read(_WORKBOOK)) if self._size(_WORKBOOK) <= quick.LARGEST else None
        if found:
            names, rest = found
            return elements(rest, ("workbookPr", "sheet"), self._allowance), _named_alike(names)
        every = elements(self._chunks(_WORKBOOK), ("workbookPr", "sheet", "definedName"), self._allowance)
        defined = [element for element in every if element.tag == "definedName"]
        return every, _named(
            (name.attribute("name"), name.attribute("localSheetId"), name.text) for name in defined
        )

    def _size(self, part: str) -> int:
        """The size of a part that is about to be read. Raises TooLargeError, KeyError."""
        size = self._package.getinfo(part).file_size
        self._allowance.take("bytes", size)
        return size

    def _read(self, part: str) -> bytes:
        """A part as a whole. Raises BadZipFile, igzip_lib.IsalError, NotImplementedError.

        Like ``ZipFile.read``, which takes longer, and expands what is longer than it says before it looks.
        """
        info = self._package.getinfo(part)
        # PKWARE APPNOTE 4.3.7: 30 bytes, the last four of them the lengths of the name and of an extra field.
        lengths = self._data[info.header_offset + 26 : info.header_offset + 30]
        start = info.header_offset + 30 + sum(int.from_bytes(lengths[at : at + 2], "little") for at in (0, 2))
        content = self._data[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_DEFLATED:
            content = isal_zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, info.file_size + 1)
        elif info.compress_type != zipfile.ZIP_STORED:
            raise NotImplementedError
        if len(content) != info.file_size or isal_zlib.crc32(content) != info.CRC:
            raise zipfile.BadZipFile(part)
        return content

    def _chunks(self, part: str) -> Iterator[bytes]:
        with self._package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def _elements(self, part: str, *tags: str) -> list[Element]:
        chunks = [self._read(part)] if self._size(part) <= quick.LARGEST else self._chunks(part)
        return elements(chunks, tags, self._allowance)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The (kind, part) of each relation of a part inside the package."""
        folder, name = posixpath.split(part)
        path = f"{folder}/_rels/{name}.rels"
        if path not in self._parts:
            return {}
        found = {}
        for _, attributes, _ in self._elements(path, "Relationship"):
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External":
                absolute = target.removeprefix("/") if target.startswith("/") else f"{folder}/{target}"
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = posixpath.normpath(absolute) if "./" in absolute or "//" in absolute else absolute
                found[attributes.get("Id", "")] = (kind, target)
        return found

    @cached_property
    def _context(self) -> Context:
        return Context(self._shared(), self._formats())

    def _shared(self) -> list[str]:
        wanted = "xl/sharedStrings.xml"
        part = next((name for name in self._parts if name.casefold() == wanted.casefold()), "")
        if not part:
            return []
        found = quick.strings(self._read(part)) if self._size(part) <= quick.LARGEST else None
        if found is None:
            return cells.shared_strings(self._chunks(part), self._allowance)
        self._allowance.take("characters", sum(map(len, found)))
        return found

    def _formats(self) -> list[str]:
        """What each cell style makes of a number."""
        part = "xl/styles.xml"
        if part not in self._parts:
            return []
        found = quick.formats(self._read(part)) if self._size(part) <= quick.LARGEST else None
        if found is None:
            found = tuple(number_formats(self._chunks(part), self._allowance))
        return [cells.format_kind(number, code[: cells.MAX_FORMAT]) for number, code in found]

    def _saved(self) -> date | None:
        """When the workbook was last saved, by its core properties (ECMA-376 part 2, 11)."""
        part = "docProps/core.xml"
        found = self._elements(part, "modified") if part in self._parts else []
        try:
            return date.fromisoformat(found[0].text.strip()[:10]) if found else None
        except ValueError:
            return None


@contextmanager
def _reported(damage: str) -> Iterator[None]:
    """Raises UnreadableError for all that can be wrong with a part."""
    try:
        yield
    except TooLargeError:
        raise
    except _DAMAGE:
        raise UnreadableError(damage) from None


def number_formats(chunks: Iterable[bytes], allowance: Allowance) -> Iterator[tuple[int, str]]:
    """The number format of each cell style: its number, and its code where the workbook gives it one.

    Raises TooLargeError, ForbiddenXmlError, expat.ExpatError or ValueError.
    """
    codes: dict[str, str] = {}
    home = ""
    for tag, attributes, _ in elements(chunks, (*_STYLES, "numFmt", "xf"), allowance):
        number = attributes.get("numFmtId", "0")
        if tag in _STYLES:
            home = tag
        elif tag == "numFmt" and home == "numFmts":
            codes[number] = attributes.get("formatCode", "")
        elif tag == "xf" and home == "cellXfs":
            yield int(number), codes.get(number, "")


def _comments(found: Iterable[Element]) -> Iterator[Comment]:
    """The comments of a part: its authors, then each comment before its texts."""
    authors: list[str] = []
    comments: list[tuple[dict[str, str], list[str]]] = []
    for element in found:
        if element.tag == "author":
            authors.append(element.text)
        elif element.tag == "comment":
            comments.append((element.attributes, []))
        elif comments:
            comments[-1][1].extend(element.texts)
    for attributes, texts in comments:
        author = authors[int(attributes.get("authorId", "0"))]
        yield Comment(cell=attributes.get("ref", ""), author=author, text="".join(texts))


def _shapes(found: Iterable[Element]) -> Iterator[Comment]:
    """The words in drawn shapes: a body before its paragraphs, a paragraph before its texts."""
    bodies: list[list[list[str]]] = []
    for element in found:
        if element.tag == "txBody":
            bodies.append([])
        elif bodies and element.tag == "p":
            bodies[-1].append([])
        elif bodies and bodies[-1]:
            bodies[-1][-1].extend(element.texts)
    for lines in bodies:
        yield Comment(cell="", author="", text="\n".join(map("".join, lines)))


def _sheets(
    sheets: Collection[Element], names: Iterable[_Named], targets: Mapping[str, str]
) -> tuple[SheetNames, ...]:
    """The sheets in their order, each with its own of our sheet-scoped names.

    A name belongs to the sheet that it is scoped to. One that points at another sheet, at
    ``#REF!`` or at another workbook is broken, and ignored like a foreign one.
    """
    titles = [sheet.attribute("name") for sheet in sheets]
    homes = [_as_written(title) for title in titles]
    areas: list[dict[str, Area]] = [{} for _ in titles]
    for name, sheet, home, area in names:
        if sheet < len(titles) and (home in homes[sheet] or home.casefold() in homes[sheet]):
            areas[sheet][name] = area
    return tuple(
        SheetNames(title=title, part=targets.get(element.attribute("id"), ""), areas=own)
        for title, element, own in zip(titles, sheets, areas, strict=True)
    )


def _named(names: Iterable[_Name]) -> tuple[_Named, ...]:
    """Those of the names that are ours, scoped to a sheet, and stand for one area."""
    found = []
    for name, scope, target in names:
        sheet = int(scope) if scope.isdecimal() else -1
        home, _, reference = target.strip().rpartition("!")
        if sheet >= 0 and _OURS.fullmatch(name) and len(reference) <= _LONGEST_REFERENCE:
            with suppress(ValueError):
                found.append((name, sheet, home, _rectangle(reference)))
    return tuple(found)


# Of the names that ``quick`` remembers.
_named_alike = lru_cache(maxsize=quick.REMEMBERED)(_named)


@lru_cache(maxsize=1 << 12)
def _rectangle(reference: str) -> Area:
    """The area of ``$B$6:$F$15``, or of one cell. Raises ValueError."""
    first, _, last = reference.replace("$", "").partition(":")
    (top, left), (bottom, right) = cells.place(first), cells.place(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _as_written(title: str) -> tuple[str, ...]:
    """How a reference may name a sheet: as it is or in quotes, and the same without case."""
    quoted = "'{}'".format(title.replace("'", "''"))
    return title, quoted, title.casefold(), quoted.casefold()
