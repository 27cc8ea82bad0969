"""Two hundred workbooks of which a third are damaged, in one run: every file accounted for, the good ones built.

One school's filled workbook is stamped anew for each school of the roster, at the level of the package, as
issuing and filling two hundred would take minutes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

from plbuild import archive, pipeline
from plbuild.model import furniture_mark
from plbuild.pipeline import Folders, Report
from tests.support.accounts import assert_accounted_for
from tests.support.damage import DAMAGES, damaged
from tests.support.damage.outcomes import OUTCOMES
from tests.support.districts import EXAMPLES, ROOT
from tests.support.filled import PLAN_ID, cedar_valley, school_plan, workbook

SCHOOLS, DAMAGED = 200, 67
SECONDS = 60
FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")

# Kinds that are about one id, that take long to make, or that leave it open whose plan it is.
_LEFT_OUT = re.compile(
    r"zeros_lost|school_(not|of)|endless|hundred_thousand|formatted_to|bomb|many_parts|fifty"
)
_NAMES = (
    "../../etc {}",
    "CON {}",
    "San José #{}",
    "O'Keeffe & Sons <{}>",
    "Lincoln Elementary",
    "{} {{{{ x }}}}",
)
_TEXT = re.compile(rb"<t[^>]*>([^<]*)</t>")


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school of the roster, the file it sends, and what is wrong with that, if anything is."""

    id: str
    name: str
    file: str
    damage: str = ""

    @property
    def state(self) -> str:
        """What must become of its plan."""
        if not self.damage:
            return "accepted"
        outcome, messages = OUTCOMES[self.damage], cedar_valley().spec.findings
        if not outcome.plans:
            return "missing"
        of_file = [item for item in outcome.found if item[0] == ""]
        errors = [i for i in outcome.found if messages[i[-1]].severity == "error" and i not in of_file]
        return "held" if errors else "accepted"


def schools() -> Iterator[School]:
    """Two hundred schools with the names that schools have; of a third, a kind of damage each."""
    rng = Random(200)  # noqa: S311 - tests want repeatable choices, not secret ones
    kinds = sorted(kind for kind in DAMAGES if not _LEFT_OUT.search(kind))
    struck = dict(zip(rng.sample(range(SCHOOLS), DAMAGED), rng.sample(kinds, DAMAGED), strict=True))
    for number in range(SCHOOLS):
        plan_id = f"0899100{20000 + number:05}"
        name = _NAMES[number % len(_NAMES)].format(number)
        file = f"group {number % 7}/{number:03} plan.xlsx"
        yield School(id=plan_id, name=name, file=file, damage=struck.get(number, ""))


def stamped_for(school: School) -> bytes:
    """The filled workbook as this school's: its id, its name, and the marks of the texts that name it."""
    owner = cedar_valley().roster.owner(school_plan(), PLAN_ID)
    assert owner is not None
    new = school.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    members = archive.read(workbook())
    for part in [name for name in members if name.startswith("xl/worksheets/")]:
        content = members[part]
        for text in set(_TEXT.findall(content)):
            if owner.name.encode() in text:
                before = text.decode().replace("&#183;", "·")
                after = before.replace(owner.name, school.name)
                content = content.replace(furniture_mark(before).encode(), furniture_mark(after).encode())
        content = content.replace(owner.name.encode(), new).replace(PLAN_ID.encode(), school.id.encode())
        members[part] = content
    return archive.pack(members)


def roster(rows: list[School]) -> str:
    """The roster in which every school is as Bridges was."""
    text = (EXAMPLES / "cedar-valley" / "roster.csv").read_text(encoding="utf-8")
    head, *old = text.splitlines()
    row = next(line for line in old if PLAN_ID in line)
    quoted = [(item, '"' + item.name.replace('"', '""') + '"') for item in rows]
    name = "Bridges Alternative High School"
    return "\n".join([head, *(row.replace(PLAN_ID, s.id).replace(name, q) for s, q in quoted)]) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[School], Report, Path, float]:
    """The schools, what the run reported, where it wrote, how many seconds it took."""
    folder, out = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("out")
    rows = list(schools())
    home = folder / "submissions"
    (folder / "roster.csv").write_text(roster(rows), encoding="utf-8")
    settings = (EXAMPLES / "cedar-valley" / "district.yaml").read_text(encoding="utf-8")
    (folder / "district.yaml").write_text(settings, encoding="utf-8")
    for school in rows:
        data = stamped_for(school)
        path = home / school.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(damaged(school.damage, data, school_plan()) if school.damage else data)
    (home / "~$000 plan.xlsx").write_bytes(b"lock")
    (home / "group 1" / ".DS_Store").write_bytes(b"\0")
    start = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        report = pipeline.build(folder, FOLDERS, out, pool, date(2026, 11, 23), lambda _: None)
    return rows, report, out, time.perf_counter() - start


Built = tuple[list[School], Report, Path, float]


def test_every_file_is_accounted_for(built: Built) -> None:
    rows, report, out, seconds = built
    assert report.faults == ()
    assert report.passed_over == ("group 1/.DS_Store", "~$000 plan.xlsx")
    assert_accounted_for(out, {school.file for school in rows}, set(report.passed_over))
    assert seconds < SECONDS


def test_each_plan_becomes_what_it_must(built: Built) -> None:
    rows, report, _, _ = built
    states = {item.owner.id: item.state for item in report.statuses}
    wanted = {school.id: school.state for school in rows}
    named = {school.id: school.damage for school in rows}
    assert {named[key]: states[key] for key in wanted if states[key] != wanted[key]} == {}
    assert sum(state == "accepted" for state in wanted.values()) > SCHOOLS - DAMAGED
    assert {"held", "missing"} < set(wanted.values())


def test_the_good_ones_are_built_and_no_other(built: Built) -> None:
    rows, report, out, _ = built
    accepted = {school.id for school in rows if school.state == "accepted"}
    plans = {path.stem.rpartition("-")[2]: path for path in (out / "plans" / "schools").glob("*.docx")}
    assert set(plans) == accepted
    assert all(path.parent == out / "plans" / "schools" for path in plans.values())
    assert report.unwritten == ()
