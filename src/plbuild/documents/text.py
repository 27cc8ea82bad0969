"""Answers as the text that a Word plan prints: formatted for US readers, free of what XML forbids.

Takes typed values, returns ``Text``. Design decision: a ``Text`` is the printed string itself and keeps
the typed value beside it, so that a template prints it as it stands and can still add it up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from plbuild.model import Field, Value, money, plain_number

NO_BREAK = "\u00a0"
"""Between a number and its unit and within a date, so that no line ends there."""

# What XML 1.0, production [2] Char, leaves out; a lone surrogate cannot be written as UTF-8 either. And
# Unicode's noncharacters (U+FDD0 to U+FDEF, chapter 23.7), which stand for places in an unfinished document.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Excel and Word hold a typed line break as any of these.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

_NOTHING: Mapping[str, str | bool] = {}


class Text(str):
    """A printed value; ``value`` is what was answered, ``field`` what was asked, ``says`` what the
    spec says of a list's value."""

    __slots__ = ("field", "says", "value")

    value: Value
    field: Field | None
    says: Mapping[str, str | bool]

    def __new__(
        cls,
        text: str = "",
        value: Value = None,
        field: Field | None = None,
        says: Mapping[str, str | bool] | None = None,
    ) -> Self:
        """The text cleaned of what XML forbids."""
        # Most texts are one line of plain words, and a plan's context makes a thousand texts.
        self = str.__new__(cls, text if text.isprintable() else clean(text))
        self.value = value
        self.field = field
        self.says = says or _NOTHING
        return self


def clean(text: str) -> str:
    """``text`` as XML can hold it: every kind of line break as ``\\n``, forbidden characters gone.

    Vertical tabs and form feeds are forbidden too, but they stand for line breaks: dropping them
    would run two words into one.
    """
    # Nearly all that is not printable besides are numbers with their units, and texts of several lines.
    if text.replace(NO_BREAK, " ").replace("\n", " ").isprintable():
        return text
    return _FORBIDDEN.sub("", _LINE_BREAKS.sub("\n", text))


def printed(value: Value, kind: str = "text", unit: str = "") -> str:
    """A value of the type ``kind`` as US readers write it, with its unit: ``1,240 students``.

    A value that is not of its type (a cell that could not be decoded) is printed as it was entered.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return f"{value.day}{NO_BREAK}{month_name(value)}{NO_BREAK}{value.year}"
    if isinstance(value, bool) or (isinstance(value, Decimal) and not value.is_finite()):
        return str(value)
    return money(Decimal(value)) if kind == "money" else with_unit(plain_number(value), value, unit)


# strftime("%b") follows the machine's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: date) -> str:
    """The month in three letters: ``Sep``."""
    return _MONTHS[month.month - 1]


def with_unit(text: str, number: Decimal | int, unit: str) -> str:
    """A printed number with its unit, which is written in the plural: ``1 session``, ``2 sessions``."""
    if not unit:
        return text
    if number == 1:
        unit = "person" if unit == "people" else unit.removesuffix("s")
    return f"{text}{NO_BREAK}{unit}"


def answer(value: Value, field: Field, says: Mapping[str, str | bool] | None = None) -> Text:
    """What was answered to ``field``, as it is printed."""
    words = value if type(value) is str else printed(value, field.type, field.unit)
    # Not Text(...), because Python's way from there to here takes as long as all of this.
    return Text.__new__(Text, words, value, field, says)
