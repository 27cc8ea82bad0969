"""The order of the stages, the acceptance rule, the disk, the clock and the executor.

Takes folders and an executor, returns reports; the only part of plbuild that imports the stages. What an
office does now and then, in ``offices`` and ``templates``, is not loaded with it: no build waits for that.
"""

from __future__ import annotations

from plbuild.pipeline.build import Options, build, validate
from plbuild.pipeline.collector import collect_seldom
from plbuild.pipeline.files import Folders
from plbuild.pipeline.report import FAULT, HELD, OK, STOPPED, WRONG_INPUT, Report
from plbuild.pipeline.sharing import Executor, SerialExecutor
from plbuild.pipeline.watch import watch

__all__ = [
    "FAULT",
    "HELD",
    "OK",
    "STOPPED",
    "WRONG_INPUT",
    "Executor",
    "Folders",
    "Options",
    "Report",
    "SerialExecutor",
    "build",
    "collect_seldom",
    "validate",
    "watch",
]
