"""The charts of a build: drawn, or as an earlier build drew them.

Takes the figures and the store, returns pictures by name. Design decision: a picture is kept under all that
it shows, which most changes of a plan leave as it is; a build that draws nothing does not load matplotlib.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from plbuild.charts import Bars, charts, picture
from plbuild.model import Picture, Rollup
from plbuild.pipeline import program
from plbuild.pipeline.store import Store, key_of, packed


def needed(figures: Rollup, store: Store) -> None:
    """Keep the pictures of the figures for the builds to come, whether this one shows them or not."""
    store.need(map(_key, charts(figures).values()))


def pictures(figures: Rollup, store: Store) -> dict[str, Picture]:
    """The picture of each chart that has something to show."""
    return {name: _picture(shown, store) for name, shown in charts(figures).items()}


def _picture(shown: Bars, store: Store) -> Picture:
    key = _key(shown)
    if entry := store.get(key):
        data, alt, width, height = entry
        return Picture(data=b64decode(data), alt=alt, width=width, height=height)
    made = picture(shown)
    store.put(key, packed([b64encode(made.data).decode(), made.alt, made.width, made.height]))
    return made


def _key(shown: Bars) -> str:
    return f"picture {key_of(program.fingerprint(), repr(shown))}"
