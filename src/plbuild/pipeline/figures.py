"""The figures of a build and their files: rollup.xlsx and one file of data for each table.

Takes what was judged and read, writes outputs. Design decision: the tables are made in every build, because
nearly all of them look at nearly all plans; a file or a sheet only where its table differs.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import partial
from itertools import accumulate

from plbuild.archive import Member
from plbuild.model import Finding, Rollup, Status, Submission, Table
from plbuild.pipeline import program
from plbuild.pipeline.files import Inputs
from plbuild.pipeline.outputs import Outputs
from plbuild.pipeline.progress import Say
from plbuild.pipeline.reading import Plans
from plbuild.pipeline.store import Damaged, Plain, Store, key_of, packed
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


def write(figures: Rollup, store: Store, outputs: Outputs, say: Say) -> str:
    """Write the files of the figures, those that are not there already; returns what stands for them all."""
    keys = []
    for table in figures.every_table:
        name = f"data/{table.name}.csv"
        say(f"Writing {name}")
        keys.append(key_of(program.fingerprint(), table.fingerprint))
        _write_csv(name, keys[-1], table, store, outputs)
    every, sheets = key_of(keys), _Sheets(store)
    say("Writing rollup.xlsx")
    _kept_or_made("rollup.xlsx", f"xlsx {every}", partial(to_xlsx, figures, sheets), store, outputs)
    _remember_sheets(f"sheets {every}", sheets, store)
    store.save()
    return every


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


def _kept_or_made(name: str, key: str, make: Callable[[], bytes], store: Store, outputs: Outputs) -> None:
    """Keep an output that an earlier build made of the same, or make it."""
    known = store.get(key)
    if not (known and outputs.keep(name, known[0])):
        store.put(key, packed([outputs.write(name, make())]))


class _Known:
    """What the roll-up made in earlier builds, in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> Plain | None:
        """The value of a key, None where there is none. Raises Damaged."""
        return self._store.get(_key(key))

    def put(self, key: str, value: object) -> None:
        """Keep a value. Raises Damaged."""
        self._store.put(_key(key), packed(value))

    def need(self, key: str) -> None:
        """Keep what stands under this key, though nobody asks for it."""
        self._store.need([_key(key)])

    def fetch(self, key: str) -> Plain:
        """The value of a key that is needed. Raises Damaged."""
        found = self.get(key)
        if found is None:
            raise Damaged(key)
        return found


def _key(name: str) -> str:
    return f"rollup {key_of(program.fingerprint(), name)}"


class _Sheets(MutableMapping[str, Member]):
    """The finished sheets of the workbook, in the store; ``used`` are the keys of those of this build."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.used: dict[str, Member | None] = {}

    def __getitem__(self, name: str) -> Member:
        if (held := self.used.get(name)) is not None:
            return held
        entry = self._store.get(_sheet_key(name))
        if entry is None:
            raise KeyError(name)
        member, flags, crc, size, body = entry
        found = Member(name=member.encode(), flags=flags, crc=crc, size=size, packed=b64decode(body))
        self.used[name] = found
        return found

    def __setitem__(self, name: str, item: Member) -> None:
        entry = [item.name.decode(), item.flags, item.crc, item.size, b64encode(item.packed).decode()]
        self._store.put(_sheet_key(name), packed(entry))
        self.used[name] = item

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return iter(self.used)

    def __len__(self) -> int:
        return len(self.used)


def _sheet_key(name: str) -> str:
    return f"sheet {key_of(program.fingerprint(), name)}"


def _remember_sheets(key: str, sheets: _Sheets, store: Store) -> None:
    """Where the whole workbook was kept, its sheets are kept for the builds to come as well."""
    if len(sheets):
        store.put(key, packed([_sheet_key(name) for name in sheets]))
    else:
        store.need(store.get(key) or ())
