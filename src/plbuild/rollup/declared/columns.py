"""The columns that several tables have, and how a column is declared."""

from __future__ import annotations

from dataclasses import dataclass

from plbuild.model import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The words of one table; ``traced`` where each row has a lineage."""

    title: str
    note: str
    columns: tuple[Column, ...]
    traced: bool = True


def text(name: str, title: str, says: str) -> Column:
    """A column of text."""
    return Column(name=name, title=title, help=says)


def count(name: str, title: str, unit: str, says: str) -> Column:
    """A column of whole numbers."""
    return Column(name=name, title=title, type="integer", unit=unit, help=says)


def decimal(name: str, title: str, unit: str, says: str) -> Column:
    """A column of decimals."""
    return Column(name=name, title=title, type="decimal", unit=unit, help=says)


def money(name: str, title: str, says: str) -> Column:
    """A column of dollars."""
    return Column(name=name, title=title, type="money", unit="US dollars", help=says)


def day(name: str, title: str, says: str) -> Column:
    """A column of dates."""
    return Column(name=name, title=title, type="date", help=says)


OWNER_ID = "The federal number of the school (12 digits) or the district (7 digits), as text."
OWNER = "The name in the roster; for the district's own plan, the district's name."
AS_LISTED = "A value of the list of the workbook; Not stated where the plan leaves it blank."
HOURS_IN_WORDS = (
    "Contact hours are the hours for one person, added over the actions; person-hours multiply them by "
    "the participants, only where a plan gives their number."
)
SELECTION = "A selection: what no two plans have in common is not in it."

SCHOOL_ID = text("school_id", "School number", OWNER_ID)
SCHOOL = text("school", "School", OWNER)
NUMBER = text("school_id", "Number", OWNER_ID)
OWNED = text("school", "School or district", OWNER)
AUDIENCE = text("audience", "Audience", f"Who learns, by the objective that the action serves. {AS_LISTED}")
FORM = text("form", "Form", "Event, job-embedded or self-directed, as the list of ways of learning says.")
ACTIONS = count("actions", "Actions", "actions", "Actions, the district's own among them.")
DISTRICT_ACTIONS = count(
    "district_actions",
    "The district's own",
    "actions",
    "Those of the actions that stand in the district's plan.",
)
CONTACT_HOURS = decimal(
    "contact_hours", "Contact hours", "hours", "Hours for one person, added over the actions."
)
PERSON_HOURS = decimal(
    "person_hours",
    "Person-hours",
    "person-hours",
    "Hours for one person times participants, over the actions that give both; blank where none does.",
)
AMOUNTS = (
    ACTIONS,
    DISTRICT_ACTIONS,
    count("headcount_known", "Actions with headcount", "actions", "Actions that say how many take part."),
    CONTACT_HOURS,
    PERSON_HOURS,
)
PEOPLE = (
    count("objectives", "Objectives", "objectives", "Objectives for this audience."),
    count("actions", "Actions", "actions", "Actions that serve those objectives."),
    CONTACT_HOURS,
    count(
        "participants",
        "Participants over all actions",
        "participants",
        "Participants added over the actions; a person in two actions counts in both.",
    ),
    PERSON_HOURS,
    count(
        "without_headcount", "Actions without headcount", "actions", "Actions that give no number of people."
    ),
)
STAFF_GROUP = text("staff_group", "Staff group", "The group of the audience, as the list of audiences says.")
PAID_FROM = text("funding_source", "Paid from", f"The source that pays. {AS_LISTED}")
FEDERAL = text("federal", "Federal", "Yes for federal money, by the list of sources; blank where not known.")
LINES = count("lines", "Lines", "lines", "Lines of the Resources section.")
AMOUNT = money("amount", "Amount", "The amounts of the lines, added.")
NAMES = text("school_names", "Which", "The plans by name, the first hundred where there are more.")
SCHOOLS = count("schools", "Schools", "schools", "Different schools.")
PLANS = count("plans", "Plans", "plans", "Different plans: of schools, and of the district.")
WHERE = (
    text("workbook", "Workbook", "The submitted file."),
    text("sheet", "Sheet", "The tab in it."),
    text("cell", "Cell", "The first answered cell of the row."),
)

DISTRICTS = count("districts", "Districts", "districts", "Districts with something in this row.")
DISTRICT_COLUMNS = (
    text("leaid", "District number", "The federal number of the district, 7 digits, as text."),
    text("district", "District", "The district's name."),
)
"""What a state's tables have more than a district's."""

RECORD_COLUMNS = (
    text("plan_id", "Plan number", OWNER_ID),
    text("school", "School or district", OWNER),
    text("row_id", "Row", "The number of the row in its plan, as A3; blank where rows have none."),
)
"""The columns before a section's fields."""

PLACE_COLUMNS = (
    *WHERE,
    count("line", "Line", "", "The place of the row in this table, by which other sheets refer to it."),
)
"""The columns after a section's fields."""

SMALL_GROUP = text("small_group", "Small group", "Set where the row may show fewer than ten students.")
"""After the fields of a section about a group of students."""

FEWER_THAN_TEN = "Fewer than 10"
