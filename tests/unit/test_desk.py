"""What the page of a build tells of each plan, from a district with mistakes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html
from tests.support.districts import EXAMPLES, ROOT, Example

from plbuild import changes, pipeline
from plbuild.pipeline import Folders, Options, SerialExecutor, desk, judge

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
    assert place.xpath(".//a/@href") == []


def test_a_file_that_is_no_workbook_has_no_marked_copy(out: Path) -> None:
    assert [path.name for path in (out / "returned").rglob("*notes.txt*")] == []


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
    (link,) = row.xpath("td[@data-label='State']//a")
    assert link.text == "choose which file counts"
    assert said in tree.xpath(f"//div[@id='{link.get('href')[1:]}']")[0].text_content()
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


def _kept(day: int, *owed: tuple[str, str, bytes]) -> changes.Kept:
    items = (
        changes.Owed(kind="school_plan", id=name, name=name, state=state, answers=answers)
        for name, state, answers in owed
    )
    return changes.kept(items, date(2026, 10, day))


def test_the_terminal_says_in_a_line_what_changed(maple_ridge: Example) -> None:
    school = maple_ridge.roster.schools[0]
    now = judge.statuses(
        maple_ridge.spec, maple_ridge.roster, maple_ridge.district, (), (), {}, date(2026, 10, 14)
    )
    came = [replace(item, state="held") if item.owner == school else item for item in now]
    change = changes.Change(
        kind=maple_ridge.spec.owned_by("school").kind, plan_id=school.id, owner="", section="", row="",
        what="", label="", before="", after="", words="",
    )  # fmt: skip
    compared = desk.Compared(kept={}, base=_kept(13), found=(change, replace(change, plan_id="gone")))
    said = 'Since the build of 13 Oct 2026: 1 plan changed, 1 new (see "What changed" in index.html).'
    assert compared.line(came) == said
    assert replace(compared, base=None).line(came) == ""
    assert replace(compared, found=()).line(came) == "Since the build of 13 Oct 2026: nothing changed."
    had = _kept(13, (school.id, "held", b"x"))
    assert "2 plans changed (see" in replace(compared, base=had).line(came)
