"""YAML text as plain values that remember their lines.

Takes text, returns a ``Source``; a problem is said with file, line and path. Design decision: PyYAML's
node tree is walked once, so that the plain values stay plain and the lines stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from plbuild.model import SpecError
from plbuild.spec.mistyped import told

Path = tuple[str | int, ...]
# A path, its line, and whether the key at its end stands there already.
_Step = tuple[Path, int, bool]

# The same in C, where PyYAML was built with it: a tenth of the time.
_QUICK: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATE, _NULL = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A YAML file: its name, its plain content, and the line on which each path stands."""

    file: str
    content: Any
    lines: Mapping[Path, int]

    def problem(self, path: Path, text: str) -> str:
        """The sentence for a problem at ``path``; the nearest known line is named."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, 1)
        return f"{self.file}, line {line}, {dotted(path) or 'top level'}: {text}"


def dotted(path: Path) -> str:
    """``('sections', 0, 'name')`` as ``sections[0].name``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def read(file: str, text: str, *, as_typed: bool = False) -> Source:
    """The YAML ``text`` of ``file``. Raises SpecError where it is not YAML or names a key twice.

    ``as_typed``: all values but dates are the texts that were typed, so that an id without quotation marks
    keeps its leading zeros.
    """
    try:
        walked, content = _parsed(text, as_typed=as_typed)
    except yaml.YAMLError as error:
        line, words = told(text, error)
        raise SpecError((f"{file}, line {line}: {words}",)) from None
    except (RecursionError, ValueError):
        words = (
            "not valid YAML: it is nested without end, or a value is not what the tag (!!) before it says."
        )
        raise SpecError((f"{file}: {words}",)) from None
    lines: dict[Path, int] = {}
    twice: list[str] = []
    for path, line, repeated in walked:
        lines.setdefault(path, line)
        if repeated:
            twice.append(f"{file}, line {line}, {dotted(path)}: this key stands here twice.")
    if twice:
        raise SpecError(tuple(twice))
    return Source(file=file, content=content, lines=lines)


def _parsed(text: str, *, as_typed: bool) -> tuple[list[_Step], Any]:
    """The paths with their lines, and the values; errors are in the words of the parser in Python."""
    try:
        return _loaded(text, _QUICK_LOADERS[as_typed])
    except yaml.YAMLError:
        return _loaded(text, _LOADERS[as_typed])


def _loaded(text: str, loader: type[yaml.SafeLoader]) -> tuple[list[_Step], Any]:
    """The same by one parser; its nodes are gone over first, because what makes values alters them."""
    source = loader(text)
    try:
        node = source.get_single_node()
        return list(_walk(node, ())), None if node is None else source.construct_document(node)
    finally:
        source.dispose()


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """A date; 2026-13-16, which looks like one and is none, stays a text, for the shape to complain of."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


def _both(base: type[yaml.SafeLoader]) -> tuple[type[yaml.SafeLoader], type[yaml.SafeLoader]]:
    """Two loaders out of one: what gives values their types, and what takes them as they were typed."""
    usual: type[yaml.SafeLoader] = type("Usual", (base,), {})
    usual.add_constructor(_DATE, _day)
    kept = {
        first: [rule for rule in rules if rule[0] in (_DATE, _NULL)]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    return usual, type("AsTyped", (usual,), {"yaml_implicit_resolvers": kept})


_QUICK_LOADERS, _LOADERS = _both(_QUICK), _both(yaml.SafeLoader)


def _walk(node: yaml.Node | None, path: Path) -> Iterator[_Step]:
    if node is None:
        return
    yield path, node.start_mark.line + 1, False
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            yield (*path, name), key.start_mark.line + 1, name in seen
            seen.add(name)
            yield from _walk(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*path, index))
