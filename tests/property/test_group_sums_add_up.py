"""The law: whatever the plans hold, what goes into a table comes out of it, and nothing twice.

The plans are made from the real specs, with blanks, broken references, values outside their lists,
texts where numbers belong and enormous amounts, as a waiver could let them through.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild.model import (
    Answer,
    Field,
    PlanSpec,
    Record,
    Rollup,
    Roster,
    RosterRow,
    Section,
    Spec,
    Status,
    Submission,
    Value,
)
from plbuild.rollup import problems, rollup, to_csv, to_xlsx
from plbuild.spec import load

TEMPLATES = Path(__file__).parents[2] / "workbook_templates"
STATES = ("accepted", "held", "missing", "exempt")
SECTIONS = ("needs", "goals", "objectives", "actions", "evaluation", "resources", "allocations")
SCHOOLS = tuple(
    RosterRow(id=f"{n:012d}", name=f"School {n // 2}", columns={"grade_low": low, "grade_high": high})
    for n, (low, high) in enumerate((("KG", "05"), ("06", "08"), ("UG", "UG"), ("09", "12")))
)
ROSTER = Roster(district=RosterRow(id="0000001", name="District", columns={}), schools=SCHOOLS)

# Whatever a cell can hold, and what a text read as a number could.
amounts = (
    st.floats().map(lambda value: Decimal(repr(value)))
    | st.decimals(0, 10**6, places=2)
    | st.just(Decimal("1e999999"))
)


@cache
def spec() -> Spec:
    texts = {path.name: path.read_text("utf-8") for path in TEMPLATES.glob("*.yaml")}
    return load(texts, standards_set="2022")


def values(item: Field) -> st.SearchStrategy[Value]:
    """Answers to a field: right ones, blanks, and wrong ones."""
    ids = st.sampled_from(["N1", "N2", "G1", "DG1", "O1", "O2", "A1", "None", "X9", ""])
    listed = spec().lists[item.list].values if item.list else ("",)
    right: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(-3, 10**20),
        "decimal": amounts,
        "money": amounts,
        "date": st.dates(),
        "list": st.sampled_from(listed),
        "ref": ids,
    }
    return st.none() | right.get(item.type, st.text(max_size=5)) | st.just("odd")


def record_of(part: Section, place: int) -> st.SearchStrategy[Record]:
    answers = st.fixed_dictionaries({item.name: values(item) for item in part.fields})
    return answers.map(
        lambda found: Record(
            id=f"{part.id_prefix}{place}" if part.id_prefix else "",
            sheet=part.title,
            row=place + 5,
            answers={
                name: Answer(value=value, entered=str(value or ""), cell=f"B{place + 5}")
                for name, value in found.items()
            },
        )
    )


def _records(part: Section, count: int) -> st.SearchStrategy[tuple[Record, ...]]:
    return st.tuples(*(record_of(part, place + 1) for place in range(count)))


def submission_of(plan: PlanSpec, plan_id: str) -> st.SearchStrategy[Submission]:
    parts = [part for part in plan.sections if part.name in SECTIONS]
    sections = {part.name: st.integers(0, 4).flatmap(partial(_records, part)) for part in parts}
    return st.fixed_dictionaries(sections).map(
        lambda found: Submission(
            file=f"{plan_id}.xlsx",
            digest=plan_id,
            kind=plan.kind,
            version=plan.version,
            plan_id=plan_id,
            sections=found,
        )
    )


@st.composite
def districts(draw: st.DrawFn) -> tuple[tuple[Status, ...], tuple[Submission, ...]]:
    """Statuses and submissions: some of them doubled, unexpected, or accepted without a file."""
    statuses, submissions = [], []
    for plan in (spec().owned_by("school"), spec().owned_by("district")):
        for owner in ROSTER.owners(plan):
            state = draw(st.sampled_from(STATES))
            if draw(st.integers(0, 9)):
                statuses.append(Status(owner=owner, kind=plan.kind, state=state, digest=owner.id))
            times = draw(st.sampled_from([0, 1, 1, 1, 2]))
            submissions += [draw(submission_of(plan, owner.id)) for _ in range(times)]
    if draw(st.booleans()):
        submissions.append(draw(submission_of(spec().owned_by("school"), "999999999999")))
    return tuple(statuses), tuple(submissions)


def column(result: Rollup, table: str, name: str) -> list[Value]:
    found = result.table(table)
    place = [item.name for item in found.columns].index(name)
    return [row[place] for row in found.rows]


def exact(found: list[Value]) -> Fraction:
    """A sum that cannot round, by another way than the roll-up's."""
    return sum(
        (Fraction(v) for v in found if isinstance(v, int | Decimal) and _held(Decimal(v))),
        Fraction(0),
    )


def _held(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < Decimal("1e400")


def accepted(statuses: tuple[Status, ...], submissions: tuple[Submission, ...]) -> list[Submission]:
    """The submissions that count: the first of each accepted plan (all of a plan share a digest here)."""
    wanted = {(item.kind, item.owner.id) for item in statuses if item.state == "accepted"}
    first = {(item.kind, item.plan_id): item for item in reversed(submissions)}
    return [item for key, item in first.items() if key in wanted]


def answers(submissions: list[Submission], section: str, *names: str) -> list[tuple[Value, ...]]:
    return [
        tuple(record.value(name) for name in names)
        for item in submissions
        for record in item.sections.get(section, ())
    ]


@settings(max_examples=50, deadline=None)
@given(districts())
def test_sums_in_are_sums_out(district: tuple[tuple[Status, ...], tuple[Submission, ...]]) -> None:
    statuses, submissions = district
    result = rollup(spec(), ROSTER, statuses, submissions)
    assert problems(result) == ()
    counted = accepted(statuses, submissions)
    schools = [item for item in counted if item.kind == spec().owned_by("school").kind]
    goals = len(answers(schools, "goals"))
    assert exact(column(result, "goals_by_area", "goals")) == goals
    assert len(column(result, "targets", "goal")) == goals
    assert sum(goal is not None for goal in column(result, "alignment", "goal")) == goals

    dollars = exact([amount for (amount,) in answers(counted, "resources", "amount")])
    for name in ("money_by_school", "money_by_source", "money_by_kind"):
        assert exact(column(result, name, "amount")) == dollars
        assert exact(column(result, name, "lines")) == len(answers(counted, "resources"))

    hours = exact([each for (each,) in answers(counted, "actions", "hours_per_person")])
    persons = sum(
        (
            exact([each]) * exact([people])
            for each, people in answers(counted, "actions", "hours_per_person", "participants")
        ),
        Fraction(0),
    )
    for name in ("learning_designs", "learning_forms", "people", "staff_groups"):
        assert exact(column(result, name, "actions")) == len(answers(counted, "actions"))
        assert exact(column(result, name, "contact_hours")) == hours
        assert exact(column(result, name, "person_hours")) == persons

    lines = len(answers(counted, "resources"))
    assert exact(column(result, "evidence", "amount")) == dollars
    assert exact(column(result, "evidence", "lines")) == lines
    for name, title in (("standards", "first"), ("standards_by_school", "first"), ("workload", "actions")):
        assert exact(column(result, name, title)) == len(answers(counted, "actions"))
    assert exact(column(result, "workload", "contact_hours")) == hours
    assert exact(column(result, "evaluation_levels", "questions")) == len(answers(counted, "evaluation"))

    starts = [start for (start,) in answers(counted, "actions", "start_date") if isinstance(start, date)]
    assert exact(column(result, "calendar", "starts")) == len(starts)


@settings(max_examples=15, deadline=None)
@given(districts())
def test_every_row_fits_its_columns_and_has_a_source(
    district: tuple[tuple[Status, ...], tuple[Submission, ...]],
) -> None:
    result = rollup(spec(), ROSTER, *district)
    for table in (*result.tables, *result.records):
        assert all(len(row) == len(table.columns) for row in table.rows), table.name
        assert not table.sources or len(table.sources) == len(table.rows), table.name
        plain = str | int | Decimal | date | None
        assert all(isinstance(value, plain) for row in table.rows for value in row), table.name
        to_csv(table)
    zeros = ("status", "people", "staff_groups", "standards", "standards_by_school", "evaluation_levels")
    figures = [t for t in result.tables if t.name not in (*zeros, "control_totals")]
    assert all(lineage for table in figures for lineage in table.sources)
    assert to_xlsx(result) == to_xlsx(result)


@settings(max_examples=15, deadline=None)
@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_the_submissions_does_not_matter(
    district: tuple[tuple[Status, ...], tuple[Submission, ...]], random: Any
) -> None:
    statuses, submissions = district
    once = tuple({(item.kind, item.plan_id): item for item in submissions}.values())
    mixed = list(once)
    random.shuffle(mixed)
    first = rollup(spec(), ROSTER, statuses, once)
    second = rollup(spec(), ROSTER, statuses, tuple(mixed))
    assert first == second
