"""Builds that are ended at any moment: by SIGKILL, by Ctrl-C, by another build in the same folder."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from plbuild.pipeline import lock, store
from tests.e2e.test_commands import invoke
from tests.support.districts import EXAMPLES, ROOT
from tests.unit.test_pipeline import build, tree
from tests.unit.test_quick_second_runs import of_plans

MOMENTS = 20
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no fork")


@needs_signals
def test_killed_at_twenty_moments_and_run_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """Each build finds another plan there or gone than the one before, so that there is work to be killed at."""
    folder, out = tmp_path / "maple-ridge", tmp_path / "out"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    plan = folder / "submissions" / "Birch Street.xlsx"
    data = plan.read_bytes()
    begun = time.monotonic()
    build(folder, tmp_path / "with")
    longest = time.monotonic() - begun
    plan.unlink()
    build(folder, tmp_path / "without")
    undisturbed = (tree(tmp_path / "without"), tree(tmp_path / "with"))
    mixer = random.Random(5)  # noqa: S311  the same moments in every run
    ended = 0
    for number in range(MOMENTS):
        there = number % 2
        if there:
            plan.write_bytes(data)
        else:
            plan.unlink(missing_ok=True)
        if number % 5 == 0:
            shutil.rmtree(out, ignore_errors=True)
        # A build that has little to do anew is shorter: half of the moments lie in its time.
        within = longest if number % 5 == 0 else longest / 3
        ended += killed(folder, out, within * mixer.random())
        for name, found in of_plans(tree(out)).items():
            assert found in [one[name] for one in undisturbed if name in one], name
        build(folder, out)
        assert of_plans(tree(out)) == of_plans(undisturbed[there])
        if number % 5 == 0:
            # Where there was no build before, what tells of changes is the same too.
            assert tree(out) == undisturbed[there]
    assert ended > MOMENTS / 4


def killed(folder: Path, out: Path, after: float) -> bool:
    """Build in a process of its own and kill it; whether it was still at work."""
    process = multiprocessing.get_context("fork").Process(target=build, args=(folder, out))
    process.start()
    process.join(after)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells of processes in /proc")
def test_the_processes_that_share_the_work_end_with_a_build_that_was_killed(tmp_path: Path) -> None:
    process = started("--out", str(tmp_path / "out"), "--workers", "2")
    try:
        until(lambda: (tmp_path / "out" / store.FOLDER / "known.sqlite").exists())
        shared = [child for child, parent, _ in processes() if parent == process.pid]
    finally:
        process.kill()
        process.wait()
        # Whoever is left has the other ends of these, and would be waited for.
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()
    assert len(shared) >= 2
    until(lambda: not any(child in shared and state != "Z" for child, _, state in processes()), 20)


def processes() -> Iterator[tuple[int, int, str]]:
    """The number of each process, that of its parent, and its state."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
            yield int(path.parent.name), int(parent), state


@needs_signals
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_a_build_with_status_130_and_one_sentence(tmp_path: Path, workers: str) -> None:
    out = tmp_path / "out"
    process = started("--out", str(out), "--workers", workers)
    until(lambda: (out / store.FOLDER / "known.sqlite").exists())
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (said, wrong) == (f"Stopped. Every file in {out} is whole; the same command does the rest.\n", "")
    assert invoke("build", "--out", str(out)).returncode == 0


def test_a_second_build_ends_with_status_2(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        done = invoke("build", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (2, "")
    assert f"{tmp_path}: another build is at work here (process " in done.stdout


@needs_signals
def test_a_folder_is_watched_until_ctrl_c(tmp_path: Path) -> None:
    folder = tmp_path / "maple-ridge"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    plan = folder / "submissions" / "Birch Street.xlsx"
    away = plan.rename(tmp_path / plan.name)
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as text:
        process = started("--district", str(folder), "--out", str(tmp_path / "out"), "--watch", stdout=text)
        try:
            until(lambda: "Watching" in said.read_text(encoding="utf-8"))
            away.rename(plan)
            until(lambda: "Birch Street School (099920000201): accepted" in said.read_text(encoding="utf-8"))
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.communicate()
    lines = said.read_text(encoding="utf-8").splitlines()
    assert "Came: submissions/Birch Street.xlsx" in lines
    assert lines[-2:] == [
        "Maple Ridge Public Schools, 2026-27: 1 of 4 school plans accepted.",
        "Watching has ended.",
    ]


def started(*arguments: str, stdout: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    """``invoke build`` on its way."""
    command = [sys.executable, "-m", "invoke", "build", *arguments]
    return subprocess.Popen(  # noqa: S603  our own command
        command, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )  # fmt: skip


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
