"""Line breaks and tabs of the values as Word's own, as docxtpl writes them.

Takes and returns a part's XML. Design decision: docxtpl's replacing is docxtpl's own code, run on the
paragraphs that need it alone; it looks at every run of a document, and on the others it changes nothing.
"""

from __future__ import annotations

import io
import re

from docxtpl import DocxTemplate

from plbuild.documents.paragraphs import bounds

_CHARACTERS = re.compile("[\t\a\f\n]")


def with_layout(xml: str, *, odd: bool) -> str:
    """The XML with ``w:br``, ``w:tab`` and new paragraphs for the characters that stand for them.

    ``odd``: the characters may stand elsewhere than in Word's texts, or its paragraphs cannot be told apart
    by their first and last tags, so that docxtpl looks through all of it.
    """
    engine = DocxTemplate(io.BytesIO())
    if odd:
        return str(engine.resolve_listing(xml))
    if not any(character in xml for character in "\t\a\f\n"):
        return xml
    done: list[str] = []
    at = 0
    for place in _CHARACTERS.finditer(xml):
        if place.start() < at:
            continue
        start, end = bounds(xml, place.start(), at)
        done += (xml[at:start], engine.resolve_listing(xml[start:end]))
        at = end
    return "".join((*done, xml[at:]))
