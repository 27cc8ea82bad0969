"""Advice that the district has set aside, and which pieces come first.

Takes findings, returns findings. Design decision: dismissed advice stays in the table under its code, as a
note with the reason that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from plbuild.model import Dismissal, District, Finding, Spec


def dismiss(spec: Spec, home: District, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with dismissed advice as notes."""
    by_code: dict[str, list[Dismissal]] = {}
    for item in home.dismissed:
        by_code.setdefault(item.code, []).append(item)
    return [_dismissed(spec, by_code.get(one.code, ()), one) for one in findings]


def _dismissed(spec: Spec, known: Sequence[Dismissal], finding: Finding) -> Finding:
    if finding.severity != "advice":
        return finding
    item = next((one for one in known if one.covers(finding.code, finding.where)), None)
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
