"""What a run came to: plans, findings, faults and files, in words and as an exit status.

Takes the results of a build, returns text; prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plbuild.model import Fault, Finding, Status
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.send_back import FOLDER
from plbuild.returns import grouped, sentence

OK, HELD, WRONG_INPUT, FAULT = 0, 1, 2, 3

# Where drafts are kept, below the output folder.
DRAFTS = "plans/drafts/"

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
        waived = [f"{i.owner.name} ({i.owner.id}), {_errors(i.waived)}" for i in self.statuses if i.waived]
        if waived:
            lines.append(f"Let through by waivers in district.yaml: {'; '.join(waived)}.")
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
        lines += self._returned()
        plans, drafts = self._documents()
        copies = sum(name.endswith(".pdf") for name in self.written)
        if plans:
            lines.append(f"{plans} Word plans are in {self.out / 'plans'}.")
        if drafts:
            where = self.out / DRAFTS
            lines.append(f"{drafts} drafts of held plans are in {where}; they count nowhere.")
        if copies:
            lines.append(f"{copies} PDF copies lie beside them.")
        lines.append(f"Look next: {self.out / 'index.html'}")
        return lines

    def _documents(self) -> tuple[int, int]:
        """How many Word plans and how many drafts were written."""
        words = [name for name in self.written if name.endswith(".docx")]
        drafts = sum(name.startswith(DRAFTS) for name in words)
        return len(words) - drafts, drafts

    def _returned(self) -> list[str]:
        """The marked copies, those with most errors first."""
        names = [name for name in self.written if name.startswith(FOLDER)]
        if not names:
            return []
        lines = [f"Send back these files, from {self.out}:", *(f"  - {name}" for name in names[:_SHOWN])]
        if len(names) > _SHOWN:
            lines.append(f"  … and {len(names) - _SHOWN} more in {self.out / FOLDER}.")
        return lines


_STATES = {
    "accepted": "accepted",
    "held": "held until its errors are mended",
    "missing": "not received",
    "exempt": "exempt",
}


def status_words(status: Status) -> str:
    """A state in the words of the summary and of the Word plans."""
    saved = f"; workbook saved on {_long(status.saved)}" if status.saved else ""
    waived = f", {_errors(status.waived)} let through by a waiver" if status.waived else ""
    return f"{_STATES[status.state].capitalize()}{saved}{waived}"


def _long(day: date) -> str:
    """A date as the Word plans write it: 9 Oct 2026."""
    return f"{day.day} {day:%b %Y}"


def _errors(count: int) -> str:
    return f"{count} error{'s' if count > 1 else ''}"
