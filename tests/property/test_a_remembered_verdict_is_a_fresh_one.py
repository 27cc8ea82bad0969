"""What Cerberus said of an answer once, it would say again: rules that have judged many rows judge the next
as new ones do, and as Cerberus does that is asked for the whole row."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild.checks import schema
from plbuild.model import Choice, Field, Section, Spec, Value, ValueList

LEVELS = ValueList(
    name="levels", choices=tuple(Choice(value=value) for value in ("1", "True", "Low", "High"))
)
SPEC = Spec(plans=(), lists={"levels": LEVELS}, wanted={}, findings={}, phrases={})


def field(name: str, kind: str, **rules: Any) -> Field:
    """A field that is called ``name``."""
    return Field(name=name, label=name, help="", type=kind, **rules)


ROW = Section(
    name="row", title="Row", guidance="", shape="table",
    fields=(
        field("level", "list", list="levels", required=True),
        field("rank", "integer", list="levels"),
        field("count", "integer", min=Decimal(1), max=Decimal(9)),
        field("amount", "money", required=True, min=Decimal(0)),
        field("on", "date"),
        field("said", "text", required=True, max_length=3, pattern="[a-z1]+"),
        field("told", "text", max_length=3),
        field("goal", "ref", refs=("goals", "home.goals"), none="None"),
    ),
)  # fmt: skip

# Many are equal and not the same to a rule: 1, 1.0, True and Decimal("1.0").
VALUES: tuple[Any, ...] = (
    None, 1, 1.0, True, Decimal(1), Decimal("1.0"), "1", 0, 0.0, False, Decimal(0), Decimal("-0.0"), "True",
    "Low", "High", "low", "", "long text", Decimal("Infinity"), 10, date(2026, 9, 1),
    datetime(2026, 9, 1), "G1", "G2", "None",
)  # fmt: skip
IDS: st.SearchStrategy[dict[str, frozenset[str]]] = st.fixed_dictionaries(
    {"goals": st.frozensets(st.sampled_from(["G1", "G2"])), "home.goals": st.just(frozenset({"1"}))}
)
ROWS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {item.name: st.sampled_from(VALUES) for item in ROW.fields}
)


class Whole(schema.RowValidator):
    """The validator with Cerberus's own rule for blank answers."""

    mandatory_validations = ("nullable",)


def of_whole_row(row: dict[str, Value], ids: dict[str, frozenset[str]]) -> dict[str, schema.Codes]:
    """What Cerberus says of a row in one document."""
    whole = Whole(schema.of_section(SPEC, ROW))
    whole.ids = ids
    whole.validate({name: value for name, value in row.items() if value is not None}, normalize=False)
    found: dict[str, schema.Codes] = {}
    for name, code in schema.errors(whole):
        found[name] = (*found.get(name, ()), code)
    return found


@pytest.mark.parametrize("verdicts", [schema._VERDICTS, 3])
@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(ROWS, IDS), min_size=1, max_size=8))
def test_rules_that_have_judged_rows_judge_the_next_as_new_ones(
    rows: list[tuple[dict[str, Value], dict[str, frozenset[str]]]], verdicts: int
) -> None:
    used = schema.SectionRules(schema.of_section(SPEC, ROW))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_VERDICTS", verdicts)  # when they are too many, it begins anew
        for row, ids in rows:
            assert used.codes(row, ids) == of_whole_row(row, ids)


@pytest.mark.parametrize("first", [1, True, 1.0, Decimal(1)])
def test_equal_values_of_other_types_are_not_taken_for_one_another(first: Any) -> None:
    rules = schema.SectionRules(schema.of_section(SPEC, ROW))
    rules.codes({"rank": first}, {})
    assert [rules.codes({"rank": value}, {}) for value in (1, True, Decimal(1), "1")] == [
        {"rank": ("not-in-list",)}, {"rank": ("not-in-list",)}, {"rank": ("wrong-type",)}, {"rank": ("wrong-type",)},
    ]  # fmt: skip


def test_rules_are_kept_for_equal_sections_and_lists() -> None:
    rules = schema.rules_of(SPEC, ROW)
    assert schema.rules_of(replace(SPEC, digest="another"), replace(ROW)) is rules
    fewer = replace(SPEC, lists={"levels": replace(LEVELS, choices=LEVELS.choices[:2])})
    assert schema.rules_of(fewer, ROW).codes({"level": "Low"}, {}) == {"level": ("not-in-list",)}
    assert schema.rules_of(SPEC, ROW).codes({"level": "Low"}, {}) == {}


def test_a_long_answer_is_not_kept() -> None:
    long, rules = "a" * 1000, schema.SectionRules(schema.of_section(SPEC, ROW))
    before = sys.getrefcount(long)
    for name in ("level", "said", "told", "goal"):
        assert rules.codes({name: long}, {})
    rules.codes(
        {"count": 1}, {}
    )  # Cerberus itself holds on to the last document, and its errors to each other
    gc.collect()
    assert sys.getrefcount(long) == before


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_threads_share_rules() -> None:
    rules = schema.SectionRules(schema.of_section(SPEC, ROW))

    def judged(thread: int) -> list[dict[str, schema.Codes]]:
        ids = {"goals": frozenset({f"G{thread}"})}
        rows: list[dict[str, Value]] = [
            {"count": 100 * number + thread, "goal": "G1"} for number in range(100)
        ]
        return [rules.codes(row, ids) for row in rows]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(judged, range(4)))
    wrong = {"count": ("out-of-range",)}
    for thread, codes in enumerate(found):
        broken = {} if thread == 1 else {"goal": ("broken-reference",)}
        assert codes == [broken | ({} if thread and not number else wrong) for number in range(100)]
