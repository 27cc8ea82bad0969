"""The state's tables over its districts: details kept, sums added, shares counted anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.support import plain, sums
from tests.support.generated import Generated, generated
from tests.support.sums import Cells, District

from plbuild.model import Rollup, RosterRow
from plbuild.rollup import over_districts, problems, rollup, to_csv, to_xlsx
from plbuild.rollup.over_districts import state

HOME = RosterRow(id="0899100", name="Cedar Valley School District", columns={})
OTHER = RosterRow(id="0899200", name="Second District", columns={})
ADDED = (sums.goals_by_area, sums.learning_designs, sums.people, sums.staff_groups)


@cache
def districts() -> tuple[tuple[RosterRow, Rollup], ...]:
    return tuple((row, made(given)) for row, given in ((HOME, generated(5)), (OTHER, generated(9))))


def made(given: Generated) -> Rollup:
    return rollup(given.spec, given.roster, given.statuses, given.plans())


def plain_rows(count: int) -> District:
    given = generated(count)
    home = given.roster.district
    schools = [
        {key: str(value) for key, value in row.columns.items()} | {"school": row.name}
        for row in given.roster.schools
    ]
    return District(
        plans=plain.from_submissions(given.plans()),
        schools=schools,
        leaid=home.id,
        name=home.name,
        standards="2022",
    )


@cache
def result() -> Rollup:
    return state(districts())


@pytest.mark.parametrize("table", ADDED, ids=lambda function: function.__name__)
def test_a_table_adds_what_the_districts_have(table: Callable[[District], list[Cells]]) -> None:
    """Plain sums over both districts, key by key."""
    found = result().table(table.__name__)
    keys = sum(column.type == "text" for column in found.columns)
    wanted: dict[Cells, list[Decimal]] = {}
    for count in (5, 9):
        for row in table(plain_rows(count)):
            numbers = [Decimal(str(value or 0)) for value in row[keys:]]
            before = wanted.get(row[:keys], [Decimal(0)] * len(numbers))
            wanted[row[:keys]] = [one + other for one, other in zip(before, numbers, strict=True)]
    assert {row[:keys]: [Decimal(str(value or 0)) for value in row[keys:-1]] for row in found.rows} == wanted


def test_details_keep_their_rows_with_the_district_before_them() -> None:
    for name in ("status", "alignment", "collisions"):
        rows = [(row.id, row.name, *cells) for row, one in districts() for cells in one.table(name).rows]
        assert list(result().table(name).rows) == rows
    assert {row[0] for row in result().table("status").rows} == {HOME.id, OTHER.id}


def test_targets_measured_alike_are_counted_over_the_state() -> None:
    rows = result().table("targets").rows
    assert len(rows) == sum(len(one.table("targets").rows) for _, one in districts())
    groups: dict[tuple[Any, ...], int] = {}
    for row in rows:
        groups[row[2:5]] = groups.get(row[2:5], 0) + 1
    assert all(row[5] == groups[row[2:5]] for row in rows)
    assert len(rows[0]) == len(result().table("targets").columns)


def test_shares_are_counted_anew_and_names_do_not_add() -> None:
    table = result().table("learning_forms")
    names = [column.name for column in table.columns]
    actions, share = names.index("actions"), names.index("share_of_actions")
    every = sum(int(str(row[actions])) for row in table.rows)
    assert [row[share] for row in table.rows] == [
        round(Decimal(100 * int(str(row[actions]))) / every, 1) for row in table.rows
    ]
    assert "school_names" not in [column.name for column in result().table("calendar").columns]


def test_the_calendar_runs_from_month_to_month() -> None:
    months = [str(row[0]) for row in result().table("calendar").rows]
    assert months == sorted(months)
    assert len(months) > 12


def test_lineage_names_the_district() -> None:
    table = result().table("goals_by_area")
    starts = {source.partition("/")[0] for lineage in table.sources for source in lineage}
    assert starts == {HOME.id, OTHER.id}


def test_every_sum_of_the_districts_is_a_sum_of_the_state() -> None:
    assert problems(result()) == ()
    checked = {row[1] for row in result().table("control_totals").rows}
    assert checked == {table.title for table in result().tables} - {"Control totals"}


def test_a_lost_row_is_told_of() -> None:
    tables = {table.name: table for table in result().tables}
    tables["people"] = replace(tables["people"], rows=tables["people"].rows[1:])
    found = problems(Rollup(tables=(over_districts.proof(districts(), tables),), records=()))
    assert found[0].startswith("Control total of All districts, People, Objectives, table People:")


def test_it_is_written_like_any_other() -> None:
    assert to_xlsx(result()).startswith(b"PK")
    assert to_csv(result().table("status")).startswith(b"\xef\xbb\xbfleaid,district,id,")
