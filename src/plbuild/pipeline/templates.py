"""What a state office prepares: blank workbooks and starter templates, and templates judged.

Takes folders, writes files, returns the lines that say what was done. Design decision: all templates are
judged in one run, each wholly, because an editor corrects them in Word and wants to do so once.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plbuild import archive, blank, charts, rollup
from plbuild.documents import Memo, Remark, TemplateFault, memo_context, rollup_context
from plbuild.documents.annotate import annotate
from plbuild.documents.lint import lint
from plbuild.documents.starter import starter
from plbuild.model import PlanSpec, Roster, RosterRow, Spec, SpecError, Status, Table, TemplateError
from plbuild.pipeline import files
from plbuild.pipeline.files import Folders
from plbuild.pipeline.notes import TEMPLATE as NOTES


def templates(folders: Folders, standards_set: str, *, replace_edited: bool) -> list[str]:
    """Write the blank workbooks and the starter Word templates that the specs stand for.

    A Word template that was edited is kept unless ``replace_edited``. Raises SpecError or TemplateError.
    """
    spec = files.read_spec(folders, standards_set)
    lines = []
    for name, data in _empty_workbooks(spec).items():
        files.write(folders.workbook_templates / name, data)
        lines.append(f"Wrote {folders.workbook_templates / name}.")
    for name, plan in _owned(spec).items():
        data = starter(spec, plan, files.read_text(folders.output_templates / f"{name}.yaml"))
        path = folders.output_templates / f"{name}.docx"
        if path.exists() and not replace_edited and not _same(path, data):
            lines.append(f"Kept {path}, which differs from the starter; --replace writes it anew.")
            continue
        files.write(path, data)
        lines.append(f"Wrote {path}.")
    return lines


def _same(path: Path, data: bytes) -> bool:
    """Whether a template is the starter still; another zlib packs the same parts otherwise."""
    try:
        return archive.read(files.read_bytes(path)) == archive.read(data)
    except zipfile.BadZipFile:
        return False


def _owned(spec: Spec) -> dict[str, PlanSpec]:
    """The templates by their names: one a kind of plan, and that of the notes on a school's plan."""
    return {**{plan.kind: plan for plan in spec.plans}, NOTES: spec.owned_by("school")}


def _empty_workbooks(spec: Spec) -> dict[str, bytes]:
    """A workbook of each kind that belongs to nobody yet, to look at."""
    words = blank.Words(plan_year="", due_date="", contact="your district office", district="")
    made = {}
    for plan in spec.plans:
        owner = RosterRow(id="", name=f"Your {plan.owner}", columns={})
        made[f"{plan.kind}.xlsx"] = blank.separate(spec, plan, owner, words)
    try:
        home = RosterRow(id="", name="Your district", columns={})
        school = RosterRow(id="", name="Your school", columns={})
        made["shared.xlsx"] = blank.shared(spec, Roster(district=home, schools=(school,)), words)
    except KeyError as error:
        raise SpecError((f"No plan is owned by a {error.args[0]}.",)) from None
    return made


# ------------------------------------------------------------------------------------------- check


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking the templates: the lines to print, and whether all can be used."""

    lines: tuple[str, ...]
    sound: bool


def check_templates(folders: Folders, standards_set: str, out: Path, *, annotated: bool = False) -> Checked:
    """Judge every Word template that belongs to a kind of plan; its faults, grouped by template.

    With ``annotated``, a copy of each template that has faults is written into ``out``, with the faults as
    Word comments. Advice alone leaves a template sound. Raises SpecError.
    """
    spec = files.read_spec(folders, standards_set)
    kinds = {f"{name}.docx": plan for name, plan in _owned(spec).items()}
    lines: list[str] = []
    sound = True
    for name, plan in kinds.items():
        path = folders.output_templates / name
        if not path.exists():
            lines.append(f'{path}: the template of "{plan.title}" is missing; invoke templates writes it.')
            sound = False
            continue
        data = path.read_bytes()
        faults = _faults(spec, plan, path.stem, data)
        sound = sound and all(fault.severity != "error" for fault in faults)
        lines += _told(path, faults)
        if annotated and faults:
            lines.append(_annotated(out / name, data, faults))
        elif annotated:
            (out / name).unlink(missing_ok=True)
    # Word keeps a file of this form beside a document that is open.
    others = [path for path in sorted(folders.output_templates.glob("*.docx")) if path.name not in kinds]
    lines += [
        f"{path}: passed by; it belongs to no kind of plan. A template is called after its kind: "
        f"{', '.join(kinds)}."
        for path in others
        if not path.name.startswith("~$")
    ]
    return Checked(lines=tuple(lines), sound=sound)


def _faults(spec: Spec, plan: PlanSpec, name: str, data: bytes) -> tuple[TemplateFault, ...]:
    if name != NOTES:
        return lint(spec, plan, data, _beyond(spec, plan))
    remark = Remark(section="Goals", label="Target", cell="H5", message="A remark.", fix="A remedy.")
    memo = Memo(opening="Good.", first=(remark,), rest=(("Goals", (remark,)),), changes=("A change.",))
    owner = RosterRow(id="0", name="Sample", columns={})
    faults = lint(spec, plan, data, {"notes": memo_context(memo, owner, ("", ""), {})["notes"]})
    # The notes are about a plan and show none of its answers.
    return tuple(fault for fault in faults if fault.code != "field-not-shown")


def _told(path: Path, faults: Sequence[TemplateFault]) -> Iterator[str]:
    errors = sum(fault.severity == "error" for fault in faults)
    if not faults:
        yield f"{path}: nothing wrong."
        return
    yield f"{path}: {_count(errors, 'error')}, {_count(len(faults) - errors, 'piece')} of advice."
    for fault in sorted(faults, key=lambda fault: fault.severity != "error"):
        yield f"  {fault.severity} {fault.code}: {fault}"
        yield f"    {fault.fix}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _annotated(target: Path, data: bytes, faults: Sequence[TemplateFault]) -> str:
    try:
        copy = annotate(data, faults)
    except TemplateError:
        return "  No copy with comments was written, because it cannot be opened."
    files.write(target, copy)
    return f"  A copy with these as comments: {target}"


def _beyond(spec: Spec, plan: PlanSpec) -> Mapping[str, object]:
    """Samples of what a build adds to the context of this kind of plan; see ``build``."""
    if plan.owner != "district" or plan.additional:
        return {}
    home = RosterRow(id="0", name="Sample", columns={})
    status = Status(owner=home, kind=plan.kind, state="missing")
    made = rollup.rollup(spec, Roster(district=home, schools=()), (status,), ())
    made = replace(made, tables=tuple(_with_a_row(table) for table in made.tables))
    return {**rollup_context(made, ()), "charts": dict.fromkeys(charts.NAMES, "")}


def _with_a_row(table: Table) -> Table:
    return table if table.rows else replace(table, rows=((None,) * len(table.columns),))
