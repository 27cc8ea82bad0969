"""Loops and conditions: which tag closes which, and whether both stand where they hold together.

Takes the tags of a part in order, returns the closed blocks and the faults. Design decision: what is
closed wrongly is judged when all tags are known, so that one mistake is one fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from docx.oxml.ns import qn

from plbuild.documents.lint.found import Found
from plbuild.documents.lint.package import Element
from plbuild.documents.lint.tags import Tag

_TABLE = (qn("w:tbl"), qn("w:tr"), qn("w:tc"))
_ANCHORS = {"p": qn("w:p"), "tr": qn("w:tr"), "tc": qn("w:tc")}


@dataclass(slots=True, kw_only=True, eq=False)
class Block:
    """From an opening tag to its closing one, with the ``else`` and ``elif`` between."""

    opener: Tag
    middles: list[Tag] = field(default_factory=list)
    closer: Tag | None = None
    passed_by: Tag | None = None
    """The tag that closed a block around this one, or that seems meant for this one."""


def read(tags: Sequence[Tag]) -> tuple[list[Block], list[Found]]:
    """The blocks that are closed, and what is wrong with all blocks."""
    stack: list[Block] = []
    blocks: list[Block] = []
    strays: list[tuple[Tag, Block | None]] = []
    for tag in tags:
        if tag.opens():
            stack.append(Block(opener=tag))
        elif tag.mark == "{%" and tag.word in ("else", "elif"):
            _middle(tag, stack, strays)
        elif closes := tag.closes():
            _close(tag, closes, stack, blocks, strays)
    faults = [fault for block in blocks for fault in _closed(block)]
    faults += _left_over(stack, strays)
    return blocks, faults


def _middle(tag: Tag, stack: list[Block], strays: list[tuple[Tag, Block | None]]) -> None:
    wanted = ("if",) if tag.word == "elif" else ("if", "for")
    if stack and stack[-1].opener.word in wanted:
        stack[-1].middles.append(tag)
    else:
        strays.append((tag, None))


def _close(
    tag: Tag, word: str, stack: list[Block], blocks: list[Block], strays: list[tuple[Tag, Block | None]]
) -> None:
    at = next((at for at in reversed(range(len(stack))) if stack[at].opener.word == word), None)
    if at is None:
        strays.append((tag, stack[-1] if stack else None))
        return
    for inner in stack[at + 1 :]:
        inner.passed_by = inner.passed_by or tag
    block = stack.pop(at)
    block.closer = tag
    blocks.append(block)


def _left_over(stack: Sequence[Block], strays: Sequence[tuple[Tag, Block | None]]) -> Iterator[Found]:
    """Blocks that nothing closes, and closing tags without a block."""
    mistaken = set()
    for tag, inner in strays:
        if inner is not None and inner in stack and inner not in mistaken:
            mistaken.add(inner)
            yield _crossed(tag, inner)
        else:
            words = {"word": tag.word, "opening": tag.closes() or "if"}
            yield Found(code="block-unopened", place=tag.paragraph.place, tag=tag.text, words=words)
    for block in stack:
        if block not in mistaken:
            tag = block.opener
            words = {"word": tag.word, "closing": f"end{tag.word}"}
            yield Found(code="block-unclosed", place=tag.paragraph.place, tag=tag.text, words=words)


def _crossed(tag: Tag, inner: Block) -> Found:
    words = {
        "word": tag.word,
        "opening": inner.opener.text,
        "closing": f"end{inner.opener.word}",
        "where": str(inner.opener.paragraph.place),
    }
    return Found(code="block-crossed", place=tag.paragraph.place, tag=tag.text, words=words)


def _closed(block: Block) -> Iterator[Found]:
    """What is wrong with where the tags of a closed block stand; one fault for a block."""
    assert block.closer
    if block.passed_by:
        yield _crossed(block.passed_by, block)
        return
    for tag in (*block.middles, block.closer):
        code = _tears(block.opener, tag)
        if code:
            words = {
                "opening": block.opener.text,
                "where": str(block.opener.paragraph.place),
                "wanted": _with_prefix(tag, block.opener.prefix),
            }
            yield Found(code=code, place=tag.paragraph.place, tag=tag.text, words=words)
            return


def _with_prefix(tag: Tag, prefix: str) -> str:
    return f"{tag.mark}{prefix} {tag.body} %}}"


def _tears(first: Tag, second: Tag) -> str:
    """The code where two tags of a block do not hold together, else empty.

    What lies between them is repeated or left out, so that both must stand at the same depth: a tag for a
    paragraph, row or cell in the place of one; any other within a text.
    """
    one, other = first.prefix.replace("r", "", first.prefix == "r"), second.prefix
    if one != (other if other != "r" else ""):
        return "block-kinds-mixed" if not _across_tables(first, second) else "block-tears-table"
    anchors = [_anchor(tag, one) for tag in (first, second)]
    if None in anchors:
        return ""  # a row tag outside of a table is told as such
    paths = _paths(anchors[0], anchors[1])
    if paths[0] == paths[1] and (not one or len(paths[0]) <= 1) and not _in_table(paths[0]):
        return ""
    if one and _same_parent(anchors[0], anchors[1]):
        return ""
    return "block-tears-table" if any(_in_table(path) for path in paths) else "block-tears-text"


def _same_parent(first: Element | None, second: Element | None) -> bool:
    return first is not None and second is not None and first.getparent() is second.getparent()


def _in_table(path: Sequence[str]) -> bool:
    return any(name in _TABLE for name in path)


def _across_tables(first: Tag, second: Tag) -> bool:
    paths = _paths(first.paragraph.element, second.paragraph.element)
    return any(_in_table(path) for path in paths)


def _anchor(tag: Tag, prefix: str) -> Element | None:
    """The element whose place a tag takes; None where there is none."""
    if prefix == "p":
        return tag.paragraph.element
    if prefix:
        return next(tag.paragraph.element.iterancestors(_ANCHORS[prefix]), None)
    return tag.element


def _paths(first: Element | None, second: Element | None) -> tuple[list[str], list[str]]:
    """The names of the elements from what holds both down to each."""
    chains = []
    for item in (first, second):
        assert item is not None
        chains.append([item, *item.iterancestors()][::-1])
    while chains[0] and chains[1] and chains[0][0] is chains[1][0]:
        chains = [chain[1:] for chain in chains]
    return [str(item.tag) for item in chains[0]], [str(item.tag) for item in chains[1]]
