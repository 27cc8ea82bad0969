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

Path = tuple[str | int, ...]

# The same in C, where PyYAML was built with it: a tenth of the time.
_QUICK: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read(file: str, text: str) -> Source:
    """The YAML ``text`` of ``file``. Raises SpecError where it is not YAML or names a key twice."""
    try:
        node, content = _parsed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise SpecError((f"{file}, line {line}: not valid YAML: {error.problem}.",)) from None
    except yaml.YAMLError as error:
        raise SpecError((f"{file}: not valid YAML: {error}.",)) from None
    lines: dict[Path, int] = {}
    twice: list[str] = []
    for path, line, repeated in _walk(node, ()):
        lines.setdefault(path, line)
        if repeated:
            twice.append(f"{file}, line {line}, {dotted(path)}: this key stands here twice.")
    if twice:
        raise SpecError(tuple(twice))
    return Source(file=file, content=content, lines=lines)


def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes and the values; what is wrong is said in the words of the parser in Python."""
    try:
        return yaml.compose(text, Loader=_QUICK), yaml.load(text, Loader=_QUICK)  # noqa: S506  a safe one
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)


def _walk(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int, bool]]:
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
