"""Cell rules: the drop-downs, the limits, the input prompts and Excel's own error boxes.

Takes fields, returns openpyxl validations; all words come from the spec's labels, help and messages.
"""

from __future__ import annotations

from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from plbuild.model import Field, Section, Spec

# Excel's limits (ECMA-376 18.3.1.32): titles 32 characters, texts 255.
_TITLE, _TEXT = 32, 255
_FORMATS = {
    "integer": "#,##0",
    "decimal": "General",
    "money": '"$"#,##0.00',
    "date": "m/d/yyyy",
    # A long text in a cell formatted as text shows as #### in some versions of Excel.
    "long_text": "General",
}


def number_format(item: Field) -> str:
    """The cell format of a field; short texts and codes stay text whatever they look like."""
    return _FORMATS.get(item.type, "@")


def rule(spec: Spec, section: Section, item: Field, drop_down: str) -> DataValidation:
    """The validation of a field's cells; ``drop_down`` is the range of its choices, if it has any."""
    validation = DataValidation(allow_blank=True, showErrorMessage=True, showInputMessage=True)
    _limits(validation, item, drop_down)
    phrases = spec.phrases
    validation.errorTitle = phrases["entry_title"][:_TITLE]
    wanted = phrases["entry_choose"] if drop_down else spec.wanted_for(item)
    validation.error = _cut(phrases["entry_text"].format(label=item.label, wanted=wanted))
    validation.promptTitle = item.label[:_TITLE]
    validation.prompt = prompt(spec, item)
    return validation


def prompt(spec: Spec, item: Field) -> str:
    """What Excel shows beside a chosen cell: the help, and whether an answer is required."""
    when = ""
    if item.required:
        when = spec.phrases["prompt_required"]
    elif item.required_when:
        when = spec.phrases["prompt_required_when"].format(when=item.required_says)
    room = _TEXT - len(when) - 1
    return f"{_cut(item.help, room)} {when}".strip()


def _cut(text: str, limit: int = _TEXT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _limits(validation: DataValidation, item: Field, drop_down: str) -> None:
    low, high = item.min, item.max
    if drop_down:
        validation.type, validation.formula1 = "list", drop_down
    elif item.type in ("integer", "decimal", "money"):
        validation.type = "whole" if item.type == "integer" else "decimal"
        bottom = low if low is not None else Decimal(-1_000_000_000)
        top = high if high is not None else Decimal(1_000_000_000)
        validation.operator = "between"
        validation.formula1, validation.formula2 = f"{bottom:f}", f"{top:f}"
    elif item.type == "date":
        validation.type, validation.operator = "date", "between"
        # Serial numbers of 1/1/1990 and 12/31/2099, in the 1900 system of dates.
        validation.formula1, validation.formula2 = "32874", "73050"
    else:
        validation.type, validation.operator = "textLength", "lessThanOrEqual"
        validation.formula1 = str(item.max_length)
