"""What an expression of a tag may give, and which names in it there are not.

Takes expressions of Jinja and the sample context, returns samples of their values; collects faults.
Design decision: a value is known by samples of it (``Known``): what the sample context holds there. No
sample means that nothing is known of it and anything goes, so that a fault told is one in fact.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import jinja2
from jinja2 import nodes

from plbuild.documents.filters import FILTERS
from plbuild.documents.rows import Row
from plbuild.documents.text import Text

Known = tuple[object, ...]
"""Samples of a value; none of them: anything goes."""

Tell = Callable[..., None]
"""Takes a code and the words of its sentences."""

ANY: Known = ()
TEXT: Known = (Text("text"),)
_NUMBER: Known = (0,)

_SAME = {"list", "sort", "unique", "reverse", "select", "reject", "selectattr", "rejectattr", "filled"}
_OF_LISTS = {"total", "gather", "tally", "counted", "grouped", "join", "map", "selectattr", "rejectattr",
             "groupby", "sum"}  # fmt: skip
_TEXTS = {"brief", "counted", "in_unit", "join", "lower", "upper", "title", "capitalize", "replace",
          "tally", "total", "trim", "string", "format", "truncate", "striptags"}  # fmt: skip
_NUMBERS = {"length", "count", "sum", "int", "float", "round", "abs", "wordcount"}
_FIRST_IS_FIELD = {"total", "gather", "tally", "grouped", "groupby", "selectattr", "rejectattr"}
_FIELD_BY_NAME = {"map", "sort", "sum", "unique", "join", "max", "min"}


class Reader:
    """Evaluates expressions over samples; tells what is not there, and notes what is shown."""

    def __init__(self, jinja: jinja2.Environment, tell: Tell, shown: Callable[[object, str], None]) -> None:
        self._jinja, self._tell, self._shown = jinja, tell, shown
        self._quiet = 0
        self._judging = 0
        self._scopes: list[dict[str, Known]] = []

    # ------------------------------------------------------------------------------------ scopes

    def push(self, names: Mapping[str, Known]) -> dict[str, Known]:
        """Open a scope, such as that of a loop."""
        scope = dict(names)
        self._scopes.append(scope)
        return scope

    def drop(self, scope: dict[str, Known]) -> None:
        """Close a scope that ``push`` gave."""
        self._scopes = [other for other in self._scopes if other is not scope]

    def assign(self, target: nodes.Node, value: Known) -> None:
        """Give names in the innermost scope their values."""
        self._scopes[-1].update(self.bound(target, value))

    def bound(self, target: nodes.Node, value: Known) -> dict[str, Known]:
        """The names that a target takes; of several at once nothing is known."""
        if isinstance(target, nodes.Name):
            return {target.name: value}
        return {name.name: ANY for name in target.find_all(nodes.Name)}

    @contextmanager
    def judging(self) -> Iterator[None]:
        """While a condition is read: what it names is not shown by it."""
        self._judging += 1
        yield
        self._judging -= 1

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        self._quiet += 1
        yield
        self._quiet -= 1

    def fault(self, code: str, **words: str) -> None:
        """Tell a fault at the tag that is being read."""
        if not self._quiet:
            self._tell(code, **words)

    # ------------------------------------------------------------------------------- expressions

    def read(self, node: nodes.Node | None) -> Known:
        """Samples of what an expression gives."""
        if node is None:
            return ANY
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            for child in node.iter_child_nodes():
                self.read(child)
            return ANY
        result: Known = method(node)
        return result

    def _const(self, node: nodes.Const) -> Known:
        return (Text(node.value),) if isinstance(node.value, str) else (node.value,)

    def _name(self, node: nodes.Name) -> Known:
        for scope in reversed(self._scopes):
            if node.name in scope:
                return scope[node.name]
        if node.name in self._jinja.globals or node.name == "caller":
            return ANY
        names = {name for scope in self._scopes for name in scope}
        self.fault("name-unknown", name=node.name, nearest=nearest(node.name, names))
        return ANY

    def _getattr(self, node: nodes.Getattr) -> Known:
        return self.field(self.read(node.node), node.attr, path(node.node))

    def _getitem(self, node: nodes.Getitem) -> Known:
        known = self.read(node.node)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self.field(known, node.arg.value, path(node.node))
        self.read(node.arg)
        if isinstance(node.arg, nodes.Slice):
            return known
        if all(isinstance(item, list) for item in known):
            return elements(known)
        if known and all(isinstance(item, Mapping) for item in known):
            return self._all_fields(known)
        return TEXT if known and all(isinstance(item, str) for item in known) else ANY

    def _all_fields(self, known: Known) -> Known:
        """A field that is chosen as the document is made: it may be any."""
        for item in known:
            for name in item if isinstance(item, Mapping) else ():
                self._note(item, name)
        return ANY

    def _call(self, node: nodes.Call) -> Known:
        for argument in (*node.args, *node.kwargs):
            self.read(argument.value if isinstance(argument, nodes.Keyword) else argument)
        self.read(node.node)
        if isinstance(node.node, nodes.Getattr) and node.node.attr in ("items", "values"):
            self._all_fields(self.read(node.node.node))
        return ANY

    def _test(self, node: nodes.Test) -> Known:
        if node.name not in self._jinja.tests:
            words = {"name": node.name, "nearest": nearest(node.name, self._jinja.tests)}
            self.fault("test-unknown", **words)
        with self.judging():
            if node.name in ("defined", "undefined"):
                with self._quietly():
                    self.read(node.node)
            else:
                self.read(node.node)
            for argument in node.args:
                self.read(argument)
        return (True,)

    def _compare(self, node: nodes.Compare) -> Known:
        with self.judging():
            for part in (node.expr, *(operand.expr for operand in node.ops)):
                self.read(part)
        return (True,)

    def _not(self, node: nodes.Not) -> Known:
        with self.judging():
            self.read(node.node)
        return (True,)

    def _condexpr(self, node: nodes.CondExpr) -> Known:
        with self.judging():
            self.read(node.test)
        return _either(self.read(node.expr1), self.read(node.expr2) if node.expr2 else TEXT)

    def _or(self, node: nodes.Or) -> Known:
        return _either(self.read(node.left), self.read(node.right))

    def _and(self, node: nodes.And) -> Known:
        return _either(self.read(node.left), self.read(node.right))

    def _add(self, node: nodes.Add) -> Known:
        left, right = self.read(node.left), self.read(node.right)
        both = left and right and all(isinstance(item, list) for item in (*left, *right))
        return (*left, *right) if both else ANY

    def _concat(self, node: nodes.Concat) -> Known:
        for part in node.nodes:
            self.read(part)
        return TEXT

    def _list(self, node: nodes.List) -> Known:
        return ([sample for item in node.items for sample in self.read(item)],)

    # ------------------------------------------------------------------------------------ fields

    def field(self, known: Known, name: str, of: str) -> Known:
        """What stands under a name of a value; tells where there is no such name."""
        found: list[object] = []
        open_end = False
        there = not known
        for item in known:
            if isinstance(item, Mapping) and name in item:
                there = True
                self._note(item, name)
                found.append(item[name])
            elif isinstance(item, Mapping):
                open_end = open_end or hasattr(dict, name)
            elif not isinstance(item, list):
                open_end = open_end or not isinstance(item, str) or hasattr(item, name)
        if not there and not open_end:
            self._missing(known, name, of)
        return ANY if open_end else tuple(found)

    def _note(self, item: object, name: str) -> None:
        if not self._judging:
            self._shown(item, name)

    def _missing(self, known: Known, name: str, of: str) -> None:
        if all(isinstance(item, list) for item in known):
            inside = {field for item in elements(known) if isinstance(item, Mapping) for field in item}
            self.fault("list-without-loop", name=name, of=of, nearest=nearest(name, inside) or name)
            return
        names = {field for item in known if isinstance(item, Mapping) for field in item}
        self.fault("field-unknown", name=name, of=of, nearest=nearest(name, names))

    def along(self, known: Known, dotted: object, of: str) -> Known:
        """What stands under ``a.b`` of a value."""
        for name in str(dotted).split("."):
            known = self.field(known, name, of)
        return known

    # ----------------------------------------------------------------------------------- filters

    def _filter(self, node: nodes.Filter) -> Known:
        if node.name in ("default", "d"):
            with self._quietly():
                known = self.read(node.node)
            return _either(known, self.read(node.args[0]) if node.args else TEXT)
        known = self.read(node.node)
        if node.name not in self._jinja.filters:
            words = {"name": node.name, "nearest": nearest(node.name, self._jinja.filters)}
            self.fault("filter-unknown", **words)
            return ANY
        arguments = [self.read(argument) for argument in node.args]
        named = {
            str(item.key): self.read(item.value) for item in node.kwargs if isinstance(item, nodes.Keyword)
        }
        if not self._takes(node, arguments, named):
            return ANY
        if node.name in _OF_LISTS and known and not any(isinstance(item, list) for item in known):
            if all(isinstance(item, str | Mapping) for item in known):
                self.fault("not-a-list", name=path(node.node))
            return ANY
        return self._filtered(node, known, named)

    def _takes(self, node: nodes.Filter, arguments: list[Known], named: Mapping[str, Known]) -> bool:
        """Whether a filter of ours gets what it needs."""
        if node.name not in FILTERS or node.dyn_args or node.dyn_kwargs:
            return True
        try:
            inspect.signature(FILTERS[node.name]).bind(None, *arguments, **named)
        except TypeError:
            self.fault("filter-arguments", name=node.name)
            return False
        return True

    def _filtered(self, node: nodes.Filter, known: Known, named: Mapping[str, Known]) -> Known:
        under = self._under(node, known, named)
        name = node.name
        if name == "map":
            return (list(under),) if under else ANY
        if name == "gather":
            inside = elements(under)
            if under and all(isinstance(item, str) for item in under):
                self.fault("not-a-list", name=_first(node))
            return (list(inside),) if inside else ANY
        if name == "grouped":
            return ([{"name": Text("name"), "rows": list(elements(known))}],)
        if name in _SAME or name in ("safe", "e", "escape"):
            return known
        if name in ("first", "last", "random", "max", "min"):
            return elements(known)
        return TEXT if name in _TEXTS else _NUMBER if name in _NUMBERS else ANY

    def _under(self, node: nodes.Filter, known: Known, named: Mapping[str, Known]) -> Known:
        """What stands under the field that a filter is told by name, if it is told one."""
        row = elements(known)
        name = _first(node) if node.name in _FIRST_IS_FIELD else ""
        if not name and node.name in _FIELD_BY_NAME and named.get("attribute"):
            name = str(named["attribute"][0])
        if not name:
            if node.name == "map" and _first(node) and _first(node) not in self._jinja.filters:
                close = nearest(_first(node), self._jinja.filters)
                self.fault("filter-unknown", name=_first(node), nearest=close)
            return ANY
        if node.name in ("selectattr", "rejectattr"):
            with self.judging():
                return self.along(row, name, path(node.node))
        return self.along(row, name, path(node.node))


def _first(node: nodes.Filter) -> str:
    """The first argument of a filter, where it is a text."""
    first = node.args[0] if node.args else None
    return str(first.value) if isinstance(first, nodes.Const) else ""


def _either(first: Known, second: Known) -> Known:
    return (*first, *second) if first and second else ANY


def elements(known: Known) -> Known:
    """Samples of what the lists hold; nothing is known of what any other value gives one by one."""
    return tuple(entry for item in known if isinstance(item, list) for entry in item)


def path(node: nodes.Node | None) -> str:
    """An expression as a person would name it: ``goal.need``."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{path(node.node)}.{node.attr}"
    if isinstance(node, nodes.Filter | nodes.Getitem | nodes.Call):
        return path(node.node)
    return "it"


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name that a wrong one is likest to, empty where none is like it."""
    close = difflib.get_close_matches(name, sorted(set(names)), 1, 0.6)
    return close[0] if close else ""


def words_of(item: object) -> str:
    """What a sample prints."""
    return item.words if isinstance(item, Row) else str(item) if isinstance(item, str) else ""
