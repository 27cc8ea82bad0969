"""The rows of a plan, joined by their references.

Takes the submission and those of other kinds that it refers to, returns each section's rows with the
referred row in place of its id, and under the name of every section that refers to a row the list of
the rows that do. Design decision: everything a template may ask for is there, blank if it was not
answered, so that strict undefined trips on wrong names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plbuild.documents.text import Text, answer
from plbuild.model import Field, PlanSpec, Record, Section, Spec, Submission, Value

Key = tuple[str, str]
"""A kind of plan and a section of it."""


class Row(dict[str, object]):
    """A row by the names of its fields; printed alone, its id and the text that the id stands for.

    False where nothing stands behind it: a blank reference, "None", an id that names no row.
    """

    __slots__ = ("stands", "words")

    words: str
    stands: bool

    def __init__(self, entries: Mapping[str, object], words: str = "", *, stands: bool = True) -> None:
        super().__init__(entries)
        self.words = words
        self.stands = stands

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return self.stands

    def copy(self) -> Row:
        """The same row, to be joined to others than this one is."""
        return Row(self, self.words, stands=self.stands)

    # Rows point at each other in circles; comparing them by content would never end.
    __eq__ = object.__eq__
    __ne__ = object.__ne__


Tables = dict[Key, list[Row]]
"""The rows of each section."""


class _Column(NamedTuple):
    """A field of a section: its name, what its list says of the values, and the text of a blank answer."""

    name: str
    field: Field
    says: Mapping[Value, Mapping[str, str | bool]]
    blank: Text


class _Reference(NamedTuple):
    """A field of a section whose answers name rows of the targets."""

    part: Section
    field: Field
    targets: tuple[tuple[PlanSpec, Section], ...]


class Answers:
    """What the rows of many documents share: how answers are printed, and the plans that they refer to.

    ``others`` are the rows of those plans by kind. None of it is ever changed: each document joins copies,
    so that none sees what refers to a row in another.
    """

    def __init__(self, spec: Spec, others: Iterable[Submission] = ()) -> None:
        self._spec = spec
        self._columns: dict[Key, list[_Column]] = {}
        self._references: dict[str, list[_Reference]] = {}
        self.others = [(plan := spec.plan(item.kind), self.rows(plan, item)) for item in others]

    def rows(self, plan: PlanSpec, submission: Submission) -> Tables:
        """The rows of a plan by section, as they were answered."""
        return {
            (plan.kind, part.name): [
                _row(part, self._of(plan, part), record) for record in submission.sections.get(part.name, ())
            ]
            for part in plan.sections
        }

    def references(self, plan: PlanSpec) -> list[_Reference]:
        """The fields of a plan that refer to rows, in its order."""
        if plan.kind not in self._references:
            fields = ((part, item) for part in plan.sections for item in (*part.fields, *part.hidden))
            found = (_Reference(part, item, self._spec.targets(plan, item)) for part, item in fields)
            self._references[plan.kind] = [item for item in found if item.targets]
        return self._references[plan.kind]

    def _of(self, plan: PlanSpec, part: Section) -> list[_Column]:
        key = (plan.kind, part.name)
        if key not in self._columns:
            self._columns[key] = [
                _Column(item.name, item, self._says(item), Text(field=item)) for item in part.fields
            ]
        return self._columns[key]

    def _says(self, item: Field) -> Mapping[Value, Mapping[str, str | bool]]:
        known = self._spec.lists.get(item.list)
        return {choice.value: choice.attributes for choice in known.choices} if known else {}


def _row(part: Section, columns: Iterable[_Column], record: Record) -> Row:
    row_id = Text(record.id, record.id)
    fields: dict[str, Text] = {"id": row_id, **{item.name: Text(field=item) for item in part.hidden}}
    answered = record.answers.get
    filled = False
    for name, item, says, blank in columns:
        found = answered(name)
        if found is None or found.value is None:
            fields[name] = blank
            continue
        value = found.value
        fields[name] = text = answer(value, item, says.get(value) if says else None)
        filled = filled or bool(text)
    words = fields[part.stands_for] if part.stands_for else ""
    return Row(fields, _worded(row_id, words), stands=filled or part.shape != "form")


class Rows:
    """All rows of one document: of its plan and of the plans of other kinds that it refers to, joined."""

    def __init__(self, answers: Answers, plan: PlanSpec, submission: Submission) -> None:
        self._answers = answers
        self._blanks: dict[Key, Row] = {}
        self._plans = [plan]
        self._tables = answers.rows(plan, submission)
        for other, tables in answers.others:
            if other.kind != plan.kind:
                self._plans.append(other)
                self._tables |= {key: [row.copy() for row in rows] for key, rows in tables.items()}
        self._by_id = {
            key: {str(row["id"]): row for row in rows if row["id"]} for key, rows in self._tables.items()
        }
        for known in self._plans:
            for item in answers.references(known):
                self._join(known, item)

    def table(self, plan: PlanSpec, part: Section) -> list[Row]:
        """The rows of a section in the order of the sheet."""
        return self._tables[plan.kind, part.name]

    def form(self, plan: PlanSpec, part: Section) -> Row:
        """The one record of a form, blank where its sheet is missing."""
        rows = self.table(plan, part)
        return rows[0] if rows else self._blank(plan, part)

    def let_go(self) -> None:
        """Take the rows apart, which are of no use afterwards. They point at each other in rings, whose
        memory Python would find free much later only, and by looking for it."""
        for rows in (*self._tables.values(), self._blanks.values()):
            for row in rows:
                row.clear()

    def _join(self, plan: PlanSpec, reference: _Reference) -> None:
        """Puts the referred rows into this section's rows, and these under the rows they refer to."""
        part, item, targets = reference
        keys = [(home.kind, target.name) for home, target in targets]
        for key in keys:
            for row in self._tables.get(key, ()):
                row.setdefault(part.name, [])
        known = [self._by_id[key] for key in keys if key in self._by_id]
        for row in self._tables[plan.kind, part.name]:
            entered = str(row[item.name])
            referred = _find(known, entered) if entered else None
            if referred is None:
                row[item.name] = self._nothing(targets[0], entered, item.none)
                continue
            row[item.name] = referred
            back = referred.get(part.name)
            if isinstance(back, list) and row not in back:
                back.append(row)

    def _nothing(self, target: tuple[PlanSpec, Section], entered: str, none: str) -> Row:
        """What stands where no row is referred to: every field blank, the entry itself in words."""
        blank = self._blank(*target)
        row_id = Text() if entered == none else Text(entered, entered)
        return Row({**blank, "id": row_id}, entered, stands=False) if entered else blank

    def _blank(self, plan: PlanSpec, part: Section) -> Row:
        """The row of which every field is blank and nothing refers to; one for each section."""
        key = (plan.kind, part.name)
        if key in self._blanks:
            return self._blanks[key]
        blank = self._blanks[key] = Row({"id": Text()}, stands=False)
        for name in self._referring(plan, part):
            blank[name] = []
        blank |= {item.name: Text(field=item) for item in (*part.fields, *part.hidden)}
        for item in self._answers.references(plan):
            if item.part.name == part.name:
                blank[item.field.name] = self._blank(*item.targets[0])
        return blank

    def _referring(self, plan: PlanSpec, part: Section) -> list[str]:
        """The sections of the plans at hand that refer to ``part``."""
        return [
            item.part.name
            for other in self._plans
            for item in self._answers.references(other)
            for home, target in item.targets
            if (home.kind, target.name) == (plan.kind, part.name)
        ]


def _find(known: Iterable[Mapping[str, Row]], entered: str) -> Row | None:
    for rows in known:
        if found := rows.get(entered):
            return found
    return None


def _worded(row_id: str, words: object) -> str:
    return f"{row_id}: {words}" if row_id and words else str(words) or row_id
