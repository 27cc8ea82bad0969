"""Finds the plans in a file by their stamps and names, decodes their answers, and loses nothing.

Takes a ``Spec`` and the bytes of a file; returns the ``Submission``s that it holds and the findings about
the file itself. Never raises on bad input. Design decision: a sheet says itself what it is, so that the
names of files and tabs do not matter; and every cell that holds something is an answer, a printed text,
or a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plbuild.intake import triage
from plbuild.intake.locate import Sheet
from plbuild.intake.outside import are_as_stamped, stamped_cells
from plbuild.intake.package import Area, Book, SheetNames, UnreadableError
from plbuild.intake.reader import Reader, comment_findings, outside_findings, plain
from plbuild.intake.stream import TooLargeError
from plbuild.model import Finding, Place, PlanSpec, Spec, Submission, digest

__all__ = ["read"]

# Where the stamps stand in the hidden first row of a sheet, if their names are gone.
_STAMPS: tuple[str, ...] = ("pl_kind", "pl_version", "pl_id", "pl_checksum", "pl_furniture")
_COLUMNS = {name: col for col, name in enumerate(_STAMPS, start=2)}
_PRINTED = re.compile("(?:[0-9a-f]{6})+")

Read = tuple[tuple[Submission, ...], tuple[Finding, ...]]


def read(spec: Spec, file: str, data: bytes) -> Read:
    """The plans in ``data``, called ``file`` in messages, and what is wrong with it.

    A zip of workbooks is opened one level; its plans are of the file ``file/name in the zip``.
    """
    kind = triage.kind_of(data)
    if kind.code == triage.BUNDLE:
        return _bundle(spec, file, data)
    if kind.code != triage.WORKBOOK:
        return (), (spec.finding(kind.code, Place(file=file), **kind.words),)
    submissions, findings = _workbook(spec, file, data)
    if kind.has_macros:
        findings = (*findings, spec.finding("macros-ignored", Place(file=file)))
    return submissions, findings


def _bundle(spec: Spec, file: str, data: bytes) -> Read:
    try:
        inner, left_out = triage.members(data)
    except triage.ZIP_ERRORS:
        return (), (spec.finding("file-damaged", Place(file=file)),)
    submissions: list[Submission] = []
    findings: list[Finding] = []
    for name, content in inner:
        label = f"{file}/{name}"
        if triage.kind_of(content).code == triage.BUNDLE:
            findings.append(spec.finding("file-nested-zip", Place(file=label)))
            continue
        plans, said = read(spec, label, content)
        submissions += plans
        findings += said
    if left_out:
        words = {"reason": f"{left_out:,} more files in it than the {len(inner):,} that are read"}
        findings.append(spec.finding("file-too-large", Place(file=file), **words))
    if not inner:
        findings.append(spec.finding("file-empty", Place(file=file)))
    return tuple(submissions), tuple(findings)


def _workbook(spec: Spec, file: str, data: bytes) -> Read:
    try:
        book = Book(data)
        sheets = [_opened(spec, book, names) for names in book.sheets if "pl_marks" not in names.areas]
        comments = {names.title: book.comments(names) for names in book.sheets}
    except TooLargeError as error:
        return (), (spec.finding("file-too-large", Place(file=file), reason=str(error)),)
    except UnreadableError as error:
        return (), (spec.finding("file-unreadable", Place(file=file), reason=str(error)),)
    stamped = [sheet for sheet in sheets if "pl_kind" in sheet.areas]
    if not stamped:
        return (), (spec.finding("not-a-plan", Place(file=file)),)
    submissions: list[Submission] = []
    findings: list[Finding] = []
    for (kind, version, plan_id), own in _by_plan(stamped).items():
        place = Place(file=file, sheet=own[0].title, kind=kind, plan_id=plan_id)
        plan = next((item for item in spec.plans if item.kind == kind), None)
        if plan is None:
            findings.append(spec.finding("unknown-plan-kind", place, entered=kind))
            for sheet in own:
                read_cells = stamped_cells(sheet)
                findings += outside_findings(spec, place, sheet, read_cells, _everywhere, limit=0)
            continue
        current, said = _version(spec, plan, place, version)
        reader = Reader(spec=spec, plan=plan, place=place, sheets=own, book=book, is_current=current)
        submissions.append(reader.submission(version, digest(data)))
        findings += [*said, *reader.findings]
    home = Place(file=file)
    for sheet in sheets:
        if "pl_kind" not in sheet.areas:
            findings += _unstamped(spec, home, sheet)
        findings += comment_findings(spec, home, sheet, comments[sheet.title], len(submissions))
    return tuple(submissions), tuple(findings)


def _unstamped(spec: Spec, home: Place, sheet: Sheet) -> Iterator[Finding]:
    """What was typed on a sheet that belongs to no plan: one of ours, or one that was added."""
    ours = "pl_furniture" in sheet.areas
    return outside_findings(spec, home, sheet, stamped_cells(sheet), _everywhere if ours else _nowhere)


def _everywhere(_: tuple[int, int]) -> bool:
    return True


def _nowhere(_: tuple[int, int]) -> bool:
    return False


def _opened(spec: Spec, book: Book, names: SheetNames) -> Sheet:
    """A sheet with its cells; where its names are gone, the stamps in its first row still stand.

    The cells of a sheet that belongs to no plan and is as it was printed need not be looked at.
    """
    if "pl_furniture" in names.areas and "pl_kind" not in names.areas and are_as_stamped(book.texts(names)):
        return Sheet(title=names.title, areas=names.areas, cells={})
    cells = book.cells(names)
    sheet = Sheet(title=names.title, areas=names.areas, cells=cells)
    if all(name in names.areas for name in _STAMPS):
        return sheet
    kinds = {plan.kind for plan in spec.plans}
    stamps = _STAMPS[:-1] if sheet.text(1, _COLUMNS["pl_kind"]) in kinds else ()
    if _PRINTED.fullmatch(sheet.text(1, _COLUMNS["pl_furniture"])):
        stamps = (*stamps, _STAMPS[-1])
    areas = {name: Area(top=1, left=_COLUMNS[name], bottom=1, right=_COLUMNS[name]) for name in stamps}
    return Sheet(title=names.title, areas={**areas, **names.areas}, cells=cells)


def _by_plan(sheets: list[Sheet]) -> dict[tuple[str, str, str], list[Sheet]]:
    groups: dict[tuple[str, str, str], list[Sheet]] = {}
    for sheet in sheets:
        kind, version, plan_id = (_stamp(sheet, name) for name in ("pl_kind", "pl_version", "pl_id"))
        groups.setdefault((kind, version, plan_id), []).append(sheet)
    return groups


def _stamp(sheet: Sheet, name: str) -> str:
    area = sheet.areas.get(name)
    cell = sheet.cells.get((area.top, area.left)) if area else None
    return plain(cell) if cell else ""


def _version(spec: Spec, plan: PlanSpec, place: Place, version: str) -> tuple[bool, list[Finding]]:
    """Whether a plan is on this version of the spec, and the finding where it is not."""
    if version == plan.version:
        return True, []
    words = {"entered": version, "wanted": plan.version}
    theirs, ours = _numbers(version), _numbers(plan.version)
    if theirs is None or ours is None:
        return False, [spec.finding("unknown-version", place, **words)]
    code = "older-version" if theirs < ours else "newer-version"
    return False, [spec.finding(code, place, **words)]


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else None
