"""Where a plan's answers stand on its sheets, whatever was done to them.

Takes sheets and a section, returns the cells of its answers. Names of the contract come first; where one
is gone, the headings and labels of the spec lead to the cells, and a note says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from plbuild.intake.cells import Cell, Cells
from plbuild.intake.package import Area
from plbuild.model import Field, Section

# A row of headings is taken for a section's when it holds most of them.
_ENOUGH = 0.6
# Texts up to this length, which all labels have, are folded once for all workbooks.
_SHORT = 200
# No label, title or guidance is longer.
_LONGEST = 2_000
# No plan has a table with so many rows.
_MANY_ROWS = 5_000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a submission with its cells."""

    title: str
    areas: Mapping[str, Area]
    cells: Cells

    def text(self, row: int, col: int) -> str:
        """The text of a cell, empty where it holds none."""
        cell = self.cells.get((row, col))
        return cell.value if cell and isinstance(cell.value, str) else ""

    @cached_property
    def places(self) -> dict[str, list[tuple[int, int]]]:
        """Where each text stands, top to bottom, case and white space aside; texts beyond any label aside."""
        places: dict[str, list[tuple[int, int]]] = {}
        for place, cell in sorted(self.cells.items()):
            if isinstance(cell.value, str) and cell.value and len(cell.value) <= _LONGEST:
                places.setdefault(_folded(cell.value), []).append(place)
        return places


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The cells of one section on one sheet.

    Of a table: ``columns`` by field, ``rows`` from first to last, ``id_col`` (0 where rows have no
    numbers), ``header_row``. Of a form: ``places`` by field. ``by_label``: the names were gone.
    ``labels``: the cells of headings that read as they should but for case and white space.
    ``changed``: (row, col, label) of headings and labels that no longer read as they were printed.
    ``lost``: fields whose cells could not be found.
    """

    sheet: Sheet
    columns: Mapping[str, int] = field(default_factory=dict)
    rows: range = range(0)
    id_col: int = 0
    header_row: int = 0
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    by_label: bool = False
    labels: tuple[tuple[int, int], ...] = ()
    changed: tuple[tuple[int, int, str], ...] = ()
    lost: tuple[str, ...] = ()


def same(text: str, label: str) -> bool:
    """Whether a cell reads as a label, case and white space aside."""
    return text == label or _folded(text) == _folded(label)


def _folded(text: str) -> str:
    return _folded_label(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_folded_label = lru_cache(maxsize=1 << 12)(_fold)


def homes(section: Section, sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets that carry a name of ``section``."""
    if section.shape == "table":
        names = {f"pl_{section.name}"}
    else:
        names = {_name(section, item) for item in section.fields}
    return [sheet for sheet in sheets if not names.isdisjoint(sheet.areas)]


def _name(section: Section, item: Field) -> str:
    return f"pl_{section.name}_{item.name}"


# -------------------------------------------------------------------------------------- tables


def table(section: Section, sheet: Sheet, *, is_current: bool) -> Found:
    """A table by its name. ``is_current`` is False for a plan on another version of the spec, whose
    columns are told by their headings alone."""
    area = sheet.areas[f"pl_{section.name}"]
    header = area.top - 1
    texts = ((col, sheet.text(header, col)) for col in range(area.left, area.right + 1))
    printed = {col: text for col, text in texts if text}
    ids = sheet.areas.get(f"pl_{section.name}_id")
    id_col = ids.left if ids else _id_column(section, sheet, area) if section.id_prefix else 0
    labels = {item.name: item.label for item in section.fields}
    if list(printed.values()) == list(labels.values()):
        return Found(
            sheet=sheet,
            columns=dict(zip(labels, printed, strict=True)),
            rows=range(area.top, area.bottom + 1),
            id_col=id_col if section.id_prefix else 0,
            header_row=header,
        )
    columns = _columns(section, area, printed, is_current=is_current)
    changed = tuple(
        (header, col, labels[name])
        for name, col in columns.items()
        if is_current and not same(printed.get(col, ""), labels[name])
    )
    return Found(
        sheet=sheet,
        columns=columns,
        rows=range(area.top, area.bottom + 1),
        id_col=id_col if section.id_prefix else 0,
        header_row=header,
        labels=tuple(
            (header, col)
            for name, col in columns.items()
            if printed.get(col) != labels[name] and same(printed.get(col, ""), labels[name])
        ),
        changed=changed,
        lost=tuple(
            item.name for item in section.fields if item.name not in columns and (is_current or item.required)
        ),
    )


def _columns(section: Section, area: Area, printed: Mapping[int, str], *, is_current: bool) -> dict[str, int]:
    """The column of each field: by its heading, else by its position where that is unclaimed."""
    by_place = {item.name: area.left + offset for offset, item in enumerate(section.fields)}
    columns: dict[str, int] = {}
    by_label: dict[str, list[int]] = {}
    for col, text in printed.items():
        by_label.setdefault(_folded(text), []).append(col)
    for item in section.fields:
        fitting = by_label.get(_folded(item.label), [])
        if by_place[item.name] in fitting:
            columns[item.name] = by_place[item.name]
        elif fitting:
            columns[item.name] = fitting[0]
    if not is_current:
        return columns
    claimed = set(columns.values())
    width_is_kept = area.right - area.left + 1 == len(section.fields)
    for item in section.fields:
        place = by_place[item.name]
        if item.name not in columns and place not in claimed and width_is_kept:
            columns[item.name] = place
    return columns


def _id_column(section: Section, sheet: Sheet, area: Area) -> int:
    """The nearest column left of a table that holds its printed numbers, 0 where there is none."""
    return max(
        (
            col
            for (row, col), cell in sheet.cells.items()
            if col < area.left and area.top <= row <= area.bottom and is_id(section, str(cell.value))
        ),
        default=0,
    )


def is_id(section: Section, text: str) -> bool:
    """Whether a text is a number that the workbook prints for a row of ``section``."""
    number = text.removeprefix(section.id_prefix)
    if not section.id_prefix or number == text or not (number.isascii() and number.isdecimal()):
        return False
    return len(number) < 8 and number[0] != "0" and int(number) <= section.rows


def rows(found: Found) -> Iterable[int]:
    """The rows of a table that have to be looked at; of a name over the whole sheet, those with cells."""
    if len(found.rows) <= _MANY_ROWS:
        return found.rows
    used = sorted({row for row, _ in found.sheet.cells if row in found.rows})
    return [*used, used[-1] + 1] if used else found.rows[:1]


def holds(found: Found, row: int) -> bool:
    """Whether a row of a table has a cell that holds something in one of its columns."""
    cells = found.sheet.cells
    for col in found.columns.values():  # noqa: SIM110 - a loop takes half the time of any()
        if (row, col) in cells:
            return True
    return False


def table_by_label(section: Section, sheets: Iterable[Sheet], stops: frozenset[str]) -> Found | None:
    """A table by its headings: the row that holds most of them, and the rows below it.

    ``stops`` are folded texts of other titles and headings, where the rows end at the latest.
    """
    best: tuple[int, Sheet, int, dict[str, int]] | None = None
    for sheet in sheets:
        rows: dict[int, dict[str, int]] = {}
        for item in section.fields:
            for row, col in sheet.places.get(_folded(item.label), ()):
                rows.setdefault(row, {})[item.name] = col
        for row, columns in sorted(rows.items()):
            if len(columns) >= max(1, _ENOUGH * len(section.fields)) and (
                best is None or len(columns) > best[0]
            ):
                best = (len(columns), sheet, row, columns)
    if best is None:
        return None
    _, sheet, header, columns = best
    return _below(section, sheet, header, columns, stops)


def _below(
    section: Section, sheet: Sheet, header: int, columns: dict[str, int], stops: frozenset[str]
) -> Found:
    left = min(columns.values())
    # A title stands left of the answers; "Resources" among them is a choice.
    titles = (row for text in stops for row, col in sheet.places.get(text, ()) if row > header and col < left)
    last_used = max((row for row, _ in sheet.cells), default=header)
    last = min(last_used, header + 2 * section.max_rows, min(titles, default=last_used + 1) - 1)
    area = Area(top=header + 1, left=left, bottom=max(last, header + 1), right=max(columns.values()))
    return Found(
        sheet=sheet,
        columns=columns,
        rows=range(header + 1, last + 1),
        id_col=_id_column(section, sheet, area) if section.id_prefix else 0,
        header_row=header,
        by_label=True,
        lost=tuple(item.name for item in section.fields if item.name not in columns),
    )


# --------------------------------------------------------------------------------------- forms


def form(section: Section, sheets: list[Sheet], *, is_current: bool) -> Found | None:
    """A form by its names, and by its labels where names are gone; None where nothing is left."""
    named = homes(section, sheets)
    home = named[0] if named else _with_labels(section, sheets)
    if home is None:
        return None
    places: dict[str, tuple[int, int]] = {}
    changed: list[tuple[int, int, str]] = []
    missing: list[Field] = []
    moved: dict[str, tuple[int, int]] = {}
    for item in section.fields:
        area = home.areas.get(_name(section, item))
        if area is None:
            missing.append(item)
            continue
        places[item.name] = (area.top, area.left)
        if is_current and not same(home.text(area.top, area.left - 1), item.label):
            if elsewhere := _beside(home, item, set()):
                moved[item.name] = elsewhere
            else:
                changed.append((area.top, area.left - 1, item.label))
    found = {item.name: _beside(home, item, set(places.values())) for item in missing}
    places |= {name: place for name, place in found.items() if place} | moved
    return Found(
        sheet=home,
        places=places,
        by_label=any(found.values()) or bool(moved),
        changed=tuple(changed),
        lost=tuple(
            name
            for name, place in found.items()
            if place is None and (is_current or section.field(name).required)
        ),
    )


def _with_labels(section: Section, sheets: list[Sheet]) -> Sheet | None:
    """The sheet that holds most labels of a form, None where none holds enough."""
    counts = [
        (sum(_beside(sheet, item, set()) is not None for item in section.fields), -index)
        for index, sheet in enumerate(sheets)
    ]
    best = max(counts, default=(0, 0))
    return sheets[-best[1]] if best[0] >= max(1, _ENOUGH * len(section.fields)) else None


def _beside(sheet: Sheet, item: Field, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """The cell to the right of a label."""
    for row, col in sheet.places.get(_folded(item.label), ()):
        if (row, col + 1) not in taken:
            return row, col + 1
    return None


def stop_texts(sections: Iterable[Section], but: Section, *more: str) -> frozenset[str]:
    """The folded titles and guidance of all sections but one, and ``more`` texts."""
    texts = [text for part in sections if part.name != but.name for text in (part.title, part.guidance)]
    return frozenset(map(_folded, (*texts, *more)))


BLANK = Cell(value="")
