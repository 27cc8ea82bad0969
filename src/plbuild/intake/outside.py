"""What was typed where no answer belongs: margins, comments, extra sheets, below a table's end.

Takes a sheet and the cells that were read as answers, returns the rest. What the workbook itself prints is
told by the marks that were stamped on the sheet when it was issued, each as often as it was printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from plbuild.intake.cells import Cell
from plbuild.intake.locate import Sheet
from plbuild.model import furniture_mark

_MARK = 6
# What is printed is mostly shorter; its marks are made once for all workbooks.
_SHORT = 500
# No plan has a table with so many rows.
_MANY_ROWS = 5_000
_short_mark = lru_cache(maxsize=1 << 12)(furniture_mark)


def typed(
    sheet: Sheet,
    read: set[tuple[int, int]],
    computes: Callable[[tuple[int, int]], bool],
    labels: Container[tuple[int, int]] = (),
) -> Iterator[tuple[int, int, Cell]]:
    """The cells of a sheet, top to bottom, that hold something nobody has read and nobody printed.

    ``read`` are the cells that were read as answers, ids or stamps; ``computes`` says of a cell whether a
    formula in it is the workbook's own; ``labels`` are the cells of headings and labels, which come first
    where a text stands more often than it was printed.
    """
    marks = sheet.text(*_stamp_place(sheet)) if "pl_furniture" in sheet.areas else ""
    # In the order of the sheet, and not as a set, which memory is far slower to give.
    rest = [
        (place, cell)
        for place, cell in sheet.cells.items()
        if place not in read and not (cell.is_formula and computes(place))
    ]
    if _are_in_order([cell for _, cell in rest], marks):
        return
    printed = Counter(marks[start : start + _MARK] for start in range(0, len(marks), _MARK))
    # Nothing but stamps is printed in the first row, so that what stands there comes last.
    for place, cell in sorted(rest, key=lambda item: (item[0] not in labels, item[0][0] == 1, item[0])):
        value = cell.value
        if isinstance(value, str) and not cell.error:
            mark = "" if cell.is_formula else _mark(value)
            if printed[mark] > 0:
                printed[mark] -= 1
                continue
            if not value.strip() and not cell.is_formula:
                continue
        yield *place, cell


def _are_in_order(cells: Collection[Cell], marks: str) -> bool:
    """Whether cells hold what was printed and nothing else, in its order: nearly always so, and quickly seen.
    False where it takes a closer look."""
    texts = [value for value, _, is_formula, _ in cells if isinstance(value, str) and not is_formula]
    return len(texts) == len(cells) and _have(texts, marks)


def are_as_stamped(texts: Sequence[str]) -> bool:
    """Whether the texts of a sheet are its stamp, which stands first, and what it says was printed."""
    return len(texts) > 1 and _have(texts[1:], texts[0])


def _have(texts: Collection[str], marks: str) -> bool:
    """Whether texts, none of them long, have these marks in this order."""
    if len(marks) != _MARK * len(texts) or max(map(len, texts), default=0) > _SHORT:
        return False
    return marks == "".join(map(_short_mark, texts))


def _mark(text: str) -> str:
    return _short_mark(text) if len(text) <= _SHORT else furniture_mark(text)


def _stamp_place(sheet: Sheet) -> tuple[int, int]:
    area = sheet.areas["pl_furniture"]
    return area.top, area.left


def stamped_cells(sheet: Sheet) -> set[tuple[int, int]]:
    """The cells that carry the stamps of a sheet."""
    names = ("pl_kind", "pl_version", "pl_id", "pl_checksum", "pl_furniture", "pl_marks")
    return {(sheet.areas[name].top, sheet.areas[name].left) for name in names if name in sheet.areas}


def computing(tables: Iterable[tuple[range, int]], heads: range) -> Callable[[tuple[int, int]], bool]:
    """Whether the workbook's own formulas stand in a cell: left of each table or form (rows, first answer
    column), and in the rows above the first of them."""
    edges: dict[int, int] = {}
    for rows, left in sorted(tables, key=itemgetter(1)):
        edges.update(dict.fromkeys(rows[:_MANY_ROWS], left))  # of two in a row, the one further right

    def computes(place: tuple[int, int]) -> bool:
        row, col = place
        return col < edges.get(row, 0) or row in heads

    return computes
