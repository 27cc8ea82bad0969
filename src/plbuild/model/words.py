"""How values read, and names and texts that are safe everywhere: rules that several stages share."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None
"""A decoded answer: text, a whole number, a decimal, a date, or None for a blank cell."""


NOTE_HEAD, NOTE_END = "plbuild:", "→ "


def shown(value: object) -> str:
    """A value as US readers write it: ``1,240``, ``$1,200.50`` is ``money``'s, ``9/15/2026``."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.month}/{value.day}/{value.year}"
    if isinstance(value, Decimal):
        return plain_number(value)
    return str(value)


def plain_number(value: Decimal | int) -> str:
    """A number with thousands separators and without trailing zeros: ``1,240.5``."""
    if isinstance(value, int):
        return f"{value:,d}"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """US dollars; cents only where there are any: ``$1,200``, ``$1,200.50``."""
    sign = "-" if value < 0 else ""
    amount = abs(value)
    return f"{sign}${amount:,.0f}" if amount == amount.to_integral_value() else f"{sign}${amount:,.2f}"


def excerpt(text: str, limit: int = 80) -> str:
    """The beginning of a text on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def is_our_note(text: str) -> bool:
    """Whether a note on a cell is one of a marked copy, exactly as it was written into it.

    It opens with ``plbuild:`` and ends with the line that leads to the Fix list; a note in which somebody
    has gone on writing is theirs. The author is no help: LibreOffice saves notes without one.
    """
    lines = text.strip().splitlines()
    return len(lines) > 1 and lines[0] == NOTE_HEAD and lines[-1].startswith(NOTE_END)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens a CSV file.

    The characters are those that OWASP names under "CSV Injection"; an apostrophe goes before them.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def checksum(texts: Iterable[str]) -> str:
    """The stamp over the locked texts of a sheet, in the order of the sheet."""
    return digest("\x1f".join(texts).encode("utf-8", "surrogatepass"))[:16]


def furniture(texts: Iterable[str]) -> str:
    """The stamp over what is printed on a sheet: six hexadecimal digits for each text, in order.

    A reader that meets a text on the sheet can tell by it whether the text was printed or typed.
    """
    return "".join(furniture_mark(text) for text in texts)


def furniture_mark(text: str) -> str:
    """The mark of one printed text; white space aside, which some programs change."""
    return digest(" ".join(text.split()).encode("utf-8", "surrogatepass"))[:6]


def safe_name(text: str) -> str:
    """A file name's stem that Windows, macOS and Linux all accept; may be empty.

    Accents fall back to their letter so that no file system's normalisation can split one name
    into two; whatever is not a letter, a digit or a hyphen becomes a hyphen.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    plain = plain.replace("'", "")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60].strip("-")
