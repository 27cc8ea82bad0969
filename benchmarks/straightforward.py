"""How the same is done by what others use, each as its own documentation shows.

``plans`` is the script that a competent colleague would write for the whole of it, school after school:
openpyxl, Cerberus on each row, docxtpl. It has no findings with places, no figures and no marked copies.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from plbuild.checks.schema import RowValidator, errors, of_section
from plbuild.documents import plan_context
from plbuild.documents.filters import FILTERS
from plbuild.model import Answer, Field, PlanSpec, Record, Roster, Section, Spec, Submission, Value


def environment() -> jinja2.Environment:
    """Jinja's own environment with the filters that our templates use."""
    made = jinja2.Environment(autoescape=True)
    made.filters.update(FILTERS)
    return made


def docxtpl(template: Path, context: Mapping[str, object]) -> bytes:
    """A document by docxtpl, opened, rendered and saved as its documentation shows, autoescape on."""
    document = DocxTemplate(template)
    document.render(dict(context), environment(), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The finished parts zipped by Python's own ``zipfile``, as it does where it is told nothing else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def plans(path: Path, spec: Spec, roster: Roster, template: Path, out: Path) -> list[str]:
    """Read the school's plan in a workbook, check its rows and write its Word plan; what is wrong with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, data_only=True)
    plan = spec.owned_by("school")
    own = (sheet for sheet in book.worksheets if isinstance(sheet, Worksheet))
    sheets = [sheet for sheet in own if _stamp(sheet, "pl_kind") == plan.kind]
    sections = {part.name: tuple(_records(sheets, part)) for part in plan.sections}
    plan_id = _stamp(sheets[0], "pl_id")
    submission = Submission(
        file=path.name, digest="", kind=plan.kind, version=plan.version, plan_id=plan_id, sections=sections
    )
    wrong = _wrong(spec, plan, submission)
    owner = next(row for row in roster.schools if row.id == plan_id)
    (out / f"{plan_id}.docx").write_bytes(docxtpl(template, plan_context(spec, plan, submission, owner)))
    return wrong


def _wrong(spec: Spec, plan: PlanSpec, submission: Submission) -> list[str]:
    found = []
    ids = {name: frozenset(row.id for row in rows) for name, rows in submission.sections.items()}
    for part in plan.sections:
        validator = RowValidator(of_section(spec, part))
        validator.ids = ids
        for row in submission.sections[part.name]:
            values = {name: answer.value for name, answer in row.answers.items() if answer.value is not None}
            if not validator.validate(values):
                found += [f"{row.sheet}, row {row.row}: {name}, {code}" for name, code in errors(validator)]
    return found


def _records(sheets: Sequence[Worksheet], part: Section) -> Iterator[Record]:
    """The form of a section, or the filled rows of its table."""
    if part.shape == "form":
        answers, sheet_title = {}, ""
        for item in part.fields:
            sheet, (left, top, _, _) = _named(sheets, f"pl_{part.name}_{item.name}")
            answers[item.name] = _answer(item, sheet.cell(top, left).value)
            sheet_title = sheet.title
        yield Record(id="", sheet=sheet_title, row=1, answers=answers)
        return
    sheet, (left, top, _, bottom) = _named(sheets, f"pl_{part.name}")
    for number, row in enumerate(range(top, bottom + 1), start=1):
        answers = {
            item.name: _answer(item, sheet.cell(row, left + place).value)
            for place, item in enumerate(part.fields)
        }
        if any(answer.value is not None for answer in answers.values()):
            row_id = f"{part.id_prefix}{number}" if part.id_prefix else ""
            yield Record(id=row_id, sheet=sheet.title, row=row, answers=answers)


def _answer(item: Field, value: object) -> Answer:
    return Answer(_decoded(item, value), "" if value is None else str(value), "")


def _decoded(item: Field, value: object) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and item.is_number:
        return int(value) if item.type == "integer" else Decimal(str(value))
    return str(value).strip()


def _named(sheets: Sequence[Worksheet], name: str) -> tuple[Worksheet, tuple[int, int, int, int]]:
    """The sheet that a name stands on, and the area that it names."""
    sheet = next(sheet for sheet in sheets if name in sheet.defined_names)
    return sheet, _area(sheet, name)


def _area(sheet: Worksheet, name: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(
        (sheet.defined_names[name].attr_text or "").rpartition("!")[2]
    )
    return left or 1, top or 1, right or 1, bottom or 1


def _stamp(sheet: Worksheet, name: str) -> str:
    if name not in sheet.defined_names:
        return ""
    left, top, _, _ = _area(sheet, name)
    return str(sheet.cell(top, left).value)
