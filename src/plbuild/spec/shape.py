"""The shape of every YAML file of the project, as Cerberus schemas.

What is wrong with a file's shape is ``judge``'s to say; what a shape cannot say (an unknown list, a dangling
reference) is ``coherence``'s.
"""

from __future__ import annotations

from typing import Any

from plbuild.model import DATE_ORDERS

NAME = r"[a-z][a-z0-9_]*"
CODE, PREFIX, LEAID, YEARS = r"[a-z][a-z-]*", r"[A-Z]{1,3}", r"[0-9]{7}", r"[0-9]{4}-[0-9]{2}"
TYPES = ("text", "long_text", "code", "integer", "decimal", "money", "date", "email", "list", "ref")

# Excel's own limits: a tab's name has at most 31 characters and none of : \ / ? * [ ]
# (Microsoft, "Rename a worksheet"); an input prompt has at most 255 characters.
OF_A_TAB = r"[^:\\/?*\[\]]+"
_TAB = {"type": "string", "maxlength": 31, "regex": OF_A_TAB, "required": True}
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
        "id_prefix": {"type": "string", "regex": PREFIX},
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
    "keysrules": {"type": "string", "regex": CODE},
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
    "leaid": {"type": "string", "regex": LEAID, "required": True},
    "plan_year": {"type": "string", "regex": YEARS, "required": True},
    "due_date": {"type": "date", "required": True},
    "standards_set": {"type": "string", "required": True},
    "profile": {"type": "string"},
    "contact": {"type": "string"},
    "waivers": {"type": "list", "schema": {"type": "dict", "schema": _WAIVER}},
    "dismissed": {"type": "list", "schema": {"type": "dict", "schema": _DISMISSAL}},
    "counts": {"type": "dict", "keysrules": {"type": "string"}, "valuesrules": _TEXT},
}
