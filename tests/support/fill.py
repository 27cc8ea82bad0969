"""Fills blank workbooks as a person with Excel would, and reduces plans to values that can be compared.

Owns the way from a plan's text (a YAML file of ``tests/data``) into cells. Finds every cell by the names of
the workbook contract (``pl_<section>_<field>``, ``pl_<section>``) and by the sheets' stamps, as intake does,
and shares no code with it, so that one can test the other.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.model import Field, PlanSpec, Section, Submission, Value

Answers = dict[str, Any]
"""A plan's answers: section -> field -> value for a form, section -> list of rows for a table."""

Records = dict[str, list[dict[str, Value]]]
"""A plan as plain values: section -> rows of ``{"id": ..., field: value}``; blank answers are left out."""

_OWNER_KEYS = ("leaid", "ncessch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer and its place: a name of a sheet, and how far down and right of its first cell."""

    sheet: str
    name: str
    row: int
    col: int
    value: str | int | float | date


def answers(path: Path) -> Answers:
    """The plan in a YAML file, without the key that says whose plan it is."""
    return {key: value for key, value in _content(path).items() if key not in _OWNER_KEYS}


def owner_id(path: Path) -> str:
    """Whose plan is in a YAML file; empty where the file holds no plan."""
    content = _content(path)
    return next((content[key] for key in _OWNER_KEYS if key in content), "")


def _content(path: Path) -> Answers:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}


def entries(
    data: bytes, plan_answers: Answers, plan: PlanSpec, plan_id: str, *, only_sheets: Collection[str] = ()
) -> list[Entry]:
    """Every answer at its place in the sheets of the workbook ``data`` that are stamped for this plan.

    ``only_sheets`` leaves out answers on other sheets. Raises ValueError where an answer has no place.
    """
    return _entries(load_workbook(io.BytesIO(data)), plan_answers, plan, plan_id, only_sheets)


def fill(
    data: bytes, plan_answers: Answers, plan: PlanSpec, plan_id: str, *, only_sheets: Collection[str] = ()
) -> bytes:
    """The workbook ``data`` with the answers written into the sheets of one plan.

    Each value is typed as Excel would hold it, and rows that grow with their text have grown.
    """
    book = load_workbook(io.BytesIO(data))
    return _write(data, book, _entries(book, plan_answers, plan, plan_id, only_sheets))


def write(data: bytes, places: list[Entry]) -> bytes:
    """The workbook ``data`` with ``places`` written into it, all else as it was."""
    return _write(data, load_workbook(io.BytesIO(data)), places)


def cell_of(
    data: bytes, plan: PlanSpec, plan_id: str, section: str, field_name: str, row: int = 0
) -> tuple[str, str]:
    """The tab and the cell of an answer, filled or not: ``("Goals", "I6")``; rows count from 0."""
    is_form = plan.section(section).shape == "form"
    answer: Answers = {section: {field_name: "x"} if is_form else [*[{}] * row, {field_name: "x"}]}
    book = load_workbook(io.BytesIO(data))
    (place,) = _entries(book, answer, plan, plan_id, ())
    left, top, _, _ = _area(book[place.sheet], place.name)
    return place.sheet, f"{get_column_letter(left + place.col)}{top + place.row}"


def records(submission: Submission) -> Records:
    """What a submission holds as plain values, to compare."""
    found: Records = {}
    for name, rows in submission.sections.items():
        kept: list[dict[str, Value]] = []
        for row in rows:
            values = {key: answer.value for key, answer in row.answers.items()}
            if row.id:
                values = {"id": row.id, **values}
            kept.append({key: value for key, value in values.items() if value is not None})
        found[name] = [row for row in kept if row]
    return {name: rows for name, rows in found.items() if rows}


def expected(plan_answers: Answers, plan: PlanSpec, prefilled: Mapping[str, Value] | None = None) -> Records:
    """What intake should make of the answers; ``prefilled`` are the roster's columns of the owner."""
    found: Records = {}
    for section in plan.sections:
        content = plan_answers.get(section.name, {} if section.shape == "form" else [])
        rows = [content] if section.shape == "form" else content
        kept = []
        for number, row in enumerate(rows, start=1):
            values = _decoded(section, row, prefilled or {})
            kept.append({"id": f"{section.id_prefix}{number}", **values} if section.id_prefix else values)
        if any(kept):
            found[section.name] = kept
    return found


def _decoded(section: Section, row: Mapping[str, Any], prefilled: Mapping[str, Value]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for item in section.fields:
        raw: Any = prefilled.get(item.prefilled) if item.prefilled else row.get(item.name)
        if raw in (None, ""):
            continue
        if item.type == "integer":
            values[item.name] = int(raw)
        elif item.is_number:
            values[item.name] = Decimal(str(raw))
        else:
            values[item.name] = raw if item.type == "date" else str(raw)
    return values


# ------------------------------------------------------------------------------------- places


def _entries(
    book: Workbook, plan_answers: Answers, plan: PlanSpec, plan_id: str, only_sheets: Collection[str]
) -> list[Entry]:
    sheets = [ws for ws in _worksheets(book) if _is_of(ws, plan.kind, plan_id)]
    found: list[Entry] = []
    for name, content in plan_answers.items():
        section = plan.section(name)
        rows = [content] if section.shape == "form" else content
        for entry in _section_entries(sheets, section, rows):
            if not only_sheets or entry.sheet in only_sheets:
                found.append(entry)
    return found


def _worksheets(book: Workbook) -> list[Worksheet]:
    return [ws for ws in book.worksheets if isinstance(ws, Worksheet)]


def _is_of(ws: Worksheet, kind: str, plan_id: str) -> bool:
    return _stamp(ws, "pl_kind") == kind and _stamp(ws, "pl_id") == plan_id


def _stamp(ws: Worksheet, name: str) -> str:
    if name not in ws.defined_names:
        return ""
    left, top, _, _ = _area(ws, name)
    return str(ws.cell(top, left).value)


def _area(ws: Worksheet, name: str) -> tuple[int, int, int, int]:
    """The area of a sheet-scoped name: first column, first row, last column, last row."""
    target = ws.defined_names[name].attr_text or ""
    left, top, right, bottom = range_boundaries(target.rpartition("!")[2])
    if not (left and top and right and bottom):
        raise ValueError(f"{name} is {target}, not an area of cells")
    return left, top, right, bottom


def _section_entries(
    sheets: list[Worksheet], section: Section, rows: list[Mapping[str, Any]]
) -> Iterator[Entry]:
    is_form = section.shape == "form"
    names = [item.name for item in section.fields]
    for number, row in enumerate(rows):
        for field_name, value in row.items():
            if value in (None, ""):
                continue
            item = section.field(field_name)
            name = f"pl_{section.name}_{field_name}" if is_form else f"pl_{section.name}"
            homes = [ws for ws in sheets if name in ws.defined_names]
            if len(homes) != 1:
                raise ValueError(f"{name} stands on {len(homes)} of the sheets of this plan")
            _, top, _, bottom = _area(homes[0], name)
            if number > bottom - top:
                raise ValueError(f"{name} has room for {bottom - top + 1} rows, not for {len(rows)}")
            col = 0 if is_form else names.index(field_name)
            yield Entry(sheet=homes[0].title, name=name, row=number, col=col, value=_typed(item, value))


def _typed(item: Field, value: Any) -> str | int | float | date:
    """The value as Excel holds it when a person types it into a cell of the field's format."""
    if item.type == "date" and isinstance(value, date):
        return value
    if item.is_number and isinstance(value, int | float | Decimal):
        return int(value) if value == int(value) else float(value)
    return str(value)


# ------------------------------------------------------------------------------------- writing


def _write(data: bytes, book: Workbook, places: list[Entry]) -> bytes:
    old = archive.read(data)
    fixed = {
        title: _fixed_heights(old[part].decode())
        for title, part in zip(book.sheetnames, _parts(old), strict=True)
    }
    filled = set()
    for place in places:
        ws = book[place.sheet]
        left, top, _, _ = _area(ws, place.name)
        cell = ws.cell(top + place.row, left + place.col)
        assert isinstance(cell, Cell), f"{place.sheet}!{cell.coordinate} lies inside a merged cell"
        _enter(cell, place.value)
        if cell.row not in fixed[place.sheet]:
            filled.add((place.sheet, cell.row))
    for title, row in filled:
        _fit_height(book[title], row)
    buffer = io.BytesIO()
    book.save(buffer)
    return _with_growing_rows(buffer.getvalue(), list(fixed.values()))


_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def _enter(cell: Cell, value: str | int | float | date) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    # Excel writes an underscore that would begin an escape as an escape (ECMA-376 22.9.2.19); openpyxl does
    # not, and takes "=…" for a formula and "#N/A" for an error.
    cell.value = _ESCAPE.sub("_x005F_", value)
    cell.data_type = "s"


# The height of a line of Calibri 10.5, and how many of its letters a column one digit wide holds: between
# what Excel and LibreOffice were seen to take.
_LINE, _LETTERS = 13.5, 1.15


def _fit_height(ws: Worksheet, row: int) -> None:
    """As tall as its text asks for, as Excel makes it when somebody types."""
    lines = 1
    for cell in ws[row]:
        if isinstance(cell.value, str) and cell.data_type != "f" and cell.alignment.wrap_text:
            room = int(_width(ws, cell.column) * _LETTERS)
            lines = max(lines, sum(len(textwrap.wrap(part, room)) or 1 for part in cell.value.split("\n")))
    dimension = ws.row_dimensions[row]
    dimension.height = max(dimension.height or 0, lines * _LINE + 1.5)


def _width(ws: Worksheet, column: int) -> float:
    """How many characters wide a column is; openpyxl reads equal neighbours as one group."""
    for group in ws.column_dimensions.values():
        if (group.min or 0) <= column <= (group.max or 0):
            return float(group.width)
    return 9


_ROW = re.compile(r"<row [^>]*>")
_NUMBER = re.compile(r' r="(\d+)"')
_CUSTOM = re.compile(r' customHeight="([^"]*)"')


def _with_growing_rows(data: bytes, fixed: list[set[int]]) -> bytes:
    """Heights that were not set by hand are not fixed: openpyxl writes all of them as if they were.

    ``fixed`` are the rows of each sheet whose height is.
    """
    members = archive.read(data)
    for part, rows in zip(_parts(members), fixed, strict=True):
        loose = partial(_loose, fixed=rows)
        members[part] = _ROW.sub(loose, members[part].decode()).encode()
    return archive.pack(members)


def _loose(row: re.Match[str], *, fixed: set[int]) -> str:
    number = _NUMBER.search(row[0])
    return row[0] if number is None or int(number[1]) in fixed else _CUSTOM.sub("", row[0])


def _fixed_heights(sheet_xml: str) -> set[int]:
    """The rows of a sheet whose height was set by hand."""
    return {
        int(number[1])
        for row in _ROW.findall(sheet_xml)
        if (number := _NUMBER.search(row)) and (mark := _CUSTOM.search(row)) and mark[1] in ("1", "true")
    }


def _parts(members: Mapping[str, bytes]) -> list[str]:
    """The members of a package that hold the sheets, in the order of the tabs."""
    targets = {
        ids[1]: target[1].removeprefix("/xl/")
        for node in re.findall(r"<Relationship [^>]*>", members["xl/_rels/workbook.xml.rels"].decode())
        if (ids := re.search(r'Id="([^"]*)"', node)) and (target := re.search(r'Target="([^"]*)"', node))
    }
    sheets = re.findall(r"<sheet [^>]*>", members["xl/workbook.xml"].decode())
    return [f"xl/{targets[ids[1]]}" for node in sheets if (ids := re.search(r'r:id="([^"]*)"', node))]
