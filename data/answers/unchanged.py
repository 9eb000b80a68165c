"""What two releases of one measure have in common: the parts of a sum that did not change.

A reader who takes today's total from yesterday's is left with what has changed, whatever the other parts are. So the
parts that did not change are one count of their own in both sums. Three years that have moved on by one have two years
in common with those before, in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from metrics.disclosure_linked import Links


@dataclass(frozen=True)
class Sums:
    """The sums of one release of a measure: total and parts of each, as joint counts."""

    indicator_id: str
    equation: np.ndarray
    member: np.ndarray
    sign: np.ndarray

    def entries(self, key: np.ndarray, family: np.ndarray) -> pd.DataFrame:
        """List every part with its total, the part's cell by its ``key``, and what kind of cell the total is."""
        total = np.full(int(self.equation.max(initial=-1)) + 1, -1, dtype=np.int64)
        total[self.equation[self.sign < 0]] = self.member[self.sign < 0]
        part = self.sign > 0
        whole = total[self.equation[part]]
        frame = {"equation": self.equation[part], "total": whole, "part": self.member[part]}
        return pd.DataFrame({**frame, "total_family": family[whole], "part_key": key[self.member[part]]})


def with_unchanged(links: list[Sums], key: np.ndarray, family: np.ndarray) -> tuple[Links, list[np.ndarray]]:
    """Give further sums over what did not change between releases, and what each further count is the sum of.

    ``key`` says in which cell each count stands, whatever its number, and ``family`` in which kind of cell. The further
    counts are numbered after those.
    """
    found: dict[bytes, tuple[int, np.ndarray]] = {}
    sums: list[tuple[int, np.ndarray]] = []
    for one, other in combinations(links, 2):
        if one.indicator_id != other.indicator_id:
            continue
        for totals, parts in _pairs(one.entries(key, family), other.entries(key, family), key.size):
            same = np.intersect1d(*parts)
            if same.size < 2:
                continue
            number, _ = found.setdefault(same.tobytes(), (key.size + len(found), same))
            for total, own in zip(totals, parts, strict=True):
                sums.append((total, np.append(np.setdiff1d(own, same), number)))
    sums += list(found.values())
    members = [np.append(parts, total) for total, parts in sums]
    signs = [np.append(np.ones(parts.size), -1.0) for _, parts in sums]
    equation = np.repeat(np.arange(len(sums)), np.array([one.size for one in members], dtype=np.int64))
    return Links(
        equation.astype(np.int64),
        np.concatenate([*members, []]).astype(np.int64),
        np.concatenate([*signs, []]),
        key.size + len(found),
        len(sums),
    ), [same for _, same in found.values()]


def _pairs(
    one: pd.DataFrame, other: pd.DataFrame, counts: int
) -> list[tuple[tuple[int, int], tuple[np.ndarray, np.ndarray]]]:
    """Find the sums of the same kind in two releases that share parts and differ: the totals, and parts, of both."""
    in_one = np.zeros(counts, dtype=np.bool_)
    in_one[one["part"]] = in_one[one["total"]] = True
    new = ~in_one[other["part"]] | ~in_one[other["total"]]
    other = other.loc[other["equation"].isin(other.loc[new, "equation"].unique())]
    one = one.loc[one["total_family"].isin(other["total_family"].unique())]
    if one.empty or other.empty:
        return []
    beside = one.merge(other, on=["total_family", "part_key"], suffixes=("_one", "_other"))
    both = beside[["equation_one", "equation_other", "total_one", "total_other"]].drop_duplicates()
    parts_one = {number: group.to_numpy() for number, group in one.groupby("equation")["part"]}
    parts_other = {number: group.to_numpy() for number, group in other.groupby("equation")["part"]}
    return [
        ((int(total), int(its_total)), (parts_one[number], parts_other[its_number]))
        for number, its_number, total, its_total in both.to_numpy()
    ]
