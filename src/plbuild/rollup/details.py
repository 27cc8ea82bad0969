"""The table of statuses, and the records of all accepted plans as tidy tables.

Takes a ``Scope``; a record table has a row for each record of a section, the fields in the spec's order
under their labels, and the place in the workbook that the row came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from plbuild.model import Column, PlanSpec, RosterRow, Run, Runs, Section, Stand, Status, Table, Value
from plbuild.rollup import frames, names, small
from plbuild.rollup.declared import PLACE_COLUMNS, RECORD_COLUMNS, SMALL_GROUP
from plbuild.rollup.kept import CELL, ID, SHEET, Kept, column_names, print_of
from plbuild.rollup.scope import Plan, Scope, Selection, plan_specs

_NUMBERS = ("integer", "decimal", "money", "date")
_DIGEST_SHOWN = 12

# Plans whose rows are made together. Where one of them changes all are made again; each run costs a little.
_RUN = 32

_Flags = Callable[[Sequence[Sequence[Value]], Sequence[str]], Iterator[str | None]]


def status(selection: Selection) -> Table:
    """What became of each plan: the schools in the order of the roster, then the district."""
    scope = selection.scope
    used = {
        (plan.spec.kind, plan.owner.id): item for plan, item in zip(scope.used, selection.kept, strict=True)
    }
    rows = [
        _status_row(selection, plan, owner, used.get((plan.kind, owner.id)))
        for plan in plan_specs(scope.spec)
        for owner in scope.roster.owners(plan)
    ]
    return frames.table("status", rows, total=frames.totals("status", rows, "errors", "advice", "waived"))


def _status_row(selection: Selection, plan: PlanSpec, owner: RosterRow, used: Kept | None) -> frames.Row:
    found = selection.statuses.get((plan.kind, owner.id))
    item = found or Status(owner=owner, kind=plan.kind, state=names.NOT_STATED)
    cells = (
        owner.id,
        owner.name,
        item.state,
        names.YES if item.late else names.NO,
        item.saved,
        "; ".join(item.files) or None,
        item.errors,
        item.advice,
        item.waived,
        item.digest[:_DIGEST_SHOWN] or None,
        item.reason or None,
        names.YES if item.files else names.NO,
    )
    return cells, (used.stamp,) if used else ()


def records(selection: Selection) -> tuple[Table, ...]:
    """A table for each section of each kind of plan, named ``school_actions``, ``district_goals``."""
    return tuple(
        _record_table(selection, plan, section, together)
        for plan in plan_specs(selection.scope.spec)
        for together in (tuple(_together(selection, plan.owner)),)
        for section in plan.sections
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Together:
    """Plans whose rows are made together, their ``places`` among their like, a digest of whose they are."""

    places: slice
    plans: Sequence[Plan]
    kept: Sequence[Kept]
    digest: str


def _together(selection: Selection, owner: str) -> Iterator[_Together]:
    """The plans of these owners, some together."""
    plans, every = selection.scope.plans(owner), selection.of(owner)
    for first in range(0, len(plans), _RUN):
        places = slice(first, first + _RUN)
        some, kept = plans[places], every[places]
        whose = [(plan.owner.id, plan.owner.name, item.file) for plan, item in zip(some, kept, strict=True)]
        # Roster and spec say what is a small group.
        made_of = print_of([selection.scope.given, repr(whose)])
        yield _Together(places=places, plans=some, kept=kept, digest=made_of)


def field_columns(section: Section) -> tuple[Column, ...]:
    """A column for each field of a section, and one for small groups where it is about students."""
    taken = {column.name for column in (*RECORD_COLUMNS, *PLACE_COLUMNS, SMALL_GROUP)}
    fields = tuple(
        Column(
            name=f"{section.name}_{item.name}" if item.name in taken else item.name,
            title=item.label,
            type=item.type if item.type in _NUMBERS else "text",
            unit=item.unit,
            help=item.help,
        )
        for item in section.fields
    )
    return (*fields, SMALL_GROUP) if _about_students(section) else fields


def _about_students(section: Section) -> bool:
    return any(item.name == names.STUDENT_GROUP for item in section.fields)


def _record_table(
    selection: Selection, plan: PlanSpec, section: Section, together: Iterable[_Together]
) -> Table:
    return Table(
        name=f"{plan.owner}_{section.name}",
        title=f"{plan.title}: {section.title}",
        short=f"{plan.owner}_{section.name}".replace("_", " ").capitalize(),
        note=f"Every row of the section {section.title} in the accepted plans, as it was answered.",
        columns=(*RECORD_COLUMNS, *field_columns(section), *PLACE_COLUMNS),
        rows=Runs(_runs(selection, plan, section, together)),
    )


def _runs(
    selection: Selection, spec: PlanSpec, section: Section, together: Iterable[_Together]
) -> Iterator[Run]:
    """The rows of a section, those of some plans together."""
    flags = _flags(selection.scope, section)
    stop = 0
    for some in together:
        start = stop
        stop += sum(item.counts.get(section.name, 0) for item in some.kept)
        if start == stop:
            continue
        rows = slice(start, stop)
        part = partial(selection.columns.of_plans, spec.owner, section.name, some.places, rows)
        made_of = [item.prints.get(section.name, "") for item in some.kept]
        yield Run(
            digest=print_of([some.digest, str(start), *made_of]),
            count=stop - start,
            make=partial(_rows, section, part, some, start, flags),
            stand=_stand(section, some.kept, start),
        )


def _stand(section: Section, plans: Sequence[Kept], start: int) -> Stand | None:
    """Where the rows of some plans stand, if it is kept of their section."""
    if not any(section.name in item.spots for item in plans):
        return None
    places = [column_names(section).index(name) for name in (SHEET, CELL)]
    prints = (item.file + item.print_of(section.name, place) for item in plans for place in places)
    return Stand(
        digest=print_of([str(start), *prints]),
        rows=lambda: [f"{item.file} | {spot}" for item in plans for spot in item.spots.get(section.name, ())],
    )


def _rows(
    section: Section,
    part: Callable[[], Sequence[Sequence[Value]]],
    some: _Together,
    start: int,
    flags: _Flags | None,
) -> Iterator[tuple[Value, ...]]:
    """Rows: the owner's id and name, the row's own id, its answers, then workbook, sheet, cell and line."""
    own = dict(zip(column_names(section), columns := part(), strict=True))
    whose = [
        (plan.owner.id, plan.owner.name, item.file)
        for plan, item in zip(some.plans, some.kept, strict=True)
        for _ in range(item.counts.get(section.name, 0))
    ]
    owners, owner_names, files = zip(*whose, strict=True)
    answers = columns[len(own) - len(section.fields) :]
    flagged = (flags(answers, owners),) if flags else ()
    ids = [text or None for text in own[ID]]
    lines = range(start + 1, start + 1 + len(ids))
    return zip(owners, owner_names, ids, *answers, *flagged, files, own[SHEET], own[CELL], lines, strict=True)


def _flags(scope: Scope, section: Section) -> _Flags | None:
    """What flags the rows of a section about students; every number of such a row is in its unit."""
    if not _about_students(section):
        return None
    judge = small.judge(scope)
    place = {item.name: index for index, item in enumerate(section.fields)}
    numbers = [place[item.name] for item in section.fields if item.unit_field == names.UNIT]
    students, unit = place[names.STUDENT_GROUP], place.get(names.UNIT)

    def flagged(answers: Sequence[Sequence[Value]], owners: Sequence[str]) -> Iterator[str | None]:
        units = repeat(None) if unit is None else answers[unit]
        given = zip(*(answers[index] for index in numbers), strict=True) if numbers else repeat(())
        return map(judge, owners, answers[students], units, given)

    return flagged
