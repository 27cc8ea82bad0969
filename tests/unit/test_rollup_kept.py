"""What the roll-up keeps from build to build: tables by what they asked for, and rows in runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.support.districts import load_spec
from tests.support.generated import generated

from plbuild.model import Field, Rollup, Run, Runs, Submission, Table, Value
from plbuild.rollup import columns, csv_parts, keep, kept, names, rollup, to_csv
from plbuild.rollup.memory import Unshared
from plbuild.rollup.scope import plan_specs

DISTRICT = generated(3)
PLANS = tuple(DISTRICT.plans())
SCHOOL = DISTRICT.spec.owned_by("school")


def made(plans: Any, known: Unshared | None = None) -> Rollup:
    return rollup(DISTRICT.spec, DISTRICT.roster, DISTRICT.statuses, plans, known=known)


@cache
def first() -> dict[str, object]:
    """What the first build keeps."""
    known = Unshared()
    made(PLANS, known)
    return known.values


def again() -> Unshared:
    """A memory of the first build."""
    known = Unshared()
    known.values |= first()
    return known


def other(item: Field, value: Value) -> Value:
    """Another answer to a field."""
    choices = DISTRICT.spec.lists[item.list].values if item.list in DISTRICT.spec.lists else ()
    if choices:
        return next(choice for choice in choices if choice != value)
    if isinstance(value, Decimal | int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=70)
    return f"{value or ''} x"


def changed(section: str, item: Field) -> Submission:
    """The first school's plan with other answers to one field."""
    plan = PLANS[0]
    records = [
        replace(
            record,
            answers={
                **record.answers,
                item.name: answer._replace(value=other(item, answer.value)),
            },
        )
        if (answer := record.answers.get(item.name))
        else record
        for record in plan.sections[section]
    ]
    return replace(plan, sections={**plan.sections, section: tuple(records)})


@pytest.mark.parametrize("section", [name for name in names.FIGURED if PLANS[0].sections.get(name)])
def test_a_table_is_made_again_where_any_answer_that_it_uses_is_another(section: str) -> None:
    before = {table.name: table.fingerprint for table in made(PLANS).tables}
    for item in SCHOOL.section(section).fields:
        plans = (changed(section, item), *PLANS[1:])
        found, anew = made(plans, again()), made(plans)
        for one, two in zip(found.tables, anew.tables, strict=True):
            assert (one.note, repr(one.rows), repr(one.total)) == (two.note, repr(two.rows), repr(two.total))
            assert tuple(one.sources) == tuple(two.sources)
            assert one.fingerprint == two.fingerprint
        assert any(before[table.name] == table.fingerprint for table in found.tables), item.name


def test_a_table_that_asks_for_nothing_that_changed_is_not_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failed(_: object, sections: object = None) -> None:
        assert sections == set()

    known = again()
    plans = [keep(DISTRICT.spec, plan) for plan in PLANS]
    tables = made(plans).tables
    monkeypatch.setattr(columns.Columns, "fetch", failed)
    reworded = keep(DISTRICT.spec, changed("goals", SCHOOL.section("goals").field("year_1")))
    assert [table.rows for table in made([reworded, *plans[1:]], known).tables] == [
        table.rows for table in tables
    ]


def test_what_is_kept_has_a_digest_of_every_column() -> None:
    plan, item = PLANS[0], SCHOOL.section("actions").field("provider")
    one, two = (keep(DISTRICT.spec, some).prints for some in (plan, changed("actions", item)))
    assert {name for name in one if one[name] != two[name]} == {"actions"}
    cut = [text["actions"][start : start + kept.PRINT] for text in (one, two) for start in range(0, 9999, 32)]
    names_of = kept.column_names(SCHOOL.section("actions"))
    half = len(cut) // 2
    differ = [place for place in range(half) if cut[place] != cut[half + place]]
    assert [names_of[place] for place in differ] == ["provider"]


def test_lines_that_are_known_are_not_made_again() -> None:
    def rows(*values: str) -> Any:
        return lambda: [(value,) for value in values]

    def failed() -> Any:
        raise AssertionError("made")

    table = Table(name="a", title="A", note="", columns=(), rows=Runs([Run("1", 2, rows("x", "=y"))]))
    ((_, heading), (key, lines)) = csv_parts(table, {})
    assert (bytes(heading), key, bytes(lines)) == (b"\xef\xbb\xbf\r\n", "1", b"x\r\n'=y\r\n")
    more = replace(table, rows=Runs([Run("1", 2, failed), Run("2", 1, rows("z"))]))
    assert b"".join(part for _, part in csv_parts(more, {"1": lines})) == b"".join([heading, lines, b"z\r\n"])
    assert to_csv(table) == b"".join([heading, lines])


def test_rows_in_runs_are_a_sequence() -> None:
    rows = Runs([Run("1", 2, lambda: [(1,), (2,)]), Run("2", 1, lambda: [(3,)])])
    assert list(rows) == [(1,), (2,), (3,)]
    assert len(rows) == 3
    assert (rows[0], rows[-1], rows[1:], rows[::-2]) == ((1,), (3,), ((2,), (3,)), ((3,), (1,)))
    with pytest.raises(IndexError):
        rows[3]
    assert rows == Runs([Run("3", 3, lambda: [(1,), (2,), (3,)])])
    assert rows == ((1,), (2,), (3,)) == rows
    assert rows != ((1,), (2,))
    assert rows != 3
    assert len({rows, ((1,), (2,), (3,))}) == 1


def test_a_row_of_a_kind_that_is_rolled_up_stands_where_it_was_read() -> None:
    (plan, *_) = plan_specs(DISTRICT.spec)
    item = keep(DISTRICT.spec, PLANS[0])
    found = {name: item.spots[name] for name in item.spots}
    assert list(found) == [s.name for s in plan.sections if s.name in item.counts and s.name in found]
    records = {table.name: table for table in made(PLANS).records}
    for name, spots in found.items():
        table = records[f"school_{name}"]
        places = [column.name for column in table.columns].index("sheet")
        own = [row for row in table.rows if row[0] == PLANS[0].plan_id]
        assert [kept.row_of(f"{row[places]} | {row[places + 1]}") for row in own] == list(spots)


def test_tables_are_made_again_under_another_spec_or_roster() -> None:
    known = again()
    spec = load_spec("2011")
    assert spec.lists != DISTRICT.spec.lists
    first, *rest = DISTRICT.roster.schools
    roster = replace(DISTRICT.roster, schools=(replace(first, name="Another name"), *rest))
    for one, other in ((spec, DISTRICT.roster), (DISTRICT.spec, roster)):
        found, anew = (rollup(one, other, DISTRICT.statuses, PLANS, known=some) for some in (known, None))
        assert [tuple(table.rows) for table in found.tables] == [tuple(table.rows) for table in anew.tables]
        assert found.tables != made(PLANS).tables
