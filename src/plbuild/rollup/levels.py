"""School levels out of the lowest and highest grade of the roster.

The grade codes are those of the Common Core of Data (NCES): PK, KG, 01 to 13, and UG, AE for ungraded
and adult education. Design decision: the grades, not the school's name or type, decide. NCES counts
K-8 as "primary" and 6-12 as "other"; both hide what a reader of a plan wants to see, so a school that
spans two levels is called by both. Where a school belongs to one level, the bounds are those of NCES
(primary begins by grade 3; middle lies between 4 and 9), but a school that ends with grade 5 is
elementary and one that begins with grade 9 is a high school.
"""

from __future__ import annotations

from plbuild.model import RosterRow, Value
from plbuild.rollup import names

# The lowest grade lies between the first pair of bounds, the highest between the second; the first
# line that fits decides. PK is -1 and KG 0. The lines cover every pair of grades.
RULES: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...] = (
    ("Elementary", (-1, 5), (-1, 5)),
    ("Elementary", (-1, 3), (6, 6)),
    ("Middle", (4, 8), (6, 9)),
    ("High", (9, 13), (9, 13)),
    ("Elementary and middle", (-1, 3), (7, 9)),
    ("Middle and high", (4, 8), (10, 13)),
    ("All grades", (-1, 3), (10, 13)),
)
OTHER = "Other"
LEVELS = (*dict.fromkeys(name for name, _, _ in RULES), OTHER)
"""The levels in the order of the tables."""

RULE_IN_WORDS = (
    "A school's level follows from its grades: Elementary up to grade 5 or 6, Middle within grades 4 "
    "to 9, High from grade 9; a school that spans two levels is called by both."
)
_EARLY = {"PK": -1, "KG": 0, "K": 0}


def level(school: RosterRow) -> str:
    """The level of a school of the roster; ``OTHER`` where a grade is not known or not a number."""
    low = grade(school.columns.get(names.GRADE_LOW))
    high = grade(school.columns.get(names.GRADE_HIGH))
    if low is None or high is None:
        return OTHER
    for name, (low_from, low_to), (high_from, high_to) in RULES:
        if low_from <= low <= low_to and high_from <= high <= high_to:
            return name
    return OTHER


def grade(code: Value) -> int | None:
    """A grade code as a number: PK -1, KG 0, "05" 5; None for UG, AE and what is no grade."""
    text = str(code if code is not None else "").strip().upper()
    if text in _EARLY:
        return _EARLY[text]
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 13 else None
