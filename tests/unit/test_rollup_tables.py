"""Every table of the roll-up against plain Python over the same plans, and figures followed to their cells."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl
import pytest
from tests.support import plain, sums
from tests.support.districts import EXAMPLES, example
from tests.support.generated import generated, submitted
from tests.support.sums import Cells, District

from plbuild.model import Place, Rollup, Status
from plbuild.rollup import problems, rollup, to_csv, to_xlsx

ACCEPTED = {
    "cedar-valley": "all",
    "maple-ridge": ("099920000201", "0999200"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A district's roll-up, and the same plans as plain rows."""

    made: Rollup
    home: District


@cache
def case(name: str) -> Case:
    return of_generated(23) if name == "generated" else of_example(name)


def of_example(folder: str) -> Case:
    """An example: plbuild reads its workbooks through intake, the other side through openpyxl."""
    given = example(folder)
    wanted = ACCEPTED[folder]
    read = submitted(folder)
    states: list[Status] = []
    for plan in (given.spec.owned_by("school"), given.spec.owned_by("district")):
        for owner in given.roster.owners(plan):
            found = [item for item in read if (item.kind, item.plan_id) == (plan.kind, owner.id)]
            accepted = bool(found) and (wanted == "all" or owner.id in wanted)
            state = "accepted" if accepted else "held" if found else "missing"
            digest = found[0].digest if accepted else ""
            files = tuple(item.file for item in found)
            states.append(Status(owner=owner, kind=plan.kind, state=state, digest=digest, files=files))
    made = rollup(given.spec, given.roster, states, iter(read))
    counted = {(item.owner.id, item.files[0]) for item in states if item.state == "accepted"}
    plans = [
        item for item in plain.read(EXAMPLES / folder / "submissions") if (item.id, item.file) in counted
    ]
    text = (EXAMPLES / folder / "roster.csv").read_text(encoding="utf-8-sig")
    schools = sums.roster(text)
    return Case(
        made=made,
        home=_home(plans, schools, given.district.leaid, given.district.name, given.district.standards_set),
    )


def of_generated(count: int) -> Case:
    """A generated district; the other side takes the answers one by one."""
    given = generated(count)
    made = rollup(given.spec, given.roster, given.statuses, given.plans())
    schools = [
        {key: str(value) for key, value in row.columns.items()} | {"school": row.name}
        for row in given.roster.schools
    ]
    district = given.roster.district
    return Case(
        made=made,
        home=_home(plain.from_submissions(given.plans()), schools, district.id, district.name, "2022"),
    )


def _home(
    plans: list[plain.Plain], schools: list[dict[str, str]], leaid: str, name: str, standards: str
) -> District:
    order = [row["ncessch"] for row in schools] + [leaid]
    ordered = sorted(plans, key=lambda plan: order.index(plan.id))
    return District(plans=ordered, schools=schools, leaid=leaid, name=name, standards=standards)


def comparable(rows: Any) -> list[str]:
    """Rows in an order that both sides share; a whole number is equal whatever its type."""
    return sorted(repr(tuple(_same(value) for value in row)) for row in rows)


def _same(value: Any) -> Any:
    if isinstance(value, int | Decimal):
        return str(Decimal(value).normalize() + 0)
    return " ".join(value.split()) if isinstance(value, str) else value


@pytest.mark.parametrize("name", ["cedar-valley", "maple-ridge", "generated"])
@pytest.mark.parametrize("table", sums.TABLES, ids=lambda function: function.__name__)
def test_a_table_equals_its_plain_computation(name: str, table: Callable[[District], list[Cells]]) -> None:
    given = case(name)
    assert comparable(given.made.table(table.__name__).rows) == comparable(table(given.home))


def test_every_table_is_compared_or_has_tests_of_its_own() -> None:
    compared = {function.__name__ for function in sums.TABLES}
    others = {"status", "advice_by_check", "control_totals", "excluded_rows"}
    assert {table.name for table in case("cedar-valley").made.tables} == compared | others


@pytest.mark.parametrize("name", ["cedar-valley", "maple-ridge", "generated"])
def test_records_are_the_rows_of_the_plans(name: str) -> None:
    given = case(name)
    assert problems(given.made) == ()
    for table in given.made.records:
        owner, _, section = table.name.partition("_")
        rows = sum(len(plan.rows(section)) for plan in given.home.of(owner))
        assert len(table.rows) == rows, table.name
        assert [row[-1] for row in table.rows] == list(range(1, rows + 1))


# ------------------------------------------------------------------------------------------------
# Lineage


TEN = [
    ("money_by_school", "amount", "resources", "amount"),
    ("money_by_source", "schools_amount", "resources", "amount"),
    ("money_by_source", "allocation", "allocations", "amount"),
    ("money_by_kind", "amount", "resources", "amount"),
    ("learning_designs", "contact_hours", "actions", "hours_per_person"),
    ("learning_forms", "contact_hours", "actions", "hours_per_person"),
    ("people", "contact_hours", "actions", "hours_per_person"),
    ("staff_groups", "participants", "actions", "participants"),
    ("workload", "sessions", "actions", "sessions"),
    ("targets", "target_value", "goals", "target_value"),
]


@pytest.mark.parametrize(("table", "column", "section", "field"), TEN)
def test_a_figure_is_followed_to_the_cells_it_comes_from(
    table: str, column: str, section: str, field: str
) -> None:
    """The cells that the lineage names are opened with openpyxl, and their row's answers added."""
    given = case("cedar-valley")
    made = given.made.table(table)
    place = [item.name for item in made.columns].index(column)
    at = max(range(len(made.rows)), key=lambda index: made.rows[index][place] or 0)
    total = Decimal(0)
    for source in made.sources[at]:
        file, sheet, cell = source.split(" | ")
        book = workbook(file)
        line = "".join(char for char in cell if char.isdigit())
        if f"pl_{section}" not in book[sheet].defined_names or not _within(book[sheet], section, int(line)):
            continue  # The lineage of people names their objectives too.
        plan_kind = "district_plan" if book[sheet]["B1"].value == "district_plan" else "school_plan"
        if column == "schools_amount" and plan_kind == "district_plan":
            continue  # The figure is that of the schools; its row has the district's lines too.
        parts = plain.content(f"{plan_kind}.yaml")["sections"]
        fields = [item["name"] for part in parts if part["name"] == section for item in part["fields"]]
        left = openpyxl.utils.cell.range_boundaries(
            book[sheet].defined_names[f"pl_{section}"].attr_text.rpartition("!")[2]
        )[0]
        value = book[sheet].cell(int(line), (left or 0) + fields.index(field)).value
        total += Decimal(str(value)) if value is not None else 0
    assert total == made.rows[at][place]
    assert total > 0


def _within(sheet: Any, section: str, line: int) -> bool:
    area = sheet.defined_names[f"pl_{section}"].attr_text.rpartition("!")[2]
    _, top, _, bottom = openpyxl.utils.cell.range_boundaries(area)
    return (top or 0) <= line <= (bottom or 0)


@cache
def workbook(file: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Gnumeric writes no default style.
        return openpyxl.load_workbook(EXAMPLES / "cedar-valley" / "submissions" / file)


def test_each_link_of_the_workbook_leads_to_the_rows_behind_its_figure() -> None:
    """Dollars of a school and source: the rows that the link selects come to the figure."""
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(case("cedar-valley").made)))
    data = book["School resources"]
    titles = [cell.value for cell in data[4]]
    amount = titles.index("Amount")
    followed = 0
    for row in book["Money by school"].iter_rows(min_row=5):
        cell: Any = row[-1]
        target = str(cell.hyperlink.location) if cell.hyperlink else ""
        if not target.startswith("'School resources'!"):
            continue
        first, last = map(int, target.partition("!")[2].split(":"))
        found = sum(Decimal(str(data.cell(line, amount + 1).value)) for line in range(first, last + 1))
        assert found == Decimal(str(row[5].value))
        followed += 1
    assert followed > 5


# ------------------------------------------------------------------------------------------------
# Tables without a plain computation: advice, excluded rows, control totals


def test_advice_by_check() -> None:
    given = example("cedar-valley")
    oak, elm = given.roster.schools[0], given.roster.schools[1]
    said = [
        given.spec.finding(code, Place(file=f"{owner.id}.xlsx", sheet="Goals", cell=cell, kind="school_plan", plan_id=owner.id), entered="x", count=2)
        for code, owner, cell in (
            ("typed-outside", oak, "Z1"),
            ("typed-outside-many", oak, "Z2"),
            ("typed-outside-many", oak, "Z3"),
            ("typed-outside-many", elm, "Z4"),
        )
    ]  # fmt: skip
    error = replace(said[0], severity="error", code="required-missing")
    made = rollup(given.spec, given.roster, (), (), findings=(*said, error))
    table = made.table("advice_by_check")
    labels = [
        f"{row.name} ({row.id})" if [s.name for s in given.roster.schools].count(row.name) > 1 else row.name
        for row in (oak, elm)
    ]
    assert [row[:3] for row in table.rows] == [("typed-outside-many", 3, 2), ("typed-outside", 1, 1)]
    assert [row[3] for row in table.rows] == [said[1].message, said[0].message]
    assert table.rows[0][4] == ", ".join(labels)
    assert table.sources[0] == (
        f"{oak.id}.xlsx | Goals | Z2",
        f"{oak.id}.xlsx | Goals | Z3",
        f"{elm.id}.xlsx | Goals | Z4",
    )
    assert "No findings were given" not in table.note
    assert problems(made) == ()
    line = next(row for row in made.table("control_totals").rows if row[1] == "Findings of advice")
    assert line[4:8] == (4, 4, 0, "Yes")


def test_advice_that_nobody_gave_says_so() -> None:
    given = example("cedar-valley")
    assert "No findings were given" in rollup(given.spec, given.roster, (), ()).table("advice_by_check").note


def test_each_excluded_row_is_named_with_its_reason() -> None:
    given = case("maple-ridge")
    table = given.made.table("excluded_rows")
    held = [item for item in submitted("maple-ridge") if item.plan_id not in ACCEPTED["maple-ridge"]]
    rows = sum(len(records) for item in held for records in item.sections.values())
    assert len(table.rows) == rows > 50
    assert {row[4] for row in table.rows} == {"All tables"}
    assert {row[5] for row in table.rows} == {"held"}
    assert {row[6] for row in table.rows} == {item.file for item in held}


def test_an_action_without_a_start_is_excluded_from_the_calendar_alone() -> None:
    given = example("cedar-valley")
    read = list(submitted("cedar-valley"))
    first = next(item for item in read if item.plan_id == given.roster.schools[0].id)
    actions = first.sections["actions"]
    gone = {**actions[0].answers, "start_date": actions[0].answers["start_date"]._replace(value=None)}
    changed = replace(
        first, sections={**first.sections, "actions": (replace(actions[0], answers=gone), *actions[1:])}
    )
    owner = given.roster.schools[0]
    state = Status(owner=owner, kind=first.kind, state="accepted", digest=first.digest)
    made = rollup(given.spec, given.roster, [state], [changed])
    assert [row[2:6] for row in made.table("excluded_rows").rows] == [
        ("What we will do", "A1", "Calendar", "without a start date")
    ]
    assert problems(made) == ()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("evidence", "amount"),
        ("standards", "first"),
        ("workload", "contact_hours"),
        ("school_actions", "hours_per_person"),
    ],
)
def test_control_totals_catch_a_planted_mismatch(
    table: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that loses a row, or a record that loses its hours, is told of by name."""
    from plbuild.rollup import details, frames

    made, records = frames.table, details.records

    def spoiled(name: str, rows: Any, **words: Any) -> Any:
        result = made(name, rows, **words)
        return (
            replace(result, rows=result.rows[:-3], sources=result.sources[:-3]) if name == table else result
        )

    def short(scope: Any) -> Any:
        return tuple(replace(t, rows=t.rows[1:]) if t.name == table else t for t in records(scope))

    monkeypatch.setattr(frames, "table", spoiled)
    monkeypatch.setattr(details, "records", short)
    given = generated(3)
    found = problems(rollup(given.spec, given.roster, given.statuses, given.plans()))
    assert found
    assert all("Control total of" in text for text in found)


# ------------------------------------------------------------------------------------------------
# Small groups, formulas, the dictionary


def test_fewer_than_ten_students_are_flagged() -> None:
    given = generated(12)
    made = rollup(given.spec, given.roster, given.statuses, given.plans())
    table = made.table("targets")
    flagged = {row[4] for row in table.rows if row[-1] == "Fewer than 10"}
    assert flagged == {row.id for row in given.roster.schools if int(str(row.columns["enrollment"])) < 10}
    goals = next(item for item in made.records if item.name == "school_goals")
    place = [item.name for item in goals.columns].index("small_group")
    assert {row[0] for row in goals.rows if row[place]} == flagged


def test_the_dictionary_describes_every_column_of_every_file() -> None:
    made = case("cedar-valley").made
    (table,) = made.dictionary
    listed: dict[str, list[str]] = {}
    for row in table.rows:
        listed.setdefault(str(row[0]), []).append(str(row[1]))
    for item in made.every_table:
        heading = to_csv(item).decode("utf-8-sig").partition("\r\n")[0].split(",")
        assert listed[f"{item.name}.csv"] == heading, item.name
    assert set(listed) == {f"{item.name}.csv" for item in made.every_table}
    assert [row for row in table.rows if not row[6]] == []


def test_the_dictionary_takes_its_words_from_the_spec() -> None:
    (table,) = case("cedar-valley").made.dictionary
    found = {(row[0], row[1]): row[2:] for row in table.rows}
    label, kind, unit, _, says, came = found["school_actions.csv", "hours_per_person"]
    assert (label, kind, unit) == ("Hours for each person", "decimal", "hours")
    assert str(says).startswith("All the hours one person takes part")
    assert came == "School professional learning plan, What we will do"
    assert found["school_goals.csv", "target_value"][2] == "see Unit"
    assert str(found["school_actions.csv", "standard"][3]).startswith("Equity Practices; ")
    assert found["school_identity.csv", "enrollment"][5] == (
        "School professional learning plan, Your school; printed from the roster (enrollment)"
    )
