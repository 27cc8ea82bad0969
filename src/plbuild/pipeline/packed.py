"""Submissions and findings as plain values and back, for the store.

Takes dataclasses, returns lists, and the other way round. Design decision: written out field by field,
because a plan has a thousand answers and a general way takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from plbuild.model import Answer, Finding, Place, Record, Submission
from plbuild.pipeline.store import Plain

# Stands for a text that was entered just as it was decoded, as nearly all are.
_SAME = 0


def head(item: Submission) -> Submission:
    """A submission without its answers: what it is and where it came from."""
    return replace(item, sections={}, anchors={})


def from_head(item: Submission) -> Plain:
    """A head as plain values."""
    return [
        item.file, item.digest, item.kind, item.version, item.plan_id, item.sheets, item.missing_sections,
        item.saved, item.is_blank,
    ]  # fmt: skip


def to_head(entry: Plain) -> Submission:
    """The head in plain values."""
    file, digest, kind, version, plan_id, sheets, missing, saved, is_blank = entry
    return Submission(
        file=file,
        digest=digest,
        kind=kind,
        version=version,
        plan_id=plan_id,
        sections={},
        sheets=tuple(sheets),
        missing_sections=tuple(missing),
        saved=saved,
        is_blank=is_blank,
    )


def from_answers(item: Submission) -> Plain:
    """What a head leaves out, as plain values."""
    sections = [[name, [_from_record(record) for record in rows]] for name, rows in item.sections.items()]
    return [sections, [[name, *place] for name, place in item.anchors.items()]]


def with_answers(item: Submission, entry: Plain) -> Submission:
    """The whole submission out of its head and plain values."""
    sections, anchors = entry
    return replace(
        item,
        sections={name: tuple(_to_record(row) for row in rows) for name, rows in sections},
        anchors={name: (sheet, cell) for name, sheet, cell in anchors},
    )


def _from_record(record: Record) -> Plain:
    answers = [
        (name, value, _SAME if entered == value else entered, cell, blocked)
        for name, (value, entered, cell, blocked) in record.answers.items()
    ]
    return [record.id, record.sheet, record.row, answers]


def _to_record(entry: Plain) -> Record:
    record_id, sheet, row, answers = entry
    return Record(
        id=record_id,
        sheet=sheet,
        row=row,
        answers={
            name: Answer(value, value if entered == _SAME else entered, cell, blocked)
            for name, value, entered, cell, blocked in answers
        },
    )


def from_findings(findings: Iterable[Finding]) -> Plain:
    """Findings that no waiver was judged on yet, as plain values."""
    return [
        (
            item.severity, item.code, item.entered, item.message, item.fix,
            *(getattr(item.where, name) for name in _PLACE),
        )
        for item in findings
    ]  # fmt: skip


def to_findings(entry: Plain) -> tuple[Finding, ...]:
    """The findings in plain values."""
    return tuple(
        Finding(
            severity=severity,
            code=code,
            entered=entered,
            message=message,
            fix=fix,
            where=Place(**dict(zip(_PLACE, place, strict=True))),
        )
        for severity, code, entered, message, fix, *place in entry
    )


_PLACE = (
    "file", "sheet", "cell", "kind", "plan_id", "section", "section_title", "field", "label",
)  # fmt: skip
