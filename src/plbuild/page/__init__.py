"""The page that a district office works from: one HTML file that needs nothing else.

Takes a ``Page`` of plain data, returns the bytes of ``index.html``. Design decision: the page is whole
without its script, which only sorts and filters; style and script are allowed by their digests alone, so
that nothing that came out of a workbook could ever run.
"""

from __future__ import annotations

from plbuild.page.data import Address, Allowed, Changed, Note, Page, Row
from plbuild.page.render import html

__all__ = ["Address", "Allowed", "Changed", "Note", "Page", "Row", "html"]
