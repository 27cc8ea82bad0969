"""What real office programs do to workbooks must not change what intake reads from them.

LibreOffice and Gnumeric are the real programs; one LibreOffice serves the whole module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from lxml import etree

from plbuild import archive, blank, intake
from plbuild.model import PlanSpec, RosterRow, Submission
from tests.support.districts import Example
from tests.support.fill import Answers, Records, entries, expected, fill, records
from tests.support.office import (
    LibreOffice,
    copy_to_new_book,
    enter,
    gnumeric_resave,
    insert_rows,
    move_sheet,
    needs,
    rename_sheet,
    through_ods,
)

Resave = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan of the example and its workbook."""

    example: Example
    spec: PlanSpec
    owner: RosterRow
    blank: bytes
    filled: bytes
    answers: Answers

    def read(self, data: bytes) -> Submission:
        """The one plan in a workbook; intake must find nothing wrong."""
        submissions, findings = intake.read(self.example.spec, "plan.xlsx", data)
        assert [(item.code, str(item.where)) for item in findings] == []
        (submission,) = submissions
        assert stamps(submission) == (self.spec.kind, self.spec.version, self.owner.id)
        return submission

    @property
    def expected(self) -> Records:
        """What a filled workbook must read as."""
        return expected(self.answers, self.spec, self.owner.columns)


@pytest.fixture(scope="module")
def plan(cedar_valley: Example) -> Plan:
    """A school's plan in a workbook of its own."""
    owner, spec = cedar_valley.roster.schools[5], cedar_valley.spec.owned_by("school")
    data = blank.separate(cedar_valley.spec, spec, owner, cedar_valley.words)
    answers = cedar_valley.answers("bridges-alternative")
    return Plan(
        example=cedar_valley,
        spec=spec,
        owner=owner,
        blank=data,
        filled=fill(data, answers, spec, owner.id),
        answers=answers,
    )


@pytest.fixture(scope="module")
def shared(cedar_valley: Example) -> bytes:
    """The district's workbook with its own plan and a sheet for each of two schools, all blank."""
    roster = replace(cedar_valley.roster, schools=cedar_valley.roster.schools[6:])
    return blank.shared(cedar_valley.spec, roster, cedar_valley.words)


@pytest.fixture(scope="module")
def shared_filled(cedar_valley: Example, shared: bytes) -> bytes:
    """The same with all three plans filled in."""
    texts = ("district", "lincoln-elementary-alder", "juniper-ridge")
    owners = (cedar_valley.roster.district, *cedar_valley.roster.schools[6:])
    for text, owner in zip(texts, owners, strict=True):
        kind = "district" if text == "district" else "school"
        shared = fill(shared, cedar_valley.answers(text), cedar_valley.spec.owned_by(kind), owner.id)
    return shared


@pytest.fixture(params=["LibreOffice", "Gnumeric"])
def resave(request: pytest.FixtureRequest) -> Resave:
    """A program that opens and saves a workbook."""
    if request.param == "Gnumeric":
        needs("ssconvert")
        return gnumeric_resave
    office: LibreOffice = request.getfixturevalue("office")
    return office.edit


def stamps(submission: Submission) -> tuple[str, str, str]:
    """What the submission says of itself."""
    return submission.kind, submission.version, submission.plan_id


def names(data: bytes) -> set[tuple[str, str]]:
    """Our names by tab; where they point is for intake to show."""
    root = etree.fromstring(archive.read(data)["xl/workbook.xml"])
    tabs = [node.get("name", "") for node in root.iterfind("{*}sheets/{*}sheet")]
    found = [(n.get("localSheetId", ""), n.get("name", "")) for n in root.iter("{*}definedName")]
    return {(tabs[int(scope)], name) for scope, name in found if name.startswith("pl_")}


def guidance(data: bytes) -> dict[str, tuple[list[str], int, bool]]:
    """By tab: the ranges of its drop-downs, how many marks it has, and whether it is protected."""
    members, found = archive.read(data), {}
    parts = sorted(name for name in members if name.startswith("xl/worksheets/sheet"))
    for part in parts:
        root = etree.fromstring(members[part])
        rules = [node for node in root.iter("{*}dataValidation") if node.get("type") == "list"]
        lists = sorted(node.findtext("{*}formula1", "").replace("'", "") for node in rules)
        marks = len(root.findall("{*}conditionalFormatting"))
        found[part] = (lists, marks, root.find("{*}sheetProtection") is not None)
    return found


def everything(example: Example, data: bytes) -> list[tuple[tuple[str, str, str], tuple[str, ...], Records]]:
    """Each plan of a workbook by its stamps, its sheets and its records; nothing may be found wrong."""
    submissions, findings = intake.read(example.spec, "plan.xlsx", data)
    assert [(item.code, str(item.where)) for item in findings] == []
    assert all(item.missing_sections == () for item in submissions)
    return [(stamps(item), item.sheets, records(item)) for item in submissions]


class TestResaved:
    """Opened and saved, nothing else."""

    def test_a_blank_school_workbook_comes_back_unchanged(self, plan: Plan, resave: Resave) -> None:
        after = resave(plan.blank)
        assert names(after) == names(plan.blank)
        assert everything(plan.example, after) == everything(plan.example, plan.blank)
        assert records(plan.read(after)) == expected({}, plan.spec, plan.owner.columns)

    def test_a_filled_school_workbook_comes_back_unchanged(self, plan: Plan, resave: Resave) -> None:
        after = resave(plan.filled)
        assert names(after) == names(plan.filled)
        assert records(plan.read(after)) == plan.expected

    def test_a_blank_shared_workbook_comes_back_unchanged(
        self, cedar_valley: Example, shared: bytes, resave: Resave
    ) -> None:
        after = resave(shared)
        assert names(after) == names(shared)
        assert len(everything(cedar_valley, after)) == 3
        assert everything(cedar_valley, after) == everything(cedar_valley, shared)

    def test_a_filled_shared_workbook_comes_back_unchanged(
        self, cedar_valley: Example, shared_filled: bytes, resave: Resave
    ) -> None:
        after = resave(shared_filled)
        assert names(after) == names(shared_filled)
        assert everything(cedar_valley, after) == everything(cedar_valley, shared_filled)

    def test_what_guides_the_writer_is_still_there(self, plan: Plan, resave: Resave) -> None:
        after = resave(plan.blank)
        assert guidance(after) == guidance(plan.blank)
        assert "_xlfngnumeric" not in str(guidance(after)), "a drop-down has lost its range"

    def test_one_filled_by_libreoffice_and_saved_by_gnumeric(self, plan: Plan, office: LibreOffice) -> None:
        needs("ssconvert")
        filled = office.edit(plan.blank, [enter(entries(plan.blank, plan.answers, plan.spec, plan.owner.id))])
        assert records(plan.read(filled)) == plan.expected
        assert records(plan.read(gnumeric_resave(filled))) == plan.expected

    def test_one_that_was_an_ods_file_in_between(self, plan: Plan, office: LibreOffice) -> None:
        assert records(plan.read(office.edit(plan.filled, [through_ods()]))) == plan.expected


class TestRearranged:
    """What people do to workbooks before they send them."""

    def test_blank_rows_inserted_in_the_middle_of_tables(self, plan: Plan, office: LibreOffice) -> None:
        steps = [
            insert_rows("Actions", "pl_actions", 2, 3),
            insert_rows("Indicators and measures", "pl_indicators", 1),
            insert_rows("Indicators and measures", "pl_measures", 1, 2),
            insert_rows("School and team", "pl_team", 1),
        ]
        after = plan.read(office.edit(plan.filled, steps))
        assert records(after) == plan.expected
        assert [record.row for record in after.sections["actions"]] == [6, 7, 11, 12]

    def test_a_row_inserted_and_filled_keeps_its_place_and_gets_a_number(
        self, plan: Plan, office: LibreOffice
    ) -> None:
        new = {**plan.answers["resources"][0], "description": "Bus passes\n• forty\n• for the year"}
        typed = entries(plan.blank, {"resources": [new]}, plan.spec, plan.owner.id)
        steps = [
            insert_rows("Resources", "pl_resources", 1),
            enter([replace(entry, row=1) for entry in typed]),
        ]
        after = office.edit(plan.filled, steps)
        (submission,), findings = intake.read(plan.example.spec, "plan.xlsx", after)
        rows = records(submission)["resources"]
        assert [row["id"] for row in rows] == ["R1", "R41", "R2", "R3", "R4"]
        assert rows[1]["description"] == "Bus passes\n• forty\n• for the year"
        assert [row for row in rows if row["id"] != "R41"] == plan.expected["resources"]
        assert [(item.code, item.where.sheet, item.where.cell) for item in findings] == [
            ("row-without-number", "Resources", "E7")
        ]

    def test_tabs_renamed_and_moved(self, plan: Plan, office: LibreOffice) -> None:
        steps = [
            rename_sheet("Goals", "Our goals (Dale's)"),
            rename_sheet("Start here", "READ ME"),
            move_sheet("Approvals", 0),
            move_sheet("Needs", 9),
        ]
        after = plan.read(office.edit(plan.filled, steps))
        assert records(after) == plan.expected
        assert after.sheets[:2] == ("Approvals", "School and team")
        assert "Our goals (Dale's)" in after.sheets

    def test_sheets_copied_into_a_new_workbook(self, plan: Plan, office: LibreOffice) -> None:
        tabs = plan.read(plan.filled).sheets
        after = office.edit(plan.filled, [copy_to_new_book(*tabs), move_sheet(tabs[3], 0)])
        assert records(plan.read(after)) == plan.expected
        assert plan.read(after).sheets == (tabs[3], *tabs[:3], *tabs[4:])

    def test_a_school_sheet_copied_out_of_the_shared_workbook(
        self, cedar_valley: Example, shared_filled: bytes, office: LibreOffice
    ) -> None:
        before = everything(cedar_valley, shared_filled)[-1]
        assert before[0][2] == "089910000108"
        after = office.edit(shared_filled, [copy_to_new_book(*before[1])])
        assert everything(cedar_valley, after) == [before]

    def test_all_of_it_at_once_and_gnumeric_last(self, plan: Plan, office: LibreOffice) -> None:
        needs("ssconvert")
        steps = [
            insert_rows("Actions", "pl_actions", 1),
            rename_sheet("Actions", "Actions 2"),
            move_sheet("Actions 2", 0),
            through_ods(),
        ]
        assert records(plan.read(gnumeric_resave(office.edit(plan.filled, steps)))) == plan.expected
