"""A cell's raw value as the answer that its field's type wants.

Takes a field and what calamine read; returns the typed value, or the text as it stands where the type
cannot be had (the checks then say so at the cell).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from plbuild.intake.package import Raw
from plbuild.model import Field, Value, shown

# Excel's serial day 1 is 1/1/1900, and it counts a 2/29/1900 that never was (Microsoft KB 214326).
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)


def text_of(raw: Raw) -> str:
    """What a person sees in the cell, as text with its line breaks; empty for a blank cell."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, datetime):
        day = shown(raw.date())
        return day if raw.time() == time() else f"{day} {raw.time().isoformat('minutes')}"
    if isinstance(raw, date):
        return shown(raw)
    if isinstance(raw, str):
        return raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    return str(raw)


def value_of(item: Field, raw: Raw) -> Value:
    """The decoded value of ``raw`` for the field ``item``; None for a blank cell."""
    text = text_of(raw)
    if not text:
        return None
    if item.type == "date":
        day = _day(raw)
        return text if day is None else day
    if item.type == "integer":
        number = _number(raw)
        whole = number is not None and number == number.to_integral_value()
        return int(number) if number is not None and whole else text
    if item.type in ("decimal", "money"):
        number = _number(raw)
        return text if number is None else number
    return text


def _day(raw: Raw) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in _SERIALS:
        return _SERIAL_EPOCH + timedelta(days=int(raw))
    return None


def _number(raw: Raw) -> Decimal | None:
    """The number in a cell, or in a text that is nothing but a plain number."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        number = Decimal(text_of(raw))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
