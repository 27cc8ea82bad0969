"""What a Word template may ask for: a plan's answers, formatted, joined and worded.

Takes the spec and submissions, returns the context of each one's document. Knows no field by name: forms,
tables, references, lists and views all come from the spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from plbuild.documents.contents import MARK
from plbuild.documents.demand import OnDemand
from plbuild.documents.rows import Answers, Row, Rows
from plbuild.documents.text import Text, printed
from plbuild.documents.views import view
from plbuild.model import PlanSpec, RosterRow, Spec, Submission, Value, ValueList

FACTS = ("district", "plan_year", "status", "saved", "template", "template_digest", "version", "draft")
"""What the caller may know beside the plan; blank where it does not say."""


class Context(dict[str, object]):
    """What a template may ask for, by name; see ``plan_context``."""

    def __init__(self, entries: Mapping[str, object], rows: Rows) -> None:
        super().__init__(entries)
        self._rows = rows

    def let_go(self) -> None:
        """Free the memory of its rows, when the document is made; see ``Rows.let_go``."""
        self._rows.let_go()


class Contexts:
    """Makes the contexts of many documents, which share what does not differ from one to the other.

    ``others`` are the submissions of other kinds that the plans refer to, such as the district's.
    """

    def __init__(self, spec: Spec, others: Iterable[Submission] = ()) -> None:
        self._spec = spec
        self._answers = Answers(spec, others)
        self._lists = OnDemand({name: partial(_list, item) for name, item in spec.lists.items()})

    def of(
        self, plan: PlanSpec, submission: Submission, owner: RosterRow, facts: Mapping[str, Value]
    ) -> Context:
        """The context of one plan's document; see ``plan_context``."""
        rows = Rows(self._answers, plan, submission)
        sections: dict[str, object] = {
            part.name: rows.form(plan, part) if part.shape == "form" else rows.table(plan, part)
            for part in plan.sections
        }
        views = {
            item.name: partial(
                view, self._spec, plan, item, sections, rows.table(plan, plan.section(item.section))
            )
            for item in plan.views
        }
        entries = {
            "plan": {"kind": Text(plan.kind), "title": Text(plan.title), "version": Text(plan.version)},
            "owner": owner_of(owner),
            "source": {"file": Text(submission.file), "digest": Text(submission.digest)},
            "contents": MARK,
            "facts": facts_of(facts),
            "lists": self._lists,
            "views": OnDemand(views),
            **sections,
        }
        return Context(entries, rows)


def plan_context(
    spec: Spec,
    plan: PlanSpec,
    submission: Submission,
    owner: RosterRow,
    others: Iterable[Submission] = (),
    facts: Mapping[str, Value] | None = None,
) -> Context:
    """The context of one plan's document; of many documents, ``Contexts`` makes them in less time.

    ``others`` are the submissions of other kinds that this plan refers to, such as the district's.
    Under the name of each section stands its form (a row) or its table (a list of rows; empty and so
    false where nothing was filled in). Beside them: ``views`` by name; ``lists`` by name; ``owner``,
    the roster's row; ``plan``, ``source`` (where it came from), ``facts``, what the caller knows (each
    of ``FACTS`` at least), and ``contents``, which prints the list of the document's headings.
    """
    return Contexts(spec, others).of(plan, submission, owner, facts or {})


def _value(value: Value) -> Text:
    kind = "integer" if isinstance(value, int) else "text"
    return Text(printed(value, kind), value)


def facts_of(facts: Mapping[str, Value]) -> dict[str, Text]:
    """What the caller knows, as it is printed; ``FACTS`` at least, blank where it does not say."""
    return {name: _value(value) for name, value in {**dict.fromkeys(FACTS), **facts}.items()}


def owner_of(owner: RosterRow) -> Row:
    """The roster's row as a template asks for it."""
    columns = {name: _value(value) for name, value in owner.columns.items()}
    return Row({**columns, "id": Text(owner.id, owner.id), "name": Text(owner.name, owner.name)}, owner.name)


def _list(item: ValueList) -> dict[str, object]:
    """A list with its values as rows: ``name`` and every attribute that any of them has; ``groups``
    holds them by their attribute ``group``."""
    names = {name for choice in item.choices for name in choice.attributes}
    values = [
        Row(
            {
                **{name: Text(_said(choice.attributes.get(name))) for name in names},
                "name": Text(choice.value, choice.value),
            },
            choice.value,
        )
        for choice in item.choices
    ]
    groups: dict[str, list[Row]] = {}
    for row in values:
        groups.setdefault(str(row.get("group", "")), []).append(row)
    return {
        "title": Text(item.title),
        "entries": values,
        "groups": [{"name": Text(name), "entries": members} for name, members in groups.items()],
    }


def _said(value: str | bool | None) -> str:
    return value if isinstance(value, str) else "yes" if value else ""
