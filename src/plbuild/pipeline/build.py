"""The main story: read, check, judge, roll up, render, write.

Takes a district folder, returns a ``Report``. Design decision: everything is computed before the first
file is written, from bytes and the date that the caller gives, so that equal inputs give equal bytes
whatever executor does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from plbuild import checks, returns
from plbuild.model import (
    Fault,
    Finding,
    Place,
    Rollup,
    Spec,
    Status,
    Submission,
    digest,
)
from plbuild.pipeline import desk, files, history, judge, manifest, plans, send_back, waivers, work
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.report import Report
from plbuild.rollup import problems, rollup, to_csv, to_xlsx

# Items that travel to a worker together: enough to pay for sending the spec, few enough to share out.
_BATCH = 8

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Everything known after reading and checking."""

    files: Mapping[str, str]
    to_mark: tuple[work.Source, ...]
    passed_over: tuple[str, ...]
    submissions: tuple[Submission, ...]
    received: checks.Received
    findings: tuple[Finding, ...]
    statuses: tuple[Status, ...]
    faults: tuple[Fault, ...]
    marked: Mapping[str, str] = field(default_factory=dict)
    """The path of the marked copy of each file that goes back."""

    def to_print(self, *, drafts: bool) -> dict[judge.Key, Submission]:
        """The submission of each plan that is printed: the accepted ones, with ``drafts`` the held too."""
        states = {(item.kind, item.owner.id): item.state for item in self.statuses}
        printed = ("accepted", "held") if drafts else ("accepted",)
        return {key: item for key, item in self.latest().items() if states.get(key) in printed}

    def latest(self) -> dict[judge.Key, Submission]:
        """The submission of each plan; of copies that differ, so that none counts, the one saved last."""
        ordered = sorted(self.received.counted, key=lambda item: (item.saved or date.min, item.file))
        return {judge.key_of(item): item for item in ordered}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run does beside the usual.

    ``advice``: copies go back for advice too. ``drafts``: held plans are written too, marked as drafts.
    ``pdf``: every Word plan has a PDF copy beside it. ``since``: the manifest of the build to compare with,
    where it is not the one before.
    """

    advice: bool = False
    drafts: bool = False
    pdf: bool = False
    since: Path | None = None


def validate(
    folder: Path, folders: Folders, out: Path, executor: work.Executor, as_of: date, say: Say,
    options: Options = Options(),
) -> Report:  # fmt: skip
    """Read and check everything, write findings, marked copies and ``manifest.json``, render nothing.

    Raises InputError where the project's own inputs are wrong.
    """
    inputs = files.read_inputs(folder, folders)
    known = history.earlier(out, options.since)
    judged = _judge(inputs, executor, as_of, say)
    returned, judged = _returned(inputs, judged, executor, say, advice=options.advice)
    return _write(inputs, folders, out, judged, returned, as_of, say, known)


def build(
    folder: Path, folders: Folders, out: Path, executor: work.Executor, as_of: date, say: Say,
    options: Options = Options(),
) -> Report:  # fmt: skip
    """The whole pipeline; see the README for what it writes.

    Raises InputError where the project's own inputs are wrong.
    """
    inputs = files.read_inputs(folder, folders)
    known = history.earlier(out, options.since)
    judged = _judge(inputs, executor, as_of, say)
    say("Adding up")
    main = tuple(s for s in judged.statuses if not inputs.spec.plan(s.kind).additional)
    counted = tuple(p for p in judged.received.counted if not inputs.spec.plan(p.kind).additional)
    figures = rollup(inputs.spec, inputs.roster, main, counted)
    outputs = {"rollup.xlsx": to_xlsx(figures)}
    outputs |= {f"data/{t.name}.csv": to_csv(t) for t in (*figures.tables, *figures.records)}
    faults = [Fault(item="rollup", message=text) for text in problems(figures)]
    wanted = plans.Wanted(
        submissions=judged.to_print(drafts=options.drafts),
        others=_others(inputs, judged.received.counted),
        statuses=judged.statuses,
        findings=judged.findings,
        figures=figures,
        as_of=as_of,
    )
    documents, left_out, broken = plans.written(inputs, folders, wanted, executor, say)
    failed: dict[str, str] = {}
    if options.pdf:
        documents, failed = plans.with_pdf(documents, as_of, say)
    judged = replace(
        judged, findings=(*judged.findings, *left_out), faults=(*judged.faults, *faults, *broken)
    )
    returned, judged = _returned(inputs, judged, executor, say, advice=options.advice)
    outputs = {**documents, **outputs, **returned}
    return _write(inputs, folders, out, judged, outputs, as_of, say, known, figures, failed)


def _returned(
    inputs: Inputs, judged: _Judged, executor: work.Executor, say: Say, *, advice: bool
) -> tuple[dict[str, bytes], _Judged]:
    """The marked copies, and what was judged with the faults that they met."""
    found = judged.submissions, judged.findings
    outputs, marked, faults = send_back.copies(inputs, judged.to_mark, *found, executor, say, advice=advice)
    return outputs, replace(judged, marked=marked, faults=(*judged.faults, *faults))


# --------------------------------------------------------------------------------- read and judge


def _judge(inputs: Inputs, executor: work.Executor, as_of: date, say: Say) -> _Judged:
    spec, roster = inputs.spec, inputs.roster
    sources, passed, unreadable = _sources(inputs)
    submissions, findings, faults = _read(spec, sources, executor, say)
    findings = [*unreadable, *findings, *checks.empty(spec, roster, submissions)]
    filled = [item for item in submissions if not item.is_blank]
    received = checks.received(spec, roster, inputs.district, filled)
    checked, broken = _check(inputs, received.counted, executor, say)
    exempted = checks.exempt(spec, _others(inputs, received.counted))
    came_in = {judge.key_of(item) for item in received.counted}
    findings = [*received.heeded(findings), *checked, *received.findings]
    findings += checks.missing(spec, roster, inputs.district, came_in, exempted)
    findings = waivers.let_through(spec, roster, inputs.district, findings, as_of)
    return _Judged(
        files={source.file: digest(source.data) for source in sources},
        to_mark=send_back.to_mark(sources, findings),
        passed_over=passed,
        submissions=tuple(submissions),
        received=received,
        findings=tuple(findings),
        statuses=judge.statuses(spec, roster, inputs.district, received.counted, findings, exempted, as_of),
        faults=(*faults, *broken),
    )


def _sources(inputs: Inputs) -> tuple[list[work.Source], tuple[str, ...], list[Finding]]:
    """The bytes of every file sent in; a file that is locked is a finding."""
    home = inputs.folder / "submissions"
    to_read, passed = files.submitted(inputs.folder)
    sources, unreadable = [], []
    for path in to_read:
        name = path.relative_to(home).as_posix()
        try:
            sources.append(work.Source(file=name, data=path.read_bytes()))
        except OSError as error:
            why = f"it is locked or may not be read: {error.strerror}"
            unreadable.append(inputs.spec.finding("file-unreadable", Place(file=name), reason=why))
    return sources, tuple(path.relative_to(home).as_posix() for path in passed), unreadable


def _read(
    spec: Spec, sources: list[work.Source], executor: work.Executor, say: Say
) -> tuple[list[Submission], list[Finding], list[Fault]]:
    submissions: list[Submission] = []
    findings: list[Finding] = []
    faults: list[Fault] = []
    say(f"Reading {len(sources)} files")
    tasks = [work.ReadBatch(spec=spec, sources=part) for part in work.batches(sources, _BATCH)]
    for results in executor.map(work.read_batch, tasks):
        for result in results:
            plans, said = result.value or ((), ())
            submissions += plans
            findings += said
            faults += [result.fault] if result.fault else []
        say(f"Read {len(submissions)} plans")
    return submissions, findings, faults


def _check(
    inputs: Inputs, submissions: tuple[Submission, ...], executor: work.Executor, say: Say
) -> tuple[list[Finding], list[Fault]]:
    say(f"Checking {len(submissions)} plans")
    foreign = checks.filled_ids(_others(inputs, submissions))
    tasks = [
        work.CheckBatch(
            spec=inputs.spec,
            roster=inputs.roster,
            district=inputs.district,
            foreign=foreign,
            submissions=part,
        )
        for part in work.batches(submissions, _BATCH)
    ]
    results = [result for batch in executor.map(work.check_batch, tasks) for result in batch]
    found = [finding for result in results for finding in result.value or ()]
    faults = [result.fault for result in results if result.fault]
    return found, faults


def _others(inputs: Inputs, submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """The plans that other plans may refer to: this district's own."""
    home = inputs.roster.district.id
    spec = inputs.spec
    return tuple(i for i in submissions if spec.plan(i.kind).owner == "district" and i.plan_id == home)


# ------------------------------------------------------------------------------------------ write


def _write(
    inputs: Inputs, folders: Folders, out: Path, judged: _Judged,
    outputs: dict[str, bytes], as_of: date, say: Say, known: history.Earlier, figures: Rollup | None = None,
    failed_before: Mapping[str, str] = MappingProxyType({}),
) -> Report:  # fmt: skip
    """Write the outputs and the page that leads to them.

    ``failed_before`` says what could not be made at all, and why.
    """
    outputs = {**outputs, "findings.csv": returns.findings_csv(judged.findings)}
    say("Writing the page")
    outputs |= desk.outputs(
        desk.Shown(
            inputs=inputs,
            as_of=as_of,
            submissions=judged.latest(),
            statuses=judged.statuses,
            findings=judged.findings,
            faults=judged.faults,
            passed_over=judged.passed_over,
            marked=judged.marked,
            figures=figures,
            outputs=frozenset(outputs),
        ),
        known,
    )
    keyed = {(status.kind, status.owner.id): status for status in judged.statuses}
    facts = manifest.Facts(
        inputs=inputs,
        as_of=as_of,
        input_digests=_input_digests(inputs, folders),
        files=judged.files,
        passed_over=judged.passed_over,
        submissions=judged.submissions,
        passed_by=judged.received.passed_by,
        statuses=judged.statuses,
        findings=judged.findings,
        faults=judged.faults,
        outputs=outputs,
        documents={key: plans.documents_of(inputs.spec, status, outputs) for key, status in keyed.items()},
    )
    earlier = manifest.earlier_outputs(out)
    failed = {**failed_before, **files.write_all(out, outputs, say)}
    stuck = files.remove_stale(out, earlier, set(outputs))
    failed |= dict.fromkeys(stuck, "it is out of date, but could not be removed")
    failed |= files.write_all(out, {manifest.NAME: manifest.manifest(facts)}, say)
    return Report(
        inputs=inputs,
        out=out,
        statuses=judged.statuses,
        findings=judged.findings,
        faults=judged.faults,
        passed_over=judged.passed_over,
        written=tuple(name for name in outputs if name not in failed),
        unwritten=tuple(failed.items()),
    )


def _input_digests(inputs: Inputs, folders: Folders) -> dict[str, str]:
    paths = [inputs.folder / "district.yaml", inputs.folder / "roster.csv"]
    paths += sorted(folders.workbook_templates.glob("*.yaml"))
    paths += sorted(folders.output_templates.glob("*.docx"))
    return {path.name: digest(files.read_bytes(path)) for path in paths}
