"""What the district's document tells beside its own plan: the roll-up and the state of each plan.

Takes the roll-up's tables and the statuses, returns entries to add to the district plan's context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from plbuild.documents.rows import Row
from plbuild.documents.text import Text, printed
from plbuild.model import Column, Rollup, Status, Table, Value

STATES = ("accepted", "held", "missing", "exempt")
"""The states by which a template lists schools, each an empty list where no school is in it."""


def rollup_context(rollup: Rollup, statuses: Sequence[Status]) -> dict[str, object]:
    """``rollup``: each table by its name, and ``schools``: the owners of the plans by their state.

    ``statuses`` are those of the plans that the district is told about: its schools', not its own.
    A table has ``title``, ``note``, ``columns``, ``rows`` (by column name) and ``total`` (a row that is
    false where the table has none).
    """
    return {
        "rollup": {table.name: _table(table) for table in rollup.tables},
        "schools": _schools(statuses),
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "title": Text(table.title),
        "note": Text(table.note),
        "columns": [
            Row({"name": Text(column.name), "title": Text(column.title)}, column.title)
            for column in table.columns
        ],
        "rows": [_row(table.columns, row) for row in table.rows],
        "total": _row(table.columns, table.total),
    }


def _row(columns: Sequence[Column], values: Sequence[Value]) -> Row:
    filled = values or (None,) * len(columns)
    cells: Mapping[str, object] = {
        column.name: Text(printed(value, column.type), value)
        for column, value in zip(columns, filled, strict=True)
    }
    return Row({**cells, "cells": list(cells.values())}, stands=bool(values))


def _schools(statuses: Sequence[Status]) -> dict[str, object]:
    """The owners by state, in the order of the roster, and how many there are in all.

    A name that two owners share is told apart by the owner's number.
    """
    names = Counter(status.owner.name for status in statuses)
    by_state: dict[str, list[Row]] = {state: [] for state in STATES}
    for status in statuses:
        owner = status.owner
        name = owner.name if names[owner.name] == 1 else f"{owner.name} ({owner.id})"
        columns = {key: Text(printed(value), value) for key, value in owner.columns.items()}
        entry = {**columns, "id": Text(owner.id), "name": Text(name), "reason": Text(status.reason)}
        by_state.setdefault(status.state, []).append(Row(entry, Text(name)))
    count = len(statuses)
    expected = count - len(by_state["exempt"])
    return {
        **by_state,
        "count": Text(printed(count, "integer"), count),
        "expected": Text(printed(expected, "integer"), expected),
    }
