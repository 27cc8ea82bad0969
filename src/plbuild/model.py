"""The types that cross a stage border, and the few rules that every stage shares.

Owns: the spec as objects, a submission as records of answers, findings, the roll-up as plain rows.
Design decision: every type is a frozen, slotted, keyword-only dataclass of plain values, so that it
pickles into a worker process, compares in a test and prints in a message.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None
"""A decoded answer: text, a whole number, a decimal, a date, or None for a blank cell."""


class InputError(Exception):
    """The project's own inputs are wrong; ``problems`` are whole sentences, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class SpecError(InputError):
    """A spec, a list, a message, a profile or ``district.yaml`` is wrong."""


class RosterError(InputError):
    """``roster.csv`` is wrong."""


class TemplateError(InputError):
    """An output template is wrong."""


# ---------------------------------------------------------------------------------------------
# The spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a list, with what the spec says of it (``federal``, ``staff_group``, ...)."""

    value: str
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueList:
    """A named list of choices; ``title`` is set where the list is one of several sets."""

    name: str
    choices: tuple[Choice, ...]
    title: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The values in the order of the spec."""
        return tuple(choice.value for choice in self.choices)

    def attribute(self, value: object, name: str) -> str | bool | None:
        """What the spec says of ``value`` under ``name``, None where it says nothing."""
        for choice in self.choices:
            if choice.value == value:
                return choice.attributes.get(name)
        return None

    def flagged(self, flag: str) -> tuple[str, ...]:
        """The values that carry ``flag``."""
        return tuple(choice.value for choice in self.choices if choice.attributes.get(flag))


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a value is required; exactly one of ``filled``, ``field`` and ``linked`` is set.

    ``filled``: another field of the row is filled. ``field`` with ``values``: that field (of the
    row, or ``section.field`` of a form) has one of the values. ``linked``: a row of that section
    refers to this one through its field ``by``, and the list value of its ``linked_field`` carries
    ``flag``.
    """

    filled: str = ""
    field: str = ""
    values: tuple[str, ...] = ()
    linked: str = ""
    by: str = ""
    linked_field: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer that a plan asks for."""

    name: str
    label: str
    help: str
    type: str
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    required_says: str = ""
    list: str = ""
    refs: tuple[str, ...] = ()
    none: str = ""
    prefilled: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    max_length: int = 0
    pattern: str = ""
    pattern_says: str = ""
    unit: str = ""
    more: bool = False
    width: int = 0
    echo: bool = False

    @property
    def is_number(self) -> bool:
        """True for the types whose values are counted or summed."""
        return self.type in ("integer", "decimal", "money")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a plan: a form (one record) or a table (rows)."""

    name: str
    title: str
    guidance: str
    shape: str
    fields: tuple[Field, ...]
    id_prefix: str = ""
    min_rows: int = 0
    max_rows: int = 1
    rows: int = 1
    row_noun: str = "row"
    stands_for: str = ""
    orders: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> Field:
        """The field called ``name``. Raises KeyError."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A tab of the workbook and the sections on it."""

    tab: str
    sections: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Data derived from a section for templates: a calendar, a coverage or totals."""

    name: str
    kind: str
    section: str
    options: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempts:
    """The table that names schools which owe no plan: its section and its two fields."""

    section: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSpec:
    """Everything that is declared of one kind of plan.

    ``additional``: owed beside the main plan of its owner; the roll-up is of the main plans.
    """

    kind: str
    version: str
    title: str
    owner: str
    id_column: str
    name_column: str
    purpose: str
    who_fills: str
    steps: tuple[Step, ...]
    sections: tuple[Section, ...]
    views: tuple[View, ...] = ()
    exempts: Exempts | None = None
    additional: bool = False

    def section(self, name: str) -> Section:
        """The section called ``name``. Raises KeyError."""
        for item in self.sections:
            if item.name == name:
                return item
        raise KeyError(name)

    def find(self, path: str) -> tuple[Section, Field]:
        """The section and field of a ``section.field`` path. Raises KeyError."""
        section, _, name = path.partition(".")
        return self.section(section), self.section(section).field(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """How one finding reads: sentences with ``{words}`` to fill in."""

    severity: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """All plans, lists and messages, with the district's choices and profile applied."""

    plans: tuple[PlanSpec, ...]
    lists: Mapping[str, ValueList]
    wanted: Mapping[str, str]
    findings: Mapping[str, MessageText]
    phrases: Mapping[str, str]
    digest: str = ""

    def plan(self, kind: str) -> PlanSpec:
        """The plan spec of ``kind``. Raises KeyError."""
        for item in self.plans:
            if item.kind == kind:
                return item
        raise KeyError(kind)

    def owned_by(self, owner: str) -> PlanSpec:
        """The main plan that a ``school`` or the ``district`` owes. Raises KeyError."""
        for item in self.plans:
            if item.owner == owner and not item.additional:
                return item
        raise KeyError(owner)

    def targets(self, plan: PlanSpec, item: Field) -> tuple[tuple[PlanSpec, Section], ...]:
        """The plans and sections whose rows the reference ``item`` of ``plan`` may name."""
        found = []
        for ref in item.refs:
            kind, dot, name = ref.rpartition(".")
            home = self.plan(kind) if dot else plan
            found.append((home, home.section(name)))
        return tuple(found)

    def wanted_for(self, item: Field) -> str:
        """In words what may stand in ``item``: "a date, such as 9/15/2026"."""
        if item.pattern_says:
            return item.pattern_says
        choices = "; ".join(self.lists[item.list].values) if item.list else ""
        text = self.wanted[item.type].format(choices=choices, max_length=item.max_length)
        if item.is_number and item.min is not None and item.max is not None:
            text += self.wanted["between"].format(min=item.min, max=item.max)
        elif item.is_number and item.min is not None:
            text += self.wanted["at_least"].format(min=item.min)
        return text

    def finding(self, code: str, where: Place, **words: object) -> Finding:
        """The finding ``code`` at ``where``, its sentences filled with ``words``.

        Raises KeyError where the code is not in ``messages.yaml`` or a word is missing.
        """
        text = self.findings[code]
        entered = shown(words.pop("entered", None))
        filled = {
            "label": where.label,
            "section": where.section_title,
            "entered": excerpt(entered),
            "file": where.file,
            "sheet": where.sheet,
            "cell": where.cell,
            **words,
        }
        return Finding(
            severity=text.severity,
            code=code,
            where=where,
            entered=entered,
            message=text.message.format_map(filled),
            fix=text.fix.format_map(filled),
        )


# ---------------------------------------------------------------------------------------------
# The roster and the district


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """Who owes a plan: the roster's columns of one school, or of the district itself."""

    id: str
    name: str
    columns: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The district and its schools in the order of ``roster.csv``."""

    district: RosterRow
    schools: tuple[RosterRow, ...]

    def owner(self, plan: PlanSpec, plan_id: str) -> RosterRow | None:
        """The row that a plan of this kind and id belongs to, None where there is none."""
        for row in self.owners(plan):
            if row.id == plan_id:
                return row
        return None

    def owners(self, plan: PlanSpec) -> tuple[RosterRow, ...]:
        """The rows that each owe one plan of this kind."""
        return (self.district,) if plan.owner == "district" else self.schools


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """What ``district.yaml`` says."""

    name: str
    leaid: str
    plan_year: str
    due_date: date
    standards_set: str
    profile: str = ""
    contact: str = ""


# ---------------------------------------------------------------------------------------------
# Submissions and findings


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
class Finding:
    """Something that the submitter should know or mend, at its place."""

    severity: str
    code: str
    where: Place
    entered: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands in one input cell.

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


# ---------------------------------------------------------------------------------------------
# The roll-up


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its key, heading and type (text, integer, decimal, money, date)."""

    name: str
    title: str
    type: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Plain rows, each as long as ``columns``; ``sources[i]`` is the lineage of ``rows[i]``.

    A source is written ``file | sheet | cell``.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    sources: tuple[tuple[str, ...], ...] = ()
    total: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of one plan that the roster expects: accepted, held, missing or exempt.

    ``late``: the due date has passed and nothing came, or what came was last saved after it.
    """

    owner: RosterRow
    kind: str
    state: str
    files: tuple[str, ...] = ()
    errors: int = 0
    advice: int = 0
    digest: str = ""
    reason: str = ""
    saved: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """The district's tables, the records behind them, and the proof that nothing dropped out."""

    tables: tuple[Table, ...]
    records: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """The table called ``name``. Raises KeyError."""
        for item in self.tables:
            if item.name == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A defect of plbuild itself that hit one item; the other items are built all the same."""

    item: str
    message: str


# ---------------------------------------------------------------------------------------------
# Rules that several stages share


def shown(value: object) -> str:
    """A value as US readers write it: ``1,240``, ``$1,200.50`` is ``money``'s, ``9/15/2026``."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.month}/{value.day}/{value.year}"
    if isinstance(value, Decimal):
        return plain_number(value)
    return str(value)


def plain_number(value: Decimal) -> str:
    """A decimal with thousands separators and without trailing zeros: ``1,240.5``."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """US dollars; cents only where there are any: ``$1,200``, ``$1,200.50``."""
    sign = "-" if value < 0 else ""
    amount = abs(value)
    return f"{sign}${amount:,.0f}" if amount == amount.to_integral_value() else f"{sign}${amount:,.2f}"


def excerpt(text: str, limit: int = 80) -> str:
    """The beginning of a text on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens a CSV file.

    The characters are those that OWASP names under "CSV Injection"; an apostrophe goes before them.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def checksum(texts: Iterable[str]) -> str:
    """The stamp over the locked texts of a sheet, in the order of the sheet."""
    return digest("\x1f".join(texts).encode("utf-8", "surrogatepass"))[:16]


def safe_name(text: str) -> str:
    """A file name's stem that Windows, macOS and Linux all accept; may be empty.

    Accents fall back to their letter so that no file system's normalisation can split one name
    into two; whatever is not a letter, a digit or a hyphen becomes a hyphen.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    plain = plain.replace("'", "")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60].strip("-")
