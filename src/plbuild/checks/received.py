"""What only all plans together can say: which copy counts, who is exempt, and whose plan is missing.

Takes the submissions of a district, returns what counts of them and findings. Design decision: of a plan
that came in more than once, one copy counts only where there is no doubt which: the files are the same
bytes, or ``district.yaml`` names one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from plbuild.model import District, Finding, Place, Roster, Spec, Submission, shown

DUPLICATE = "duplicate-submission"
"""The code for a plan that came in more than once: the district must say which file counts."""

_FROM = "district.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The submissions that count, and for each copy that is passed by the code that says why.

    A copy is known by its file, its kind of plan and its plan id.
    """

    counted: tuple[Submission, ...]
    passed_by: Mapping[tuple[str, str, str], str]
    findings: tuple[Finding, ...]

    def heeded(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings without those about copies that are passed by."""
        return [f for f in findings if (f.where.file, f.where.kind, f.where.plan_id) not in self.passed_by]


def received(
    spec: Spec,
    roster: Roster,
    home: District,
    submissions: Iterable[Submission],
    answers: Callable[[Submission], bytes] = lambda item: item.digest.encode(),
) -> Received:
    """Which of the filled plans count.

    Copies of other bytes all count and are each an error, unless ``counts`` of ``district.yaml`` names the
    file of one. ``answers`` gives bytes that are equal where all answers of two plans are: the error says
    whether they are.
    """
    everything = tuple(submissions)
    groups: dict[tuple[str, str], list[Submission]] = {}
    for item in everything:
        groups.setdefault((item.kind, item.plan_id), []).append(item)
    findings: list[Finding] = []
    passed_by: dict[tuple[str, str, str], str] = {}
    for (_, plan_id), copies in groups.items():
        kept = _kept(copies, home.counts.get(plan_id, ""))
        for item in copies:
            if not any(item is one for one in kept):
                code, used = _why_not(item, kept)
                passed_by[copy_of(item)] = code
                findings.append(spec.finding(code, of_plan(item), used=used))
        if len(kept) > 1:
            words = {
                "files": _files(spec, kept),
                "alike": _alike(spec, kept, answers),
                "how": _how(spec, kept),
            }
            findings += [spec.finding(DUPLICATE, of_plan(item), **words) for item in kept]
    findings += _unknown_files(spec, roster, home, groups)
    counted = tuple(item for item in everything if copy_of(item) not in passed_by)
    return Received(counted=counted, passed_by=passed_by, findings=tuple(findings))


def copy_of(item: Submission) -> tuple[str, str, str]:
    """What one copy of a plan is known by."""
    return item.file, item.kind, item.plan_id


def _kept(copies: list[Submission], named: str) -> list[Submission]:
    """The copies in the file that is named; else one of each that differ, the first by name."""
    if chosen := [item for item in copies if _is_called(item, named)]:
        return chosen
    differing: dict[tuple[str, str], Submission] = {}
    for item in sorted(copies, key=lambda item: item.file):
        differing.setdefault((item.digest, item.version), item)
    return [item for item in copies if any(item is one for one in differing.values())]


def _is_called(item: Submission, name: str) -> bool:
    """Whether it came in this file; some systems write an accent as a letter of its own, and \\ for /."""
    first, second = (unicodedata.normalize("NFC", text).replace("\\", "/") for text in (item.file, name))
    return first == second


def _why_not(item: Submission, kept: list[Submission]) -> tuple[str, str]:
    """The code and the file that is used instead."""
    for one in kept:
        if (one.digest, one.version) == (item.digest, item.version):
            return "same-file-twice", one.file
    return "superseded", kept[0].file


def _unknown_files(
    spec: Spec, roster: Roster, home: District, groups: Mapping[tuple[str, str], list[Submission]]
) -> list[Finding]:
    """Advice for each line of ``counts`` whose file holds no plan of the one that it names."""
    came: dict[str, list[Submission]] = {}
    for (_, plan_id), copies in groups.items():
        came.setdefault(plan_id, []).extend(copies)
    return [
        spec.finding(
            "counts-unknown",
            Place(file=_FROM, plan_id=plan_id),
            entered=file,
            owner=roster.names.get(plan_id, ""),
            plan_id=plan_id,
        )
        for plan_id, file in home.counts.items()
        if not any(_is_called(item, file) for item in came.get(plan_id, ()))
    ]


def of_plan(item: Submission) -> Place:
    """The place of a finding that is about a whole plan: its first sheet."""
    sheet = item.sheets[0] if item.sheets else ""
    return Place(file=item.file, sheet=sheet, kind=item.kind, plan_id=item.plan_id)


def _files(spec: Spec, copies: list[Submission]) -> str:
    """The copies by name, each with the day on which it was saved, the oldest first."""
    told = []
    for item in sorted(copies, key=lambda item: (item.saved or date.min, item.file)):
        key = "copy_saved" if item.saved else "copy_not_saved"
        told.append(spec.phrases[key].format(file=_name(item, copies), saved=shown(item.saved)))
    return ", ".join(told)


def _how(spec: Spec, copies: list[Submission]) -> str:
    """How one of the copies is chosen: by its file, or where a file holds several, among its sheets."""
    files = [item.file for item in copies]
    held = [file for file in dict.fromkeys(files) if files.count(file) > 1]
    ways = [spec.phrases["choose_sheet"].format(file=file) for file in held]
    if len(set(files)) > 1:
        ways = [spec.phrases["choose_file"], *(f"{way[:1].upper()}{way[1:]}" for way in ways)]
    return " ".join(ways)


def _alike(spec: Spec, copies: list[Submission], answers: Callable[[Submission], bytes]) -> str:
    """Which copies have the same answers: our marks in a file, and how it was saved, are no difference."""
    same: dict[bytes, list[Submission]] = {}
    for item in copies:
        same.setdefault(answers(item), []).append(item)
    most = max(same.values(), key=len)
    if len(same) == 1:
        return spec.phrases["copies_alike"]
    if len(most) == 1:
        return spec.phrases["copies_differ"]
    alike = "; ".join(
        ", ".join(_name(item, copies) for item in group) for group in same.values() if len(group) > 1
    )
    return spec.phrases["copies_some_alike"].format(alike=alike)


def _name(item: Submission, copies: list[Submission]) -> str:
    """The file of a copy, with its sheet where the file holds several."""
    alone = sum(one.file == item.file for one in copies) == 1
    return item.file if alone else f"{item.file}, sheet {item.sheets[0]}"


def empty(spec: Spec, roster: Roster, submissions: Iterable[Submission]) -> list[Finding]:
    """A note for each plan in which nothing was filled in; such a plan counts as not received."""
    found = []
    for item in submissions:
        if item.is_blank:
            owner = roster.owner(spec.plan(item.kind), item.plan_id)
            name = owner.name if owner else item.plan_id
            found.append(spec.finding("plan-empty", of_plan(item), owner=name))
    return found


def exempt(spec: Spec, submissions: Iterable[Submission]) -> dict[str, str]:
    """The ids that a plan of another kind exempts from owing one, with the reason."""
    found = {}
    for item in submissions:
        if exempts := spec.plan(item.kind).exempts:
            for record in item.sections[exempts.section]:
                found[shown(record.value(exempts.id))] = shown(record.value(exempts.reason))
    return found


def missing(
    spec: Spec,
    roster: Roster,
    home: District,
    came_in: set[tuple[str, str]],
    exempted: Mapping[str, str],
    submissions: Iterable[Submission] = (),
) -> list[Finding]:
    """An error for each owner on the roster whose plan (kind, id) is neither received nor exempt.

    Of those in which nothing was filled in, ``submissions`` tell the files.
    """
    said = spec.phrases["came_empty"]
    empty = {(i.kind, i.plan_id): said.format(file=i.file) for i in submissions if i.is_blank}
    return [
        spec.finding(
            "plan-not-received",
            Place(kind=plan.kind, plan_id=row.id),
            owner=row.name,
            plan_id=row.id,
            empty=empty.get((plan.kind, row.id), ""),
            due_date=shown(home.due_date),
        )
        for plan in spec.plans
        for row in roster.owners(plan)
        if (plan.kind, row.id) not in came_in and row.id not in exempted
    ]
