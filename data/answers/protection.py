"""The boundary: exact cells go in, protected cells come out, and only these are released.

Everything a page, file or link can show has passed ``protect_cells``. Values and limits are computed from the
protected counts, so nobody can turn a percentage back into a count of people.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from data.answers.roll_up import CELL, FIFTHS
from data.catalogue.definitions import DisclosureRule, Indicator
from metrics.disclosure import is_small, protect_counts, round_half_up
from metrics.proportions import proportion
from metrics.rates import rate

RELEASED: Final = [*CELL, "numerator", "denominator", "value", "lowercl", "uppercl", "value_status"]
#: Areas below a council, where a grain is released only when enough areas can be shown.
SMALL_AREAS: Final = ("lsoa21", "msoa21", "ward")
#: What is sent in as a value that cannot be added up: a median of two medians is nobody's median.
NOT_ADDED_UP: Final = ("median", "score", "yes_no")


def protect_cells(cells: pd.DataFrame, indicator: Indicator, rule: DisclosureRule) -> pd.DataFrame:
    """Protect one indicator's cells and compute values and limits from what is left."""
    protected = cells[CELL].reset_index(drop=True)
    has_whole = indicator.value_type != "count"
    numerator = cells["numerator"].to_numpy()
    denominator = cells["denominator"].to_numpy() if has_whole else None
    if indicator.disclosive:
        counts = protect_counts(
            numerator if indicator.value_type != "mean" else cells["denominator"].to_numpy(),
            denominator,
            complement=rule.protect_complement and indicator.value_type == "proportion",
            suppress_from=rule.suppress_from,
            suppress_to=rule.suppress_to,
            round_to=rule.round_to,
        )
    else:
        counts = _open_counts(numerator, denominator)
    protected[["numerator", "denominator", "value_status"]] = counts
    reason = cells["reason"].to_numpy()
    protected["value_status"] = np.where(reason != "", reason, protected["value_status"])
    if indicator.value_type == "mean":
        return _mean_values(protected, numerator, denominator, indicator)
    return _values(protected, indicator)


def _open_counts(numerator: np.ndarray, denominator: np.ndarray | None) -> pd.DataFrame:
    """Give counts of things, such as hubs or pounds, as they are."""
    whole = np.full(numerator.shape, np.nan) if denominator is None else denominator
    status = np.where(whole == 0, "not_applicable", "shown")
    return pd.DataFrame({"numerator": numerator, "denominator": whole, "value_status": status})


def _mean_values(
    protected: pd.DataFrame, total: np.ndarray, people: np.ndarray | None, indicator: Indicator
) -> pd.DataFrame:
    """Give a mean only where it rests on more people than the rule suppresses; the total itself is never given."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.round(total / people * indicator.multiplier, 1)
    given = protected["value_status"].isin(["shown", "rounded"])
    protected["value"] = np.where(given, value, np.nan)
    protected["numerator"] = np.nan
    protected[["lowercl", "uppercl"]] = np.nan
    return protected[RELEASED]


def protect_values(rows: pd.DataFrame, indicator: Indicator, rule: DisclosureRule) -> pd.DataFrame:
    """Give medians, scores and yes-or-no as sent in, unless they rest on too few people."""
    protected = rows[CELL].reset_index(drop=True)
    people = rows["denominator"].to_numpy(dtype=float)
    small = is_small(people, suppress_from=rule.suppress_from, suppress_to=rule.suppress_to) & indicator.disclosive
    sent = rows["value_status"].to_numpy()
    status = np.where(small & np.isin(sent, ["shown", "rounded"]), "suppressed", sent)
    given = np.isin(status, ["shown", "rounded"])
    protected["numerator"] = np.nan
    protected["denominator"] = np.where(small, np.nan, round_half_up(people, rule.round_to))
    protected["value"] = np.where(given, rows["value"].to_numpy(dtype=float), np.nan)
    protected[["lowercl", "uppercl"]] = np.nan
    protected["value_status"] = status
    return protected[RELEASED]


def _values(protected: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    given = protected["value_status"].isin(["shown", "rounded"]).to_numpy()
    protected[["value", "lowercl", "uppercl"]] = np.nan
    counts = protected.loc[given]
    if indicator.value_type == "proportion":
        limits = proportion(counts["numerator"], counts["denominator"], multiplier=indicator.multiplier)
    elif indicator.value_type == "rate":
        limits = rate(counts["numerator"], counts["denominator"], multiplier=indicator.multiplier)
    else:
        whole = 1.0 if indicator.value_type == "count" else counts["denominator"]
        limits = pd.DataFrame({"value": counts["numerator"] / whole * indicator.multiplier})
        limits[["lowercl", "uppercl"]] = np.nan
    protected.loc[given, ["value", "lowercl", "uppercl"]] = limits[["value", "lowercl", "uppercl"]].to_numpy()
    return protected[RELEASED]


def safe_grains(protected: pd.DataFrame, rule: DisclosureRule) -> pd.DataFrame:
    """Keep the combinations of area and period at which enough can be shown; everyone in a council is always kept."""
    kept: pd.DataFrame = protected.loc[_of_small_areas(protected, rule) & _of_groups(protected, rule)]
    return kept


def _of_small_areas(protected: pd.DataFrame, rule: DisclosureRule) -> np.ndarray:
    """Keep the combinations of small area and period at which enough areas can be shown; councils and up are kept.

    An area counts when there was anybody to count there and something was collected. A combination is judged on its
    latest period, so that one poor year long ago does not withhold a map. Where nearly all areas have none and nearly
    all others are hidden, the total alone would tell what each of them has: such a combination is not kept either.
    """
    small = protected["area_type"].isin(SMALL_AREAS)
    judged = protected.loc[small & (protected["breakdown_type"] == "")]
    judged = judged.loc[judged["value_status"].isin(["shown", "rounded", "suppressed"])]
    if judged.empty:
        return ~small.to_numpy()
    latest = judged.groupby(["area_type", "period_type"])["period_from"].transform("max")
    judged = judged.loc[judged["period_from"] == latest]
    grains = [judged["area_type"], judged["period_type"]]
    shares: pd.Series[float] = (judged["value_status"] != "suppressed").astype(float).groupby(grains).mean()
    some = judged.loc[judged["numerator"] != 0]
    of_some = (some["value_status"] != "suppressed").groupby([some["area_type"], some["period_type"]]).mean()
    enough = of_some.reindex(shares.index).fillna(1.0) >= rule.share_before_councils
    shares = shares.where(enough.to_numpy(), other=0.0)
    grain = pd.MultiIndex.from_frame(protected[["area_type", "period_type"]])
    everyone = protected["breakdown_type"] == ""
    return (~small | (everyone & grain.isin(passing_grains(shares, rule)))).to_numpy()


def _of_groups(protected: pd.DataFrame, rule: DisclosureRule) -> np.ndarray:
    """Keep the periods at which enough of a breakdown's groups can be shown in councils and up; the longest always.

    A table of groups that are mostly hidden helps nobody, and every mark in it has to be protected. As on a map,
    enough of those above 0 must be shown too.
    """
    table = ["area_type", "breakdown_type", "period_type"]
    groups = ~protected["area_type"].isin(SMALL_AREAS) & (protected["breakdown_type"] != "")
    judged = protected.loc[groups & protected["value_status"].isin(["shown", "rounded", "suppressed"])]
    given = (judged["value_status"] != "suppressed").astype(float)
    shares = pd.DataFrame({"of_all": given, "of_some": given.where(judged["numerator"] != 0)})
    shares = shares.groupby([judged[name] for name in table]).mean().fillna(1.0)
    enough = (shares["of_all"] >= rule.share_of_groups) & (shares["of_some"] >= rule.share_before_councils)
    poor = shares.index[~((enough & _long_enough(shares.index, rule)) | _longest(shares.index, rule))]
    return (~groups | ~pd.MultiIndex.from_frame(protected[table]).isin(poor)).to_numpy()


def _long_enough(tables: pd.Index, rule: DisclosureRule) -> np.ndarray:
    """Mark all tables but those of deprivation fifths for a shorter period than fifths are given for.

    Fifths are made of neighbourhoods and cut across all other areas, so for short periods their differences tell.
    """
    shorter = rule.period_order[: rule.period_order.index(rule.fifths_from)]
    return np.array([not (breakdown in FIFTHS and period in shorter) for _, breakdown, period in tables], dtype=bool)


def _longest(tables: pd.Index, rule: DisclosureRule) -> np.ndarray:
    """Mark the longest period of each (area type, breakdown, period type); a day of counting is the shortest."""
    order = {name: place for place, name in enumerate(("snapshot", *rule.period_order))}
    length = pd.Series([order[period_type] for *_, period_type in tables], index=tables, dtype=float)
    return (length == length.groupby(level=[0, 1]).transform("max")).to_numpy()


def passing_grains(shares: pd.Series, rule: DisclosureRule) -> list[tuple[str, str]]:
    """Choose the (area type, period type) pairs that are released, from the share of areas that each can show."""
    chosen = []
    for area_type, of_type in shares.groupby(level=0):
        passing = of_type.index[of_type >= rule.share_of_areas].tolist()
        if not passing and area_type != "lsoa21" and of_type.max() >= rule.share_before_councils:
            passing = [of_type.idxmax()]
        chosen.extend(passing)
    return chosen
