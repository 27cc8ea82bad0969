"""A workbook that starts with earlier answers is one that office programs open, keep and save like any other."""

from __future__ import annotations

import pytest

from plbuild import blank, intake
from tests.support.districts import Example
from tests.support.fill import fill, records
from tests.support.office import LibreOffice, gnumeric_resave, needs

PLAN_ID = "089910000101"


@pytest.fixture(scope="module")
def carried(cedar_valley: Example) -> bytes:
    """Lincoln's new workbook with all of its answers."""
    spec, plan = cedar_valley.spec, cedar_valley.spec.owned_by("school")
    owner = cedar_valley.roster.schools[0]
    empty = blank.separate(spec, plan, owner, cedar_valley.words)
    sent = fill(empty, cedar_valley.answers("lincoln-elementary"), plan, PLAN_ID)
    (source,), _ = intake.read(spec, "sent.xlsx", sent)
    answers = blank.carry_over(spec, plan, source, owner.name, "2026-27", {}).answers
    return blank.separate(spec, plan, owner, cedar_valley.words, {(plan.kind, PLAN_ID): answers})


def test_libreoffice_keeps_what_was_carried_over(
    cedar_valley: Example, carried: bytes, office: LibreOffice
) -> None:
    assert read(cedar_valley, office.edit(carried)) == read(cedar_valley, carried)


def test_gnumeric_keeps_what_was_carried_over(cedar_valley: Example, carried: bytes) -> None:
    needs("ssconvert")
    assert read(cedar_valley, gnumeric_resave(carried)) == read(cedar_valley, carried)


def read(example: Example, data: bytes) -> object:
    """The answers, of which nothing is remarked."""
    (submission,), findings = intake.read(example.spec, "new.xlsx", data)
    assert [item.code for item in findings] == []
    return records(submission)
