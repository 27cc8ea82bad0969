"""What a template of a plan may name: the context of a plan in which every answer is given.

Takes the spec, returns a context. Design decision: the names are not listed anywhere; they are read off
the very context that documents are filled with, made of a plan with as many rows as it takes for every
reference to lead to each of the sections it may lead to.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plbuild.documents.context import plan_context
from plbuild.model import Answer, Field, PlanSpec, Record, RosterRow, Section, Spec, Submission, Value

# What the renderer itself adds, and what differs from district to district: anything goes.
OPEN = ("contents", "template", "facts", "owner", "source")


def context(spec: Spec, plan: PlanSpec) -> dict[str, object]:
    """The context of a plan of this kind with every field answered."""
    kinds = {plan.kind} | {
        home.kind for part in plan.sections for item in part.fields for home, _ in spec.targets(plan, item)
    }
    others = tuple(_submission(spec, spec.plan(kind)) for kind in sorted(kinds - {plan.kind}))
    owner = RosterRow(id="0", name="Sample", columns={})
    return plan_context(spec, plan, _submission(spec, plan), owner, others)


def _submission(spec: Spec, plan: PlanSpec) -> Submission:
    sections = {part.name: tuple(_records(spec, plan, part)) for part in plan.sections}
    return Submission(
        file="sample.xlsx", digest="0" * 64, kind=plan.kind, version=plan.version, plan_id="0",
        sections=sections,
    )  # fmt: skip


def _records(spec: Spec, plan: PlanSpec, part: Section) -> list[Record]:
    count = max([1, *(len(spec.targets(plan, item)) for item in part.fields)])
    return [
        Record(
            id=f"{part.id_prefix}{number}" if part.id_prefix else "",
            sheet=part.title,
            row=number,
            answers={item.name: _answer(spec, plan, item, number) for item in part.fields},
        )
        for number in range(1, (1 if part.shape == "form" else count) + 1)
    ]


def _answer(spec: Spec, plan: PlanSpec, item: Field, number: int) -> Answer:
    value = _value(spec, plan, item, number)
    return Answer(value=value, entered=str(value), cell="A1")


def _value(spec: Spec, plan: PlanSpec, item: Field, number: int) -> Value:
    targets = spec.targets(plan, item)
    if targets:
        return f"{targets[min(number, len(targets)) - 1][1].id_prefix}1"
    if item.list in spec.lists and spec.lists[item.list].values:
        return spec.lists[item.list].values[0]
    if item.is_number:
        return 1 if item.type == "integer" else Decimal(1)
    return date(2026, 9, 1) if item.type == "date" else "A text."
