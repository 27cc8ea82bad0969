"""What earlier builds made of the same, for those that keep it: a place for plain values by key."""

from __future__ import annotations

from typing import Any, Protocol


class Memory(Protocol):
    """Keeps plain values for the builds to come, as long as they are asked for or needed in each.

    A plain value is made of lists, texts, numbers, dates and None; a tuple may come back as a list.
    """

    def get(self, key: str) -> Any | None:
        """The value of a key, None where there is none."""

    def put(self, key: str, value: object) -> None:
        """Keep a value."""

    def need(self, key: str) -> None:
        """Keep what stands under this key, though nobody asks for it."""

    def fetch(self, key: str) -> Any:
        """The value of a key that is needed. Raises where it is lost."""


class Unshared:
    """Knows the ``values`` that were put into it, and nothing of earlier builds."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get(self, key: str) -> Any | None:
        """The value of a key, None where there is none."""
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        """Keep a value."""
        self.values[key] = value

    def need(self, key: str) -> None:
        """Nothing is let go of here."""

    def fetch(self, key: str) -> Any:
        """The value of a key that is needed. Raises KeyError."""
        return self.values[key]
