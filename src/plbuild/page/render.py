"""The page's template, filled.

Takes a ``Page``, returns HTML. Everything is escaped by the environment, and what HTML cannot hold is taken
out of every text before it is printed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from plbuild.page import counts, tables
from plbuild.page.data import Page

# The numbers that are written out in a sentence.
_NUMBERS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What HTML forbids in a text (13.1.2, "Text"): controls other than white space, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What turns the direction of the text that follows it, so that it would reach beyond its place.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Groups of findings, and sentences of changes, that one page holds; and those of one plan.
_ROOM, _LEAST, _MOST = 6_000, 3, 40


def html(page: Page) -> bytes:
    """``index.html``, UTF-8; the same page gives the same bytes."""
    parts = {name: _part(name) for name in ("style.css", "script.js")}
    text = (
        _environment()
        .get_template("index.html.j2")
        .render(
            page=page,
            counts=counts.counts(page.rows),
            limit=counts.told(page.rows, _ROOM, _LEAST, _MOST),
            charts=tables.charts(page.rollup) if page.rollup else [],
            funds=tables.funds(page.rollup) if page.rollup else [],
            months=tables.months(page.rollup) if page.rollup else [],
            audiences=tables.audiences(page.rollup) if page.rollup else [],
            plain=tables.plain(page.rollup) if page.rollup else [],
            style=Markup(parts["style.css"]),  # noqa: S704 - a file of this package, no text of a workbook
            script=Markup(parts["script.js"]),  # noqa: S704 - likewise
            style_digest=_allowed(parts["style.css"]),
            script_digest=_allowed(parts["script.js"]),
        )
    )
    return text.encode("utf-8")


@cache
def _part(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _allowed(text: str) -> str:
    """What allows exactly this style or script (Content Security Policy 3, 2.3.1)."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


@cache
def _environment() -> jinja2.Environment:
    """The templates' environment; kept, because to compile them takes longer than to fill them."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_part),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters |= {
        "link": link,
        "number_word": number_word,
        "day": day,
        "first_sentence": first_sentence,
        "order": lambda state: counts.STATES.index(state) if state in counts.STATES else len(counts.STATES),
    }
    return environment


def _clean(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return _TURNING.sub("", _FORBIDDEN.sub("", value))
    return value


def link(path: str) -> str:
    """A path below the output folder as a relative address; no part of it is taken for anything else."""
    return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def number_word(count: int) -> str:
    """A number as it opens a sentence: Three, 14, 1,240."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def day(value: date) -> str:
    """A date as the page writes it, without the words of any locale: 9 Oct 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def first_sentence(text: str) -> str:
    """The first sentence of a note on method; the whole note stands with its table."""
    head, dot, _ = text.partition(". ")
    return f"{head}." if dot else text
