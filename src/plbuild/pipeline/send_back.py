"""What goes back to the schools: a marked copy of every file that is held, by its path under ``returned/``.

Takes what was sent and what was found, returns outputs in the order in which they want attention: most
errors first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plbuild import returns
from plbuild.checks import DUPLICATE
from plbuild.model import Fault, Finding, Submission, digest
from plbuild.pipeline import packed, program, sharing, work
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.outputs import Aside, Outputs
from plbuild.pipeline.progress import Say, counted
from plbuild.pipeline.store import Store, key_of
from plbuild.pipeline.store import packed as text
from plbuild.pipeline.travel import Shared

FOLDER = "returned/"
_BATCH = 8
# What is no workbook of any kind: there is nothing in it that could be marked.
_NO_WORKBOOK = {"file-text", "file-pdf", "file-word", "file-shortcut", "file-unknown", "file-empty"}
_UNMARKED = {DUPLICATE, *_NO_WORKBOOK}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A copy to be, without the bytes that were sent; ``key`` stands for all that goes into it."""

    file: str
    key: str
    findings: tuple[Finding, ...]
    title: str


def copies(
    inputs: Inputs, sent: Mapping[str, str], submissions: Sequence[Submission], findings: Iterable[Finding],
    store: Store, outputs: Outputs, executor: sharing.Executor, say: Say, *, advice: bool,
) -> tuple[dict[str, str], list[Fault]]:  # fmt: skip
    """Write the marked copies of the files with errors; with ``advice``, also of those with advice alone.

    Returns the path of each file's copy, and the faults that were met.
    ``sent`` are the files in ``submissions/`` with their digests. Advice is shown in the copies where it is
    asked for, notes never: there is nothing to mend. Nor is that a plan came in more than once: which file
    counts is for the district to say. A file that is no workbook has no copy: its finding says all.
    """
    wanted = ("error", "advice") if advice else ("error",)
    by_file: dict[str, list[Finding]] = {}
    for item in findings:
        if item.where.file and item.severity in wanted and item.code not in _UNMARKED:
            by_file.setdefault(item.where.file, []).append(item)
    jobs = [
        _job(inputs, sent, file, tuple(by_file[file]), submissions)
        for file in sorted(by_file, key=lambda name: (-_errors(by_file[name]), name))
        if _outer(sent, file)
    ]
    known = {job.file: store.get(job.key) for job in jobs}
    new = [job for job in jobs if known[job.file] is None]
    made, faults = _marked(inputs, new, sent, store, outputs, executor, say)
    digests = {file: entry[0] for file, entry in known.items() if entry is not None}
    endings = {file: entry[1] for file, entry in known.items() if entry is not None}
    endings |= {file: ending for file, (_, ending) in made.items()}
    names = returns.file_names({job.file: endings[job.file] for job in jobs if job.file in endings})
    paths = {file: f"{FOLDER}{name}" for file, name in names.items()}
    for job in (job for job in jobs if job.file in names):
        name = paths[job.file]
        if job.file not in made and not outputs.keep(name, digests[job.file]):
            again, more = _marked(inputs, [job], sent, store, outputs, executor, say)
            made |= again
            faults += more
        if job.file in made:
            outputs.name(name, made[job.file][0])
    store.save()
    return paths, faults


def _job(
    inputs: Inputs, sent: Mapping[str, str], file: str, findings: tuple[Finding, ...],
    submissions: Iterable[Submission],
) -> _Job:  # fmt: skip
    title = _title(inputs, file, submissions)
    key = key_of(
        program.fingerprint(), inputs.spec.digest, sent[_outer(sent, file)], file, title,
        packed.from_findings(findings),
    )  # fmt: skip
    return _Job(file=file, key=f"copy {key}", findings=findings, title=title)


def _marked(
    inputs: Inputs, jobs: Sequence[_Job], sent: Mapping[str, str], store: Store, outputs: Outputs,
    executor: sharing.Executor, say: Say,
) -> tuple[dict[str, tuple[Aside, str]], list[Fault]]:  # fmt: skip
    """The copies by their files, written aside, each with the ending that its name must have."""
    made: dict[str, tuple[Aside, str]] = {}
    faults: list[Fault] = []
    spec = Shared(inputs.spec)
    tasks = (
        work.CopyBatch(spec=spec, copies=part)
        for part in sharing.batches(_copies(inputs, sent, jobs), _BATCH)
    )
    found = {job.file: job for job in jobs}
    told = counted(say, "Marking copies to send back", len(jobs))
    for results in sharing.mapped(executor, work.copy_batch, tasks):
        for file, result in results:
            faults += [result.fault] if result.fault else []
            if result.value is not None:
                copy, ending = outputs.aside(result.value), returns.ending_of(result.value)
                made[file] = copy, ending
                store.put(found[file].key, text([copy.digest, ending]))
            told()
    return made, faults


def _copies(inputs: Inputs, sent: Mapping[str, str], jobs: Iterable[_Job]) -> Iterator[work.Copy]:
    for job in jobs:
        data = _sent(inputs, sent, job.file)
        if data is not None:
            yield work.Copy(file=job.file, data=data, findings=job.findings, title=job.title)


def _errors(findings: Iterable[Finding]) -> int:
    return sum(item.severity == "error" for item in findings)


def _outer(sent: Mapping[str, str], file: str) -> str:
    """The file in ``submissions/``, of a workbook in a zip the zip; empty where it could not be read."""
    while file not in sent and "/" in file:
        file = file.rpartition("/")[0]
    return file if file in sent else ""


def _sent(inputs: Inputs, sent: Mapping[str, str], file: str) -> bytes | None:
    """The bytes of a file as it was sent, by itself or in a zip; None where they are no longer there."""
    outer = _outer(sent, file)
    try:
        data = (inputs.folder / "submissions" / outer).read_bytes()
    except OSError:
        return None
    if digest(data) != sent[outer]:
        return None
    return data if outer == file else returns.inner(data, file.removeprefix(f"{outer}/"))


def _title(inputs: Inputs, file: str, submissions: Iterable[Submission]) -> str:
    """Whose workbook it is: the owner of its one plan, else the district, else the file's name."""
    spec, home = inputs.spec, inputs.district
    owners = {
        owner.name
        for item in submissions
        if item.file == file and (owner := inputs.roster.owner(spec.plan(item.kind), item.plan_id))
    }
    if not owners:
        return file.rpartition("/")[2]
    return f"{owners.pop() if len(owners) == 1 else home.name} · {home.plan_year}"
