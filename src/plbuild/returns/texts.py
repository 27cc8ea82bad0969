"""Texts as a workbook stores them (ECMA-376 22.9.2.19, ST_Xstring)."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold; a text with such a character would make the whole part unreadable.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Excel's own limit is 32,767; the escapes above may make a text longer.
_LONGEST = 16_000


def stored(text: str) -> str:
    """A text that Excel shows as it is: nothing in it is an escape, and every character is allowed."""
    return _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("\ufffd", text[:_LONGEST]))
