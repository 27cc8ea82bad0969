"""The changes as a table for spreadsheets.

Takes changes, returns ``changes.csv``: RFC 4180, UTF-8 with a byte order mark, no text a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from plbuild.changes.compare import Change
from plbuild.model import guarded

COLUMNS = ("plan_id", "school", "plan", "section", "row", "what", "field", "before", "after", "words")
# Excel breaks a longer field apart.
_MAX_FIELD = 32_767


def changes_csv(found: Iterable[Change]) -> bytes:
    """A row a change, in their order."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in found:
        row = (
            item.plan_id, item.owner, item.kind, item.section, item.row, item.what, item.label,
            item.before, item.after, item.words,
        )  # fmt: skip
        writer.writerow([guarded(text)[:_MAX_FIELD] for text in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")
