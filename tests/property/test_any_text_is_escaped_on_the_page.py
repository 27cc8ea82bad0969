"""Whatever a workbook says, the page holds it as text and nothing else, and never fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from plbuild.model import Column, Rollup, Table
from plbuild.page import Address, Changed, html
from tests.support.pages import held, note, page, row

_MARKUP = (
    "<",
    ">",
    "&",
    '"',
    "'",
    "</script>",
    "<!--",
    "-->",
    "]]>",
    "{{",
    "}}",
    "{%",
    "javascript:",
    "\x00",
    "\ud800",
    "\u202e",
)
TEXTS = st.lists(st.sampled_from(_MARKUP) | st.text(max_size=8), max_size=6).map(
    lambda parts: "".join(["x", *parts])
)
VALUES = st.none() | TEXTS | st.integers() | st.decimals() | st.dates()


@settings(max_examples=40, deadline=None)
@given(said=TEXTS, cell=VALUES, number=VALUES)
def test_the_page_is_what_it_is_with_plain_words(
    said: str, cell: str | int | Decimal | date | None, number: str | int | Decimal | date | None
) -> None:
    """The elements and attributes of a page do not depend on the texts in it."""
    assert _shape(said, cell, number) == _shape("plain", "x", 1)


def _shape(
    said: str, cell: str | int | Decimal | date | None, number: str | int | Decimal | date | None
) -> list[tuple[str, ...]]:
    columns = (Column(name="goal", title=said), Column(name="number", title=said, type="decimal"))
    table = Table(name="targets", title=said or "-", note=said, columns=columns, rows=((cell, number),))
    found = note(message=said, fix=said, sheet=said or "-", cells=(said,), file=said)
    rows = (
        held(
            said,
            id=said,
            files=(said, said),
            reason=said or "-",
            findings=(found,),
            marked=(Address(name=said, path=said),),
        ),
        row(name=said, title=said, plan=f"plans/{said}", notes=f"notes/{said}"),
    )
    made = html(
        page(
            *rows, district=said, plan_year=said, contact=said or "-", faults=(said,), passed_over=(said,),
            others=((said, (found,)),), rollup=Rollup(tables=(table,), records=()), since=date(2026, 1, 1),
            changed=(Changed(id=said, name=said, title=said, words=(said,)),),
        )
    )  # fmt: skip
    tree = lxml_html.document_fromstring(made.decode("utf-8"))
    return [(str(item.tag), *sorted(map(str, item.attrib))) for item in tree.iter()]
