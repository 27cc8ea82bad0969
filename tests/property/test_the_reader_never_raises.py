"""Whatever bytes are handed in, intake and the checks answer with findings, never with an exception.

And however a sheet is written, the quick way of reading it and the careful one agree.
"""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild import archive
from plbuild.intake import quick
from plbuild.model import Place
from tests.support.damage.files import PARTS_READ, zipped
from tests.support.filled import read, workbook

_BEGINNINGS = st.sampled_from(
    (
        b"", b"PK", b"PK\3\4", b"PK\5\6" + bytes(18), b"%PDF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<html>", b"\xff\xfe", b"\xfe\xff\0", b"\xef\xbb\xbf", b"L\0\0\0\1\x14\2\0",
        b"[InternetShortcut]", b"a,b\n", b"\n",
    )
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(beginning=_BEGINNINGS, rest=st.binary(max_size=300))
def test_arbitrary_bytes(beginning: bytes, rest: bytes) -> None:
    """A file that is no workbook is one finding about the file."""
    submissions, (found,) = read(beginning + rest)
    assert (submissions, found.severity) == ((), "error")
    assert found.where == Place(file="plan.xlsx")


_NAMES = st.sampled_from(
    [
        "xl/workbook.xml",
        "[Content_Types].xml",
        "mimetype",
        "a.xlsx",
        "b/c.zip",
        "../d.pdf",
        "e/",
        "xl/vbaProject.bin",
    ]
) | st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)


@settings(deadline=None, max_examples=100)
@given(members=st.dictionaries(_NAMES, st.binary(max_size=60), max_size=6))
def test_arbitrary_zips(members: dict[str, bytes]) -> None:
    """A zip of anything."""
    submissions, findings = read(zipped(members))
    assert submissions == ()
    assert findings


# Where a part is cut (in thousandths), how much goes, and what comes in its place.
_PIECES = st.sampled_from(
    (
        b"<v>", b"</v>", b"<c", b'<c r="D6">', b"</c>", b"<is><t>", b"</row>", b'<row r="0">', b"<row>", b"<f/>",
        b't="s"', b't="b"', b't="e"', b't="d"', b't="str"', b's="99999"', b's="-1"', b' r="A0"', b' r="ZZZ9"',
        b"1E999", b"-1", b"9" * 400, b"NaN", b"&#0;", b"&amp;", b"&lt;", b"&x;", b"]]>", b"<!-- ", b"-->", b"\0",
        b"\xff", b"\xc3", b'"', b"'", b"<![CDATA[x]]>", b"<?x?>", b'localSheetId="99"', b"$", b"!", b"#REF!",
    )
) | st.binary(max_size=8)  # fmt: skip
_CUTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 12), _PIECES), min_size=1, max_size=3)
_PARTS = st.sampled_from((*PARTS_READ, *(f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 4, 10))))


def mutated(content: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """A part with pieces of it replaced."""
    for place, length, piece in cuts:
        start = len(content) * place // 1000
        content = content[:start] + piece + content[start + length :]
    return content


@settings(deadline=None, max_examples=120)
@given(part=_PARTS, cuts=_CUTS)
def test_mutated_parts(part: str, cuts: list[tuple[int, int, bytes]]) -> None:
    """Neither reader raises; and where the careful one can read a workbook, the quick one reads the same."""
    members = archive.read(workbook())
    data = zipped({**members, part: mutated(members[part], cuts)})
    quickly = read(data)
    with patch.object(quick, "sheet", return_value=None), patch.object(quick, "strings", return_value=None):
        carefully = read(data)
    if [finding.code for finding in carefully[1]] != ["file-unreadable"]:
        assert quickly == carefully


@settings(deadline=None, max_examples=60)
@given(cuts=_CUTS)
def test_mutated_files(cuts: list[tuple[int, int, bytes]]) -> None:
    """Bytes changed anywhere in the package, its directory included."""
    read(mutated(workbook(), cuts))
