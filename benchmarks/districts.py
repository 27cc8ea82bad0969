"""Districts of any size with filled workbooks, made of the workbooks of an example.

Takes a district folder, writes another with as many schools as are asked for. Design decision: a school's
workbook is one of the example's with the number of its school exchanged in the XML, so that everything else
is as office programs wrote it, and a thousand are made in seconds. Names repeat, as names of schools do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plbuild import archive, intake
from plbuild.archive import Member
from plbuild.model import Record, RosterRow, Value
from plbuild.pipeline import Folders, files
from plbuild.pipeline.files import Inputs

# The district's workbook prints how many schools and students the example has.
_WAIVER = """
waivers:
  - plan: "{leaid}"
    code: identity-changed
    approved_by: the benchmark
    why: The district has grown since its workbook was issued.
    until: 2099-12-31
"""
_LONG = 60  # characters of an answer that is a sentence
_FIRST = 10_000  # above the numbers of the example's own schools


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A school's workbook: its members, and of those that name the school the XML."""

    owner: RosterRow
    members: Mapping[str, Member]
    naming: Mapping[str, str]

    def of(self, number: str) -> bytes:
        """The workbook of another school."""
        texts = {name: xml.replace(self.owner.id, number) for name, xml in self.naming.items()}
        return archive.join(
            archive.member(name, texts[name].encode(), once=True) if name in texts else packed
            for name, packed in self.members.items()
        )


def generate(folder: Path, folders: Folders, count: int, target: Path) -> None:
    """Write a district folder of ``count`` schools, each with its plan, and the district's own plan."""
    inputs = files.read_inputs(folder, folders)
    home = target / "submissions"
    home.mkdir(parents=True)
    settings = (folder / "district.yaml").read_text(encoding="utf-8")
    waiver = _WAIVER.format(leaid=inputs.district.leaid)
    (target / "district.yaml").write_text(settings + waiver, encoding="utf-8")
    models, rows = _models(inputs, home)
    for place in range(count - len(rows)):
        model = models[place % len(models)]
        number = f"{inputs.district.leaid}{_FIRST + place:05d}"
        (home / f"school {place:05d}.xlsx").write_bytes(model.of(number))
        rows.append({**model.owner.columns, "ncessch": number})
    with (target / "roster.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[-1]))
        writer.writeheader()
        writer.writerows(rows[:count])


def change(folders: Folders, target: Path) -> None:
    """Let a school of a generated district write the first long answer of every part anew."""
    spec = files.read_inputs(target, folders).spec
    path = target / "submissions" / "school 00003.xlsx"
    data = path.read_bytes()
    (plan,), _ = intake.read(spec, path.name, data)
    found = [_long(rows) for rows in plan.sections.values()]

    def reworded(_: str, content: bytes) -> bytes:
        for old in filter(None, found):
            content = content.replace(old, b"Written anew: " + old)
        return content

    path.write_bytes(archive.repack(data, reworded))


def _long(rows: Iterable[Record]) -> bytes:
    """The first long answer that stands in XML as it is; empty where there is none."""
    answers = (answer.value for row in rows for answer in row.answers.values())
    texts = (text for text in answers if isinstance(text, str) and len(text) > _LONG)
    return next((text.encode() for text in texts if not set(text) & set("&<>'\"\n\r\t")), b"")


def _models(inputs: Inputs, home: Path) -> tuple[list[_Model], list[dict[str, Value]]]:
    """The workbooks with one school's plan; the one with the district's goes ``home`` as it is, and its
    schools into the roster."""
    models, rows = [], []
    for path in sorted((inputs.folder / "submissions").rglob("*.xlsx")):
        data = path.read_bytes()
        owners = _owners(inputs, data)
        if len(owners) == 1 and owners[0] is not inputs.roster.district:
            models.append(_model(owners[0], data))
        elif inputs.roster.district in owners:
            (home / path.name).write_bytes(data)
            rows += [dict(owner.columns) for owner in owners if owner is not inputs.roster.district]
    return models, rows


def _owners(inputs: Inputs, data: bytes) -> list[RosterRow]:
    """Whose plans a workbook holds."""
    plans, _ = intake.read(inputs.spec, "", data)
    owners = (inputs.roster.owner(inputs.spec.plan(item.kind), item.plan_id) for item in plans)
    return [owner for owner in owners if owner]


def _model(owner: RosterRow, data: bytes) -> _Model:
    members = archive.read(data)
    return _Model(
        owner=owner,
        members={name: archive.member(name, content) for name, content in members.items()},
        naming={name: xml.decode() for name, xml in members.items() if owner.id.encode() in xml},
    )
