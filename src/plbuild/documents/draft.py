"""A document marked as a draft: on each page, in its title, and with what must be mended at its start.

Takes the bytes of a finished document, returns such bytes. Design decision: the mark is put into the
package after the template was filled, into every header that a page can show, so that nobody who edits a
template can lose it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import cast

from lxml import etree

from plbuild import archive

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_DC = "http://purl.org/dc/elements/1.1/"
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_NS = {"w": _W, "r": _R, "p": _RELATIONS, "t": _TYPES, "dc": _DC}
_CONTENT_TYPES, _CORE = "[Content_Types].xml", "docProps/core.xml"
_TITLE = "DRAFT: "

# Dark enough for 4.5 : 1 on white; the word says it where the colour is not seen.
_COLOR = "7A3E00"
# The schema wants w:abstractNum before w:num before these (ECMA-376, CT_Numbering).
_AFTER_NUMBERS = "w:numIdMacAtCleanup"


def draft(document: bytes, heading: str, intro: str, lines: Sequence[str]) -> bytes:
    """``document`` with ``heading`` on each page, and ``heading``, ``intro`` and ``lines`` at its start.

    The lines are a numbered list. The title in the properties begins with "DRAFT: ". Texts are plain;
    the same bytes come out for the same input.
    """
    members = archive.read(document)
    package = _Package(members)
    body = package.tree(package.body)
    for number, name in enumerate(package.headers(body)):
        header = package.tree(name)
        header.insert(0, _paragraph(heading, bold=True, keep=False))
        if not number and len(header) == 1:
            header.append(_element("w:p"))
        package.put(name, header)
    start = body.find("w:body", _NS)
    if start is not None:
        list_id = package.list_id() if lines else 0
        told = [_paragraph(heading, bold=True, size=28), _paragraph(intro)]
        told += [_paragraph(line, list_id=list_id, keep=False) for line in lines]
        for spacing in told[-1].iter(f"{{{_W}}}spacing"):
            spacing.set(f"{{{_W}}}after", "480")  # twentieths of a point, before the plan itself
        start[:0] = told
    package.put(package.body, body)
    package.entitle()
    return archive.pack(package.members)


def _paragraph(
    text: str, *, bold: bool = False, size: int = 0, list_id: int = 0, keep: bool = True
) -> etree._Element:
    """A paragraph that looks the same whatever the template's styles are."""
    paragraph = _element("w:p")
    properties = _child(paragraph, "w:pPr")
    if keep:
        _child(properties, "w:keepNext")
    if list_id:
        numbering = _child(properties, "w:numPr")
        _child(numbering, "w:ilvl", val="0")
        _child(numbering, "w:numId", val=str(list_id))
    _child(properties, "w:spacing", before="0", after="80")
    _child(properties, "w:jc", val="left")
    run = _child(paragraph, "w:r")
    look = _child(run, "w:rPr")
    if bold:
        _child(look, "w:b")
        _child(look, "w:color", val=_COLOR)
    if size:
        _child(look, "w:sz", val=str(size))
    words = _child(run, "w:t")
    words.text = "".join(char if _is_allowed(char) else "\ufffd" for char in text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return paragraph


def _is_allowed(char: str) -> bool:
    """Whether XML can hold a character (XML 1.0, section 2.2), white space aside."""
    return char in "\t\n" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"


class _Package:
    """The members of a Word file, with the few parts that a draft changes or adds."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = dict(members)
        main = f"{_PART}document.main+xml"
        found = self.tree(_CONTENT_TYPES).findall(f"t:Override[@ContentType='{main}']", _NS)
        self.body = found[0].get("PartName", "").lstrip("/")
        folder, name = posixpath.split(self.body)
        self._relations, self._folder = f"{folder}/_rels/{name}.rels", folder

    def tree(self, name: str) -> etree._Element:
        """A member as XML."""
        return etree.fromstring(self.members[name])

    def put(self, name: str, tree: etree._Element) -> None:
        """A member anew."""
        self.members[name] = etree.tostring(tree, encoding="UTF-8", standalone=True)

    def headers(self, body: etree._Element) -> list[str]:
        """Every header that a page can show, by its member's name; missing ones are added to ``body``.

        A section without a header of its own shows that of the section before (ECMA-376, 17.10.5), so
        that the first section is the only one that can lack any.
        """
        sections = list(body.iter(f"{{{_W}}}sectPr"))
        if not sections:
            sections = [etree.SubElement(cast(etree._Element, body.find("w:body", _NS)), f"{{{_W}}}sectPr")]
        for kind in reversed(self._kinds(sections)):
            if sections[0].find(f"w:headerReference[@w:type='{kind}']", _NS) is None:
                made = _element("w:headerReference", type=kind)
                made.set(f"{{{_R}}}id", self._add_header())
                sections[0].insert(0, made)
        targets = self._targets()
        used = [
            targets[reference.get(f"{{{_R}}}id", "")]
            for section in sections
            for reference in section.findall("w:headerReference", _NS)
        ]
        return list(dict.fromkeys(used))

    def _kinds(self, sections: Iterable[etree._Element]) -> list[str]:
        """The kinds of headers that the pages of these sections show."""
        first = any(_is_on(section.find("w:titlePg", _NS)) for section in sections)
        settings = self._part("settings")
        even = bool(settings) and _is_on(self.tree(settings).find("w:evenAndOddHeaders", _NS))
        return ["default", *(["first"] if first else []), *(["even"] if even else [])]

    def _add_header(self) -> str:
        """An empty header, and the id of the body's relationship to it."""
        return self._add("header", etree.Element(f"{{{_W}}}hdr", nsmap={"w": _W}))

    def list_id(self) -> int:
        """The id of a new numbered list."""
        name = self._part("numbering")
        if not name:
            self._add("numbering", etree.Element(f"{{{_W}}}numbering", nsmap={"w": _W}))
            name = self._part("numbering")
        tree = self.tree(name)
        shapes, lists = tree.findall("w:abstractNum", _NS), tree.findall("w:num", _NS)
        shape = _free(shapes, "abstractNumId")
        made = _free(lists, "numId")
        at = len(shapes) and list(tree).index(shapes[-1]) + 1
        tree.insert(at, _numbered(shape))
        number = _element("w:num", numId=str(made))
        _child(number, "w:abstractNumId", val=str(shape))
        last = tree.find(_AFTER_NUMBERS, _NS)
        if last is None:
            tree.append(number)
        else:
            last.addprevious(number)
        self.put(name, tree)
        return made

    def entitle(self) -> None:
        """ "DRAFT: " before the title in the document's properties, where it has properties."""
        if _CORE not in self.members:
            return
        core = self.tree(_CORE)
        title = core.find("dc:title", _NS)
        if title is None:
            title = etree.SubElement(core, f"{{{_DC}}}title")
        title.text = f"{_TITLE}{title.text or ''}"
        self.put(_CORE, core)

    def _targets(self) -> dict[str, str]:
        """The members that the body refers to, by the id of the relationship."""
        if self._relations not in self.members:
            return {}
        return {
            item.get("Id", ""): posixpath.normpath(posixpath.join("/", self._folder, item.get("Target", "")))[
                1:
            ]
            for item in self.tree(self._relations)
        }

    def _part(self, kind: str) -> str:
        """The member that the body refers to as its settings or numbering; empty where there is none."""
        if self._relations not in self.members:
            return ""
        for item in self.tree(self._relations):
            if item.get("Type") == f"{_R}/{kind}":
                return self._targets()[item.get("Id", "")]
        return ""

    def _add(self, kind: str, content: etree._Element) -> str:
        """A new part of the body; returns the id of the relationship."""
        number = 1
        while f"{self._folder}/{kind}Draft{number}.xml" in self.members:
            number += 1
        name = f"{self._folder}/{kind}Draft{number}.xml"
        self.put(name, content)
        types = self.tree(_CONTENT_TYPES)
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=f"{_PART}{kind}+xml"
        )
        self.put(_CONTENT_TYPES, types)
        known = self._targets()
        relations = (
            self.tree(self._relations)
            if known
            else etree.fromstring(f'<Relationships xmlns="{_RELATIONS}"/>')
        )
        made = next(f"rIdDraft{n}" for n in range(1, len(known) + 2) if f"rIdDraft{n}" not in known)
        etree.SubElement(
            relations,
            f"{{{_RELATIONS}}}Relationship",
            Id=made,
            Type=f"{_R}/{kind}",
            Target=posixpath.basename(name),
        )
        self.put(self._relations, relations)
        return made


def _numbered(shape: int) -> etree._Element:
    """A list of one level: 1. 2. 3."""
    made = _element("w:abstractNum", abstractNumId=str(shape))
    _child(made, "w:multiLevelType", val="singleLevel")
    level = _child(made, "w:lvl", ilvl="0")
    _child(level, "w:start", val="1")
    _child(level, "w:numFmt", val="decimal")
    _child(level, "w:lvlText", val="%1.")
    _child(level, "w:lvlJc", val="left")
    _child(_child(level, "w:pPr"), "w:ind", left="425", hanging="425")
    return made


def _free(items: Iterable[etree._Element], attribute: str) -> int:
    """The next number after those that are taken."""
    return max((int(item.get(f"{{{_W}}}{attribute}", "0")) for item in items), default=0) + 1


def _is_on(element: etree._Element | None) -> bool:
    """Whether an on-off property is there and on (ECMA-376, ST_OnOff)."""
    return element is not None and element.get(f"{{{_W}}}val", "true") not in ("0", "false", "off")


def _element(tag: str, **attributes: str) -> etree._Element:
    made = etree.Element(f"{{{_W}}}{tag.removeprefix('w:')}", nsmap={"w": _W})
    for name, value in attributes.items():
        made.set(f"{{{_W}}}{name}", value)
    return made


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    made = _element(tag, **attributes)
    parent.append(made)
    return made
