"""Errors that the district lets through: who approved it, why, until when.

Takes the findings and the waivers of ``district.yaml``, returns findings. Design decision: a waived error
stays in the table under its code, as a note that says who let it through, so that nobody takes the plan
for faultless. A waiver lets through what it names and no more, up to and including its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from plbuild.model import Dismissal, District, Finding, Place, Roster, Spec, Waiver, shown

EXPIRED, UNUSED, USED = "expired", "unused", "used"


def let_through(
    spec: Spec, roster: Roster, home: District, findings: Iterable[Finding], as_of: date
) -> list[Finding]:
    """The findings with the waived errors as notes, then advice on waivers that did nothing."""
    live = [item for item in home.waivers if as_of <= item.until]
    found = [_waived(spec, item, live) for item in findings]
    return [*found, *_idle(spec, roster, home, found, as_of)]


def state(waiver: Waiver, findings: Iterable[Finding], as_of: date) -> str:
    """What became of a waiver: it ran out, it let something through, or it had nothing to do."""
    if waiver.until < as_of:
        return EXPIRED
    return USED if any(item.waiver is waiver for item in findings) else UNUSED


def _waived(spec: Spec, finding: Finding, live: list[Waiver]) -> Finding:
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


def _idle(spec: Spec, roster: Roster, home: District, findings: list[Finding], as_of: date) -> list[Finding]:
    codes = {EXPIRED: "waiver-expired", UNUSED: "waiver-unused"}
    names = {row.id: row.name for row in (roster.district, *roster.schools)}
    found = []
    for waiver in home.waivers:
        if code := codes.get(state(waiver, findings, as_of)):
            words = {"owner": names.get(waiver.plan, ""), "plan_id": waiver.plan}
            what = f"{waiver.code} in {waiver.field}" if waiver.field else waiver.code
            words |= {"what": what, "until": shown(waiver.until)}
            found.append(spec.finding(code, place(spec, roster, waiver), **words))
    return found


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
