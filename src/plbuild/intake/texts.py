"""Text as it was typed, and the forms in which two texts are compared.

Takes the text of a cell as stored, returns it as a person sees it and, in words, what was left out of it.
Design decision: a text is returned exactly as it was typed, white space included. Only characters that
nobody types and nothing can print go: those that XML forbids, other control characters, and four that are
invisible and never mean anything in a plan (soft hyphen, zero width space, word joiner, byte order mark).
Zero width joiners stay: emoji and the scripts of Iran and India are spelled with them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from plbuild.intake.cells import MAX_TEXT

# ECMA-376 22.9.2.19: a character that XML cannot hold is stored as its code, _x000B_.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_ESCAPED = len("_x000B_")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# Word's own line break within a paragraph is a vertical tab; to drop it would run two words into one.
_LINE_BREAKS = "\x0b\x0c\x85"
_NAMES = {
    "\x00": "null",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
    "\ufeff": "byte order mark",
    "\ufffe": "no character",
    "\uffff": "no character",
}
_MOST_NAMED = 4

_PLAIN = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣"), "-"),
    **dict.fromkeys(map(ord, "‘’‚‛′´`ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # the full-width forms of ASCII
}
_AROUND_HYPHEN = re.compile(" ?- ?")


def clean(stored: str) -> tuple[str, str]:
    """A stored text as it was typed, and in words which characters were left out; empty where none were.

    Line breaks come out as ``\\n``. A text of nothing but invisible characters comes out empty.
    """
    if "_x" not in stored and (stored.isprintable() or stored.replace("\n", "").isprintable()):
        return stored, ""
    return _cleaned(stored)


def typed_length(stored: str) -> int:
    """How many characters a stored text has as it was typed; of one that has far too many, as stored."""
    if len(stored) > _ESCAPED * MAX_TEXT or "_x" not in stored:
        return len(stored)
    return _unescaped_length(stored)


# A hostile workbook may show one enormous text in thousands of cells: it is looked at once.
@lru_cache(maxsize=16)
def _unescaped_length(stored: str) -> int:
    return len(_ESCAPE.sub("?", stored))


@lru_cache(maxsize=16)
def _cleaned(stored: str) -> tuple[str, str]:
    text = _unescaped(stored) if "_x" in stored else stored
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unwanted = set(_UNWANTED.findall(text))
    text = _UNWANTED.sub(_replacement, text)
    if text and not text.isspace() and all(map(_is_invisible, text)):
        unwanted |= {char for char in text if not char.isspace()}
        text = ""
    return text, _named(unwanted) if unwanted else ""


def _unescaped(stored: str) -> str:
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), stored)
    # A character beyond U+FFFF is stored as two escapes, which make one character together.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _replacement(match: re.Match[str]) -> str:
    return "\n" if match[0] in _LINE_BREAKS else ""


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"


def _named(chars: set[str]) -> str:
    """``vertical tab (U+000B), read as a line break; bell (U+0007), left out``."""
    parts = [_name(char) for char in sorted(chars)]
    if len(parts) > _MOST_NAMED:
        parts[_MOST_NAMED:] = [f"{len(parts) - _MOST_NAMED} more"]
    return "; ".join(parts)


def _name(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        name = "half of a character"
    else:
        name = _NAMES.get(char) or unicodedata.name(char, "control character").lower()
    done = "read as a line break" if char in _LINE_BREAKS else "left out"
    return f"{name} (U+{ord(char):04X}), {done}"


def plain(text: str) -> str:
    """A text as a plain keyboard would have typed it, to be read as a number, a date, a code or the like.

    White space, non-breaking included, becomes single spaces, none at the ends; dashes and quotation
    marks become ``-``, ``'`` and ``"``; full-width characters become ASCII; invisible ones go.
    """
    if not text.isascii():
        text = text.translate(_PLAIN)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(text.split())


def folded(text: str) -> str:
    """The form in which a typed value is compared with those of a list.

    As ``plain``, and without case, compatibility forms (NFKC), spaces around a hyphen, a last full stop.
    """
    text = unicodedata.normalize("NFKC", plain(text)).casefold()
    return " ".join(_AROUND_HYPHEN.sub("-", text).split()).rstrip(" .")
