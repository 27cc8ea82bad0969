"""Both example districts, built once for all end-to-end tests that look at what a build writes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plbuild import pipeline
from plbuild.pipeline import Folders, Options, Report, SerialExecutor
from tests.support.districts import EXAMPLES, ROOT
from tests.support.office import needs

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")


def _built(home: Path, options: Options) -> dict[str, tuple[Report, Path]]:
    return {
        name: (
            pipeline.build(
                EXAMPLES / name, FOLDERS, home / name, SerialExecutor(), date(2026, 11, 23), lambda _: None,
                options,
            ),
            home / name,
        )
        for name in ("cedar-valley", "maple-ridge")
    }  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, Path]]:
    """Both examples with their drafts: the report and the output folder of each."""
    return _built(tmp_path_factory.mktemp("built"), Options(drafts=True))


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, Path]]:
    """Both examples with drafts and PDF copies."""
    needs("soffice")
    return _built(tmp_path_factory.mktemp("published"), Options(drafts=True, pdf=True))
