"""The units of work that processes share: top-level functions of bytes and dataclasses.

Takes batches, so that what a task brings along is paid for once for many items; returns results in the same
order. A bug in one item becomes that item's ``Fault``; the other items go on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Generic, TypeVar

from plbuild import advice, changes, checks, intake, returns, rollup
from plbuild.charts import NAMES as CHARTS
from plbuild.charts import Bars, picture
from plbuild.documents import (
    Context,
    Contexts,
    Memo,
    Remark,
    Rendered,
    Text,
    draft,
    memo_context,
    rendered,
    rollup_context,
)
from plbuild.model import (
    Answer,
    District,
    Fault,
    Finding,
    InputError,
    Picture,
    Place,
    Rollup,
    Roster,
    RosterRow,
    Spec,
    Status,
    Submission,
    TemplateError,
    Value,
)
from plbuild.pipeline import packed, store
from plbuild.pipeline.travel import Shared, Stored

Out = TypeVar("Out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file of ``submissions/``: its name for messages and its bytes."""

    file: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBatch:
    """Files to read with one spec."""

    spec: Shared[Spec]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What plans are judged with; ``foreign`` as ``checks.check`` takes it.

    ``others`` are the district's own plans, which advice looks at too.
    """

    spec: Spec
    roster: Roster
    district: District
    foreign: Mapping[str, frozenset[str]]
    others: tuple[Submission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBatch:
    """Plans to judge."""

    common: Shared[Checking]
    plans: tuple[Stored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What marks a draft: the words on each page and what must be mended; see ``documents.draft``."""

    heading: str
    intro: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A Word plan to be: where it goes, whose plan fills it, and what the caller knows besides.

    ``rollup``, ``charts`` and ``statuses`` are set for the plan that tells what the others plan, a chart that
    is not drawn yet as what it shows; ``draft`` is set for a plan that is held.
    """

    name: str
    plan: Stored
    owner: RosterRow
    facts: Mapping[str, Value]
    rollup: Rollup | None = None
    charts: Mapping[str, Picture | Bars] = field(default_factory=dict)
    statuses: tuple[Status, ...] = ()
    draft: Draft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What documents are filled with: a template, and the plans of other kinds that they refer to."""

    spec: Spec
    template: bytes
    others: tuple[Submission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderBatch:
    """Documents of one template."""

    common: Shared[Filling]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A page of reviewer's notes to be: the plan's head, whose it is, and what is told of it."""

    name: str
    head: Submission
    owner: RosterRow
    strengths: tuple[advice.Strength, ...]
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noting:
    """What pages of notes are written with."""

    spec: Spec
    template: bytes
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBatch:
    """Pages of one template."""

    common: Shared[Noting]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A marked copy to be: the file that was sent, what was found in it, whose it is."""

    file: str
    data: bytes
    findings: tuple[Finding, ...]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBatch:
    """Copies to mark with one spec."""

    spec: Shared[Spec]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[Out]):
    """What came of one item: a value, or a fault."""

    value: Out | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document, a note for each answer that its template leaves out or cuts, and the charts that were drawn
    for it."""

    data: bytes
    findings: tuple[Finding, ...] = ()
    drawn: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlan:
    """A plan that was read: what it is, and as the store keeps them its answers, what of them is compared
    with the build before and with other plans, and what is rolled up, in two parts."""

    head: Submission
    answered: bytes
    answers: str
    compared: str
    kept: str
    columns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found in a plan: what is wrong or could be better, and what is good."""

    findings: tuple[Finding, ...]
    strengths: tuple[advice.Strength, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What came of a file: its plans, and what is wrong with it."""

    plans: tuple[ReadPlan, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_batch(batch: ReadBatch) -> list[Result[ReadFile]]:
    """Read each file; see ``intake.read``."""
    return [_attempt(source.file, _read, batch.spec.value, source) for source in batch.sources]


def _read(spec: Spec, source: Source) -> ReadFile:
    submissions, findings = intake.read(spec, source.file, source.data)
    plans = (
        ReadPlan(
            head=packed.head(item),
            answers=store.packed(packed.from_answers(item)),
            answered=changes.answers(spec.plan(item.kind), item),
            compared=store.packed(packed.from_compared(advice.compared(spec, item))),
            kept=store.packed(rollup.packed(kept)),
            columns=store.packed(rollup.packed_columns(kept)),
        )
        for item, kept in ((item, rollup.keep(spec, item)) for item in submissions)
    )
    return ReadFile(plans=tuple(plans), findings=tuple(findings))


def check_batch(batch: CheckBatch) -> list[Result[Judged]]:
    """Judge each plan; see ``checks.check``, ``advice.advise`` and ``advice.strengths``."""
    common = batch.common.value
    rules = checks.Rules(common.spec)
    return [_checked(common, rules, plan.whole()) for plan in batch.plans]


def _checked(common: Checking, rules: checks.Rules, item: Submission) -> Result[Judged]:
    """What is found in a plan; a fault of advice does not hide what is wrong."""
    home = (common.roster, common.district, item)
    wrong = _attempt(item.file, checks.check, rules, *home, common.foreign)
    if wrong.value is None:
        return Result(fault=wrong.fault)
    better = _attempt(f"{item.file}, advice", _advised, common, item)
    found = better.value or Judged(findings=())
    return Result(value=replace(found, findings=(*wrong.value, *found.findings)), fault=better.fault)


def _advised(common: Checking, item: Submission) -> Judged:
    home = (common.spec, common.roster, common.district, item)
    return Judged(findings=advice.advise(*home, common.others), strengths=advice.strengths(*home))


def render_batch(batch: RenderBatch) -> list[Result[Written]]:
    """Fill the template for each document. Raises TemplateError where the template is wrong.

    What a draft cannot be filled with is a fault of that draft: the template may be right for whole plans.
    """
    common, contexts = batch.common.value, _contexts(batch.common)
    return [
        _attempt(item.name, _drafted if item.draft else _rendered, common, contexts, item)
        for item in batch.documents
    ]


# All tasks of a build hold the same, for one kind of plan after the other.
@lru_cache(maxsize=2)
def _contexts(common: Shared[Filling]) -> Contexts:
    return Contexts(common.value.spec, common.value.others)


def note_batch(batch: NoteBatch) -> list[Result[bytes]]:
    """Write each page of notes; see ``advice.notes``. Raises TemplateError where the template is wrong."""
    return [_attempt(item.name, _noted, batch.common.value, item) for item in batch.notes]


def _noted(common: Noting, item: Note) -> bytes:
    head = item.head
    found = advice.notes(common.spec, head.kind, head.plan_id, item.strengths, item.findings)
    memo = Memo(
        opening=found.opening,
        first=tuple(map(_remark, found.first)),
        rest=tuple((part.title, tuple(map(_remark, part.pieces))) for part in found.rest),
        changes=item.changes,
    )
    source = (head.file, head.digest)
    context = memo_context(memo, item.owner, source, common.facts)
    return _filled(common.template, context, common.facts.get("template")).data


def _filled(template: bytes, context: Mapping[str, object], name: Value) -> Rendered:
    """The document; what is wrong with its template is said with the template's name."""
    try:
        return rendered(template, context)
    except TemplateError as error:
        problems = (f"{name}: {problem}" if name else problem for problem in error.problems)
        raise TemplateError(tuple(problems)) from error


def _remark(piece: advice.Piece) -> Remark:
    return Remark(
        section=piece.section, label=piece.label, cell=piece.cell, message=piece.message, fix=piece.fix
    )


def copy_batch(batch: CopyBatch) -> list[tuple[str, Result[bytes]]]:
    """Mark each copy, by its file; see ``returns.marked``."""
    return [(item.file, _attempt(item.file, _marked, batch.spec.value, item)) for item in batch.copies]


def _marked(spec: Spec, item: Copy) -> bytes:
    return returns.marked(spec, item.data, item.findings, title=item.title)


def context_of(contexts: Contexts, spec: Spec, item: Document, submission: Submission) -> Context:
    """What the template of a document may ask for; ``submission`` is its plan."""
    context = contexts.of(spec.plan(submission.kind), submission, item.owner, item.facts)
    if item.rollup:
        context |= rollup_context(item.rollup, item.statuses)
        # Each name is always there, so that a template can ask whether there is a picture.
        context["charts"] = {name: item.charts.get(name, "") for name in CHARTS}
    return context


def drawn(item: Document) -> dict[str, Picture]:
    """The charts of a document that are not drawn yet, drawn."""
    return {name: picture(shown) for name, shown in item.charts.items() if isinstance(shown, Bars)}


def _rendered(common: Filling, contexts: Contexts, item: Document) -> Written:
    submission, new = item.plan.whole(), drawn(item)
    context = context_of(contexts, common.spec, replace(item, charts={**item.charts, **new}), submission)
    made = _filled(common.template, context, item.facts.get("template"))
    context.let_go()
    left_out = {"not-in-document": made.unshown, "cut-in-document": made.shortened}
    findings = [
        common.spec.finding(code, place, entered=answer.value, document=item.name)
        for code, texts in left_out.items()
        for place, answer in _places(common.spec, submission, texts)
    ]
    return Written(data=made.data, findings=tuple(findings), drawn=new)


def _places(spec: Spec, item: Submission, texts: Collection[Text]) -> Iterator[tuple[Place, Answer]]:
    """Where the answers stand that a document leaves out, each cell once."""
    wanted = {(id(text.field), text.value) for text in texts}
    plan = spec.plan(item.kind)
    for section, records in item.sections.items() if wanted else ():
        for record in records:
            for name, answer in record.answers.items():
                if (id(plan.section(section).field(name)), answer.value) in wanted:
                    yield item.place(plan, section, name, answer.cell, record.sheet), answer


def _drafted(common: Filling, contexts: Contexts, item: Document) -> Written:
    assert item.draft
    try:
        made = _rendered(common, contexts, item)
    except InputError as error:
        raise ValueError(f"a held plan cannot be filled into the template: {error}") from error
    return replace(made, data=draft(made.data, item.draft.heading, item.draft.intro, item.draft.lines))


def _attempt(item: str, call: Callable[..., Out], *arguments: object) -> Result[Out]:
    """Call, and turn a defect of plbuild into the fault of this one item."""
    try:
        return Result(value=call(*arguments))
    except InputError:
        raise
    except Exception as error:  # a defect must not stop the other items; it is reported, exit 3
        lines = traceback.format_exception(error)
        return Result(fault=Fault(item=item, message="".join(lines)))
