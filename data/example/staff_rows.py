"""Rows about staff: each workforce group, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.catalogue.definitions import Indicator
from data.example.calendar import Period
from data.example.cohorts import Counts, random_generator
from data.example.kinds import Reals, StaffCount, StaffScore
from data.example.long_rows import Rows, long_rows
from data.example.services import STAFF_GROUPS
from data.example.staff import Workforce
from data.example.world import World


def _teams(world: World, spans: Sequence[Period]) -> list[Workforce]:
    quarter = np.array([span.last for span in spans])
    return [Workforce(str(code), quarter, world.lines, world.seed) for code in world.places.lad]


def staff_rows(world: World, indicator: Indicator, spans: Sequence[Period]) -> Rows:
    """Count staff above and below the line in each council area."""
    truth = world.lines[indicator.id]
    teams = _teams(world, spans)
    met = np.array([team.met(indicator.id) for team in teams])
    counted = np.array([team.below(getattr(truth, "of", "direct")) for team in teams])
    return _by_group(world, indicator, spans, met, None if indicator.value_type == "count" else counted)


def staff_score_rows(world: World, indicator: Indicator, truth: StaffScore, spans: Sequence[Period]) -> Rows:
    """Add up scores of the staff who have one."""
    counted = np.array([team.below(truth.of) for team in _teams(world, spans)])
    generator = random_generator(world.seed, indicator.id)
    scale = truth.spread**2 / truth.centre  # a sum of gamma scores: mean ``centre``, standard deviation ``spread``
    total = np.round(scale * generator.gamma(counted * truth.centre / scale), 1)
    return _by_group(world, indicator, spans, total, counted)


def staff_count_rows(world: World, indicator: Indicator, truth: StaffCount, spans: Sequence[Period]) -> Rows:
    """Count staff in post, or vacant posts out of all posts."""
    heads = np.array([team.below("all") for team in _teams(world, spans)])
    in_post = np.round(heads * truth.factor, 1)
    if truth.vacant is None:
        return _by_group(world, indicator, spans, in_post, None)
    noise = random_generator(world.seed, indicator.id).normal(1, 0.15, heads.shape)
    vacant = np.round(in_post * truth.vacant / (1 - truth.vacant) * np.maximum(noise, 0), 1)
    return _by_group(world, indicator, spans, vacant, np.round(in_post + vacant, 1))


def _by_group(
    world: World, indicator: Indicator, spans: Sequence[Period], met: Reals | Counts, counted: Reals | Counts | None
) -> Rows:
    """Tables hold council area, group, period."""
    codes = world.places.lad
    below = None if counted is None else np.round(counted.sum(axis=1), 1)
    parts: list[pd.DataFrame] = [long_rows(indicator.id, codes, spans, np.round(met.sum(axis=1), 1), below)]
    for number, name in enumerate(STAFF_GROUPS):
        group_below = None if counted is None else counted[:, number]
        group = ("workforce_group", name)
        parts.append(long_rows(indicator.id, codes, spans, met[:, number], group_below, group=group))
    return parts
