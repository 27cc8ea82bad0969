"""What Cerberus says of the rows of a section, by the schema that the spec stands for.

Takes sections of the spec and the answers of a row, returns codes of findings. Design decision: Cerberus is
asked once for what can only have one answer. What a schema misses in a blank row depends on the schema
alone, and whether a value may stand in a field with a list on the two alone; so both are remembered. The
other answers, of which hardly two are the same, are judged with their row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
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

# Verdicts on one section's values of lists that are remembered.
_VERDICTS = 4096


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
    """What may stand in one row (or form) of a section. It is made once and judges the rows of many plans."""

    def __init__(self, spec: Spec, section: Section) -> None:
        self._validator = RowValidator(of_section(spec, section))
        self._missing = self._judged({}, update=False)
        self._of_lists = {item.name for item in section.fields if item.list and not item.refs}
        # ``typed``: 1, True and Decimal(1) are equal, and yet a rule of a type tells them apart.
        self._verdict = lru_cache(maxsize=_VERDICTS, typed=True)(self._judged_alone)

    def codes(self, answers: Mapping[str, Value], ids: Mapping[str, frozenset[str]]) -> dict[str, Codes]:
        """The codes of what is wrong with some answers of a row, by field; blank answers are None.

        ``ids``: the filled ids of each section that a reference may name; see ``RowValidator``.
        """
        found: dict[str, Codes] = {}
        others: dict[str, Value] = {}
        for name, value in answers.items():
            if value is None:
                if name in self._missing:
                    found[name] = self._missing[name]
            elif name not in self._of_lists:
                others[name] = value
            elif codes := self._verdict(name, value):
                found[name] = codes
        if others:
            self._validator.ids = ids
            found |= self._judged(others)
        return found

    def _judged_alone(self, name: str, value: Value) -> Codes:
        return self._judged({name: value}).get(name, ())

    def _judged(self, document: Mapping[str, Value], *, update: bool = True) -> dict[str, Codes]:
        """Cerberus's errors as codes; with ``update`` it does not ask for what the document leaves out."""
        self._validator.validate(document, update=update, normalize=False)  # no rule changes a document
        found: dict[str, Codes] = {}
        for name, code in errors(self._validator):
            found[name] = (*found.get(name, ()), code)
        return found


def of_section(spec: Spec, section: Section) -> dict[str, Any]:
    """The schema of one row (or form) of ``section``; blank answers are left out of a document."""
    return {item.name: _of_field(spec, item) for item in section.fields}


def _of_field(spec: Spec, item: Field) -> dict[str, Any]:
    rules: dict[str, Any] = {"type": _TYPES.get(item.type, "string"), "required": item.required}
    if item.list:
        rules["allowed"] = list(spec.lists[item.list].values)
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
