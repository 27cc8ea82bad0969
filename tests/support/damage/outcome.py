"""The form in which it is said what must come of a kind of damage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import EllipsisType

from plbuild.model import Value

Found = tuple[str, str, str, str]
"""A finding: sheet, cell, ``section.field`` (or the section alone), code."""

At = tuple[str, str]
"""A finding at a spot of the undamaged workbook: the spot, the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What comes of a kind of damage.

    ``values``: what stands in a spot now, None for nothing. ``rows``: rows that were added to a section.
    ``gone``: rows that are no longer there, as ``section row``. ``other``: sections whose records are not
    compared. ``plans``: how many plans are read.
    """

    found: tuple[Found | At, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    plans: int = 1


def at(spot: str, *codes: str, value: Value | EllipsisType = ...) -> Outcome:
    """Findings at one spot, and what it holds now where that is not what it held."""
    values = {} if isinstance(value, EllipsisType) else {spot: value}
    return Outcome(found=tuple((spot, code) for code in codes), values=values)


def on(*found: Found | At) -> Outcome:
    return Outcome(found=found)


def of_file(code: str) -> Outcome:
    """The file holds no plan that can be read."""
    return Outcome(found=(("", "", "", code),), plans=0)


CLEAN = Outcome()
"""Nothing is found, nothing is lost."""
