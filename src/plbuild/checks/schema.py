"""What Cerberus says of the rows of a section, by the schema that the spec stands for.

Takes sections of the spec and the answers of a row, returns codes of findings. Design decision: Cerberus is
asked once for what can only have one answer, and what it said is remembered. What a schema misses in a blank
row depends on the schema alone; the verdict on an answer, on what the rules of its field look at: of a date
its type, of a text without a pattern how long it is, of a reference also the ids that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import ErrorDefinition, ValidationError

from plbuild.model import Field, Section, Spec, Value

# One @ between a local part and a domain with a dot; whether mail arrives there no pattern can say.
_EMAIL = r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"

_TYPES = {"integer": "integer", "decimal": "decimal", "money": "decimal", "date": "date"}

# Cerberus keeps the numbers up to 0xFF for its own rules.
_REFERS_TO = ErrorDefinition(0x1000, "refers_to")

CODES = {
    "required": "required-missing",
    "type": "wrong-type",
    "allowed": "not-in-list",
    "maxlength": "too-long",
    "regex": "wrong-form",
    "min": "out-of-range",
    "max": "out-of-range",
    "refers_to": "broken-reference",
}
"""The code of the finding for each rule of the schema."""

Codes = tuple[str, ...]

_Key = tuple[str, type, object, tuple[frozenset[str] | None, ...]]
"""A field, and all that its rules look at in an answer: its type, what ``_looked_at`` takes of its value,
and the ids that it may refer to."""
_Lists = tuple[tuple[str, ...], ...]

# The sections whose rules are kept, the verdicts on one of them that are remembered, and the longest answer
# that is remembered with its verdict: a few MB in all.
_SECTIONS = 128
_VERDICTS = 1024
_LONGEST = 100


class RowValidator(Validator):
    """Cerberus with decimals, and with references to the ids that a plan has filled in."""

    # Cerberus asks of every answer whether it may be None; a document of ours leaves blank answers out.
    mandatory_validations: ClassVar[tuple[str, ...]] = ()
    types_mapping: ClassVar[dict[str, TypeDefinition]] = {
        **Validator.types_mapping,
        "decimal": TypeDefinition("decimal", (Decimal,), ()),
        "date": TypeDefinition("date", (date,), ()),
    }
    ids: Mapping[str, frozenset[str]] = {}
    """A section (``goals``, or ``district_plan.goals``) and its filled rows' ids."""

    def _validate_refers_to(self, constraint: Mapping[str, Any], field: str, value: object) -> None:
        """{'type': 'dict'}"""
        if value == constraint["none"]:
            return
        if not any(value in self.ids.get(section, ()) for section in constraint["sections"]):
            self._error(field, _REFERS_TO, value)


class SectionRules:
    """What may stand in one row (or form) of a section, by its schema (``of_section``).

    It is made once and judges the rows of many plans, in one thread or in several.
    """

    def __init__(self, schema: Mapping[str, Mapping[str, Any]]) -> None:
        self._validator = RowValidator(schema)
        self._one_at_a_time = Lock()
        self._missing = self._judged({}, {}, update=False)
        self._asked = {name: (_looked_at(rules), _refers_to(rules)) for name, rules in schema.items()}
        self._verdicts: dict[_Key, Codes] = {}

    def codes(self, answers: Mapping[str, Value], ids: Mapping[str, frozenset[str]]) -> dict[str, Codes]:
        """The codes of what is wrong with some answers of a row, by field; blank answers are None.

        ``ids``: the filled ids of each section that a reference may name; see ``RowValidator``.
        """
        found: dict[str, Codes] = {}
        new: dict[str, _Key] = {}
        for name, value in answers.items():
            if value is None:
                codes = self._missing.get(name)
            else:
                looked_at, refs = self._asked[name]
                # The type, for 1, True and Decimal(1) are equal and yet a rule tells them apart.
                key = name, type(value), looked_at(value), tuple(map(ids.get, refs)) if refs else ()
                codes = self._verdicts.get(key)
                if codes is None:
                    new[name] = key
            if codes:
                found[name] = codes
        if new:
            judged = self._judged({name: answers[name] for name in new}, ids)
            self._remember({key: judged.get(name, ()) for name, key in new.items()})
            found |= judged
        return found

    def _remember(self, verdicts: Mapping[_Key, Codes]) -> None:
        if len(self._verdicts) > _VERDICTS:
            self._verdicts.clear()
        self._verdicts |= {
            key: codes
            for key, codes in verdicts.items()
            if not isinstance(key[2], str) or len(key[2]) <= _LONGEST
        }

    def _judged(
        self, document: Mapping[str, Value], ids: Mapping[str, frozenset[str]], *, update: bool = True
    ) -> dict[str, Codes]:
        """Cerberus's errors as codes; with ``update`` it does not ask for what the document leaves out."""
        found: dict[str, Codes] = {}
        with self._one_at_a_time:
            self._validator.ids = ids
            self._validator.validate(document, update=update, normalize=False)  # no rule changes a document
            for name, code in errors(self._validator):
                found[name] = (*found.get(name, ()), code)
        return found


def _looked_at(rules: Mapping[str, Any]) -> Callable[[Value], object]:
    """What rules look at in a value beside its type: nothing, how long it is, or all of it."""
    if rules.keys() <= {"type", "required"}:
        return lambda value: None
    if rules.keys() <= {"type", "required", "maxlength"}:
        return lambda value: len(value) if isinstance(value, str) else value
    return lambda value: value


def _refers_to(rules: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(rules["refers_to"]["sections"]) if "refers_to" in rules else ()


def rules_of(spec: Spec, section: Section) -> SectionRules:
    """The rules of a section's rows. They are kept: to make those of a spec takes as long as to judge
    several plans, which come in small batches."""
    return _rules_of(section, _lists(spec, section))


@lru_cache(maxsize=_SECTIONS)
def _rules_of(section: Section, lists: _Lists) -> SectionRules:
    return SectionRules(_schema(section, lists))


def of_section(spec: Spec, section: Section) -> dict[str, Any]:
    """The schema of one row (or form) of ``section``; blank answers are left out of a document."""
    return _schema(section, _lists(spec, section))


def _lists(spec: Spec, section: Section) -> _Lists:
    """All that a schema takes of a spec beside its section: the values of each field's list."""
    return tuple(spec.lists[item.list].values if item.list else () for item in section.fields)


def _schema(section: Section, lists: _Lists) -> dict[str, Any]:
    return {item.name: _of_field(item, values) for item, values in zip(section.fields, lists, strict=True)}


def _of_field(item: Field, values: tuple[str, ...]) -> dict[str, Any]:
    rules: dict[str, Any] = {"type": _TYPES.get(item.type, "string"), "required": item.required}
    if item.list:
        rules["allowed"] = list(values)
    if item.refs:
        rules["refers_to"] = {"sections": list(item.refs), "none": item.none}
    if item.max_length and item.type != "list":
        rules["maxlength"] = item.max_length
    if item.type == "email":
        rules["regex"] = _EMAIL
    if item.pattern:
        rules["regex"] = item.pattern
    if item.is_number:
        rules |= {key: limit for key, limit in (("min", item.min), ("max", item.max)) if limit is not None}
    return rules


def errors(validator: Validator) -> list[tuple[str, str]]:
    """The (field, code) pairs of a validator's last run, in the order of its errors."""
    found: list[ValidationError] = list(validator._errors)
    return [(str(error.document_path[-1]), CODES[error.rule]) for error in found]
