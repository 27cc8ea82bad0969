"""What the page of a build tells of each plan, from a district with mistakes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html
from tests.support.districts import EXAMPLES, ROOT

from plbuild import pipeline
from plbuild.pipeline import Folders, Options, SerialExecutor

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maple Ridge with its drafts and a file that is no plan."""
    home = tmp_path_factory.mktemp("desk")
    shutil.copytree(EXAMPLES / "maple-ridge", home / "maple-ridge")
    (home / "maple-ridge" / "submissions" / "<b>notes.txt").write_text("hello", encoding="utf-8")
    pipeline.build(
        home / "maple-ridge", FOLDERS, home / "out", SerialExecutor(), date(2026, 11, 23), lambda _: None,
        Options(drafts=True),
    )  # fmt: skip
    return home / "out"


@pytest.fixture(scope="module")
def tree(out: Path) -> html.HtmlElement:
    """Its page."""
    return html.document_fromstring((out / "index.html").read_bytes())


def test_every_plan_has_its_row_with_its_state_and_files(tree: html.HtmlElement) -> None:
    rows = {
        row.xpath("th/@data-sort")[0]: (row.get("data-state"), row.xpath("td[@class='files']/a/@href"))
        for row in tree.xpath("//table[@id='plans']/tbody/tr")
    }
    assert rows == {
        "Maple Ridge Public Schools": ("accepted received", ["plans/district.docx"]),
        "Birch Street School": ("accepted received", [
            "plans/schools/birch-street-school-099920000201.docx", "notes/birch-street-school-099920000201.docx",
        ]),
        "Riverside Middle School": ("held received advised", [
            "plans/drafts/schools/riverside-middle-school-099920000202.docx", "returned/Riverside%20plan.xlsx",
            "notes/riverside-middle-school-099920000202.docx",
        ]),
        "Maple Ridge High School": ("held received", [
            "plans/drafts/schools/maple-ridge-high-school-099920000203.docx",
        ]),
        "Hollow Road Elementary School": ("missing late", []),
    }  # fmt: skip


def test_every_link_leads_to_a_file_that_was_written(out: Path, tree: html.HtmlElement) -> None:
    links = {str(href) for href in tree.xpath("//a/@href") if not str(href).startswith("#")}
    assert len(links) > 20
    assert [href for href in links if not (out / unquote(href)).is_file()] == []


def test_a_file_that_is_no_plan_is_told_apart(tree: html.HtmlElement) -> None:
    (place,) = tree.xpath("//div[@id='strays']")
    assert [item.text_content() for item in place.xpath(".//dt")] == ["<b>notes.txt"]
    assert place.xpath(".//a/@href") == ["returned/b%20notes.txt.xlsx"]


def test_each_plan_has_its_own_findings(tree: html.HtmlElement) -> None:
    found = {
        item.xpath(".//summary/h3")[0].text_content(): len(item.xpath(".//li"))
        for item in tree.xpath("//section[@id='found']/details")
    }
    assert found == {
        "Riverside Middle School": 5,
        "Maple Ridge High School": 1,
        "Hollow Road Elementary School": 1,
    }


def test_of_a_plan_that_came_twice_the_page_asks_for_a_choice_and_counts_no_mistake(
    tree: html.HtmlElement,
) -> None:
    said = (
        "This plan came in more than once: MRHS plan.xlsx (saved 10/19/2026), MRHS plan v2 (final).xlsx "
        "(saved 10/27/2026). Their answers differ."
    )
    step = tree.xpath("//ol[@class='steps']/li")[0].text_content()
    assert "One plan came in more than once: choose which file counts." in step
    assert f"{said} Choose the one that counts: leave only that one in the submissions folder" in step
    (row,) = tree.xpath("//table[@id='plans']/tbody/tr[th/@data-sort='Maple Ridge High School']")
    assert said in row.xpath("td[@data-label='State']")[0].text_content()
    assert row.xpath("td[@data-label='Mistakes']/@data-sort") == ["0"]


def test_a_copy_that_only_we_have_marked_has_the_same_answers(tmp_path: Path) -> None:
    folder, out = tmp_path / "maple-ridge", tmp_path / "out"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    arguments = (folder, FOLDERS, out, SerialExecutor(), date(2026, 11, 23), lambda _: None)
    pipeline.validate(*arguments)
    shutil.copy(out / "returned" / "Riverside plan.xlsx", folder / "submissions" / "Riverside again.xlsx")
    told = pipeline.validate(*arguments).text().partition("For you to choose:")[2]
    (line,) = [line for line in told.splitlines() if line.startswith("  - Riverside Middle School")]
    assert "Riverside again.xlsx" in line
    assert "Their answers are the same." in line
    assert "Send back" not in line
