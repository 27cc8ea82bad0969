"""The tables of the roll-up, added up in plain Python from plain rows.

Takes ``Plain`` plans that count, the rows of ``roster.csv`` and the name of the set of standards; returns each
table's rows as tuples, in no order that counts. Written from the plan model, not from plbuild.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.support.plain import Plain, Row, values

NONE = "Not stated"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
Cells = tuple[Any, ...]


def roster(text: str) -> list[dict[str, str]]:
    """The rows of a roster."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """What the tables are made of; ``plans`` stand in the order of the roster, the district's last."""

    plans: list[Plain]
    schools: list[dict[str, str]]
    leaid: str
    name: str
    standards: str

    def of(self, owner: str) -> list[Plain]:
        """The plans of the schools, or of the district."""
        return [plan for plan in self.plans if plan.owner == owner]

    def who(self, plan: Plain) -> str:
        """The name of a plan's owner."""
        named = {row["ncessch"]: row["school"] for row in self.schools} | {self.leaid: self.name}
        return named[plan.id]

    def label(self, plan: Plain) -> str:
        """The same, told apart from others of that name."""
        same = [row["school"] for row in self.schools].count(self.who(plan))
        return f"{self.who(plan)} ({plan.id})" if same > 1 else self.who(plan)

    def listed(self, plans: Iterable[Plain]) -> str:
        """Names in order, the first hundred."""
        names = list(dict.fromkeys(self.label(plan) for plan in plans))
        return ", ".join(names[:100]) + (f" and {len(names) - 100} more" if len(names) > 100 else "")

    def actions(self) -> Iterator[tuple[Plain, Row, str]]:
        """Every action with its plan and the audience of its objective."""
        for plan in self.plans:
            for row in plan.rows("actions"):
                audience = (
                    plan.named("objectives", row["objective"]).get("audience") if row["objective"] else None
                )
                yield plan, row, audience or NONE


def amount(found: Iterable[Any]) -> Decimal:
    """The sum of the numbers."""
    return sum((Decimal(value) for value in found if isinstance(value, Decimal | int)), Decimal(0))


def goals_by_area(home: District) -> list[Cells]:
    goals: Counter[tuple[str, str]] = Counter()
    schools: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    levels = {row["ncessch"]: level(row["grade_low"], row["grade_high"]) for row in home.schools}
    for plan in home.of("school"):
        for goal in plan.rows("goals"):
            key = plan.named("needs", goal["need"]).get("area") or NONE, levels[plan.id]
            goals[key] += 1
            schools[key].add(plan.id)
    return [(*key, count, len(schools[key])) for key, count in goals.items()]


def level(low: str, high: str) -> str:
    """By grade, as the README's table says, written anew."""
    grades = {"PK": -1, "KG": 0} | {f"{n:02d}": n for n in range(1, 14)}
    if low not in grades or high not in grades:
        return "Other"
    first, last = grades[low], grades[high]
    if last <= 5 or (first <= 3 and last == 6):
        return "Elementary"
    if first >= 9:
        return "High"
    if first >= 4:
        return "Middle" if last <= 9 else "Middle and high"
    return "Elementary and middle" if last <= 9 else "All grades"


def alignment(home: District) -> list[Cells]:
    ours = {goal["#id"]: goal["statement"] for plan in home.of("district") for goal in plan.rows("goals")}
    found: list[Cells] = []
    served = set()
    for plan in home.of("school"):
        for goal in plan.rows("goals"):
            number = goal["district_goal"]
            served.add(number)
            who = plan.id, home.who(plan), goal["#id"], goal["statement"]
            if number in ours:
                found.append((number, ours[number], *who, None))
            elif number in (None, "None"):
                found.append((None, None, *who, "School goal without a district goal"))
            else:
                gap = (
                    "The district's plan has no such goal"
                    if ours
                    else "The district's plan is not in these figures"
                )
                found.append((number, None, *who, gap))
    gap = "District goal without a school goal"
    return found + [(n, words, None, None, None, None, gap) for n, words in ours.items() if n not in served]


def targets(home: District) -> list[Cells]:
    goals = [(plan, goal) for plan in home.of("school") for goal in plan.rows("goals")]

    def key(goal: Row) -> tuple[str, ...]:
        return (
            " ".join((goal["measure"] or NONE).split()).casefold(),
            goal["unit"] or NONE,
            goal["target_type"] or NONE,
        )

    alike = Counter(key(goal) for _, goal in goals)
    first: dict[tuple[str, ...], str] = {}
    for _, goal in goals:
        first.setdefault(key(goal), goal["measure"] or NONE)
    small = {row["ncessch"]: bool(row["enrollment"]) and int(row["enrollment"]) < 10 for row in home.schools}
    found: list[Cells] = []
    for plan, goal in goals:
        counts = [goal["baseline_value"], goal["target_value"]] if goal["unit"] == "Count" else []
        counts += [int(n) for n in re.findall(r"(?i)\bn ?= ?(\d+)", goal["student_group"] or "")]
        few = small[plan.id] or any(n is not None and 0 <= n < 10 for n in counts)
        listed = ("student_group", "baseline_value", "baseline_date", "target_value", "target_date")
        who = (first[key(goal)], *key(goal)[1:], alike[key(goal)], plan.id, home.who(plan), goal["#id"])
        found.append((*who, *(goal[name] for name in listed), "Fewer than 10" if few else None))
    return found


def amounts(rows: list[tuple[Plain, Row]]) -> Cells:
    known = [row for _, row in rows if row["participants"] is not None]
    persons = [
        row["hours_per_person"] * row["participants"] for row in known if row["hours_per_person"] is not None
    ]
    ours = sum(plan.owner == "district" for plan, _ in rows)
    hours = amount(row["hours_per_person"] for _, row in rows)
    return len(rows), ours, len(known), hours, amount(persons) if persons or not rows else None


def learning_designs(home: District) -> list[Cells]:
    by: defaultdict[str, list[tuple[Plain, Row]]] = defaultdict(list)
    for plan, row, _ in home.actions():
        by[row["design"] or NONE].append((plan, row))
    forms = values("design")
    return [(name, forms.get(name, {}).get("form", NONE), *amounts(rows)) for name, rows in by.items()]


def learning_forms(home: District) -> list[Cells]:
    by: defaultdict[str, list[tuple[Plain, Row]]] = defaultdict(list)
    for plan, row, _ in home.actions():
        by[values("design").get(row["design"], {}).get("form", NONE)].append((plan, row))
    count = sum(map(len, by.values()))
    hours = amount(row["hours_per_person"] for rows in by.values() for _, row in rows)
    return [
        (
            name,
            *amounts(rows),
            round(Decimal(100 * len(rows)) / count, 1),
            round(100 * amount(row["hours_per_person"] for _, row in rows) / hours, 1) if hours else None,
        )
        for name, rows in by.items()
    ]


def _people(home: District, key: Mapping[str, str]) -> dict[str, Cells]:
    objectives: Counter[str] = Counter()
    for plan in home.plans:
        for row in plan.rows("objectives"):
            objectives[key.get(row["audience"] or NONE, row["audience"] or NONE)] += 1
    by: defaultdict[str, list[Row]] = defaultdict(list)
    for _, row, audience in home.actions():
        by[key.get(audience, audience)].append(row)
    found: dict[str, Cells] = {}
    for name in {*key.values(), *objectives, *by}:
        rows = by[name]
        known = [row for row in rows if row["participants"] is not None]
        both = [
            row["participants"] * row["hours_per_person"]
            for row in known
            if row["hours_per_person"] is not None
        ]
        found[name] = (
            objectives[name],
            len(rows),
            amount(row["hours_per_person"] for row in rows),
            amount(row["participants"] for row in known) if known or not rows else None,
            amount(both) if both or not rows else None,
            len(rows) - len(known),
        )
    return found


def people(home: District) -> list[Cells]:
    groups = {name: item["staff_group"] for name, item in values("audience").items()}
    found = _people(home, {name: name for name in groups})
    return [(name, groups.get(name, NONE), *cells) for name, cells in found.items()]


def staff_groups(home: District) -> list[Cells]:
    groups = {name: item["staff_group"] for name, item in values("audience").items()}
    return [(name, *cells) for name, cells in _people(home, groups).items()]


def months(row: Row) -> list[str]:
    """The months from start to end, the start's alone where the end does not come after it."""
    start, end = row["start_date"], row["end_date"]
    if not isinstance(start, date):
        return []
    last = end if isinstance(end, date) and end > start else start
    found: list[str] = []
    year, month = start.year, start.month
    while (year, month) <= (last.year, last.month) and len(found) < 48:
        found.append(f"{year}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def calendar(home: District) -> list[Cells]:
    by: defaultdict[tuple[str, str], list[tuple[Plain, Row]]] = defaultdict(list)
    for plan, row, audience in home.actions():
        for month in months(row):
            by[month, audience].append((plan, row))
    found: list[Cells] = []
    for (month, audience), rows in by.items():
        starts = sum(f"{row['start_date']:%Y-%m}" == month for _, row in rows)
        plans = [plan for plan, _ in rows]
        name = f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"
        found.append(
            (month, name, audience, len(rows), starts, len({p.id for p in plans}), home.listed(plans))
        )
    return found


def collisions(home: District) -> list[Cells]:
    by: defaultdict[Cells, list[str]] = defaultdict(list)
    for plan, row, audience in home.actions():
        if isinstance(row["start_date"], date):
            monday = row["start_date"] - timedelta(days=row["start_date"].weekday())
            by[plan.id, home.who(plan), audience, monday].append(row["#id"])
    return [(*key, len(ids), ", ".join(ids)) for key, ids in by.items() if len(ids) > 1]


def lines(home: District) -> Iterator[tuple[Plain, Row, str]]:
    for plan in home.plans:
        for row in plan.rows("resources"):
            yield plan, row, row["funding_source"] or NONE


def federal(source: str) -> str | None:
    known = values("funding_source")
    return ("Yes" if known[source].get("federal") else "No") if source in known else None


def money_by_school(home: District) -> list[Cells]:
    by: defaultdict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for plan, row, source in lines(home):
        by[plan.id, home.who(plan), source].append(row["amount"])
    return [(*key, federal(key[2]), len(found), amount(found)) for key, found in by.items()]


def money_by_source(home: District) -> list[Cells]:
    paid: defaultdict[str, list[tuple[str, Any]]] = defaultdict(list)
    for plan, row, source in lines(home):
        paid[source].append((plan.owner, row["amount"]))
    given: defaultdict[str, list[Any]] = defaultdict(list)
    for plan in home.of("district"):
        for row in plan.rows("allocations"):
            given[row["funding_source"] or NONE].append(row["amount"])
    found: list[Cells] = []
    for source in {*paid, *given}:
        theirs = amount(value for owner, value in paid[source] if owner == "school")
        ours = amount(value for owner, value in paid[source] if owner == "district")
        share = amount(given[source]) if given[source] else None
        left = None if share is None else share - theirs - ours
        found.append((source, federal(source), len(paid[source]), theirs, ours, theirs + ours, share, left))
    return found


def money_by_kind(home: District) -> list[Cells]:
    by: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for _, row, source in lines(home):
        by[source, row["kind"] or NONE].append(row["amount"])
    return [(*key, len(found), amount(found)) for key, found in by.items()]


def evidence(home: District) -> list[Cells]:
    by: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    actions: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    paid = set()
    for plan, row, source in lines(home):
        action = plan.named("actions", row["action"])
        key = action.get("evidence_tier") or NONE, source
        by[key].append(row["amount"])
        if action:
            actions[key].add((plan.id, action["#id"]))
            paid.add((plan.id, action["#id"]))
    for plan, row, _ in home.actions():
        if (plan.id, row["#id"]) not in paid:
            actions[row["evidence_tier"] or NONE, "No resource line"].add((plan.id, row["#id"]))
    return [
        (
            *key,
            federal(key[1]),
            len(actions[key]),
            sum(owner == home.leaid for owner, _ in actions[key]),
            len(by[key]),
            amount(by[key]),
        )
        for key in {*by, *actions}
    ]


def standards(home: District) -> list[Cells]:
    chosen = values("standards", home.standards)
    found: list[Cells] = []
    for name, item in chosen.items():
        either = [(p, r) for p, r, _ in home.actions() if name in (r["standard"], r["second_standard"])]
        first = sum(row["standard"] == name for _, row, _ in home.actions())
        second = sum(row["second_standard"] == name for _, row, _ in home.actions())
        ours = sum(plan.owner == "district" for plan, _ in either)
        schools = len({plan.id for plan, _ in either if plan.owner == "school"})
        without = len(home.of("school")) - schools
        found.append((name, item.get("group"), first, second, ours, schools, without))
    return found


def standards_by_school(home: District) -> list[Cells]:
    found: list[Cells] = []
    for plan in home.plans:
        for name in values("standards", home.standards):
            first = sum(row["standard"] == name for row in plan.rows("actions"))
            second = sum(row["second_standard"] == name for row in plan.rows("actions"))
            found.append((plan.id, home.who(plan), name, first, second))
    return found


def evaluation_levels(home: District) -> list[Cells]:
    asked = [(plan, row["level"]) for plan in home.plans for row in plan.rows("evaluation")]
    highest = Counter(
        max(row["level"] for row in p.rows("evaluation")) for p in home.of("school") if p.rows("evaluation")
    )
    found: list[Cells] = []
    for name in values("level"):
        plans = [plan for plan, level in asked if level == name]
        schools = {plan.id for plan in plans if plan.owner == "school"}
        found.append(
            (name, len(plans), sum(p.owner == "district" for p in plans), len(schools), highest[name])
        )
    return found


def shared_needs(home: District) -> list[Cells]:
    by: defaultdict[str, list[tuple[Plain, Row]]] = defaultdict(list)
    for plan in home.of("school"):
        for row in plan.rows("needs"):
            if row["area"]:
                by[row["area"]].append((plan, row))
    found: list[Cells] = []
    for area, rows in by.items():
        plans = [plan for plan, _ in rows]
        count = len({plan.id for plan in plans})
        if count > 1:
            first = sum(row["priority"] == 1 for _, row in rows)
            found.append((area, count, len(rows), first, home.listed(plans)))
    return found


def shared_providers(home: District) -> list[Cells]:
    by: defaultdict[str, list[tuple[Plain, Row]]] = defaultdict(list)
    for plan, row, _ in home.actions():
        words = re.findall(r"\w+", (row["provider"] or "").casefold())
        by[" ".join(words[1:] if words[:1] == ["the"] else words)].append((plan, row))
    found: list[Cells] = []
    for name, rows in by.items():
        plans = [plan for plan, _ in rows]
        count = len({plan.id for plan in plans})
        if name and count > 1:
            typed = [
                text
                for text, _ in Counter(" ".join(row["provider"].split()) for _, row in rows).most_common()
            ]
            hours = amount(row["hours_per_person"] for _, row in rows)
            also = "; ".join(typed[1:]) or None
            found.append((typed[0], also, count, len(rows), hours, home.listed(plans)))
    return found


def shared_designs(home: District) -> list[Cells]:
    by: defaultdict[tuple[str, str], defaultdict[str, list[tuple[Plain, Row]]]]
    by = defaultdict(lambda: defaultdict(list))
    for plan, row, audience in home.actions():
        for month in months(row):
            if row["design"] and audience != NONE:
                by[row["design"], audience][month].append((plan, row))
    found: list[Cells] = []
    for key, per_month in by.items():
        runs: list[list[str]] = []
        for month in sorted(per_month):
            before = runs[-1][-1] if runs else ""
            follows = before and _after(before) == month
            if follows and {p.id for p, _ in per_month[before]} == {p.id for p, _ in per_month[month]}:
                runs[-1].append(month)
            else:
                runs.append([month])
        for run in runs:
            rows = {(plan.id, row["#id"]): plan for month in run for plan, row in per_month[month]}
            plans = [plan for plan in home.plans if plan.id in {owner for owner, _ in rows}]
            if len(plans) > 1:
                found.append((*key, run[0], run[-1], len(plans), len(rows), home.listed(plans)))
    return found


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year}-{number + 1:02d}" if number < 12 else f"{year + 1}-01"


def workload(home: District) -> list[Cells]:
    found: list[Cells] = []
    for plan in home.plans:
        by: defaultdict[str, list[Row]] = defaultdict(list)
        for row in plan.rows("actions"):
            by[" ".join((row["responsible"] or NONE).split()).casefold()].append(row)
        for rows in by.values():
            running = Counter(month for row in rows for month in months(row))
            busy = sorted(month for month, count in running.items() if count > 1)
            found.append(
                (
                    plan.id,
                    home.who(plan),
                    " ".join((rows[0]["responsible"] or NONE).split()),
                    len(rows),
                    amount(row["sessions"] for row in rows),
                    amount(row["hours_per_person"] for row in rows),
                    len(running),
                    len(busy),
                    max(running.values(), default=0),
                    ", ".join(busy) or None,
                )
            )
    return found


TABLES = (
    goals_by_area, alignment, targets, learning_designs, learning_forms, people, staff_groups, calendar,
    collisions, money_by_school, money_by_source, money_by_kind, evidence, standards, standards_by_school,
    evaluation_levels, shared_needs, shared_providers, shared_designs, workload,
)  # fmt: skip
