"""What a sound shape cannot say: unknown lists, dangling references, names that stand twice.

Takes the built plans and the sources that they came from (for the lines), returns sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from plbuild.model import Condition, Field, PlanSpec, Section, ValueList, View
from plbuild.spec.source import Path, Source

Complaint = tuple[Path, str]

_VIEW_OPTIONS = {
    "calendar": ("start", "end", "from", "to"),
    "coverage": ("fields", "list"),
    "totals": ("by", "sum"),
}


def problems(plans: Iterable[tuple[PlanSpec, Source]], lists: Mapping[str, ValueList]) -> list[str]:
    """Every incoherence of the plans, a sentence each with file, line and path."""
    pairs = list(plans)
    kinds = {item.kind: item for item, _ in pairs}
    found = []
    for item, source in pairs:
        found += [source.problem(path, text) for path, text in _plan(item, kinds, lists)]
        if kinds[item.kind] is not item:
            found.append(source.problem(("kind",), f"two plans are of the kind {item.kind}."))
    for owner in ("school", "district"):
        holders = [pair for pair in pairs if pair[0].owner == owner and not pair[0].additional]
        if len(holders) > 1:
            source = holders[1][1]
            found.append(
                source.problem(
                    ("owner",),
                    f"two kinds are the main plan of a {owner}; `additional: true` marks the other.",
                )
            )
    return found


def _plan(
    plan: PlanSpec, kinds: Mapping[str, PlanSpec], lists: Mapping[str, ValueList]
) -> Iterator[Complaint]:
    yield from _repeated(("sections",), [part.name for part in plan.sections], "section")
    yield from _repeated(("steps",), [step.tab.casefold() for step in plan.steps], "tab")
    names = {part.name for part in plan.sections}
    placed = [name for step in plan.steps for name in step.sections]
    yield from _repeated(("steps",), placed, "section")
    for name in sorted(set(placed) - names):
        yield ("steps",), f"there is no section {name}."
    for index, part in enumerate(plan.sections):
        path: Path = ("sections", index)
        if part.name not in placed:
            yield path, f"the section {part.name} stands on no tab."
        yield from _section(plan, part, path, kinds, lists)
    if plan.exempts:
        for name in (plan.exempts.id, plan.exempts.reason):
            if not _exists(plan, f"{plan.exempts.section}.{name}"):
                yield ("exempts",), f"there is no field {plan.exempts.section}.{name}."
    for index, view in enumerate(plan.views):
        yield from ((("views", index), text) for text in _view(plan, view, lists))


def _repeated(path: Path, names: list[str], what: str) -> Iterator[Complaint]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield path, f"the {what} {name} stands here twice."


def _section(
    plan: PlanSpec,
    part: Section,
    path: Path,
    kinds: Mapping[str, PlanSpec],
    lists: Mapping[str, ValueList],
) -> Iterator[Complaint]:
    names = [item.name for item in part.fields]
    yield from _repeated((*path, "fields"), names, "field")
    if part.min_rows > part.max_rows:
        yield path, f"min_rows {part.min_rows} is above max_rows {part.max_rows}."
    if not part.min_rows <= part.rows <= part.max_rows:
        yield path, f"rows {part.rows} is not between min_rows and max_rows."
    if part.stands_for and part.stands_for not in names:
        yield (*path, "stands_for"), f"there is no field {part.stands_for} in {part.name}."
    for order in part.orders:
        for name in order:
            if name not in names:
                yield (*path, "rules"), f"there is no field {name} in {part.name}."
    for condition in part.carries_over_when:
        if not _is_form_field(plan, condition.field):
            yield (*path, "carries_over_when"), f"there is no field {condition.field} in a form."
    if part.shape == "table" and any(
        earlier.more and not later.more for earlier, later in zip(part.fields, part.fields[1:], strict=False)
    ):
        yield path, "fields with `more: true` stand last."
    for index, item in enumerate(part.fields):
        place: Path = (*path, "fields", index)
        complaints = chain(
            _field(item, part, lists),
            _unit(item, part, lists),
            _refs(plan, item, kinds),
            _conditions(plan, part, item, lists),
        )
        yield from ((place, text) for text in complaints)


def _field(item: Field, part: Section, lists: Mapping[str, ValueList]) -> Iterator[str]:
    if item.name == "id":
        yield "the name id is the workbook's own."
    if (item.type == "list") != bool(item.list):
        yield "`list` goes with the type list, and only with it."
    if item.list and item.list not in lists:
        yield f"there is no list {item.list}."
    if (item.type == "ref") != bool(item.refs):
        yield "`refs` goes with the type ref, and only with it."
    if item.required and item.required_when:
        yield "`required: true` and `required_when` exclude each other."
    if bool(item.required_when) != bool(item.required_says):
        yield "`required_when` and `required_says` go together."
    if item.pattern and not item.pattern_says:
        yield "`pattern` needs `pattern_says`."
    if item.echo and (item.type != "ref" or part.shape != "table"):
        yield "`echo` goes with a reference in a table."


def _unit(item: Field, part: Section, lists: Mapping[str, ValueList]) -> Iterator[str]:
    if not item.unit_field:
        return
    if not item.is_number or item.unit:
        yield "`unit_field` goes with a number that has no `unit` of its own."
    named = next((entry for entry in part.fields if entry.name == item.unit_field), None)
    if named is None:
        yield f"there is no field {item.unit_field} in {part.name}."
    elif named.list not in lists or not lists[named.list].flagged("percent"):
        yield f"no value of {part.name}.{item.unit_field} carries percent."


def _refs(plan: PlanSpec, item: Field, kinds: Mapping[str, PlanSpec]) -> Iterator[str]:
    for ref in item.refs:
        kind, dot, name = ref.rpartition(".")
        home = kinds.get(kind) if dot else plan
        target = next((part for part in home.sections if part.name == name), None) if home else None
        if target is None:
            yield f"there is no section {ref} to refer to."
        elif not target.stands_for or not target.id_prefix:
            yield f"the section {ref} is referred to and needs `stands_for` and `id_prefix`."


def _conditions(plan: PlanSpec, part: Section, item: Field, lists: Mapping[str, ValueList]) -> Iterator[str]:
    for condition in item.required_when:
        yield from _condition(plan, part, condition, lists)


def _condition(
    plan: PlanSpec, part: Section, condition: Condition, lists: Mapping[str, ValueList]
) -> Iterator[str]:
    own = {entry.name for entry in part.fields}
    if condition.linked:
        for name in (condition.by, condition.linked_field):
            if not _exists(plan, f"{condition.linked}.{name}"):
                yield f"there is no field {condition.linked}.{name}."
                return
        _, linked = plan.find(f"{condition.linked}.{condition.linked_field}")
        if linked.list not in lists or not lists[linked.list].flagged(condition.flag):
            yield f"no value of {condition.linked}.{condition.linked_field} carries {condition.flag}."
    elif condition.filled:
        if condition.filled not in own:
            yield f"there is no field {condition.filled} in {part.name}."
    elif not condition.field or not condition.values:
        yield "a condition says `filled`, or `field` with `in`, or `linked`."
    elif condition.field not in own and not _is_form_field(plan, condition.field):
        yield f"there is no field {condition.field} in {part.name} or in a form."


def _exists(plan: PlanSpec, path: str) -> bool:
    try:
        plan.find(path)
    except KeyError:
        return False
    return True


def _is_form_field(plan: PlanSpec, path: str) -> bool:
    return _exists(plan, path) and plan.find(path)[0].shape == "form"


def _view(plan: PlanSpec, view: View, lists: Mapping[str, ValueList]) -> Iterator[str]:
    needed = _VIEW_OPTIONS[view.kind]
    if missing := [key for key in needed if key not in view.options]:
        yield f"a view of the kind {view.kind} needs {', '.join(missing)}."
        return
    for key in needed:
        value = view.options[key]
        if key == "list":
            if value not in lists:
                yield f"there is no list {value}."
            continue
        for name in (value,) if isinstance(value, str) else value:
            path = name if key in ("from", "to") else f"{view.section}.{name}"
            if not _exists(plan, path):
                yield f"there is no field {path}."
