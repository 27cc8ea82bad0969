"""The rows of a plan, joined by their references.

Takes the submission and those of other kinds that it refers to, returns each section's rows with the
referred row in place of its id, and under the name of every section that refers to a row the list of
the rows that do. Design decision: everything a template may ask for is there, blank if it was not
answered, so that strict undefined trips on wrong names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plbuild.documents.text import Text, answer
from plbuild.model import Field, PlanSpec, Record, Section, Spec, Submission

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

    # Rows point at each other in circles; comparing them by content would never end.
    __eq__ = object.__eq__
    __ne__ = object.__ne__


class Rows:
    """All rows of a plan and of the plans that it refers to, by kind and section."""

    def __init__(self, spec: Spec, plans: Iterable[tuple[PlanSpec, Submission]]) -> None:
        self._spec = spec
        self._blanks: dict[Key, Row] = {}
        self._plans = [(plan, submission) for plan, submission in plans]
        self._tables = {
            (plan.kind, part.name): [
                self._row(part, record) for record in submission.sections.get(part.name, ())
            ]
            for plan, submission in self._plans
            for part in plan.sections
        }
        self._by_id = {
            key: {str(row["id"]): row for row in rows if row["id"]} for key, rows in self._tables.items()
        }
        for plan, _ in self._plans:
            for part in plan.sections:
                self._join(plan, part)

    def table(self, plan: PlanSpec, part: Section) -> list[Row]:
        """The rows of a section in the order of the sheet."""
        return self._tables[plan.kind, part.name]

    def form(self, plan: PlanSpec, part: Section) -> Row:
        """The one record of a form, blank where its sheet is missing."""
        rows = self.table(plan, part)
        return rows[0] if rows else self._blank(plan, part)

    def _row(self, part: Section, record: Record) -> Row:
        fields: dict[str, Text] = {item.name: Text(field=item) for item in part.hidden}
        fields |= {item.name: self._answer(item, record) for item in part.fields}
        words = fields[part.stands_for] if part.stands_for else ""
        row_id = Text(record.id, record.id)
        filled = any(fields.values())
        stands = filled if part.shape == "form" else True
        return Row({"id": row_id, **fields}, _worded(row_id, words), stands=stands)

    def _answer(self, item: Field, record: Record) -> Text:
        value = record.value(item.name)
        says = None
        if item.list and item.list in self._spec.lists:
            choices = self._spec.lists[item.list].choices
            says = next((choice.attributes for choice in choices if choice.value == value), None)
        return answer(value, item, says)

    def _join(self, plan: PlanSpec, part: Section) -> None:
        """Puts the referred rows into this section's rows, and these under the rows they refer to."""
        for item in (*part.fields, *part.hidden):
            targets = self._spec.targets(plan, item)
            for home, target in targets:
                for row in self._tables.get((home.kind, target.name), ()):
                    row.setdefault(part.name, [])
            for row in self._tables[plan.kind, part.name] if targets else ():
                entered = str(row[item.name])
                referred = self._find(targets, entered)
                row[item.name] = referred or self._nothing(targets[0], entered, item.none)
                back = referred.get(part.name) if referred else None
                if isinstance(back, list) and row not in back:
                    back.append(row)

    def _find(self, targets: Iterable[tuple[PlanSpec, Section]], entered: str) -> Row | None:
        for home, target in targets:
            if found := self._by_id.get((home.kind, target.name), {}).get(entered):
                return found
        return None

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
        for item in (*part.fields, *part.hidden):
            targets = self._spec.targets(plan, item)
            blank[item.name] = self._blank(*targets[0]) if targets else Text(field=item)
        return blank

    def _referring(self, plan: PlanSpec, part: Section) -> list[str]:
        """The sections of the plans at hand that refer to ``part``."""
        return [
            section.name
            for other, _ in self._plans
            for section in other.sections
            for item in section.fields
            for home, target in self._spec.targets(other, item)
            if (home.kind, target.name) == (plan.kind, part.name)
        ]


def _worded(row_id: str, words: object) -> str:
    return f"{row_id}: {words}" if row_id and words else str(words) or row_id
