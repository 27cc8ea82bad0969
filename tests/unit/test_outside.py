"""A sheet that is as it was printed is passed over; whatever was typed on it is not."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from tests.support.districts import Example
from tests.support.fill import fill

from plbuild import blank, intake
from plbuild.intake.outside import are_as_stamped, computing
from plbuild.intake.package import Book
from plbuild.model import furniture

PLAN_ID = "089910000102"
PRINTED = ["Mathematics", "Science", "Science", " Grade  3 "]


@pytest.fixture(scope="module")
def filled(cedar_valley: Example) -> bytes:
    """The filled workbook of one school."""
    plan = cedar_valley.spec.owned_by("school")
    owner = cedar_valley.roster.owner(plan, PLAN_ID)
    assert owner is not None
    book = blank.separate(cedar_valley.spec, plan, owner, cedar_valley.words)
    return fill(book, cedar_valley.answers("okeeffe-elementary"), plan, PLAN_ID)


def test_a_sheet_is_as_stamped_when_nothing_was_added_taken_moved_or_changed() -> None:
    stamp = furniture(PRINTED)
    assert are_as_stamped([stamp, *PRINTED])
    assert are_as_stamped([stamp, "Mathematics", "Science", "Science", "Grade 3"])
    for texts in (
        [],
        [stamp],
        ["", *PRINTED],
        PRINTED,
        [stamp, *PRINTED, "typed"],
        [stamp, *PRINTED[1:]],
        [stamp, *PRINTED[1:], PRINTED[0]],
        [stamp, "Mathematic", *PRINTED[1:]],
        [stamp, "x" * 1_000, *PRINTED[1:]],
    ):
        assert not are_as_stamped(texts)


@pytest.mark.parametrize("tab", ["Lists", "Standards"])
def test_the_sheets_for_reference_are_as_stamped(filled: bytes, tab: str) -> None:
    book = Book(filled)
    assert [are_as_stamped(book.texts(names)) for names in book.sheets if names.title == tab] == [True]


@pytest.mark.parametrize("value", ["typed", 12, True, "=1+1", "Ours"])
@pytest.mark.parametrize("cell", ["A3", "A200", "Z9", "A1"])
def test_what_was_typed_on_a_sheet_for_reference_is_told(
    cedar_valley: Example, filled: bytes, cell: str, value: str | float
) -> None:
    book = load_workbook(io.BytesIO(filled))
    book["Lists"][cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    _, findings = intake.read(cedar_valley.spec, "x.xlsx", buffer.getvalue())
    if value == "=1+1":  # computed by nobody yet, so that there is nothing to tell
        assert findings == ()
    else:
        assert [(f.code, f.where.sheet, f.where.cell) for f in findings] == [("typed-outside", "Lists", cell)]


def test_the_workbook_computes_above_and_left_of_its_answers() -> None:
    """Of two answers in a row, the one further right bounds it; whichever of the forms comes first."""
    forms = [(range(5, 9), 6), (range(7, 8), 3)]
    places = {
        (2, 50): True,
        (3, 1): False,
        (5, 5): True,
        (5, 6): False,
        (7, 5): True,
        (7, 6): False,
        (9, 1): False,
    }
    for tables in (forms, forms[::-1]):
        computes = computing(tables, range(3))
        assert {place: computes(place) for place in places} == places
