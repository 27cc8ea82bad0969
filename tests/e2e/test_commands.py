"""The commands as a district office types them, and the recipes that need no Python."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from plbuild import blank, commands, pipeline
from plbuild.pipeline import Folders, SerialExecutor, files, offices, templates
from tests.support.districts import EXAMPLES, ROOT, Example
from tests.support.fill import fill

README = (ROOT / "README.md").read_text(encoding="utf-8")


def invoke(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """``invoke`` with arguments, as in a shell whose output is not a terminal."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "INVOKE_PLBUILD_STANDARDS_SET": "2022"}
    command = [sys.executable, "-m", "invoke", *arguments]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


def test_build_ends_with_status_0_and_a_summary(tmp_path: Path) -> None:
    done = invoke("build", "--out", str(tmp_path), "--as-of", "2026-11-23", "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Cedar Valley School District, 2026-27: 8 of 8 school plans accepted.\n")
    assert "9 Word plans are in" in done.stdout


def test_a_district_with_mistakes_ends_with_status_1_and_names_them(tmp_path: Path) -> None:
    done = invoke("validate", "--district", "examples/maple-ridge", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    assert "  - Goals, I6: Measured by is missing." in done.stdout
    assert "Not received: Hollow Road Elementary School (099920000204)." in done.stdout


def test_wrong_inputs_end_with_status_2_and_no_traceback(tmp_path: Path) -> None:
    done = invoke("build", "--district", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "there is no such district folder" in done.stdout
    done = invoke("build", "--as-of", "soon", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "--as-of soon: write a date as year-month-day" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    done = invoke("build", "--workers", "two", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (2, "")
    assert "--workers two: write a whole number from 1, such as 2." in done.stdout
    done = invoke("new", "README.md")
    assert (done.returncode, done.stderr) == (2, "")
    assert "README.md: no folder can be made there" in done.stdout


def test_new_and_issue(tmp_path: Path) -> None:
    folder = tmp_path / "A District"
    assert invoke("new", str(folder)).returncode == 0
    assert invoke("issue", "--district", str(folder)).returncode == 2
    shutil.copy(EXAMPLES / "maple-ridge" / "roster.csv", folder / "roster.csv")
    shutil.copy(EXAMPLES / "maple-ridge" / "district.yaml", folder / "district.yaml")
    done = invoke("issue", "--district", str(folder), "--layout", "shared")
    assert done.returncode == 0, done.stdout
    assert [path.name for path in (folder / "issued").iterdir()] == ["shared-0999200.xlsx"]


def test_issue_from_an_earlier_folder(tmp_path: Path) -> None:
    folder = tmp_path / "next year"
    shutil.copytree(EXAMPLES / "maple-ridge", folder, ignore=shutil.ignore_patterns("submissions"))
    done = invoke("issue", "--district", str(folder), "--from", "examples/maple-ridge")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 plans start with " in done.stdout
    table = folder / "issued" / "not-carried.csv"
    assert f"all of them in {table}:\n  - MRHS plan.xlsx: The plan came in more than once" in done.stdout
    assert "Everybody" in table.read_text(encoding="utf-8-sig")
    done = invoke("issue", "--district", str(folder), "--from", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "there is no such folder" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_templates_are_checked_and_refused_by_the_exit_status(tmp_path: Path) -> None:
    done = invoke("templates", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "school_plan.docx: " in done.stdout
    shutil.copytree(ROOT / "output_templates", tmp_path / "o")
    template = Document(str(tmp_path / "o" / "school_plan.docx"))
    template.add_paragraph("{{ golas }}")
    template.save(str(tmp_path / "o" / "school_plan.docx"))
    folders = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=tmp_path / "o")
    out = tmp_path / "out"
    assert commands.checked(lambda: templates.check_templates(folders, "2022", out, annotated=True)) == 2
    assert (out / "school_plan.docx").exists()
    nowhere = Folders(workbook_templates=tmp_path, output_templates=tmp_path)
    assert commands.checked(lambda: templates.check_templates(nowhere, "2022", out)) == 2


def test_every_command_is_in_the_readme() -> None:
    listed = invoke("--list").stdout
    commands = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
    assert commands == ["bench", "build", "issue", "lint", "new", "templates", "test", "validate"]
    for command in commands:
        assert f"`invoke {command}" in README


@pytest.mark.parametrize(
    "line",
    [
        "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/invoke build",
        'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/invoke test',
        "py -m venv .venv; .venv\\Scripts\\pip install -e .; .venv\\Scripts\\invoke build",
        'py -m venv .venv; .venv\\Scripts\\pip install -e ".[test]"; .venv\\Scripts\\invoke test',
    ],
)
def test_the_readme_has_the_two_commands(line: str) -> None:
    assert line in README


def added(text: str, after: str, lines: str) -> str:
    """``text`` with ``lines`` put in after the one place of ``after``."""
    assert text.count(after) == 1
    return text.replace(after, after + lines)


def test_a_field_added_in_yaml_goes_through_workbook_check_and_plan_without_python(
    tmp_path: Path, cedar_valley: Example
) -> None:
    folders = Folders(workbook_templates=tmp_path / "w", output_templates=tmp_path / "o")
    shutil.copytree(ROOT / "workbook_templates", folders.workbook_templates)
    shutil.copytree(ROOT / "output_templates", folders.output_templates)
    path = folders.workbook_templates / "school_plan.yaml"
    text = path.read_text(encoding="utf-8")
    motto = (
        "      - name: motto\n        label: Motto\n        help: The motto of your school.\n"
        "        type: text\n        required: true\n"
    )
    room = (
        "      - name: room\n        label: Room\n        help: Where you meet.\n"
        "        type: integer\n        min: 100\n        more: true\n"
    )
    direction = text.index("  - name: direction\n")
    first = text.index("    fields:\n", direction) + len("    fields:\n")
    text = text[:first] + motto + text[first:]
    last = text.index("  - name: indicators\n")
    path.write_text(text[:last].rstrip() + "\n" + room + "\n" + text[last:], encoding="utf-8")

    template = Document(str(folders.output_templates / "school_plan.docx"))
    template.add_paragraph("Motto: {{ direction.motto }}")
    template.add_paragraph("Rooms: {% for action in actions %}[{{ action.room }}]{% endfor %}")
    template.save(str(folders.output_templates / "school_plan.docx"))

    folder = tmp_path / "district"
    shutil.copytree(EXAMPLES / "cedar-valley", folder, ignore=shutil.ignore_patterns("submissions"))
    (folder / "submissions").mkdir()
    inputs = files.read_inputs(folder, folders)
    plan, owner = inputs.spec.owned_by("school"), inputs.roster.schools[1]
    book = blank.separate(inputs.spec, plan, owner, cedar_valley.words)
    answers = cedar_valley.answers("okeeffe-elementary")
    answers["direction"]["motto"] = "Sky above clouds"
    answers["actions"][0]["room"] = 214
    sent = folder / "submissions" / "plan.xlsx"

    sent.write_bytes(fill(book, answers, plan, owner.id))
    report = pipeline.build(
        folder, folders, tmp_path / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None
    )
    assert [f.code for f in report.findings if f.where.plan_id == owner.id and f.severity == "error"] == []
    document = (
        tmp_path / "out" / "plans" / "schools" / f"okeeffe-elementary-school-{owner.id}.docx"
    ).read_bytes()
    said = [paragraph.text for paragraph in Document(io.BytesIO(document)).paragraphs]
    assert "Motto: Sky above clouds" in said
    assert "Rooms: [214][][][][]" in said

    answers["actions"][0]["room"] = 14
    del answers["direction"]["motto"]
    sent.write_bytes(fill(book, answers, plan, owner.id))
    report = pipeline.validate(
        folder, folders, tmp_path / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None
    )
    errors = [f for f in report.findings if f.severity == "error" and f.where.plan_id == owner.id]
    assert [(f.code, f.where.field) for f in errors] == [
        ("required-missing", "motto"),
        ("out-of-range", "room"),
    ]


KIND = """\
kind: induction_plan
version: "2026.1"
title: Induction plan
owner: school
additional: true
id_column: ncessch
name_column: school
purpose: How the school receives its new teachers.
who_fills: The principal.
steps:
  - {tab: Induction, sections: [school, mentors]}
sections:
  - name: school
    title: School
    guidance: Check the lines.
    shape: form
    fields:
      - {name: ncessch, label: School number, help: Printed., type: code, prefilled: ncessch}
      - {name: welcome, label: Welcome, help: How you welcome them., type: long_text, required: true}
  - name: mentors
    title: Mentors
    guidance: List the mentors.
    shape: table
    min_rows: 1
    max_rows: 5
    fields:
      - {name: name, label: Name, help: Who it is., type: text, required: true}
"""


def test_a_kind_of_plan_added_in_yaml_and_word_needs_no_python(tmp_path: Path, cedar_valley: Example) -> None:
    folders = Folders(workbook_templates=tmp_path / "w", output_templates=tmp_path / "o")
    shutil.copytree(ROOT / "workbook_templates", folders.workbook_templates)
    shutil.copytree(ROOT / "output_templates", folders.output_templates)
    (folders.workbook_templates / "induction_plan.yaml").write_text(KIND, encoding="utf-8")
    template = Document()
    template.add_paragraph("{{ owner.name }} welcomes: {{ school.welcome }}")
    template.add_paragraph("{% for mentor in mentors %}{{ mentor.name }};{% endfor %}")
    template.save(str(folders.output_templates / "induction_plan.docx"))
    folder = tmp_path / "cedar-valley"
    shutil.copytree(EXAMPLES / "cedar-valley", folder)
    offices.issue(folder, folders, "separate")
    issued = sorted(path.name for path in (folder / "issued").iterdir())
    assert "induction-plan-okeeffe-elementary-school-089910000102.xlsx" in issued
    assert len(issued) == 1 + 8 + 8

    inputs = files.read_inputs(folder, folders)
    plan, owner = inputs.spec.plan("induction_plan"), inputs.roster.schools[1]
    book = blank.separate(inputs.spec, plan, owner, cedar_valley.words)
    answers = {"school": {"welcome": "With <bread> & salt"}, "mentors": [{"name": "A. Mora"}]}
    (folder / "submissions" / "i.xlsx").write_bytes(fill(book, answers, plan, owner.id))
    report = pipeline.build(
        folder, folders, tmp_path / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None
    )
    assert report.faults == ()
    path = tmp_path / "out" / "plans" / "induction_plan" / f"okeeffe-elementary-school-{owner.id}.docx"
    said = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    assert "O'Keeffe Elementary School welcomes: With <bread> & salt" in said
    assert "A. Mora;" in said
    assert [f.code for f in report.findings if f.severity == "error"] == ["plan-not-received"] * 7
