"""What is read quickly is what a parser reads.

``quick`` takes cells, strings, styles and names out of a part with regular expressions, and leaves to the
parser whatever is not written as office programs write it. Whatever it does take must be the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plbuild.intake import package, quick
from plbuild.intake.cells import Cells, Context, format_kind, read_sheet, shared_strings
from plbuild.intake.stream import Allowance, ForbiddenXmlError, TooLargeError
from tests.support.districts import EXAMPLES

SHARED = ["Goals", "", "  spaced  ", "a\nb", "<&>", "_x000B_", "0"]
FORMATS = ["", "date", "percent", ""]
CONTEXT = Context(SHARED, FORMATS)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_REFUSED = (expat.ExpatError, ForbiddenXmlError, TooLargeError, ValueError, IndexError, UnicodeError)


def parsed(part: bytes, context: Context = CONTEXT) -> Cells | None:
    """The cells that the parser reads; None where it refuses the part."""
    try:
        return read_sheet([part], context, Allowance())
    except _REFUSED:
        return None


def sheet(rows: str, head: str = "", tail: str = "") -> bytes:
    """A sheet's part around its rows."""
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


# ------------------------------------------------------------------------ what programs write

# The characters that XML allows (1.0, 2.2).
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda char: char >= " " or char in "\t\n\r"
)
_TEXTS = st.text(_CHARACTERS, max_size=20) | st.sampled_from(
    ["", " ", "\r\n", "]]>", "&amp;", "_x000D_", "0"]
)
_ESCAPES = (
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"},
    {"&": "&#38;", "<": "&#60;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;"},
    {"&": "&#x26;", "<": "&#x3C;", ">": "&#62;", "é": "&#xe9;", "\t": "&#9;"},
)


@st.composite
def escaped(draw: st.DrawFn) -> str:
    """A text as XML, its characters escaped in one of the ways in which programs escape them."""
    text, escapes = draw(_TEXTS), draw(st.sampled_from(_ESCAPES))
    ascii_only = draw(st.booleans())
    chars = (escapes.get(char, char) for char in text)
    return "".join(
        f"&#{ord(char)};" if ascii_only and len(char) == 1 and char > "~" else char for char in chars
    )


_SPACE = st.sampled_from(["", ' xml:space="preserve"'])
_FORMULAS = st.sampled_from(
    ["", "", "", "<f>SUM(A1:B2)</f>", '<f aca="false">A1&amp;&quot;x&quot;</f>', '<f t="shared" si="0"/>',
     '<f t="array" ref="A1:B2">A1</f>', "<f/>", "<f></f>"]
)  # fmt: skip
_NUMBERS = st.floats().map(str) | st.integers().map(str) | st.sampled_from(
    ["1E3", " 12 ", "1_000", "nan", "-inf", "abc", "", "46281", "0.05", "1e999", "-0", "\u0661"]
)  # fmt: skip
_INDEXES = st.integers(0, len(SHARED) - 1).map(str)
_BAD_INDEXES = st.sampled_from(["-1", "99", "1.0", "x", "", " 1", "00"])
_RUNS = st.sampled_from(
    ["<r><rPr><b/></rPr><t>bold</t></r><r><t xml:space=\"preserve\"> rest</t></r>", "<t>漢字</t><rPh sb=\"0\" eb=\"1\"><t>かんじ</t></rPh>",
     "<t/>", "", "<r><t>a&amp;b</t></r>"]
)  # fmt: skip


@st.composite
def content(draw: st.DrawFn) -> tuple[str, str]:
    """The type of a cell and what stands in it."""
    kind = draw(
        st.sampled_from(["", "n", "s", "s", "str", "inlineStr", "inlineStr", "b", "e", "d", "unknown"])
    )
    formula, space = draw(_FORMULAS), draw(_SPACE)
    if kind == "inlineStr":
        inner = draw(st.builds("<t{}>{}</t>".format, _SPACE, escaped()) | _RUNS)
        return kind, f"{formula}<is>{inner}</is>"
    values: st.SearchStrategy[str] = {
        "s": _INDEXES,
        "b": st.sampled_from(["0", "1", "true", "false", ""]),
        "e": st.sampled_from(["#REF!", "#N/A", "#DIV/0!", ""]),
        "d": st.sampled_from(["2026-09-15", "2026-09-15T10:30:00Z", "soon", ""]),
        "str": escaped(),
        "unknown": escaped(),
    }.get(kind, _NUMBERS)
    value = draw(values)
    written = draw(st.sampled_from([f"<v{space}>{value}</v>", f"<v>{value}</v>", "<v/>", ""]))
    return kind, formula + written


@st.composite
def cell(draw: st.DrawFn, row: int, col: str) -> str:
    """A cell: empty in one of three ways, or with something in it."""
    style = draw(st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="99"']))
    if draw(st.integers(0, 3)) == 0:
        return f'<c r="{col}{row}"{style}' + draw(st.sampled_from(["/>", "></c>"]))
    kind, inner = draw(content())
    if not inner:
        return f'<c r="{col}{row}"{style}></c>'
    gap = draw(st.sampled_from(["", "", "", "\n  "]))
    return f'<c r="{col}{row}"{style}' + (f' t="{kind}"' if kind else "") + f">{gap}{inner}{gap}</c>"


@st.composite
def rows(draw: st.DrawFn) -> str:
    """Some rows, the way in which programs write them."""
    attributes = draw(st.sampled_from(["", ' spans="1:6" ht="15" customHeight="1" x14ac:dyDescent="0.25"']))
    gap = draw(st.sampled_from(["", "", "\n    ", "\r\n"]))
    written = []
    for row in draw(st.lists(st.integers(1, 1_048_576), max_size=4, unique=True)):
        cells = [draw(cell(row, col)) for col in draw(st.sampled_from(["", "A", "AC", "ABX"]))]
        inner = "".join(gap + one for one in cells)
        written.append(
            f'{gap}<row r="{row}"{attributes}>{inner}{gap}</row>' if inner else f'<row r="{row}"/>'
        )
    return "".join(written)


@settings(deadline=None, max_examples=400)
@given(rows=rows())
def test_a_sheet_as_programs_write_it(rows: str) -> None:
    """The law for sheets."""
    part = sheet(rows)
    found = quick.sheet(part, CONTEXT)
    if found is None:
        assert "<rPh" in rows or "<r>" in rows or "<f" in rows or re.search(r"<is>(<t/>)?</is>", rows)
    else:
        assert found == parsed(part)


@settings(deadline=None, max_examples=200)
@given(rows=rows())
@example(
    rows='<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>&#233;é</t></is></c></row>'
)
@example(
    rows='<row r="1"><c r="A1" s="1"></c><c r="B1" t="s">\n<v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
)
def test_the_texts_of_a_sheet(rows: str) -> None:
    """Where a sheet is said to hold nothing but texts, they are those of its cells."""
    part = sheet(rows)
    found = quick.texts(part, CONTEXT)
    if found is not None:
        cells = parsed(part)
        assert cells is not None
        assert [text for text in found if text] == [cell.value for cell in cells.values()]


# ------------------------------------------------------------------------- and what they do not

_SLIPS = st.sampled_from(
    ["<", ">", "/", '"', "'", "&", ";", "\0", "\x0b", "\ufffe", "\ufffd", " ", "<!-- x -->", "<![CDATA[<v>]]>", "<?x y?>",
     "&nbsp;", "&#0;", "&#11;", "&#xD800;", "&#1114112;", "<v>1</v>", "</c>", "<c>", "<c r=\"A1\"><v>7</v></c>", "</row>", "<x:c",
     "<t>x</t>", "</sheetData>", "<sheetData>", " t=\"b\"", " cm=\"1\"", " r=\"B2\"", "r='A1'", "É", "inlineStr"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sheet with slips in it: something put in, left out, or in another place."""
    text = sheet(draw(rows())).decode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        stop = start + draw(st.sampled_from([0, 0, 1, 1, 5]))
        text = text[:start] + draw(st.just("") | _SLIPS) + text[stop:]
    return text.encode()


@settings(deadline=None, max_examples=600)
@given(part=damaged())
@example(part=sheet('<row r="1"><c r="A1"><c r="B1"><v>2</v></c></c></row>'))
@example(part=sheet('<row r="1"><c r="A1">5<f>A2</f>6<v>7</v>8</c></row>'))
@example(
    part=sheet('<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>')
)
@example(part=sheet('<row r="1"><c t="n" s="1" r="A1"><v>46281</v></c></row>'))
@example(
    part=sheet('<row r="1"><c r="A1" t="s"><is><t>0</t></is></c><c r="B1" t="inlineStr"><v>x</v></c></row>')
)
@example(part=sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'))
@example(part=sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'))
@example(part=sheet("", head="<!DOCTYPE worksheet>"))
@example(part=sheet("", head='<?xml version="1.0" encoding="ISO-8859-1"?>'))
@example(part=sheet("", tail="<!-- <sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData> -->"))
@example(
    part=sheet(
        "", tail='<extLst><ext><x14:c r="A1"><xm:f>A1</xm:f></x14:c><c r="A2"><v>1</v></c></ext></extLst>'
    )
)
@example(part=b"<worksheet><sheetData/></worksheet>")
@example(
    part=b'<x:worksheet xmlns:x="x"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
)
@example(part=sheet('<row r="1"><c r="A1"><v>1</v></c></row>').decode().encode("utf-16"))
def test_a_sheet_as_nobody_writes_it(part: bytes) -> None:
    """The law for sheets that are written otherwise, or not well: where both read it, they read the same."""
    found, wanted = quick.sheet(part, CONTEXT), parsed(part)
    assert found is None or wanted is None or found == wanted


@pytest.mark.parametrize("part", [b"", b"<", b"<sheetData>", sheet("")[:-9], sheet("<row")])
def test_what_is_no_sheet_is_left_to_the_parser(part: bytes) -> None:
    found = quick.sheet(part, CONTEXT)
    assert found is None or found == parsed(part)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><!-- x --></row>',
        '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\x0b</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\ufffe</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&#11;</v></c></row>',
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><extLst/></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
    ],
)
def test_what_is_not_written_plainly_is_left_to_the_parser(rows: str) -> None:
    assert quick.sheet(sheet(rows), CONTEXT) is None


@pytest.mark.parametrize(
    "piece",
    ['<c r="', '<c r="A1"', '<c r="A1">', '<c r="A1">' + " " * 999, '<c r="A1"><f', '<c r="A1"><f></f>', '<c r="A1"><v>',
     '<c r="A1"><v>1</v>', '<c r="A1" t="inlineStr"><is>  <t>x</t>', "<", "<row ", "<row>", "&amp;", "</c>"],
)  # fmt: skip
def test_a_sheet_that_repeats_itself_takes_no_longer_than_its_length(piece: str) -> None:
    """Or this test would not end."""
    part = sheet(piece * ((quick.LARGEST - 200) // len(piece)))
    found, wanted = quick.sheet(part, CONTEXT), parsed(part)
    assert found is None or wanted is None or found == wanted


@pytest.mark.parametrize(
    "piece",
    [
        "<si>",
        "<si><",
        "<si><t>",
        "<si>" + " " * 99,
        "<si><r>",
        "<si><t>x</t>",
        "<si><t>&#</t></si>",
        "</si>",
        "<si/>",
    ],
)
def test_strings_that_repeat_themselves_take_no_longer_than_their_length(piece: str) -> None:
    """Likewise; styles and names are searched in the same way."""
    text = piece * ((quick.LARGEST - 200) // len(piece))
    assert quick.strings(f"<sst>{text}</sst>".encode()) is None or piece == "<si/>"
    attributes = piece.strip("<>/") + " numFmtId name="
    text = attributes * ((quick.LARGEST - 200) // len(attributes))
    for tag in ("<xf ", "<xf"):
        assert (
            quick.formats(f'<styleSheet><cellXfs count="1">{tag}{text}</cellXfs></styleSheet>'.encode())
            is None
        )
    assert (
        quick.names(f"<workbook><definedNames><definedName {text}</definedNames></workbook>".encode()) is None
    )


# ----------------------------------------------------------------------------------- strings


@settings(deadline=None, max_examples=200)
@given(
    items=st.lists(st.builds("<t{}>{}</t>".format, _SPACE, escaped()) | _RUNS, max_size=6),
    gap=st.sampled_from(["", "\n", " "]),
    slip=st.just("") | _SLIPS,
    at=st.integers(0, 300),
)
def test_shared_strings(items: Sequence[str], gap: str, slip: str, at: int) -> None:
    """The law for shared strings, with and without a slip in them."""
    inner = "".join(f"{gap}<si>{gap}{item}{gap}</si>" for item in items)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="{MAIN}" count="9">{inner}{gap}</sst>'
    part = (text[:at] + slip + text[at:]).encode()
    try:
        wanted = shared_strings([part], Allowance())
    except _REFUSED:
        return
    found = quick.strings(part)
    assert found == wanted if not slip and "&#" not in inner else found in (None, wanted)


# --------------------------------------------------------------------- on every example workbook

WORKBOOKS = sorted(EXAMPLES.glob("*/submissions/**/*.xlsx"))


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_every_example_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is read quickly, and is what the parser reads."""
    quickly = whole(path)
    for name in ("sheet", "strings", "formats", "names"):
        read = getattr(quick, name)

        def left_to_the_parser(*arguments: object, read: object = read) -> None:
            assert callable(read)
            assert read(*arguments) is not None

        monkeypatch.setattr(quick, name, left_to_the_parser)
    assert whole(path) == quickly


def whole(path: Path) -> list[object]:
    """All that a workbook holds, as intake sees it."""
    book = package.Book(path.read_bytes())
    return [(one, book.cells(one), book.comments(one)) for one in book.sheets]


@pytest.mark.parametrize(
    ("styles", "wanted"),
    [
        ('<cellXfs count="2"><xf numFmtId="14"/><xf fontId="1" numFmtId="9"><a/></xf></cellXfs>', ["date", "percent"]),
        ('<numFmts count="1"><numFmt numFmtId="164" formatCode="&quot;y&quot;0"/></numFmts>'
         '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="164"/></cellXfs>', [""]),
        ('<numFmts count="1"><numFmt formatCode="m/d/yy" numFmtId="164"/></numFmts><cellXfs count="1"><xf numFmtId="164"/></cellXfs>',
         ["date"]),
        ('<cellXfs count="1"><xf fontId="1"/></cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs>', [""]),
        ("", []),
    ],
)  # fmt: skip
def test_number_formats(styles: str, wanted: list[str]) -> None:
    part = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()
    parsed = tuple(package.number_formats([part], Allowance()))
    assert [format_kind(*one) for one in parsed] == wanted
    assert quick.formats(part) in (None, parsed)


def test_what_the_workbooks_of_a_district_share_is_read_once() -> None:
    """And for one with other names or styles, it is read anew."""
    styles, others = (
        f'<styleSheet><cellXfs count="1"><xf numFmtId="{number}"/></cellXfs></styleSheet>'.encode()
        for number in (14, 9)
    )
    assert quick.formats(styles) is quick.formats(bytes(bytearray(styles)))
    assert quick.formats(others) == ((9, ""),)
    ours, theirs = (
        f'<workbook><definedNames><definedName name="pl_id">{target}</definedName></definedNames></workbook>'
        for target in ("A!$B$1", "A!$C$1")
    )
    saved = ours.replace("</workbook>", "<calcPr/></workbook>")
    first, again = quick.names(ours.encode()), quick.names(saved.encode())
    assert first
    assert again
    assert first[0] is again[0]
    assert quick.names(theirs.encode()) == ((("pl_id", "", "A!$C$1"),), [b"<workbook>", b"</workbook>"])


def test_a_large_part_is_left_to_the_parser() -> None:
    """So that no hostile part is read as a whole."""
    part = sheet(" " * quick.LARGEST)
    assert quick.sheet(part, CONTEXT) is None
    assert quick.strings(part) is None


def test_a_part_that_is_longer_than_it_says_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("xl/workbook.xml", b"<workbook>" + b" " * 1_000_000 + b"</workbook>")
    size = (1_000_021).to_bytes(4, "little")
    assert buffer.getvalue().count(size) == 2
    with pytest.raises(package.UnreadableError, match="damaged"):
        package.Book(buffer.getvalue().replace(size, (100).to_bytes(4, "little")))


def test_more_names_than_a_district_has_are_left_to_the_parser() -> None:
    """So that what is remembered of hostile workbooks stays small."""
    name = '<definedName name="pl_id" localSheetId="0">A!$B$1</definedName>'
    parts = [
        f"<workbook><definedNames>{name * count}</definedNames></workbook>".encode()
        for count in (100, 10_000)
    ]
    assert [quick.names(part) is not None for part in parts] == [True, False]


@pytest.mark.parametrize("value", ["1", "46281", "#REF!", "true", "2026-09-15"])
def test_equal_values_of_cells_of_other_types_and_shapes_are_not_taken_for_each_other(value: str) -> None:
    """A value is remembered with all that says what it is."""
    kinds = ["", ' t="n"', ' t="b"', ' t="e"', ' t="d"', ' t="str"', ' t="x"']
    shapes = ["", ' s="1"', ' s="2"']
    written = [f"{shape}{kind}>{f}" for kind in kinds for shape in shapes for f in ("", "<f>A1</f>")]
    rows = (
        f'<row r="{n}"><c r="A{n}"{one}<v>{value}</v></c></row>' for n, one in enumerate(written, start=1)
    )
    part = sheet("".join(rows))
    found = quick.sheet(part, CONTEXT)
    assert found is not None
    assert repr(found) == repr(parsed(part))
