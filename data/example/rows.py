"""Turn drawn people, staff and things into rows of the long return, at the grain the catalogue asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import catalogue
from data.catalogue.definitions import Indicator
from data.example.amounts import amount_rows, given_rows, ratio_rows, things_rows
from data.example.calendar import Period, periods
from data.example.cohorts import Counts, random_generator
from data.example.groups import GROUPS
from data.example.kinds import (
    Amount,
    Events,
    Given,
    Ratio,
    Score,
    Share,
    Staff,
    StaffCount,
    StaffFlow,
    StaffScore,
    Things,
    Total,
)
from data.example.long_rows import Rows, long_rows
from data.example.staff_rows import staff_count_rows, staff_rows, staff_score_rows
from data.example.world import World, add_rows, gather, split_by_group


def rows_of(world: World, indicator: Indicator) -> pd.DataFrame:
    """Make every row of one indicator: areas at its grain, then its groups in each council."""
    truth = world.lines[indicator.id]
    starts = getattr(truth, "starts", -999)
    spans = [span for span in periods(world.quarters, indicator.period_grain) if span.first >= starts]
    match truth:
        case Share() | Events() | Total():
            parts = _people_rows(world, indicator, spans)
        case Score():
            parts = _score_rows(world, indicator, truth, spans)
        case Staff() | StaffFlow():
            parts = staff_rows(world, indicator, spans)
        case StaffScore():
            parts = staff_score_rows(world, indicator, truth, spans)
        case StaffCount():
            parts = staff_count_rows(world, indicator, truth, spans)
        case Things():
            parts = things_rows(world, indicator, truth, spans)
        case Amount():
            parts = amount_rows(world, indicator, truth, spans)
        case Ratio():
            parts = ratio_rows(world, indicator, truth, spans)
        case Given():
            parts = given_rows(world, indicator, truth, spans)
    return pd.concat(parts, ignore_index=True)


def sent_breakdowns(indicator: Indicator) -> list[str]:
    """Name the breakdowns that a return holds; others are worked out from the area."""
    derived = {entry.id for entry in catalogue.breakdowns() if entry.derived}
    return [name for name in indicator.breakdowns if name not in derived]


def _people_rows(world: World, indicator: Indicator, spans: Sequence[Period]) -> Rows:
    truth = world.lines[indicator.id]
    met = world.met(indicator.id)
    cohort = getattr(truth, "cohort", "")
    counted = world.line(cohort) if cohort else met
    is_count = indicator.value_type == "count"

    def at(area_type: str) -> tuple[Counts, Counts]:
        latest = bool(getattr(truth, "at_date", False))
        stock = latest or (bool(cohort) and world.is_stock(cohort))
        return (
            gather(met, world.places, area_type, spans, latest=latest),
            gather(met if is_count else counted, world.places, area_type, spans, latest=latest if is_count else stock),
        )

    above, below = at(indicator.area_grain)
    codes = world.places.codes(indicator.area_grain)
    parts = [long_rows(indicator.id, codes, spans, above, None if is_count else below)]
    area_type = "icb" if indicator.area_grain == "icb" else "lad"
    for breakdown in sent_breakdowns(indicator):
        parts += _group_rows(world, indicator, breakdown, area_type, spans, *at(area_type))
    return parts


def _group_rows(
    world: World,
    indicator: Indicator,
    breakdown: str,
    area_type: str,
    spans: Sequence[Period],
    above: Counts,
    below: Counts,
) -> Rows:
    groups = GROUPS[breakdown]
    generator = random_generator(world.seed, f"{indicator.id} {breakdown}")
    met = np.zeros((len(groups.shares), *above.shape), dtype=np.int64)
    counted = np.zeros_like(met)
    odds = [groups.odds.get(name, 1.0) for name in groups.shares]
    for cell in np.ndindex(*above.shape):
        total = int(above[cell]) if groups.of_everyone else int(below[cell])
        split = split_by_group(int(above[cell]), total, groups.shares_for(indicator.id), odds, generator)
        met[(slice(None), *cell)] = split[0]
        counted[(slice(None), *cell)] = below[cell] if groups.of_everyone else split[1]
    is_count = indicator.value_type == "count"
    codes = world.places.codes(area_type)
    return [
        long_rows(indicator.id, codes, spans, met[n], None if is_count else counted[n], group=(breakdown, name))
        for n, name in enumerate(groups.shares)
    ]


def _score_rows(world: World, indicator: Indicator, truth: Score, spans: Sequence[Period]) -> Rows:
    places = world.places
    people = gather(world.line(truth.cohort), places, "lsoa21", spans)
    quarter = np.array([(span.first + span.last) / 2 for span in spans])
    centre = truth.centre + truth.slope * (places.fifth[:, None] - 3) + truth.trend * quarter[None, :]
    centre = centre + truth.council * (places.lad_of[:, None] % 2)
    generator = random_generator(world.seed, indicator.id)
    total = people * centre + np.sqrt(people) * generator.normal(0, truth.spread, people.shape)
    area, codes = places.parent_of(indicator.area_grain), places.codes(indicator.area_grain)
    below = add_rows(people, area, len(codes))
    above = np.round(add_rows(total, area, len(codes)), 1)
    parts = [_score_part(indicator, codes, spans, above, below)]
    for breakdown in sent_breakdowns(indicator):
        shares = np.array(GROUPS[breakdown].shares_for(indicator.id))
        counted = np.moveaxis(generator.multinomial(below, shares / shares.sum()), -1, 0)
        weight = generator.gamma(counted * (truth.centre / truth.spread) ** 2)  # never negative, and adds up
        sums = np.round(above * weight / np.maximum(weight.sum(axis=0), 1e-9), 1)
        for number, name in enumerate(GROUPS[breakdown].shares):
            parts.append(_score_part(indicator, codes, spans, sums[number], counted[number], (breakdown, name)))
    return parts


def _score_part(
    indicator: Indicator,
    codes: npt.NDArray[np.str_],
    spans: Sequence[Period],
    above: npt.NDArray[np.float64],
    below: Counts,
    group: tuple[str, str] = ("", ""),
) -> pd.DataFrame:
    """A mean is sent as a sum and a number of people, a middle value as itself and the number of people."""
    if indicator.value_type == "median":
        return long_rows(indicator.id, codes, spans, None, below, np.round(above / np.maximum(below, 1), 1), group)
    return long_rows(indicator.id, codes, spans, above, below, group=group)
