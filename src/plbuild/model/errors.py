"""What is wrong with the project's own inputs; raised, where a school's mistakes are findings."""

from __future__ import annotations

# How many problems are shown at once; where there are more, one cause is mostly behind them.
_SHOWN = 40


class InputError(Exception):
    """The project's own inputs are wrong; ``problems`` are whole sentences, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        more = len(self.problems) - _SHOWN
        shown = self.problems[:_SHOWN] if more > 0 else self.problems
        return "\n".join((*shown, f"… and {more} more. Mend these first.") if more > 0 else shown)


class SpecError(InputError):
    """A spec, a list, a message, a profile or ``district.yaml`` is wrong."""


class RosterError(InputError):
    """``roster.csv`` is wrong."""


class TemplateError(InputError):
    """An output template is wrong."""
