"""A document that does not hold what its template printed is a defect; answers that were never printed are told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup
from tests.unit.test_documents_render import lines, template

from plbuild.documents import ContentLost, render, rendered
from plbuild.documents.arrived import characters, check
from plbuild.documents.rows import Row
from plbuild.documents.stylesheet import Stylesheet
from plbuild.documents.text import Text
from plbuild.model import Field, InputError


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["one", "two"], "one and two"),
        (["• one\n• two\tthree\n"], "onetwothree"),
        (["", " ", "–"], "nothing"),
        (["two", "two"], "two two"),
        ([Markup('<w:r><w:t xml:space="preserve">a &amp; b</w:t></w:r>'), "c"], "a & b c"),
        (["far"], "x" * 5000 + "far"),
    ],
)
def test_what_arrived(values: list[str], text: str) -> None:
    check("the document", values, text)


@pytest.mark.parametrize(
    ("values", "text", "lost"),
    [
        (["one", "two"], "two one", '"two" was to stand after "two one"'),
        (["two", "two"], "two", '"two" was to stand after "two"'),
        (["one\n• three"], "one two", '"three" was to stand after "one"'),
        ([Markup("<w:r><w:t>a &amp; b</w:t></w:r>")], "a  b", '"a & b" was to stand after ""'),
    ],
)
def test_what_was_lost(values: list[str], text: str, lost: str) -> None:
    with pytest.raises(ContentLost) as caught:
        check("the document", values, text)
    assert str(caught.value) == f"In the document: {lost}, and is not in the finished document."
    assert not isinstance(caught.value, InputError)


def test_characters_of_texts_alone_and_of_all() -> None:
    xml = b'<w:p xmlns:w="w" a="attribute"> loose <w:t>text &amp; more</w:t>loose</w:p>'
    assert characters(xml) == " loose text & moreloose"
    assert characters(xml, strictly=True) == "wattributetext & more"


# The package's own name ``render`` is the function.
RENDER = sys.modules["plbuild.documents.render"]


def dropping(text: str) -> Callable[[str, Stylesheet], str]:
    """A step that loses a text."""
    return lambda xml, _: xml.replace(text, "")


def test_a_step_that_loses_a_text_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RENDER, "BODY_STEPS", (dropping("three"),))
    with pytest.raises(ContentLost, match='In the document: "three" was to stand after "one two"'):
        render(template("{{ a }} {{ b }}"), {"a": Text("one two\nthree"), "b": "four"})
    monkeypatch.setattr(RENDER, "BODY_STEPS", (dropping("• "),))
    assert lines(render(template("{{ a }}"), {"a": Text("• one\n• two")})) == ["one\ntwo"]


@pytest.mark.parametrize("tag", ["{{p a }}", "{{r a }}"])
def test_a_text_that_no_program_would_show_is_lost(tag: str) -> None:
    with pytest.raises(ContentLost, match='"words" was to stand'):
        render(template("before", tag, "after"), {"a": Text("words")})


def test_a_macro_and_a_set_block_print_what_they_hold() -> None:
    made = render(
        template(
            "{% macro m(x) %}[{{ x }}]{% endmacro %}{% set s %}<{{ a }}>{% endset %}{{ m(a) }}{{ s }}{{ s }}"
        ),
        {"a": Text("A & B\tC")},
    )
    assert lines(made) == ["[A & B\tC]<A & B\tC><A & B\tC>"]


# ------------------------------------------------------------------------------- answers that are not shown


def asked(name: str, text: str) -> Text:
    """An answer to a question."""
    return Text(text, text, Field(name=name, label=name, help="", type="text"))


LONG = "We meet every second Tuesday and look at what the children wrote."


@pytest.mark.parametrize(
    ("tags", "unshown", "shortened"),
    [
        ("{{ form.a }} {{ rows[0].b }} {{ rows[0].c }}", [], []),
        ("{{ form.a }} {{ rows[0].b }}", [LONG], []),
        ("{{ form.a }} {{ [rows[0].b, rows[0].c] | join(' · ') }}", [], []),
        ("{{ form.a }} {{ rows[0].b | upper }} {{ rows[0].c | brief(30) }}", [], [LONG]),
        ("{% set x %}{{ form.a }}{% endset %}{{ x }}{{ rows[0].c }}", ["12"], []),
        ("{{ form.a }} {{ rows[0].c }} 12", ["12"], []),
        ("{{ form.a }} {{ rows[0].c }} {{ other }}", ["12"], []),
        ("nothing", ["A & B", "12", LONG], []),
    ],
)
def test_answers_that_are_not_shown(tags: str, unshown: list[str], shortened: list[str]) -> None:
    context: dict[str, Any] = {
        "form": Row({"id": Text(), "a": asked("a", "A & B"), "blank": asked("blank", "")}),
        "rows": [Row({"b": asked("b", "12"), "c": asked("c", LONG)})],
        "owner": Row({"name": Text("no answer")}),
        "other": "120 sessions",
    }
    made = rendered(template(tags), context)
    assert made.data == render(template(tags), context)
    assert ([*made.unshown], [*made.shortened]) == (unshown, shortened)


@pytest.mark.parametrize("answer", ["Ends here. ", "\n Begins\nthere", " Blank\u00a0at both\n"])
def test_an_answer_is_shown_whatever_blanks_it_has(answer: str) -> None:
    """It is part of what a filter made: of its words in one line, or of a text that it begins or ends."""
    context: dict[str, Any] = {"rows": [Row({"a": asked("a", answer)})], "other": "Something"}
    for made in ("rows[0].a | brief", "[rows[0].a, other] | join(' · ')", "[other, rows[0].a] | join(' · ')"):
        assert rendered(template(f"{{{{ {made} }}}}"), context).unshown == (), made
    assert rendered(template("{{ other }}"), context).unshown == (answer,)
