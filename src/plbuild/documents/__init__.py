"""Word plans: contexts, rendering, starter templates, and the lint of templates.

Takes a submission or a roll-up and a template's bytes, returns the bytes of a Word document. Design
decision: no module here knows a field by name; the spec says what there is, the template what is shown.
What makes and judges templates, in ``starter``, ``lint`` and ``annotate``, is not loaded with the rest: it
takes as long to load, and no build has a use for it.
"""

from plbuild.documents.arrived import ContentLost
from plbuild.documents.contents import with_page_numbers
from plbuild.documents.context import Context, Contexts, plan_context
from plbuild.documents.draft import draft
from plbuild.documents.faults import TemplateFault, TemplatePlace
from plbuild.documents.figures import rollup_context
from plbuild.documents.memo import Memo, Remark, memo_context
from plbuild.documents.pdf import Finished, finished
from plbuild.documents.render import Rendered, render, rendered
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
    "draft",
    "finished",
    "memo_context",
    "plan_context",
    "render",
    "rendered",
    "rollup_context",
    "with_page_numbers",
]
