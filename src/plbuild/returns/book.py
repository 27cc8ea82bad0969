"""The workbook part: which sheets there are, what they are called, and what counts them by position.

Takes a ``Package``; changes ``xl/workbook.xml`` and what hangs on it. Names that belong to a sheet and the
tabs in front are counted by position (ECMA-376 18.2.6, 18.2.30), so that a sheet put in first moves them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from plbuild.returns.package import Package, UnpatchableError, added, link_attribute

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# Where definedNames may follow (ECMA-376 18.2.27); it must stand behind the last of these.
_BEFORE_NAMES = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "workbookProtection",
    "bookViews", "sheets", "functionGroups", "externalReferences", "revisionPtr", "absPath",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A sheet: its title, its position from 0, its part (empty where it is no worksheet)."""

    title: str
    index: int
    part: str
    names: Mapping[str, str]


def quoted(title: str) -> str:
    """A sheet's title as it stands in a reference: ``'Dale''s goals'``."""
    return "'" + title.replace("'", "''") + "'"


def tabs(package: Package) -> list[Tab]:
    """The sheets in their order, each with the names that belong to it alone."""
    root = package.tree(package.workbook)
    parts = {item.id: item.part for item in package.relations(package.workbook) if item.kind == "worksheet"}
    names: dict[str, dict[str, str]] = {}
    for node in root.iterfind("{*}definedNames/{*}definedName"):
        names.setdefault(node.get("localSheetId", ""), {})[node.get("name", "")] = node.text or ""
    found = []
    for index, node in enumerate(root.iterfind("{*}sheets/{*}sheet")):
        part = parts.get(node.get(link_attribute(node), ""), "")
        if part and part not in package:
            raise UnpatchableError
        title = node.get("name", "")
        found.append(Tab(title=title, index=index, part=part, names=names.get(str(index), {})))
    return found


def insert_first(package: Package, title: str, content: bytes, names: Mapping[str, str]) -> None:
    """Put a new sheet before all others, in front, with the names that belong to it."""
    root = package.change(package.workbook)
    sheets = root.find("{*}sheets")
    if sheets is None:
        raise UnpatchableError
    part = package.free_name("xl/worksheets/sheet", ".xml")
    relation_id = package.add_part(part, content, _SHEET_TYPE, of=package.workbook, kind="worksheet")
    sheet_id = 1 + max((int(node.get("sheetId", "0")) for node in sheets.iterfind("{*}sheet")), default=0)
    node = added(sheets, f'<sheet name={quoteattr(title)} sheetId="{sheet_id}" r:id="{relation_id}"/>')
    sheets.insert(0, node)
    _move_positions(root, first=0, by=1)
    home = _names(root)
    for name, target in names.items():
        added(home, f'<definedName name="{name}" localSheetId="0">{escape(target)}</definedName>')
    _to_front(package, root)


def _names(root: etree._Element) -> etree._Element:
    found = root.find("{*}definedNames")
    if found is None:
        found = added(root, "<definedNames/>")
        last = max(
            (index for index, node in enumerate(root) if _local(node) in _BEFORE_NAMES), default=-1
        )  # fmt: skip
        root.insert(last + 1, found)
    return found


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def remove(package: Package, tab: Tab) -> None:
    """Take a sheet out with the names that belong to it."""
    root = package.change(package.workbook)
    node = root.findall("{*}sheets/{*}sheet")[tab.index]
    for name in root.findall("{*}definedNames/{*}definedName"):
        if name.get("localSheetId") == str(tab.index):
            _take_out(name)
    home = root.find("{*}definedNames")
    if home is not None and len(home) == 0:
        _take_out(home)
    _take_out(node)
    _move_positions(root, first=tab.index, by=-1)
    package.drop_part(tab.part, of=package.workbook)


def _take_out(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _move_positions(root: etree._Element, *, first: int, by: int) -> None:
    """Count anew whatever is counted by a sheet's position from ``first`` on."""
    for node in root.iterfind("{*}definedNames/{*}definedName"):
        _move(node, "localSheetId", first, by)
    for node in root.iterfind("{*}bookViews/{*}workbookView"):
        _move(node, "activeTab", first, by)
        _move(node, "firstSheet", first, by)


def _move(node: etree._Element, attribute: str, first: int, by: int) -> None:
    text = node.get(attribute, "")
    if text.isdecimal() and int(text) >= first:
        node.set(attribute, str(max(0, int(text) + by)))


def _to_front(package: Package, root: etree._Element) -> None:
    """Open the workbook on its first sheet: with two tabs chosen, what is typed would go into both."""
    for view in root.iterfind("{*}bookViews/{*}workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            if attribute in view.attrib:
                view.set(attribute, "0")
    ours = tabs(package)[0].part
    for item in package.relations(package.workbook):
        is_theirs = item.kind.endswith("sheet") and item.part != ours and item.part in package
        if is_theirs and b"tabSelected" in package.read(item.part):
            for view in package.tree(item.part).iterfind("{*}sheetViews/{*}sheetView"):
                if view.get("tabSelected") in ("1", "true"):
                    package.change(item.part)
                    del view.attrib["tabSelected"]
    _without_titles(package)


def _without_titles(package: Package) -> None:
    """The list of tabs in the file's properties, which is for search programs, would now be wrong."""
    part = package.related("", "extended-properties")
    if not part or b"TitlesOfParts" not in package.read(part):
        return
    root = package.change(part)
    for node in list(root):
        if _local(node) in ("TitlesOfParts", "HeadingPairs"):
            root.remove(node)
