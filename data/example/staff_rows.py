"""Rows about staff: each workforce group, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.catalogue.definitions import Indicator
from data.example.calendar import Period
from data.example.cohorts import Counts, random_generator
from data.example.groups import GROUPS
from data.example.kinds import Reals, Staff, StaffCount, StaffFlow, StaffScore
from data.example.long_rows import Rows, long_rows
from data.example.services import STAFF_GROUPS
from data.example.staff import Workforce
from data.example.staff_flows import staff_flows
from data.example.world import World


def _teams(world: World, spans: Sequence[Period]) -> list[Workforce]:
    quarter = np.array([span.last for span in spans])
    return [Workforce(str(code), quarter, world.lines, world.seed) for code in world.places.lad]


def staff_rows(world: World, indicator: Indicator, spans: Sequence[Period]) -> Rows:
    """Count staff above and below the line in each council area."""
    truth = world.lines[indicator.id]
    if isinstance(truth, StaffFlow):
        return _flow_rows(world, indicator, truth, spans)
    teams = _teams(world, spans)
    met = np.array([team.met(indicator.id) for team in teams])
    counted = np.array([team.below(getattr(truth, "of", "direct")) for team in teams])
    rows = _by_group(world, indicator, spans, met, None if indicator.value_type == "count" else counted)
    if "employer" in indicator.breakdowns and isinstance(truth, Staff):
        rows += _by_employer(world, indicator, spans, *_of_part(world, truth, spans), met, counted)
    return rows


def _flow_rows(world: World, indicator: Indicator, truth: StaffFlow, spans: Sequence[Period]) -> Rows:
    """Count who moved in each quarter, and who could have."""
    made = [staff_flows(str(code), world.lines, world.seed) for code in world.places.lad]
    quarter = [span.last for span in spans]
    above, below = (np.array([one[name][:, quarter] for one in made]) for name in (truth.above, truth.below))
    return _by_group(world, indicator, spans, above, below)


def _of_part(world: World, truth: Staff, spans: Sequence[Period]) -> tuple[Counts, Counts]:
    """Count direct-contact staff where the line is everyone, so that they stay with their employer; else nobody."""
    teams = _teams(world, spans)
    below = np.array([team.below("direct") for team in teams])
    if not truth.plus:
        return np.zeros_like(below), np.zeros_like(below)
    return np.array([team.met(truth.plus) for team in teams]), below


def _by_employer(
    world: World,
    indicator: Indicator,
    spans: Sequence[Period],
    part_met: Counts,
    part_counted: Counts,
    met: Counts,
    counted: Counts,
) -> Rows:
    """Share staff out among employers: direct-contact staff first, then the others."""
    employers = GROUPS["employer"]
    shares = np.array(list(employers.shares.values()))
    odds = np.array([employers.odds.get(name, 1.0) for name in employers.shares])
    direct = _shared_out(part_met.sum(axis=1), part_counted.sum(axis=1), shares, odds)
    rest = _shared_out((met - part_met).sum(axis=1), (counted - part_counted).sum(axis=1), shares, odds)
    codes = world.places.lad
    return [
        long_rows(
            indicator.id,
            codes,
            spans,
            direct[0][..., number] + rest[0][..., number],
            direct[1][..., number] + rest[1][..., number],
            group=("employer", name),
        )
        for number, name in enumerate(employers.shares)
    ]


def _shared_out(met: Counts, counted: Counts, shares: Reals, odds: Reals) -> tuple[Counts, Counts]:
    """Share two lines out by fixed shares, the upper one by odds as well; nothing is drawn, so staff stay put."""
    heads = _whole_parts(counted, np.broadcast_to(shares, (*counted.shape, len(shares))))
    parts = _whole_parts(met, heads * odds)
    over = np.maximum(parts - heads, 0)  # what an employer has no staff for goes to the first
    parts = parts - over
    parts[..., 0] += over.sum(axis=-1)
    return parts, heads


def _whole_parts(total: Counts, weight: Reals) -> Counts:
    """Cut whole numbers into whole parts: each part ends where its share of the total ends, rounded."""
    whole = np.maximum(weight.sum(axis=-1, keepdims=True), 1e-9)
    ends = np.floor(np.cumsum(weight, axis=-1) / whole * total[..., None] + 0.5).astype(np.int64)
    parts: Counts = np.diff(ends, axis=-1, prepend=0)
    return parts


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
