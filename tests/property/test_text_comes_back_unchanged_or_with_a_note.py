"""The law: what was typed into a cell is in the record as it was typed, or a note says how it was changed.

And whatever a cell holds, decoding it does not raise, gives a value that the field can have or the text as
it stands, and says what it did in sentences that can be filled in.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plbuild.intake.cells import MAX_TEXT, Cell
from plbuild.intake.values import Decoded, decode
from plbuild.model import DATE_ORDERS, Field, Place, Spec
from tests.support import districts

SPEC: Spec = districts.load_spec("2022")
FIELDS = {
    f"{plan.kind}.{part.name}.{item.name}": item
    for plan in SPEC.plans
    for part in plan.sections
    for item in part.fields
}
TEXT_FIELDS = {
    path: item for path, item in FIELDS.items() if item.type in ("text", "long_text") and not item.pattern
}
TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "decimal": (Decimal,),
    "money": (Decimal,),
    "date": (date,),
}

# ----------------------------------------------------------------------------- what people type

HABITS = st.sampled_from(
    [
        "N/A", "n.a.", "none", "-", "—", "not applicable", "Choose an item.", "Select…", "<choose>",
        "_x000B_", "_x000D_", "_x005F_", "_x", "x0041_", "_xD83D_", "\r\n", "\r", "\x0b", "\u200b", "\u00a0", "\ufeff",
        "$1,200.00", "(500)", "5 %", "1.200", "1,2", "−12", "12", "9/15/2026", "03/04/26", "2/30/2026", "Sept. 15, 2026",
        "TRUE", "G1", " g1 ", "mathematics", "None", "Title I–A", "a@b.org", "mailto:a@b.org", "=1+1", "'", "•", "👍🏽",
    ]
)  # fmt: skip
ANY_CHARACTER = st.characters(exclude_categories=())
TYPED = st.lists(HABITS | st.text(ANY_CHARACTER, max_size=30), max_size=4).map("".join)
LONG = st.builds(
    lambda text, count: (text * count)[:MAX_TEXT], st.text(ANY_CHARACTER, min_size=1), st.integers(1, 9000)
)
TEXTS = TYPED | LONG

CELLS = st.one_of(
    st.builds(Cell, value=TYPED, is_formula=st.booleans()),
    st.builds(
        Cell,
        value=st.floats() | st.integers(-(10**6), 10**6).map(float),
        format=st.sampled_from(["", "date", "percent"]),
        is_formula=st.booleans(),
    ),
    st.builds(Cell, value=st.booleans(), is_formula=st.booleans()),
    st.builds(
        Cell, value=st.just(""), error=st.sampled_from(["#REF!", "#N/A", "#NAME?"]), is_formula=st.booleans()
    ),
)


def stored(text: str) -> str:
    """A typed text as Excel writes it: what XML cannot hold as its code (ECMA-376 22.9.2.19)."""
    text = text.replace("_x", "_x005F_x")
    return re.sub(
        "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", lambda match: f"_x{ord(match[0]):04X}_", text
    )


def whole(text: str) -> str:
    """A text whose halves of characters, where two stand side by side, are one character, as in UTF-16."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def printable(text: str) -> str:
    """A typed text without what the law lets intake leave out, told by the Unicode database."""
    kept = []
    for char in text:
        if char in "\x0b\x0c\x85":
            kept.append("\n")
        elif char in "\t\n" or (
            unicodedata.category(char) not in ("Cc", "Cs")
            and char not in "\u00ad\u200b\u2060\ufeff\ufffe\uffff"
        ):
            kept.append(char)
    return "".join(kept)


def read(item: Field, cell: Cell, *, unit: str = "", epoch_1904: bool = False) -> Decoded:
    """What a cell is taken for where every order of a date is allowed."""
    return decode(SPEC, item, cell, epoch_1904=epoch_1904, unit=unit, orders=DATE_ORDERS)


def codes(found: Decoded) -> list[str]:
    """The codes of the notes of a decoded cell."""
    return [code for code, _ in found.notes]


@settings(deadline=None, max_examples=400)
@given(path=st.sampled_from(sorted(TEXT_FIELDS)), text=TEXTS)
@example(path="school_plan.direction.mission", text="a\x0bb\u200b\r\nc")
@example(path="school_plan.direction.mission", text="\ud83d\udc4d\ud83d")
@example(path="school_plan.direction.vision", text="N/A")
@example(path="school_plan.direction.mission", text="👍🏽" * (MAX_TEXT // 2))
def test_a_text_comes_back_unchanged_or_with_a_note(path: str, text: str) -> None:
    typed = whole(text).replace("\r\n", "\n").replace("\r", "\n")
    found = read(TEXT_FIELDS[path], Cell(value=stored(text)))
    if "characters-removed" in codes(found):
        assert printable(typed) != typed or all(unicodedata.category(c) == "Cf" or c.isspace() for c in typed)
        typed = printable(typed)
    if not found.notes and typed.strip():
        assert found.value == typed
    elif found.value is None:
        nothing = all(unicodedata.category(char) == "Cf" or char.isspace() for char in typed)
        assert nothing or "read-as-blank" in codes(found)
    else:
        assert found.value == typed


@settings(deadline=None, max_examples=600)
@given(
    path=st.sampled_from(sorted(FIELDS)),
    cell=CELLS,
    unit=st.sampled_from(["", "Percent", "Score"]) | TYPED,
    epoch_1904=st.booleans(),
)
def test_whatever_a_cell_holds_it_is_decoded_and_every_note_can_be_said(
    path: str, cell: Cell, unit: str, epoch_1904: bool
) -> None:
    item = FIELDS[path]
    found = read(item, cell, unit=unit, epoch_1904=epoch_1904)
    # Either of the type, or exactly what is seen in the cell, so that the checks can quote it.
    assert (
        found.value is None
        or type(found.value) in TYPES.get(item.type, (str,))
        or found.value == found.entered
    )
    said = [
        SPEC.finding(code, Place(label=item.label), entered=found.entered, **words)
        for code, words in found.notes
    ]
    assert found.blocked == any(finding.severity == "error" for finding in said)
    for finding in said:
        (finding.entered + finding.message + finding.fix).encode("utf-8")
    if found.value is None and not found.notes:
        assert not found.entered


@settings(deadline=None, max_examples=300)
@given(path=st.sampled_from(sorted(FIELDS)), text=TYPED)
def test_what_a_text_was_taken_for_is_taken_for_itself(path: str, text: str) -> None:
    """A value that a note proposes is taken without another word when a person types just that."""
    item = FIELDS[path]
    found = read(item, Cell(value=stored(text)))
    if isinstance(found.value, str) and not found.blocked:
        again = read(item, Cell(value=stored(found.value)))
        assert again == Decoded(value=found.value, entered=found.value)


@given(number=st.integers(-(10**15) + 1, 10**15 - 1), path=st.sampled_from(sorted(FIELDS)))
def test_a_whole_number_is_the_same_number(number: int, path: str) -> None:
    if FIELDS[path].is_number:
        assert read(FIELDS[path], Cell(value=float(number))).value == number


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False).filter(lambda n: len(n.as_tuple().digits) <= 15)
)
def test_a_number_of_fifteen_digits_is_the_same_number(number: Decimal) -> None:
    value = float(number)
    if math.isfinite(value) and (abs(value) > 1e-300 or not number):
        found = read(FIELDS["school_plan.actions.hours_per_person"], Cell(value=value))
        assert (found.value, Decimal(found.entered), found.notes) == (number, number, ())


@given(cents=st.integers(-(10**9), 10**9))
def test_a_number_typed_as_text_is_the_number(cents: int) -> None:
    item, amount = FIELDS["school_plan.resources.amount"], Decimal(cents) / 100
    for text in (f"{amount:.2f}", f"{amount:,.2f}", f"${amount:,.2f}", f" USD {amount:.2f}"):
        assert read(item, Cell(value=text)).value == amount


@given(day=st.dates(date(1990, 1, 1), date(2099, 12, 31)), epoch_1904=st.booleans())
def test_a_date_is_the_same_date_in_either_epoch(day: date, epoch_1904: bool) -> None:
    item = FIELDS["school_plan.needs.data_date"]
    serial = float((day - (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30))).days)
    cell = Cell(value=serial, format="date")
    assert read(item, cell, epoch_1904=epoch_1904) == Decoded(
        value=day, entered=f"{day.month}/{day.day}/{day.year}"
    )
