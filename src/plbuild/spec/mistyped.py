"""What a person mistyped where a file is not YAML, in words that need no knowledge of YAML.

Takes the text and PyYAML's error, returns the line and a sentence. Design decision: the parser names the line
at which it gave up; a quotation mark that was left out stands in an earlier one, and is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

# A value that begins with a quotation mark and does not end with it on its line.
_UNCLOSED = re.compile(r"""(?:[^#"']|"[^"]*"|'[^']*')*?[:{,-]\s+(["'])(?:(?!\1).)*""")

# What is left out of a value as if it were a comment, and most likely is none: School District #5.
_CUT = re.compile(r"""[^#"']*: +[^\s"'\[{#][^#"']* #[^\s#].*""")
_LEFT_OUT = (
    "what follows # is left out. Put the value between quotation marks, if # belongs to it; if it is a "
    "remark, put a space after #."
)
_UNEVEN = (
    "this line does not fit those above it. Begin lines of one group equally far to the right, with spaces."
)

# Words of PyYAML's parser, and what a person who meets them has most likely done.
_CAUSES = (
    ("found character '\\t'", "a tab stands here; type spaces in its place."),
    (
        "found character",
        "a value cannot begin with this character, unless it stands between quotation marks.",
    ),
    (
        "unknown escape character",
        "a backslash cannot stand between these quotation marks; write / in its place.",
    ),
    (
        "mapping values are not allowed",
        "a colon is not expected here. In this line and the one above it, put a space after the colon of "
        "the key, begin both equally far to the right, and put a value that holds a colon between quotation "
        "marks.",
    ),
    (
        "could not find expected ':'",
        "a key is wanted here or in the line above, with a colon and a space after it.",
    ),
    ("found unexpected end of stream", "a quotation mark is missing before the end of the file."),
    ("expected <block end>", _UNEVEN),
    ("expected '<document start>'", _UNEVEN),
    ("undefined alias", "a value that begins with * must stand between quotation marks."),
    ("expected alphabetic or numeric", "a value that begins with * or & must stand between quotation marks."),
    ("special characters are not allowed", "a character stands here that no text holds; delete it."),
    ("expected ',' or", "a bracket or a brace is opened and not closed, or a comma is missing."),
    ("expected the node content", "a value is missing, or a bracket is in its place."),
)


def told(text: str, error: yaml.YAMLError) -> tuple[int, str]:
    """The line of the mistake, from 1, and a sentence that says what to mend."""
    known = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    line = _line(text, error)
    for number, written in enumerate(text.splitlines()[:line], start=1):
        if _UNCLOSED.fullmatch(written):
            return number, "a quotation mark is missing at the end of this value."
    for words, cause in _CAUSES:
        if words in known:
            return line, cause
    return line, f"not valid YAML: {known}."


def cut(text: str) -> Iterator[tuple[int, str]]:
    """The lines on which a # may cut a value short, from 1, each with a sentence that says what to mend."""
    for number, written in enumerate(text.splitlines(), start=1):
        if _CUT.fullmatch(written):
            yield number, _LEFT_OUT


def _line(text: str, error: yaml.YAMLError) -> int:
    """Where the parser gave up."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1
