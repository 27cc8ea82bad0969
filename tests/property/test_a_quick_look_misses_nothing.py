"""Before a text is searched, it is looked at quickly; where the search would find something, so does the look.
The words of an ASCII text are those of any text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plbuild.advice import personal, texts
from plbuild.advice.reading import Reading, words_of
from plbuild.model import AdviceRules
from tests.support.advised import good_plan, maple_ridge

# Letters that some rules of case take for each other, and others not.
ODD = "sSſkKKiIıİßſﬁéÉ"
WORD = st.text(st.sampled_from(f"{ODD}ab-'."), min_size=1, max_size=3)
PHRASE = st.builds(
    lambda words, star: " ".join(words) + star,
    st.lists(WORD, min_size=1, max_size=3), st.sampled_from(["", "*"]),
)  # fmt: skip
TEXT = st.lists(st.one_of(WORD, st.sampled_from([" ", "  ", "\n", ", "])), max_size=9).map("".join)

CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, str.swapcase, str.casefold)


@st.composite
def words_and_text(draw: st.DrawFn) -> tuple[tuple[str, ...], str]:
    """Words to look for, and a text with one of them in another case."""
    words = draw(st.lists(PHRASE, min_size=1, max_size=4))
    cased = draw(st.sampled_from(CASES))
    said = cased(draw(st.sampled_from(words)).rstrip("*"))
    return tuple(words), f"{draw(TEXT)}{draw(st.sampled_from(['', ' ']))}{said}{draw(TEXT)}"


def reading(words: tuple[str, ...]) -> Reading:
    """A plan, and these words to look for in it."""
    home = maple_ridge()
    return Reading(
        spec=replace(home.spec, advice=AdviceRules(words={"sought": words})),
        roster=home.roster, district=home.district, plan=home.spec.plan("school_plan"), submission=good_plan(),
    )  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(words_and_text())
@example((("K*", "ſo"), "so keen"))
def test_words_are_found_wherever_their_pattern_finds_them(case: tuple[tuple[str, ...], str]) -> None:
    words, text = case
    plan = reading(words)
    assert bool(plan.mentions("sought", text)) == (plan.without("sought", text) != text)


@given(st.sampled_from(personal._PATTERNS).flatmap(lambda one: st.from_regex(re.compile(one, re.IGNORECASE))))
def test_every_number_and_birth_date_is_found(text: str) -> None:
    assert personal.kind_of(text)
    assert personal.COVER in personal.covered(text)


@given(st.from_regex(texts._OLD))
def test_every_day_of_a_year_is_looked_at(text: str) -> None:
    assert texts._YEAR.search(text)


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=127))))
def test_words_are_the_same_in_any_letters(text: str) -> None:
    assert words_of(text) == re.findall(r"[^\W_]+", text.casefold())
