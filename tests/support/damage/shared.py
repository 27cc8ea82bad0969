"""Damage to a workbook that a district and its schools share: a tab for each school, one of them struck.

Takes a ``Patient`` whose ``home`` is the tab of one school; what must come of each kind stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plbuild.model import PlanSpec
from tests.support.damage.cells import Cut
from tests.support.damage.outcome import At, Found
from tests.support.damage.patient import Patient
from tests.support.damage.surgery import ref

COPY = "Copy of the tab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A kind of damage: the cut, what must be found on the tab, how many plans are read.

    ``unlike``: the sections of the struck plan whose records are not those of before.
    """

    cut: Cut
    found: Callable[[str, PlanSpec], tuple[Found | At, ...]] = lambda _tab, _plan: ()
    plans: int = 3
    unlike: tuple[str, ...] = ()


def _copied(book: Patient) -> None:
    book.duplicate(book.home, COPY)


def _copied_with_another_stamp(book: Patient) -> None:
    """The tab copied for another school, and that school's number written where the stamp is."""
    book.duplicate(book.home, COPY)
    book.put(COPY, "D1", "089910000104")


def _copied_with_another_name(book: Patient) -> None:
    """The tab copied for another school, and its name and number written over the printed ones."""
    book.duplicate(book.home, COPY)
    for name, value in (("school_name", "Foothills Middle School"), ("ncessch", "089910000104")):
        _, first, _ = book.area(f"pl_identity_{name}", COPY)
        book.put(COPY, ref(*first), value)


def _left_alone(book: Patient) -> None:
    """One school's tab in a workbook of its own."""
    for title in book.titles:
        if title != book.home:
            book.delete(title)


def _renamed(book: Patient) -> None:
    for number, title in enumerate(book.titles):
        book.rename(title, f"Tab {number}")


def _twice(_tab: str, _plan: PlanSpec) -> tuple[Found, ...]:
    return ((COPY, "", "", "sheet-repeated"), (COPY, "", "", "typed-outside-many"))


def _lost(tab: str, plan: PlanSpec) -> tuple[Found, ...]:
    return tuple((tab, "", section.name, "names-lost") for section in plan.sections)


def _another_school(_tab: str, _plan: PlanSpec) -> tuple[Found, ...]:
    printed = {
        "E8": "ncessch",
        "E9": "school_name",
        "E11": "grade_low",
        "E13": "enrollment",
        "E14": "teachers_fte",
    }
    return tuple((COPY, cell, f"identity.{name}", "identity-changed") for cell, name in printed.items())


SHARED: Mapping[str, Shared] = {
    "tabs_renamed": Shared(cut=_renamed),
    "tabs_moved": Shared(cut=lambda book: book.reorder(book.titles[::-1])),
    "tab_deleted": Shared(cut=lambda book: book.delete(book.home), plans=2),
    "tab_left_alone": Shared(cut=_left_alone, plans=1),
    "tab_copied": Shared(cut=_copied, found=_twice),
    "tab_copied_with_another_name": Shared(cut=_copied_with_another_name, found=_twice),
    "tab_copied_with_another_stamp": Shared(
        cut=_copied_with_another_stamp,
        found=_another_school,
        plans=4,
    ),
    "rows_inserted": Shared(
        cut=lambda book: book.insert_rows(book.home, book.area("pl_needs", book.home)[1][0] + 1, 3)
    ),
    "choice_pasted_over": Shared(
        cut=lambda book: book.enter("needs.area 1", "Reading"),
        found=lambda _tab, _plan: (("needs.area 1", "not-in-list"),),
        unlike=("needs",),
    ),
    "table_name_dropped": Shared(
        cut=lambda book: book.drop_names("pl_measures", title=book.home),
        found=lambda tab, _plan: ((tab, "", "measures", "names-lost"),),
    ),
    "names_dropped": Shared(cut=lambda book: book.drop_names(title=book.home), found=_lost),
}
"""Kind of damage -> the cut and what must come of it."""
