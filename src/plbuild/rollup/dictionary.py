"""The data dictionary: every column of every file of data, with what it is and where it comes from.

Takes the spec and the tables, returns one more table. Design decision: a field's words are the spec's and a
table's are ``declared``'s; nothing is described here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plbuild.model import Column, Field, PlanSpec, Section, Spec, Table, Value
from plbuild.rollup import frames
from plbuild.rollup.declared import TABLES
from plbuild.rollup.details import field_columns
from plbuild.rollup.scope import plan_specs

_MADE = "Made by plbuild from the accepted plans"
_PLACE = "Where plbuild found the row"
_SOURCES = Column(
    name="sources",
    title="(only in the CSV file)",
    help="The cells behind the row: file | sheet | cell, joined by semicolons.",
)


def dictionary(spec: Spec, tables: Iterable[Table], records: Iterable[Table]) -> Table:
    """A row for each column of each table, the dictionary's own included."""
    rows = [*_of_tables(tables), *_of_records(spec, records)]
    rows += [
        _row("dictionary", column, "Made by plbuild from the spec") for column in TABLES["dictionary"].columns
    ]
    return frames.table("dictionary", [(row, ()) for row in rows])


def _of_tables(tables: Iterable[Table]) -> Iterator[tuple[Value, ...]]:
    for table in tables:
        for column in (*table.columns, *((_SOURCES,) if table.traced else ())):
            yield _row(table.name, column, _MADE)


def _of_records(spec: Spec, records: Iterable[Table]) -> Iterator[tuple[Value, ...]]:
    homes = {
        f"{plan.owner}_{section.name}": (plan, section)
        for plan in plan_specs(spec)
        for section in plan.sections
    }
    for table in records:
        plan, section = homes[table.name]
        asked = dict(zip((column.name for column in field_columns(section)), section.fields, strict=False))
        for column in table.columns:
            item = asked.get(column.name)
            if item is None:
                yield _row(table.name, column, _PLACE)
            else:
                yield _field_row(spec, plan, section, table.name, column, item)


def _field_row(
    spec: Spec, plan: PlanSpec, section: Section, file: str, column: Column, item: Field
) -> tuple[Value, ...]:
    """A field of the spec: its list in full, and the field that holds its unit."""
    choices = "; ".join(spec.lists[item.list].values) if item.list in spec.lists else None
    units = [other.label for other in section.fields if item.unit_field and other.name == item.unit_field]
    unit = f"see {units[0]}" if units else item.unit
    home = f"{plan.title}, {section.title}"
    came = f"{home}; printed from the roster ({item.prefilled})" if item.prefilled else home
    return _row(file, column, came, unit=unit, choices=choices, kind=item.type)


def _row(
    file: str, column: Column, came: str, *, unit: str = "", choices: str | None = None, kind: str = ""
) -> tuple[Value, ...]:
    shown = unit or column.unit or None
    name = f"{file}.csv"
    return name, column.name, column.title, kind or column.type, shown, choices, column.help or None, came
