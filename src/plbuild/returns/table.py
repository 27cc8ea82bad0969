"""The findings as a table, and grouped as people read them.

Takes findings, returns bytes and sentences. Equal findings are grouped over their cells, worst first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from plbuild.model import Finding, guarded
from plbuild.returns.sheet import MAX_ROW, Place, place_of

COLUMNS = ("severity", "code", "file", "sheet", "cell", "field", "value", "message", "fix")
# Excel breaks a longer field apart; no answer that was read is longer.
_MAX_FIELD = 32_767
_ORDER = ("error", "advice", "note")


def findings_csv(findings: Iterable[Finding]) -> bytes:
    """``findings.csv``: a row a finding, worst first, UTF-8 that Excel opens; no text is a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in worst_first(findings):
        where = item.where
        row = (
            item.severity, item.code, where.file, where.sheet, where.cell, where.label,
            item.entered, item.message, item.fix,
        )  # fmt: skip
        writer.writerow([guarded(text)[:_MAX_FIELD] for text in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then advice, then notes; within them by file, sheet, row and column.

    Sheets stand in the order in which something was found in them; what is about a whole sheet stands last.
    """
    items = list(findings)
    sheets: dict[tuple[str, str], int] = {}
    for item in items:
        sheets.setdefault((item.where.file, item.where.sheet), len(sheets))
    return sorted(
        items,
        key=lambda item: (
            _ORDER.index(item.severity),
            item.where.file,
            sheets[item.where.file, item.where.sheet],
            _place(item.where.cell),
        ),
    )


def _place(cell: str) -> Place:
    """Row and column of a cell or of the first one of an area; what is none stands below every row."""
    return place_of(cell.partition(":")[0]) or (MAX_ROW + 1, 0)


def grouped(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Findings that read the same in one sheet, once, with all their cells, worst first."""
    groups: dict[tuple[str, ...], tuple[Finding, list[str]]] = {}
    for item in worst_first(findings):
        where = item.where
        key = (where.file, where.sheet, where.plan_id, item.code, item.message, item.fix)
        groups.setdefault(key, (item, []))[1].append(where.cell)
    return [(item, tuple(dict.fromkeys(cell for cell in cells if cell))) for item, cells in groups.values()]


def sentence(finding: Finding, cells: tuple[str, ...]) -> str:
    """One finding in words: "Needs, C7, C9: Area is missing. Fill it in."."""
    places = ", ".join(part for part in (finding.where.sheet, *cells) if part)
    start = f"{places}: " if places else ""
    return f"{start}{finding.message} {finding.fix}"
