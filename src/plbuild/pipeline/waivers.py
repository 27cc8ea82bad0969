"""Errors that the district lets through: who approved it, why, until when; and what lets nothing through.

Takes the findings, the waivers and the dismissals of ``district.yaml``, returns findings. Design decision: a
waived error stays in the table under its code, as a note that says who let it through, so that nobody takes
the plan for faultless. A waiver lets through what it names and no more, up to and including its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from plbuild.model import Dismissal, District, Finding, Place, Roster, Spec, Waiver, shown

EXPIRED, UNUSED, USED = "expired", "unused", "used"
_CODES = {EXPIRED: "waiver-expired", UNUSED: "waiver-unused"}


def let_through(
    spec: Spec, roster: Roster, home: District, findings: Iterable[Finding], as_of: date
) -> list[Finding]:
    """The findings with the waived errors as notes, then advice on waivers that did nothing."""
    live: dict[tuple[str, str], list[Waiver]] = {}
    for item in home.waivers:
        if as_of <= item.until:
            live.setdefault((item.plan, item.code), []).append(item)
    found = [_waived(spec, one, live.get((one.where.plan_id, one.code), ())) for one in findings]
    used = [one for one in found if one.waiver]
    states = ((item, state(item, used, as_of)) for item in home.waivers)
    return [*found, *(_idle(spec, roster, item, _CODES[now]) for item, now in states if now in _CODES)]


def unused_dismissals(
    spec: Spec, roster: Roster, home: District, findings: Iterable[Finding]
) -> list[Finding]:
    """Advice on dismissals that set nothing aside."""
    used = {id(one.dismissal) for one in findings if one.dismissal}
    unused = (item for item in home.dismissed if id(item) not in used)
    return [_idle(spec, roster, item, "dismissal-unused") for item in unused]


def state(waiver: Waiver, findings: Iterable[Finding], as_of: date) -> str:
    """What became of a waiver: it ran out, it let something through, or it had nothing to do."""
    if waiver.until < as_of:
        return EXPIRED
    return USED if any(item.waiver is waiver for item in findings) else UNUSED


def _waived(spec: Spec, finding: Finding, live: Sequence[Waiver]) -> Finding:
    """The finding, a note where a waiver covers it; of several waivers the first counts."""
    if finding.severity != "error":
        return finding
    waiver = next((item for item in live if item.covers(finding.code, finding.where)), None)
    if waiver is None:
        return finding
    until = shown(waiver.until)
    message = spec.phrases["waived"].format(
        message=finding.message, why=waiver.why.rstrip(". "), approved_by=waiver.approved_by, until=until
    )
    fix = spec.phrases["waived_fix"].format(fix=finding.fix, until=until)
    return replace(finding, severity="note", message=message, fix=fix, waiver=waiver)


def _idle(spec: Spec, roster: Roster, item: Waiver | Dismissal, code: str) -> Finding:
    """What is said of a waiver or a dismissal that does nothing."""
    owner = roster.names.get(item.plan, spec.phrases["every_plan"])
    what = f"{item.code} in {item.field}" if item.field else item.code
    words = {"owner": owner, "plan_id": item.plan, "what": what}
    until = shown(item.until) if isinstance(item, Waiver) else ""
    return spec.finding(code, place(spec, roster, item), **words, until=until)


def place(spec: Spec, roster: Roster, item: Waiver | Dismissal) -> Place:
    """Where a waiver or a dismissal stands, with the words of the spec for the field that it names."""
    found = Place(file="district.yaml", plan_id=item.plan)
    section, _, name = item.field.partition(".")
    for plan in spec.plans:
        part = next((one for one in plan.sections if one.name == section), None)
        if part and (not item.plan or roster.owner(plan, item.plan)):
            label = next((one.label for one in part.fields if one.name == name), "")
            return replace(found, section=section, section_title=part.title, field=name, label=label)
    return found
