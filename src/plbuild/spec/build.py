"""Sound YAML content as the objects of ``model``, with the profile applied.

Takes content whose shape has been judged; what it returns is judged by ``coherence``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from plbuild.model import (
    DATE_ORDERS,
    AdviceRules,
    Choice,
    Condition,
    Exempts,
    Field,
    PlanSpec,
    Section,
    Step,
    ValueList,
    View,
)

_LENGTHS = {"text": 200, "long_text": 1000, "code": 40, "email": 200}


def plan(content: Mapping[str, Any]) -> PlanSpec:
    """A plan file's content as a ``PlanSpec``."""
    texts = ("kind", "version", "title", "owner", "id_column", "name_column")
    return PlanSpec(
        **{key: content[key] for key in texts},
        purpose=_line(content["purpose"]),
        who_fills=_line(content["who_fills"]),
        steps=tuple(
            Step(
                tab=step["tab"],
                sections=tuple(step["sections"]),
                optional=step.get("optional", False),
            )
            for step in content["steps"]
        ),
        sections=tuple(_section(item) for item in content["sections"]),
        views=tuple(_view(item) for item in content.get("views", ())),
        additional=content.get("additional", False),
        date_orders=tuple(content.get("date_orders", DATE_ORDERS[:2])),
        exempts=Exempts(**content["exempts"]) if "exempts" in content else None,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _section(item: Mapping[str, Any]) -> Section:
    is_form = item["shape"] == "form"
    max_rows = 1 if is_form else item.get("max_rows", 1)
    return Section(
        name=item["name"],
        title=item["title"],
        guidance=_line(item["guidance"]),
        shape=item["shape"],
        id_prefix=item.get("id_prefix", ""),
        min_rows=item.get("min_rows", 0),
        max_rows=max_rows,
        rows=1 if is_form else item.get("rows", max_rows),
        row_noun=item.get("row_noun", "row"),
        stands_for=item.get("stands_for", ""),
        orders=tuple((rule["order"][0], rule["order"][1]) for rule in item.get("rules", ())),
        carries_over_when=tuple(_condition(entry) for entry in item.get("carries_over_when", ())),
        fields=tuple(_field(entry, item) for entry in item["fields"]),
    )


def _field(item: Mapping[str, Any], section: Mapping[str, Any]) -> Field:
    """A field; whether it carries over is its own word, else its section's."""
    carries_over = section.get("carries_over", "carries_over_when" in section)
    texts = (
        "list",
        "none",
        "required_says",
        "prefilled",
        "pattern",
        "pattern_says",
        "unit",
        "unit_field",
        "equals",
    )
    low, high = (Decimal(str(item[key])) if key in item else None for key in ("min", "max"))
    return Field(
        name=item["name"],
        label=item["label"],
        help=_line(item["help"]),
        type=item["type"],
        required=item.get("required", False),
        required_when=tuple(_condition(entry) for entry in item.get("required_when", ())),
        refs=tuple(item.get("refs", ())),
        max_length=item.get("max_length", _LENGTHS.get(item["type"], 0)),
        more=item.get("more", False),
        width=item.get("width", 0),
        echo=item.get("echo", False),
        carries_over="prefilled" not in item and item.get("carries_over", carries_over),
        min=low,
        max=high,
        **{key: item.get(key, "") for key in texts},
    )


def _condition(entry: Mapping[str, Any]) -> Condition:
    if "linked" in entry:
        return Condition(
            linked=entry["linked"],
            by=entry["by"],
            linked_field=entry["field"],
            flag=entry["flag"],
        )
    return Condition(
        filled=entry.get("filled", ""),
        field=entry.get("field", ""),
        values=tuple(entry.get("in", ())),
    )


def _view(item: Mapping[str, Any]) -> View:
    fixed = ("name", "kind", "section")
    return View(
        **{key: item[key] for key in fixed},
        options={
            key: tuple(value) if isinstance(value, list) else value
            for key, value in item.items()
            if key not in fixed
        },
    )


def value_list(name: str, item: Mapping[str, Any], standards_set: str) -> ValueList:
    """A list of ``lists.yaml``; of one with several sets, the set that the district chose.

    Raises KeyError where there is no such set.
    """
    chosen = item["sets"][standards_set] if "sets" in item else item
    return ValueList(
        name=name,
        title=chosen.get("title", ""),
        choices=tuple(_choice(entry) for entry in chosen["values"]),
    )


def _choice(entry: str | Mapping[str, Any]) -> Choice:
    if isinstance(entry, str):
        return Choice(value=entry)
    rest = {key: value for key, value in entry.items() if key != "value"}
    return Choice(value=entry["value"], attributes=rest)


def advice(content: Mapping[str, Any], profile: Mapping[str, Any]) -> AdviceRules:
    """The rules of ``advice.yaml`` with a profile's own limits, words and weights in their stead."""
    changes = profile.get("advice", {})
    numbers, words, weights = (
        {**content.get(key, {}), **changes.get(key, {})} for key in ("numbers", "words", "weights")
    )
    return AdviceRules(
        numbers={key: Decimal(str(value)) for key, value in numbers.items()},
        words={key: tuple(value) for key, value in words.items()},
        weights=weights,
    )


def with_profile(plans: list[PlanSpec], profile: Mapping[str, Any]) -> list[PlanSpec]:
    """The plans with a profile's changes: fields relabelled, hidden or required."""
    changes = {
        (parts[0], parts[1], parts[2]): change
        for path, change in profile.get("fields", {}).items()
        if len(parts := path.split(".")) == 3
    }
    return [
        replace(
            item,
            sections=tuple(_changed_section(item.kind, part, changes) for part in item.sections),
        )
        for item in plans
    ]


def _changed_section(
    kind: str, part: Section, changes: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> Section:
    kept: list[Field] = []
    hidden: list[Field] = []
    for item in part.fields:
        change = dict(changes.get((kind, part.name, item.name), {}))
        (hidden if change.pop("hide", False) else kept).append(replace(item, **change))
    gone = {item.name for item in hidden}
    fields = tuple(replace(item, unit_field="") if item.unit_field in gone else item for item in kept)
    return replace(part, fields=fields, hidden=tuple(hidden))


def list_with_profile(item: ValueList, change: Mapping[str, Any]) -> ValueList:
    """A list with a profile's changes: choices hidden, relabelled, added."""
    relabel = change.get("relabel", {})
    kept = tuple(
        replace(choice, value=relabel.get(choice.value, choice.value))
        for choice in item.choices
        if choice.value not in change.get("hide", ())
    )
    return replace(item, choices=kept + tuple(_choice(entry) for entry in change.get("add", ())))
