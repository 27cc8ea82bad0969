"""Intake finds plans by their stamps and names, and never raises on what it is given."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.damage import surgery
from tests.support.districts import Example
from tests.support.fill import cell_of, fill

from plbuild import archive, blank, intake
from plbuild.intake.cells import column_letter, column_number
from plbuild.intake.package import Area, Book, UnreadableError

PLAN_ID = "089910000106"


@pytest.fixture(scope="module")
def filled(cedar_valley: Example) -> bytes:
    """The filled workbook of one school."""
    plan = cedar_valley.spec.owned_by("school")
    owner = cedar_valley.roster.owner(plan, PLAN_ID)
    assert owner is not None
    book = blank.separate(cedar_valley.spec, plan, owner, cedar_valley.words)
    return fill(book, cedar_valley.answers("bridges-alternative"), plan, PLAN_ID)


@pytest.mark.parametrize(("col", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_column_letters(col: int, letters: str) -> None:
    assert column_letter(col) == letters
    assert column_number(letters) == col


def test_a_plan_is_read_whatever_its_tabs_are_called_and_wherever_they_stand(
    cedar_valley: Example, filled: bytes
) -> None:
    (before,), _ = intake.read(cedar_valley.spec, "a.xlsx", filled)
    names = {sheet.title: f"x'{index} & y" for index, sheet in enumerate(Book(filled).sheets)}
    members = archive.read(filled)
    text = members["xl/workbook.xml"].decode("utf-8")
    for old, new in names.items():
        quoted = new.replace("&", "&amp;")
        text = text.replace(f'name="{old}"', f'name="{quoted}"')
        escaped = quoted.replace("'", "''")
        text = text.replace(f"'{old}'!", f"'{escaped}'!")
    members["xl/workbook.xml"] = text.encode("utf-8")
    (after,), findings = intake.read(cedar_valley.spec, "a.xlsx", archive.pack(members))
    assert findings == ()
    assert {n: [r.answers for r in rows] for n, rows in after.sections.items()} == {
        n: [r.answers for r in rows] for n, rows in before.sections.items()
    }
    assert after.sheets[0] == names[before.sheets[0]]


def test_foreign_and_broken_names_are_ignored(cedar_valley: Example, filled: bytes) -> None:
    members = archive.read(filled)
    extra = (
        b'<definedName name="Print_Stuff" localSheetId="1">#REF!</definedName>'
        b'<definedName name="pl_goals" localSheetId="2">#REF!</definedName>'
        b'<definedName name="pl_goals" localSheetId="3">Elsewhere!$A$1:$B$2</definedName>'
        b'<definedName name="pl_goals" localSheetId="99">Goals!$A$1:$B$2</definedName>'
        b'<definedName name="pl_goals">Goals!$A$1:$B$2</definedName>'
    )
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        b"<definedNames>", b"<definedNames>" + extra
    )
    (before,), _ = intake.read(cedar_valley.spec, "a.xlsx", filled)
    (after,), findings = intake.read(cedar_valley.spec, "a.xlsx", archive.pack(members))
    assert findings == ()
    assert after.sections == before.sections


def test_the_stamps_stand_in_a_hidden_row(filled: bytes) -> None:
    sheet = Book(filled).sheets[1]
    assert sheet.areas["pl_kind"] == Area(top=1, left=2, bottom=1, right=2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\0" * 512, "file-empty"),
        (b"hello", "file-text"),
        (b"a,b\n1,2\n", "file-csv"),
        (b"<html><table></table></html>", "file-html"),
        (b"PK\x03\x04broken", "file-damaged"),
        (b"%PDF-1.7", "file-pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "file-unknown"),
        (b"[InternetShortcut]\nURL=https://example.org", "file-shortcut"),
    ],
)
def test_a_file_that_is_no_workbook_is_a_finding(cedar_valley: Example, data: bytes, code: str) -> None:
    submissions, (found,) = intake.read(cedar_valley.spec, "x.xlsx", data)
    assert submissions == ()
    assert (found.code, found.where.file, found.severity) == (code, "x.xlsx", "error")


def test_a_damaged_workbook_is_a_finding(cedar_valley: Example, filled: bytes) -> None:
    members = archive.read(filled)
    members["xl/workbook.xml"] = b"<workbook"
    _, (found,) = intake.read(cedar_valley.spec, "x.xlsx", archive.pack(members))
    assert found.code == "file-unreadable"
    members = archive.read(filled)
    members["xl/worksheets/sheet3.xml"] = b"<worksheet><sheetData><row"
    _, (found,) = intake.read(cedar_valley.spec, "x.xlsx", archive.pack(members))
    assert found.code == "file-unreadable"
    with pytest.raises(UnreadableError):
        Book(filled[: len(filled) // 2])


def test_a_workbook_without_a_stamp_is_a_finding(cedar_valley: Example) -> None:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    _, (found,) = intake.read(cedar_valley.spec, "notes.xlsx", buffer.getvalue())
    assert (found.code, found.where.file) == ("not-a-plan", "notes.xlsx")


def restamped(data: bytes, **stamps: str) -> bytes:
    """The workbook with other stamps on every plan sheet."""
    book = load_workbook(io.BytesIO(data))
    for ws in book:
        for stamp, value in stamps.items():
            if f"pl_{stamp}" in ws.defined_names:
                ws[ws.defined_names[f"pl_{stamp}"].attr_text.split("!")[1].replace("$", "")] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_unknown_kind_and_an_unknown_version_are_findings(cedar_valley: Example, filled: bytes) -> None:
    data = restamped(filled, kind="other_plan")
    submissions, (found, *rest) = intake.read(cedar_valley.spec, "x.xlsx", data)
    assert {f.code for f in rest} == {"typed-outside-many"}
    assert (submissions, found.code, found.entered) == ((), "unknown-plan-kind", "other_plan")
    for version, code in (
        ("1999.1", "older-version"),
        ("2999.1", "newer-version"),
        ("draft", "unknown-version"),
    ):
        data = restamped(filled, version=version)
        (submission,), (found,) = intake.read(cedar_valley.spec, "x.xlsx", data)
        assert (found.code, found.entered, found.where.plan_id) == (code, version, PLAN_ID)
        assert submission.version == version


def test_a_missing_and_a_repeated_section_are_findings(cedar_valley: Example, filled: bytes) -> None:
    book = load_workbook(io.BytesIO(filled))
    del book["Evaluation"]
    buffer = io.BytesIO()
    book.save(buffer)
    (submission,), findings = intake.read(cedar_valley.spec, "x.xlsx", buffer.getvalue())
    assert [(f.code, f.where.section) for f in findings] == [("section-missing", "evaluation")]
    assert submission.missing_sections == ("evaluation",)

    book = load_workbook(io.BytesIO(filled))
    copy = book.copy_worksheet(book["Evaluation"])
    for name, defined in book["Evaluation"].defined_names.items():
        target = defined.attr_text.replace("Evaluation", f"'{copy.title}'").replace("''", "'")
        copy.defined_names[name] = type(defined)(name, attr_text=target)
    buffer = io.BytesIO()
    book.save(buffer)
    _, findings = intake.read(cedar_valley.spec, "x.xlsx", buffer.getvalue())
    assert [(f.code, f.where.section) for f in findings] == [
        ("sheet-repeated", "evaluation"),
        ("typed-outside-many", ""),
    ]
    assert findings[1].where.sheet == "Evaluation Copy"
    assert findings[0].message == (
        'The part "Evaluation plan" stands twice in this workbook: on the sheets Evaluation, Evaluation Copy.'
    )


@pytest.mark.parametrize(
    ("tab", "with_names", "said"),
    [
        (
            "School and team",
            True,
            'The parts "Your school", "Planning team", "Mission and last year" stand twice',
        ),
        ("Needs", False, 'The part "Needs" stands twice'),
    ],
)
def test_of_a_copied_tab_it_is_said_once_which_parts_stand_twice_and_on_which_sheets(
    cedar_valley: Example, filled: bytes, tab: str, with_names: bool, said: str
) -> None:
    book = surgery.Workbook(filled)
    book.duplicate(tab, "Copy", with_names=with_names)
    _, findings = intake.read(cedar_valley.spec, "x.xlsx", book.saved())
    told = [f for f in findings if f.code == "sheet-repeated"]
    assert [(f.where.sheet, f.message) for f in told] == [
        ("Copy", f"{said} in this workbook: on the sheets {tab}, Copy."),
    ]
    assert told[0].fix.startswith("Keep the sheet that counts and delete the other.")


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("<f>1/0</f>", "=1/0"),
        ('<f>IF(A1&lt;2,"é","b")</f><v></v>', '=IF(A1<2,"é","b")'),
        ('<f t="shared" si="0"/>', "="),
    ],
)
def test_of_a_formula_without_its_result_it_is_told_how_it_reads(
    cedar_valley: Example, filled: bytes, formula: str, shown: str
) -> None:
    book = surgery.Workbook(filled)
    book.put_xml("Goals", "I6", formula, "")
    _, findings = intake.read(cedar_valley.spec, "x.xlsx", book.saved())
    assert [(f.where.cell, f.code, f.entered) for f in findings] == [("I6", "formula-without-value", shown)]


def test_a_row_without_a_printed_number_gets_the_next_one_and_a_note(
    cedar_valley: Example, filled: bytes
) -> None:
    plan = cedar_valley.spec.owned_by("school")
    sheet, cell = cell_of(filled, plan, PLAN_ID, "needs", "area", 0)
    book = load_workbook(io.BytesIO(filled))
    ws = book[sheet]
    ws[ws.defined_names["pl_needs_id"].attr_text.split("!")[1].split(":")[0].replace("$", "")] = None
    buffer = io.BytesIO()
    book.save(buffer)
    (submission,), (found,) = intake.read(cedar_valley.spec, "x.xlsx", buffer.getvalue())
    assert (found.code, found.severity, found.where.cell) == ("row-without-number", "note", cell)
    assert submission.sections["needs"][0].id == "N9"


def test_a_member_of_the_zip_that_is_missing_is_a_finding(cedar_valley: Example, filled: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    _, (found,) = intake.read(cedar_valley.spec, "x.ods", buffer.getvalue())
    assert found.code == "file-ods"
