"""The marked copy: the submitter's own workbook with its mistakes shown where they are.

Takes the bytes that were sent and the findings about them; returns the same workbook, nothing of theirs
changed, with a mark and a note at each cell and the sheet Fix list in front. A file into which nothing can be
written (a PDF, a damaged workbook) gets a workbook that holds the Fix list alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from plbuild.model import NOTE_END, NOTE_HEAD, Finding, Spec
from plbuild.returns import book, fixlist
from plbuild.returns.fixlist import Item, Words
from plbuild.returns.notes import add_notes
from plbuild.returns.package import CONTENT_TYPES, DAMAGE, Package, opened
from plbuild.returns.sheet import Place, Worksheet
from plbuild.returns.styles import Styles
from plbuild.returns.unmark import unmark

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMATS = "application/vnd.openxmlformats"
_EMPTY = {
    CONTENT_TYPES: (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{_FORMATS}-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_FORMATS}-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}"><sheets/></workbook>',
}


def marked(spec: Spec, data: bytes, findings: Sequence[Finding], *, title: str) -> bytes:
    """The workbook ``data`` with ``findings``, all of this one file, shown in it.

    ``title`` says whose workbook it is, above the Fix list. A copy that was marked before loses its old
    marks first. Where the file itself is what is wrong (the codes ``file-…``), it is not opened, and the
    Fix list comes alone. Equal arguments give equal bytes; nothing is raised for what ``data`` may hold.
    """
    if findings and all(item.code.startswith("file-") for item in findings):
        return _alone(spec, findings, title)
    try:
        return _patched(spec, opened(data), findings, title)
    except DAMAGE:
        return _alone(spec, findings, title)


def _patched(spec: Spec, package: Package, findings: Sequence[Finding], title: str) -> bytes:
    styles = Styles(package)
    unmark(package, styles)
    tabs = book.tabs(package)
    items, beyond = fixlist.items(findings, [tab.title for tab in tabs if tab.part])
    bare: dict[str, set[Place]] = {}
    for tab in tabs:
        own = [item for item in items if item.sheet == tab.title and item.linked and item.cells]
        if own:
            sheet = Worksheet(package.change(tab.part))
            _mark(sheet, styles, own)
            bare[tab.title] = add_notes(package, tab.part, sheet, _notes(spec, own))
    items = fixlist.with_remarks(spec, items, bare)
    _add_list(spec, package, Words(title=title, beyond=beyond), items, styles)
    return package.packed()


def _alone(spec: Spec, findings: Sequence[Finding], title: str) -> bytes:
    package = Package({name: text.encode() for name, text in _EMPTY.items()})
    items, beyond = fixlist.items(findings, ())
    words = Words(title=title, beyond=beyond, alone=True)
    _add_list(spec, package, words, items, Styles(package))
    return package.packed()


def _mark(sheet: Worksheet, styles: Styles, items: Iterable[Item]) -> None:
    """Show the cells of the items as marked."""
    cells = {cell for item in items for place in item.places() for cell in sheet.merged(place)}
    for place in sorted(cells):
        sheet.set_style(place, styles.marked(sheet.style(place)))
    sheet.put_rule(sorted(cells), styles.mark_rule())


def _notes(spec: Spec, items: Iterable[Item]) -> dict[Place, tuple[str, str]]:
    """What the note on each cell says: everything found there, worst first, and where it is listed."""
    said: dict[Place, list[Item]] = {}
    for item in items:
        for place in item.places():
            said.setdefault(place, []).append(item)
    return {place: (f"{NOTE_HEAD}\n", _note(spec, own)) for place, own in said.items()}


def _note(spec: Spec, items: Sequence[Item]) -> str:
    texts = [f"{item.finding.message}\n{item.finding.fix}" for item in items]
    numbers = ", ".join(str(item.number) for item in items)
    return "\n\n".join([*texts, NOTE_END + spec.phrases["marks_note_end"].format(numbers=numbers)])


def _add_list(spec: Spec, package: Package, words: Words, items: Sequence[Item], styles: Styles) -> None:
    namespace = etree.QName(package.tree(package.workbook)).namespace or ""
    title = _free_title(spec.phrases["marks_tab"], [tab.title for tab in book.tabs(package)])
    content, areas = fixlist.sheet_xml(spec, namespace, words, items, styles)
    names = {name: f"{book.quoted(title)}!{area}" for name, area in areas.items()}
    book.insert_first(package, title, content, names)


def _free_title(wanted: str, taken: Sequence[str]) -> str:
    """The title of the list, with a number where somebody has a sheet of that title."""
    titles = {title.casefold() for title in taken}
    name, count = wanted, 1
    while name.casefold() in titles:
        count += 1
        name = f"{wanted} ({count})"
    return name
