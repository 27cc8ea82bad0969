"""The order of the stages, the acceptance rule, the disk, the clock and the executor.

Takes folders and an executor, returns reports; the only part of plbuild that imports the stages.
"""

from __future__ import annotations

from plbuild.pipeline.build import Options, build, validate
from plbuild.pipeline.collector import collect_seldom
from plbuild.pipeline.files import Folders
from plbuild.pipeline.offices import issue, new
from plbuild.pipeline.report import FAULT, HELD, OK, STOPPED, WRONG_INPUT, Report
from plbuild.pipeline.templates import Checked, check_templates, templates
from plbuild.pipeline.watch import watch
from plbuild.pipeline.work import Executor, SerialExecutor

__all__ = [
    "FAULT",
    "HELD",
    "OK",
    "STOPPED",
    "WRONG_INPUT",
    "Checked",
    "Executor",
    "Folders",
    "Options",
    "Report",
    "SerialExecutor",
    "build",
    "check_templates",
    "collect_seldom",
    "issue",
    "new",
    "templates",
    "validate",
    "watch",
]
