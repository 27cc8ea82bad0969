"""The starter templates: nothing that a plan asks for is left out, nothing empty is left behind."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from plbuild import archive
from plbuild.documents import plan_context, render, rollup_context
from plbuild.documents.starter import starter
from plbuild.documents.styles import TEXT_WIDTH
from plbuild.model import (
    Answer,
    Column,
    Field,
    PlanSpec,
    Record,
    Rollup,
    RosterRow,
    Section,
    Spec,
    Status,
    Submission,
    TemplateError,
)
from plbuild.model import Table as Figures

TEMPLATES = Path(__file__).parents[2] / "output_templates"
KINDS = ["school_plan", "district_plan"]
OWNER = RosterRow(id="0899100", name="Cedar Valley", columns={})

# The columns that the district's template prints of the roll-up; the tables are written by another stage.
FIGURES = {
    "status": "id school state files reason",
    "goals_by_area": "area level goals schools",
    "alignment": "district_goal district_statement school_id school goal statement orphan",
    "targets": "instrument unit target_type school_id school goal student_group baseline_value "
    "baseline_date target_value target_date",
    "learning_designs": "design form actions district_actions contact_hours person_hours",
    "people": "audience staff_group objectives actions contact_hours person_hours",
    "calendar": "month_name audience running starts",
    "money_by_source": "funding_source schools_amount district_amount amount allocation difference",
    "money_by_school": "school_id school funding_source amount",
}


def filled(plan: PlanSpec, part: Section, item: Field, number: int) -> Answer:
    """An answer that no other field has; a reference names the row of the same number."""
    text = f"{part.name} {item.name} {number} & <{item.type}>"
    if item.type == "ref":
        homes = [ref.rpartition(".")[2] for ref in item.refs]
        prefix = next((plan.section(name).id_prefix for name in homes if "." not in item.refs[0]), "DG")
        text = f"{prefix}{number}"
    return Answer(value=text, entered=text, cell="A1")


def plan_of(plan: PlanSpec, *, rows: int, optional: bool = True) -> Submission:
    """A plan with a text of its own in every field; without the optional ones, only what must be there."""
    sections = {}
    for part in plan.sections:
        asked = [item for item in part.fields if optional or item.required or item.prefilled]
        count = 1 if part.shape == "form" else rows if optional else part.min_rows
        sections[part.name] = tuple(
            Record(
                id=f"{part.id_prefix}{number}" if part.id_prefix else "",
                sheet=part.title,
                row=number,
                answers={item.name: filled(plan, part, item, number) for item in asked},
            )
            for number in range(1, count + 1)
        )
    return Submission(
        file="a plan.xlsx", digest="ab" * 32, kind=plan.kind, version="1", plan_id=OWNER.id, sections=sections
    )


def document(spec: Spec, plan: PlanSpec, item: Submission) -> bytes:
    """The Word plan that the committed template makes of a submission."""
    context = plan_context(spec, plan, item, OWNER, (), {"status": "Accepted"})
    tables = tuple(
        Figures(
            name=name,
            title=f"Title of {name}",
            note="",
            columns=tuple(Column(name=column, title=column) for column in columns.split()),
            rows=(tuple(OWNER.id if column == "id" else f"{name} {column}" for column in columns.split()),),
        )
        for name, columns in FIGURES.items()
    )
    status = Status(owner=OWNER, kind="school_plan", state="accepted")
    context |= rollup_context(Rollup(tables=tables, records=()), [status])
    context["charts"] = dict.fromkeys(("goals_by_area", "hours_by_design", "money_by_source"), "")
    return render((TEMPLATES / f"{plan.kind}.docx").read_bytes(), context)


def text(data: bytes) -> str:
    """All text of a document's body, white space aside."""
    root = etree.fromstring(archive.read(data)["word/document.xml"])
    return squeezed("".join(item.text or "" for item in root.iter(qn("w:t"))))


def squeezed(words: str) -> str:
    """Without white space."""
    return "".join(words.split())


def headings(data: bytes) -> list[tuple[int, str]]:
    """Level and text of each heading."""
    return [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in docx.Document(io.BytesIO(data)).paragraphs
        if paragraph.style and (paragraph.style.name or "").startswith("Heading")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_template_is_what_its_outline_says(spec_2022: Spec, kind: str) -> None:
    outline = (TEMPLATES / f"{kind}.yaml").read_text(encoding="utf-8")
    made = starter(spec_2022, spec_2022.plan(kind), outline)
    # Not the bytes: another zlib packs the same parts otherwise.
    assert archive.read(made) == archive.read((TEMPLATES / f"{kind}.docx").read_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_row_arrives_in_the_document(spec_2022: Spec, kind: str) -> None:
    plan = spec_2022.plan(kind)
    item = plan_of(plan, rows=2)
    found = text(document(spec_2022, plan, item))
    lost = [
        f"{section}.{name} of row {record.row}"
        for section, records in item.sections.items()
        for record in records
        for name, answer in record.answers.items()
        if squeezed(str(answer.value)) not in found
    ]
    assert lost == []


@pytest.mark.parametrize("broken", [["objectives"], ["objectives", "actions", "indicators", "measures"]])
@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_no_goal_leads_to_arrive_all_the_same(
    spec_2022: Spec, kind: str, broken: list[str]
) -> None:
    plan = spec_2022.plan(kind)
    item = plan_of(plan, rows=2)
    sections = dict(item.sections)
    for name in broken:
        refs = {
            field.name: Answer(value="X9", entered="X9", cell="A1")
            for field in plan.section(name).fields
            if field.refs
        }
        sections[name] = tuple(
            replace(record, answers={**record.answers, **refs}) for record in sections[name]
        )
    item = replace(item, sections=sections)
    found = text(document(spec_2022, plan, item))
    lost = [
        f"{name}.{field}"
        for name in ("objectives", "actions", "indicators", "measures")
        for record in item.sections[name]
        for field, answer in record.answers.items()
        if not plan.section(name).field(field).refs and squeezed(str(answer.value)) not in found
    ]
    assert lost == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_filled_in_leaves_nothing_behind(spec_2022: Spec, kind: str) -> None:
    plan = spec_2022.plan(kind)
    data = document(spec_2022, plan, plan_of(plan, rows=0, optional=False))
    titles = {words for _, words in headings(data)}
    # Where no approval was typed there are lines to sign all the same.
    optional = {
        part.title
        for part in plan.sections
        if part.min_rows == 0 and part.shape == "table" and part.name != "approvals"
    }
    assert optional & titles == set()
    assert [words for words in titles if not words.strip()] == []
    for table in docx.Document(io.BytesIO(data)).tables:
        assert len(table.rows) > 1, [cell.text for cell in table.rows[0].cells]


@pytest.mark.parametrize("kind", KINDS)
def test_headings_skip_no_level(spec_2022: Spec, kind: str) -> None:
    plan = spec_2022.plan(kind)
    levels = [level for level, _ in headings(document(spec_2022, plan, plan_of(plan, rows=2)))]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_tables_repeat_their_heading_row_and_never_tear_a_row(spec_2022: Spec, kind: str) -> None:
    plan = spec_2022.plan(kind)
    for table in tables(document(spec_2022, plan, plan_of(plan, rows=2))):
        heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows]
        assert heads == [True, *[False] * (len(table.rows) - 1)]
        assert all(whole)
        assert all(cell.text.strip() for cell in table.rows[0].cells)
        assert not table._tbl.xpath(".//w:gridSpan | .//w:vMerge")
        grid = table._tbl.tblGrid.xpath("./w:gridCol/@w:w")
        assert sum(int(width) for width in grid) <= TEXT_WIDTH * 1440 + len(grid)


def tables(data: bytes) -> Iterator[Table]:
    """The tables of a document."""
    yield from docx.Document(io.BytesIO(data)).tables


@pytest.mark.parametrize("kind", KINDS)
def test_a_tag_stands_whole_in_one_run(kind: str) -> None:
    members = archive.read((TEMPLATES / f"{kind}.docx").read_bytes())
    for name, content in members.items():
        if name.startswith("word/"):
            for run in etree.fromstring(content).iter(qn("w:t")):
                words = run.text or ""
                assert words.count("{{") == words.count("}}"), words
                assert words.count("{%") == words.count("%}"), words
    assert [name for name in members if "stylesWithEffects" in name or "customXml" in name] == []


def test_title_language_header_and_page_numbers(spec_2022: Spec) -> None:
    plan = spec_2022.plan("school_plan")
    data = document(spec_2022, plan, plan_of(plan, rows=1))
    made, members = docx.Document(io.BytesIO(data)), archive.read(data)
    name = "identity display_name 1 & <text>"
    assert made.core_properties.title.startswith(f"{name}: professional learning plan identity plan_year 1")
    assert made.core_properties.language == "en-US"
    assert name in made.sections[0].header.paragraphs[0].text
    footers = [content for key, content in members.items() if re.search(r"word/footer\d", key)]
    assert [footer.count(b'instr="PAGE"') + footer.count(b'instr="NUMPAGES"') for footer in footers] == [2, 2]


# --------------------------------------------------------------------------------------------- outlines

OUTLINE = """
body:
  - h1: <needs>
  - facts: [{field: identity.principal}, {field: identity.display_name}]
  - each: need in needs
    do:
      - table: "goal in need.goals"
        columns: [{field: goal.statement, width: 3}, {field: goal.target_value}]
"""


def test_an_outline_takes_its_words_and_tags_from_the_spec(spec_2022: Spec) -> None:
    made = docx.Document(io.BytesIO(starter(spec_2022, spec_2022.plan("school_plan"), OUTLINE)))
    assert [(item.style.name, item.text) for item in made.paragraphs if item.style] == [
        ("Heading 1", "Needs"),
        ("Fact", "Principal\t{{ identity.principal }}"),
        ("Template Tag", "{%p if identity.display_name %}"),
        ("Fact", "Name on the plan\t{{ identity.display_name }}"),
        ("Template Tag", "{%p endif %}"),
        ("Template Tag", "{%p for need in needs %}"),
        ("Template Tag", "{%p endfor %}"),
    ]
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert rows[0] == ["Goal", "Target"]
    assert rows[2] == ["{{ goal.statement }}", "{{ goal.target_value }}"]
    assert {row[0] for row in rows[1::2]} == {"{%tr for goal in need.goals %}", "{%tr endfor %}"}


@pytest.mark.parametrize(
    ("outline", "problems"),
    [
        ("body: [", "The outline is not YAML"),
        ("head: 1", "The outline has no body."),
        (
            "body: [{h1: <nedes>}, {facts: [{field: identity.princpal}]}, {h9: x}, 7]",
            "Outline, body[0]: there is no section or field <nedes>.\n"
            "Outline, body[1].facts[0]: there is no field identity.princpal.\n"
            "Outline, body[2]: h9: there is no such block.\n"
            "Outline, body[3]: 7 is not a block.",
        ),
        (
            "body: [{table: a in b, columns: [{head: A, cell: [{when: a, text: x}], colour: red}, {head: B, "
            "cell: [{when: a, text: x}]}], total: [1, 2, 3]}]",
            "Outline, body[0].columns[0]: colour: not known here.\n"
            "Outline, body[0].columns[1]: the first line of a cell cannot depend on anything: Word wants one.\n"
            "Outline, body[0].total: 3 texts for 1 columns.",
        ),
    ],
)
def test_a_wrong_outline_tells_every_problem_at_its_path(
    spec_2022: Spec, outline: str, problems: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        starter(spec_2022, spec_2022.plan("school_plan"), outline)
    assert str(caught.value).startswith(problems)
