"""A workbook as an Office package in memory: its parts, how they refer to each other, what type they are.

Takes bytes, gives a ``Package`` whose parts can be read, changed and added; gives bytes again. Parts that
are not changed stay as they are, to the byte. Design decision: XML level, not a workbook library, because
openpyxl drops what it does not model and refuses some files that Excel itself wrote (seen).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from plbuild import archive

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATION, _TYPES = f"{_PACKAGE}/relationships", f"{_PACKAGE}/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT = "http://purl.oclc.org/"
CONTENT_TYPES = "[Content_Types].xml"

# Real workbooks have some hundred kilobytes a part; a tree takes about ten times its part's size.
_MAX_TOTAL, _MAX_PARTS, _MAX_TREE = 100_000_000, 1_000, 10_000_000


class UnpatchableError(Exception):
    """The bytes are not a workbook into which anything can be written."""


DAMAGE = (
    UnpatchableError,
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    etree.XMLSyntaxError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    LookupError,
    ValueError,
    OverflowError,
)
"""What damaged, encrypted or hostile packages make Python's zipfile, lxml and this stage raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """That one part refers to another: its id, its kind ("comments"), the other part's name.

    ``part`` is empty where the target lies outside the package.
    """

    id: str
    kind: str
    part: str


def parsed(xml: bytes) -> etree._Element:
    """The tree of a part; entities and whatever lies outside are never resolved.

    Raises etree.XMLSyntaxError or UnpatchableError.
    """
    if len(xml) > _MAX_TREE:
        raise UnpatchableError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnpatchableError
    return root


def added(parent: etree._Element, xml: str) -> etree._Element:
    """The last child of ``parent``, made of ``xml`` in the parent's namespace (``r`` and ``v`` free)."""
    namespace = etree.QName(parent).namespace or ""
    links = _STRICT_OFFICE if namespace.startswith(_STRICT) else _OFFICE
    wrapped = f'<w xmlns="{namespace}" xmlns:r="{links}">{xml}</w>'
    (child,) = etree.fromstring(wrapped.encode(), etree.XMLParser(resolve_entities=False))
    parent.append(child)
    return child


def link_attribute(node: etree._Element) -> str:
    """The name of the attribute by which ``node`` names a relation of its part (``r:id``)."""
    namespace = etree.QName(node).namespace or ""
    return f"{{{_STRICT_OFFICE if namespace.startswith(_STRICT) else _OFFICE}}}id"


class Package:
    """The parts of a workbook, to be changed in place and packed again."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        """A package of ``members``. Raises one of ``DAMAGE``."""
        self._members = dict(members)
        self._trees: dict[str, etree._Element] = {}
        self._changed: set[str] = set()
        _refuse_damage(self._members)
        books = [item.part for item in self.relations("") if item.kind == "officeDocument"]
        if not books or etree.QName(self.tree(books[0])).localname != "workbook":
            raise UnpatchableError
        self.workbook = books[0]

    def __contains__(self, part: object) -> bool:
        return part in self._members

    def parts(self, ending: str) -> list[str]:
        """The names of the parts that end so, in the order of the package."""
        return [name for name in self._members if name.casefold().endswith(ending)]

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises KeyError."""
        if part in self._changed:
            self._members[part] = _written(self._trees[part])
        return self._members[part]

    def tree(self, part: str) -> etree._Element:
        """The tree of a part, to be looked at. Raises one of ``DAMAGE``."""
        if part not in self._trees:
            self._trees[part] = parsed(self._members[part])
        return self._trees[part]

    def change(self, part: str) -> etree._Element:
        """The tree of a part, to be changed. Raises one of ``DAMAGE``."""
        tree = self.tree(part)
        self._changed.add(part)
        return tree

    def write(self, part: str, content: bytes) -> None:
        """Put a part in, or in the place of the one of that name."""
        self._trees.pop(part, None)
        self._changed.discard(part)
        self._members[part] = content

    def free_name(self, start: str, ending: str) -> str:
        """The first of ``start1ending``, ``start2ending`` … that no part has."""
        taken = {name.casefold() for name in self._members}
        number = 1
        while f"{start}{number}{ending}".casefold() in taken:
            number += 1
        return f"{start}{number}{ending}"

    def packed(self) -> bytes:
        """The package as bytes that depend on its content alone."""
        return archive.pack({name: self.read(name) for name in self._members})

    # ------------------------------------------------------------------ relations and content types

    def relations(self, part: str) -> list[Relation]:
        """What ``part`` (the empty name: the package itself) refers to."""
        home = _relations_part(part)
        if home not in self._members:
            return []
        return [_relation(part, node) for node in self.tree(home).iterfind(f"{{{_RELATION}}}Relationship")]

    def related(self, part: str, kind: str) -> str:
        """The first part of a kind that ``part`` refers to, empty where there is none."""
        found = (item.part for item in self.relations(part) if item.kind == kind and item.part)
        return next((name for name in found if name in self._members), "")

    def add_part(self, part: str, content: bytes, content_type: str, *, of: str, kind: str) -> str:
        """Put a new part in, of which ``of`` says that it is of its kind; returns the relation's id."""
        self.write(part, content)
        types = self.change(CONTENT_TYPES)
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", {"PartName": f"/{part}", "ContentType": content_type}
        )
        home = _relations_part(of)
        if home not in self._members:
            self.write(home, f'<Relationships xmlns="{_RELATION}"/>'.encode())
        strict = (etree.QName(self.tree(self.workbook)).namespace or "").startswith(_STRICT)
        tree = self.change(home)
        relation_id = _free_id({node.get("Id", "") for node in tree})
        kind = f"{_STRICT_OFFICE if strict else _OFFICE}/{kind}"
        values = {"Id": relation_id, "Type": kind, "Target": f"/{part}"}
        etree.SubElement(tree, f"{{{_RELATION}}}Relationship", values)
        return relation_id

    def drop_part(self, part: str, *, of: str) -> None:
        """Take a part out, with what only it refers to, and with the reference of ``of`` to it."""
        home = self.change(_relations_part(of))
        for node in home.findall(f"{{{_RELATION}}}Relationship"):
            if _relation(of, node).part == part:
                home.remove(node)
        if len(home) == 0:
            self._forget(_relations_part(of))
        if self._is_related(part):
            return
        inner = [item.part for item in self.relations(part) if item.part in self._members]
        for name in inner:
            if _relations_part(part) in self._members:
                self.drop_part(name, of=part)
        self._forget(part)

    def _is_related(self, part: str) -> bool:
        homes = [name for name in self._members if name.endswith(".rels")]
        return any(item.part == part for home in homes for item in self.relations(_owner(home)))

    def _forget(self, part: str) -> None:
        self._members.pop(part, None)
        self._trees.pop(part, None)
        self._changed.discard(part)
        types = self.change(CONTENT_TYPES)
        for node in types.findall(f"{{{_TYPES}}}Override"):
            if node.get("PartName") == f"/{part}":
                types.remove(node)

    def content_type(self, part: str) -> str:
        """What the package says that a part is, empty where it says so only of its ending."""
        for node in self.tree(CONTENT_TYPES).iterfind(f"{{{_TYPES}}}Override"):
            if node.get("PartName", "").casefold() == f"/{part}".casefold():
                return node.get("ContentType", "")
        return ""


def opened(data: bytes) -> Package:
    """The package in ``data``. Raises one of ``DAMAGE``."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        infos = package.infolist()
        if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > _MAX_TOTAL:
            raise UnpatchableError
    return Package(archive.read(data))


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _refuse_damage(members: Mapping[str, bytes]) -> None:
    """Raises where a part of the workbook is not sound XML: Excel would not open the copy either."""
    if CONTENT_TYPES not in members:
        raise UnpatchableError
    for name, content in members.items():
        if name.endswith((".xml", ".rels")) and not name.startswith("customXml/"):
            judge = expat.ParserCreate()
            judge.StartDoctypeDeclHandler = _refuse_doctype
            judge.Parse(content, True)


def _refuse_doctype(*_: object) -> None:
    raise UnpatchableError


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _owner(relations_part: str) -> str:
    folder, name = posixpath.split(relations_part)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _relation(part: str, node: etree._Element) -> Relation:
    target = node.get("Target", "")
    if target.startswith("/"):
        name = posixpath.normpath(target.lstrip("/"))
    else:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
    if node.get("TargetMode") == "External":
        name = ""
    return Relation(id=node.get("Id", ""), kind=node.get("Type", "").rpartition("/")[2], part=name)


def _free_id(taken: set[str]) -> str:
    number = 1
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"
