"""A bar chart as plain data, and in words.

Takes names and numbers, returns the text for those who do not see the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plbuild.model import money, plain_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, and the amount of each series, which stand end to end."""

    name: str
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """The length of the whole bar."""
        return sum(self.amounts, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart: its title, the type of its numbers, the titles of its series, its bars from the top."""

    title: str
    type: str
    series: tuple[str, ...]
    rows: tuple[Bar, ...]

    def said(self, amount: Decimal) -> str:
        """A number of the chart as US readers write it."""
        return money(amount) if self.type == "money" else plain_number(amount)


def alternative(bars: Bars) -> str:
    """The chart as a sentence with every figure."""
    counted = " and ".join(_lowered(title) for title in bars.series)
    told = "; ".join(_told(bars, bar) for bar in bars.rows)
    return f"Bar chart, {_lowered(bars.title)} ({counted}), highest first: {told}."


def _told(bars: Bars, bar: Bar) -> str:
    text = f"{bar.name} {bars.said(bar.total)}"
    if len(bars.series) == 1:
        return text
    pairs = zip(bars.series, bar.amounts, strict=True)
    return f"{text} ({', '.join(f'{_lowered(title)} {bars.said(amount)}' for title, amount in pairs)})"


def _lowered(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]
