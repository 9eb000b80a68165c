"""Whether a series of quarters shows more than chance, said in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from data.catalogue import indicator
from data.catalogue.definitions import Indicator
from metrics.run_chart import run_chart
from metrics.xmr import XmrChart, xmr, xmr_of_many

#: Making Data Count: limits from fewer points say too little to act on.
POINTS_NEEDED: Final = 8
KINDS: Final = {"improvement": "getting better", "concern": "getting worse", "neutral": "changing"}


def chart_of(values: Sequence[float], definition: Indicator) -> XmrChart | None:
    """Make the XmR chart of a series of quarters, oldest first; None where it is too short to judge."""
    known = np.asarray(values, dtype=float)
    if np.count_nonzero(~np.isnan(known)) < POINTS_NEEDED:
        return None
    target = definition.target
    published = target.value if target is not None and not target.implied else None
    return xmr(known, direction=definition.polarity, target=published)


def trend_words(values: Sequence[float], definition: Indicator) -> str:
    """Say what the newest quarter tells beside the earlier ones.

    The XmR chart of Making Data Count is read first. A slow change can stay inside its limits for years, so where it
    sees nothing the shift rule of the run chart (six or more points on one side of the median) is asked as well.
    """
    chart = chart_of(values, definition)
    if chart is None:
        return "too few quarters to say"
    if chart.variation != "common_cause":
        kind = chart.variation.split("_", maxsplit=1)[0]
        return f"{KINDS[kind]}: {chart.points['special_cause'].iloc[-1]}"
    return shift_words(values, definition)


def shift_words(values: Sequence[float], definition: Indicator) -> str:
    """Say whether the newest quarters lie on one side of the median for longer than chance allows."""
    known = np.asarray(values, dtype=float)
    points = run_chart(known[~np.isnan(known)]).points
    if not bool(points["shift"].iloc[-1]):
        return "no clear change"
    above = float(points["value"].iloc[-1]) > float(points["median"].iloc[-1])
    side = "above" if above else "below"
    if definition.polarity == "no_judgement":
        return f"changing: shift {side} median"
    better = above == (definition.polarity == "high_is_good")
    return f"{KINDS['improvement' if better else 'concern']}: shift {side} median"


def trends_of(series: pd.DataFrame) -> dict[str, str]:
    """Say of many indicators at once what ``trend_words`` says of one: a row each, a column for each quarter."""
    enough = series.loc[series.notna().sum(axis=1) >= POINTS_NEEDED]
    said = dict.fromkeys(map(str, series.index), "too few quarters to say")
    polarities = enough.index.map(lambda name: indicator(str(name)).polarity)
    for polarity in set(polarities):
        alike = enough.loc[polarities == polarity]
        variations = xmr_of_many(alike, direction=polarity)["variation"]
        for name, variation, values in zip(alike.index, variations, alike.to_numpy(), strict=True):
            kind = KINDS.get(str(variation).split("_", maxsplit=1)[0])
            said[str(name)] = kind or shift_words(values.tolist(), indicator(str(name)))
    return said
