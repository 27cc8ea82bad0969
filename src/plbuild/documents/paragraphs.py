"""Where a paragraph stands in a part's XML.

Takes XML and a place in it, returns positions. Design decision: looked for backwards from the place, because
a finished body is long and what is done to it concerns few of its paragraphs.
"""

from __future__ import annotations

_END = "</w:p>"


def bounds(xml: str, at: int, after: int = 0) -> tuple[int, int]:
    """Where the paragraph around ``at`` starts and ends; from -1 where none begins behind ``after``."""
    plain = xml.rfind("<w:p>", after, at)
    # Not from ``after`` again: where no paragraph has attributes, that would be looked for in all of it.
    start = max(plain, xml.rfind("<w:p ", max(plain, after), at))
    return start, xml.find(_END, at) + len(_END)
