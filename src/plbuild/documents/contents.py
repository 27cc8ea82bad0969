"""The page numbers of a contents list, which Word does not work out when it opens a document.

Takes a finished document and pages, returns the document with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from plbuild import archive

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIELD = re.compile(r"\bPAGEREF\s+_plan_(\d+)\b")


def with_page_numbers(document: bytes, pages: Sequence[int]) -> bytes:
    """``document`` with ``pages[n - 1]`` as what its field ``PAGEREF _plan_n`` shows.

    A field without a page keeps what it shows; so does a document without such fields.
    """
    members = archive.read(document)
    name = "word/document.xml"
    if name not in members or b"PAGEREF" not in members[name]:
        return document
    tree = etree.fromstring(members[name])
    for field in tree.iter(f"{_W}fldSimple"):
        _show(list(field.iter(f"{_W}t")), _page(field.get(f"{_W}instr", ""), pages))
    for paragraph in tree.iter(f"{_W}p"):
        _complex(paragraph, pages)
    members[name] = etree.tostring(tree, encoding="UTF-8", standalone=True)
    return archive.pack(members)


def _complex(paragraph: etree._Element, pages: Sequence[int]) -> None:
    """Fields that are written as a beginning, a code, a separator, what is shown, and an end."""
    code, state = "", ""
    shown: list[etree._Element] = []
    for item in paragraph.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}t"):
        if item.tag == f"{_W}fldChar":
            state = item.get(f"{_W}fldCharType", "")
            if state == "begin":
                code, shown = "", []
            if state == "end":
                _show(shown, _page(code, pages))
        elif item.tag == f"{_W}instrText":
            code += item.text or ""
        elif state == "separate":
            shown.append(item)


def _page(code: str, pages: Sequence[int]) -> int | None:
    found = _FIELD.search(code)
    number = int(found.group(1)) if found else 0
    return pages[number - 1] if 0 < number <= len(pages) else None


def _show(texts: Sequence[etree._Element], page: int | None) -> None:
    if page is None:
        return
    for number, text in enumerate(texts):
        text.text = "" if number else str(page)
