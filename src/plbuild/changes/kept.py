"""The answers of a build as they are kept for the next one.

Takes submissions, returns bytes, and reads them again. Design decision: the answers of each plan are packed
by themselves, so that a plan that did not change is neither packed again nor taken apart: its bytes tell.
The file is a chain of gzip members (RFC 1952, 2.2), an index and then the plans, so that any program for
such files shows it whole.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from isal import isal_zlib

from plbuild.model import PlanSpec, Record, Submission, Value, digest

_FORMAT = "plbuild answers 1"
_GZIP = 31  # The window bits by which zlib writes and reads gzip.


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table, or a form: its number and its answers as plain text, blank ones left out."""

    id: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A plan that is owed: what became of it, and its answers as ``answers`` packed them, or nothing."""

    kind: str
    id: str
    name: str
    state: str
    answers: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan taken apart: its answers by section."""

    kind: str
    id: str
    name: str
    state: str
    sections: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Every plan of one build, and its day; ``data`` is the file that is kept."""

    as_of: date
    owed: tuple[Owed, ...]
    data: bytes

    def plans(self, known: Collection[Owed]) -> Iterator[Plan]:
        """The plans that are not among ``known``. Raises ValueError where one is damaged."""
        for item in self.owed:
            if item not in known:
                sections = json.loads(_unpacked(item.answers)[0]) if item.answers else {}
                yield Plan(
                    kind=item.kind,
                    id=item.id,
                    name=item.name,
                    state=item.state,
                    sections={
                        name: tuple(Row(id=row_id, answers=found) for row_id, found in rows)
                        for name, rows in sections.items()
                    },
                )


def answers(plan: PlanSpec, item: Submission) -> bytes:
    """The answers of a submission, packed; what its workbook was issued with is not an answer."""
    found: dict[str, list[list[object]]] = {}
    for section in plan.sections:
        asked = [field.name for field in section.fields if not field.prefilled]
        rows: list[list[object]] = [
            [record.id, _given(record, asked)] for record in item.sections.get(section.name, ())
        ]
        if any(given for _, given in rows):
            found[section.name] = rows
    return _packed(found)


def _given(record: Record, asked: Iterable[str]) -> dict[str, str]:
    """What a record answers, as plain text; ``plain`` need not be asked of a text or a blank."""
    return {
        name: text
        for name in asked
        if (answer := record.answers.get(name)) is not None
        and (value := answer.value) is not None
        and (text := value if type(value) is str else plain(value))
    }


def plain(value: Value) -> str:
    """A value as text that is equal for equal values: 1200.50 and 1200.5 are one."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else str(value)
    return "" if value is None else str(value)


def kept(owed: Iterable[Owed], as_of: date) -> Kept:
    """The plans of a build, ready to be kept; equal plans on an equal day give equal bytes."""
    every = tuple(owed)
    index = [[item.kind, item.id, item.name, item.state, len(item.answers)] for item in every]
    rest = b"".join(item.answers for item in every)
    head = _packed([_FORMAT, as_of.isoformat(), digest(rest), index])
    return Kept(as_of=as_of, owed=every, data=head + rest)


def opened(data: bytes) -> Kept:
    """What ``kept`` made, out of its ``data``. Raises ValueError where it is anything else, or damaged."""
    head, rest = _unpacked(data)
    try:
        name, as_of, whole, index = json.loads(head)
        if name != _FORMAT or digest(rest) != whole:
            raise ValueError("the answers are damaged, or of another version of plbuild")
        owed, start = [], 0
        for kind, plan_id, title, state, length in index:
            own = rest[start : start + length]
            owed.append(Owed(kind=str(kind), id=str(plan_id), name=str(title), state=str(state), answers=own))
            start += length
        return Kept(as_of=date.fromisoformat(as_of), owed=tuple(owed), data=data)
    except TypeError as error:
        raise ValueError("the answers are damaged") from error


def _packed(content: object) -> bytes:
    # ISA-L's level 2 takes a tenth of the time of zlib's own choice, and an eighth more room.
    packer = isal_zlib.compressobj(2, zlib.DEFLATED, _GZIP)
    # Ascii, so that half a character that stood in a cell is kept as it is.
    text = json.dumps(content, separators=(",", ":")).encode("ascii") + b"\n"
    return packer.compress(text) + packer.flush()


def _unpacked(data: bytes) -> tuple[bytes, bytes]:
    """The first member, and what follows it. Raises ValueError."""
    reader = zlib.decompressobj(_GZIP)
    try:
        text = reader.decompress(data)
    except zlib.error as error:
        raise ValueError("the answers are damaged") from error
    if not reader.eof:
        raise ValueError("the answers are cut off")
    return text, reader.unused_data
