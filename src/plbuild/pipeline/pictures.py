"""The charts of a build, as an earlier build drew them or to be drawn.

Takes charts by name and the store. Design decision: a picture is kept under all that it shows, which most
changes of a plan leave as it is; a build that draws nothing does not load matplotlib.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping

from plbuild.charts import Bars
from plbuild.model import Picture
from plbuild.pipeline import program
from plbuild.pipeline.store import Store, key_of, packed


def need(charts: Mapping[str, Bars], store: Store) -> None:
    """Keep their pictures for the builds to come, whether this one shows them or not."""
    store.need(map(_key, charts.values()))


def known(charts: Mapping[str, Bars], store: Store) -> dict[str, Picture | Bars]:
    """The picture of each chart, of one that is not drawn yet what it shows."""
    return {name: _known(shown, store) or shown for name, shown in charts.items()}


def keep(shown: Bars, made: Picture, store: Store) -> None:
    """Keep a picture that was drawn."""
    store.put(_key(shown), packed([b64encode(made.data).decode(), made.alt, made.width, made.height]))


def _known(shown: Bars, store: Store) -> Picture | None:
    entry = store.get(_key(shown))
    if entry is None:
        return None
    data, alt, width, height = entry
    return Picture(data=b64decode(data), alt=alt, width=width, height=height)


def _key(shown: Bars) -> str:
    return f"picture {key_of(program.fingerprint(), repr(shown))}"
