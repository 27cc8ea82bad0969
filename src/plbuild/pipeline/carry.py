"""Answers of earlier plans for new blank workbooks: which files, which copy, and what was lost.

Takes the inputs of the district that issues and an earlier folder, returns answers by plan and a line for
each that could not be carried over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plbuild import blank, checks, intake
from plbuild.model import Finding, InputError, PlanSpec, RosterRow, Submission
from plbuild.pipeline import files
from plbuild.pipeline.files import Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The answers that new workbooks start with, and what could not be carried over."""

    answers: blank.Carried
    left: tuple[blank.Left, ...]


def earlier(inputs: Inputs, folder: Path) -> Earlier:
    """The answers in ``folder``: an earlier district folder, or any folder of filled workbooks.

    Raises InputError where there is no such folder, or no plan of this district in it.
    """
    submissions, left = _read(inputs, folder)
    known: list[Submission] = []
    for item in submissions:
        if _owner(inputs, item):
            known.append(item)
        else:
            left.append(_whole(item.plan_id, item.file, inputs.spec.phrases["not_carried_owner"]))
    if not known:
        raise InputError((f"{folder}: there is no filled plan of this district in it.",))
    chosen, copies = _latest(inputs, known)
    left += copies
    answers: dict[tuple[str, str], blank.Answers] = {}
    ids: dict[str, frozenset[str]] = {}
    for plan in sorted(inputs.spec.plans, key=lambda plan: plan.owner):
        for item in (item for item in chosen if item.kind == plan.kind):
            carried = _carried(inputs, plan, item, ids if plan.owner == "school" else {})
            answers[plan.kind, item.plan_id] = carried.answers
            ids |= carried.ids if plan.owner == "district" else {}
            left += carried.left
    return Earlier(answers=answers, left=tuple(left))


def _carried(
    inputs: Inputs, plan: PlanSpec, item: Submission, foreign: Mapping[str, frozenset[str]]
) -> blank.Carry:
    owner = _owner(inputs, item)
    name = owner.name if owner else item.plan_id
    return blank.carry_over(inputs.spec, plan, item, name, inputs.district.plan_year, foreign)


def _owner(inputs: Inputs, item: Submission) -> RosterRow | None:
    return inputs.roster.owner(inputs.spec.plan(item.kind), item.plan_id)


def _read(inputs: Inputs, folder: Path) -> tuple[list[Submission], list[blank.Left]]:
    """Every filled plan in the folder, and what is in no plan."""
    if not folder.is_dir():
        raise InputError((f"--from {folder}: there is no such folder.",))
    home = folder / "submissions" if (folder / "submissions").is_dir() else folder
    submissions: list[Submission] = []
    left: list[blank.Left] = []
    for path in files.listed(home)[0]:
        plans, findings = intake.read(inputs.spec, path.relative_to(home).as_posix(), files.read_bytes(path))
        filled = [item for item in plans if not item.is_blank]
        submissions += filled
        left += _lost(inputs, filled, findings)
        if not plans:
            left += [
                _whole("", item.where.file, item.message) for item in findings if item.severity == "error"
            ]
    return submissions, left


def _lost(inputs: Inputs, filled: list[Submission], findings: Iterable[Finding]) -> Iterator[blank.Left]:
    """What stands in a cell of which no field is known: outside the form, or of a field that is gone."""
    names = {(item.kind, item.plan_id): _owner(inputs, item) for item in filled}
    for item in findings:
        where = item.where
        if item.entered and where.cell and not where.field and (where.kind, where.plan_id) in names:
            owner = names[where.kind, where.plan_id]
            yield blank.Left(
                plan_id=where.plan_id,
                name=owner.name if owner else where.file,
                section=where.section_title or where.sheet,
                row=where.cell,
                value=item.entered,
                why=inputs.spec.phrases["not_carried_outside"],
            )


def _latest(inputs: Inputs, submissions: list[Submission]) -> tuple[list[Submission], list[blank.Left]]:
    """One copy of each plan: the one that counts, else the one saved last."""
    counted = checks.received(inputs.spec, inputs.roster, inputs.district, submissions).counted
    best: dict[tuple[str, str], Submission] = {}
    for item in sorted(counted, key=lambda item: (item.saved or date.min, item.file)):
        best[item.kind, item.plan_id] = item
    left = []
    for item in counted:
        used = best[item.kind, item.plan_id]
        if item is not used:
            why = inputs.spec.phrases["not_carried_copy"].format(used=used.file)
            left.append(_whole(item.plan_id, item.file, why))
    return [item for item in counted if best[item.kind, item.plan_id] is item], left


def _whole(plan_id: str, name: str, why: str) -> blank.Left:
    return blank.Left(plan_id=plan_id, name=name, why=why)
