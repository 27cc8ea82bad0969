"""The example districts as the program knows them: spec, roster, words and the texts of their plans.

Takes nothing but the files of the repository; used by fixtures and by ``make_examples``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plbuild.blank import Words
from plbuild.model import District, Roster, Spec, shown
from plbuild.spec import district, load, roster
from tests.support.fill import Answers, answers, owner_id

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, EXAMPLES, DATA = ROOT / "workbook_templates", ROOT / "examples", ROOT / "tests" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example district, ready to issue workbooks and to read them."""

    folder: str
    spec: Spec
    district: District
    roster: Roster
    words: Words

    def answers(self, plan: str) -> Answers:
        """The text of a plan: the file ``plan``.yaml of the district's folder in ``tests/data``."""
        return answers(DATA / self.folder / f"{plan}.yaml")

    def texts(self) -> dict[str, Answers]:
        """The texts of all its plans by plan id."""
        paths = [path for path in sorted((DATA / self.folder).glob("*.yaml")) if owner_id(path)]
        return {owner_id(path): answers(path) for path in paths}


def load_spec(standards_set: str) -> Spec:
    """The spec of ``workbook_templates`` with one set of standards, and no profile."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.yaml"))}
    return load(texts, standards_set=standards_set)


def example(folder: str) -> Example:
    """The district in ``examples/folder``; its words name the goals of the district's own plan."""
    texts = {name: _text(EXAMPLES / folder / name) for name in ("district.yaml", "roster.csv")}
    home = district("district.yaml", texts["district.yaml"])
    spec = load_spec(home.standards_set)
    goals = answers(DATA / folder / "district.yaml")["goals"]
    prefix = spec.owned_by("district").section("goals").id_prefix
    return Example(
        folder=folder,
        spec=spec,
        district=home,
        roster=roster("roster.csv", texts["roster.csv"], home),
        words=Words(
            plan_year=home.plan_year,
            due_date=shown(home.due_date),
            contact=home.contact,
            district=home.name,
            goals=tuple((f"{prefix}{n}", goal["statement"]) for n, goal in enumerate(goals, start=1)),
        ),
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
