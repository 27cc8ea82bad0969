"""A sheet's cells, read as a stream: values, formulas, errors, and nothing that could expand.

Takes the XML of a sheet and what its cells refer to, returns the cells that hold something. Design
decision: our own handlers instead of a library, because one pass must tell values, formulas and error
values apart, and must not allocate for a stray cell in row 1,048,576.
What office programs write most is read by ``quick``, which gives the same several times as fast.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from plbuild.intake.stream import Allowance, deeper, feed, local, parser

# Excel's own limit on the characters of a cell.
MAX_TEXT = 32_767
# Of a text beyond that, what is kept: enough to say how long it is.
MAX_KEPT = 2_000_000
# A cell that is parsed takes longer than one that is read quickly, and counts for more.
_PARSED = 2
EPOCH = date(1899, 12, 30)

# ECMA-376 18.8.30: built-in number formats that show dates or times, and those that show percent.
_DATE_IDS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_IDS = {9, 10}
# Excel takes no longer number format.
MAX_FORMAT = 255
_NOT_A_PATTERN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Cell(NamedTuple):
    """What stands in a cell. (A tuple, because a workbook has thousands, and tuples are made fastest.)

    ``value``: text as stored (the runs of rich text joined, ``_xHHHH_`` escapes still in it), a number as
    float, or a boolean. ``format``: what the cell's number format makes of a number, ``date``,
    ``percent`` or nothing. ``is_formula``: the value is the one that was last computed, an empty text
    where there is none. ``error``: an error value such as ``#REF!``; the value is then empty.
    """

    value: str | float | bool
    format: str = ""
    is_formula: bool = False
    error: str = ""


Cells = dict[tuple[int, int], Cell]
"""The cells that hold something, by (row, column), counted from 1."""


class Context:
    """What the cells of a workbook refer to, by its numbers as they are written in a cell.

    ``shared`` are its shared strings, ``texts`` the same as cells (one for all places of a string), and
    ``shapes`` what its cell styles make of numbers.
    """

    def __init__(self, shared: Sequence[str], formats: Sequence[str]) -> None:
        """``formats``: for each cell style ``date``, ``percent`` or nothing."""
        self.shared = shared
        # Cell(text) takes twice as long, and so does a loop.
        fields = zip(shared, repeat(""), repeat(False), repeat(""), strict=False)
        cells = map(tuple.__new__, repeat(Cell), fields)
        self.texts = dict(zip(map(str, range(len(shared))), cells, strict=True))
        for number in [number for number, text in enumerate(shared) if not text]:
            del self.texts[str(number)]
        self.shapes = {str(number): shape for number, shape in enumerate(formats) if shape}
        self.longest = max(map(len, shared), default=0)


# ------------------------------------------------------------------------------- what a cell holds


def cell_of(kind: str, shape: str, text: str, is_formula: bool, shared: Sequence[str]) -> Cell | None:
    """The cell of a type (ECMA-376 18.18.11) with a text; None where it holds nothing.

    ``shape`` is what its number format makes of a number. Raises ValueError or IndexError where the
    text points at no shared string.
    """
    if not text:
        return NOT_COMPUTED if is_formula else None
    if kind in ("", "n"):
        return _number(shape, text, is_formula)
    if kind == "s":
        if not (text.isascii() and text.isdecimal()):
            raise ValueError(text)
        text = shared[int(text)]
    elif kind == "b":
        return Cell(text.strip() in ("1", "true"), "", is_formula)
    elif kind == "e":
        return Cell("", "", is_formula, text)
    elif kind == "d":
        return _day(text, is_formula)
    return Cell(text, "", is_formula) if text or is_formula else None


NOT_COMPUTED = Cell("", "", True)
"""A formula that no program has computed yet."""


def _number(shape: str, text: str, is_formula: bool) -> Cell | None:
    """A stored number; the text itself, stripped, where it is none that Excel could have stored."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and "_" not in text:
        return tuple.__new__(Cell, (value, shape, is_formula, ""))
    text = text.strip()
    return Cell(text, "", is_formula) if text or is_formula else None


def _day(text: str, is_formula: bool) -> Cell:
    """A cell of type ``d``: its ISO date as the serial number that Excel would show."""
    try:
        value = float((datetime.fromisoformat(text.removesuffix("Z")).date() - EPOCH).days)
    except ValueError:
        return Cell(text, "", is_formula)
    return Cell(value, "date", is_formula)


# --------------------------------------------------------------------------------------- places

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@lru_cache(maxsize=1 << 14)
def place(text: str) -> tuple[int, int]:
    """``place("C7")`` is (7, 3). Raises ValueError."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[2]), column_number(match[1])


def column_number(letters: str) -> int:
    """``column_number("AB")`` is 28."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number


@lru_cache(maxsize=1 << 10)
def column_letter(col: int) -> str:
    """``column_letter(28)`` is ``AB``."""
    text = ""
    while col:
        col, rest = divmod(col - 1, 26)
        text = chr(65 + rest) + text
    return text


def at(row: int, col: int) -> str:
    """``at(7, 3)`` is ``C7``."""
    return f"{column_letter(col)}{row}"


# -------------------------------------------------------------------------------------- streams


class _Sheet:
    """The handlers of one sheet; what stands outside its ``sheetData`` is only judged as XML."""

    def __init__(self, context: Context, allowance: Allowance) -> None:
        self.cells: Cells = {}
        self._context, self._allowance = context, allowance
        self._row = self._ref = ""
        self._depth = self._after_ref = self._length = 0
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []
        self._inside = self._has_formula = self._phonetic = self._reading = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth = deeper(self._depth)
        tag = local(tag)
        if not self._inside:
            self._inside = tag == "sheetData"
        elif tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or (tag == "t" and self._attributes.get("t") == "inlineStr"):
            self._reading = not self._phonetic
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row = attributes.get("r") or str(int(self._row or 0) + 1)
            self._ref, self._after_ref = "", 0
        elif tag == "rPh":
            self._phonetic = True

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._text.clear()
        self._length = 0
        self._has_formula = False
        if ref := attributes.get("r"):
            self._ref, self._after_ref = ref, 0
        else:
            self._after_ref += 1

    def data(self, data: str) -> None:
        if self._reading and self._length < MAX_KEPT:
            self._text.append(data)
            self._length += len(data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        tag = local(tag)
        if tag in ("v", "t"):
            self._reading = False
        elif tag == "c":
            if self._inside and (self._text or self._has_formula):
                self._end_cell()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self._inside = False

    def _end_cell(self) -> None:
        kind, shape = (
            self._attributes.get("t", ""),
            self._context.shapes.get(self._attributes.get("s", ""), ""),
        )
        text = "".join(self._text)[:MAX_KEPT]
        found = cell_of(kind, shape, text, self._has_formula, self._context.shared)
        if found is None:
            return
        self._allowance.take("cells", _PARSED)
        if isinstance(found.value, str):
            self._allowance.take("characters", len(found.value))
        if not self._after_ref:
            self.cells[place(self._ref)] = found
        else:
            row, col = place(self._ref) if self._ref else (place(f"A{self._row}")[0], 0)
            self.cells[row, col + self._after_ref] = found


def read_sheet(chunks: Iterable[bytes], context: Context, allowance: Allowance) -> Cells:
    """The cells of a sheet out of the pieces of its XML.

    ``allowance`` is what the workbook may still hold. Raises TooLargeError, ForbiddenXmlError,
    expat.ExpatError, ValueError or IndexError on what no office program writes.
    """
    sheet = _Sheet(context, allowance)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = sheet.start, sheet.end
    made.CharacterDataHandler = sheet.data
    feed(made, chunks, allowance)
    return sheet.cells


class _Strings:
    """The handlers of the shared strings."""

    def __init__(self, allowance: Allowance) -> None:
        self.strings: list[str] = []
        self._allowance = allowance
        self._text: list[str] = []
        self._depth = self._length = 0
        self._phonetic = self._reading = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        self._depth = deeper(self._depth)
        tag = local(tag)
        if tag == "t":
            self._reading = not self._phonetic
        elif tag == "si":
            self._text.clear()
            self._length = 0
        elif tag == "rPh":
            self._phonetic = True

    def data(self, data: str) -> None:
        if self._reading and self._length < MAX_KEPT:
            self._text.append(data)
            self._length += len(data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        tag = local(tag)
        if tag == "t":
            self._reading = False
        elif tag == "si":
            self.strings.append("".join(self._text)[:MAX_KEPT])
            self._allowance.take("characters", len(self.strings[-1]))
        elif tag == "rPh":
            self._phonetic = False


def shared_strings(chunks: Iterable[bytes], allowance: Allowance) -> list[str]:
    """The shared strings of a workbook; the hints for pronunciation are left out. Raises likewise."""
    handlers = _Strings(allowance)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = handlers.start, handlers.end
    made.CharacterDataHandler = handlers.data
    feed(made, chunks, allowance)
    return handlers.strings


@lru_cache(maxsize=1 << 9)
def format_kind(number_format_id: int, code: str) -> str:
    """What a number format makes of a number: ``date``, ``percent`` or nothing.

    ``code`` is cut to ``MAX_FORMAT``.
    """
    if number_format_id in _PERCENT_IDS:
        return "percent"
    if number_format_id in _DATE_IDS:
        return "date"
    pattern = _NOT_A_PATTERN.sub("", code.split(";")[0]).casefold()
    if "%" in pattern:
        return "percent"
    return "date" if re.search(r"[ymdh]", pattern) and "general" not in pattern else ""
