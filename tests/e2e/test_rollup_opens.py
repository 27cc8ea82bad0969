"""rollup.xlsx in LibreOffice: it opens, nothing in it is an error or a formula, and hostile text stays text."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from plbuild.model import Finding, Place, Rollup
from plbuild.rollup import rollup, to_csv, to_xlsx
from tests.support import office
from tests.support.generated import generated

STARTS = ("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.org","x")', "#REF!", "#N/A")


def hostile() -> Rollup:
    """The roll-up of a small district whose texts look like formulas and errors."""
    given = generated(3)
    plans = []
    for plan in given.plans():
        goals = tuple(
            replace(row, answers={**row.answers, **{
                name: row.answers[name]._replace(value=STARTS[(n + line) % len(STARTS)])
                for n, name in enumerate(row.answers)
                if isinstance(row.answers[name].value, str) and name not in ("need", "district_goal")
            }})
            for line, row in enumerate(plan.sections["goals"])
        )  # fmt: skip
        plans.append(replace(plan, sections={**plan.sections, "goals": goals}))
    place = Place(file="=x.xlsx", sheet="@Goals", cell="A1", kind="school_plan", plan_id="000000000000")
    said = Finding(severity="advice", code="a-check", where=place, entered="", message="=1+1", fix="")
    return rollup(given.spec, given.roster, given.statuses, plans, findings=[said])


def converted(data: bytes, kind: str, folder: Path) -> bytes:
    """A workbook as LibreOffice saves it in another format."""
    source = folder / "rollup.xlsx"
    source.write_bytes(data)
    command = [
        shutil.which("soffice") or "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603 - a fixed command
    return (folder / "out" / f"rollup.{kind}").read_bytes()


def cells(book: Any) -> Iterator[tuple[str, Any]]:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield sheet.title, cell


def test_libreoffice_opens_it_and_keeps_every_value(tmp_path: Path) -> None:
    office.needs("soffice")
    data = to_xlsx(hostile())
    before = openpyxl.load_workbook(io.BytesIO(data))
    after = openpyxl.load_workbook(io.BytesIO(converted(data, "xlsx", tmp_path)))
    assert after.sheetnames == before.sheetnames
    assert [cell.coordinate for _, cell in cells(after) if cell.data_type in ("e", "f")] == []
    ours = {(title, cell.coordinate): cell.value for title, cell in cells(before)}
    theirs = {(title, cell.coordinate): cell.value for title, cell in cells(after)}
    assert theirs == ours
    texts = {cell.value for title, cell in cells(after) if title == "School goals"}
    assert set(STARTS[:4]) < texts
    assert {table.displayName for sheet in after for table in sheet.tables.values()} == {
        table.displayName for sheet in before for table in sheet.tables.values()
    }


def test_libreoffice_prints_it(tmp_path: Path) -> None:
    office.needs("soffice")
    assert converted(to_xlsx(hostile()), "pdf", tmp_path).startswith(b"%PDF")


@pytest.mark.parametrize("start", STARTS[:5])
def test_text_like_a_formula_is_guarded_in_csv(start: str) -> None:
    tables = {table.name: table for table in hostile().every_table}
    text = to_csv(tables["school_goals"]).decode("utf-8-sig")
    quoted = start.replace('"', '""')
    assert f"'{quoted}" in text
    assert f",{start}," not in text


def test_no_cell_of_it_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(hostile())))
    found = [
        cell
        for _, cell in cells(book)
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@"))
    ]
    assert len(found) > 5
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    sums = book["Money by school"]
    assert isinstance(sums.cell(sums.max_row, 6).value, int | float | Decimal)
