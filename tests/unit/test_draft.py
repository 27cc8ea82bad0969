"""Drafts, page numbers of contents lists, and the PDF step where LibreOffice is missing or hangs."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from tests.support.districts import EXAMPLES, ROOT

from plbuild import documents as documents_stage
from plbuild import pipeline
from plbuild.documents import Rendered, draft
from plbuild.model import TemplateError
from plbuild.pipeline import Folders, Options, Report, SerialExecutor, pdf, work

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MARK = "DRAFT, not accepted"
DAY = date(2026, 11, 23)


def saved(document: WordDocument) -> bytes:
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def opened(data: bytes) -> WordDocument:
    """The document of some bytes."""
    return Document(io.BytesIO(data))


def test_a_document_without_headers_gets_one_and_a_list_at_its_start() -> None:
    document = Document()
    document.core_properties.title = "Riverside"
    document.add_heading("Goals", 1)
    made = draft(saved(document), MARK, "Mend:", ["Needs, C7: <a> & b", "bell \x07"])
    assert made == draft(saved(document), MARK, "Mend:", ["Needs, C7: <a> & b", "bell \x07"])
    marked = opened(made)
    said = [paragraph.text for paragraph in marked.paragraphs]
    assert said == [MARK, "Mend:", "Needs, C7: <a> & b", "bell \ufffd", "Goals"]
    assert [p._p.pPr is not None and p._p.pPr.numPr is not None for p in marked.paragraphs[2:4]] == [
        True,
        True,
    ]
    assert MARK in [paragraph.text for paragraph in marked.sections[0].header.paragraphs]
    assert marked.core_properties.title == "DRAFT: Riverside"


def test_every_header_that_a_page_can_show_is_marked() -> None:
    document = Document()
    document.settings.odd_and_even_pages_header_footer = True
    document.sections[0].header.paragraphs[0].text = "Riverside"
    second = document.add_section()
    second.different_first_page_header_footer = True
    second.first_page_header.paragraphs[0].text = "Part two"
    third = document.add_section()
    third.header.is_linked_to_previous = False
    third.header.paragraphs[0].text = "Part three"
    marked = opened(draft(saved(document), MARK, "Mend:", ["x"]))
    for section in marked.sections:
        shown = [section.header, section.even_page_header]
        shown += [section.first_page_header] if section.different_first_page_header_footer else []
        for header in shown:
            assert [p.text for p in header.paragraphs].count(MARK) == 1
    assert marked.sections[2].header.paragraphs[1].text == "Part three"


def test_a_first_page_without_a_header_of_its_own_is_marked_too() -> None:
    document = Document()
    document.sections[0].different_first_page_header_footer = True
    marked = opened(draft(saved(document), MARK, "Mend:", []))
    assert marked.sections[0].first_page_header.paragraphs[0].text == MARK
    assert [paragraph.text for paragraph in marked.paragraphs] == [MARK, "Mend:"]


def build(folder: Path, out: Path, options: Options) -> Report:
    """A build on one fixed day."""
    return pipeline.build(folder, FOLDERS, out, SerialExecutor(), DAY, lambda _: None, options)


def documents(out: Path) -> list[str]:
    """Every Word plan, draft and PDF below a folder."""
    found = (p for p in (out / "plans").rglob("*") if p.suffix in (".docx", ".pdf"))
    return sorted(p.relative_to(out).as_posix() for p in found)


FINAL = ["plans/district.docx", "plans/schools/birch-street-school-099920000201.docx"]
DRAFTS = [
    "plans/drafts/schools/maple-ridge-high-school-099920000203.docx",
    "plans/drafts/schools/riverside-middle-school-099920000202.docx",
]


def test_held_plans_are_drafts_that_count_nowhere_and_go_when_not_asked_for(tmp_path: Path) -> None:
    plain = build(EXAMPLES / "maple-ridge", tmp_path / "plain", Options())
    report = build(EXAMPLES / "maple-ridge", tmp_path / "out", Options(drafts=True))
    assert documents(tmp_path / "out") == sorted([*FINAL, *DRAFTS])
    said = [p.text for p in opened((tmp_path / "out" / DRAFTS[1]).read_bytes()).paragraphs[:6]]
    assert said[2].startswith("Goals, I6: Measured by is missing.")
    assert len([text for text in said if "9/15/2026" in text]) == 1
    for name in ("rollup.xlsx", "data/status.csv", "data/money_by_source.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    assert "2 drafts of held plans are in " in report.text()
    assert "2 Word plans are in " in report.text()
    assert "drafts of held plans" not in plain.text()
    content = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    own = {plan["name"]: plan["documents"] for plan in content["plans"]}
    assert own["Riverside Middle School"] == [DRAFTS[1]]
    assert own["Birch Street School"] == [FINAL[1]]
    assert own["Hollow Road Elementary School"] == []
    build(EXAMPLES / "maple-ridge", tmp_path / "out", Options())
    assert documents(tmp_path / "out") == FINAL


def test_an_accepted_plan_that_is_held_now_loses_its_final_document(tmp_path: Path) -> None:
    folder = tmp_path / "maple-ridge"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    second = folder / "submissions" / "MRHS plan v2 (final).xlsx"
    kept = second.read_bytes()
    second.unlink()
    build(folder, tmp_path / "out", Options(drafts=True))
    final = "plans/schools/maple-ridge-high-school-099920000203.docx"
    assert final in documents(tmp_path / "out")
    second.write_bytes(kept)
    build(folder, tmp_path / "out", Options(drafts=True))
    assert final not in documents(tmp_path / "out")
    assert DRAFTS[0] in documents(tmp_path / "out")


def test_a_draft_that_the_template_cannot_take_is_a_fault_and_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents_stage.rendered

    def picky(template: bytes, context: dict[str, object]) -> Rendered:
        if "identity" in context and "Riverside" in str(context["owner"]):
            raise TemplateError(("The template wants a number.",))
        return real(template, context)

    monkeypatch.setattr(work, "rendered", picky)
    report = build(EXAMPLES / "maple-ridge", tmp_path, Options(drafts=True))
    assert [fault.item for fault in report.faults] == [DRAFTS[1]]
    assert documents(tmp_path) == sorted([*FINAL, DRAFTS[0]])


def test_what_a_template_may_ask_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, object]] = []

    def look(_: bytes, context: dict[str, object]) -> Rendered:
        seen.append(context)
        return Rendered(data=saved(Document()))

    monkeypatch.setattr(work, "rendered", look)
    build(EXAMPLES / "maple-ridge", tmp_path, Options(drafts=True))
    facts = [context["facts"] for context in seen]
    assert all(isinstance(item, dict) and len(str(item["template_digest"])) == 12 for item in facts)
    told = {(str(f["draft"]), str(f["template"]), str(f["saved"])) for f in facts if isinstance(f, dict)}
    assert ("", "district_plan.docx") in {item[:2] for item in told}
    assert ("yes", "school_plan.docx") in {item[:2] for item in told}
    pictures = [context["charts"] for context in seen if "charts" in context]
    assert len(pictures) == 1
    assert isinstance(pictures[0], dict)
    assert list(pictures[0]) == ["goals_by_area", "hours_by_design", "money_by_source"]


def test_without_libreoffice_the_word_plans_are_there_and_one_sentence_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "program", lambda: "")
    report = build(EXAMPLES / "cedar-valley", tmp_path, Options(pdf=True))
    assert report.exit_status == pipeline.HELD
    assert report.unwritten == ((pdf.ALL, pdf.NOT_FOUND),)
    assert f"Not written: the PDF copies ({pdf.NOT_FOUND})." in report.text()
    assert len(documents(tmp_path)) == 9


def test_a_libreoffice_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "program", lambda: sys.executable)
    monkeypatch.setattr(pdf, "_START", 0.2)
    monkeypatch.setattr(pdf, "_EACH", 0)
    real = subprocess.Popen

    def sleeping(_: list[str], **options: object) -> object:
        return real([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)

    monkeypatch.setattr(subprocess, "Popen", sleeping)
    made = pdf.converted({"plans/a.docx": b"x"}, DAY, lambda _: None)
    assert made == pdf.Converted(copies={}, failed={"plans/a.pdf": pdf.NOT_CONVERTED})
