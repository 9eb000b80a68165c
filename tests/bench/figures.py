"""A measured figure beside its budget, and the table that the benchmarks print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

HEADINGS = ("figure", "measured", "budget", "verdict", "how")


@dataclass(frozen=True)
class Figure:
    """One line of the table. Without ``measured``, ``how`` says why; without ``budget`` it is for information."""

    name: str
    measured: float | None
    budget: float | None
    unit: str
    how: str = ""

    @property
    def verdict(self) -> str:
        """Whether the figure keeps to its budget."""
        if self.measured is None:
            return "not measured"
        if self.budget is None:
            return "for information"
        return "pass" if self.measured <= self.budget else "over"

    def cells(self) -> tuple[str, ...]:
        """The line's cells in words."""
        budget = "" if self.budget is None else f"≤ {shown(self.budget)} {self.unit}"
        measured = "" if self.measured is None else f"{shown(self.measured)} {self.unit}"
        return self.name, measured.strip(), budget.strip(), self.verdict, self.how


def shown(number: float) -> str:
    """A number to three figures, or whole when it is large."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """All figures as one table in Markdown."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEADINGS))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def interleave(repeats: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Measure each in turn, ``repeats`` times, and the other way round every second time.

    What else the machine does then falls on all of them alike.
    """
    found: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(repeats):
        names = list(measures)
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(measures[name]())
    return found


def spread(numbers: Sequence[float], unit: str = "ms") -> str:
    """The median with the least and the most, in words."""
    return f"{shown(median(numbers))} {unit} ({shown(min(numbers))} to {shown(max(numbers))}, n {len(numbers)})"


def slowest_twentieth(numbers: Sequence[float]) -> float:
    """The 95th percentile: the smallest number that at least 95 in 100 do not exceed."""
    ordered = sorted(numbers)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
