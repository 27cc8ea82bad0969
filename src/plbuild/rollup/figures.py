"""Arithmetic and order of the roll-up: exact sums, blank answers, the order of a list's values.

Design decision: amounts and hours are ``Decimal`` from the cell to the table, added in a context that
never rounds. The default context keeps 28 digits, so one absurd amount (1e30 in a waived cell) would
make two sums of the same rows differ and a control total cry wolf.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from functools import reduce

from plbuild.model import ValueList
from plbuild.rollup import names

# Between 1e-324 and 1.8e308 lies what a cell can hold; 2,000 digits hold any sum and product of two.
_MOST_EXPONENT = 330
_EXACT = Context(prec=2000)
_TENTH = Decimal("0.1")


def number(value: object) -> Decimal | None:
    """A number as an exact Decimal; None for a blank, a text, a date or what no cell could hold.

    An accepted plan can hold a text where a number belongs: an error that a waiver let through. A text
    like "1e999999" may have been read as a number of a million digits.
    """
    # Asked of each number several times, and by type at once: most are Decimals.
    if type(value) is Decimal:
        exact = value
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact = Decimal(value)
    else:
        return None
    return exact if exact.is_finite() and -_MOST_EXPONENT <= exact.adjusted() <= _MOST_EXPONENT else None


def numbers(values: Iterable[object]) -> list[Decimal]:
    """The numbers among ``values``."""
    return [exact for value in values if (exact := number(value)) is not None]


def total(values: Iterable[object]) -> Decimal:
    """The exact sum of the numbers among ``values``; what is not a number counts as nothing."""
    return reduce(_EXACT.add, numbers(values), Decimal(0))


def add(left: Decimal, right: Decimal) -> Decimal:
    """``left`` and ``right``, exactly."""
    return _EXACT.add(left, right)


def difference(left: Decimal, right: Decimal) -> Decimal:
    """``left`` less ``right``, exactly."""
    return _EXACT.subtract(left, right)


def product(left: object, right: object) -> Decimal | None:
    """The exact product of two numbers, None where one of them is not a number."""
    one, other = number(left), number(right)
    return None if one is None or other is None else _EXACT.multiply(one, other)


def whole(value: Decimal) -> int | Decimal:
    """A whole number as ``int``, so that a count prints as one."""
    return int(value) if value == value.to_integral_value() else value


def percent(part: Decimal | int, all_of_it: Decimal | int) -> Decimal | None:
    """``part`` of ``all_of_it`` in percent to one decimal, None where there is nothing to share."""
    if not all_of_it:
        return None
    return (Decimal(part) * 100 / Decimal(all_of_it)).quantize(_TENTH)


def stated(value: object) -> str:
    """The answer as a key to group by; a blank one is a group of its own, never dropped."""
    return names.NOT_STATED if value is None or value == "" else str(value)


def rank(values: ValueList, value: str) -> tuple[int, str]:
    """Sorts a list's values in the order of the spec, then unknown ones, then blank ones."""
    known = values.values
    if value in known:
        return known.index(value), ""
    return len(known) + (value == names.NOT_STATED), value
