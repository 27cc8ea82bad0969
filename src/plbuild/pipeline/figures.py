"""The figures of a build and their files: rollup.xlsx and one file of data for each table.

Takes what was judged and read, writes outputs. Design decision: a second build makes what differs and no
more. A table is made where a column that it asked for is another (``rollup.traced``); of a file of data the
lines that are those of before are cut out of the file in place, whose digest the store has; of the workbook
the store has the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from plbuild.model import Finding, Rollup, Status, Submission, Table
from plbuild.pipeline import program
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.progress import Say
from plbuild.pipeline.reading import Plans
from plbuild.pipeline.store import Plain, Store, key_of, needed, packed
from plbuild.rollup import csv_parts, rollup, to_xlsx


def added_up(
    inputs: Inputs, statuses: Iterable[Status], counted: Iterable[Submission], read: Plans,
    findings: Iterable[Finding], store: Store, say: Say,
) -> Rollup:  # fmt: skip
    """The figures over the main plans; of the ``findings`` the advice is counted. Raises Damaged."""
    spec = inputs.spec
    say("Adding up")
    main = tuple(item for item in statuses if not spec.plan(item.kind).additional)
    plans = (item for item in counted if not spec.plan(item.kind).additional)
    made = rollup(spec, inputs.roster, main, read.kept(plans), findings=findings, known=_Known(store))
    store.save()
    return made


def write(figures: Rollup, store: Store, outputs: Outputs, say: Say) -> None:
    """Write the files of the figures, those that are not there already."""
    keys = []
    for table in figures.every_table:
        name = f"data/{table.name}.csv"
        say(f"Writing {name}")
        keys.append(key_of(program.fingerprint(), table.fingerprint))
        _write_csv(name, keys[-1], table, store, outputs)
    say("Writing rollup.xlsx")
    _write_xlsx("rollup.xlsx", key_of(keys), figures, store, outputs)
    store.save()


def _write_csv(name: str, key: str, table: Table, store: Store, outputs: Outputs) -> None:
    """Keep a file of data that is in place already, or make what of it is new."""
    place = f"csv {key_of(program.fingerprint(), name)}"
    made_of, made, lines = store.get(place) or ("", "", [])
    if made_of == key and outputs.keep(name, made):
        return
    # What has not changed is cut out of the file in place.
    standing = memoryview(outputs.standing(name, made) or b"")
    known = {run: standing[start:stop] for run, start, stop in lines if standing}
    parts = list(csv_parts(table, known))
    ends = list(accumulate(len(part) for _, part in parts))
    places = [(run, end - len(part), end) for (run, part), end in zip(parts, ends, strict=True)]
    data = b"".join(part for _, part in parts)
    store.put(place, packed([key, outputs.write(name, data), places]))


def _write_xlsx(name: str, key: str, figures: Rollup, store: Store, outputs: Outputs) -> None:
    """Keep the workbook that is in place already, or make it of the parts that are known and new ones."""
    place = f"xlsx {key_of(program.fingerprint(), name)}"
    made_of, made, parts = store.get(place) or ("", "", [])
    if made_of == key and outputs.keep(name, made):
        store.need(parts)
        return
    known = _Known(store)
    made = outputs.write(name, to_xlsx(figures, known))
    store.put(place, packed([key, made, list(known.used)]))


class _Known:
    """What the roll-up made in earlier builds, in the store; ``used`` are the keys of what this one uses."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.used: dict[str, None] = {}

    def get(self, key: str) -> Plain | None:
        """The value of a key, None where there is none. Raises Damaged."""
        place = self._place(key)
        found = self._store.get(place)
        if found is not None:
            self.used[place] = None
        return found

    def put(self, key: str, value: object) -> None:
        """Keep a value. Raises Damaged."""
        place = self._place(key)
        self._store.put(place, packed(value))
        self.used[place] = None

    def need(self, key: str) -> None:
        """Keep what stands under this key, though nobody asks for it."""
        place = self._place(key)
        self._store.need([place])
        self.used[place] = None

    def fetch(self, key: str) -> Plain:
        """The value of a key that is needed. Raises Damaged."""
        return needed(self.get(key), key)

    def _place(self, key: str) -> str:
        return f"rollup {key_of(program.fingerprint(), key)}"
