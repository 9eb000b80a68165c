"""Draw people: who is counted, and who of them counts, in every LSOA and quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from data.errors import UnknownName
from data.example.calendar import LAST_QUARTER, Period
from data.example.cohorts import STOCKS, Counts, cohorts, random_generator
from data.example.ground_truth import own_chance
from data.example.kinds import Events, People, Reals, Share, Total, Truth
from data.example.places import Places

MET = "met:"
Table = TypeVar("Table", Counts, Reals)


@dataclass(slots=True)
class World:
    """One set of people. Every indicator is drawn from its own random stream and kept, so that steps can nest."""

    places: Places
    quarters: int
    seed: int
    lines: Mapping[str, Truth]
    people: dict[str, Counts] = field(init=False)
    drawn: dict[str, Counts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.people = cohorts(self.places, self.quarters, self.seed)

    @property
    def quarter(self) -> Counts:
        """Number the quarters, 0 = 2023/24 Q1."""
        return np.arange(LAST_QUARTER - self.quarters + 1, LAST_QUARTER + 1)

    def line(self, name: str) -> Counts:
        """Count a cohort, those who met another indicator, or those who met any of several added up."""
        if not name.startswith(MET):
            return self.people[name]
        total: Counts = np.sum([self.met(part) for part in name.removeprefix(MET).split("+")], axis=0)
        return total

    def counted(self, indicator_id: str) -> Counts:
        """Count the people below the line."""
        return self.line(self._people(indicator_id).cohort)

    def met(self, indicator_id: str) -> Counts:
        """Count the people, or events, above the line."""
        if indicator_id not in self.drawn:
            truth = self._people(indicator_id)
            if isinstance(truth, Total):
                self.drawn[indicator_id] = np.sum([self.line(part) for part in truth.parts], axis=0)
            elif isinstance(truth, Events):
                self.drawn[indicator_id] = self._count_events(indicator_id, truth)
            else:
                self.drawn[indicator_id] = self._draw(indicator_id, truth)
        return self.drawn[indicator_id]

    def _draw(self, indicator_id: str, truth: Share) -> Counts:
        p = own_chance(truth, self.places, self.quarter)
        pool = self.line(truth.cohort)
        already = np.zeros_like(pool)
        if truth.inside:
            pool = self.met(truth.inside)
            outer = self._people(truth.inside)
            if not isinstance(outer, Share):
                raise UnknownName("a step of a funnel must lie inside a share", found=repr(truth.inside))
            p = np.minimum(p / own_chance(outer, self.places, self.quarter), 1.0)
        elif truth.beyond or truth.including:
            already = self.met(truth.beyond or truth.including)
        fresh = random_generator(self.seed, indicator_id).binomial(pool - already, p)
        return fresh + already if truth.including else fresh

    def _count_events(self, indicator_id: str, truth: Events) -> Counts:
        fifth, second = self.places.fifth[:, None], self.places.lad_of[:, None] % 2
        factor: Reals = np.exp(truth.slope * (fifth - 3) + truth.trend * self.quarter + truth.council * second)
        return random_generator(self.seed, indicator_id).poisson(self.line(truth.cohort) * truth.level * factor)

    def is_stock(self, name: str) -> bool:
        """Say whether a line counts those who are there at a date rather than those who arrive in a period."""
        if not name.startswith(MET):
            return name in STOCKS
        truth = self._people(name.removeprefix(MET).split("+")[0])
        return isinstance(truth, Share) and not truth.flow and self.is_stock(truth.cohort)

    def _people(self, name: str) -> People:
        truth = self.lines[name]
        if not isinstance(truth, Share | Events | Total):
            raise UnknownName("this line does not count people", found=repr(name))
        return truth


def gather(counts: Counts, places: Places, area_type: str, spans: Sequence[Period], *, latest: bool = False) -> Counts:
    """Add LSOAs and quarters up to areas (rows) and periods (columns); ``latest`` takes a period's last quarter."""
    first = LAST_QUARTER - counts.shape[1] + 1
    columns = [counts[:, (s.last if latest else s.first) - first : s.last - first + 1].sum(axis=1) for s in spans]
    by_period = np.column_stack(columns) if columns else np.zeros((len(counts), 0), dtype=np.int64)
    return add_rows(by_period, places.parent_of(area_type), len(places.codes(area_type)))


def add_rows(table: Table, parent: Counts, parents: int) -> Table:
    """Add the rows of a table up to their parents."""
    total: Table = np.zeros((parents, *table.shape[1:]), dtype=table.dtype)
    np.add.at(total, parent, table)
    return total


def split_by_group(
    met: int, counted: int, shares: Sequence[float], odds: Sequence[float], generator: np.random.Generator
) -> tuple[Counts, Counts]:
    """Share people out among groups so that both lines add up to the totals given.

    ``shares`` are the groups' expected parts of everyone; ``odds`` multiply a group's chance of being among those who
    count (a draw without replacement in which each person's weight is the odds of their group).
    """
    below = generator.multinomial(counted, np.asarray(shares) / np.sum(shares))
    group = np.repeat(np.arange(len(below)), below)
    arrival = generator.exponential(size=counted) / np.asarray(odds)[group]
    first = group[np.argsort(arrival, kind="stable")[:met]]
    return np.bincount(first, minlength=len(below)), below
