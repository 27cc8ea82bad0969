"""What the page is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from plbuild.model import Rollup


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A file of the output folder: what it is called, and its path below that folder."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One group of equal findings, and where they are."""

    severity: str
    code: str
    file: str
    sheet: str
    cells: tuple[str, ...]
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan that is owed, and everything that there is of it.

    ``title`` names the plan; ``main`` is set for the plan that each school owes. ``plan``, ``draft``,
    ``pdf`` and ``notes`` are paths, empty where there is no such file; ``marked`` are its marked copies.
    ``choose`` says which files it came in, where the district must say which counts; it is no mistake of
    the school's, and not among ``errors``.
    """

    id: str
    name: str
    title: str
    owner: str
    main: bool
    state: str
    late: bool
    saved: date | None
    errors: int
    advice: int
    waived: int
    reason: str
    files: tuple[str, ...]
    plan: str
    draft: str
    pdf: str
    notes: str
    marked: tuple[Address, ...]
    findings: tuple[Note, ...]
    choose: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed in one plan, in sentences."""

    id: str
    name: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A waiver or a dismissal of ``district.yaml``, in words.

    ``whose`` is empty where it is for every plan; ``by`` and ``until`` are those of a waiver. ``state`` is
    used, unused or expired, and ``count`` how many findings it let through or set aside.
    """

    whose: str
    id: str
    what: str
    code: str
    why: str
    state: str
    count: int
    by: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the page shows.

    ``rows``: every plan owed, the district's own first. ``others``: the findings that belong to no plan, by
    file, ``returned`` the marked copies of those files. ``rollup`` is None where nothing was added up.
    ``since``: the day of the build that this one is compared with, None where there is none. ``waivers`` and
    ``dismissed``: what the district lets through and sets aside, also where that does nothing. ``unwritten``:
    why of each file that could not be written, and so is as an earlier build left it.
    """

    district: str
    plan_year: str
    contact: str
    due: date
    as_of: date
    version: str
    rows: tuple[Row, ...]
    others: tuple[tuple[str, tuple[Note, ...]], ...]
    returned: tuple[Address, ...]
    faults: tuple[str, ...]
    passed_over: tuple[str, ...]
    rollup: Rollup | None
    files: frozenset[str]
    since: date | None
    changed: tuple[Changed, ...]
    waivers: tuple[Allowed, ...] = ()
    dismissed: tuple[Allowed, ...] = ()
    unwritten: Mapping[str, str] = field(default_factory=dict)
