"""The page as HTML: its words, its links, its counts, and that nothing of a workbook is ever markup."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from lxml import html as lxml_html
from tests.support.pages import HOSTILE, held, missing, note, page, row

from plbuild.model import Column, Rollup, Table, Value
from plbuild.page import Address, Allowed, Changed, Page, Row, html
from plbuild.page.counts import Counts, counts, told
from plbuild.page.render import day, first_sentence, link, number_word
from plbuild.page.tables import charts, funds, months, plain


def seen(made: Page) -> lxml_html.HtmlElement:
    """The page as a tree."""
    return lxml_html.document_fromstring(html(made))


def texts(tree: lxml_html.HtmlElement, path: str) -> list[str]:
    """The texts of some elements, white space squeezed."""
    return [" ".join(str(item.text_content()).split()) for item in tree.xpath(path)]


def steps(*rows: Row, **given: object) -> list[str]:
    """What the page says is to be done, in order, without the names below."""
    return texts(seen(page(*rows, **given)), "//ol[@class='steps']/li/p")


# ------------------------------------------------------------------------------------------ words


def test_mistakes_come_first_with_the_files_to_send_back() -> None:
    made = page(held("Alder"), held("Birch"), held("Cedar"), missing("Dogwood"), row(name="Elm"))
    tree = seen(made)
    assert texts(tree, "//ol[@class='steps']/li/p") == [
        "Three schools have mistakes to mend: send back these files.",
        "One school has sent no plan, and it was due on 30 Oct 2026: ask for it.",
        "This was a check alone. When the plans are right, invoke build writes the Word plans and adds them up.",
    ]
    assert tree.xpath("//ul[@class='send']//a/@href") == [
        "returned/Alder.xlsx", "returned/Birch.xlsx", "returned/Cedar.xlsx",
    ]  # fmt: skip
    assert texts(tree, "//ul[@class='names']/li") == ["Dogwood"]


@pytest.mark.parametrize(
    ("rows", "given", "first"),
    [
        ((held("A"),), {}, "One school has mistakes to mend: send back this file."),
        ((missing("A", late=False), missing("B", late=False)), {"as_of": date(2026, 10, 1)},
         "Two schools have not sent a plan yet; it is due on 30 Oct 2026."),
        ((row(main=False, owner="district", title="District plan", state="missing"),), {},
         "District plan: no plan was received, and it was due on 30 Oct 2026."),
        ((row(main=False, owner="district", title="District plan", name="Maple", state="held", errors=3),), {},
         "District plan, Maple: 3 mistakes to mend."),
        ((row(advice=2),), {}, "One plan has advice to read before the state does: see Findings."),
        ((row(),), {"others": (("notes.txt", (note(),)),)},
         "One file could not be used: see what is wrong with it."),
        ((row(),), {"others": (("district.yaml", (note(severity="advice"),)),)},
         "district.yaml wants a look: see what is said of it."),
        ((row(),), {"others": (("", (note(severity="advice"),)),)},
         "One other file wants a look: see what is said of it."),
        ((row(),), {"faults": ("rollup: it broke",)},
         "plbuild itself failed at 1 item; the rest was built. Please report it, with manifest.json."),
        ((row(),), {"rollup": Rollup(tables=(), records=())},
         "Every school's plan is accepted: send the Word plans on."),
        ((row(main=False, owner="district", title="District plan"), row()), {"rollup": Rollup(tables=(), records=())},
         "Every plan that is owed is accepted. Read the district plan, then send the Word plans on."),
    ],
)  # fmt: skip
def test_the_first_thing_to_do(rows: tuple[Row, ...], given: dict[str, object], first: str) -> None:
    assert steps(*rows, **given)[0] == first


def test_the_counts_are_of_the_schools_alone() -> None:
    rows = (
        row(main=False, owner="district", state="held"),
        row(), row(late=True), held("A"), missing("B"), missing("C", late=False), row(state="exempt", plan=""),
    )  # fmt: skip
    assert counts(rows) == Counts(all=6, received=3, accepted=2, held=1, missing=2, late=2, exempt=1)
    assert texts(seen(page(*rows)), "//ul[@class='counts']/li") == [
        "3 Received", "2 Accepted", "1 Held", "2 Not received", "2 Late", "1 Exempt",
    ]  # fmt: skip


def test_a_number_opens_a_sentence_as_a_word_up_to_twelve() -> None:
    assert [number_word(number) for number in (0, 1, 3, 12, 13, 1240)] == [
        "No", "One", "Three", "Twelve", "13", "1,240",
    ]  # fmt: skip
    assert day(date(2026, 5, 3)) == "3 May 2026"
    assert first_sentence("One. Two.") == "One."
    assert first_sentence("One") == "One"


def test_files_that_could_not_be_written_come_first_and_their_links_are_not_new() -> None:
    made = page(
        row(notes="notes/a.docx"),
        held("B"),
        unwritten={"notes/a.docx": "it is locked", "rollup.xlsx": "disk full"},
    )
    tree = seen(made)
    assert texts(tree, "//ol[@class='steps']/li[1]/p") == [
        "Two files could not be written: in their place is what an earlier build left. Do what stands beside them, "
        "then build again."
    ]
    assert texts(tree, "//ol[@class='steps']/li[1]//li") == [
        "notes/a.docx it is locked",
        "rollup.xlsx disk full",
    ]
    assert texts(tree, "//table[@id='plans']//span[@class='tag']") == ["not new"]
    many = page(row(), unwritten={f"{number}.docx": "locked" for number in range(20)})
    assert texts(seen(many), "//ol[@class='steps']/li[1]//li")[-1] == "and 8 more"


def allowed(number: int, **given: Any) -> Allowed:
    """A waiver."""
    facts: dict[str, Any] = {
        "whose": f"S{number}",
        "id": "",
        "what": "",
        "code": "x",
        "why": "y.",
        "count": 1,
    }
    return Allowed(**{**facts, "state": "used", **given})


def test_of_very_many_waivers_some_are_shown_those_first_that_do_nothing() -> None:
    waivers = (*(allowed(number, count=number + 1) for number in range(1000)), allowed(1000, state="expired"))
    tree = seen(page(row(), waivers=waivers, dismissed=waivers[:2]))
    shown = texts(tree, "//section[@id='allowed']//li")
    assert len(shown) == 42
    assert shown[0] == "S1000: anywhere in the plan (x). Why: y. Ran out: it lets nothing through."
    assert shown[1].endswith("Let through once.")
    assert shown[2].endswith("Let through 2 times.")
    assert shown[40].endswith("Set aside once.")
    assert texts(tree, "//section[@id='allowed']/p")[1:] == ["And 961 more, in district.yaml."]


def test_what_changed_is_said_plan_by_plan() -> None:
    def said(**given: object) -> str:
        return " ".join(texts(seen(page(row(), **given)), "//section[@id='changed']"))

    item = Changed(id="1", name="Alder", title="Plan", words=("Goal G1 was added: “Read”",))
    assert "There is no earlier build to compare with" in said()
    assert "Nothing changed in any plan since the build of 20 Nov 2026." in said(since=date(2026, 11, 20))
    whole = said(since=date(2026, 11, 20), changed=(item,))
    assert "1 plan changed since the build of 20 Nov 2026." in whole
    assert "Alder 1 1 change Goal G1 was added: “Read”" in whole


def test_advice_and_notes_stand_apart_from_mistakes() -> None:
    found = (note(), note(severity="advice", message="Say when."), note(severity="note", message="Read."))
    tree = seen(page(held("A", findings=found, advice=1)))
    assert texts(tree, "//div[@id='f1']/h4") == ["To be mended", "Advice", "For information"]
    assert texts(tree, "//div[@id='f1']//li[@class='advice']") == ["Goals, I6: Say when. Fill it in."]
    assert texts(tree, "//section[@id='found']//summary")[0].endswith("1 mistake 1 piece of advice 1 note")


# ------------------------------------------------------------------------------------------ links


def test_a_plan_leads_to_all_its_files() -> None:
    files = {
        "plan": "plans/schools/a.docx", "pdf": "plans/schools/a.pdf", "notes": "notes/a.docx",
        "draft": "plans/drafts/a.docx",
        "marked": (Address(name="x #1?.xlsx", path="returned/x #1?.xlsx"),),
    }  # fmt: skip
    tree = seen(page(row(name="A", **files)))
    found = {
        " ".join(item.text_content().split()): item.get("href")
        for item in tree.xpath("//td[@class='files']//a")
    }
    assert found == {
        "Word plan of A": "plans/schools/a.docx",
        "Draft of A": "plans/drafts/a.docx",
        "PDF of A": "plans/schools/a.pdf",
        "Marked copy of A": "returned/x%20%231%3F.xlsx",
        "Notes of A": "notes/a.docx",
    }


def test_a_link_is_a_relative_path_and_nothing_else() -> None:
    assert link("returned/a b/ñ%.xlsx") == "returned/a%20b/%C3%B1%25.xlsx"
    assert link("javascript:alert(1)") == "javascript%3Aalert%281%29"
    assert link('x" onclick="y') == "x%22%20onclick%3D%22y"


def test_every_link_of_the_page_leads_somewhere(rolled: Rollup) -> None:
    made = page(held("A"), row(), rollup=rolled, files=frozenset({"rollup.xlsx", "data/goals.csv"}))
    tree = seen(made)
    ids = set(tree.xpath("//@id"))
    assert len(ids) == len(tree.xpath("//@id"))
    local = [href.removeprefix("#") for href in tree.xpath("//a/@href") if href.startswith("#")]
    assert set(local) <= ids
    outside = {href for href in tree.xpath("//@href | //@src") if not href.startswith("#")}
    assert not [href for href in outside if ":" in href or href.startswith("/")]


# ----------------------------------------------------------------------------------------- safety


def test_nothing_that_a_workbook_says_is_markup() -> None:
    hostile = note(message=HOSTILE, fix=HOSTILE, sheet=HOSTILE, cells=(HOSTILE,), file=HOSTILE)
    rows = held(HOSTILE, id=HOSTILE, files=(HOSTILE, HOSTILE), reason=HOSTILE, findings=(hostile,))
    table = Table(
        name="goals_by_area", title=HOSTILE, note=HOSTILE,
        columns=(Column(name="area", title=HOSTILE), Column(name="goals", title=HOSTILE, type="integer")),
        rows=((HOSTILE, 2),),
    )  # fmt: skip
    changed = Changed(id=HOSTILE, name=HOSTILE, title=HOSTILE, words=(HOSTILE,))
    made = page(
        rows, district=HOSTILE, plan_year=HOSTILE, contact=HOSTILE, faults=(HOSTILE,), passed_over=(HOSTILE,),
        others=((HOSTILE, (hostile,)),), returned=(Address(name=HOSTILE, path=HOSTILE),),
        rollup=Rollup(tables=(table,), records=()), since=date(2026, 1, 1), changed=(changed,),
    )  # fmt: skip
    text = html(made).decode("utf-8")
    assert "<img" not in text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;") > 20
    assert seen(made).xpath("//img | //@onerror") == []


def test_style_and_script_are_allowed_by_their_digests_and_nothing_else_is() -> None:
    text = html(page(row())).decode("utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    made = {
        name: b64encode(sha256(re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)[0].encode()).digest())
        for name in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{made['style'].decode()}'; "
        f"script-src 'sha256-{made['script'].decode()}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert seen(page(row())).xpath("//@style") == []


def test_characters_that_html_forbids_are_left_out() -> None:
    text = html(page(row(name="A\x00B\x1b\ud800C\u202eD"))).decode("utf-8")
    assert "ABCD" in text


def test_the_same_page_gives_the_same_bytes(rolled: Rollup) -> None:
    assert html(page(row(), rollup=rolled)) == html(page(row(), rollup=rolled))


def test_however_much_is_wrong_the_page_holds_so_much_and_no_more() -> None:
    many = tuple(note(message=f"No. {number}") for number in range(90))
    few = [held(str(number), findings=many) for number in range(2)]
    assert told(few, room=6000, least=3, most=40) == 40
    assert told(few * 500, room=6000, least=3, most=40) == 6
    assert told(few * 5000, room=6000, least=3, most=40) == 3
    tree = seen(page(few[0]))
    assert len(tree.xpath("//div[@id='f1']//li")) == 40
    assert "And 50 more, in findings.csv." in texts(tree, "//div[@id='f1']/p")


# ---------------------------------------------------------------------------------------- figures


@pytest.fixture
def rolled() -> Rollup:
    """A roll-up of the tables that are drawn, with one table more."""

    def table(name: str, columns: str, *rows: tuple[Value, ...]) -> Table:
        made = [
            Column(name=part.split(":")[0], title=part.split(":")[0].title(), type=part.split(":")[1])
            for part in columns.split()
        ]
        return Table(name=name, title=name.title(), note="How. More.", columns=tuple(made), rows=rows)

    return Rollup(
        tables=(
            table("goals_by_area", "area:text level:text goals:integer",
                  ("Math", "High", 1), ("Math", "Middle", 2), ("Art", "High", 1), ("None", "High", 0)),
            table("calendar", "month:text month_name:text audience:text running:integer starts:integer",
                  ("2026-08", "August 2026", "Teachers", 4, 4), ("2026-08", "August 2026", "Coaches", 1, 0),
                  ("2026-09", "September 2026", "Coaches", 10, 2)),
            table("money_by_source", "funding_source:text amount:money allocation:money",
                  ("Title I-A", Decimal(1500), Decimal(1000)), ("Local", Decimal("250.50"), None)),
            table("targets", "goal:text baseline:decimal by:date", *[("=1", Decimal("1240.50"), date(2027, 5, 1))] * 45),
        ),
        records=(),
    )  # fmt: skip


def test_bars_are_added_by_name_and_the_longest_comes_first(rolled: Rollup) -> None:
    (chart,) = charts(rolled)
    assert [(bar.name, bar.said, bar.length) for bar in chart.bars] == [("Math", "3", 100), ("Art", "1", 33)]


def test_money_stands_against_its_allocation(rolled: Rollup) -> None:
    first, second = funds(rolled)
    assert (first.planned, first.allocation, first.left, first.over) == ("$1,500", "$1,000", "$500", True)
    assert (second.planned, second.allocation, second.left, second.over) == ("$250.50", "", "", False)
    assert (first.length, first.limit, second.length, second.limit) == (100, 67, 17, None)
    cells = texts(seen(page(row(), rollup=rolled)), "//table[contains(@class, 'funds')]//td")
    assert cells == ["$1,500", "$1,000", "$500 too much", "$250.50", "not given", "–"]


def test_months_are_all_audiences_together_and_each_alone(rolled: Rollup) -> None:
    assert [(m.name, m.running, m.starts, m.length, m.by) for m in months(rolled)] == [
        ("August 2026", 5, 4, 50, (4, 1)),
        ("September 2026", 10, 2, 100, (0, 10)),
    ]


def test_a_long_table_is_cut_and_says_so(rolled: Rollup) -> None:
    table = plain(rolled)[-1]
    assert table.rows[0] == ("=1", "1,240.5", "5/1/2027")
    assert (len(table.rows), table.more) == (40, 5)
    said = texts(seen(page(row(), rollup=rolled)), "//section[@id='tables']//p")
    assert "And 5 more rows; all rows are in rollup.xlsx." in said


def test_a_roll_up_of_nothing_is_said_in_words() -> None:
    said = texts(seen(page(row(), rollup=Rollup(tables=(), records=()))), "//main/section/p")
    for text in (
        "There is nothing to show yet.",
        "No accepted plan has an action with a date.",
        "No accepted plan names a cost.",
    ):
        assert text in said
