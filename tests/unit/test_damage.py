"""Each kind of damage is told exactly, harms nothing else, and costs neither seconds nor hundreds of megabytes.

The kinds are ``tests.support.damage``'s, what must come of each stands in its ``outcomes``.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pytest
from tests.support.accounts import assert_accounted_for
from tests.support.damage import DAMAGES, Filled, Patient, damaged
from tests.support.damage.outcomes import OUTCOMES, At, Found, Outcome
from tests.support.damage.shared import SHARED
from tests.support.districts import EXAMPLES, ROOT
from tests.support.fill import Records, records
from tests.support.filled import PLAN_ID, cedar_valley, read, school_plan, workbook

from plbuild import intake, pipeline
from plbuild.model import Finding, Value
from plbuild.pipeline import Folders

# Of a processor's time, which on an idle machine is the time on the clock.
SECONDS, MEGABYTES = 2.0, 300

In = TypeVar("In")
Out = TypeVar("Out")


@cache
def made(kind: str) -> bytes:
    """The workbook with one kind of damage."""
    return damaged(kind, workbook(), school_plan())


@cache
def undamaged() -> Records:
    """The records of the workbook before anything happened to it; there is nothing to say about it."""
    (submission,), findings = read(workbook())
    assert findings == []
    return records(submission)


def test_there_are_at_least_sixty_kinds_and_each_has_its_outcome() -> None:
    assert len(DAMAGES) >= 60
    assert set(OUTCOMES) == set(DAMAGES)


def test_equal_seeds_give_equal_bytes() -> None:
    filled, plan = workbook(), school_plan()
    for kind in ("rows_sorted", "byte_changed_in_xl/workbook.xml", "random_bytes", "dollars"):
        assert damaged(kind, filled, plan, 7) == damaged(kind, filled, plan, 7)
        assert damaged(kind, filled, plan, 7) != filled


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_told_exactly_and_harms_nothing_else(kind: str) -> None:
    data, outcome = made(kind), OUTCOMES[kind]
    start = time.process_time()
    submissions, findings = read(data)
    seconds = time.process_time() - start

    places = [(f.where.sheet, f.where.cell, path_of(f), f.code) for f in findings]
    assert sorted(places) == sorted(wanted(outcome))
    assert len(submissions) == outcome.plans
    if submissions:
        changed = changed_by(undamaged(), outcome)
        assert comparable(records(submissions[0]), outcome) == comparable(changed, outcome)
    assert seconds < SECONDS


def test_a_date_of_two_orders_is_an_error_where_the_plan_allows_both() -> None:
    """3/4/2026 is March 4 to one school and April 3 to another; both are named."""
    spec, plan = cedar_valley().spec, school_plan()
    both = replace(plan, date_orders=("month-day-year", "day-month-year"))
    spec = replace(spec, plans=tuple(both if item.kind == plan.kind else item for item in spec.plans))
    _, (found,) = intake.read(spec, "plan.xlsx", made("date_of_two_orders"))
    assert (found.where.sheet, found.where.cell, found.where.field, found.code) == (
        "Needs",
        "G6",
        "data_date",
        "two-readings",
    )
    assert "March 4, 2026" in found.message
    assert "April 3, 2026" in found.message


def path_of(finding: Finding) -> str:
    """``section.field``, or what there is of it."""
    return ".".join(part for part in (finding.where.section, finding.where.field) if part)


def wanted(outcome: Outcome) -> Iterator[Found]:
    """The findings that an outcome wants."""
    return resolved(Patient(Filled.of(workbook(), school_plan())), outcome.found)


def resolved(untouched: Patient, found: Iterable[Found | At]) -> Iterator[Found]:
    """Findings with their spots resolved in the workbook as it was."""
    for item in found:
        if len(item) == 4:
            yield item
            continue
        spot, code = item
        yield *untouched.at(spot), spot.partition(" ")[0], code


def changed_by(before: Records, outcome: Outcome) -> Records:
    """The records as the outcome wants them."""
    plan = school_plan()
    found = {name: [dict(row) for row in rows] for name, rows in before.items()}
    for spot, value in outcome.values.items():
        path, _, row = spot.partition(" ")
        section, item = plan.find(path)
        put(found[section.name][int(row or 1) - 1], item.name, value)
    for name, rows in outcome.rows.items():
        found[name] += [dict(row) for row in rows]
    for spot in outcome.gone:
        name, _, row = spot.partition(" ")
        del found[name][int(row) - 1]
    return found


def put(record: dict[str, Value], name: str, value: Value) -> None:
    """Another value, or none."""
    record.pop(name, None)
    if value is not None:
        record[name] = value


def comparable(found: Records, outcome: Outcome) -> dict[str, list[str]]:
    """Records whatever the order of their rows, without the sections that are not compared."""
    return {
        name: sorted(repr(sorted((key, plain(value)) for key, value in row.items())) for row in rows)
        for name, rows in found.items()
        if name not in outcome.other
    }


def plain(value: Value) -> Value:
    """A value so that equal ones print alike: 14400.00 is 14400."""
    return value.normalize() if isinstance(value, Decimal) else value


# ------------------------------------------------------------------- a workbook that schools share


@cache
def shared() -> tuple[bytes, dict[str, Records]]:
    """The example's workbook of the district and two schools, and its records by plan."""
    path = EXAMPLES / "cedar-valley" / "submissions" / "District plan with Alder and Juniper.xlsx"
    submissions, findings = read(path.read_bytes())
    assert findings == []
    return path.read_bytes(), {item.plan_id: records(item) for item in submissions}


STRUCK, TAB = "089910000108", "Juniper Ridge K-8 School"


@pytest.mark.parametrize("kind", SHARED)
def test_damage_to_a_shared_workbook_touches_one_plan_at_most(kind: str) -> None:
    (data, before), wanted_of, plan = shared(), SHARED[kind], school_plan()
    book = Patient(Filled.of(data, plan, kind, tab=TAB))
    wanted_of.cut(book)
    submissions, findings = read(book.saved())
    untouched = Patient(Filled.of(data, plan, kind, tab=TAB))
    places = [(f.where.sheet, f.where.cell, path_of(f), f.code) for f in findings]
    assert sorted(places) == sorted(resolved(untouched, wanted_of.found(TAB, plan)))
    assert len(submissions) == wanted_of.plans
    for item in submissions:
        for name, rows in records(item).items():
            if item.plan_id in before and not (item.plan_id == STRUCK and name in wanted_of.unlike):
                assert rows == before[item.plan_id][name]


# ------------------------------------------------------------------------ all of them in one run


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An executor over processes that notes how much memory a process took at most for its work."""

    pool: ProcessPoolExecutor
    megabytes: list[float]

    def map(self, fn: Callable[[In], Out], *iterables: Iterable[In]) -> Iterator[Out]:
        """As the built-in ``map``."""
        for result, megabytes in self.pool.map(partial(_measured, fn), *iterables):
            self.megabytes.append(megabytes)
            yield result


def _measured(fn: Callable[[In], Out], item: In) -> tuple[Out, float]:
    return fn(item), _peak()


def _peak() -> float:
    """The most memory that this process ever had, in MB.

    Linux counts in ``ru_maxrss`` what the process had that this one was forked from; a Mac counts bytes.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


def test_no_damage_touches_another_plan_and_every_file_is_accounted_for(tmp_path: Path) -> None:
    folder, out = tmp_path / "cedar-valley", tmp_path / "out"
    shutil.copytree(EXAMPLES / "cedar-valley", folder)
    home = folder / "submissions"
    (home / "Copy of Bridges workbook.xlsx").unlink()
    good = {path.relative_to(home).as_posix() for path in home.rglob("*.xlsx")}
    bad = {f"damaged/{number:03} {kind.replace('/', ' ')}.xlsx": kind for number, kind in enumerate(DAMAGES)}
    (home / "damaged").mkdir()
    for file, kind in bad.items():
        (home / file).write_bytes(made(kind))
    (home / "~$Lincoln Elementary.xlsx").write_bytes(b"lock")

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        executor = Measured(pool=pool, megabytes=[pool.submit(_peak).result()])
        report = pipeline.validate(folder, FOLDERS, out, executor, date(2026, 11, 23), lambda _: None)

    assert report.faults == ()
    states = {item.owner.id: item.state for item in report.statuses}
    assert {plan_id for plan_id, state in states.items() if state != "accepted"} == {PLAN_ID}
    assert_accounted_for(out, good | set(bad), {"~$Lincoln Elementary.xlsx"})
    assert max(executor.megabytes) - executor.megabytes[0] < MEGABYTES


FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
