"""Makes the filled workbooks of the example districts from the texts in ``tests/data``.

    python -m tests.support.make_examples            (from the root of the repository, plbuild installed)

Writes ``examples/*/submissions/`` anew and ``tests/data/maple-ridge/expected_findings.yaml``. Needs
LibreOffice with a Python that has ``uno``, and Gnumeric. Run it after the specs or the blank workbook have
changed; the texts stay as they are.

Each workbook is issued by ``plbuild.blank`` and goes the way that such workbooks go in life: most are filled
in Excel (openpyxl stands in for it), some in LibreOffice or last saved by it or by Gnumeric, with inserted
rows, a renamed tab and files under any name. Every workbook is read back before it is written: what intake
finds must be what the texts say.
"""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plbuild import archive, blank, intake
from plbuild.model import PlanSpec, RosterRow
from tests.support import districts
from tests.support.districts import Example
from tests.support.fill import (
    Answers,
    Entry,
    Records,
    cell_of,
    entries,
    expected,
    fill,
    records,
)
from tests.support.office import (
    LibreOffice,
    enter,
    gnumeric_resave,
    insert_rows,
    rename_sheet,
    show_sheet,
)

LARGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished workbook, the day it was last saved, and the answers of each plan in it, by plan id."""

    file: str
    data: bytes
    saved: date
    plans: dict[str, Answers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One plan's blank workbook and the answers that are to go into it."""

    plan: PlanSpec
    owner: RosterRow
    data: bytes
    answers: Answers

    def filled(self, answers: Answers | None = None) -> bytes:
        """Filled as in Excel."""
        return fill(self.data, answers or self.answers, self.plan, self.owner.id)

    def entries(self, answers: Answers | None = None) -> list[Entry]:
        """The answers at their places, to be typed elsewhere."""
        return entries(self.data, answers or self.answers, self.plan, self.owner.id)

    def made(self, file: str, data: bytes, month: int, day: int) -> Made:
        """The finished workbook, last saved on a day of 2026."""
        return Made(file=file, data=data, saved=date(2026, month, day), plans={self.owner.id: self.answers})


def issued(example: Example, owner_id: str, text: str) -> Blank:
    """The workbook of one plan, as the district issues it, with the answers of ``text``.yaml."""
    plan, owner = _owner(example, owner_id)
    data = blank.separate(example.spec, plan, owner, example.words)
    return Blank(plan=plan, owner=owner, data=data, answers=example.answers(text))


def _owner(example: Example, owner_id: str) -> tuple[PlanSpec, RosterRow]:
    for plan in example.spec.plans:
        if owner := example.roster.owner(plan, owner_id):
            return plan, owner
    raise KeyError(owner_id)


# ------------------------------------------------------------------------------- Cedar Valley


def cedar_valley(example: Example, office: LibreOffice) -> Iterator[Made]:
    """Six schools with workbooks of their own, two that share the district's; all of them good."""
    lincoln = issued(example, "089910000101", "lincoln-elementary")
    yield lincoln.made("Lincoln Elementary.xlsx", lincoln.filled(), 10, 9)

    okeeffe = issued(example, "089910000102", "okeeffe-elementary")
    yield okeeffe.made("OKeeffe_PL_plan_2026-27.xlsx", _late_resource(okeeffe, office), 10, 14)

    san_jose = issued(example, "089910000103", "san-jose-middle")
    steps = [
        insert_rows("Actions", "pl_actions", 3),
        rename_sheet("Actions", "Actions (revised 10-12)"),
        show_sheet("Actions (revised 10-12)"),
    ]
    data = office.edit(san_jose.filled(), steps)
    yield san_jose.made("middle schools/San Jose MS prof learning plan.xlsx", data, 10, 12)

    foothills = issued(example, "089910000104", "foothills-middle")
    data = gnumeric_resave(foothills.filled())
    yield foothills.made("middle schools/Foothills MS plan FINAL (2).xlsx", data, 10, 16)

    high = issued(example, "089910000105", "cedar-valley-high")
    yield high.made("CVHS 3-year PL plan.xlsx", high.filled(), 9, 30)

    bridges = issued(example, "089910000106", "bridges-alternative")
    data = office.edit(bridges.data, [enter(bridges.entries()), show_sheet("School and team")])
    yield bridges.made("Copy of Bridges workbook.xlsx", data, 10, 2)

    yield _shared(example)


def _late_resource(school: Blank, office: LibreOffice) -> bytes:
    """Filled in Excel but for the second cost, which gets a new row of its own in LibreOffice."""
    rest = copy.deepcopy(school.answers)
    late = rest["resources"].pop(1)
    late_row = [replace(entry, row=1) for entry in school.entries({"resources": [late]})]
    steps = [insert_rows("Resources", "pl_resources", 1), enter(late_row), show_sheet("Approvals")]
    return office.edit(school.filled(rest), steps)


def _shared(example: Example) -> Made:
    """The district's workbook with its own plan and a sheet for each of two schools."""
    texts = {"089910000107": "lincoln-elementary-alder", "089910000108": "juniper-ridge"}
    two = tuple(row for row in example.roster.schools if row.id in texts)
    data = blank.shared(example.spec, replace(example.roster, schools=two), example.words)
    texts[example.district.leaid] = "district"
    plans = {owner_id: example.answers(text) for owner_id, text in texts.items()}
    for owner_id, plan_answers in plans.items():
        plan, _ = _owner(example, owner_id)
        data = fill(data, plan_answers, plan, owner_id)
    return Made(
        file="District plan with Alder and Juniper.xlsx", data=data, saved=date(2026, 10, 15), plans=plans
    )


# ------------------------------------------------------------------------------- Maple Ridge


def maple_ridge(example: Example) -> Iterator[Made]:
    """The ordinary mistakes: one plan with four of them, one sent twice, one not sent."""
    home = issued(example, "0999200", "district")
    yield home.made("district.xlsx", home.filled(), 10, 20)

    birch = issued(example, "099920000201", "birch-street")
    yield birch.made("Birch Street.xlsx", birch.filled(), 10, 22)

    riverside = riverside_with_mistakes(example)
    yield riverside.made("Riverside plan.xlsx", riverside.filled(), 10, 29)

    high = issued(example, "099920000203", "maple-ridge-high")
    yield high.made("MRHS plan.xlsx", high.filled(), 10, 19)
    second = replace(high, answers=copy.deepcopy(high.answers))
    second.answers["direction"]["last_year_change"] += (
        " Department chairs read each other's plans in January."
    )
    yield second.made("MRHS plan v2 (final).xlsx", second.filled(), 10, 27)


def riverside_with_mistakes(example: Example) -> Blank:
    """Riverside's plan with exactly the four mistakes of ``RIVERSIDE``."""
    school = issued(example, "099920000202", "riverside-middle")
    del school.answers["goals"][0]["measure"]
    school.answers["objectives"][1]["audience"] = "Everybody"
    # February 2026 where February 2027 was meant.
    school.answers["actions"][0]["end_date"] = date(2026, 2, 9)
    school.answers["actions"][3]["objective"] = "O9"
    return school


# Section, row from 0, field, and the code of what is wrong there.
RIVERSIDE = (
    ("goals", 0, "measure", "required-missing"),
    ("objectives", 1, "audience", "not-in-list"),
    ("actions", 0, "end_date", "end-before-start"),
    ("actions", 3, "objective", "broken-reference"),
)

_HEAD = """\
# Every mistake in examples/maple-ridge, written by tests/support/make_examples.py with the workbooks.
# The last three are not about a cell: one plan came twice, one did not come.

"""


def expected_findings(school: Blank, high_id: str, missing_id: str) -> str:
    """The mistakes of the folder as YAML: file, sheet, cell, plan, field and code of each."""
    places = []
    for section, row, field_name, code in RIVERSIDE:
        sheet, cell = cell_of(school.data, school.plan, school.owner.id, section, field_name, row)
        field_path = f"{section}.{field_name}"
        places.append(("Riverside plan.xlsx", sheet, cell, school.owner.id, field_path, code))
    for file in ("MRHS plan v2 (final).xlsx", "MRHS plan.xlsx"):
        places.append((file, school.plan.steps[0].tab, "", high_id, "", "duplicate-submission"))
    places.append(("", "", "", missing_id, "", "plan-not-received"))
    keys = ("file", "sheet", "cell", "plan_id", "field", "code")
    rows = [", ".join(f'{key}: "{text}"' for key, text in zip(keys, place, strict=True)) for place in places]
    return _HEAD + "".join(f"- {{{row}}}\n" for row in rows)


# ------------------------------------------------------------------------------- writing


_CREATED = re.compile(rb"(<dcterms:created[^>]*>)[^<]*(<)")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_EDITED_FOR = re.compile(rb"<TotalTime>[^<]*</TotalTime>")


def dated(data: bytes, saved: date) -> bytes:
    """The workbook as if issued on 8/24/2026 and last saved on ``saved``, without other times."""
    members = archive.read(data)
    core = _CREATED.sub(rb"\g<1>2026-08-24T15:00:00Z\g<2>", members["docProps/core.xml"])
    moment = f"{saved.isoformat()}T21:40:00Z".encode()
    members["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", core)
    members["docProps/app.xml"] = _EDITED_FOR.sub(b"", members["docProps/app.xml"])
    return archive.pack(members)


def check(example: Example, made: Made) -> None:
    """Raises ValueError where intake reads anything but what was to be written."""
    if len(made.data) > LARGEST:
        raise ValueError(f"{made.file} has {len(made.data):,} bytes")
    submissions, findings = intake.read(example.spec, made.file, made.data)
    if any(item.severity == "error" for item in findings):
        raise ValueError(f"{made.file}: {[item.message for item in findings]}")
    if sorted(item.plan_id for item in submissions) != sorted(made.plans):
        raise ValueError(f"{made.file}: {[item.plan_id for item in submissions]}")
    for item in submissions:
        plan, owner = _owner(example, item.plan_id)
        wanted = expected(made.plans[item.plan_id], plan, owner.columns)
        if without_ids(records(item), "resources") != without_ids(wanted, "resources"):
            raise ValueError(f"{made.file}: {owner.name} does not read back as it was written")


def without_ids(plan_records: Records, section: str) -> Records:
    """The records, but for the numbers of one section: an inserted row has none of its own."""
    rows = plan_records.get(section, [])
    return {**plan_records, section: [{**row, "id": None} for row in rows]}


def write(example: Example, made: Iterator[Made]) -> None:
    """Check the workbooks and write them into the district's submissions folder, which they replace."""
    folder: Path = districts.EXAMPLES / example.folder / "submissions"
    finished = [replace(item, data=dated(item.data, item.saved)) for item in made]
    for item in finished:
        check(example, item)
    shutil.rmtree(folder, ignore_errors=True)
    for item in finished:
        path = folder / item.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(item.data)
        print(f"{len(item.data):>9,} bytes  {path.relative_to(districts.ROOT).as_posix()}")


def main() -> None:
    """Make both examples."""
    maple = districts.example("maple-ridge")
    write(maple, maple_ridge(maple))
    high, missing = maple.roster.schools[2], maple.roster.schools[3]
    text = expected_findings(riverside_with_mistakes(maple), high.id, missing.id)
    path = districts.DATA / maple.folder / "expected_findings.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    print(text)
    cedar = districts.example("cedar-valley")
    with LibreOffice() as office:
        write(cedar, cedar_valley(cedar, office))


if __name__ == "__main__":
    main()
