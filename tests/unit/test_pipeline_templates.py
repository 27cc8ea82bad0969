"""Checking the templates of a folder: all of them, each wholly, and what is said of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from plbuild.pipeline import Folders, templates
from plbuild.pipeline.templates import Checked

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The project's specs, and a copy of its templates to break."""
    shutil.copytree(ROOT / "output_templates", tmp_path / "o")
    return Folders(workbook_templates=ROOT / "workbook_templates", output_templates=tmp_path / "o")


def check(folders: Folders, tmp_path: Path, *, annotated: bool = False) -> Checked:
    """The templates judged."""
    return templates.check_templates(folders, "2022", tmp_path / "out", annotated=annotated)


def with_paragraph(folders: Folders, name: str, text: str) -> Path:
    """Write a paragraph at the end of a template."""
    path = folders.output_templates / name
    document = docx.Document(str(path))
    document.add_paragraph(text)
    document.save(str(path))
    return path


def errors(checked: Checked) -> list[str]:
    """The codes of the errors."""
    return [line.split()[1].rstrip(":") for line in checked.lines if line.startswith("  error ")]


def test_the_projects_own_templates_have_no_errors(folders: Folders, tmp_path: Path) -> None:
    found = check(folders, tmp_path)
    assert (errors(found), found.sound) == ([], True)
    assert not (tmp_path / "out").exists()


def test_every_template_is_judged_in_one_run_and_the_others_are_named(
    folders: Folders, tmp_path: Path
) -> None:
    district = with_paragraph(
        folders, "district_plan.docx", "{{ rollup.money_by_sorce.title }}{{ schools.acepted }}"
    )
    school = with_paragraph(folders, "school_plan.docx", "{{ golas }}")
    shutil.copy(school, folders.output_templates / "school plan old.docx")
    (folders.output_templates / "~$hool_plan.docx").write_bytes(b"who has it open")
    found = check(folders, tmp_path)
    assert not found.sound
    assert errors(found) == ["field-unknown", "field-unknown", "name-unknown"]
    text = "\n".join(found.lines)
    assert text.index(str(district)) < text.index("money_by_sorce") < text.index(str(school))
    assert 'Did you mean "money_by_source"?' in text
    assert 'Did you mean "accepted"?' in text
    old = folders.output_templates / "school plan old.docx"
    assert f"{old}: passed by; it belongs to no kind of plan." in text
    assert "~$" not in text


def test_advice_alone_leaves_a_template_sound(folders: Folders, tmp_path: Path) -> None:
    path = with_paragraph(folders, "school_plan.docx", "{{ goals | total(‘baseline_value’) }}")
    found = check(folders, tmp_path)
    assert found.sound
    assert f"{path}: 0 errors, 1 piece of advice." in found.lines


def test_a_column_of_the_roll_up_is_known_even_where_a_table_is_empty(
    folders: Folders, tmp_path: Path
) -> None:
    tag = "{% for row in rollup.money_by_source.rows %}{{ row.amount }}{{ row.amuont }}{% endfor %}"
    with_paragraph(folders, "district_plan.docx", tag)
    assert errors(check(folders, tmp_path)) == ["field-unknown"]


def test_a_missing_template_is_said(folders: Folders, tmp_path: Path) -> None:
    path = folders.output_templates / "school_plan.docx"
    path.unlink()
    found = check(folders, tmp_path)
    assert not found.sound
    assert any(line.startswith(f"{path}: the template of ") for line in found.lines)


def test_copies_with_comments_go_into_a_folder_of_their_own(folders: Folders, tmp_path: Path) -> None:
    with_paragraph(folders, "school_plan.docx", "{{ golas }}")
    (folders.output_templates / "district_plan.docx").write_bytes(b"no Word file")
    before = sorted(folders.output_templates.iterdir())
    found = check(folders, tmp_path, annotated=True)
    copy = tmp_path / "out" / "school_plan.docx"
    assert f"  A copy with these as comments: {copy}" in found.lines
    assert "  No copy with comments was written, because it cannot be opened." in found.lines
    assert [comment.text.splitlines()[:2] for comment in docx.Document(str(copy)).comments] == [
        ["{{ golas }}", 'There is nothing called "golas".']
    ]
    assert sorted(folders.output_templates.iterdir()) == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["school_plan.docx"]


def test_a_copy_goes_once_its_template_is_right(folders: Folders, tmp_path: Path) -> None:
    whole = (folders.output_templates / "school_plan.docx").read_bytes()
    path = with_paragraph(folders, "school_plan.docx", "{{ golas }}")
    check(folders, tmp_path, annotated=True)
    assert (tmp_path / "out" / "school_plan.docx").exists()
    path.write_bytes(whole)
    check(folders, tmp_path, annotated=True)
    assert not (tmp_path / "out" / "school_plan.docx").exists()
