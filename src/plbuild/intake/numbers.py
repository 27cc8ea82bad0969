"""Numbers out of cells and out of texts that people type for numbers.

Takes a stored number or a text, returns the exact decimals that it can stand for: none, one or two. Design
decision: US writing is read (1,240.50), and other writing where it can mean nothing else; where a dot or
a comma could be either mark, both readings come back and the caller asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

from plbuild.intake.texts import plain

# No number of a plan is longer; beyond it a text is not a number but a text of digits.
_LONGEST = 40

_DIGITS = r"(?P<digits>[0-9][0-9., ]*|\.[0-9]+)"
_WRITTEN = re.compile(
    r"(?P<sign>[-+])? ?(?P<money>us\$|\$|usd)? ?(?P<open>\()? ?(?P<sign2>[-+])? ?(?P<money2>us\$|\$|usd)? ?"
    rf"{_DIGITS} ?(?P<percent>%)? ?(?P<close>\))? ?(?P<after>%|usd|dollars?)?",
    re.IGNORECASE,
)
_AS_TYPED = re.compile(r"-?[0-9]+(\.[0-9]+)?")

_SPACED = re.compile(r"[0-9]{1,3}( [0-9]{3})+(\.[0-9]+)?")
_US = re.compile(r"(0|[1-9][0-9]{0,2})(,[0-9]{3})+(\.[0-9]*)?")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]{1,2})?")
_DECIMAL = re.compile(r"[0-9]*\.[0-9]+|[0-9]+\.?")
_ONE_COMMA = re.compile(r"([0-9]+),([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text can stand for as a number.

    ``numbers``: the possible ones, smallest reading first. ``is_percent``: a percent sign stood with it.
    ``is_money``: a dollar sign did. ``as_typed``: nothing but the number stood there.
    """

    numbers: tuple[Decimal, ...] = ()
    is_percent: bool = False
    is_money: bool = False
    as_typed: bool = False


NONE = Reading()


def exact(value: float) -> Decimal:
    """A stored number with the 15 digits that Excel shows of it (Microsoft, "Excel specifications").

    ``value`` is finite. 0.1 + 0.2 is stored as 0.30000000000000004 and is 0.3 to everybody.
    """
    if value.is_integer() and -1e15 < value < 1e15:
        return Decimal(int(value))
    return Decimal(f"{value:.15g}")


def as_percent(value: Decimal) -> Decimal:
    """0.61 as 61."""
    return Decimal(digits(value.scaleb(2, Context(prec=2 * _LONGEST))))


def digits(value: Decimal) -> str:
    """A decimal in digits alone, as a person sees it in a cell without a format: ``1240.5``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reading(text: str) -> Reading:
    """What ``text`` can stand for; no numbers where it is not a number alone."""
    if len(text) > _LONGEST:
        return NONE
    match = _WRITTEN.fullmatch(plain(text))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return NONE
    signs = [sign for sign in (match["sign"], match["sign2"], match["open"]) if sign]
    moneys = [match["money"], match["money2"], match["after"] if match["after"] != "%" else None]
    percents = [match["percent"], match["after"] if match["after"] == "%" else None]
    is_money, is_percent = any(moneys), any(percents)
    if len(signs) > 1 or sum(map(bool, moneys + percents)) > 1:
        return NONE
    negative = bool(signs) and signs[0] != "+"
    numbers = _numbers(match["digits"].strip())
    if negative:
        numbers = tuple(number.copy_negate() for number in reversed(numbers))
    as_typed = _AS_TYPED.fullmatch(text) is not None
    return Reading(numbers=numbers, is_percent=is_percent, is_money=is_money, as_typed=as_typed)


def _numbers(text: str) -> tuple[Decimal, ...]:
    """The readings of digits with dots, commas and spaces between them."""
    return tuple(sorted({Decimal(found) for found in _spellings(text)}))


def _spellings(text: str) -> Iterator[str]:
    if _DECIMAL.fullmatch(text):
        yield text
    if _SPACED.fullmatch(text):
        yield text.replace(" ", "")
    if _US.fullmatch(text):
        yield text.replace(",", "")
    if _DOTTED.fullmatch(text):  # 1.200 is 1,200 to half of the world
        yield text.replace(".", "").replace(",", ".")
    comma = _ONE_COMMA.fullmatch(text)
    if comma and (comma[1] == "0" or not _US.fullmatch(text)):  # 1,2 is a slip for 12, or 1.2 elsewhere
        yield f"{comma[1]}.{comma[2]}"
        if comma[1].strip("0"):
            yield comma[1] + comma[2]
