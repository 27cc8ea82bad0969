"""Carrying over: what goes from an earlier plan into a new workbook, as typed cells, and what is left and why."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.districts import Example
from tests.support.fill import Answers, cell_of, fill, records

from plbuild import archive, blank, intake
from plbuild.blank import Carry, Left
from plbuild.model import Answer, PlanSpec, Record, RosterRow, Spec, Submission, Value

THIS_YEAR, NEXT_YEAR = "2026-27", "2027-28"
LINCOLN, HIGH = ("lincoln-elementary", "089910000101"), ("cedar-valley-high", "089910000105")


def owner_of(example: Example, plan_id: str) -> RosterRow:
    """The school on the roster."""
    owner = example.roster.owner(school_plan(example), plan_id)
    assert owner is not None
    return owner


def school_plan(example: Example) -> PlanSpec:
    """What schools fill in."""
    return example.spec.owned_by("school")


def submitted(example: Example, text: str, plan_id: str, **changes: object) -> Submission:
    """A school's plan as intake reads it; ``changes`` replace sections of its text."""
    answers: Answers = {**example.answers(text), **changes}
    plan, owner = school_plan(example), owner_of(example, plan_id)
    data = fill(blank.separate(example.spec, plan, owner, example.words), answers, plan, plan_id)
    (submission,), _ = intake.read(example.spec, "plan.xlsx", data)
    return submission


@pytest.fixture(scope="module")
def lincoln(cedar_valley: Example) -> Submission:
    """A plan of one year."""
    return submitted(cedar_valley, *LINCOLN)


@pytest.fixture(scope="module")
def high(cedar_valley: Example) -> Submission:
    """A plan of three years."""
    return submitted(cedar_valley, *HIGH)


def carry(
    example: Example,
    source: Submission,
    year: str = THIS_YEAR,
    spec: Spec | None = None,
    district_goals: frozenset[str] = frozenset(),
) -> Carry:
    """The answers for a workbook of that year."""
    used = spec or example.spec
    foreign = {"district_plan.goals": district_goals} if district_goals else {}
    return blank.carry_over(used, used.plan(source.kind), source, "A School", year, foreign)


def values(carried: Carry) -> dict[str, set[str]]:
    """Which fields of which sections carry over."""
    return {
        section: {name for row in rows.values() for name in row} for section, rows in carried.answers.items()
    }


def changed(
    source: Submission, section: str, row: int, name: str, value: Value, *, blocked: bool = False
) -> Submission:
    """The plan with one other answer."""
    rows = list(source.sections[section])
    answer = Answer(value=value, entered=str(value), cell="A1", blocked=blocked)
    rows[row] = replace(rows[row], answers={**rows[row].answers, name: answer})
    return replace(source, sections={**source.sections, section: tuple(rows)})


def row_of(**texts: str) -> Record:
    """A row of a table."""
    answers = {name: Answer(value=text, entered=text, cell="D9") for name, text in texts.items()}
    return Record(id="", sheet="x", row=9, answers=answers)


# ------------------------------------------------------------------------------------ what carries


def test_into_the_same_year_a_plan_carries_over_whole(cedar_valley: Example, lincoln: Submission) -> None:
    result = carry(cedar_valley, lincoln)
    assert result.left == ()
    plan, owner = school_plan(cedar_valley), owner_of(cedar_valley, LINCOLN[1])
    given = {(plan.kind, owner.id): result.answers}
    data = blank.separate(cedar_valley.spec, plan, owner, cedar_valley.words, given)
    (again,), findings = intake.read(cedar_valley.spec, "new.xlsx", data)
    assert findings == ()
    assert records(again) == records(lincoln)


def test_into_the_shared_workbook_each_plan_goes_onto_its_own_sheet(
    cedar_valley: Example, lincoln: Submission, high: Submission
) -> None:
    given = {(item.kind, item.plan_id): carry(cedar_valley, item).answers for item in (lincoln, high)}
    data = blank.shared(cedar_valley.spec, cedar_valley.roster, cedar_valley.words, given)
    submissions, findings = intake.read(cedar_valley.spec, "shared.xlsx", data)
    assert findings == ()
    read = {item.plan_id: item for item in submissions if not item.is_blank}
    assert {key: records(item) for key, item in read.items()} == {
        item.plan_id: records(item) for item in (lincoln, high)
    }


def test_of_a_plan_of_one_year_only_what_the_spec_marks_goes_into_the_next(
    cedar_valley: Example, lincoln: Submission
) -> None:
    extra = {
        "assumptions": (row_of(assumption="We stay."),),
        "logic_model": (row_of(inputs="a", long_term="b"),),
        "progress": (row_of(checkpoint="Middle of year"),),
    }
    result = carry(cedar_valley, replace(lincoln, sections={**lincoln.sections, **extra}), NEXT_YEAR)
    assert result.left == ()
    assert values(result) == {
        "identity": {"display_name", "principal", "contact_email", "title1_program", "federal_status"},
        "team": {"name", "represents", "role"},
        "direction": {"mission", "vision"},
        "families": {"activity", "audience"},
        "required_training": {"topic", "authority", "audience"},
        "assumptions": {"assumption"},
        "theory_of_change": {"if_we", "then", "because"},
        "logic_model": {"inputs", "long_term"},
    }


def test_of_a_plan_of_three_years_needs_goals_and_objectives_go_along(
    cedar_valley: Example, high: Submission
) -> None:
    goals = frozenset({"DG1", "DG2", "DG3"})
    result = carry(cedar_valley, high, NEXT_YEAR, district_goals=goals)
    assert result.left == ()
    assert {"needs", "goals", "objectives"} <= set(result.answers)
    assert not {"actions", "indicators", "measures", "evaluation", "resources", "approvals"} & set(
        result.answers
    )
    assert {row["year_2"] for row in result.answers["goals"].values()} == {
        record.value("year_2") for record in high.sections["goals"]
    }
    assert result.ids["school_plan.goals"] == {record.id for record in high.sections["goals"]}


def test_a_plan_without_its_year_is_taken_for_an_earlier_years(
    cedar_valley: Example, lincoln: Submission
) -> None:
    unsaid = changed(lincoln, "identity", 0, "plan_year", None)
    assert values(carry(cedar_valley, unsaid)) == values(carry(cedar_valley, lincoln, NEXT_YEAR))


# -------------------------------------------------------------------------------- what does not fit


def test_what_does_not_fit_is_left_with_the_reason(cedar_valley: Example, lincoln: Submission) -> None:
    source = changed(lincoln, "team", 0, "role", "Mascot")
    source = changed(source, "actions", 0, "start_date", "soon")
    source = changed(source, "actions", 0, "sessions", "many")
    source = changed(source, "actions", 1, "hours_per_person", None, blocked=True)
    source = changed(source, "objectives", 0, "goal", "G5")
    source = changed(source, "goals", 0, "district_goal", "DG9")
    source = changed(source, "direction", 0, "mission", "x" * 32_768)
    result = carry(cedar_valley, source)
    named = {"plan_id": LINCOLN[1], "name": "A School"}
    assert [replace(item, value=item.value[:6]) for item in result.left] == [
        Left(**named, section="Planning team", field="Role", value="Mascot", why="It is no longer among the choices."),
        Left(**named, section="Mission and last year", field="Mission", value="xxxxxx", why="It is longer than a cell can hold."),
        Left(**named, section="Student goals", row="G1", field="District goal", value="DG9", why="The row that it names was not carried over."),
        Left(**named, section="Objectives for staff", row="O1", field="Goal", value="G5", why="The row that it names was not carried over."),
        Left(**named, section="What we will do", row="A1", field="Starts", value="soon", why="It is not a date."),
        Left(**named, section="What we will do", row="A1", field="Number of sessions", value="many", why="It is not a number."),
        Left(**named, section="What we will do", row="A2", field="Hours for each person", value="None", why="It could not be read."),
    ]  # fmt: skip
    whole = carry(cedar_valley, lincoln)
    left = {("team", 1, "role"), ("direction", 1, "mission"), ("goals", 1, "district_goal")}
    left |= {("objectives", 1, "goal"), ("actions", 1, "start_date"), ("actions", 1, "sessions")}
    left |= {("actions", 2, "hours_per_person")}
    assert cells(whole) - cells(result) == left


def cells(carried: Carry) -> set[tuple[str, int, str]]:
    """Section, row and field of everything that carries over."""
    return {
        (section, row, name)
        for section, rows in carried.answers.items()
        for row, answers in rows.items()
        for name in answers
    }


def test_a_field_that_is_gone_and_a_choice_that_is_gone(cedar_valley: Example, lincoln: Submission) -> None:
    spec = cedar_valley.spec
    roles = spec.lists["role"]
    fewer = replace(roles, choices=tuple(item for item in roles.choices if item.value != "Coach"))
    plan = school_plan(cedar_valley)
    direction = plan.section("direction")
    without = replace(direction, fields=tuple(item for item in direction.fields if item.name != "vision"))
    sections = tuple(without if part is direction else part for part in plan.sections)
    plans = tuple(replace(item, sections=sections) if item is plan else item for item in spec.plans)
    newer = replace(spec, plans=plans, lists={**spec.lists, "role": fewer})
    result = carry(cedar_valley, lincoln, spec=newer)
    coaches = [row for row, r in enumerate(lincoln.sections["team"], 1) if r.value("role") == "Coach"]
    assert coaches
    assert cells(carry(cedar_valley, lincoln)) - cells(result) == {
        ("direction", 1, "vision"), *(("team", row, "role") for row in coaches),
    }  # fmt: skip
    assert {item.why for item in result.left} == {"It is no longer among the choices."}


def test_rows_keep_their_ids_and_an_inserted_row_takes_a_free_one_with_what_refers_to_it(
    cedar_valley: Example, lincoln: Submission
) -> None:
    goals = lincoln.sections["goals"]
    inserted = replace(goals[0], id="G9")
    third = replace(goals[1], id="G3")
    source = replace(lincoln, sections={**lincoln.sections, "goals": (inserted, goals[0], third)})
    source = changed(source, "objectives", 0, "goal", "G9")
    source = changed(source, "objectives", 1, "goal", "G3")
    source = changed(source, "objectives", 2, "goal", "G2")
    result = carry(cedar_valley, source)
    texts = {row: answers["statement"] for row, answers in result.answers["goals"].items()}
    assert texts == {
        1: goals[0].value("statement"), 2: goals[0].value("statement"), 3: goals[1].value("statement"),
    }  # fmt: skip
    objectives = result.answers["objectives"]
    assert (objectives[1]["goal"], objectives[2]["goal"]) == ("G2", "G3")
    assert "goal" not in objectives[3]


def test_a_row_for_which_no_printed_one_is_left_stays_behind(
    cedar_valley: Example, lincoln: Submission
) -> None:
    source = replace(
        lincoln, sections={**lincoln.sections, "assumptions": (row_of(assumption="We stay."),) * 9}
    )
    result = carry(cedar_valley, source)
    assert sorted(result.answers["assumptions"]) == list(range(1, 9))
    (left,) = result.left
    assert (left.section, left.field, left.why) == (
        "Assumptions", "What we are counting on", "There is no printed row left for it.",
    )  # fmt: skip


def test_a_district_goal_goes_into_another_year_only_with_the_districts_own(
    cedar_valley: Example, high: Submission
) -> None:
    result = carry(cedar_valley, high, NEXT_YEAR)
    named = [r.id for r in high.sections["goals"] if r.value("district_goal") != "None"]
    assert named
    assert [(item.row, item.field, item.why) for item in result.left] == [
        (row, "District goal", "The row that it names was not carried over.") for row in named
    ]


# ---------------------------------------------------------------------------------- as typed cells


def opened(example: Example, answers: blank.Answers) -> tuple[bytes, dict[str, Worksheet]]:
    """Lincoln's workbook with these answers, and its sheets."""
    plan, owner = school_plan(example), owner_of(example, LINCOLN[1])
    data = blank.separate(example.spec, plan, owner, example.words, {(plan.kind, owner.id): answers})
    book = load_workbook(io.BytesIO(data))
    return data, {ws.title: ws for ws in book.worksheets if isinstance(ws, Worksheet)}


ODD = [
    "=1+1",
    "+1",
    "-2",
    "@x",
    "#N/A",
    "TRUE",
    "007",
    "_x000B_",
    "a\nb\tc",
    "<b>&amp;",
    " é\u200d🙂 x",
    "'x",
]


def test_a_text_is_a_text_whatever_it_looks_like(cedar_valley: Example) -> None:
    answers = {"logic_model": {n: {"inputs": text} for n, text in enumerate(ODD[:8], 1)}}
    answers["assumptions"] = {n: {"assumption": text} for n, text in enumerate(ODD[8:], 1)}
    data, sheets = opened(cedar_valley, answers)
    plan = school_plan(cedar_valley)
    for section, name, texts in (("logic_model", "inputs", ODD[:8]), ("assumptions", "assumption", ODD[8:])):
        for row, text in enumerate(texts):
            sheet, cell = cell_of(data, plan, LINCOLN[1], section, name, row)
            assert sheets[sheet][cell].data_type == "s", text
    (submission,), _ = intake.read(cedar_valley.spec, "new.xlsx", data)
    read = [r.value("inputs") for r in submission.sections["logic_model"]]
    read += [r.value("assumption") for r in submission.sections["assumptions"]]
    assert read == ODD


def test_what_xml_cannot_hold_is_left_out(cedar_valley: Example) -> None:
    data, _ = opened(cedar_valley, {"direction": {1: {"mission": "a\x00\x0bb\ud800c"}}})
    (submission,), _ = intake.read(cedar_valley.spec, "new.xlsx", data)
    assert submission.sections["direction"][0].value("mission") == "abc"


def test_dates_and_numbers_are_dates_and_numbers(cedar_valley: Example) -> None:
    row: dict[str, Value] = {
        "start_date": date(2026, 9, 5),
        "sessions": 3,
        "hours_per_person": Decimal("1.50"),
    }
    data, sheets = opened(cedar_valley, {"actions": {2: row}})
    plan = school_plan(cedar_valley)
    found = {}
    for name in row:
        sheet, cell = cell_of(data, plan, LINCOLN[1], "actions", name, 1)
        found[name] = sheets[sheet][cell]
    assert found["start_date"].value == datetime(2026, 9, 5)
    assert found["start_date"].number_format == "m/d/yyyy"
    assert (found["sessions"].value, found["sessions"].data_type) == (3, "n")
    assert found["hours_per_person"].value == 1.5


def test_a_row_is_tall_enough_for_its_text_and_still_grows(cedar_valley: Example) -> None:
    plan = school_plan(cedar_valley)
    long = "A sentence about what we want to see. " * 20
    data, sheets = opened(
        cedar_valley,
        {"needs": {1: {"finding": long}, 2: {"finding": "x"}}, "direction": {1: {"mission": long * 2}}},
    )
    sheet, cell = cell_of(data, plan, LINCOLN[1], "needs", "finding", 0)
    row = sheets[sheet][cell].row
    heights = [sheets[sheet].row_dimensions[n].height for n in (row, row + 1)]
    assert heights[0] is not None
    assert heights[1] == 44.25
    assert 200 < heights[0] < 409
    part = f"xl/worksheets/sheet{list(sheets).index(sheet) + 1}.xml"
    assert f'ht="{heights[0]}" customHeight'.encode() not in archive.read(data)[part]
    sheet, cell = cell_of(data, plan, LINCOLN[1], "direction", "mission")
    mission = sheets[sheet].row_dimensions[sheets[sheet][cell].row].height
    assert mission is not None
    assert mission > 200


def test_what_is_printed_and_stamped_is_the_same_with_answers(
    cedar_valley: Example, lincoln: Submission
) -> None:
    _, empty = opened(cedar_valley, {})
    _, filled = opened(cedar_valley, carry(cedar_valley, lincoln).answers)
    for title, ws in empty.items():
        stamps = [[sheet.cell(1, col).value for col in range(2, 9)] for sheet in (ws, filled[title])]
        assert stamps[0] == stamps[1], title


def test_same_bytes_for_the_same_answers(cedar_valley: Example, lincoln: Submission) -> None:
    answers = carry(cedar_valley, lincoln).answers
    assert opened(cedar_valley, answers)[0] == opened(cedar_valley, answers)[0]
    assert opened(cedar_valley, {})[0] != opened(cedar_valley, answers)[0]


def test_the_table_of_what_is_left_opens_in_a_spreadsheet_and_holds_no_formula() -> None:
    item = Left(plan_id="1", name="Ñ", section="S", row="G1", field="F", value="=1\n2", why="Gone.")
    data = blank.not_carried_csv([item])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["plan", "name", "section", "row", "field", "value", "why"],
        ["1", "Ñ", "S", "G1", "F", "'=1\n2", "Gone."],
    ]
