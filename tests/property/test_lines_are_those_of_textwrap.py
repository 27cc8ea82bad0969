"""The law: a row of rollup.xlsx is as high as ``textwrap`` breaks its texts, however they are counted."""

from __future__ import annotations

from textwrap import wrap

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plbuild.rollup import look

# Few letters, so that words, breaks, hyphens and spaces of every kind meet at the ends of lines.
TEXTS = st.text(alphabet="aaaaab.é—-   \t\n\r\x0b\x1f\x85\xa0\u2028", max_size=120)


@given(text=TEXTS, width=st.integers(1, 30))
@example(text="aaaa aaaa", width=6)
@example(text="aaaaa aaaaaaaaaaaaaaaaaaaa", width=6)
@settings(deadline=None)
def test_lines_are_those_of_textwrap(text: str, width: int) -> None:
    letters = max(int((width - 2) * 1.25), 1)
    one = len(text) <= letters and "\n" not in text
    expected = 1 if one else sum(len(wrap(line, letters)) or 1 for line in text.splitlines())
    assert look.lines(text, width) == expected
