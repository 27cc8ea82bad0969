"""The look of the Word plans as Word's own styles, which an editor of a template can change.

Takes an empty document of python-docx, gives it page, fonts and styles. Colours: a dark blue for
structure, greys for furniture; every one holds 4.5 : 1 against its ground.
"""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Inches, Pt, RGBColor
from docx.styles.style import ParagraphStyle

BLUE = "1F3864"
GREY = "595959"
HAIRLINE = "BFC8D6"
TINT = "E4EAF3"
PALE = "F1F4F9"
FONT = "Calibri"
LANGUAGE = "en-US"

ALIGNMENTS = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
ALIGNED = {"Table Number": "right", "Table Mark": "center"}
"""Styles that align by themselves."""

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 8.5, 11.0, 0.8
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
TABLE_STYLE = "PlanTable"
_LABEL_WIDTH = 1.8

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How one paragraph style looks; sizes and spaces in points, indents in inches.

    ``bullet`` is the number of its list in ``_BULLETS``.
    """

    size: float = 10.5
    bold: bool = False
    color: str = ""
    before: float = 0
    after: float = 6
    line: float = 1.1
    base: str = "Normal"
    keep: bool = False
    hanging: float = 0
    indent: float = 0
    tab: float = 0
    align: str = ""
    bar: bool = False
    rule: bool = False
    signature: bool = False
    bullet: int = 0
    ground: str = ""


_LOOKS = {
    "Normal": _Look(base=""),
    "Title": _Look(size=26, bold=True, color=BLUE, after=10, line=1.0, keep=True, rule=True),
    "Subtitle": _Look(size=13, color=GREY, after=2, line=1.0, keep=True),
    "Heading 1": _Look(size=18, bold=True, color=BLUE, before=22, after=6, line=1.0, keep=True),
    "Heading 2": _Look(size=14, bold=True, color=BLUE, before=16, after=4, line=1.0, keep=True),
    "Heading 3": _Look(size=12, bold=True, color=BLUE, before=12, after=3, line=1.0, keep=True),
    "Heading 4": _Look(size=11, bold=True, color=BLUE, before=10, after=3, line=1.0, keep=True),
    "Contents Heading": _Look(size=14, bold=True, color=BLUE, before=16, after=4, line=1.0, keep=True),
    "TOC 1": _Look(size=10, after=1, line=1.0, tab=4.4),
    "TOC 2": _Look(size=10, after=1, line=1.0, tab=4.4, indent=0.2),
    "List Bullet": _Look(after=3, bullet=1),
    "Caption": _Look(size=9.5, color=GREY, before=0, after=4, line=1.0, keep=True),
    "Header": _Look(size=9, color=GREY, after=0, line=1.0, tab=TEXT_WIDTH),
    "Footer": _Look(size=9, color=GREY, after=0, line=1.0, tab=TEXT_WIDTH),
    "Statement": _Look(size=12.5, color=BLUE, before=2, after=6, bar=True, keep=True),
    "Lead": _Look(size=11.5, after=6, keep=True),
    "Objective": _Look(size=11.5, after=4, keep=True),
    "Fact": _Look(after=3, hanging=_LABEL_WIDTH),
    "Fact Bullet": _Look(after=2, bullet=3),
    "Cover Fact": _Look(after=0, line=1.3, hanging=_LABEL_WIDTH, ground=PALE),
    "Picture": _Look(before=4, after=6, line=1.0, keep=True),
    # Not "Note": a style of that name would redefine a tag of PDF's own in tagged PDF.
    "Fine Print": _Look(size=9, color=GREY, before=4, after=4),
    "Provenance": _Look(size=8.5, color=GREY, before=24, after=0),
    "Table Text": _Look(size=9.5, after=0, line=1.05),
    "Table Number": _Look(base="Table Text", size=9.5, after=0, line=1.05, align="right"),
    "Table Mark": _Look(base="Table Text", size=9.5, after=0, line=1.05, align="center"),
    "Table Bullet": _Look(base="Table Text", size=9.5, after=0, line=1.05, bullet=2),
    "Table Heading": _Look(size=9.5, bold=True, color=BLUE, after=0, line=1.0, keep=True),
    "Detail": _Look(base="Table Text", size=8.5, color=GREY, before=2, after=0, line=1.05),
    "Signature Line": _Look(base="Table Text", size=9.5, before=16, after=0, line=1.0, signature=True),
    "Template Tag": _Look(size=8, color=GREY, after=0, line=1.0),
}

_BULLETS = {1: (0.25, 0.18), 2: (0.14, 0.14), 3: (_LABEL_WIDTH + 0.18, 0.18)}
"""The lists by their numbers: where their text begins and how far before it the bullet stands, in inches."""

_TABLE = f"""
<w:style {_W} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
  <w:name w:val="Plan Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{BLUE}"/>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="{HAIRLINE}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{HAIRLINE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="58" w:type="dxa"/><w:left w:w="86" w:type="dxa"/>
      <w:bottom w:w="58" w:type="dxa"/><w:right w:w="86" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/><w:color w:val="{BLUE}"/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/><w:vAlign w:val="bottom"/></w:tcPr>
  </w:tblStylePr>
  <w:tblStylePr w:type="lastRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr><w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{BLUE}"/></w:tcBorders></w:tcPr>
  </w:tblStylePr>
</w:style>"""


def dress(document: Document) -> None:
    """Gives an empty document the page, the language and the styles of the Word plans."""
    _page(document)
    _defaults(document)
    for style in [item for item in document.styles.element.style_lst if _is_spare(item)]:
        document.styles.element.remove(style)
    _lists(document)
    for name, look in _LOOKS.items():
        _paragraph_style(document, name, look)
    document.styles.element.append(parse_xml(_TABLE))
    _modern(document)


def _is_spare(style: object) -> bool:
    """The many table styles of python-docx's own template, which would crowd Word's gallery."""
    attributes = getattr(style, "attrib", {})
    return attributes.get(qn("w:type")) == "table" and attributes.get(qn("w:default")) != "1"


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Inches(PAGE_WIDTH), Inches(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Inches(MARGIN)
    section.top_margin, section.bottom_margin = Inches(0.9), Inches(0.8)
    section.header_distance = section.footer_distance = Inches(0.45)


def _defaults(document: Document) -> None:
    """Font and language of everything that says nothing else."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        for child in list(properties):
            properties.remove(child)
        properties.append(_fonts())
        language = OxmlElement("w:lang")
        for name, value in (("val", LANGUAGE), ("eastAsia", LANGUAGE), ("bidi", "ar-SA")):
            language.set(qn(f"w:{name}"), value)
        properties.append(language)


def _fonts() -> object:
    fonts = OxmlElement("w:rFonts")
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    return fonts


def _paragraph_style(document: Document, name: str, look: _Look) -> None:
    styles = document.styles
    known = {style.name for style in styles}
    style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    for tag in ("w:rPr", "w:pPr"):
        if (old := style.element.find(qn(tag))) is not None:
            style.element.remove(old)
    style.base_style = styles[look.base] if look.base else None
    style.hidden, style.quick_style = False, True
    _type(style, look)
    _space(style, look)
    if name.startswith("Heading"):
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(int(name[-1]) - 1))
        style.element.get_or_add_pPr().append(level)


def _type(style: ParagraphStyle, look: _Look) -> None:
    style.font.size, style.font.bold = Pt(look.size), look.bold
    style.font.name = FONT
    style.font.color.rgb = RGBColor.from_string(look.color or "000000")


def _space(style: ParagraphStyle, look: _Look) -> None:
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(look.before), Pt(look.after)
    spacing.line_spacing, spacing.keep_with_next = look.line, look.keep
    spacing.widow_control = True
    if look.hanging:
        spacing.left_indent, spacing.first_line_indent = Inches(look.hanging), Inches(-look.hanging)
        spacing.tab_stops.add_tab_stop(Inches(look.hanging))
    if look.indent:
        spacing.left_indent = Inches(look.indent)
    if look.tab:
        spacing.tab_stops.add_tab_stop(Inches(look.tab), WD_TAB_ALIGNMENT.RIGHT)
    if look.align:
        spacing.alignment = ALIGNMENTS[look.align]
    if look.bar:
        spacing.left_indent = Inches(0.16)
        _border(style, f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{BLUE}"/>')
    if look.rule:
        _border(style, f'<w:bottom w:val="single" w:sz="8" w:space="4" w:color="{BLUE}"/>')
    if look.signature:
        _border(style, f'<w:bottom w:val="single" w:sz="6" w:space="1" w:color="{GREY}"/>')
    if look.ground:
        _before(
            style,
            ("w:tabs", "w:spacing"),
            f'<w:shd {_W} w:val="clear" w:color="auto" w:fill="{look.ground}"/>',
        )
    if look.bullet:
        number = f'<w:numPr {_W}><w:numId w:val="{look.bullet}"/></w:numPr>'
        _before(style, ("w:tabs", "w:spacing"), number)


def _border(style: ParagraphStyle, side: str) -> None:
    _before(style, ("w:shd", "w:tabs", "w:spacing"), f"<w:pBdr {_W}>{side}</w:pBdr>")


def _before(style: ParagraphStyle, names: tuple[str, ...], xml: str) -> None:
    """Puts a property before the first of some others, in the order of the schema (ECMA-376, CT_PPrBase)."""
    properties = style.element.get_or_add_pPr()
    place = next(item for name in names if (item := properties.find(qn(name))) is not None)
    place.addprevious(parse_xml(xml))


def _lists(document: Document) -> None:
    """One kind of bullet at the depths that the styles ask for, in place of python-docx's many lists."""
    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    for number, (left, hanging) in _BULLETS.items():
        numbering.append(parse_xml(_abstract(number, round(left * 1440), round(hanging * 1440))))
    for number in _BULLETS:
        numbering.append(
            parse_xml(f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )


def _abstract(number: int, left: int, hanging: int) -> str:
    return (
        f'<w:abstractNum {_W} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>'
        '<w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl></w:abstractNum>'
    )


def _modern(document: Document) -> None:
    """Says that the document is written for Word 2013 and later, so that Word opens it as such."""
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compat = parse_xml(
        f'<w:compat {_W}><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    # The schema wants w:compat after these and before the rest (ECMA-376, CT_Settings).
    later = ("w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults")
    place = next((item for item in settings if item.tag in [qn(name) for name in later]), None)
    if place is None:
        settings.append(compat)
    else:
        place.addprevious(compat)
