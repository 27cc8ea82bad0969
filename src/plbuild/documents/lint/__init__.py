"""The lint of output templates: everything that is wrong with one, told at its place, in one run.

Takes the spec, a kind of plan and a template's bytes, returns ``TemplateFault``s; never raises for a bad
template. Design decision: a template is judged as it was typed, before docxtpl changes it, because that
is what its editor sees; and each check goes on where another has found something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plbuild.documents.faults import TemplateFault, TemplatePlace
from plbuild.documents.lint import beside, blocks, looks, names, sample, tags
from plbuild.documents.lint.found import Found
from plbuild.documents.lint.names import Shown
from plbuild.documents.lint.package import Package, Part, opened
from plbuild.documents.render import environment
from plbuild.model import PlanSpec, Spec


def lint(
    spec: Spec, plan: PlanSpec, template: bytes, beyond: Mapping[str, object] | None = None
) -> tuple[TemplateFault, ...]:
    """Every fault of the template of a kind of plan, in the order of the document.

    ``beyond`` are samples of what the caller adds to a plan's context, such as the roll-up; what holds
    nothing may be asked for anything.
    """
    package = opened(template)
    if isinstance(package, str):
        return (_worded(spec, Found(code=package, place=TemplatePlace())),)
    context = {**sample.context(spec, plan), **(beyond or {})}
    shown = Shown(plan, context)
    found = [fault for part in package.parts for fault in _part(package, part, context, shown)]
    found += [*beside.unfilled(package), *looks.whole(package), *shown.missing()]
    return tuple(_worded(spec, fault) for fault in found)


def _part(package: Package, part: Part, context: Mapping[str, object], shown: Shown) -> Iterator[Found]:
    jinja = environment()
    passed = looks.contents(part)
    paragraphs = [paragraph for paragraph in part.paragraphs if paragraph.element not in passed]
    typed, found = tags.read(paragraphs, jinja)
    closed, faults = blocks.read(typed)
    found += faults
    found += beside.lost(part, typed)
    found += names.check(typed, closed, context, shown, jinja)
    found += looks.check(package, part, typed)
    # Sorted by paragraph alone, so that the faults of one stay in the order of the checks.
    yield from sorted(found, key=lambda fault: fault.place.paragraph)


def _worded(spec: Spec, fault: Found) -> TemplateFault:
    """A fault in the words of ``messages.yaml``."""
    text = spec.template_faults[fault.code]
    words = dict(fault.words)
    near = words.pop("nearest", "")
    hint = spec.phrases["template_nearest"].format(name=near) if near else ""
    words |= {"nearest": near, "hint": hint}
    return TemplateFault(
        code=fault.code,
        severity=text.severity,
        place=fault.place,
        tag=fault.tag,
        message=text.message.format_map(words),
        fix=text.fix.format_map(words).strip(),
    )
