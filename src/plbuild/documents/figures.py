"""What the district's document tells beside its own plan: the roll-up and the state of each plan.

Takes the roll-up's tables and the statuses, returns entries to add to the district plan's context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from plbuild.documents.demand import OnDemand
from plbuild.documents.rows import Row
from plbuild.documents.text import Text, answer, printed
from plbuild.model import Column, Field, Rollup, Status, Table, Value

STATES = ("accepted", "held", "missing", "exempt")
"""The states by which a template lists schools, each an empty list where no school is in it."""


def rollup_context(rollup: Rollup, statuses: Sequence[Status]) -> dict[str, object]:
    """``rollup``: each table by its name, and ``schools``: the owners of the plans by their state.

    ``statuses`` are those of the plans that the district is told about: its schools', not its own.
    A table has ``title``, ``note``, ``columns``, ``rows`` (by column name) and ``total`` (a row that is
    false where the table has none).
    """
    return {
        "rollup": OnDemand({table.name: partial(_table, table) for table in rollup.tables}),
        "schools": _schools(statuses),
    }


def _table(table: Table) -> dict[str, object]:
    columns = {column.name: _teller(_field(column)) for column in table.columns}
    return {
        "title": Text(table.title),
        "note": Text(table.note),
        "columns": [
            Row({"name": Text(column.name), "title": Text(column.title)}, column.title)
            for column in table.columns
        ],
        "rows": [_row(columns, row) for row in table.rows],
        "total": _row(columns, table.total),
    }


def _field(column: Column) -> Field:
    """A field like a column, so that sums of its cells are written as the cells are."""
    return Field(name=column.name, label=column.title, help="", type=column.type)


_Teller = Callable[[Value], Text]


def _teller(field: Field) -> _Teller:
    """Writes the cells of a column; texts and whole numbers, of which most stand in many rows, once each."""
    known: dict[Value, Text] = {}

    def told(value: Value) -> Text:
        if type(value) is not str and type(value) is not int:
            return answer(value, field)
        text = known.get(value)
        if text is None:
            text = known[value] = answer(value, field)
        return text

    return told


def _row(columns: Mapping[str, _Teller], values: Sequence[Value]) -> Row:
    filled = values or (None,) * len(columns)
    cells = {name: told(value) for (name, told), value in zip(columns.items(), filled, strict=True)}
    return Row({**cells, "cells": list(cells.values())}, stands=bool(values))


def _schools(statuses: Sequence[Status]) -> dict[str, object]:
    """The owners by state, in the order of the roster; ``names`` by their number; how many there are
    and how many owe a plan.

    A name that two owners share is told apart by the owner's number.
    """
    shared = Counter(status.owner.name for status in statuses)
    names: dict[str, Text] = {}
    by_state: dict[str, list[Row]] = {state: [] for state in STATES}
    for status in statuses:
        owner = status.owner
        name = Text(owner.name if shared[owner.name] == 1 else f"{owner.name} ({owner.id})")
        names[owner.id] = name
        columns = {key: Text(printed(value), value) for key, value in owner.columns.items()}
        entry = {**columns, "id": Text(owner.id), "name": name, "reason": Text(status.reason)}
        by_state.setdefault(status.state, []).append(Row(entry, name))
    count = len(statuses)
    expected = count - len(by_state["exempt"])
    return {
        **by_state,
        "names": names,
        "count": Text(printed(count, "integer"), count),
        "expected": Text(printed(expected, "integer"), expected),
    }
