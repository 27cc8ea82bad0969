"""Named kinds of damage to a filled workbook, each made by a seeded mutation of a real one.

``DAMAGES`` maps the name of a kind to what makes it. ``damaged`` gives the bytes; equal seeds give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from plbuild.model import PlanSpec
from tests.support.damage.cells import CELLS, Cut
from tests.support.damage.files import FILES, Make
from tests.support.damage.hostile import HOSTILE
from tests.support.damage.patient import Filled, Patient
from tests.support.damage.sheets import SHEETS

__all__ = ["CELLS", "DAMAGES", "FILES", "HOSTILE", "SHEETS", "Filled", "Patient", "damaged"]


def _operated(cut: Cut, filled: Filled) -> bytes:
    book = Patient(filled)
    cut(book)
    return book.saved()


DAMAGES: Mapping[str, Make] = {
    **{name: partial(_operated, cut) for name, cut in {**CELLS, **SHEETS}.items()},
    **FILES,
    **HOSTILE,
}
"""Kind of damage -> what makes it."""


def damaged(kind: str, data: bytes, plan: PlanSpec, seed: int = 0) -> bytes:
    """The filled workbook ``data`` of ``plan`` with one kind of damage."""
    # A kind's own stream of choices, so that no kind depends on which others were made before it.
    return DAMAGES[kind](Filled.of(data, plan, f"{kind} {seed}"))
