"""A table as CSV, for programs and for people who open it in Excel.

Takes a ``Table``, returns bytes: RFC 4180, UTF-8 with a byte order mark (without it Excel reads
"San José" as Windows-1252), dates as ISO 8601. The heading is the columns' names, which no profile
changes; totals rows are left out, so that a column can be summed. The lines of each run of rows are made for
themselves, so that those of an earlier file can be used again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import repeat

from plbuild.model import Row, Table, Value
from plbuild.rollup.figures import number

# OWASP, "CSV Injection": a cell that begins with one of these can run as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 (2.2 Char) forbids. Neither Excel's format nor UTF-8 (for surrogates) can hold them.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What csv.writer writes as ``cell_text`` does.
_AS_IS = frozenset({type(None), int, date})

Part = bytes | memoryview


def to_csv(table: Table) -> bytes:
    """The rows of ``table`` under the names of its columns.

    Where the table is traced, a last column ``sources`` holds it, joined by "; ". Text that a
    spreadsheet would run as a formula is guarded with an apostrophe.
    """
    return b"".join(part for _, part in csv_parts(table, {}))


def csv_parts(table: Table, known: Mapping[str, Part]) -> Iterator[tuple[str, Part]]:
    """The pieces of ``to_csv``: the heading, then the lines of each run of rows, with the run's digest.

    ``known`` are lines that were made before, by the digest of their run.
    """
    has_sources = table.traced or bool(table.sources)
    heading = [column.name for column in table.columns]
    yield "", _csv([[*heading, "sources"] if has_sources else heading], start="\ufeff")
    for run in table.runs:
        if (part := known.get(run.digest)) is None:
            # Only tables of one run have sources.
            part = _csv(_lines(run.make(), table.sources if has_sources else None))
        yield run.digest, part


def _csv(lines: Iterable[Sequence[Value]], start: str = "") -> bytes:
    text = io.StringIO(start, newline="")
    text.seek(0, io.SEEK_END)
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _lines(rows: Iterable[Row], sources: Iterable[Sequence[str]] | None) -> Iterator[list[Value]]:
    for row, lineage in zip(rows, repeat(()) if sources is None else sources, strict=False):
        # Nearly all cells are written as they are.
        cells: list[Value] = [
            value
            if type(value) in _AS_IS
            or (type(value) is str and value.isprintable() and not value.startswith(_FORMULA_STARTS))
            else cell_text(value)
            for value in row
        ]
        if sources is not None:
            cells.append(cell_text("; ".join(lineage)))
        yield cells


def cell_text(value: Value) -> str:
    """A value as a CSV cell: ISO dates, plain numbers, guarded text, nothing for None."""
    if isinstance(value, str):
        text = clean(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f") if number(value) is not None else str(value)
    return str(value)


def clean(text: str) -> str:
    """``text`` without the characters that no XML document can hold."""
    # What is printable is allowed, and asked in a fraction of the time.
    return text if text.isprintable() else _FORBIDDEN.sub("", text)
