"""The charts: what is drawn, what is said of it, and that the bytes repeat."""

from __future__ import annotations

import io
import struct
from decimal import Decimal

from PIL import Image

from plbuild.charts import NAMES, picture
from plbuild.charts import charts as shown
from plbuild.model import Column, Picture, Rollup, Table, Value


def table(name: str, columns: dict[str, str], *rows: tuple[Value, ...]) -> Table:
    """A table whose columns are titled by the first mapping; all but the first hold numbers."""
    kind = "money" if name.startswith("money") else "decimal"
    made = tuple(
        Column(name=key, title=title, type=kind if index else "text")
        for index, (key, title) in enumerate(columns.items())
    )
    return Table(name=name, title=name.replace("_", " ").capitalize(), note="", columns=made, rows=rows)


def rollup(
    goals: tuple[tuple[Value, ...], ...] = (),
    hours: tuple[tuple[Value, ...], ...] = (),
    money: tuple[tuple[Value, ...], ...] = (),
) -> Rollup:
    """A roll-up of the three tables that are drawn."""
    amounts = {
        "funding_source": "Paid from",
        "schools_amount": "School plans",
        "district_amount": "District plan",
    }
    return Rollup(
        tables=(
            table("goals_by_area", {"area": "Area", "goals": "Goals"}, *goals),
            table("learning_designs", {"design": "Way", "contact_hours": "Contact hours"}, *hours),
            table("money_by_source", amounts, *money),
        ),
        records=(),
    )


def charts(figures: Rollup) -> dict[str, Picture]:
    """The pictures of a roll-up by name."""
    return {name: picture(chart) for name, chart in shown(figures).items()}


def test_bars_are_added_sorted_and_told_in_words() -> None:
    made = charts(rollup(goals=(("Reading", 1), ("Mathematics", 4), ("Reading", 2), ("Science", 0))))
    assert list(made) == ["goals_by_area"]
    assert made["goals_by_area"].alt == (
        "Bar chart, goals by area (goals), highest first: Mathematics 4; Reading 3."
    )


def test_two_series_are_told_with_their_parts_and_a_series_of_nothing_is_not() -> None:
    both = rollup(money=(("Title I-A", Decimal("1200.50"), 800), ("Local", 0, 3000), ("No cost", 0, 0)))
    assert charts(both)["money_by_source"].alt == (
        "Bar chart, money by source (school plans and district plan), highest first: "
        "Local $3,000 (school plans $0, district plan $3,000); "
        "Title I-A $2,000.50 (school plans $1,200.50, district plan $800)."
    )
    one = rollup(money=(("Local", 3000, None), ("Title I-A", 10, 0)))
    assert charts(one)["money_by_source"].alt == (
        "Bar chart, money by source (school plans), highest first: Local $3,000; Title I-A $10."
    )


def test_nothing_to_show_is_no_picture() -> None:
    assert charts(rollup()) == {}
    assert charts(rollup(goals=(("Reading", 0),), money=(("Local", None, None),))) == {}
    assert set(charts(rollup((("A", 1),), (("B", 1),), (("C", 1, 1),)))) == set(NAMES)


def test_the_rest_of_very_many_bars_is_one_bar() -> None:
    made = charts(rollup(hours=tuple((f"Way {n:02}", 40 - n) for n in range(30))))["hours_by_design"]
    assert made.alt.count(";") == 24
    assert made.alt.endswith(f"; 6 more {sum(40 - n for n in range(24, 30))}.")
    assert made.height < 9


def test_the_bytes_repeat_and_hold_the_size_that_is_said() -> None:
    figures = rollup(hours=(("Coaching", Decimal("12.5")), ("A very long name of a way of learning " * 2, 3)))
    first, second = (charts(figures)["hours_by_design"] for _ in range(2))
    assert first == second
    width, height = struct.unpack(">II", first.data[16:24])
    assert (width, height) == (round(first.width * 200), int(first.height * 200))
    assert first.width <= 6.9
    assert b"matplotlib" not in first.data


def test_a_name_is_never_a_formula_and_strange_letters_do_no_harm() -> None:
    made = charts(rollup(goals=((r"$\frac{1}{2}$ & <b> 😀 日本", 2), ("", 1))))["goals_by_area"]
    assert r"$\frac{1}{2}$ & <b> 😀 日本 2" in made.alt


def test_the_picture_can_be_read_in_black_and_white() -> None:
    made = charts(rollup(money=(("Local", 3000, 3000),)))["money_by_source"]
    grey = Image.open(io.BytesIO(made.data)).convert("L")
    middle = [grey.getpixel((x, round((0.34 + 0.16) * 200))) for x in range(510, 1130)]
    dark = [isinstance(value, int) and value < 80 for value in middle]
    assert all(dark[20:280])
    assert 0 < sum(dark[330:600]) < 200
