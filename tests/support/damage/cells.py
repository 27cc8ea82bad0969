"""What people type: each habit of the field notes, typed into a filled plan.

Takes a ``Patient``, changes its cells.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

from tests.support.damage.patient import Patient
from tests.support.damage.surgery import Content

Cut = Callable[[Patient], None]

EPOCH_DIFFERENCE = 1462  # days from 12/30/1899, where Excel counts from, to 1/1/1904, where old Macs did

TYPED: Mapping[str, Mapping[str, Content]] = {
    # numbers
    "percent_sign": {"goals.target_value 1": "55%"},
    "percent_sign_after_a_space": {"goals.target_value 1": "55 %"},
    "share_for_a_percent": {"goals.target_value 1": 0.55},
    "dollars": {"resources.amount 2": "$14,400.00"},
    "thousands_with_a_comma": {"resources.amount 2": "14,400"},
    "number_as_text": {"goals.target_value 1": "55"},
    "number_in_words": {"actions.sessions 3": "about three"},
    "number_with_its_unit": {"actions.sessions 3": "3 sessions"},
    "part_of_a_session": {"actions.sessions 3": 2.5},
    "two_readings_of_a_dot": {"resources.amount 2": "1.200"},
    "negative_amount": {"resources.amount 2": -14400},
    "truth_for_a_number": {"actions.sessions 3": True},
    "digits_for_a_text": {"identity.display_name": 42},
    "truth_for_a_text": {"identity.display_name": True},
    # nothing to say
    "na_where_optional": {"team.represents 1": "N/A"},
    "none_where_optional": {"direction.last_year_did_not": "none"},
    "dash_where_optional": {"needs.student_group 1": "-"},
    "na_for_a_required_number": {"goals.target_value 1": "N/A"},
    "na_for_a_required_choice": {"needs.area 1": "N/A"},
    "white_space_for_an_answer": {"direction.mission": "  \n "},
    "nothing_for_an_answer": {"direction.mission": None},
    "number_without_its_unit": {"needs.unit 1": None},
    "half_a_row": {"needs.finding 3": "Half the class is late on Mondays."},
    # dates
    "date_as_text": {"needs.data_date 1": "6/2/2026"},
    "date_year_first": {"needs.data_date 1": "2026-06-02"},
    "date_in_words": {"needs.data_date 1": "June 2, 2026"},
    "date_in_words_day_first": {"needs.data_date 1": "2 June 2026"},
    "date_day_first_in_numbers": {"needs.data_date 1": "25/06/2026"},
    "date_of_two_orders": {"needs.data_date 1": "03/04/26"},
    "date_with_a_time": {"needs.data_date 1": 46175.5},
    "date_as_eight_digits": {"needs.data_date 1": 20260602},
    "date_placeholder": {"needs.data_date 1": "<insert date>"},
    "end_before_start": {"actions.end_date 1": 46000},
    # choices
    "choice_in_another_case": {"needs.area 1": "graduation AND readiness"},
    "choice_with_a_space_behind": {"needs.area 1": "Graduation and readiness "},
    "choice_with_hard_spaces": {"needs.area 1": "Graduation\u00a0and\u00a0readiness"},
    "choice_with_another_dash": {"needs.area 1": "Social\u2013emotional learning and climate"},
    "choice_pasted_over": {"needs.area 1": "Getting students to the stage"},
    "choice_prompt_left": {"needs.area 1": "Choose an item"},
    "reference_in_lower_case": {"objectives.goal 2": "g1"},
    "reference_with_a_space_behind": {"objectives.goal 2": "G1 "},
    "reference_to_an_empty_row": {"objectives.goal 2": "G4"},
    "two_references_in_one_cell": {"objectives.goal 2": "G1, G2"},
    # codes and addresses
    "zeros_lost": {"identity.ncessch": 89910000106},
    "plan_year_with_another_dash": {"identity.plan_year": "2026\u201327"},
    "plan_year_in_full": {"identity.plan_year": "2026-2027"},
    "address_as_a_link": {"identity.contact_email": "mailto:dale.ottinger@cedarvalley.example"},
    "address_without_at": {"identity.contact_email": "the front office"},
    # texts
    "escaped_control_character": {"direction.mission": "We teach._x000B_We listen."},
    "escape_that_was_typed": {"direction.mission": "Form _x005F_x0041_ is due."},
    "zero_width_space": {"direction.mission": "We\u200b teach."},
    "nothing_but_zero_width": {"direction.mission": "\u200b\u200b"},
    "emoji": {"direction.mission": "Every student \U0001f393, every day \U0001f468\u200d\U0001f469\u200d\U0001f467!"},
    "bullets": {"direction.mission": "• teach\n• listen\n- and write it down"},
    "smart_quotes": {"direction.mission": "“Nobody’s late” – we’d say so…"},
    "leading_equals_sign": {"direction.mission": "=everybody learns"},
    "markup": {"direction.mission": "<b>Learn</b> & teach {{ mission }} {% if %} &amp;"},
    "right_to_left": {"direction.mission": "שלום\u200f עולם"},
    "word_table": {"direction.mission": "Who\tWhat\tWhen\nAll\tTeach\tDaily\n"},
    "a_thousand_and_one_characters": {"direction.mission": "x" * 1001},
    "all_that_a_cell_holds": {"direction.mission": "word " * 6553 + "ab"},
    "a_million_characters": {"direction.mission": "word " * 200_000},
    "a_million_characters_in_the_margin": {"direction.mission@margin": "word " * 200_000},
}  # fmt: skip
"""Kind of damage -> what was typed where."""


def typed(name: str) -> Cut:
    """The cut of one entry of ``TYPED``."""

    def cut(book: Patient) -> None:
        for spot, value in TYPED[name].items():
            path, _, margin = spot.partition("@")
            title, place = book.at(path)
            book.put(title, "Z9" if margin else place, value)

    return cut


def _xml(spot: str, inner: str, kind: str = "") -> Cut:
    return lambda book: book.enter_xml(spot, inner, kind)


def _percent_format(book: Patient) -> None:
    book.enter("goals.target_value 1", 0.55)
    book.restyle(*book.at("goals.target_value 1"), 9)


def _date_without_format(book: Patient) -> None:
    book.restyle(*book.at("needs.data_date 1"), 0)


def _count_with_date_format(book: Patient) -> None:
    book.restyle(*book.at("actions.sessions 3"), 14)


def old_mac(book: Patient) -> None:
    """Every date of the workbook, and the workbook itself, counted from 1/1/1904."""
    properties = book.tree("xl/workbook.xml").find("{*}workbookPr")
    assert properties is not None
    properties.set("date1904", "1")
    for section in book.plan.sections:
        for spot in book.spots(section):
            stored = book.text(*book.at(spot)) if _is_date(book, spot) else ""
            if stored:
                book.enter(spot, float(stored) - EPOCH_DIFFERENCE)


def _is_date(book: Patient, spot: str) -> bool:
    return book.plan.find(spot.partition(" ")[0])[1].type == "date"


def _rich_text(book: Patient) -> None:
    runs = (
        '<r><rPr><b/></rPr><t xml:space="preserve">We take students who were about to stop </t></r>'
        "<r><t>coming to school and we get them a diploma.</t></r>"
        '<rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/>'
    )
    book.enter_xml("direction.mission", f"<is>{runs}</is>", "inlineStr")


def shared_strings(book: Patient) -> None:
    """As Excel saves: the texts in a part of their own, rich ones with runs and hints how to speak them."""
    texts: dict[str, int] = {}
    for title in book.titles:
        for node in book.sheet(title).iter("{*}c"):
            if node.get("t") == "inlineStr":
                number = texts.setdefault("".join(map(str, node.itertext())), len(texts))
                for child in list(node):
                    node.remove(child)
                node.set("t", "s")
                value = node.makeelement(node.tag.replace("}c", "}v"))
                value.text = str(number)
                node.append(value)
    items = "".join(map(_item, texts))
    book.parts["xl/sharedStrings.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'
    ).encode()
    book.relate("xl/workbook.xml", "sharedStrings", "sharedStrings.xml")


def _item(text: str) -> str:
    half = len(text) // 2
    runs = "".join(
        f'<r><rPr><sz val="11"/></rPr><t xml:space="preserve">{html.escape(part, quote=False)}</t></r>'
        for part in (text[:half], text[half:])
    )
    return f'<si>{runs}<rPh sb="0" eb="2"><t>how it is spoken</t></rPh></si>'


def _shared_formula(book: Patient) -> None:
    book.enter_xml("actions.participants 1", '<f t="shared" ref="A1:A2" si="0">2+3</f><v>5</v>')
    book.enter_xml("actions.participants 2", '<f t="shared" si="0"/><v>5</v>')


def _raw_control_character(book: Patient) -> None:
    """A character that may not stand in XML, as some exporters write it all the same."""
    title, place = book.at("direction.mission")
    book.put(title, place, "the bell")
    book.replace(book.part(title), b"the bell", b"the bell \x07")


_DDE = "<f>cmd|' /C calc'!A0</f><v>Dale Ottinger</v>"

CELLS: Mapping[str, Cut] = {
    **{name: typed(name) for name in TYPED},
    "percent_format": _percent_format,
    "date_without_a_format": _date_without_format,
    "count_with_a_date_format": _count_with_date_format,
    "date_as_iso": _xml("needs.data_date 1", "<v>2026-06-02T00:00:00</v>", "d"),
    "formula_with_its_value": _xml("actions.participants 1", "<f>2+3</f><v>5</v>"),
    "formula_with_a_text": _xml("team.name 1", '<f>"Dale "&amp;"Ottinger"</f><v>Dale Ottinger</v>', "str"),
    "formula_without_a_value": _xml("goals.target_value 1", "<f>50+5</f><v></v>"),
    "formula_without_a_value_for_a_choice": _xml("needs.area 1", "<f>Lists!A1</f>"),
    "formula_with_an_error": _xml("goals.target_value 1", "<f>1/0</f><v>#DIV/0!</v>", "e"),
    "formula_to_another_program": _xml("team.name 1", _DDE, "str"),
    "formula_shared_by_two_cells": _shared_formula,
    "error_value": _xml("goals.statement 1", "<v>#REF!</v>", "e"),
    "number_beyond_all_numbers": _xml("goals.target_value 1", "<v>1E999</v>"),
    "number_that_is_none": _xml("goals.target_value 1", "<v>NaN</v>"),
    "raw_control_character": _raw_control_character,
    "rich_text": _rich_text,
    "shared_strings": shared_strings,
    "epoch_of_old_macs": old_mac,
}
"""Kind of damage -> the cut."""
