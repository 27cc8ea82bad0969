"""The Fix list: what is to be mended, worst first, each with links to its cells.

Takes findings, returns ``Item``s; takes items and styles, returns the XML of the sheet. Every text is an
inline string, so that none is ever a formula. Two hidden columns keep, side by side, a cell in each style
that the marks use and one in the style that it stands for: programs that number styles anew keep the pairs,
so that a marked copy that comes back can be given its own look again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from plbuild.model import Finding, Spec
from plbuild.returns.book import quoted
from plbuild.returns.sheet import Place, cell_of, place_of
from plbuild.returns.styles import Styles
from plbuild.returns.table import grouped
from plbuild.returns.texts import stored

NAME = "pl_marks"
# A list that nobody could work through is no help; what is beyond is told as a number.
_MAX_ITEMS, _MAX_CELLS = 500, 2_000

_WIDTHS = (2.0, 6.0, 17.0, 20.0, 13.0, 22.0, 44.0, 50.0, 8.0)
_FIRST, _LAST, _PAIR = 2, 9, 11
_TITLE, _SUBTITLE, _INTRO, _HEAD = 2, 3, 4, 6
_HEIGHTS = {_TITLE: 27.0, _SUBTITLE: 20.0, _INTRO: 33.0, 5: 6.0, _HEAD: 18.0}
# A line of Calibri 10.5, and how many of its letters, bold ones too, a column one digit wide holds: fewer
# than LibreOffice was seen to take.
_LINE, _LETTERS, _INDENT = 14.25, 1.18, 2
_TALLEST = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to mend: its number, a finding that stands for its equals, their cells in order.

    ``sheet`` is empty where it is about the whole file, ``linked`` says whether the sheet is there to be
    led to; ``remark`` says what of the marking could not be done.
    """

    number: int
    finding: Finding
    sheet: str
    cells: tuple[str, ...]
    linked: bool
    remark: str = ""

    def places(self) -> list[Place]:
        """The cells that can be marked, of a range its first."""
        return [place for cell in self.cells if (place := place_of(cell.partition(":")[0]))]


def items(findings: Iterable[Finding], tabs: Iterable[str]) -> tuple[list[Item], int]:
    """The findings as a list to work through, worst first, and how many are beyond its end."""
    known = set(tabs)
    made: list[Item] = []
    room = _MAX_CELLS
    groups = grouped(findings)
    for finding, cells in groups[:_MAX_ITEMS]:
        if room <= 0:
            break
        cells = cells[:room]
        room -= max(1, len(cells))
        sheet = finding.where.sheet
        made.append(
            Item(
                number=len(made) + 1,
                finding=finding,
                sheet=sheet,
                cells=cells,
                linked=sheet in known and all(place_of(cell.partition(":")[0]) for cell in cells),
            )
        )
    return made, len(groups) - len(made)


def with_remarks(spec: Spec, made: Iterable[Item], bare: Mapping[str, set[Place]]) -> list[Item]:
    """The items, saying which of their cells (by sheet) bear no note."""
    told = []
    for item in made:
        cells = [cell_of(place) for place in item.places() if place in bare.get(item.sheet, set())]
        if cells:
            text = spec.phrases["marks_no_note"].format(cells=", ".join(cells))
            item = replace(item, remark=text)
        told.append(item)
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands above the list: whose it is, how many are beyond its end, whether cells are marked."""

    title: str
    beyond: int = 0
    alone: bool = False


_SEVERITIES = {"error": "marks_error", "advice": "marks_advice", "note": "marks_note"}
_COUNTS = {"error": "marks_error_count", "advice": "marks_advice_count", "note": "marks_note_count"}


def sheet_xml(
    spec: Spec, namespace: str, words: Words, made: Sequence[Item], styles: Styles
) -> tuple[bytes, dict[str, str]]:
    """The sheet's XML, and the areas that its names stand for, without the sheet's own title."""
    writer = _Writer(spec, styles)
    writer.head(words, made)
    for item in made:
        writer.item(item)
    if words.beyond:
        text = spec.phrases["marks_more"].format(count=words.beyond)
        writer.row({7: ("quiet", text)}, like="text")
    writer.pairs(styles.pairs)
    last = max(_HEAD + 1, writer.last)
    names = {
        "_xlnm.Print_Titles": f"${_HEAD}:${_HEAD}",
        "_xlnm.Print_Area": f"$A$1:{_absolute(last, _LAST)}",
        NAME: f"{_absolute(1, _PAIR)}:{_absolute(max(1, len(styles.pairs)), _PAIR + 1)}",
    }
    return writer.xml(namespace, words.title, last), names


def _absolute(row: int, col: int) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cell_of((row, col)))


class _Writer:
    """Gathers the rows, the links and the merged cells of the sheet."""

    def __init__(self, spec: Spec, styles: Styles) -> None:
        self._phrases, self._styles = spec.phrases, styles
        self._rows: dict[int, dict[int, str]] = {}
        self._links: list[str] = []
        self._heights: dict[int, float] = {}
        self.last = _HEAD

    def _put(self, row: int, col: int, look: str, text: str = "") -> None:
        style, ref = self._styles.look(look), cell_of((row, col))
        inline = f' t="inlineStr"><is><t xml:space="preserve">{escape(stored(text))}</t></is></c>'
        self._rows.setdefault(row, {})[col] = f'<c r="{ref}" s="{style}"' + (inline if text else "/>")

    def head(self, words: Words, made: Sequence[Item]) -> None:
        """The title, whose list it is and how long, what to do, and the headings."""
        phrases = self._phrases
        counts = [
            phrases[key].format(count=count)
            for severity, key in _COUNTS.items()
            if (count := sum(item.finding.severity == severity for item in made))
        ]
        intro = phrases["marks_intro_alone"] if words.alone else phrases["marks_intro"]
        self._put(_TITLE, _FIRST, "title", phrases["marks_tab"])
        self._put(_SUBTITLE, _FIRST, "subtitle", " · ".join([words.title, *counts]))
        self._put(_INTRO, _FIRST, "intro", intro)
        for col in range(_FIRST + 1, _LAST + 1):
            self._put(_INTRO, col, "intro")
        heads = (
            phrases["marks_number"], phrases["marks_what"], phrases["marks_sheet"], phrases["marks_cells"],
            phrases["marks_label"], phrases["marks_wrong"], phrases["marks_fix"], phrases["marks_done"],
        )  # fmt: skip
        for col, text in enumerate(heads, start=_FIRST):
            self._put(_HEAD, col, "head", text)

    def item(self, item: Item) -> None:
        """A row for the item and its first cells, and one for each further run of cells below it."""
        finding, phrases = item.finding, self._phrases
        places = _runs(item.cells)
        kind = phrases[_SEVERITIES[finding.severity]]
        fix = " ".join(part for part in (finding.fix, item.remark) if part)
        weight = "strong" if finding.severity == "error" else "text"
        row = self.row(
            {
                2: ("text", str(item.number)),
                3: (weight, kind),
                4: ("text", item.sheet or phrases["marks_whole_file"]),
                6: ("text", finding.where.label),
                7: (weight, finding.message),
                8: ("text", fix),
                9: ("tick", ""),
            }
        )
        if item.sheet:
            self._link(row, item, *(places[0] if places else ("A1", "A1")), is_sheet=not places)
        for first, last in places[1:]:
            row = self.row({9: ("tick", "")})
            self._link(row, item, first, last)

    def row(self, cells: Mapping[int, tuple[str, str]], like: str = "text") -> int:
        """The next row of the table; columns that are not given are empty."""
        self.last += 1
        for col in range(_FIRST, _LAST + 1):
            self._put(self.last, col, *cells.get(col, (like, "")))
        lines = max((_lines(text, _WIDTHS[col - 1]) for col, (_, text) in cells.items()), default=1)
        self._heights[self.last] = min(_TALLEST, lines * _LINE + 3)
        return self.last

    def _link(self, row: int, item: Item, first: str, last: str, *, is_sheet: bool = False) -> None:
        text = first if first == last else self._phrases["marks_range"].format(first=first, last=last)
        if is_sheet:
            text = self._phrases["marks_whole_sheet"]
        self._put(row, 5, "link" if item.linked else "text", text)
        if item.linked:
            target = first if first == last else f"{first}:{last}"
            tip = self._phrases["marks_go"].format(sheet=item.sheet, cells=text)
            location = quoteattr(f"{quoted(item.sheet)}!{target}")
            about = f"tooltip={quoteattr(stored(tip)[:255])} display={quoteattr(text)}"
            self._links.append(f'<hyperlink ref="{cell_of((row, 5))}" location={location} {about}/>')

    def pairs(self, pairs: Mapping[int, int]) -> None:
        """The hidden columns: each style of a mark beside the style that it stands for."""
        for row, (mark, original) in enumerate(pairs.items(), start=1):
            for offset, (style, text) in enumerate(((mark, "mark"), (original, "own"))):
                ref = cell_of((row, _PAIR + offset))
                cell = f'<c r="{ref}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'
                self._rows.setdefault(row, {})[_PAIR + offset] = cell

    def xml(self, namespace: str, title: str, last: int) -> bytes:
        """The whole worksheet."""
        start = cell_of((_HEAD + 1, 5))
        parts = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">',
            '<sheetPr><tabColor rgb="FFE08A00"/><pageSetUpPr fitToPage="1"/></sheetPr>',
            f'<dimension ref="A1:{cell_of((last, _PAIR + 1))}"/>',
            '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">',
            f'<pane ySplit="{_HEAD}" topLeftCell="A{_HEAD + 1}" activePane="bottomLeft" state="frozen"/>',
            f'<selection pane="bottomLeft" activeCell="{start}" sqref="{start}"/></sheetView></sheetViews>',
            f'<sheetFormatPr defaultRowHeight="15"/>{self._cols()}{self._sheet_data()}',
            f'<mergeCells count="1"><mergeCell ref="B{_INTRO}:{cell_of((_INTRO, _LAST))}"/></mergeCells>',
            f"{_tick_rule(last)}{self._hyperlinks()}",
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
            '<pageSetup paperSize="1" orientation="landscape" fitToWidth="1" fitToHeight="0"/>',
            f'<headerFooter scaleWithDoc="0"><oddFooter>{escape(self._footer(title))}</oddFooter>',
            "</headerFooter></worksheet>",
        )
        return "".join(parts).encode()

    def _footer(self, title: str) -> str:
        # An ampersand begins a code in Excel's footers, two stand for one; 255 characters are all there is.
        text = stored(title)[:100].replace("&", "&&")
        return f"&L{text}, {self._phrases['marks_tab']}&RPage &P of &N"

    def _cols(self) -> str:
        ground = self._styles.look("ground")
        cols = [
            f'<col min="{index}" max="{index}" width="{width}" style="{ground}" customWidth="1"/>'
            for index, width in enumerate(_WIDTHS, start=1)
        ]
        cols.append(f'<col min="10" max="10" width="2" style="{ground}" customWidth="1"/>')
        hidden = f'<col min="{_PAIR}" max="{_PAIR + 1}" width="6" hidden="1" customWidth="1"/>'
        return f"<cols>{''.join(cols)}{hidden}</cols>"

    def _sheet_data(self) -> str:
        rows = []
        for row, cells in sorted(self._rows.items()):
            # LibreOffice gives a row without a height one line; one without customHeight still grows.
            height = f' ht="{self._heights[row]}"' if row in self._heights else ""
            height = f' ht="{_HEIGHTS[row]}" customHeight="1"' if row in _HEIGHTS else height
            rows.append(f'<row r="{row}"{height}>{"".join(cells[col] for col in sorted(cells))}</row>')
        return f"<sheetData>{''.join(rows)}</sheetData>"

    def _hyperlinks(self) -> str:
        return f"<hyperlinks>{''.join(self._links)}</hyperlinks>" if self._links else ""


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    room = max(1, int((width - _INDENT) * _LETTERS))
    return sum(len(wrap(part, room)) or 1 for part in text.split("\n"))


def _tick_rule(last: int) -> str:
    area = f"{cell_of((_HEAD + 1, _LAST))}:{cell_of((last, _LAST))}"
    return (
        f'<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="{area}">'
        '<formula1>"✓"</formula1></dataValidation></dataValidations>'
    )


def _runs(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Cells with those straight below them as one: C7, C8, C9, E2 are (C7, C9) and (E2, E2)."""
    runs: list[tuple[str, str]] = []
    for cell in cells:
        first, _, last = cell.partition(":")
        end, start = place_of(runs[-1][1]) if runs else None, place_of(first)
        if end and start and start == (end[0] + 1, end[1]) and not last:
            runs[-1] = (runs[-1][0], first)
        else:
            runs.append((first, last or first))
    return runs
