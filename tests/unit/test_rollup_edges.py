"""The newer tables at their edges: blanks, strangers, spellings, busy months, many names; and plans that pass by."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook
from tests.support.generated import Generated, generated

from plbuild.model import Answer, Column, Rollup, Status, Submission, Table, Value
from plbuild.rollup import frames, look, months, problems, rollup, scope, small, to_csv
from plbuild.rollup.rows import Writer
from plbuild.rollup.shared import folded
from plbuild.rollup.tables_csv import cell_text


def with_actions(given: Generated, *changes: dict[str, Any]) -> Rollup:
    """The roll-up of the first schools, each with one action that answers as ``changes`` say."""
    plans = []
    for plan, change in zip(given.plans(), changes, strict=False):
        first = plan.sections["actions"][0]
        blank = {name: answer._replace(value=None, entered="") for name, answer in first.answers.items()}
        answers = blank | {name: blank[name]._replace(value=value) for name, value in change.items()}
        sections = {**plan.sections, "actions": (replace(first, answers=answers),), "resources": ()}
        plans.append(replace(plan, sections=sections))
    made = rollup(given.spec, given.roster, given.statuses, plans)
    assert problems(made) == ()
    return made


def rows(made: Rollup, name: str, *columns: str) -> list[tuple[Any, ...]]:
    table = made.table(name)
    places = [[column.name for column in table.columns].index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in table.rows]


# ------------------------------------------------------------------------------------------------
# Evidence, standards, evaluation


def test_an_action_without_tier_and_money_stands_under_no_line() -> None:
    made = with_actions(generated(1), {})
    assert made.table("evidence").rows == (("Not stated", "No resource line", None, 1, 0, 0, Decimal(0)),)


def test_an_action_that_two_sources_pay_counts_under_both_and_its_dollars_once() -> None:
    given = generated(1)
    plan = next(given.plans())
    line = plan.sections["resources"][0]
    number = plan.sections["actions"][0].id

    def paid(source: str, amount: int) -> Any:
        new: dict[str, Value] = {"action": number, "funding_source": source, "amount": Decimal(amount)}
        changed = {name: line.answers[name]._replace(value=value) for name, value in new.items()}
        return replace(line, answers={**line.answers, **changed})

    lines = (paid("Local", 5), paid("Grant", 7))
    actions = plan.sections["actions"][:1]
    given_plan = replace(plan, sections={**plan.sections, "actions": actions, "resources": lines})
    made = rollup(given.spec, given.roster, given.statuses, [given_plan])
    assert rows(made, "evidence", "funding_source", "actions", "lines", "amount") == [
        ("Local", 1, 1, Decimal(5)),
        ("Grant", 1, 1, Decimal(7)),
    ]
    assert made.table("evidence").total[3:] == (None, None, 2, Decimal(12))


def test_standards_of_the_other_set_stand_apart_from_the_chosen_one() -> None:
    """A waiver can let a value of the 2011 set through; it mixes with none of the 2022 set."""
    made = with_actions(generated(3), {"standard": "Outcomes"}, {"standard": "Evidence"}, {})
    found = rows(made, "standards", "standard", "first", "schools", "schools_without")
    assert len(found) == 11 + 2
    assert found[4] == ("Evidence", 1, 1, 2)
    assert found[-2:] == [("Outcomes", 1, 1, 2), ("Not stated", 1, 1, 2)]
    assert all(count == 0 for name, count, _, _ in found[:11] if name != "Evidence")
    per_school = rows(made, "standards_by_school", "school_id", "standard", "first")
    assert [row[1:] for row in per_school if row[2]] == [("Outcomes", 1), ("Evidence", 1), ("Not stated", 1)]
    assert len(per_school) == 3 * 11 + 2


def test_the_note_names_the_chosen_set() -> None:
    assert (
        "Standards for Professional Learning (2022)" in with_actions(generated(1), {}).table("standards").note
    )


# ------------------------------------------------------------------------------------------------
# Shared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The BOCES", "boces"),
        ("High  Mesa B.O.C.E.S", "high mesa b o c e s"),
        ("José & Co.", "Jose Co"),
        ("The", "the"),
    ],
)
def test_spellings_of_one_provider(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Mesa BOCES", "Plains BOCES"), ("The Group", "The Center")])
def test_two_providers_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_provider_is_shown_as_most_plans_typed_it() -> None:
    made = with_actions(
        generated(4),
        {"provider": "mesa boces", "hours_per_person": Decimal(2)},
        {"provider": "The Mesa BOCES", "hours_per_person": Decimal(3)},
        {"provider": "The Mesa BOCES"},
        {"provider": "Alone"},
    )
    columns = ("provider", "typed_as", "plans", "actions", "contact_hours")
    assert rows(made, "shared_providers", *columns) == [("The Mesa BOCES", "mesa boces", 3, 3, Decimal(5))]


def test_months_with_the_same_plans_are_one_row() -> None:
    given = generated(2)
    plan = next(given.plans())
    first = plan.sections["actions"][0]
    twin = given.roster.schools[1].id

    def running(start: date, end: date) -> dict[str, Any]:
        new: dict[str, Value] = {"start_date": start, "end_date": end}
        changed = {name: first.answers[name]._replace(value=value) for name, value in new.items()}
        action = replace(first, answers={**first.answers, **changed})
        return {**plan.sections, "actions": (action,), "resources": ()}

    plans = [
        replace(plan, sections=running(date(2026, 11, 30), date(2027, 3, 1))),
        replace(plan, plan_id=twin, file="b.xlsx", sections=running(date(2026, 12, 1), date(2027, 1, 2))),
    ]
    made = rollup(given.spec, given.roster, given.statuses, plans)
    assert rows(made, "shared_designs", "from_month", "to_month", "plans", "actions") == [
        ("2026-12", "2027-01", 2, 2)
    ]


@pytest.mark.parametrize(("month", "after"), [("2026-12", "2027-01"), ("2026-11", "2026-12")])
def test_the_month_after(month: str, after: str) -> None:
    assert months.next_month(month) == after


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "count"),
    [
        (date(2026, 11, 30), date(2027, 2, 1), "2026-11", "2027-02", 4),
        (date(2026, 12, 31), None, "2026-12", "2026-12", 1),
        (date(2026, 12, 31), "June", "2026-12", "2026-12", 1),
        (date(2026, 12, 31), date(2026, 1, 1), "2026-12", "2026-12", 1),
        (date(2026, 9, 1), date(9999, 12, 31), "2026-09", "2030-08", 48),
        (date(1, 1, 1), date(1, 2, 1), "0001-01", "0001-02", 2),
    ],
)
def test_the_months_in_which_an_action_runs(
    start: date, end: object, first: str, last: str, count: int
) -> None:
    found = months.running(start, end)
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_groups_stand_in_the_order_of_their_first_rows_and_hold_every_row_once() -> None:
    cells = [(1, "b"), (0, "a"), (1, "a"), (1, "b"), (0, "a")]
    frame = pd.DataFrame(cells, columns=["order", "word"], dtype=object)
    frame["money"] = pd.Series([Decimal(n) for n in range(5)], dtype=object)
    # As after a mask: the labels of the rows are not their places.
    frame.index = pd.Index([7, 3, 9, 1, 5])
    found = [(key, part["money"]) for key, part in frames.groups(frame, "order", "word")]
    assert found == [(("1", "b"), [0, 3]), (("0", "a"), [1, 4]), (("1", "a"), [2])]
    assert list(frames.groups(frame[frame["word"] == "c"], "order", "word")) == []


def test_a_part_of_a_frame_gives_its_values_as_they_are() -> None:
    cells = [("a", Decimal("1.50")), ("b", None), ("a", 3)]
    every = frames.whole(pd.DataFrame(cells, columns=["word", "money"], dtype=object))
    part = every.where("word", "a")
    assert (len(part), part["money"], part.first("word", "money")) == (2, [Decimal("1.50"), 3], ("a", "1.50"))
    assert [type(value) for value in part["money"]] == [Decimal, int]
    assert not every.where("word", "c")
    assert every.at([1])["money"] == [None]


def test_a_great_many_names_are_counted_and_the_first_hundred_shown() -> None:
    count, text = frames.listed(f"School {n}" for n in range(250))
    assert count == 250
    assert text.startswith("School 0, School 1, ")
    assert text.endswith("School 99 and 150 more")
    assert frames.listed(["A", "B", "A"]) == (2, "A, B")


# ------------------------------------------------------------------------------------------------
# Workload, small groups


def test_one_role_however_it_is_typed_and_its_busy_months() -> None:
    given = generated(1)
    plan = next(given.plans())
    first = plan.sections["actions"][0]

    def led(role: str, start: date, end: date) -> Any:
        new: dict[str, Value] = {
            "responsible": role,
            "start_date": start,
            "end_date": end,
            "sessions": 2,
            "hours_per_person": Decimal(3),
        }
        changed = {key: first.answers[key]._replace(value=v) for key, v in new.items()}
        return replace(first, answers={**first.answers, **changed})

    actions = (
        led("Reading coach", date(2026, 9, 1), date(2026, 11, 1)),
        led("reading  Coach", date(2026, 10, 1), date(2026, 10, 9)),
        led("Principal", date(2026, 10, 1), date(2026, 10, 9)),
    )
    changed = replace(plan, sections={**plan.sections, "actions": actions, "resources": ()})
    made = rollup(given.spec, given.roster, given.statuses, [changed])
    assert [row[2:] for row in made.table("workload").rows] == [
        ("Reading coach", 2, 4, Decimal(6), 3, 1, 2, "2026-10"),
        ("Principal", 1, 2, Decimal(3), 1, 0, 1, None),
    ]


@pytest.mark.parametrize(
    ("students", "unit", "numbers", "is_small"),
    [
        ("Grade 4 (n = 7)", "Percent", [Decimal(50)], True),
        ("Grade 4 (N=10)", "Percent", [Decimal(5)], False),
        ("grade 3 students", "Percent", [Decimal(3)], False),
        ("All", "Count", [Decimal(12), Decimal(9)], True),
        ("All", "Count", [Decimal(12), None], False),
        ("All", "Score", [Decimal(2)], False),
        (None, None, [], False),
    ],
)
def test_what_counts_as_a_small_group(students: Any, unit: Any, numbers: list[Any], is_small: bool) -> None:
    given = generated(20)
    flag = small.judge(scope.select(given.spec, given.roster, (), ()).scope)
    large = given.roster.schools[19].id
    assert flag(large, students, unit, numbers) == ("Fewer than 10" if is_small else None)


# ------------------------------------------------------------------------------------------------
# Plans that pass by


def test_plans_pass_by_one_at_a_time() -> None:
    given = generated(40)
    alive: list[int] = []

    def watched() -> Iterator[Submission]:
        for plan in given.plans():
            gc.collect()
            # The district's own plan is held by what generates it.
            alive.append(sum(isinstance(item, Submission) for item in gc.get_objects()))
            yield plan
            del plan

    rollup(given.spec, given.roster, given.statuses, watched())
    assert len(alive) == 41
    assert max(alive) - min(alive) <= 2


def test_the_workbook_with_the_status_digest_counts_whenever_it_comes() -> None:
    given = generated(1)
    plan = next(given.plans())
    other = replace(plan, file="other.xlsx", digest="another")
    for plans in ([plan, other], [other, plan]):
        made = rollup(given.spec, given.roster, given.statuses, plans)
        assert problems(made) == ()
        assert {row[-4] for table in made.records for row in table.rows} == {plan.file}
        assert {row[6] for row in made.table("excluded_rows").rows} == {"other.xlsx"}


@pytest.mark.parametrize(
    ("errors", "reason", "why"),
    [(0, "", "held"), (1, "", "held (1 error)"), (3, "", "held (3 errors)"), (3, "late", "held (late)")],
)
def test_an_excluded_row_says_why_its_plan_is_held(errors: int, reason: str, why: str) -> None:
    given = generated(1)
    held = replace(given.statuses[0], state="held", errors=errors, reason=reason)
    made = rollup(given.spec, given.roster, [held], given.plans())
    assert (given.roster.schools[0].id, why) in {(row[0], row[5]) for row in made.table("excluded_rows").rows}


def test_received_is_not_accepted() -> None:
    given = generated(2)
    held = Status(
        owner=given.roster.schools[0], kind="school_plan", state="held", files=("a.xlsx",), errors=1
    )
    made = rollup(given.spec, given.roster, [held], ())
    assert rows(made, "status", "state", "received")[:2] == [("held", "Yes"), ("Not stated", "No")]


def test_an_answer_without_a_cell_is_named_by_its_row() -> None:
    given = generated(1)
    plan = next(given.plans())
    need = plan.sections["needs"][0]
    bare = replace(need, answers={"area": Answer(value="Science", entered="Science", cell="")})
    changed = replace(plan, sections={**plan.sections, "needs": (bare,)})
    made = rollup(given.spec, given.roster, given.statuses, [changed])
    table = next(item for item in made.records if item.name == "school_needs")
    assert table.rows[0][-2] == f"row {need.row}"


def test_a_cell_is_written_as_if_it_were_the_only_one() -> None:
    values: list[Value] = [
        1, Decimal(1), Decimal("1.00"), "1", None, "", "=A1", " x ", "a & b", "x" * 500, "a\rb",
        date(2026, 9, 1), date(1899, 1, 1), Decimal("NaN"), Decimal("1E+400"), 10**400,
    ]  # fmt: skip
    book = Workbook()
    writer = Writer(book, look.register(book))
    for kind in ("text", "integer", "decimal", "money", "date"):
        columns = [Column(name="a", title="A", type=kind), Column(name="b", title="B")]
        for bare in (True, False):
            fit = look.fit(columns, [look.extent(columns, [(value, value) for value in values])], bare=bare)
            rows = writer.rows(fit)
            for line, value in enumerate([*values, *values[::-1]], start=1):
                written = rows.row(line, (value, value), link=line % 3 - 1)
                assert written == writer.rows(fit).row(line, (value, value), link=line % 3 - 1)


def test_a_cell_of_a_csv_file_is_the_text_of_its_value() -> None:
    values: list[Value] = [
        None, "", "x", "=A1", "-1", "\t=1", "a\x00b", "a\rb", 'a,"b"', "é\ufffe", 0, -5, date(2026, 9, 1),
        Decimal("1.00"), Decimal("1E+3"), Decimal("NaN"), Decimal("1E+400"),
    ]  # fmt: skip
    columns = tuple(Column(name=f"c{place}", title="") for place in range(len(values)))
    table = Table(name="t", title="T", note="", columns=columns, rows=(tuple(values),))
    _, row = csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline=""))
    assert row == [cell_text(value) for value in values]
