"""Figures that may show fewer than ten students.

Takes a ``Scope``, returns a judge of single rows. A count of fewer than ten people can give away who they
are; ten is the least group size that the Department of Education's guidance names most often (Privacy
Technical Assistance Center, "Frequently Asked Questions: Disclosure Avoidance"). Design decision: a row is
flagged, never blanked, because the district knows its students; it is publishing that it must not do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from plbuild.model import Value
from plbuild.rollup import names
from plbuild.rollup.declared import FEWER_THAN_TEN
from plbuild.rollup.figures import number
from plbuild.rollup.scope import Scope

LEAST = 10
# "grade 9 students with disabilities (n = 7)": the number of students as people write it beside a group.
_STATED = re.compile(r"\bn\s*=\s*(\d+)", re.IGNORECASE)

Judge = Callable[[str, Value, Value, Iterable[Value]], str | None]
"""Owner's number, students in words, unit, numbers in that unit: the flag, or None."""


def judge(scope: Scope) -> Judge:
    """A function that flags a row.

    A row is small where the whole school has fewer than ten students, where its words name a smaller
    number (n = 7), or where one of its numbers counts fewer than ten of something.
    """
    enrolled = {row.id: number(row.columns.get(names.ENROLLMENT)) for row in scope.roster.schools}
    units = scope.choices(names.GOALS, names.UNIT).flagged(names.COUNTS)

    def flag(owner: str, students: Value, unit: Value, numbers: Iterable[Value]) -> str | None:
        found = [enrolled.get(owner), *(number(int(text)) for text in _STATED.findall(str(students or "")))]
        if unit in units:
            found += [number(value) for value in numbers]
        return FEWER_THAN_TEN if any(item is not None and 0 <= item < LEAST for item in found) else None

    return flag
