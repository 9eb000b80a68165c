"""Move direct-contact staff through the quarters: who leaves, starts, completes training, and whose training lapses.

The stock of those who have completed training is that of ``data.example.staff``; these flows are drawn so that they add
up to it, quarter by quarter. In date = completed − expired, and each quarter

    in date after = in date before − left − lapsed + completed in the quarter + came trained
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.example.calendar import LAST_QUARTER
from data.example.cohorts import Counts, random_generator
from data.example.kinds import Truth
from data.example.services import (
    EXPIRED_AT_FIRST,
    PLACES_AT_LEAST,
    STAFF_FLOWS,
    STAFF_GROUPS,
    TRAINED,
    GroupFlow,
)
from data.example.staff import Workforce

COUNTS = ("in_post", "left", "started", "came_trained", "could_lapse", "lapsed", "trained", "places")
STOCKS = ("completed", "expired")


def staff_flows(area: str, lines: Mapping[str, Truth], seed: int) -> dict[str, Counts]:
    """Give each count in one council area from 2023/24 Q1 on: groups in rows, quarters in columns.

    The flows of a quarter are those that led to its last day. Each group has a random stream of its own.
    """
    quarters = np.arange(-1, LAST_QUARTER + 1)
    completed = Workforce(area, quarters, lines, seed).met(TRAINED)
    table = {name: np.zeros((len(STAFF_GROUPS), LAST_QUARTER + 1), dtype=np.int64) for name in (*COUNTS, *STOCKS)}
    for row, (name, group) in enumerate(STAFF_GROUPS.items()):
        generator = random_generator(seed, f"staff flows {area} {name}")
        expired = int(generator.binomial(completed[row, 0], EXPIRED_AT_FIRST))
        for quarter in range(LAST_QUARTER + 1):
            before, after = int(completed[row, quarter]), int(completed[row, quarter + 1])
            moved = _one_quarter(generator, STAFF_FLOWS[name], group.direct, before, after, expired)
            expired = moved["expired"]
            for count, number in moved.items():
                table[count][row, quarter] = number
    return table


def _one_quarter(
    generator: np.random.Generator, flow: GroupFlow, heads: int, before: int, after: int, expired: int
) -> dict[str, int]:
    """Draw one quarter: leavers, starters, lapses and renewals, and as many new completions as the stock asks for."""
    left_in_date = int(generator.binomial(before - expired, flow.leaving))
    left_expired = int(generator.binomial(expired, flow.leaving))
    left_untrained = int(generator.binomial(heads - before, flow.leaving))
    left = left_in_date + left_expired + left_untrained
    could_lapse = before - expired - left_in_date
    lapsed = int(generator.binomial(could_lapse, flow.lapsing))
    renewed = int(generator.binomial(expired - left_expired, flow.renewing))
    wanted = after - before + left_in_date + left_expired
    came_trained = min(int(generator.binomial(left, flow.arriving_trained)), wanted)
    trained = wanted - came_trained + renewed
    places = int(np.ceil(trained / flow.used)) if flow.used else 0
    return {
        "in_post": heads,
        "left": left,
        "started": left,
        "came_trained": came_trained,
        "could_lapse": could_lapse,
        "lapsed": lapsed,
        "trained": trained,
        "places": max(places, PLACES_AT_LEAST),
        "completed": after,
        "expired": expired - left_expired + lapsed - renewed,
    }
