"""Word templates filled with a context: docxtpl's template language, and nothing lost on the way.

Takes a template's bytes and a context, returns the bytes of the document. Design decision: a part is a
string from the first tag to the last step, judged once, by a strict parser, when it is finished; what the
parser read in it is what is compared with what the tags printed. docxtpl's own path, which parses and builds
the part anew, is taken by the templates and values that need it, and its result is judged in the same way.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from plbuild import archive
from plbuild.documents import arrived, faults
from plbuild.documents.compile import DECLARATION, Compiled, Part, compiled, lined
from plbuild.documents.contents import with_contents
from plbuild.documents.layout import with_layout
from plbuild.documents.lists import listed
from plbuild.documents.pictures import Inserts, Package
from plbuild.documents.stylesheet import Stylesheet
from plbuild.documents.tags import Printed, environment, pieces
from plbuild.documents.tall import with_tall_rows_torn
from plbuild.documents.text import Text
from plbuild.documents.unshown import unshown
from plbuild.model import TemplateError

__all__ = ["BODY_STEPS", "Rendered", "environment", "render", "rendered"]

BODY_STEPS: tuple[Callable[[str, Stylesheet], str], ...] = (listed, with_contents, with_tall_rows_torn)
"""What is done to the document's XML after its tags and before it is judged, in this order."""

# What a template's own mistakes raise while it renders; anything else is a defect of plbuild.
_MISTAKES = (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError)

_PICTURE_ID = re.compile(r'(<wp:docPr\s(?:[^>]*?\s)?id=")[^"]*')
_FIRST_PICTURE = 1001  # where docxtpl's own numbering of pictures begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A document, and the answers that are in none of its parts.

    ``unshown``: not one word of them was printed. ``shortened``: their beginning alone was.
    """

    data: bytes
    unshown: tuple[Text, ...] = ()
    shortened: tuple[Text, ...] = ()


def render(template: bytes, context: Mapping[str, object]) -> bytes:
    """The document that ``template`` gives for ``context``; the same bytes for the same input.

    Headers, footers, footnotes and document properties are filled in too. Text of the context is
    never read as a tag or as markup. Raises TemplateError where the template is not a Word document,
    has a tag that cannot be understood, names something that is not in the context, or breaks the
    document's structure; each sentence says where. Raises ContentLost where the finished document does
    not hold what the tags printed.
    """
    return _render(template, context)[0]


def rendered(template: bytes, context: Mapping[str, object]) -> Rendered:
    """What ``render`` returns and raises, with the account of the answers that the document leaves out."""
    data, accounts = _render(template, context)
    missing, shortened = unshown(context, accounts)
    return Rendered(data=data, unshown=missing, shortened=shortened)


def _render(template: bytes, context: Mapping[str, object]) -> tuple[bytes, list[Printed]]:
    made = compiled(template)
    package = Package(template)
    changed, accounts = _parts(made, context, package)
    if package.is_needed:
        whole = package.members()
        filled = (archive.member(name, changed.get(name, whole[name]), once=True) for name in whole)
        return archive.join(filled), accounts
    members = (
        archive.member(name, changed[name], once=True) if plain is None else plain
        for name, plain in made.members.items()
    )
    return archive.join(members), accounts


def _parts(
    made: Compiled, context: Mapping[str, object], package: Package
) -> tuple[dict[str, bytes], list[Printed]]:
    """Every part with its tags filled in, by name. Raises TemplateError with the problems of all."""
    filled: dict[str, str] = {}
    accounts: dict[str, Printed] = {}
    problems: dict[str, tuple[str, ...]] = {}
    for part in made.parts:
        inserts = package.inserting(part.name, part.place)
        accounts[part.name] = printed = Printed(in_texts=part.in_texts, insert=inserts.insert)
        try:
            filled[part.name] = _filled(part, made.sheet, context, printed, inserts)
        except TemplateError as error:
            problems[part.name] = error.problems
    # Judged when all are filled, because what is inserted into one part has all of them built anew.
    changed: dict[str, bytes] = {}
    for part in (part for part in made.parts if part.name in filled):
        try:
            changed[part.name] = _judged(part, filled.pop(part.name), accounts[part.name], package)
        except TemplateError as error:
            problems[part.name] = error.problems
    if problems:
        raise TemplateError(tuple(text for part in made.parts for text in problems.get(part.name, ())))
    return changed, [*accounts.values()]


def _filled(
    part: Part, sheet: Stylesheet, context: Mapping[str, object], printed: Printed, inserts: Inserts
) -> str:
    """The XML of a part: its tags, then the steps that make Word's own elements of what they put out."""
    try:
        xml = "".join(pieces(part.template, context, printed))
    except _MISTAKES as error:
        raise _located(part, context, error) from error
    if part.is_word:
        xml = with_layout(xml, odd=printed.has_markup or not part.in_texts)
    xml = inserts.drawn(xml)
    if part.is_body:
        for step in BODY_STEPS:
            xml = step(xml, sheet)
    return _numbered(xml) if part.numbered else xml


def _judged(part: Part, xml: str, printed: Printed, package: Package) -> bytes:
    """The finished part; it is well formed, and all that was printed stands in it."""
    if part.columns or package.is_needed:
        # What was set in may hold tables of its own.
        xml = _rebuilt(part, xml, package, tables=part.is_body and (part.columns or printed.has_markup))
    data, text = _parsed(part, xml)
    arrived.check(part.place, printed.values, text)
    return data


def _parsed(part: Part, xml: str) -> tuple[bytes, str]:
    """A part as bytes, and the characters in it. Raises TemplateError where its tags tore it apart."""
    data = xml.encode()
    try:
        return data, arrived.characters(data, strictly=part.is_word and not part.in_texts)
    except expat.ExpatError as error:
        raise _torn(part, xml) from error


def _torn(part: Part, xml: str) -> TemplateError:
    try:
        etree.fromstring(xml.encode())
    except etree.XMLSyntaxError as error:
        return TemplateError((faults.broken(part.place, xml, error),))
    return TemplateError((f"In {part.place} of the template: the tags tear the document apart.",))


def _rebuilt(part: Part, xml: str, package: Package, *, tables: bool) -> str:
    """A part parsed and written anew, with docxtpl's own mending of tables and picture ids.

    Raises TemplateError where its tags tore it apart.
    """
    if tables:
        # docxtpl's parser mends what is torn, and so would hide it.
        data, _ = _parsed(part, xml)
        tree = DocxTemplate(io.BytesIO()).fix_tables(data)
    else:
        try:
            tree = etree.fromstring(xml.encode())
        except etree.XMLSyntaxError as error:
            raise _torn(part, xml) from error
    if package.is_needed:
        package.numbered(tree)
    return DECLARATION + str(etree.tostring(tree, encoding="unicode"))


def _numbered(xml: str) -> str:
    """The pictures of the template numbered as docxtpl numbers them, each also where a loop repeats it."""
    numbers = itertools.count(_FIRST_PICTURE)
    return _PICTURE_ID.sub(lambda found: f"{found[1]}{next(numbers)}", xml)


def _located(part: Part, context: Mapping[str, object], error: Exception) -> TemplateError:
    """The error again, from a template with a line for each paragraph, so that its line says where."""
    source, line = lined(part.source), 0
    try:
        environment().from_string(source).render(context)
    except _MISTAKES as again:
        error, line = again, faults.line_of(again)
    return TemplateError((faults.sentence(part.place, source, line, str(error)),))
