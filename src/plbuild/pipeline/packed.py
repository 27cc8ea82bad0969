"""Submissions and findings as plain values and back, for the store.

Takes dataclasses, returns lists, and the other way round. Design decision: written out field by field,
because a plan has a thousand answers and a general way takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import repeat

from plbuild.advice import Compared, packed, unpacked
from plbuild.model import Answer, Finding, Place, Record, Submission, Value, packed_values, unpacked_values
from plbuild.pipeline.store import Plain


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
    """What a head leaves out, as plain values: where its records stand, and the answers of all of them."""
    sections = [[name, [*_runs(records)]] for name, records in item.sections.items()]
    answers = [
        answer
        for records in item.sections.values()
        for record in records
        for answer in record.answers.values()
    ]
    values, entered, _, blocked = zip(*answers, strict=True) if answers else ((), (), (), ())
    others = [
        index for index, (text, own) in enumerate(zip(entered, _texts(values), strict=True)) if text != own
    ]
    return [
        sections,
        packed_values(values),
        [others, [entered[index] for index in others]],
        [index for index, is_blocked in enumerate(blocked) if is_blocked],
        [[name, *place] for name, place in item.anchors.items()],
    ]


def with_answers(item: Submission, entry: Plain) -> Submission:
    """The whole submission out of its head and plain values."""
    sections, plain, others, blocked, anchors = entry
    values = unpacked_values(*plain)
    entered, flags = _texts(values), [False] * len(values)
    for index, text in zip(*others, strict=True):
        entered[index] = text
    for index in blocked:
        flags[index] = True
    cells = [cell for _, runs in sections for run in runs for cell in _cells(*run)]
    # Answer(...) takes twice as long.
    answers = map(tuple.__new__, repeat(Answer), zip(values, entered, cells, flags, strict=True))
    return replace(
        item,
        sections={
            name: tuple([record for run in runs for record in _records(answers, *run)])
            for name, runs in sections
        },
        anchors={name: (sheet, cell) for name, sheet, cell in anchors},
    )


def from_compared(item: Compared) -> Plain:
    """What is compared of a plan with others, as plain values, without the head."""
    return [from_answers(item.plan), packed(item)]


def to_compared(head: Submission, entry: Plain) -> Compared:
    """What is compared, of the plan with this head, out of plain values."""
    plan, rest = entry
    return unpacked(with_answers(head, plan), rest)


def _texts(values: Iterable[Value]) -> list[Value]:
    """What was entered where it is just the value, as nearly all texts are."""
    return ["" if value is None else value for value in values]


def _runs(records: Iterable[Record]) -> Iterator[Plain]:
    """The records but for their answers, those together that follow each other on a sheet and have
    answers to the same fields in the same columns: as ``_records`` takes them."""
    before: Plain = None
    for record in records:
        row, names = str(record.row), [*record.answers]
        cells = [answer.cell for answer in record.answers.values()]
        # Nearly always so, and seen at once.
        if before and before[1] and cells == [column + row for column in before[3]]:
            is_row, columns = True, before[3]
        else:
            is_row = all(cell.endswith(row) for cell in cells)
            columns = [cell.removesuffix(row) for cell in cells] if is_row else cells
        shape = [record.sheet, is_row, names, columns]
        if before and shape == before[:-2]:
            before[-2].append(record.id)
            before[-1].append(record.row)
            continue
        if before:
            yield before
        before = [*shape, [record.id], [record.row]]
    if before:
        yield before


def _cells(
    _: str, is_row: bool, names: object, columns: list[str], ids: object, rows: list[int]
) -> Iterator[str]:
    """The cells of a run: in each row the columns, or as they are."""
    for row in rows:
        end = str(row) if is_row else ""
        for column in columns:
            yield column + end


def _records(
    answers: Iterator[Answer],
    sheet: str,
    is_row: object,
    names: list[str],
    columns: object,
    ids: list[str],
    rows: list[int],
) -> Iterator[Record]:
    for record_id, row in zip(ids, rows, strict=True):
        # The names come first: they end before one answer too many is taken.
        own = dict(zip(names, answers, strict=False))
        yield Record(id=record_id, sheet=sheet, row=row, answers=own)


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
