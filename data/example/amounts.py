"""Rows about amounts, ratios of two lines, things out of a list and fixed figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from data.catalogue.definitions import Indicator
from data.errors import UnknownName
from data.example.calendar import Period
from data.example.cohorts import Counts, random_generator
from data.example.groups import GROUPS
from data.example.kinds import Amount, Given, Ratio, Reals, Things
from data.example.long_rows import Rows, long_rows
from data.example.world import World, gather

CYCLED = frozenset({"stressor", "workforce_group"})  # things are listed once for each of these, in turn


def amount_rows(world: World, indicator: Indicator, truth: Amount, spans: Sequence[Period]) -> Rows:
    """Give an amount, over the line it is in proportion to unless it is a plain count."""
    grain = indicator.area_grain
    amount = _amount(world, indicator.id, truth, grain, spans)
    below = _line(world, truth.per, grain, spans) if truth.per and indicator.value_type != "count" else None
    codes = world.places.codes(grain)
    parts = [long_rows(indicator.id, codes, spans, amount, below)]
    for breakdown in indicator.breakdowns:
        shares = np.array(list(GROUPS[breakdown].shares.values()))
        generator = random_generator(world.seed, f"{indicator.id} {breakdown}")
        split = generator.multinomial(amount.astype(np.int64), shares / shares.sum())
        for number, name in enumerate(GROUPS[breakdown].shares):
            parts.append(long_rows(indicator.id, codes, spans, split[..., number], below, group=(breakdown, name)))
    return parts


def ratio_rows(world: World, indicator: Indicator, truth: Ratio, spans: Sequence[Period]) -> Rows:
    """Give one line over another."""
    grain = indicator.area_grain
    above = _line(world, truth.above, grain, spans)
    below = _line(world, truth.below, grain, spans) if truth.below else None
    parts = [long_rows(indicator.id, world.places.codes(grain), spans, above, below)]
    for breakdown in indicator.breakdowns:
        parts += _split_ratio(world, indicator, breakdown, spans, above.astype(np.int64), below)
    return parts


def _split_ratio(
    world: World, indicator: Indicator, breakdown: str, spans: Sequence[Period], above: Counts, below: Reals | None
) -> Rows:
    """Split both lines by the same shares; both add up to their whole and no part exceeds its own line below."""
    shares = np.array(list(GROUPS[breakdown].shares.values()))
    generator = random_generator(world.seed, f"{indicator.id} {breakdown}")
    met = generator.multinomial(above, shares / shares.sum())
    rest = np.zeros_like(above) if below is None else below.astype(np.int64) - above
    counted = met + generator.multinomial(rest, shares / shares.sum())
    codes = world.places.codes(indicator.area_grain)
    return [
        long_rows(indicator.id, codes, spans, met[..., n], counted[..., n], group=(breakdown, name))
        for n, name in enumerate(GROUPS[breakdown].shares)
    ]


def things_met(seed: int, name: str, truth: Things, areas: int, quarter: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Say which listed thing meets the mark in each area and quarter; the same thing keeps its luck through them."""
    logit = np.log(truth.base / (1 - truth.base)) + truth.trend * np.array(quarter)[None, :]
    chance = 1 / (1 + np.exp(-(logit + truth.council * (np.arange(areas)[:, None] % 2))))
    luck = random_generator(seed, truth.stream or name).random((areas, truth.things))
    met: npt.NDArray[np.bool_] = luck[:, :, None] < chance[:, None, :]
    return met


def things_rows(world: World, indicator: Indicator, truth: Things, spans: Sequence[Period]) -> Rows:
    """Count which of the listed things meet the mark."""
    codes = world.places.codes(indicator.area_grain)
    met = things_met(world.seed, indicator.id, truth, len(codes), [span.last for span in spans])
    shape = (len(codes), len(spans))
    parts = [long_rows(indicator.id, codes, spans, met.sum(axis=1), np.full(shape, truth.things))]
    for breakdown in indicator.breakdowns:
        kind = kind_of_thing(breakdown, truth.things)
        for number, name in enumerate(GROUPS[breakdown].shares):
            of_kind = met[:, kind == number, :]
            listed = np.full(shape, of_kind.shape[1])
            parts.append(long_rows(indicator.id, codes, spans, of_kind.sum(axis=1), listed, group=(breakdown, name)))
    return parts


def kind_of_thing(breakdown: str, things: int) -> npt.NDArray[np.int64]:
    """Say which group each thing belongs to: in turn, or in runs as long as the group's share."""
    shares = np.array(list(GROUPS[breakdown].shares.values()))
    if breakdown in CYCLED:
        return np.arange(things) % len(shares)
    if breakdown == "hub":
        shares = np.ones(len(shares))
    ends = np.cumsum(shares) / shares.sum()
    return np.minimum(np.searchsorted(ends, (np.arange(things) + 0.5) / things), len(shares) - 1)


def given_rows(world: World, indicator: Indicator, truth: Given, spans: Sequence[Period]) -> Rows:
    """Give the fixed figure of each period's last quarter."""
    codes = world.places.codes(indicator.area_grain)
    figures = np.array([[truth.values[max(span.last, 0)] for span in spans]] * len(codes), dtype=np.float64)
    if indicator.value_type == "count":
        return [long_rows(indicator.id, codes, spans, figures, None)]
    return [long_rows(indicator.id, codes, spans, None, None, figures)]


def _line(world: World, name: str, area_type: str, spans: Sequence[Period]) -> Reals:
    kind, _, rest = name.partition(":")
    if kind == "amount":
        truth = world.lines[rest]
        if not isinstance(truth, Amount):
            raise UnknownName("this line is not an amount", found=repr(rest))
        return _amount(world, rest, truth, area_type, spans)
    people = world.met(rest) if kind == "core20" else world.line(name)
    if kind == "core20":
        people = np.where(world.places.fifth[:, None] == 1, people, 0)
    latest = kind != "core20" and world.is_stock(name)
    return gather(people, world.places, area_type, spans, latest=latest).astype(np.float64)


def _amount(world: World, name: str, truth: Amount, area_type: str, spans: Sequence[Period]) -> Reals:
    codes = world.places.codes(area_type)
    per = _line(world, truth.per, area_type, spans) if truth.per else np.ones((len(codes), len(spans)))
    growth = (1 + truth.growth) ** (np.array([span.last for span in spans]) / 4)
    council = np.where(np.arange(len(codes)) % 2 == 1, truth.council, 1.0)
    noise = random_generator(world.seed, name).normal(1, truth.noise, per.shape)
    return np.round(per * truth.level * growth[None, :] * council[:, None] * noise, 0 if truth.whole else 2)
