"""What must come of what people type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tests.support.damage.outcome import CLEAN, Outcome, at, of_file, on

_MISSION, _AREA, _DATA_DATE = "direction.mission", "needs.area 1", "needs.data_date 1"
_TARGET, _AMOUNT, _SESSIONS = "goals.target_value 1", "resources.amount 2", "actions.sessions 3"

_NUMBERS = {
    "percent_sign": at(_TARGET, "number-tidied"),
    "percent_sign_after_a_space": at(_TARGET, "number-tidied"),
    "share_for_a_percent": at(_TARGET, "percent-read"),
    "percent_format": at(_TARGET, "percent-read"),
    "dollars": at(_AMOUNT, "number-tidied"),
    "thousands_with_a_comma": at(_AMOUNT, "number-tidied"),
    "number_as_text": at(_TARGET, "number-as-text"),
    "number_in_words": at(_SESSIONS, "wrong-type", value="about three"),
    "number_with_its_unit": at(_SESSIONS, "wrong-type", value="3 sessions"),
    "part_of_a_session": at(_SESSIONS, "wrong-type", value="2.5"),
    "count_with_a_date_format": at(_SESSIONS, "wrong-type", value="1/3/1900"),
    "two_readings_of_a_dot": at(_AMOUNT, "two-readings", value="1.200"),
    "negative_amount": at(_AMOUNT, "out-of-range", value=Decimal(-14400)),
    "truth_for_a_number": at(_SESSIONS, "wrong-type", value="TRUE"),
    "number_beyond_all_numbers": at(_TARGET, "wrong-type", value="1E999"),
    "number_that_is_none": at(_TARGET, "wrong-type", value="NaN"),
    "digits_for_a_text": at("identity.display_name", value="42"),
    "truth_for_a_text": at("identity.display_name", value="TRUE"),
}

_NOTHING = {
    "na_where_optional": at("team.represents 1", "read-as-blank", value=None),
    "none_where_optional": at("direction.last_year_did_not", "read-as-blank", value=None),
    "dash_where_optional": at("needs.student_group 1", "read-as-blank", value=None),
    "na_for_a_required_number": at(_TARGET, "wrong-type", value="N/A"),
    "na_for_a_required_choice": at(_AREA, "not-in-list", value="N/A"),
    "white_space_for_an_answer": at(_MISSION, "required-missing", value=None),
    "nothing_for_an_answer": at(_MISSION, "required-missing", value=None),
    "number_without_its_unit": at("needs.unit 1", "required-missing-when", value=None),
    "half_a_row": Outcome(
        found=tuple(
            (f"needs.{name} 3", "required-missing")
            for name in ("area", "data_kind", "data_source", "data_date", "root_cause")
        ),
        rows={"needs": ({"id": "N3", "finding": "Half the class is late on Mondays."},)},
    ),
}

_DATES = {
    "date_as_text": at(_DATA_DATE, "date-from-text"),
    "date_year_first": at(_DATA_DATE, "date-from-text"),
    "date_in_words": at(_DATA_DATE, "date-from-text"),
    "date_in_words_day_first": at(_DATA_DATE, "date-from-text"),
    "date_of_two_orders": at(_DATA_DATE, "date-from-text", value=date(2026, 3, 4)),
    "date_day_first_in_numbers": at(_DATA_DATE, "wrong-type", value="25/06/2026"),
    "date_with_a_time": at(_DATA_DATE, "date-from-number"),
    "date_without_a_format": at(_DATA_DATE, "date-from-number"),
    "date_as_eight_digits": at(_DATA_DATE, "wrong-type", value="20260602"),
    "date_placeholder": at(_DATA_DATE, "wrong-type", value="<insert date>"),
    "date_as_iso": CLEAN,
    "epoch_of_old_macs": CLEAN,
    "end_before_start": at("actions.end_date 1", "end-before-start", value=date(2025, 12, 9)),
}

_CHOICES = {
    "choice_in_another_case": at(_AREA, "list-tidied"),
    "choice_with_a_space_behind": at(_AREA, "list-tidied"),
    "choice_with_hard_spaces": at(_AREA, "list-tidied"),
    "choice_with_another_dash": at(_AREA, "list-tidied", value="Social-emotional learning and climate"),
    "choice_pasted_over": at(_AREA, "not-in-list", value="Getting students to the stage"),
    "choice_prompt_left": at(_AREA, "placeholder-read-as-blank", "required-missing", value=None),
    "reference_in_lower_case": at("objectives.goal 2", "list-tidied"),
    "reference_with_a_space_behind": at("objectives.goal 2", "list-tidied"),
    "reference_to_an_empty_row": at("objectives.goal 2", "broken-reference", value="G4"),
    "two_references_in_one_cell": at("objectives.goal 2", "broken-reference", value="G1, G2"),
    "zeros_lost": at("identity.ncessch", "zeros-restored"),
    "plan_year_with_another_dash": at("identity.plan_year", "text-tidied"),
    "plan_year_in_full": at("identity.plan_year", "wrong-form", value="2026-2027"),
    "address_as_a_link": at("identity.contact_email", "text-tidied"),
    "address_without_at": at("identity.contact_email", "wrong-form", value="the front office"),
}

_TEXTS = {
    "escaped_control_character": at(_MISSION, "characters-removed", value="We teach.\nWe listen."),
    "escape_that_was_typed": at(_MISSION, value="Form _x0041_ is due."),
    "zero_width_space": at(_MISSION, "characters-removed", value="We teach."),
    "nothing_but_zero_width": at(_MISSION, "characters-removed", "required-missing", value=None),
    "emoji": at(_MISSION, value="Every student \U0001f393, every day \U0001f468\u200d\U0001f469\u200d\U0001f467!"),
    "bullets": at(_MISSION, value="• teach\n• listen\n- and write it down"),
    "smart_quotes": at(_MISSION, value="“Nobody’s late” – we’d say so…"),
    "leading_equals_sign": at(_MISSION, value="=everybody learns"),
    "markup": at(_MISSION, value="<b>Learn</b> & teach {{ mission }} {% if %} &amp;"),
    "right_to_left": at(_MISSION, value="שלום\u200f עולם"),
    "word_table": at(_MISSION, value="Who\tWhat\tWhen\nAll\tTeach\tDaily\n"),
    "a_thousand_and_one_characters": at(_MISSION, "too-long", value="x" * 1001),
    "all_that_a_cell_holds": at(_MISSION, "too-long", value="word " * 6553 + "ab"),
    "a_million_characters": at(_MISSION, "text-too-large", value=("word " * 6554)[:32_767]),
    "a_million_characters_in_the_margin": on(("School and team", "Z9", "", "typed-outside")),
    "rich_text": CLEAN,
    "shared_strings": CLEAN,
    "raw_control_character": of_file("file-unreadable"),
    "formula_with_its_value": at("actions.participants 1", "formula-taken"),
    "formula_with_a_text": at("team.name 1", "formula-taken"),
    "formula_to_another_program": at("team.name 1", "formula-taken"),
    "formula_shared_by_two_cells": on(*((f"actions.participants {n}", "formula-taken") for n in (1, 2))),
    "formula_without_a_value": at(_TARGET, "formula-without-value", value=None),
    "formula_without_a_value_for_a_choice": at(_AREA, "formula-without-value", value=None),
    "formula_with_an_error": at(_TARGET, "excel-error", value=None),
    "error_value": at("goals.statement 1", "excel-error", value=None),
}  # fmt: skip

CELLS_OUT: Mapping[str, Outcome] = {**_NUMBERS, **_NOTHING, **_DATES, **_CHOICES, **_TEXTS}
