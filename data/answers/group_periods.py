"""At which period groups are given: the one wanted, or the next longer one at which enough of them can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.figures import PERIOD_WORDS
from data.answers.words import join_words, period_label
from data.catalogue import disclosure, indicator
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

#: The rule looks at each of these by itself.
TABLE: Final = ["indicator_id", "area_type", "breakdown_type"]


def select_groups(
    connection: sa.Connection,
    indicator_id: str | Sequence[str] | None,
    wanted: str,
    *,
    area_code: str | None = None,
    breakdown_type: str | None = None,
    latest: bool = False,
) -> pd.DataFrame:
    """Give released cells for the period wanted, and for the next longer one where a table is not given for that."""
    order = disclosure().period_order
    frames = [
        select_released(
            connection,
            indicator_id,
            period_type=kind,
            area_code=area_code,
            breakdown_type=breakdown_type,
            latest=latest,
        )
        for kind in order[order.index(wanted) :]
    ]
    return at_or_longer(pd.concat(frames, ignore_index=True), wanted)


def at_or_longer(rows: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Keep the period wanted of each table of groups, or the next longer one where it is not released for that one."""
    length = lengths(rows)
    enough = length >= place_of(wanted)
    shortest = length.loc[enough].groupby([rows.loc[enough, name] for name in TABLE]).transform("min")
    return rows.loc[shortest.index[length.loc[enough] == shortest]].reset_index(drop=True)


def period_sentences(groups: pd.DataFrame, wanted: str) -> tuple[str, ...]:
    """Say which measures' groups are given for a longer period than wanted, and why; nothing where none are."""
    longer = groups.loc[lengths(groups) > place_of(wanted)]
    longer = longer.loc[longer["indicator_id"].map(lambda name: withheld(str(name), wanted)).astype(bool)]
    return tuple(
        f"Groups are given {PERIOD_WORDS[str(kind)]} ({labels(own)}) for {names(own['indicator_id'].unique())}. "
        f"This is the finest safe grain: {PERIOD_WORDS[wanted]}, they would tell of too few people."
        for kind, own in longer.groupby("period_type")
    )


def longer_labels(groups: pd.DataFrame, wanted: str) -> dict[str, str]:
    """Name the period of each indicator whose groups are given for a longer one than wanted."""
    longer = groups.loc[lengths(groups) > place_of(wanted)]
    return {str(name): labels(own) for name, own in longer.groupby("indicator_id")}


def withheld(name: str, wanted: str) -> bool:
    """Say whether a measure is returned for so short a period, so that only protection can withhold its groups."""
    definition = indicator(name)
    return not definition.pooled_only and place_of(definition.period_grain) <= place_of(wanted)


def lengths(rows: pd.DataFrame) -> pd.Series:
    """Give the place of each row's period in the order of lengths; a day of counting has none."""
    return rows["period_type"].map({name: place for place, name in enumerate(disclosure().period_order)}).astype(float)


def place_of(period_type: str) -> float:
    """Give the place of one kind of period in the order of lengths."""
    order: list[str] = list(disclosure().period_order)
    return order.index(period_type) if period_type in order else float("nan")


def labels(rows: pd.DataFrame) -> str:
    """Name the periods of some rows."""
    periods = rows[["period_type", "period_from", "period_to"]].drop_duplicates().sort_values("period_to")
    return join_words([period_label(*map(str, one)) for one in periods.itertuples(index=False)])


def names(ids: Iterable[str]) -> str:
    """Name some indicators."""
    return join_words([f"“{indicator(str(name)).short_name}”" for name in ids])
