"""What goes back to the schools: a marked copy of every file that is held, by its path under ``returned/``.

Takes what was sent and what was found, returns outputs in the order in which they want attention: most
errors first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from plbuild import returns
from plbuild.model import Fault, Finding, Submission
from plbuild.pipeline import work
from plbuild.pipeline.files import Inputs

FOLDER = "returned/"
_BATCH = 8


def to_mark(sources: Iterable[work.Source], findings: Iterable[Finding]) -> tuple[work.Source, ...]:
    """The files, or zips of files, to which there is anything to say; only their bytes are kept."""
    named = {item.where.file for item in findings if item.severity != "note"}
    folders = {f"{file[:index]}" for file in named for index, char in enumerate(file) if char == "/"}
    return tuple(source for source in sources if source.file in named or source.file in folders)


def copies(
    inputs: Inputs, sources: Sequence[work.Source], submissions: Iterable[Submission],
    findings: Iterable[Finding], executor: work.Executor, say: Callable[[str], None], *, advice: bool,
) -> tuple[dict[str, bytes], dict[str, str], list[Fault]]:  # fmt: skip
    """The marked copies of the files with errors; with ``advice``, also of those that have advice alone.

    Returns the copies by their paths, the path of each file's copy, and the faults that were met.

    Advice is shown in the copies where it is asked for, notes never: there is nothing to mend.
    """
    wanted = ("error", "advice") if advice else ("error",)
    by_file: dict[str, list[Finding]] = {}
    for item in findings:
        if item.where.file and item.severity in wanted:
            by_file.setdefault(item.where.file, []).append(item)
    plans = list(submissions)
    tasks = []
    for file in sorted(by_file, key=lambda name: (-_errors(by_file[name]), name)):
        data = _sent(sources, file)
        if data is not None:
            title = _title(inputs, file, plans)
            tasks.append(work.Copy(file=file, data=data, findings=tuple(by_file[file]), title=title))
    say(f"Marking {len(tasks)} copies to send back")
    return _marked(inputs, tasks, executor)


def _marked(
    inputs: Inputs, tasks: Sequence[work.Copy], executor: work.Executor
) -> tuple[dict[str, bytes], dict[str, str], list[Fault]]:
    made: dict[str, bytes] = {}
    faults: list[Fault] = []
    batches = [work.CopyBatch(spec=inputs.spec, copies=part) for part in work.batches(tasks, _BATCH)]
    for batch, results in zip(batches, executor.map(work.copy_batch, batches), strict=True):
        for task, result in zip(batch.copies, results, strict=True):
            if result.value is not None:
                made[task.file] = result.value
            faults += [result.fault] if result.fault else []
    names = {file: f"{FOLDER}{name}" for file, name in returns.file_names(made).items()}
    return {names[file]: data for file, data in made.items()}, names, faults


def _errors(findings: Iterable[Finding]) -> int:
    return sum(item.severity == "error" for item in findings)


def _sent(sources: Iterable[work.Source], file: str) -> bytes | None:
    """The bytes of a file as it was sent, by itself or in a zip; None where it could not be read."""
    for source in sources:
        if source.file == file:
            return source.data
        if file.startswith(f"{source.file}/"):
            return returns.inner(source.data, file.removeprefix(f"{source.file}/"))
    return None


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
