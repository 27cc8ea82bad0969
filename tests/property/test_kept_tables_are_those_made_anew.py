"""The law: whatever changed in whichever plan, the figures that are made of what earlier builds kept are those
that are made of nothing, and so are their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild.model import Record, Rollup, Status, Submission, Value
from plbuild.pipeline import store
from plbuild.rollup import Kept, csv_parts, keep, packed, packed_columns, rollup, to_csv, to_xlsx, unpacked
from plbuild.rollup.memory import Unshared
from tests.support.generated import generated

# More than one run of plans.
DISTRICT = generated(34)
PLANS = tuple(DISTRICT.plans())
TOUCHED = (0, 1, 33, 34)
VALUES: tuple[Value, ...] = (
    None, "", "Other words", "=1+1", 3, Decimal("3"), Decimal("3.00"), Decimal("1E+3"), Decimal("NaN"),
    date(2026, 9, 1), date(2027, 2, 3),
)  # fmt: skip


class Stored(Unshared):
    """What the store gives back: plain values that were JSON."""

    def get(self, key: str) -> Any | None:
        found = super().get(key)
        return None if found is None else store.unpacked(found)

    def put(self, key: str, value: object) -> None:
        super().put(key, store.packed(value))

    def fetch(self, key: str) -> Any:
        return store.unpacked(super().fetch(key))


class Draw:
    """An answer, a row or a plan to change, by numbers that hypothesis draws."""

    def __init__(self, plan: int, section: int, row: int, field: int, value: int, what: str) -> None:
        self.plan, self.section, self.row, self.field = TOUCHED[plan], section, row, field
        self.value, self.what = value, what

    def __repr__(self) -> str:
        return f"{self.what} {self.plan, self.section, self.row, self.field, self.value}"

    def changed(self, plan: Submission) -> Submission:
        """The plan with an answer that is another, a row less, or a row twice."""
        filled = [name for name, records in plan.sections.items() if records]
        name = filled[self.section % len(filled)]
        records = list(plan.sections[name])
        at = self.row % len(records)
        if self.what == "less":
            del records[at]
        elif self.what == "twice":
            records.insert(at, records[at])
        else:
            records[at] = self._answered(records[at], records)
        return replace(plan, digest=plan.digest + "x", sections={**plan.sections, name: tuple(records)})

    def _answered(self, record: Record, others: list[Record]) -> Record:
        names = list(record.answers)
        if not names:
            return record
        name = names[self.field % len(names)]
        theirs = [other.value(name) for other in others]
        values = (*VALUES, *dict.fromkeys(theirs))
        value = values[self.value % len(values)]
        answer = record.answers[name]._replace(value=value)
        return replace(record, answers={**record.answers, name: answer})


DRAWN = st.builds(
    Draw,
    st.integers(0, len(TOUCHED) - 1), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40),
    st.integers(0, 40), st.sampled_from(["answer"] * 5 + ["less", "twice", "held"]),
)  # fmt: skip


def kept(plan: Submission) -> Kept:
    """What is kept of a plan, as it comes out of the store."""
    made = keep(DISTRICT.spec, plan)
    columns = store.packed(packed_columns(made))
    return unpacked(store.unpacked(store.packed(packed(made))), partial(store.unpacked, columns))


def figures(statuses: Iterable[Status], plans: Iterable[Submission | Kept], known: Stored | None) -> Rollup:
    return rollup(DISTRICT.spec, DISTRICT.roster, statuses, plans, findings=(), known=known)


@settings(max_examples=6, deadline=None)
@given(st.lists(DRAWN, min_size=1, max_size=3))
def test_kept_tables_are_those_made_anew(events: list[Draw]) -> None:
    known = Stored()
    plans, statuses = list(PLANS), list(DISTRICT.statuses)
    held = [kept(plan) for plan in plans]
    lines: dict[str, dict[str, bytes]] = {}
    for event in (None, *events):
        if event and event.what == "held":
            state = statuses[event.plan].state
            statuses[event.plan] = replace(
                statuses[event.plan], state="held" if state == "accepted" else "accepted"
            )
        elif event:
            plans[event.plan] = event.changed(plans[event.plan])
            held[event.plan] = kept(plans[event.plan])
        found, anew = figures(statuses, held, known), figures(statuses, plans, None)
        for one, other in zip(found.every_table, anew.every_table, strict=True):
            assert one.name == other.name
            assert repr(tuple(one.rows)) == repr(tuple(other.rows)), one.name
            assert tuple(one.sources) == tuple(other.sources), one.name
            assert (one.title, one.note, one.columns) == (other.title, other.note, other.columns)
            assert repr(one.total) == repr(other.total), one.name
            before = lines.setdefault(one.name, {})
            parts = {digest: bytes(part) for digest, part in csv_parts(one, before)}
            assert b"".join(parts.values()) == to_csv(other), one.name
            lines[one.name] = parts
        assert to_xlsx(found, known) == to_xlsx(anew)
