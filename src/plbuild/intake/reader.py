"""Reads the sections of one plan from its sheets, and gathers what it finds on the way.

Takes the sheets of one plan, gives its ``Submission``; everything it has to say is in ``findings``.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace

from plbuild.intake import locate, outside
from plbuild.intake.cells import NOT_COMPUTED, Cell, at, column_letter
from plbuild.intake.locate import BLANK, Found, Sheet
from plbuild.intake.package import Book, Comment
from plbuild.intake.values import Taken, at_once, decode, text_of
from plbuild.model import (
    Answer,
    Field,
    Finding,
    Place,
    PlanSpec,
    Record,
    Section,
    Spec,
    Submission,
    is_our_note,
)

# Cells outside the form that are named one by one; the rest is counted.
_MAX_OUTSIDE = 500
# A spreadsheet breaks a longer field of a CSV file apart: Excel's limit for a cell, less a margin.
_MAX_CSV = 32_000


_Column = tuple[Field, int, str, Callable[[Cell], Taken | None]]
"""A field, the number and the letters of its column, and how its cells are taken at once."""


def plain(cell: Cell) -> str:
    """What stands in a cell, as text."""
    return text_of(cell).strip()


class Reader:
    """Reads one plan; see ``submission``."""

    def __init__(
        self,
        *,
        spec: Spec,
        plan: PlanSpec,
        place: Place,
        sheets: list[Sheet],
        book: Book,
        is_current: bool,
    ) -> None:
        self._spec, self._plan, self._sheets, self._book = spec, plan, sheets, book
        self._place, self._is_current = place, is_current
        self._missing: list[str] = []
        self._repeated: set[str] = set()
        self._twice: dict[tuple[str, ...], list[Section]] = {}
        self._labels: dict[str, set[tuple[int, int]]] = {sheet.title: set() for sheet in sheets}
        self._anchors: dict[str, tuple[str, str]] = {}
        self._read: dict[str, set[tuple[int, int]]] = {s.title: outside.stamped_cells(s) for s in sheets}
        self._bodies: dict[str, list[tuple[range, int]]] = {s.title: [] for s in sheets}
        self.findings: list[Finding] = []

    def submission(self, version: str, file_digest: str) -> Submission:
        """The whole plan; sections that are not there are empty and named as missing."""
        sections = {part.name: self._records(part) for part in self._plan.sections}
        self._find_copies()
        self._tell_copies()
        for sheet in self._sheets:
            bodies = self._bodies[sheet.title]
            self._labels[sheet.title] |= _above({rows.start for rows, _ in bodies} | {4})
            first = min((rows.start for rows, _ in bodies), default=0)
            computes = outside.computing(bodies, range(first))
            read = self._read[sheet.title]
            limit = 0 if sheet.title in self._repeated else _MAX_OUTSIDE
            self.findings += outside_findings(
                self._spec, self._place, sheet, read, computes, limit=limit, labels=self._labels[sheet.title]
            )
        return Submission(
            file=self._place.file,
            digest=file_digest,
            kind=self._plan.kind,
            version=version,
            plan_id=self._place.plan_id,
            sections=sections,
            sheets=tuple(sheet.title for sheet in self._sheets),
            missing_sections=tuple(self._missing),
            saved=self._book.saved,
            anchors=self._anchors,
            is_blank=self._is_blank(sections),
        )

    def _stops(self, section: Section) -> frozenset[str]:
        """What stands below a section's rows at the latest."""
        below = self._spec.phrases["district_goals_title"]
        return locate.stop_texts(self._plan.sections, section, below)

    def _find_copies(self) -> None:
        """Find the sheets from which nothing was read although they hold a part that was."""
        for sheet in self._sheets:
            if self._bodies[sheet.title] or sheet.title in self._repeated:
                continue
            for section in self._plan.sections:
                stops = self._stops(section)
                is_table = section.shape == "table"
                if is_table and locate.table_by_label(section, [sheet], stops):
                    first, _ = self._anchors.get(section.name, (sheet.title, ""))
                    self._twice.setdefault((first, sheet.title), []).append(section)
                    self._repeated.add(sheet.title)

    def _tell_copies(self) -> None:
        """Say once of each set of sheets which parts stand on each of them."""
        for titles, parts in self._twice.items():
            place = replace(self._place, sheet=titles[1])
            if len(parts) == 1:
                place = replace(place, section=parts[0].name, section_title=parts[0].title)
            key = "twice_plan" if len(parts) == len(self._plan.sections) else "twice_parts"
            what = self._spec.phrases["twice_part" if len(parts) == 1 else key]
            named = ", ".join(f'"{part.title}"' for part in parts)
            words = {"what": what.format(parts=named), "sheets": ", ".join(titles)}
            self.findings.append(self._spec.finding("sheet-repeated", place, **words))

    def _is_blank(self, sections: Mapping[str, tuple[Record, ...]]) -> bool:
        return not any(
            _says_something(record.answers[item.name])
            for part in self._plan.sections
            for record in sections[part.name]
            for item in part.fields
            if not item.prefilled and item.name in record.answers
        )

    def _records(self, section: Section) -> tuple[Record, ...]:
        named = locate.homes(section, self._sheets)
        if len(named) > 1:
            self._twice.setdefault(tuple(sheet.title for sheet in named), []).append(section)
            self._repeated |= {sheet.title for sheet in named[1:]}
        found = self._find(section, named)
        if found is None:
            self._missing.append(section.name)
            if self._is_current:
                self._report("section-missing", section, self._sheets[0])
            return ()
        self._tell(section, found)
        if section.shape == "form":
            return (self._form(section, found),)
        return tuple(self._table(section, found))

    def _find(self, section: Section, named: list[Sheet]) -> Found | None:
        if section.shape == "form":
            return locate.form(section, self._sheets, is_current=self._is_current)
        found = locate.table(section, named[0], is_current=self._is_current) if named else None
        if found and 2 * len(found.changed) <= len(section.fields):
            return found
        # The name is lost, or leads to a place with other headings: it was moved, or rows were.
        stops = self._stops(section)
        return locate.table_by_label(section, named or self._sheets, stops) or found

    def _tell(self, section: Section, found: Found) -> None:
        """What was done to the sheet: names gone, labels altered, columns lost."""
        sheet = found.sheet
        if found.by_label:
            self._report("names-lost", section, sheet)
        for row, col, label in found.changed:
            entered = plain(sheet.cells.get((row, col), BLANK))
            self._report("label-changed", section, sheet, cell=at(row, col), entered=entered, wanted=label)
            self._read[sheet.title].add((row, col))
        for name in found.lost:
            item = section.field(name)
            where = self._where(section, sheet, "", item)
            self.findings.append(self._spec.finding("field-missing", where, wanted=item.label))
        self._read[sheet.title].update(found.labels)

    # ---------------------------------------------------------------------------------- forms

    def _form(self, section: Section, found: Found) -> Record:
        sheet = found.sheet
        answers = {}
        for item in section.fields:
            if place := found.places.get(item.name):
                answers[item.name] = self._answer(section, item, found, place)
                self._bodies[sheet.title].append((range(place[0], place[0] + 1), place[1]))
                self._labels[sheet.title].add((place[0], place[1] - 1))
        first = min((row for row, _ in found.places.values()), default=0)
        return Record(id="", sheet=sheet.title, row=first, answers=answers)

    # --------------------------------------------------------------------------------- tables

    def _table(self, section: Section, found: Found) -> Iterator[Record]:
        sheet, ids = found.sheet, set[str]()
        left = min(found.columns.values(), default=1)
        self._bodies[sheet.title].append((range(found.header_row, found.rows.stop), left))
        next_number = section.rows
        self._labels[sheet.title] |= {(found.header_row, col) for col in found.columns.values()}
        columns: list[_Column] = []
        for row in locate.rows(found):
            answers = {}
            if locate.holds(found, row):
                columns = columns or self._columns(section, found)
                answers = self._row(section, found, row, columns)
            if not answers or not any(map(_says_something, answers.values())):
                if section.name not in self._anchors:
                    self._anchors[section.name] = (sheet.title, at(row, left))
                continue
            row_id = plain(sheet.cells.get((row, found.id_col), BLANK)) if section.id_prefix else ""
            if section.id_prefix and not row_id:
                next_number += 1
                row_id = f"{section.id_prefix}{next_number}"
                self._report("row-without-number", section, sheet, cell=at(row, left), id=row_id)
            elif section.id_prefix and (row_id in ids or not locate.is_id(section, row_id)):
                cell = at(row, found.id_col)
                self._report("number-changed", section, sheet, cell=cell, entered=row_id)
                self._read[sheet.title].add((row, found.id_col))
            self._labels[sheet.title].add((row, found.id_col))
            ids.add(row_id)
            yield Record(id=row_id, sheet=sheet.title, row=row, answers=answers)

    def _columns(self, section: Section, found: Found) -> list[_Column]:
        """The columns of the fields that were found; a table without answers needs none."""
        places = ((item, found.columns[item.name]) for item in section.fields if item.name in found.columns)
        return [
            (item, col, column_letter(col), at_once(self._spec, item, epoch_1904=self._book.epoch_1904))
            for item, col in places
        ]

    def _row(self, section: Section, found: Found, row: int, columns: Iterable[_Column]) -> dict[str, Answer]:
        """The answers of one row, to the fields that were found; most of them can be taken at once."""
        cells = found.sheet.cells
        read, number = self._read[found.sheet.title], str(row)
        new = tuple.__new__  # Answer(...) takes twice as long
        answers = {}
        for item, col, letters, take in columns:
            place = (row, col)
            if (cell := cells.get(place)) is None:
                answers[item.name] = new(Answer, (None, "", letters + number, False))
            elif taken := take(cell):
                read.add(place)
                answers[item.name] = new(Answer, (*taken, letters + number, False))
            else:
                answers[item.name] = self._answer(section, item, found, place)
        return answers

    def _answer(self, section: Section, item: Field, found: Found, place: tuple[int, int]) -> Answer:
        sheet, where = found.sheet, at(*place)
        cell = sheet.cells.get(place)
        if cell is None:
            return Answer(value=None, entered="", cell=where)
        self._read[sheet.title].add(place)
        # The unit of a number may stand in another cell of its row.
        unit = plain(sheet.cells.get((place[0], found.columns.get(item.unit_field, 0)), BLANK))
        epoch_1904, orders = self._book.epoch_1904, self._plan.date_orders
        decoded = decode(self._spec, item, cell, epoch_1904=epoch_1904, unit=unit, orders=orders)
        if cell == NOT_COMPUTED:
            decoded = replace(decoded, entered=self._book.formula(sheet.title, where))
        for code, words in decoded.notes:
            home = self._where(section, sheet, where, item)
            self.findings.append(self._spec.finding(code, home, **{"entered": decoded.entered, **words}))
        return Answer(value=decoded.value, entered=decoded.entered, cell=where, blocked=decoded.blocked)

    # ------------------------------------------------------------------------------- findings

    def _report(self, code: str, section: Section, sheet: Sheet, *, cell: str = "", **words: str) -> None:
        where = self._where(section, sheet, cell, None)
        self.findings.append(self._spec.finding(code, where, **words))

    def _where(self, section: Section, sheet: Sheet, cell: str, item: Field | None) -> Place:
        return Place(
            file=self._place.file,
            sheet=sheet.title,
            cell=cell,
            kind=self._plan.kind,
            plan_id=self._place.plan_id,
            section=section.name,
            section_title=section.title,
            field=item.name if item else "",
            label=item.label if item else "",
        )


def _above(rows: set[int]) -> set[tuple[int, int]]:
    """Where titles and guidance stand: in the two rows above each table or form, at the left edge."""
    return {(row - up, col) for row in rows for up in (1, 2) for col in (1, 2, 3)}


def _says_something(answer: Answer) -> bool:
    """False for a blank cell, and for one that was read as blank, which a note has told."""
    return answer.value is not None or answer.blocked


def outside_findings(
    spec: Spec,
    home: Place,
    sheet: Sheet,
    read: set[tuple[int, int]],
    computes: Callable[[tuple[int, int]], bool],
    *,
    limit: int = _MAX_OUTSIDE,
    labels: Container[tuple[int, int]] = (),
) -> Iterator[Finding]:
    """A finding for each cell that was typed outside the form; beyond ``limit``, one for the rest.

    ``read``, ``computes`` and ``labels`` as ``outside.typed`` takes them.
    """
    rest: list[str] = []
    for number, (row, col, cell) in enumerate(outside.typed(sheet, read, computes, labels)):
        entered = cell.error or text_of(cell) or "="
        if number >= limit:
            rest.append(entered)
            continue
        place = Place(
            file=home.file, sheet=sheet.title, cell=at(row, col), kind=home.kind, plan_id=home.plan_id
        )
        yield spec.finding("typed-outside", place, entered=entered)
    place = Place(file=home.file, sheet=sheet.title, kind=home.kind, plan_id=home.plan_id)
    yield from _rest(spec, place, rest)


def _rest(spec: Spec, place: Place, texts: list[str]) -> Iterator[Finding]:
    """The texts beyond a limit, in as few findings as a cell of ``findings.csv`` can hold."""
    while texts:
        length = count = 0
        while count < len(texts) and (count == 0 or length + len(texts[count]) < _MAX_CSV):
            length += len(texts[count]) + 1
            count += 1
        entered = "\n".join(texts[:count])
        yield spec.finding("typed-outside-many", place, entered=entered, count=count)
        texts = texts[count:]


def comment_findings(
    spec: Spec, home: Place, sheet: Sheet, comments: list[Comment], plans: int
) -> Iterator[Finding]:
    """A finding for each comment and each drawn shape with words, our own marks aside; beyond a limit,
    one for the rest."""
    theirs = [item for item in comments if item.text.strip() and not is_our_note(item.text)]
    for comment in theirs[:_MAX_OUTSIDE]:
        place = Place(file=home.file, sheet=sheet.title, cell=comment.cell)
        yield spec.finding("typed-in-comment", place, entered=comment.text)
    place = Place(file=home.file, sheet=sheet.title)
    yield from _rest(spec, place, [item.text for item in theirs[_MAX_OUTSIDE:]])
