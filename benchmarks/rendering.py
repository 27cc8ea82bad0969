"""Rendering school plans: ours, docxtpl as its documentation shows it, and zipping the finished parts.

The last is the floor: what a program takes that has the parts already and only puts them into a Word file.
All are given the context; what making it takes is told beside them.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import straightforward
from benchmarks.plans import Job, generated, jobs
from benchmarks.timing import Result, elapsed, seconds
from plbuild import archive
from plbuild.documents import compile as template_compiler
from plbuild.documents import render
from plbuild.pipeline import Folders

SIZES, COUNTS = (5, 15, 40), (1, 10, 100, 1000)
HEADS = (
    "school plans",
    "docxtpl, ms",
    "zipfile, ms",
    "plbuild, ms",
    "context, ms",
    "docxtpl ÷ plbuild",
    "plbuild ÷ zipfile",
)
# docxtpl takes a tenth of a second and more for each document, so that of a large set it renders a few.
_SAMPLE = 10
# Sets are left out that would take long where few turns are asked for.
_DOCUMENTS_A_TURN = 100
_EARLY, _LATE = 10, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    """The medians of a set of documents, in seconds."""

    name: str
    docxtpl: float
    floor: float
    ours: float
    context: float

    def row(self) -> tuple[str, ...]:
        times = (f"{value * 1e3:.1f}" for value in (self.docxtpl, self.floor, self.ours, self.context))
        return (self.name, *times, f"{self.docxtpl / self.ours:.1f}", f"{self.ours / self.floor:.2f}")


def measure(folder: Path, folders: Folders, repeats: int) -> Result:
    """The school plans of a district folder, and generated ones: 1 to 1,000 documents, 5 to 40 actions."""
    plans = [job for job in jobs(folder, folders) if not job.document.rollup]
    with TemporaryDirectory(prefix="plbuild-bench-") as home:
        template = Path(home) / "template.docx"
        template.write_bytes(plans[0].template)
        first = median(seconds(partial(_first, plans[0]), min(repeats, 5)))
        sets = [_set(f"{len(plans)} of {folder.name}", plans * repeats, template, len(plans))]
        for actions in SIZES:
            for count in (count for count in COUNTS if count <= _DOCUMENTS_A_TURN * repeats):
                made = [generated(plans, actions, seed) for seed in range(count)]
                turns = made * max(1, repeats // count)
                sets.append(_set(f"{count:,} of {actions} actions", turns, template, min(count, _SAMPLE)))
    return Result(
        title=f"Rendering school plans, medians of a document; docxtpl renders at most {_SAMPLE} of each set",
        heads=HEADS,
        rows=tuple(item.row() for item in sets),
        summary=_summary(sets, first, _memory(plans) if repeats > 1 else "not measured with one turn"),
    )


def _summary(sets: list[_Times], first: float, memory: str) -> str:
    against_docxtpl = min(item.docxtpl / item.ours for item in sets)
    against_floor = max(item.ours / item.floor for item in sets)
    return (
        f"The least ratio to docxtpl is {against_docxtpl:.1f}; 12 is wanted. "
        f"The greatest to zipfile is {against_floor:.2f}; 2 is wanted.\n"
        f"The first document of a template, which compiles it, takes {first * 1e3:.0f} ms.\n"
        f"Memory: {memory}."
    )


def _first(job: Job) -> None:
    template_compiler.compiled.cache_clear()
    template_compiler.compiled(job.template)


def _set(name: str, documents: list[Job], template: Path, sample: int) -> _Times:
    """Each document by each way, in turns; docxtpl for the first few alone."""
    times: dict[str, list[float]] = {"docxtpl": [], "floor": [], "ours": [], "context": []}
    render(documents[0].template, documents[0].context())
    for number, job in enumerate(documents):
        times["context"].append(elapsed(job.context))
        context = job.context()
        members = archive.read(render(job.template, context))
        times["ours"].append(elapsed(partial(render, job.template, context)))
        times["floor"].append(elapsed(partial(straightforward.zipped, members)))
        if number < sample:
            times["docxtpl"].append(elapsed(partial(straightforward.docxtpl, template, context)))
    return _Times(name=name, **{way: median(found) for way, found in times.items()})


# ------------------------------------------------------------------------------------- memory


def _memory(plans: list[Job]) -> str:
    """The peak of a process of its own after ten documents and after a thousand, in words."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawned) as pool:
        early, late = pool.submit(_peaks, plans).result()
    if not early:
        return "not measured on this system"
    return (
        f"{early / 1e6:.1f} MB at the {_EARLY}th document and {late / 1e6:.1f} MB at the {_LATE:,}th, "
        f"{late / early - 1:+.1%}; 10 % is wanted"
    )


def _peaks(plans: list[Job]) -> tuple[int, int]:
    early = 0
    for number in range(1, _LATE + 1):
        job = generated(plans, SIZES[number % len(SIZES)], number)
        render(job.template, job.context())
        if number == _EARLY:
            early = peak()
    return early, peak()


def peak() -> int:
    """The most memory that this process ever had, in bytes; 0 where the system does not tell.

    Linux hands ``ru_maxrss`` down from a process to those that it starts, so that it says nothing here.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(encoding="utf-8"), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    if sys.platform != "darwin":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
