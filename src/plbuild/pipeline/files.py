"""The disk: what is read, and how files are written whole or not at all.

Takes paths, returns texts and bytes; the only module that opens a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plbuild.model import District, InputError, Roster, Spec, SpecError, safe_name
from plbuild.spec import Memory, agreed, district, load, roster

# What office programs and file systems leave behind; none of it is ever a plan.
_PASSED_OVER = (".ds_store", "thumbs.db", "desktop.ini")
_PASSED_PREFIXES = ("~$", ".~lock.", "._")
_PASSED_ENDINGS = (".tmp", ".part", ".partial", ".crdownload")  # a file that is still being saved or fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where the project keeps its specs and its output templates."""

    workbook_templates: Path
    output_templates: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The district folder as it was read: its settings, its roster and its spec."""

    folder: Path
    district: District
    roster: Roster
    spec: Spec

    @property
    def name(self) -> str:
        """What the district's outputs are filed under."""
        return safe_name(self.folder.resolve().name) or "district"


def read_inputs(folder: Path, folders: Folders, memory: Memory | None = None) -> Inputs:
    """Read a district folder and the spec. Raises SpecError or RosterError with every problem.

    ``memory`` has what an earlier build found sound.
    """
    if folder.is_file():
        text = "this is a file; name the folder that holds district.yaml and roster.csv"
        raise SpecError((f"--district {folder}: {text} ({folder.parent}).",))
    if not folder.is_dir():
        raise SpecError((f"{folder}: there is no such district folder.",))
    text = read_text(folder / "district.yaml")
    home = district("district.yaml", text)
    spec = read_spec(folders, home.standards_set, home.profile, memory)
    schools = roster("roster.csv", read_text(folder / "roster.csv"), home)
    agreed("district.yaml", text, home, spec, schools)
    return Inputs(folder=folder, district=home, roster=schools, spec=spec)


def read_spec(folders: Folders, standards_set: str, profile: str = "", memory: Memory | None = None) -> Spec:
    """The spec in ``workbook_templates/``, with a profile of ``profiles/`` if one is named."""
    home = folders.workbook_templates
    texts = {path.name: read_text(path) for path in sorted(home.glob("*.yaml"))}
    chosen = None
    if profile:
        file = f"{safe_name(profile)}.yaml"
        chosen = (f"profiles/{file}", read_text(home / "profiles" / file))
    return load(texts, standards_set=standards_set, profile=chosen, memory=memory)


def read_text(path: Path) -> str:
    """A UTF-8 text file. Raises InputError where it is missing, locked or in another encoding."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError((f"{path}: this file is missing.{_under_another_name(path)}",)) from None
    except UnicodeDecodeError:
        raise InputError((f"{path}: this file is not UTF-8; {_saving(path)}.",)) from None
    except OSError as error:
        raise InputError((f"{path}: this file cannot be read ({error.strerror}).",)) from None


def _under_another_name(path: Path) -> str:
    """What may be the file that is missing: Windows hides the ending of a name, Excel saves as .xlsx."""
    others = sorted(item.name for item in path.parent.glob("*") if item.name.lower().startswith(path.stem))
    return f" Is it {others[0]}? Then {_saving(path)}, under the name {path.name}." if others else ""


def _saving(path: Path) -> str:
    """How a person saves such a file."""
    return 'in Excel, save it as "CSV UTF-8"' if path.suffix == ".csv" else "in Notepad, save it as UTF-8"


def read_bytes(path: Path) -> bytes:
    """A binary file of the project. Raises InputError where it is missing or locked."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError((f"{path}: this file cannot be read ({error.strerror}).",)) from None


def check_submissions(folder: Path) -> None:
    """Raises InputError where there is no folder that plans could have been put into."""
    if not (folder / "submissions").is_dir():
        text = "this folder is missing; make it, and put the workbooks into it"
        raise InputError((f"{folder / 'submissions'}: {text}.",))


def submitted(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files under ``submissions/`` in the order of their names: to read, and passed over."""
    return listed(folder / "submissions")


def listed(home: Path) -> tuple[list[Path], list[Path]]:
    """All files below a folder in the order of their names: to read, and passed over."""
    files = sorted(
        (path for path in home.rglob("*") if path.is_file()),
        key=lambda path: path.relative_to(home).as_posix(),
    )
    passed = [path for path in files if is_passed_over(path.name)]
    return [path for path in files if not is_passed_over(path.name)], passed


def is_passed_over(name: str) -> bool:
    """True for lock files, system files and files that are not whole yet."""
    low = name.casefold()
    return low in _PASSED_OVER or name.startswith(_PASSED_PREFIXES) or low.endswith(_PASSED_ENDINGS)


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved onto it.

    Raises OSError where the folder or the file is locked or the disk is full; the old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_aside(path: Path, data: bytes) -> None:
    """Write a file that nobody reads before it is whole and ``move`` has put it in its place.

    Raises OSError as ``write`` does.
    """
    try:
        path.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_all(out: Path, outputs: Mapping[str, bytes], say: Callable[[str], None]) -> dict[str, str]:
    """Write ``outputs`` (paths below ``out``) and return why for those that could not be written."""
    failed = {}
    for name, data in outputs.items():
        say(f"Writing {name}")
        try:
            write(out / name, data)
        except OSError as error:
            failed[name] = why(error)
    return failed


def why(error: OSError) -> str:
    """Why a file could not be written, in words, with the usual remedy."""
    return f"{error.strerror}; if it is open in another program, close it there"


def move(path: Path, target: Path) -> None:
    """Put a whole file in its place on the same disk.

    Raises OSError where the place or its folder is locked; the old file stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def remove_stale(out: Path, old: Iterable[str], new: set[str]) -> list[str]:
    """Remove what an earlier build wrote below ``out`` and this one did not; return what stayed."""
    stuck = []
    root = out.resolve()
    for name in (name for name in old if name not in new):
        path = (out / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            continue
        try:
            path.unlink()
        except OSError:
            stuck.append(name)
    return stuck
