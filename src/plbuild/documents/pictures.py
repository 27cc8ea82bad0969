"""Pictures and sub-documents, which add members to the package: by docxtpl and python-docx themselves.

Takes a template and the values that a tag prints, returns their XML, and afterwards the package with what
they added. Design decision: a picture is held in its place by a mark until its part is whole, because only
then is it known in what kind of run it stands; what follows it in the run keeps that run's look.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cached_property

from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from docx.shared import Inches
from docxtpl import DocxTemplate
from lxml import etree

from plbuild import archive
from plbuild.documents.tags import Attachment
from plbuild.model import Picture, TemplateError

# Between characters that XML forbids, so that no text can hold a mark, and none is left without a word.
_BEGINS = "\x01"
_MARK = re.compile("\x01(\\d+)\x02")
_RUN_LOOK = re.compile(r"<w:r(?: [^>]*)?>\s*(<w:rPr>.*?</w:rPr>|<w:rPr/>)?", re.DOTALL)


class Package:
    """A template to which pictures and sub-documents are added; python-docx opens it for the first."""

    def __init__(self, template: bytes) -> None:
        self._template = template
        self._attached: dict[Attachment, str] = {}
        self.is_needed = False
        """Whether anything was inserted."""

    @cached_property
    def _engine(self) -> DocxTemplate:
        engine = DocxTemplate(io.BytesIO(self._template))
        engine.render_init()
        return engine

    @cached_property
    def _parts(self) -> dict[str, Part]:
        package = self._engine.docx.part.package
        return {part.partname.lstrip("/"): part for part in package.iter_parts()}

    def inserting(self, name: str, place: str) -> Inserts:
        """What is to be inserted into the part ``name``, which messages call ``place``."""
        return Inserts(
            lambda picture: self._picture(picture, name, place),
            lambda attachment: self._attachment(attachment, place),
        )

    def numbered(self, tree: etree._Element) -> None:
        """Gives each picture an id that no other picture of the package has."""
        self._engine.fix_docpr_ids(tree)

    def members(self) -> dict[str, bytes]:
        """The members of the package as they are now, without the tags' results."""
        buffer = io.BytesIO()
        self._engine.docx.save(buffer)
        return archive.read(buffer.getvalue())

    def _picture(self, picture: Picture, name: str, place: str) -> str:
        """As docxtpl's ``InlineImage`` makes it, with its alternative text, which that leaves out."""
        self.is_needed = True
        part = self._parts[name]
        if not isinstance(part, StoryPart):
            raise TemplateError((f"In {place} of the template: a picture cannot stand here.",))
        inline = part.new_pic_inline(io.BytesIO(picture.data), Inches(picture.width), Inches(picture.height))
        for drawn in ("wp:docPr", "pic:cNvPr"):
            for item in inline.iter(qn(drawn)):
                item.set("descr", picture.alt)
        return etree.tostring(inline, encoding="unicode")

    def _attachment(self, attachment: Attachment, place: str) -> str:
        self.is_needed = True
        if attachment not in self._attached:
            try:
                inserted = self._engine.new_subdoc(io.BytesIO(attachment.data))
            except ImportError:
                text = "a Word document can be set in only where docxcompose is installed."
                raise TemplateError((f"In {place} of the template: {text}",)) from None
            self._attached[attachment] = str(inserted)
        return self._attached[attachment]


class Inserts:
    """The pictures and sub-documents of one part in one rendering."""

    def __init__(self, picture: Callable[[Picture], str], attachment: Callable[[Attachment], str]) -> None:
        self._picture = picture
        self._attachment = attachment
        self._drawings: list[str] = []

    def insert(self, value: object) -> str:
        """What stands for ``value`` while the part is being rendered."""
        if isinstance(value, Attachment):
            return self._attachment(value)
        if not isinstance(value, Picture):
            raise TypeError(f"{type(value).__name__} cannot be inserted")
        self._drawings.append(self._picture(value))
        return f"\x01{len(self._drawings) - 1}\x02"

    def drawn(self, xml: str) -> str:
        """The part with its pictures, each in a run of its own.

        A picture that is not printed in a run's text tears the part apart, as the parser will find.
        """
        if not self._drawings:
            return xml
        done: list[str] = []
        at = 0
        while (start := xml.find(_BEGINS, at)) >= 0 and (mark := _MARK.match(xml, start)):
            run = max(xml.rfind("<w:r>", 0, start), xml.rfind("<w:r ", 0, start))
            look = _RUN_LOOK.match(xml, run) if run >= 0 else None
            properties = (look[1] or "") if look else ""
            done += (
                xml[at:start],
                f"</w:t></w:r><w:r><w:drawing>{self._drawings[int(mark[1])]}</w:drawing></w:r>",
                f'<w:r>{properties}<w:t xml:space="preserve">',
            )
            at = mark.end()
        return "".join((*done, xml[at:]))
