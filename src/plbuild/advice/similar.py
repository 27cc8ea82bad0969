"""How alike texts are, and groups of alike texts among very many, in near-linear time.

Takes the runs of texts, returns groups of their positions. Likeness is Jaccard's over runs of three words.
Design decision: equal texts are joined by their words first; of the rest two can only be alike enough if they
share one of their rarest runs (prefix filtering, Bayardo, Ma and Srikant, "Scaling up all pairs similarity
search", 2007), so a text is compared with those few alone, and of each group with its first three texts.
A run that no other text has is never looked up. Among original texts, that is nearly all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from math import ceil

from plbuild.advice.reading import words_of

# Bytes of the number of a word, few enough for the number to be its own hash.
_WORD_BYTES = 7
# The table of counts takes at most this many bytes; it is then fuller, and more runs are looked up.
_LARGEST = 1 << 26
_ANCHORS = 3

Runs = str
"""The runs of a text in its order, as hexadecimal digits, so that they can be stored: each a number of eight
bytes that stands for its words. Two texts of the same runs have the same words."""

Packed = bytes
"""The same in plain bytes: of many hundred thousand texts they fit into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Positions of texts that are alike, and the least likeness of one of them to the first."""

    members: tuple[int, ...]
    likeness: Fraction


def likeness(first: str, second: str) -> Fraction:
    """From 0, nothing in common, to 1, the same words in the same order."""
    one, other = _seen(first), _seen(second)
    return Fraction(len(one & other), len(one | other) or 1)


# Of the texts of a plan each is compared with several others.
@lru_cache(maxsize=64)
def _seen(text: str) -> frozenset[int]:
    return frozenset(_numbers(text))


def runs(text: str) -> Runs:
    """The runs of three words of a text, whatever their case and the marks between them.

    A text of fewer words is one run. A run is one number in every process: Python varies the hashes of texts,
    never those of numbers.
    """
    return array("q", _numbers(text)).tobytes().hex()


def _numbers(text: str) -> Iterable[int]:
    words = [*map(_number, words_of(text))]
    found = zip(words, words[1:], words[2:], strict=False) if len(words) > 2 else filter(None, [tuple(words)])
    return map(hash, found)


@lru_cache(maxsize=1 << 14)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=_WORD_BYTES).digest(), "big")


def groups(texts: Iterable[Runs], least: Fraction) -> list[Group]:
    """The groups of two texts or more that are at least ``least`` alike, in the order of the texts.

    Texts are in one group where a chain of alike texts leads from one to the other. Texts of no word are
    in no group.
    """
    same: dict[Runs, list[int]] = {}
    for place, own in enumerate(texts):
        same.setdefault(own, []).append(place)
    places = [found for own, found in same.items() if own]
    distinct = [bytes.fromhex(own) for own in same if own]
    found = []
    for cluster in _clusters(distinct, least):
        members = sorted(place for index in cluster for place in places[index])
        if len(members) > 1:
            lowest = min(_likeness(distinct[cluster[0]], distinct[index]) for index in cluster)
            found.append(Group(members=tuple(members), likeness=lowest))
    return sorted(found, key=lambda group: group.members)


def _set(own: Packed) -> set[int]:
    return set(memoryview(own).cast("q"))


def _likeness(first: Packed, second: Packed) -> Fraction:
    one, other = _set(first), _set(second)
    return Fraction(len(one & other), len(one | other) or 1)


def _counts(texts: Sequence[Packed]) -> bytearray:
    """About how many texts have each run, up to 255; runs share a place by chance and count too high."""
    size = min(_LARGEST, sum(map(len, texts)) // 2 + 1024) | 1
    table = bytearray(size)
    for own in texts:
        for run in _set(own):
            if table[run % size] < 255:
                table[run % size] += 1
    return table


def _clusters(texts: Sequence[Packed], least: Fraction) -> list[list[int]]:
    """Groups of positions; each text is compared with those that share one of its rarest runs.

    A text that is like texts of several groups makes them one.
    """
    table = _counts(texts)
    clusters: dict[int, list[int]] = {}
    home: dict[int, int] = {}
    posted: dict[int, list[int]] = {}
    for place, own in enumerate(texts):
        rarest = _rarest(own, table, least)
        near = {other for run in rarest for other in posted.get(run, ())}
        alike = {home[other] for other in near if _likeness(own, texts[other]) >= least}
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


def _rarest(own: Packed, table: bytearray, least: Fraction) -> list[int]:
    """The runs of which another text that is alike enough must have one, without those that none has.

    Of ``n`` runs in one order for all texts, the first ``n - least * n + 1``, rounded down.
    """
    found, size = _set(own), len(table)
    kept = len(found) - ceil(least * len(found)) + 1
    shared = [(count, run) for run in found if (count := table[run % size]) > 1]
    kept -= len(found) - len(shared)
    return [run for _, run in sorted(shared)[:kept]] if kept > 0 else []
