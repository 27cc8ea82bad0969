"""The shape of every YAML file of the project, as Cerberus schemas, and what is wrong with one.

Takes a ``Source``, returns sentences. What a shape cannot say (an unknown list, a dangling
reference) is ``coherence``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import ValidationError
from cerberus.schema import UnvalidatedSchema

from plbuild.model import DATE_ORDERS
from plbuild.spec.source import Source

NAME = r"[a-z][a-z0-9_]*"
_CODE, _PREFIX, _LEAID, _YEARS = r"[a-z][a-z-]*", r"[A-Z]{1,3}", r"[0-9]{7}", r"[0-9]{4}-[0-9]{2}"
TYPES = ("text", "long_text", "code", "integer", "decimal", "money", "date", "email", "list", "ref")

# Excel's own limits: a tab's name has at most 31 characters and none of : \ / ? * [ ]
# (Microsoft, "Rename a worksheet"); an input prompt has at most 255 characters.
_OF_A_TAB = r"[^:\\/?*\[\]]+"
_TAB = {"type": "string", "maxlength": 31, "regex": _OF_A_TAB, "required": True}
_TEXT = {"type": "string", "minlength": 1, "required": True}
_NAMES = {"type": "list", "minlength": 1, "schema": {"type": "string"}}
_NAME = {"type": "string", "regex": NAME, "maxlength": 40, "required": True}
_COUNT = {"type": "integer", "min": 0, "max": 500}

_CONDITION = {
    "type": "dict",
    "schema": {
        "filled": {"type": "string"},
        "field": {"type": "string"},
        "in": {"type": "list", "schema": {"type": "string"}, "minlength": 1},
        "linked": {"type": "string", "dependencies": ["by", "field", "flag"]},
        "by": {"type": "string"},
        "flag": {"type": "string"},
    },
}

_FIELD = {
    "type": "dict",
    "schema": {
        "name": _NAME,
        "label": {**_TEXT, "maxlength": 40},
        "help": {**_TEXT, "maxlength": 250},
        "type": {"type": "string", "allowed": TYPES, "required": True},
        "list": {"type": "string"},
        "refs": _NAMES,
        "none": {"type": "string"},
        "required": {"type": "boolean"},
        "required_when": {"type": "list", "minlength": 1, "schema": _CONDITION},
        "required_says": {"type": "string", "minlength": 1},
        "prefilled": {"type": "string", "minlength": 1},
        "min": {"type": "number"},
        "max": {"type": "number"},
        "max_length": {"type": "integer", "min": 1, "max": 32767},
        "pattern": {"type": "string", "check_with": "pattern"},
        "pattern_says": {"type": "string", "minlength": 1},
        "unit": {"type": "string"},
        "unit_field": {"type": "string"},
        "more": {"type": "boolean"},
        "width": {"type": "integer", "min": 4, "max": 80},
        "echo": {"type": "boolean"},
        "equals": {"type": "string", "allowed": ["plan_year", "leaid", "name"]},
        "carries_over": {"type": "boolean", "excludes": "prefilled"},
    },
}

_FORM_CONDITION = {
    "type": "dict",
    "schema": {"field": _TEXT, "in": {**_NAMES, "required": True}},
}

_SECTION = {
    "type": "dict",
    "schema": {
        "name": _NAME,
        "title": _TEXT,
        "guidance": _TEXT,
        "shape": {"type": "string", "allowed": ["form", "table"], "required": True},
        "id_prefix": {"type": "string", "regex": _PREFIX},
        "min_rows": _COUNT,
        "max_rows": {**_COUNT, "min": 1},
        "rows": {**_COUNT, "min": 1},
        "row_noun": {"type": "string", "minlength": 1},
        "stands_for": {"type": "string"},
        "carries_over": {"type": "boolean", "excludes": "carries_over_when"},
        "carries_over_when": {"type": "list", "minlength": 1, "schema": _FORM_CONDITION},
        "rules": {
            "type": "list",
            "schema": {
                "type": "dict",
                "schema": {"order": {**_NAMES, "maxlength": 2, "minlength": 2, "required": True}},
            },
        },
        "fields": {"type": "list", "minlength": 1, "schema": _FIELD, "required": True},
    },
}

_VIEW = {
    "type": "dict",
    "schema": {
        "name": _NAME,
        "kind": {"type": "string", "allowed": ["calendar", "coverage", "totals"], "required": True},
        "section": {"type": "string", "required": True},
        **{key: {"type": "string"} for key in ("start", "end", "from", "to", "list", "by", "sum")},
        "fields": _NAMES,
    },
}

PLAN: dict[str, Any] = {
    "kind": _NAME,
    "version": _TEXT,
    "title": _TEXT,
    "owner": {"type": "string", "allowed": ["school", "district"], "required": True},
    "id_column": _TEXT,
    "name_column": _TEXT,
    "purpose": _TEXT,
    "who_fills": _TEXT,
    "steps": {
        "type": "list",
        "minlength": 1,
        "required": True,
        "schema": {
            "type": "dict",
            "schema": {
                "tab": _TAB,
                "sections": {**_NAMES, "required": True},
                "optional": {"type": "boolean"},
            },
        },
    },
    "sections": {"type": "list", "minlength": 1, "required": True, "schema": _SECTION},
    "views": {"type": "list", "schema": _VIEW},
    "additional": {"type": "boolean"},
    "date_orders": {
        "type": "list",
        "minlength": 1,
        "schema": {"type": "string", "allowed": DATE_ORDERS},
    },
    "exempts": {"type": "dict", "schema": {"section": _NAME, "id": _NAME, "reason": _NAME}},
}

_CHOICE = {
    "anyof": [
        {"type": "string", "minlength": 1},
        {
            "type": "dict",
            "schema": {"value": _TEXT},
            "allow_unknown": {"type": ["string", "boolean"]},
        },
    ]
}
_VALUES = {"type": "list", "minlength": 1, "schema": _CHOICE}

LISTS: dict[str, Any] = {
    "lists": {
        "type": "dict",
        "required": True,
        "keysrules": {"type": "string", "regex": NAME},
        "valuesrules": {
            "type": "dict",
            "schema": {
                "values": {**_VALUES, "excludes": ["sets", "chosen_by"]},
                "chosen_by": {"type": "string", "allowed": ["standards_set"]},
                "sets": {
                    "type": "dict",
                    "dependencies": ["chosen_by"],
                    "valuesrules": {
                        "type": "dict",
                        "schema": {"title": _TEXT, "values": {**_VALUES, "required": True}},
                    },
                },
            },
        },
    }
}

_SENTENCES = {"type": "dict", "required": True, "valuesrules": {"type": "string", "minlength": 1}}
_MESSAGES_BY_CODE: dict[str, Any] = {
    "type": "dict",
    "required": True,
    "keysrules": {"type": "string", "regex": _CODE},
    "valuesrules": {
        "type": "dict",
        "schema": {
            "severity": {"type": "string", "allowed": ["error", "advice", "note"], "required": True},
            "message": _TEXT,
            "fix": _TEXT,
        },
    },
}
MESSAGES: dict[str, Any] = {
    "wanted": _SENTENCES,
    "phrases": _SENTENCES,
    "findings": _MESSAGES_BY_CODE,
    "templates": _MESSAGES_BY_CODE,
    "never_waived": {**_NAMES, "required": True},
}

# Every limit and list of words that a piece of advice goes by; a profile may change some of them.
_LIMITS = (
    "contact_hours",
    "actions_per_role",
    "actions_starting_together",
    "days_starting_together",
    "days_after_end",
    "days_before_start",
    "objectives_for_leaders",
    "people_per_teacher_fte",
    "staff_per_teacher_fte",
    "hours_of_one_day",
    "words_of_use",
    "words_of_copy",
    "percent_alike",
    "schools_for_boilerplate",
)
_WORDS = (
    "adults",
    "students",
    "rising",
    "falling",
    "unobservable",
    "observed",
    "everyone",
    "leaders",
    "paraprofessionals",
    "attendance",
    "attendance_around",
    "costs",
    "no_costs",
    "inside_providers",
    "placeholders",
    "looking_back",
    "school_words",
)
_LIMIT = {"type": "number", "min": 0}
_WORD_LIST = {"type": "list", "schema": {"type": "string", "minlength": 1}}
_WEIGHTS = {"type": "dict", "valuesrules": {"type": "integer", "min": 0, "max": 100}}
ADVICE: dict[str, Any] = {
    "numbers": {
        "type": "dict",
        "required": True,
        "schema": {k: {**_LIMIT, "required": True} for k in _LIMITS},
    },
    "words": {
        "type": "dict",
        "required": True,
        "schema": {k: {**_WORD_LIST, "required": True} for k in _WORDS},
    },
    "weights": {**_WEIGHTS, "required": True},
}

_CHANGES = {"type": "dict", "valuesrules": {"type": "dict"}}
PROFILE: dict[str, Any] = {
    "name": _TEXT,
    "advice": {
        "type": "dict",
        "schema": {
            "numbers": {"type": "dict", "schema": dict.fromkeys(_LIMITS, _LIMIT)},
            "words": {"type": "dict", "schema": dict.fromkeys(_WORDS, _WORD_LIST)},
            "weights": _WEIGHTS,
        },
    },
    "fields": {
        "type": "dict",
        "valuesrules": {
            "type": "dict",
            "schema": {
                "label": {"type": "string", "minlength": 1, "maxlength": 40},
                "help": {"type": "string", "minlength": 1, "maxlength": 250},
                "required": {"type": "boolean"},
                "hide": {"type": "boolean"},
            },
        },
    },
    "lists": {
        "type": "dict",
        "valuesrules": {
            "type": "dict",
            "schema": {
                "add": _VALUES,
                "hide": _NAMES,
                "relabel": {"type": "dict", "valuesrules": {"type": "string", "minlength": 1}},
            },
        },
    },
}

_WAIVER = {
    **dict.fromkeys(("plan", "code", "approved_by", "why"), _TEXT),
    "field": {"type": "string", "minlength": 1},
    "until": {"type": "date", "required": True},
}

_DISMISSAL = {
    **dict.fromkeys(("code", "reason"), _TEXT),
    **{key: {"type": "string", "minlength": 1} for key in ("plan", "field")},
}

DISTRICT: dict[str, Any] = {
    "name": _TEXT,
    "leaid": {"type": "string", "regex": _LEAID, "required": True},
    "plan_year": {"type": "string", "regex": _YEARS, "required": True},
    "due_date": {"type": "date", "required": True},
    "standards_set": {"type": "string", "required": True},
    "profile": {"type": "string"},
    "contact": {"type": "string"},
    "waivers": {"type": "list", "schema": {"type": "dict", "schema": _WAIVER}},
    "dismissed": {"type": "list", "schema": {"type": "dict", "schema": _DISMISSAL}},
    "counts": {"type": "dict", "keysrules": {"type": "string"}, "valuesrules": _TEXT},
}


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
    NAME: "write small letters, digits and _, beginning with a letter, for example student_group.",
    _CODE: "write small letters and hyphens, for example required-missing.",
    _PREFIX: "write one to three capital letters, for example G.",
    _OF_A_TAB: r"the name of a tab has none of : \ / ? * [ ] in it.",
    _LEAID: 'write the 7 digits of the district\'s NCES number between straight quotation marks, "0800001".',
    _YEARS: "write the two years of the school year, for example 2026-27.",
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
