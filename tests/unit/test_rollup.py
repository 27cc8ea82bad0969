"""The roll-up: each table's exact rows, their lineage, the control totals, and the two file formats.

The spec here is a small one of its own, whose kinds of plan have other names than the real ones.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from plbuild.model import (
    Answer,
    Choice,
    Column,
    Field,
    PlanSpec,
    Record,
    Rollup,
    Roster,
    RosterRow,
    Section,
    Spec,
    Status,
    Submission,
    Table,
    ValueList,
)
from plbuild.rollup import figures, kept, levels, lineage, problems, rollup, to_csv, to_xlsx

CAMPUS, AGENCY = "campus", "agency"
OAK, ELM, ASH = "010000100001", "010000100002", "010000100003"
DISTRICT = "0100001"


# ------------------------------------------------------------------------------------------------
# A small spec, roster and submissions


def fields(**types: str) -> tuple[Field, ...]:
    """Fields by name; a type is written ``list:audience`` or ``ref`` or plain."""
    made = []
    for name, kind in types.items():
        plain, _, choices = kind.partition(":")
        made.append(
            Field(name=name, label=name.replace("_", " ").capitalize(), help="", type=plain, list=choices)
        )
    return tuple(made)


def section(name: str, prefix: str, **types: str) -> Section:
    return Section(
        name=name,
        title=name.capitalize(),
        guidance="",
        shape="table",
        fields=fields(**types),
        id_prefix=prefix,
    )


def shared_sections() -> tuple[Section, ...]:
    return (
        section("objectives", "O", goal="ref", audience="list:audience"),
        section(
            "actions",
            "A",
            objective="ref",
            design="list:design",
            start_date="date",
            end_date="date",
            hours_per_person="decimal",
            participants="integer",
        ),
        section("resources", "R", action="ref", kind="list:cost", amount="money", funding_source="list:fund"),
    )


def plan(kind: str, owner: str, title: str, *sections: Section) -> PlanSpec:
    return PlanSpec(
        kind=kind,
        version="1",
        title=title,
        owner=owner,
        id_column="",
        name_column="",
        purpose="",
        who_fills="",
        steps=(),
        sections=sections,
    )


def small_spec() -> Spec:
    goals = section(
        "goals",
        "G",
        need="ref",
        district_goal="ref",
        statement="long_text",
        student_group="text",
        measure="text",
        target_type="list:target_type",
        baseline_value="decimal",
        baseline_date="date",
        target_value="decimal",
        target_date="date",
        unit="list:unit",
    )
    with_none = tuple(
        replace(item, none="None of them") if item.name == "district_goal" else item for item in goals.fields
    )
    school = plan(
        CAMPUS,
        "school",
        "School plan",
        section("needs", "N", area="list:area"),
        replace(goals, fields=with_none),
        *shared_sections(),
    )
    district = plan(
        AGENCY,
        "district",
        "District plan",
        section("goals", "DG", statement="long_text"),
        *shared_sections(),
        section("allocations", "", funding_source="list:fund", amount="money"),
    )
    return Spec(plans=(district, school), lists=small_lists(), wanted={}, findings={}, phrases={})


def small_lists() -> dict[str, ValueList]:
    plain = {
        "area": ("Reading", "Mathematics"),
        "unit": ("Percent", "Score"),
        "target_type": ("Reach", "At most"),
        "cost": ("Stipend", "Travel"),
    }
    marked: dict[str, tuple[tuple[str, dict[str, str | bool]], ...]] = {
        "audience": (
            ("Teachers", {"staff_group": "instructional"}),
            ("Leaders", {"staff_group": "administrative"}),
            ("Aides", {"staff_group": "instructional"}),
        ),
        "design": (
            ("Workshop", {"form": "event"}),
            ("Coaching", {"form": "job-embedded"}),
            ("Online", {"form": "self-directed"}),
        ),
        "fund": (("Title II-A", {"federal": True}), ("Local", {}), ("Grant", {})),
    }
    lists = {
        name: ValueList(name=name, choices=tuple(Choice(value=value) for value in values))
        for name, values in plain.items()
    }
    for name, pairs in marked.items():
        choices = tuple(Choice(value=value, attributes=attributes) for value, attributes in pairs)
        lists[name] = ValueList(name=name, choices=choices)
    return lists


def small_roster() -> Roster:
    schools = (
        (OAK, "Oak School", "KG", "05"),
        (ELM, "Elm School", "06", "08"),
        (ASH, "Ash School", "KG", "08"),
    )
    return Roster(
        district=RosterRow(id=DISTRICT, name="Wood District", columns={}),
        schools=tuple(
            RosterRow(id=number, name=name, columns={"grade_low": low, "grade_high": high})
            for number, name, low, high in schools
        ),
    )


def submission(plan_id: str, **sections: list[dict[str, Any]]) -> Submission:
    """A plan whose answers stand in row 5 and below, the first field in column B."""
    kind = AGENCY if plan_id == DISTRICT else CAMPUS
    spec = small_spec().plan(kind)
    made = {}
    for name, rows in sections.items():
        part = spec.section(name)
        made[name] = tuple(
            record(part, row, f"{part.id_prefix}{place + 1}" if part.id_prefix else "", place + 5)
            for place, row in enumerate(rows)
        )
    file = "agency.xlsx" if plan_id == DISTRICT else f"{plan_id[-4:]}.xlsx"
    return Submission(
        file=file, digest=f"digest-of-{file}", kind=kind, version="1", plan_id=plan_id, sections=made
    )


def record(part: Section, row: dict[str, Any], number: str, line: int) -> Record:
    answers = {
        item.name: Answer(
            value=row.get(item.name),
            entered="" if row.get(item.name) is None else str(row[item.name]),
            cell=f"{get_column_letter(place + 2)}{line}",
        )
        for place, item in enumerate(part.fields)
    }
    return Record(id=number, sheet=part.title, row=line, answers=answers)


def statuses(submissions: tuple[Submission, ...], **states: str) -> tuple[Status, ...]:
    """Accepted where there is a submission, else missing; ``s0001="held"`` overrides by file."""
    roster, spec = small_roster(), small_spec()
    given = {item.plan_id: item for item in submissions}
    found = []
    for kind in (CAMPUS, AGENCY):
        for owner in roster.owners(spec.plan(kind)):
            item = given.get(owner.id)
            state = states.get(f"s{owner.id[-4:]}", "accepted" if item else "missing")
            found.append(
                Status(
                    owner=owner,
                    kind=kind,
                    state=state,
                    files=(item.file,) if item else (),
                    errors=2 if state == "held" else 0,
                    advice=1 if item else 0,
                    digest=item.digest if item else "",
                    reason="2 errors" if state == "held" else "",
                )
            )
    return tuple(found)


def made(*submissions: Submission, **states: str) -> Rollup:
    result = rollup(small_spec(), small_roster(), statuses(submissions, **states), submissions)
    assert problems(result) == ()
    return result


def oak() -> Submission:
    return submission(
        OAK,
        needs=[{"area": "Mathematics"}, {"area": "Reading"}],
        goals=[
            {
                "need": "N1",
                "district_goal": "DG1",
                "statement": "More pass.",
                "student_group": "Grade 3",
                "measure": "State  test",
                "target_type": "Reach",
                "baseline_value": Decimal("52.5"),
                "baseline_date": date(2026, 5, 15),
                "target_value": Decimal(60),
                "target_date": date(2027, 5, 14),
                "unit": "Percent",
            },
            {"need": "N1", "district_goal": "None of them", "statement": "Fewer fail.", "measure": "Survey"},
        ],
        objectives=[{"goal": "G1", "audience": "Teachers"}, {"goal": "G2", "audience": "Leaders"}],
        actions=[
            {
                "objective": "O1",
                "design": "Coaching",
                "start_date": date(2026, 9, 7),
                "end_date": date(2026, 11, 2),
                "hours_per_person": Decimal("7.25"),
                "participants": 12,
            },
            {
                "objective": "O1",
                "design": "Workshop",
                "start_date": date(2026, 9, 13),
                "end_date": date(2026, 9, 13),
                "hours_per_person": Decimal(6),
            },
            {
                "objective": "O2",
                "design": "Coaching",
                "start_date": date(2026, 9, 8),
                "end_date": date(2026, 9, 9),
                "hours_per_person": Decimal(3),
                "participants": 2,
            },
        ],
        resources=[
            {"kind": "Stipend", "amount": Decimal("1200.10"), "funding_source": "Title II-A"},
            {"kind": "Travel", "amount": Decimal("0.20"), "funding_source": "Title II-A"},
            {"kind": "Stipend", "amount": Decimal(40), "funding_source": "Grant"},
        ],
    )


def elm() -> Submission:
    return submission(
        ELM,
        needs=[{"area": "Reading"}],
        goals=[{"need": "N1", "district_goal": "DG1", "statement": "Read more.", "measure": "state test",
                "target_type": "Reach", "unit": "Percent", "baseline_value": Decimal(40), "target_value": Decimal(50)}],
        actions=[{"objective": "O9", "design": "Coaching", "hours_per_person": Decimal(2), "participants": 5}],
        resources=[{"kind": "Travel", "amount": Decimal(5), "funding_source": None}],
    )  # fmt: skip


def district() -> Submission:
    return submission(
        DISTRICT,
        goals=[{"statement": "All learn."}, {"statement": "All lead."}],
        objectives=[{"goal": "DG1", "audience": "Teachers"}],
        actions=[
            {
                "objective": "O1",
                "design": "Online",
                "start_date": date(2026, 10, 5),
                "end_date": date(2026, 10, 30),
                "hours_per_person": Decimal("1.5"),
                "participants": 100,
            }
        ],
        resources=[{"kind": "Travel", "amount": Decimal(800), "funding_source": "Title II-A"}],
        allocations=[
            {"funding_source": "Title II-A", "amount": Decimal(1500)},
            {"funding_source": "Title II-A", "amount": Decimal(250)},
            {"funding_source": "Local", "amount": Decimal(90)},
        ],
    )


def records(result: Rollup, name: str) -> Table:
    return next(table for table in result.records if table.name == name)


def rows(result: Rollup, name: str) -> list[tuple[Any, ...]]:
    return list(result.table(name).rows)


# ------------------------------------------------------------------------------------------------
# Status, and who counts


def test_status_has_every_school_in_roster_order_and_then_the_district() -> None:
    table = made(oak(), elm(), district(), s0002="held").table("status")
    assert table.rows == (
        (OAK, "Oak School", "accepted", "No", None, "0001.xlsx", 0, 1, 0, "digest-of-00", None, "Yes"),
        (ELM, "Elm School", "held", "No", None, "0002.xlsx", 2, 1, 0, "digest-of-00", "2 errors", "Yes"),
        (ASH, "Ash School", "missing", "No", None, None, 0, 0, 0, None, None, "No"),
        (
            DISTRICT,
            "Wood District",
            "accepted",
            "No",
            None,
            "agency.xlsx",
            0,
            1,
            0,
            "digest-of-ag",
            None,
            "Yes",
        ),
    )
    assert table.sources == (("0001.xlsx | Needs | B5",), (), (), ("agency.xlsx | Goals | B5",))
    assert table.total == ("All", None, None, None, None, None, 2, 3, 0, None, None, None)


def test_only_accepted_plans_go_into_figures_and_the_note_says_whose_are_missing() -> None:
    result = made(oak(), elm(), district(), s0002="held", s0003="exempt")
    assert [row[3] for row in rows(result, "targets")] == [1, 1]
    assert result.table("goals_by_area").note.endswith(
        "Covers 1 of 2 school plans; held: Elm School; 1 exempt."
    )
    assert result.table("people").note.endswith(
        "Covers 1 of 2 school plans and the district's plan; held: Elm School; 1 exempt."
    )


def test_many_missing_schools_are_counted_not_listed() -> None:
    schools = tuple(RosterRow(id=f"{n:012d}", name=f"School {n}", columns={}) for n in range(8))
    roster = replace(small_roster(), schools=schools)
    result = rollup(small_spec(), roster, (), ())
    assert result.table("money_by_kind").note.endswith(
        "Covers 0 of 8 school plans; not the district's plan (not received); not received: School 0, "
        "School 1, School 2, School 3, School 4 and 3 more."
    )


def test_a_plan_counts_once_and_only_if_the_roster_expects_it() -> None:
    twin = replace(oak(), file="copy.xlsx", digest="other")
    stranger = replace(elm(), file="stray.xlsx", plan_id="999999999999")
    result = rollup(small_spec(), small_roster(), statuses((oak(),)), (twin, oak(), stranger))
    assert problems(result) == ()
    assert {row[-4] for row in records(result, "school_actions").rows} == {"0001.xlsx"}
    plans = next(row for row in rows(result, "control_totals") if row[1] == "Plans read")
    assert plans == (
        "All plans", "Plans read", "Rows", None, 3, 1, 2, "Yes",
        "Oak School, the plan came in more than once; 999999999999, not in the roster",
    )  # fmt: skip


def test_an_additional_plan_is_not_rolled_up() -> None:
    spec = small_spec()
    midyear = replace(spec.plan(CAMPUS), kind="midyear", additional=True)
    second = replace(oak(), kind="midyear", file="midyear.xlsx")
    given = (oak(), second)
    result = rollup(replace(spec, plans=(midyear, *spec.plans)), small_roster(), statuses((oak(),)), given)
    assert problems(result) == ()
    assert len(rows(result, "targets")) == 2
    plans = next(row for row in rows(result, "control_totals") if row[1] == "Plans read")
    assert plans[4:] == (2, 1, 1, "Yes", "Oak School, not a kind of plan that is rolled up")


def test_a_submission_without_a_status_is_left_out() -> None:
    result = rollup(small_spec(), small_roster(), (), (oak(),))
    assert problems(result) == ()
    assert rows(result, "targets") == []
    assert rows(result, "status")[0][2] == "Not stated"


# ------------------------------------------------------------------------------------------------
# Goals


def test_goals_by_area_and_level() -> None:
    ash = submission(ASH, needs=[{"area": "Astronomy"}], goals=[{"need": "N1"}, {"need": "N7"}, {}])
    table = made(oak(), elm(), ash).table("goals_by_area")
    assert table.rows == (
        ("Reading", "Middle", 1, 1),
        ("Mathematics", "Elementary", 2, 1),
        ("Astronomy", "Elementary and middle", 1, 1),
        ("Not stated", "Elementary and middle", 2, 1),
    )
    assert table.total == ("All", None, 6, None)
    assert table.sources[1] == ("0001.xlsx | Goals | B5", "0001.xlsx | Goals | B6")


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [
        ("PK", "05", "Elementary"),
        ("KG", "06", "Elementary"),
        ("04", "05", "Elementary"),
        ("05", "08", "Middle"),
        ("06", "06", "Middle"),
        ("07", "09", "Middle"),
        ("09", "12", "High"),
        ("9", "9", "High"),
        ("PK", "08", "Elementary and middle"),
        ("06", "12", "Middle and high"),
        ("KG", "12", "All grades"),
        ("UG", "UG", "Other"),
        ("", "", "Other"),
        (None, "05", "Other"),
        ("12", "KG", "Other"),
    ],
)
def test_level(low: str | None, high: str, level: str) -> None:
    columns = {"grade_low": low, "grade_high": high}
    assert levels.level(RosterRow(id="1", name="A", columns=columns)) == level


def test_every_pair_of_grades_has_a_level_of_its_own() -> None:
    codes = ["PK", "KG", *(f"{grade:02d}" for grade in range(1, 14))]
    for place, low in enumerate(codes):
        for high in codes[place:]:
            row = RosterRow(id="1", name="A", columns={"grade_low": low, "grade_high": high})
            assert levels.level(row) != levels.OTHER


def test_alignment_shows_orphans_on_both_sides() -> None:
    lost = submission(ASH, goals=[{"district_goal": "DG7", "statement": "Lost."}, {"statement": "Blank."}])
    table = made(oak(), elm(), lost, district()).table("alignment")
    no_goal = "School goal without a district goal"
    assert table.rows == (
        ("DG1", "All learn.", OAK, "Oak School", "G1", "More pass.", None),
        ("DG1", "All learn.", ELM, "Elm School", "G1", "Read more.", None),
        ("DG2", "All lead.", None, None, None, None, "District goal without a school goal"),
        ("DG7", None, ASH, "Ash School", "G1", "Lost.", "The district's plan has no such goal"),
        (None, None, OAK, "Oak School", "G2", "Fewer fail.", no_goal),
        (None, None, ASH, "Ash School", "G2", "Blank.", no_goal),
    )
    assert table.sources[2] == ("agency.xlsx | Goals | B6",)


def test_alignment_without_the_district_plan() -> None:
    assert rows(made(elm()), "alignment") == [
        ("DG1", None, ELM, "Elm School", "G1", "Read more.", "The district's plan is not in these figures")
    ]


def test_targets_of_one_instrument_stand_together_and_are_not_averaged() -> None:
    assert rows(made(oak(), elm()), "targets") == [
        ("State  test", "Percent", "Reach", 2, OAK, "Oak School", "G1", "Grade 3", Decimal("52.5"),
         date(2026, 5, 15), Decimal(60), date(2027, 5, 14), None),
        ("State  test", "Percent", "Reach", 2, ELM, "Elm School", "G1", None, Decimal(40), None, Decimal(50), None, None),
        ("Survey", "Not stated", "Not stated", 1, OAK, "Oak School", "G2", None, None, None, None, None, None),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------
# Learning, people, calendar


def test_learning_designs() -> None:
    table = made(oak(), elm(), district()).table("learning_designs")
    assert table.rows == (
        ("Workshop", "event", 1, 0, 0, Decimal(6), None),
        ("Coaching", "job-embedded", 3, 0, 3, Decimal("12.25"), Decimal("103.00")),
        ("Online", "self-directed", 1, 1, 1, Decimal("1.5"), Decimal("150.0")),
    )
    assert table.total == ("All", None, 5, 1, 4, Decimal("19.75"), Decimal("253.00"))
    assert "Job-embedded: 3 of 5 actions (60.0 percent) and 62.0 percent of the contact hours." in table.note
    assert table.sources[1] == (
        "0001.xlsx | Actions | B5",
        "0001.xlsx | Actions | B7",
        "0002.xlsx | Actions | B5",
    )


def test_learning_forms_have_shares() -> None:
    assert rows(made(oak(), elm(), district()), "learning_forms") == [
        ("event", 1, 0, 0, Decimal(6), None, Decimal("20.0"), Decimal("30.4")),
        ("job-embedded", 3, 0, 3, Decimal("12.25"), Decimal("103.00"), Decimal("60.0"), Decimal("62.0")),
        ("self-directed", 1, 1, 1, Decimal("1.5"), Decimal("150.0"), Decimal("20.0"), Decimal("7.6")),
    ]


def test_a_design_outside_the_list_has_no_form() -> None:
    odd = submission(OAK, actions=[{"design": "Osmosis", "hours_per_person": "a lot"}, {}])
    result = made(odd)
    assert rows(result, "learning_designs") == [
        ("Osmosis", "Not stated", 1, 0, 0, Decimal(0), None),
        ("Not stated", "Not stated", 1, 0, 0, Decimal(0), None),
    ]
    assert "Job-embedded: 0 of 2 actions (0.0 percent)." in result.table("learning_designs").note


def test_people_by_audience_shows_whom_nobody_plans_for() -> None:
    table = made(oak(), elm(), district()).table("people")
    assert table.rows == (
        ("Teachers", "instructional", 2, 3, Decimal("14.75"), 112, Decimal("237.00"), 1),
        ("Leaders", "administrative", 1, 1, Decimal(3), 2, Decimal(6), 0),
        ("Aides", "instructional", 0, 0, Decimal(0), 0, Decimal(0), 0),
        ("Not stated", "Not stated", 0, 1, Decimal(2), 5, Decimal(10), 0),
    )
    assert table.total == ("All", None, 3, 5, Decimal("19.75"), 119, Decimal("253.00"), 1)
    assert table.sources[1] == ("0001.xlsx | Objectives | B6", "0001.xlsx | Actions | B7")


def test_staff_groups_join_audiences() -> None:
    assert rows(made(oak(), elm(), district()), "staff_groups") == [
        ("instructional", 2, 3, Decimal("14.75"), 112, Decimal("237.00"), 1),
        ("administrative", 1, 1, Decimal(3), 2, Decimal(6), 0),
        ("Not stated", 0, 1, Decimal(2), 5, Decimal(10), 0),
    ]


def test_calendar_counts_running_and_starting_actions() -> None:
    result = made(oak(), elm(), district())
    assert rows(result, "calendar") == [
        ("2026-09", "September 2026", "Teachers", 2, 2, 1, "Oak School"),
        ("2026-09", "September 2026", "Leaders", 1, 1, 1, "Oak School"),
        ("2026-10", "October 2026", "Teachers", 2, 1, 2, "Oak School, Wood District"),
        ("2026-11", "November 2026", "Teachers", 1, 0, 1, "Oak School"),
    ]
    line = next(row for row in rows(result, "control_totals") if row[3] == "Calendar")
    assert line[4:] == (5, 4, 1, "Yes", "1 row without a start date")


def test_collisions_are_two_starts_of_one_audience_in_one_week() -> None:
    table = made(oak(), district()).table("collisions")
    assert table.rows == ((OAK, "Oak School", "Teachers", date(2026, 9, 7), 2, "A1, A2"),)
    assert table.sources == (("0001.xlsx | Actions | B5", "0001.xlsx | Actions | B6"),)


def test_an_absurd_or_backward_end_does_not_flood_the_calendar() -> None:
    start = date(2026, 9, 7)
    odd = submission(
        OAK,
        actions=[
            {"start_date": start, "end_date": date(9999, 12, 31)},
            {"start_date": start, "end_date": date(2026, 1, 1)},
            {"start_date": start, "end_date": "later"},
        ],
    )
    found = rows(made(odd), "calendar")
    assert len(found) == 48
    assert found[0][3:5] == (3, 3)
    assert found[-1][:2] == ("2030-08", "August 2030")


def test_schools_of_one_name_are_told_apart_in_lists() -> None:
    roster = small_roster()
    same = tuple(replace(school, name="Oak School") for school in roster.schools)
    given = (oak(), replace(oak(), plan_id=ASH))
    states = tuple(replace(item, digest="") for item in statuses(given))
    result = rollup(small_spec(), replace(roster, schools=same), states, given)
    assert rows(result, "calendar")[0][-1] == f"Oak School ({OAK}), Oak School ({ASH})"


# ------------------------------------------------------------------------------------------------
# Money


def test_money_by_school() -> None:
    table = made(oak(), elm(), district()).table("money_by_school")
    assert table.rows == (
        (OAK, "Oak School", "Title II-A", "Yes", 2, Decimal("1200.30")),
        (OAK, "Oak School", "Grant", "No", 1, Decimal(40)),
        (ELM, "Elm School", "Not stated", None, 1, Decimal(5)),
        (DISTRICT, "Wood District", "Title II-A", "Yes", 1, Decimal(800)),
    )
    assert table.total == ("All", None, None, None, 5, Decimal("2045.30"))
    assert table.sources[0] == ("0001.xlsx | Resources | D5", "0001.xlsx | Resources | D6")


def test_money_by_source_against_allocation() -> None:
    table = made(oak(), elm(), district()).table("money_by_source")
    assert table.rows == (
        (
            "Title II-A",
            "Yes",
            3,
            Decimal("1200.30"),
            Decimal(800),
            Decimal("2000.30"),
            Decimal(1750),
            Decimal("-250.30"),
        ),
        ("Local", "No", 0, Decimal(0), Decimal(0), Decimal(0), Decimal(90), Decimal(90)),
        ("Grant", "No", 1, Decimal(40), Decimal(0), Decimal(40), None, None),
        ("Not stated", None, 1, Decimal(5), Decimal(0), Decimal(5), None, None),
    )
    assert table.sources[1] == ("agency.xlsx | Allocations | C7",)
    assert table.total == (
        "All",
        None,
        5,
        Decimal("1245.30"),
        Decimal(800),
        Decimal("2045.30"),
        Decimal(1840),
        None,
    )


def test_money_by_kind() -> None:
    assert rows(made(oak(), elm(), district()), "money_by_kind") == [
        ("Title II-A", "Stipend", 1, Decimal("1200.10")),
        ("Title II-A", "Travel", 2, Decimal("800.20")),
        ("Grant", "Stipend", 1, Decimal(40)),
        ("Not stated", "Travel", 1, Decimal(5)),
    ]


def test_an_amount_that_is_no_number_counts_as_a_line_without_dollars() -> None:
    lines: list[dict[str, Any]] = [
        {"amount": "ten", "funding_source": "Local"},
        {"amount": Decimal(3), "funding_source": "Local"},
    ]
    result = made(submission(OAK, resources=lines))
    assert rows(result, "money_by_school") == [(OAK, "Oak School", "Local", "No", 2, Decimal(3))]
    line = next(r for r in rows(result, "control_totals") if r[2:4] == ("Dollars", "Money by school"))
    assert line[4:] == (Decimal(3), Decimal(3), Decimal(0), "Yes", "1 row without an amount")


def test_sums_are_exact_beyond_the_default_precision() -> None:
    huge = figures.total([Decimal("1e40"), Decimal("0.01"), None, "x", True])
    assert str(huge) == "1" + "0" * 40 + ".01"
    assert figures.difference(huge, Decimal("1e40")) == Decimal("0.01")


# ------------------------------------------------------------------------------------------------
# Control totals


def test_control_totals_say_what_was_left_out_and_why() -> None:
    result = made(oak(), elm(), district(), s0002="held")
    found = [row for row in rows(result, "control_totals") if row[0] == "School plan" and not row[3]]
    why = "Elm School, held (2 errors): "
    assert found == [
        ("School plan", "Needs", "Rows", None, 3, 2, 1, "Yes", why + "1"),
        ("School plan", "Goals", "Rows", None, 3, 2, 1, "Yes", why + "1"),
        ("School plan", "Objectives", "Rows", None, 2, 2, 0, "Yes", None),
        ("School plan", "Actions", "Rows", None, 4, 3, 1, "Yes", why + "1"),
        (
            "School plan",
            "Actions",
            "Hours per person",
            None,
            Decimal("18.25"),
            Decimal("16.25"),
            Decimal(2),
            "Yes",
            why + "2",
        ),
        ("School plan", "Resources", "Rows", None, 4, 3, 1, "Yes", why + "1"),
        (
            "School plan",
            "Resources",
            "Amount",
            None,
            Decimal("1245.30"),
            Decimal("1240.30"),
            Decimal(5),
            "Yes",
            why + "5",
        ),
    ]


def test_every_table_made_from_a_section_has_a_control_total() -> None:
    result = made(oak(), district())
    checked = {row[3] for row in rows(result, "control_totals")}
    # Selections have no total; control totals are the check itself.
    exempt = {"Collisions", "Shared needs", "Shared providers", "Shared designs", "Control totals"}
    assert {table.title for table in result.tables} - exempt == checked - {None}


def test_a_control_total_that_disagrees_is_a_sentence() -> None:
    table = made(oak()).table("control_totals")
    place = next(n for n, row in enumerate(table.rows) if row[2:4] == ("Dollars", "Money by kind"))
    row = table.rows[place]
    broken = (*row[:5], Decimal("1000"), Decimal(0), "No", None)
    spoiled = replace(table, rows=(*table.rows[:place], broken, *table.rows[place + 1 :]))
    assert problems(Rollup(tables=(spoiled,), records=())) == (
        "Control total of All plans, Resources, Dollars, table Money by kind: 1,240.3 in, but 1,000 used "
        "and 0 excluded.",
    )


def test_nothing_at_all_still_gives_every_table() -> None:
    result = made()
    assert [table.name for table in result.tables] == [
        "status", "goals_by_area", "alignment", "targets", "learning_designs", "learning_forms", "people",
        "staff_groups", "calendar", "collisions", "money_by_school", "money_by_source", "money_by_kind",
        "evidence", "standards", "standards_by_school", "evaluation_levels", "shared_needs",
        "shared_providers", "shared_designs", "workload", "advice_by_check", "control_totals", "excluded_rows",
    ]  # fmt: skip
    assert all(len(row) == len(table.columns) for table in result.tables for row in table.rows)
    assert to_xlsx(result)


def test_a_spec_without_a_district_plan_and_with_hidden_fields() -> None:
    spec = small_spec()
    school = spec.plan(CAMPUS)
    hidden = ("participants", "district_goal")
    bare = replace(
        school,
        sections=tuple(
            replace(part, fields=tuple(item for item in part.fields if item.name not in hidden))
            for part in school.sections
        ),
    )
    answers = replace(
        oak(),
        sections={
            name: tuple(
                replace(row, answers={key: value for key, value in row.answers.items() if key not in hidden})
                for row in found
            )
            for name, found in oak().sections.items()
        },
    )
    result = rollup(replace(spec, plans=(bare,)), small_roster(), statuses((answers,)), (answers,))
    assert problems(result) == ()
    assert [row[0] for row in rows(result, "status")] == [OAK, ELM, ASH]
    assert rows(result, "people")[0] == ("Teachers", "instructional", 1, 2, Decimal("13.25"), None, None, 2)


# ------------------------------------------------------------------------------------------------
# Records


def test_records_keep_every_answer_and_its_place() -> None:
    result = made(oak(), district())
    assert [table.name for table in result.records] == [
        "school_needs", "school_goals", "school_objectives", "school_actions", "school_resources",
        "district_goals", "district_objectives", "district_actions", "district_resources",
        "district_allocations",
    ]  # fmt: skip
    table = records(result, "school_resources")
    assert [(column.name, column.title, column.type) for column in table.columns] == [
        ("plan_id", "Plan number", "text"),
        ("school", "School or district", "text"),
        ("row_id", "Row", "text"),
        ("action", "Action", "text"),
        ("kind", "Kind", "text"),
        ("amount", "Amount", "money"),
        ("funding_source", "Funding source", "text"),
        ("workbook", "Workbook", "text"),
        ("sheet", "Sheet", "text"),
        ("cell", "Cell", "text"),
        ("line", "Line", "integer"),
    ]
    assert table.rows[0] == (
        OAK, "Oak School", "R1", None, "Stipend", Decimal("1200.10"), "Title II-A", "0001.xlsx", "Resources", "C5", 1,
    )  # fmt: skip


def test_a_field_named_like_a_column_of_the_table_keeps_apart() -> None:
    spec = small_spec()
    odd = plan(CAMPUS, "school", "School plan", section("visits", "V", sheet="text", school="text"))
    visit = record(odd.sections[0], {"sheet": "S", "school": "X"}, "V1", 5)
    given = replace(oak(), sections={"visits": (visit,)})
    result = rollup(replace(spec, plans=(odd,)), small_roster(), statuses((given,)), (given,))
    (table,) = result.records
    assert [column.name for column in table.columns] == [
        "plan_id", "school", "row_id", "visits_sheet", "visits_school", "workbook", "sheet", "cell", "line",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("a.xlsx | Goals | B5", ("a.xlsx", "Goals", "B5")),
        ("a.xlsx | Goals | more | B5", ("a.xlsx", "Goals | more", "B5")),
    ],
)
def test_split_source(source: str, parts: tuple[str, str, str]) -> None:
    assert kept.split_source(source) == parts


# ------------------------------------------------------------------------------------------------
# Files


def odd_table() -> Table:
    return Table(
        name="odd",
        title="Odd: values / all",
        note="A note.",
        columns=(
            Column(name="text", title="Text"),
            Column(name="count", title="Count", type="integer"),
            Column(name="hours", title="Hours", type="decimal"),
            Column(name="amount", title="Amount", type="money"),
            Column(name="day", title="Day", type="date"),
        ),
        rows=(
            ("=1+1", 1, Decimal("1.5"), Decimal("-2.50"), date(2026, 9, 7)),
            ("+1", None, 3, "ten", date(1899, 1, 1)),
            ("#N/A", 0, Decimal(2), Decimal(0), None),
            ("Ölf\x0b & <b>\r\n2", 7, Decimal("1e400"), Decimal("1E+3"), "soon"),
            (" padded ", 0, Decimal(0), Decimal(0), date(1900, 3, 1)),
        ),
        sources=(("=a.xlsx | S | B1", "=a.xlsx | S | B2"), (), (), (), ()),
        total=("All", 8, Decimal("6.5"), None, None),
    )


def test_csv_is_utf8_with_mark_crlf_iso_dates_and_guarded_text() -> None:
    table = odd_table()
    assert to_csv(replace(table, rows=table.rows[:4])).decode("utf-8") == (
        "\ufefftext,count,hours,amount,day,sources\r\n"
        "'=1+1,1,1.5,-2.50,2026-09-07,'=a.xlsx | S | B1; =a.xlsx | S | B2\r\n"
        "'+1,,3,ten,1899-01-01,\r\n"
        "#N/A,0,2,0,,\r\n"
        '"Ölf & <b>\r\n2",7,1E+400,1000,soon,\r\n'
    )


@pytest.mark.parametrize("text", ["=x", "+x", "-x", "@x", "\tx", "\rx"])
def test_csv_guards_text_that_could_run(text: str) -> None:
    table = Table(
        name="t", title="T", note="", columns=(Column(name="a", title="A"),), rows=((text,), (Decimal(-1),))
    )
    lines = to_csv(table).decode("utf-8-sig")
    assert lines.startswith(("a\r\n'", "a\r\n\"'"))
    assert lines.endswith("\r\n-1\r\n")


def test_csv_without_lineage_has_no_sources_column() -> None:
    assert to_csv(made(oak()).records[0]).startswith(b"\xef\xbb\xbfplan_id,school,row_id,area,workbook")


def test_xlsx_keeps_values_types_and_formats() -> None:
    data = to_xlsx(Rollup(tables=(odd_table(),), records=()))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Contents", "Odd  values   all", "Sources"]
    sheet = book.worksheets[1]
    assert (sheet["A1"].value, sheet["A2"].value) == ("Odd: values / all", "A note.")
    assert [cell.value for cell in sheet[4]] == ["Text", "Count", "Hours", "Amount", "Day", "Rows behind"]
    first = list(sheet[5])
    assert [cell.value for cell in first[:4]] == ["=1+1", 1, 1.5, -2.5]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "n", "d", "s"]
    assert first[0].quotePrefix
    assert first[4].value == datetime(2026, 9, 7)
    assert [cell.number_format for cell in first[1:5]] == ["#,##0", "#,##0.0", '"$"#,##0.00', "m/d/yyyy"]
    assert [cell.value for cell in sheet[6]] == ["+1", None, 3, "ten", "1899-01-01", None]
    assert (sheet["A7"].value, sheet["A7"].data_type) == ("#N/A", "s")
    assert [cell.value for cell in sheet[8]][:2] == ["Ölf & <b>\r\n2", 7]
    assert (sheet["C8"].value, sheet["D8"].value, sheet["E8"].value) == ("1E+400", 1000, "soon")
    assert (sheet["A9"].value, sheet["E9"].value) == (" padded ", datetime(1900, 3, 1))
    assert [cell.value for cell in sheet[10]] == ["All", 8, 6.5, None, None, None]


def test_xlsx_has_a_real_table_frozen_headings_and_print_titles() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Rollup(tables=(odd_table(),), records=()))))
    sheet = book.worksheets[1]
    assert [(table.displayName, table.ref) for table in sheet.tables.values()] == [("tbl_odd", "A4:F9")]
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == "'Odd  values   all'!$A$1:$F$10"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)


def test_xlsx_tables_have_names_and_headings_that_excel_takes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made(oak(), elm(), district()))))
    names = [table.displayName for sheet in book for table in sheet.tables.values()]
    assert len(names) == len({name.casefold() for name in names})
    for sheet in book:
        for table in sheet.tables.values():
            titles = [column.name for column in table.tableColumns]
            assert len({title.casefold() for title in titles}) == len(titles), sheet.title
            first, _, last = table.ref.partition(":")
            row = sheet[f"{first}:{last[: len(last.rstrip('0123456789'))]}4"][0]
            assert [cell.value for cell in row] == titles
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_.]*", name) for name in names)


def test_two_columns_of_one_title_are_told_apart() -> None:
    table = Table(
        name="twice",
        title="Twice",
        note="",
        columns=(
            Column(name="a", title="Number"),
            Column(name="b", title="number"),
            Column(name="c", title=" "),
        ),
        rows=(("x", "y", "z"),),
    )
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Rollup(tables=(table,), records=()))))
    assert [cell.value for cell in book.worksheets[1][4]] == ["Number", "number (2)", "c"]


def leads_to(cell: Any) -> str:
    """Where the link of a cell leads."""
    return str(cell.hyperlink.location)


def test_contents_list_every_sheet_with_a_link_and_its_rows() -> None:
    result = made(oak(), district())
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(result)))
    sheet = book.worksheets[0]
    found = {row[0].value: row for row in sheet.iter_rows(min_row=5)}
    assert list(found) == book.sheetnames[1:]
    sizes = {table.short: len(table.rows) for table in result.every_table}
    for name, row in found.items():
        assert leads_to(row[0]) == f"'{name}'!A1"
        assert row[3].value == sizes.get(str(name), row[3].value)
    assert found["School actions"][4].value == "data/school_actions.csv"
    assert [row[1].value for name, row in found.items() if name in ("Status", "School actions", "Sources")] == [
        "Table", "Reference", "Data",
    ]  # fmt: skip
    assert all(leads_to(other["A3"]) == "'Contents'!A1" for other in book.worksheets[1:])


def test_each_figure_leads_to_the_lines_behind_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made(oak(), district()))))
    sheet = book["Money by school"]
    row = sheet[5]
    assert (row[0].value, row[5].value) == (OAK, 1200.3)
    assert (row[6].value, leads_to(row[6])) == ("School resources 1-2", "'School resources'!5:6")
    data = book["School resources"]
    lines = [[cell.value for cell in line] for line in data["A5:K6"]]
    assert [line[5] for line in lines] == [1200.1, 0.2]
    assert [line[7:] for line in lines] == [["0001.xlsx", "Resources", f"C{n}", n - 4] for n in (5, 6)]


def test_scattered_lines_are_listed_under_sources() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made(oak(), district()))))
    row = next(
        row for row in book["Forms of learning"].iter_rows(min_row=5) if row[0].value == "job-embedded"
    )
    assert row[-1].value == "2 rows, see Sources"
    at = leads_to(row[-1])
    assert at.startswith("'Sources'!")
    first, _, last = at.partition("!")[2].partition(":")
    assert first == last
    found = [cell.value for cell in book["Sources"][int(first)]]
    assert found == ["Forms of learning", row[0].row, "job-embedded", "School actions", "1, 3", 2]
    assert leads_to(book["Sources"].cell(int(first), 1)) == f"'Forms of learning'!{row[0].row}:{row[0].row}"


def test_no_link_leads_to_a_row_that_two_records_answer_to() -> None:
    (table,) = (item for item in made(oak()).records if item.name == "school_goals")
    known = lineage.places([table, replace(table, name="district_goals", rows=table.rows[1:])])
    assert known == {"0001.xlsx | Goals | 5": (0, 1)}


def test_what_is_in_no_data_sheet_is_named_by_its_cell() -> None:
    found = lineage.behind(["a.xlsx | Goals | B5", "b.xlsx |  | "], lineage.Places({}))
    assert list(lineage.source_rows("T", 5, "about", found, [])) == [
        ("T", 5, "about", None, "a.xlsx, Goals, B5; b.xlsx, , ", 2)
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [([1], ["1"]), ([1, 2, 3], ["1-3"]), ([1, 3, 4, 9], ["1", "3-4", "9"])],
)
def test_lines_as_ranges(lines: list[int], words: list[str]) -> None:
    assert list(lineage.ranges(lines)) == words


def test_xlsx_of_an_empty_table_says_so() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made())))
    assert book["Targets"]["A5"].value == "No rows."
    assert not book["Targets"].tables


def test_headings_of_an_excel_table_are_unique() -> None:
    for table in made(oak()).tables:
        titles = [column.title for column in table.columns]
        assert len(set(titles)) == len(titles), table.name


def test_the_same_rollup_gives_the_same_bytes() -> None:
    result = made(oak(), elm(), district())
    assert to_xlsx(result) == to_xlsx(made(oak(), elm(), district()))


def test_a_source_is_found_by_its_row_however_often_it_is_asked_for() -> None:
    known = lineage.Places({"a.xlsx | Goals | 5": (0, 1)})
    found = lineage.behind(["a.xlsx | Goals | B5", "a.xlsx | Goals | C5", "b.xlsx | Goals | B5"] * 2, known)
    assert found.lines == {0: [1]}
    assert found.other == ["b.xlsx, Goals, B5"] * 2
