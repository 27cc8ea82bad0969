"""Pages for tests: plain data with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import date
from typing import Any

from plbuild.page import Address, Note, Page, Row

HOSTILE = "<img src=x onerror=alert(1)>"

_ROW: dict[str, Any] = {
    "id": "099920000202", "name": "Riverside Middle School", "title": "School professional learning plan",
    "owner": "school", "main": True, "state": "accepted", "late": False, "saved": date(2026, 10, 9),
    "errors": 0, "advice": 0, "waived": 0, "reason": "", "files": ("Riverside plan.xlsx",),
    "plan": "plans/schools/riverside.docx", "draft": "", "pdf": "", "notes": "", "marked": (), "findings": (),
}  # fmt: skip

_PAGE: dict[str, Any] = {
    "district": "Maple Ridge Public Schools", "plan_year": "2026-27", "contact": "the curriculum office",
    "due": date(2026, 10, 30), "as_of": date(2026, 11, 23), "version": "0.1.0", "rows": (), "others": (),
    "returned": (), "faults": (), "passed_over": (), "rollup": None, "files": frozenset(), "since": None,
    "changed": (),
}  # fmt: skip

_NOTE: dict[str, Any] = {
    "severity": "error", "code": "required-missing", "file": "Riverside plan.xlsx", "sheet": "Goals",
    "cells": ("I6",), "message": "Measured by is missing.", "fix": "Fill it in.",
}  # fmt: skip


def row(**given: Any) -> Row:
    """A row: an accepted plan, where nothing else is given."""
    return Row(**{**_ROW, **given})


def held(name: str, **given: Any) -> Row:
    """A held plan with one mistake and its marked copy."""
    marked = (Address(name=f"{name}.xlsx", path=f"returned/{name}.xlsx"),)
    return row(**{"name": name, "state": "held", "errors": 1, "plan": "", "marked": marked,
                  "findings": (note(),), **given})  # fmt: skip


def missing(name: str, **given: Any) -> Row:
    """A plan that did not come."""
    return row(
        **{"name": name, "state": "missing", "late": True, "saved": None, "files": (), "plan": "", **given}
    )


def note(**given: Any) -> Note:
    """A group of findings: one mistake in one cell."""
    return Note(**{**_NOTE, **given})


def page(*rows: Row, **given: Any) -> Page:
    """A page with these rows."""
    return Page(**{**_PAGE, "rows": rows, **given})
