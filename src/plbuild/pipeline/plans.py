"""The Word plans of a build, its drafts, and their PDF copies, by their paths below the output folder.

Takes what was judged, writes outputs. Design decision: a draft is filled from the same template as a
plan and marked afterwards (``documents.draft``), and what is wrong with one draft never stops a build.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from itertools import chain, groupby

from plbuild import documents
from plbuild.charts import Bars, charts
from plbuild.model import (
    Fault,
    Finding,
    Picture,
    Rollup,
    RosterRow,
    Spec,
    Status,
    Submission,
    Value,
    digest,
    safe_name,
)
from plbuild.pipeline import files, judge, packed, pdf, pictures, program, sharing, work
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.progress import Say, counted
from plbuild.pipeline.reading import Plans
from plbuild.pipeline.report import DRAFTS, status_words
from plbuild.pipeline.store import Store, key_of
from plbuild.pipeline.store import packed as text
from plbuild.pipeline.travel import Shared
from plbuild.returns import grouped, sentence

FOLDER = "plans/"
# Items that travel to a worker together: enough to pay for sending the spec, few enough to share out.
_BATCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be printed: heads of submissions by kind and owner, and what their documents tell besides.

    ``others`` are the plans that they may refer to; ``statuses`` and ``findings`` those of the build.
    """

    submissions: Mapping[judge.Key, Submission]
    plans: Plans
    others: tuple[Submission, ...]
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    as_of: date
    pdf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A Word plan to be, without the answers that fill it; ``key`` stands for all that goes into it but the
    figures."""

    template: bytes
    name: str
    key: str
    status: Status
    head: Submission
    facts: Mapping[str, Value]
    draft: work.Draft | None


class Printing:
    """The Word plans of a build while they are made.

    Each begins as soon as it is known what it tells: where other processes share the work, they fill the
    plans that need no figures while this one adds up the figures, and the others while it writes them. A
    document that an earlier build made of the same, and that nobody has changed since, stays.
    """

    def __init__(
        self, inputs: Inputs, folders: Folders, wanted: Wanted, store: Store, outputs: Outputs,
        executor: sharing.Executor,
    ) -> None:  # fmt: skip
        self._spec, self._wanted, self._store, self._outputs = inputs.spec, wanted, store, outputs
        self._executor = executor
        self._jobs = list(_jobs(inputs, folders, wanted))
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._new = self._to_make(job for job in self._jobs if not _tells_all(inputs.spec, job.status))
        self._results = self._given_out(self._new)
        self._charts: Mapping[str, Bars] = {}

    def tell(self, figures: Rollup) -> None:
        """Begin those that tell of the figures."""
        self._charts = charts(figures)
        pictures.need(self._charts, self._store)
        told = key_of([table.fingerprint for table in figures.every_table], repr(self._wanted.statuses))
        last = self._to_make(
            replace(job, key=f"{job.key} {told}") for job in self._jobs if _tells_all(self._spec, job.status)
        )
        # The rows of every plan, the most of what a large district takes, are told of in none.
        told_of = replace(figures, records=(), dictionary=())
        self._results = chain(self._results, self._given_out(last, told_of))
        self._new = [*self._new, *last]

    def finish(self, say: Say) -> tuple[list[Finding], list[Fault]]:
        """Write all of them; return what their templates leave out.

        Raises TemplateError where a template is wrong.
        """
        wanted, outputs, findings = self._wanted, self._outputs, self._findings
        faults: list[Fault] = []
        told = counted(say, "Filling Word plans", len(self._new))
        for job, result in zip(self._new, self._results, strict=True):
            if result.value is not None:
                outputs.write(job.name, result.value.data)
                findings[job.name] = result.value.findings
                for name, picture in result.value.drawn.items():
                    pictures.keep(self._charts[name], picture, self._store)
            faults += [result.fault] if result.fault else []
            told()
        made = [job for job in self._new if job.name in findings]
        if wanted.pdf:
            _add_pdf(made, outputs, wanted.as_of, say)
        for job in made:
            digests = [outputs.digests.get(name) for name in _names(job, wanted)]
            if None not in digests:
                self._store.put(job.key, text([digests, packed.from_findings(findings[job.name])]))
        self._store.save()
        # The order of what is said, and of what was written, is that of the jobs, whatever was made anew.
        outputs.in_order([name for job in self._jobs for name in _names(job, wanted)])
        return [item for job in self._jobs for item in findings.get(job.name, ())], faults

    def _to_make(self, jobs: Iterable[_Job]) -> list[_Job]:
        """Those that are not there already."""
        new = []
        for job in jobs:
            # What is stored are the digests of its outputs and what was found.
            entry = self._store.get(job.key)
            if entry and all(map(self._outputs.keep, _names(job, self._wanted), entry[0])):
                self._findings[job.name] = packed.to_findings(entry[1])
            else:
                new.append(job)
        return new

    def _given_out(
        self, jobs: Iterable[_Job], figures: Rollup | None = None
    ) -> Iterator[work.Result[work.Written]]:
        shown = pictures.known(self._charts, self._store) if figures else {}
        tasks = _tasks(self._spec, self._wanted, jobs, figures, shown)
        return sharing.begun(self._executor, work.render_batch, tasks)


def _names(job: _Job, wanted: Wanted) -> tuple[str, ...]:
    """The outputs of a job: the Word plan, then its PDF copy where one is wanted."""
    return (job.name, f"{job.name.removesuffix('.docx')}.pdf") if wanted.pdf else (job.name,)


def _add_pdf(jobs: Iterable[_Job], outputs: Outputs, as_of: date, say: Say) -> None:
    """Put the pages into the contents lists of Word plans, and a PDF copy beside each."""
    names = [job.name for job in jobs]
    converted = pdf.converted({name: outputs.read(name) for name in names}, as_of, say)
    for name in names:
        if copy := converted.copies.get(name):
            outputs.write(name, documents.with_page_numbers(outputs.read(name), copy.headings))
            outputs.write(f"{name.removesuffix('.docx')}.pdf", copy.data)
    outputs.failed |= converted.failed


def documents_of(spec: Spec, status: Status, outputs: Container[str]) -> tuple[str, ...]:
    """Those of ``outputs`` that are a plan's own documents, its draft included: each, then its PDF copy."""
    name = _name(spec, status).removesuffix(".docx").removeprefix(FOLDER)
    own = (f"{home}{name}{end}" for home in (FOLDER, DRAFTS) for end in _ENDINGS)
    return tuple(name for name in own if name in outputs)


_ENDINGS = (".docx", ".pdf")


def _jobs(inputs: Inputs, folders: Folders, wanted: Wanted) -> Iterator[_Job]:
    spec = inputs.spec
    office = pdf.fingerprint() if wanted.pdf else ""
    others = [wanted.plans.key(item) for item in wanted.others]
    for plan in spec.plans:
        path = folders.output_templates / f"{plan.kind}.docx"
        template = files.read_bytes(path)
        facts: dict[str, Value] = {
            "district": inputs.district.name,
            "plan_year": inputs.district.plan_year,
            "version": version("plbuild"),
            "template": path.name,
            "template_digest": digest(template)[:12],
        }
        shared = key_of(program.fingerprint(), spec.digest, digest(template), others, office)
        for status in wanted.statuses:
            if status.kind == plan.kind and (status.kind, status.owner.id) in wanted.submissions:
                yield _job(spec, status, template, facts, wanted, shared)


def _job(
    spec: Spec, status: Status, template: bytes, facts: Mapping[str, Value], wanted: Wanted, shared: str
) -> _Job:
    head = wanted.submissions[status.kind, status.owner.id]
    is_draft = status.state == "held"
    facts = {
        **facts,
        "status": status_words(status),
        "saved": head.saved,
        "draft": "yes" if is_draft else "",
    }
    name = _name(spec, status, is_draft=is_draft)
    draft = _draft(spec, status, wanted.findings) if is_draft else None
    key = key_of(shared, wanted.plans.key(head), repr(status.owner), name, list(facts.items()), repr(draft))
    return _Job(
        template=template,
        name=name,
        key=f"document {key}",
        status=status,
        head=head,
        facts=facts,
        draft=draft,
    )


def _tells_all(spec: Spec, status: Status) -> bool:
    """Whether it is the plan that tells what all the others plan."""
    return spec.owned_by("district").kind == status.kind


_Shown = Mapping[str, Picture | Bars]


def _tasks(
    spec: Spec, wanted: Wanted, jobs: Iterable[_Job], figures: Rollup | None, shown: _Shown
) -> Iterator[work.RenderBatch]:
    for template, some in groupby(jobs, key=lambda job: job.template):
        common = Shared(work.Filling(spec=spec, template=template, others=wanted.others))
        for part in sharing.batches(some, _BATCH):
            yield work.RenderBatch(
                common=common,
                documents=tuple(_document(spec, job, wanted, figures, shown) for job in part),
            )


def _document(spec: Spec, job: _Job, wanted: Wanted, figures: Rollup | None, shown: _Shown) -> work.Document:
    return work.Document(
        name=job.name,
        plan=wanted.plans.stored(job.head),
        owner=job.status.owner,
        facts=job.facts,
        rollup=figures,
        charts=shown,
        statuses=_of_schools(spec, wanted.statuses) if figures else (),
        draft=job.draft,
    )


def _draft(spec: Spec, status: Status, findings: Iterable[Finding]) -> work.Draft:
    """The words of a draft: what it is, and every error that holds the plan, as the report says them."""
    where = (status.kind, status.owner.id)
    errors = [f for f in findings if f.severity == "error" and (f.where.kind, f.where.plan_id) == where]
    return work.Draft(
        heading=spec.phrases["draft_heading"],
        intro=spec.phrases["draft_intro"],
        lines=tuple(sentence(item, cells) for item, cells in grouped(judge.choices_once(errors))),
    )


def _of_schools(spec: Spec, statuses: Iterable[Status]) -> tuple[Status, ...]:
    return tuple(status for status in statuses if status.kind == spec.owned_by("school").kind)


def stem(owner: RosterRow) -> str:
    """What the documents of an owner are called, without a folder and an ending."""
    return "-".join(part for part in (safe_name(owner.name), owner.id) if part)


def _name(spec: Spec, status: Status, *, is_draft: bool = False) -> str:
    """Where a Word plan goes; additional kinds have a folder of their own, drafts are kept apart."""
    plan = spec.plan(status.kind)
    home = DRAFTS if is_draft else FOLDER
    if plan.owner == "district" and not plan.additional:
        return f"{home}district.docx"
    folder = plan.kind if plan.additional else "schools"
    return f"{home}{folder}/{stem(status.owner)}.docx"
