"""Whether everything that the tags printed stands in the finished document.

Takes the account of a rendering and the finished XML, raises ``ContentLost``. Design decision: the texts are
looked for, one after the other, among the characters that a parser finds in the finished XML, so that no step
before can lose one without a word, whatever it does to the XML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from xml.parsers import expat

from markupsafe import Markup

from plbuild.model import excerpt

BULLETS = "•-–*▪◦· \t\u00a0"
"""What may be taken from the beginning of a line: a typed bullet that became a real one."""

# What is no text in the finished document: layout characters, and the mark of a picture (see ``pictures``).
_LAYOUT = re.compile("[\n\t\a\f]|\x01\\d+\x02")
_WORD_TEXTS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_TEXT = "w:t"
_NEAR = 1000


class ContentLost(Exception):  # noqa: N818  the name says what happened
    """A document does not hold what its template printed: a defect, for which no file is written."""


def characters(xml: bytes, *, strictly: bool = False) -> str:
    """The characters of an XML document, whose well-formedness is judged on the way.

    ``strictly``: those in Word's texts and in attributes alone, which is slower: what stands elsewhere is
    shown by no program. Raises expat.ExpatError.
    """
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = found.append
    if strictly:
        _in_texts(parser, found.append)
    parser.Parse(xml, True)
    return "".join(found)


def _in_texts(parser: expat.XMLParserType, add: Callable[[str], None]) -> None:
    def start(name: str, attributes: list[str]) -> None:
        for value in attributes[1::2]:
            add(value)
        parser.CharacterDataHandler = add if name == _TEXT else None

    def end(name: str) -> None:
        parser.CharacterDataHandler = None

    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = None


def check(place: str, values: Iterable[str], text: str) -> None:
    """Find every value in ``text``, in order, line by line, without the bullets that its lines begin with.

    Raises ContentLost, naming ``place``, the value and the text after which it should stand.
    """
    at = 0
    for value in values:
        # Most values are one line, near the one before. (Where much is left to look through, Python prepares
        # each search with care, which takes longer than the search.)
        found = text.find(value, at, at + len(value) + _NEAR)
        if found >= 0 and type(value) is not Markup:
            at = found + len(value)
            continue
        for line in _lines(value):
            line = line.lstrip(BULLETS)
            found = text.find(line, at)
            if found < 0:
                raise ContentLost(
                    f'In {place}: "{excerpt(line)}" was to stand after "{text[max(0, at - 80) : at]}", '
                    "and is not in the finished document."
                )
            at = found + len(line)


def _lines(value: str) -> list[str]:
    """The stretches of a value that stand in one piece; of XML, its texts."""
    if not isinstance(value, Markup):
        return _LAYOUT.split(value)
    texts = _WORD_TEXTS.findall(value) if "<" in value else [str(value)]
    return [line for text in texts for line in _LAYOUT.split(unescape(text))]
