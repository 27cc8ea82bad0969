"""Each check holds exactly the mistake that it is named after, at exactly its cell, and nothing else."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.districts import Example
from tests.support.fill import Answers, cell_of, fill

from plbuild import blank, checks, intake
from plbuild.model import Finding, Place, Roster, RosterRow, Spec, Submission

PLAN = "juniper-ridge"
PLAN_ID = "089910000108"

Change = Callable[[Answers], Any]


@pytest.fixture(scope="module")
def empty_book(cedar_valley: Example) -> bytes:
    """The blank workbook of one school."""
    plan = cedar_valley.spec.owned_by("school")
    owner = cedar_valley.roster.owner(plan, PLAN_ID)
    assert owner is not None
    return blank.separate(cedar_valley.spec, plan, owner, cedar_valley.words)


def submitted(example: Example, book: bytes, change: Change | None = None) -> Submission:
    """The school's plan, changed, as intake reads it from a workbook."""
    answers = copy.deepcopy(example.answers(PLAN))
    if change:
        change(answers)
    data = fill(book, answers, example.spec.owned_by("school"), PLAN_ID)
    (submission,), findings = intake.read(example.spec, "plan.xlsx", data)
    assert findings == ()
    return submission


def test_a_good_plan_has_no_findings(cedar_valley: Example, empty_book: bytes) -> None:
    submission = submitted(cedar_valley, empty_book)
    assert (
        checks.check(
            checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, submission, {}
        )
        == ()
    )


def setter(section: str, name: str, value: object, row: int = 0) -> Change:
    """Sets one answer; None removes it."""

    def change(answers: Answers) -> None:
        target = answers[section] if isinstance(answers[section], dict) else answers[section][row]
        target.pop(name, None)
        if value is not None:
            target[name] = value

    return change


def unpaid(answers: Answers) -> None:
    """Federal money pays for the first action, and no evidence tier is named."""
    answers["actions"][0].pop("evidence_tier", None)
    answers["actions"][0].pop("evidence_citation", None)
    answers["resources"][0] |= {"action": "A1", "funding_source": "Title II-A"}


CASES: list[tuple[str, Change, str, str, int]] = [
    ("required-missing", setter("direction", "mission", None), "direction", "mission", 0),
    ("required-missing", setter("needs", "root_cause", None, 1), "needs", "root_cause", 1),
    ("required-missing-when", unpaid, "actions", "evidence_tier", 0),
    ("not-in-list", setter("objectives", "audience", "Everybody", 1), "objectives", "audience", 1),
    ("wrong-type", setter("actions", "sessions", "about ten", 2), "actions", "sessions", 2),
    ("wrong-type", setter("actions", "sessions", 2.5, 2), "actions", "sessions", 2),
    ("wrong-type", setter("goals", "target_date", "next spring"), "goals", "target_date", 0),
    ("out-of-range", setter("resources", "amount", -5, 1), "resources", "amount", 1),
    ("too-long", setter("goals", "statement", "x" * 1001), "goals", "statement", 0),
    ("wrong-form", setter("identity", "plan_year", "2026/27"), "identity", "plan_year", 0),
    ("wrong-form", setter("identity", "contact_email", "office"), "identity", "contact_email", 0),
    ("broken-reference", setter("objectives", "goal", "G5", 1), "objectives", "goal", 1),
    ("broken-reference", setter("goals", "district_goal", "DG9"), "goals", "district_goal", 0),
    ("end-before-start", setter("actions", "end_date", date(2026, 8, 1), 1), "actions", "end_date", 1),
    ("end-before-start", setter("identity", "end_date", date(2025, 8, 1)), "identity", "end_date", 0),
]


@pytest.mark.parametrize(
    ("code", "change", "section", "name", "row"), CASES, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_mistake_is_one_finding_at_its_cell(
    cedar_valley: Example, empty_book: bytes, code: str, change: Change, section: str, name: str, row: int
) -> None:
    submission = submitted(cedar_valley, empty_book, change)
    found = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, submission, {}
    )
    plan = cedar_valley.spec.owned_by("school")
    sheet, cell = cell_of(empty_book, plan, PLAN_ID, section, name, row)
    assert [(f.where.sheet, f.where.cell, f.where.field, f.code) for f in found] == [
        (sheet, cell, name, code)
    ]
    assert found[0].severity == "error"
    assert found[0].where.label in found[0].message


def test_a_message_says_what_was_entered_what_is_wanted_and_what_to_do(
    cedar_valley: Example, empty_book: bytes
) -> None:
    change = setter("objectives", "audience", "Everybody")
    (found,) = checks.check(
        checks.Rules(cedar_valley.spec),
        cedar_valley.roster,
        cedar_valley.district,
        submitted(cedar_valley, empty_book, change),
        {},
    )
    assert found.entered == "Everybody"
    assert found.message == 'Who will learn: "Everybody" is not in the list.'
    assert found.fix.startswith("Choose one of: Teachers; School leaders; ")


def test_too_few_and_too_many_rows(cedar_valley: Example, empty_book: bytes) -> None:
    def few(answers: Answers) -> None:
        answers["team"] = answers["team"][:2]

    (short,) = checks.check(
        checks.Rules(cedar_valley.spec),
        cedar_valley.roster,
        cedar_valley.district,
        submitted(cedar_valley, empty_book, few),
        {},
    )
    sheet, cell = cell_of(empty_book, cedar_valley.spec.owned_by("school"), PLAN_ID, "team", "name", 2)
    assert (short.code, short.where.sheet, short.where.cell) == ("too-few-rows", sheet, cell)

    submission = submitted(cedar_valley, empty_book)
    needs = submission.sections["needs"]
    many = replace(submission, sections={**submission.sections, "needs": needs[:1] * 9})
    found = next(
        f
        for f in checks.check(
            checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, many, {}
        )
        if f.where.section == "needs"
    )
    assert (found.code, found.where.cell) == ("too-many-rows", needs[0].answers["area"].cell)


def test_a_linked_condition_does_not_hold_without_the_flag(cedar_valley: Example, empty_book: bytes) -> None:
    def local(answers: Answers) -> None:
        unpaid(answers)
        for row in answers["resources"]:
            row["funding_source"] = "Local"

    submission = submitted(cedar_valley, empty_book, local)
    assert (
        checks.check(
            checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, submission, {}
        )
        == ()
    )


def test_references_are_judged_by_the_districts_filled_goals(
    cedar_valley: Example, empty_book: bytes
) -> None:
    submission = submitted(cedar_valley, empty_book)
    goals = submission.sections["goals"]
    foreign = {"district_plan.goals": frozenset({"DG3"})}
    found = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, submission, foreign
    )
    wrong = [
        r.answers["district_goal"].cell for r in goals if r.value("district_goal") not in ("DG3", "None")
    ]
    assert wrong
    assert [(f.code, f.where.cell) for f in found] == [("broken-reference", cell) for cell in wrong]


def test_identity_must_be_the_rosters(cedar_valley: Example, empty_book: bytes) -> None:
    submission = submitted(cedar_valley, empty_book)
    unknown = replace(submission, plan_id="089910009999")
    assert [
        f.code
        for f in checks.check(
            checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, unknown, {}
        )
    ] == ["not-on-roster"]
    roster = cedar_valley.roster
    renamed = tuple(
        RosterRow(id=r.id, name="X", columns={**r.columns, "school": "X"}) if r.id == PLAN_ID else r
        for r in roster.schools
    )
    changed = Roster(district=roster.district, schools=renamed)
    (found,) = checks.check(checks.Rules(cedar_valley.spec), changed, cedar_valley.district, submission, {})
    cell = submission.sections["identity"][0].answers["school_name"].cell
    assert (found.code, found.where.cell) == ("identity-changed", cell)


def of_another_district(submission: Submission) -> Submission:
    """The same plan as a school of district 0812345 would send it."""
    (form,) = submission.sections["identity"]
    number = form.answers["leaid"]._replace(value="0812345", entered="0812345")
    foreign = replace(form, answers={**form.answers, "leaid": number})
    return replace(
        submission, plan_id="081234500001", sections={**submission.sections, "identity": (foreign,)}
    )


def test_another_districts_workbook_is_one_finding(cedar_valley: Example, empty_book: bytes) -> None:
    submission = submitted(cedar_valley, empty_book, setter("direction", "mission", None))
    foreign = of_another_district(submission)
    (found,) = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, foreign, {}
    )
    cell = submission.sections["identity"][0].answers["leaid"].cell
    assert (found.code, found.where.cell, found.entered) == ("other-district", cell, "0812345")
    assert "not of Cedar Valley School District (0899100)" in found.message


def test_a_retyped_district_number_of_a_school_on_the_roster_is_one_finding_at_its_cell(
    cedar_valley: Example, empty_book: bytes
) -> None:
    submission = submitted(cedar_valley, empty_book, setter("direction", "mission", None))
    retyped = replace(of_another_district(submission), plan_id=PLAN_ID)
    found = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, retyped, {}
    )
    assert [f.code for f in found] == ["other-district", "required-missing"]
    (form,) = retyped.sections["identity"]
    short = form.answers["leaid"]._replace(value="899100", entered="899100")
    lost = replace(
        retyped,
        sections={
            **submission.sections,
            "identity": (replace(form, answers={**form.answers, "leaid": short}),),
        },
    )
    found = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, lost, {}
    )
    assert [f.code for f in found] == ["identity-changed", "required-missing"]


def test_another_years_plan_is_an_error_at_its_year(cedar_valley: Example, empty_book: bytes) -> None:
    submission = submitted(cedar_valley, empty_book, setter("identity", "plan_year", "2025-26"))
    (found,) = checks.check(
        checks.Rules(cedar_valley.spec), cedar_valley.roster, cedar_valley.district, submission, {}
    )
    sheet, cell = cell_of(empty_book, cedar_valley.spec.owned_by("school"), PLAN_ID, "identity", "plan_year")
    assert (found.code, found.severity, found.where.sheet, found.where.cell) == (
        "other-plan-year", "error", sheet, cell,
    )  # fmt: skip
    assert "plans for 2026-27 are collected" in found.message


# ------------------------------------------------------------------------- over all submissions


def received(example: Example, submissions: list[Submission], **counts: str) -> checks.Received:
    """What counts of some plans; ``counts`` are the lines of district.yaml, with an ``id`` before the number."""
    home = replace(example.district, counts={key.removeprefix("id"): file for key, file in counts.items()})
    return checks.received(example.spec, example.roster, home, submissions)


def test_copies_that_differ_are_errors_that_name_every_file(cedar_valley: Example, empty_book: bytes) -> None:
    one = replace(submitted(cedar_valley, empty_book), saved=date(2026, 10, 2))
    other = replace(one, file="again.xlsx", digest="2", saved=date(2026, 9, 30))
    third = replace(one, plan_id="089910000101")
    result = received(cedar_valley, [one, third, other])
    assert [(f.code, f.where.file) for f in result.findings] == [
        ("duplicate-submission", "plan.xlsx"),
        ("duplicate-submission", "again.xlsx"),
    ]
    assert result.findings[0].message == (
        "This plan came in more than once: again.xlsx (saved 9/30/2026), plan.xlsx (saved 10/2/2026). "
        "Their answers differ."
    )
    assert result.counted == (one, third, other)
    assert received(cedar_valley, [one, third]).findings == ()
    same_file = received(cedar_valley, [one, replace(one, version="0")]).findings
    assert same_file[0].message.count("plan.xlsx, sheet School and team (saved 10/2/2026)") == 2


@pytest.mark.parametrize(
    ("files", "fix"),
    [
        (
            ("a", "b"),
            "leave only that one in the submissions folder, or name it in district.yaml under counts.",
        ),
        (("a", "a"), "in a, delete the sheets of the others, and save it."),
        (
            ("a", "b", "b"),
            "leave only that one in the submissions folder, or name it in district.yaml under counts. In b, delete "
            "the sheets of the others, and save it.",
        ),
    ],
)
def test_of_copies_in_one_file_the_one_that_counts_is_chosen_among_its_sheets(
    cedar_valley: Example, empty_book: bytes, files: tuple[str, ...], fix: str
) -> None:
    one = submitted(cedar_valley, empty_book)
    copies = [replace(one, file=file, digest=file, version=str(number)) for number, file in enumerate(files)]
    found = received(cedar_valley, copies).findings
    assert {item.fix for item in found} == {f"Choose the one that counts: {fix}"}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("xxx", "Their answers are the same."),
        ("xyx", "The answers are the same in a.xlsx, c.xlsx, and differ in the rest."),
        ("xyz", "Their answers differ."),
    ],
)
def test_of_copies_it_is_said_whether_their_answers_are_the_same_whatever_their_bytes(
    cedar_valley: Example, empty_book: bytes, answers: str, said: str
) -> None:
    one = submitted(cedar_valley, empty_book)
    copies = [replace(one, file=f"{name}.xlsx", digest=name, saved=None) for name in "abc"]
    given = {f"{name}.xlsx": text.encode() for name, text in zip("abc", answers, strict=True)}
    result = checks.received(
        cedar_valley.spec, cedar_valley.roster, cedar_valley.district, copies, lambda item: given[item.file]
    )
    assert {f.message.partition("). ")[2].rpartition("). ")[2] for f in result.findings} == {said}
    assert "a.xlsx (day of saving not known)" in result.findings[0].message


def test_of_the_same_file_sent_twice_one_is_used_and_it_says_so(
    cedar_valley: Example, empty_book: bytes
) -> None:
    one = submitted(cedar_valley, empty_book)
    again, changed = replace(one, file="b.xlsx"), replace(one, file="c.xlsx", digest="2")
    result = received(cedar_valley, [again, one])
    assert [(f.code, f.severity, f.where.file) for f in result.findings] == [
        ("same-file-twice", "note", "plan.xlsx")
    ]
    assert "the same file as b.xlsx" in result.findings[0].message
    assert (result.counted, list(result.passed_by)) == ((again,), [("plan.xlsx", "school_plan", PLAN_ID)])

    result = received(cedar_valley, [again, changed, one])
    assert [(f.code, f.where.file) for f in result.findings] == [
        ("same-file-twice", "plan.xlsx"),
        ("duplicate-submission", "b.xlsx"),
        ("duplicate-submission", "c.xlsx"),
    ]


def test_the_copy_that_the_district_names_counts_and_the_others_are_passed_by(
    cedar_valley: Example, empty_book: bytes
) -> None:
    one = submitted(cedar_valley, empty_book)
    copies = [one, replace(one, file="b.xlsx"), replace(one, file="sub/ñ.xlsx", digest="2")]
    assert received(cedar_valley, copies, **{f"id{PLAN_ID}": "sub\\ñ.xlsx"}).counted == (copies[2],)
    result = received(cedar_valley, copies, **{f"id{PLAN_ID}": "sub/n\u0303.xlsx"})
    assert [(f.code, f.severity, f.where.file) for f in result.findings] == [
        ("superseded", "note", "plan.xlsx"),
        ("superseded", "note", "b.xlsx"),
    ]
    assert result.counted == (copies[2],)
    result = received(cedar_valley, copies, **{f"id{PLAN_ID}": "b.xlsx"})
    assert [(f.code, f.where.file) for f in result.findings] == [
        ("same-file-twice", "plan.xlsx"),
        ("superseded", "sub/ñ.xlsx"),
    ]
    assert result.counted == (copies[1],)
    heard = cedar_valley.spec.finding("plan-empty", result.findings[0].where, owner="x")
    told = cedar_valley.spec.finding("plan-empty", replace(heard.where, file="b.xlsx"), owner="x")
    assert result.heeded([heard, told]) == [told]


def test_a_line_of_counts_whose_file_did_not_come_is_advice(cedar_valley: Example, empty_book: bytes) -> None:
    one = submitted(cedar_valley, empty_book)
    result = received(cedar_valley, [one], **{f"id{PLAN_ID}": "other.xlsx"})
    assert [(f.code, f.severity, f.where, f.entered) for f in result.findings] == [
        ("counts-unknown", "advice", Place(file="district.yaml", plan_id=PLAN_ID), "other.xlsx")
    ]
    assert "Juniper Ridge K-8 School (089910000108)" in result.findings[0].message
    assert result.counted == (one,)
    assert received(cedar_valley, [one], **{f"id{PLAN_ID}": "plan.xlsx"}).findings == ()
    (missing,) = received(cedar_valley, [one], id089910000101="plan.xlsx").findings
    assert (missing.code, missing.where.plan_id) == ("counts-unknown", "089910000101")


def test_missing_plans_are_named_and_exempt_ones_are_not(cedar_valley: Example) -> None:
    spec, roster = cedar_valley.spec, cedar_valley.roster
    plans = [(plan.kind, row.id) for plan in spec.plans for row in roster.owners(plan)]
    received = set(plans) - {("school_plan", PLAN_ID), ("school_plan", "089910000106")}
    found = checks.missing(spec, roster, cedar_valley.district, received, {"089910000106": "closes"})
    assert [(f.code, f.where) for f in found] == [
        ("plan-not-received", Place(kind="school_plan", plan_id=PLAN_ID))
    ]
    assert "Juniper Ridge K-8 School (089910000108)" in found[0].message
    assert "10/16/2026" in found[0].fix


def test_of_a_missing_plan_it_is_said_which_file_came_with_nothing_in_it(
    cedar_valley: Example, empty_book: bytes
) -> None:
    spec, roster = cedar_valley.spec, cedar_valley.roster
    blank = replace(submitted(cedar_valley, empty_book), is_blank=True)
    found = checks.missing(spec, roster, cedar_valley.district, set(), {}, [blank])
    assert {
        item.where.plan_id
        for item in found
        if item.message.endswith("(089910000108). Nothing is filled in in plan.xlsx.")
    } == {PLAN_ID}


def test_an_empty_workbook_is_a_note(cedar_valley: Example, empty_book: bytes) -> None:
    (submission,), _ = intake.read(cedar_valley.spec, "blank.xlsx", empty_book)
    (found,) = checks.empty(cedar_valley.spec, cedar_valley.roster, [submission])
    assert (found.code, found.severity, found.where.file) == ("plan-empty", "note", "blank.xlsx")
    assert checks.empty(cedar_valley.spec, cedar_valley.roster, [submitted(cedar_valley, empty_book)]) == []


def test_exemptions_come_from_the_districts_plan(cedar_valley: Example) -> None:
    spec, plan = cedar_valley.spec, cedar_valley.spec.owned_by("district")
    book = blank.separate(spec, plan, cedar_valley.roster.district, cedar_valley.words)
    answers = {**cedar_valley.answers("district"), "exemptions": [{"ncessch": PLAN_ID, "reason": "Closing."}]}
    data = fill(book, answers, plan, cedar_valley.district.leaid)
    (submission,), _ = intake.read(spec, "district.xlsx", data)
    assert checks.exempt(spec, [submission]) == {PLAN_ID: "Closing."}
    assert checks.check(checks.Rules(spec), cedar_valley.roster, cedar_valley.district, submission, {}) == ()


def test_every_error_code_is_provoked_by_a_test(spec_2022: Spec) -> None:
    """A code without a test that provokes it at its place would be a promise nobody keeps."""
    from tests.support.districts import ROOT

    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    tests += (ROOT / "tests" / "data" / "advice.yaml").read_text(encoding="utf-8")
    missing = [code for code in spec_2022.findings if not re.search(rf'"{code}"|code: {code}\n', tests)]
    assert missing == []


def test_findings_compare_and_print(cedar_valley: Example, empty_book: bytes) -> None:
    change = setter("direction", "mission", None)
    (found,) = checks.check(
        checks.Rules(cedar_valley.spec),
        cedar_valley.roster,
        cedar_valley.district,
        submitted(cedar_valley, empty_book, change),
        {},
    )
    assert isinstance(found, Finding)
    assert str(found.where).startswith("plan.xlsx, sheet School and team, cell ")
