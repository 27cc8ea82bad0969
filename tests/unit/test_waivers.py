"""Waivers: what they let through, what they leave, and that one that does nothing is told of."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.support.districts import EXAMPLES, ROOT, Example

from plbuild import pipeline
from plbuild.model import Finding, Place, Spec, SpecError, Waiver
from plbuild.pipeline import Folders, Report, SerialExecutor, files, offices, waivers

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
AS_OF = date(2026, 11, 23)
RIVERSIDE = "099920000202"
WAIVER = Waiver(
    plan=RIVERSIDE,
    code="required-missing",
    field="goals.measure",
    approved_by="J. Ott, superintendent",
    why="The new test starts in spring.",
    until=AS_OF,
)


def finding(
    example: Example, code: str = "required-missing", section: str = "goals", name: str = "measure"
) -> Finding:
    """An error of Riverside's plan."""
    item = example.spec.owned_by("school").section(section).field(name)
    place = Place(
        file="a.xlsx", kind="school_plan", plan_id=RIVERSIDE, section=section, field=name, label=item.label
    )
    words = {"help": "x", "entered": "x", "wanted": "x", "targets": "x", "earlier": "x", "earlier_label": "x"}
    return example.spec.finding(code, place, **words)


def let_through(
    example: Example, findings: list[Finding], *given: Waiver, as_of: date = AS_OF
) -> list[Finding]:
    """The findings after the waivers."""
    home = replace(example.district, waivers=given)
    return waivers.let_through(example.spec, example.roster, home, findings, as_of)


def test_a_waived_error_is_a_note_under_its_code_that_says_who_why_and_until_when(
    maple_ridge: Example,
) -> None:
    before = finding(maple_ridge)
    (after,) = let_through(maple_ridge, [before], WAIVER)
    assert (after.code, after.severity, after.where, after.waiver) == (
        "required-missing", "note", before.where, WAIVER,
    )  # fmt: skip
    assert after.message == (
        "Measured by is missing. Let through: The new test starts in spring "
        "(approved by J. Ott, superintendent, until 11/23/2026)."
    )
    assert after.fix == "Nothing to do until 11/23/2026. After that: Fill it in. x"


@pytest.mark.parametrize(
    "other",
    [
        {"section": "goals", "name": "statement"},
        {"section": "needs", "name": "finding"},
        {"code": "broken-reference"},
    ],
)
def test_a_waiver_lets_through_what_it_names_and_no_more(maple_ridge: Example, other: dict[str, str]) -> None:
    before = finding(maple_ridge, **other)
    after, unused = let_through(maple_ridge, [before], WAIVER)
    assert after == before
    assert unused.code == "waiver-unused"


@pytest.mark.parametrize("field", ["", "goals", "goals.measure"])
def test_a_waiver_may_name_a_field_a_section_or_the_whole_plan(maple_ridge: Example, field: str) -> None:
    (after,) = let_through(maple_ridge, [finding(maple_ridge)], replace(WAIVER, field=field))
    assert after.severity == "note"
    another = replace(finding(maple_ridge), where=replace(finding(maple_ridge).where, plan_id="1"))
    assert let_through(maple_ridge, [another], replace(WAIVER, field=field))[0] == another


def test_advice_and_notes_are_left_alone(maple_ridge: Example) -> None:
    before = replace(finding(maple_ridge), severity="advice")
    assert let_through(maple_ridge, [before], WAIVER)[0] == before


def test_a_waiver_that_ran_out_lets_nothing_through_and_is_told_of(maple_ridge: Example) -> None:
    before = finding(maple_ridge)
    after, expired = let_through(maple_ridge, [before], WAIVER, as_of=date(2026, 11, 24))
    assert after == before
    assert (expired.code, expired.severity) == ("waiver-expired", "advice")
    assert expired.where == Place(
        file="district.yaml", plan_id=RIVERSIDE, section="goals", section_title="Student goals",
        field="measure", label="Measured by",
    )  # fmt: skip
    assert expired.message == (
        "The waiver of required-missing in goals.measure for Riverside Middle School (099920000202) "
        "ran out on 11/23/2026 and lets nothing through."
    )


def test_a_waiver_that_finds_nothing_is_told_of_and_so_is_the_second_of_two(maple_ridge: Example) -> None:
    (unused,) = let_through(maple_ridge, [], replace(WAIVER, field=""))
    assert (unused.code, unused.severity, unused.where) == (
        "waiver-unused", "advice", Place(file="district.yaml", plan_id=RIVERSIDE),
    )  # fmt: skip
    assert "The waiver of required-missing for Riverside" in unused.message
    wide = replace(WAIVER, field="goals")
    after, second = let_through(maple_ridge, [finding(maple_ridge)], WAIVER, wide)
    assert (after.waiver, second.code, second.where.field) == (WAIVER, "waiver-unused", "")


# ------------------------------------------------------------------------------- in a whole build

CODES = ("required-missing", "not-in-list", "end-before-start", "broken-reference")


def build(tmp_path: Path, lines: str, as_of: date = AS_OF) -> tuple[Report, Path]:
    """Maple Ridge with lines added to its district.yaml."""
    folder, out = tmp_path / "maple-ridge", tmp_path / "out"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    with (folder / "district.yaml").open("a", encoding="utf-8") as file:
        file.write(lines)
    return pipeline.build(folder, FOLDERS, out, SerialExecutor(), as_of, lambda _: None), out


def lines_for(*codes: str) -> str:
    """A waiver for each code, as in district.yaml."""
    entry = '  - {{plan: "{}", code: {}, approved_by: J. Ott, why: It is agreed, until: 2026-12-01}}\n'
    return "waivers:\n" + "".join(entry.format(RIVERSIDE, code) for code in codes)


def test_a_plan_whose_errors_are_all_waived_is_built_and_says_so_everywhere(tmp_path: Path) -> None:
    report, out = build(tmp_path, lines_for(*CODES))
    assert report.faults == ()
    status = next(item for item in report.statuses if item.owner.id == RIVERSIDE)
    assert (status.state, status.errors, status.waived) == ("accepted", 0, 4)
    assert (out / "plans" / "schools" / f"riverside-middle-school-{RIVERSIDE}.docx").exists()
    said = "Let through by waivers in district.yaml: Riverside Middle School (099920000202), 4 errors."
    assert said in report.text()

    rows = list(csv.DictReader(io.StringIO((out / "findings.csv").read_text(encoding="utf-8-sig"))))
    waived = [row for row in rows if "Let through: It is agreed (approved by J. Ott" in row["message"]]
    assert {(row["severity"], row["code"]) for row in waived} == {("note", code) for code in CODES}

    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["state"] for entry in manifest["waivers"]] == ["used"] * 4
    assert manifest["waivers"][0] == {
        "plan": RIVERSIDE, "code": "required-missing", "field": "", "approved_by": "J. Ott",
        "why": "It is agreed", "until": "2026-12-01", "state": "used",
        "let_through": [{"file": "Riverside plan.xlsx", "sheet": "Goals", "cell": waived_cell(rows)}],
    }  # fmt: skip
    assert next(entry["waived"] for entry in manifest["plans"] if entry["id"] == RIVERSIDE) == 4
    table = io.StringIO((out / "data" / "status.csv").read_text(encoding="utf-8-sig"))
    assert {row["id"]: row["waived"] for row in csv.DictReader(table)}[RIVERSIDE] == "4"


def waived_cell(rows: list[dict[str, str]]) -> str:
    """The cell of the missing answer."""
    return next(row["cell"] for row in rows if row["code"] == "required-missing")


def test_one_error_without_a_waiver_holds_the_plan(tmp_path: Path) -> None:
    report, out = build(tmp_path, lines_for(*CODES[:3]))
    status = next(item for item in report.statuses if item.owner.id == RIVERSIDE)
    assert (status.state, status.errors, status.waived) == ("held", 1, 3)
    assert not (out / "plans" / "schools" / f"riverside-middle-school-{RIVERSIDE}.docx").exists()


def test_the_day_after_its_last_a_waiver_holds_nothing_off(tmp_path: Path) -> None:
    report, out = build(tmp_path, lines_for(*CODES), date(2026, 12, 2))
    status = next(item for item in report.statuses if item.owner.id == RIVERSIDE)
    assert (status.state, status.errors, status.waived) == ("held", 4, 0)
    assert [f.code for f in report.findings if f.where.file == "district.yaml"] == ["waiver-expired"] * 4
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["state"] for entry in manifest["waivers"]] == ["expired"] * 4


def problems(tmp_path: Path, lines: str) -> list[str]:
    """What is said of district.yaml with these lines at its end."""
    folder = tmp_path / "maple-ridge"
    shutil.copytree(EXAMPLES / "maple-ridge", folder, ignore=shutil.ignore_patterns("submissions"))
    with (folder / "district.yaml").open("a", encoding="utf-8") as file:
        file.write(lines)
    with pytest.raises(SpecError) as caught:
        files.read_inputs(folder, FOLDERS)
    return list(caught.value.problems)


def test_what_a_waiver_names_must_be_there(tmp_path: Path, spec_2011: Spec) -> None:
    lines = """\
waivers:
  - plan: "099920000299"
    code: required-missing
    approved_by: J. Ott
    why: It is agreed.
    until: 2026-12-01
  - {plan: "0999200", code: requird, approved_by: J. Ott, why: x, until: 2026-12-01}
  - {plan: "0999200", code: plan-empty, approved_by: J. Ott, why: x, until: 2026-12-01}
  - {plan: "0999200", code: duplicate-submission, approved_by: J. Ott, why: x, until: 2026-12-01}
  - {plan: "0999200", code: required-missing, field: identity.mission, approved_by: J. Ott, why: x, until: 2026-12-01}
  - {plan: "0999200", code: required-missing, field: beliefs, approved_by: J. Ott, why: x, until: 2026-12-01}
counts: {"099920000203": a.xlsx, "099920000298": b.xlsx}
"""
    found = problems(tmp_path, lines)
    nobody = "no plan is owed by '{}'; roster.csv names the schools, leaid the district."
    assert found == [
        f"district.yaml, line 10, waivers[0].plan: {nobody.format('099920000299')}",
        "district.yaml, line 15, waivers[1].code: there is no finding requird; findings.csv names the code of each.",
        "district.yaml, line 16, waivers[2].code: plan-empty holds no plan back and needs no waiver.",
        "district.yaml, line 17, waivers[3].code: duplicate-submission can never be waived: no plan could count with it.",
        "district.yaml, line 18, waivers[4].field: there is no section or field identity.mission in this plan; there are "
        f"{', '.join(part.name for part in spec_2011.owned_by('district').sections)}.",
        f"district.yaml, line 20, counts.099920000298: {nobody.format('099920000298')}",
    ]


def test_a_waiver_needs_all_its_parts(tmp_path: Path) -> None:
    found = problems(tmp_path, f'waivers: [{{plan: "{RIVERSIDE}", code: required-missing, until: soon}}]\n')
    assert found == [
        "district.yaml, line 9, waivers[0].approved_by: this key is missing.",
        "district.yaml, line 9, waivers[0].until: 'soon' is no date; write year-month-day, for example 2026-10-31.",
        "district.yaml, line 9, waivers[0].why: this key is missing.",
    ]


def test_the_readme_shows_waivers_and_counts_that_can_be_used(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = [text.split("```")[0] for text in readme.split("```yaml\n") if text.startswith("waivers:")]
    folder = tmp_path / "cedar-valley"
    shutil.copytree(EXAMPLES / "cedar-valley", folder, ignore=shutil.ignore_patterns("submissions"))
    with (folder / "district.yaml").open("a", encoding="utf-8") as file:
        file.write(shown)
    home = files.read_inputs(folder, FOLDERS).district
    assert (len(home.waivers), list(home.counts)) == (1, ["089910000102"])


def test_the_starter_shows_a_waiver_a_dismissal_and_counts_that_can_be_used(tmp_path: Path) -> None:
    offices.new(tmp_path / "d")
    text = (tmp_path / "d" / "district.yaml").read_text(encoding="utf-8")
    used = ("# waivers", "# dismissed", "# counts", "#   ")
    lines = [line.removeprefix("# ") if line.startswith(used) else line for line in text.splitlines()]
    (tmp_path / "d" / "district.yaml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "d" / "roster.csv").write_text(
        "leaid,ncessch,school,grade_low,grade_high,enrollment,teachers_fte\n"
        "0000000,000000000001,A School,KG,05,100,8\n",
        encoding="utf-8",
    )
    inputs = files.read_inputs(tmp_path / "d", FOLDERS)
    assert inputs.district.waivers[0].field == "goals.measure"
    assert inputs.district.dismissed[0].field == "actions.hours_per_person"
    assert inputs.district.counts == {"000000000001": "Plan FINAL v2 (3).xlsx"}


def test_the_page_says_who_let_what_through_why_and_until_when(tmp_path: Path) -> None:
    lines = lines_for(*CODES[:1]).replace("It is agreed", "A <b>new</b> test")
    lines += (
        f'  - {{plan: "{RIVERSIDE}", code: broken-reference, approved_by: J. Ott, why: Old, until: 2026-10-01}}\n'
        f'  - {{plan: "{RIVERSIDE}", code: not-in-list, field: goals.measure, approved_by: A. Day, why: None, '
        "until: 2026-12-24}\n"
    )
    lines += f'dismissed: [{{plan: "{RIVERSIDE}", code: older-version, reason: It <i>is</i> planned.}}]\n'
    _, out = build(tmp_path, lines)
    page = (out / "index.html").read_text(encoding="utf-8")
    shown = " ".join(page.partition('<section id="allowed"')[2].partition("</section>")[0].split())
    assert (
        "Why: A &lt;b&gt;new&lt;/b&gt; test. Approved by J. Ott, until 1 Dec 2026. Let through once." in shown
    )
    assert "Why: Old. Approved by J. Ott, until 1 Oct 2026. <b>Ran out: it lets nothing through.</b>" in shown
    assert "Student goals, Measured by" in shown
    assert "until 24 Dec 2026. <b>Matches nothing in this build.</b>" in shown
    assert "Why: It &lt;i&gt;is&lt;/i&gt; planned." in shown
