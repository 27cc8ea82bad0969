"""A plan as it came in: its records of answers, each with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from plbuild.model.findings import Place
from plbuild.model.spec import PlanSpec
from plbuild.model.words import Value


class Answer(NamedTuple):
    """What stands in one input cell. (A tuple, because a plan has a thousand: made and sent to another
    process they cost a quarter of what dataclasses do.)

    ``value`` is of the field's type where the cell could be decoded, else the text as entered;
    ``blocked`` says that intake has reported the cell and no later check should.
    """

    value: Value
    entered: str
    cell: str
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One filled row of a table, or a whole form; ``id`` is empty where rows have none."""

    id: str
    sheet: str
    row: int
    answers: Mapping[str, Answer]

    def value(self, name: str) -> Value:
        """The decoded value of the field ``name``, None where it is blank or not asked."""
        answer = self.answers.get(name)
        return None if answer is None else answer.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One plan as it came in: its stamps, and per section its records in sheet order."""

    file: str
    digest: str
    kind: str
    version: str
    plan_id: str
    sections: Mapping[str, tuple[Record, ...]]
    sheets: tuple[str, ...] = ()
    missing_sections: tuple[str, ...] = ()
    anchors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Per section, the sheet and cell where its next answer would go."""
    saved: date | None = None
    """When the workbook was last saved, by its own properties."""
    is_blank: bool = False
    """True where nothing was typed into the plan beyond what was printed in it."""

    def form(self, section: str) -> Record | None:
        """The record of a form section, None where its sheet is missing."""
        records = self.sections.get(section, ())
        return records[0] if records else None

    def place(self, plan: PlanSpec, section: str, field_name: str, cell: str, sheet: str) -> Place:
        """The place of a field of this submission, with the words of the spec."""
        part = plan.section(section)
        item = part.field(field_name) if field_name else None
        return Place(
            file=self.file,
            sheet=sheet,
            cell=cell,
            kind=self.kind,
            plan_id=self.plan_id,
            section=section,
            section_title=part.title,
            field=field_name,
            label=item.label if item else "",
        )
