"""The blank workbook that a district issues: designed once, from the spec and the roster.

Takes a ``Spec``, the owners of the plans and the district's words; returns the bytes of a workbook.
Design decision: layout first (``layout``), then formulas and rules over known places, then writing;
nothing that matters later is kept in a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from plbuild import archive
from plbuild.blank import answers, layout, sheet, start, style
from plbuild.blank.carry import Answers, Carry, Left, carry_over, not_carried_csv, printed_ids
from plbuild.blank.formulas import Formulas, cell
from plbuild.blank.sheet import Words
from plbuild.model import Field, PlanSpec, Roster, RosterRow, Spec

__all__ = [
    "Answers",
    "Carried",
    "Carry",
    "Left",
    "Words",
    "carry_over",
    "not_carried_csv",
    "separate",
    "shared",
]

Carried = Mapping[tuple[str, str], Answers]
"""The answers that plans start with, by kind of plan and plan id."""

_LISTS = "Lists"
_LISTS_HEAD = 2
_FIXED_GROWING = re.compile(rf'(ht="{style.GROWING_HEIGHT}") customHeight="1"'.encode())


def separate(
    spec: Spec, plan: PlanSpec, owner: RosterRow, words: Words, carried: Carried | None = None
) -> bytes:
    """One plan's workbook: Start here, a tab for each step, the standards for reference.

    ``carried`` are the answers that it starts with, by kind of plan and plan id (``carry_over``).
    """
    return _workbook(spec, words, [layout.separate(plan, owner)], carried or {})


def shared(spec: Spec, roster: Roster, words: Words, carried: Carried | None = None) -> bytes:
    """The district's workbook: its own plan, a tab for each step, and one sheet for each school."""
    own = layout.separate(spec.owned_by("district"), roster.district)
    taken = [item.title for item in own] + [_LISTS, spec.phrases["start"], spec.phrases["reference_tab"]]
    titles = layout.tab_titles([(row.name, row.id) for row in roster.schools], taken)
    plan = spec.owned_by("school")
    schools = [
        [layout.one_sheet(plan, row, title)] for row, title in zip(roster.schools, titles, strict=True)
    ]
    return _workbook(spec, words, [own, *schools], carried or {})


def _workbook(spec: Spec, words: Words, plans: list[list[layout.Sheet]], carried: Carried) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    first = book.create_sheet(spec.phrases["start"])
    drop_downs = _drop_downs(spec, {part[0].plan.kind: part[0].plan for part in plans})
    places = {key: place for key, (place, _) in drop_downs.items()}
    writers = []
    for sheets in plans:
        blocks = {block.section.name: block for part in sheets for block in part.blocks}
        formulas = Formulas(spec, blocks)
        writer = sheet.Writer(
            spec=spec, plan=sheets[0].plan, words=words, formulas=formulas, drop_downs=places
        )
        writers.append((writer, sheets))
        for part in sheets:
            ws = book.create_sheet(part.title)
            sheet.write(writer, part, ws)
            start.goals_reference(writer, part, ws)
            sheet.finish(part, ws)
            answers.write(part, ws, carried.get((part.plan.kind, part.owner.id), {}))
            ws.sheet_properties.tabColor = "B9C6D8" if part.optional else style.BLUE
    start.write(first, spec, words, writers)
    start.standards(book, spec)
    _write_lists(book.create_sheet(_LISTS), drop_downs)
    for title in (spec.phrases["start"], spec.phrases["reference_tab"], _LISTS):
        if title in book.sheetnames:
            sheet.stamp_furniture(book[title])
    book.active = 0
    book.properties.title = plans[0][0].plan.title
    book.properties.creator = words.district
    book.properties.language = "en-US"
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return archive.repack(buffer.getvalue(), _growing_rows)


def _growing_rows(name: str, content: bytes) -> bytes:
    """Rows that start tall still grow: openpyxl can only write a height as fixed."""
    return _FIXED_GROWING.sub(rb"\g<1>", content) if name.startswith("xl/worksheets/") else content


def _drop_downs(spec: Spec, plans: dict[str, PlanSpec]) -> dict[tuple[str, ...], tuple[str, list[str]]]:
    """The choices of every list and reference, with their range on the Lists sheet."""
    columns: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    for plan in plans.values():
        for part in plan.sections:
            for item in part.fields:
                key = sheet.choices_key(plan, item)
                if key and key not in columns:
                    values = _choices(spec, plan, item)
                    col = len(columns) + 1
                    last = cell(len(values) + _LISTS_HEAD, col, fix="cr")
                    place = f"{quote_sheetname(_LISTS)}!{cell(_LISTS_HEAD + 1, col, fix='cr')}:{last}"
                    columns[key] = (place, values)
    return columns


def _choices(spec: Spec, plan: PlanSpec, item: Field) -> list[str]:
    if item.list:
        return list(spec.lists[item.list].values)
    targets = spec.targets(plan, item)
    return ([item.none] if item.none else []) + [
        printed for _, section in targets for printed in printed_ids(section)
    ]


def _write_lists(ws: Worksheet, drop_downs: dict[tuple[str, ...], tuple[str, list[str]]]) -> None:
    for col, (key, (_, values)) in enumerate(drop_downs.items(), start=1):
        ws.cell(_LISTS_HEAD, col, " ".join(key[1:])).font = style.font(bold=True)
        for row, value in enumerate(values, start=_LISTS_HEAD + 1):
            ws.cell(row, col, value).number_format = "@"
    sheet.protect(ws)
    ws.sheet_state = "hidden"
