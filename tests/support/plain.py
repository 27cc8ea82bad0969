"""Plans as plain rows, read without plbuild: openpyxl, the names of the workbook contract, the YAML of the specs.

The other side of tests that compare figures: nothing here may import from ``plbuild`` what reads, decodes or
adds up. A number is a ``Decimal``, a date a ``date``, anything else text without white space at its ends.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from openpyxl.utils.cell import get_column_letter, range_boundaries

from plbuild.model import Submission

TEMPLATES = Path(__file__).resolve().parents[2] / "workbook_templates"
OWNERS = {"school_plan": "school", "district_plan": "district"}
Row = dict[str, Any]
"""A row: its answers by field, and ``#id``, ``#sheet``, ``#cells`` (the cell of each answer)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """One plan: whose it is, which file it came in, and the rows of each section."""

    owner: str
    id: str
    file: str
    sections: Mapping[str, list[Row]] = field(default_factory=dict)

    def rows(self, section: str) -> list[Row]:
        """The rows of a section, none where it is not there."""
        return self.sections.get(section, [])

    def named(self, section: str, row_id: object) -> Row:
        """The row of that id, an empty one where there is none."""
        return next((row for row in self.rows(section) if row["#id"] == row_id), {})


@cache
def content(name: str) -> Any:
    """A YAML file of ``workbook_templates``."""
    return yaml.safe_load((TEMPLATES / name).read_text(encoding="utf-8"))


def values(name: str, standards: str = "") -> dict[str, dict[str, Any]]:
    """A list of ``lists.yaml``: each value with what stands beside it, in order."""
    item = content("lists.yaml")["lists"][name]
    found = item["sets"][standards]["values"] if "sets" in item else item["values"]
    return {one["value"]: one for one in (v if isinstance(v, dict) else {"value": v} for v in found)}


def read(home: Path) -> list[Plain]:
    """Every plan in the workbooks below a folder."""
    found: list[Plain] = []
    for path in sorted(home.rglob("*.xlsx")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path)
        stamped: dict[tuple[str, str], list[Any]] = {}
        for sheet in book.worksheets:
            if "pl_kind" in sheet.defined_names:
                stamped.setdefault((_cell(sheet, "pl_kind"), _cell(sheet, "pl_id")), []).append(sheet)
        found += [
            Plain(
                owner=OWNERS[kind],
                id=number,
                file=path.relative_to(home).as_posix(),
                sections={s["name"]: _section(s, sheets) for s in content(f"{kind}.yaml")["sections"]},
            )
            for (kind, number), sheets in stamped.items()
        ]
    return found


def from_submissions(plans: Iterable[Submission]) -> list[Plain]:
    """Plans that never were a file, as plain rows: their answers one by one."""
    return [
        Plain(
            owner=OWNERS[plan.kind],
            id=plan.plan_id,
            file=plan.file,
            sections={
                name: [
                    {
                        **{key: answer.value for key, answer in record.answers.items()},
                        "#id": record.id,
                        "#sheet": record.sheet,
                        "#cells": {key: answer.cell for key, answer in record.answers.items()},
                    }
                    for record in records
                ]
                for name, records in plan.sections.items()
            },
        )
        for plan in plans
    ]


def _area(sheet: Any, name: str) -> tuple[int, int, int, int]:
    bounds = range_boundaries(sheet.defined_names[name].attr_text.rpartition("!")[2])
    left, top, right, bottom = (int(bound or 0) for bound in bounds)
    return left, top, right, bottom


def _cell(sheet: Any, name: str) -> str:
    left, top, _, _ = _area(sheet, name)
    return str(sheet.cell(top, left).value)


def _section(section: Mapping[str, Any], sheets: Iterable[Any]) -> list[Row]:
    if section["shape"] == "form":
        return _form(section, sheets)
    name = f"pl_{section['name']}"
    found: list[Row] = []
    for sheet in (sheet for sheet in sheets if name in sheet.defined_names):
        left, top, _, bottom = _area(sheet, name)
        for line in range(top, bottom + 1):
            cells = {
                item["name"]: (
                    _value(item, sheet.cell(line, left + n).value),
                    f"{get_column_letter(left + n)}{line}",
                )
                for n, item in enumerate(section["fields"])
            }
            if any(value is not None for value, _ in cells.values()):
                number = f"{section['id_prefix']}{line - top + 1}" if "id_prefix" in section else ""
                if f"{name}_id" in sheet.defined_names:
                    number = str(sheet.cell(line, _area(sheet, f"{name}_id")[0]).value)
                found.append(_row(cells, number, sheet.title))
    return found


def _form(section: Mapping[str, Any], sheets: Iterable[Any]) -> list[Row]:
    cells: dict[str, tuple[Any, str]] = {}
    title = ""
    for item in section["fields"]:
        name = f"pl_{section['name']}_{item['name']}"
        for sheet in (sheet for sheet in sheets if name in sheet.defined_names):
            left, top, _, _ = _area(sheet, name)
            value = _value(item, sheet.cell(top, left).value)
            cells[item["name"]] = value, f"{get_column_letter(left)}{top}"
            title = sheet.title
    return [_row(cells, "", title)] if any(value is not None for value, _ in cells.values()) else []


def _row(cells: Mapping[str, tuple[Any, str]], number: str, title: str) -> Row:
    return {
        **{key: value for key, (value, _) in cells.items()},
        "#id": number,
        "#sheet": title,
        "#cells": {key: cell for key, (_, cell) in cells.items()},
    }


def _value(item: Mapping[str, Any], raw: object) -> object:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if item["type"] in ("integer", "decimal", "money"):
        return _number(raw)
    if isinstance(raw, datetime):
        return raw.date()
    if item["type"] == "date":
        return raw if isinstance(raw, date) else str(raw).strip()
    if isinstance(raw, float) and raw == int(raw):
        return str(int(raw))
    return str(raw).strip()


def _number(raw: object) -> object:
    text = str(raw).strip().replace("$", "").replace(",", "").replace("%", "").strip()
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
