"""One school's filled workbook, made once a session, for tests that cut it about.

Functions instead of fixtures, because Hypothesis prints a test's arguments, and these are long.
"""

from __future__ import annotations

from functools import cache

from plbuild import blank, checks, intake
from plbuild.model import Finding, PlanSpec, Submission
from tests.support import districts
from tests.support.districts import Example
from tests.support.fill import fill

PLAN_ID, TEXT = "089910000106", "bridges-alternative"


@cache
def cedar_valley() -> Example:
    """The district of the workbook."""
    return districts.example("cedar-valley")


def school_plan() -> PlanSpec:
    """The kind of plan in the workbook."""
    return cedar_valley().spec.owned_by("school")


@cache
def workbook() -> bytes:
    """The filled workbook, as issued by ``blank`` and filled in Excel; nothing is wrong with it."""
    example, plan = cedar_valley(), school_plan()
    owner = example.roster.owner(plan, PLAN_ID)
    assert owner is not None
    empty = blank.separate(example.spec, plan, owner, example.words)
    return fill(empty, example.answers(TEXT), plan, PLAN_ID)


def read(data: bytes) -> tuple[tuple[Submission, ...], list[Finding]]:
    """What intake and the checks make of a file."""
    example = cedar_valley()
    submissions, said = intake.read(example.spec, "plan.xlsx", data)
    findings = list(said)
    for item in submissions:
        findings += checks.check(checks.Rules(example.spec), example.roster, example.district, item, {})
    return submissions, findings
