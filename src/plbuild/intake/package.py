"""The workbook as a package: its sheets, and the defined names that are ours.

Takes bytes, returns ``Book``; raises ``UnreadableError`` with the reason in plain words. Design decision:
names come from ``xl/workbook.xml`` (one small parse) and values from calamine, which gives no names.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

Raw = str | float | int | bool | date | datetime | time | timedelta
"""What calamine gives for a cell; an empty string where the cell is blank."""

_MAIN = "{*}"
_OURS = re.compile(r"pl_[A-Za-z0-9_]+")
_CELLS = r"\$?([A-Z]{1,3})\$?(\d{1,7})"
_TARGET = re.compile(rf"(?:'((?:[^']|'')*)'|([^'!\[\]#]+))!{_CELLS}(?::{_CELLS})?")


class UnreadableError(Exception):
    """The bytes are not a workbook that can be read; the argument says why, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of a sheet; rows and columns are counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNames:
    """A sheet and the areas of it that carry our names."""

    title: str
    areas: Mapping[str, Area]


class Book:
    """An opened workbook: its sheets' names at once, a sheet's cells when they are asked for."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook. Raises UnreadableError."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                self.sheets = _sheets(package.read("xl/workbook.xml"))
                self.saved = _saved(package)
            self._cells = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except (zipfile.BadZipFile, KeyError):
            raise UnreadableError("it is not an .xlsx file") from None
        except (etree.XMLSyntaxError, CalamineError, ValueError, OSError):
            raise UnreadableError("it is damaged") from None

    def cells(self, title: str) -> list[list[Raw]]:
        """The values of a sheet from cell A1 on, row by row. Raises UnreadableError."""
        try:
            return self._cells.get_sheet_by_name(title).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError):
            raise UnreadableError(f"its sheet {title} is damaged") from None


def column_letter(col: int) -> str:
    """``column_letter(28)`` is ``AB``."""
    text = ""
    while col:
        col, rest = divmod(col - 1, 26)
        text = chr(65 + rest) + text
    return text


def _column_number(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number


def _sheets(xml: bytes) -> tuple[SheetNames, ...]:
    """The sheets in their order, each with its own of our sheet-scoped names.

    A name belongs to the sheet that it is scoped to. One that points at another sheet, at
    ``#REF!`` or at another workbook is broken, and ignored like a foreign one.
    """
    root = etree.fromstring(xml, _parser())
    titles = [node.get("name", "") for node in root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet")]
    areas: list[dict[str, Area]] = [{} for _ in titles]
    for node in root.iterfind(f"{_MAIN}definedNames/{_MAIN}definedName"):
        name, scope = node.get("name", ""), node.get("localSheetId", "")
        if not _OURS.fullmatch(name) or not scope.isdigit() or int(scope) >= len(titles):
            continue
        area = _area(node.text or "", titles[int(scope)])
        if area:
            areas[int(scope)][name] = area
    return tuple(SheetNames(title=title, areas=own) for title, own in zip(titles, areas, strict=True))


def _saved(package: zipfile.ZipFile) -> date | None:
    """When the workbook was last saved, by its core properties (ECMA-376 part 2, 11)."""
    if "docProps/core.xml" not in package.namelist():
        return None
    root = etree.fromstring(package.read("docProps/core.xml"), _parser())
    text = root.findtext("{http://purl.org/dc/terms/}modified") or ""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _parser() -> etree.XMLParser:
    """A parser that resolves nothing from outside the text that it is given."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _area(target: str, title: str) -> Area | None:
    match = _TARGET.fullmatch(target.strip())
    if match is None:
        return None
    quoted, bare, left, top, right, bottom = match.groups()
    home = quoted.replace("''", "'") if quoted is not None else bare
    if home.casefold() != title.casefold():
        return None
    first, last = (int(top), int(bottom or top)), (left, right or left)
    columns = sorted(map(_column_number, last))
    return Area(top=min(first), bottom=max(first), left=columns[0], right=columns[1])
