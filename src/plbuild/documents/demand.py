"""Parts of a context that are made when a template asks for them.

Takes names with what makes each, gives a mapping. Design decision: a template shows a few of the lists, views
and tables that it may ask for, and those of a large district take 200 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


class OnDemand(Mapping[str, object]):
    """Entries by name, each made when it is asked for, and once."""

    def __init__(self, makers: Mapping[str, Callable[[], object]]) -> None:
        self._makers = makers
        self._made: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __contains__(self, name: object) -> bool:
        return name in self._makers
