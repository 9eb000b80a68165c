"""Mend what a release would still tell an attacker who solves integer programmes, before anybody is given it.

What readers were once given cannot be taken back, so real figures are attacked before they are released.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from data.answers.joined import Joined
from data.answers.linked import hidden_counts
from metrics.disclosure_audit import Attacked
from metrics.disclosure_linked import Protection
from metrics.disclosure_mending import mended_suppression

#: Most time for one exact question; what it leaves undecided is hidden further.
SECONDS: Final = 1.0


def mend_joined(
    joined: Joined, done: Sequence[Protection], needed: int, tell: Attacked | None = None
) -> list[Protection]:
    """Attack measures that hang together as they would be released, and hide what binds the counts that are found."""
    mended = mended_suppression(
        joined.links,
        joined.least,
        joined.greatest,
        joined.truth,
        joined.items,
        joined.all_of(done),
        must_stay_uncertain(joined, done),
        needed=needed,
        seconds=SECONDS,
        complements=joined.complements,
        tell=tell,
    )
    return [joined.part_of(mended, number) for number, block in enumerate(joined.blocks) if not block.fixed]


def must_stay_uncertain(joined: Joined, done: Sequence[Protection]) -> np.ndarray:
    """List the joint counts behind a mark, and those that an earlier release hid and this one does not show.

    A count that was given away before cannot be protected any more.
    """
    now = iter(done)
    found = []
    for block, places in zip(joined.blocks, joined.places, strict=True):
        if block.fixed:
            own = np.flatnonzero(block.linked.items.sensitive & (joined.items.of_count[places] < 0))
        else:
            own = hidden_counts(block.linked, next(now))
        found.append(places[own])
    counts = np.unique(np.concatenate(found)).astype(np.int64)
    away = joined.items.given_away
    chosen: np.ndarray = counts if away is None else counts[~away[counts]]
    return chosen
