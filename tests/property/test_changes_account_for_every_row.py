"""Changes from one plan to another: none to itself, and every row is accounted for."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild import changes
from plbuild.changes import Kept, Owed
from plbuild.model import Answer, Record, Submission, Value
from tests.support.districts import load_spec

SPEC = load_spec("2022")
WORDS = st.lists(
    st.sampled_from(["read", "write", "count", "sing", "map", "lab", "rise", "fall"]), min_size=1, max_size=5
).map(" ".join)
VALUES: st.SearchStrategy[Value] = st.none() | WORDS | st.integers() | st.decimals() | st.dates() | st.text()
ROWS = st.lists(
    st.fixed_dictionaries(
        {"statement": WORDS}, optional={"need": VALUES, "target_value": VALUES, "target_date": VALUES}
    ),
    max_size=6,
)


def kept(rows: list[dict[str, Value]]) -> Kept:
    """A plan of some goals, numbered in order."""
    records = tuple(
        Record(id=f"G{n}", sheet="", row=n, answers={k: Answer(v, str(v), "A1") for k, v in row.items()})
        for n, row in enumerate(rows, start=1)
    )
    form = (Record(id="", sheet="", row=1, answers={"principal": Answer("Ana", "Ana", "A1")}),)
    plan = Submission(
        file="f", digest="", kind="school_plan", version="", plan_id="1",
        sections={"goals": records, "identity": form},
    )  # fmt: skip
    answers = changes.answers(SPEC.plan("school_plan"), plan)
    owed = Owed(kind="school_plan", id="1", name="Alder", state="accepted", answers=answers)
    return changes.kept([owed], date(2026, 1, 1))


@settings(max_examples=60, deadline=None)
@given(before=ROWS, after=ROWS)
def test_rows_are_added_and_removed_by_as_many_as_there_are_more(
    before: list[dict[str, Value]], after: list[dict[str, Value]]
) -> None:
    found = changes.changes(SPEC, kept(before), kept(after))
    what = Counter(item.what for item in found)
    assert what["added"] - what["removed"] == len(after) - len(before)
    # What is in the one plan and not in the other is told, down to the whole row.
    gone = {str(row["statement"]) for row in before} - {str(row["statement"]) for row in after}
    assert all(any(text in item.before for item in found) for text in gone)


@settings(max_examples=50, deadline=None)
@given(rows=ROWS)
def test_a_plan_does_not_differ_from_itself(rows: list[dict[str, Value]]) -> None:
    assert changes.changes(SPEC, kept(rows), changes.opened(kept(rows).data)) == ()
