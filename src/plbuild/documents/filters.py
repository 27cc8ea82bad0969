"""The words that tags may use beside Jinja's own: sums, counts, short forms.

Each takes a list of rows or a text and returns ``Text`` or rows; none knows a field by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from plbuild.documents.text import Text, answer, printed, with_unit
from plbuild.documents.views import added
from plbuild.model import plain_number

Rows = Iterable[Mapping[str, object]]


def total(rows: Rows, name: str) -> Text:
    """The exact sum of a field over rows, written as the field is; blank where there are no rows."""
    found = list(rows)
    if not found:
        return Text()
    amount = added(found, name)
    field = getattr(found[0][name], "field", None)
    return answer(amount, field) if field else Text(plain_number(amount), amount)


def gather(rows: Rows, name: str) -> list[Mapping[str, object]]:
    """The rows under each of some rows as one list: the actions of all objectives of a goal."""
    found: list[Mapping[str, object]] = []
    for row in rows:
        under = row[name]
        if not isinstance(under, list):
            raise TypeError(f"{name} is not a list of rows")
        found += [entry for entry in under if entry not in found]
    return found


def tally(rows: Rows, name: str) -> Text:
    """How often each value of a field occurs, the most frequent first: ``Coaching (4), Workshop (1)``."""
    counts = Counter(str(row[name]) for row in rows if row[name])
    return Text(", ".join(f"{value} ({count})" for value, count in counts.most_common()))


def counted(rows: Rows, noun: str) -> Text:
    """How many rows there are, with their noun in the plural: ``1 action``, ``12 actions``."""
    count = len(list(rows))
    return Text(with_unit(printed(count, "integer"), Decimal(count), noun), count)


def filled(values: Iterable[object]) -> list[object]:
    """The values that are not blank, to be joined: ``{{ [a.design, a.mode] | filled | join(', ') }}``."""
    return [value for value in values if value]


def brief(value: object, limit: int = 120) -> Text:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(str(value).split())
    if len(line) <= limit:
        return Text(line)
    cut = line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.(–-")
    return Text(f"{cut} …")


def in_unit(value: object, unit: object) -> Text:
    """A number with the unit that another answer names: ``61 %``, ``14 (Count)``.

    The list of units may give a ``sign`` for a unit; an empty one means that the number stands alone.
    """
    if not value or not unit:
        return Text(str(value))
    says = unit.says if isinstance(unit, Text) else {}
    sign = says.get("sign")
    if sign is None:
        sign = f"({unit})"
    return Text(f"{value}\u00a0{sign}" if sign else str(value))


FILTERS: Mapping[str, Callable[..., object]] = {
    "brief": brief,
    "counted": counted,
    "filled": filled,
    "gather": gather,
    "in_unit": in_unit,
    "tally": tally,
    "total": total,
}
