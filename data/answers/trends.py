"""Whether a series of quarters shows more than chance, said in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from data.catalogue.definitions import Indicator
from metrics.xmr import XmrChart, xmr

#: Making Data Count: limits from fewer points say too little to act on.
POINTS_NEEDED: Final = 8


def chart_of(values: Sequence[float], definition: Indicator) -> XmrChart | None:
    """Make the XmR chart of a series of quarters, oldest first; None where it is too short to judge."""
    known = np.asarray(values, dtype=float)
    if np.count_nonzero(~np.isnan(known)) < POINTS_NEEDED:
        return None
    target = definition.target
    published = target.value if target is not None and not target.implied else None
    return xmr(known, direction=definition.polarity, target=published)


def trend_words(values: Sequence[float], definition: Indicator) -> str:
    """Say what the newest quarter tells beside the earlier ones, as Making Data Count reads it."""
    chart = chart_of(values, definition)
    if chart is None:
        return "too few quarters to say"
    if chart.variation == "common_cause":
        return "no clear change"
    words = {"improvement": "getting better", "concern": "getting worse", "neutral": "changing"}
    kind = chart.variation.split("_", maxsplit=1)[0]
    return f"{words[kind]}: {chart.points['special_cause'].iloc[-1]}"
