"""The Cerberus schema that the spec stands for, and its errors as findings.

Takes a section of the spec, returns a schema; takes a validator's errors, returns codes and words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import ErrorDefinition, ValidationError

from plbuild.model import Field, Section, Spec

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


class RowValidator(Validator):
    """Cerberus with decimals, and with references to the ids that a plan has filled in.

    ``ids`` maps a section (``goals``, or ``district_plan.goals``) to its filled rows' ids.
    """

    types_mapping: ClassVar[dict[str, TypeDefinition]] = {
        **Validator.types_mapping,
        "decimal": TypeDefinition("decimal", (Decimal,), ()),
        "date": TypeDefinition("date", (date,), ()),
    }

    def _validate_refers_to(self, constraint: Mapping[str, Any], field: str, value: object) -> None:
        """{'type': 'dict'}"""
        if value == constraint["none"]:
            return
        ids: Mapping[str, frozenset[object]] = self._config["ids"]
        if not any(value in ids.get(section, ()) for section in constraint["sections"]):
            self._error(field, _REFERS_TO, value)


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
    """The (field, code) pairs of a validator's last run, in the order of the document's fields."""
    found: list[ValidationError] = list(validator._errors)
    return [(str(error.document_path[-1]), CODES[error.rule]) for error in found]
