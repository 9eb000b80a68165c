"""Several releases as one system of counts: what two releases, or two measures, say of the same count meets here.

A count is known by its series (such as "babies born"), its cell and its exact number. Two releases that count the
same share it, so whatever either shows of it counts; a number that has changed since is a count of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.answers.linked import Linked
from data.answers.roll_up import CELL
from data.answers.unchanged import Sums, with_unchanged
from metrics.disclosure_linked import (
    NO_LIMIT,
    Items,
    Links,
    Protection,
    complementary_suppression,
    narrow_counts,
    propagated_intervals,
    what_is_published,
)

_CLOSE = 1e-6
#: Cells of one kind add up to cells of another.
KIND = ["area_type", "period_type", "breakdown_type"]


@dataclass(frozen=True, slots=True)
class Block:
    """One measure in one release: its counts, the series that each kind of count belongs to, and whether it is over.

    Of what is over (``fixed``) nothing can be hidden any more; its ``least`` and ``greatest`` are what was given, and
    ``items.sensitive`` says which of its counts must stay uncertain.
    """

    indicator_id: str
    linked: Linked
    series: tuple[str, ...]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """The system of all blocks.

    ``places`` holds, for each block, the joint count of each of its counts; ``first_item`` and ``first_row`` where
    the items and rows of each block that is not fixed begin.
    """

    blocks: tuple[Block, ...]
    links: Links
    least: np.ndarray
    greatest: np.ndarray
    truth: np.ndarray
    items: Items
    places: tuple[np.ndarray, ...]
    first_item: tuple[int, ...]
    first_row: tuple[int, ...]

    @property
    def complements(self) -> np.ndarray:
        """Give the pairs of joint counts that make up a whole together: those counted, and those left over."""
        pairs = [
            np.column_stack([place[: block.linked.size], place[block.linked.size : 2 * block.linked.size]])
            for block, place in zip(self.blocks, self.places, strict=True)
            if "rest" in block.linked.kinds
        ]
        return np.concatenate([*pairs, np.zeros((0, 2), dtype=np.int64)]).astype(np.int64)

    def part_of(self, done: Protection, number: int) -> Protection:
        """Give what is done to one block."""
        linked = self.blocks[number].linked
        item, row = self.first_item[number], self.first_row[number]
        return Protection(done.hidden[item : item + linked.items.row.size], done.withheld[row : row + linked.size])

    def all_of(self, done: Sequence[Protection]) -> Protection:
        """Put together what is done to each block that is not over, in order."""
        hidden, withheld = ([getattr(one, name) for one in done] for name in ("hidden", "withheld"))
        return Protection(np.concatenate(hidden), np.concatenate(withheld))


def join(blocks: Sequence[Block], needed: int) -> Joined:
    """Put blocks into one system of counts."""
    places, key, family = _shared(blocks)
    places, same = _one_item_each(blocks, places, key.size)
    sums = _sums_of(blocks, places, same)
    further, made_of = with_unchanged(sums, *(np.append(one, one[same[:, 0]]) for one in (key, family)))
    links = _each_once([*sums, _same_count(same)], further)
    truth = _truth(blocks, places, links.counts, made_of)
    least, greatest, known = _ranges(blocks, places, links.counts)
    items, first_item, first_row = _joined_items(blocks, places, links.counts)
    if any(block.fixed for block in blocks):
        told = _told_before(items, least, greatest, known)
        items = replace(items, known=known, cost=np.where(told, np.inf, items.cost))
        least, greatest = np.maximum(least, known[0]), np.minimum(greatest, known[1])
        items = replace(items, given_away=_given_away(links, least, greatest, items, needed))
    return Joined(tuple(blocks), links, least, greatest, truth, items, tuple(places), first_item, first_row)


def _truth(blocks: Sequence[Block], places: list[np.ndarray], counts: int, made_of: list[np.ndarray]) -> np.ndarray:
    truth = np.zeros(counts)
    for block, place in zip(blocks, places, strict=True):
        truth[place] = block.linked.truth
    if made_of:
        truth[-len(made_of) :] = [truth[parts].sum() for parts in made_of]
    return truth


def _ranges(
    blocks: Sequence[Block], places: list[np.ndarray], counts: int
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Give the range that today's releases leave each count, and the one that former releases leave it."""
    now = np.zeros(counts), np.full(counts, NO_LIMIT)
    known = now[0].copy(), now[1].copy()
    for block, place in zip(blocks, places, strict=True):
        low, high = known if block.fixed else now
        np.maximum.at(low, place, block.linked.least)
        np.minimum.at(high, place, block.linked.greatest)
    return *now, known


def protect_joined(joined: Joined, needed: int) -> list[Protection]:
    """Find what must be hidden, and left out, in each block that is not over."""
    done = complementary_suppression(
        joined.links, joined.least, joined.greatest, joined.items, needed=needed, start=_each_alone(joined, needed)
    )
    return [joined.part_of(done, number) for number, block in enumerate(joined.blocks) if not block.fixed]


def _each_alone(joined: Joined, needed: int) -> Protection:
    """Begin with what protects each block by itself, as far as hiding it still helps."""
    alone = [
        complementary_suppression(one.links, one.least, one.greatest, one.items, needed=needed)
        for one in (block.linked for block in joined.blocks if not block.fixed)
    ]
    items = joined.items
    helps = np.isfinite(items.cost)
    withheld = np.concatenate([one.withheld for one in alone])
    withheld[items.row[~helps]] = False
    return Protection(np.concatenate([one.hidden for one in alone]) & (helps | items.small), withheld)


def _shared(blocks: Sequence[Block]) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Number the counts of all blocks: the same series, cell and number is one count.

    Gives the number of each, and for each number its cell, and its kind of cell, in its series.
    """
    cells = pd.concat([block.linked.cells[CELL] for block in blocks], ignore_index=True)
    cell = cells.groupby(CELL, sort=False, dropna=False).ngroup().to_numpy()
    kind = cells.groupby(KIND, sort=False, dropna=False).ngroup().to_numpy()
    names = sorted({name for block in blocks for name in block.series})
    keys, families, start = [], [], 0
    for block in blocks:
        size = block.linked.size
        own, its = cell[start : start + size], kind[start : start + size]
        start += size
        keys += [own * len(names) + names.index(name) for name in block.series]
        families += [its * len(names) + names.index(name) for name in block.series]
    number = np.round(np.concatenate([block.linked.truth for block in blocks]) * 1000.0).astype(np.int64)
    frame = pd.DataFrame({"key": np.concatenate(keys), "number": number})
    place = frame.groupby(["key", "number"], sort=False).ngroup().to_numpy()
    ends = np.cumsum([block.linked.truth.size for block in blocks])[:-1]
    key = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.int64)
    family = key.copy()
    key[place], family[place] = frame["key"].to_numpy(), np.concatenate(families)
    return list(np.split(place, ends)), key, family


def _one_item_each(
    blocks: Sequence[Block], places: list[np.ndarray], counts: int
) -> tuple[list[np.ndarray], np.ndarray]:
    """Give a count that several blocks release a place for each, as each can be hidden by itself.

    Gives the places, and which of them are the same count: pairs of places, the second of each after all others.
    """
    taken = np.zeros(counts, dtype=np.bool_)
    pairs, moved = [], []
    for block, place in zip(blocks, places, strict=True):
        given = (block.linked.items.of_count >= 0) & (not block.fixed)
        again = np.flatnonzero(given & taken[place])
        taken[place[given]] = True
        own = place.copy()
        own[again] = counts + np.arange(again.size)
        counts += again.size
        pairs.append(np.column_stack([place[again], own[again]]))
        moved.append(own)
    return moved, np.concatenate(pairs)


def _sums_of(blocks: Sequence[Block], places: list[np.ndarray], same: np.ndarray) -> list[Sums]:
    """Write every sum of every block over the joint counts."""
    base = np.arange(max((int(place.max(initial=-1)) for place in places), default=-1) + 1)
    base[same[:, 1]] = same[:, 0]
    return [
        Sums(
            block.indicator_id,
            block.linked.links.equation,
            base[place[block.linked.links.member]],
            block.linked.links.sign,
        )
        for block, place in zip(blocks, places, strict=True)
    ]


def _same_count(same: np.ndarray) -> Sums:
    """Write that two places are the same count; the further place is the total, so that nothing else defines it."""
    every = np.arange(len(same))
    signs = np.concatenate([-np.ones(len(same)), np.ones(len(same))])
    return Sums("", np.concatenate([every, every]), np.concatenate([same[:, 1], same[:, 0]]), signs)


def _each_once(sums: Sequence[Sums], further: Links) -> Links:
    """Put all sums together, cancel a count that stands on both sides of one, and keep one of several equal sums."""
    equation, member, sign = _all_sums(sums, further)
    order = np.lexsort((member, equation))
    equation, member, sign = equation[order], member[order], sign[order]
    first = np.ones(equation.size, dtype=np.bool_)
    first[1:] = (np.diff(equation) != 0) | (np.diff(member) != 0)
    starts = np.flatnonzero(first)
    total = np.add.reduceat(sign, starts) if starts.size else sign
    left = np.abs(total) > _CLOSE
    equation, member, sign = equation[starts][left], member[starts][left], total[left]
    equations = int(equation.max(initial=-1)) + 1
    weight = np.random.default_rng(20260403).integers(1, 2**62, further.counts, dtype=np.uint64)
    mark = np.zeros(equations, dtype=np.uint64)
    np.add.at(mark, equation, weight[member] * sign.astype(np.int64).astype(np.uint64))
    # where a total is its only part, nothing is left on one side: that tells no more than the marks do
    both = np.intersect1d(equation[sign > 0], equation[sign < 0])
    kept = both[np.unique(mark[both], return_index=True)[1]]
    number = np.full(equations, -1)
    number[kept] = np.arange(kept.size)
    stays = number[equation] >= 0
    return Links(number[equation[stays]], member[stays], sign[stays], further.counts, int(kept.size))


def _all_sums(sums: Sequence[Sums], further: Links) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = [(one.equation, one.member, one.sign) for one in sums]
    parts.append((further.equation, further.member, further.sign))
    start, numbered = 0, []
    for equation, _, _ in parts:
        numbered.append(equation + start)
        start += int(equation.max(initial=-1)) + 1
    member, sign = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    return np.concatenate(numbered), member, sign


def _joined_items(
    blocks: Sequence[Block], places: list[np.ndarray], counts: int
) -> tuple[Items, tuple[int, ...], tuple[int, ...]]:
    """Put the items of all blocks into one list; what is over has none, and its counts must only stay uncertain."""
    of_count, sensitive = np.full(counts, -1, dtype=np.int64), np.zeros(counts, dtype=np.bool_)
    parts: list[tuple[np.ndarray, ...]] = []
    item, row = 0, 0
    first_item, first_row = [], []
    for block, place in zip(blocks, places, strict=True):
        items = block.linked.items
        first_item.append(item)
        first_row.append(row)
        np.logical_or.at(sensitive, place, items.sensitive)
        if block.fixed:
            continue
        given = items.of_count >= 0
        of_count[place[given]] = items.of_count[given] + item
        needs = np.where(items.needs >= 0, items.needs + item, -1)
        parts.append((items.row + row, items.cost, needs, items.small))
        item += items.row.size
        row += block.linked.size
    rows, cost, needs, small = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Items(of_count, rows, cost, needs, small, sensitive), tuple(first_item), tuple(first_row)


def _told_before(
    items: Items, least: np.ndarray, greatest: np.ndarray, known: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Say which items tell nothing that was not told before, so that hiding them would not help."""
    released = items.of_count >= 0
    new = released & ((least > known[0] + _CLOSE) | (greatest < known[1] - _CLOSE))
    told = np.ones(items.row.size, dtype=np.bool_)
    told[items.of_count[new]] = False
    return told


def _given_away(links: Links, least: np.ndarray, greatest: np.ndarray, items: Items, needed: int) -> np.ndarray:
    """Find the counts that would be known too well even if everything were hidden that can be."""
    most = Protection(
        items.small | np.isfinite(items.cost), np.zeros(int(items.row.max(initial=-1)) + 1, dtype=np.bool_)
    )
    most.withheld[items.row[np.isfinite(items.cost)]] = True
    low, high = propagated_intervals(links, *what_is_published(least, greatest, items, most))
    away = np.zeros(least.size, dtype=np.bool_)
    every = replace(
        items, of_count=np.full(least.size, -1, dtype=np.int64), sensitive=np.ones(least.size, dtype=np.bool_)
    )
    away[narrow_counts(low, high, every, most, needed)] = True
    return away
