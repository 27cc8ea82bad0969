"""Dates out of cells and out of texts that people type for dates.

Takes a serial number or a text, returns the days that it can stand for. Design decision: a text is read in
every order that the spec allows, and a reading counts only where it is a real day of the years that a plan
can speak of; the caller takes one reading and asks about two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from plbuild.intake.texts import plain

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
"""The days that a plan can speak of, its data and its records included."""

# Excel's serial day 1 is 1/1/1900, and it counts a 2/29/1900 that never was (Microsoft KB 214326).
# A workbook from an old Mac counts from 1/1/1904, which is its day 0.
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_NEVER_WAS = 60

_LONGEST = 60
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_BY_NAME = {
    name[:length].casefold(): number
    for number, name in enumerate(_MONTHS, start=1)
    for length in range(3, len(name) + 1)
}

_WEEKDAY = re.compile(r"\A(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? ")
_TIME = re.compile(
    r"(?:t|,? )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:z|utc|[-+][0-9]{2}:?[0-9]{2}))?"
)
_NUMBERS = re.compile(r"([0-9]{1,4}) ?([-/. ]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,4})")
_TH, _GAP = "(?:st|nd|rd|th)?", "[-/,. ]"
_MONTH_FIRST = re.compile(rf"([a-z]+){_GAP}*([0-9]{{1,2}}){_TH}{_GAP}+'?([0-9]{{2,4}})")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){_TH}{_GAP}*(?:of )?([a-z]+){_GAP}*'?([0-9]{{2,4}})")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_GAP}*([a-z]+){_GAP}*([0-9]{{1,2}}){_TH}")


@lru_cache(maxsize=1 << 10)
def of_serial(value: float, *, epoch_1904: bool) -> date | None:
    """The day that a stored number stands for; None outside the days that a plan can speak of."""
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    if not (FIRST - epoch).days <= value < (LAST - epoch).days + 1:
        return None
    return epoch + timedelta(days=int(value))


@lru_cache(maxsize=1 << 10)
def displayed(value: float, *, epoch_1904: bool) -> str:
    """What a person sees of a number in a cell with a date format; empty where Excel shows ``####``."""
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    if not 0 <= value < (date.max - epoch).days:
        return ""
    days, minutes = divmod(round(value * 1440), 1440)
    clock = f"{minutes // 60}:{minutes % 60:02}"
    if days == 0 and not epoch_1904:
        return clock
    if days == _NEVER_WAS and not epoch_1904:
        return "2/29/1900"
    early = timedelta(days=1 if days < _NEVER_WAS and not epoch_1904 else 0)
    day = epoch + timedelta(days=days) + early
    text = f"{day.month}/{day.day}/{day.year}"
    return f"{text} {clock}" if minutes else text


def in_words(day: date) -> str:
    """``March 4, 2026``: the one way of writing a day that every reader takes alike."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def readings(text: str, orders: Iterable[str]) -> tuple[date, ...]:
    """The days that ``text`` can stand for, the earliest first.

    ``orders`` are those of the spec (``month-day-year``, ``year-month-day``, ``day-month-year``). A
    month in words needs none of them. A year that stands first has four digits.
    """
    if len(text) > _LONGEST:
        return ()
    text = _without_time(_WEEKDAY.sub("", plain(text).casefold()).rstrip(" ."))
    if match := _NUMBERS.fullmatch(text):
        parts = (match[1], match[3], match[4])
        found = {_in_order(parts, order) for order in orders}
    elif match := _MONTH_FIRST.fullmatch(text):
        found = {_day(match[3], _BY_NAME.get(match[1], 0), match[2])}
    elif match := _YEAR_FIRST.fullmatch(text):
        found = {_day(match[1], _BY_NAME.get(match[2], 0), match[3])}
    elif match := _DAY_FIRST.fullmatch(text):
        found = {_day(match[3], _BY_NAME.get(match[2], 0), match[1])}
    else:
        return ()
    return tuple(sorted(day for day in found if day))


def _without_time(text: str) -> str:
    for match in _TIME.finditer(text):
        if match.end() == len(text):
            return text[: match.start()]
    return text


def _in_order(parts: tuple[str, str, str], order: str) -> date | None:
    named = dict(zip(order.split("-"), parts, strict=True))
    if order.startswith("year") and len(named["year"]) != 4:
        return None
    return _day(named["year"], int(named["month"]), named["day"])


def _day(year: str, month: int, day: str) -> date | None:
    """A day of the years that a plan can speak of; two digits of a year stand for 1990 to 2089."""
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 90 else 1900)
    try:
        found = date(number, month, int(day))
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None
