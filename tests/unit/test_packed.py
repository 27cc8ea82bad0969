"""Submissions and findings as the store keeps them, and back."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from functools import partial

from tests.support.generated import generated, submitted

from plbuild import rollup
from plbuild.model import Answer, Finding, Place, Record, Spec, Submission, Table
from plbuild.pipeline import packed, store
from plbuild.rollup.memory import Unshared

ODD = ["", "0", "lone \ud800 surrogate", "nul \x00", "ünï \U0001f600", "{'date': 'x'}", '{"number":"1"}']


def again(item: Submission) -> Submission:
    """A submission that has been in the store."""
    head = packed.to_head(store.unpacked(store.packed(packed.from_head(item))))
    return packed.with_answers(head, store.unpacked(store.packed(packed.from_answers(item))))


def test_submissions_come_back_as_they_were() -> None:
    plans = (*submitted("cedar-valley"), *submitted("maple-ridge"))
    assert [again(item) for item in plans] == list(plans)


def test_odd_values_come_back_as_they_were() -> None:
    values = [*ODD, None, 0, -7, Decimal("1.50"), Decimal("NaN"), Decimal("-0"), date(1, 1, 1)]
    answers = {
        f"field {number}": Answer(value, entered, "A1", bool(number % 2))
        for number, (value, entered) in enumerate((value, entered) for value in values for entered in ODD)
    }
    record = Record(id="", sheet=ODD[2], row=3, answers=answers)
    item = Submission(
        file=ODD[3], digest="d", kind="k", version="1", plan_id="", sections={"a": (record,), "b": ()},
        sheets=("x",), missing_sections=("c",), anchors={"a": ("x", "B2")}, saved=date(2026, 1, 2), is_blank=True,
    )  # fmt: skip
    assert repr(again(item)) == repr(item)


def test_findings_come_back_as_they_were() -> None:
    names = [item.name for item in fields(Place)]
    place = Place(**{name: f"{name} {ODD[4]}" for name in names})
    found = Finding(severity="error", code="c", where=place, entered=ODD[2], message="m", fix="f")
    assert packed.to_findings(store.unpacked(store.packed(packed.from_findings([found])))) == (found,)
    # What a finding gets later, when waivers and dismissals are judged, is not stored.
    assert [item.name for item in fields(Finding)][6:] == ["waiver", "dismissal"]


def test_what_is_rolled_up_comes_back_as_it_was(spec_2022: Spec) -> None:
    for item in submitted("cedar-valley"):
        kept = rollup.keep(spec_2022, item)
        head, columns = (
            store.unpacked(store.packed(part)) for part in (rollup.packed(kept), rollup.packed_columns(kept))
        )
        found = rollup.unpacked(head, partial(list, columns))
        assert found == kept
        assert found.columns(found.counts) == kept.columns(kept.counts)
        assert found.columns(["goals"]) == kept.columns(["goals"])


def test_a_workbook_of_known_sheets_has_the_same_bytes() -> None:
    district = generated(9)
    figures = rollup.rollup(district.spec, district.roster, district.statuses, district.plans())
    known = Unshared()
    first = rollup.to_xlsx(figures, known)
    count = len(known.values)
    assert rollup.to_xlsx(figures, known) == first == rollup.to_xlsx(figures)
    assert len(known.values) == count
    fewer = generated(8)
    others = rollup.rollup(fewer.spec, fewer.roster, fewer.statuses, fewer.plans())
    assert rollup.to_xlsx(others, known) == rollup.to_xlsx(others)
    assert count < len(known.values) < 2 * count


def test_a_table_is_known_by_all_that_is_in_it() -> None:
    table = Table(name="a", title="A", note="", columns=(), rows=(("x",),), sources=(("s",),))
    others = [
        replace(table, title="B"), replace(table, note="B"), replace(table, rows=(("y",),)),
        replace(table, rows=(("x",), ("x",))), replace(table, sources=()), replace(table, total=("x",)),
        replace(table, rows=(("x",), ("s",)), sources=()), replace(table, rows=(("x",),) * 1000),
        replace(table, rows=(("x",),) * 999 + (("y",),)),
    ]  # fmt: skip
    prints = {item.fingerprint for item in (table, *others)}
    assert len(prints) == 1 + len(others)
    assert replace(table).fingerprint == table.fingerprint


def test_rows_come_back_in_their_own_columns() -> None:
    """Records that follow each other are stored together only where their answers stand alike."""
    records = (
        Record(id="1", sheet="x", row=6, answers={"a": Answer("v", "v", "B6"), "b": Answer(1, "1", "C6")}),
        Record(id="2", sheet="x", row=7, answers={"a": Answer("w", "w", "B7"), "b": Answer(2, "2", "C7")}),
        Record(id="3", sheet="x", row=8, answers={"b": Answer(3, "3", "C8"), "a": Answer("u", "u", "B8")}),
        Record(id="4", sheet="x", row=9, answers={"a": Answer(None, "", "D9", True)}),
        Record(id="5", sheet="y", row=10, answers={"a": Answer(None, "", "D10")}),
        Record(id="6", sheet="y", row=11, answers={"a": Answer("", "", "D10"), "b": Answer("s", "t", "")}),
        Record(id="7", sheet="y", row=12, answers={}),
        Record(id="8", sheet="y", row=13, answers={}),
    )
    plan = submitted("cedar-valley")[0]
    item = replace(plan, sections={"s": records, "none": (), "t": records[:1]}, anchors={})
    assert repr(again(item)) == repr(item)
    assert [list(row.answers) for row in again(item).sections["s"][:3]] == [
        ["a", "b"],
        ["a", "b"],
        ["b", "a"],
    ]
