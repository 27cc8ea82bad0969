"""The build before: which one is compared with, and what is kept for the next.

Takes an output folder or a manifest, returns kept answers. Design decision: what is kept is the last build
whose plans were others, so that building twice from one set of plans gives the same bytes twice: the second
build is compared with what the first one was compared with, not with the first.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from plbuild import changes
from plbuild.model import InputError, Spec, digest

PLANS, BEFORE = "history/plans.json.gz", "history/before.json.gz"
"""The answers of a build, and those of the build that it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What lay in the output folder: the last build, and what that one was compared with.

    ``since``: the build that was asked for, None where none was.
    """

    last: changes.Kept | None = None
    before: changes.Kept | None = None
    since: changes.Kept | None = None


def earlier(out: Path, since: Path | None, owners: Collection[str]) -> Earlier:
    """The builds to compare with. Raises InputError where the one that was asked for is not there.

    ``owners`` are the numbers of all that owe a plan: a build that knows none of them is another district's.

    Kept answers that are missing or damaged are as if there had been no build.
    """
    asked = _asked(since) if since else None
    if asked and not any(item.id in owners for item in asked.owed):
        raise InputError((f"--since {since}: this is a build of another district.",))
    return Earlier(last=_kept(out / PLANS), before=_kept(out / BEFORE), since=asked)


def _kept(path: Path) -> changes.Kept | None:
    try:
        return changes.opened(path.read_bytes())
    except (OSError, ValueError):
        return None


def _asked(manifest: Path) -> changes.Kept:
    """The answers that lie with a manifest, of the build that it tells of."""
    if not manifest.is_file():
        there = "there is no manifest.json in this folder" if manifest.is_dir() else "there is no such file"
        text = f"{there}; name the manifest.json in the output folder of an earlier build"
        raise InputError((f"--since {manifest}: {text}.",))
    try:
        outputs = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
        wanted = str(outputs[PLANS])
    except (OSError, ValueError, KeyError, TypeError):
        text = "this is no manifest.json of an earlier build that kept its answers."
        raise InputError((f"--since {manifest}: {text}",)) from None
    path = manifest.parent / PLANS
    found = _kept(path)
    if found is None or digest(found.data) != wanted:
        text = "the answers of that build do not lie beside it; keep the whole folder of a build"
        raise InputError((f"--since {manifest}: {text} ({path}).",))
    return found


def compared(
    spec: Spec, known: Earlier, now: changes.Kept
) -> tuple[dict[str, bytes], changes.Kept | None, tuple[changes.Change, ...]]:
    """What is kept for the next build, what this one is compared with, and the changes.

    The answers of the build before stand first among the outputs: whoever is stopped between the two files
    finds the last build still in its place, and compares with it again.
    """
    found = changes.changes(spec, known.last, now) if known.last else ()
    before = known.last if found else known.before
    outputs = {BEFORE: before.data} if before else {}
    outputs[PLANS] = now.data
    base = known.since or before
    if base is not known.last or not found:
        found = changes.changes(spec, base, now) if base else ()
    return outputs, base, found
