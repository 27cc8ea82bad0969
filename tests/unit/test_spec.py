"""The spec language: what is sound loads, what is not is said with file, line and path, all at once."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from cerberus import SchemaError
from tests.support.districts import TEMPLATES, load_spec

from plbuild import spec as language
from plbuild.model import District, RosterError, Spec, SpecError
from plbuild.spec import judge, shape

PLAN = textwrap.dedent(
    """\
    kind: demo_plan
    version: "1"
    title: Demo
    owner: school
    id_column: ncessch
    name_column: school
    purpose: To try.
    who_fills: You.
    steps:
      - tab: Demo
        sections: [goals]
    sections:
      - name: goals
        title: Goals
        guidance: Write goals.
        shape: table
        id_prefix: G
        min_rows: 1
        max_rows: 3
        stands_for: statement
        fields:
          - {name: statement, label: Goal, help: Write it., type: long_text, required: true}
          - {name: area, label: Area, help: Choose it., type: list, list: area}
    """
)
LISTS = "lists:\n  area: {values: [Mathematics, Science]}\n"
MESSAGES = (TEMPLATES / "messages.yaml").read_text(encoding="utf-8")


def load(plan: str = PLAN, lists: str = LISTS, messages: str = MESSAGES, profile: str | None = None) -> Spec:
    """A spec of one small plan."""
    texts = {"demo.yaml": plan, "lists.yaml": lists, "messages.yaml": messages}
    chosen = ("profiles/state.yaml", profile) if profile else None
    return language.load(texts, standards_set="2022", profile=chosen)


def test_the_digest_tells_which_standards_the_district_chose() -> None:
    one, other = (load_spec(chosen).digest for chosen in ("2011", "2022"))
    assert one != other
    assert load_spec("2011").digest == one


def problems(**texts: str) -> list[str]:
    """What loading complains of."""
    with pytest.raises(SpecError) as caught:
        load(**texts)
    return list(caught.value.problems)


def test_a_sound_spec_loads() -> None:
    section = load().plan("demo_plan").section("goals")
    assert [item.name for item in section.fields] == ["statement", "area"]
    assert (section.rows, section.max_rows, section.field("statement").max_length) == (3, 3, 1000)


def test_the_projects_own_spec_declares_the_whole_plan_model(spec_2022: Spec, spec_2011: Spec) -> None:
    counts = {
        plan.kind: (len(plan.sections), sum(len(s.fields) for s in plan.sections)) for plan in spec_2022.plans
    }
    assert counts == {"school_plan": (18, 124), "district_plan": (19, 119)}
    assert len(spec_2022.lists["standards"].choices) == 11
    assert len(spec_2011.lists["standards"].choices) == 7
    assert spec_2022.lists["funding_source"].flagged("federal") == (
        "Title I-A", "Section 1003", "Title II-A", "Title III-A", "Title IV-A", "IDEA-B",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: demo_plan\n", "", "demo.yaml, line 1, kind: this key is missing."),
        ("owner: school", "owner: state", "demo.yaml, line 4, owner: 'state' is not one of school, district."),
        ("shape: table", "shape: grid", "demo.yaml, line 16, sections[0].shape: 'grid' is not one of form, table."),
        ("max_rows: 3", "max_rows: 0", "demo.yaml, line 19, sections[0].max_rows: 0 is below 1."),
        ("tab: Demo", "tab: a/b", "demo.yaml, line 10, steps[0].tab: 'a/b' cannot stand here; the name of a tab has none of : \\ / ? * [ ] in it."),
        ("title: Goals", "titel: Goals", "demo.yaml, line 14, sections[0].titel: this key is not known here."),
        ("sections: [goals]", "sections: [needs]", "demo.yaml, line 9, steps: there is no section needs."),
        ("sections: [goals]", "sections: [goals, goals]", "demo.yaml, line 9, steps: the section goals stands here twice."),
        ("stands_for: statement", "stands_for: text", "demo.yaml, line 20, sections[0].stands_for: there is no field text in goals."),
        ("list: area}", "list: areas}", "demo.yaml, line 23, sections[0].fields[1]: there is no list areas."),
        ("name: area", "name: statement", "demo.yaml, line 21, sections[0].fields: the field statement stands here twice."),
        ("name: area", "name: id", "demo.yaml, line 23, sections[0].fields[1]: the name id is the workbook's own."),
        ("type: list, list: area", "type: ref, refs: [needs]", "demo.yaml, line 23, sections[0].fields[1]: there is no section needs to refer to."),
        ("min_rows: 1", "min_rows: 5", "demo.yaml, line 13, sections[0]: min_rows 5 is above max_rows 3."),
        ("list: area}", "list: area, required_when: [{filled: text}], required_says: x}",
         "demo.yaml, line 23, sections[0].fields[1]: there is no field text in goals."),
        ("list: area}", "list: area, pattern: '(', pattern_says: x}",
         "demo.yaml, line 23, sections[0].fields[1].pattern: '(' is not a regular expression: missing ), unterminated subpattern at position 0."),
        ("type: list, list: area", "type: decimal, unit_field: unit", "demo.yaml, line 23, sections[0].fields[1]: there is no field unit in goals."),
        ("type: list, list: area", "type: decimal, unit_field: statement", "demo.yaml, line 23, sections[0].fields[1]: no value of goals.statement carries percent."),
        ("list: area}", "list: area, unit_field: area}", "demo.yaml, line 23, sections[0].fields[1]: `unit_field` goes with a number that has no `unit` of its own."),
        ("kind: demo_plan\n", "kind: demo_plan\ndate_orders: [day-year-month]\n",
         "demo.yaml, line 2, date_orders[0]: 'day-year-month' is not one of month-day-year, year-month-day, day-month-year."),
        ("list: area}", "list: area, equals: due_date}",
         "demo.yaml, line 23, sections[0].fields[1].equals: 'due_date' is not one of plan_year, leaid, name."),
        ("list: area}", "list: area, prefilled: school, carries_over: true}",
         "demo.yaml, line 23, sections[0].fields[1].carries_over: this cannot stand beside prefilled."),
        ("stands_for: statement", "carries_over_when: [{field: identity.plan_term, in: [2 years]}]",
         "demo.yaml, line 20, sections[0].carries_over_when: there is no field identity.plan_term in a form."),
        ("stands_for: statement", "carries_over: true\n    carries_over_when: [{field: a.b, in: [c]}]",
         "demo.yaml, line 20, sections[0].carries_over: this cannot stand beside carries_over_when."),
        ("kind: demo_plan\n", "kind: demo_plan\nkind: other\n", "demo.yaml, line 2, kind: this key stands here twice."),
        ("kind: demo_plan\n", "kind: [\n", "demo.yaml, line 3: a bracket or a brace is opened and not closed, or a comma is missing."),
    ],
)  # fmt: skip
def test_a_problem_is_said_with_file_line_and_path(old: str, new: str, said: str) -> None:
    assert old in PLAN
    assert said in problems(plan=PLAN.replace(old, new))


def test_a_field_says_for_itself_or_its_section_for_it_whether_it_carries_over() -> None:
    def carried(plan: str) -> list[bool]:
        return [item.carries_over for item in load(plan).plan("demo_plan").section("goals").fields]

    whole = PLAN.replace("stands_for: statement", "stands_for: statement\n    carries_over: true")
    assert carried(PLAN) == [False, False]
    assert carried(whole) == [True, True]
    assert carried(whole.replace("list: area}", "list: area, carries_over: false}")) == [True, False]
    assert carried(PLAN.replace("list: area}", "list: area, carries_over: true}")) == [False, True]
    assert carried(whole.replace("list: area}", "list: area, prefilled: school}")) == [True, False]


def test_an_error_that_is_never_waived_must_be_there() -> None:
    messages = MESSAGES.replace("never_waived:\n", "never_waived:\n  - no-such-code\n")
    assert problems(messages=messages)[0].endswith("never_waived[0]: there is no finding no-such-code.")


def test_all_problems_are_said_at_once() -> None:
    plan = PLAN.replace("owner: school", "owner: state").replace("shape: table", "shape: grid")
    assert len(problems(plan=plan)) == 2


def test_a_list_without_the_chosen_set_is_said() -> None:
    lists = 'lists:\n  area:\n    chosen_by: standards_set\n    sets: {"1999": {title: x, values: [A]}}\n'
    assert problems(lists=lists) == ['standards_set: 2022 is no set of the list area; write "1999".']


def test_a_profile_relabels_hides_requires_and_extends() -> None:
    profile = """\
name: A state
fields:
  demo_plan.goals.statement: {label: Outcome}
  demo_plan.goals.area: {required: true}
lists:
  area: {add: [Arts], hide: [Science], relabel: {Mathematics: Math}}
"""
    changed = load(profile=profile)
    section = changed.plan("demo_plan").section("goals")
    assert (section.field("statement").label, section.field("area").required) == ("Outcome", True)
    assert changed.lists["area"].values == ("Math", "Arts")
    hidden = load(profile="name: A\nfields: {demo_plan.goals.area: {hide: true}}\n")
    assert [item.name for item in hidden.plan("demo_plan").section("goals").fields] == ["statement"]


def test_the_orders_of_a_date_are_those_of_the_united_states_and_of_iso_unless_said() -> None:
    assert load().plan("demo_plan").date_orders == ("month-day-year", "year-month-day")
    other = PLAN.replace("owner: school", "owner: school\ndate_orders: [day-month-year]")
    assert load(plan=other).plan("demo_plan").date_orders == ("day-month-year",)


def test_a_number_names_the_field_of_its_unit_until_a_profile_hides_that() -> None:
    number = "      - {name: value, label: Now, help: Write it., type: decimal, unit_field: area}\n"
    lists = "lists:\n  area: {values: [{value: Percent, percent: true}, Score]}\n"
    section = load(plan=PLAN + number, lists=lists).plan("demo_plan").section("goals")
    assert section.field("value").unit_field == "area"
    profile = "name: A\nfields: {demo_plan.goals.area: {hide: true}}\n"
    section = load(plan=PLAN + number, lists=lists, profile=profile).plan("demo_plan").section("goals")
    assert section.field("value").unit_field == ""


def test_the_words_of_a_templates_fault_are_filled_in_or_said() -> None:
    messages = MESSAGES.replace('"Write {sign} at its end."', '"Write {sgin} at its {end."', 1)
    messages = messages.replace('"A tag is opened and not closed in its paragraph."', '"{what} {nearest}"')
    assert [text.partition(", ")[2].partition(", ")[2] for text in problems(messages=messages)] == [
        "templates.tag-unclosed.message: nothing fills in {what}.",
        "templates.tag-unclosed.fix: a brace is wrong: expected '}' before end of string.",
    ]


def test_a_profile_that_names_nothing_known_is_said() -> None:
    found = problems(profile="name: A\nfields: {demo_plan.goals.x: {hide: true}}\nlists: {y: {hide: [z]}}\n")
    assert found == [
        "profiles/state.yaml, line 2, fields.demo_plan.goals.x: there is no field demo_plan.goals.x (kind.section.field).",
        "profiles/state.yaml, line 3, lists.y: there is no list y.",
    ]


def test_every_phrase_and_finding_is_used_somewhere(spec_2022: Spec) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES.parent / "src").rglob("*.py"))
    unused = [
        key
        for key in (*spec_2022.phrases, *spec_2022.findings, *spec_2022.template_faults)
        if not re.search(rf"""["']{key}["']""", source)
    ]
    assert unused == []


# ------------------------------------------------------------------------ district.yaml, roster.csv

HOME = """\
name: Demo District
leaid: "0800001"
plan_year: 2026-27
due_date: 2026-10-16
standards_set: "2022"
"""
HEAD = "leaid,ncessch,school,grade_low,grade_high,enrollment,teachers_fte\n"


def demo_district() -> District:
    """A sound district."""
    return language.district("district.yaml", HOME)


def test_district_yaml_is_read() -> None:
    assert (demo_district().leaid, demo_district().due_date) == ("0800001", date(2026, 10, 16))


def test_district_yaml_says_every_problem() -> None:
    text = HOME.replace('"0800001"', "800001").replace("2026-10-16", "soon")
    assert complaints(text) == [
        "district.yaml, line 2, leaid: '800001' cannot stand here; write the 7 digits of the district's NCES number "
        'between straight quotation marks, "0800001".',
        "district.yaml, line 4, due_date: 'soon' is no date; write year-month-day, for example 2026-10-31.",
    ]


def complaints(text: str) -> list[str]:
    """What reading a district.yaml complains of."""
    with pytest.raises(SpecError) as caught:
        language.district("district.yaml", text)
    return list(caught.value.problems)


def test_what_was_typed_without_quotation_marks_is_taken_as_it_was_typed() -> None:
    # To YAML these are the numbers 32768, 2022 and 65, and the answer True.
    text = HOME.replace('"0800001"', "0100000").replace('"2022"', "2022") + "contact: yes\n"
    found = language.district("district.yaml", text + "counts: {0101: a.xlsx}\n")
    assert (found.leaid, found.standards_set, found.contact) == ("0100000", "2022", "yes")
    assert found.counts == {"0101": "a.xlsx"}


_UNEVEN = (
    "this line does not fit those above it. Begin lines of one group equally far to the right, with spaces."
)
_COLON = (
    "a colon is not expected here. In this line and the one above it, put a space after the colon of the key, "
    "begin both equally far to the right, and put a value that holds a colon between quotation marks."
)
_WAIVER = "waivers:\n  - plan: a\n    code: b\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0800001"', '"0800001', "line 2: a quotation mark is missing at the end of this value."),
        ('"0800001"', "'0800001  # a number", "line 2: a quotation mark is missing at the end of this value."),
        ('"2022"', '"2022', "line 5: a quotation mark is missing at the end of this value."),
        ("plan_year", "\tplan_year", "line 3: a tab stands here; type spaces in its place."),
        ("plan_year", "  plan_year", f"line 3: {_UNEVEN}"),
        ("name: Demo", "  name: Demo", f"line 2: {_UNEVEN}"),
        ("name: Demo", "name: West: Demo", f"line 1: {_COLON}"),
        ("name: Demo", "name:Demo", f"line 2: {_COLON}"),
        ("name: Demo", "name: @Demo", "line 1: a value cannot begin with this character, unless it stands between quotation marks."),
        ("name: Demo", "name: *Demo", "line 1: a value that begins with * must stand between quotation marks."),
        ("name: Demo", "name: [Demo", "line 2: a bracket or a brace is opened and not closed, or a comma is missing."),
        ("name: Demo", "name: Demo\x07", "line 1: a character stands here that no text holds; delete it."),
        ("name: Demo", 'name: "De\\mo"', "line 1: a backslash cannot stand between these quotation marks; write / in its place."),
        ("name: Demo", f"{_WAIVER}   field: c\nname: Demo", f"line 4: {_UNEVEN}"),
        ("name: Demo District", "name: Demo District #5", "line 1: what follows # is left out. Put the value between quotation marks, if # belongs to it; if it is a remark, put a space after #."),
        ("2026-10-16", "2026-13-16", "line 4, due_date: '2026-13-16' is no date; write year-month-day, for example 2026-10-31."),
        ("2026-27", "2026", "line 3, plan_year: '2026' cannot stand here; write the two years of the school year, for example 2026-27."),
        ("name: Demo District", "name: {a: b}", "line 1, name: what stands here is no text; put it between quotation marks."),
        ("name: Demo", "waivers: [x]\nname: Demo", "line 1, waivers[0]: 'x' has no keys; write them below, one a line, each with a colon, a space and its value."),
        (HOME, "", "line 1, top level: write keys here, one a line, each with a colon, a space and its value."),
    ],
)  # fmt: skip
def test_a_slip_in_district_yaml_is_said_in_plain_words_at_its_line(old: str, new: str, said: str) -> None:
    assert complaints(HOME.replace(old, new, 1)) == [f"district.yaml, {said}"]


@pytest.mark.parametrize("text", ["a: " + "[" * 20_000, "waivers: &a [*a]", "name: !!int x"])
def test_what_cannot_be_taken_apart_is_said(text: str) -> None:
    assert [item.partition(", ")[0] for item in complaints(text)] == [
        "district.yaml: not valid YAML: it is nested without end"
    ]


def test_a_remark_after_a_value_and_a_sign_between_quotation_marks_are_as_meant() -> None:
    text = HOME.replace("Demo District", '"District #5"  #ours').replace("2026-27", "2026-27  # this year")
    assert language.district("district.yaml", text).name == "District #5"


def test_a_key_that_stands_in_for_one_that_is_merged_does_not_stand_twice() -> None:
    merged = PLAN + "date_orders: [month-day-year]\nexempts: {<<: {section: a, id: b, reason: c}, id: d}\n"
    assert not any("stands here twice" in item for item in problems(plan=merged))


def test_a_date_that_is_none_is_a_text_in_a_spec_too() -> None:
    assert (
        load(PLAN.replace("label: Area", "label: 2026-13-16")).plans[0].sections[0].fields[1].label
        == "2026-13-16"
    )


def test_every_form_that_a_text_may_need_has_words() -> None:
    schemas = (shape.PLAN, shape.LISTS, shape.MESSAGES, shape.ADVICE, shape.PROFILE, shape.DISTRICT)
    forms = {pattern for schema in schemas for pattern in _regexes(schema)}
    assert len(forms) > 4
    assert forms == set(judge.FORMS)


def _regexes(schema: object) -> Iterator[str]:
    """The patterns anywhere in a schema of Cerberus."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "regex" and isinstance(value, str):
                yield value
            yield from _regexes(value)
    elif isinstance(schema, list | tuple):
        for item in schema:
            yield from _regexes(item)


def test_the_roster_keeps_codes_as_text_and_sums_the_district() -> None:
    rows = '0800001,080000100001,"A, School",KG,05,1200,10.5\n0800001,080000100002,B,06,08,,4\n'
    roster = language.roster("roster.csv", "\ufeff" + HEAD + rows, demo_district())
    assert [(row.id, row.name) for row in roster.schools] == [
        ("080000100001", "A, School"),
        ("080000100002", "B"),
    ]
    assert roster.schools[1].columns["enrollment"] is None
    totals = roster.district.columns
    assert (totals["schools"], totals["enrollment"], totals["teachers_fte"]) == (2, 1200, Decimal("14.5"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("0800001,80000100001,A,KG,05,1,1", "ncessch '80000100001' is not 12 digits"),
        (
            "0800002,080000100001,A,KG,05,1,1",
            "leaid 0800002 is not this district's 0800001 (leaid in district.yaml).",
        ),
        ("0800001,080000100001,,KG,05,1,1", "the school's name is missing."),
        (
            "0800001,080000100001,A,KG,05,many,1",
            "enrollment 'many' is not a number; write it as 1204 or 10.5.",
        ),
        (
            '0800001,080000100001,A,KG,05,400,"10,5"',
            "teachers_fte '10,5' is not a number; write it as 1204 or 10.5.",
        ),
    ],
)
def test_a_wrong_roster_row_is_said_at_its_line(row: str, said: str) -> None:
    with pytest.raises(RosterError) as caught:
        language.roster("roster.csv", f"{HEAD}{row}\n", demo_district())
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"roster.csv, line 2: {said}")


def test_a_school_that_stands_twice_or_a_missing_column_is_said() -> None:
    row = "0800001,080000100001,A,KG,05,1,1\n"
    with pytest.raises(RosterError, match="ncessch 080000100001 stands already on line 2"):
        language.roster("roster.csv", HEAD + row + row, demo_district())
    with pytest.raises(RosterError, match="line 1: the column ncessch is missing"):
        language.roster("roster.csv", HEAD.replace("ncessch,", "") + row, demo_district())
    with pytest.raises(RosterError, match="line 1: the column leaid, ncessch, school"):
        language.roster("roster.csv", "x" * 200_000, demo_district())
    with pytest.raises(RosterError, match="no school is listed"):
        language.roster("roster.csv", HEAD, demo_district())


def test_blank_rows_of_the_roster_and_those_that_explain_its_columns_are_passed_by() -> None:
    row = "0800001,080000100001,A,KG,05,1,1\n"
    found = language.roster(
        "roster.csv", f"{HEAD}# 7 digits,12 digits,,,,,\n,,,,,,\n{row},,, ,,,\n", demo_district()
    )
    assert found == language.roster("roster.csv", HEAD + row, demo_district())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('{0},"A,KG,05,1,1\n{1},B,KG,05,1,1\n', "line 2: a quotation mark is not closed here, or stands within a value"),
        ('{0},A,KG,05,1,1\n{1},"B" C,KG,05,1,1\n', "line 3: a quotation mark is not closed here, or stands within a value"),
        ('{0},A,KG,05,1,1\n{1},"B,KG,05,1,1\n{2},C",KG,05,1,1\n', "line 3: school goes on over several lines;"),
        ('{0},"' + "A" * 200_000 + "\n", "line 2: a quotation mark is not closed here"),
    ],
    ids=["not closed", "within a value", "two that are one too many", "very long"],
)  # fmt: skip
def test_a_quotation_mark_that_would_swallow_schools_is_said(rows: str, said: str) -> None:
    text = HEAD + rows.format(*(f"0800001,08000010000{number}" for number in range(3)))
    with pytest.raises(RosterError) as caught:
        language.roster("roster.csv", text, demo_district())
    assert [item.startswith(f"roster.csv, {said}") for item in caught.value.problems] == [True]
    with pytest.raises(RosterError, match="line 1: a quotation mark is not closed here"):
        language.roster("roster.csv", HEAD.replace("\n", ',"notes\n') + text, demo_district())


def test_of_very_many_problems_the_first_are_shown() -> None:
    rows = "".join(f"0800001,{number},A,KG,05,1,1\n" for number in range(1000))
    with pytest.raises(RosterError) as caught:
        language.roster("roster.csv", HEAD + rows, demo_district())
    assert len(caught.value.problems) == 1000
    assert str(caught.value).splitlines()[-1] == "… and 960 more. Mend these first."
    assert len(str(caught.value).splitlines()) == 41


def test_the_rules_of_advice_are_read_and_a_profile_changes_some(spec_2022: Spec) -> None:
    assert spec_2022.advice.numbers["contact_hours"] == 14
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
    profile = (
        "name: A\nadvice: {numbers: {contact_hours: 20}, words: {costs: [fee]}, weights: {only-events: 0}}\n"
    )
    changed = language.load(texts, standards_set="2022", profile=("a.yaml", profile)).advice
    assert changed.numbers == {**spec_2022.advice.numbers, "contact_hours": Decimal(20)}
    assert changed.words == {**spec_2022.advice.words, "costs": ("fee",)}
    assert changed.weights == {**spec_2022.advice.weights, "only-events": 0}


@pytest.mark.parametrize(
    ("advice", "problem"),
    [
        ("numbers: {hours: 20}", "a.yaml, line 2, advice.numbers.hours: this key is not known here."),
        ("weights: {no-such: 1}", "a.yaml, line 2, advice.weights.no-such: there is no advice no-such."),
        (
            "weights: {wrong-type: 1}",
            "a.yaml, line 2, advice.weights.wrong-type: there is no advice wrong-type.",
        ),
    ],
)
def test_a_profile_that_names_no_rule_of_advice_is_said_with_its_line(advice: str, problem: str) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
    with pytest.raises(SpecError) as caught:
        language.load(texts, standards_set="2022", profile=("a.yaml", f"name: A\nadvice: {{{advice}}}\n"))
    assert caught.value.problems == (problem,)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_roster_of_another_countrys_excel_is_read(mark: str) -> None:
    row = "0800001,080000100001,A School,KG,5,100,8\n"
    head = "leaid,ncessch,school,grade_low,grade_high,enrollment,teachers_fte\n"
    found = language.roster("roster.csv", (head + row).replace(",", mark), demo_district())
    assert found == language.roster("roster.csv", head + row, demo_district())


def test_a_grade_that_is_none_is_told_with_its_line_and_remedy() -> None:
    head = "leaid,ncessch,school,grade_low,grade_high,enrollment,teachers_fte\n"
    with pytest.raises(RosterError) as caught:
        language.roster(
            "roster.csv", f"{head}0800001,080000100001,A School,first,12,100,8\n", demo_district()
        )
    assert caught.value.problems == (
        "roster.csv, line 2: grade_low 'first' is no grade; write PK, KG, 01 to 13, UG (ungraded) or AE "
        "(adult education).",
    )


@pytest.mark.parametrize("name", ["ADVICE", "DISTRICT", "LISTS", "MESSAGES", "PLAN", "PROFILE"])
def test_a_shape_is_a_schema_of_cerberus(name: str) -> None:
    """Builds take it as it is; Cerberus raises SchemaError where it is none."""
    judge.ShapeValidator(getattr(shape, name))
    with pytest.raises(SchemaError):
        judge.ShapeValidator({**getattr(shape, name), "field": {"typ": "string"}})
