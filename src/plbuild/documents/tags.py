"""What tags are read in: docxtpl's Jinja, strict about names, sandboxed, and keeping account.

Takes a template's sources, gives Jinja templates, and for each rendering a ``Printed`` of what its tags put
out. Design decision: Jinja's generator of code is told to send each printed value through one function of
the rendering, which escapes it and notes it; so the account is complete by construction, needs no second
look at the template, and is faster than Jinja's own escaping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from plbuild.documents.filters import FILTERS
from plbuild.documents.rows import Row
from plbuild.documents.text import Text
from plbuild.model import Picture

# What XML forbids, without the two characters that docxtpl reads as layout, \a and \f: a template may join
# texts with them. ``Text`` is clean already; this is for plain strings.
_FORBIDDEN = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff\r]")
_LINE_BREAKS = re.compile("\r\n?|\x0b")

_LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'

Insert = Callable[[object], str]
"""What a picture or a sub-document is in the XML of the part that is being rendered."""


class Attachment:
    """A Word document to be set into another one, by docxtpl's ``{{p name }}``.

    Two attachments are the same where their bytes are.
    """

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Attachment) and other.data == self.data

    def __hash__(self) -> int:
        return hash(self.data)


class Printed:
    """What the tags of one part put out in one rendering.

    ``values`` are those that stand in the part, in order: texts, and ``Markup`` where a tag put out XML,
    which ``has_markup`` tells. ``inside`` are those that went into a macro or a block that was set, which
    may have been printed or not. ``in_texts``: all tags print into Word's texts, so that quotation marks
    need no escaping, and line breaks become Word's own here and now.
    """

    __slots__ = ("_in_texts", "_insert", "has_markup", "inside", "values")

    def __init__(self, *, in_texts: bool, insert: Insert) -> None:
        self.values: list[str] = []
        self.inside: list[str] = []
        self.has_markup = False
        self._in_texts = in_texts
        self._insert = insert

    def shown(self) -> Callable[[object], str]:
        """What gives the XML of a value that stands in the part."""
        return _in_texts(self) if self._in_texts else self.anywhere

    def anywhere(self, value: object) -> str:
        """The XML of a value that stands in the part."""
        if hasattr(value, "__html__"):
            return self._markup(value, self.values)
        if isinstance(value, Picture):
            return self._insert(value)
        if isinstance(value, Attachment):
            return self._markup(Markup(self._insert(value)), self.values)  # noqa: S704  XML of Word's own
        text = _noted(value, self.values)
        return _in_text(text) if self._in_texts else escape(text)

    def kept(self, value: object) -> str:
        """The XML of a value that goes into a macro or a block that is set."""
        if hasattr(value, "__html__"):
            return self._markup(value, self.inside)
        if isinstance(value, Picture | Attachment):
            return self._markup(Markup(self._insert(value)), self.inside)  # noqa: S704  XML of Word's own
        return escape(_noted(value, self.inside))

    def _markup(self, value: object, account: list[str]) -> str:
        self.has_markup = True
        markup = Markup(value)  # noqa: S704  it says itself that it is XML; no answer does
        account.append(markup)
        return markup


def _noted(value: object, account: list[str]) -> str:
    """A value as a text that XML can hold, added to the account."""
    text = value if isinstance(value, str) else str(value)
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", _LINE_BREAKS.sub("\n", text))
    account.append(text)
    return text


def _in_texts(printed: Printed) -> Callable[[object], str]:
    """What ``Printed.anywhere`` does, at once for the answers, which are most of what is printed."""
    note, anywhere = printed.values.append, printed.anywhere

    def shown(value: object) -> str:
        if type(value) is not Text:
            return anywhere(value)
        if not value:
            return ""
        note(value)
        return _in_text(value)

    return shown


def _in_text(text: str) -> str:
    """A text as it stands in ``w:t``: escaped as far as XML asks for it there, which takes a third of the
    time of ``markupsafe.escape``, and with Word's own line breaks, as docxtpl writes them."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace("\n", _LINE_BREAK) if "\n" in text else text


class _Context(Context):
    """The names that tags may use in one rendering, and where what they print is noted."""

    shown: Callable[[object], str] = staticmethod(escape)
    kept: Callable[[object], str] = staticmethod(escape)

    def derived(self, locals: dict[str, Any] | None = None) -> Context:
        """The context of a block within this one."""
        made = super().derived(locals)
        if isinstance(made, _Context):
            made.shown, made.kept = self.shown, self.kept
        return made


class _Generator(CodeGenerator):
    """Sends what a tag prints through the context where Jinja's own calls ``escape``.

    A frame without a buffer is the part itself; macros and blocks that are set collect in one. No block
    of a template turns the escaping off.
    """

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write("context.kept(" if frame.buffer else "context.shown(")


class _Unknown(jinja2.StrictUndefined):
    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or f'there is nothing called "{self._undefined_name}"'


class _Environment(ImmutableSandboxedEnvironment):
    """Looks at keys before attributes: a field may be called ``items``."""

    code_generator_class = _Generator
    context_class = _Context

    def getattr(self, obj: object, attribute: str) -> object:
        """``obj.attribute`` in a tag."""
        # Most are rows, and asking for the abstract Mapping takes five times as long.
        if type(obj) is Row:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if (type(obj) is dict or isinstance(obj, Mapping)) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment() -> jinja2.Environment:
    """What tags are read in: escaping, strict about names, unable to change the context."""
    made = _Environment(autoescape=True, undefined=_Unknown)
    made.filters.update(FILTERS)
    return made


def pieces(template: jinja2.Template, context: Mapping[str, object], printed: Printed) -> Iterator[str]:
    """The pieces of XML that ``template`` gives for ``context``, noting in ``printed`` what they hold."""
    names = template.new_context(dict(context))
    if isinstance(names, _Context):
        names.shown, names.kept = printed.shown(), printed.kept
    return template.root_render_func(names)
