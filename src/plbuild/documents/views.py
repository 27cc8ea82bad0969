"""The views of a spec: what a template shows of a section beside its rows.

Takes a view's declaration and the rows, returns a calendar (months in blocks of twelve, a mark for each
month that a row spans), a coverage (rows by value of a list) or totals (exact sums by value).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext

from plbuild.documents.rows import Row
from plbuild.documents.text import Text, answer, month_name, printed
from plbuild.model import PlanSpec, Spec, View

MARK = "■"
_MARKED, _UNMARKED = Text(MARK), Text()

_NUMBERS = (Decimal, int)

# A year typed wrongly (3026) must not make a thousand tables: rows count to a year beyond the plan.
_MARGIN = 12


def view(
    spec: Spec, plan: PlanSpec, item: View, sections: Mapping[str, object], rows: Sequence[Row]
) -> dict[str, object]:
    """The data of one view; ``sections`` are the context's forms and tables, ``rows`` the view's own."""
    if item.kind == "calendar":
        return _calendar(item, sections, rows)
    if item.kind == "coverage":
        return _coverage(spec, item, rows)
    return _totals(spec, plan, item, rows)


def _text(item: View, name: str) -> str:
    value = item.options.get(name, "")
    return value if isinstance(value, str) else ""


def _day(row: object, name: str) -> date | None:
    value = row.get(name) if isinstance(row, Row) else None
    day = value.value if isinstance(value, Text) else None
    return day if isinstance(day, date) else None


def _calendar(item: View, sections: Mapping[str, object], rows: Sequence[Row]) -> dict[str, object]:
    """``years``: blocks of twelve months that hold a mark, each with its rows by their first day;
    ``outside``: the rows that fall into none of them."""
    spans = _spans(item, rows)
    bounds = [_bound(sections, _text(item, name)) for name in ("from", "to")]
    first, last = _window(bounds, [span for span in spans if span])
    blocks, shown = [], set()
    for start in range(first, last + 1, 12):
        marked = [
            (span, row, _marks(span, start))
            for row, span in zip(rows, spans, strict=True)
            if span and span[0] < start + 12 and span[1] >= start
        ]
        if marked:
            marked.sort(key=lambda entry: entry[0])
            blocks.append(_block(start, [(row, marks) for _, row, marks in marked]))
            shown |= {id(row) for _, row, _ in marked}
    return {"years": blocks, "outside": [row for row in rows if id(row) not in shown]}


def _spans(item: View, rows: Sequence[Row]) -> list[tuple[int, int] | None]:
    """First and last month of each row, counted from the year 0."""
    spans: list[tuple[int, int] | None] = []
    for row in rows:
        days = [_day(row, _text(item, name)) for name in ("start", "end")]
        months = sorted(_month(day) for day in days if day)
        spans.append((months[0], months[-1]) if months else None)
    return spans


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _bound(sections: Mapping[str, object], path: str) -> int | None:
    form, _, name = path.partition(".")
    day = _day(sections.get(form), name)
    return _month(day) if day else None


def _window(bounds: Sequence[int | None], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The months shown: the plan's own, stretched to the rows beyond them, but not endlessly."""
    months = [month for span in spans for month in span] or [0]
    first, last = bounds
    first = min(months) if first is None else first
    last = max(first, min(max(months), first + 60)) if last is None else last
    lowest, highest = first - _MARGIN, last + _MARGIN
    inside = [month for month in months if lowest <= month <= highest]
    # Whole years before the plan's first month keep its own years unbroken.
    early = max(0, first - min([first, *inside]))
    return first - (early + 11) // 12 * 12, max([last, *inside])


def _marks(span: tuple[int, int], start: int) -> list[Text]:
    return [_MARKED if span[0] <= month <= span[1] else _UNMARKED for month in range(start, start + 12)]


def _block(start: int, rows: Iterable[tuple[Row, list[Text]]]) -> dict[str, object]:
    days = [date(month // 12, month % 12 + 1, 1) for month in range(start, start + 12)]
    return {
        "title": Text(f"{_month_and_year(days[0])} to {_month_and_year(days[-1])}"),
        "months": [Text(month_name(day)) for day in days],
        "rows": [{"row": row, "marks": marks} for row, marks in rows],
    }


def _month_and_year(day: date) -> str:
    return f"{month_name(day)} {day.year}"


def _coverage(spec: Spec, item: View, rows: Sequence[Row]) -> dict[str, object]:
    """``entries``: each value of the list with what the spec says of it, its rows and their count."""
    fields = item.options["fields"]
    names = (fields,) if isinstance(fields, str) else fields
    said = [{str(row[name]) for name in names} for row in rows]
    entries = []
    for choice in spec.lists[_text(item, "list")].choices:
        found = [row for row, values in zip(rows, said, strict=True) if choice.value in values]
        entries.append(
            {
                "name": Text(choice.value, choice.value, says=choice.attributes),
                "count": Text(printed(len(found), "integer"), len(found)),
                "rows": found,
            }
        )
    return {"entries": entries}


def _totals(spec: Spec, plan: PlanSpec, item: View, rows: Sequence[Row]) -> dict[str, object]:
    """``entries``: name, exact sum, count and rows of each value that occurs; ``total`` and ``count``."""
    part = plan.section(item.section)
    by, summed = part.field(_text(item, "by")), part.field(_text(item, "sum"))
    order = list(spec.lists[by.list].values) if by.list in spec.lists else []
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[by.name]), []).append(row)
    ordered = [name for name in order if name in groups]
    ordered += [name for name in groups if name not in order]
    entries = []
    for name in ordered:
        found = groups[name]
        entries.append(
            {
                "name": Text(name, name),
                "sum": answer(added(found, summed.name), summed),
                "count": Text(printed(len(found), "integer"), len(found)),
                "rows": found,
            }
        )
    return {
        "entries": entries,
        "total": answer(added(rows, summed.name), summed),
        "count": Text(printed(len(rows), "integer"), len(rows)),
    }


def added(rows: Iterable[Mapping[str, object]], name: str) -> Decimal:
    """The exact sum of a field over some rows; blank and undecoded values count nothing."""
    numbers = [
        Decimal(value) for row in rows if isinstance(value := getattr(row[name], "value", None), _NUMBERS)
    ]
    # The default context keeps 28 digits and would round a sum that holds one absurd amount.
    with localcontext(prec=1000):
        return sum((number for number in numbers if number.is_finite()), Decimal(0))
