"""A copy of a template in which every fault stands as a Word comment at its paragraph.

Takes a template's bytes and its faults, returns the bytes of the copy. Design decision: the copy differs
from the template in its comments alone, so that it can be corrected in Word and take its place.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import cast

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from plbuild import archive
from plbuild.documents.faults import TemplateFault
from plbuild.documents.lint.package import elements
from plbuild.model import TemplateError

AUTHOR, _INITIALS = "plbuild", "pb"


def annotate(template: bytes, faults: Sequence[TemplateFault]) -> bytes:
    """The template with its faults as comments; the same bytes every time.

    Word takes comments in the document alone: a fault of a header or of the whole template stands at the
    first paragraph and says where it belongs. Raises TemplateError where the template is no Word document.
    """
    try:
        document = docx.Document(io.BytesIO(template))
    except (ValueError, KeyError, zipfile.BadZipFile):
        raise TemplateError(("The template is not a Word document (.docx).",)) from None
    body = document.element.body
    paragraphs = list(elements(body))
    first = paragraphs[0] if paragraphs else None
    for fault in faults:
        number = fault.place.paragraph
        here = fault.place.part == "the document" and 0 < number <= len(paragraphs)
        at = paragraphs[number - 1] if here else first
        if at is None:
            at = first = document.add_paragraph()._p
        # Word refuses comments inside a text box: they go to the paragraph that holds it.
        holder = cast(CT_P, [at, *at.iterancestors(qn("w:p"))][-1])
        _comment(document, Paragraph(holder, document._body), _text(fault, here=here))
    buffer = io.BytesIO()
    document.save(buffer)
    return archive.repack(buffer.getvalue())


def _text(fault: TemplateFault, *, here: bool) -> str:
    message = fault.message if here else str(fault)
    near = f"{fault.tag}\n" if here and fault.tag else ""
    return f"{near}{message}\n{fault.fix}"


def _comment(document: Document, paragraph: Paragraph, text: str) -> None:
    runs = paragraph.runs or [_empty_run(paragraph)]
    comment = document.add_comment(runs, text=text, author=AUTHOR, initials=_INITIALS)
    # The clock would make each copy another one; a comment may go without a date.
    comment._comment_elm.attrib.pop(qn("w:date"), "")


def _empty_run(paragraph: Paragraph) -> Run:
    return paragraph.add_run()
