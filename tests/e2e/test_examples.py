"""The filled workbooks in ``examples/`` say what the texts in ``tests/data`` say.

Where this fails after a change of the specs or the blank workbook: ``python -m tests.support.make_examples``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from plbuild import archive, intake
from tests.support.districts import EXAMPLES, Example, example
from tests.support.fill import expected, records
from tests.support.make_examples import LARGEST, riverside_with_mistakes, without_ids

FILES = sorted(EXAMPLES.glob("*/submissions/**/*.xlsx"))
SECOND_VERSION = "MRHS plan v2 (final).xlsx"


@pytest.fixture(scope="module", params=["cedar-valley", "maple-ridge"])
def district(request: pytest.FixtureRequest) -> Example:
    """Each of the example districts."""
    return example(request.param)


def test_every_plan_in_the_submissions_reads_as_its_text(district: Example) -> None:
    texts = district.texts()
    if district.folder == "maple-ridge":
        riverside = riverside_with_mistakes(district)
        texts[riverside.owner.id] = riverside.answers
    received = set()
    for path in sorted((EXAMPLES / district.folder / "submissions").rglob("*.xlsx")):
        submissions, findings = intake.read(district.spec, path.name, path.read_bytes())
        assert [item.code for item in findings if item.severity == "error"] == []
        for item in submissions:
            plan = district.spec.plan(item.kind)
            owner = district.roster.owner(plan, item.plan_id)
            assert owner is not None
            received.add(owner.id)
            if path.name != SECOND_VERSION:
                wanted = expected(texts[owner.id], plan, owner.columns)
                assert without_ids(records(item), "resources") == without_ids(wanted, "resources")
    assert received == set(texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_workbook_is_small_and_comes_from_a_known_program(path: Path) -> None:
    data = path.read_bytes()
    assert len(data) < LARGEST
    assert maker(data) in ("Excel", "LibreOffice", "Gnumeric")


def test_most_programs_had_their_hands_on_the_good_example() -> None:
    makers = [maker(path.read_bytes()) for path in FILES if "cedar-valley" in path.parts]
    assert (makers.count("LibreOffice"), makers.count("Gnumeric")) == (3, 1)


def maker(data: bytes) -> str:
    """The program that saved a workbook last; openpyxl signs as Excel."""
    about = archive.read(data)["docProps/app.xml"].decode()
    return next(
        (name for name in ("LibreOffice", "Gnumeric", "Excel") if name.casefold() in about.casefold()), ""
    )
