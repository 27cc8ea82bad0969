"""The spec as objects: plans, sections, fields, lists, and the words of every message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plbuild.model.findings import Finding, Place
from plbuild.model.words import excerpt, shown

DATE_ORDERS = ("month-day-year", "year-month-day", "day-month-year")
"""The orders that a plan may allow for dates typed as text; the first two where it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a list, with what the spec says of it (``federal``, ``staff_group``, ...)."""

    value: str
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueList:
    """A named list of choices; ``title`` is set where the list is one of several sets.

    ``values`` are those of the choices, in the order of the spec.
    """

    name: str
    choices: tuple[Choice, ...]
    title: str = ""
    values: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(choice.value for choice in self.choices))

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
    """One answer that a plan asks for.

    ``unit_field``: the field of the same section that says what the number counts; where its value
    carries ``percent``, 0.61 is read as 61. ``equals``: the key of ``district.yaml`` whose value stands
    here in every plan of the district. ``carries_over``: next year's workbook starts with the answer.
    """

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
    unit_field: str = ""
    more: bool = False
    width: int = 0
    echo: bool = False
    equals: str = ""
    carries_over: bool = False

    @property
    def is_number(self) -> bool:
        """True for the types whose values are counted or summed."""
        return self.type in ("integer", "decimal", "money")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a plan: a form (one record) or a table (rows).

    ``carries_over_when``: its answers carry over into next year only where one of these holds.
    """

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
    hidden: tuple[Field, ...] = ()
    """Fields that a profile leaves out; a Word template may still name them, and prints nothing."""
    carries_over_when: tuple[Condition, ...] = ()

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
    ``date_orders``: the orders in which a date of three numbers may be typed as text.
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
    date_orders: tuple[str, ...] = DATE_ORDERS[:2]

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
    """How one finding, or one fault of a template, reads: sentences with ``{words}`` to fill in."""

    severity: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRules:
    """What the advice goes by: limits, the words that it looks for, and how useful each piece is.

    ``weights``: by code; the heaviest come first, and a weight of 0 leaves a piece of advice out.
    """

    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """All plans, lists and messages, with the district's choices and profile applied.

    ``never_waived``: the codes of errors that no waiver lets through.
    """

    plans: tuple[PlanSpec, ...]
    lists: Mapping[str, ValueList]
    wanted: Mapping[str, str]
    findings: Mapping[str, MessageText]
    phrases: Mapping[str, str]
    template_faults: Mapping[str, MessageText] = field(default_factory=dict)
    never_waived: tuple[str, ...] = ()
    advice: AdviceRules = field(default_factory=AdviceRules)
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
