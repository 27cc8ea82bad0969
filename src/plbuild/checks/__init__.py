"""The blocking judgement: what holds a plan back, and who owes a plan.

Takes a ``Spec``, a ``Roster`` and ``Submission``s, returns findings. Design decision: what a row must be
is Cerberus's, by a schema derived from the spec; what only several cells, rows or plans can say is a
small function here. Every check looks at everything, so that a school is told all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from plbuild.checks import schema
from plbuild.model import (
    Condition,
    District,
    Field,
    Finding,
    Place,
    PlanSpec,
    Record,
    Roster,
    Section,
    Spec,
    Submission,
    shown,
)

__all__ = ["check", "duplicates", "empty", "exempt", "filled_ids", "missing"]


def filled_ids(submissions: Iterable[Submission]) -> dict[str, frozenset[str]]:
    """The ids of the filled rows of some plans, under ``kind.section``, for other plans' references."""
    found: dict[str, frozenset[str]] = {}
    for item in submissions:
        for name, records in item.sections.items():
            key = f"{item.kind}.{name}"
            found[key] = found.get(key, frozenset()) | {r.id for r in records if r.id}
    return found


def check(
    spec: Spec, roster: Roster, submission: Submission, foreign: Mapping[str, frozenset[str]]
) -> tuple[Finding, ...]:
    """Everything that is wrong with one plan, in the order of its sections and cells.

    ``foreign`` holds the filled ids of other kinds of plan (``filled_ids``). Where no plan of a kind
    came in, references to it are judged by the ids that its workbook prints.
    """
    plan = spec.plan(submission.kind)
    ids = {name: frozenset(r.id for r in rows) for name, rows in submission.sections.items()}
    known = {**_printed(spec, plan), **foreign, **ids}
    found = list(_identity(spec, roster, plan, submission))
    for section in plan.sections:
        if section.name in submission.missing_sections:
            continue
        found += _row_count(spec, plan, section, submission)
        validator = schema.RowValidator(schema.of_section(spec, section), ids=known)
        for record in submission.sections[section.name]:
            found += _record(spec, plan, section, submission, record, validator)
    return tuple(found)


def _printed(spec: Spec, plan: PlanSpec) -> dict[str, frozenset[str]]:
    """The ids that the workbooks of other kinds print."""
    refs = {ref for part in plan.sections for item in part.fields for ref in item.refs if "." in ref}
    found = {}
    for ref in refs:
        kind, _, name = ref.rpartition(".")
        target = spec.plan(kind).section(name)
        found[ref] = frozenset(f"{target.id_prefix}{n}" for n in range(1, target.rows + 1))
    return found


def _identity(spec: Spec, roster: Roster, plan: PlanSpec, submission: Submission) -> Iterator[Finding]:
    """The plan is of an owner on the roster, and its printed answers are the roster's."""
    owner = roster.owner(plan, submission.plan_id)
    if owner is None:
        sheet = submission.sheets[0] if submission.sheets else ""
        place = Place(file=submission.file, sheet=sheet, kind=submission.kind, plan_id=submission.plan_id)
        yield spec.finding("not-on-roster", place, entered=submission.plan_id)
        return
    for section in plan.sections:
        for record in submission.sections[section.name]:
            for item in section.fields:
                answer = record.answers.get(item.name) if item.prefilled else None
                wanted = shown(owner.columns.get(item.prefilled))
                if answer and shown(answer.value) != wanted:
                    place = submission.place(plan, section.name, item.name, answer.cell, record.sheet)
                    yield spec.finding("identity-changed", place, entered=answer.entered, wanted=wanted)


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


def _record(
    spec: Spec,
    plan: PlanSpec,
    section: Section,
    submission: Submission,
    record: Record,
    validator: schema.RowValidator,
) -> list[Finding]:
    """What is wrong in one row: each field by its schema, then the conditions, then date order."""

    def finding(code: str, item: Field, **words: object) -> Finding:
        answer = record.answers[item.name]
        place = submission.place(plan, section.name, item.name, answer.cell, record.sheet)
        words = {"entered": answer.entered, "wanted": spec.wanted_for(item), "help": item.help} | words
        return spec.finding(code, place, **words)

    judged = [i for i in section.fields if i.name in record.answers and not i.prefilled]
    document = {
        item.name: record.answers[item.name].value
        for item in section.fields
        if item.name in record.answers and record.answers[item.name].value is not None
    }
    validator.validate(document)
    codes: dict[str, list[str]] = {}
    for name, code in schema.errors(validator):
        codes.setdefault(name, []).append(code)
    found = []
    for item in judged:
        for code in codes.get(item.name, ()):
            found.append(finding(code, item, **_words(spec, plan, item, record)))
        if item.required_when and record.value(item.name) is None and any(
            _holds(spec, plan, submission, record, condition) for condition in item.required_when
        ):  # fmt: skip
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
        flagged = spec.lists[linked.list].flagged(condition.flag)
        return any(
            row.value(condition.by) == record.id and row.value(linked.name) in flagged
            for row in submission.sections[condition.linked]
        )
    if condition.filled:
        return record.value(condition.filled) is not None
    section, dot, name = condition.field.rpartition(".")
    home = submission.form(section) if dot else record
    return home is not None and home.value(name) in condition.values


# ---------------------------------------------------------------------- over all submissions


def empty(spec: Spec, roster: Roster, submissions: Iterable[Submission]) -> list[Finding]:
    """A note for each plan in which nothing was filled in; such a plan counts as not received."""
    found = []
    for item in submissions:
        if item.is_blank:
            owner = roster.owner(spec.plan(item.kind), item.plan_id)
            name = owner.name if owner else item.plan_id
            found.append(spec.finding("plan-empty", _of_plan(item), owner=name))
    return found


def duplicates(spec: Spec, submissions: Iterable[Submission]) -> list[Finding]:
    """An error at each submission whose plan came in more than once."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for item in submissions:
        groups.setdefault((item.kind, item.plan_id), []).append(item)
    return [
        spec.finding("duplicate-submission", _of_plan(item), files=_files(group))
        for group in groups.values()
        if len(group) > 1
        for item in group
    ]


def _of_plan(item: Submission) -> Place:
    sheet = item.sheets[0] if item.sheets else ""
    return Place(file=item.file, sheet=sheet, kind=item.kind, plan_id=item.plan_id)


def _files(group: list[Submission]) -> str:
    names = [item.file for item in group]
    if len(set(names)) == len(names):
        return ", ".join(names)
    return ", ".join(f"{item.file} (sheet {item.sheets[0]})" for item in group)


def exempt(spec: Spec, submissions: Iterable[Submission]) -> dict[str, str]:
    """The ids that a plan of another kind exempts from owing one, with the reason."""
    found = {}
    for item in submissions:
        if exempts := spec.plan(item.kind).exempts:
            for record in item.sections[exempts.section]:
                found[shown(record.value(exempts.id))] = shown(record.value(exempts.reason))
    return found


def missing(
    spec: Spec,
    roster: Roster,
    home: District,
    received: set[tuple[str, str]],
    exempted: Mapping[str, str],
) -> list[Finding]:
    """An error for each owner on the roster whose plan (kind, id) is neither received nor exempt."""
    return [
        spec.finding(
            "plan-not-received",
            Place(kind=plan.kind, plan_id=row.id),
            owner=row.name,
            plan_id=row.id,
            due_date=shown(home.due_date),
        )
        for plan in spec.plans
        for row in roster.owners(plan)
        if (plan.kind, row.id) not in received and row.id not in exempted
    ]
