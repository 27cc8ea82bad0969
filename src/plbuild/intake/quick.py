"""Cells, strings, styles and names out of the XML that office programs really write, quickly.

Takes a whole part of a workbook, returns what a parser would, several times as fast, or None: then a parser
must judge it. Design decision: one regular expression takes out every cell that holds something, and what is
left must be nothing but rows and empty cells; so that whatever is written in any other way is noticed. The
quantifiers are possessive, so that no text makes a search take longer than its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from xml.parsers import expat

from plbuild.intake.cells import (
    MAX_KEPT,
    NOT_COMPUTED,
    Cell,
    Cells,
    Context,
    cell_of,
    place,
    shared_strings,
)
from plbuild.intake.stream import Allowance, ForbiddenXmlError, TooLargeError

# A larger part, which no plan reaches, is read as a stream; so no text here is longer than what is kept.
LARGEST = MAX_KEPT
# The workbooks of a district have the same names, but for what each program makes of them, so that names
# are remembered. More of them than forty plans in one workbook have are left to the parser.
REMEMBERED = 8
_LARGEST_NAMES = LARGEST // 4
# The types of cells that hold their own value, and the longest that is remembered: no number is longer.
_OWN_VALUE = frozenset((None, "n", "b", "e", "d"))
_SHORT = 32
# Beyond so many rich texts, a parser for each would take longer than one for all.
_MOST_RICH = 200

_GAP = r"[ \t\r\n]*+"
_TEXT = r"([^<]*+)"
_SPACE = r'(?: xml:space="preserve")?+'
_CELL = re.compile(
    r'<c r="([^"]*+)"(?: s="([^"]*+)")?+(?: t="([^"]*+)")?+>'
    rf"{_GAP}(?!</c>)(?:(<f)(?: [^<>/]*+)?+(?:/>|>[^<]*+</f>){_GAP})?+"
    rf"(?:<v{_SPACE}>{_TEXT}</v>{_GAP}|<v/>{_GAP}|<is>{_GAP}<t{_SPACE}>{_TEXT}</t>{_GAP}</is>{_GAP})?+</c>"
)
_TEXT_CELL = re.compile(
    rf'<c r="[^"]*+"(?: s="[^"]*+")?+ t="(?:s">{_GAP}<v>([0-9]++)</v>{_GAP}'
    rf'|inlineStr">{_GAP}<is>{_GAP}<t{_SPACE}>{_TEXT}</t>{_GAP}</is>{_GAP})</c>'
)
# What must not be left without those cells: any tag but those of rows and of empty cells.
_OTHER = re.compile(r"<(?!c |/c>|row[ >]|/row>)")
_STRING = re.compile(
    rf"<si>{_GAP}(?:<t{_SPACE}>{_TEXT}</t>{_GAP}</si>|((?:[^<]++|<(?!/?si>))*+)</si>){_GAP}|<si/>{_GAP}"
)

_FORMULA = re.compile(r'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"[^<>]*+>[ \t\r\n]*+<f(?: [^<>]*+)?+>([^<]++)</f>')

# The beginning of a part in UTF-8 whose elements have no prefix.
_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?+(?:<\?xml version=["']1\.0["'](?: encoding=["'][Uu][Tt][Ff]-8["'])?+"""
    rb"""(?: standalone=["'](?:yes|no)["'])?+ ?\?>\s*+)?+<(?:worksheet|sst|styleSheet|workbook)[ >]"""
)
_NAME = re.compile(
    r'<definedName (?:[^<>]*? )?(?:localSheetId="([0-9]{1,5})" )?name="(pl_[A-Za-z0-9_]+)"'
    r'(?: localSheetId="([0-9]{1,5})")?[^<>]*+>([^<]*+)</definedName>'
)
_STYLE = re.compile(r'<xf (?:[^<>]*? )?numFmtId="([0-9]{1,6})"')
_FORMAT = re.compile(
    r'<numFmt (?:numFmtId="([0-9]{1,6})" formatCode="([^"<]*)"|formatCode="([^"<]*)" numFmtId="([0-9]{1,6})")'
)
# What XML forbids (1.0, 2.2), and of that what is one byte.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def sheet(part: bytes, context: Context) -> Cells | None:
    """The cells of a sheet; None where a parser has to read it. Raises nothing."""
    text = _content(part, b"<sheetData>", b"</sheetData>", b"</worksheet>")
    if text is None:
        return None
    pieces = _CELL.split(text)
    if _OTHER.search("".join(pieces[:: _CELL.groups + 1])):
        return None
    try:
        return _cells([pieces[start :: _CELL.groups + 1] for start in range(1, _CELL.groups + 1)], context)
    except (ValueError, IndexError):
        return None


def _cells(columns: Sequence[Sequence[str]], context: Context) -> Cells:
    """The cells from what was found in each. Raises ValueError or IndexError."""
    cells: Cells = {}
    shared, texts, shapes = context.shared, context.texts, context.shapes
    new = tuple.__new__  # Cell(text) takes twice as long
    for ref, style, kind, formula, value, inline in zip(*columns, strict=True):
        found: Cell | None
        if kind == "s" and not formula:
            found = texts.get(value) or cell_of(kind, "", value or "", False, shared)
        elif inline is not None:
            if kind != "inlineStr" or formula:
                raise ValueError(kind)
            if "&" in inline or not inline.isprintable() or not inline.isascii():
                inline = _resolved(inline)
            found = new(Cell, (inline, "", False, "")) if inline else None
        elif value and kind == "str":
            found = new(Cell, (_resolved(value), "", formula is not None, ""))
        elif value:
            shape = shapes.get(style, "")
            if kind in _OWN_VALUE and len(value) <= _SHORT:
                found = _short_cell(kind or "", shape, value, formula is not None)
            else:
                found = cell_of(kind or "", shape, _resolved(value), formula is not None, shared)
        else:
            found = NOT_COMPUTED if formula else None
        if found is not None:
            cells[place(ref)] = found
    return cells


# Most are counts, amounts and days, of which there are few.
@lru_cache(maxsize=1 << 12)
def _short_cell(kind: str, shape: str, value: str, is_formula: bool) -> Cell | None:
    """A cell with a value of its own. Raises ValueError."""
    return cell_of(kind, shape, _resolved(value), is_formula, ())


def texts(part: bytes, context: Context) -> list[str] | None:
    """The texts of a sheet in their order, where it holds nothing else and as office programs write it.

    None where it is not so. Raises nothing.
    """
    text = _content(part, b"<sheetData>", b"</sheetData>", b"</worksheet>")
    if text is None:
        return None
    pieces = _TEXT_CELL.split(text)
    if _OTHER.search("".join(pieces[::3])):
        return None
    shared = context.shared
    try:
        return [
            _resolved(inline) if number is None else shared[int(number)]
            for number, inline in zip(pieces[1::3], pieces[2::3], strict=True)
        ]
    except (ValueError, IndexError):
        return None


def formulas(part: bytes) -> dict[str, str]:
    """The formulas of a sheet by cell, those that it shares with another cell aside, as they are typed.

    Nothing where the part is not written as office programs write it. Raises nothing.
    """
    text = _content(part, b"<sheetData>", b"</sheetData>", b"</worksheet>") or ""
    try:
        return {cell: f"={_resolved(formula)}" for cell, formula in _FORMULA.findall(text)}
    except ValueError:
        return {}


def strings(part: bytes) -> list[str] | None:
    """The shared strings; None where a parser has to read them. Raises nothing."""
    start = part.find(b"<sst")
    opening = part[start : part.find(b">", start) + 1]
    text = _content(part, opening, b"</sst>", b"</sst>")
    if text is None:
        return None
    pieces = _STRING.split(text)
    if "".join(pieces[::3]).strip(" \t\r\n"):
        return None
    plain, rich = [text or "" for text in pieces[1::3]], pieces[2::3]
    if len(rich) - rich.count(None) > _MOST_RICH or len(part) != len(part.translate(None, _CONTROLS)):
        return None
    try:
        for number, (string, runs) in enumerate(zip(plain, rich, strict=True)):
            if runs is not None:
                plain[number] = _joined(runs)
            elif "&" in string or not string.isascii():
                plain[number] = _resolved(string)
    except (ValueError, expat.ExpatError, ForbiddenXmlError, TooLargeError):
        return None
    return plain


def _joined(rich: str) -> str:
    """The text of a string with several runs. Raises ValueError, ForbiddenXmlError or ExpatError."""
    (found,) = shared_strings([f"<sst><si>{rich}</si></sst>".encode("latin-1")], Allowance())
    return found


# So are styles.
@lru_cache(maxsize=4)
def formats(part: bytes) -> tuple[tuple[int, str], ...] | None:
    """The number format of each cell style: its number, and its code where the workbook gives it one.

    None where a parser has to read them. Raises nothing.
    """
    styles = _content(part, b"<cellXfs ", b"</cellXfs>", b"</styleSheet>") or ""
    own = _content(part, b"<numFmts ", b"</numFmts>", b"</styleSheet>") if b"numFmts" in part else ""
    numbers = _STYLE.findall(styles)
    found = _FORMAT.findall(own or "")
    if own is None or len(found) != own.count("<numFmt "):
        return None
    if not numbers or len(numbers) != styles.count("<xf"):
        return None
    try:
        codes = {first or last: _resolved(before or after) for first, before, after, last in found}
    except ValueError:
        return None
    return tuple((int(number), codes.get(number, "")) for number in numbers)


def names(part: bytes) -> tuple[tuple[tuple[str, str, str], ...], list[bytes]] | None:
    """Our defined names in the part of the workbook, and the part without any names.

    A name comes with the number of the sheet that it is scoped to, or nothing, and what it stands for. None
    where a parser has to read them. Raises nothing.
    """
    text = _content(part, b"<definedNames>", b"</definedNames>", b"</workbook>")
    if text is None or len(text) > _LARGEST_NAMES:
        return None
    ours = _names(text)
    if ours is None:
        return None
    return ours, [part.partition(b"<definedNames>")[0], part.rpartition(b"</definedNames>")[2]]


@lru_cache(maxsize=REMEMBERED)
def _names(text: str) -> tuple[tuple[str, str, str], ...] | None:
    found = _NAME.findall(text)
    if len(found) != text.count('name="pl_') or text.count("<") != 2 * text.count("<definedName "):
        return None
    try:
        return tuple((name, before or after, _resolved(target)) for before, name, after, target in found)
    except ValueError:
        return None


def _content(part: bytes, opening: bytes, closing: bytes, last: bytes) -> str | None:
    """What stands between ``opening`` and the last ``closing`` of a part that ends with ``last``.

    None where a parser has to look.
    """
    start, end = part.find(opening), part.rfind(closing)
    if len(part) > LARGEST or not opening or not 0 <= start < end or not _HEAD.match(part):
        return None
    if b"<!" in part[:start] or not part[-64:].rstrip().endswith(last):
        return None
    # A character a byte, which is searched fastest; ``_resolved`` makes UTF-8 of what is taken out.
    text = part[start + len(opening) : end].decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _resolved(text: str) -> str:
    """A text out of ``_content`` as it was written, with its references replaced.

    Raises ValueError on what is no UTF-8, and on characters and references that XML does not have.
    """
    if not text.isascii():
        text = text.encode("latin-1").decode()
    if not text.isprintable() and _FORBIDDEN.search(text):
        raise ValueError(text)
    if "&" not in text:
        return text
    found, count = _REFERENCE.subn(_character, text)
    if count != text.count("&"):
        raise ValueError(text)
    return found


def _character(match: re.Match[str]) -> str:
    return _referred(match[1])


@lru_cache(maxsize=1 << 10)
def _referred(name: str) -> str:
    """The character that ``&name;`` stands for. Raises ValueError where XML does not have it."""
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[2:], 16) if name.startswith("#x") else int(name[1:])
    character = chr(code)  # which raises ValueError, too
    if 0xD800 <= code <= 0xDFFF or _FORBIDDEN.search(character):
        raise ValueError(name)
    return character
