"""Which row of a plan was which row before.

Takes the rows of one section of two plans, returns pairs. A row is found again by what it says: first all of
it, then most of its words, and only then by its number, which moves when a row is put in above it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from plbuild.changes.kept import Row

Pair = tuple[Row | None, Row | None]
"""A row before and after; None on the one side where it was added or removed."""

Rule = Callable[[Counter[str], Counter[str], bool], float]
"""How alike two rows are, 0 where they are not one; the last argument: they have one number."""

# Shares of words in common. Half of them make two rows one; under one number, where a row was rewritten in
# its place, a quarter does.
_ALIKE, _SAME_PLACE = 0.5, 0.25


def paired(before: Sequence[Row], after: Sequence[Row], refs: Collection[str]) -> list[Pair]:
    """Each row with its other self, in the order of ``after``; then the rows that are gone.

    ``refs`` are fields that name other rows: their numbers move with those rows, and say nothing here.
    """
    words = {id(row): _words(row, refs) for row in (*before, *after)}
    found: dict[int, int] = {}
    taken: set[int] = set()
    for accepts in (_same, _alike, _in_place):
        _match(before, after, words, found, taken, accepts)
    pairs: list[Pair] = [
        (before[found[place]] if place in found else None, row) for place, row in enumerate(after)
    ]
    return pairs + [(row, None) for place, row in enumerate(before) if place not in taken]


def _match(
    before: Sequence[Row], after: Sequence[Row], words: dict[int, Counter[str]],
    found: dict[int, int], taken: set[int], accepts: Rule,
) -> None:  # fmt: skip
    """Pair what is still alone, the likest first; of equals, those under one number, then in order."""
    scored = []
    for new in (place for place in range(len(after)) if place not in found):
        for old in (place for place in range(len(before)) if place not in taken):
            same_id = bool(after[new].id) and after[new].id == before[old].id
            share = accepts(words[id(before[old])], words[id(after[new])], same_id)
            if share:
                scored.append((-share, not same_id, abs(new - old), new, old))
    for _, _, _, new, old in sorted(scored):
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)


def _same(one: Counter[str], other: Counter[str], same_id: bool) -> float:
    return float(one == other)


def _alike(one: Counter[str], other: Counter[str], same_id: bool) -> float:
    share = _share(one, other)
    return share if share >= _ALIKE else 0.0


def _in_place(one: Counter[str], other: Counter[str], same_id: bool) -> float:
    share = _share(one, other)
    return share if same_id and share >= _SAME_PLACE else 0.0


def _share(one: Counter[str], other: Counter[str]) -> float:
    """The words that two rows have in common, of all that they have (Dice's coefficient)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _words(row: Row, refs: Collection[str]) -> Counter[str]:
    texts = [text for name, text in row.answers.items() if name not in refs]
    return Counter(word for text in texts for word in text.casefold().split())
