"""Which lines of the data sheets stand behind each row of a table.

Takes the tables and records of a ``Rollup``, gives lines and ranges of lines in words. Design decision: a
figure refers to lines of the data sheets, and those name workbook, sheet and cell. To repeat the cells
behind each figure would take a district of 2,500 schools hundreds of thousands of rows, which nobody reads;
the CSV files hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plbuild.model import Column, Run, Stand, Table, Value, excerpt
from plbuild.rollup import names
from plbuild.rollup.kept import print_of, row_of

_ABOUT_LENGTH = 44
_MOST_TEXT = 30_000  # Excel holds 32,767 characters in a cell.

SOURCES = Table(
    name="sources",
    title="Sources",
    short="Sources",
    note=(
        "The lines of the data sheets behind each row of the tables; the line itself names workbook, sheet "
        "and cell. Rows are counted as they stood before anything was sorted; lines are numbered in their "
        "last column. What is in no data sheet is named by workbook, sheet and cell."
    ),
    columns=(
        Column(name="table", title="Table"),
        Column(name="row", title="Row there", type="integer"),
        Column(name="figure", title="What the row is about"),
        Column(name="data", title="Data sheet"),
        Column(name="lines", title="Lines"),
        Column(name="count", title="How many", type="integer"),
    ),
    rows=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind one row: lines by data sheet, and what is in no data sheet."""

    lines: Mapping[int, Sequence[int]]
    other: Sequence[str]

    @property
    def count(self) -> int:
        """How many rows stand behind."""
        return sum(len(found) for found in self.lines.values()) + len(self.other)

    def run(self) -> tuple[int, int, int] | None:
        """Data sheet, first and last line, where it is one run of lines of one sheet."""
        if len(self.lines) != 1 or self.other:
            return None
        ((sheet, lines),) = self.lines.items()
        return (sheet, lines[0], lines[-1]) if lines[-1] - lines[0] == len(lines) - 1 else None


class Places(dict[str, tuple[int, int] | None]):
    """The record table and the line of every source that was asked for; None where no record has it.

    Made of what ``places`` found. Tables repeat sources: each is taken apart once.
    """

    def __init__(self, rows: Mapping[str, tuple[int, int]]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, source: str) -> tuple[int, int] | None:
        found = self[source] = self._rows.get(row_of(source))
        return found


def places(records: Iterable[Table]) -> dict[str, tuple[int, int]]:
    """For each row of the records its source without the column: the record table and the line.

    What two records would answer to (no workbook is made so) is left out, so that no link misleads.
    """
    found: dict[str, tuple[int, int]] = {}
    twice: set[str] = set()
    for sheet, table in _looked_up(records):
        for line, key in enumerate((key for run in table.runs for key in _stand(table, run).rows()), start=1):
            if key in found:
                twice.add(key)
            found[key] = sheet, line
    return {key: place for key, place in found.items() if key not in twice} if twice else found


def standing(records: Iterable[Table]) -> str:
    """The digest of what ``places`` finds."""
    found = _looked_up(records)
    return print_of([repr((at, [_stand(table, run).digest for run in table.runs])) for at, table in found])


def _looked_up(records: Iterable[Table]) -> Iterator[tuple[int, Table]]:
    """The record tables that something is looked up in: the first of a plan stands for it, and figures are
    made of few of the others."""
    owners: set[str] = set()
    for sheet, table in enumerate(records):
        owner, _, section = table.name.partition("_")
        if owner not in owners or section in names.FIGURED:
            owners.add(owner)
            yield sheet, table


def _stand(table: Table, run: Run) -> Stand:
    """Where the rows of a run stand; in the rows themselves, where it is not kept apart."""
    index = {column.name: place for place, column in enumerate(table.columns)}
    file, tab, cell = (index[name] for name in ("workbook", "sheet", "cell"))
    return run.stand or Stand(
        run.digest, lambda: [row_of(f"{row[file]} | {row[tab]} | {row[cell]}") for row in run.make()]
    )


def behind(sources: Iterable[str], known: Places) -> Behind:
    """The lines that some sources stand for."""
    lines: dict[int, list[int]] = {}
    other: list[str] = []
    for source in sources:
        place = known[source]
        if place is None:
            other.append(source.replace(" | ", ", "))
        else:
            lines.setdefault(place[0], []).append(place[1])
    return Behind(lines={sheet: sorted(set(lines[sheet])) for sheet in sorted(lines)}, other=other)


def ranges(lines: Sequence[int]) -> Iterator[str]:
    """Sorted numbers as ranges: 1-5, 9."""
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or lines[place] != lines[place - 1] + 1:
            first, last = lines[start], lines[place - 1]
            yield f"{first}" if first == last else f"{first}-{last}"
            start = place


def source_rows(
    tab: str, row: int, about: str, found: Behind, data: Sequence[str]
) -> Iterator[tuple[Value, ...]]:
    """The rows of the sheet Sources for one row of a table: one for each data sheet, more where long."""
    for sheet, lines in found.lines.items():
        for text in _chunks(ranges(lines), ", "):
            yield tab, row, about, data[sheet], text, len(lines)
    if found.other:
        for text in _chunks(found.other, "; "):
            yield tab, row, about, None, text, len(found.other)


def about(table: Table, index: int) -> str:
    """The first texts of a row, by which it is found again after sorting."""
    pairs = zip(table.columns, table.rows[index], strict=True)
    texts = [str(value) for column, value in pairs if column.type == "text" and value is not None]
    return excerpt(", ".join(texts[:3]), _ABOUT_LENGTH)


def _chunks(parts: Iterable[str], between: str) -> Iterator[str]:
    chunk: list[str] = []
    length = 0
    for part in parts:
        length += len(between) + len(part)
        if chunk and length - len(between) > _MOST_TEXT:
            yield between.join(chunk)
            chunk, length = [], len(between) + len(part)
        chunk.append(part)
    yield between.join(chunk)
