"""What a district or state office prepares: a new district folder, blank workbooks.

Takes folders, writes files, returns the lines that say what was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from plbuild import blank, intake
from plbuild.model import InputError, PlanSpec, RosterRow, excerpt, safe_name, shown
from plbuild.pipeline import carry, files
from plbuild.pipeline.carry import Earlier
from plbuild.pipeline.files import Folders, Inputs

_DISTRICT = """\
# Your district. Change the values on the right, keep the quotation marks where they stand.
name: Your School District
leaid: "0000000"              # the district's NCES number, 7 digits
plan_year: 2026-27
due_date: 2026-10-16          # year-month-day
standards_set: "2022"         # which Standards for Professional Learning: "2011" or "2022"
contact: the district office  # whom schools send their workbook to, in words

# Let an error through: whose plan (the school's number), which code of findings.csv, who approved it,
# why, and until when. Take away the # to use it.
# waivers:
#   - {plan: "000000000001", code: required-missing, field: goals.measure,
#      approved_by: Superintendent, why: The new test starts in spring., until: 2027-01-31}

# Set a piece of advice aside; plan and field may be left out.
# dismissed:
#   - {code: too-few-hours, plan: "000000000001", field: actions.hours_per_person, reason: Counted apart.}

# Of a plan that came in more than once, the file in submissions that counts.
# counts:
#   "000000000001": "Plan FINAL v2 (3).xlsx"
"""
_SHOWN = 8  # how many answers that were not carried over a terminal shows
# The number at the end of an issued workbook's name.
_OWNED = re.compile(r"-([0-9]{7}|[0-9]{12})\.xlsx$")
# Two rows: the columns, and what each of them holds.
_ROSTER = """\
leaid,ncessch,school,grade_low,grade_high,enrollment,teachers_fte\r
# the district's 7 digits,the school's 12 digits,its name,"PK, KG, 01 to 13, UG or AE",likewise,students,\
"teachers, such as 24.5"\r
"""


def new(folder: Path) -> list[str]:
    """Start a district folder. Raises InputError where there is one already."""
    starters = {"district.yaml": _DISTRICT, "roster.csv": _ROSTER}
    if taken := [name for name in starters if (folder / name).exists()]:
        raise InputError((f"{folder}: {' and '.join(taken)} are there already.",))
    try:
        for name, text in starters.items():
            files.write(folder / name, text.encode("utf-8"))
        (folder / "submissions").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError((f"{folder}: no folder can be made there ({error.strerror}).",)) from None
    return [
        f"Started {folder}.",
        f"1. Open {folder / 'district.yaml'} in a text editor and write in your district.",
        f"2. Open {folder / 'roster.csv'} in Excel, one row a school; keep the ids as text.",
        "   The row under the headings says what each column holds; it is not read.",
        f"3. Run: invoke issue --district {_quoted(folder)}",
    ]


def _quoted(path: Path) -> str:
    """A path as it is typed in a shell."""
    return f'"{path}"' if " " in str(path) else str(path)


def issue(
    folder: Path,
    folders: Folders,
    layout: str,
    source: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write blank workbooks, prefilled from the roster, into ``issued/`` of the district folder.

    ``layout`` is ``separate`` or ``shared``. ``source`` is a folder of earlier plans, whose answers the
    workbooks start with. ``say`` is told of the progress. Raises InputError where an input is wrong.
    """
    inputs = files.read_inputs(folder, folders)
    words = _words(inputs)
    before = carry.earlier(inputs, source) if source else None
    made = _workbooks(inputs, words, layout, before.answers if before else {}, say)
    home = folder / "issued"
    count = len(made)
    if before:
        made[_NOT_CARRIED] = blank.not_carried_csv(before.left)
    failed = files.write_all(home, made, say)
    if failed:
        raise InputError(tuple(f"{home / name}: {why}." for name, why in failed.items()))
    files.remove_stale(home, [_NOT_CARRIED], set(made))
    goals = _shown_goals(len(words.goals)) if words.goals else _NO_GOALS
    then = f"invoke build --district {_quoted(folder)}"
    return [
        f"{count} blank workbook{'s' if count > 1 else ''} in {home}.",
        goals,
        *(_carried_words(before, home) if before else ()),
        *_left_roster(inputs, home),
        f"Put the filled ones into {folder / 'submissions'} and run: {then}",
    ]


def _shown_goals(count: int) -> str:
    return f"They show the district's {count} goals." if count > 1 else "They show the district's goal."


_NOT_CARRIED = "not-carried.csv"
_NO_GOALS = (
    "The district's own plan is not in submissions yet, so its goals are not printed in them; "
    "issue again when it is there."
)


def _workbooks(
    inputs: Inputs,
    words: blank.Words,
    layout: str,
    carried: blank.Carried,
    say: Callable[[str], None],
) -> dict[str, bytes]:
    """The workbooks of a layout by file name. Raises InputError where there is no such layout."""
    spec, roster = inputs.spec, inputs.roster
    if layout == "shared":
        return {f"shared-{inputs.district.leaid}.xlsx": blank.shared(spec, roster, words, carried)}
    if layout != "separate":
        raise InputError((f"--layout {layout}: write separate or shared.",))
    owners = [(plan, owner) for plan in spec.plans for owner in roster.owners(plan)]
    made = {}
    for number, (plan, owner) in enumerate(owners, start=1):
        say(f"Making workbook {number} of {len(owners)}: {owner.name}")
        made[_file_name(plan, owner)] = blank.separate(spec, plan, owner, words, carried)
    return made


def _left_roster(inputs: Inputs, home: Path) -> list[str]:
    """A line on the workbooks of schools that are no longer in the roster; they are left where they are."""
    names = [
        path.name
        for path in sorted(home.glob("*.xlsx"))
        if (found := _OWNED.search(path.name)) and found[1] not in inputs.roster.names
    ]
    if not names:
        return []
    return [f"Not in roster.csv any more, and left in {home}: {', '.join(names)}. Delete what is not needed."]


def _carried_words(before: Earlier, home: Path) -> list[str]:
    """What was carried over and what was not, a few lines of it."""
    filled = [answers for answers in before.answers.values() if answers]
    cells = sum(len(values) for answers in filled for rows in answers.values() for values in rows.values())
    plans = "1 plan starts" if len(filled) == 1 else f"{len(filled)} plans start"
    lines = [f"{plans} with {cells} earlier answer{'s' if cells > 1 else ''}."]
    if before.left:
        lines.append(f"Not carried over: {len(before.left)}, all of them in {home / _NOT_CARRIED}:")
        for item in before.left[:_SHOWN]:
            place = ", ".join(part for part in (item.name, item.section, item.row, item.field) if part)
            value = f' "{excerpt(item.value)}"' if item.value else ""
            lines.append(f"  - {place}:{value} {item.why}")
        if len(before.left) > _SHOWN:
            lines.append(f"  … and {len(before.left) - _SHOWN} more.")
    return lines


def _file_name(plan: PlanSpec, owner: RosterRow) -> str:
    stem = "district" if plan.owner == "district" else safe_name(owner.name)
    kind = safe_name(plan.kind) if plan.additional else ""
    return f"{'-'.join(part for part in (kind, stem, owner.id) if part)}.xlsx"


def _words(inputs: Inputs) -> blank.Words:
    home = inputs.district
    return blank.Words(
        plan_year=home.plan_year,
        due_date=shown(home.due_date),
        contact=home.contact or home.name,
        district=home.name,
        goals=_known_goals(inputs),
    )


def _known_goals(inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """The rows of the district's own plan that school plans refer to, with their words."""
    spec = inputs.spec
    plan = spec.owned_by("school")
    targets = {
        (home.kind, part.name): part
        for section in plan.sections
        for item in section.fields
        for home, part in spec.targets(plan, item)
        if home.kind != plan.kind
    }
    found = []
    for path in files.submitted(inputs.folder)[0]:
        for item in intake.read(spec, path.name, files.read_bytes(path))[0]:
            for (kind, name), part in targets.items():
                is_ours = item.kind == kind and item.plan_id == inputs.roster.district.id
                records = item.sections[name] if is_ours else ()
                found += [(record.id, shown(record.value(part.stands_for))) for record in records]
    return tuple(dict(found).items())
