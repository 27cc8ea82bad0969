"""Which answers a document leaves out: those that no tag printed, and those of which a tag printed a part.

Takes the context and the accounts of a rendering, returns answers. Design decision: an answer that a tag
printed is known by its identity; only the rest is looked for, in the few strings that filters made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from plbuild.documents.rows import Row
from plbuild.documents.tags import Printed
from plbuild.documents.text import Text

# By so many characters at its beginning a text is known again that a filter cut off.
_ENOUGH = 16


def unshown(
    context: Mapping[str, object], accounts: Iterable[Printed]
) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The filled answers of the plan's own sections that were not printed at all, and those of which only
    the beginning was; each in the order of the context."""
    answers = {id(answer): answer for answer in _answers(context)}
    made: set[str] = set()
    for printed in accounts:
        for value in (*printed.values, *printed.inside):
            if answers.pop(id(value), None) is None:
                made.add(value)
    if not answers:
        return (), ()
    words = f" {' | '.join(map(_plain, made))} "
    rest = [answer for answer in answers.values() if not _stands(_plain(answer), words)]
    shortened = [answer for answer in rest if _begins(_plain(answer), words)]
    known = {id(answer) for answer in shortened}
    return tuple(answer for answer in rest if id(answer) not in known), tuple(shortened)


def _answers(context: Mapping[str, object]) -> Iterator[Text]:
    """What was answered in the plan's own sections: their rows are the only ones whose texts have fields."""
    for section in context.values():
        rows = section if isinstance(section, list) else [section]
        for row in rows:
            if isinstance(row, Row):
                for value in row.values():
                    if type(value) is Text and value and value.field is not None:
                        yield value


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _stands(answer: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", words) is not None


def _begins(answer: str, words: str) -> bool:
    return len(answer) > _ENOUGH and answer[:_ENOUGH] in words
