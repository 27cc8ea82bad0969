"""The blocking judgement: what holds a plan back, and who owes a plan.

Takes a ``Spec``, a ``Roster`` and ``Submission``s, returns findings. Design decision: what a row must be
is Cerberus's, by a schema derived from the spec; what only several cells, rows or plans can say is a
small function here; whose plan it is stands in ``identity``, what only all plans together can say in
``received``. Every check looks at everything, so that a school is told all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plbuild.checks import identity, schema
from plbuild.checks.received import DUPLICATE, Received, empty, exempt, missing, received
from plbuild.model import (
    Condition,
    District,
    Field,
    Finding,
    PlanSpec,
    Record,
    Roster,
    Section,
    Spec,
    Submission,
    Value,
    shown,
)

__all__ = [
    "DUPLICATE",
    "Received",
    "Rules",
    "check",
    "empty",
    "exempt",
    "filled_ids",
    "missing",
    "received",
]


def filled_ids(submissions: Iterable[Submission]) -> dict[str, frozenset[str]]:
    """The ids of the filled rows of some plans, under ``kind.section``, for other plans' references."""
    found: dict[str, frozenset[str]] = {}
    for item in submissions:
        for name, records in item.sections.items():
            key = f"{item.kind}.{name}"
            found[key] = found.get(key, frozenset()) | {r.id for r in records if r.id}
    return found


class Rules:
    """A spec with the Cerberus schemas of its sections, each made when it is first asked for.

    It is made once to check many plans, one after the other.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._sections: dict[tuple[str, str], schema.SectionRules] = {}

    def of(self, plan: PlanSpec, section: Section) -> schema.SectionRules:
        """The rules of a section's rows."""
        key = plan.kind, section.name
        if key not in self._sections:
            self._sections[key] = schema.rules_of(self.spec, section)
        return self._sections[key]


def check(
    rules: Rules,
    roster: Roster,
    home: District,
    submission: Submission,
    foreign: Mapping[str, frozenset[str]],
) -> tuple[Finding, ...]:
    """Everything that is wrong with one plan, in the order of its sections and cells.

    ``foreign`` holds the filled ids of other kinds of plan (``filled_ids``). Where no plan of a kind
    came in, references to it are judged by the ids that its workbook prints. Of another district's
    plan nothing else is said.
    """
    spec = rules.spec
    plan = spec.plan(submission.kind)
    owner = roster.owner(plan, submission.plan_id)
    found = identity.findings(spec, home, plan, owner, submission)
    if owner is None and [item.code for item in found] == [identity.OTHER_DISTRICT]:
        return tuple(found)
    ids = {name: frozenset(r.id for r in rows) for name, rows in submission.sections.items()}
    known = {**_printed(spec, plan), **foreign, **ids, **_beyond_reach(plan, submission)}
    for section in plan.sections:
        if section.name in submission.missing_sections:
            continue
        found += _row_count(spec, plan, section, submission)
        of_row = rules.of(plan, section)
        for record in submission.sections[section.name]:
            answers = _judged(section, record)
            codes = of_row.codes(answers, known)
            found += _record(spec, plan, section, submission, record, answers, codes)
    return tuple(found)


def _beyond_reach(plan: PlanSpec, submission: Submission) -> dict[str, frozenset[str]]:
    """The printed ids of sections that could not be found: that alone is to be mended, not what refers
    to them."""
    sections = [plan.section(name) for name in submission.missing_sections]
    return {part.name: _ids(part) for part in sections}


def _ids(part: Section) -> frozenset[str]:
    return frozenset(f"{part.id_prefix}{number}" for number in range(1, part.rows + 1))


def _printed(spec: Spec, plan: PlanSpec) -> dict[str, frozenset[str]]:
    """The ids that the workbooks of other kinds print."""
    refs = {ref for part in plan.sections for item in part.fields for ref in item.refs if "." in ref}
    found = {}
    for ref in refs:
        kind, _, name = ref.rpartition(".")
        found[ref] = _ids(spec.plan(kind).section(name))
    return found


def _row_count(spec: Spec, plan: PlanSpec, section: Section, submission: Submission) -> Iterator[Finding]:
    count = len(submission.sections[section.name])
    if section.shape == "form" or section.min_rows <= count <= section.max_rows:
        return
    few = count < section.min_rows
    sheet, cell = submission.anchors.get(section.name, ("", ""))
    if not few:
        first_extra = submission.sections[section.name][section.max_rows]
        sheet = first_extra.sheet
        cell = first_extra.answers[section.fields[0].name].cell
    place = submission.place(plan, section.name, "", cell, sheet)
    yield spec.finding(
        "too-few-rows" if few else "too-many-rows",
        place,
        count=count,
        minimum=section.min_rows,
        maximum=section.max_rows,
    )


def _judged(section: Section, record: Record) -> dict[str, Value]:
    """The answers of a row that the schema judges: not what is printed, nor what intake has reported."""
    answers = record.answers
    return {
        item.name: answer.value
        for item in section.fields
        if not item.prefilled and (answer := answers.get(item.name)) is not None and not answer.blocked
    }


def _record(
    spec: Spec,
    plan: PlanSpec,
    section: Section,
    submission: Submission,
    record: Record,
    answers: Mapping[str, Value],
    codes: Mapping[str, schema.Codes],
) -> list[Finding]:
    """What is wrong in one row: each of its ``answers`` by the schema's ``codes``, then the conditions,
    then date order."""

    def finding(code: str, item: Field, **words: object) -> Finding:
        answer = record.answers[item.name]
        place = submission.place(plan, section.name, item.name, answer.cell, record.sheet)
        words = {"entered": answer.entered, "wanted": spec.wanted_for(item), "help": item.help} | words
        return spec.finding(code, place, **words)

    found = []
    for item in section.fields:
        for code in codes.get(item.name, ()):
            found.append(finding(code, item, **_words(spec, plan, item, record)))
        is_blank = item.required_when and answers.get(item.name, "") is None
        if is_blank and any(_holds(spec, plan, submission, record, one) for one in item.required_when):
            found.append(finding("required-missing-when", item, when=item.required_says))
    for earlier, later in section.orders:
        first, last = record.value(earlier), record.value(later)
        if isinstance(first, date) and isinstance(last, date) and last < first:
            label = section.field(earlier).label
            words = {"earlier": shown(first), "earlier_label": label}
            found.append(finding("end-before-start", section.field(later), **words))
    return found


def _words(spec: Spec, plan: PlanSpec, item: Field, record: Record) -> dict[str, object]:
    """The words that a message about ``item`` may use."""
    titles = " or ".join(part.title for _, part in spec.targets(plan, item)) if item.refs else ""
    value = record.value(item.name)
    length = len(value) if isinstance(value, str) else 0
    return {"targets": titles, "length": length, "maximum": item.max_length}


def _holds(spec: Spec, plan: PlanSpec, submission: Submission, record: Record, condition: Condition) -> bool:
    """Whether an answer is required in ``record`` by ``condition``."""
    if condition.linked:
        linked = plan.section(condition.linked).field(condition.linked_field)
        values = spec.lists[linked.list]
        return any(
            row.value(condition.by) == record.id and values.attribute(row.value(linked.name), condition.flag)
            for row in submission.sections[condition.linked]
        )
    if condition.filled:
        return record.value(condition.filled) is not None
    section, dot, name = condition.field.rpartition(".")
    home = submission.form(section) if dot else record
    return home is not None and home.value(name) in condition.values
