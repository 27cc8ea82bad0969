"""The rules that every stage shares: how values read, and names that are safe everywhere."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plbuild import model
from plbuild.model import Roster, RosterRow, Spec, SpecError


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("x", "x"), (1240, "1240"), (Decimal("1240.50"), "1,240.5"), (date(2026, 9, 5), "9/5/2026")],
)
def test_values_read_as_us_readers_write_them(value: object, text: str) -> None:
    assert model.shown(value) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("1200", "$1,200"), ("1200.5", "$1,200.50"), ("-3", "-$3"), ("0", "$0")]
)
def test_money(amount: str, text: str) -> None:
    assert model.money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("O'Keeffe Elementary School", "okeeffe-elementary-school"),
        ("San José Middle School", "san-jose-middle-school"),
        ("../../etc/passwd", "etc-passwd"),
        ('A/B\\C:D*E?F"G<H>I|J', "a-b-c-d-e-f-g-h-i-j"),
        ("  #1 Ke?anae @ P.S. + 2!  ", "1-ke-anae-p-s-2"),
        ("x" * 200, "x" * 60),
        ("日本", ""),
    ],
)
def test_names_are_safe_on_every_system(name: str, safe: str) -> None:
    assert model.safe_name(name) == safe


def test_an_excerpt_is_one_short_line() -> None:
    assert model.excerpt("a\n b", 10) == "a b"
    assert model.excerpt("x" * 100, 10) == "x" * 9 + "…"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert model.guarded(text) == f"'{text}"
    assert model.guarded(f"a{text}") == f"a{text}"


def test_what_crosses_a_border_pickles(spec_2022: Spec) -> None:
    assert pickle.loads(pickle.dumps(spec_2022)) == spec_2022  # noqa: S301 - our own bytes
    error = pickle.loads(pickle.dumps(SpecError(("a", "b"))))  # noqa: S301
    assert (error.problems, str(error)) == (("a", "b"), "a\nb")


def test_a_plan_belongs_to_the_row_with_its_id(spec_2022: Spec) -> None:
    district, first, second, again = (RosterRow(id=i, name="", columns={}) for i in ("1", "2", "3", "2"))
    roster = Roster(district=district, schools=(first, second, replace(again, name="again")))
    school, home = spec_2022.owned_by("school"), spec_2022.owned_by("district")
    assert [roster.owner(school, i) for i in ("1", "2", "3")] == [None, first, second]
    assert [roster.owner(home, i) for i in ("1", "2", "3")] == [district, None, None]
    fewer = pickle.loads(pickle.dumps(replace(roster, schools=(second,))))  # noqa: S301
    assert [fewer.owner(school, i) for i in ("2", "3")] == [None, second]


def test_a_note_is_ours_only_as_we_wrote_it() -> None:
    ours = "plbuild:\nArea is missing.\nFill it in.\n\n→ Fix list, no. 1"
    assert model.is_our_note(ours)
    assert model.is_our_note(f"{ours}\n")
    for text in ("", "plbuild:", "Ann:\n→ x", f"{ours}\nWe have none.", f"Ann: {ours}"):
        assert not model.is_our_note(text)
