"""The tables about what adults do: by way of learning, by audience, and by their groups.

Takes a ``Scope``, returns tables over the actions of the schools' plans and the district's. Two units,
never mixed: contact hours are the hours that one person takes part, added over actions; person-hours
are hours times people, and exist only for the actions that say how many people take part.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from plbuild.model import Table, Value, ValueList
from plbuild.rollup import frames, names
from plbuild.rollup.declared import TABLES
from plbuild.rollup.figures import numbers, percent, product, rank, stated, total, whole
from plbuild.rollup.scope import Scope, coverage

_PERSON_HOURS = "#person_hours"
_FORM = "#form"
_GROUP = "#staff_group"


def learning_designs(scope: Scope) -> Table:
    """Actions and hours by the way of learning of the first activity."""
    actions = _actions(scope)
    designs = scope.choices(names.ACTIONS, names.DESIGN)
    rows: list[frames.Row] = [
        ((design, form, *_amounts(part)), frames.sources(part))
        for (design, form), part in frames.groups(actions, names.DESIGN, _FORM)
    ]
    rows.sort(key=lambda row: rank(designs, str(row[0][0])))
    sums, words = _sums("learning_designs", rows), _embedded(frames.whole(actions))
    return frames.table("learning_designs", rows, total=sums, note=coverage(scope), embedded=words)


def learning_forms(scope: Scope) -> Table:
    """The same actions by form: events, job-embedded, self-directed, each with its share."""
    actions = _actions(scope)
    hours = total(actions[names.HOURS])
    order = _attributes(scope.choices(names.ACTIONS, names.DESIGN), names.FORM)
    rows: list[frames.Row] = []
    for (form,), part in frames.groups(actions, _FORM):
        shares = percent(len(part), len(actions)), percent(total(part[names.HOURS]), hours)
        rows.append(((form, *_amounts(part), *shares), frames.sources(part)))
    rows.sort(key=lambda row: _place(order, str(row[0][0])))
    return frames.table("learning_forms", rows, total=_sums("learning_forms", rows), note=coverage(scope))


def people(scope: Scope) -> Table:
    """Objectives, actions and hours by audience; an audience that nobody plans for shows zeros."""
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    groups = _staff_groups(scope)
    parts = _by(scope, names.AUDIENCE)
    rows: list[frames.Row] = []
    for audience in sorted({*audiences.values, *parts}, key=lambda name: rank(audiences, name)):
        cells, lineage = _people(parts.get(audience))
        group = groups.get(audience, names.NOT_STATED)
        rows.append(((audience, group, *cells), lineage))
    return frames.table("people", rows, total=_sums("people", rows), note=coverage(scope))


def staff_groups(scope: Scope) -> Table:
    """The same by staff group, as the list of audiences says."""
    parts = _by(scope, _GROUP)
    order = _attributes(scope.choices(names.OBJECTIVES, names.AUDIENCE), names.STAFF_GROUP)
    rows: list[frames.Row] = []
    for group in sorted({*order, *parts}, key=lambda name: _place(order, name)):
        cells, lineage = _people(parts.get(group))
        rows.append(((group, *cells), lineage))
    return frames.table("staff_groups", rows, total=_sums("staff_groups", rows), note=coverage(scope))


def actions_with_audience(scope: Scope, *fields: str) -> pd.DataFrame:
    """The actions with ``fields`` and the audience of the objective that each serves."""
    actions = frames.records(scope, names.ACTIONS, [names.OBJECTIVE, *fields])
    objectives = frames.records(scope, names.OBJECTIVES, [names.AUDIENCE])
    joined = frames.linked(actions, names.OBJECTIVE, objectives, [names.AUDIENCE])
    return frames.keyed(joined, names.AUDIENCE)


def _actions(scope: Scope) -> pd.DataFrame:
    fields = [names.DESIGN, names.HOURS, names.PARTICIPANTS]
    actions = frames.keyed(frames.records(scope, names.ACTIONS, fields), names.DESIGN)
    designs = scope.choices(names.ACTIONS, names.DESIGN)
    forms = {value: stated(designs.attribute(value, names.FORM)) for value in designs.values}
    actions[_FORM] = [forms.get(design, names.NOT_STATED) for design in actions[names.DESIGN]]
    return _with_person_hours(actions)


def _with_person_hours(actions: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(actions[names.HOURS], actions[names.PARTICIPANTS], strict=True)
    hours = [product(each, people) for each, people in pairs]
    return actions.assign(**{_PERSON_HOURS: pd.Series(hours, index=actions.index, dtype=object)})


def _amounts(part: frames.Part) -> tuple[Value, ...]:
    """The cells of ``_AMOUNTS`` for some actions."""
    return (
        len(part),
        part[frames.OWNED_BY].count(names.DISTRICT),
        _known(part[names.PARTICIPANTS]),
        total(part[names.HOURS]),
        _total_if_known(part[_PERSON_HOURS]),
    )


def _people(part: tuple[frames.Part, frames.Part] | None) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """The cells of ``_PEOPLE`` for the objectives and actions of an audience, and their lineage."""
    if part is None:
        return (0, 0, Decimal(0), 0, Decimal(0), 0), ()
    objectives, actions = part
    headcount = _total_if_known(actions[names.PARTICIPANTS])
    cells = (
        len(objectives),
        len(actions),
        total(actions[names.HOURS]),
        None if headcount is None else whole(headcount),
        _total_if_known(actions[_PERSON_HOURS]),
        len(actions) - _known(actions[names.PARTICIPANTS]),
    )
    return cells, frames.sources(objectives, actions)


def _by(scope: Scope, key: str) -> dict[str, tuple[frames.Part, frames.Part]]:
    """Objectives and actions for each value of ``key``: an audience or a staff group."""
    groups = _staff_groups(scope)
    objectives = frames.records(scope, names.OBJECTIVES, [names.AUDIENCE])
    objectives = frames.keyed(objectives, names.AUDIENCE)
    actions = actions_with_audience(scope, names.HOURS, names.PARTICIPANTS)
    actions = _with_person_hours(actions)
    for frame in (objectives, actions):
        frame[_GROUP] = [groups.get(audience, names.NOT_STATED) for audience in frame[names.AUDIENCE]]
    first = {name: part for (name,), part in frames.groups(objectives, key)}
    second = {name: part for (name,), part in frames.groups(actions, key)}
    return {
        name: (first.get(name, frames.none(objectives)), second.get(name, frames.none(actions)))
        for name in dict.fromkeys((*first, *second))
    }


def _staff_groups(scope: Scope) -> dict[str, str]:
    audiences = scope.choices(names.OBJECTIVES, names.AUDIENCE)
    return {value: stated(audiences.attribute(value, names.STAFF_GROUP)) for value in audiences.values}


def _attributes(choices: ValueList, attribute: str) -> tuple[str, ...]:
    """What a list says of its values under ``attribute``, each once, in the list's order."""
    return tuple(dict.fromkeys(stated(choices.attribute(v, attribute)) for v in choices.values))


def _place(order: tuple[str, ...], name: str) -> tuple[int, str]:
    return (order.index(name), "") if name in order else (len(order), name)


def _known(column: Sequence[object]) -> int:
    return len(numbers(column))


def _total_if_known(column: Sequence[object]) -> Decimal | None:
    """The sum of the known values; None where there are rows and not one of them is known."""
    known = numbers(column)
    return total(known) if known or not column else None


def _sums(name: str, rows: list[frames.Row]) -> tuple[Value, ...]:
    """The sums of all columns of numbers but the shares."""
    columns = [column for column in TABLES[name].columns if column.type != "text"]
    return frames.totals(name, rows, *(column.name for column in columns if column.unit != "percent"))


def _embedded(actions: frames.Part) -> str:
    part = actions.where(_FORM, names.JOB_EMBEDDED)
    share = percent(len(part), len(actions))
    hours = percent(total(part[names.HOURS]), total(actions[names.HOURS]))
    if share is None:
        return ""
    tail = f" and {hours} percent of the contact hours" if hours is not None else ""
    return f" Job-embedded: {len(part)} of {len(actions)} actions ({share} percent){tail}."
