"""What a template may ask for: printed values, contexts, views, filters."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plbuild.documents import Contexts, plan_context
from plbuild.documents.context import FACTS
from plbuild.documents.filters import FILTERS, brief, counted, gather, grouped, in_unit, tally, total
from plbuild.documents.rows import Row
from plbuild.documents.text import Text, clean, printed
from plbuild.model import (
    Answer,
    PlanSpec,
    Record,
    RosterRow,
    Spec,
    Submission,
    Value,
)

OWNER = RosterRow(id="089910000101", name="Lincoln Elementary School", columns={"enrollment": 412})
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

SCHOOL: dict[str, Any] = {
    "identity": {
        "school_name": "Lincoln",
        "enrollment": 1412,
        "start_date": date(2026, 8, 10),
        "end_date": date(2027, 5, 28),
    },
    "needs": [{"area": "Mathematics", "finding": "27 percent solve for x.", "value": Decimal("27.50")}],
    "goals": [
        {"need": "N1", "district_goal": "DG1", "statement": "More solve for x.", "unit": "Percent"},
        {"need": "N9", "district_goal": "None", "statement": "All attend."},
    ],
    "objectives": [{"goal": "G1", "statement": "Teachers compare methods.", "participants": 1}],
    "actions": [
        {
            "objective": "O1",
            "initial_activity": "Two days in August.\nThen one in May.",
            "design": "Coaching",
            "standard": "Evidence",
            "start_date": date(2026, 8, 12),
            "end_date": date(2026, 10, 2),
            "hours_per_person": Decimal("10.5"),
        },
        {
            "objective": "O1",
            "initial_activity": "A summer week.",
            "design": "Coaching",
            "second_standard": "Evidence",
            "start_date": date(2026, 6, 29),
            "end_date": date(2026, 7, 3),
            "hours_per_person": Decimal(30),
        },
    ],
    "measures": [{"of": "G1", "instrument": "CMAS"}, {"of": "O1", "instrument": "Visits"}],
    "resources": [
        {"action": "A1", "amount": Decimal("1200.10"), "funding_source": "Local"},
        {"action": "A1", "amount": Decimal(800), "funding_source": "Title II-A"},
        {"action": "A2", "amount": Decimal("0.20"), "funding_source": "Local"},
    ],
}
DISTRICT: dict[str, Any] = {"goals": [{"statement": "Ready for algebra."}]}


def submission(plan: PlanSpec, answers: Mapping[str, Any]) -> Submission:
    """A plan with these answers, its rows numbered as the workbook prints them."""
    sections: dict[str, tuple[Record, ...]] = {}
    for part in plan.sections:
        given = answers.get(part.name, [])
        rows = [given or {}] if part.shape == "form" else given
        sections[part.name] = tuple(
            Record(
                id=f"{part.id_prefix}{number}" if part.id_prefix else "",
                sheet=part.title,
                row=number,
                answers={
                    name: Answer(value=value, entered=str(value), cell="B2") for name, value in row.items()
                },
            )
            for number, row in enumerate(rows, start=1)
        )
    return Submission(
        file="lincoln.xlsx",
        digest="0" * 64,
        kind=plan.kind,
        version=plan.version,
        plan_id=OWNER.id,
        sections=sections,
    )


@pytest.fixture
def context(spec_2022: Spec) -> dict[str, Any]:
    """The context of ``SCHOOL``, whose district has one goal."""
    plan, other = spec_2022.plan("school_plan"), spec_2022.plan("district_plan")
    facts: dict[str, Value] = {"status": "Accepted", "as_of": date(2026, 11, 23)}
    return plan_context(
        spec_2022, plan, submission(plan, SCHOOL), OWNER, (submission(other, DISTRICT),), facts
    )


def test_no_document_of_many_sees_what_another_refers_to(spec_2022: Spec) -> None:
    plan, other = spec_2022.plan("school_plan"), spec_2022.plan("district_plan")
    contexts = Contexts(spec_2022, [submission(other, DISTRICT)])
    found: list[Any] = [contexts.of(plan, submission(plan, SCHOOL), OWNER, {}) for _ in range(2)]
    for context in found:
        (aim,) = (goal for goal in context["goals"] if goal["district_goal"])
        assert aim["district_goal"]["statement"] == "Ready for algebra."
        assert aim["district_goal"]["goals"] == [aim]
    first, second = (context["goals"][0]["district_goal"] for context in found)
    assert first is not second


def test_rows_that_were_let_go_leave_nothing_to_look_for(spec_2022: Spec) -> None:
    plan, other = spec_2022.plan("school_plan"), spec_2022.plan("district_plan")
    contexts = Contexts(spec_2022, [submission(other, DISTRICT)])
    gc.collect()
    gc.disable()
    try:
        before = _rows_in_memory()
        contexts.of(plan, submission(plan, SCHOOL), OWNER, {}).let_go()
        assert _rows_in_memory() == before
        contexts.of(plan, submission(plan, SCHOOL), OWNER, {})
        assert _rows_in_memory() > before
    finally:
        gc.enable()


def _rows_in_memory() -> int:
    return sum(isinstance(item, Row) for item in gc.get_objects())


# ------------------------------------------------------------------------------------------------ text


@pytest.mark.parametrize(
    ("value", "kind", "unit", "text"),
    [
        (1240, "integer", "students", "1,240\u00a0students"),
        (1, "integer", "sessions", "1\u00a0session"),
        (1, "integer", "people", "1\u00a0person"),
        (Decimal("61.50"), "decimal", "", "61.5"),
        (Decimal("1200.5"), "money", "", "$1,200.50"),
        (Decimal("Infinity"), "money", "", "Infinity"),
        (date(2026, 9, 5), "date", "", "5\u00a0Sep\u00a02026"),
        ("about 12", "integer", "people", "about 12"),
        (None, "text", "people", ""),
    ],
)
def test_values_are_printed_as_us_readers_write_them(value: Value, kind: str, unit: str, text: str) -> None:
    assert printed(value, kind, unit) == text


def test_what_xml_forbids_goes_and_line_breaks_stay() -> None:
    assert clean("a\x00b\ud800c\uffffd") == "abcd"
    assert clean("a\r\nb\rc\x0bd\u2028e\tf") == "a\nb\nc\nd\ne\tf"
    assert clean("a\ufdd0contents\ufdd1b") == "acontentsb"


# --------------------------------------------------------------------------------------------- context


def test_references_lead_to_the_rows_and_back(context: dict[str, Any]) -> None:
    first, second = context["goals"]
    assert first["need"]["finding"] == "27 percent solve for x."
    assert first["district_goal"]["statement"] == "Ready for algebra."
    assert [row["statement"] for row in first["objectives"]] == ["Teachers compare methods."]
    assert [row["instrument"] for row in first["measures"]] == ["CMAS"]
    assert [row["instrument"] for row in first["objectives"][0]["measures"]] == ["Visits"]
    assert (second["objectives"], second["measures"], second["progress"]) == ([], [], [])
    assert context["resources"][2]["action"]["objective"]["goal"]["need"]["area"] == "Mathematics"


def test_a_reference_printed_alone_is_worded(context: dict[str, Any]) -> None:
    first, second = context["goals"]
    assert str(first["need"]) == "N1: 27 percent solve for x."
    assert (str(second["need"]), bool(second["need"])) == ("N9", False)
    assert (str(second["district_goal"]), second["district_goal"]["id"]) == ("None", "")
    assert (second["need"]["finding"], second["need"]["goals"]) == ("", [])


def test_every_field_is_there_blank_or_not(context: dict[str, Any], spec_2022: Spec) -> None:
    for part in spec_2022.plan("school_plan").sections:
        rows = [context[part.name]] if part.shape == "form" else context[part.name]
        assert all({item.name for item in part.fields} <= set(row) for row in rows)
    filled = [bool(context[name]) for name in ("identity", "direction", "families")]
    assert filled == [True, False, False]


def test_values_carry_their_type_and_are_shown_with_their_unit(context: dict[str, Any]) -> None:
    assert context["identity"]["enrollment"] == "1,412\u00a0students"
    assert context["identity"]["enrollment"].value == 1412
    assert context["needs"][0]["value"] == "27.5"
    assert context["actions"][0]["hours_per_person"].value == Decimal("10.5")
    facts = {name: value for name, value in context["facts"].items() if value}
    assert facts == {"status": "Accepted", "as_of": "23\u00a0Nov\u00a02026"}
    assert {*FACTS} <= {*context["facts"]}
    assert (context["owner"]["name"], context["source"]["file"]) == (OWNER.name, "lincoln.xlsx")


def test_rows_are_equal_only_to_themselves(context: dict[str, Any]) -> None:
    first, second = context["goals"]
    assert [row == first for row in (first, second)] == [True, False]
    assert [first, second].index(second) == 1


# ----------------------------------------------------------------------------------------------- views


def test_the_calendar_has_blocks_of_twelve_months_that_hold_a_mark(context: dict[str, Any]) -> None:
    before, year = context["views"]["timeline"]["years"]
    assert (before["title"], year["title"]) == ("Aug 2025 to Jul 2026", "Aug 2026 to Jul 2027")
    assert " ".join(year["months"]) == "Aug Sep Oct Nov Dec Jan Feb Mar Apr May Jun Jul"
    assert [entry["row"]["id"] for entry in year["rows"]] == ["A1"]
    assert year["rows"][0]["marks"] == ["■"] * 3 + [""] * 9
    assert before["rows"][0]["marks"] == [""] * 10 + ["■"] * 2
    assert context["views"]["timeline"]["outside"] == []


def test_a_year_typed_wrongly_does_not_make_a_thousand_tables(spec_2022: Spec) -> None:
    plan = spec_2022.plan("school_plan")
    actions = [{**SCHOOL["actions"][0], "end_date": date(3026, 5, 1)}, {"initial_activity": "No dates."}]
    answers = {**SCHOOL, "actions": actions}
    timeline: Any = plan_context(spec_2022, plan, submission(plan, answers), OWNER)["views"]
    assert len(timeline["timeline"]["years"]) == 1
    assert [row["id"] for row in timeline["timeline"]["outside"]] == ["A2"]


def test_coverage_and_totals(context: dict[str, Any]) -> None:
    covered = {entry["name"]: entry for entry in context["views"]["coverage"]["entries"]}
    assert len(covered) == 11
    assert [row["id"] for row in covered["Evidence"]["rows"]] == ["A1", "A2"]
    assert (covered["Evidence"]["count"], covered["Leadership"]["count"]) == ("2", "0")
    funding = context["views"]["funding"]
    assert [(item["name"], item["sum"], item["count"]) for item in funding["entries"]] == [
        ("Title II-A", "$800", "1"),
        ("Local", "$1,200.30", "2"),
    ]
    assert (funding["total"], funding["total"].value) == ("$2,000.30", Decimal("2000.30"))


def test_lists_know_their_groups_and_explanations(context: dict[str, Any]) -> None:
    standards = context["lists"]["standards"]
    assert standards["title"] == "Standards for Professional Learning (2022)"
    assert [(group["name"], len(group["entries"])) for group in standards["groups"]] == [
        ("Rigorous Content for Each Learner", 3),
        ("Transformational Processes", 4),
        ("Conditions for Success", 4),
    ]
    assert all(entry["explanation"] for entry in standards["entries"])


# --------------------------------------------------------------------------------------------- filters


def test_filters_add_count_and_shorten(context: dict[str, Any]) -> None:
    actions = gather(context["objectives"], "actions")
    assert total(actions, "hours_per_person") == "40.5\u00a0hours"
    assert (total([], "amount"), total(context["resources"], "amount")) == ("", "$2,000.30")
    assert (counted(actions, "actions"), counted([{}], "actions")) == ("2\u00a0actions", "1\u00a0action")
    assert tally(actions, "design") == "Coaching (2)"
    assert tally([{"of": word} for word in "aabcd"], "of", 1) == "a (2) and 3 others"
    assert [group["name"] for group in grouped([{"of": word} for word in "bab"], "of")] == ["b", "a"]
    assert FILTERS["filled"](["a", Text(), Row({}, stands=False)]) == ["a"]
    with pytest.raises(TypeError, match="statement is not a list of rows"):
        gather(context["objectives"], "statement")


def test_short_forms_end_between_words_or_after_a_sentence(context: dict[str, Any]) -> None:
    assert brief("One two\nthree", 20) == "One two three"
    assert brief("One two three", 9) == "One two …"
    assert brief("One two three. Four five.", 18) == "One two three. …"
    assert brief(context["actions"][0], 20) == "A1: Two days in …"


def test_units_are_signs_where_the_list_has_them() -> None:
    percent, count = Text("Percent", says={"sign": "%"}), Text("Count", says={"sign": ""})
    assert [in_unit("61", unit) for unit in (percent, count, Text("Score"), "")] == [
        "61\u00a0%",
        "61",
        "61\u00a0(Score)",
        "61",
    ]
