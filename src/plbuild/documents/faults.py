"""Where a template is wrong, in words that an editor of the template can follow.

Owns ``TemplateFault`` and its place. Takes a part's source with one paragraph on a line where a template
fails to compile or to render, returns sentences for ``TemplateError``. Design decision: a place is told as
an editor counts in Word (heading, table, row, column), and every fault tells it in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml import etree

from plbuild.model import excerpt

_MARKUP = re.compile(r"<[^>]+>")
_CUT_OFF = re.compile(r"^[^<]*>|<[^>]*$")
_HEADING = re.compile(r'<w:pStyle w:val="(?:Heading\d|Title)"')
# What moves the place in a part's source; a statement between rows is a row of the template that held
# nothing but its tag.
_STEPS = re.compile(r"<w:(tbl|tr|tc)[ >]|</w:(tbl|tr|tc)>|<w:gridSpan w:val=\"(\d+)|({%)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table, each number counted from 1."""

    table: int
    row: int
    column: int

    def __str__(self) -> str:
        return f"table {self.table}, row {self.row}, column {self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePlace:
    """A place in a template; every part may be empty.

    ``part`` is in words ("the document", "the footer"); ``paragraph`` is counted from 1 over the part, its
    tables included; ``cells`` leads from the outermost table inwards; ``heading`` stands above.
    """

    part: str = ""
    heading: str = ""
    paragraph: int = 0
    cells: tuple[Cell, ...] = ()

    def __str__(self) -> str:
        words = [self.part]
        if self.heading:
            words.append(f'under "{excerpt(self.heading)}"')
        if self.cells:
            words.append(", in it ".join(str(cell) for cell in self.cells))
        elif self.paragraph:
            words.append(f"paragraph {self.paragraph}")
        return ", ".join(word for word in words if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFault:
    """Something wrong with a template: what, where, at which tag, and what to do.

    ``code`` is a slug and public; ``severity`` is ``error`` or ``advice``.
    """

    code: str
    severity: str
    place: TemplatePlace
    tag: str
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"In {self.place}" if self.place.part else ""
        near = f', at "{excerpt(self.tag, 120)}"' if self.tag else ""
        return f"{where}{near}: {self.message}" if where else self.message


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
    """What is wrong, in which paragraph of which part, in which cell, under which heading."""
    lines = source.split("\n")
    at = _words(lines[line - 1]) if 0 < line <= len(lines) else ""
    # What follows the end of a paragraph is the tag of the next one, which takes that one's place.
    above = (text.partition("</w:p>")[0] for text in reversed(lines[: line - 1]) if _HEADING.search(text))
    where = TemplatePlace(
        part=f"{place} of the template",
        heading=_words(next(above, "")) if at else "",
        cells=_cells("\n".join(lines[: line - 1])) if at else (),
    )
    near = f', at "{excerpt(at, 120)}"' if at else ""
    return f"In {where}{near}: {message.rstrip('.')}."


def _cells(before: str) -> tuple[Cell, ...]:
    """The cells that are open at the end of a part's source, outermost first."""
    # Each level: the number of the table, row and column, and whether the row and the cell are open.
    levels: list[list[int]] = []
    tables = [0]
    for opened, closed, span, _statement in _steps(before):
        if opened == "tbl":
            tables[-1] += 1
            levels.append([tables[-1], 0, 0, 0, 0])
            tables.append(0)
        elif closed == "tbl" and levels:
            levels.pop()
            tables.pop()
        elif levels:
            _move(levels[-1], opened, closed, span)
    return tuple(Cell(table=level[0], row=level[1], column=level[2]) for level in levels if level[4])


def _move(level: list[int], opened: str, closed: str, span: str) -> None:
    if opened == "tr":
        level[1], level[2], level[3] = level[1] + 1, 0, 1
    elif opened == "tc":
        level[2], level[4] = level[2] + 1, 1
    elif closed == "tc":
        level[4] = 0
    elif closed == "tr":
        level[3] = 0
    elif span:
        # The cell itself stands in the first of the columns that it spans; the next one follows them.
        level[2] += int(span) - 1
    elif not opened and not closed and not level[4]:
        level[2 if level[3] else 1] += 1


def _steps(before: str) -> Iterator[tuple[str, str, str, str]]:
    for match in _STEPS.finditer(before):
        opened, closed, span, statement = match.groups(default="")
        yield opened, closed, span, statement


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
