"""The PDF copies of both examples before an independent PDF/UA checker, ``outloud``, and beside their plans.

``outloud`` was chosen over ``pdfua`` because it covers the Matterhorn protocol's checkpoints (26 of the 31,
where ``pdfua`` 0.1.3 evaluates 16 of 106 rules, one of which stops on these files).
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import outloud
import pikepdf
import pytest
from docx import Document

from plbuild import pipeline
from plbuild.documents import finished
from plbuild.pipeline import HELD, Options, Report, SerialExecutor, pdf
from tests.e2e.conftest import FOLDERS
from tests.support.districts import EXAMPLES
from tests.support.office import needs, squeezed

# What a tagged PDF must not have, though the checker calls it a warning: content outside of all tags.
_UNTAGGED = "TAG-001"
# LibreOffice marks the heading row of a table that goes on, on the next page, as an artifact, as PDF/UA wants
# it (it was read once already); the checker takes one of eight words or more for lost prose.
_LOST_PROSE = "TAG-002"


@pytest.fixture(scope="module")
def copies(published: dict[str, tuple[Report, Path]]) -> list[Path]:
    """Every PDF copy of both examples."""
    return [path for _, out in published.values() for path in sorted(out.rglob("*.pdf"))]


def heading_rows(document: Path) -> list[Counter[str]]:
    """The words of each table's heading row."""
    return [
        Counter(" ".join(cell.text for cell in table.rows[0].cells).split())
        for table in Document(str(document)).tables
    ]


def test_every_document_has_a_copy_beside_it(
    copies: list[Path], published: dict[str, tuple[Report, Path]]
) -> None:
    assert len(copies) == 9 + 2 + 2
    assert all(path.with_suffix(".docx").exists() for path in copies)
    for report, out in published.values():
        names = {name for name in report.written if name.endswith(".pdf")}
        assert names == {path.relative_to(out).as_posix() for path in out.rglob("*.pdf")}
        assert report.unwritten == ()


def test_no_copy_fails_the_checker(copies: list[Path]) -> None:
    failed = []
    for path in copies:
        result = outloud.check(str(path))
        assert not result.error
        assert not [run.rule for run in result.runs if run.status == "crashed"]
        for item in result.findings:
            if item.severity != "error" and item.rule != _UNTAGGED:
                continue
            # A line is what stands at one height, so a part of the row where a heading takes two lines.
            lines = [Counter(line.split()) for line in str(item.evidence).split("; ")]
            rows = heading_rows(path.with_suffix(".docx"))
            if item.rule == _LOST_PROSE and all(any(line <= row for row in rows) for line in lines):
                continue
            failed.append((path.name, item.rule, item.message, item.evidence))
    assert failed == []


def test_the_checker_finds_what_is_wrong(copies: list[Path], tmp_path: Path) -> None:
    with pikepdf.open(copies[0]) as document:
        del document.Root["/StructTreeRoot"], document.Root["/Lang"]
        document.save(tmp_path / "bare.pdf")
    result = outloud.check(str(tmp_path / "bare.pdf"))
    assert [item for item in result.findings if item.severity == "error"]


def test_copies_say_that_they_are_pdf_ua_in_english_with_a_title_and_bookmarks(copies: list[Path]) -> None:
    for path in copies:
        with pikepdf.open(path) as document, document.open_metadata() as metadata:
            assert str(metadata["pdfuaid:part"]) == "1"
            title = str(document.docinfo["/Title"])
            assert metadata["dc:title"] == title
            assert title.startswith("DRAFT: ") == ("drafts" in path.parts)
            assert str(document.Root.Lang) == "en-US"
            assert bool(document.Root.MarkInfo.Marked)
            assert document.Root.Outlines.Count != 0
            assert str(document.docinfo["/CreationDate"]) == "D:20261123000000Z"


def test_the_headings_of_a_copy_are_those_of_the_document_in_order(
    published: dict[str, tuple[Report, Path]],
) -> None:
    path = published["cedar-valley"][1] / "plans" / "district.docx"
    made = pdf.converted({"district.docx": path.read_bytes()}, date(2026, 11, 23), lambda _: None)
    assert made.failed == {}
    headings = made.copies["district.docx"].headings
    paragraphs = Document(str(path)).paragraphs
    expected = [p.text for p in paragraphs if p.style and str(p.style.name).startswith("Heading")]
    assert [squeezed(text) for text, _ in headings] == [squeezed(text) for text in expected]
    pages = [page for _, page in headings]
    assert pages == sorted(pages)
    assert pages[0] >= 1
    assert pages[-1] > 10
    # The same bytes, though it was another run, with other documents beside it.
    assert made.copies["district.docx"].data == path.with_suffix(".pdf").read_bytes()


def test_a_draft_says_so_on_every_page(copies: list[Path]) -> None:
    drafts = [path for path in copies if "drafts" in path.parts]
    assert len(drafts) == 2
    needs("pdftotext")
    for path in drafts:
        pages = pages_of(path)
        assert len(pages) > 2
        assert all("DRAFT, not accepted" in page for page in pages)
        assert "Mend the following in the workbook" in pages[0]


def pages_of(path: Path) -> list[str]:
    """The text of each page, by poppler."""
    program = shutil.which("pdftotext") or "pdftotext"
    text = subprocess.run([program, "-layout", str(path), "-"], capture_output=True, check=True, timeout=60)  # noqa: S603
    return text.stdout.decode("utf-8").split("\f")[:-1]


def test_a_document_that_cannot_be_converted_is_named_and_the_others_are_there(
    published: dict[str, tuple[Report, Path]],
) -> None:
    path = published["maple-ridge"][1] / "plans" / "district.docx"
    made = pdf.converted(
        {"a/bad.docx": b"PK\x03\x04 not a document", "a/good.docx": path.read_bytes()},
        date(2026, 11, 23),
        lambda _: None,
    )
    assert set(made.copies) == {"a/good.docx"}
    assert made.failed == {"a/bad.pdf": pdf.NOT_CONVERTED}


def test_what_is_no_pdf_is_said() -> None:
    with pytest.raises(ValueError, match="trailer"):
        finished(b"nothing", date(2026, 11, 23))


def test_held_plans_are_told_apart(published: dict[str, tuple[Report, Path]]) -> None:
    report, _ = published["maple-ridge"]
    assert report.exit_status == HELD
    assert "2 drafts of held plans are in " in report.text()
    assert "4 PDF copies lie beside them." in report.text()


def test_a_second_build_keeps_the_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("soffice")
    asked: list[int] = []
    real = pdf.converted

    def converted(made: Mapping[str, bytes], day: date, say: Callable[[str], None]) -> pdf.Converted:
        asked.append(len(made))
        return real(made, day, say)

    def build() -> tuple[tuple[str, ...], dict[Path, bytes]]:
        report = pipeline.build(
            EXAMPLES / "maple-ridge", FOLDERS, tmp_path, SerialExecutor(), date(2026, 11, 23), lambda _: None,
            Options(pdf=True, drafts=True),
        )  # fmt: skip
        return report.written, {path: path.read_bytes() for path in tmp_path.rglob("plans/**/*.*")}

    monkeypatch.setattr(pdf, "converted", converted)
    first = build()
    assert len(first[1]) == 8
    assert build() == first
    next(path for path in first[1] if path.suffix == ".pdf").unlink()
    assert build() == first
    assert asked == [4, 0, 1]
