"""What the submitter should know or mend, at its place, and what lets an error through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding is; every part may be empty, from the cell outwards."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    kind: str = ""
    plan_id: str = ""
    section: str = ""
    section_title: str = ""
    field: str = ""
    label: str = ""

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        cell = f", cell {self.cell}" if self.cell else ""
        return f"{self.file}{sheet}{cell}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An error that the district lets through up to and including ``until``.

    ``plan`` is the id of whose plan it is; ``field`` a section, ``section.field``, or empty for all.
    """

    plan: str
    code: str
    approved_by: str
    why: str
    until: date
    field: str = ""

    def covers(self, code: str, where: Place) -> bool:
        """Whether it names an error of this code at this place, whatever the day."""
        places = ("", where.section, f"{where.section}.{where.field}")
        return (self.plan, self.code) == (where.plan_id, code) and self.field in places


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Advice that the district does not want to hear again, and why.

    ``plan`` is the id of whose plan it is, empty for all; ``field`` a section, ``section.field``, or empty
    for all.
    """

    code: str
    reason: str
    plan: str = ""
    field: str = ""

    def covers(self, code: str, where: Place) -> bool:
        """Whether it names advice of this code at this place."""
        places = ("", where.section, f"{where.section}.{where.field}")
        return self.code == code and self.plan in ("", where.plan_id) and self.field in places


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that the submitter should know or mend, at its place.

    ``waiver``: what let an error through, ``dismissal``: what set advice aside; the finding is then a
    note.
    """

    severity: str
    code: str
    where: Place
    entered: str
    message: str
    fix: str
    waiver: Waiver | None = None
    dismissal: Dismissal | None = None
