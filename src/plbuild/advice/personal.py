"""A student's personal data in a text: found, and kept out of every message.

Takes texts, returns what was found or the text with it covered. FERPA's definition of personally
identifiable information names a student number and a date of birth (34 CFR 99.3).
"""

from __future__ import annotations

import re

_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})"
_NUMBER = r"[A-Z]{0,3}\d{5,12}"
_PATTERNS = (
    r"(?P<social>\b\d{3}-\d{2}-\d{4}\b)",
    r"\b(?:(?:student|pupil|child|state)(?:'s)? ?(?:id|no\.?|number|#)|sasid|ssid|lasid)[ :#]*"
    rf"(?P<id>{_NUMBER})\b",
    rf"\b(?:dob|d\.o\.b\.|date of birth|birth ?date|birthday|born(?: on)?)[ :]*(?P<birth>{_DAY})",
)
# The characters that one of them begins with, looked at first: nearly all places of a text begin none.
_FIND = re.compile(rf"(?=[\dspcldb])(?:{'|'.join(_PATTERNS)})", re.IGNORECASE)
# Each of them has four digits side by side or a day in numbers, and most texts have neither.
_DIGITS = re.compile(r"\d(?:\d{3}|[/.-]\d{1,2}[/.-]\d\d)")
COVER = "•••"


def kind_of(text: str) -> str:
    """What is in the text: ``social``, ``id`` or ``birth``; empty where there is nothing."""
    found = _FIND.search(text) if _DIGITS.search(text) else None
    return (found.lastgroup or "") if found else ""


def covered(text: str) -> str:
    """The text with every such number and day covered."""
    return _FIND.sub(_cover, text) if _DIGITS.search(text) else text


def _cover(found: re.Match[str]) -> str:
    value = found.group(found.lastgroup or 0)
    return found.group().replace(value, COVER)
