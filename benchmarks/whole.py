"""The whole build of districts of 10, 100 and 1,000 schools, beside the straightforward script.

Takes a district folder whose workbooks serve as models; ours reads, checks, adds up and writes everything,
the script only reads, checks and fills Word plans. Design decision: each of our builds runs in a process of
its own, so that its memory is its own and its start is counted; the script is tried on a few schools, because
what it takes grows with their number alone. Processor time is taken with one worker; what a user waits for,
with as many workers as the command takes by itself.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import districts, straightforward
from benchmarks.rendering import peak
from benchmarks.timing import Result
from plbuild import commands, pipeline
from plbuild.pipeline import Folders, files

COUNTS = (10, 100, 1000, 2500)
HEADS = (
    "schools",
    "script, ms a school",
    "plbuild, ms a school",
    "ratio",
    "with all processors, ms by the clock",
    "ratio",
    "memory, MB",
    "one changed, s",
    "of the whole",
)
_A_TURN = 100
_SAMPLE = 8
_AS_OF = date(2026, 10, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Took:
    """What a build took in a process of its own: processor seconds, by stage too, seconds by the clock, and
    bytes at most."""

    seconds: float
    clock: float
    memory: int
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """What the script took for a school: processor seconds, and seconds by the clock."""

    seconds: float
    clock: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """What a district took."""

    count: int
    script: _Script
    whole: _Took
    shared: _Took
    again: _Took

    @property
    def each(self) -> float:
        """Seconds for a school."""
        return self.whole.seconds / self.count

    @property
    def ratio(self) -> float:
        """How many times as fast we are, in processor time."""
        return self.script.seconds / self.each

    @property
    def clock_ratio(self) -> float:
        """How many times as fast we are by the clock."""
        return self.script.clock / (self.shared.clock / self.count)

    def row(self) -> tuple[str, ...]:
        return (
            f"{self.count:,}",
            f"{self.script.seconds * 1e3:.0f}",
            f"{self.each * 1e3:.0f}",
            f"{self.ratio:.1f}",
            f"{self.shared.clock / self.count * 1e3:.0f}",
            f"{self.clock_ratio:.1f}",
            f"{self.whole.memory / 1e6:.0f}",
            f"{self.again.seconds:.1f}",
            f"{self.again.seconds / self.whole.seconds:.1%}",
        )


@dataclass(slots=True, kw_only=True)
class _Clock:
    """Notes when the words of the progress change: what stands before a colon names a stage."""

    now: str = "Starting"
    since: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Takes a line of progress."""
        name = text.partition(":")[0].replace("data/", "").split(" ")
        stage = " ".join(name[:1] if name[0] == "Writing" else name)
        spent = time.process_time()
        self.stages[self.now] = self.stages.get(self.now, 0.0) + spent - self.since
        self.now, self.since = stage, spent


def measure(folder: Path, folders: Folders, repeats: int) -> Result:
    """Districts as large as the turns allow: a hundred schools for each."""
    counts = [count for count in COUNTS if count <= _A_TURN * repeats]
    sets = []
    for count in counts:
        with TemporaryDirectory(prefix="plbuild-bench-") as home:
            sets.append(_set(folder, folders, count, Path(home)))
    return Result(
        title=f"The whole build of generated districts; the script takes its time for {_SAMPLE} schools",
        heads=HEADS,
        rows=tuple(item.row() for item in sets),
        summary=_summary(sets),
    )


def _set(folder: Path, folders: Folders, count: int, home: Path) -> _Set:
    target = home / "district"
    districts.generate(folder, folders, count, target)
    script = _script(folders, target, home)
    shared = _built(folders, target, home / "shared", workers="")
    whole = _built(folders, target, home / "out")
    districts.change(folders, target)
    again = _built(folders, target, home / "out")
    return _Set(count=count, script=script, whole=whole, shared=shared, again=again)


def _script(folders: Folders, target: Path, home: Path) -> _Script:
    """What the straightforward script takes for a school."""
    inputs = files.read_inputs(target, folders)
    template = folders.output_templates / f"{inputs.spec.owned_by('school').kind}.docx"
    sample = sorted((target / "submissions").glob("school *.xlsx"))[:_SAMPLE]
    straightforward.plans(sample[0], inputs.spec, inputs.roster, template, home)
    start, start_clock = time.process_time(), time.perf_counter()
    for path in sample:
        straightforward.plans(path, inputs.spec, inputs.roster, template, home)
    spent, passed = time.process_time() - start, time.perf_counter() - start_clock
    return _Script(seconds=spent / len(sample), clock=passed / len(sample))


def _built(folders: Folders, target: Path, out: Path, workers: str = "1") -> _Took:
    spawned = multiprocessing.get_context("spawn")
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=1, mp_context=spawned) as pool:
        took = pool.submit(_build, folders, target, out, workers).result()
    # The start of the process, which loads the program, is part of what a user waits for.
    return replace(took, clock=time.perf_counter() - start)


def _build(folders: Folders, target: Path, out: Path, workers: str) -> _Took:
    clock = _Clock()
    with commands.executor(workers) as shared:
        report = pipeline.build(target, folders, out, shared, _AS_OF, clock.say)
    clock.say("")
    if report.exit_status != pipeline.OK:
        raise ValueError(report.text())
    return _Took(seconds=time.process_time(), clock=0, memory=peak(), stages=clock.stages)


def _summary(sets: list[_Set]) -> str:
    largest = sets[-1]
    least = min(item.ratio for item in sets)
    return "\n".join(
        (
            f"The least ratio to the script is {least:.1f} in processor time; in the largest district it is "
            f"{largest.ratio:.1f}, by the clock {largest.clock_ratio:.1f}; 10 is wanted. A school of the "
            f"largest district takes {largest.each / sets[0].each:.2f} times what one of the smallest takes.",
            f"Where the time goes, of {largest.count:,} schools: {_shares(largest.whole)}.",
            f"With one changed: {_shares(largest.again)}.",
            f"The most memory, with one worker, is {max(item.whole.memory for item in sets) / 1e6:.0f} MB; "
            "400 is wanted.",
        )
    )


def _shares(took: _Took) -> str:
    """The stages of a build in their order, each with its seconds."""
    return ", ".join(f"{name} {spent:.1f} s" for name, spent in took.stages.items() if spent >= 0.05)
