"""How often Python looks for memory that objects hold in a ring.

A build makes a million small values that live until its end and hardly any rings; looked through as often
as Python does by itself, they cost a tenth of the time and give nothing back. What rings there are
(templates, trees of XML) are still found, a little later. See the documentation of Python's module ``gc``.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects before the first look; younger looks before an older one. Python's own are 700, 10, 10.
_SELDOM = (50_000, 20, 20)


def collect_seldom() -> None:
    """Look seldom from now on, in this process, and never again at what is there already.

    Where something was set aside before, as the commands do with what they load, it is left at that.
    """
    if not gc.get_freeze_count():
        gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Look seldom within; afterwards as often as before."""
    before, set_aside = gc.get_threshold(), gc.get_freeze_count()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not set_aside:
            gc.unfreeze()
