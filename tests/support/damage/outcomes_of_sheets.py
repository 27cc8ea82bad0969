"""What must come of what people and programs do to sheets."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.damage.outcome import CLEAN, Found, Outcome, at, on

_TEAM = "School and team"

TABS_OF_SECTIONS = {
    "identity": _TEAM, "team": _TEAM, "direction": _TEAM,
    "needs": "Needs", "goals": "Goals", "objectives": "Objectives", "actions": "Actions",
    "indicators": "Indicators and measures", "measures": "Indicators and measures",
    "evaluation": "Evaluation", "resources": "Resources",
    "families": "Optional parts", "required_training": "Optional parts", "assumptions": "Optional parts",
    "theory_of_change": "Optional parts", "logic_model": "Optional parts",
    "progress": "Progress", "approvals": "Approvals",
}  # fmt: skip


def names_lost(*sections: str) -> Outcome:
    return on(*((TABS_OF_SECTIONS[name], "", name, "names-lost") for name in sections))


_NAMES = {
    "form_name_dropped": names_lost("direction"),
    "form_name_broken": names_lost("direction"),
    "form_name_moved": names_lost("direction"),
    "table_name_dropped": names_lost("needs"),
    "table_name_broken": names_lost("needs"),
    "table_name_moved": names_lost("needs"),
    "names_of_the_workbook": names_lost("needs"),
    "table_name_dropped_on_a_shared_tab": names_lost("measures"),
    "all_names_of_a_sheet_dropped": names_lost("goals"),
    "all_names_dropped": names_lost(*TABS_OF_SECTIONS),
    "all_names_broken": names_lost(*TABS_OF_SECTIONS),
    "id_name_dropped": CLEAN,
    "stamp_names_dropped": CLEAN,
    "foreign_names": CLEAN,
}

# What refers to O2, whose number was altered.
_TO_O2 = tuple(
    (spot, "broken-reference")
    for spot in ("actions.objective 3", "actions.objective 4", "indicators.objective 3", "measures.of 3")
)

_ROWS = {
    "blank_rows_inserted": CLEAN,
    "rows_inserted_on_top": CLEAN,
    "filled_row_inserted": Outcome(
        rows={"team": ({"name": "Mary Tsosie", "role": "Parent or family"},)},
    ),
    "filled_row_inserted_among_numbers": Outcome(
        found=(("Indicators and measures", "E8", "indicators", "row-without-number"),),
        rows={
            "indicators": (
                {
                    "id": "I21",
                    "objective": "O1",
                    "looks_like": "Students ask for the next block.",
                    "kind": "Student",
                    "data": "Counted at the door",
                    "checkpoint": "Quarter 3",
                },
            )
        },
    ),
    "blank_row_deleted": CLEAN,
    "filled_row_deleted": Outcome(found=(("resources.action 4", "broken-reference"),), gone=("actions 4",)),
    "row_below_the_end": on(("Needs", "D14", "", "typed-outside"), ("Needs", "M14", "", "typed-outside")),
    "rows_hidden": CLEAN,
    "rows_sorted": CLEAN,
    "cells_merged": at("needs.area 2", "required-missing", value=None),
    "blank_column_inserted": CLEAN,
    "column_inserted_with_notes": on(
        ("Needs", "F5", "", "typed-outside"), ("Needs", "F7", "", "typed-outside")
    ),
    "column_inserted_left_of_the_table": CLEAN,
    "column_inserted_left_of_a_form": CLEAN,
    "column_deleted": Outcome(
        found=(("Needs", "", "needs.priority", "field-missing"),),
        values={"needs.priority 1": None, "needs.priority 2": None},
    ),
    "columns_swapped": CLEAN,
    "columns_hidden": CLEAN,
}

_REPEATED: tuple[Found, ...] = (
    ("Needs (2)", "", "needs", "sheet-repeated"),
    ("Needs (2)", "", "", "typed-outside-many"),
)
_WITH_ANSWERS = (
    _TEAM, "Needs", "Goals", "Objectives", "Actions", "Indicators and measures", "Evaluation", "Resources",
    "Approvals",
)  # fmt: skip

_TABS = {
    "sheets_renamed": CLEAN,
    "sheet_renamed_like_a_path": CLEAN,
    "sheets_moved": CLEAN,
    "sheet_hidden": CLEAN,
    "sheet_very_hidden": CLEAN,
    "lists_deleted": CLEAN,
    "start_deleted": CLEAN,
    "sheet_deleted": Outcome(found=((_TEAM, "", "evaluation", "section-missing"),), other=("evaluation",)),
    "sheet_deleted_that_others_refer_to": Outcome(
        found=((_TEAM, "", "goals", "section-missing"),), other=("goals",)
    ),
    "sheet_duplicated": on(*_REPEATED),
    "sheet_duplicated_without_names": on(*_REPEATED),
    "blank_sheet_added": CLEAN,
    "chart_sheet_added": CLEAN,
    "sheet_of_notes_added": on(*(("Notes", cell, "", "typed-outside") for cell in ("A1", "B3", "C3"))),
}

_PRINTED = {
    "heading_altered": on(("Needs", "D5", "needs", "label-changed")),
    "heading_emptied": on(("Needs", "D5", "needs", "label-changed")),
    "heading_in_another_case": CLEAN,
    "label_altered": on((_TEAM, "D42", "direction", "label-changed")),
    "label_emptied": on((_TEAM, "D42", "direction", "label-changed")),
    "guidance_altered": on(("Needs", "A4", "", "typed-outside")),
    "guidance_emptied": CLEAN,
    "id_retyped": Outcome(found=(("Needs", "B7", "needs", "number-changed"),), other=("needs",)),
    "id_in_words": Outcome(found=(("Needs", "B7", "needs", "number-changed"),), other=("needs",)),
    "id_with_a_space_behind": CLEAN,
    "id_duplicated": Outcome(
        found=(("Objectives", "B7", "objectives", "number-changed"), *_TO_O2), other=("objectives",)
    ),
    "id_emptied": Outcome(
        found=(("Objectives", "E7", "objectives", "row-without-number"), *_TO_O2), other=("objectives",)
    ),
    "school_name_altered": at("identity.school_name", "identity-changed", value="../../etc/passwd"),
    "school_name_emptied": at("identity.school_name", "identity-changed", value=None),
    "enrollment_altered": at("identity.enrollment", "identity-changed", value=61),
    "leaid_altered": at("identity.leaid", "other-district", value="0899200"),
    "school_not_on_the_roster": Outcome(
        found=((_TEAM, "", "", "not-on-roster"),), values={"identity.ncessch": "089910000199"}
    ),
    "school_of_another_district": Outcome(found=(("identity.leaid", "other-district"),), other=("identity",)),
    "kind_unknown": Outcome(
        found=(
            (_TEAM, "", "", "unknown-plan-kind"),
            *((title, "", "", "typed-outside-many") for title in _WITH_ANSWERS),
        ),
        plans=0,
    ),
    "version_older": on((_TEAM, "", "", "older-version")),
    "version_newer": on((_TEAM, "", "", "newer-version")),
    "version_unknown": on((_TEAM, "", "", "unknown-version")),
    "last_years_plan": at("identity.plan_year", "other-plan-year", value="2025-26"),
}

_BESIDE = {
    "note_in_the_margin": on(("Goals", "T7", "", "typed-outside")),
    "number_in_the_margin": on(("Goals", "T7", "", "typed-outside")),
    "formula_in_the_margin": on(("Goals", "T7", "", "typed-outside")),
    "formula_in_the_margin_without_a_value": on(("Goals", "T7", "", "typed-outside")),
    "error_in_the_margin": on(("Goals", "T7", "", "typed-outside")),
    "note_over_a_formula": on(("Goals", "D6", "", "typed-outside")),
    "note_in_the_hidden_row": on(("Goals", "K1", "", "typed-outside")),
    "note_on_start_here": on(("Start here", "B60", "", "typed-outside")),
    "note_on_the_lists": on(("Lists", "A40", "", "typed-outside")),
    "six_hundred_notes": on(
        *(("Needs", f"Z{number + 20}", "", "typed-outside") for number in range(500)),
        ("Needs", "", "", "typed-outside-many"),
    ),
    "comment": on(("Needs", "D7", "", "typed-in-comment")),
    "threaded_comment": on(("Needs", "D7", "", "typed-in-comment")),
    "text_box": on(("Needs", "", "", "typed-in-comment")),
    "stray_cell_in_the_last_row": on(("Needs", "XFD1048576", "", "typed-outside")),
}

SHEETS_OUT: Mapping[str, Outcome] = {**_NAMES, **_ROWS, **_TABS, **_PRINTED, **_BESIDE}
