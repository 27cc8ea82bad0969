"""What the template of the reviewer's notes may ask for.

Takes the notes as plain values, returns the context of one school's page. Design decision: a place is
worded here once ("Goals, Target, cell H5"), so that no template puts it together from blank parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plbuild.documents.context import facts_of, owner_of
from plbuild.documents.rows import Row
from plbuild.documents.text import Text
from plbuild.model import RosterRow, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One piece of advice: the section, label and cell that it is about, what was seen, and the remedy."""

    section: str
    label: str
    cell: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """The reviewer's notes on one plan; ``rest`` are remarks by the title of their section."""

    opening: str
    first: tuple[Remark, ...]
    rest: tuple[tuple[str, tuple[Remark, ...]], ...]
    changes: tuple[str, ...] = ()


def memo_context(
    memo: Memo, owner: RosterRow, source: tuple[str, str], facts: Mapping[str, Value]
) -> dict[str, object]:
    """The context of one school's page; ``source`` is the file of its plan and that file's digest."""
    file, digest = source
    return {
        "notes": {
            "opening": Text(memo.opening),
            "first": list(_rows(memo.first)),
            "rest": [
                {"title": Text(title), "pieces": list(_rows(remarks, title))} for title, remarks in memo.rest
            ],
            "changes": [Text(change) for change in memo.changes],
        },
        "owner": owner_of(owner),
        "source": {"file": Text(file), "digest": Text(digest)},
        "facts": facts_of(facts),
    }


def _rows(remarks: Iterable[Remark], under: str = "") -> Iterable[Row]:
    """The remarks as rows; under the title of a section its name is not repeated."""
    for item in remarks:
        cell = f"cell {item.cell}" if item.cell else ""
        section = "" if item.section == under else item.section
        place = ", ".join(part for part in (section, item.label, cell) if part) or item.section
        words = {"place": place, "message": item.message, "fix": item.fix}
        yield Row({name: Text(text) for name, text in words.items()}, place)
