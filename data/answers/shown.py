"""Read what was released back beside the exact counts: what a reader was given of each, and what was kept back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.answers.linked import Linked, counted_in, link
from data.answers.roll_up import CELL
from data.catalogue.definitions import DisclosureRule, Indicator
from metrics.disclosure import is_small
from metrics.disclosure_linked import Protection

SHOWN = ["numerator", "denominator", "value_status"]


def released_beside(exact: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Give each exact cell the row that was released for it."""
    dated = rows.assign(
        period_from=pd.to_datetime(rows["period_from"]),
        period_to=pd.to_datetime(rows["period_to"]),
        breakdown_type=rows["breakdown_type"].fillna(""),
        breakdown_value=rows["breakdown_value"].fillna(""),
    )
    return exact[CELL].merge(dated[[*CELL, *SHOWN]], how="left", on=CELL)


def as_released(
    exact: pd.DataFrame,
    shown: pd.DataFrame,
    areas: pd.DataFrame,
    fifths: pd.DataFrame,
    definition: Indicator,
    rule: DisclosureRule,
    *,
    sums: bool = True,
) -> tuple[Linked, Protection]:
    """Put the exact cells and what readers are given of them into one system of counts.

    ``shown`` has the same rows as ``exact``; its ``value_status`` is missing where nothing is released.
    """
    counts = counted_in(exact, definition, rule)
    small = np.any([small_counts(one, rule) for one in counts.values()], axis=0)
    marked = (shown["value_status"] == "suppressed").to_numpy()
    primary = pd.DataFrame({"value_status": np.where(marked & small, "suppressed", "rounded")})
    given = shown["value_status"].notna().to_numpy()
    linked = link(exact, primary, given, areas, fifths, definition, rule, sums=sums)
    position = linked.cells["position"].to_numpy()
    own = position < len(exact)  # the others are pieces, which nobody is given
    place = np.where(own, position, 0)
    whole = marked & shown["denominator"].isna().to_numpy()
    hidden = np.concatenate([marked[place] & own, whole[place] & own]) | linked.items.small
    return linked, Protection(hidden, np.zeros(linked.size, dtype=np.bool_))


def small_counts(count: np.ndarray, rule: DisclosureRule) -> np.ndarray:
    """Say which counts are small; a missing one is not."""
    return is_small(np.nan_to_num(count), suppress_from=rule.suppress_from, suppress_to=rule.suppress_to)
