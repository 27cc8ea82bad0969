"""Values as JSON has them, and back.

Takes many values at once, returns plain ones and says which of them are numbers and dates. Design decision:
to say of each value what it is takes far longer to read again than the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from plbuild.model.words import Value

PlainValues = tuple[list[Any], list[int], list[int]]
"""Values, and which of them are texts that stand for a decimal and for a date."""


def packed_values(values: Sequence[Value]) -> PlainValues:
    """The values for ``unpacked_values``."""
    plain: list[Any] = list(values)
    decimals, dates = [], []
    # Nearly all are texts or blank, which are passed over at once.
    others = [index for index, value in enumerate(values) if type(value) is not str and value is not None]
    for index in others:
        value = values[index]
        if type(value) is Decimal:
            decimals.append(index)
            plain[index] = str(value)
        elif type(value) is date:
            dates.append(index)
            plain[index] = str(value)
    return plain, decimals, dates


def unpacked_values(plain: Sequence[Any], decimals: Sequence[int], dates: Sequence[int]) -> list[Value]:
    """The values that ``packed_values`` took."""
    values = list(plain)
    for index in decimals:
        values[index] = Decimal(plain[index])
    for index in dates:
        values[index] = date.fromisoformat(plain[index])
    return values
