"""Whatever is typed wherever into a workbook: it is in a record, or in a finding, or it was printed there.

What a record or a finding says was entered is compared with what was typed, white space aside.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild import intake
from plbuild.model import Finding, Submission
from tests.support.damage.surgery import Content, Workbook, ref
from tests.support.filled import cedar_valley, read, workbook

EXTRA = "Extra"
LAST_ROW, LAST_COL = 1_048_576, 16_384
# The stamps stand there; whose plan a sheet is, is another law's.
STAMPED = {"B1", "C1", "D1", "E1", "F1"}

Place = tuple[str, str]
Cells = dict[Place, str]


@cache
def filled() -> bytes:
    """The filled workbook of one school, with a sheet of its own added."""
    book = Workbook(workbook())
    book.add_sheet(EXTRA)
    return book.saved()


@cache
def printed() -> Cells:
    """What stood in it that was no answer: all of it was printed by the district."""
    answers = entered(read(filled())[0])
    return {place: text for place, text in cells(filled()).items() if place not in answers}


_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_SHOWN = re.compile(r"<(?:v|t)(?: [^>]*)?>(.*?)</(?:v|t)>", re.DOTALL)


def cells(data: bytes) -> Cells:
    """Every cell that shows something, read by nothing that intake uses."""
    book = Workbook(data)
    found = {}
    for title in book.titles:
        for place, inner in _CELL.findall(book.parts[book.part(title)].decode()):
            text = html.unescape("".join(_SHOWN.findall(inner)))
            if text.strip():
                found[title, place] = text
    return found


_TEXTS = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00ad\ufeff"),
    min_size=1,
    max_size=40,
) | st.sampled_from(
    ["Area", "Mission", "N1", "O1", "G1", "none", "N/A", "Your school", "No.", "1", "5%", "=1", "x" * 2000]
)
_CONTENTS: st.SearchStrategy[Content] = (
    _TEXTS | st.floats(-(10**9), 10**9, allow_nan=False).map(lambda x: round(x, 3)) | st.booleans()
)
_NEAR = st.tuples(st.integers(1, 64), st.integers(1, 26))
_FAR = st.sampled_from([(LAST_ROW, LAST_COL), (LAST_ROW, 4), (6, LAST_COL), (500, 4), (7, 200)])
_WRITTEN = st.dictionaries(
    st.tuples(st.integers(0, 14), st.one_of(_NEAR, _NEAR, _NEAR, _FAR)), _CONTENTS, min_size=1, max_size=12
)


@settings(deadline=None, max_examples=80)
@given(written=_WRITTEN)
def test_every_cell_is_accounted_for(written: dict[tuple[int, tuple[int, int]], Content]) -> None:
    """The law."""
    book = Workbook(filled())
    titles = book.titles
    for (sheet, (row, col)), value in written.items():
        if ref(row, col) not in STAMPED:
            book.put(titles[sheet], ref(row, col), value)
    data = book.saved()
    submissions, findings = intake.read(cedar_valley().spec, "plan.xlsx", data)
    answers = entered(submissions)
    lost = {
        place: text
        for place, text in cells(data).items()
        if printed().get(place) != text
        and not is_said(text, [*answers.get(place, ()), *said(findings, place)])
        and not is_said(text, twins(findings, place[0], text))
    }
    assert lost == {}


def entered(submissions: tuple[Submission, ...]) -> dict[Place, list[str]]:
    """What the records say was entered, by cell."""
    found: dict[Place, list[str]] = {}
    for item in submissions:
        for records in item.sections.values():
            for record in records:
                for answer in record.answers.values():
                    if answer.entered:
                        found.setdefault((record.sheet, answer.cell), []).append(answer.entered)
    return found


def said(findings: tuple[Finding, ...], place: Place) -> Iterator[str]:
    """What the findings at a cell, or over a sheet's further cells, say was entered."""
    for finding in findings:
        if (finding.where.sheet, finding.where.cell) == place:
            yield finding.entered
        elif finding.code == "typed-outside-many" and finding.where.sheet == place[0]:
            yield from finding.entered.split("\n")


def twins(findings: tuple[Finding, ...], sheet: str, text: str) -> list[str]:
    """What findings on a sheet say was entered, for a text that the sheet also prints.

    Where such a text stands once more than it was printed, nobody can tell which of the cells is the
    printed one; the finding may then name the other.
    """
    if not any(home == sheet and is_said(text, [other]) for (home, _), other in printed().items()):
        return []
    return [item.entered for item in findings if item.where.sheet == sheet]


def is_said(text: str, texts: list[str]) -> bool:
    """Whether a cell's stored content is among what was entered: text, number, truth value or date."""
    wanted = " ".join(text.split())
    for found in texts:
        if " ".join(found.split()) == wanted or re.fullmatch(
            r"[0-9]+/[0-9]+/[0-9]{4}.*|[0-9]+:[0-9]{2}", found
        ):
            return True
        if (found, text) in (("TRUE", "1"), ("FALSE", "0")):
            return True
        try:
            if float(found.rstrip("%")) in (float(text), round(float(text) * 100, 9)):
                return True
        except ValueError:
            continue
    return False
