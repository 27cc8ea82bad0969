"""The page in a real browser: opened from disk, read, sorted, filtered, walked by keyboard, printed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from plbuild.page import Changed, html
from plbuild.pipeline import Report
from plbuild.rollup import rollup
from tests.support.browser import chromium, opened, violations
from tests.support.generated import generated
from tests.support.office import needs
from tests.support.pages import HOSTILE, held, missing, note, page, row

Built = dict[str, tuple[Report, Path]]

WIDTHS = (360, 1440)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def maple(built: Built) -> Path:
    """The page of the example with mistakes."""
    return built["maple-ridge"][1] / "index.html"


def names(on: Page) -> list[str]:
    """The plans that can be seen, in their order."""
    rows = "[...document.querySelectorAll('#plans tbody tr')].filter(row => row.offsetParent)"
    return list(on.evaluate(f"{rows}.map(row => row.cells[0].dataset.sort)"))


ROSTER = [
    "Maple Ridge Public Schools", "Birch Street School", "Riverside Middle School", "Maple Ridge High School",
    "Hollow Road Elementary School",
]  # fmt: skip


def test_the_table_is_sorted_by_its_headings(browser: Browser, maple: Path) -> None:
    with opened(browser, maple) as on:
        assert names(on) == ROSTER
        heading = on.locator("#plans").get_by_role("columnheader", name="School")
        on.get_by_role("button", name="School").click()
        assert names(on) == sorted(ROSTER)
        assert heading.get_attribute("aria-sort") == "ascending"
        on.get_by_role("button", name="School").click()
        assert names(on) == sorted(ROSTER, reverse=True)
        assert heading.get_attribute("aria-sort") == "descending"
        on.get_by_role("button", name="Mistakes").click()
        on.get_by_role("button", name="Mistakes").click()
        assert names(on)[0] == "Riverside Middle School"
        assert heading.get_attribute("aria-sort") is None
        on.get_by_role("button", name="State").click()
        assert names(on)[:3] == [
            "Riverside Middle School",
            "Maple Ridge High School",
            "Hollow Road Elementary School",
        ]
        # Who has no day stands last, whichever way.
        for _ in range(2):
            on.get_by_role("button", name="Last saved").click()
            assert names(on)[-1] == "Hollow Road Elementary School"
        on.get_by_role("button", name="Show all").click()
        assert names(on) == ROSTER


def test_the_table_is_filtered_and_searched_and_says_how_many_are_left(browser: Browser, maple: Path) -> None:
    with opened(browser, maple) as on:
        status = on.get_by_role("status")
        assert status.text_content() == "5 of 5 plans are shown."
        on.get_by_label("Show", exact=True).select_option("Held")
        assert names(on) == ["Riverside Middle School", "Maple Ridge High School"]
        assert status.text_content() == "2 of 5 plans are shown."
        on.get_by_label("Search").fill("ríver")
        assert names(on) == ["Riverside Middle School"]
        on.get_by_label("Search").fill("no such school")
        assert names(on) == []
        assert status.text_content() == "0 of 5 plans are shown."
        on.get_by_role("button", name="Show all").click()
        assert names(on) == ROSTER
        on.get_by_label("Search").fill("mrhs v2")
        assert names(on) == ["Maple Ridge High School"]
        on.get_by_role("link", name="1 Late").click()
        assert names(on) == ["Hollow Road Elementary School"]


def test_a_number_leads_to_what_is_behind_it(browser: Browser, maple: Path) -> None:
    with opened(browser, maple) as on:
        words = on.get_by_text("is not in the list.")
        assert not words.is_visible()
        on.get_by_role("link", name="4 mistakes of Riverside Middle School").click()
        assert words.is_visible()


def test_all_of_it_can_be_reached_by_keyboard(browser: Browser, maple: Path) -> None:
    with opened(browser, maple) as on:

        def focused() -> str:
            return str(
                on.evaluate("(document.activeElement.textContent || document.activeElement.id).trim()")
            )

        on.keyboard.press("Tab")
        assert focused() == "Skip to the next thing to do"
        assert on.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        on.keyboard.press("Enter")
        on.keyboard.press("Tab")
        assert focused() == "Riverside plan.xlsx"
        assert on.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        reached: list[str] = []
        for _ in range(120):
            here = focused()
            if here == "State" and here not in reached:
                on.keyboard.press("Space")
            if here.startswith("Riverside Middle School 0") and here not in reached:
                on.keyboard.press("Enter")
            reached.append(here)
            on.keyboard.press("Tab")
        assert (
            on.locator("#plans").get_by_role("columnheader", name="State").get_attribute("aria-sort")
            == "ascending"
        )
        assert on.get_by_text("is not in the list.").is_visible()
        assert {"search", "School", "Mistakes", "Word plan of Birch Street School"} <= set(reached)
        assert any(text.startswith("Control totals") for text in reached)


@pytest.mark.parametrize(
    ("example", "width", "scheme"),
    [
        ("cedar-valley", 360, "dark"), ("cedar-valley", 1440, "light"),
        ("maple-ridge", 360, "light"), ("maple-ridge", 1440, "dark"),
    ],
)  # fmt: skip
def test_axe_finds_nothing_against_it(
    browser: Browser, built: Built, example: str, scheme: Literal["light", "dark"], width: int
) -> None:
    with opened(browser, built[example][1] / "index.html", width=width, scheme=scheme) as on:
        on.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        assert violations(on) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("example", ["cedar-valley", "maple-ridge"])
def test_nothing_reaches_beyond_the_window(browser: Browser, built: Built, example: str, width: int) -> None:
    with opened(browser, built[example][1] / "index.html", width=width) as on:
        on.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        assert on.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_each_plan_is_a_card_and_can_be_sorted(browser: Browser, maple: Path) -> None:
    with opened(browser, maple, width=360) as on:
        assert not on.get_by_role("button", name="School").is_visible()
        on.get_by_label("Sort by").select_option("Most mistakes")
        assert names(on)[0] == "Riverside Middle School"
        assert on.get_by_role("row", name="Riverside Middle School").get_by_role("cell").count() == 5
        on.get_by_label("Sort by").select_option("Order of the roster")
        assert names(on) == ROSTER


def test_without_its_script_the_page_is_whole(browser: Browser, maple: Path) -> None:
    with opened(browser, maple, script=False) as on:
        assert on.locator(".controls").is_hidden()
        assert on.locator("#plans tbody tr:visible").count() == 5
        assert on.get_by_role("status").text_content() == "5 plans"
        on.locator("summary", has_text="Riverside Middle School").click()
        assert on.get_by_text("is not in the list.").is_visible()


def test_on_paper_the_findings_are_unfolded_and_the_controls_are_gone(
    browser: Browser, maple: Path, tmp_path: Path
) -> None:
    needs("pdftotext")
    with opened(browser, maple, scheme="dark") as on:
        on.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    text = subprocess.run(  # noqa: S603 - a fixed command
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"],  # noqa: S607 - found by needs
        capture_output=True, check=True, text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert "is not in the list." in text
    assert "One school has mistakes to mend" in text
    for gone in ("Show all", "Skip to", "More tables", "plans are shown"):
        assert gone not in text


def test_a_hostile_name_does_nothing(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    script = "</script><script>alert(2)</script>"
    rows = (
        held(HOSTILE, id=script, findings=(note(message=HOSTILE, fix=script),)),
        row(name='" onmouseover="alert(3)', files=("javascript:alert(4)",), plan="javascript:alert(5)"),
        missing("{{ 7 * 7 }}"),
    )
    changed = (Changed(id="1", name=HOSTILE, title="", words=(script,)),)
    path.write_bytes(html(page(*rows, district=script, since=page().as_of, changed=changed)))
    with opened(browser, path) as on:
        on.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        assert on.locator("img").count() == 0
        assert names(on) == [HOSTILE, '" onmouseover="alert(3)', "{{ 7 * 7 }}"]
        on.get_by_label("Search").fill(HOSTILE)
        assert names(on) == [HOSTILE]


def test_markup_that_got_in_all_the_same_would_not_run(browser: Browser, maple: Path) -> None:
    element = "<a id=x onclick='document.title=1'>x</a>"
    refused = "Content Security Policy"
    with pytest.raises(AssertionError, match=refused), opened(browser, maple) as on:  # noqa: PT012 - one page
        on.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", element)
        on.evaluate("document.getElementById('x').click()")
        assert on.title() != "1"


def test_a_thousand_schools_open_in_under_two_seconds(browser: Browser, tmp_path: Path) -> None:
    district = generated(1000)
    figures = rollup(district.spec, district.roster, district.statuses, district.plans())
    found = tuple(note(message=f"Answer {number} is missing.") for number in range(20))
    rows = [
        held(school.name, id=school.id, errors=20, findings=found)
        if place % 3 == 0
        else row(name=school.name, id=school.id)
        for place, school in enumerate(district.roster.schools)
    ]
    path = tmp_path / "index.html"
    path.write_bytes(html(replace(page(*rows), rollup=figures)))
    assert path.stat().st_size < 4_000_000
    with opened(browser, path) as on:
        times = []
        for _ in range(3):
            start = perf_counter()
            on.reload()
            on.get_by_text("1,000 of 1,000 plans are shown.").wait_for()
            on.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            times.append(perf_counter() - start)
        start = perf_counter()
        on.get_by_label("Search").fill("juniper")
        on.get_by_role("button", name="Mistakes").click()
        assert names(on)
        assert perf_counter() - start < 2
    assert min(times) < 2, times
