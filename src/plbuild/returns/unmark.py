"""An earlier marked copy made plain again, so that marks do not pile up.

Takes a ``Package``, takes out every Fix list, our notes and our marks; what was never marked stays as it is.
"""

from __future__ import annotations

import re

from plbuild.returns import book
from plbuild.returns.fixlist import NAME
from plbuild.returns.notes import remove_notes
from plbuild.returns.package import Package
from plbuild.returns.sheet import Worksheet, place_of
from plbuild.returns.styles import Styles

_STYLE = re.compile(rb"""\ss=["'](\d{1,9})["']""")
# More than one workbook can come to have by being marked.
_MAX_MARKS = 1_000
_AREA = re.compile(r"(\$?[A-Z]{1,3}\$?\d{1,7})(?::(\$?[A-Z]{1,3}\$?\d{1,7}))?")


def unmark(package: Package, styles: Styles) -> None:
    """Take the marks out of the package. Raises one of ``DAMAGE``."""
    lists = [
        tab for tab in book.tabs(package) if NAME in tab.names and "pl_kind" not in tab.names and tab.part
    ]
    pairs: dict[int, int] = {}
    for tab in lists:
        pairs |= _pairs(Worksheet(package.tree(tab.part)), tab.names[NAME])
    originals = _originals(styles, pairs)
    # From the last to the first, because each that goes moves those behind it.
    for tab in reversed(lists):
        book.remove(package, tab)
    for tab in book.tabs(package):
        if tab.part:
            remove_notes(package, tab.part)
            _restyle(package, tab.part, originals)


def _originals(styles: Styles, pairs: dict[int, int]) -> dict[int, int]:
    """The style that each mark of the workbook stands for; an ordinary one where that is not known.

    Gnumeric writes one style several times where cells differ in their drop-downs (seen), so that a mark
    is looked for by what it looks like.
    """
    marks = styles.marks()
    known = {styles.look_of(mark): own for mark, own in pairs.items() if own not in marks}
    found = {mark: known.get(styles.look_of(mark)) for mark in sorted(marks)[:_MAX_MARKS]}
    return {mark: styles.unmarked(mark) if own is None else own for mark, own in found.items()}


def _pairs(sheet: Worksheet, target: str) -> dict[int, int]:
    """The styles of marks and what they stand for, as the two columns of the area ``target`` show them."""
    match = _AREA.fullmatch(target.rpartition("!")[2])
    first = place_of(match[1]) if match else None
    last = place_of(match[2] or match[1]) if match else None
    if first is None or last is None:
        return {}
    rows = range(first[0], min(last[0], first[0] + 1000) + 1)
    return {sheet.style((row, first[1])): sheet.style((row, first[1] + 1)) for row in rows}


def _restyle(package: Package, part: str, originals: dict[int, int]) -> None:
    content = package.read(part)
    used = {int(style) for style in _STYLE.findall(content)}
    if used.isdisjoint(originals) and b"plbuild" not in content:
        return
    sheet = Worksheet(package.tree(part))
    if sheet.replace_styles(originals) | sheet.remove_rules():
        package.change(part)
