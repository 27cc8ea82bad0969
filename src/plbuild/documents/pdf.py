"""The PDF copies of Word plans: what LibreOffice leaves undone for PDF/UA, and the pages of headings.

Takes the bytes of a PDF that LibreOffice has exported as PDF/UA, returns such bytes and its headings.
Design decision: mended here, after the export, because what is wrong depends on the styles of a template
that its editors may change. Seen with LibreOffice 7.4: the lines around paragraphs are painted outside of
all tags; pages with links do not say in which order the Tab key visits them; a style that is called as a
standard tag is (Note, Caption, Code …) redefines that tag; an apostrophe of the title is escaped twice in
the metadata; each export has the time and a random identity in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

# The standard structure types (ISO 32000-1, 14.8.4); PDF/UA forbids giving them another meaning
# (ISO 14289-1, 7.1).
_STANDARD_WORDS = """
    Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6
    L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot
    Ruby RB RT RP Warichu WT WP Figure Formula Form
"""
_STANDARD = frozenset(_STANDARD_WORDS.split())
# Operators that begin a path, that paint one, and that open and close marked content (ISO 32000-1, 8.5).
_BEGINS, _PAINTS = {"m", "re"}, {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}
_OPENS, _CLOSES = {"BMC", "BDC"}, "EMC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A finished PDF, and its headings in order, each with the number of its page, from 1."""

    data: bytes
    headings: tuple[tuple[str, int], ...]


def finished(data: bytes, day: date) -> Finished:
    """The PDF with its lines marked as decoration, its tags by their own names, and dated ``day``.

    The same bytes come out for what the same LibreOffice made of the same document with the same fonts.
    Raises ValueError where it is not a PDF.
    """
    import pikepdf  # takes a tenth of a second to load, which plain commands should not pay

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.Contents = pdf.make_stream(_with_artifacts(page))
                # The Tab key goes through links as the tags do (ISO 14289-1, 7.18.3).
                page.Tabs = pikepdf.Name.S
            _own_names(pdf)
            _dated(pdf, day)
            headings = tuple(_headings(pdf))
            buffer = io.BytesIO()
            pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from error
    return Finished(data=buffer.getvalue(), headings=headings)


def _with_artifacts(page: pikepdf.Page) -> bytes:
    """The content of a page; a path that is painted outside of all tags is marked as decoration."""
    import pikepdf

    made: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    depth, inside = 0, False
    for item in pikepdf.parse_content_stream(page):
        name = str(item.operator)
        depth += (name in _OPENS) - (name == _CLOSES)
        if name in _BEGINS and not depth and not inside:
            made.append(pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC")))
            inside = True
        made.append(item)
        if inside and name in _PAINTS:
            made.append(pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC")))
            inside = False
    return pikepdf.unparse_content_stream(made)


def _own_names(pdf: pikepdf.Pdf) -> None:
    """Tags whose name is a standard one, but which stand for another, are called what they stand for."""
    root = pdf.Root.get("/StructTreeRoot")
    roles = root.get("/RoleMap") if root is not None else None
    if root is None or roles is None:
        return
    wrong = {name: role for name, role in roles.items() if name[1:] in _STANDARD and str(role) != name}
    if not wrong:
        return
    for element in _elements(root):
        if (name := str(element.get("/S", ""))) in wrong:
            element["/S"] = wrong[name]
    for name in wrong:
        del roles[name]


def _elements(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every element of the tree of tags."""
    import pikepdf

    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        kids = element.get("/K")
        listed = kids if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _dated(pdf: pikepdf.Pdf, day: date) -> None:
    """A date that is an input of the build instead of the clock's, and no random identity; the title and
    the like say the same in both of the places that a PDF has for them."""
    for name in ("/CreationDate", "/ModDate"):
        if name in pdf.docinfo:
            pdf.docinfo[name] = f"D:{day:%Y%m%d}000000Z"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo)
    for name in ("/DocChecksum", "/ID"):
        if name in pdf.trailer:
            del pdf.trailer[name]


def _headings(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    """The outline, which LibreOffice makes of the headings, in its order."""
    import pikepdf

    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    with pdf.open_outline() as outline:
        for item in _items(outline.root):
            if isinstance(item.destination, pikepdf.Array):
                page = item.destination[0]
                yield str(item.title), pages.get(page.objgen, 0)


def _items(items: Iterable[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in items:
        yield item
        yield from _items(item.children)
