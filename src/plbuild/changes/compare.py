"""What was added, removed and altered in each plan, in words.

Takes the kept answers of two builds and the spec, returns changes in the order of the later build. The words
are the spec's: its labels, the nouns of its rows, and its phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from plbuild.changes.kept import Kept, Plan, Row
from plbuild.changes.rows import Pair, paired
from plbuild.model import Field, PlanSpec, Section, Spec, excerpt, money, plain_number, shown

ADDED, REMOVED, ALTERED = "added", "removed", "altered"

_LONGEST, _LEAD = 90, 24
_TEXTS = ("text", "long_text")
_STATES = {
    "accepted": "changed_is_accepted",
    "held": "changed_is_held",
    "missing": "changed_is_missing",
    "exempt": "changed_is_exempt",
}

_BLANK = Row(id="", answers={})

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different in one plan.

    ``row`` is its number now, where it was removed its number before. ``before`` and ``after`` are whole
    answers; ``words`` says it in a sentence.
    """

    kind: str
    plan_id: str
    owner: str
    section: str
    row: str
    what: str
    label: str
    before: str
    after: str
    words: str


def changes(spec: Spec, before: Kept, after: Kept) -> tuple[Change, ...]:
    """Every change from one build to another; plans that are gone stand last.

    A number by which a row names another one is the same where it names the same row, whatever that row's
    number is now. Sections and fields that the spec no longer has are not compared.
    """
    same = {*before.owed} & {*after.owed}
    old = {(plan.kind, plan.id): plan for plan in before.plans(same)}
    new = {(plan.kind, plan.id): plan for plan in after.plans(same)}
    known = {plan.kind for plan in spec.plans}
    pairs = {key: (old.get(key), new.get(key)) for key in (*new, *old) if key[0] in known}
    matched = {key: _matched(spec.plan(key[0]), *both) for key, both in pairs.items()}
    found: list[Change] = []
    for key, both in pairs.items():
        found += _Told(spec, key, both, matched).changes()
    return tuple(found)


Matched = Mapping[str, Sequence[Pair]]


def _matched(spec: PlanSpec, before: Plan | None, after: Plan | None) -> Matched:
    """The rows of each section in pairs; nothing where the plan came in or went away whole."""
    if not (before and after and before.sections and after.sections):
        return {}
    found: dict[str, Sequence[Pair]] = {}
    for section in spec.sections:
        old, new = (plan.sections.get(section.name, ()) for plan in (before, after))
        if section.shape == "form":
            found[section.name] = [(old[0] if old else _BLANK, new[0] if new else _BLANK)]
        else:
            refs = {field.name for field in section.fields if field.refs}
            found[section.name] = paired(old, new, refs)
    return found


class _Told:
    """The changes of one plan."""

    def __init__(
        self, spec: Spec, key: Key, both: tuple[Plan | None, Plan | None], matched: Mapping[Key, Matched]
    ) -> None:
        self._spec, self._plan, self._key = spec, spec.plan(key[0]), key
        self._before, self._after = both
        self._matched, self._all = matched[key], matched

    def changes(self) -> Iterator[Change]:
        """What became of the plan, then section by section its rows, then its sums of money."""
        yield from self._state()
        for section in self._plan.sections:
            pairs = self._matched.get(section.name, ())
            for before, after in pairs:
                yield from self._row(section, before, after)
            yield from self._sums(section, pairs)

    def _state(self) -> Iterator[Change]:
        old = self._before.state if self._before else ""
        new = self._after.state if self._after else ""
        if old == new:
            return
        key = "changed_state" if old and new else "changed_came" if new else "changed_gone"
        words = {"before": self._in_words(old), "after": self._in_words(new)}
        what = ALTERED if old and new else ADDED if new else REMOVED
        text = self._spec.phrases[key].format(**words)
        yield self._change("", "", what, "", words["before"], words["after"], text)

    def _in_words(self, state: str) -> str:
        return self._spec.phrases[_STATES[state]] if state in _STATES else state

    def _row(self, section: Section, before: Row | None, after: Row | None) -> Iterator[Change]:
        if before and after:
            name = self._name(section, after, before)
            for field in section.fields:
                yield from self._answer(section, field, name, before, after)
            return
        row = before or after
        assert row
        what, phrase = (ADDED, "changed_added") if after else (REMOVED, "changed_removed")
        about = _about(section, row)
        text = self._spec.phrases[phrase].format(row=self._name(section, row), what=about)
        whole = _whole(section, row)
        sides = ("", whole) if after else (whole, "")
        yield self._change(section.title, row.id, what, "", *sides, text)

    def _answer(self, section: Section, field: Field, name: str, before: Row, after: Row) -> Iterator[Change]:
        old, new = before.answers.get(field.name, ""), after.answers.get(field.name, "")
        now = self._now(field, old) if field.refs else old
        if now == new:
            return
        phrase = "changed_altered" if old and new else "changed_filled" if new else "changed_cleared"
        was, given = _said(field, old, new), _said(field, new, old)
        if now != old:
            phrases = self._spec.phrases
            was = (phrases["changed_moved"] if now else phrases["changed_lost"]).format(id=now, before=old)
        text = self._spec.phrases[phrase].format(row=name, label=field.label, before=was, after=given)
        sides = _full(field, old), _full(field, new)
        yield self._change(section.title, after.id, ALTERED, field.label, *sides, text)

    def _now(self, field: Field, ref: str) -> str:
        """The number that the row called ``ref`` before has now; empty where the row is gone."""
        for home, section in self._spec.targets(self._plan, field):
            for key, matched in self._all.items():
                if key != self._key if home.kind == self._plan.kind else key[0] != home.kind:
                    continue
                for before, after in matched.get(section.name, ()):
                    if before and before.id == ref:
                        return after.id if after else ""
        return ref

    def _sums(self, section: Section, pairs: Sequence[Pair]) -> Iterator[Change]:
        """The sums of a table's money, where they are different."""
        for field in section.fields if section.shape == "table" else ():
            if field.type != "money":
                continue
            old, new = (_sum(field, (pair[side] for pair in pairs)) for side in (0, 1))
            if old != new:
                words = {"section": section.title, "label": field.label}
                text = self._spec.phrases["changed_sum"].format(**words, before=money(old), after=money(new))
                sides = money(old), money(new)
                yield self._change(section.title, "", ALTERED, field.label, *sides, text)

    def _name(self, section: Section, row: Row, before: Row | None = None) -> str:
        """A row as people call it: "Goal G3", "Goal G3 (G2 before)", or the title of a form."""
        if section.shape == "form":
            return section.title
        noun = section.row_noun[:1].upper() + section.row_noun[1:]
        if not row.id:
            about = excerpt(next(iter(row.answers.values()), ""), 30)
            return self._spec.phrases["changed_row_named"].format(noun=noun, about=about)
        if before and before.id != row.id:
            moved = self._spec.phrases["changed_moved"].format(id=row.id, before=before.id)
            return self._spec.phrases["changed_row"].format(noun=noun, id=moved)
        return self._spec.phrases["changed_row"].format(noun=noun, id=row.id)

    def _change(
        self, section: str, row: str, what: str, label: str, before: str, after: str, words: str
    ) -> Change:
        plan = self._after or self._before
        assert plan
        return Change(
            kind=plan.kind, plan_id=plan.id, owner=plan.name, section=section, row=row, what=what,
            label=label, before=before, after=after, words=words,
        )  # fmt: skip


def _about(section: Section, row: Row) -> str:
    """What a row is about, and its money."""
    fields = [field for field in section.fields if field.name in row.answers]
    texts = [field for field in fields if field.type in _TEXTS]
    named = [field for field in fields if field.name == section.stands_for] or texts or fields
    amounts = [field for field in fields if field.type == "money" and field not in named[:1]]
    return ", ".join(_said(field, row.answers[field.name]) for field in (*named[:1], *amounts))


def _whole(section: Section, row: Row) -> str:
    """A row with all its answers."""
    told = (
        f"{field.label}: {_full(field, row.answers[field.name])}"
        for field in section.fields
        if field.name in row.answers
    )
    return "; ".join(told)


def _sum(field: Field, rows: Iterable[Row | None]) -> Decimal:
    total = Decimal(0)
    for row in rows:
        amount = _number(row.answers.get(field.name, "")) if row else None
        total += amount or 0
    return total


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _full(field: Field, text: str) -> str:
    """An answer as US readers write it, whole."""
    number = _number(text) if field.is_number else None
    if number is not None:
        return money(number) if field.type == "money" else plain_number(number)
    if field.type == "date":
        try:
            return shown(date.fromisoformat(text))
        except ValueError:
            return text
    return text


def _said(field: Field, text: str, other: str = "") -> str:
    """An answer in a sentence: texts in quotation marks, cut so that the difference to ``other`` shows."""
    if field.type not in _TEXTS:
        return excerpt(_full(field, text), _LONGEST)
    return f"“{excerpt(_from_difference(text, other), _LONGEST)}”"


def _from_difference(text: str, other: str) -> str:
    """A long text from a little before the place where it parts from the other one."""
    text, other = " ".join(text.split()), " ".join(other.split())
    if max(len(text), len(other)) <= _LONGEST:
        return text
    same = next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), len(other))
    start = text.rfind(" ", 0, max(0, min(same, len(text)) - _LEAD)) + 1
    return f"…{text[start:]}" if start > _LEAD else text
