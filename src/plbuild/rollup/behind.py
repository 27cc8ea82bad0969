"""What the workbook says beside the rows of a table: which lines stand behind each, and where they are.

Takes a table with its lineage and the record tables, returns texts, targets of links and the rows of the
sheet of sources. Design decision: a run of lines is one link away, what is scattered is listed; and what was
found is kept under digests of the table and of where all rows stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice

from plbuild.model import Rollup, Table, Value
from plbuild.rollup import lineage
from plbuild.rollup.kept import print_of
from plbuild.rollup.memory import Memory

HEADING_ROW = 4
# Excel holds 1,048,576 rows in a sheet; the CSV files hold all rows.
MOST_ROWS = 1_048_000


class Lineage:
    """What lines of which data sheets stand behind the tables; looked up where somebody asks."""

    def __init__(self, rollup: Rollup, tabs: Mapping[str, str]) -> None:
        self._records = rollup.records
        self.tabs = tabs
        self.data = [tabs[table.name] for table in rollup.records]

    @cached_property
    def digest(self) -> str:
        """Stands for all that is found here."""
        return print_of([lineage.standing(self._records), repr(self.tabs)])

    @cached_property
    def places(self) -> lineage.Places:
        """The record table and the line of each source."""
        return lineage.Places(lineage.places(self._records))


@dataclass(frozen=True, slots=True)
class Told:
    """What is told beside the rows of a table; ``key`` stands for it.

    ``any``: whether there is something behind any row; ``count``: how many rows it has among the sources.
    ``rest`` gives the text of each row, where it leads (a target, or how many rows among the sources), and
    the rows among the sources.
    """

    key: str
    any: bool
    count: int
    rest: Callable[[], tuple[Sequence[str], Sequence[str | int], Sequence[Sequence[Value]]]]


def told(table: Table, where: Lineage, memory: Memory) -> Told:
    """What is told beside the rows of a table, as it was made before where it is the same."""
    key = print_of([table.fingerprint, where.digest])
    if (found := memory.get(f"told {key}")) is not None:
        has_any, count = found
        memory.need(f"behind {key}")
        return Told(key, has_any, count, partial(memory.fetch, f"behind {key}"))
    texts, links, sources = _found(table, where)
    memory.put(f"told {key}", (any(texts), len(sources)))
    memory.put(f"behind {key}", (texts, links, sources))
    return Told(key, any(texts), len(sources), lambda: (texts, links, sources))


def _found(table: Table, where: Lineage) -> tuple[list[str], list[str | int], list[tuple[Value, ...]]]:
    """The text of each row, where it leads, and rows among the sources.

    A run of lines is one link away; what is scattered is listed among the sources.
    """
    tabs, data = where.tabs, where.data
    texts: list[str] = []
    links: list[str | int] = []
    sources: list[tuple[Value, ...]] = []
    for index, found_at in enumerate(islice(table.sources, MOST_ROWS)):
        found = lineage.behind(found_at, where.places)
        run = found.run()
        if run:
            sheet, first, last = run
            texts.append(f"{data[sheet]} {first}" if first == last else f"{data[sheet]} {first}-{last}")
            links.append(lines(data[sheet], first, last))
        elif found.count:
            noun = "row" if found.count == 1 else "rows"
            texts.append(f"{found.count:,} {noun}, see {tabs['sources']}")
            at, about = HEADING_ROW + 1 + index, lineage.about(table, index)
            before = len(sources)
            sources += lineage.source_rows(tabs[table.name], at, about, found, data)
            links.append(len(sources) - before)
        else:
            texts.append("")
            links.append("")
    return texts, links, sources


def source_rows(told: Told) -> Iterator[tuple[Value, ...]]:
    """Its rows among the sources."""
    return map(tuple, told.rest()[2])


def beside(told: Told, tab: str, start: int) -> tuple[Sequence[str], Sequence[str]]:
    """The texts beside the rows of a table, and the targets of their links."""
    texts, links, _ = told.rest()
    targets: list[str] = []
    for link in links:
        if isinstance(link, int):
            targets.append(lines(tab, start, start + link - 1))
            start += link
        else:
            targets.append(link)
    return texts, targets


def lines(tab: str, first: int, last: int) -> str:
    """Where lines of a sheet stand; they are counted from 1 below the headings."""
    at, end = HEADING_ROW + first, HEADING_ROW + last
    return f"{quoted(tab)}!{at}:{end}"


def table_row(tab: str, row: Value) -> str:
    """Where a row of a sheet stands."""
    return f"{quoted(tab)}!{row}:{row}"


def quoted(tab: str) -> str:
    """A tab as references to it have it."""
    return "'" + tab.replace("'", "''") + "'"
