"""What is planned, in words: goals, learning, people, months, money."""

from __future__ import annotations

from collections.abc import Mapping

from plbuild.rollup import levels
from plbuild.rollup.declared.columns import (
    AMOUNT,
    AMOUNTS,
    AS_LISTED,
    AUDIENCE,
    FEDERAL,
    FORM,
    HOURS_IN_WORDS,
    LINES,
    NUMBER,
    OWNED,
    OWNER_ID,
    PAID_FROM,
    PEOPLE,
    SCHOOL,
    SCHOOL_ID,
    STAFF_GROUP,
    Declared,
    count,
    day,
    decimal,
    money,
    text,
)

TABLES: Mapping[str, Declared] = {
    "status": Declared(
        title="Status",
        note=(
            "Every school of the roster, and the district, with what became of its plan. Only accepted "
            "plans go into the figures; the digest names the exact workbook that was read. Let "
            "through: errors that a waiver in district.yaml lets through. Late: nothing came by the "
            "due date, or what came was last saved after it."
        ),
        columns=(
            text("id", "Number", OWNER_ID),
            OWNED,
            text("state", "State", "accepted, held, missing or exempt."),
            text("late", "Late", "Yes where nothing came by the due date, or what came was saved after it."),
            day("saved", "Last saved", "When the workbook was last saved, by its own properties."),
            text("files", "Workbook", "The files that held the plan."),
            count("errors", "Errors", "findings", "Findings that hold the plan."),
            count("advice", "Advice", "findings", "Findings that do not hold it."),
            count("waived", "Let through", "findings", "Errors that a waiver lets through."),
            text("digest", "Digest", "The first 12 digits of the SHA-256 of the workbook."),
            text("reason", "Reason", "Why the plan is held or exempt."),
            text("received", "Received", "Yes where a file with the plan came in, whatever became of it."),
        ),
    ),
    "goals_by_area": Declared(
        title="Goals by area",
        note=(
            "Counts the goals of the schools under the area of the need that each goal answers. "
            f"{levels.RULE_IN_WORDS}"
        ),
        columns=(
            text("area", "Area", f"The area of the need that the goal answers. {AS_LISTED}"),
            text("level", "School level", levels.RULE_IN_WORDS),
            count("goals", "Goals", "goals", "Goals of schools."),
            count("schools", "Schools", "schools", "Schools with such a goal."),
        ),
    ),
    "alignment": Declared(
        title="Alignment",
        note=(
            "Every goal of a school stands beside the district goal that it serves; goals without a "
            "partner, on either side, are named in the last column."
        ),
        columns=(
            text("district_goal", "District goal", "The number of the district's goal, as DG1."),
            text("district_statement", "The district's words", "The district's goal in full."),
            SCHOOL_ID,
            SCHOOL,
            text("goal", "School goal", "The number of the school's goal, as G1."),
            text("statement", "The school's words", "The school's goal in full."),
            text("orphan", "What is missing", "What the goal lacks; blank where it has a partner."),
        ),
    ),
    "targets": Declared(
        title="Targets",
        note=(
            "Each goal of a school with its own baseline and target. Goals that share an instrument, a "
            "unit and a kind of target stand together, but nothing is averaged, because schools and "
            "instruments differ. The last column marks figures that may show fewer than ten students: "
            "do not publish those."
        ),
        columns=(
            text("instrument", "Measured by", "The test or record, as first written; case and spaces aside."),
            text("unit", "Unit", f"What the numbers count. {AS_LISTED}"),
            text("target_type", "Kind of target", f"How to read the target. {AS_LISTED}"),
            count(
                "alike",
                "Goals measured alike",
                "goals",
                "Goals with this instrument, unit and kind of target.",
            ),
            SCHOOL_ID,
            SCHOOL,
            text("goal", "Goal", "The number of the goal in its plan."),
            text("student_group", "Students", "The students that the goal is for, as written."),
            decimal("baseline_value", "Baseline", "see unit", "Where students are now."),
            day("baseline_date", "Baseline date", "The day of that number."),
            decimal("target_value", "Target", "see unit", "Where they are to be."),
            day("target_date", "Target date", "By when."),
            text("small_group", "Small group", "Set where the figure may show fewer than ten students."),
        ),
    ),
    "learning_designs": Declared(
        title="Learning designs",
        note=f"Actions by the way of learning of their first activity. {HOURS_IN_WORDS}{{embedded}}",
        columns=(
            text("design", "Way of learning", f"Of the first activity. {AS_LISTED}"),
            FORM,
            *AMOUNTS,
        ),
    ),
    "learning_forms": Declared(
        title="Forms of learning",
        note=(
            "Events, job-embedded and self-directed learning, by what the list of ways of learning says of "
            "each; shares are of all actions and of all contact hours."
        ),
        columns=(
            FORM,
            *AMOUNTS,
            decimal("share_of_actions", "Percent of actions", "percent", "Of all actions."),
            decimal("share_of_hours", "Percent of contact hours", "percent", "Of all contact hours."),
        ),
    ),
    "people": Declared(
        title="People",
        note=(
            f"Actions by the audience of the objective that they serve. {HOURS_IN_WORDS} A person in two "
            "actions counts in both."
        ),
        columns=(AUDIENCE, STAFF_GROUP, *PEOPLE),
    ),
    "staff_groups": Declared(
        title="Staff groups",
        note=(
            "The audiences of the table People, joined into staff groups; learning for all staff spans the "
            "groups and is counted apart."
        ),
        columns=(STAFF_GROUP, *PEOPLE),
    ),
    "calendar": Declared(
        title="Calendar",
        note=(
            "An action counts in every month from its start to its end, under the audience of its "
            "objective; the district's own actions are among them. Actions without a start date are left "
            "out."
        ),
        columns=(
            text("month", "Month", "Year and month, as 2026-08."),
            text("month_name", "Name of the month", "The same in words."),
            AUDIENCE,
            count("running", "Actions running", "actions", "Actions that run in the month."),
            count("starts", "Actions starting", "actions", "Those of them that start in it."),
            count("schools", "Schools", "plans", "Plans with such an action, the district's among them."),
            text("school_names", "Where they run", "Their names, the first hundred where there are more."),
        ),
    ),
    "collisions": Declared(
        title="Collisions",
        note=(
            "Two or more actions of one plan that start in the same week, Monday to Sunday, for the same "
            "audience: the same people may be asked for twice."
        ),
        columns=(
            NUMBER,
            OWNED,
            AUDIENCE,
            day("week", "Week of Monday", "The Monday of the week."),
            count("actions", "Actions starting", "actions", "Actions that start in the week."),
            text("action_ids", "Which", "Their numbers in the plan."),
        ),
    ),
    "money_by_school": Declared(
        title="Money by school",
        note=(
            "The lines of the Resources section of each plan, added by the source that pays; the "
            "district's own lines stand last."
        ),
        columns=(NUMBER, OWNED, PAID_FROM, FEDERAL, LINES, AMOUNT),
    ),
    "money_by_source": Declared(
        title="Money by source",
        note=(
            "All amounts of a source, beside what the district's plan says it has; the difference is what "
            "is left, below zero where the plans ask for more."
        ),
        columns=(
            PAID_FROM,
            FEDERAL,
            LINES,
            money("schools_amount", "School plans", "The amounts in the schools' plans."),
            money("district_amount", "District plan", "The amounts in the district's plan."),
            AMOUNT,
            money(
                "allocation", "Allocation", "What the district's plan says the source has; blank if nothing."
            ),
            money("difference", "Allocation less amount", "What is left of the allocation."),
        ),
    ),
    "money_by_kind": Declared(
        title="Money by kind",
        note="All amounts by the source that pays and what is paid for.",
        columns=(
            PAID_FROM,
            text("kind", "Kind of cost", f"What is paid for. {AS_LISTED}"),
            LINES,
            AMOUNT,
        ),
    ),
}
