"""What of an earlier plan a new blank workbook starts with.

Takes the spec and a plan as it was read, returns answers at printed rows and a line for each answer that
does not fit any more. Design decision: a plan of the same year moves to a new version of the workbook
whole; into another year goes what the spec marks ``carries_over``. An answer fits where its field still
stands, its type is right and its choice is still offered; whether it is a good one, the checks say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plbuild.model import (
    Answer,
    Condition,
    Field,
    PlanSpec,
    Record,
    Section,
    Spec,
    Submission,
    Value,
    guarded,
    shown,
)

Answers = Mapping[str, Mapping[int, Mapping[str, Value]]]
"""Section -> number of the printed row, from 1 (a form's is 1) -> field -> value."""

# Excel specifications and limits: characters in a cell.
_LONGEST = 32_767
_COLUMNS = ("plan", "name", "section", "row", "field", "value", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An answer that could not be carried over, in the words of the spec, and why."""

    plan_id: str
    name: str
    section: str = ""
    row: str = ""
    field: str = ""
    value: str = ""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """What one plan gives to a new workbook; ``ids`` are its rows, by ``kind.section``."""

    answers: Answers
    ids: Mapping[str, frozenset[str]]
    left: tuple[Left, ...]


def printed_ids(section: Section) -> list[str]:
    """The ids that stand in a blank workbook: G1 … G5."""
    return [f"{section.id_prefix}{number}" for number in range(1, section.rows + 1)]


def carry_over(
    spec: Spec, plan: PlanSpec, source: Submission, name: str, plan_year: str,
    foreign: Mapping[str, frozenset[str]],
) -> Carry:  # fmt: skip
    """The answers of ``source`` that still fit; ``name`` is whose plan it is, in words.

    ``plan_year`` is that of the new workbook; ``foreign`` holds the carried rows of other kinds of plan,
    by ``kind.section``.
    """
    same_year = _year(plan, source) == plan_year
    parts = [part for part in plan.sections if same_year or _carries(part, source)]
    placed = {part.name: _placed(part, source.sections[part.name]) for part in parts}
    moves = {name: {r.id: row for row, r in reversed(rows) if r.id and row} for name, rows in placed.items()}
    printed = _printed(spec, plan) if same_year else {}
    fit = _Fit(spec=spec, plan=plan, moves=moves, foreign={**printed, **foreign})
    answers: dict[str, dict[int, dict[str, Value]]] = {}
    left = []
    for part in parts:
        for row, record in placed[part.name]:
            for item, answer in _asked(part, record, everything=same_year):
                value, why = fit.value(item, answer) if row else (None, "not_carried_row")
                if why:
                    words = _words(part, record, item, answer)
                    left.append(Left(plan_id=source.plan_id, name=name, why=spec.phrases[why], **words))
                else:
                    answers.setdefault(part.name, {}).setdefault(row, {})[item.name] = value
    ids = {
        f"{plan.kind}.{part.name}": frozenset(f"{part.id_prefix}{n}" for n in answers.get(part.name, ()))
        for part in parts
        if part.id_prefix
    }
    return Carry(answers=answers, ids=ids, left=tuple(left))


def _year(plan: PlanSpec, source: Submission) -> Value:
    """The plan year that stands in a plan, None where it says none."""
    for part in plan.sections:
        for item in part.fields:
            if item.equals == "plan_year":
                form = source.form(part.name)
                return form.value(item.name) if form else None
    return None


def _carries(part: Section, source: Submission) -> bool:
    """Whether a section may go into another year: at once, or because a condition holds."""
    conditions = part.carries_over_when
    return any(item.carries_over for item in part.fields) and (
        not conditions or any(_holds(condition, source) for condition in conditions)
    )


def _holds(condition: Condition, source: Submission) -> bool:
    section, _, name = condition.field.partition(".")
    form = source.form(section)
    return form is not None and form.value(name) in condition.values


def _placed(part: Section, records: tuple[Record, ...]) -> list[tuple[int, Record]]:
    """Each record with its printed row: the one of its id, else a free one, 0 where none is left."""
    own = {text: number for number, text in enumerate(printed_ids(part), start=1)} if part.id_prefix else {}
    rows: dict[int, Record] = {}
    rest = []
    for record in records:
        number = own.get(record.id, 0)
        if number and number not in rows:
            rows[number] = record
        else:
            rest.append(record)
    free = iter([number for number in range(1, part.rows + 1) if number not in rows])
    return [*sorted(rows.items(), key=lambda pair: pair[0]), *((next(free, 0), record) for record in rest)]


def _printed(spec: Spec, plan: PlanSpec) -> dict[str, frozenset[str]]:
    """The rows that the workbooks of other kinds print and this plan may refer to."""
    return {
        f"{home.kind}.{target.name}": frozenset(printed_ids(target))
        for part in plan.sections
        for item in part.fields
        for home, target in spec.targets(plan, item)
        if home.kind != plan.kind
    }


def _asked(part: Section, record: Record, *, everything: bool) -> Iterator[tuple[Field, Answer]]:
    """The answers of a record that are to be carried over."""
    for item in part.fields:
        answer = record.answers.get(item.name)
        wanted = not item.prefilled and (everything or item.carries_over)
        if answer and wanted and (answer.value is not None or answer.blocked):
            yield item, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """What a value must fit; ``moves`` leads from a section's old ids to its new rows."""

    spec: Spec
    plan: PlanSpec
    moves: Mapping[str, Mapping[str, int]]
    foreign: Mapping[str, frozenset[str]]

    def value(self, item: Field, answer: Answer) -> tuple[Value, str]:
        """The value for the new cell and nothing, or None and the phrase that says why not."""
        value = answer.value
        if answer.blocked:
            return None, "not_carried_read"
        if item.type == "date":
            return (value, "") if isinstance(value, date) else (None, "not_carried_date")
        if item.is_number:
            is_number = isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool))
            return (value, "") if is_number else (None, "not_carried_number")
        text = shown(value)
        if item.list:
            offered = text in self.spec.lists[item.list].values
            return (text, "") if offered else (None, "not_carried_list")
        if item.refs:
            row_id = text if item.none and text == item.none else self._referred(item, text)
            return (row_id, "") if row_id else (None, "not_carried_ref")
        return (text, "") if len(text) <= _LONGEST else (None, "not_carried_long")

    def _referred(self, item: Field, row_id: str) -> str:
        """The id under which a row that was referred to stands now; empty where it does not."""
        for home, section in self.spec.targets(self.plan, item):
            if home.kind != self.plan.kind:
                if row_id in self.foreign.get(f"{home.kind}.{section.name}", ()):
                    return row_id
            elif row := self.moves.get(section.name, {}).get(row_id):
                return f"{section.id_prefix}{row}"
        return ""


def _words(part: Section, record: Record, item: Field, answer: Answer) -> dict[str, str]:
    entered = answer.entered or shown(answer.value)
    return {"section": part.title, "row": record.id, "field": item.label, "value": entered}


def not_carried_csv(left: Iterable[Left]) -> bytes:
    """``not-carried.csv``: a row an answer, UTF-8 that Excel opens; no text is a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for item in left:
        row = (item.plan_id, item.name, item.section, item.row, item.field, item.value, item.why)
        writer.writerow([guarded(text) for text in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")
