"""Law: whatever is typed into a template, the lint tells faults and never raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from plbuild.documents.annotate import annotate
from plbuild.documents.lint import lint
from tests.support import districts
from tests.support import templates as t

SPEC = t.small_spec(districts.load_spec("2022"))
PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{%p",
        "{%tr",
        "{%tc",
        "{#",
        "#}",
        "{%-",
        "-%}",
        "for",
        "if",
        "endif",
        "endfor",
        "else",
        "elif",
        "set",
        "in",
        "need",
        "needs",
        "goal",
        "goals",
        "goal.need",
        "goals[0]",
        ".",
        "|",
        "total('target')",
        "map(attribute='x')",
        "gather('goals')",
        "join(",
        ")",
        "'",
        '"',
        "“",
        "–",
        "\xa0",
        "\u200b",
        "\n",
        "==",
        "=",
        "~",
        "+",
        "not",
        "is",
        "defined",
        "loop",
        "endraw",
        "raw",
        "macro",
        "m()",
        "call",
        "with",
        "a,b",
        "[1:2]",
        "{}",
        "5",
        "None",
    ]
)
TEXTS = st.lists(PIECES, max_size=9).map(" ".join)
NUMBERS = st.integers(min_value=1, max_value=len(t.TEXTS) + 7)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(NUMBERS, TEXTS), min_size=1, max_size=4))
def test_the_lint_never_raises(changes: list[tuple[int, str]]) -> None:
    document = t.sound()
    for number, text in changes:
        t.says(number, text)(document)
    data = t.saved(document)
    assert annotate(data, lint(SPEC, t.PLAN, data))
