"""Finds the plans in a workbook by their stamps and names, and decodes their answers.

Takes a ``Spec`` and the bytes of a file; returns the ``Submission``s that it holds and the findings about
the file itself. Never raises on bad input. Design decision: a sheet says itself what it is, so that the
names of files and tabs do not matter, and a workbook may hold any number of plans on any number of sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from plbuild.intake.decode import text_of, value_of
from plbuild.intake.package import Area, Book, Raw, SheetNames, UnreadableError, column_letter
from plbuild.model import (
    Answer,
    Field,
    Finding,
    Place,
    PlanSpec,
    Record,
    Section,
    Spec,
    Submission,
    digest,
)

__all__ = ["read"]

_STAMPS = ("pl_kind", "pl_version", "pl_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A stamped sheet with its cells."""

    title: str
    areas: Mapping[str, Area]
    cells: list[list[Raw]]

    def at(self, row: int, col: int) -> Raw:
        """The raw value of a cell; an empty string beyond what the sheet uses."""
        if row <= len(self.cells) and col <= len(self.cells[row - 1]):
            return self.cells[row - 1][col - 1]
        return ""

    def stamp(self, name: str) -> str:
        """The text of a one-cell name, empty where the sheet does not have it."""
        area = self.areas.get(name)
        return text_of(self.at(area.top, area.left)) if area else ""


def read(spec: Spec, file: str, data: bytes) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """The plans in the workbook ``data``, called ``file`` in messages, and what is wrong with it."""
    try:
        book = Book(data)
        sheets = [_opened(book, names) for names in book.sheets if "pl_kind" in names.areas]
    except UnreadableError as error:
        place = Place(file=file)
        return (), (spec.finding("file-unreadable", place, reason=str(error)),)
    if not sheets:
        return (), (spec.finding("not-a-plan", Place(file=file)),)
    submissions: list[Submission] = []
    findings: list[Finding] = []
    for stamps, own in _by_plan(sheets).items():
        kind, version, plan_id = stamps
        place = Place(file=file, sheet=own[0].title, kind=kind, plan_id=plan_id)
        plan = next((item for item in spec.plans if item.kind == kind), None)
        if plan is None:
            findings.append(spec.finding("unknown-plan-kind", place, entered=kind))
            continue
        if version != plan.version:
            wrong = {"entered": version, "wanted": plan.version}
            findings.append(spec.finding("unknown-version", place, **wrong))
        reader = _Reader(spec=spec, plan=plan, file=file, plan_id=plan_id, sheets=own)
        submissions.append(reader.submission(version, digest(data), book.saved))
        findings += reader.findings
    return tuple(submissions), tuple(findings)


def _opened(book: Book, names: SheetNames) -> _Sheet:
    return _Sheet(title=names.title, areas=names.areas, cells=book.cells(names.title))


def _by_plan(sheets: list[_Sheet]) -> dict[tuple[str, str, str], list[_Sheet]]:
    groups: dict[tuple[str, str, str], list[_Sheet]] = {}
    for sheet in sheets:
        kind, version, plan_id = (sheet.stamp(name) for name in _STAMPS)
        groups.setdefault((kind, version, plan_id), []).append(sheet)
    return groups


class _Reader:
    """Reads the sections of one plan from its sheets, and gathers what it finds wrong."""

    def __init__(self, *, spec: Spec, plan: PlanSpec, file: str, plan_id: str, sheets: list[_Sheet]) -> None:
        self._spec, self._plan, self._sheets = spec, plan, sheets
        self._file, self._plan_id = file, plan_id
        self.findings: list[Finding] = []
        self._missing: list[str] = []
        self._anchors: dict[str, tuple[str, str]] = {}

    def submission(self, version: str, file_digest: str, saved: date | None) -> Submission:
        """The whole plan; sections that are not there are empty and named as missing."""
        sections = {part.name: self._records(part) for part in self._plan.sections}
        return Submission(
            file=self._file,
            digest=file_digest,
            kind=self._plan.kind,
            version=version,
            plan_id=self._plan_id,
            sections=sections,
            sheets=tuple(sheet.title for sheet in self._sheets),
            missing_sections=tuple(self._missing),
            saved=saved,
            anchors=self._anchors,
            is_blank=not any(
                record.answers[item.name].entered
                for part in self._plan.sections
                for record in sections[part.name]
                for item in part.fields
                if not item.prefilled and item.name in record.answers
            ),
        )

    def _records(self, section: Section) -> tuple[Record, ...]:
        homes = [sheet for sheet in self._sheets if _has(sheet, section)]
        if not homes:
            self._missing.append(section.name)
            self._report("section-missing", section, self._sheets[0])
            return ()
        if len(homes) > 1:
            names = ", ".join(sheet.title for sheet in homes)
            self._report("sheet-repeated", section, homes[1], sheets=names)
        if section.shape == "form":
            return (_form(homes[0], section),)
        return tuple(self._table(homes[0], section))

    def _table(self, sheet: _Sheet, section: Section) -> Iterator[Record]:
        body, ids = sheet.areas[f"pl_{section.name}"], sheet.areas.get(f"pl_{section.name}_id")
        last_number = section.rows
        for row in range(body.top, body.bottom + 1):
            if row > len(sheet.cells):
                self._anchor(section, sheet, row, body.left)
                break
            answers = {
                item.name: _answer(item, sheet, row, body.left + offset)
                for offset, item in enumerate(section.fields)
            }
            if not any(answer.entered for answer in answers.values()):
                self._anchor(section, sheet, row, body.left)
                continue
            row_id = text_of(sheet.at(row, ids.left)) if ids else ""
            if section.id_prefix and not row_id:
                last_number += 1
                row_id = f"{section.id_prefix}{last_number}"
                cell = f"{column_letter(body.left)}{row}"
                self._report("row-without-number", section, sheet, cell=cell, id=row_id)
            yield Record(id=row_id, sheet=sheet.title, row=row, answers=answers)

    def _anchor(self, section: Section, sheet: _Sheet, row: int, col: int) -> None:
        self._anchors.setdefault(section.name, (sheet.title, f"{column_letter(col)}{row}"))

    def _report(self, code: str, section: Section, sheet: _Sheet, *, cell: str = "", **words: str) -> None:
        place = Place(
            file=self._file,
            sheet=sheet.title,
            cell=cell,
            kind=self._plan.kind,
            plan_id=self._plan_id,
            section=section.name,
            section_title=section.title,
        )
        self.findings.append(self._spec.finding(code, place, **words))


def _has(sheet: _Sheet, section: Section) -> bool:
    if section.shape == "table":
        return f"pl_{section.name}" in sheet.areas
    return any(f"pl_{section.name}_{item.name}" in sheet.areas for item in section.fields)


def _form(sheet: _Sheet, section: Section) -> Record:
    answers = {}
    first = 0
    for item in section.fields:
        area = sheet.areas.get(f"pl_{section.name}_{item.name}")
        if area:
            answers[item.name] = _answer(item, sheet, area.top, area.left)
            first = first or area.top
    return Record(id="", sheet=sheet.title, row=first, answers=answers)


def _answer(item: Field, sheet: _Sheet, row: int, col: int) -> Answer:
    raw = sheet.at(row, col)
    return Answer(value=value_of(item, raw), entered=text_of(raw), cell=f"{column_letter(col)}{row}")
