"""Plans to give advice on: a good one, and the same with some answers changed.

The good plan is that of Birch Street in the Maple Ridge example, about which a reviewer has nothing to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from plbuild import advice as reviewer
from plbuild import intake
from plbuild.model import Answer, Finding, Record, Roster, Spec, Submission
from plbuild.pipeline import packed as plain
from plbuild.pipeline import store
from plbuild.spec import load
from tests.support.districts import EXAMPLES, TEMPLATES, Example, example

Edits = Mapping[str, Any]


@cache
def maple_ridge() -> Example:
    """The district of the plans."""
    return example("maple-ridge")


@cache
def read(file: str) -> Submission:
    """The one plan of a workbook of the example."""
    data = (EXAMPLES / "maple-ridge" / "submissions" / file).read_bytes()
    (plan,), _ = intake.read(maple_ridge().spec, file, data)
    return plan


def good_plan() -> Submission:
    """The plan about which there is nothing to say."""
    return read("Birch Street.xlsx")


def edited(plan: Submission, edits: Edits, blocked: Collection[str] = ()) -> Submission:
    """The plan with answers changed by ``section.row.field``; ``blocked`` ones are marked as reported."""
    sections = {name: list(rows) for name, rows in plan.sections.items()}
    for path, value in edits.items():
        section, row, field = path.split(".")
        record = sections[section][int(row)]
        sections[section][int(row)] = with_answer(record, field, value, is_blocked=path in blocked)
    return replace(plan, sections={name: tuple(rows) for name, rows in sections.items()})


def with_answer(record: Record, field: str, value: Any, *, is_blocked: bool = False) -> Record:
    """The record with one answer changed, at its cell; numbers become decimals."""
    old = record.answers[field]
    given = Decimal(str(value)) if isinstance(value, int | float) else value
    answer = Answer(value=given, entered=str(value or ""), cell=old.cell, blocked=is_blocked)
    return replace(record, answers={**record.answers, field: answer})


def noted(home: Example, plan: Submission, found: Iterable[Finding]) -> reviewer.Notes:
    """The reviewer's notes on a plan."""
    good = reviewer.strengths(home.spec, home.roster, home.district, plan)
    return reviewer.notes(home.spec, plan.kind, plan.plan_id, good, found)


@cache
def spec(profile: str = "") -> Spec:
    """The spec of the district, with a profile's text if one is given."""
    if not profile:
        return maple_ridge().spec
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
    return load(texts, standards_set="2011", profile=("profiles/a.yaml", profile))


def advice(
    edits: Edits, *, profile: str = "", blocked: Collection[str] = (), others: Iterable[Submission] = ()
) -> tuple[Finding, ...]:
    """The advice on the good plan with some answers changed."""
    plan = edited(good_plan(), edits, blocked)
    home = maple_ridge()
    return reviewer.advise(spec(profile), home.roster, home.district, plan, tuple(others))


def together(home: Example, plans: Iterable[Submission], roster: Roster | None = None) -> tuple[Finding, ...]:
    """The advice that only all plans together can give, out of what the store keeps of each."""
    kept = [
        plain.to_compared(plain.head(plan), store.unpacked(store.packed(plain.from_compared(one))))
        for plan in plans
        for one in [reviewer.compared(home.spec, plan)]
    ]
    return reviewer.across(home.spec, roster or home.roster, home.district, kept)


def cell(path: str, field: str) -> str:
    """The cell of ``field`` in the row of ``section.row``."""
    section, row = path.split(".")[:2]
    return good_plan().sections[section][int(row)].answers[field].cell
