"""What is wrong with the shape of a YAML file, in sentences.

Takes a ``Source`` and a schema of ``shape``, returns sentences with their lines. Design decision: every rule
that a schema may use has its words here, because Cerberus's own are for programmers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import ValidationError
from cerberus.schema import UnvalidatedSchema

from plbuild.spec import shape
from plbuild.spec.source import Source


class ShapeValidator(Validator):
    """Cerberus with a rule for regular expressions that must compile; a time of day is no date."""

    types_mapping: ClassVar[dict[str, TypeDefinition]] = {
        **Validator.types_mapping,
        "date": TypeDefinition("date", (date,), (datetime,)),
    }

    def _check_with_pattern(self, field: str, value: str) -> None:
        try:
            re.compile(value)
        except re.error as error:
            self._error(field, f"is not a regular expression: {error}")


def problems(source: Source, schema: dict[str, Any]) -> list[str]:
    """What is wrong with the shape of ``source``, a sentence each with its line; empty when sound."""
    if not isinstance(source.content, dict):
        return [source.problem((), "write keys here, one a line, each with a colon, a space and its value.")]
    # That the schemas are schemas, which takes as long to find out, a test has found out.
    validator = ShapeValidator(UnvalidatedSchema(schema))
    validator.validate(source.content, normalize=False)
    found = (item for error in validator._errors for item in _flat(error))
    return sorted({source.problem(tuple(item.document_path), _sentence(item)) for item in found})


def _flat(error: ValidationError) -> Iterator[ValidationError]:
    """The innermost errors below ``error``."""
    children = error.child_errors or ()
    if children and error.rule not in ("anyof",):
        for child in children:
            yield from _flat(child)
        return
    yield error


def _shown(value: object) -> str:
    """A value as it is typed; of a list or of keys no more than that it is there."""
    if isinstance(value, list | dict):
        return "what stands here"
    return repr(value) if isinstance(value, str) else str(value)


# What is expected of a value of a type, with an example.
_EXPECTED = {
    "date": "{found} is no date; write year-month-day, for example 2026-10-31.",
    "string": "{found} is no text; put it between quotation marks.",
    "integer": "{found} is no whole number; write for example 12.",
    "number": "{found} is no number; write for example 12.5.",
    "boolean": "{found} is neither true nor false; write one of them.",
    "list": "{found} is no list; start each entry on a line of its own with a hyphen.",
    "dict": "{found} has no keys; write them below, one a line, each with a colon, a space and its value.",
}
FORMS = {
    shape.NAME: "write small letters, digits and _, beginning with a letter, for example student_group.",
    shape.CODE: "write small letters and hyphens, for example required-missing.",
    shape.PREFIX: "write one to three capital letters, for example G.",
    shape.OF_A_TAB: r"the name of a tab has none of : \ / ? * [ ] in it.",
    shape.LEAID: "write the 7 digits of the district's NCES number between straight quotation marks, "
    '"0800001".',
    shape.YEARS: "write the two years of the school year, for example 2026-27.",
}
"""What is expected of a text that has to have a form, by the pattern of the form."""


def _sentence(error: ValidationError) -> str:
    wanted, found = error.constraint, _shown(error.value)
    return {
        "required": "this key is missing.",
        "type": _EXPECTED.get(str(wanted), "").format(found=found),
        "allowed": f"{found} is not one of {', '.join(map(str, wanted or ()))}."
        if error.rule == "allowed"
        else "",
        "regex": f"{found} cannot stand here; {FORMS.get(str(wanted), '')}",
        "maxlength": f"longer than {wanted}.",
        "minlength": f"shorter than {wanted}.",
        "min": f"{found} is below {wanted}.",
        "max": f"{found} is above {wanted}.",
        "dependencies": f"this needs {wanted} beside it.",
        "excludes": f"this cannot stand beside {wanted}.",
        "nullable": "a value is missing after the colon.",
        "anyof": f"{found} is neither a text nor a mapping with `value`.",
    }.get(error.rule or "", "") or _custom(error)


def _custom(error: ValidationError) -> str:
    if error.rule is None and error.info:
        return f"{error.value!r} {error.info[0]}."
    return "this key is not known here."
