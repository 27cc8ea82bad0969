"""What must come of files of other kinds, of broken and of hostile ones."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.damage.files import PARTS_PASSED_BY, PARTS_READ, SHEET_PARTS, TRUNCATIONS
from tests.support.damage.hostile import ENTITY_PARTS
from tests.support.damage.outcome import CLEAN, Outcome, at, of_file, on
from tests.support.damage.outcomes_of_sheets import TABS_OF_SECTIONS, names_lost
from tests.support.damage.surgery import ref

FILES_OUT: Mapping[str, Outcome] = {
    **{
        kind: of_file(code)
        for kind, code in {
            "old_excel": "file-old-excel",
            "binary_workbook": "file-old-excel",
            "with_a_password": "file-password",
            "old_word": "file-word",
            "word": "file-word",
            "opendocument_text": "file-word",
            "web_page": "file-html",
            "xml_table": "file-html",
            "csv": "file-csv",
            "csv_with_a_mark": "file-csv",
            "csv_of_a_windows_computer": "file-csv",
            "mark_and_nothing_behind_it": "file-empty",
            "zip_with_a_password": "file-password",
            "unicode_text": "file-csv",
            "plain_text": "file-text",
            "rich_text_file": "file-text",
            "pdf": "file-pdf",
            "opendocument": "file-ods",
            "numbers": "file-numbers",
            "empty": "file-empty",
            "cloud_placeholder": "file-empty",
            "shortcut": "file-shortcut",
            "web_shortcut": "file-shortcut",
            "picture": "file-unknown",
            "random_bytes": "file-unknown",
            "zip_in_a_zip": "file-nested-zip",
            "zip_of_nothing": "file-empty",
            "zip_of_system_files": "file-empty",
            "package_without_a_workbook": "file-damaged",
        }.items()
    },
    "zip_of_workbooks": on(("", "", "", "file-pdf")),
    "zip_of_too_many_files": Outcome(
        found=(*[("", "", "", "file-text")] * 100, ("", "", "", "file-too-large")), plans=0
    ),
    "macros": on(("", "", "", "macros-ignored")),
    "strict_open_xml": CLEAN,
    "prefixed_xml": CLEAN,
    "fonts_of_excel_for_mac": CLEAN,
    "dimension_to_the_last_cell": CLEAN,
    **{f"truncated_{n:02}": of_file("file-damaged") for n in range(1, TRUNCATIONS + 1)},
    **{f"byte_changed_in_{part}": of_file("file-unreadable") for part in (*PARTS_READ, *SHEET_PARTS)},
    **{f"byte_changed_in_{part}": CLEAN for part in PARTS_PASSED_BY},
}

_FILLED_UP = tuple(ref(row, col) for row in range(1000, 1005) for col in range(30, 130))

HOSTILE_OUT: Mapping[str, Outcome] = {
    **dict.fromkeys(("bomb", "bomb_in_three_parts", "many_parts"), of_file("file-too-large")),
    **dict.fromkeys(("bomb_that_lies",), of_file("file-unreadable")),
    **{
        f"endless_{kind}": of_file("file-too-large")
        for kind in ("white_space_of_97_mb", "rows", "unknown_elements")
    },
    **{f"endless_{kind}": of_file("file-unreadable") for kind in ("nesting", "attribute", "comment", "tag")},
    "endless_white_space": CLEAN,
    "endless_attributes": CLEAN,
    "endless_text": on(("Needs", "D2000", "", "typed-outside")),
    "endless_entities": on(("Needs", "D2000", "", "typed-outside")),
    **dict.fromkeys(
        (
            "member_with_a_password",
            "member_packed_unknowably",
            "sheet_outside_the_package",
            "sheet_on_the_web",
            "sheet_that_is_missing",
            "shared_string_that_is_missing",
            "doctype_on_the_web",
        ),
        of_file("file-unreadable"),
    ),
    **dict.fromkeys(
        (
            "five_hundred_thousand_cells",
            "three_hundred_thousand_cells",
            "three_hundred_thousand_texts",
            "formatted_to_the_last_row",
        ),
        of_file("file-too-large"),
    ),
    **dict.fromkeys(
        (
            "member_twice",
            "paths_as_members",
            "three_hundred_thousand_formatted_cells",
            "table_name_to_the_last_row",
            "table_name_to_the_last_cell",
            "fifty_thousand_names",
            "six_hundred_sheets",
            "number_format_of_brackets",
        ),
        CLEAN,
    ),
    "names_dropped_among_many_texts": on(
        *names_lost(*TABS_OF_SECTIONS).found,
        *(
            (title, cell, "", "typed-outside")
            for title in ("School and team", "Needs")
            for cell in _FILLED_UP
        ),
        # In as many findings as fields of a CSV file can hold.
        *((title, "", "", "typed-outside-many") for title in ("School and team", "Needs") for _ in range(10)),
    ),
    "fifty_thousand_comments": on(
        *(("Needs", f"A{number}", "", "typed-in-comment") for number in range(1, 501)),
        *[("Needs", "", "", "typed-outside-many")] * 8,
    ),
    "text_in_many_runs": at("direction.mission", "too-long", value="x" * 32_000),
    "address_of_dots": at(
        "identity.contact_email", "too-long", "wrong-form", value="a@" + "." * 32_000 + "@"
    ),
    **{
        f"{what}_in_{part}": of_file("file-unreadable")
        for what in ("entities", "file_named")
        for part in ENTITY_PARTS
    },
}
