"""The lint of templates: each named damage gives exactly its faults, at their places, and nothing else."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree
from tests.support import templates as t
from tests.support.templates import (
    END,
    ENDFOR,
    FOR,
    GOAL,
    GOALS,
    HEAD,
    NEED,
    NEEDS,
    STUDENTS,
    TARGET,
    TOP,
    TR_ENDFOR,
    TR_FOR,
    UNDER_GOALS,
    UNDER_NEEDS,
    Damage,
    both,
    follows,
    inside,
    member,
    picture,
    row_property,
    run,
    says,
    without,
)  # fmt: skip

from plbuild import archive
from plbuild.documents import render
from plbuild.documents.annotate import annotate
from plbuild.documents.lint import lint, sample
from plbuild.documents.lint.colours import contrast
from plbuild.model import Spec, TemplateError


def cell(row: int, column: int, heading: str = UNDER_GOALS, table: int = 1) -> str:
    """The place of a cell."""
    return f"{heading}, table {table}, row {row}, column {column}"


S2, N5, E16 = f"{TOP}, paragraph 2", f"{UNDER_NEEDS}, paragraph 5", f"{UNDER_GOALS}, paragraph 16"
N4, N6 = f"{UNDER_NEEDS}, paragraph 4", f"{UNDER_NEEDS}, paragraph 6"
FOOTER, PROPERTIES = "the footer", "the document's properties"
LINK = '<w:hyperlink w:anchor="x"><w:r><w:t>{}</w:t></w:r></w:hyperlink>'
INSERTED = '<w:ins w:id="9" w:author="A">{}</w:ins>'


def field(code: str) -> str:
    """A field of Word's, in one run."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> '
        f'{code} </w:instrText><w:fldChar w:fldCharType="end"/></w:r>'
    )


def footer(text: str) -> t.Change:
    def change(document: Document) -> None:
        document.sections[0].footer.paragraphs[0].text = text

    return change


def title(text: str) -> t.Change:
    def change(document: Document) -> None:
        document.core_properties.title = text

    return change


def merged(document: Document) -> None:
    table = document.tables[0]
    table.cell(2, 0).merge(table.cell(2, 1))
    table.cell(2, 0).paragraphs[0].text = "{{ goal.statement }} {{ goal.target }} {{ goal.need.area }}"
    table.cell(2, 0)._tc.remove(table.cell(2, 0).paragraphs[1]._p)


def commented(text: str) -> t.Change:
    def change(document: Document) -> None:
        document.add_comment(t.at(document, STUDENTS).runs, text=text, author="A")

    return change


def small_table(document: Document) -> None:
    table = document.add_table(3, 2)
    for row in table.rows:
        for at in row.cells:
            at.text = "word"


def nested(document: Document) -> None:
    inner = document.tables[0].cell(2, 1).add_table(1, 1)
    inner.cell(0, 0).paragraphs[0].text = "{{ goal.taget }}"


CONTENTS = field("TOC \\o &quot;1-3&quot;")

DAMAGES: dict[str, Damage] = {
    # The file
    "not a zip": Damage(expected=[("not-a-word-document", "")], package=lambda data: b"no zip"),
    "half a zip": Damage(expected=[("not-a-word-document", "")], package=lambda data: data[: len(data) // 2]),
    "a zip of something else": Damage(
        expected=[("not-a-word-document", "")], package=lambda data: archive.pack({"a.txt": b""})
    ),
    "saved with macros": Damage(
        expected=[("macro-template", "")],
        package=member(
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    ),
    "saved as dotx": Damage(
        expected=[("word-template-file", "")],
        package=member("[Content_Types].xml", b"document.main+xml", b"template.main+xml"),
    ),
    # How a tag is written
    "a tag not closed": Damage(
        expected=[("tag-unclosed", N5)],
        change=says(NEED, "{{ need.area }}: {{ need.finding }} {{ need.id"),
    ),
    "a tag with one brace at its end": Damage(
        expected=[("tag-unclosed", N5)],
        change=says(NEED, "{{ need.id } {{ need.area }}: {{ need.finding }}"),
    ),
    "a closing sign alone": Damage(
        expected=[("tag-unopened", N5)], change=says(NEED, "need.id }} {{ need.area }}: {{ need.finding }}")
    ),
    "braces closed with percent": Damage(
        expected=[("tag-ends-otherwise", N5)],
        change=says(NEED, "{{ need.id %} {{ need.area }}: {{ need.finding }}"),
    ),
    "a tag over two paragraphs": Damage(
        expected=[("tag-across-paragraphs", E16)],
        change=both(says(END, "{{ plan."), follows(END, "title }}")),
    ),
    "a bracket missing": Damage(
        expected=[("tag-syntax", E16)], change=says(END, "{{ goals | total('target' }}")
    ),
    "a quotation mark missing": Damage(
        expected=[("tag-syntax", E16)], change=says(END, "{{ goals | total('target) }}")
    ),
    "an empty tag": Damage(expected=[("tag-empty", E16)], change=says(END, "End {{ }}")),
    "a word misspelt": Damage(
        expected=[("tag-word-unknown", E16)], change=says(END, "{% iff goals %}End{% endif %}")
    ),
    "an include": Damage(expected=[("tag-not-allowed", E16)], change=says(END, "{% include 'other.docx' %}")),
    "a space before the p": Damage(
        expected=[("tag-prefix-apart", E16)], change=says(END, "{% p set done = 1 %}")
    ),
    "one equals sign": Damage(
        expected=[("tag-single-equals", E16)], change=says(END, "{% if plan.title = 'A' %}A{% endif %}")
    ),
    "a percent sign in a paragraph tag": Damage(
        expected=[("tag-percent-or-brace", N4)],
        change=both(
            says(FOR, "{%p if plan.title == '5 %' %}"),
            says(NEED, "{% for need in needs %}{{ need.area }} {{ need.finding }}{% endfor %}"),
            says(ENDFOR, "{%p endif %}"),
        ),
    ),
    "curly quotation marks": Damage(
        expected=[("tag-quotes-typographic", E16)], change=says(END, "{{ goals | total(‘target’) }}")
    ),
    "quotation marks of another language": Damage(
        expected=[("tag-quotes-foreign", E16)], change=says(END, "{{ goals | total(„target“) }}")
    ),
    "an ellipsis": Damage(expected=[("tag-dash-or-ellipsis", E16)], change=says(END, "{{ plan…title }}")),
    "a dash": Damage(expected=[("tag-dash-or-ellipsis", E16)], change=says(END, "{{ needs – goals }}")),
    "a non-breaking space": Damage(
        expected=[("tag-hidden-character", N4)],
        change=says(FOR, "{%p\u00a0for need in needs %}"),
    ),
    "a zero width space": Damage(
        expected=[("tag-hidden-character", E16)], change=says(END, "{{ plan.\u200btitle }}")
    ),
    "a line break in a tag": Damage(
        expected=[("tag-line-break", E16)], change=says(END, "{% if\nplan.title %}End{% endif %}")
    ),
    "a tag half inserted by a tracked change": Damage(
        expected=[("tag-tracked-change", E16), ("tracked-change", E16)],
        change=both(says(END, "{{ plan."), inside(END, INSERTED.format(run("title }}")))),
    ),
    "a tag half in a link": Damage(
        expected=[("tag-torn", E16)],
        change=both(says(END, "{{ plan."), inside(END, LINK.format("title }}"))),
    ),
    "a tag in a comment": Damage(
        expected=[("comment-left", S2), ("tag-not-filled", "a comment")],
        change=commented("{{ plan.title }}?"),
    ),
    "a tag in an endnote": Damage(
        expected=[("tag-not-filled", "an endnote")],
        package=member("word/endnotes.xml", b"", b"<e><p><t>{{ plan.title }}</t></p></e>"),
    ),
    # One mistake in the tag of a loop is one fault.
    "a loop's tag not closed": Damage(
        expected=[("tag-unclosed", N4)], change=says(FOR, "{%p for need in needs")
    ),
    "a loop's tag closed with braces": Damage(
        expected=[("tag-ends-otherwise", N4)], change=says(FOR, "{%p for need in needs }}")
    ),
    "a loop's word in two": Damage(
        expected=[("tag-word-unknown", N6)], change=says(ENDFOR, "{%p end for %}")
    ),
    "a loop's tag with a space before the p": Damage(
        expected=[("tag-prefix-apart", N4)], change=says(FOR, "{% p for need in needs %}")
    ),
    "a loop over what is misspelt": Damage(
        expected=[("name-unknown", N4), ("field-not-shown", "")],
        change=says(FOR, "{%p for need in neds %}"),
    ),
    "a loop that cannot be read": Damage(
        expected=[("tag-syntax", N4), ("field-not-shown", "")],
        change=says(FOR, "{%p for need of needs %}"),
    ),
    # Loops and conditions
    "an endfor forgotten": Damage(expected=[("block-unclosed", N4)], change=without(ENDFOR)),
    "an endif too many": Damage(expected=[("block-unopened", E16)], change=says(END, "End{% endif %}")),
    "an else alone": Damage(expected=[("block-unopened", E16)], change=says(END, "{% else %}End")),
    "a for closed by endif": Damage(expected=[("block-crossed", N6)], change=says(ENDFOR, "{%p endif %}")),
    "two blocks crossed": Damage(
        expected=[("block-crossed", E16)],
        change=says(END, "{% for goal in goals %}{% if goal.need %}x{% endfor %}{% endif %}"),
    ),
    "an inner endif forgotten": Damage(
        expected=[("block-unclosed", E16)],
        change=says(END, "{% for goal in goals %}{% if goal.need %}x{% endfor %}"),
    ),
    "opened for paragraphs, closed within one": Damage(
        expected=[("block-kinds-mixed", N6)], change=says(ENDFOR, "{% endfor %}")
    ),
    "a loop from one cell into the next": Damage(
        expected=[("block-tears-table", cell(3, 2))],
        change=both(
            says(GOAL, "{{ goal.statement }}{% if goal.need %}"),
            says(TARGET, "{{ goal.target }} {{ goal.need.area }}{% endif %}"),
        ),
    ),
    "a row loop closed below the table": Damage(
        expected=[("row-tag-outside-table", E16)],
        change=both(says(TR_ENDFOR, "{{ goal.id }}"), says(END, "{%tr endfor %}")),
    ),
    "a paragraph loop that ends outside its cell": Damage(
        expected=[("block-tears-table", E16)],
        change=both(says(HEAD, "{%p if goals %}"), says(END, "{%p endif %}")),
    ),
    "a loop half in a link": Damage(
        expected=[("block-tears-text", E16)],
        change=both(says(END, "{% if goals %}Some"), inside(END, LINK.format("the goals{% endif %}"))),
    ),
    # What is lost beside a tag
    "text beside a paragraph tag": Damage(
        expected=[("text-beside-paragraph-tag", N6)], change=says(ENDFOR, "And so on. {%p endfor %}")
    ),
    "text beside a row tag": Damage(
        expected=[("text-beside-row-tag", cell(4, 1))], change=says(TR_ENDFOR + 1, "Total")
    ),
    "text beside a cell tag": Damage(
        expected=[("text-beside-cell-tag", cell(1, 2))], change=says(HEAD + 1, "{%tc set a = 1 %} Target")
    ),
    "two paragraph tags in one paragraph": Damage(
        expected=[("text-beside-paragraph-tag", E16), ("two-tags-in-paragraph", E16)],
        change=says(END, "{%p if goals %}End{%p endif %}"),
    ),
    "two row tags in one row": Damage(
        expected=[("text-beside-row-tag", cell(2, 1)), ("two-tags-in-row", cell(2, 2))],
        change=both(
            says(TR_FOR, "{%tr for goal in goals %}{{ goal.statement }}"),
            says(TR_FOR + 1, "{{ goal.target }}{{ goal.need.area }}{%tr endfor %}"),
            says(GOAL, "x"),
            says(TARGET, "y"),
            says(TR_ENDFOR, "z"),
        ),
    ),
    "two cell tags in one cell": Damage(
        expected=[("two-tags-in-cell", cell(1, 2))],
        change=says(HEAD + 1, "{%tc if goals %}{%tc endif %}"),
    ),
    "a cell tag in a paragraph": Damage(
        expected=[("cell-tag-outside-table", E16)], change=says(END, "{%tc set a = 1 %}")
    ),
    "a paragraph tag in the title": Damage(
        expected=[("paragraph-tag-outside-text", f"{PROPERTIES} (title)")],
        change=title("{%p set a = 1 %} A plan"),
    ),
    "a picture beside a paragraph tag": Damage(
        expected=[("text-beside-paragraph-tag", N6)], change=inside(ENDFOR, picture(' descr="A logo"'))
    ),
    # Names
    "a name misspelt": Damage(expected=[("name-unknown", E16)], change=says(END, "{{ golas | length }}")),
    "a name used outside its loop": Damage(
        expected=[("name-unknown", E16)], change=says(END, "{{ need.area }}")
    ),
    "a name misspelt in the footer": Damage(
        expected=[("name-unknown", f"{FOOTER}, paragraph 1")], change=footer("{{ plane.title }}")
    ),
    "a name misspelt in the title": Damage(
        expected=[("name-unknown", f"{PROPERTIES} (title)")],
        change=title("Plan of {{ idenity.school }}"),
    ),
    "a field misspelt": Damage(
        expected=[("field-unknown", f"{TOP}, paragraph 2")],
        change=says(STUDENTS, "{{ identity.enrollment }} {{ identity.enrolment }}"),
    ),
    "a field misspelt in a nested table": Damage(
        expected=[
            ("field-unknown", f"{cell(3, 2)}, in it table 1, row 1, column 1"),
        ],
        change=nested,
    ),
    "a field of another section": Damage(
        expected=[("field-unknown", N5)],
        change=says(NEED, "{{ need.area }} {{ need.finding }} {{ need.target }}"),
    ),
    "a field misspelt behind a reference": Damage(
        expected=[("field-unknown", cell(3, 1))],
        change=says(GOAL, "{{ goal.statement }} {{ goal.need.finding_ }}"),
    ),
    "a field misspelt as a filter's argument": Damage(
        expected=[("field-unknown", E16)], change=says(END, "{{ goals | total('amount') }}")
    ),
    "a list asked for a field": Damage(
        expected=[("list-without-loop", E16)], change=says(END, "{{ goals.statement }}")
    ),
    "a filter misspelt": Damage(
        expected=[("filter-unknown", E16)], change=says(END, "{{ goals | totl('target') }}")
    ),
    "a filter without its argument": Damage(
        expected=[("filter-arguments", E16)], change=says(END, "{{ goals | total }}")
    ),
    "a test misspelt": Damage(
        expected=[("test-unknown", E16)], change=says(END, "{% if goals is filled %}End{% endif %}")
    ),
    "a text repeated": Damage(
        expected=[("not-a-list", E16)],
        change=says(END, "{% for letter in identity.school %}{{ letter }}{% endfor %}"),
    ),
    "a list printed": Damage(expected=[("list-printed", E16)], change=says(END, "{{ goals }}")),
    "a form printed": Damage(expected=[("row-printed", E16)], change=says(END, "{{ identity }}")),
    "a field taken out": Damage(
        expected=[("field-not-shown", "")],
        change=says(STUDENTS, "{% if identity.enrollment %}Some{% endif %}"),
    ),
    # Readers, and what Word leaves behind
    "no heading row": Damage(
        expected=[("heading-row-missing", cell(1, 1))], change=row_property(0, "w:tblHeader")
    ),
    "a table without a loop, unmarked": Damage(
        expected=[("heading-row-unmarked", cell(1, 1, table=2))], change=small_table
    ),
    "a row that may tear": Damage(
        expected=[("row-may-tear", cell(3, 1))], change=row_property(2, "w:cantSplit")
    ),
    "merged cells": Damage(expected=[("cells-merged", cell(3, 1))], change=merged),
    "a picture without a text": Damage(expected=[("alt-text-missing", E16)], change=inside(END, picture(""))),
    "a heading level skipped": Damage(
        expected=[("heading-skipped", f"{UNDER_NEEDS}, paragraph 7")],
        change=lambda document: setattr(t.at(document, GOALS), "style", "Heading 4"),
    ),
    "a heading emptied": Damage(expected=[("heading-empty", f"{TOP}, paragraph 3")], change=says(NEEDS, "")),
    "no title": Damage(expected=[("title-missing", PROPERTIES)], change=title("")),
    "no language": Damage(
        expected=[("language-missing", "the document's settings")],
        package=member("word/styles.xml", b'<w:lang w:val="en-US"', b"<w:lang"),
    ),
    "a bare link": Damage(
        expected=[("link-bare", E16)], change=inside(END, LINK.format("https://school.example/plan"))
    ),
    "click here": Damage(expected=[("link-bare", E16)], change=inside(END, LINK.format("click here"))),
    "pale text": Damage(
        expected=[("contrast-low", E16)], change=inside(END, run("pale", '<w:color w:val="AAAAAA"/>'))
    ),
    "Word's contents": Damage(expected=[("word-contents", E16)], change=inside(END, CONTENTS)),
    "a merge field": Damage(expected=[("merge-field", E16)], change=inside(END, field("MERGEFIELD School"))),
    "a tracked change": Damage(
        expected=[("tracked-change", E16)], change=inside(END, INSERTED.format(run("more")))
    ),
    "a comment left": Damage(expected=[("comment-left", S2)], change=commented("Is this right?")),
}

# What looks odd and is right.
SOUND: dict[str, t.Change] = {
    "as it is": lambda document: None,
    "quotation marks of a text": says(END, "“End” – „of“ … the plan"),
    "a dash in a text of a tag": says(END, "{{ plan.title or '–' }}"),
    "a sign in a text of a tag": says(END, "{{ '{{' }} and {{ '%}' }} and {_{ plan.title }_}"),
    "a line break between signs": says(END, "{{ plan.title\n| upper }}"),
    "a space that does not break": says(END, "{{ goals\u00a0| length }}"),
    "a note": says(END, "{# {{ nothing }} #}End"),
    "raw text": says(END, "{% raw %}{{ nothing }}{% endraw %}"),
    "loops one in another": says(
        END,
        "{% for need in needs %}{% for goal in need.goals %}{{ goal.id }}{% endfor %}{% else %}None{% endfor %}",
    ),
    "a loop over two paragraphs": both(
        says(END, "{% for goal in goals %}{{ loop.index }}"), follows(END, "{{ goal.statement }}{% endfor %}")
    ),
    "conditions": says(
        END, "{% if goals and not needs %}A{% elif plan.title == 'B' %}B{% else %}C{% endif %}"
    ),
    "names of its own": says(
        END,
        "{% set n = goals | length %}{{ n }}{% with m = n + 1 %}{{ m }}{% endwith %}"
        "{% macro say(word) %}{{ word }}{% endmacro %}{{ say('x') }}",
    ),
    "what may not be there": says(
        END,
        "{{ nothing | default('x') }}{% if goals[0].gone is defined %}x{% endif %}{{ facts.anything }}{{ contents }}",
    ),
    "filters": says(
        END,
        "{{ goals | total('target') }}{{ needs | gather('goals') | map(attribute='statement') | join('; ') }}"
        "{% for group in goals | grouped('statement') %}{{ group.name }}{{ group.rows[0].need.area }}{% endfor %}"
        "{{ goals | selectattr('need') | list | counted('goals') }}{{ (needs | first).finding | brief(20) }}",
    ),
    "lists put together": says(
        END, "{% for row in goals + goals %}{{ row.need.goals[0].statement }}{% endfor %}"
    ),
    "a row printed": says(END, "{% for goal in goals %}{{ goal }}: {{ goal.need }}{% endfor %}"),
    "a picture with its text": inside(END, picture(' descr="The logo of the district"')),
    "a link that says where it leads": inside(END, LINK.format("The plan of last year")),
    "dark text": inside(END, run("dark", '<w:color w:val="444444"/>')),
    "white text on dark": inside(
        END, run("white", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>')
    ),
    "a tag in several runs": both(says(END, "{{ pl"), inside(END, run("an.ti")), inside(END, run("tle }}"))),
    "a loop wholly in a link": inside(END, LINK.format("{% if goals %}the goals{% endif %}")),
    "a page number": inside(END, field("PAGE")),
}


def found(spec: Spec, data: bytes) -> list[tuple[str, str]]:
    """The faults of a template of the small plan: code and place."""
    return [(fault.code, str(fault.place)) for fault in lint(t.small_spec(spec), t.PLAN, data)]


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_gives_exactly_its_faults(spec_2022: Spec, name: str) -> None:
    assert sorted(found(spec_2022, DAMAGES[name].done())) == sorted(DAMAGES[name].expected)


@pytest.mark.parametrize("name", SOUND)
def test_what_is_right_gives_none(spec_2022: Spec, name: str) -> None:
    document = t.sound()
    SOUND[name](document)
    assert found(spec_2022, t.saved(document)) == []


# What a build refuses; the other faults leave something out, tear the look, or shut readers out.
REFUSED = [
    "not-a-word-document",
    "macro-template",
    "word-template-file",
    "tag-unclosed",
    "tag-ends-otherwise",
    "tag-syntax",
    "tag-empty",
    "tag-word-unknown",
    "tag-not-allowed",
    "tag-prefix-apart",
    "tag-single-equals",
    "tag-percent-or-brace",
    "tag-quotes-foreign",
    "tag-dash-or-ellipsis",
    "tag-hidden-character",
    "tag-line-break",
    "tag-tracked-change",
    "tag-torn",
    "block-unclosed",
    "block-unopened",
    "block-crossed",
    "row-tag-outside-table",
    "cell-tag-outside-table",
    "name-unknown",
    "field-unknown",
    "list-without-loop",
    "filter-unknown",
    "filter-arguments",
    "test-unknown",
]


def everything(spec: Spec) -> dict[str, object]:
    """The context of the small plan, wholly answered."""
    return {**sample.context(spec, t.PLAN), "contents": "", "facts": {"anything": "x"}}


@pytest.mark.parametrize("name", SOUND)
def test_what_lints_clean_renders(spec_2022: Spec, name: str) -> None:
    document = t.sound()
    SOUND[name](document)
    assert render(t.saved(document), everything(t.small_spec(spec_2022)))


@pytest.mark.parametrize(
    "name", [name for name, damage in DAMAGES.items() if {code for code, _ in damage.expected} & set(REFUSED)]
)
def test_what_is_told_as_broken_is_broken(spec_2022: Spec, name: str) -> None:
    with pytest.raises(TemplateError):
        render(DAMAGES[name].done(), everything(t.small_spec(spec_2022)))


def test_every_fault_has_its_words_and_a_damage_that_provokes_it(spec_2022: Spec) -> None:
    provoked = {code for damage in DAMAGES.values() for code, _ in damage.expected}
    assert set(spec_2022.template_faults) - provoked == set()
    assert len(provoked) >= 50


def first(spec: Spec, name: str) -> tuple[str, str]:
    """The sentences of the first fault of a damage."""
    fault = lint(t.small_spec(spec), t.PLAN, DAMAGES[name].done())[0]
    return str(fault), fault.fix


def test_a_fault_is_a_sentence_that_an_editor_can_follow(spec_2022: Spec) -> None:
    assert first(spec_2022, "a field misspelt in a nested table") == (
        'In the document, under "Goals", table 1, row 3, column 2, in it table 1, row 1, column 1, '
        'at "{{ goal.taget }}": "goal" has nothing called "taget".',
        'Did you mean "target"? The names are those of the workbook\'s specification.',
    )
    assert first(spec_2022, "a list asked for a field") == (
        'In the document, under "Goals", paragraph 16, at "{{ goals.statement }}": '
        '"goals" is a list of rows; "statement" can be asked of one row only.',
        "Repeat it: {% for row in goals %}{{ row.statement }}{% endfor %}",
    )
    assert first(spec_2022, "text beside a row tag")[0] == (
        'In the document, under "Goals", table 1, row 4, column 1, at "{%tr endfor %}": A {%tr tag takes the '
        'place of its whole row. This would be lost: "Total".'
    )
    assert first(spec_2022, "a field taken out") == (
        'No tag shows "Enrollment" of the part "Identity", which plans answer.',
        "Add a tag with identity.enrollment, unless it is left out on purpose.",
    )
    assert first(spec_2022, "a for closed by endif")[0].endswith(
        'at "{%p endif %}": The tag stands where {%p for need in needs %} (the document, under "Needs", '
        "paragraph 4) should be closed first."
    )


def test_all_faults_of_a_template_are_told_at_once_in_its_order(spec_2022: Spec) -> None:
    document = t.sound()
    for name in (
        "a field misspelt",
        "text beside a row tag",
        "a list printed",
        "a name misspelt in the footer",
    ):
        DAMAGES[name].change(document)
    assert [code for code, _ in found(spec_2022, t.saved(document))] == [
        "field-unknown", "text-beside-row-tag", "list-printed", "name-unknown",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["school_plan", "district_plan"])
def test_an_empty_template_shows_no_field(spec_2022: Spec, kind: str) -> None:
    plan = spec_2022.plan(kind)
    missing = [f for f in lint(spec_2022, plan, t.saved(docx.Document())) if f.code == "field-not-shown"]
    assert len(missing) == sum(len(part.fields) for part in plan.sections)


def test_a_field_that_a_profile_hides_need_not_be_shown_and_may_be(spec_2022: Spec) -> None:
    first, *others = t.PLAN.sections
    hidden = replace(first, fields=first.fields[:1], hidden=first.fields[1:])
    plan = replace(t.PLAN, sections=(hidden, *others))
    spec = replace(spec_2022, plans=(plan,))
    assert lint(spec, plan, t.saved(t.sound())) == ()
    assert lint(spec, plan, DAMAGES["a field taken out"].done()) == ()


def test_an_open_end_is_not_judged(spec_2022: Spec) -> None:
    document = t.sound()
    t.says(END, "{{ rollup.money.rows[0].amount }} {{ rollup.mony }}")(document)
    spec = t.small_spec(spec_2022)
    faults = lint(spec, t.PLAN, t.saved(document), {"rollup": {"money": {"rows": []}}})
    assert [(fault.code, fault.tag) for fault in faults] == [("field-unknown", "{{ rollup.mony }}")]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("000000", "FFFFFF", 21.0), ("767676", "FFFFFF", 4.54), ("FFFFFF", "FFFFFF", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


# ---------------------------------------------------------------------------------------- comments


def texts(data: bytes, part: str) -> list[str]:
    """The texts of a part's runs."""
    return [item.text or "" for item in etree.fromstring(archive.read(data)[part]).iter("{*}t")]


def test_each_fault_is_a_comment_at_its_paragraph_and_the_text_stays(spec_2022: Spec) -> None:
    document = t.sound()
    for name in (
        "a field misspelt",
        "text beside a row tag",
        "a name misspelt in the footer",
        "a heading emptied",
    ):
        DAMAGES[name].change(document)
    data = t.saved(document)
    faults = lint(t.small_spec(spec_2022), t.PLAN, data)
    copy = annotate(data, faults)
    assert copy == annotate(data, faults)
    for part in ("word/document.xml", "word/footer1.xml"):
        assert texts(copy, part) == texts(data, part)
    made = docx.Document(io.BytesIO(copy))
    said = {str(comment.comment_id): comment for comment in made.comments}
    assert {comment.author for comment in said.values()} == {"plbuild"}
    places = []
    for reference in made.element.body.iter(qn("w:commentReference")):
        paragraph = next(reference.iterancestors(qn("w:p")))
        words = "".join(item.text or "" for item in paragraph.iter(qn("w:t")))
        places.append((words[:20], said[reference.get(qn("w:id"))].text.splitlines()[0][:50]))
    assert sorted(places) == [
        ("", "A heading is empty."),
        ("Plan of {{ identity.", 'In the footer, paragraph 1, at "{{ plane.title }}"'),
        ("{%tr endfor %}", "{%tr endfor %}"),
        ("{{ identity.enrollme", "{{ identity.enrolment }}"),
    ]


def test_what_cannot_be_opened_gets_no_comments() -> None:
    with pytest.raises(TemplateError, match="not a Word document"):
        annotate(b"no zip", ())


def test_an_empty_template_is_annotated_too(spec_2022: Spec) -> None:
    data = t.saved(docx.Document())
    spec = t.small_spec(spec_2022)
    copy = docx.Document(io.BytesIO(annotate(data, lint(spec, t.PLAN, data))))
    assert len(list(copy.comments)) == 8


# ------------------------------------------------------------------------------- faults of a build


def test_a_failure_while_rendering_is_told_at_its_cell(spec_2022: Spec) -> None:
    broken = DAMAGES["a field misspelt in a nested table"].done()
    with pytest.raises(TemplateError) as caught:
        render(broken, everything(t.small_spec(spec_2022)))
    assert re.sub(r', at ".*', "", caught.value.problems[0]) == (
        'In the document of the template, under "Goals", table 1, row 3, column 2, in it table 1, row 1, column 1'
    )


@pytest.mark.parametrize(
    "name", [name for name, damage in DAMAGES.items() if "field-unknown" in damage.expected[0]]
)
def test_lint_and_build_tell_the_same_cell(spec_2022: Spec, name: str) -> None:
    data = DAMAGES[name].done()
    place = lint(t.small_spec(spec_2022), t.PLAN, data)[0].place
    with pytest.raises(TemplateError) as caught:
        render(data, everything(t.small_spec(spec_2022)))
    said = caught.value.problems[0]
    assert [str(cell) in said for cell in place.cells] == [True] * len(place.cells)
    assert (", table " in said) == bool(place.cells)
