"""What stands at the top of the page: how many, and which.

Takes the rows of the page, returns numbers and the rows behind them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plbuild.page.data import Row

STATES = ("held", "missing", "accepted", "exempt")
"""In the order in which they want attention; by it the column State is sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The plans of the schools by what became of them."""

    all: int
    received: int
    accepted: int
    held: int
    missing: int
    late: int
    exempt: int


def counts(rows: Iterable[Row]) -> Counts:
    """The counts of the main plans of the schools."""
    schools = [row for row in rows if row.main]
    by = {state: sum(row.state == state for row in schools) for state in STATES}
    return Counts(
        all=len(schools),
        received=by["accepted"] + by["held"],
        accepted=by["accepted"],
        held=by["held"],
        missing=by["missing"],
        late=sum(row.late for row in schools),
        exempt=by["exempt"],
    )


def told(rows: Iterable[Row], room: int, least: int, most: int) -> int:
    """How many findings of one row are shown, so that all of them together fit in ``room``.

    At least ``least`` and at most ``most`` a row: the page must open fast however much is wrong.
    """
    lengths = [len(row.findings) for row in rows]
    limit = most
    while limit > least and sum(min(length, limit) for length in lengths) > room:
        limit -= 1
    return limit
