"""What the checks advise, counted over all plans that came in.

Takes findings, returns a table; plans that are held are in it too, because advice helps them as much.
"""

from __future__ import annotations

from collections.abc import Iterable

from plbuild.model import Finding, Place, Table
from plbuild.rollup import frames, names
from plbuild.rollup.scope import Scope

_NOT_GIVEN = " No findings were given to this table."


def advice_by_check(scope: Scope, findings: Iterable[Finding] | None) -> Table:
    """How often and in how many plans each check advised something, the most common first.

    ``findings`` are those of the build; None where nobody gave them, which the note then says.
    """
    by_code: dict[str, list[Finding]] = {}
    for finding in findings or ():
        if finding.severity == names.ADVICE:
            by_code.setdefault(finding.code, []).append(finding)
    found: list[tuple[tuple[int, int, str], frames.Row]] = []
    for code, said in by_code.items():
        plans = {(item.where.kind, item.where.plan_id) for item in said if item.where.plan_id}
        named = sorted(plans, key=lambda plan: plan[1])
        _, which = frames.listed(scope.labels.get(plan_id, plan_id) for _, plan_id in named)
        cells = (code, len(said), len(plans), said[0].message, which or None)
        lineage = tuple(dict.fromkeys(_source(item.where) for item in said))
        found.append(((-len(plans), -len(said), code), (cells, lineage)))
    found.sort(key=lambda item: item[0])
    rows = [row for _, row in found]
    sums = frames.totals("advice_by_check", rows, "findings")
    given = _NOT_GIVEN if findings is None else ""
    return frames.table("advice_by_check", rows, total=sums, given=given)


def _source(where: Place) -> str:
    return f"{where.file} | {where.sheet} | {where.cell}"
