"""The roll-up of a state: the first seven tables over its districts.

Takes each district's ``Rollup``, returns one more. Design decision: it reads the tables of the districts
and not their plans, because that is what a state is sent; so it shows details (status, alignment, targets,
collisions) with the district beside them, and adds up what can be added. A share is counted anew from
sums, and nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from plbuild.model import Column, Rollup, RosterRow, Table, Value
from plbuild.rollup import frames, names
from plbuild.rollup.declared import TABLES
from plbuild.rollup.declared.columns import DISTRICT_COLUMNS, DISTRICTS
from plbuild.rollup.figures import difference, number, percent, total, whole

Districts = Sequence[tuple[RosterRow, Rollup]]

# Rows that stay as they are, with the district before them.
_DETAILS = ("status", "alignment", "targets", "collisions")
# Rows that are added: how many of the first columns are what they are added by. The names of schools and
# the shares do not add; "schools" does, because a school is in one district.
_SUMS: Mapping[str, int] = {
    "goals_by_area": 2,
    "learning_designs": 2,
    "learning_forms": 1,
    "people": 2,
    "staff_groups": 1,
    "calendar": 3,
}
_ORDER = (
    "status", "goals_by_area", "alignment", "targets", "learning_designs", "learning_forms", "people",
    "staff_groups", "calendar", "collisions",
)  # fmt: skip
_SHARES = {"share_of_actions": "actions", "share_of_hours": "contact_hours"}


def state(districts: Districts) -> Rollup:
    """The first seven tables of the plan model over some districts, and their control totals.

    Each pair is the district's row of its roster and its roll-up. Raises KeyError where a roll-up lacks one
    of the tables.
    """
    note = f"Over {len(districts)} {'district' if len(districts) == 1 else 'districts'}."
    made = {name: _details(name, districts, note) for name in _DETAILS}
    made |= {name: _sums(name, keys, districts, note) for name, keys in _SUMS.items()}
    return Rollup(tables=(*(made[name] for name in _ORDER), proof(districts, made)), records=())


def _details(name: str, districts: Districts, note: str) -> Table:
    declared = TABLES[name]
    rows: list[tuple[Value, ...]] = []
    sources: list[tuple[str, ...]] = []
    for district, rollup in districts:
        table = rollup.table(name)
        rows += [(district.id, district.name, *row) for row in table.rows]
        sources += [_of(district, lineage) for lineage in table.sources]
    if name == "targets":
        rows = _alike_counted_anew(declared.columns, rows)
    return Table(
        name=name,
        title=declared.title,
        short=declared.title,
        note=f"{declared.note} {note}",
        columns=(*DISTRICT_COLUMNS, *declared.columns),
        rows=tuple(rows),
        sources=tuple(sources),
        traced=True,
    )


def _alike_counted_anew(
    columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]
) -> list[tuple[Value, ...]]:
    """The targets of all districts together: how many are measured alike, and these side by side."""
    before = len(DISTRICT_COLUMNS)
    place = before + [column.name for column in columns].index("alike")
    groups: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
    for row in rows:
        key = tuple(" ".join(str(value).split()).casefold() for value in row[before:place])
        groups.setdefault(key, []).append(row)
    return [
        (*row[:place], len(group), *row[place + 1 :])
        for _, group in sorted(groups.items(), key=lambda item: item[0])
        for row in group
    ]


def _sums(name: str, keys: int, districts: Districts, note: str) -> Table:
    declared = TABLES[name]
    added = [n for n, column in enumerate(declared.columns) if n >= keys and _adds(column)]
    groups: dict[tuple[Value, ...], list[tuple[Value, ...]]] = {}
    sources: dict[tuple[Value, ...], list[str]] = {}
    where: dict[tuple[Value, ...], set[str]] = {}
    for district, rollup in districts:
        table = rollup.table(name)
        for row, lineage in zip(table.rows, table.sources, strict=True):
            groups.setdefault(row[:keys], []).append(row)
            sources.setdefault(row[:keys], []).extend(_of(district, lineage))
            # An audience that nobody plans for is a row of zeros: its district does not count.
            if lineage:
                where.setdefault(row[:keys], set()).add(district.id)
    columns = [*declared.columns[:keys], *(declared.columns[n] for n in added), DISTRICTS]
    rows = [
        (
            *key,
            *(_total(declared.columns[n], [row[n] for row in group]) for n in added),
            len(where.get(key, ())),
        )
        for key, group in groups.items()
    ]
    columns, rows = _with_shares(declared.columns, columns, rows)
    order = list(range(len(rows)))
    if name == "calendar":
        order.sort(key=lambda n: str(rows[n][0]))
    return Table(
        name=name,
        title=declared.title,
        short=declared.title,
        note=f"{declared.note.format(embedded='')} {note}",
        columns=tuple(columns),
        rows=tuple(rows[n] for n in order),
        sources=tuple(tuple(list(sources.values())[n]) for n in order),
        traced=True,
    )


def _adds(column: Column) -> bool:
    return column.type in ("integer", "decimal", "money") and column.name not in _SHARES


def _total(column: Column, values: Sequence[Value]) -> Value:
    """The sum of the known values, None where none is known."""
    if all(number(value) is None for value in values):
        return None
    found = total(values)
    return whole(found) if column.type == "integer" else found


def _with_shares(
    declared: Sequence[Column], columns: list[Column], rows: list[tuple[Value, ...]]
) -> tuple[list[Column], list[tuple[Value, ...]]]:
    """The shares of a table, counted from its sums."""
    shares = [column for column in declared if column.name in _SHARES]
    for share in shares:
        place = [column.name for column in columns].index(_SHARES[share.name])
        every = total(row[place] for row in rows)
        rows = [(*row, percent(number(row[place]) or Decimal(0), every)) for row in rows]
    return [*columns, *shares], rows


def _of(district: RosterRow, lineage: Sequence[str]) -> tuple[str, ...]:
    """The cells of a district's workbooks, told apart from those of another's by its number."""
    return tuple(f"{district.id}/{source}" for source in lineage)


def proof(districts: Districts, made: Mapping[str, Table]) -> Table:
    """For each table, and each column that adds, the sum over the districts against the state's."""
    rows: list[frames.Row] = []
    for name in _ORDER:
        for measure, read, used in _compared(name, districts, made[name]):
            agrees = names.NO if difference(read, used) else names.YES
            title = made[name].title
            rows.append((("All districts", title, measure, title, read, used, Decimal(0), agrees, None), ()))
    return frames.table("control_totals", rows)


def _compared(name: str, districts: Districts, made: Table) -> Iterator[tuple[str, Decimal, Decimal]]:
    theirs = [rollup.table(name) for _, rollup in districts]
    if name in _DETAILS:
        yield "Rows", Decimal(sum(len(table.rows) for table in theirs)), Decimal(len(made.rows))
        return
    index = {column.name: place for place, column in enumerate(made.columns)}
    for place, column in enumerate(TABLES[name].columns):
        if place >= _SUMS[name] and _adds(column):
            read = total(row[place] for table in theirs for row in table.rows)
            yield column.title, read, total(row[index[column.name]] for row in made.rows)
