"""What changed between two builds: exact lists, rows found again under other numbers, and what is kept."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.support.generated import submitted

from plbuild import changes
from plbuild.changes import Change, Kept, Owed
from plbuild.model import Answer, Record, Spec, Submission, Value, money

DAY = date(2026, 11, 23)
SCHOOL = "089910000101"


@pytest.fixture(scope="module")
def plan() -> Submission:
    """Lincoln Elementary's plan."""
    return next(item for item in submitted("cedar-valley") if item.plan_id == SCHOOL)


def kept(spec: Spec, *plans: Submission, state: str = "accepted") -> Kept:
    """What is kept of some plans."""
    owed = [
        Owed(
            kind=item.kind,
            id=item.plan_id,
            name="Lincoln",
            state=state,
            answers=changes.answers(spec.plan(item.kind), item),
        )
        for item in plans
    ]
    return changes.kept(owed, DAY)


def said(spec: Spec, before: Submission, after: Submission) -> list[str]:
    """The changes from one plan to another, in words."""
    return [item.words for item in changes.changes(spec, kept(spec, before), kept(spec, after))]


def edited(plan: Submission, section: str, place: int, **values: Value) -> Submission:
    """The plan with other answers in one row; None clears one."""
    rows = list(plan.sections[section])
    answers = dict(rows[place].answers)
    for name, value in values.items():
        answers[name] = Answer(value, str(value), "A1")
    rows[place] = replace(rows[place], answers=answers)
    return replace(plan, sections={**plan.sections, section: tuple(rows)})


def with_rows(plan: Submission, section: str, rows: list[Record]) -> Submission:
    """The plan with these rows in one section, numbered from one as the workbook numbers them."""
    prefix = rows[0].id[:1] if rows else ""
    numbered = tuple(replace(row, id=f"{prefix}{place}") for place, row in enumerate(rows, start=1))
    return replace(plan, sections={**plan.sections, section: numbered})


def test_a_plan_that_is_the_same_has_no_changes(spec_2022: Spec, plan: Submission) -> None:
    assert said(spec_2022, plan, plan) == []
    assert said(spec_2022, plan, replace(plan, file="other.xlsx", digest="0", saved=DAY)) == []
    # 61 and 61.0 are one number, and what the workbook was issued with is not an answer.
    value = plan.sections["goals"][0].value("target_value")
    assert isinstance(value, int | Decimal)
    assert said(spec_2022, plan, edited(plan, "goals", 0, target_value=Decimal(value) + Decimal("0.0"))) == []
    assert said(spec_2022, plan, edited(plan, "identity", 0, enrollment=9)) == []


def test_a_target_that_is_altered_is_one_change_with_both_numbers(spec_2022: Spec, plan: Submission) -> None:
    before = edited(plan, "goals", 0, target_value=Decimal(70), target_date=date(2027, 5, 28))
    after = edited(plan, "goals", 0, target_value=Decimal("75.5"), target_date=date(2027, 6, 1))
    found = changes.changes(spec_2022, kept(spec_2022, before), kept(spec_2022, after))
    assert found == (
        Change(
            kind="school_plan", plan_id=SCHOOL, owner="Lincoln", section="Student goals", row="G1",
            what="altered", label="Target", before="70", after="75.5", words="Goal G1, Target: from 70 to 75.5",
        ),
        Change(
            kind="school_plan", plan_id=SCHOOL, owner="Lincoln", section="Student goals", row="G1",
            what="altered", label="Target date", before="5/28/2027", after="6/1/2027",
            words="Goal G1, Target date: from 5/28/2027 to 6/1/2027",
        ),
    )  # fmt: skip


def test_an_answer_that_is_filled_in_or_cleared_says_so(spec_2022: Spec, plan: Submission) -> None:
    blank = edited(plan, "actions", 0, provider=None)
    given = edited(plan, "actions", 0, provider="Regional center")
    label = spec_2022.plan("school_plan").section("actions").field("provider").label
    assert said(spec_2022, blank, given) == [f"Action A1, {label}: “Regional center”, blank before"]
    assert said(spec_2022, given, blank) == [f"Action A1, {label}: blank now, “Regional center” before"]


def test_an_answer_of_a_form_is_named_by_its_part(spec_2022: Spec, plan: Submission) -> None:
    before, after = (edited(plan, "identity", 0, principal=name) for name in ("Ana Ruiz", "Li Wei"))
    assert said(spec_2022, before, after) == ["Your school, Principal: from “Ana Ruiz” to “Li Wei”"]


def test_a_row_put_in_between_is_one_added_and_no_other_is_altered(spec_2022: Spec, plan: Submission) -> None:
    rows = list(plan.sections["actions"])
    new = replace(rows[0], answers={**rows[0].answers, "initial_activity": Answer("Zebra quilt", "", "A1"),
                                    "follow_up": Answer("Yodel about xylophones", "", "A1")})  # fmt: skip
    wholly_new = replace(
        new, answers={name: new.answers[name] for name in ("initial_activity", "follow_up", "objective")}
    )
    after = with_rows(plan, "actions", [rows[0], wholly_new, *rows[1:]])
    found = [item for item in said(spec_2022, plan, after) if "Action A" in item]
    assert found == ["Action A2 was added: “Zebra quilt”"]
    assert [item for item in said(spec_2022, after, plan) if "Action A" in item] == [
        "Action A2 was removed: “Zebra quilt”"
    ]


def test_a_number_that_now_names_another_row_is_a_change(spec_2022: Spec, plan: Submission) -> None:
    goals = list(plan.sections["goals"])
    new = replace(goals[0], answers={"statement": Answer("Every child sings in tune", "", "A1")})
    moved = with_rows(plan, "goals", [new, *goals])
    last = len(moved.sections["objectives"])
    label = spec_2022.plan("school_plan").section("objectives").field("goal").label
    found = said(spec_2022, plan, moved)
    assert found[0] == "Goal G1 was added: “Every child sings in tune”"
    # The objectives still name the old numbers, which are other goals now.
    refs = [row.value("goal") for row in plan.sections["objectives"]]
    told = [item for item in found if f", {label}: " in item and item.startswith("Objective")]
    assert told == [
        f"Objective O{place}, {label}: from G{int(str(ref)[1:]) + 1} ({ref} before) to {ref}"
        for place, ref in enumerate(refs, start=1)
    ]
    assert last == len(told)
    # Where they follow, nothing changed.
    followed = moved
    for place, ref in enumerate(refs):
        followed = edited(followed, "objectives", place, goal=f"G{int(str(ref)[1:]) + 1}")
    assert not [item for item in said(spec_2022, plan, followed) if item.startswith("Objective")]


def test_a_row_that_is_altered_and_moved_says_both_numbers(spec_2022: Spec, plan: Submission) -> None:
    goals = list(plan.sections["goals"])
    new = replace(goals[0], answers={"statement": Answer("Every child sings in tune", "", "A1")})
    moved = edited(with_rows(plan, "goals", [new, *goals]), "goals", 1, target_value=Decimal(99))
    assert any(
        item.startswith("Goal G2 (G1 before), Target: from ") and item.endswith(" to 99")
        for item in said(spec_2022, plan, moved)
    )


def test_a_row_rewritten_from_end_to_end_is_one_gone_and_one_new(spec_2022: Spec, plan: Submission) -> None:
    needs = plan.sections["needs"]
    other = replace(needs[0], answers={"finding": Answer("Buses are late on Tuesdays", "", "A1")})
    after = with_rows(plan, "needs", [other, *needs[1:]])
    found = said(spec_2022, plan, after)
    assert "Need N1 was added: “Buses are late on Tuesdays”" in found
    assert any(item.startswith("Need N1 was removed: “") for item in found)


def test_a_row_rewritten_in_its_place_in_part_is_the_same_row(spec_2022: Spec, plan: Submission) -> None:
    def goal(statement: str) -> Submission:
        row = Record(id="G1", sheet="", row=1, answers={"statement": Answer(statement, "", "A1")})
        return with_rows(plan, "goals", [row])

    before = goal("Attendance rises in winter in each grade")
    label = spec_2022.plan("school_plan").section("goals").field("statement").label
    assert said(spec_2022, before, goal("Attendance rises where buses come on time")) == [
        f"Goal G1, {label}: from “Attendance rises in winter in each grade” "
        "to “Attendance rises where buses come on time”"
    ]
    told = said(spec_2022, before, goal("Every child sings"))
    assert told[:2] == [
        "Goal G1 was added: “Every child sings”",
        "Goal G1 was removed: “Attendance rises in winter in each grade”",
    ]
    assert told[2:]
    assert [item for item in told[2:] if not item.endswith(": from G1 (removed) to G1")] == []
    renamed = said(spec_2022, plan, edited(plan, "team", 0, name="Zoe"))
    assert [item.startswith("Team member “Zoe”, Name: from “") for item in renamed] == [True]


def test_money_says_the_line_and_the_sum(spec_2022: Spec, plan: Submission) -> None:
    amounts = [row.value("amount") for row in plan.sections["resources"]]
    total = sum((Decimal(amount) for amount in amounts if isinstance(amount, int | Decimal)), Decimal(0))
    first = Decimal(str(amounts[0]))
    more = Decimal("1000.50")
    after = edited(plan, "resources", 0, amount=first + more)
    title = spec_2022.plan("school_plan").section("resources").title
    assert said(spec_2022, plan, after) == [
        f"Cost R1, Amount: from {money(first)} to {money(first + more)}",
        f"{title}, Amount, all rows together: from {money(total)} to {money(total + more)}",
    ]


def test_what_became_of_a_plan_is_said_once_and_not_row_by_row(spec_2022: Spec, plan: Submission) -> None:
    nothing = changes.kept([Owed(kind=plan.kind, id=SCHOOL, name="Lincoln", state="missing")], DAY)
    none = changes.kept([], DAY)
    held = kept(spec_2022, plan, state="held")
    accepted = kept(spec_2022, plan)

    def words(before: Kept, after: Kept) -> list[tuple[str, str]]:
        return [(item.what, item.words) for item in changes.changes(spec_2022, before, after)]

    assert words(nothing, held) == [("altered", "The plan was not received, and is held now.")]
    assert words(held, accepted) == [("altered", "The plan was held, and is accepted now.")]
    assert words(none, accepted) == [("added", "The plan is new on the roster: accepted.")]
    assert words(accepted, none) == [("removed", "The plan is no longer on the roster; it was accepted.")]


def test_a_long_text_is_cut_where_it_differs(spec_2022: Spec, plan: Submission) -> None:
    start = "We teach every child to read and to reason, and we care for one another, day after day, "
    before, after = (
        edited(plan, "direction", 0, mission=f"{start}{end}") for end in ("at school.", "at home.")
    )
    assert said(spec_2022, before, after) == [
        "Mission and last year, Mission: from “…another, day after day, at school.” "
        "to “…another, day after day, at home.”"
    ]


def test_a_kind_or_a_part_that_the_spec_no_longer_has_is_passed_over(
    spec_2022: Spec, plan: Submission
) -> None:
    gone = changes.kept([Owed(kind="old_plan", id="1", name="Old", state="accepted")], DAY)
    assert changes.changes(spec_2022, gone, changes.kept([], DAY)) == ()


# ------------------------------------------------------------------------------------------- kept


def test_what_is_kept_comes_back_and_is_an_ordinary_gzip_file(spec_2022: Spec, plan: Submission) -> None:
    made = kept(spec_2022, plan)
    assert changes.opened(made.data) == made
    assert kept(spec_2022, plan).data == made.data
    text = gzip.decompress(made.data).decode("ascii")
    assert "Lincoln" in text
    assert "principal" in text


def test_half_a_character_is_kept_as_it_is(spec_2022: Spec, plan: Submission) -> None:
    odd = edited(plan, "identity", 0, principal="A\ud800B")
    assert [
        item.after for item in changes.changes(spec_2022, kept(spec_2022, plan), kept(spec_2022, odd))
    ] == ["A\ud800B"]


def test_what_was_not_kept_or_is_damaged_is_refused(spec_2022: Spec, plan: Submission) -> None:
    made = kept(spec_2022, plan).data
    other = gzip.compress(b'["something else","2026-11-23","",[]]')
    wrong = (
        b"",
        b"hello",
        made[:40],
        made[:-9],
        made[:-9] + b"123456789",
        other,
        gzip.compress(b"3"),
        gzip.compress(b"{}"),
    )
    for data in wrong:
        with pytest.raises(ValueError, match=r"\w"):
            changes.opened(data)


def test_the_table_has_a_row_a_change_and_no_formula(spec_2022: Spec, plan: Submission) -> None:
    before, after = (edited(plan, "identity", 0, principal=name) for name in ("=1+1", "@you"))
    data = changes.changes_csv(changes.changes(spec_2022, kept(spec_2022, before), kept(spec_2022, after)))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [
        list(changes.COLUMNS),
        [SCHOOL, "Lincoln", "school_plan", "Your school", "", "altered", "Principal", "'=1+1", "'@you",
         "Your school, Principal: from “=1+1” to “@you”"],
    ]  # fmt: skip
