"""An independent validator of the format, ``openxml-audit``, over every Office file that plbuild writes.

Word documents have no errors. Workbooks have those alone that openpyxl's own plainest workbook has too:
openpyxl writes the parts of a font (name, family, bold, colour, size) in an order of its own, which the
schema does not allow and Excel has always opened; a workbook with one bold cell shows both of the forms
that the validator's message takes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openxml_audit import OpenXmlValidator, ValidationSeverity

from plbuild.pipeline import Report
from tests.support.districts import ROOT


def errors(path: Path) -> Counter[tuple[str, str]]:
    """How often each error, by part and words, is found in a file."""
    result = OpenXmlValidator(max_errors=0).validate(path)
    return Counter(
        (str(item.part_uri), item.description)
        for item in result.errors
        if item.severity is ValidationSeverity.ERROR
    )


def test_no_word_document_has_an_error(built: dict[str, tuple[Report, Path]]) -> None:
    paths = [path for _, out in built.values() for path in sorted(out.rglob("*.docx"))]
    assert len(paths) == 9 + 2 + 2 + 8 + 2
    paths += sorted((ROOT / "output_templates").glob("*.docx"))
    assert {str(path): found for path in paths if (found := errors(path))} == {}


@pytest.fixture(scope="module")
def plainest(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """The errors of openpyxl's plainest workbook, with one cell in bold."""
    path = tmp_path_factory.mktemp("plain") / "plain.xlsx"
    book = Workbook()
    book.worksheets[0]["A1"].font = Font(name="Calibri", bold=True)
    book.save(path)
    return set(errors(path))


def test_openpyxl_itself_has_two_errors(plainest: set[tuple[str, str]]) -> None:
    assert plainest == {
        ("/xl/styles.xml", "Unexpected element 'b' found"),  # bold after the name
        ("/xl/styles.xml", "Unexpected element 'color' found"),  # the colour after the name
    }


def test_workbooks_have_no_errors_but_those_of_openpyxl(
    built: dict[str, tuple[Report, Path]], plainest: set[tuple[str, str]]
) -> None:
    paths = [path for _, out in built.values() for path in sorted(out.rglob("*.xlsx"))]
    assert sum("returned" in path.parts for path in paths) == 1
    paths += sorted((ROOT / "workbook_templates").glob("*.xlsx"))
    found = {str(path): rest for path in paths if (rest := set(errors(path)) - plainest)}
    assert found == {}
