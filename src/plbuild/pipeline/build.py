"""The main story: read, check, judge, roll up, render, write.

Takes a district folder, returns a ``Report``. Design decision: everything is made before the first output is
put in its place, from bytes and the date that the caller gives, so that equal inputs give equal bytes
whatever executor does the work and whatever earlier builds found out already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plbuild import advice, checks, returns
from plbuild.model import (
    Fault,
    Finding,
    Rollup,
    Status,
    Submission,
    digest,
)
from plbuild.pipeline import (
    collector,
    desk,
    figures,
    files,
    history,
    judge,
    lock,
    manifest,
    notes,
    plans,
    reading,
    send_back,
    sharing,
    sound,
    waivers,
)
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.progress import Say
from plbuild.pipeline.report import Report
from plbuild.pipeline.store import Damaged, Store, forget
from plbuild.rollup import problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Everything known after reading and checking; the submissions are heads, ``read`` has their answers."""

    read: reading.Read
    passed_over: tuple[str, ...]
    others: tuple[Submission, ...]
    received: checks.Received
    strengths: Mapping[str, tuple[advice.Strength, ...]]
    findings: tuple[Finding, ...]
    statuses: tuple[Status, ...]
    faults: tuple[Fault, ...]

    def counted(self) -> list[tuple[Status, Submission]]:
        """Each status with the submission that it is about, of copies the one that was saved last."""
        latest = sorted(self.received.counted, key=lambda item: (item.saved or date.min, item.file))
        known = {judge.key_of(item): item for item in latest}
        keys = [(item.kind, item.owner.id) for item in self.statuses]
        return [(status, known[key]) for key, status in zip(keys, self.statuses, strict=True) if key in known]

    def to_print(self, *, drafts: bool) -> dict[judge.Key, Submission]:
        """The submission of each plan that is printed: the accepted ones, with ``drafts`` the held too."""
        printed = ("accepted", "held") if drafts else ("accepted",)
        return {judge.key_of(item): item for status, item in self.counted() if status.state in printed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run does beside the usual.

    ``advice``: copies go back for advice too. ``drafts``: held plans are written too, marked as drafts.
    ``pdf``: every Word plan has a PDF copy beside it. ``since``: the manifest of the build to compare with.
    """

    advice: bool = False
    drafts: bool = False
    pdf: bool = False
    since: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What one run works with; ``known`` are the builds that it is compared with."""

    inputs: Inputs
    folders: Folders
    out: Path
    executor: sharing.Executor
    as_of: date
    say: Say
    options: Options
    known: history.Earlier


def validate(
    folder: Path, folders: Folders, out: Path, executor: sharing.Executor, as_of: date, say: Say,
    options: Options = Options(),
) -> Report:  # fmt: skip
    """Read and check everything, write findings, marked copies and ``manifest.json``, render nothing.

    Word plans and figures of an earlier build stay as they are.
    Raises InputError where the project's own inputs are wrong, or another build is at work in ``out``.
    """
    return _told(_validate, folder, folders, out, executor, as_of, say, options)


def build(
    folder: Path, folders: Folders, out: Path, executor: sharing.Executor, as_of: date, say: Say,
    options: Options = Options(),
) -> Report:  # fmt: skip
    """The whole pipeline; see the README for what it writes.

    Raises InputError where the project's own inputs are wrong, or another build is at work in ``out``.
    """
    return _told(_build, folder, folders, out, executor, as_of, say, options)


def _told(
    story: Callable[[_Run, Store], Report], folder: Path, folders: Folders, out: Path,
    executor: sharing.Executor, as_of: date, say: Say, options: Options,
) -> Report:  # fmt: skip
    """Tell a story while no other build is at work in the output folder, with what earlier ones found out."""
    specs = sound.Sound(out)
    inputs = files.read_inputs(folder, folders, specs)
    files.check_submissions(folder)
    with lock.held(out), collector.collected_seldom():
        specs.save()
        run = _Run(
            inputs=inputs, folders=folders, out=out, executor=executor, as_of=as_of, say=say,
            options=options, known=history.earlier(out, options.since, inputs.roster.names),
        )  # fmt: skip
        try:
            return _stored(run, story)
        except Damaged:
            forget(out)
            return _stored(run, story)


def _stored(run: _Run, story: Callable[[_Run, Store], Report]) -> Report:
    store = Store(run.out)
    try:
        return story(run, store)
    finally:
        store.close()


def _validate(run: _Run, store: Store) -> Report:
    outputs = Outputs(run.out)
    judged = _judge(run, store)
    judged, marked = _returned(run, judged, store, outputs)
    return _write(run, judged, outputs, _compared(run, judged), marked)


def _build(run: _Run, store: Store) -> Report:
    outputs = Outputs(run.out)
    judged = _judge(run, store)
    compared = _compared(run, judged)
    printing = plans.Printing(run.inputs, run.folders, _wanted(run, judged), store, outputs, run.executor)
    noting = notes.Noting(
        run.inputs, run.folders, _noted(run, judged, compared), store, outputs, run.executor
    )
    added = figures.added_up(
        run.inputs, judged.statuses, judged.received.counted, judged.read.plans, judged.findings, store,
        run.say,
    )  # fmt: skip
    printing.tell(added)
    figures.write(added, store, outputs, run.say)
    # The rows of every plan, the most of what a large district takes, have done their work.
    added = replace(added, records=(), dictionary=())
    left_out, broken = printing.finish(run.say)
    broken += noting.finish(run.say)
    wrong = [Fault(item="rollup", message=sentence) for sentence in problems(added)]
    judged = replace(judged, findings=(*judged.findings, *left_out), faults=(*judged.faults, *wrong, *broken))
    judged, marked = _returned(run, judged, store, outputs)
    report = _write(run, judged, outputs, compared, marked, added)
    # A check looks at a part of what is kept, and so can tell of nothing that it is of no more use.
    store.prune()
    return report


def _wanted(run: _Run, judged: _Judged) -> plans.Wanted:
    return plans.Wanted(
        submissions=judged.to_print(drafts=run.options.drafts),
        plans=judged.read.plans,
        others=judged.others,
        statuses=judged.statuses,
        findings=judged.findings,
        as_of=run.as_of,
        pdf=run.options.pdf,
    )


def _noted(run: _Run, judged: _Judged, compared: desk.Compared) -> notes.Wanted:
    read = judged.read.plans
    return notes.Wanted(
        plans=[(status, head, read.key(head)) for status, head in judged.counted()],
        strengths=judged.strengths,
        findings=judged.findings,
        changes=compared.words(run.inputs.spec.owned_by("school").kind),
    )


def _compared(run: _Run, judged: _Judged) -> desk.Compared:
    """What changed since the build that this one is compared with."""
    run.say("Comparing with the build before")
    answers = {judge.key_of(head): judged.read.plans.answered(head) for _, head in judged.counted()}
    return desk.compare(run.inputs, judged.statuses, answers, run.as_of, run.known)


def _returned(run: _Run, judged: _Judged, store: Store, outputs: Outputs) -> tuple[_Judged, dict[str, str]]:
    """What was judged, with the faults that the marked copies met; and the path of each file's copy."""
    marked, faults = send_back.copies(
        run.inputs, judged.read.files, judged.read.heads, judged.findings, store, outputs, run.executor,
        run.say, advice=run.options.advice,
    )  # fmt: skip
    return replace(judged, faults=(*judged.faults, *faults)), marked


# --------------------------------------------------------------------------------- read and judge


def _judge(run: _Run, store: Store) -> _Judged:
    inputs, spec, roster, home = run.inputs, run.inputs.spec, run.inputs.roster, run.inputs.district
    to_read, passed = files.submitted(inputs.folder)
    read = reading.read(inputs, to_read, store, run.executor, run.say)
    findings = [*read.findings, *checks.empty(spec, roster, read.heads)]
    filled = [item for item in read.heads if not item.is_blank]
    received = checks.received(spec, roster, home, filled, read.plans.answered)
    others = tuple(read.plans.stored(item).whole() for item in _others(inputs, received.counted))
    checked = reading.check(inputs, read, received.counted, others, store, run.executor, run.say)
    exempted = checks.exempt(spec, others)
    came_in = {judge.key_of(item) for item in received.counted}
    findings = [*received.heeded(findings), *checked.findings, *received.findings]
    findings += checks.missing(spec, roster, home, came_in, exempted, read.heads)
    findings += reading.compare(inputs, read, received.counted, store, run.say)
    findings = waivers.let_through(spec, roster, home, findings, run.as_of)
    findings = advice.dismiss(spec, home, findings)
    findings += waivers.unused_dismissals(spec, roster, home, findings)
    return _Judged(
        read=read,
        passed_over=tuple(path.relative_to(inputs.folder / "submissions").as_posix() for path in passed),
        others=others,
        received=received,
        strengths=checked.strengths,
        findings=tuple(findings),
        statuses=judge.statuses(spec, roster, home, received.counted, findings, exempted, run.as_of),
        faults=(*read.faults, *checked.faults),
    )


def _others(inputs: Inputs, submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """The plans that other plans may refer to: this district's own."""
    home = inputs.roster.district.id
    spec = inputs.spec
    return tuple(i for i in submissions if spec.plan(i.kind).owner == "district" and i.plan_id == home)


# ------------------------------------------------------------------------------------------ write


def _write(
    run: _Run, judged: _Judged, outputs: Outputs, compared: desk.Compared, marked: Mapping[str, str],
    added: Rollup | None = None,
) -> Report:  # fmt: skip
    """Write findings and page, put all outputs in place, and say last in the manifest what there is."""
    outputs.write("findings.csv", returns.findings_csv(judged.findings))
    run.say("Writing the page")
    shown = desk.Shown(
        inputs=run.inputs,
        as_of=run.as_of,
        compared=compared,
        statuses=judged.statuses,
        findings=judged.findings,
        faults=judged.faults,
        passed_over=judged.passed_over,
        marked=marked,
        figures=added,
        outputs=outputs.in_place(),
        unwritten=dict(outputs.failed),
    )
    for name, data in desk.outputs(shown).items():
        outputs.write(name, data)
    made, earlier = tuple(outputs.digests), manifest.earlier_outputs(run.out)
    if added is None:
        _keep_built(earlier, outputs)
    outputs.put_in_place(earlier, run.say)
    if outputs.failed != shown.unwritten:
        # What is open in another program cannot be moved to its place, and that is not known before.
        shown = replace(shown, outputs=outputs.in_place(), unwritten=dict(outputs.failed))
        outputs.write_again(desk.NAME, desk.outputs(shown)[desk.NAME])
    outputs.finish(manifest.NAME, _manifest(run, judged, outputs))
    return Report(
        inputs=run.inputs,
        out=run.out,
        statuses=judged.statuses,
        findings=judged.findings,
        faults=judged.faults,
        passed_over=judged.passed_over,
        written=tuple(name for name in made if name not in outputs.failed),
        unwritten=tuple(outputs.failed.items()),
        since=compared.line(judged.statuses),
    )


def _manifest(run: _Run, judged: _Judged, outputs: Outputs) -> bytes:
    """What is said of the whole build, once all its outputs are made."""
    keyed = {(status.kind, status.owner.id): status for status in judged.statuses}
    spec = run.inputs.spec
    facts = manifest.Facts(
        inputs=run.inputs,
        as_of=run.as_of,
        input_digests=_input_digests(run.inputs, run.folders),
        files=judged.read.files,
        passed_over=judged.passed_over,
        submissions=tuple(judged.read.heads),
        passed_by=judged.received.passed_by,
        statuses=judged.statuses,
        findings=judged.findings,
        faults=judged.faults,
        outputs=outputs.digests,
        documents={key: plans.documents_of(spec, status, outputs.digests) for key, status in keyed.items()},
    )
    return manifest.manifest(facts)


# What a build alone makes: a check that removed it would cost an office its plans.
_BUILT = ("plans/", "notes/", "data/", "rollup.xlsx")


def _keep_built(earlier: Mapping[str, str], outputs: Outputs) -> None:
    """Keep what the last build made and a check does not."""
    for name, made in earlier.items():
        if name.startswith(_BUILT) and name not in outputs.digests:
            outputs.keep(name, made)


def _input_digests(inputs: Inputs, folders: Folders) -> dict[str, str]:
    paths = [inputs.folder / "district.yaml", inputs.folder / "roster.csv"]
    paths += sorted(folders.workbook_templates.glob("*.yaml"))
    paths += sorted(folders.output_templates.glob("*.docx"))
    return {path.name: digest(files.read_bytes(path)) for path in paths}
