"""The page of reviewer's notes for each school, by its path below the output folder.

Takes what was judged, writes outputs. Design decision: a plan that is held gets its notes too, because they
help most while it is being mended, unless it is not known yet which of its files counts; where the template
was deleted, no notes are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plbuild.advice import Strength
from plbuild.model import Fault, Finding, Spec, Status, Submission, Value, digest
from plbuild.pipeline import files, packed, program, sharing, work
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.plans import stem
from plbuild.pipeline.progress import Say, counted
from plbuild.pipeline.report import NOTES as FOLDER
from plbuild.pipeline.store import Store, key_of
from plbuild.pipeline.store import packed as text
from plbuild.pipeline.travel import Shared

TEMPLATE = "reviewer_notes"
"""What the template of the notes is called."""

_READ = ("accepted", "held")
_BATCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the notes tell of.

    ``plans``: each with its state, and with what stands for it; ``strengths``: what is good in each, by what
    stands for it; ``findings``: those of the build; ``changes``: in words, by whose plan it is.
    """

    plans: Iterable[tuple[Status, Submission, str]]
    strengths: Mapping[str, tuple[Strength, ...]]
    findings: Iterable[Finding]
    changes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A page to be; ``key`` stands for all that goes into it."""

    key: str
    note: work.Note


class Noting:
    """The notes of a build while they are made, begun as ``plans.Printing`` is."""

    def __init__(
        self, inputs: Inputs, folders: Folders, wanted: Wanted, store: Store, outputs: Outputs,
        executor: sharing.Executor,
    ) -> None:  # fmt: skip
        self._store, self._outputs = store, outputs
        path = folders.output_templates / f"{TEMPLATE}.docx"
        template = files.read_bytes(path) if path.exists() else b""
        facts: dict[str, Value] = {
            "district": inputs.district.name, "plan_year": inputs.district.plan_year,
            "template": path.name, "template_digest": digest(template)[:12],
        }  # fmt: skip
        shared = key_of(program.fingerprint(), inputs.spec.digest, list(facts.items()))
        self._jobs = list(_jobs(inputs.spec, wanted, shared)) if template else []
        self._new = [job for job in self._jobs if not self._kept(job)]
        common = Shared(work.Noting(spec=inputs.spec, template=template, facts=facts))
        tasks = (
            work.NoteBatch(common=common, notes=tuple(job.note for job in part))
            for part in sharing.batches(self._new, _BATCH)
        )
        self._results = sharing.begun(executor, work.note_batch, tasks)

    def finish(self, say: Say) -> list[Fault]:
        """Write all of them. Raises TemplateError where the template is wrong."""
        told = counted(say, "Writing reviewer's notes", len(self._new))
        faults: list[Fault] = []
        for job, result in zip(self._new, self._results, strict=True):
            if result.value is not None:
                self._store.put(job.key, text([self._outputs.write(job.note.name, result.value)]))
            faults += [result.fault] if result.fault else []
            told()
        self._store.save()
        self._outputs.in_order([job.note.name for job in self._jobs])
        return faults

    def _kept(self, job: _Job) -> bool:
        """Whether an earlier build made it of the same, and it is there still."""
        known = self._store.get(job.key)
        return known is not None and self._outputs.keep(job.note.name, known[0])


def _jobs(spec: Spec, wanted: Wanted, shared: str) -> Iterator[_Job]:
    of_schools = spec.owned_by("school").kind
    advice: dict[str, list[Finding]] = {}
    for item in wanted.findings:
        if item.severity == "advice" and item.where.kind == of_schools:
            advice.setdefault(item.where.plan_id, []).append(item)
    for status, head, plan in wanted.plans:
        if status.kind == of_schools and status.state in _READ and not status.undecided:
            note = work.Note(
                name=f"{FOLDER}{stem(status.owner)}.docx",
                head=head,
                owner=status.owner,
                strengths=wanted.strengths[plan],
                findings=tuple(advice.get(status.owner.id, ())),
                changes=wanted.changes.get(status.owner.id, ()),
            )
            told = (note.strengths, packed.from_findings(note.findings), note.changes)
            key = key_of(shared, plan, repr(note.owner), note.name, *told)
            yield _Job(key=f"notes {key}", note=note)
