"""What a run came to: plans, findings, faults and files, in words and as an exit status.

Takes the results of a build, returns text; prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plbuild.model import Fault, Finding, Status, shown
from plbuild.pipeline.files import Inputs
from plbuild.returns import grouped, sentence

OK, HELD, WRONG_INPUT, FAULT = 0, 1, 2, 3

# How many findings a terminal shows for one plan; all of them are in findings.csv.
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of ``build`` or ``validate``."""

    inputs: Inputs
    out: Path
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    written: tuple[str, ...]
    unwritten: tuple[tuple[str, str], ...] = ()

    @property
    def exit_status(self) -> int:
        """0 all accepted and built, 1 something held or not written, 3 a fault."""
        if self.faults:
            return FAULT
        errors = any(item.severity == "error" for item in self.findings)
        return HELD if errors or self.unwritten else OK

    def in_state(self, state: str) -> list[Status]:
        """The statuses in one state, in the order of the roster."""
        return [item for item in self.statuses if item.state == state]

    def text(self) -> str:
        """The summary that a district office reads in the terminal."""
        lines = [*self._counts(), *self._findings(), *self._faults(), *self._where()]
        return "\n".join(lines)

    def _counts(self) -> list[str]:
        home = self.inputs.district
        main = self.inputs.spec.owned_by("school").kind
        schools = [item for item in self.statuses if item.kind == main]
        accepted = sum(item.state == "accepted" for item in schools)
        lines = [f"{home.name}, {home.plan_year}: {accepted} of {len(schools)} school plans accepted."]
        for own in (item for item in self.statuses if item.owner.id == home.leaid):
            title = self.inputs.spec.plan(own.kind).title
            lines.append(f"{title}: {_STATES[own.state]}.")
        for state in ("held", "missing", "exempt"):
            named = [item for item in schools if item.state == state]
            if named:
                names = "; ".join(f"{item.owner.name} ({item.owner.id})" for item in named)
                lines.append(f"{_STATES[state].capitalize()}: {names}.")
        if self.passed_over:
            lines.append(f"Passed over (lock and system files): {', '.join(self.passed_over)}.")
        return lines

    def _findings(self) -> list[str]:
        lines: list[str] = []
        by_file: dict[str, list[Finding]] = {}
        for item in self.findings:
            if item.severity != "note":
                by_file.setdefault(item.where.file, []).append(item)
        for file, findings in by_file.items():
            lines += ["", f"{file or 'Not received'}:"]
            groups = grouped(findings)
            lines += [f"  - {sentence(item, cells)}" for item, cells in groups[:_SHOWN]]
            if len(groups) > _SHOWN:
                lines.append(f"  … and {len(groups) - _SHOWN} more in findings.csv.")
        return lines

    def _faults(self) -> list[str]:
        lines = []
        for fault in self.faults:
            last = fault.message.strip().splitlines()[-1]
            lines += ["", f"A fault of plbuild itself stopped {fault.item}: {last}"]
            lines.append("The rest was built. Please report it, with manifest.json.")
        return lines

    def _where(self) -> list[str]:
        lines = [""]
        lines += [f"Not written: {name} ({why})." for name, why in self.unwritten]
        notes = sum(item.severity == "note" for item in self.findings)
        if notes:
            lines.append(f"{notes} note{'s' if notes > 1 else ''} in findings.csv.")
        plans = sum(name.endswith(".docx") for name in self.written)
        if plans:
            lines.append(f"{plans} Word plans are in {self.out / 'plans'}.")
        lines.append(f"Look next: {self.out / ('rollup.xlsx' if plans else 'findings.csv')}")
        return lines


_STATES = {
    "accepted": "accepted",
    "held": "held until its errors are mended",
    "missing": "not received",
    "exempt": "exempt",
}


def status_words(status: Status) -> str:
    """A state in the words of the summary and of the Word plans."""
    saved = f", saved {shown(status.saved)}" if status.saved else ""
    return f"{_STATES[status.state]}{saved}"
