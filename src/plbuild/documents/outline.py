"""The outline language: what stands in a starter template, in YAML, without a word of Python.

Takes an outline's text and the spec, returns blocks of lines, tables and groups for ``starter``. Raises
TemplateError with every problem at its path. Design decision: an outline writes tags as a template
holds them, and takes its words (``<needs>``, ``<needs.finding>``) from the spec's titles and labels, so
that a field is worded once.

Blocks: ``title``, ``subtitle``, ``h1`` … ``h4``, ``text`` and ``bullet`` are one paragraph each (with
``style``, ``when``, ``each`` and ``new_page``); ``facts`` are labels with their answers, in a ``style``;
``answers`` are headings with their answers; ``table`` has ``columns``; ``each`` and ``when`` repeat or
allow what stands under ``do``. A list stands for its blocks, so that YAML's anchors can name and reuse them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from plbuild.model import Field, PlanSpec, Section, Spec, TemplateError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph; ``**bold**`` and tags stand in its text. Repeated or allowed by a tag around it."""

    text: str
    style: str = ""
    when: str = ""
    each: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; ``repeat`` makes several of it, numbered ``<n>`` from 0 in its texts."""

    head: str
    lines: tuple[Line, ...]
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns repeated for the rows of nested loops, with an optional last row.

    ``width`` is a share of the text's width, ``height`` a least height of the rows in inches; ``together``
    keeps a short table on one page.
    """

    each: tuple[str, ...]
    columns: tuple[Column, ...]
    total: tuple[str, ...] = ()
    width: float = 1.0
    height: float = 0.0
    together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks between an opening tag and its closing one."""

    opening: str
    closing: str
    blocks: tuple[Block, ...]


Block = Line | Table | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A whole template: document properties, running header and footer, body."""

    properties: Mapping[str, str]
    header: str
    footer: str
    body: tuple[Block, ...]


_STYLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "text": "Normal",
    "bullet": "List Bullet",
    **{f"h{level}": f"Heading {level}" for level in range(1, 5)},
}
_LABEL = re.compile(r"<([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)>")


def read(spec: Spec, plan: PlanSpec, text: str) -> Outline:
    """The outline in ``text``, its words filled in from the spec of ``plan``."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TemplateError((f"The outline is not YAML: {error}",)) from error
    reader = _Reader(spec=spec, plan=plan)
    if not isinstance(content, dict) or "body" not in content:
        raise TemplateError(("The outline has no body.",))
    outline = Outline(
        properties={
            name: reader.words(str(value), f"properties.{name}")
            for name, value in content.get("properties", {}).items()
        },
        header=reader.words(str(content.get("header", "")), "header"),
        footer=reader.words(str(content.get("footer", "")), "footer"),
        body=tuple(reader.blocks(content["body"], "body", {})),
    )
    if reader.problems:
        raise TemplateError(tuple(reader.problems))
    return outline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads blocks and collects problems; a scope names the section that each loop's word runs over."""

    spec: Spec
    plan: PlanSpec
    problems: list[str] = field(default_factory=list)

    def blocks(self, items: Any, path: str, scope: Mapping[str, str]) -> Iterator[Block]:
        for number, item in enumerate(items if isinstance(items, list) else [items]):
            place = f"{path}[{number}]"
            if isinstance(item, list):
                yield from self.blocks(item, place, scope)
            elif isinstance(item, dict):
                yield from self._block(item, place, scope)
            else:
                self._problem(place, f"{item!r} is not a block.")

    def _block(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> Iterator[Block]:
        style = next((name for name in _STYLES if name in item), "")
        if style:
            if self._keys(item, path, {style, "style", "when", "each", "new_page"}):
                yield self._line({**item, "text": item[style]}, path, _STYLES[style])
        elif "facts" in item:
            if self._keys(item, path, {"facts", "style"}):
                style = str(item.get("style", "Fact"))
                yield from self._facts(item["facts"], f"{path}.facts", scope, style)
        elif "answers" in item:
            yield from self._answers(item, path, scope)
        elif "table" in item:
            yield from self._table(item, path, scope)
        elif "do" in item:
            yield from self._group(item, path, scope)
        else:
            self._problem(path, f"{', '.join(map(str, item))}: there is no such block.")

    def _group(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> Iterator[Block]:
        if not self._keys(item, path, {"each", "when", "do"}):
            return
        inner, word = dict(scope), "if"
        test = str(item.get("when", ""))
        if "each" in item:
            test, word = str(item["each"]), "for"
            inner |= self._scope(test)
        blocks = tuple(self.blocks(item["do"], f"{path}.do", inner))
        yield Group(opening=f"{word} {test}", closing=f"end{word}", blocks=blocks)

    def _line(self, item: Any, path: str, style: str) -> Line:
        entry = item if isinstance(item, dict) else {"text": item}
        return Line(
            text=self.words(str(entry.get("text", "")), path),
            style=str(entry.get("style", style)),
            when=str(entry.get("when", "")),
            each=str(entry.get("each", "")),
            new_page=bool(entry.get("new_page", False)),
        )

    def _facts(self, items: Any, path: str, scope: Mapping[str, str], style: str) -> Iterator[Block]:
        for number, item in enumerate(items):
            place = f"{path}[{number}]"
            if self._keys(item, place, {"field", "label", "text", "when"}):
                line = self._line(self._with_field(item, place, scope), place, style)
                label = self.words(str(item.get("label", self._label(item, place, scope))), place)
                yield replace(line, text=f"**{label}**\t{line.text}")

    def _answers(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> Iterator[Block]:
        heading = f"Heading {item.get('level', 2)}"
        for number, name in enumerate(item["answers"]):
            place = f"{path}.answers[{number}]"
            entry = self._with_field({"field": name}, place, scope)
            pair = (
                Line(text=self._label(entry, place, scope), style=heading),
                Line(text=entry["text"], style="Normal"),
            )
            when = entry.get("when", "")
            yield from [Group(opening=f"if {when}", closing="endif", blocks=pair)] if when else pair

    def _table(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> Iterator[Block]:
        if not self._keys(item, path, {"table", "columns", "total", "width", "height", "together"}):
            return
        loops = item["table"] if isinstance(item["table"], list) else [item["table"]]
        inner = dict(scope)
        for loop in loops:
            inner |= self._scope(str(loop))
        columns: list[Column] = []
        for number, entry in enumerate(item["columns"]):
            columns += self._columns(entry, f"{path}.columns[{number}]", inner)
        total = tuple(self.words(str(text), f"{path}.total") for text in item.get("total", ()))
        if total and len(total) != len(columns):
            self._problem(f"{path}.total", f"{len(total)} texts for {len(columns)} columns.")
        yield Table(
            each=tuple(str(loop) for loop in loops),
            columns=tuple(columns),
            total=total,
            width=float(item.get("width", 1)),
            height=float(item.get("height", 0)),
            together=bool(item.get("together", False)),
        )

    def _columns(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> Iterator[Column]:
        if not self._keys(item, path, {"field", "head", "cell", "width", "align", "repeat", "style"}):
            return
        head = str(item.get("head", self._label(item, path, scope)))
        entry = item.get("cell", f"{{{{ {item.get('field', '')} }}}}")
        entries = entry if isinstance(entry, list) else [entry]
        first = str(item.get("style", ""))
        lines = tuple(self._line(text, path, "Detail" if at else first) for at, text in enumerate(entries))
        if lines[0].when or lines[0].each:
            self._problem(path, "the first line of a cell cannot depend on anything: Word wants one.")
        column = Column(
            head=self.words(head, path),
            lines=lines,
            width=float(item.get("width", 1)),
            align=str(item.get("align", self._align(item, scope))),
        )
        yield from _repeated(column, int(item.get("repeat", 0)))

    def _with_field(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> dict[str, Any]:
        """A fact with the tag of its field; what need not be answered is shown only where it was."""
        if "field" not in item:
            return item
        found = self._find(str(item["field"]), scope)
        tag = item["field"]
        when = "" if found and isinstance(found[1], Field) and found[1].required else tag
        return {"when": when, "text": f"{{{{ {tag} }}}}", **item}

    def _label(self, item: dict[str, Any], path: str, scope: Mapping[str, str]) -> str:
        if "field" not in item:
            return ""
        found = self._find(str(item["field"]), scope)
        if not found or not found[1]:
            self._problem(path, f"there is no field {item['field']}.")
            return ""
        return found[1].label

    def _align(self, item: dict[str, Any], scope: Mapping[str, str]) -> str:
        found = self._find(str(item.get("field", "")), scope)
        return "right" if found and found[1] and found[1].is_number else "left"

    def _find(self, path: str, scope: Mapping[str, str]) -> tuple[Section, Field | None] | None:
        """The section and field of ``goal.measure``, ``goals.measure`` or ``other_plan.goals.measure``."""
        head, *rest = path.split(".")
        try:
            plan = self.spec.plan(head) if len(rest) == 2 else self.plan
            names = rest if len(rest) == 2 else [scope.get(head, head), *rest]
            section = plan.section(names[0])
            return section, section.field(names[1]) if len(names) == 2 else None
        except KeyError:
            return None

    def words(self, text: str, path: str) -> str:
        """``text`` with every ``<section>`` and ``<section.field>`` as the spec words it."""

        def worded(match: re.Match[str]) -> str:
            found = self._find(match.group(1), {})
            if match.group(1) == "n":
                return match.group()
            if not found:
                self._problem(path, f"there is no section or field {match.group()}.")
                return ""
            return found[1].label if found[1] else found[0].title

        return _LABEL.sub(worded, text)

    def _scope(self, loop: str) -> dict[str, str]:
        """The word of a loop with the section that it runs over: the last one that the loop names."""
        word, _, over = loop.partition(" in ")
        known = {part.name for part in self.plan.sections}
        named = [name for name in re.findall(r"\w+", over) if name in known]
        return {word.strip(): named[-1]} if named else {}

    def _keys(self, item: Any, path: str, known: set[str]) -> bool:
        unknown = [str(name) for name in item if name not in known] if isinstance(item, dict) else [item]
        if unknown:
            self._problem(path, f"{', '.join(map(str, unknown))}: not known here.")
        return not unknown

    def _problem(self, path: str, text: str) -> None:
        self.problems.append(f"Outline, {path}: {text}")


def _repeated(column: Column, times: int) -> Iterator[Column]:
    if not times:
        yield column
    for number in range(times):
        yield replace(
            column,
            head=column.head.replace("<n>", str(number)),
            lines=tuple(replace(line, text=line.text.replace("<n>", str(number))) for line in column.lines),
        )
