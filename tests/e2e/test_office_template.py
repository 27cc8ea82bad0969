"""A template that an editor changed in LibreOffice is still sound, and documents are made of it."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import docx
import pytest

from plbuild.documents import render
from plbuild.documents.lint import lint, sample
from plbuild.model import Spec
from tests.support import templates as t
from tests.support.office import LibreOffice, insert_picture, move_section, restyle

ROOT = Path(__file__).parents[2]


def png() -> bytes:
    """A small red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    lines = b"".join(b"\0" + b"\xc0\x20\x20" * 8 for _ in range(8))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A logo on the disk."""
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    return path


def headings(data: bytes, level: int) -> list[str]:
    """The headings of a level in order."""
    document = docx.Document(io.BytesIO(data))
    style = f"Heading {level}"
    return [item.text for item in document.paragraphs if item.style is not None and item.style.name == style]


def test_a_small_template_moved_about_dressed_and_given_a_logo(
    spec_2022: Spec, office: LibreOffice, logo: Path
) -> None:
    document = t.sound()
    document.add_paragraph("What follows", style="Heading 2")
    steps = [
        move_section("Goals", before="Needs"),
        insert_picture(logo, "The logo of the district"),
        restyle("Heading 2", "Liberation Serif", 0x7A1F1F),
    ]
    edited = office.edit(t.saved(document), steps, form=".docx")
    spec = t.small_spec(spec_2022)
    assert headings(edited, 2) == ["Goals", "Needs", "What follows"]
    assert [str(fault) for fault in lint(spec, t.PLAN, edited)] == []
    made = docx.Document(io.BytesIO(render(edited, sample.context(spec, t.PLAN))))
    assert [cell.text for cell in made.tables[0].rows[1].cells] == ["A text.", "1 (A text.)"]
    assert len(made.inline_shapes) == 1


def test_a_picture_put_in_without_a_text_is_told(spec_2022: Spec, office: LibreOffice, logo: Path) -> None:
    edited = office.edit(t.saved(t.sound()), [insert_picture(logo, "")], form=".docx")
    faults = lint(t.small_spec(spec_2022), t.PLAN, edited)
    assert [(fault.code, str(fault.place)) for fault in faults] == [
        ("alt-text-missing", "the document, paragraph 1")
    ]


def test_the_schools_own_template_edited_in_libreoffice(
    spec_2022: Spec, office: LibreOffice, logo: Path
) -> None:
    plan = spec_2022.plan("school_plan")
    data = (ROOT / "output_templates" / "school_plan.docx").read_bytes()
    # Headings whose words are the template's own, not a tag's.
    plain = [text for text in headings(data, 1) if "{" not in text]
    first, second = plain[1], plain[2]
    steps = [
        move_section(second, before=first),
        insert_picture(logo, "The logo of the state"),
        restyle("Heading 1", "Liberation Serif", 0x1F3864),
    ]
    edited = office.edit(data, steps, form=".docx")
    moved = [text for text in headings(edited, 1) if "{" not in text]
    assert moved[1:3] == [second, first]
    assert [str(f) for f in lint(spec_2022, plan, edited) if f.severity == "error"] == []
    context = sample.context(spec_2022, plan)
    made = render(edited, context)
    assert [text for text in headings(made, 1) if text in (first, second)][:2] == [second, first]
