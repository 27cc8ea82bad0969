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

# Characters of a long text beyond those that are shown: for blanks that fall away.
_SPARE = 20


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


def tally(rows: Rows, name: str, limit: int = 0) -> Text:
    """How often each value of a field occurs, the most frequent first: ``Coaching (4), Workshop (1)``.

    With a ``limit``, values beyond it are only counted: ``and 2 others``.
    """
    counts = Counter(str(row[name]) for row in rows if row[name]).most_common()
    # "and 1 other" takes as much room as the value that it hides.
    shown = counts[:limit] if limit and len(counts) > limit + 1 else counts
    words = ", ".join(f"{value} ({count})" for value, count in shown)
    rest = sum(count for _, count in counts[len(shown) :])
    return Text(f"{words} and {rest} others" if rest else words)


def counted(rows: Rows, noun: str) -> Text:
    """How many rows there are, with their noun in the plural: ``1 action``, ``12 actions``."""
    count = len(list(rows))
    return Text(with_unit(printed(count, "integer"), Decimal(count), noun), count)


def grouped(rows: Rows, name: str) -> list[dict[str, object]]:
    """The rows by the value of a field, in the order in which the values first occur: each group has
    the ``name`` and its ``rows``. Jinja's own ``groupby`` sorts."""
    groups: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        groups.setdefault(str(row[name]), []).append(row)
    return [{"name": Text(value), "rows": members} for value, members in groups.items()]


def filled(values: Iterable[object]) -> list[object]:
    """The values that are not blank, to be joined: ``{{ [a.design, a.mode] | filled | join(', ') }}``."""
    return [value for value in values if value]


def brief(value: object, limit: int = 120) -> Text:
    """The beginning of a text on one line, cut after a sentence or else between words."""
    text = str(value)
    # Of a long text the beginning is enough, unless it is blank for the most part.
    line = " ".join(text[: limit + _SPARE].split())
    if len(line) <= limit:
        line = " ".join(text.split())
        if len(line) <= limit:
            return Text(line)
    sentence = line[:limit].rfind(". ") + 1
    cut = line[:sentence] if sentence > limit / 2 else line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.(–-•")
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
    "grouped": grouped,
    "in_unit": in_unit,
    "tally": tally,
    "total": total,
}
