"""Line breaks and tabs of the values as Word's own, as docxtpl writes them.

Takes and returns a part's XML. Design decision: docxtpl's replacing is docxtpl's own code, run on the
paragraphs that need it alone; it looks at every run of a document, and on the others it changes nothing.
"""

from __future__ import annotations

import io
import re

from docxtpl import DocxTemplate

_CHARACTERS = "\n\t\a\f"


def with_layout(xml: str, *, odd: bool) -> str:
    """The XML with ``w:br``, ``w:tab`` and new paragraphs for the characters that stand for them.

    ``odd``: its paragraphs cannot be told apart by their first and last tags, so that docxtpl looks
    through all of it.
    """
    if not any(character in xml for character in _CHARACTERS):
        return xml
    engine = DocxTemplate(io.BytesIO())
    if odd:
        return str(engine.resolve_listing(xml))
    done: list[str] = []
    at = 0
    for place in _places(xml):
        if place < at:
            continue
        start = max(xml.rfind("<w:p>", at, place), xml.rfind("<w:p ", at, place))
        end = xml.find("</w:p>", place) + len("</w:p>")
        if start < 0 or end < place:
            continue
        done += (xml[at:start], engine.resolve_listing(xml[start:end]))
        at = end
    return "".join((*done, xml[at:]))


def _places(xml: str) -> list[int]:
    """Where the characters stand, in order."""
    return sorted(
        match.start()
        for character in _CHARACTERS
        if character in xml
        for match in re.finditer(character, xml)
    )
