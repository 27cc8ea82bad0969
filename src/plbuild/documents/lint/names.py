"""Whether every name in a part's tags is there, and which fields of the plan its tags show.

Takes tags, blocks and the sample context, returns faults; notes in ``Shown`` what is shown. Design
decision: tags are followed one by one with the loops that are open, so that a broken block elsewhere
does not silence what is wrong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import jinja2
from jinja2 import nodes

from plbuild.documents.faults import TemplatePlace
from plbuild.documents.lint.blocks import Block
from plbuild.documents.lint.found import Found
from plbuild.documents.lint.sample import OPEN
from plbuild.documents.lint.shapes import ANY, Known, Reader, elements, path, words_of
from plbuild.documents.lint.tags import Tag
from plbuild.model import PlanSpec, View

_NAMES = re.compile(r"[A-Za-z_]\w*")


class Shown:
    """Which fields of a plan the tags of a template show."""

    def __init__(self, plan: PlanSpec, context: Mapping[str, object]) -> None:
        self._plan = plan
        self._views = context.get("views")
        self._sections = {
            id(row): part.name for part in plan.sections for row in _rows(context.get(part.name))
        }
        self._seen: set[tuple[str, str]] = set()

    def note(self, item: object, name: str) -> None:
        """A tag shows what stands under ``name`` of a sample."""
        section = self._sections.get(id(item), "")
        if section:
            self._seen.add((section, name))
            self._back(section, name)
        elif item is self._views:
            for view in self._plan.views:
                if view.name == name:
                    self._seen |= _of_view(view)

    def _back(self, section: str, name: str) -> None:
        """Rows shown under the row that they refer to: their reference is shown by where they stand."""
        for part in self._plan.sections:
            if part.name == name:
                self._seen |= {(name, item.name) for item in part.fields if section in item.refs}

    def missing(self) -> Iterator[Found]:
        """A fault for each field that no tag shows."""
        for part in self._plan.sections:
            for item in part.fields:
                if (part.name, item.name) not in self._seen:
                    words = {"name": f"{part.name}.{item.name}", "section": part.title, "label": item.label}
                    yield Found(code="field-not-shown", place=TemplatePlace(), words=words)


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _of_view(view: View) -> set[tuple[str, str]]:
    """The fields that a view's entries name; a calendar only marks months."""
    keys = {"totals": ("by", "sum"), "coverage": ("fields",)}.get(view.kind, ())
    values = [view.options[key] for key in keys]
    names = [name for value in values for name in ((value,) if isinstance(value, str) else value)]
    return {(view.section, name) for name in names}


def check(
    tags: Sequence[Tag], blocks: Sequence[Block], context: Mapping[str, object],
    shown: Shown, jinja: jinja2.Environment,
) -> Iterator[Found]:  # fmt: skip
    """A fault for each wrong name in the tags of a part."""
    faults: list[Found] = []
    here: list[Tag] = []

    def tell(code: str, **words: str) -> None:
        fault = Found(code=code, place=here[-1].paragraph.place, tag=here[-1].text, words=words)
        if fault not in faults[-8:]:  # one tag may name the same thing twice
            faults.append(fault)

    reader = Reader(jinja, tell, shown.note)
    reader.push({name: (value,) for name, value in context.items()} | dict.fromkeys(OPEN, ANY))
    ends = {block.closer: block for block in blocks}
    scopes: dict[Tag, dict[str, Known]] = {}
    for tag in tags:
        here.append(tag)
        if tag in ends and (scope := scopes.get(ends[tag].opener)) is not None:
            reader.drop(scope)
        elif tag.node is None and tag.opens() == "for":
            # What it repeats cannot be read; its names are taken as they come.
            scopes[tag] = reader.push(dict.fromkeys((*_NAMES.findall(tag.body), "loop"), ANY))
        elif tag.node is not None:
            for node in tag.node.body:
                names = _read(reader, node, tag)
                if names is not None:
                    scopes[tag] = reader.push(names)
    yield from faults


def _read(reader: Reader, node: nodes.Node, tag: Tag) -> dict[str, Known] | None:
    """Follow one tag; the names of the scope that it opens, None where it opens none."""
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            if not isinstance(part, nodes.TemplateData):
                _printed(reader, part, reader.read(part), tag)
    elif isinstance(node, nodes.For):
        return _loop(reader, node, tag)
    elif isinstance(node, nodes.If):
        with reader.judging():
            for test in (node.test, *(other.test for other in node.elif_)):
                reader.read(test)
    elif isinstance(node, nodes.Assign):
        reader.assign(node.target, reader.read(node.node))
    elif isinstance(node, nodes.AssignBlock):
        reader.assign(node.target, ANY)
    elif isinstance(node, nodes.Macro):
        reader.assign(nodes.Name(node.name, "store"), ANY)
        own = (argument.name for argument in node.args)
        return dict.fromkeys((*own, "varargs", "kwargs"), ANY)
    elif isinstance(node, nodes.With):
        values = [reader.read(value) for value in node.values]
        names: dict[str, Known] = {}
        for target, value in zip(node.targets, values, strict=True):
            names |= reader.bound(target, value)
        return names
    else:
        reader.read(node)
    return None


def _loop(reader: Reader, node: nodes.For, tag: Tag) -> dict[str, Known]:
    known = reader.read(node.iter)
    if known and not any(isinstance(item, list) for item in known):
        if all(isinstance(item, str | Mapping) for item in known):
            reader.fault("not-a-list", name=path(node.iter))
        known = ANY
    names = {"loop": ANY} | reader.bound(node.target, elements(known))
    if node.test is not None:
        scope = reader.push(names)
        with reader.judging():
            reader.read(node.test)
        reader.drop(scope)
    return names


def _printed(reader: Reader, node: nodes.Node, known: Known, tag: Tag) -> None:
    """Tells what cannot be printed."""
    if not known or tag.word in ("vm", "hm"):
        return
    if all(isinstance(item, list) for item in known):
        reader.fault("list-printed", name=path(node))
    elif all(isinstance(item, Mapping) and not words_of(item) for item in known):
        names = [name for item in known if isinstance(item, Mapping) for name in item if name != "id"]
        reader.fault("row-printed", name=path(node), field=names[0] if names else "name")
