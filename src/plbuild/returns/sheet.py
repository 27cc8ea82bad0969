"""A worksheet's XML: its cells by row and column, the style that one shows, how large it is on the screen.

Takes the tree of a worksheet, changes it in place. Rows and columns are counted from 1.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from lxml import etree

from plbuild.returns.package import added

MAX_ROW, MAX_COL = 1_048_576, 16_384
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
# What stands behind legacyDrawing in a worksheet (ECMA-376 18.3.1.99).
_AFTER_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
# What stands behind conditionalFormatting there.
_AFTER_RULES = (
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "legacyDrawing", *_AFTER_DRAWING,
)  # fmt: skip
# Always true, and told by its text.
_RULE = 'LEN("plbuild")=7'
# A form's answer is merged over a few columns; more than this is somebody's own layout.
_MAX_MERGED = 100
# More merged areas or columns than any sheet that somebody works in.
_MAX_PARTS = 2_000

Place = tuple[int, int]


def place_of(cell: str) -> Place | None:
    """``place_of("C7")`` is ``(7, 3)``; None for what is no cell."""
    match = _PLACE.fullmatch(cell)
    if match is None:
        return None
    col = 0
    for char in match[1]:
        col = col * 26 + ord(char) - 64
    row = int(match[2])
    return (row, col) if row <= MAX_ROW and col <= MAX_COL else None


def cell_of(place: Place) -> str:
    """``cell_of((7, 3))`` is ``C7``."""
    row, col = place
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


class Worksheet:
    """The cells of a worksheet, found by row and column."""

    def __init__(self, root: etree._Element) -> None:
        """A sheet by its tree. Raises ValueError where rows or cells are not numbered as they must be."""
        self.root = root
        data = root.find("{*}sheetData")
        if data is None:
            raise ValueError("a sheet without rows")
        self._data = data
        self._rows = dict(_numbered_rows(data))
        self._order = sorted(self._rows)
        self._cells: dict[int, dict[int, etree._Element]] = {}
        merged = islice(root.iterfind("{*}mergeCells/{*}mergeCell"), _MAX_PARTS)
        self._merged = [_area(node.get("ref", "")) for node in merged]
        self._columns = list(islice(root.iterfind("{*}cols/{*}col"), _MAX_PARTS))

    def style(self, place: Place) -> int:
        """The style that a cell shows: its own, its row's, or its column's."""
        node = self._cell(place)
        if node is not None:
            return int(node.get("s", "0"))
        row = self._rows.get(place[0])
        if row is not None and row.get("customFormat") in ("1", "true"):
            return int(row.get("s", "0"))
        column = self._column(place[1])
        return int(column.get("style", "0")) if column is not None else 0

    def set_style(self, place: Place, style: int) -> None:
        """Give a cell a style; the cell is made where the sheet does not have it."""
        node = self._cell(place)
        if node is None:
            node = self._made(place)
        node.set("s", str(style))

    def _cell(self, place: Place) -> etree._Element | None:
        return self._row(place[0]).get(place[1])

    def _row(self, number: int) -> dict[int, etree._Element]:
        """The cells of a row by their columns; empty where the sheet does not have it."""
        if number not in self._cells:
            row = self._rows.get(number)
            self._cells[number] = {} if row is None else dict(_numbered_cells(row))
        return self._cells[number]

    def _made(self, place: Place) -> etree._Element:
        row = self._rows.get(place[0])
        if row is None:
            row = added(self._data, f'<row r="{place[0]}"/>')
            position = bisect_left(self._order, place[0])
            if position < len(self._order):
                self._rows[self._order[position]].addprevious(row)
            self._order.insert(position, place[0])
            self._rows[place[0]] = row
        # A hint on where a row's cells begin and end, which need not be there (ECMA-376 18.3.1.73).
        if "spans" in row.attrib:
            del row.attrib["spans"]
        node = added(row, f'<c r="{cell_of(place)}"/>')
        cells = self._row(place[0])
        behind = min((col for col in cells if col > place[1]), default=0)
        if behind:
            cells[behind].addprevious(node)
        cells[place[1]] = node
        return node

    def merged(self, place: Place) -> list[Place]:
        """The cells that show as one with ``place``, itself included."""
        for top, left, bottom, right in self._merged:
            if top <= place[0] <= bottom and left <= place[1] <= right:
                cells = [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
                return cells if len(cells) <= _MAX_MERGED else [place]
        return [place]

    def replace_styles(self, styles: dict[int, int]) -> bool:
        """Give every cell of a style another one; returns whether there was any."""
        found = False
        for row in self._rows.values():
            for node in row.iterfind("{*}c"):
                style = node.get("s", "0")
                if style.isdecimal() and int(style) in styles:
                    node.set("s", str(styles[int(style)]))
                    found = True
        return found

    # --------------------------------------------------------------------------------- on the screen

    def width(self, col: int) -> float:
        """The width of a column in pixels: 7 for a digit and 5 around them (ECMA-376 18.3.1.13)."""
        node = self._column(col)
        if node is None:
            shape = self.root.find("{*}sheetFormatPr")
            return 7 * float((shape is not None and shape.get("defaultColWidth")) or 8.43) + 5
        return 0 if node.get("hidden") in ("1", "true") else 7 * float(node.get("width", "8.43")) + 5

    def height(self, row: int) -> float:
        """The height of a row in pixels, four thirds of a point each."""
        node = self._rows.get(row)
        shape = self.root.find("{*}sheetFormatPr")
        usual = (shape is not None and shape.get("defaultRowHeight")) or 15
        if node is None:
            return float(usual) * 4 / 3
        return 0 if node.get("hidden") in ("1", "true") else float(node.get("ht") or usual) * 4 / 3

    def _column(self, col: int) -> etree._Element | None:
        for node in self._columns:
            if int(node.get("min", "0")) <= col <= int(node.get("max", "0")):
                return node
        return None

    # ------------------------------------------------------------------------------------- the rules

    def put_rule(self, places: Iterable[Place], differential: int) -> None:
        """Let no rule of the sheet cover the marks: a rule's ground and border hide the cell's own.

        Ours comes first, gives ``differential`` and stops; LibreOffice takes the first alone (seen).
        Nothing is done where the sheet has no rules.
        """
        rules = list(self.root.iter("{*}cfRule"))
        if not rules:
            return
        for rule in rules:
            _move_priority(rule, 1)
        cells = " ".join(cell_of(place) for place in places)
        made = added(
            self.root,
            f'<conditionalFormatting sqref="{cells}">'
            f'<cfRule type="expression" dxfId="{differential}" priority="1" stopIfTrue="1">'
            f"<formula>{escape(_RULE)}</formula></cfRule></conditionalFormatting>",
        )
        self._move_before(made, ("conditionalFormatting", *_AFTER_RULES))

    def remove_rules(self) -> bool:
        """Take our rules out again; returns whether there were any."""
        found = False
        for node in self.root.findall("{*}conditionalFormatting"):
            for rule in node.findall("{*}cfRule"):
                if '"plbuild"' in rule.findtext("{*}formula", ""):
                    node.remove(rule)
                    found = True
            if len(node) == 0:
                self.root.remove(node)
        if found:
            rules = list(self.root.iter("{*}cfRule"))
            if min((int(rule.get("priority", "1")) for rule in rules), default=1) > 1:
                for rule in rules:
                    _move_priority(rule, -1)
        return found

    def _move_before(self, node: etree._Element, names: Collection[str]) -> None:
        """Put ``node``, which stands last, before the first part of the sheet that has one of ``names``."""
        for other in self.root:
            if other is not node and _is_one_of(other, names):
                other.addprevious(node)
                break

    # ------------------------------------------------------------------------------------ the notes

    def drawing(self) -> etree._Element | None:
        """The element that names the drawing of the notes, None where there is none."""
        return self.root.find("{*}legacyDrawing")

    def add_drawing(self, relation_id: str) -> None:
        """Name the drawing of the notes, at its place among the parts of a sheet."""
        node = added(self.root, f'<legacyDrawing r:id="{relation_id}"/>')
        self._move_before(node, _AFTER_DRAWING)


def _is_one_of(node: etree._Element, names: Collection[str]) -> bool:
    if not isinstance(node.tag, str):
        return False
    name = etree.QName(node).localname
    if name == "AlternateContent":
        return any(etree.QName(child).localname in names for child in node.iter("{*}*"))
    return name in names


def _move_priority(rule: etree._Element, by: int) -> None:
    text = rule.get("priority", "")
    if text.isdecimal():
        rule.set("priority", str(int(text) + by))


def _numbered_rows(data: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Rows by their number; one that does not say it follows the one before (ECMA-376 18.3.1.73)."""
    number = 0
    for node in data.iterfind("{*}row"):
        number = int(node.get("r", number + 1))
        yield number, node


def _numbered_cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    col = 0
    for node in row.iterfind("{*}c"):
        place = place_of(node.get("r", ""))
        col = place[1] if place else col + 1
        yield col, node


def _area(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    start, end = place_of(first), place_of(last or first)
    if start is None or end is None:
        return (0, 0, -1, -1)
    return (start[0], start[1], end[0], end[1])
