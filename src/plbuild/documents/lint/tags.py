"""The tags of a part, read as a person typed them: whole or torn, rightly or wrongly spelled.

Takes paragraphs, returns ``Tag``s in order and what is wrong with the writing of each. Design decision:
a tag is read alone, with Jinja's own parser, so that one broken tag never hides the next.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import jinja2
from docx.oxml.ns import qn
from jinja2 import nodes

from plbuild.documents.lint.found import Found
from plbuild.documents.lint.package import Element, Paragraph

_MARKS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_NEXT = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_OPENING = re.compile(r"\{\{|\{%|\{#")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_PREFIX = re.compile(r"(p|tr|tc|r) ")
_APART = re.compile(r"(p|tr|tc|r)\s+(?=[a-z])")
_SPACES = re.compile("[\u00a0\u202f\u2007\n\t]")
# Zero width space, joiners, direction marks, word joiner, byte order mark, soft hyphen.
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
# Jinja takes a non-breaking space for a space; docxtpl does not, behind the word that it looks for.
_NO_BREAK = re.compile("\\{[{%](p|tr|tc|r)[\u00a0\u202f\u2007]")
# A line break in a tag goes without a trace, and its neighbours run together.
_JOINED = re.compile(r"\w[\n\t]+\w")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2026]")
# The four that docxtpl itself reads as straight quotes, and those that it does not.
_CURLY = str.maketrans("“”‘’", "\"\"''")
_FOREIGN = re.compile("[„‚«»‹›″′´`]")

_CLOSERS = {
    "endfor": "for", "endif": "if", "endset": "set", "endwith": "with", "endmacro": "macro",
    "endfilter": "filter", "endcall": "call", "endraw": "raw", "endautoescape": "autoescape",
}  # fmt: skip
_FORBIDDEN = ("include", "import", "from", "extends", "block", "endblock", "do", "break", "continue")
_DOCXTPL = ("colspan", "cellbg", "vm", "hm")
_WORDS = ("for", "if", "elif", "else", *_CLOSERS, "set", "with", "macro", "filter", "call", "raw")
_KNOWN = (*_WORDS, "autoescape", *_DOCXTPL)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tag:
    """A tag: ``mark`` opens it, ``prefix`` says what it stands for (p, tr, tc), ``body`` is what it says.

    ``word`` is the first word of a statement. ``node`` is what Jinja reads; None where it has nothing to
    say or cannot be read.
    """

    paragraph: Paragraph
    start: int
    end: int
    text: str
    mark: str
    prefix: str
    body: str
    word: str
    node: nodes.Template | None = None

    @property
    def element(self) -> Element:
        """The element in which it begins: where the renderer puts it."""
        return self.paragraph.element_at(self.start)

    def closes(self) -> str:
        """The word of the block that it closes, empty for any other tag."""
        return _CLOSERS.get(self.word, "") if self.mark == "{%" else ""

    def opens(self) -> str:
        """The word of the block that it opens, empty for any other tag."""
        if self.mark != "{%" or self.word not in _CLOSERS.values():
            return ""
        return "" if self.word == "set" and "=" in self.body else self.word


def read(paragraphs: Sequence[Paragraph], jinja: jinja2.Environment) -> tuple[list[Tag], list[Found]]:
    """The tags of some paragraphs and the faults of their writing."""
    tags: list[Tag] = []
    found: list[Found] = []
    raw = False
    skip = 0  # how much of the next paragraph belongs to a tag of this one
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        position, skip = skip, 0
        while match := _NEXT.search(paragraph.text, position):
            tag, fault, position, skip = _one(paragraph, following, match, jinja)
            if raw and not (tag and tag.word == "endraw"):
                continue
            found += fault
            tags += [tag] if tag else []
            raw = tag is not None and tag.word == "raw"
            if skip:
                break
    return tags, found


def _one(
    paragraph: Paragraph, following: Paragraph | None, match: re.Match[str], jinja: jinja2.Environment
) -> tuple[Tag | None, list[Found], int, int]:
    """The tag that begins at ``match``, its faults, where to go on, and how far it runs into the next."""
    text, start, mark = paragraph.text, match.start(), match.group()
    if mark not in _MARKS:
        return None, [_found("tag-unopened", paragraph, _line(text), sign=mark)], match.end(), 0
    end, over, code = _end(text, start), 0, ""
    if end is None and (over := _runs_over(following, _MARKS[mark])):
        end, code = len(text), "tag-across-paragraphs"
    elif end is None:
        later = _OPENING.search(text, start + 2)
        end, code = later.start() if later else len(text), "tag-unclosed"
    elif text[end - 2 : end] != _MARKS[mark]:
        code = "tag-ends-otherwise"
    inner = text[start + 2 : end if code in ("tag-unclosed", "tag-across-paragraphs") else end - 2]
    if code == "tag-unclosed":
        inner = inner.rstrip("}% ")
    if over and following:
        inner += following.text[: over - 2]
    tag = _typed(paragraph, start, end, inner)
    if code:
        words = {"sign": _MARKS[mark], "other": text[end - 2 : end]}
        return _mended(tag, jinja), [_found(code, paragraph, tag.text, **words)], end, over
    tag, faults = _judged(tag, inner, jinja)
    return tag, faults, end, 0


def _end(text: str, start: int) -> int | None:
    """Where the tag that begins at ``start`` ends; None where it does not in this text."""
    if text.startswith("{#", start):
        end = text.find("#}", start)
        return end + 2 if end >= 0 else None
    for plain in (_QUOTED.sub(lambda match: "_" * len(match.group()), text[start:]), text[start:]):
        match = _NEXT.search(plain, 2)
        if match and match.group() not in _MARKS:
            return start + match.end()
    return None


def _runs_over(following: Paragraph | None, closing: str) -> int:
    """How far a tag goes on in the next paragraph; 0 where it does not."""
    match = _NEXT.search(following.text) if following else None
    return match.end() if match and match.group() == closing else 0


def _line(text: str) -> str:
    return " ".join(text.split())


def _found(code: str, paragraph: Paragraph, tag: str, **words: str) -> Found:
    return Found(code=code, place=paragraph.place, tag=tag, words=words)


def _typed(paragraph: Paragraph, start: int, end: int, inner: str) -> Tag:
    """A tag as it was meant, so far as that can be told: what is wrong with its writing is told apart."""
    raw = paragraph.text[start:end]
    mark = raw[:2]
    meant = _HIDDEN.sub("", _SPACES.sub(" ", inner)).translate(_CURLY)
    prefix = match.group(1) if (match := _PREFIX.match(meant)) else ""
    body = meant[len(prefix) :].strip("-+ ") if mark != "{#" else ""
    apart = _APART.match(body)
    if mark == "{%" and not prefix and apart:
        prefix, body = apart.group(1), body[len(apart.group(1)) :].strip()
    word = match.group() if mark == "{%" and (match := re.match(r"\w+", body)) else ""
    return Tag(
        paragraph=paragraph, start=start, end=end, text=_line(raw), mark=mark, prefix=prefix, body=body,
        word=word,
    )  # fmt: skip


def _mended(tag: Tag, jinja: jinja2.Environment) -> Tag:
    """A tag whose writing is wrong, read all the same, so that one mistake does not make others.

    A word that is not known is taken for the known one that it is like.
    """
    if tag.mark == "{%" and (near := _nearest_word(tag)):
        tag = replace(tag, word=near, body=near + tag.body[len(tag.word) :])
    return replace(tag, node=_parsed(tag, jinja)[0])


def _judged(tag: Tag, inner: str, jinja: jinja2.Environment) -> tuple[Tag, list[Found]]:
    if tag.mark == "{#":
        return tag, []
    raw = tag.paragraph.text[tag.start : tag.end]
    code, words = _writing(tag, raw, inner)
    node = None
    if not code:
        node, code, words = _parsed(tag, jinja)
    if code:
        return _mended(tag, jinja), [_found(code, tag.paragraph, tag.text, **words)]
    faults = []
    if inner != inner.translate(_CURLY):
        faults.append(_found("tag-quotes-typographic", tag.paragraph, tag.text))
    return replace(tag, node=node), faults


def _writing(tag: Tag, raw: str, inner: str) -> tuple[str, dict[str, str]]:
    """What the hand, the keyboard or Word's autocorrection did to a tag."""
    bare = _QUOTED.sub('""', inner.translate(_CURLY))
    torn = _torn(tag)
    apart = tag.mark == "{%" and _APART.match(inner.strip("-+ ")) and not _PREFIX.match(inner)
    if torn:
        return torn, {}
    if _HIDDEN.search(raw) or _NO_BREAK.match(raw):
        return "tag-hidden-character", {}
    if _JOINED.search(raw):
        return "tag-line-break", {}
    if _FOREIGN.search(bare):
        return "tag-quotes-foreign", {}
    if _DASHES.search(bare):
        return "tag-dash-or-ellipsis", {}
    if not tag.body:
        return "tag-empty", {}
    if apart:
        return "tag-prefix-apart", {"prefix": tag.prefix}
    if tag.prefix and tag.prefix != "r" and re.search(r"[%}]", inner):
        return "tag-percent-or-brace", {"prefix": tag.prefix}
    return "", {}


def _torn(tag: Tag) -> str:
    """The code where a tag begins and ends in different surroundings, which its filling in would tear."""
    # The last character of the tag stands in another run, as a rule; what counts is what holds the run.
    first = _around(tag.paragraph.element_at(tag.start))
    last = _around(tag.paragraph.element_at(tag.end - 1))
    if first == last:
        return ""
    tracked = {qn("w:ins"), qn("w:moveTo"), qn("w:moveFrom"), qn("w:del")}
    return "tag-tracked-change" if any(item.tag in tracked for item in (*first, *last)) else "tag-torn"


def _around(element: Element) -> list[Element]:
    return [item for item in element.iterancestors() if item.tag != qn("w:r")]


# ---------------------------------------------------------------------------------------- parsing


def _parsed(tag: Tag, jinja: jinja2.Environment) -> tuple[nodes.Template | None, str, dict[str, str]]:
    """What Jinja reads in a tag alone; or the code of what it cannot read."""
    source = f"{{{{ {tag.body} }}}}"
    if tag.mark == "{%":
        code, words = _unknown_word(tag)
        if code:
            return None, code, words
        source = _source(tag)
    try:
        return jinja.parse(source), "", {}
    except jinja2.TemplateSyntaxError as error:
        if re.search(r"(?<![=!<>])=(?!=)", _QUOTED.sub("", tag.body)) and tag.word in ("if", "elif"):
            return None, "tag-single-equals", {}
        return None, "tag-syntax", {"reason": (error.message or str(error)).rstrip(".")}


def _unknown_word(tag: Tag) -> tuple[str, dict[str, str]]:
    if tag.word in _FORBIDDEN:
        return "tag-not-allowed", {"word": tag.word}
    if tag.word in _KNOWN:
        return "", {}
    return "tag-word-unknown", {"word": tag.word or tag.body[:20], "nearest": _nearest_word(tag)}


def _nearest_word(tag: Tag) -> str:
    """The word that an unknown one is like; empty for a known one, or where none is like it."""
    if tag.word in (*_KNOWN, *_FORBIDDEN):
        return ""
    joined = difflib.get_close_matches("".join(tag.body.split()[:2]), _WORDS, 1, 0.8)
    close = joined or difflib.get_close_matches(tag.word, _WORDS, 1, 0.5)
    return close[0] if close else ""


def _source(tag: Tag) -> str:
    """A tag as a template of its own."""
    statement = f"{{% {tag.body} %}}"
    if tag.word in _DOCXTPL:
        rest = tag.body.removeprefix(tag.word).strip()
        return f"{{{{ {rest} }}}}" if rest else ""
    if tag.word in ("elif", "else"):
        return f"{{% if true %}}{statement}{{% endif %}}"
    if tag.closes():
        opening = {"for": "for a in b", "set": "set a", "macro": "macro a()", "filter": "filter upper",
                   "call": "call a()", "autoescape": "autoescape true"}  # fmt: skip
        word = tag.closes()
        return f"{{% {opening.get(word, 'if true' if word == 'if' else word)} %}}{statement}"
    return f"{statement}{{% end{tag.word} %}}" if tag.opens() else statement
