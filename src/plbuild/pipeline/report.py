"""What a run came to: plans, findings, faults and files, in words and as an exit status.

Takes the results of a build, returns text; prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plbuild.checks import DUPLICATE
from plbuild.model import Fault, Finding, Status
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.judge import choices_once
from plbuild.pipeline.send_back import FOLDER
from plbuild.returns import grouped, sentence

OK, HELD, WRONG_INPUT, FAULT = 0, 1, 2, 3
STOPPED = 130  # what shells give for a program that Ctrl-C ended

# Where drafts are kept, below the output folder.
DRAFTS = "plans/drafts/"

NOTES = "notes/"
"""Where the reviewer's notes are."""

# Files that are the district's: what is advised on them, or on all plans together, is for its office.
_OWN = ("", "district.yaml")

# How many findings a terminal shows for one plan; all of them are in findings.csv.
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of ``build`` or ``validate``; ``since`` says in a line what changed, or nothing."""

    inputs: Inputs
    out: Path
    statuses: tuple[Status, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    written: tuple[str, ...]
    unwritten: tuple[tuple[str, str], ...] = ()
    since: str = ""

    @property
    def exit_status(self) -> int:
        """0 all accepted and built, 1 something held or not written, 3 a fault."""
        if self.faults:
            return FAULT
        errors = any(item.severity == "error" for item in self.findings)
        return HELD if errors or self.unwritten else OK

    def text(self) -> str:
        """The summary that a district office reads in the terminal."""
        lines = [*self._counts(), *self._choices(), *self._findings(), *self._faults(), *self._where()]
        return "\n".join(lines)

    def heading(self) -> str:
        """How many of the schools' plans are accepted, in a sentence."""
        home, schools = self.inputs.district, self._schools()
        accepted = sum(item.state == "accepted" for item in schools)
        return f"{home.name}, {home.plan_year}: {accepted} of {len(schools)} school plans accepted."

    def _schools(self) -> list[Status]:
        main = self.inputs.spec.owned_by("school").kind
        return [item for item in self.statuses if item.kind == main]

    def _counts(self) -> list[str]:
        home, schools = self.inputs.district, self._schools()
        lines = [self.heading()]
        for own in (item for item in self.statuses if item.owner.id == home.leaid):
            title = self.inputs.spec.plan(own.kind).title
            lines.append(f"{title}: {state_words(own)}.")
        by_words: dict[str, list[Status]] = {}
        for state in ("held", "missing", "exempt"):
            for item in (item for item in schools if item.state == state):
                by_words.setdefault(state_words(item), []).append(item)
        for words, named in by_words.items():
            names = "; ".join(f"{item.owner.name} ({item.owner.id})" for item in named)
            lines.append(f"{words.capitalize()}: {names}.")
        waived = [f"{i.owner.name} ({i.owner.id}), {_errors(i.waived)}" for i in self.statuses if i.waived]
        if waived:
            lines.append(f"Let through by waivers in district.yaml: {'; '.join(waived)}.")
        if self.passed_over:
            lines.append(f"Passed over (lock and system files): {', '.join(self.passed_over)}.")
        return lines

    def _choices(self) -> list[str]:
        """The plans of which the district must say which file counts."""
        names = {(item.kind, item.owner.id): item.owner.name for item in self.statuses}
        found = choices_once(f for f in self.findings if f.code == DUPLICATE)
        if not found:
            return []
        lines = ["", "For you to choose:"]
        for item in found[:_SHOWN]:
            name = names.get((item.where.kind, item.where.plan_id), item.where.plan_id)
            lines.append(f"  - {name}: {item.message} {item.fix}")
        if len(found) > _SHOWN:
            lines.append(f"  … and {len(found) - _SHOWN} more in findings.csv.")
        return lines

    def _findings(self) -> list[str]:
        """The errors, and the advice that is the district's own; that on a plan is in its notes."""
        lines: list[str] = []
        by_title: dict[str, list[Finding]] = {}
        for item in self.findings:
            is_error = item.severity == "error"
            if item.code == DUPLICATE:
                continue
            if is_error or (item.severity == "advice" and item.where.file in _OWN):
                title = item.where.file or ("Not received" if is_error else "All plans together")
                by_title.setdefault(title, []).append(item)
        for title, findings in by_title.items():
            lines += ["", f"{title}:"]
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
        advice = sum(f.severity == "advice" and f.where.file not in _OWN for f in self.findings)
        if advice:
            pieces = f"{advice} piece{'s' if advice > 1 else ''} of advice"
            notes_too = any(name.startswith(NOTES) for name in self.written)
            where = f"{self.out / NOTES} and findings.csv" if notes_too else "findings.csv"
            lines.append(f"{pieces} on the plans in {where}.")
        notes = sum(item.severity == "note" for item in self.findings)
        if notes:
            lines.append(f"{notes} note{'s' if notes > 1 else ''} in findings.csv.")
        lines += self._returned()
        plans, drafts = self._documents()
        copies = sum(name.endswith(".pdf") for name in self.written)
        if plans:
            told = "1 Word plan is" if plans == 1 else f"{plans} Word plans are"
            lines.append(f"{told} in {self.out / 'plans'}.")
        if drafts:
            home = self.out / DRAFTS
            told = "1 draft of a held plan is" if drafts == 1 else f"{drafts} drafts of held plans are"
            lines.append(f"{told} in {home}, counted nowhere.")
        if copies:
            lines.append(f"{copies} PDF copies lie beside them.")
        lines += [self.since] if self.since else []
        lines.append(f"Look next: {self.out / 'index.html'}")
        return lines

    def _documents(self) -> tuple[int, int]:
        """How many Word plans and how many drafts were written."""
        words = [n for n in self.written if n.endswith(".docx") and not n.startswith((FOLDER, NOTES))]
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
    "undecided": "held until the district chooses which of its files counts",
    "missing": "not received",
    "exempt": "exempt",
}


def state_words(status: Status) -> str:
    """A state in the words of the summary."""
    return _STATES["undecided" if status.undecided else status.state]


def status_words(status: Status) -> str:
    """A state in the words of the summary and of the Word plans."""
    saved = f"; workbook saved on {long_day(status.saved)}" if status.saved else ""
    waived = f", {_errors(status.waived)} let through by a waiver" if status.waived else ""
    return f"{state_words(status).capitalize()}{saved}{waived}"


def long_day(day: date) -> str:
    """A date as the Word plans write it: 9 Oct 2026."""
    return f"{day.day} {day:%b %Y}"


def _errors(count: int) -> str:
    return f"{count} error{'s' if count > 1 else ''}"
