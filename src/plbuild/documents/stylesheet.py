"""The styles of a Word template by their names, as an editor sees them.

Takes ``word/styles.xml``, returns ids. Design decision: a style is asked for by its name, because Word makes
ids of its own and LibreOffice others; a template that lacks a style goes without what hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stylesheet:
    """``ids`` of paragraph styles by their names in small letters, ``headings``: ids with their levels."""

    ids: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, int] = field(default_factory=dict)

    def name(self, style_id: str) -> str:
        """The name in small letters of the style with this id, empty where there is none."""
        return next((name for name, known in self.ids.items() if known == style_id), "")


def stylesheet(content: bytes) -> Stylesheet:
    """The paragraph styles of ``word/styles.xml``; none where there is no such part."""
    if not content:
        return Stylesheet()
    ids: dict[str, str] = {}
    headings: dict[str, int] = {}
    for style in etree.fromstring(content).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if style.get(f"{_W}type") != "paragraph" or name is None:
            continue
        known, style_id = str(name.get(f"{_W}val")).casefold(), str(style.get(f"{_W}styleId"))
        ids[known] = style_id
        if match := _HEADING.fullmatch(known):
            headings[style_id] = int(match[1])
    return Stylesheet(ids=ids, headings=headings)
