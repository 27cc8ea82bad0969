"""``manifest.json``: what a build read, what became of it, and what it wrote.

Takes the results of a build, returns JSON; no time of day is in it, so that equal builds give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from plbuild.model import Fault, Finding, Status, Submission, Waiver, shown
from plbuild.pipeline import waivers
from plbuild.pipeline.files import Inputs

NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What goes into a manifest."""

    inputs: Inputs
    as_of: date
    input_digests: Mapping[str, str]
    files: Mapping[str, str]
    passed_over: tuple[str, ...]
    submissions: tuple[Submission, ...]
    passed_by: Mapping[tuple[str, str, str], str]
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    outputs: Mapping[str, str]
    """The digest of each output."""
    documents: Mapping[tuple[str, str], tuple[str, ...]]
    """The names of each plan's own documents, by its kind and owner; drafts lie in ``plans/drafts``."""


def manifest(facts: Facts) -> bytes:
    """The manifest as indented UTF-8 JSON."""
    spec = facts.inputs.spec
    waived = [item for item in facts.findings if item.waiver]
    content = {
        "plbuild": version("plbuild"),
        "spec": {
            "digest": spec.digest,
            "versions": {plan.kind: plan.version for plan in spec.plans},
        },
        "district": facts.inputs.district.name,
        "leaid": facts.inputs.district.leaid,
        "plan_year": facts.inputs.district.plan_year,
        "as_of": shown(facts.as_of),
        "inputs": dict(facts.input_digests),
        "submissions": [*_read(facts), *({"file": f, "became": "passed over"} for f in facts.passed_over)],
        "plans": [_plan(item, facts) for item in facts.statuses],
        "waivers": [_waiver(item, waived, facts.as_of) for item in facts.inputs.district.waivers],
        "findings": {
            severity: sum(item.severity == severity for item in facts.findings)
            for severity in ("error", "advice", "note")
        },
        "faults": [{"item": item.item, "message": item.message} for item in facts.faults],
        "outputs": dict(sorted(facts.outputs.items())),
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _read(facts: Facts) -> list[dict[str, Any]]:
    """Every file that was looked into: its digest, its plans, and what was said of it."""
    states = {(item.kind, item.owner.id): item.state for item in facts.statuses}
    plans: dict[str, list[dict[str, str]]] = {file: [] for file in facts.files}
    codes: dict[str, set[str]] = {file: set() for file in facts.files}
    for item in facts.submissions:
        entry = {"kind": item.kind, "id": item.plan_id, "became": _became(item, facts, states)}
        inside = {} if item.file in facts.files else {"file": item.file}
        plans.setdefault(_sent_as(item.file, facts), []).append({**entry, **inside})
    for finding in facts.findings:
        codes.setdefault(_sent_as(finding.where.file, facts), set()).add(finding.code)
    return [
        {
            "file": file,
            "digest": file_digest,
            "became": "read" if plans[file] else "held",
            "plans": plans[file],
            "findings": sorted(codes[file]),
        }
        for file, file_digest in facts.files.items()
    ]


def _sent_as(file: str, facts: Facts) -> str:
    """The file in ``submissions/``, of a workbook in a zip the zip; itself where it is none of them."""
    outer = file
    while outer not in facts.files and "/" in outer:
        outer = outer.rpartition("/")[0]
    return outer


def _became(item: Submission, facts: Facts, states: Mapping[tuple[str, str], str]) -> str:
    """A state of ``Status``, ``empty``, or why another copy of the plan counts."""
    if item.is_blank:
        return "empty"
    why = facts.passed_by.get((item.file, item.kind, item.plan_id))
    return why or states.get((item.kind, item.plan_id), "held")


def _waiver(item: Waiver, waived: Iterable[Finding], as_of: date) -> dict[str, Any]:
    """A waiver of ``district.yaml``, and each error of those ``waived`` that it let through."""
    places = [finding.where for finding in waived if finding.waiver is item]
    return {
        "plan": item.plan,
        "code": item.code,
        "field": item.field,
        "approved_by": item.approved_by,
        "why": item.why,
        "until": item.until.isoformat(),
        "state": waivers.state(item, waived, as_of),
        "let_through": [{"file": at.file, "sheet": at.sheet, "cell": at.cell} for at in places],
    }


def _plan(item: Status, facts: Facts) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.owner.id,
        "name": item.owner.name,
        "state": item.state,
        "late": item.late,
        "files": list(item.files),
        "errors": item.errors,
        "advice": item.advice,
        "waived": item.waived,
        "reason": item.reason,
        "documents": list(facts.documents.get((item.kind, item.owner.id), ())),
    }


def earlier_outputs(out: Path) -> dict[str, str]:
    """What the last build in ``out`` says that it wrote, with digests; nothing where that cannot be read."""
    try:
        content = json.loads((out / NAME).read_text(encoding="utf-8"))
        return {str(name): str(made) for name, made in content["outputs"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
