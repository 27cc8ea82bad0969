"""Word plans: contexts, rendering, starter templates, and the lint of templates.

Takes a submission or a roll-up and a template's bytes, returns the bytes of a Word document. Design
decision: no module here knows a field by name; the spec says what there is, the template what is shown.
"""

from plbuild.documents.annotate import annotate
from plbuild.documents.arrived import ContentLost
from plbuild.documents.contents import with_page_numbers
from plbuild.documents.context import Context, Contexts, plan_context
from plbuild.documents.draft import draft
from plbuild.documents.faults import TemplateFault, TemplatePlace
from plbuild.documents.figures import rollup_context
from plbuild.documents.lint import lint
from plbuild.documents.memo import Memo, Remark, memo_context
from plbuild.documents.pdf import Finished, finished
from plbuild.documents.render import Rendered, render, rendered
from plbuild.documents.starter import starter
from plbuild.documents.tags import Attachment
from plbuild.documents.text import Text

__all__ = [
    "Attachment",
    "ContentLost",
    "Context",
    "Contexts",
    "Finished",
    "Memo",
    "Remark",
    "Rendered",
    "TemplateFault",
    "TemplatePlace",
    "Text",
    "annotate",
    "draft",
    "finished",
    "lint",
    "memo_context",
    "plan_context",
    "render",
    "rendered",
    "rollup_context",
    "starter",
    "with_page_numbers",
]
