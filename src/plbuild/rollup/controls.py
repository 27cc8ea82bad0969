"""Control totals: the proof that no row and no dollar dropped out or was counted twice.

Takes the ``Scope`` and the tables made from it. Design decision: what goes in is counted straight from
the submissions, without pandas and without the code that made the tables; only what comes out is taken
from the tables. Two ways to one number can disagree, and then one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from plbuild.model import Column, PlanSpec, Submission, Table, Value, shown
from plbuild.rollup import frames, names
from plbuild.rollup.figures import difference, total, whole
from plbuild.rollup.measures import CHECKS, ROWS, SUMMED, Check, Measure, one
from plbuild.rollup.scope import Scope, plan_specs

NAME = "control_totals"
_COLUMNS = (
    Column(name="section", title="What is counted"),
    Column(name="measure", title="Measure"),
    Column(name="table", title="Table"),
    Column(name="read", title="In", type="decimal"),
    Column(name="used", title="Used", type="decimal"),
    Column(name="excluded", title="Excluded", type="decimal"),
    Column(name="agrees", title="Agrees"),
    Column(name="why", title="What was excluded and why"),
)
_NOTE = (
    "In equals used plus excluded on every line: first all that was read against the records that count, "
    "then the records that count against each table made from them."
)
_SHOWN_PLANS = 10


def control_totals(scope: Scope, tables: Iterable[Table], records: Iterable[Table]) -> Table:
    """A row for each section, each summed field, and each table made from a section."""
    made = {table.name: table for table in tables}
    kept = {table.name: table for table in records}
    rows = [*_owner_rows(scope, made), *_section_rows(scope, kept), *_table_rows(scope, made)]
    return frames.table(NAME, "Control totals", _NOTE, _COLUMNS, [(row, ()) for row in rows])


def problems(table: Table) -> tuple[str, ...]:
    """A sentence for each control total that disagrees."""
    keys = [column.name for column in table.columns]
    rows = [dict(zip(keys, map(shown, row), strict=True)) for row in table.rows]
    return tuple(_sentence(row) for row in rows if row["agrees"] != names.YES)


def _sentence(row: Mapping[str, str]) -> str:
    table = f", table {row['table']}" if row["table"] else ""
    return (
        f"Control total of {row['section']}, {row['measure']}{table}: "
        f"{row['read']} in, but {row['used']} used and {row['excluded']} excluded."
    )


def _row(
    what: str, measure: str, table: str, read: Decimal, used: Decimal, excluded: Decimal, why: str
) -> tuple[Value, ...]:
    agrees = names.YES if difference(read, used) == excluded else names.NO
    counts = tuple(whole(value) if measure == ROWS else value for value in (read, used, excluded))
    return (what, measure, table or None, *counts, agrees, why or None)


def _owner_rows(scope: Scope, made: Mapping[str, Table]) -> Iterator[tuple[Value, ...]]:
    """Who owes a plan against the table of statuses, and plans read against plans that count."""
    owners = sum(len(scope.roster.owners(plan)) for plan in plan_specs(scope.spec))
    out = Decimal(len(made["status"].rows))
    yield _row("Roster", ROWS, "status", Decimal(owners), out, Decimal(0), "")
    used, left_out = Decimal(len(scope.used)), Decimal(len(scope.left_out))
    everything = used + left_out
    yield _row("Plans", ROWS, "", everything, used, left_out, _why(scope, None, "", one))


def _section_rows(scope: Scope, kept: Mapping[str, Table]) -> Iterator[tuple[Value, ...]]:
    """All that was read of a section against the record table of the section."""
    for plan in plan_specs(scope.spec):
        read = [one.submission for one in scope.plans(plan.owner)]
        out = [one.submission for one in scope.left_out if one.submission.kind == plan.kind]
        for section in plan.sections:
            table = kept[f"{plan.owner}_{section.name}"]
            measures: list[tuple[str, str, Measure]] = [("", ROWS, one)]
            for name, measure in SUMMED.get(section.name, ()):
                label = next((item.label for item in section.fields if item.name == name), "")
                measures += [(name, label, measure)] if label else []
            for name, words, measure in measures:
                yield _row(
                    f"{plan.title}: {section.title}",
                    words,
                    "",
                    _sum((*read, *out), section.name, measure),
                    _column_sum(table, name, ""),
                    _sum(out, section.name, measure),
                    _why(scope, plan, section.name, measure),
                )


def _table_rows(scope: Scope, made: Mapping[str, Table]) -> Iterator[tuple[Value, ...]]:
    """The records that count against each table that was made from them."""
    for check in CHECKS:
        plans = [plan.submission for plan in scope.plans(*check.owners)]
        lacking = sum(
            check.measure(record) is None for item in plans for record in item.sections.get(check.section, ())
        )
        read = _sum(plans, check.section, check.measure)
        excluded = Decimal(lacking if check.counts else 0)
        why = f"{lacking} {'row' if lacking == 1 else 'rows'} {check.lacking}" if lacking else ""
        yield _row(
            _section_title(scope, check),
            check.words,
            check.table,
            total((read, excluded)),
            _column_sum(made[check.table], check.column, check.filled),
            excluded,
            why,
        )


def _sum(submissions: Iterable[Submission], section: str, measure: Measure) -> Decimal:
    return total(measure(record) for item in submissions for record in item.sections.get(section, ()))


def _column_sum(table: Table, name: str, filled: str) -> Decimal:
    """The sum of a column; without a name the number of rows, of those with ``filled`` filled."""
    index = {column.name: place for place, column in enumerate(table.columns)}
    if name:
        return total(row[index[name]] for row in table.rows)
    return Decimal(sum(not filled or row[index[filled]] is not None for row in table.rows))


def _section_title(scope: Scope, check: Check) -> str:
    """The section in words; of a table over both kinds of plan, with the district's."""
    for plan in plan_specs(scope.spec):
        if plan.owner not in check.owners:
            continue
        for section in plan.sections:
            if section.name == check.section:
                return section.title
    return check.section


def _why(scope: Scope, plan: PlanSpec | None, section: str, measure: Measure) -> str:
    """What was excluded, by plan and reason; of whole plans where no ``plan`` is given."""
    parts = []
    for item in scope.left_out:
        if plan is None:
            parts.append(f"{item.label}, {item.why}")
        elif item.submission.kind == plan.kind:
            value = _sum([item.submission], section, measure)
            if value:
                parts.append(f"{item.label}, {item.why}: {shown(value)}")
    more = len(parts) - _SHOWN_PLANS
    tail = f"; and {more} more plans, see Status" if more > 0 else ""
    return "; ".join(parts[:_SHOWN_PLANS]) + tail
