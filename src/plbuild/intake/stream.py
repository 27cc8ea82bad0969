"""XML that anybody may have written, read as a stream that nothing in it can blow up.

Takes the pieces of a part, calls handlers or returns the few elements that are wanted. Design decision:
expat and no tree, because a tree takes some fifty times its part; and expat is guarded here against what
it does not guard itself: entities, depth, endless tags, millions of names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple
from xml.parsers import expat

# What no office program comes near.
_MAX_DEPTH = 100
_MAX_NAMES = 10_000
_MAX_TAG = 1 << 18
_MAX_WANTED = 100_000


class TooLargeError(Exception):
    """A workbook holds more than any plan; the argument says what, in plain words."""


class ForbiddenXmlError(Exception):
    """XML with a document type or entities, or out of all proportion, which no office program writes."""


class Allowance:
    """What one workbook may still hold, however it is spread over its parts.

    More than plans have (a workbook that forty schools share has half of it), and less than would cost
    seconds or hundreds of megabytes. Tags count where they are parsed one by one.
    """

    def __init__(self) -> None:
        self._left = {"bytes": 40_000_000, "tags": 1_000_000, "cells": 150_000, "characters": 20_000_000}

    def take(self, what: str, amount: int) -> None:
        """Count ``bytes``, ``tags``, ``cells`` or ``characters``. Raises TooLargeError."""
        self._left[what] -= amount
        if self._left[what] < 0:
            raise TooLargeError(f"it holds more {what} than any plan")


def local(tag: str) -> str:
    """A tag or an attribute without its namespace prefix."""
    return tag.rpartition(":")[2]


def parser() -> expat.XMLParserType:
    """An expat parser that refuses document types, and so every entity."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> None:
    raise ForbiddenXmlError


def feed(made: expat.XMLParserType, chunks: Iterable[bytes], allowance: Allowance) -> None:
    """Parse a part piece by piece; ``made`` must have a start handler.

    Raises TooLargeError, ForbiddenXmlError, expat.ExpatError and whatever its handlers raise.
    """
    fed = 0
    for chunk in chunks:
        allowance.take("tags", chunk.count(b"<"))
        try:
            made.Parse(chunk, False)
        except LookupError:  # an encoding that nobody knows, or a number that stands for nothing
            raise ForbiddenXmlError from None
        fed += len(chunk)
        # expat reads an unfinished tag from its beginning with every piece, and keeps every name for good.
        if fed - made.CurrentByteIndex > _MAX_TAG or len(made.intern) > _MAX_NAMES:
            raise ForbiddenXmlError
    made.Parse(b"", True)


def deeper(depth: int) -> int:
    """One level more. Raises ForbiddenXmlError where there are too many."""
    if depth == _MAX_DEPTH:
        raise ForbiddenXmlError
    return depth + 1


class Element(NamedTuple):
    """An element by its tag without prefix: its attributes, and its text up to the end of the first
    element in it."""

    tag: str
    attributes: dict[str, str]
    texts: list[str]

    def attribute(self, name: str) -> str:
        """An attribute by its name without prefix, empty where there is none."""
        return next((value for key, value in self.attributes.items() if local(key) == name), "")

    @property
    def text(self) -> str:
        """Its text as one."""
        return "".join(self.texts)


class _Wanted:
    """The handlers that gather elements."""

    def __init__(self, tags: Collection[str]) -> None:
        self.found: list[Element] = []
        self._tags = tags
        self._depth = 0
        self._texts: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH or len(self.found) > _MAX_WANTED:
            raise ForbiddenXmlError
        if ":" in tag:
            tag = local(tag)
        if tag in self._tags:
            self._texts = []
            self.found.append(Element(tag, attributes, self._texts))

    def text(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def end(self, _: str) -> None:
        self._depth -= 1
        self._texts = None


def elements(chunks: Iterable[bytes], tags: Collection[str], allowance: Allowance) -> list[Element]:
    """The elements of a part with one of these tags, in the order in which they begin.

    Raises TooLargeError, ForbiddenXmlError or expat.ExpatError.
    """
    wanted = _Wanted(tags)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = wanted.start, wanted.end
    made.CharacterDataHandler = wanted.text
    feed(made, chunks, allowance)
    return wanted.found
