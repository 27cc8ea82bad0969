"""A workbook's package opened for surgery: what people and programs do to sheets, done on the XML.

Takes and returns the bytes of a workbook. Works on the parts themselves, as no library would let a test write
what libraries refuse. Shares no code with intake. Formulas are not moved along: nothing that is read back
stands in one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, get_column_letter

from plbuild import archive

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_BOOK = "xl/workbook.xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_REF = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?")

Content = str | float | bool | None
"""What is put into a cell: text, a number, a boolean, or nothing."""


def split(ref: str) -> tuple[int, int]:
    """``split("C7")`` is (7, 3)."""
    match = re.fullmatch(r"([A-Z]+)(\d+)", ref)
    assert match, ref
    return int(match[2]), column_index_from_string(match[1])


def ref(row: int, col: int) -> str:
    """``ref(7, 3)`` is ``C7``."""
    return f"{get_column_letter(col)}{row}"


def _main(tag: str) -> str:
    return f"{{{MAIN}}}{tag}"


class Workbook:
    """A package whose sheets can be cut about; ``saved`` gives its bytes again."""

    def __init__(self, data: bytes) -> None:
        self.parts = archive.read(data)
        self._trees: dict[str, etree._Element] = {}

    def saved(self) -> bytes:
        """The package as it now is."""
        for part, root in self._trees.items():
            self.parts[part] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return archive.pack(self.parts)

    def tree(self, part: str) -> etree._Element:
        """The tree of a part, kept until ``saved``."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def replace(self, part: str, old: bytes, new: bytes) -> None:
        """Other bytes in a part, well-formed or not; the part is as text from here on."""
        if part in self._trees:
            self.parts[part] = etree.tostring(self._trees.pop(part), encoding="UTF-8", xml_declaration=True)
        assert old in self.parts[part], old
        self.parts[part] = self.parts[part].replace(old, new)

    # ------------------------------------------------------------------------------- sheets

    @property
    def titles(self) -> list[str]:
        """The tabs in their order."""
        return [node.get("name", "") for node in self._sheet_nodes()]

    def _sheet_nodes(self) -> list[etree._Element]:
        return list(self._sheets())

    def _sheets(self) -> etree._Element:
        found = self.tree(_BOOK).find(_main("sheets"))
        assert found is not None
        return found

    def _node(self, title: str) -> etree._Element:
        return self._sheet_nodes()[self.titles.index(title)]

    def part(self, title: str) -> str:
        """The part that holds a sheet."""
        rel = self._node(title).get(f"{{{OFFICE}}}id")
        for node in self.tree("xl/_rels/workbook.xml.rels"):
            if node.get("Id") == rel:
                return posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).removeprefix("/")
        raise KeyError(title)

    def sheet(self, title: str) -> etree._Element:
        """The tree of a sheet."""
        return self.tree(self.part(title))

    def set_state(self, title: str, state: str) -> None:
        """``hidden``, ``veryHidden`` or ``visible``."""
        self._node(title).set("state", state)

    def rename(self, old: str, new: str) -> None:
        """Another title, followed by the names that point to the sheet."""
        self._node(old).set("name", new)
        for name in self.names():
            name.text = (name.text or "").replace(f"{_quoted(old)}!", f"{_quoted(new)}!")

    def reorder(self, titles: Sequence[str]) -> None:
        """The tabs in another order; names keep their sheets."""
        before = self.titles
        nodes = {title: self._node(title) for title in before}
        for title in titles:
            self._sheets().append(nodes[title])
        self._rescope({index: titles.index(title) for index, title in enumerate(before)})

    def delete(self, title: str) -> None:
        """A tab gone, with the names on it; names of others that point there break."""
        gone = self.titles.index(title)
        for name in self.names():
            if name.get("localSheetId") == str(gone):
                _remove(name)
            elif f"{_quoted(title)}!" in (name.text or ""):
                name.text = "#REF!"
        _remove(self._node(title))
        self._rescope({index: index - 1 for index in range(gone + 1, gone + 200)})

    def _rescope(self, places: Mapping[int, int]) -> None:
        for name in self.names():
            scope = name.get("localSheetId")
            if scope is not None:
                name.set("localSheetId", str(places.get(int(scope), int(scope))))

    def add_sheet(self, title: str, xml: bytes = b"", *, kind: str = "worksheet") -> None:
        """A tab at the end, empty or of the given XML."""
        number = len(self.titles) + 1
        part = f"xl/{kind}s/added{number}.xml"
        self.parts[part] = xml or f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
        rel = self.relate(_BOOK, kind, f"/{part}")
        node = etree.SubElement(self._sheets(), _main("sheet"))
        node.set("name", title)
        node.set("sheetId", str(900 + number))
        node.set(f"{{{OFFICE}}}id", rel)
        self.declare(part, _SHEET_TYPE)

    def duplicate(self, title: str, copy: str, *, with_names: bool = True) -> None:
        """A copy of a tab at the end; Excel copies the names of the sheet, other programs may not."""
        old, new = self.titles.index(title), len(self.titles)
        self.add_sheet(copy, etree.tostring(self.sheet(title)))
        for name in list(self.names()) if with_names else []:
            if name.get("localSheetId") == str(old):
                text = (name.text or "").replace(f"{_quoted(title)}!", f"{_quoted(copy)}!")
                self.add_name(name.get("name", ""), text, new)

    # ------------------------------------------------------------------------------- parts

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """A relation of a part to another; returns its id."""
        folder, name = posixpath.split(part)
        path = f"{folder}/_rels/{name}.rels"
        self.parts.setdefault(path, f'<Relationships xmlns="{_PACKAGE}"/>'.encode())
        root = self.tree(path)
        rel = f"rAdded{len(root) + 1}"
        node = etree.SubElement(root, f"{{{_PACKAGE}}}Relationship")
        node.set("Id", rel)
        node.set("Type", kind if ":" in kind else f"{OFFICE}/{kind}")
        node.set("Target", target)
        if external:
            node.set("TargetMode", "External")
        return rel

    def declare(self, part: str, content_type: str) -> None:
        """A part's content type."""
        root = self.tree("[Content_Types].xml")
        node = etree.SubElement(root, root.tag.replace("}Types", "}Override"))
        node.set("PartName", f"/{part}")
        node.set("ContentType", content_type)

    def hang(self, title: str, kind: str, part: str, xml: str) -> None:
        """A part that belongs to a sheet: comments, a drawing."""
        self.parts[part] = xml.encode()
        self.relate(self.part(title), kind, f"/{part}")

    # ------------------------------------------------------------------------------- names

    def names(self) -> Iterator[etree._Element]:
        """The defined names."""
        home = self.tree(_BOOK).find(_main("definedNames"))
        return iter(list(home) if home is not None else [])

    def add_name(self, name: str, target: str, scope: int | None = None) -> None:
        """A defined name, on one sheet or on the whole workbook."""
        home = self.tree(_BOOK).find(_main("definedNames"))
        assert home is not None
        node = etree.SubElement(home, _main("definedName"))
        node.set("name", name)
        if scope is not None:
            node.set("localSheetId", str(scope))
        node.text = target

    def drop_names(self, *names: str, title: str = "") -> None:
        """Names gone, from all sheets or from one; all of ours where none is named."""
        for node in self._named(names, title):
            _remove(node)

    def aim_names(self, target: str, *names: str, title: str = "") -> None:
        """Names that point elsewhere, such as at ``#REF!``."""
        for node in self._named(names, title):
            node.text = target

    def style(self, number_format: int) -> int:
        """A cell style with one of the built-in number formats: 9 is percent, 14 a date."""
        home = self.tree("xl/styles.xml").find(_main("cellXfs"))
        assert home is not None
        etree.SubElement(home, _main("xf")).set("numFmtId", str(number_format))
        return len(home) - 1

    def restyle(self, title: str, place: str, number_format: int) -> None:
        """Another number format for a cell."""
        node = self._cell(title, place)
        assert node is not None
        node.set("s", str(self.style(number_format)))

    def _named(self, names: Sequence[str], title: str) -> Iterator[etree._Element]:
        scope = str(self.titles.index(title)) if title else ""
        for node in self.names():
            is_named = node.get("name") in names if names else node.get("name", "").startswith("pl_")
            if is_named and scope in ("", node.get("localSheetId")):
                yield node

    def area(self, name: str, title: str = "") -> tuple[str, tuple[int, int], tuple[int, int]]:
        """The sheet of one of our names and the first and last (row, col) of its area."""
        (node, *_) = self._named((name,), title)
        sheet, _, cells = (node.text or "").replace("$", "").rpartition("!")
        first, _, last = cells.partition(":")
        return sheet.strip("'").replace("''", "'"), split(first), split(last or first)

    # ------------------------------------------------------------------------------- cells

    def text(self, title: str, place: str) -> str:
        """What an inline text or a number of a cell reads as; empty where there is none."""
        node = self._cell(title, place)
        return "".join(map(str, node.itertext())) if node is not None else ""

    def _cell(self, title: str, place: str) -> etree._Element | None:
        row, _ = split(place)
        for node in self.sheet(title).iterfind(f"{_main('sheetData')}/{_main('row')}"):
            if node.get("r") == str(row):
                return next((cell for cell in node if cell.get("r") == place), None)
        return None

    def put(self, title: str, place: str, value: Content) -> None:
        """Type a value into a cell; None empties it."""
        if value is None:
            self.put_xml(title, place, "", "")
        elif isinstance(value, bool):
            self.put_xml(title, place, f"<v>{int(value)}</v>", "b")
        elif isinstance(value, str):
            text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            self.put_xml(title, place, f'<is><t xml:space="preserve">{text}</t></is>', "inlineStr")
        else:
            self.put_xml(title, place, f"<v>{value!r}</v>", "")

    def put_xml(self, title: str, place: str, inner: str, kind: str) -> None:
        """Anything into a cell: its content as XML, and its type."""
        node = self._cell(title, place)
        if node is None:
            node = self._new_cell(title, place)
        for child in list(node):
            node.remove(child)
        node.attrib.pop("t", "")
        if kind:
            node.set("t", kind)
        node.extend(etree.fromstring(f'<c xmlns="{MAIN}">{inner}</c>'))

    def _new_cell(self, title: str, place: str) -> etree._Element:
        row, col = split(place)
        data = self.sheet(title).find(_main("sheetData"))
        assert data is not None
        home = next((node for node in data if node.get("r") == str(row)), None)
        if home is None:
            home = etree.Element(_main("row"))
            home.set("r", str(row))
            data.insert(sum(int(node.get("r", "0")) < row for node in data), home)
        cell = etree.Element(_main("c"))
        cell.set("r", place)
        home.insert(sum(split(node.get("r", ""))[1] < col for node in home), cell)
        return cell

    # ------------------------------------------------------------------------ rows and columns

    def insert_rows(self, title: str, row: int, count: int = 1) -> None:
        """Rows inserted above ``row``; areas that reach over it grow."""
        self._move(title, lambda r, c: (r + count if r >= row else r, c), set())

    def delete_rows(self, title: str, row: int, count: int = 1) -> None:
        """Rows deleted; areas shrink, and break where nothing is left."""
        gone = set(range(row, row + count))
        self._move(title, lambda r, c: (r - sum(g < r for g in gone), c), {(g, 0) for g in gone})

    def insert_columns(self, title: str, col: int, count: int = 1) -> None:
        """Columns inserted left of ``col``."""
        self._move(title, lambda r, c: (r, c + count if c >= col else c), set())

    def delete_columns(self, title: str, col: int) -> None:
        """A column deleted."""
        self._move(title, lambda r, c: (r, c - (c > col)), {(0, col)})

    def _move(
        self, title: str, place: Callable[[int, int], tuple[int, int]], gone: set[tuple[int, int]]
    ) -> None:
        data = self.sheet(title).find(_main("sheetData"))
        assert data is not None
        for row in list(data):
            number = int(row.get("r", "0"))
            if (number, 0) in gone:
                data.remove(row)
                continue
            for cell in list(row):
                _, col = split(cell.get("r", ""))
                if (0, col) in gone:
                    row.remove(cell)
                    continue
                cell.set("r", ref(*place(number, col)))
            row.set("r", str(place(number, 1)[0]))
        for name in self.names():
            name.text = _moved(name.text or "", title, place, gone)

    def order_rows(self, title: str, rows: Sequence[int]) -> None:
        """Whole rows in another order: what stood in the first of ``rows`` comes to the first place."""
        data = self.sheet(title).find(_main("sheetData"))
        assert data is not None
        found = {int(node.get("r", "0")): node for node in data}
        for target, source in zip(sorted(rows), rows, strict=True):
            node = found[source]
            for cell in node:
                cell.set("r", ref(target, split(cell.get("r", ""))[1]))
            node.set("r", str(target))
        data[:] = sorted(data, key=lambda node: int(node.get("r", "0")))

    def swap_columns(self, title: str, one: int, other: int, rows: Iterable[int]) -> None:
        """Two columns of a table change places, headings and all."""
        trade = {one: other, other: one}
        wanted = {str(row) for row in rows}
        for row in self.sheet(title).iterfind(f"{_main('sheetData')}/{_main('row')}"):
            if row.get("r") in wanted:
                for cell in row:
                    number, col = split(cell.get("r", ""))
                    cell.set("r", ref(number, trade.get(col, col)))
                row[:] = sorted(row, key=lambda cell: split(cell.get("r", ""))[1])


def _moved(
    target: str, title: str, place: Callable[[int, int], tuple[int, int]], gone: set[tuple[int, int]]
) -> str:
    """A name's target after rows or columns of a sheet have moved."""

    def area(match: re.Match[str]) -> str:
        top, left = int(match[4]), column_index_from_string(match[2])
        bottom = int(match[8] or top)
        right = column_index_from_string(match[6] or match[2])
        rows = [place(r, left)[0] for r in range(top, bottom + 1) if (r, 0) not in gone]
        cols = [place(top, c)[1] for c in range(left, right + 1) if (0, c) not in gone]
        if not rows or not cols:
            return "#REF!"
        first = f"${get_column_letter(min(cols))}${min(rows)}"
        last = f"${get_column_letter(max(cols))}${max(rows)}"
        return f"{first}:{last}" if match[5] is not None else first

    home = f"{_quoted(title)}!"
    if "," in target or not target.startswith(home):
        return target
    return home + _REF.sub(area, target.removeprefix(home))


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)
