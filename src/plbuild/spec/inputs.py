"""The district's own inputs: ``district.yaml`` and ``roster.csv``.

Takes their texts, returns ``District`` and ``Roster``; raises with every problem at its line. What
``district.yaml`` says of plans is judged last, when the spec and the roster are known.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest

from plbuild.model import (
    Dismissal,
    District,
    PlanSpec,
    Roster,
    RosterError,
    RosterRow,
    Spec,
    SpecError,
    Value,
    Waiver,
)
from plbuild.spec import judge, shape
from plbuild.spec.mistyped import cut
from plbuild.spec.source import read

_REQUIRED = ("leaid", "ncessch", "school", "grade_low", "grade_high", "enrollment", "teachers_fte")
# NCES: an agency's id has 7 digits, a school's has 12 and begins with its agency's.
_CODES = {"leaid": 7, "ncessch": 12}
_NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?")
# As NCES writes them; a spreadsheet drops the zero in front.
_GRADE = re.compile("PK|KG?|0?[1-9]|1[0-3]|UG|AE|M|N", re.IGNORECASE)
# What Excel puts between the columns, by the computer's country.
_BETWEEN = (",", ";", "\t")


def district(file: str, text: str) -> District:
    """What ``district.yaml`` says. Raises SpecError listing every problem."""
    source = read(file, text, as_typed=True)
    found = [f"{file}, line {line}: {words}" for line, words in cut(text)]
    if found := [*found, *judge.problems(source, shape.DISTRICT)]:
        raise SpecError(tuple(found))
    content = dict(source.content)
    waivers = tuple(Waiver(**entry) for entry in content.pop("waivers", ()))
    dismissed = tuple(Dismissal(**entry) for entry in content.pop("dismissed", ()))
    return District(**content, waivers=waivers, dismissed=dismissed)


def agreed(file: str, text: str, home: District, spec: Spec, schools: Roster) -> None:
    """Raises SpecError where ``district.yaml`` names a plan, a code or a field that there is not."""
    source = read(file, text, as_typed=True)
    found = []
    for index, waiver in enumerate(home.waivers):
        for key, complaint in _of_waiver(waiver, spec, schools):
            found.append(source.problem(("waivers", index, key), complaint))
    for index, dismissal in enumerate(home.dismissed):
        for key, complaint in _of_dismissal(dismissal, spec, schools):
            found.append(source.problem(("dismissed", index, key), complaint))
    for plan_id in home.counts:
        if not _kinds(plan_id, spec, schools):
            found.append(source.problem(("counts", plan_id), _nobody(plan_id)))
    if found:
        raise SpecError(tuple(found))


def _of_waiver(waiver: Waiver, spec: Spec, schools: Roster) -> Iterator[tuple[str, str]]:
    kinds = _kinds(waiver.plan, spec, schools)
    if not kinds:
        yield "plan", _nobody(waiver.plan)
    text = spec.findings.get(waiver.code)
    if text is None:
        yield "code", f"there is no finding {waiver.code}; findings.csv names the code of each."
    elif text.severity != "error":
        yield "code", f"{waiver.code} holds no plan back and needs no waiver."
    elif waiver.code in spec.never_waived:
        yield "code", f"{waiver.code} can never be waived: no plan could count with it."
    yield from _of_field(waiver.field, kinds)


def _of_dismissal(item: Dismissal, spec: Spec, schools: Roster) -> Iterator[tuple[str, str]]:
    kinds = _kinds(item.plan, spec, schools) if item.plan else list(spec.plans)
    if not kinds:
        yield "plan", _nobody(item.plan)
    text = spec.findings.get(item.code)
    if text is None:
        yield "code", f"there is no finding {item.code}; findings.csv names the code of each."
    elif text.severity != "advice":
        yield "code", f"{item.code} is no advice; an error is let through by a waiver."
    yield from _of_field(item.field, kinds)


def _kinds(plan_id: str, spec: Spec, schools: Roster) -> list[PlanSpec]:
    """The plans that the owner of this id owes."""
    return [plan for plan in spec.plans if schools.owner(plan, plan_id)]


def _nobody(plan_id: str) -> str:
    return f"no plan is owed by {plan_id!r}; roster.csv names the schools, leaid the district."


def _of_field(path: str, kinds: list[PlanSpec]) -> Iterator[tuple[str, str]]:
    """What is wrong with the name of a section, or of a field in one, of plans of these kinds."""
    name, dot, item = path.partition(".")
    parts = [part for plan in kinds for part in plan.sections]
    own = [field.name for part in parts if part.name == name for field in part.fields]
    if path and kinds and (not own or (dot and item not in own)):
        known = dict.fromkeys([f"{name}.{field}" for field in own] or [part.name for part in parts])
        yield "field", f"there is no section or field {path} in this plan; there are {', '.join(known)}."


def roster(file: str, text: str, home: District) -> Roster:
    """The schools of ``home`` out of ``roster.csv``. Raises RosterError listing every problem.

    Columns beyond the required ones are kept as text. Rows of other districts are an error: a
    roster says who owes this district a plan. Blank rows, which spreadsheets leave behind, and those whose
    leaid begins with #, which explain the columns, are passed by.
    """
    text = text.removeprefix("\ufeff")
    between = _between(text)
    columns = _columns(text, between)
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise RosterError((f"{file}, line 1: the column {', '.join(missing)} is missing.",))
    found: list[str] = []
    rows: list[dict[str, Value]] = []
    lines: dict[str, int] = {}
    for line, row in _entries(file, text, between):
        if not any(row.values()) or row["leaid"].startswith("#"):
            continue
        complaints = [*_complaints(row, home), *_repeated(row["ncessch"], lines)]
        found += [f"{file}, line {line}: {text}" for text in complaints]
        lines.setdefault(row["ncessch"], line)
        if not complaints:
            rows.append(_typed(row))
    if not lines:
        found.append(f"{file}: no school is listed.")
    if found:
        raise RosterError(tuple(found))
    return _roster(rows, home)


def _entries(file: str, text: str, between: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line that it begins on. Raises RosterError where a quotation mark is out of place."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    columns: list[str] = []
    line = 1
    try:
        for values in reader:
            if columns:
                pairs = zip_longest(columns, values[: len(columns)], fillvalue="")
                yield line, {name: value.strip() for name, value in pairs}
            columns = columns or values
            line = reader.line_num + 1
    except csv.Error:
        said = "a quotation mark is not closed here, or stands within a value; take it out, or write it twice"
        raise RosterError((f"{file}, line {line}: {said}.",)) from None


def _columns(text: str, between: str) -> list[str]:
    """The names on the first line; none where no table begins so."""
    try:
        return next(csv.reader(text.splitlines()[:1], delimiter=between), [])
    except csv.Error:
        return []


def _between(text: str) -> str:
    """What separates the columns: what gives the first line all columns that are wanted, else a comma."""
    return next((mark for mark in _BETWEEN if set(_REQUIRED) <= set(_columns(text, mark))), ",")


def _complaints(row: Mapping[str, str], home: District) -> Iterator[str]:
    for name, digits in _CODES.items():
        if not re.fullmatch(rf"\d{{{digits}}}", row[name]):
            yield (
                f"{name} {row[name]!r} is not {digits} digits; where a spreadsheet dropped leading "
                "zeros, format the column as text and type them again."
            )
    if row["leaid"] != home.leaid and re.fullmatch(r"\d{7}", row["leaid"]):
        yield f"leaid {row['leaid']} is not this district's {home.leaid} (leaid in district.yaml)."
    for name in (name for name, value in row.items() if "\n" in value or "\r" in value):
        yield f"{name} goes on over several lines; take the line break out, or the quotation mark before it."
    if not row["school"]:
        yield "the school's name is missing."
    for name in ("grade_low", "grade_high"):
        if row[name] and not _GRADE.fullmatch(row[name]):
            yield (
                f"{name} {row[name]!r} is no grade; write PK, KG, 01 to 13, UG (ungraded) or AE (adult "
                "education)."
            )
    for name in ("enrollment", "teachers_fte"):
        if row[name] and _number(row[name]) is None:
            yield f"{name} {row[name]!r} is not a number; write it as 1204 or 10.5."


def _repeated(ncessch: str, lines: Mapping[str, int]) -> Iterator[str]:
    if ncessch in lines:
        yield f"ncessch {ncessch} stands already on line {lines[ncessch]}."


def _number(text: str) -> Decimal | None:
    """A number from 0, its thousands with or without commas; 10,5 is none: it could be 10.5 or 105."""
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _typed(row: Mapping[str, str]) -> dict[str, Value]:
    typed: dict[str, Value] = dict(row)
    enrollment, teachers = _number(row["enrollment"]), _number(row["teachers_fte"])
    typed["enrollment"] = None if enrollment is None else int(enrollment)
    typed["teachers_fte"] = teachers
    return typed


def _roster(rows: list[dict[str, Value]], home: District) -> Roster:
    """The schools, and the district's own row: its columns are counts and sums over them."""
    counts = [row["enrollment"] for row in rows if isinstance(row["enrollment"], int)]
    teachers = [row["teachers_fte"] for row in rows if isinstance(row["teachers_fte"], Decimal)]
    columns: dict[str, Value] = {
        "leaid": home.leaid,
        "district": home.name,
        "state": rows[0].get("state") or "",
        "schools": len(rows),
        "enrollment": sum(counts),
        "teachers_fte": sum(teachers, Decimal(0)),
    }
    schools = tuple(
        RosterRow(
            id=str(row["ncessch"]),
            name=str(row["school"]),
            columns={**row, "district": home.name},
        )
        for row in rows
    )
    return Roster(district=RosterRow(id=home.leaid, name=home.name, columns=columns), schools=schools)
