"""``manifest.json``: what a build read, what became of it, and what it wrote.

Takes the results of a build, returns JSON; no time of day is in it, so that equal builds give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from plbuild.model import Fault, Finding, Status, Submission, digest
from plbuild.pipeline.files import Inputs

NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What goes into a manifest."""

    inputs: Inputs
    as_of: str
    input_digests: Mapping[str, str]
    files: Mapping[str, str]
    passed_over: tuple[str, ...]
    submissions: tuple[Submission, ...]
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    outputs: Mapping[str, bytes]


def manifest(facts: Facts) -> bytes:
    """The manifest as indented UTF-8 JSON."""
    spec = facts.inputs.spec
    content = {
        "plbuild": version("plbuild"),
        "spec": {
            "digest": spec.digest,
            "versions": {plan.kind: plan.version for plan in spec.plans},
        },
        "district": facts.inputs.district.name,
        "leaid": facts.inputs.district.leaid,
        "plan_year": facts.inputs.district.plan_year,
        "as_of": facts.as_of,
        "inputs": dict(facts.input_digests),
        "submissions": [*_read(facts), *({"file": f, "became": "passed over"} for f in facts.passed_over)],
        "plans": [_plan(item) for item in facts.statuses],
        "findings": {
            severity: sum(item.severity == severity for item in facts.findings)
            for severity in ("error", "advice", "note")
        },
        "faults": [{"item": item.item, "message": item.message} for item in facts.faults],
        "outputs": {name: digest(data) for name, data in sorted(facts.outputs.items())},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _read(facts: Facts) -> list[dict[str, Any]]:
    """Every file that was looked into: its digest, its plans, and what was said of it."""
    states = {(item.kind, item.owner.id): item.state for item in facts.statuses}
    entries = []
    for file, file_digest in facts.files.items():
        plans = [
            {
                "kind": item.kind,
                "id": item.plan_id,
                "became": "empty" if item.is_blank
                else states.get((item.kind, item.plan_id), "held"),
            }
            for item in facts.submissions
            if item.file == file
        ]  # fmt: skip
        codes = sorted({item.code for item in facts.findings if item.where.file == file})
        became = "read" if plans else "held"
        entries.append(
            {"file": file, "digest": file_digest, "became": became, "plans": plans, "findings": codes}
        )
    return entries


def _plan(item: Status) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.owner.id,
        "name": item.owner.name,
        "state": item.state,
        "late": item.late,
        "files": list(item.files),
        "errors": item.errors,
        "advice": item.advice,
        "reason": item.reason,
    }


def earlier_outputs(out: Path) -> list[str]:
    """What the last build in ``out`` says that it wrote; nothing where that cannot be read."""
    try:
        content = json.loads((out / NAME).read_text(encoding="utf-8"))
        return [str(name) for name in content["outputs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
