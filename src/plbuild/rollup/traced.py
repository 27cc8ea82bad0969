"""Tables that are made again only where something of what they asked for has changed.

Takes what makes tables and the ``Selection``, returns tables. Design decision: beside a table is kept what
it asked its ``Door`` for, with the digest of each column. What a table asks for follows from what it was
handed before, so that equal digests of all that it asked for, and equal facts, mean an equal table. The
lineage, which takes many times the room of the rows, is kept apart and fetched where somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plbuild.model import Made, Table, packed_values, unpacked_values
from plbuild.rollup.columns import Asked, Columns
from plbuild.rollup.declared import TABLES
from plbuild.rollup.kept import print_of
from plbuild.rollup.memory import Memory
from plbuild.rollup.scope import Scope, Selection

Make = Callable[[Scope], Table]
Lineage = tuple[str, ...]


def tables(makers: Iterable[Make], selection: Selection, known: Memory) -> list[Table]:
    """The tables that ``makers`` make, those that did not change as an earlier build made them."""
    columns = selection.columns
    traces = {make: _trace(known.get(_key(make, selection.scope))) for make in makers}
    again = {make: trace is None or not _stands(trace, columns) for make, trace in traces.items()}
    _fetch([trace for make, trace in traces.items() if again[make]], columns)
    return [
        _made(make, selection, known) if again[make] or trace is None else _unpacked(trace, known)
        for make, trace in traces.items()
    ]


@dataclass(frozen=True, slots=True)
class _Trace:
    """A table without its lineage, and what it asked for."""

    asked: Sequence[tuple[Asked, str]]
    made_of: str
    name: str
    note: str
    rows: Sequence[Any]
    total: Sequence[Any]


def _key(make: Make, scope: Scope) -> str:
    return f"table {make.__module__}.{make.__qualname__} {scope.facts}"


def _trace(entry: Sequence[Any] | None) -> _Trace | None:
    if entry is None:
        return None
    asked, *rest = entry
    return _Trace([(Asked(*column), digest) for *column, digest in asked], *rest)


def _stands(trace: _Trace, columns: Columns) -> bool:
    """Whether all that a table asked for is what it was."""
    return all(columns.print_of(asked) == digest for asked, digest in trace.asked)


def _fetch(stale: Sequence[_Trace | None], columns: Columns) -> None:
    """Fetch what the tables that are to be made will probably ask for, in one pass over the plans."""
    if None in stale:
        columns.fetch()
    else:
        columns.fetch({asked.section for trace in stale if trace for asked, _ in trace.asked})


def _made(make: Make, selection: Selection, known: Memory) -> Table:
    scope = selection.watched()
    table = make(scope)
    asked = [(*one, selection.columns.print_of(one)) for one in scope.door.asked]
    made_of = print_of([scope.facts, repr(asked)])
    values = packed_values([value for row in table.rows for value in row])
    total = packed_values(table.total)
    known.put(_key(make, scope), [asked, made_of, table.name, table.note, values, total])
    known.put(_lineage_key(table.name, made_of), table.sources)
    return replace(table, made_of=made_of)


def _unpacked(trace: _Trace, known: Memory) -> Table:
    declared = TABLES[trace.name]
    values = iter(unpacked_values(*trace.rows))
    rows = tuple(zip(*[values] * len(declared.columns), strict=True))
    key = _lineage_key(trace.name, trace.made_of)
    known.need(key)
    return Table(
        name=trace.name,
        title=declared.title,
        short=declared.title,
        note=trace.note,
        columns=declared.columns,
        rows=rows,
        sources=_Sources(len(rows), key, known) if declared.traced else (),
        total=tuple(unpacked_values(*trace.total)),
        traced=declared.traced,
        made_of=trace.made_of,
    )


def _lineage_key(name: str, made_of: str) -> str:
    return f"lineage {name} {made_of}"


class _Sources(Made[Lineage]):
    """The lineage of the rows of a table, fetched whenever somebody asks for it."""

    def __init__(self, count: int, key: str, known: Memory) -> None:
        self._count, self._key, self._known = count, key, known

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Lineage]:
        return map(tuple, self._known.fetch(self._key))
