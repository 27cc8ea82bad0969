"""One plan as a reviewer reads it: rows, words, numbers and days, and advice at their cells.

Takes the spec and a submission; every piece of advice asks through it. Design decision: what is missing,
blocked or of the wrong type is already an error, so it reads as unknown here, and a sum or a "none" over
unknown answers is never made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from plbuild.advice import names
from plbuild.advice.personal import covered
from plbuild.model import (
    District,
    Field,
    Finding,
    PlanSpec,
    Record,
    Roster,
    Spec,
    Submission,
    ValueList,
    excerpt,
    shown,
)

_QUOTED = 120
_WORD = re.compile(r"[^\W_]+")
# The same for ASCII, which most texts are, in two thirds of the time: what is no letter and no digit.
_NO_WORD = str.maketrans({letter: " " for letter in map(chr, range(128)) if not letter.isalnum()})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A submission with all that is needed to judge it; ``others`` are the plans it may refer to.

    Many pieces of advice ask the same of it, so it looks once. (It has no slots, to keep what it saw.)
    """

    spec: Spec
    roster: Roster
    district: District
    plan: PlanSpec
    submission: Submission
    others: tuple[Submission, ...] = ()

    def rows(self, section: str) -> tuple[Record, ...]:
        """The filled rows of a section, none where the plan has no such section."""
        return self.submission.sections.get(section, ()) if self.asks(section) else ()

    def asks(self, section: str, *fields: str) -> bool:
        """Whether the plan has the section with all of these fields."""
        asked = self._fields.get(section)
        return asked is not None and asked.keys() >= {*fields}

    @cached_property
    def _fields(self) -> dict[str, dict[str, Field]]:
        return {part.name: {item.name: item for item in part.fields} for part in self.plan.sections}

    def required(self, section: str, field: str) -> bool:
        """Whether a blank answer there is, or may be, an error already."""
        item = self._fields[section][field]
        return item.required or bool(item.required_when)

    def head(self, field: str) -> Record | None:
        """The form that has ``field`` and says when the plan runs and whose it is."""
        for section in names.HEADS:
            if self.asks(section, field) and (form := self.submission.form(section)):
                return form
        return None

    def term(self) -> tuple[date | None, date | None]:
        """The plan's first and last day."""
        first, last = self.head(names.START_DATE), self.head(names.END_DATE)
        return (
            day(first, names.START_DATE) if first else None,
            day(last, names.END_DATE) if last else None,
        )

    def says(self, section: str, record: Record, field: str, attribute: str) -> str | bool | None:
        """What the list says under ``attribute`` beside the value that was chosen."""
        values = self._list(section, field)
        return values.attribute(text(record, field), attribute) if values else None

    def chosen(self, section: str, record: Record, field: str) -> bool:
        """Whether a value of the list was chosen."""
        values = self._list(section, field)
        return values is not None and text(record, field) in values.values

    def _list(self, section: str, field: str) -> ValueList | None:
        item = self._fields.get(section, {}).get(field)
        return self.spec.lists.get(item.list) if item else None

    def under(self, section: str, field: str, target: str) -> tuple[Record, ...]:
        """The rows of ``section`` that refer to ``target`` through ``field``."""
        if (section, field) not in self._links:
            links: dict[str, list[Record]] = {}
            for row in self.rows(section):
                links.setdefault(text(row, field), []).append(row)
            self._links[section, field] = {to: tuple(rows) for to, rows in links.items()}
        return self._links[section, field].get(target, ()) if target else ()

    @cached_property
    def _links(self) -> dict[tuple[str, str], dict[str, tuple[Record, ...]]]:
        """By section and field, the rows that refer to each target: filled in by ``under``."""
        return {}

    def sure_of(self, section: str, *fields: str) -> bool:
        """Whether the section has rows and every row has a known answer to each of ``fields``."""
        rows = self.rows(section)
        return bool(rows) and all(known(row, field) for row in rows for field in fields)

    def limit(self, name: str) -> Decimal:
        """A number of ``advice.yaml``."""
        return self.spec.advice.numbers[name]

    def mentions(self, name: str, *texts: str) -> str:
        """The first of these words of ``advice.yaml`` in the texts, as it was typed; else empty."""
        words = self.spec.advice.words[name]
        for one in texts:
            if _may_mention(words, one) and (found := _pattern(words).search(one)):
                return found.group()
        return ""

    def without(self, name: str, one: str) -> str:
        """The text without these words of ``advice.yaml``."""
        return without(self.spec.advice.words[name], one)

    @cached_property
    def texts(self) -> tuple[tuple[str, Record, str, str], ...]:
        """Every text that was typed: its section, row, field and words."""
        return tuple(self._texts())

    def _texts(self) -> Iterator[tuple[str, Record, str, str]]:
        for part in self.plan.sections:
            free = [f.name for f in part.fields if f.type in ("text", "long_text") and not f.prefilled]
            for row in self.rows(part.name):
                for field in free:
                    if found := text(row, field):
                        yield part.name, row, field, found

    def advice(self, code: str, section: str, record: Record, field: str, **words: object) -> Finding:
        """The advice ``code`` at a cell; no student's number or birth date is repeated in it.

        The answer is given to the message as ``said``, short and fit to be quoted.
        """
        answer = record.answers.get(field)
        cell = answer.cell if answer else ""
        where = self.submission.place(self.plan, section, field, cell, record.sheet)
        entered = covered(text(record, field))
        words = {"said": entered, "id": record.id, **words}
        safe = {key: _quoted(covered(shown(value))) for key, value in words.items()}
        return self.spec.finding(code, where, entered=entered, **safe)


def _quoted(one: str) -> str:
    """The beginning of a text, without the period that its sentence ends with."""
    return excerpt(one, _QUOTED).rstrip(". ")


def without(words: tuple[str, ...], one: str) -> str:
    """The text with a blank for each of these words of ``advice.yaml``."""
    return _pattern(words).sub(" ", one)


def known(record: Record, field: str) -> bool:
    """Whether there is an answer and it could be read."""
    answer = record.answers.get(field)
    return answer is not None and answer.value is not None and not answer.blocked


def text(record: Record, field: str) -> str:
    """The answer as words, empty where it is blank or unknown."""
    answer = record.answers.get(field)
    if answer is None or answer.blocked:
        return ""
    value = answer.value
    return (value if type(value) is str else shown(value)).strip()


def number(record: Record, field: str) -> Decimal | None:
    """The answer as a number, None where it is blank, unknown or something else."""
    value = record.value(field)
    if not known(record, field) or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) if Decimal(value).is_finite() else None


def day(record: Record, field: str) -> date | None:
    """The answer as a day, None where it is blank, unknown or something else."""
    value = record.value(field)
    return value if known(record, field) and isinstance(value, date) else None


def plain(one: str) -> str:
    """The words of a text alone, to compare."""
    return " ".join(words_of(one))


def words_of(one: str) -> list[str]:
    """The words of a text without case."""
    folded = one.casefold()
    return folded.translate(_NO_WORD).split() if folded.isascii() else _WORD.findall(folded)


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: ``A1, A2 and A3``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _may_mention(words: tuple[str, ...], one: str) -> bool:
    """False where none of the words is in the text, told in a third of the time that their pattern takes.

    Of letters beyond ASCII some are the same to the pattern and not to ``lower``: "ſ" and "s".
    """
    return not one.isascii() or any(map(one.lower().__contains__, _parts(words)))


@lru_cache(maxsize=64)
def _parts(words: tuple[str, ...]) -> frozenset[str]:
    """The longest part of each word, in lower case; what mentions the word has it."""
    parts = (word.rstrip("*").lower().split() if word.isascii() else [] for word in words)
    return frozenset(max(some, key=len, default="") for some in parts)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words in any case, longest first; a star stands for any ending."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        stem = r"\s+".join(re.escape(part) for part in word.rstrip("*").split())
        parts.append(stem + (r"\w*" if word.endswith("*") else ""))
    # To look at the first letter alone tells for nearly every place of a text that no word begins there.
    first = "".join(sorted({re.escape(word.lstrip()[:1]) for word in words}))
    return re.compile(rf"(?<!\w)(?=[{first}])(?:{'|'.join(parts)})(?!\w)" if parts else "(?!)", re.IGNORECASE)
