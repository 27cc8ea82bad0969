"""Which answers a document leaves out: those that no tag printed, and those of which a tag printed a part.

Takes the context and the accounts of a rendering, returns answers. Design decision: an answer that a tag
printed is known by its identity; only the rest is looked for, in the few strings that filters made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from plbuild.documents.rows import Row
from plbuild.documents.tags import Printed
from plbuild.documents.text import Text

# By so many characters at its beginning a text is known again that a filter cut off.
_ENOUGH = 16
# Stands around all that was made; no answer holds it.
_EDGE = "\0"


def unshown(
    context: Mapping[str, object], accounts: Iterable[Printed]
) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The filled answers of the plan's own sections that were not printed at all, and those of which only
    the beginning was; each in the order of the context."""
    printed = [value for account in accounts for value in (*account.values, *account.inside)]
    missing = list(_answers(context, set(map(id, printed))))
    if not missing:
        return (), ()
    # What a filter or a joining made has no field; an answer that was printed itself hides no other.
    made = " | ".join({value for value in printed if type(value) is not Text or value.field is None})
    # Most stand in it as they were answered; the rest is looked for in small letters, without layout.
    as_made = f"{_EDGE}{made}{_EDGE}"
    left = {text for text in missing if _verdict(text, as_made) != "shown"}
    if not left:
        return (), ()
    words = f"{_EDGE}{_plain(made)}{_EDGE}"
    verdicts = {text: _verdict(_plain(text), words) for text in left}
    unprinted = tuple(answer for answer in missing if verdicts.get(answer) == "missing")
    return unprinted, tuple(answer for answer in missing if verdicts.get(answer) == "shortened")


def _answers(context: Mapping[str, object], printed: Container[int]) -> Iterator[Text]:
    """What was answered in the plan's own sections, but for what was ``printed`` itself, known by identity.

    The rows of these sections are the only ones whose texts have fields.
    """
    for section in context.values():
        rows = section if isinstance(section, list) else [section]
        for row in rows:
            if isinstance(row, Row):
                for value in row.values():
                    if type(value) is Text and value and id(value) not in printed and value.field is not None:
                        yield value


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _verdict(answer: str, words: str) -> str:
    """``shown``, ``shortened`` or ``missing``; words count only where they are not part of others."""
    if not answer:
        return "shown"
    at = words.find(answer)
    while at >= 0:
        before, after = words[at - 1], words[at + len(answer)]
        if not (before.isalnum() and answer[0].isalnum()) and not (after.isalnum() and answer[-1].isalnum()):
            return "shown"
        at = words.find(answer, at + 1)
    return "shortened" if len(answer) > _ENOUGH and answer[:_ENOUGH] in words else "missing"
