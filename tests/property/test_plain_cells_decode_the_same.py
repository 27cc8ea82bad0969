"""What is taken of a cell at once is what decoding takes of it, without a note."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plbuild.intake.cells import Cell
from plbuild.intake.values import Decoded, at_once, decode
from plbuild.model import Field
from tests.support import districts

SPEC = districts.load_spec("2022")
FIELDS = [item for plan in SPEC.plans for section in plan.sections for item in section.fields]
LISTED = sorted({value for item in SPEC.lists.values() for value in item.values})

_TEXTS = (
    st.text(max_size=60)
    | st.sampled_from(LISTED)
    | st.sampled_from(
        ["G1", "G01", "n/a", "N/A - none of these apply to us.", " " * 30, "_x000D_" * 5, "5%", "TRUE"]
    )
)
_NUMBERS = st.floats() | st.integers(-(10**16), 10**16).map(float) | st.integers(30_000, 80_000).map(float)
CELLS = st.builds(
    Cell,
    value=_TEXTS | _NUMBERS | st.booleans(),
    format=st.sampled_from(["", "", "date", "percent"]),
    is_formula=st.just(False) | st.booleans(),
    error=st.just(""),
)


@settings(deadline=None, max_examples=500)
@given(
    item=st.sampled_from(FIELDS), cell=CELLS, epoch_1904=st.booleans(), unit=st.sampled_from(["", *LISTED])
)
@example(
    item=next(item for item in FIELDS if item.type == "date"),
    cell=Cell(46_281.0, "date"),
    epoch_1904=False,
    unit="",
)
@example(
    item=next(item for item in FIELDS if item.type == "integer"), cell=Cell(1240.0), epoch_1904=False, unit=""
)
@example(
    item=next(item for item in FIELDS if item.type == "money"), cell=Cell(1240.0), epoch_1904=False, unit=""
)
def test_plain_cells_decode_the_same(item: Field, cell: Cell, epoch_1904: bool, unit: str) -> None:
    """The law."""
    found = at_once(SPEC, item, epoch_1904=epoch_1904)(cell)
    if found is not None:
        value, entered = found
        decoded = decode(SPEC, item, cell, epoch_1904=epoch_1904, unit=unit)
        assert decoded == Decoded(value=value, entered=entered)
        assert type(decoded.value) is type(value)


def test_most_cells_are_plain() -> None:
    """Or reading takes twice as long."""
    prose = Cell("Teachers plan together on Tuesdays and visit each other's rooms.")
    assert all(at_once(SPEC, item, epoch_1904=False)(prose) for item in FIELDS if item.type == "long_text")
    for item in FIELDS:
        if item.type == "list":
            listed = Cell(SPEC.lists[item.list].values[0])
            assert at_once(SPEC, item, epoch_1904=False)(listed) == (listed.value, listed.value)
