"""What plans rest on and share, in words: evidence, standards, evaluation, workload, advice; the proof."""

from __future__ import annotations

from collections.abc import Mapping

from plbuild.rollup.declared.columns import (
    ACTIONS,
    AMOUNT,
    AS_LISTED,
    AUDIENCE,
    CONTACT_HOURS,
    DISTRICT_ACTIONS,
    FEDERAL,
    LINES,
    NAMES,
    NUMBER,
    OWNED,
    OWNER,
    OWNER_ID,
    PAID_FROM,
    PLANS,
    SCHOOLS,
    SELECTION,
    WHERE,
    Declared,
    count,
    decimal,
    text,
)

TABLES: Mapping[str, Declared] = {
    "evidence": Declared(
        title="Evidence",
        note=(
            "Actions by the evidence behind them and the source that pays. An action that two sources "
            "pay counts under both, so that actions have no sum here; its lines and dollars count "
            "once. Actions without a line of the Resources section stand under No resource line."
        ),
        columns=(
            text("tier", "Evidence tier", f"The tier of the action (ESSA, section 8101(21)). {AS_LISTED}"),
            PAID_FROM,
            FEDERAL,
            count("actions", "Actions", "actions", "Different actions of this tier that this source pays."),
            DISTRICT_ACTIONS,
            LINES,
            AMOUNT,
        ),
    ),
    "standards": Declared(
        title="Standards",
        note=(
            "How many actions name each standard, first or second, and in how many schools. All "
            "standards of the set that the district uses are here, those without an action too{set}; a "
            "value of no such standard stands at the end."
        ),
        columns=(
            text("standard", "Standard", "A standard of the district's set, exactly as it is called."),
            text("group", "Group", "Its group within the set, if the set has groups."),
            count("first", "Named first", "actions", "Actions that name it as their standard."),
            count("second", "Named second", "actions", "Actions that name it as their second standard."),
            count(
                "district_actions",
                "The district's own",
                "actions",
                "Those that stand in the district's plan.",
            ),
            SCHOOLS,
            count("schools_without", "Schools without", "schools", "Accepted schools that never name it."),
        ),
    ),
    "standards_by_school": Declared(
        title="Standards by school",
        note="Every accepted plan with every standard of the set that the district uses, zeros included.",
        columns=(
            NUMBER,
            OWNED,
            text("standard", "Standard", "A standard of the district's set, exactly as it is called."),
            count("first", "Named first", "actions", "Actions that name it as their standard."),
            count("second", "Named second", "actions", "Actions that name it as their second standard."),
        ),
    ),
    "evaluation_levels": Declared(
        title="Evaluation levels",
        note=(
            "Questions of the evaluation plans by what they ask about (Guskey's five levels). A school "
            "counts in the last column under the highest level that it asks about."
        ),
        columns=(
            text("level", "What is asked about", AS_LISTED),
            count("questions", "Questions", "questions", "Questions, the district's own among them."),
            count("district_questions", "The district's own", "questions", "Those in the district's plan."),
            count("schools", "Schools", "schools", "Schools that ask at this level."),
            count("highest_in", "Schools that stop here", "schools", "Schools that ask at no higher level."),
        ),
    ),
    "shared_needs": Declared(
        title="Shared needs",
        note=f"Areas in which two or more schools see a need, and could work together. {SELECTION}",
        columns=(
            text("area", "Area", f"The area of the need. {AS_LISTED}"),
            SCHOOLS,
            count("needs", "Needs", "needs", "Needs in this area."),
            count("ranked_first", "Ranked first", "needs", "Those that a school ranks first."),
            NAMES,
        ),
    ),
    "shared_providers": Declared(
        title="Shared providers",
        note=(
            "Providers that two or more plans name, and that might be contracted together. Capitals, "
            "accents, points and a leading The are set aside to find them; they are shown as typed. "
            f"{SELECTION}"
        ),
        columns=(
            text("provider", "Provider", "As most plans typed it."),
            text("typed_as", "Also typed as", "The other spellings."),
            PLANS,
            ACTIONS,
            CONTACT_HOURS,
            NAMES,
        ),
    ),
    "shared_designs": Declared(
        title="Shared designs",
        note=(
            "The same way of learning for the same audience in the same months in two or more plans: "
            f"sessions that could be held together. Months with the same plans are one row. {SELECTION}"
        ),
        columns=(
            text("design", "Way of learning", "Of the first activity."),
            AUDIENCE,
            text("from_month", "From", "The first month, as 2026-08."),
            text("to_month", "To", "The last month."),
            PLANS,
            count("actions", "Actions", "actions", "Actions that run in one of these months."),
            NAMES,
        ),
    ),
    "workload": Declared(
        title="Workload",
        note=(
            "What each plan asks of each role that leads actions; capitals and spaces are set aside. A "
            "month is busy where two or more of the role's actions run in it. Actions without dates "
            "count, but in no month."
        ),
        columns=(
            NUMBER,
            OWNED,
            text("responsible", "Who leads", "The role, as first typed in the plan."),
            count("actions", "Actions", "actions", "Actions that it leads."),
            count("sessions", "Sessions", "sessions", "Their sessions, added."),
            CONTACT_HOURS,
            count("months", "Months", "months", "Months in which one of them runs."),
            count("busy_months", "Busy months", "months", "Months in which two or more run."),
            count("most_at_once", "Most at once", "actions", "The most that run in one month."),
            text("busy_in", "Busy in", "The busy months, as 2026-08."),
        ),
    ),
    "advice_by_check": Declared(
        title="Advice by check",
        note="What the checks advise, over all plans that came in; advice never holds a plan.{given}",
        columns=(
            text("code", "Check", "The code of the check, as in findings.csv."),
            count("findings", "Findings", "findings", "How often it was found."),
            count("schools", "Plans", "plans", "In how many plans."),
            text("example", "For example", "What it said the first time."),
            NAMES,
        ),
    ),
    "control_totals": Declared(
        title="Control totals",
        traced=False,
        note=(
            "In equals used plus excluded on every line: first all that was read against the records "
            "that count, then the records that count against each table made from them. The rows that "
            "are excluded stand under Excluded rows."
        ),
        columns=(
            text("plan", "Plan", "The kind of plan."),
            text("section", "Section", "The section of the plan."),
            text("measure", "Measure", "What is counted or added."),
            text("table", "Table", "The table that must come to the same; blank for the rows themselves."),
            decimal("read", "In", "see measure", "What the plans come to, counted straight from them."),
            decimal("used", "Used", "see measure", "What the table or the rows come to."),
            decimal("excluded", "Excluded", "see measure", "What was left out."),
            text("agrees", "Agrees", "Yes where In equals Used plus Excluded."),
            text("why", "What was excluded and why", "In words."),
        ),
    ),
    "excluded_rows": Declared(
        title="Excluded rows",
        traced=False,
        note=(
            "Each row that came in and is not in the figures, with the reason: rows of plans that do not "
            "count, then rows that one table cannot place."
        ),
        columns=(
            text("plan_id", "Plan number", OWNER_ID),
            text("school", "School or district", OWNER),
            text("section", "Section", "The section of the plan."),
            text("row_id", "Row", "The number of the row in its plan, as A3; blank where rows have none."),
            text("table", "Left out of", "The table, or all of them."),
            text("why", "Why", "The reason."),
            *WHERE,
        ),
    ),
    "dictionary": Declared(
        title="Data dictionary",
        traced=False,
        note=(
            "Every column of every file in data/, which are the sheets of this workbook. Column is the "
            "heading in the CSV file, Label the heading here."
        ),
        columns=(
            text("file", "File", "The CSV file in data/."),
            text("column", "Column", "The heading in the CSV file. Profiles do not change it."),
            text("label", "Label", "The heading in the workbook."),
            text("type", "Type", "text, integer, decimal, money or date; dates are written year-month-day."),
            text("unit", "Unit", "What numbers count."),
            text("list", "List", "The values that the workbook offers."),
            text("help", "What it is", "In words."),
            text(
                "comes_from",
                "Where it comes from",
                "The kind of plan and its section, the roster, or plbuild.",
            ),
        ),
    ),
}
