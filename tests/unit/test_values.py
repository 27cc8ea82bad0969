"""What was typed and what it was taken for: every typing habit that came back from schools, one row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plbuild.intake import dates, numbers
from plbuild.intake.cells import MAX_TEXT, Cell
from plbuild.intake.texts import clean, folded, plain
from plbuild.intake.values import Decoded, decode, text_of
from plbuild.model import DATE_ORDERS, Choice, Field, Place, Spec, Value, ValueList

ALL_ORDERS = ("month-day-year", "year-month-day", "day-month-year")


def item(kind: str, **rest: Any) -> Field:
    """An optional field of a type; ``required=True`` makes it a required one."""
    return Field(name="x", label="X", help="X.", type=kind, **rest)


TEXT, NEEDED = item("text"), item("text", required=True)
NUMBER, WHOLE, DOLLARS = item("decimal"), item("integer"), item("money")
HOURS = item("decimal", unit="hours")
DAY, NEEDED_DAY = item("date"), item("date", required=True)
AREA, NEEDED_AREA = item("list", list="area"), item("list", list="area", required=True)
LEVEL = item("list", list="level")
CREDIT = item("list", list="recognition")
PRIVATE = item("list", list="private_school_services")
MONEY_FROM = item("list", list="funding_source")
GOAL, DISTRICT_GOAL = item("ref", refs=("goals",)), item("ref", refs=("district_plan.goals",), none="None")
EMAIL = item("email", required=True)
CODE, SCHOOL_NUMBER = item("code"), item("code", pattern=r"^\d{12}$", pattern_says="12 digits")
PRINTED_NUMBER = item("code", pattern=r"^\d{7}$", pattern_says="7 digits", prefilled="leaid")
PRINTED = item("text", prefilled="district")
PLAN_YEAR = item("text", required=True, pattern=r"^\d{4}-\d{2}$", pattern_says="a plan year such as 2026-27")

SEP_15 = date(2026, 9, 15)


def read(spec: Spec, field: Field, raw: str | float | bool | Cell, **options: Any) -> Decoded:
    """What a cell is taken for; the epoch is that of 1900 unless said otherwise."""
    cell = raw if isinstance(raw, Cell) else Cell(value=raw)
    return decode(spec, field, cell, **{"epoch_1904": False, **options})


def formatted(value: float, shape: str) -> Cell:
    """A number in a cell with a date or a percent format."""
    return Cell(value=value, format=shape)


Row = tuple[Field, str | float | bool | Cell, Value, tuple[str, ...]]


def named(row: Row) -> str:
    """A row in the list of tests."""
    field, raw, _, codes = row
    return f"{field.type}-{ascii(raw)[:60]}-{'-'.join(codes)}"


def check(spec: Spec, row: Row, **options: Any) -> Decoded:
    """The decoded cell of a row of a table, which is held to its value and the codes of its notes."""
    field, raw, value, codes = row
    found = read(spec, field, raw, **options)
    assert (found.value, tuple(code for code, _ in found.notes)) == (value, codes)
    assert type(found.value) is type(value)
    return found


# ----------------------------------------------------------------------------------------- texts

UNCHANGED: list[tuple[str | float | bool | Cell, str]] = [
    ("Maria Ortega", "Maria Ortega"),
    ("  two spaces, and one after ", "  two spaces, and one after "),
    ("a\nb", "a\nb"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("a_x000D_\nb", "a\nb"),
    ("a_x000a_b", "a\nb"),
    ("tab\there", "tab\there"),
    ("_x005F_x000B_ is not an escape", "_x000B_ is not an escape"),
    ("_x_ and _x12G4_ neither", "_x_ and _x12G4_ neither"),
    ("non-breaking\u00a0space, “smart quotes” – and — dashes …", "non-breaking\u00a0space, “smart quotes” – and — dashes …"),
    ("• bullet\n- bullet", "• bullet\n- bullet"),
    ("O’Keeffe, San José, Hawaiʻi", "O’Keeffe, San José, Hawaiʻi"),
    ("👩‍🏫 teaches 👍🏽", "👩‍🏫 teaches 👍🏽"),
    ("_xD83D__xDC4D_", "👍"),
    ("می‌خواهم", "می‌خواهم"),
    ("=1+1 is typed with an apostrophe", "=1+1 is typed with an apostrophe"),
    ("N/A for now, see below", "N/A for now, see below"),
    ("12", "12"), ("5%", "5%"), ("9/15/2026", "9/15/2026"), ("TRUE", "TRUE"),
    (2026.0, "2026"), (-0.5, "-0.5"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (1e21, "1000000000000000000000"),
    (float("inf"), "inf"), (True, "TRUE"), (False, "FALSE"),
    (formatted(46280.0, "date"), "9/15/2026"),
    (formatted(46280.5625, "date"), "9/15/2026 13:30"),
    (formatted(0.5, "date"), "12:00"), (formatted(1.0, "date"), "1/1/1900"),
    (formatted(60.0, "date"), "2/29/1900"), (formatted(61.0, "date"), "3/1/1900"),
    (formatted(-3.0, "date"), "-3"), (formatted(1e9, "date"), "1000000000"),
    (formatted(0.61, "percent"), "61%"), (formatted(0.615, "percent"), "61.5%"), (formatted(6.0, "percent"), "600%"),
]  # fmt: skip
AS_IT_IS: list[Row] = [
    (field, raw, value, ()) for field in (TEXT, NEEDED, item("long_text")) for raw, value in UNCHANGED
]

BLANKS: list[Row] = [
    (field, raw, None, ())
    for field in (TEXT, NEEDED, WHOLE, DAY, AREA, GOAL, EMAIL, CODE)
    for raw in ("", " ", "\n", "\u00a0", "_x000D_", Cell(value="  ", is_formula=True))
]

TEXTS: list[Row] = [
    (NEEDED, "line one_x000B_line two", "line one\nline two", ("characters-removed",)),
    (NEEDED, "page_x000C_break", "page\nbreak", ("characters-removed",)),
    (NEEDED, "zero\u200bwidth", "zerowidth", ("characters-removed",)),
    (NEEDED, "\ufeffmark, soft\u00adhyphen, word\u2060joiner", "mark, softhyphen, wordjoiner", ("characters-removed",)),
    (NEEDED, "bell_x0007_, null_x0000_, escape_x001B_", "bell, null, escape", ("characters-removed",)),
    (NEEDED, "half_xD83D_, none_xFFFE__xFFFF_", "half, none", ("characters-removed",)),
    (NEEDED, "\u200b", None, ("characters-removed",)),
    (NEEDED, "\u200e\u200d ", None, ("characters-removed",)),
    (NEEDED, "N/A", "N/A", ()),
    (NEEDED, "-", "-", ()),
    (PRINTED, "None", "None", ()),
    *[
        (field, text, None, ("read-as-blank",))
        for field in (TEXT, item("long_text"), NUMBER, WHOLE, DOLLARS, DAY, AREA, GOAL, CODE, item("email"))
        for text in ("N/A", "n/a", "NA", "n.a.", "N.A", "None", "none.", "NONE", "-", "–", "—", "--",
                     " n / a ", "N/A\u00a0", "Not applicable", "not  applicable.", "－")
    ],
    (TEXT, "x" * MAX_TEXT, "x" * MAX_TEXT, ()),
    (TEXT, "x" * (MAX_TEXT + 1), "x" * MAX_TEXT, ("text-too-large",)),
    (WHOLE, "1" * 1_000_000, "1" * MAX_TEXT, ("text-too-large",)),
    (TEXT, "_x0041_" * MAX_TEXT, "A" * MAX_TEXT, ()),
    (TEXT, "_x0041_" * (MAX_TEXT + 1), "A" * (MAX_TEXT // 7), ("text-too-large",)),
    (TEXT, "_x0041_" + "x" * MAX_TEXT, "A" + "x" * (MAX_TEXT - 7), ("text-too-large",)),
    # A text that has to have a form is taken where it has it but for dashes and white space.
    (PLAN_YEAR, "2026-27", "2026-27", ()),
    (PLAN_YEAR, "2026–27 ", "2026-27", ("text-tidied",)),
    (PLAN_YEAR, "２０２６-27", "2026-27", ("text-tidied",)),
    (PLAN_YEAR, " 2026 to 2027", " 2026 to 2027", ()),
    (PLAN_YEAR, 2026.0, "2026", ()),
]  # fmt: skip

CODES: list[Row] = [
    (CODE, "KG", "KG", ()),
    (CODE, " KG\u00a0", "KG", ("text-tidied",)),
    (CODE, 9.0, "9", ()),
    (CODE, 899100.0, "899100", ()),
    (CODE, 12.5, "12.5", ()),
    (CODE, True, "TRUE", ()),
    (SCHOOL_NUMBER, "089910000106", "089910000106", ()),
    (SCHOOL_NUMBER, "089910000106 ", "089910000106", ("text-tidied",)),
    (SCHOOL_NUMBER, 123456789012.0, "123456789012", ()),
    (SCHOOL_NUMBER, 89910000106.0, "089910000106", ("zeros-restored",)),
    (SCHOOL_NUMBER, "89910000106", "089910000106", ("zeros-restored",)),
    (SCHOOL_NUMBER, " 89910000106", "089910000106", ("zeros-restored",)),
    (SCHOOL_NUMBER, 106.0, "106", ()),
    (SCHOOL_NUMBER, "0899-1000-0106", "0899-1000-0106", ()),
    (SCHOOL_NUMBER, 8.99e10 + 0.5, "89900000000.5", ()),
    (PRINTED_NUMBER, 899100.0, "0899100", ("zeros-restored",)),
]

EMAILS: list[Row] = [
    (EMAIL, "office@school.example", "office@school.example", ()),
    (EMAIL, " office@school.example\u00a0", "office@school.example", ("text-tidied",)),
    (EMAIL, "mailto:office@school.example", "office@school.example", ("text-tidied",)),
    (EMAIL, "MAILTO: office@school.example?subject=Plan", "office@school.example", ("text-tidied",)),
    (EMAIL, "Maria Ortega <office@school.example>;", "office@school.example", ("text-tidied",)),
    (EMAIL, "<mailto:office@school.example>", "office@school.example", ("text-tidied",)),
    (EMAIL, "office@school.example.", "office@school.example", ("text-tidied",)),
    (EMAIL, "office＠school.example", "office@school.example", ("text-tidied",)),
    (EMAIL, "office at school", "office at school", ()),
    (EMAIL, "office@school", "office@school", ()),
    (EMAIL, "a@x.org, b@x.org", "a@x.org, b@x.org", ()),
    (EMAIL, "N/A", "N/A", ()),
    (EMAIL, 12.0, "12", ()),
]

# ------------------------------------------------------------------------------- lists, references

CHOICES: list[Row] = [
    (AREA, "Mathematics", "Mathematics", ()),
    (AREA, "mathematics", "Mathematics", ("list-tidied",)),
    (AREA, " Mathematics ", "Mathematics", ("list-tidied",)),
    (AREA, "English  language arts\u00a0and\nliteracy.", "English language arts and literacy", ("list-tidied",)),
    (AREA, "Social‑emotional learning and climate", "Social-emotional learning and climate", ("list-tidied",)),
    (AREA, "Social - emotional learning and climate", "Social-emotional learning and climate", ("list-tidied",)),
    (AREA, "Ｓｃｉｅｎｃｅ", "Science", ("list-tidied",)),
    (AREA, "Sci\u200bence", "Science", ("characters-removed",)),
    (AREA, "\u202ascience\u202c", "Science", ("list-tidied",)),
    (MONEY_FROM, "Title I–A", "Title I-A", ("list-tidied",)),
    (LEVEL, "1 Participants’ reactions", "1 Participants' reactions", ("list-tidied",)),
    (AREA, "Maths", "Maths", ()),
    (AREA, "Mathematics" + " " * 400, "Mathematics" + " " * 400, ()),
    (EMAIL, "office@school.example" + " " * 400, "office@school.example" + " " * 400, ()),
    (AREA, 3.0, "3", ()),
    (AREA, True, "TRUE", ()),
    (CREDIT, "None", "None", ()),
    (CREDIT, "none", "None", ("list-tidied",)),
    (CREDIT, "N/A", None, ("read-as-blank",)),
    (PRIVATE, "consulted, services declined", "Consulted, services declined", ("list-tidied",)),
    (NEEDED_AREA, "N/A", "N/A", ()),
    *[
        (field, text, None, ("placeholder-read-as-blank",))
        for field in (NEEDED_AREA, AREA, GOAL)
        for text in ("Choose an item.", "Select…", "Select one", "Please choose", "<choose>", "<Area>", "-- Select --",
                     "[Select a value]", "Click to choose", "(choose from the list)", "<insert area>", "Please select\u00a0one:")
    ],
    (AREA, "Selected by the team", "Selected by the team", ()),
    (GOAL, "G1", "G1", ()),
    (GOAL, " g1 ", "G1", ("list-tidied",)),
    (GOAL, "G12.", "G12", ("list-tidied",)),
    (GOAL, "G1 - Reading", "G1 - Reading", ()),
    (GOAL, "G1" + " " * 400 + "or G2", "G1" + " " * 400 + "or G2", ()),
    (GOAL, "...", "...", ()),
    (GOAL, "none", None, ("read-as-blank",)),
    (GOAL, 1.0, "1", ()),
    (DISTRICT_GOAL, "None", "None", ()),
    (DISTRICT_GOAL, "none ", "None", ("list-tidied",)),
    (DISTRICT_GOAL, "dg2", "DG2", ("list-tidied",)),
    (DISTRICT_GOAL, "none of them", "none of them", ()),
]  # fmt: skip

# --------------------------------------------------------------------------------------- numbers

NUMBERS: list[Row] = [
    (WHOLE, 12.0, 12, ()),
    (WHOLE, -0.0, 0, ()),
    (WHOLE, 12.5, "12.5", ()),
    (WHOLE, "12", 12, ("number-as-text",)),
    (WHOLE, "-3", -3, ("number-as-text",)),
    (WHOLE, "12.0", 12, ("number-as-text",)),
    (WHOLE, "12.5", "12.5", ()),
    (WHOLE, " 12\u00a0", 12, ("number-tidied",)),
    (WHOLE, "1,240", 1240, ("number-tidied",)),
    (WHOLE, "12.", 12, ("number-tidied",)),
    (WHOLE, "１２", 12, ("number-tidied",)),
    (WHOLE, "−12", -12, ("number-tidied",)),
    (WHOLE, "+12", 12, ("number-tidied",)),
    (WHOLE, "1\u00a0240", 1240, ("number-tidied",)),
    (WHOLE, "12 hours", "12 hours", ()),
    (WHOLE, "about 12", "about 12", ()),
    (WHOLE, "12-15", "12-15", ()),
    (WHOLE, "12 15", "12 15", ()),
    (WHOLE, "5²", "5²", ()),
    (WHOLE, True, "TRUE", ()),
    (WHOLE, "TRUE", "TRUE", ()),
    (WHOLE, "9" * 5000, "9" * 5000, ()),
    (WHOLE, float("nan"), "nan", ()),
    (WHOLE, formatted(46085.0, "date"), "3/4/2026", ()),
    (NUMBER, 61.5, Decimal("61.5"), ()),
    (NUMBER, 0.1 + 0.2, Decimal("0.3"), ()),
    (NUMBER, 1e300, Decimal("1e300"), ()),
    (NUMBER, "61.5", Decimal("61.5"), ("number-as-text",)),
    (NUMBER, ".5", Decimal("0.5"), ("number-tidied",)),
    (NUMBER, "0,5", Decimal("0.5"), ("number-tidied",)),
    (NUMBER, "0.125", Decimal("0.125"), ("number-as-text",)),
    (NUMBER, "1234.500", Decimal("1234.5"), ("number-as-text",)),
    (NUMBER, "1.200.000", Decimal(1200000), ("number-tidied",)),
    (NUMBER, "1.200,50", Decimal("1200.50"), ("number-tidied",)),
    (NUMBER, "1,240.500", Decimal("1240.5"), ("number-tidied",)),
    (NUMBER, "5%", Decimal(5), ("number-tidied",)),
    (NUMBER, "5 %", Decimal(5), ("number-tidied",)),
    (NUMBER, "0.5%", Decimal("0.5"), ("number-tidied",)),
    (NUMBER, "(5%)", Decimal(-5), ("number-tidied",)),
    (NUMBER, formatted(0.61, "percent"), Decimal(61), ("percent-read",)),
    (NUMBER, formatted(0.07, "percent"), Decimal(7), ("percent-read",)),
    (WHOLE, formatted(0.615, "percent"), "61.5%", ()),
    (HOURS, "5%", "5%", ()),
    (HOURS, formatted(0.61, "percent"), "61%", ()),
    (HOURS, "$5", "$5", ()),
    (NUMBER, "NaN", "NaN", ()),
    (NUMBER, "Infinity", "Infinity", ()),
    (NUMBER, "1e3", "1e3", ()),
    (NUMBER, "1,2,3", "1,2,3", ()),
    (DOLLARS, 1200.5, Decimal("1200.5"), ()),
    (DOLLARS, "$1,200.00", Decimal(1200), ("number-tidied",)),
    (DOLLARS, "$ 1,200", Decimal(1200), ("number-tidied",)),
    (DOLLARS, "USD 1,200", Decimal(1200), ("number-tidied",)),
    (DOLLARS, "US$1200", Decimal(1200), ("number-tidied",)),
    (DOLLARS, "1,200 dollars", Decimal(1200), ("number-tidied",)),
    (DOLLARS, "(500)", Decimal(-500), ("number-tidied",)),
    (DOLLARS, "($500)", Decimal(-500), ("number-tidied",)),
    (DOLLARS, "$(500.00)", Decimal(-500), ("number-tidied",)),
    (DOLLARS, "-$500", Decimal(-500), ("number-tidied",)),
    (DOLLARS, "$-500", Decimal(-500), ("number-tidied",)),
    (DOLLARS, "$500 USD", "$500 USD", ()),
    (DOLLARS, "-(500)", "-(500)", ()),
    (DOLLARS, "(500", "(500", ()),
    (DOLLARS, "€500", "€500", ()),
    (DOLLARS, "1.2k", "1.2k", ()),
    (DOLLARS, "5%", "5%", ()),
    (DOLLARS, formatted(0.5, "percent"), "50%", ()),
]

PERCENTS: list[Row] = [
    (NUMBER, 0.61, Decimal(61), ("percent-read",)),
    (NUMBER, -0.05, Decimal(-5), ("percent-read",)),
    (NUMBER, "0.61", Decimal(61), ("number-as-text", "percent-read")),
    (NUMBER, "0.5%", Decimal("0.5"), ("number-tidied",)),
    (NUMBER, formatted(0.005, "percent"), Decimal("0.5"), ("percent-read",)),
    (NUMBER, 0.0, Decimal(0), ()),
    (NUMBER, 1.0, Decimal(1), ()),
    (NUMBER, 61.0, Decimal(61), ()),
]

TWO_NUMBERS = [
    ("1.200", "1.2", "1,200"),
    ("12.000", "12", "12,000"),
    ("-1.200", "-1,200", "-1.2"),
    ("$1.200", "1.2", "1,200"),
    ("1,2", "1.2", "12"),
    ("1,20", "1.2", "120"),
    ("0,500", "0.5", "500"),
]

# ----------------------------------------------------------------------------------------- dates

DATES: list[Row] = [
    (DAY, formatted(46280.0, "date"), SEP_15, ()),
    (DAY, 46280.0, SEP_15, ("date-from-number",)),
    (DAY, formatted(46280.375, "date"), SEP_15, ("date-from-number",)),
    (DAY, formatted(32874.0, "date"), date(1990, 1, 1), ()),
    (DAY, formatted(32873.0, "date"), "12/31/1989", ()),
    (DAY, formatted(73050.0, "date"), date(2099, 12, 31), ()),
    (DAY, formatted(73051.0, "date"), "1/1/2100", ()),
    (DAY, 2026.0, "2026", ()),
    (DAY, formatted(2026.0, "date"), "7/18/1905", ()),
    (DAY, formatted(46280.0, "percent"), "4628000%", ()),
    (DAY, float("inf"), "inf", ()),
    (DAY, True, "TRUE", ()),
    *[
        (DAY, text, SEP_15, ("date-from-text",))
        for text in (
            "9/15/2026", "09/15/26", "9-15-2026", "9.15.2026", "9 15 2026", "9 / 15 / 2026", "9‑15‑26", "９/15/2026",
            "2026-09-15", "2026/9/15", "2026.9.15", "2026-09-15T08:00:00", "2026-09-15 08:00:00.000", "2026-09-15T08:00:00Z",
            "2026-09-15T08:00:00-06:00", "9/15/2026 8:00 AM", "9/15/2026, 8:00 a.m.",
            "Sept. 15, 2026", "15 Sep 2026", "September 15 2026", "September 15th, 2026", "15-Sep-26", "15th of September 2026",
            "SEP 15, '26", "sep-15-2026", "2026 September 15", "15sep2026", "Tuesday, September 15, 2026", "Tue 9/15/2026",
            " 9/15/2026\u00a0", "9/15/2026.",
        )
    ],
    (DAY, "1/2/90", date(1990, 1, 2), ("date-from-text",)),
    (DAY, "1/2/89", date(2089, 1, 2), ("date-from-text",)),
    (DAY, "2/29/2028", date(2028, 2, 29), ("date-from-text",)),
    (DAY, "3/4/26", date(2026, 3, 4), ("date-from-text",)),
    *[
        (NEEDED_DAY, text, text, ())
        for text in (
            "2/30/2026", "2/29/2026", "13/13/2026", "15/9/2026", "0/5/2026", "9/15", "9/2026", "September 2026", "26-09-15",
            "9/15/1926", "9/15/2126", "9/15/202", "9/15-2026", "soon", "fall 2026", "9/15/2026 - 9/17/2026", "Sport 15, 2026",
            "TBD", "8:00 9/15/2026", "9/15/2026 8:00 or so", "<insert date>", "46280", "20260915", "N/A", "9/15/2026 or " + "x" * 100,
        )
    ],
]  # fmt: skip

OUTSIDE_US: list[Row] = [
    (DAY, "15/9/2026", SEP_15, ("date-from-text",)),
    (DAY, "9/15/2026", SEP_15, ("date-from-text",)),
    (DAY, "3/3/26", date(2026, 3, 3), ("date-from-text",)),
    (DAY, "2026-03-04", date(2026, 3, 4), ("date-from-text",)),
    (DAY, "4 March 2026", date(2026, 3, 4), ("date-from-text",)),
    (DAY, "03/04/26", "03/04/26", ("two-readings",)),
    (DAY, "3.4.2026", "3.4.2026", ("two-readings",)),
]


@pytest.mark.parametrize("row", [*AS_IT_IS, *BLANKS, *TEXTS, *CODES, *EMAILS], ids=named)
def test_a_text_is_taken_as_it_was_typed_or_with_a_note(spec_2022: Spec, row: Row) -> None:
    check(spec_2022, row)


@pytest.mark.parametrize("row", CHOICES, ids=named)
def test_a_choice_is_taken_in_the_words_of_the_list(spec_2022: Spec, row: Row) -> None:
    check(spec_2022, row)


@pytest.mark.parametrize("row", NUMBERS, ids=named)
def test_a_number_is_taken_where_there_is_one_reading(spec_2022: Spec, row: Row) -> None:
    check(spec_2022, row)


@pytest.mark.parametrize("unit", ["Percent", "percent ", "PERCENT."])
@pytest.mark.parametrize("row", PERCENTS, ids=named)
def test_a_share_of_one_is_a_percentage_where_the_unit_says_so(spec_2022: Spec, row: Row, unit: str) -> None:
    check(spec_2022, row, unit=unit)


@pytest.mark.parametrize("unit", ["", "Score", "Percentage points", "%"])
def test_a_share_of_one_stays_where_the_unit_is_another(spec_2022: Spec, unit: str) -> None:
    check(spec_2022, (NUMBER, 0.61, Decimal("0.61"), ()), unit=unit)


@pytest.mark.parametrize("row", DATES, ids=named)
def test_a_date_is_taken_where_there_is_one_reading(spec_2022: Spec, row: Row) -> None:
    check(spec_2022, row)


@pytest.mark.parametrize("row", OUTSIDE_US, ids=named)
def test_a_date_is_read_in_the_orders_of_the_spec(spec_2022: Spec, row: Row) -> None:
    check(spec_2022, row, orders=ALL_ORDERS)


def test_the_epoch_of_1904_moves_every_day(spec_2022: Spec) -> None:
    serial = float((SEP_15 - date(1904, 1, 1)).days)
    for field, value in ((DAY, SEP_15), (NEEDED, "9/15/2026")):
        check(spec_2022, (field, formatted(serial, "date"), value, ()), epoch_1904=True)
    check(spec_2022, (NEEDED, formatted(0.0, "date"), "1/1/1904", ()), epoch_1904=True)
    check(spec_2022, (NEEDED, formatted(2_957_500.0, "date"), "2957500", ()), epoch_1904=True)


# ------------------------------------------------------------------------------------ two readings


def said(spec: Spec, field: Field, found: Decoded) -> list[tuple[str, str]]:
    """The message and the remedy of each note of a decoded cell."""
    where = Place(label=field.label)
    findings = [spec.finding(code, where, entered=found.entered, **words) for code, words in found.notes]
    return [(finding.message, finding.fix) for finding in findings]


@pytest.mark.parametrize("field", [NUMBER, WHOLE, DOLLARS], ids=lambda field: field.type)
@pytest.mark.parametrize(("text", "first", "second"), TWO_NUMBERS)
def test_a_number_with_two_readings_is_an_error_that_names_both(
    spec_2022: Spec, field: Field, text: str, first: str, second: str
) -> None:
    found = check(spec_2022, (field, text, text, ("two-readings",)))
    assert (found.blocked, found.notes[0][1]) == (True, {"first": first, "second": second})


def test_a_date_with_two_readings_is_an_error_that_names_both(spec_2022: Spec) -> None:
    found = read(spec_2022, DAY, "03/04/26", orders=ALL_ORDERS)
    assert found.blocked
    assert said(spec_2022, DAY, found) == [
        (
            'X: "03/04/26" can be read in two ways, as March 4, 2026 or as April 3, 2026.',
            "Write the one that you mean, just like this: March 4, 2026 or April 3, 2026.",
        )
    ]


@pytest.mark.parametrize("text", ["03/04/26", *(row[0] for row in TWO_NUMBERS)])
def test_each_reading_that_an_error_names_is_one_that_is_taken(spec_2022: Spec, text: str) -> None:
    field = DAY if "/" in text else NUMBER
    ((_, words),) = read(spec_2022, field, text, orders=ALL_ORDERS).notes
    values = [read(spec_2022, field, words[key], orders=ALL_ORDERS) for key in ("first", "second")]
    assert [found.blocked for found in values] == [False, False]
    assert values[0].value != values[1].value
    assert not any(isinstance(found.value, str) for found in values)


def test_a_choice_that_fits_two_values_is_an_error_that_names_both(spec_2022: Spec) -> None:
    twins = ValueList(name="twins", choices=(Choice(value="Pre-K"), Choice(value="Pre - k")))
    spec = replace(spec_2022, lists={**spec_2022.lists, "twins": twins})
    found = check(spec, (item("list", list="twins"), "pre-k", "pre-k", ("two-readings",)))
    assert found.notes[0][1] == {"first": "Pre-K", "second": "Pre - k"}


# ---------------------------------------------------------------------------- formulas, errors, words


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (Cell(value=12.0, is_formula=True), (12, "12", ("formula-taken",), False)),
        (Cell(value="12", is_formula=True), (12, "12", ("formula-taken", "number-as-text"), False)),
        (Cell(value="about 12", is_formula=True), ("about 12", "about 12", ("formula-taken",), False)),
        (Cell(value="1_x0007_2", is_formula=True), (12, "12", ("formula-taken", "characters-removed", "number-as-text"), False)),
        (Cell(value="", is_formula=True), (None, "=", ("formula-without-value",), True)),
        (Cell(value="", error="#REF!", is_formula=True), (None, "#REF!", ("excel-error",), True)),
        (Cell(value="", error="#N/A"), (None, "#N/A", ("excel-error",), True)),
    ],
    ids=repr,
)  # fmt: skip
def test_a_formula_is_taken_at_its_value(spec_2022: Spec, cell: Cell, found: tuple[object, ...]) -> None:
    got = read(spec_2022, WHOLE, cell)
    assert (got.value, got.entered, tuple(code for code, _ in got.notes), got.blocked) == found


def test_only_errors_block(spec_2022: Spec) -> None:
    for rows in (TEXTS, CODES, EMAILS, CHOICES, NUMBERS, DATES):
        for field, raw, _, codes in rows:
            errors = [code for code in codes if spec_2022.findings[code].severity == "error"]
            assert read(spec_2022, field, raw).blocked == bool(errors), raw


@pytest.mark.parametrize(
    ("field", "raw", "entered", "message"),
    [
        (NEEDED, "a_x000B_b\u200bc", "a\nbc",
         "X held characters that cannot be seen or printed: vertical tab (U+000B), read as a line break; zero width space (U+200B), left out."),
        (NEEDED, "_x0001__x0002__x0003__x0004__x0005_a_xD83D_", "a",
         "X held characters that cannot be seen or printed: control character (U+0001), left out; control character (U+0002), left out; "
         "control character (U+0003), left out; control character (U+0004), left out; 2 more."),
        (NEEDED, "_xDC4D_!\uffff", "!",
         "X held characters that cannot be seen or printed: half of a character (U+DC4D), left out; no character (U+FFFF), left out."),
        (TEXT, "x" * 40_000, "x" * MAX_TEXT, "X is 40,000 characters long; a cell of Excel holds at most 32,767."),
        (TEXT, "n/a", "n/a", 'X: "n/a" was read as no answer.'),
        (AREA, "Choose an item.", "Choose an item.", 'X: "Choose an item." only asks for a choice; it was read as no answer.'),
        (WHOLE, "12", "12", "X: 12 was stored as text; it was read as the number 12."),
        (DOLLARS, "$1,200.50", "$1,200.50", 'X: "$1,200.50" was read as the number 1,200.5.'),
        (NUMBER, formatted(0.61, "percent"), "61%", 'X: "61%" was read as 61 percent.'),
        (DAY, "Sept. 15, 2026", "Sept. 15, 2026", 'X: "Sept. 15, 2026" was read as the date September 15, 2026.'),
        (DAY, 46280.0, "46280", 'X: the cell shows "46280"; it was read as the date September 15, 2026.'),
        (GOAL, " g1 ", " g1 ", 'X: "g1" was read as "G1", as it stands in the drop-down.'),
        (EMAIL, "mailto:a@b.org", "mailto:a@b.org", 'X: "mailto:a@b.org" was read as "a@b.org".'),
        (SCHOOL_NUMBER, 89910000106.0, "89910000106",
         'X: "89910000106" was read as 089910000106; Excel drops the zeros at the front of a number.'),
        (WHOLE, Cell(value=3.0, is_formula=True), "3", 'X holds a formula; its result, "3", was taken.'),
        (WHOLE, Cell(value="", is_formula=True), "=", "X holds a formula, and the file does not hold its result."),
        (WHOLE, Cell(value="", error="#NAME?"), "#NAME?", "X shows #NAME?, which is how Excel says that a formula went wrong."),
    ],
)  # fmt: skip
def test_a_note_says_what_stood_there_and_what_it_was_taken_for(
    spec_2022: Spec, field: Field, raw: Any, entered: str, message: str
) -> None:
    found = read(spec_2022, field, raw)
    assert found.entered == entered
    assert [sentence for sentence, _ in said(spec_2022, field, found)] == [message]


# ------------------------------------------------------------------------------------- the parts


def test_no_two_values_of_a_list_are_the_same_but_for_their_spelling(
    spec_2022: Spec, spec_2011: Spec
) -> None:
    for spec in (spec_2022, spec_2011):
        for values in spec.lists.values():
            assert len({folded(value) for value in values.values}) == len(values.values), values.name


def test_every_value_of_a_list_is_taken_as_it_stands(spec_2022: Spec) -> None:
    for name, values in spec_2022.lists.items():
        for value in values.values:
            check(spec_2022, (item("list", list=name), value, value, ()))
            check(spec_2022, (item("list", list=name), f" {value.upper()}. ", value, ("list-tidied",)))


def test_what_stands_in_a_cell_that_is_no_answer() -> None:
    cells = (Cell(value=" G1 "), Cell(value=1.0), Cell(value="", error="#REF!"), formatted(0.0, "date"))
    assert [text_of(cell) for cell in cells] == ["G1", "1", "#REF!", "0:00"]
    assert text_of(formatted(0.0, "date"), epoch_1904=True) == "1/1/1904"


def test_a_text_is_cleaned_folded_and_made_plain() -> None:
    assert clean("plain") == ("plain", "")
    assert plain(" “A”\u00a0–\u3000Ｂ’s \u200d\n") == '"A" - B\'s'
    assert folded("Straße – ①.") == "strasse-1"


def test_numbers_and_dates_have_the_readings_that_the_caller_needs() -> None:
    assert numbers.reading("") == numbers.NONE == numbers.reading("1" * 41)
    assert numbers.reading("$5").is_money
    assert dates.readings("9/15/2026", DATE_ORDERS[1:]) == ()
    assert dates.readings("15.9.2026", ("day-month-year",)) == (SEP_15,)
    assert dates.displayed(46280.9999, epoch_1904=False) == "9/16/2026"


def test_every_month_and_every_day_of_a_year_is_read() -> None:
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        for text in (dates.in_words(day), day.isoformat(), f"{day.day} {dates.in_words(day)[:3]} 28"):
            assert dates.readings(text, ("year-month-day",)) == (day,)
