"""The types that cross a stage border, and the few rules that every stage shares.

Owns: the spec as objects, a submission as records of answers, findings, the roll-up as plain rows.
Design decision: every type is a frozen, slotted, keyword-only dataclass of plain values, so that it
pickles into a worker process, compares in a test and prints in a message.
"""

from __future__ import annotations

from plbuild.model.district import (
    District,
    Fault,
    Roster,
    RosterRow,
    Status,
)
from plbuild.model.errors import (
    InputError,
    RosterError,
    SpecError,
    TemplateError,
)
from plbuild.model.figures import (
    Column,
    Made,
    Picture,
    Rollup,
    Row,
    Run,
    Runs,
    Stand,
    Table,
)
from plbuild.model.findings import (
    Dismissal,
    Finding,
    Place,
    Waiver,
)
from plbuild.model.spec import (
    DATE_ORDERS,
    AdviceRules,
    Choice,
    Condition,
    Exempts,
    Field,
    MessageText,
    PlanSpec,
    Section,
    Spec,
    Step,
    ValueList,
    View,
)
from plbuild.model.stored import PlainValues, packed_values, unpacked_values
from plbuild.model.submissions import (
    Answer,
    Record,
    Submission,
)
from plbuild.model.words import (
    NOTE_END,
    NOTE_HEAD,
    Value,
    checksum,
    digest,
    excerpt,
    furniture,
    furniture_mark,
    guarded,
    is_our_note,
    money,
    plain_number,
    safe_name,
    shown,
)

__all__ = [
    "DATE_ORDERS",
    "NOTE_END",
    "NOTE_HEAD",
    "AdviceRules",
    "Answer",
    "Choice",
    "Column",
    "Condition",
    "Dismissal",
    "District",
    "Exempts",
    "Fault",
    "Field",
    "Finding",
    "InputError",
    "Made",
    "MessageText",
    "Picture",
    "Place",
    "PlainValues",
    "PlanSpec",
    "Record",
    "Rollup",
    "Roster",
    "RosterError",
    "RosterRow",
    "Row",
    "Run",
    "Runs",
    "Section",
    "Spec",
    "SpecError",
    "Stand",
    "Status",
    "Step",
    "Submission",
    "Table",
    "TemplateError",
    "Value",
    "ValueList",
    "View",
    "Waiver",
    "checksum",
    "digest",
    "excerpt",
    "furniture",
    "furniture_mark",
    "guarded",
    "is_our_note",
    "money",
    "packed_values",
    "plain_number",
    "safe_name",
    "shown",
    "unpacked_values",
]
