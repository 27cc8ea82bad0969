"""Whether a run has accounted for every file that lay in the submissions folder."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

# The characters of a cell; Excel lets a longer field of a CSV file run over into the next rows.
EXCEL_HOLDS = 32_767


def assert_accounted_for(out: Path, files: set[str], passed_over: set[str]) -> None:
    """Each file is in the manifest once: read, held or passed over; and what is held has a finding."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    became: dict[str, str] = {entry["file"]: entry["became"] for entry in manifest["submissions"]}
    assert len(became) == len(manifest["submissions"])
    assert set(became.values()) <= {"read", "held", "passed over"}
    assert {file for file, what in became.items() if what == "passed over"} == passed_over
    assert set(became) - passed_over == files
    findings = _rows((out / "findings.csv").read_text(encoding="utf-8-sig"))
    assert max(len(text) for row in findings for text in row.values()) <= EXCEL_HOLDS
    # What lies in a zip is named behind it: plans.zip/Bridges.xlsx.
    named = {row["file"] for row in findings}
    unread = {file for file, what in became.items() if what == "held"}
    assert {file for file in unread if not any(name.startswith(file) for name in named)} == set()


def _rows(text: str) -> list[dict[str, str]]:
    limit = csv.field_size_limit(len(text))
    try:
        return list(csv.DictReader(io.StringIO(text)))
    finally:
        csv.field_size_limit(limit)
