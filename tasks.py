"""The commands of plbuild: each parses its arguments, calls one function and exits.

What a single command needs beside the pipeline is loaded by that command: the others need not wait for it.
"""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

gc.disable()

from invoke.context import Context
from invoke.tasks import task

from plbuild import commands, pipeline

# All of it stays until the end. To look through it for what could be let go, again and again while it is
# loaded and once more at the end, takes a fifth of a small build.
gc.freeze()
gc.enable()

_DISTRICT = "the district folder (default: the one in invoke.yaml)"
_RUN_HELP = {
    "district": _DISTRICT,
    "out": "where the results go (default: build/<district>)",
    "workers": "how many processes share the work (default: one a processor where there are many schools)",
    "as-of": "the date of the build, year-month-day (default: today)",
    "advice": "send marked copies back for advice too, not for errors alone",
}
_BUILD_HELP = {
    "drafts": "write held plans too, into plans/drafts, marked as drafts on every page",
    "since": "the manifest.json of an earlier build, to say what changed since (default: the one before)",
    "watch": "build again whenever a workbook arrives, until Ctrl-C",
    "pdf": "put a PDF copy beside every Word plan, accessible (PDF/UA); needs LibreOffice",
}


def _folders(c: Context) -> pipeline.Folders:
    return pipeline.Folders(
        workbook_templates=Path(c.plbuild.workbook_templates),
        output_templates=Path(c.plbuild.output_templates),
    )


def _exit(status: int) -> None:
    if status:
        raise SystemExit(status)


@task(help={"folder": "the folder to start"})
def new(c: Context, folder: str) -> None:
    """Start a district folder."""
    from plbuild.pipeline import offices

    _exit(commands.told(lambda: offices.new(Path(folder))))


@task(
    help={
        "district": _DISTRICT,
        "layout": "separate (a workbook a school) or shared (one for all)",
        "from": "a folder of earlier plans, whose answers the workbooks start with",
    }
)
def issue(c: Context, district: str = "", layout: str = "separate", from_: str = "") -> None:
    """Write blank workbooks, prefilled from the roster."""
    from plbuild.pipeline import offices

    folder = Path(district or c.plbuild.district)
    source = Path(from_) if from_ else None
    _exit(commands.told(lambda: offices.issue(folder, _folders(c), layout, source, commands.say)))


@task(help=_RUN_HELP)
def validate(
    c: Context, district: str = "", out: str = "", workers: str = "", as_of: str = "", advice: bool = False
) -> None:
    """Read and check every workbook; write the findings, and no Word plan."""
    run = {"out": out, "workers": workers, "as_of": as_of}
    _run(c, pipeline.validate, district, run, pipeline.Options(advice=advice))


@task(help=_RUN_HELP | _BUILD_HELP)
def build(
    c: Context, district: str = "", out: str = "", workers: str = "", as_of: str = "", advice: bool = False,
    drafts: bool = False, pdf: bool = False, watch: bool = False, since: str = "",
) -> None:  # fmt: skip
    """Read, check, add up, and write a Word plan for each school and for the district."""
    run: dict[str, Any] = {"out": out, "workers": workers, "as_of": as_of}
    base = Path(since) if since else None
    options = pipeline.Options(advice=advice, drafts=drafts, pdf=pdf, since=base)
    if watch:
        _exit(commands.watched(Path(district or c.plbuild.district), _folders(c), options=options, **run))
    else:
        _run(c, pipeline.build, district, run, options)


def _run(
    c: Context, work: Callable[..., pipeline.Report], district: str, run: dict[str, Any],
    options: pipeline.Options,
) -> None:  # fmt: skip
    folder = Path(district or c.plbuild.district)
    _exit(commands.built(work, folder, _folders(c), options=options, **run))


@task(
    help={
        "replace": "write Word templates anew even where they were edited",
        "check": "write nothing; judge the Word templates and tell everything that is wrong",
        "annotate": "with --check: copies with what is wrong as Word comments, in build/templates",
    }
)
def templates(c: Context, replace: bool = False, check: bool = False, annotate: bool = False) -> None:
    """Write the blank workbooks and the starter Word templates anew from the specs, or check templates."""
    from plbuild.pipeline import templates as of_word

    standards, folders = str(c.plbuild.standards_set), _folders(c)
    if check or annotate:
        out = Path("build") / "templates"
        _exit(commands.checked(lambda: of_word.check_templates(folders, standards, out, annotated=annotate)))
    else:
        _exit(commands.told(lambda: of_word.templates(folders, standards, replace_edited=replace)))


@task(help={"options": 'passed on to pytest, such as "-k intake"'})
def test(c: Context, options: str = "") -> None:
    """Run the tests."""
    # A file's tests stay together, so that what they share is made once.
    _exit(_python(c, f"-m pytest -n auto --dist loadfile {options}"))


@task
def lint(c: Context) -> None:
    """Judge style, types and the layers of the code."""
    # import-linter has no module that can be run: as ``-m importlinter.cli`` it judges nothing and ends well.
    layers = '-c "from importlinter.cli import lint_imports_command; lint_imports_command()"'
    checks = ("-m ruff check .", "-m ruff format --check .", "-m mypy", layers)
    _exit(max(_python(c, check) for check in checks))


@task(
    help={
        "district": _DISTRICT,
        "only": "one benchmark by its name (default: all)",
        "repeats": "how many turns are taken (default: 15)",
    }
)
def bench(c: Context, district: str = "", only: str = "", repeats: int = 15) -> None:
    """Measure how fast plbuild is beside other ways to the same."""
    import benchmarks

    folder = Path(district or c.plbuild.district)
    _exit(benchmarks.run(only, folder, _folders(c), repeats))


def _python(c: Context, arguments: str) -> int:
    result = c.run(f'"{sys.executable}" {arguments}', warn=True)
    return result.exited if result else 1
