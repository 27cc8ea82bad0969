"""Fixtures that the whole test tree shares; what they hold is frozen, so that one serves a whole session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from plbuild import returns
from plbuild.blank import Words
from plbuild.model import Finding, Roster, Spec
from tests.support import districts
from tests.support.districts import Example
from tests.support.marks import Mark, finding
from tests.support.office import LibreOffice, needs


@pytest.fixture(scope="session")
def spec_2022() -> Spec:
    """The spec with the standards of 2022."""
    return districts.load_spec("2022")


@pytest.fixture(scope="session")
def spec_2011() -> Spec:
    """The spec with the standards of 2011."""
    return districts.load_spec("2011")


@pytest.fixture(scope="session")
def cedar_valley() -> Example:
    """The good example: eight schools, standards of 2022."""
    return districts.example("cedar-valley")


@pytest.fixture(scope="session")
def maple_ridge() -> Example:
    """The example with ordinary mistakes: four schools, standards of 2011."""
    return districts.example("maple-ridge")


@pytest.fixture(scope="session")
def roster(cedar_valley: Example) -> Roster:
    """The roster of Cedar Valley."""
    return cedar_valley.roster


@pytest.fixture(scope="session")
def words(cedar_valley: Example) -> Words:
    """What Cedar Valley says in its workbooks."""
    return cedar_valley.words


@pytest.fixture(scope="module")
def office() -> Iterator[LibreOffice]:
    """A running LibreOffice, one for a module of tests."""
    needs("soffice", "uno")
    with LibreOffice() as running:
        yield running


@pytest.fixture(scope="session")
def mark(spec_2022: Spec) -> Mark:
    """``returns.marked`` with the spec and a title given, and one finding unless there are others."""

    def marked(data: bytes, findings: Sequence[Finding] = (finding(),)) -> bytes:
        return returns.marked(spec_2022, data, findings, title="Riverside · 2026-27")

    return marked
