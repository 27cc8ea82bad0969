"""Control totals: the proof that no row and no dollar dropped out or was counted twice.

Takes the ``Selection`` and the tables made from it. Design decision: what goes in was counted straight from
the submissions as they passed by (``kept``), without pandas and without the code that made the tables;
only what comes out is taken from the tables. Two ways to one number can disagree, and then one of them
is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plbuild.model import Section, Table, Value, shown
from plbuild.rollup import frames, names
from plbuild.rollup.figures import difference, total, whole
from plbuild.rollup.measures import CHECKS, ROWS, SUMMED, Check, Measure, one
from plbuild.rollup.memory import Memory
from plbuild.rollup.scope import LeftOut, Scope, Selection, plan_specs

NAME = "control_totals"
_SHOWN_PLANS = 10
_ALL = "All plans"


def control_totals(
    selection: Selection, tables: Iterable[Table], records: Iterable[Table], advice: int, known: Memory
) -> Table:
    """A row for each section, each summed field, and each table made from a section.

    ``advice`` is the number of findings that went into the table of advice; ``known`` has the sums of rows
    that an earlier build made of the same.
    """
    made = {table.name: table for table in tables}
    kept = {table.name: table for table in records}
    lines = (
        *_owner_lines(selection, made),
        *_section_lines(selection, kept, known),
        *_table_lines(selection, made),
        _advice_line(made["advice_by_check"], advice),
        _excluded_line(selection, made["excluded_rows"]),
    )
    return frames.table(NAME, [(line.cells, ()) for line in lines])


def problems(table: Table) -> tuple[str, ...]:
    """A sentence for each control total that disagrees."""
    keys = [column.name for column in table.columns]
    rows = [dict(zip(keys, map(shown, row), strict=True)) for row in table.rows]
    return tuple(_sentence(row) for row in rows if row["agrees"] != names.YES)


def _sentence(row: Mapping[str, str]) -> str:
    table = f", table {row['table']}" if row["table"] else ""
    return (
        f"Control total of {row['plan']}, {row['section']}, {row['measure']}{table}: "
        f"{row['read']} in, but {row['used']} used and {row['excluded']} excluded."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One control total."""

    plan: str
    section: str
    measure: str = ROWS
    table: str = ""
    read: Decimal
    used: Decimal
    excluded: Decimal = Decimal(0)
    why: str = ""

    @property
    def cells(self) -> tuple[Value, ...]:
        """The line as a row of the table."""
        agrees = names.YES if difference(self.read, self.used) == self.excluded else names.NO
        counts = (self.read, self.used, self.excluded)
        shown_as = tuple(whole(value) if self.measure == ROWS else value for value in counts)
        return (
            self.plan,
            self.section,
            self.measure,
            self.table or None,
            *shown_as,
            agrees,
            self.why or None,
        )


def _owner_lines(selection: Selection, made: Mapping[str, Table]) -> Iterator[_Line]:
    """Who owes a plan against the table of statuses, and plans read against plans that count."""
    scope = selection.scope
    owners = sum(len(scope.roster.owners(plan)) for plan in plan_specs(scope.spec))
    status = made["status"]
    yield _Line(
        plan=_ALL,
        section="Plans owed",
        table=status.title,
        read=Decimal(owners),
        used=Decimal(len(status.rows)),
    )
    yield _Line(
        plan=_ALL,
        section="Plans read",
        read=Decimal(selection.read),
        used=Decimal(len(scope.used)),
        excluded=Decimal(len(selection.left_out)),
        why=_joined([f"{item.label}, {item.why}" for item in selection.left_out]),
    )


def _section_lines(selection: Selection, kept: Mapping[str, Table], known: Memory) -> Iterator[_Line]:
    """All that was read of a section against the record table of the section."""
    for plan in plan_specs(selection.scope.spec):
        counted = selection.of(plan.owner)
        left_out = [item for item in selection.left_out if item.kept.kind == plan.kind]
        read = [*counted, *(item.kept for item in left_out)]
        for section in plan.sections:
            table = kept[f"{plan.owner}_{section.name}"]
            for name, words, measure in _measures(section):
                yield _Line(
                    plan=plan.title,
                    section=section.title,
                    measure=words,
                    read=total(item.amount(section.name, measure) for item in read),
                    used=_record_sum(table, name, known),
                    excluded=total(item.kept.amount(section.name, measure) for item in left_out),
                    why=_why(left_out, section.name, measure),
                )


def _measures(section: Section) -> Iterator[tuple[str, str, Measure]]:
    """What is added up of a section: its rows, and the fields of ``SUMMED`` that it has."""
    yield "", ROWS, one
    labels = {item.name: item.label for item in section.fields}
    for name, measure in SUMMED.get(section.name, ()):
        if name in labels:
            yield name, labels[name], measure


def _table_lines(selection: Selection, made: Mapping[str, Table]) -> Iterator[_Line]:
    """The records that count against each table that was made from them."""
    for check in CHECKS:
        used = selection.of(*check.owners)
        lacking = sum(item.lacking(check.section, check.measure) for item in used)
        # A row without a number is left out of a count; to a sum it adds nothing, but is told of.
        excluded = Decimal(lacking if check.counts else 0)
        plan, section = _titles(selection.scope, check)
        counted = (item.amount(check.section, check.measure) for item in used)
        yield _Line(
            plan=plan,
            section=section,
            measure=check.words,
            table=made[check.table].title,
            read=total((*counted, excluded)),
            used=_column_sum(made[check.table], check.column, check.filled),
            excluded=excluded,
            why=f"{lacking} {'row' if lacking == 1 else 'rows'} {check.lacking}" if lacking else "",
        )


def _advice_line(table: Table, advice: int) -> _Line:
    return _Line(
        plan=_ALL,
        section="Findings of advice",
        table=table.title,
        read=Decimal(advice),
        used=_column_sum(table, "findings", ""),
    )


def _excluded_line(selection: Selection, table: Table) -> _Line:
    """The rows of the plans that do not count against those listed as such."""
    rows = [
        item.kept.amount(section.name, one)
        for item in selection.left_out
        for plan in plan_specs(selection.scope.spec)
        if plan.kind == item.kept.kind
        for section in plan.sections
    ]
    place = [column.name for column in table.columns].index("table")
    return _Line(
        plan=_ALL,
        section="Rows of plans that do not count",
        table=table.title,
        read=total(rows),
        used=Decimal(sum(row[place] == ALL_TABLES for row in table.rows)),
    )


ALL_TABLES = "All tables"
"""What a row of a plan that does not count is left out of."""


def _record_sum(table: Table, name: str, known: Memory) -> Decimal:
    """The sum of a column of a large table, run by run; without a name the number of rows."""
    if not name:
        return Decimal(len(table.rows))
    place = [column.name for column in table.columns].index(name)
    sums: list[Decimal] = []
    for run in table.runs:
        key = f"sum {run.digest} {table.name} {name}"
        if (found := known.get(key)) is None:
            known.put(key, found := [total(row[place] for row in run.make())])
        sums += found
    return total(sums)


def _column_sum(table: Table, name: str, filled: str) -> Decimal:
    """The sum of a column; without a name the number of rows, of those with ``filled`` filled."""
    index = {column.name: place for place, column in enumerate(table.columns)}
    if name:
        return total(row[index[name]] for row in table.rows)
    return Decimal(sum(not filled or row[index[filled]] is not None for row in table.rows))


def _titles(scope: Scope, check: Check) -> tuple[str, str]:
    """The plan and section of a check in words; a section of both plans in the school's words."""
    found = [
        (plan.title, section.title)
        for plan in plan_specs(scope.spec)
        for section in plan.sections
        if plan.owner in check.owners and section.name == check.section
    ]
    if not found:
        return _ALL, check.section
    return found[0][0] if len(found) == 1 else _ALL, found[0][1]


def _why(left_out: Iterable[LeftOut], section: str, measure: Measure) -> str:
    """How much of each plan was excluded, and for what reason."""
    sums = ((item, item.kept.amount(section, measure)) for item in left_out)
    return _joined([f"{item.label}, {item.why}: {shown(value)}" for item, value in sums if value])


def _joined(parts: Sequence[str]) -> str:
    more = len(parts) - _SHOWN_PLANS
    tail = f"; and {more} more plans, see Status" if more > 0 else ""
    return "; ".join(parts[:_SHOWN_PLANS]) + tail
