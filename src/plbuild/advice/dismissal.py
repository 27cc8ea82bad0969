"""Advice that the district has set aside, and which pieces come first.

Takes findings, returns findings. Design decision: dismissed advice stays in the table under its code, as a
note with the reason that was recorded; a dismissal that had nothing to do is told, like an unused waiver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from plbuild.model import District, Finding, Place, Roster, Spec


def dismiss(spec: Spec, roster: Roster, home: District, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with dismissed advice as notes, then advice on dismissals that did nothing."""
    found = [_dismissed(spec, home, item) for item in findings]
    used = {id(item.dismissal) for item in found if item.dismissal}
    names = {row.id: row.name for row in (roster.district, *roster.schools)}
    for item in home.dismissed:
        if id(item) not in used:
            what = f"{item.code} in {item.field}" if item.field else item.code
            owner = names.get(item.plan) or spec.phrases["every_plan"]
            place = Place(file="district.yaml", plan_id=item.plan)
            found.append(spec.finding("dismissal-unused", place, what=what, owner=owner))
    return found


def _dismissed(spec: Spec, home: District, finding: Finding) -> Finding:
    if finding.severity != "advice":
        return finding
    item = next((one for one in home.dismissed if one.covers(finding.code, finding.where)), None)
    if item is None:
        return finding
    message = spec.phrases["dismissed"].format(message=finding.message, reason=item.reason.rstrip(". "))
    fix = spec.phrases["dismissed_fix"]
    return replace(finding, severity="note", message=message, fix=fix, dismissal=item)


def most_useful(findings: Iterable[Finding], spec: Spec, n: int = 3) -> tuple[Finding, ...]:
    """The ``n`` pieces of advice that help a school most, by the weights of ``advice.yaml``.

    The first piece of each code comes before the second of any.
    """
    seen: dict[str, int] = {}
    ranked = []
    for place, item in enumerate(findings):
        if item.severity == "advice":
            seen[item.code] = seen.get(item.code, 0) + 1
            ranked.append(((seen[item.code], -spec.advice.weights.get(item.code, 0), place), item))
    return tuple(item for _, item in sorted(ranked, key=lambda pair: pair[0])[:n])
