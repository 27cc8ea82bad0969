"""Where everything stands in a blank workbook: sheets, blocks, rows and columns.

Takes plan specs and owners, returns ``Sheet``s; writes nothing. Design decision: all places are known
before the first cell is written, so that formulas, drop-downs and links may point forwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plbuild.model import Field, PlanSpec, RosterRow, Section

STAMP_ROW, TITLE_ROW, OWNER_ROW, FIRST_ROW = 1, 2, 3, 4
MARGIN, ID, STATE, LABEL = 1, 2, 3, 4
FORM_WIDTH = 60
ONE_SHEET_WIDTH = 34
TAB_LENGTH = 31

_WIDTHS = {
    "text": 22,
    "long_text": 40,
    "code": 15,
    "integer": 10,
    "decimal": 10,
    "money": 12,
    "date": 11,
    "email": 28,
    "list": 17,
    "ref": 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section on a sheet. Rows and columns are counted from 1.

    ``first_row`` to ``last_row`` hold the answers; ``first_col`` is the first answer column (of a
    form: the only one). ``echo_col`` and ``band_row`` are 0 where there is none.
    """

    section: Section
    sheet: str
    title_row: int
    guidance_row: int
    header_row: int
    first_row: int
    last_row: int
    first_col: int
    echo_col: int

    def col(self, field_name: str) -> int:
        """The column of a table's field."""
        return self.first_col + [item.name for item in self.section.fields].index(field_name)

    def row(self, field_name: str) -> int:
        """The row of a form's field."""
        return self.first_row + [item.name for item in self.section.fields].index(field_name)

    @property
    def last_col(self) -> int:
        """The last answer column."""
        is_form = self.section.shape == "form"
        return self.first_col if is_form else self.first_col + len(self.section.fields) - 1

    @property
    def first_more(self) -> int:
        """The first column of More detail, 0 where there is none."""
        if self.section.shape == "form":
            return 0
        return next((self.first_col + i for i, item in enumerate(self.section.fields) if item.more), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of one plan: its blocks from top to bottom and the widths of its columns."""

    title: str
    heading: str
    plan: PlanSpec
    owner: RosterRow
    blocks: tuple[Block, ...]
    widths: tuple[float, ...]
    optional: bool = False
    is_whole_plan: bool = False

    @property
    def is_single_table(self) -> bool:
        """True where one table has the sheet to itself, so that its headings can be frozen."""
        return len(self.blocks) == 1 and self.blocks[0].section.shape == "table"

    @property
    def heading_col(self) -> int:
        """Where headings begin: beside the row numbers where these repeat on every page, since a
        heading left of them would run into them there."""
        return STATE if self.is_single_table and self.blocks[0].first_more else MARGIN

    @property
    def form_span(self) -> int:
        """How many columns a form's answer takes to be wide enough to write in."""
        span, width = 0, 0.0
        for column in self.widths[LABEL:]:
            span, width = span + 1, width + column
            if width >= FORM_WIDTH:
                break
        return max(span, 1)


def separate(plan: PlanSpec, owner: RosterRow) -> list[Sheet]:
    """A plan with a tab for each step of the work."""
    sheets = []
    for step in plan.steps:
        sections = [plan.section(name) for name in step.sections]
        heading = sections[0].title if len(sections) == 1 else step.tab
        sheets.append(
            _sheet(step.tab, heading, plan, owner, sections, optional=step.optional, cap=FORM_WIDTH)
        )
    return sheets


def one_sheet(plan: PlanSpec, owner: RosterRow, title: str) -> Sheet:
    """A whole plan on one sheet, its sections one below the other in the order of the steps."""
    sections = [plan.section(name) for step in plan.steps for name in step.sections]
    sheet = _sheet(title, owner.name, plan, owner, sections, optional=False, cap=ONE_SHEET_WIDTH)
    return Sheet(
        title=sheet.title,
        heading=sheet.heading,
        plan=plan,
        owner=owner,
        blocks=sheet.blocks,
        widths=sheet.widths,
        is_whole_plan=True,
    )


def tab_titles(names: Iterable[tuple[str, str]], taken: Iterable[str]) -> list[str]:
    """A tab for each (name, id): no character that Excel forbids, at most 31, none twice.

    Names that fall together get the end of their id; the ids are unique on the roster.
    """
    pairs = list(names)
    short = [re.sub(r"[:\\/?*\[\]']", " ", name).strip()[:TAB_LENGTH].strip() for name, _ in pairs]
    used = {title.casefold() for title in taken}
    folded = [title.casefold() for title in short]
    titles = []
    for title, (_, plan_id) in zip(short, pairs, strict=True):
        if not title or folded.count(title.casefold()) > 1 or title.casefold() in used:
            title = f"{title[: TAB_LENGTH - 13].strip()} {plan_id[-12:]}".strip()
        titles.append(title)
    return titles


def _sheet(
    title: str,
    heading: str,
    plan: PlanSpec,
    owner: RosterRow,
    sections: list[Section],
    *,
    optional: bool,
    cap: int,
) -> Sheet:
    blocks = []
    row = FIRST_ROW
    single = len(sections) == 1
    for section in sections:
        block = _block(title, section, row, with_title=not single)
        blocks.append(block)
        row = block.last_row + 2
    return Sheet(
        title=title,
        heading=heading,
        plan=plan,
        owner=owner,
        blocks=tuple(blocks),
        widths=_widths(blocks, cap),
        optional=optional,
    )


def _block(sheet: str, section: Section, row: int, *, with_title: bool) -> Block:
    title_row = row if with_title else 0
    guidance_row = row + with_title
    if section.shape == "form":
        first, last = guidance_row + 1, guidance_row + len(section.fields)
        header_row, first_col, echo_col = 0, LABEL + 1, 0
    else:
        header_row = guidance_row + 1
        first, last = header_row + 1, header_row + section.rows
        echo_col = LABEL if any(item.echo for item in section.fields) else 0
        first_col = LABEL + bool(echo_col)
    return Block(
        section=section,
        sheet=sheet,
        title_row=title_row,
        guidance_row=guidance_row,
        header_row=header_row,
        first_row=first,
        last_row=last,
        first_col=first_col,
        echo_col=echo_col,
    )


def _widths(blocks: list[Block], cap: int) -> tuple[float, ...]:
    wanted: dict[int, float] = {MARGIN: 2, ID: 6, STATE: 11}
    for block in blocks:
        if block.section.shape == "form":
            wanted[LABEL] = max(wanted.get(LABEL, 0), 30)
            wanted[LABEL + 1] = max(wanted.get(LABEL + 1, 0), cap)
            continue
        if block.echo_col:
            wanted[block.echo_col] = max(wanted.get(block.echo_col, 0), 22)
        for index, item in enumerate(block.section.fields):
            col = block.first_col + index
            wanted[col] = max(wanted.get(col, 0), min(column_width(item), cap))
    return tuple(wanted.get(col, 10) for col in range(1, max(wanted) + 1))


def column_width(item: Field) -> int:
    """How many characters wide a table's column is."""
    return item.width or _WIDTHS[item.type]
