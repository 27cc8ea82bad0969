"""Every table of the roll-up in words, once: title, note on method, columns with unit and help.

The workbook's sheets, the CSV files and the data dictionary take their words from here. A note may hold
``{words}`` that the table's function fills in.
"""

from __future__ import annotations

from collections.abc import Mapping

from plbuild.rollup.declared import plans, quality
from plbuild.rollup.declared.columns import (
    FEWER_THAN_TEN,
    PLACE_COLUMNS,
    RECORD_COLUMNS,
    SMALL_GROUP,
    Declared,
)

__all__ = ["FEWER_THAN_TEN", "PLACE_COLUMNS", "RECORD_COLUMNS", "SMALL_GROUP", "TABLES", "Declared"]

TABLES: Mapping[str, Declared] = {**plans.TABLES, **quality.TABLES}
"""The tables by name."""
