"""Writes answers that are carried over into the cells of a blank workbook, as if they had been typed.

Takes a written sheet and its layout. Design decision: it comes last, so that nothing that is printed,
stamped or locked depends on it; a workbook with answers is the blank one with some of its white cells
filled.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.blank import style
from plbuild.blank.carry import Answers
from plbuild.blank.layout import Block, Sheet
from plbuild.model import Value

# Characters that XML cannot hold (XML 1.0, 2.2), and what Excel would read as an escape of one
# (ECMA-376 part 1, 22.9.2.19).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# How many letters a column one digit wide holds, between what Excel and LibreOffice were seen to take;
# and the most that Excel makes of a row, in points.
_LETTERS, _TALLEST = 1.1, 409


def write(sheet: Sheet, ws: Worksheet, answers: Answers) -> None:
    """Fill the white cells of ``ws`` with the answers of its plan."""
    for block in sheet.blocks:
        for number, values in answers.get(block.section.name, {}).items():
            if block.section.shape == "form":
                _form(sheet, block, ws, values)
            else:
                _row(sheet, block, ws, block.first_row + number - 1, values)


def _form(sheet: Sheet, block: Block, ws: Worksheet, values: Mapping[str, Value]) -> None:
    first = block.first_col - 1
    room = sum(sheet.widths[first : first + sheet.form_span])
    for name, value in values.items():
        row = block.row(name)
        _enter(ws, row, block.first_col, value)
        # A merged cell does not grow by itself.
        lines = _lines(value, room)
        if sheet.form_span > 1 and lines > 1:
            _heighten(ws, row, style.fixed_height(lines))
        elif lines > style.TALL_LINES:
            _heighten(ws, row, style.growing_height(lines))


def _row(sheet: Sheet, block: Block, ws: Worksheet, row: int, values: Mapping[str, Value]) -> None:
    lines = 1
    for name, value in values.items():
        col = block.col(name)
        _enter(ws, row, col, value)
        lines = max(lines, _lines(value, sheet.widths[col - 1]))
    if lines > 1:
        _heighten(ws, row, style.growing_height(lines))


def _enter(ws: Worksheet, row: int, col: int, value: Value) -> None:
    target = ws.cell(row, col)
    if not isinstance(target, Cell):
        raise TypeError(f"{ws.title}!{target.coordinate} lies inside a merged cell")
    if isinstance(value, str):
        target.value = _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", value))
        # Whatever it looks like: openpyxl takes "=…" for a formula and "#N/A" for an error.
        target.data_type = "s"
    elif isinstance(value, Decimal):
        target.value = int(value) if value == value.to_integral_value() else float(value)
    elif isinstance(value, int | date):
        target.value = value


def _lines(value: Value, width: float) -> int:
    """How many lines a value takes in a column; numbers and dates fit into one."""
    if not isinstance(value, str):
        return 1
    room = max(1, int(width * _LETTERS))
    return sum(len(textwrap.wrap(part, room)) or 1 for part in value.split("\n"))


def _heighten(ws: Worksheet, row: int, height: float) -> None:
    dimension = ws.row_dimensions[row]
    dimension.height = min(max(dimension.height or 0, height), _TALLEST)
