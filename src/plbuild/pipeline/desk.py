"""What the page shows: every plan with its files and findings, and what changed.

Takes what was judged and the names of what is written, returns ``index.html``, ``data/changes.csv`` and the
answers that are kept for the next build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

from plbuild import changes, page, returns
from plbuild.checks import DUPLICATE
from plbuild.model import Dismissal, Fault, Finding, Rollup, Status, Waiver
from plbuild.pipeline import history, judge, plans, waivers
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.report import DRAFTS, NOTES, long_day

NAME, CHANGES = "index.html", "data/changes.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What changed since the build that is compared with; ``kept`` is what the next one compares with."""

    kept: Mapping[str, bytes]
    base: changes.Kept | None
    found: tuple[changes.Change, ...]

    def words(self, kind: str) -> dict[str, tuple[str, ...]]:
        """What changed in the plans of a kind, in sentences, by whose plan it is."""
        told: dict[str, tuple[str, ...]] = {}
        for item in self.found:
            if item.kind == kind:
                told[item.plan_id] = (*told.get(item.plan_id, ()), item.words)
        return told

    def line(self, statuses: Iterable[Status]) -> str:
        """What changed, in one line for the terminal; empty where there is no build to compare with.

        A plan is new that had no answers in that build and came in since.
        """
        if self.base is None:
            return ""
        before = {(item.kind, item.id) for item in self.base.owed if item.answers}
        came = {_key(item) for item in statuses if item.state in ("accepted", "held")}
        keys = {(item.kind, item.plan_id) for item in self.found}
        new = len((keys & came) - before)
        changed = len(keys) - new
        parts = [f"{changed} plan{'' if changed == 1 else 's'} changed"] if changed else []
        parts += [f"{new} {'' if changed else 'plan ' if new == 1 else 'plans '}new"] if new else []
        where = f' (see "What changed" in {NAME})' if parts else ""
        return (
            f"Since the build of {long_day(self.base.as_of)}: {', '.join(parts) or 'nothing changed'}{where}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a run came to; ``marked`` has the path of each file's marked copy, ``outputs`` all paths.

    ``unwritten`` says why of each output that could not be written.
    """

    inputs: Inputs
    as_of: date
    compared: Compared
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    marked: Mapping[str, str]
    figures: Rollup | None
    outputs: frozenset[str]
    unwritten: Mapping[str, str]


def compare(
    inputs: Inputs, statuses: Iterable[Status], answers: Mapping[judge.Key, bytes], as_of: date,
    known: history.Earlier,
) -> Compared:  # fmt: skip
    """What changed; ``answers`` are those of each plan that was read, as ``changes.answers`` packed them."""
    owed = (
        changes.Owed(
            kind=item.kind,
            id=item.owner.id,
            name=item.owner.name,
            state=item.state,
            answers=answers.get(_key(item), b""),
        )
        for item in statuses
    )
    kept, base, found = history.compared(inputs.spec, known, changes.kept(owed, as_of))
    return Compared(kept=kept, base=base, found=found)


def outputs(shown: Shown) -> dict[str, bytes]:
    """The page and what belongs to it, by path; what is kept for the next build stands first."""
    made = {**shown.compared.kept, CHANGES: changes.changes_csv(shown.compared.found)}
    made[NAME] = page.html(_page(shown, {*shown.outputs, *made, NAME}))
    return made


def _page(shown: Shown, names: set[str]) -> page.Page:
    base = shown.compared.base
    home = shown.inputs.district
    by_plan, others = _sorted(shown)
    placed = {file for item in shown.statuses for file in item.files}
    return page.Page(
        district=home.name,
        plan_year=home.plan_year,
        contact=home.contact,
        due=home.due_date,
        as_of=shown.as_of,
        version=version("plbuild"),
        rows=tuple(_row(shown, names, item, by_plan.get(_key(item), [])) for item in shown.statuses),
        others=tuple((file, _notes(items)) for file, items in others.items()),
        returned=tuple(_address(path) for file, path in shown.marked.items() if file not in placed),
        faults=tuple(f"{item.item}: {item.message.strip().splitlines()[-1]}" for item in shown.faults),
        passed_over=shown.passed_over,
        rollup=shown.figures,
        files=frozenset(names),
        unwritten=shown.unwritten,
        since=base.as_of if base else None,
        changed=tuple(_changed(shown.inputs, shown.compared.found)),
        waivers=tuple(_waivers(shown)),
        dismissed=tuple(_dismissed(shown)),
    )


def _waivers(shown: Shown) -> Iterable[page.Allowed]:
    used = [item for item in shown.findings if item.waiver]
    for waiver in shown.inputs.district.waivers:
        count = sum(item.waiver is waiver for item in used)
        yield replace(
            _allowed(shown.inputs, waiver, waiver.why, count),
            state=waivers.state(waiver, used, shown.as_of),
            by=waiver.approved_by,
            until=waiver.until,
        )


def _dismissed(shown: Shown) -> Iterable[page.Allowed]:
    set_aside = [item for item in shown.findings if item.dismissal]
    for dismissal in shown.inputs.district.dismissed:
        count = sum(item.dismissal is dismissal for item in set_aside)
        yield _allowed(shown.inputs, dismissal, dismissal.reason, count)


def _allowed(inputs: Inputs, item: Waiver | Dismissal, why: str, count: int) -> page.Allowed:
    """What waivers and dismissals have in common: whose plan, which field, why, and how often it applied."""
    place = waivers.place(inputs.spec, inputs.roster, item)
    named = ", ".join(text for text in (place.section_title, place.label) if text)
    return page.Allowed(
        whose=inputs.roster.names.get(item.plan, item.plan),
        id=item.plan,
        what=named or item.field,
        code=item.code,
        why=_ended(why),
        state=waivers.USED if count else waivers.UNUSED,
        count=count,
    )


def _ended(text: str) -> str:
    return f"{text.rstrip('. ')}."


def _key(item: Status) -> judge.Key:
    return item.kind, item.owner.id


def _sorted(shown: Shown) -> tuple[dict[judge.Key, list[Finding]], dict[str, list[Finding]]]:
    """The findings by plan, and those of no plan by file."""
    owed = {_key(item) for item in shown.statuses}
    # A file that holds one plan alone is that plan's, also where a finding is about the whole file.
    homes: dict[str, set[judge.Key]] = {}
    for item in shown.statuses:
        for file in item.files:
            homes.setdefault(file, set()).add(_key(item))
    by_plan: dict[judge.Key, list[Finding]] = {}
    others: dict[str, list[Finding]] = {}
    for finding in shown.findings:
        key = finding.where.kind, finding.where.plan_id
        own = homes.get(finding.where.file, set())
        if key not in owed and len(own) == 1:
            (key,) = own
        if key in owed:
            by_plan.setdefault(key, []).append(finding)
        else:
            others.setdefault(finding.where.file, []).append(finding)
    return by_plan, others


def _row(shown: Shown, names: set[str], item: Status, findings: Sequence[Finding]) -> page.Row:
    spec = shown.inputs.spec
    plan = spec.plan(item.kind)
    documents = plans.documents_of(spec, item, names)
    drafts = [name for name in documents if name.startswith(DRAFTS)]
    finished = [name for name in documents if name not in drafts]
    words = [name for name in (*finished, *drafts) if name.endswith(".docx")]
    notes = f"{NOTES}{plans.stem(item.owner)}.docx"
    copies = [finding for finding in findings if finding.code == DUPLICATE]
    choose = _notes(judge.choices_once(copies))
    return page.Row(
        id=item.owner.id,
        name=item.owner.name,
        title=plan.title,
        owner=plan.owner,
        main=plan.owner == "school" and not plan.additional,
        state=item.state,
        late=item.late,
        saved=item.saved,
        errors=item.errors - len(copies),
        advice=item.advice,
        waived=item.waived,
        reason=item.reason,
        files=item.files,
        plan=next((name for name in finished if name in words), ""),
        draft=next((name for name in drafts if name in words), ""),
        pdf=next((name for name in documents if name.endswith(".pdf")), ""),
        notes=notes if notes in names else "",
        marked=tuple(_address(shown.marked[file]) for file in item.files if file in shown.marked),
        findings=_notes(judge.choices_once(findings)),
        choose=choose[0] if choose else None,
    )


def _notes(findings: Iterable[Finding]) -> tuple[page.Note, ...]:
    return tuple(
        page.Note(
            severity=item.severity,
            code=item.code,
            file=item.where.file,
            sheet=item.where.sheet,
            cells=cells,
            message=item.message,
            fix=item.fix,
        )
        for item, cells in returns.grouped(findings)
    )


def _address(path: str) -> page.Address:
    return page.Address(name=path.partition("/")[2], path=path)


def _changed(inputs: Inputs, found: Iterable[changes.Change]) -> Iterable[page.Changed]:
    """The changes by plan, in their order."""
    by_plan: dict[judge.Key, list[changes.Change]] = {}
    for item in found:
        by_plan.setdefault((item.kind, item.plan_id), []).append(item)
    for (kind, plan_id), items in by_plan.items():
        yield page.Changed(
            id=plan_id,
            name=items[0].owner,
            title=inputs.spec.plan(kind).title,
            words=tuple(item.words for item in items),
        )
