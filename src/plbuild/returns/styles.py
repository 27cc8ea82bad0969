"""Cell styles: the mark over the style that a cell has, and the look of the Fix list.

Takes a ``Package``, adds to its styles part and never changes a style that is there. A style that was added
once is found again, so that marking a marked copy adds none.
"""

from __future__ import annotations

import copy

from lxml import etree

from plbuild.returns.package import Package, UnpatchableError, added

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip

# The colours of the blank workbook: dark blue for structure, greys, one amber for what needs the reader.
_BLUE, _INK, _GREY, _LINE, _HEAD, _GROUND = "1F3A5F", "1B1F24", "595F69", "B4BAC2", "D5DEEA", "F1F3F5"
_AMBER, _AMBER_GROUND = "E08A00", "FFF4E0"
# Dark enough to be seen on white and on grey (3 : 1, WCAG 2.1, 1.4.11), and used for nothing else: by
# the colour of its border a mark is known again, whichever program has saved it. Its last two digits
# keep apart the marks of styles that differ only in what a mark covers, their grounds and borders.
_EDGE = "FFB36B"
_EDGES = [f"{_EDGE}{number:02X}" for number in range(1, 256)]

# Hatched, so that the mark is there on a black-and-white page; LibreOffice shows a plain ground, so that
# the thick edge must do as well.
_MARK_FILL = (
    f'<fill><patternFill patternType="lightUp"><fgColor rgb="FF{_AMBER}"/>'
    f'<bgColor rgb="FF{_AMBER_GROUND}"/></patternFill></fill>'
)


def _border(style: str, color: str) -> str:
    sides = (
        f'<{side} style="{style}"><color rgb="{color}"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    return f"<border>{''.join(sides)}<diagonal/></border>"


def _font(size: float = 10.5, color: str = _INK, *, bold: bool = False, link: bool = False) -> str:
    weight, line = "<b/>" if bold else "", "<u/>" if link else ""
    return (
        f'<font>{weight}{line}<sz val="{size}"/><color rgb="FF{color}"/><name val="Calibri"/>'
        f'<family val="2"/></font>'
    )


def _plain(color: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color}"/>'
        f'<bgColor indexed="64"/></patternFill></fill>'
    )


_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_BOX = _border("thin", f"FF{_LINE}")

# Font, fill, border, whether the text wraps.
_LOOKS: dict[str, tuple[str, str, str, bool]] = {
    "ground": (_font(), _plain(_GROUND), _NO_BORDER, False),
    "title": (_font(18, _BLUE, bold=True), _plain(_GROUND), _NO_BORDER, False),
    "subtitle": (_font(12, _INK, bold=True), _plain(_GROUND), _NO_BORDER, False),
    "intro": (_font(10.5, _INK), _plain(_GROUND), _NO_BORDER, True),
    "head": (_font(bold=True), _plain(_HEAD), _BOX, True),
    "text": (_font(), _plain("FFFFFF"), _BOX, True),
    "strong": (_font(bold=True), _plain("FFFFFF"), _BOX, True),
    "quiet": (_font(color=_GREY), _plain("FFFFFF"), _BOX, True),
    "link": (_font(color=_BLUE, bold=True, link=True), _plain("FFFFFF"), _BOX, True),
    "tick": (_font(14, _INK, bold=True), _plain("FFFFFF"), _border("thin", f"FF{_GREY}"), False),
}


class Styles:
    """The styles of a workbook, to be added to."""

    def __init__(self, package: Package) -> None:
        part = package.related(package.workbook, "styles") or _new_part(package)
        self._root = package.change(part)
        # A style is counted by its position among the elements, not among the remarks of a program.
        etree.strip_tags(self._root, etree.Comment, etree.ProcessingInstruction)
        self._known: dict[str, dict[bytes, int]] = {}
        self._looks: dict[str, int] = {}
        self._marks: dict[int, int] = {}
        self.pairs: dict[int, int] = {}
        self._start("fonts", _font(11))
        self._start("fills", '<fill><patternFill patternType="none"/></fill>')
        self._start("fills", '<fill><patternFill patternType="gray125"/></fill>', at_least=2)
        self._start("borders", _NO_BORDER)
        self._start("cellStyleXfs", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>')
        self._start("cellXfs", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>')
        self._start("dxfs", "", at_least=0)

    def _start(self, name: str, first: str, at_least: int = 1) -> None:
        """What a styles part may leave out and this class counts on."""
        home = self._root.find(f"{{*}}{name}")
        if home is None:
            home = added(self._root, f"<{name}/>")
            before = _ORDER[: _ORDER.index(name)]
            locals_ = [etree.QName(node).localname for node in self._root if isinstance(node.tag, str)]
            self._root.insert(sum(local in before for local in locals_), home)
        if len(home) < at_least:
            added(home, first)
            home.set("count", str(len(home)))

    def _home(self, name: str) -> etree._Element:
        home = self._root.find(f"{{*}}{name}")
        assert home is not None  # _start has seen to it
        return home

    def _put(self, name: str, item: str | etree._Element) -> int:
        """The position of ``item`` in a collection, to which it is added where it is not there yet."""
        home = self._home(name)
        if name not in self._known:
            known: dict[bytes, int] = {}
            for index, child in enumerate(home):
                known.setdefault(_canonical(child), index)
            self._known[name] = known
        if isinstance(item, str):
            node = added(home, item)
        else:
            node = item
            home.append(node)
        index = self._known[name].setdefault(_canonical(node), len(home) - 1)
        if index < len(home) - 1:
            home.remove(node)
        home.set("count", str(len(home)))
        return index

    def _xf(self, style: int) -> etree._Element:
        styles = self._home("cellXfs")
        return styles[style] if 0 <= style < len(styles) else styles[0]

    def look(self, name: str) -> int:
        """A style of the Fix list by its name in ``_LOOKS``."""
        if name not in self._looks:
            self._looks[name] = self._made_look(name)
        return self._looks[name]

    def _made_look(self, name: str) -> int:
        font, fill, border, wraps = _LOOKS[name]
        wrap = ' wrapText="1"' if wraps else ""
        indent = ' indent="1"' if wraps and name != "intro" else ""
        across = ' horizontal="center"' if name == "tick" else f' horizontal="left"{indent}'
        xf = (
            f'<xf numFmtId="0" fontId="{self._put("fonts", font)}" fillId="{self._put("fills", fill)}" '
            f'borderId="{self._put("borders", border)}" xfId="0" applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1"><alignment{across} vertical="top"{wrap}/></xf>'
        )
        return self._put("cellXfs", xf)

    def marked(self, style: int) -> int:
        """The style ``style`` with the mark: hatched, with a thick edge; all else as it is.

        ``pairs`` tells afterwards of each mark which one style it stands for.
        """
        if style not in self._marks:
            self._marks[style] = self._made_mark(style)
        return self._marks[style]

    def _made_mark(self, style: int) -> int:
        for color in _EDGES:
            mark = self._over(style, _MARK_FILL, _border("medium", color))
            if self.pairs.setdefault(mark, style) == style:
                return mark
        raise UnpatchableError

    def mark_rule(self) -> int:
        """The ground of a mark as the format of a rule (a differential format)."""
        return self._put("dxfs", f"<dxf>{_MARK_FILL}</dxf>")

    def unmarked(self, style: int) -> int:
        """A mark whose original is not known any more, as an ordinary input cell."""
        return self._over(style, _plain("FFFFFF"), _BOX)

    def _over(self, style: int, fill: str, border: str) -> int:
        made = copy.deepcopy(self._xf(style))
        made.set("fillId", str(self._put("fills", fill)))
        made.set("borderId", str(self._put("borders", border)))
        made.set("applyFill", "1")
        made.set("applyBorder", "1")
        return self._put("cellXfs", made)

    def look_of(self, style: int) -> bytes:
        """What a style is made of; the same for styles that were written more than once."""
        return _canonical(self._xf(style))

    def marks(self) -> set[int]:
        """The styles that are marks, whichever program has written them anew since."""
        edged = {str(index) for index, border in enumerate(self._home("borders")) if _is_edge(border)}
        return {index for index, xf in enumerate(self._home("cellXfs")) if xf.get("borderId", "0") in edged}


def _new_part(package: Package) -> str:
    """A styles part with the one named style that every workbook has; the rest is started as usual."""
    # openpyxl looks for styles under no other name (seen).
    part = "xl/styles.xml" if "xl/styles.xml" not in package else package.free_name("xl/styles", ".xml")
    namespace = etree.QName(package.tree(package.workbook)).namespace
    usual = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    package.add_part(
        part, f'<styleSheet xmlns="{namespace}">{usual}</styleSheet>'.encode(), _TYPE,
        of=package.workbook, kind="styles",
    )  # fmt: skip
    return part


def _is_edge(border: etree._Element) -> bool:
    color = border.find("{*}top/{*}color")
    return color is not None and color.get("rgb", "").upper().startswith(_EDGE)


def _canonical(node: etree._Element) -> bytes:
    made = copy.deepcopy(node)
    made.tail = None
    return etree.tostring(made, method="c14n", exclusive=True)
