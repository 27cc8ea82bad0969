"""What must come of each kind of damage: the exact findings, and what the records then hold.

The records of everything that is not named must be those of the workbook before it was damaged.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.damage.outcome import At, Found, Outcome
from tests.support.damage.outcomes_of_cells import CELLS_OUT
from tests.support.damage.outcomes_of_files import FILES_OUT, HOSTILE_OUT
from tests.support.damage.outcomes_of_sheets import SHEETS_OUT

__all__ = ["OUTCOMES", "At", "Found", "Outcome"]

OUTCOMES: Mapping[str, Outcome] = {**CELLS_OUT, **SHEETS_OUT, **FILES_OUT, **HOSTILE_OUT}
"""Kind of damage -> what must come of it."""
