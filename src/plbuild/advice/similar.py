"""How alike texts are, and groups of alike texts among very many, in near-linear time.

Takes texts, returns groups of their positions. Likeness is Jaccard's over runs of three words. Design
decision: equal texts are joined by their words first; of the rest two can only be alike enough if they
share one of their rarest runs (prefix filtering, Bayardo, Ma and Srikant, "Scaling up all pairs similarity
search", 2007), so a text is compared with those few alone, and of each group with its
first three texts.
A run that no other text has is never looked up. Among original texts, that is nearly all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

from plbuild.advice.reading import words_of

_RUN = 3
_SHIFT = 21
# The table of counts takes at most this many bytes; it is then fuller, and more runs are looked up.
_LARGEST = 1 << 26
_ANCHORS = 3

Words = bytes
"""The words of a text as numbers of four bytes: of many hundred thousand texts they fit into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Positions of texts that are alike, and the least likeness of one of them to the first."""

    members: tuple[int, ...]
    likeness: Fraction


def likeness(first: str, second: str) -> Fraction:
    """From 0, nothing in common, to 1, the same words in the same order."""
    one, other = _phrases(first), _phrases(second)
    return Fraction(len(one & other), len(one | other))


# Of the texts of a plan each is compared with several others.
@lru_cache(maxsize=64)
def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of three words; a shorter text is one run."""
    words = words_of(text)
    if len(words) < _RUN:
        return frozenset({tuple(words)})
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def groups(texts: Sequence[str], least: Fraction) -> list[Group]:
    """The groups of two texts or more that are at least ``least`` alike, in the order of the texts.

    Texts are in one group where a chain of alike texts leads from one to the other. Texts of no word are
    in no group.
    """
    same = _equal(texts)
    distinct = [words for words in same if words]
    clusters = _clusters(distinct, least)
    found = []
    for cluster in clusters:
        members = sorted(place for index in cluster for place in same[distinct[index]])
        if len(members) > 1:
            lowest = min(_likeness(distinct[cluster[0]], distinct[index]) for index in cluster)
            found.append(Group(members=tuple(members), likeness=lowest))
    return sorted(found, key=lambda group: group.members)


def _ids(text: str, seen: dict[str, int]) -> Words:
    """The words of a text as small numbers."""
    return array("I", [seen.setdefault(word, len(seen)) for word in words_of(text)]).tobytes()


def _equal(texts: Iterable[str]) -> dict[Words, list[int]]:
    seen: dict[str, int] = {}
    same: dict[Words, list[int]] = {}
    for place, text in enumerate(texts):
        same.setdefault(_ids(text, seen), []).append(place)
    return same


def _runs(words: Words) -> set[int]:
    """Runs of three words, each as one number; a shorter text is one run."""
    ids = memoryview(words).cast("I").tolist()
    if len(ids) < _RUN:
        return {-sum((number + 1) << place * _SHIFT for place, number in enumerate(ids))}
    pairs = zip(ids, ids[1:], ids[2:], strict=False)
    return {(a << 2 * _SHIFT) | (b << _SHIFT) | c for a, b, c in pairs}


def _likeness(first: Words, second: Words) -> Fraction:
    one, other = _runs(first), _runs(second)
    return Fraction(len(one & other), len(one | other) or 1)


def _counts(texts: Sequence[Words]) -> bytearray:
    """About how many texts have each run, up to 255; runs share a place by chance and count too high."""
    size = min(_LARGEST, sum(map(len, texts)) + 1024)
    table = bytearray(size | 1)
    size = len(table)
    for words in texts:
        for run in _runs(words):
            if table[run % size] < 255:
                table[run % size] += 1
    return table


def _clusters(texts: Sequence[Words], least: Fraction) -> list[list[int]]:
    """Groups of positions; each text is compared with those that share one of its rarest runs.

    A text that is like texts of several groups makes them one.
    """
    table = _counts(texts)
    clusters: dict[int, list[int]] = {}
    home: dict[int, int] = {}
    posted: dict[int, list[int]] = {}
    for place, words in enumerate(texts):
        rarest = _rarest(words, table, least)
        near = {other for run in rarest for other in posted.get(run, ())}
        alike = {home[other] for other in near if _likeness(words, texts[other]) >= least}
        into = min(alike, default=place)
        members = clusters.setdefault(into, [])
        for other in sorted(alike - {into}):
            home |= dict.fromkeys(clusters[other], into)
            members += clusters.pop(other)
        home[place] = into
        members.append(place)
        if len(members) <= _ANCHORS:
            for run in rarest:
                posted.setdefault(run, []).append(place)
    return [sorted(members) for members in clusters.values()]


def _rarest(words: Words, table: bytearray, least: Fraction) -> list[int]:
    """The runs of which another text that is alike enough must have one, without those that none has.

    Of ``n`` runs in one order for all texts, the first ``n - least * n + 1``, rounded down.
    """
    runs, size = _runs(words), len(table)
    kept = len(runs) - ceil(least * len(runs)) + 1
    shared = [(count, run) for run in runs if (count := table[run % size]) > 1]
    kept -= len(runs) - len(shared)
    return [run for _, run in sorted(shared)[:kept]] if kept > 0 else []
