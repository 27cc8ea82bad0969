"""XML that anybody may have written costs no more than it should."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plbuild.intake.cells import MAX_KEPT, Cell, Context, read_sheet, shared_strings
from plbuild.intake.stream import Allowance, ForbiddenXmlError, TooLargeError, elements

CONTEXT = Context(["a", "b" * 30_000], [])


def pieces(xml: bytes) -> Iterator[bytes]:
    """A part as it comes out of a package."""
    for start in range(0, len(xml), 1 << 16):
        yield xml[start : start + (1 << 16)]


def sheet(rows: bytes) -> Iterator[bytes]:
    """A sheet's part around its rows."""
    return pieces(b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(b"<a>" * 200_000, id="depth"),
        pytest.param(b"<!--" + b"x" * 5_000_000 + b"-->", id="a comment without end"),
        pytest.param(b'<row a="' + b"x" * 5_000_000 + b'"/>', id="an attribute without end"),
        pytest.param(b"<row " + b" ".join(b'a%d=""' % n for n in range(50_000)) + b"/>", id="attributes"),
        pytest.param(b"".join(b"<a%d/>" % n for n in range(50_000)), id="names of elements"),
        pytest.param(b"".join(b'<c a%d=""/>' % n for n in range(50_000)), id="names of attributes"),
    ],
)
def test_what_is_out_of_all_proportion_is_refused(rows: bytes) -> None:
    with pytest.raises(ForbiddenXmlError):
        read_sheet(sheet(rows), CONTEXT, Allowance())
    with pytest.raises(ForbiddenXmlError):
        elements(sheet(rows), ("v",), Allowance())


@pytest.mark.parametrize(
    "declaration",
    [
        b"<!DOCTYPE worksheet>",
        b'<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "http://127.0.0.1/a">]>',
        b'<?xml version="1.0" encoding="klingon"?>',
    ],
)
def test_a_document_type_and_an_unknown_encoding_are_refused(declaration: bytes) -> None:
    part = declaration + b"<worksheet><sheetData/></worksheet>"
    with pytest.raises(ForbiddenXmlError):
        read_sheet([part], CONTEXT, Allowance())
    with pytest.raises(ForbiddenXmlError):
        shared_strings([part], Allowance())
    with pytest.raises(ForbiddenXmlError):
        elements([part], ("row",), Allowance())


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        pytest.param(b"<row/>" * 1_000_001, "tags", id="tags"),
        pytest.param(b"<row>" + b"<c><v>1</v></c>" * 75_001 + b"</row>", "cells", id="cells"),
        pytest.param(b'<row>' + b'<c t="s"><v>1</v></c>' * 700 + b"</row>", "characters", id="characters"),
    ],
)  # fmt: skip
def test_more_than_any_plan_holds_is_refused_in_words(rows: bytes, what: str) -> None:
    with pytest.raises(TooLargeError, match=f"it holds more {what} than any plan"):
        read_sheet(sheet(rows), CONTEXT, Allowance())


def test_an_allowance_is_for_the_whole_workbook() -> None:
    allowance = Allowance()
    rows = b"<row>" + b"<c><v>1</v></c>" * 40_000 + b"</row>"
    assert len(read_sheet(sheet(rows), CONTEXT, allowance)) == 40_000
    with pytest.raises(TooLargeError):
        read_sheet(sheet(rows), CONTEXT, allowance)


def test_a_text_that_is_longer_than_excel_can_hold_is_kept_so_far_that_its_length_can_be_told() -> None:
    rows = b'<row><c r="A1" t="inlineStr"><is><t>' + b"x" * 3_000_000 + b"</t></is></c></row>"
    assert read_sheet(sheet(rows), CONTEXT, Allowance()) == {(1, 1): Cell("x" * MAX_KEPT)}
    found = shared_strings(pieces(b"<sst><si><t>" + b"y" * 3_000_000 + b"</t></si></sst>"), Allowance())
    assert found == ["y" * MAX_KEPT]


def test_a_cell_without_a_place_follows_the_one_before_it() -> None:
    rows = (
        b'<row r="3"><c><v>1</v></c><c/><c><v>2</v></c><c r="F3"><v>3</v></c><c><v>4</v></c></row>'
        b"<row><c><v>5</v></c></row>"
    )
    assert {place: cell.value for place, cell in read_sheet(sheet(rows), CONTEXT, Allowance()).items()} == {
        (3, 1): 1.0,
        (3, 3): 2.0,
        (3, 6): 3.0,
        (3, 7): 4.0,
        (4, 1): 5.0,
    }


def test_elements_come_in_order_with_their_own_text() -> None:
    part = b'<x:a xmlns:x="x"><x:b id="1" x:n="2">one<c/>two</x:b><b>&lt;three&#33;</b></x:a>'
    found = elements([part], ("a", "b"), Allowance())
    assert [(one.tag, one.text, one.attribute("n")) for one in found] == [
        ("a", "", ""),
        ("b", "one", "2"),
        ("b", "<three!", ""),
    ]
