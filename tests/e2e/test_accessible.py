"""Every Word document of both examples, drafts included, can be read by everybody."""

from __future__ import annotations

from pathlib import Path

from plbuild.pipeline import Report
from tests.support.accessible import problems


def test_every_document_of_both_examples_is_accessible(built: dict[str, tuple[Report, Path]]) -> None:
    documents = {
        path.relative_to(out.parent).as_posix(): path.read_bytes()
        for _, out in built.values()
        for path in sorted(out.rglob("*.docx"))
    }
    assert len(documents) == 9 + 2 + 2 + 8 + 2
    found = {name: said for name, data in documents.items() if (said := problems(data))}
    assert found == {}
