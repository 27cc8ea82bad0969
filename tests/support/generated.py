"""Districts of any size, made of the plans of an example: for measuring, and for tests over many schools.

Takes the example's plans as intake read them and a number of schools; gives a roster, statuses and plans.
Each plan is a copy of its own, down to its texts, as plans are that came from a process of their own.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from plbuild import intake
from plbuild.model import Answer, Record, Roster, RosterRow, Spec, Status, Submission, Value
from tests.support.districts import EXAMPLES, Example, example


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A district of ``count`` schools; ``plans`` gives its submissions anew each time, one by one."""

    spec: Spec
    roster: Roster
    statuses: tuple[Status, ...]
    packed: tuple[bytes, ...]
    own: Submission

    def plans(self) -> Iterator[Submission]:
        """The plans of the schools in the order of the roster, then the district's."""
        for place, school in enumerate(self.roster.schools):
            model = pickle.loads(self.packed[place % len(self.packed)])  # noqa: S301 - made by this module
            yield _varied(model, school, place)
        yield self.own


@cache
def submitted(folder: str) -> tuple[Submission, ...]:
    """Every plan in the submissions of an example, as intake reads it."""
    home = EXAMPLES / folder / "submissions"
    spec = example(folder).spec
    found: list[Submission] = []
    for path in sorted(home.rglob("*.xlsx")):
        plans, _ = intake.read(spec, path.relative_to(home).as_posix(), path.read_bytes())
        found += plans
    return tuple(found)


def generated(count: int, folder: str = "cedar-valley") -> Generated:
    """A district of ``count`` schools whose plans are those of the example in turn, varied."""
    home: Example = example(folder)
    school, district = home.spec.owned_by("school"), home.spec.owned_by("district")
    plans = submitted(folder)
    own = next(item for item in plans if item.kind == district.kind)
    models = tuple(pickle.dumps(item) for item in plans if item.kind == school.kind)
    schools = tuple(_school(home.roster.schools[n % len(home.roster.schools)], n) for n in range(count))
    statuses = [
        Status(owner=row, kind=school.kind, state="accepted", digest=f"{n:064x}", files=(_file(n),))
        for n, row in enumerate(schools)
    ]
    statuses.append(
        Status(
            owner=home.roster.district, kind=own.kind, state="accepted", digest=own.digest, files=(own.file,)
        )
    )
    return Generated(
        spec=home.spec,
        roster=Roster(district=home.roster.district, schools=schools),
        statuses=tuple(statuses),
        packed=models,
        own=own,
    )


def _school(row: RosterRow, place: int) -> RosterRow:
    number = f"{place:012d}"
    columns = {**row.columns, "ncessch": number, "enrollment": 5 + place % 700}
    return RosterRow(id=number, name=f"{row.name} {place}", columns=columns)


def _file(place: int) -> str:
    return f"school {place:05d}.xlsx"


def _varied(model: Submission, school: RosterRow, place: int) -> Submission:
    """The plan of another school: its own number, file, dates, hours and amounts."""
    sections = {
        name: tuple(_row(record, place) for record in records) for name, records in model.sections.items()
    }
    return replace(model, file=_file(place), digest=f"{place:064x}", plan_id=school.id, sections=sections)


def _row(record: Record, place: int) -> Record:
    answers = {name: answer._replace(value=_other(answer, place)) for name, answer in record.answers.items()}
    return replace(record, answers=answers)


def _other(answer: Answer, place: int) -> Value:
    value = answer.value
    if isinstance(value, date):
        return value + timedelta(days=place % 30)
    if isinstance(value, Decimal):
        return value + place % 7
    return value
