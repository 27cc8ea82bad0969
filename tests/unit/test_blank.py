"""The blank workbook: the contract's names and stamps, cell rules, protection, print set-up, no formula in an answer."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.districts import Example

from plbuild import archive, blank, intake
from plbuild.blank.layout import tab_titles
from plbuild.model import PlanSpec, Section


@pytest.fixture(scope="module")
def data(cedar_valley: Example) -> bytes:
    """One school's workbook."""
    spec = cedar_valley.spec
    return blank.separate(spec, spec.owned_by("school"), cedar_valley.roster.schools[1], cedar_valley.words)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    """The same, opened."""
    return load_workbook(io.BytesIO(data))


def places(book: Workbook, plan: PlanSpec) -> list[tuple[Worksheet, Section, str, tuple[int, int, int, int]]]:
    """Every answer area: its sheet, section, name and (left, top, right, bottom)."""
    found: list[tuple[Worksheet, Section, str, tuple[int, int, int, int]]] = []
    for section in plan.sections:
        fields = [f"_{item.name}" for item in section.fields if not item.prefilled]
        names = [f"pl_{section.name}{end}" for end in (fields if section.shape == "form" else [""])]
        for name in names:
            (home,) = [ws for ws in book.worksheets if name in ws.defined_names]
            area = home.defined_names[name].attr_text.rsplit("!", 1)[1].replace("$", "")
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(area))
            found.append((home, section, name, (left, top, right, bottom)))
    return found


def test_tabs_stand_in_the_order_of_the_work(book: Workbook, cedar_valley: Example) -> None:
    steps = [step.tab for step in cedar_valley.spec.owned_by("school").steps]
    assert book.sheetnames == ["Start here", *steps, "Standards", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    assert book.active is not None
    assert book.active.title == "Start here"


def test_every_plan_sheet_is_stamped(book: Workbook, data: bytes, cedar_valley: Example) -> None:
    plan = cedar_valley.spec.owned_by("school")
    for step in plan.steps:
        ws = book[step.tab]
        values = [ws.cell(1, col).value for col in range(2, 6)]
        assert values[:3] == [plan.kind, plan.version, "089910000102"]
        assert re.fullmatch("[0-9a-f]{16}", str(values[3]))
        assert ws.row_dimensions[1].hidden
    (submission,), findings = intake.read(cedar_valley.spec, "a.xlsx", data)
    assert (submission.plan_id, submission.is_blank, findings) == ("089910000102", True, ())


def test_answer_cells_are_open_empty_and_without_formulas(book: Workbook, cedar_valley: Example) -> None:
    for ws, _, name, (left, top, right, bottom) in places(book, cedar_valley.spec.owned_by("school")):
        assert ws.protection.sheet
        assert ws.protection.password is None
        assert not ws.protection.insertRows
        for row in ws.iter_rows(top, bottom, left, right):
            assert all(cell.value is None and not cell.protection.locked for cell in row), name


def test_every_answer_has_a_prompt_and_every_list_a_drop_down(book: Workbook, cedar_valley: Example) -> None:
    for ws, section, name, (left, top, _, _) in places(book, cedar_valley.spec.owned_by("school")):
        items = [
            item for item in section.fields if section.shape == "table" or name.endswith(f"_{item.name}")
        ]
        for offset, item in enumerate(items if section.shape == "table" else items[-1:]):
            coordinate = ws.cell(top, left + offset).coordinate
            (rule,) = [r for r in ws.data_validations.dataValidation if coordinate in r.sqref]
            assert rule.prompt
            assert len(rule.prompt) <= 255
            assert len(rule.error or "") <= 255
            assert (rule.type == "list") == bool(item.list or item.refs)


def test_drop_downs_hold_the_lists_of_the_spec(book: Workbook, cedar_valley: Example) -> None:
    lists = {
        tuple(cell.value for cell in column[2:] if cell.value is not None)
        for column in book["Lists"].iter_cols()
    }
    for name in ("standards", "funding_source", "role"):
        assert cedar_valley.spec.lists[name].values in lists
    assert ("None", "DG1", "DG2", "DG3", "DG4", "DG5") in lists


def test_each_plan_of_a_shared_workbook_offers_its_own_numbers(cedar_valley: Example) -> None:
    data = blank.shared(cedar_valley.spec, cedar_valley.roster, cedar_valley.words)
    book = load_workbook(io.BytesIO(data))

    def offered(ws: Worksheet, coordinate: str) -> list[object]:
        (rule,) = [r for r in ws.data_validations.dataValidation if coordinate in r.sqref]
        area = str(rule.formula1).rsplit("!", 1)[1].replace("$", "")
        return [cell.value for (cell,) in book["Lists"][area]]

    assert offered(book["Objectives"], "E6")[0] == "DG1"
    school = book["Juniper Ridge K-8 School"]
    area = school.defined_names["pl_objectives"].attr_text.rsplit("!", 1)[1].replace("$", "")
    assert offered(school, area.split(":")[0])[0] == "G1"


def test_identity_is_printed_and_locked(book: Workbook) -> None:
    ws = book["School and team"]
    area = ws.defined_names["pl_identity_school_name"].attr_text.rsplit("!", 1)[1].replace("$", "")
    assert ws[area].value == "O'Keeffe Elementary School"
    assert ws[area].protection.locked


def test_pages_print_on_letter_landscape_one_page_wide(book: Workbook, cedar_valley: Example) -> None:
    for step in cedar_valley.spec.owned_by("school").steps:
        ws = book[step.tab]
        setup = ws.page_setup
        assert (setup.orientation, int(setup.paperSize or 0), setup.fitToWidth, setup.fitToHeight) == (
            "landscape", 1, 1, 0,
        )  # fmt: skip
        assert ws.print_title_rows
    assert book["Actions"].freeze_panes == "E6"


def test_tall_rows_grow_with_what_is_typed(data: bytes) -> None:
    sheet = archive.read(data)["xl/worksheets/sheet6.xml"].decode("utf-8")
    assert 'ht="44.25"' in sheet
    assert 'ht="44.25" customHeight' not in sheet


def test_the_workbook_has_no_macros_and_no_external_links(data: bytes) -> None:
    names = archive.read(data)
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]


def test_same_bytes_for_the_same_input(cedar_valley: Example, data: bytes) -> None:
    spec = cedar_valley.spec
    again = blank.separate(spec, spec.owned_by("school"), cedar_valley.roster.schools[1], cedar_valley.words)
    assert again == data


def test_the_shared_workbook_holds_the_district_and_one_sheet_a_school(cedar_valley: Example) -> None:
    data = blank.shared(cedar_valley.spec, cedar_valley.roster, cedar_valley.words)
    submissions, findings = intake.read(cedar_valley.spec, "shared.xlsx", data)
    assert findings == ()
    assert [(item.plan_id, len(item.sheets)) for item in submissions] == [
        ("0899100", 12), *((row.id, 1) for row in cedar_valley.roster.schools),
    ]  # fmt: skip


def test_school_tabs_are_distinct_and_allowed() -> None:
    names = [
        ("Lincoln", "089910000101"),
        ("LINCOLN", "089910000107"),
        ("A/B: [x]*?'s", "1"),
        ("x" * 60, "2"),
        ("", "3"),
    ]
    titles = tab_titles(names, ["Goals"])
    assert titles == ["Lincoln 089910000101", "LINCOLN 089910000107", "A B   x    s", "x" * 31, "3"]
    assert tab_titles([("goals", "089910000101")], ["Goals"]) == ["goals 089910000101"]


def test_required_cells_are_marked_until_filled(book: Workbook) -> None:
    formula = book["Needs"]["C6"].value
    assert isinstance(formula, str)
    assert formula.startswith("=IF(COUNTA(D6:M6)=0,")
    marked = [str(area.sqref) for area in book["Needs"].conditional_formatting]
    assert "D6:D13" in marked
