"""Where a template is wrong, in words that an editor of the template can follow.

Takes a part's source with one paragraph on a line, returns sentences for ``TemplateError``.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from plbuild.model import excerpt

_MARKUP = re.compile(r"<[^>]+>")
_CUT_OFF = re.compile(r"^[^<]*>|<[^>]*$")
_HEADING = re.compile(r'<w:pStyle w:val="(?:Heading\d|Title)"')


def line_of(error: BaseException) -> int:
    """The line of the template at which ``error`` was raised, 0 where it is not known.

    Jinja writes the template's own lines into the traceback, under the file name ``<template>``.
    """
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def sentence(place: str, source: str, line: int, message: str) -> str:
    """What is wrong, in which paragraph of which part, under which heading."""
    lines = source.split("\n")
    at = _words(lines[line - 1]) if 0 < line <= len(lines) else ""
    heading = next((_words(text) for text in reversed(lines[:line]) if _HEADING.search(text)), "")
    under = f', under "{excerpt(heading)}"' if heading and heading != at else ""
    near = f', at "{excerpt(at, 120)}"' if at else ""
    return f"In {place} of the template{under}{near}: {message.rstrip('.')}."


def broken(place: str, xml: str, error: etree.XMLSyntaxError) -> str:
    """What is wrong where the tags of a template tore the document's structure apart."""
    line, column = error.position
    # lxml counts the bytes of a line, so that the place is near enough only.
    start = sum(len(text) + 1 for text in xml.split("\n")[: line - 1]) + column
    before = _words(_CUT_OFF.sub("", xml[max(0, start - 2000) : start]))[-80:]
    return (
        f'In {place} of the template, after "{before}": the tags tear the document apart. A loop or a '
        "condition must open and close around whole paragraphs or whole table rows."
    )


def _words(xml: str) -> str:
    return " ".join(unescape(_MARKUP.sub(" ", xml)).split())
