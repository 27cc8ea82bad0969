"""The Word plans of a build, its drafts, and their PDF copies, by their paths below the output folder.

Takes what was judged, returns outputs. Design decision: a draft is filled from the same template as a
plan and marked afterwards (``documents.draft``), and what is wrong with one draft never stops a build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from plbuild import documents
from plbuild.charts import charts
from plbuild.model import Fault, Finding, Picture, Rollup, Spec, Status, Submission, Value, digest, safe_name
from plbuild.pipeline import files, judge, pdf, work
from plbuild.pipeline.files import Folders, Inputs
from plbuild.pipeline.report import DRAFTS, status_words
from plbuild.returns import grouped, sentence

FOLDER = "plans/"
# Items that travel to a worker together: enough to pay for sending the spec, few enough to share out.
_BATCH = 8

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be printed: the submissions by kind and owner, and what their documents tell besides.

    ``others`` are the plans that they may refer to; ``statuses`` and ``findings`` those of the build.
    """

    submissions: Mapping[judge.Key, Submission]
    others: tuple[Submission, ...]
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    figures: Rollup
    as_of: date


def written(
    inputs: Inputs, folders: Folders, wanted: Wanted, executor: work.Executor, say: Say
) -> tuple[dict[str, bytes], list[Finding], list[Fault]]:
    """The Word plan of every submission that is wanted, and what their templates leave out.

    Raises TemplateError where a template is wrong.
    """
    outputs: dict[str, bytes] = {}
    findings: list[Finding] = []
    faults: list[Fault] = []
    tasks = list(_tasks(inputs, folders, wanted))
    total = sum(len(task.documents) for task in tasks)
    say(f"Writing {total} Word plans")
    for task, results in zip(tasks, executor.map(work.render_batch, tasks), strict=True):
        for document, result in zip(task.documents, results, strict=True):
            if result.value is not None:
                outputs[document.name] = result.value.data
                findings += result.value.findings
            faults += [result.fault] if result.fault else []
        say(f"Filled {len(outputs)} of {total} Word plans")
    return outputs, findings, faults


def with_pdf(made: Mapping[str, bytes], as_of: date, say: Say) -> tuple[dict[str, bytes], dict[str, str]]:
    """The Word plans with the pages in their contents lists, and a PDF copy of each.

    Also returns why for those that have no copy.
    """
    converted = pdf.converted(made, as_of, say)
    outputs = {}
    for name, data in made.items():
        copy = converted.copies.get(name)
        if copy is None:
            outputs[name] = data
            continue
        outputs[name] = documents.with_page_numbers(data, copy.headings)
        outputs[f"{name.removesuffix('.docx')}.pdf"] = copy.data
    return outputs, dict(converted.failed)


def documents_of(spec: Spec, status: Status, outputs: Iterable[str]) -> tuple[str, ...]:
    """Those of ``outputs`` that are a plan's own documents, its draft included."""
    stem = _name(spec, status).removesuffix(".docx")
    own = tuple(f"{home}{stem.removeprefix(FOLDER)}{end}" for home in (FOLDER, DRAFTS) for end in _ENDINGS)
    return tuple(name for name in outputs if name in own)


def stem(spec: Spec, status: Status) -> str:
    """The name of a plan's documents, without folder and ending."""
    return _name(spec, status).rpartition("/")[2].removesuffix(".docx")


_ENDINGS = (".docx", ".pdf")


def _tasks(inputs: Inputs, folders: Folders, wanted: Wanted) -> Iterator[work.RenderBatch]:
    spec = inputs.spec
    home = spec.owned_by("district").kind
    told = any(kind == home for kind, _ in wanted.submissions)
    pictures = charts(wanted.figures) if told else {}
    for plan in spec.plans:
        path = folders.output_templates / f"{plan.kind}.docx"
        template = files.read_bytes(path)
        facts: dict[str, Value] = {
            "district": inputs.district.name,
            "plan_year": inputs.district.plan_year,
            "as_of": wanted.as_of,
            "version": version("plbuild"),
            "template": path.name,
            "template_digest": digest(template)[:12],
        }
        made = [
            _document(spec, status, facts, wanted, pictures)
            for status in wanted.statuses
            if status.kind == plan.kind and (status.kind, status.owner.id) in wanted.submissions
        ]
        for part in work.batches(made, _BATCH):
            yield work.RenderBatch(spec=spec, template=template, others=wanted.others, documents=part)


def _document(
    spec: Spec, status: Status, facts: Mapping[str, Value], wanted: Wanted, pictures: Mapping[str, Picture]
) -> work.Document:
    submission = wanted.submissions[status.kind, status.owner.id]
    is_district = spec.owned_by("district").kind == status.kind
    is_draft = status.state == "held"
    own: dict[str, Value] = {
        "status": status_words(status),
        "saved": submission.saved,
        "draft": "yes" if is_draft else "",
    }
    return work.Document(
        name=_name(spec, status, is_draft=is_draft),
        submission=submission,
        owner=status.owner,
        facts={**facts, **own},
        rollup=wanted.figures if is_district else None,
        charts=pictures if is_district else {},
        statuses=_of_schools(spec, wanted.statuses) if is_district else (),
        draft=_draft(spec, status, wanted.findings) if is_draft else None,
    )


def _draft(spec: Spec, status: Status, findings: Iterable[Finding]) -> work.Draft:
    """The words of a draft: what it is, and every error that holds the plan, as the report says them."""
    where = (status.kind, status.owner.id)
    errors = [f for f in findings if f.severity == "error" and (f.where.kind, f.where.plan_id) == where]
    return work.Draft(
        heading=spec.phrases["draft_heading"],
        intro=spec.phrases["draft_intro"],
        lines=tuple(sentence(item, cells) for item, cells in grouped(errors)),
    )


def _of_schools(spec: Spec, statuses: Iterable[Status]) -> tuple[Status, ...]:
    return tuple(status for status in statuses if status.kind == spec.owned_by("school").kind)


def _name(spec: Spec, status: Status, *, is_draft: bool = False) -> str:
    """Where a Word plan goes; additional kinds have a folder of their own, drafts are kept apart."""
    plan = spec.plan(status.kind)
    home = DRAFTS if is_draft else FOLDER
    if plan.owner == "district" and not plan.additional:
        return f"{home}district.docx"
    folder = plan.kind if plan.additional else "schools"
    stem = "-".join(part for part in (safe_name(status.owner.name), status.owner.id) if part)
    return f"{home}{folder}/{stem}.docx"
