"""A cell's content as the answer that its field's type wants: what was typed, and what it was taken for.

Takes a field and a cell, returns a ``Decoded``; never raises on what a cell holds. Design decision: what a
person meant is taken where there is one reading, with a note of what was changed; two readings are an
error that names both; where there is none the text stays, and the checks say what is wanted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from plbuild.intake import dates, numbers
from plbuild.intake.cells import MAX_TEXT, Cell
from plbuild.intake.texts import clean, folded, plain, typed_length
from plbuild.model import DATE_ORDERS, Field, Spec, Value, shown

Note = tuple[str, dict[str, str]]
"""The code of a finding and the words of its sentences, but for those of its place and ``entered``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a cell was taken for.

    ``value``: of the field's type, or the text as entered where that cannot be had; None where nothing
    was answered. ``entered``: what a person sees in the cell. ``notes``: what to report at the cell.
    ``blocked``: an error is among the notes, and no later check should speak of the cell.
    """

    value: Value
    entered: str
    notes: tuple[Note, ...] = ()
    blocked: bool = False


_BLANK = Decoded(value=None, entered="")
_NOTHING = frozenset(
    ("n/a", "n / a", "n.a", "na", "none", "not applicable", "-", "--", "---")
)  # as ``plain`` leaves them, without case and a last full stop
_LONGEST_NOTHING = 24
# Whole numbers up to here are stored with all their digits.
_MOST_PLAIN = 1e15
# No choice, code or address is longer; what is stays as it is, and costs no time.
_LONGEST_TIDIED = 400
_PROMPT = re.compile(r"(?:please |click (?:here )?to |-)?(?:choose|select|pick)\b.{0,60}")
_IN_BRACKETS = re.compile(r"<[^<>]*>")
_ID = re.compile(r"[A-Z]{1,3}[0-9]{1,4}")
_FIXED_DIGITS = re.compile(r"\^?(?:\\d|\[0-9\])\{([0-9]+)\}\$?")
_EMAIL = re.compile(r"[^@\s<>,;:]+@[^@\s<>,;:]+\.[^@\s<>,;:.]+")
_NAMED_EMAIL = re.compile(r"[^<>@]*<([^<>]*)>")
_MAILTO = re.compile(r"mailto: ?", re.IGNORECASE)


def decode(
    spec: Spec,
    item: Field,
    cell: Cell,
    *,
    epoch_1904: bool,
    unit: str = "",
    orders: Iterable[str] = DATE_ORDERS[:2],
) -> Decoded:
    """The answer that ``cell`` gives to ``item``.

    ``epoch_1904``: the workbook counts its days from 1/1/1904. ``unit``: the text of the row's
    ``item.unit_field``. ``orders``: the plan's ``date_orders``.
    """
    raw = cell.value
    if cell.error or (cell.is_formula and raw == ""):
        return _without_value(cell)
    if isinstance(raw, str):
        if len(raw) > MAX_TEXT and (length := typed_length(raw)) > MAX_TEXT:
            return _too_large(raw, length)
        text, removed = clean(raw)
    else:
        text, removed = _displayed(raw, cell.format, epoch_1904), ""
    if not text or text.isspace():
        found = _BLANK
    elif item.type in ("list", "ref"):
        found = _chosen(spec, item, text)
    elif _is_nothing(item, text):
        found = _noted(spec, item, None, text, "read-as-blank")
    elif item.is_number:
        found = _number(spec, item, cell, text, unit)
    elif item.type == "date":
        found = _date(spec, item, cell, text, orders, epoch_1904=epoch_1904)
    else:
        found = _text(spec, item, text)
    if removed or (cell.is_formula and found.entered):
        return _with_first_notes(cell, found, removed)
    return found


Taken = tuple[Value, str]
"""The value and the text of a cell."""


def at_once(spec: Spec, item: Field, *, epoch_1904: bool) -> Callable[[Cell], Taken | None]:
    """A function that gives the value and the text of a cell as ``decode`` would give them, where it is
    plain that it has nothing to say of the cell; None in any doubt.

    Most cells of a plan are so, and a district has hundreds of thousands of them: what depends on the field
    alone is looked at once for all its cells.
    """
    is_plain_text = _plain_texts(spec, item)
    is_number, is_integer, is_date = item.is_number, item.type == "integer", item.type == "date"

    def take(cell: Cell) -> Taken | None:
        raw, shape, is_formula, _ = cell
        if is_formula:
            return None
        if isinstance(raw, str):
            return (raw, raw) if raw and is_plain_text(raw) else None
        if isinstance(raw, bool) or not raw.is_integer() or not 0 < raw < _MOST_PLAIN:
            return None
        if is_number and not shape:
            number = int(raw)
            return number if is_integer else Decimal(number), str(number)
        return _day_at_once(raw, epoch_1904) if is_date and shape == "date" else None

    return take


def _plain_texts(spec: Spec, item: Field) -> Callable[[str], object]:
    """Whether a text is of a list, the number of a row, or prose without anything that is not printed."""
    if item.type == "list":
        return spec.lists[item.list].values.__contains__
    if item.type == "ref":
        return _ID.fullmatch
    if item.type not in ("text", "long_text") or item.pattern:
        return _never

    def is_prose(raw: str) -> bool:
        if len(raw) > MAX_TEXT or not raw.isprintable() or "_x" in raw or raw.isspace():
            return False
        return len(raw) > _LONGEST_NOTHING or not _is_nothing(item, raw)

    return is_prose


def _never(_: str) -> bool:
    return False


# A plan has few days, and those of a district are mostly the same.
@lru_cache(maxsize=1 << 10)
def _day_at_once(value: float, epoch_1904: bool) -> Taken | None:
    day = dates.of_serial(value, epoch_1904=epoch_1904)
    return (day, shown(day)) if day else None


def text_of(cell: Cell, *, epoch_1904: bool = False) -> str:
    """What a person sees in a cell that is no answer, such as a stamp or a row's number."""
    raw = cell.value
    if isinstance(raw, str):
        return cell.error or clean(raw[:MAX_TEXT])[0].strip()
    return cell.error or _displayed(raw, cell.format, epoch_1904)


# ----------------------------------------------------------------------------- what is in the cell


def _displayed(raw: float | bool, shape: str, epoch_1904: bool) -> str:
    """A number or a boolean as a person sees it."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if not math.isfinite(raw):
        return str(raw)
    if shape == "date" and (as_day := dates.displayed(raw, epoch_1904=epoch_1904)):
        return as_day
    number = numbers.exact(raw)
    return f"{numbers.digits(numbers.as_percent(number))}%" if shape == "percent" else numbers.digits(number)


def _without_value(cell: Cell) -> Decoded:
    """An error value, or a formula that was never computed."""
    if cell.error:
        note: Note = ("excel-error", {"error": cell.error})
        return Decoded(value=None, entered=cell.error, notes=(note,), blocked=True)
    return Decoded(value=None, entered="=", notes=(("formula-without-value", {}),), blocked=True)


def _too_large(raw: str, length: int) -> Decoded:
    """A text that no cell of Excel can hold; its beginning is kept."""
    words = {"length": f"{length:,}", "maximum": f"{MAX_TEXT:,}"}
    kept, _ = clean(raw[:MAX_TEXT])
    return Decoded(value=kept, entered=kept, notes=(("text-too-large", words),), blocked=True)


def _with_first_notes(cell: Cell, found: Decoded, removed: str) -> Decoded:
    """The same with what is to be said of the cell before what is to be said of its value."""
    first: list[Note] = []
    if cell.is_formula and found.entered:
        first.append(("formula-taken", {}))
    if removed:
        first.append(("characters-removed", {"characters": removed}))
    return replace(found, notes=(*first, *found.notes))


# ----------------------------------------------------------------------------- what it is taken for


def _noted(spec: Spec, item: Field, value: Value, entered: str, *codes: str, read: str = "") -> Decoded:
    """A value with notes that say how it was read."""
    words = {"read": read or shown(value), "wanted": spec.wanted_for(item)}
    return Decoded(value=value, entered=entered, notes=tuple((code, words) for code in codes))


def _two_readings(text: str, first: str, second: str) -> Decoded:
    words = {"first": first, "second": second}
    return Decoded(value=text, entered=text, notes=(("two-readings", words),), blocked=True)


def _as_it_is(text: str) -> Decoded:
    return Decoded(value=text, entered=text)


def _is_nothing(item: Field, text: str) -> bool:
    """Whether a text says that there is no answer, where none is needed.

    Answers that the district printed are not asked for, so that nothing in them means "nothing".
    """
    if item.required or item.prefilled or len(text) > _LONGEST_NOTHING:
        return False
    return plain(text).rstrip(" .").casefold() in _NOTHING


def _text(spec: Spec, item: Field, text: str) -> Decoded:
    """A text as it was typed; tidied where it has to have a form and has it only so."""
    if len(text) > _LONGEST_TIDIED:
        return _as_it_is(text)
    if item.type == "email":
        tidy = _address(text)
    elif item.pattern or item.type == "code":
        tidy = plain(text)
    else:
        return _as_it_is(text)
    width = _FIXED_DIGITS.fullmatch(item.pattern)
    if width and _lacks_zeros(tidy, int(width[1])):
        return _noted(spec, item, tidy.zfill(int(width[1])), text, "zeros-restored")
    if tidy == text or (item.pattern and not re.fullmatch(item.pattern, tidy)):
        return _as_it_is(text)
    return _noted(spec, item, tidy, text, "text-tidied")


def _lacks_zeros(text: str, width: int) -> bool:
    """Whether a code of ``width`` digits lost zeros at its front; most of its digits must be there."""
    return text.isascii() and text.isdecimal() and width / 2 <= len(text) < width


def _address(text: str) -> str:
    """The one e-mail address in a text, such as ``Maria <mailto:m@x.org>.``; the text where it has none."""
    tidy = plain(text)
    if named := _NAMED_EMAIL.fullmatch(tidy.rstrip(" .,;")):
        tidy = named[1].strip()
    if prefix := _MAILTO.match(tidy):
        tidy = tidy[prefix.end() :].partition("?")[0]
    tidy = tidy.rstrip(" .,;")
    return tidy if _EMAIL.fullmatch(tidy) else text


def _chosen(spec: Spec, item: Field, text: str) -> Decoded:
    """A value of a list, or the number of a row."""
    is_ref = item.type == "ref"
    offered = (item.none,) if is_ref else spec.lists[item.list].values
    if text in offered or len(text) > _LONGEST_TIDIED or (is_ref and _ID.fullmatch(text)):
        return _as_it_is(text)
    number = plain(text).rstrip(" .").upper() if is_ref else ""
    if _ID.fullmatch(number):
        return _noted(spec, item, number, text, "list-tidied")
    key = folded(text)
    fitting = [value for value in offered if key and folded(value) == key]
    if len(fitting) == 1:
        return _noted(spec, item, fitting[0], text, "list-tidied")
    if fitting:
        return _two_readings(text, fitting[0], fitting[1])
    if _PROMPT.fullmatch(key.strip("-<>[](){}.: ")) or _IN_BRACKETS.fullmatch(text.strip()):
        return _noted(spec, item, None, text, "placeholder-read-as-blank")
    if _is_nothing(item, text):
        return _noted(spec, item, None, text, "read-as-blank")
    return _as_it_is(text)


def _number(spec: Spec, item: Field, cell: Cell, text: str, unit: str) -> Decoded:
    """A number out of a stored number or out of a text."""
    raw, codes = cell.value, []
    if isinstance(raw, str):
        found = numbers.reading(text)
        if len(found.numbers) == 2:
            return _two_readings(text, *map(shown, found.numbers))
        if not found.numbers or (found.is_money and item.type != "money" and item.unit):
            return _as_it_is(text)
        (number,), is_percent = found.numbers, found.is_percent
        codes.append("number-as-text" if found.as_typed else "number-tidied")
    elif isinstance(raw, bool) or not math.isfinite(raw) or cell.format == "date":
        return _as_it_is(text)  # "3/4" typed for a number is a day to Excel, and its number means nothing
    else:
        number, is_percent = numbers.exact(raw), cell.format == "percent"
        if is_percent:
            number = numbers.as_percent(number)
            codes.append("percent-read")
    if is_percent and (item.type == "money" or item.unit):
        return _as_it_is(text)  # a share is no amount and no count of anything
    if not is_percent and unit and 0 < abs(number) < 1 and _is_percent(spec, unit):
        number = numbers.as_percent(number)
        codes.append("percent-read")
    value = _of_type(item, number)
    if value is None:
        return _as_it_is(text)
    return _noted(spec, item, value, text, *codes) if codes else Decoded(value=value, entered=text)


def _of_type(item: Field, number: Decimal) -> int | Decimal | None:
    if item.type != "integer":
        return number
    return int(number) if number == number.to_integral_value() else None


def _is_percent(spec: Spec, unit: str) -> bool:
    """Whether a text is the value of a list that the spec marks as percent."""
    key = folded(unit)
    return any(folded(value) == key for item in spec.lists.values() for value in item.flagged("percent"))


def _date(
    spec: Spec, item: Field, cell: Cell, text: str, orders: Iterable[str], *, epoch_1904: bool
) -> Decoded:
    """A day out of a serial number or out of a text."""
    raw = cell.value
    if isinstance(raw, bool):
        return _as_it_is(text)
    if isinstance(raw, str):
        days = dates.readings(text, orders)
        if not days:
            return _as_it_is(text)
        if len(days) > 1:
            return _two_readings(text, *map(dates.in_words, days[:2]))
        return _noted(spec, item, days[0], text, "date-from-text", read=dates.in_words(days[0]))
    day: date | None = None
    if cell.format != "percent":
        day = dates.of_serial(raw, epoch_1904=epoch_1904)
    if day is None:
        return _as_it_is(text)
    if text == shown(day):
        return Decoded(value=day, entered=text)
    return _noted(spec, item, day, text, "date-from-number", read=dates.in_words(day))
