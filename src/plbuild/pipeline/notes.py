"""The page of reviewer's notes for each school, by its path below the output folder.

Takes what was judged, writes outputs. Design decision: a plan that is held gets its notes too, because they
help most while it is being mended, unless it is not known yet which of its files counts; where the template
was deleted, no notes are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plbuild.model import Fault, Finding, Status, Submission, Value, digest
from plbuild.pipeline import files, packed, program, work
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.plans import stem
from plbuild.pipeline.progress import Say, counted
from plbuild.pipeline.reading import Plans
from plbuild.pipeline.report import NOTES as FOLDER
from plbuild.pipeline.store import Store, key_of
from plbuild.pipeline.store import packed as text

TEMPLATE = "reviewer_notes"
"""What the template of the notes is called."""

_READ = ("accepted", "held")
_BATCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A page to be, without the answers of its plan; ``key`` stands for all that goes into it."""

    name: str
    key: str
    status: Status
    head: Submission
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]


def written(
    inputs: Inputs, folders: Folders, plans: Plans, read: Iterable[tuple[Status, Submission]],
    findings: Iterable[Finding], changes: Mapping[str, tuple[str, ...]], store: Store, outputs: Outputs,
    executor: work.Executor, say: Say,
) -> list[Fault]:  # fmt: skip
    """Write the notes on every school plan that was read; ``changes`` are told by the plan's id.

    Raises TemplateError where the template is wrong.
    """
    path = folders.output_templates / f"{TEMPLATE}.docx"
    if not path.exists():
        return []
    template = files.read_bytes(path)
    facts: dict[str, Value] = {
        "district": inputs.district.name, "plan_year": inputs.district.plan_year,
        "template": path.name, "template_digest": digest(template)[:12],
    }  # fmt: skip
    shared = key_of(
        program.fingerprint(),
        inputs.spec.digest,
        repr(inputs.roster),
        repr(inputs.district),
        facts["template_digest"],
    )
    jobs = list(_jobs(inputs, plans, read, findings, changes, shared))
    new = [job for job in jobs if not ((known := store.get(job.key)) and outputs.keep(job.name, known[0]))]
    tasks = (
        work.NoteBatch(
            spec=inputs.spec, roster=inputs.roster, district=inputs.district, template=template, facts=facts,
            notes=tuple(_note(plans, job) for job in part),
        )
        for part in work.batches(new, _BATCH)
    )  # fmt: skip
    results = (result for batch in work.mapped(executor, work.note_batch, tasks) for result in batch)
    told = counted(say, "Writing reviewer's notes", len(new))
    faults: list[Fault] = []
    for job, result in zip(new, results, strict=True):
        if result.value is not None:
            store.put(job.key, text([outputs.write(job.name, result.value)]))
        faults += [result.fault] if result.fault else []
        told()
    store.save()
    outputs.in_order([job.name for job in jobs])
    return faults


def _jobs(
    inputs: Inputs, plans: Plans, read: Iterable[tuple[Status, Submission]], findings: Iterable[Finding],
    changes: Mapping[str, tuple[str, ...]], shared: str,
) -> Iterator[_Job]:  # fmt: skip
    of_schools = inputs.spec.owned_by("school").kind
    advice: dict[str, list[Finding]] = {}
    for item in findings:
        if item.severity == "advice" and item.where.kind == of_schools:
            advice.setdefault(item.where.plan_id, []).append(item)
    for status, head in read:
        if status.kind == of_schools and status.state in _READ and not status.undecided:
            own, changed = tuple(advice.get(status.owner.id, ())), changes.get(status.owner.id, ())
            name = f"{FOLDER}{stem(status.owner)}.docx"
            key = key_of(shared, plans.key(head), name, packed.from_findings(own), list(changed))
            yield _Job(name=name, key=f"notes {key}", status=status, head=head, findings=own, changes=changed)


def _note(plans: Plans, job: _Job) -> work.Note:
    return work.Note(
        name=job.name,
        submission=plans.whole(job.head),
        owner=job.status.owner,
        findings=job.findings,
        changes=job.changes,
    )
