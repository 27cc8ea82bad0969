"""What the commands load: a build does not wait for what it has no use for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.support.districts import ROOT


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that are there once the commands are."""
    code = "import sys, tasks; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own code
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "benchmarks", "concurrent.futures.process", "matplotlib", "pikepdf", "plbuild.blank",
        "plbuild.documents.annotate", "plbuild.documents.lint", "plbuild.documents.starter",
    ],
)  # fmt: skip
def test_what_no_build_needs_is_not_loaded(loaded: set[str], module: str) -> None:
    assert "plbuild.pipeline.build" in loaded
    assert module not in loaded


def test_what_is_loaded_is_not_looked_through_for_garbage() -> None:
    code = "import gc, tasks; print(gc.isenabled(), gc.get_freeze_count() > len(gc.get_objects()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own code
    assert done.stdout.split() == ["True", "True"]
