"""Find the measures that count the same people: where one's count is another's whole, both must be hidden together.

Two counts are the same where what was returned for them agrees over whole slices (a period, a group and the areas of
a council) with enough counts that are not 0, so that small tables that agree by chance don't hang together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from data.answers.linked import counted_in
from data.answers.protection import NOT_ADDED_UP
from data.catalogue import disclosure, indicator
from data.store.fingerprints import select_slices

if TYPE_CHECKING:
    import sqlalchemy as sa

Series = tuple[str, str]
T = TypeVar("T", str, Series)
#: Counts above 0 that must agree before two series are taken to be the same, and the least share of them that does.
AT_LEAST: Final = 20
SHARE: Final = 0.5


@dataclass(frozen=True)
class SharedCounts:
    """Which counts are the same: a name for each series, and the measures that hang together through one."""

    names: Mapping[Series, str]
    clusters: tuple[tuple[str, ...], ...]

    def name_of(self, indicator_id: str, kind: str) -> str:
        """Name the series of one kind of count of a measure; one that is shared with no other has its own name."""
        return self.names.get((indicator_id, kind), f"{indicator_id} {kind}")

    def names_of(self, indicator_id: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """Name the series of several kinds of count of a measure."""
        return tuple(self.name_of(indicator_id, kind) for kind in kinds)

    def cluster_of(self, indicator_id: str) -> tuple[str, ...]:
        """Give the measures that hang together with one, itself included."""
        return next((one for one in self.clusters if indicator_id in one), (indicator_id,))

    def words_of(self, cluster: Iterable[str]) -> str:
        """Say which counts of a cluster are the same, so that a change of that can be told."""
        mine = set(cluster)
        return ", ".join(f"{one} {kind}: {name}" for (one, kind), name in sorted(self.names.items()) if one in mine)


def shared_counts(connection: sa.Connection) -> SharedCounts:
    """Find which counts of all measures are the same."""
    return same_series(_slices(select_slices(connection)))


def same_series(slices: Mapping[Series, Mapping[object, tuple[float, ...]]]) -> SharedCounts:
    """Put series together whose slices agree; the first number of a slice says how many of its counts are not 0."""
    alike = defaultdict(list)
    for series, own in slices.items():
        for place, mark in own.items():
            alike[place, mark].append(series)
    agreed: Counter[tuple[Series, Series]] = Counter()
    for (_, mark), found in alike.items():
        for pair in combinations(sorted(found), 2):
            agreed[pair] += int(mark[0])
    pairs = [pair for pair, counts in agreed.items() if counts >= AT_LEAST and _mostly(slices, pair, counts)]
    series_groups = _groups(pair for pair in pairs if pair[0][0] != pair[1][0])
    names = {one: " ".join(group[0]) for group in series_groups for one in group}
    clusters = _groups((group[0][0], other[0]) for group in series_groups for other in group[1:])
    return SharedCounts(names, tuple(tuple(cluster) for cluster in clusters))


def _mostly(
    slices: Mapping[Series, Mapping[object, tuple[float, ...]]], pair: tuple[Series, Series], agreed: int
) -> bool:
    """Say whether two series agree in most of what both of them count."""
    one, other = slices[pair[0]], slices[pair[1]]
    common = sum(max(one[place][0], other[place][0]) for place in one.keys() & other.keys())
    return agreed >= SHARE * common


def _groups(pairs: Iterable[tuple[T, T]]) -> list[list[T]]:
    """Put together what hangs together through pairs, in order."""
    group_of: dict[T, list[T]] = {}
    for one, other in pairs:
        first, second = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if first is not second:
            first.extend(second)
            group_of.update(dict.fromkeys(second, first))
    return sorted(sorted(set(group)) for group in {id(group): group for group in group_of.values()}.values())


def _slices(frame: pd.DataFrame) -> dict[Series, dict[object, tuple[float, ...]]]:
    """Give, for each series of people that we protect, a mark of each slice in which somebody is counted."""
    rule = disclosure()
    found: dict[Series, dict[object, tuple[float, ...]]] = {}
    for name, rows in frame.groupby("indicator_id", sort=False):
        definition = indicator(str(name))
        if not definition.disclosive or definition.value_type in NOT_ADDED_UP:
            continue
        nothing = pd.DataFrame({"numerator": [np.nan], "denominator": [np.nan]})
        places = list(rows[PLACE].itertuples(index=False, name=None))
        for kind in counted_in(nothing, definition, rule):
            marks = rows[[f"{kind}_{what}" for what in MARKS]].round(3).itertuples(index=False, name=None)
            found[str(name), kind] = {place: mark for place, mark in zip(places, marks, strict=True) if mark[0] > 0}
    return found


PLACE: Final = ["period_from", "period_to", "breakdown_type", "breakdown_value", "area_type", "place"]
MARKS: Final = ("counts", "sum", "squares", "places")
