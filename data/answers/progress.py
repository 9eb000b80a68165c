"""How far a release is: told to whoever waits for it, who may be on a page or at a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Step:
    """How many measures are done, of how many; and of the next ones how many hidden counts are attacked, of how many.

    Measures that count the same people are done together.
    """

    done: int
    of: int
    attacked: int = 0
    to_attack: int = 0

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1; measures that are being attacked are not."""
        return self.done / self.of if self.of else 1.0

    @property
    def sentence(self) -> str:
        """Say it in words."""
        words = f"Protecting small numbers: {self.done:,} of {self.of:,} measures done"
        if not self.to_attack:
            return f"{words}."
        return f"{words}. {self.attacked:,} of {self.to_attack:,} hidden numbers attacked in the next ones."


class Progress(Protocol):
    """Whoever is told."""

    def __call__(self, step: Step) -> None:
        """Hear of a step."""


def untold(step: Step) -> None:
    """Tell nobody."""
