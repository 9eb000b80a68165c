"""Draw staff: who is in post in the nine workforce groups and how training spreads, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.example.cohorts import Counts, random_generator
from data.example.kinds import Reals, Staff, Truth
from data.example.services import STAFF_GROUPS, StaffGroup


def staff_chance(truth: Staff, group: StaffGroup, quarter: Counts) -> Reals:
    """Give the true chance in each quarter."""
    logit = np.log(truth.base / (1 - truth.base)) + group.level + truth.trend * group.pace * quarter
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Workforce:
    """Staff of every group in one area, followed through the quarters: groups in rows, quarters in columns."""

    area: str
    quarter: Counts
    lines: Mapping[str, Truth]
    seed: int

    def below(self, of: str) -> Counts:
        """Count the staff below a line."""
        kind, _, name = of.partition(":")
        if kind in {"direct", "all"}:
            heads = [group.direct + (group.others if kind == "all" else 0) for group in STAFF_GROUPS.values()]
            return np.repeat(np.array(heads, dtype=np.int64)[:, None], len(self.quarter), axis=1)
        if kind == "cases":
            return np.full((len(STAFF_GROUPS), len(self.quarter)), int(name))
        if kind == "met":
            return self.met(name)
        earlier = self._at(self.quarter - {"new": 1, "past": 4}[kind])
        return self.met(name) - earlier.met(name) if kind == "new" else earlier.met(name)

    def _at(self, quarter: Counts) -> Workforce:
        return Workforce(self.area, quarter, self.lines, self.seed)

    def met(self, indicator_id: str) -> Counts:
        """Count the staff above the line."""
        truth = self.lines[indicator_id]
        if not isinstance(truth, Staff):
            raise TypeError(f"{indicator_id} does not count staff")
        pool = self.below(truth.of)
        if truth.plus:
            part = self.lines[truth.plus]
            return self.met(truth.plus) + self._lucky(indicator_id, truth, pool - self.below(getattr(part, "of", "")))
        return self._lucky(indicator_id, truth, pool)

    def _lucky(self, indicator_id: str, truth: Staff, pool: Counts) -> Counts:
        """Give each person one luck for all quarters, so that who has trained stays trained; cases are new."""
        rows = []
        anew = truth.of.startswith(("new:", "cases:"))
        for (name, group), heads in zip(STAFF_GROUPS.items(), pool, strict=True):
            generator = random_generator(self.seed, f"{truth.stream or indicator_id} {self.area} {name}")
            p = staff_chance(truth, group, self.quarter)
            if anew:
                rows.append(generator.binomial(heads, p))
                continue
            luck = generator.random(int(heads.max(initial=0)))
            within = np.arange(len(luck))[:, None] < heads[None, :]
            rows.append(((luck[:, None] < p[None, :]) & within).sum(axis=0))
        return np.array(rows, dtype=np.int64)
