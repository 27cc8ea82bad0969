"""Reading and checking what came in, or what earlier builds found out about the same bytes.

Takes the inputs and a store, returns heads of submissions, findings and faults. Design decision: the answers
of a plan go into the store as soon as they are read and are fetched when they are needed, so that a thousand
plans are never in memory together; everything else of a plan, its head, is a submission without answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from plbuild import advice, checks, rollup
from plbuild.model import Fault, Finding, Place, Submission, digest
from plbuild.pipeline import packed, program, sharing, work
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.progress import Say, counted
from plbuild.pipeline.store import Plain, Store, key_of, needed
from plbuild.pipeline.store import packed as text
from plbuild.pipeline.travel import Shared, Stored

# Items that travel to a worker together: enough to pay for sending the spec, few enough to share out.
_BATCH = 8
# Files whose bytes are in memory at one time.
_FILES = 64


class Plans:
    """The plans that were read: where in the store the answers of each are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[tuple[str, str, str, str], str] = {}

    def add(self, head: Submission, key: str) -> None:
        """Remember under which key a plan is stored."""
        self._keys[_name(head)] = key

    def key(self, head: Submission) -> str:
        """What stands for all that was read of a plan."""
        return self._keys[_name(head)]

    def stored(self, head: Submission) -> Stored:
        """The plan as it is stored. Raises Damaged."""
        key = f"answers {self.key(head)}"
        return Stored(head=head, answers=needed(self._store.body(key), key))

    def answered(self, head: Submission) -> bytes:
        """The answers as ``changes.answers`` packs them. Raises Damaged."""
        key = f"answered {self.key(head)}"
        return needed(self._store.data(key), key)

    def compared(self, head: Submission) -> advice.Compared:
        """What is compared with other plans. Raises Damaged."""
        return packed.to_compared(head, self._get(f"compared {self.key(head)}"))

    def kept(self, heads: Iterable[Submission]) -> Iterator[rollup.Kept]:
        """What the roll-up needs of some plans, one after the other. Raises Damaged."""
        for head in heads:
            key = self.key(head)
            yield rollup.unpacked(self._get(f"kept {key}"), partial(self._get, f"columns {key}"))

    def _get(self, key: str) -> list[object]:
        return list(needed(self._store.get(key), key))


def _name(head: Submission) -> tuple[str, str, str, str]:
    return head.file, head.kind, head.plan_id, head.version


@dataclass(slots=True, kw_only=True)
class Read:
    """What is in ``submissions/``: each file's digest, heads of plans, findings, faults."""

    plans: Plans
    files: dict[str, str] = field(default_factory=dict)
    heads: list[Submission] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(
    inputs: Inputs, paths: Sequence[Path], store: Store, executor: sharing.Executor, say: Say
) -> Read:  # fmt: skip
    """Read files of ``submissions/``; one that is locked is a finding. Raises Damaged."""
    made, spec = Read(plans=Plans(store)), Shared(inputs.spec)
    told = counted(say, "Reading", len(paths))
    unreadable: list[Finding] = []
    for some in sharing.batches(paths, _FILES):
        sources = list(_sources(inputs, some, unreadable))
        digests = {item.file: digest(item.data) for item in sources}
        keys = {file: _file_key(inputs, file, found) for file, found in digests.items()}
        known = {item.file: store.get(f"file {keys[item.file]}") for item in sources}
        new = (item for item in sources if known[item.file] is None)
        tasks = (work.ReadBatch(spec=spec, sources=part) for part in sharing.batches(new, _BATCH))
        results = (result for found in sharing.mapped(executor, work.read_batch, tasks) for result in found)
        for item in sources:
            key = keys[item.file]
            made.files[item.file] = digests[item.file]
            entry = known[item.file]
            if entry is None:
                result = next(results)
                made.faults += [result.fault] if result.fault else []
                _keep(store, key, result, made)
            else:
                _recall(store, key, entry, made)
            told()
        store.save()
    made.findings[:0] = unreadable
    return made


def _sources(inputs: Inputs, paths: Iterable[Path], unreadable: list[Finding]) -> Iterator[work.Source]:
    home = inputs.folder / "submissions"
    for path in paths:
        name = path.relative_to(home).as_posix()
        try:
            yield work.Source(file=name, data=path.read_bytes())
        except OSError as error:
            why = f"it is locked or may not be read: {error.strerror}"
            unreadable.append(inputs.spec.finding("file-unreadable", Place(file=name), reason=why))


def _file_key(inputs: Inputs, file: str, file_digest: str) -> str:
    return key_of(program.fingerprint(), inputs.spec.digest, file, file_digest)


def _keep(store: Store, key: str, result: work.Result[work.ReadFile], made: Read) -> None:
    """Take in what was read just now, and store it unless it is a fault."""
    if result.value is None:
        return
    for number, plan in enumerate(result.value.plans):
        place = f"{key} {number}"
        store.put(f"answers {place}", plan.answers)
        store.put(f"answered {place}", plan.answered)
        store.put(f"compared {place}", plan.compared)
        store.put(f"kept {place}", plan.kept)
        store.put(f"columns {place}", plan.columns)
        made.plans.add(plan.head, place)
        made.heads.append(plan.head)
    made.findings += result.value.findings
    heads = [packed.from_head(plan.head) for plan in result.value.plans]
    store.put(f"file {key}", text([heads, packed.from_findings(result.value.findings)]))


def _recall(store: Store, key: str, entry: list[list[object]], made: Read) -> None:
    """Take in what an earlier build read in the same bytes under the same name."""
    heads, findings = entry
    for number, plain in enumerate(heads):
        place, head = f"{key} {number}", packed.to_head(plain)
        store.need(f"{what} {place}" for what in ("answered", "answers", "columns", "compared", "kept"))
        made.plans.add(head, place)
        made.heads.append(head)
    made.findings += packed.to_findings(findings)


@dataclass(slots=True, kw_only=True)
class Checked:
    """What was found in the plans; ``strengths``: what is good in each, by what stands for it."""

    findings: list[Finding] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    strengths: dict[str, tuple[advice.Strength, ...]] = field(default_factory=dict)


def check(
    inputs: Inputs, found: Read, counted_plans: Sequence[Submission], others: Sequence[Submission],
    store: Store, executor: sharing.Executor, say: Say,
) -> Checked:  # fmt: skip
    """What is found in each plan that counts; ``others`` are those that others refer to. Raises Damaged."""
    foreign = checks.filled_ids(others)
    shared = key_of(
        program.fingerprint(), inputs.spec.digest, repr(inputs.roster), repr(inputs.district),
        [[name, sorted(ids)] for name, ids in sorted(foreign.items())], list(map(found.plans.key, others)),
    )  # fmt: skip
    keys = [f"checked {key_of(shared, found.plans.key(head))}" for head in counted_plans]
    known = [store.get(key) for key in keys]
    new = (
        found.plans.stored(head) for head, entry in zip(counted_plans, known, strict=True) if entry is None
    )
    common = Shared(
        work.Checking(
            spec=inputs.spec,
            roster=inputs.roster,
            district=inputs.district,
            foreign=foreign,
            others=tuple(others),
        )
    )
    tasks = (work.CheckBatch(common=common, plans=part) for part in sharing.batches(new, _BATCH))
    results = (result for batch in sharing.mapped(executor, work.check_batch, tasks) for result in batch)
    told = counted(say, "Checking", sum(entry is None for entry in known))
    made = Checked()
    for head, key, entry in zip(counted_plans, keys, known, strict=True):
        if entry is None:
            result = next(results)
            made.faults += [result.fault] if result.fault else []
            judged = result.value or work.Judged(findings=())
            if not result.fault:
                store.put(key, text([packed.from_findings(judged.findings), judged.strengths]))
            told()
        else:
            judged = _judged(*entry)
        made.findings += judged.findings
        made.strengths[found.plans.key(head)] = judged.strengths
    store.save()
    return made


def _judged(findings: Plain, strengths: Plain) -> work.Judged:
    """What an earlier build found in a plan."""
    good = tuple(advice.Strength(words, tuple(doubts)) for words, doubts in strengths)
    return work.Judged(findings=packed.to_findings(findings), strengths=good)


def compare(
    inputs: Inputs, found: Read, counted_plans: Sequence[Submission], store: Store, say: Say
) -> list[Finding]:
    """The advice that only all plans together can give. Raises Damaged."""
    key = key_of(
        program.fingerprint(), inputs.spec.digest, repr(inputs.roster), repr(inputs.district),
        [found.plans.key(head) for head in counted_plans],
    )  # fmt: skip
    entry = store.get(f"compared {key}")
    if entry is not None:
        return list(packed.to_findings(entry))
    say("Comparing the plans")
    plans = [found.plans.compared(head) for head in counted_plans]
    told = advice.across(inputs.spec, inputs.roster, inputs.district, plans)
    store.put(f"compared {key}", text(packed.from_findings(told)))
    store.save()
    return list(told)
