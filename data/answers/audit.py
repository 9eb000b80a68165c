"""Attack what is released, as a reader with all of it would, and say what could be worked out.

The attack reads the released rows themselves, not the rule that should have made them: a row that somebody changed by
hand is found like one that the rule got wrong.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.former import Former, released_now, write_former
from data.answers.joined import Joined
from data.answers.linked import Linked, counted_in, hidden_counts
from data.answers.protection import NOT_ADDED_UP
from data.answers.release import Basis, exact_cells, formers_of, local_rows, read_basis
from data.answers.roll_up import CELL
from data.answers.shared_counts import shared_counts
from data.answers.shown import as_released, released_beside, small_counts
from data.answers.together import joined_system
from data.catalogue import disclosure, indicator
from data.catalogue.definitions import DisclosureRule, Indicator
from data.store import released
from data.store.engine import open_store, reading
from metrics.disclosure import round_half_up
from metrics.disclosure_audit import attack_release
from metrics.disclosure_linked import NO_LIMIT, Protection, propagated_intervals, what_is_published

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS: Final = ["indicator_id", *CELL, "count", "least", "greatest", "why"]
WORDS: Final = {"part": "those counted", "rest": "those left over", "whole": "everyone who could be counted"}
#: Most time for all questions about measures that hang together, of those that are not answered quickly (seconds).
IN_ALL: Final = 360.0
_CLOSE: Final = 1e-6


@dataclass(frozen=True)
class AuditReport:
    """What an attack on the release found.

    ``findings`` has a row for each hidden count that could be worked out: where it stands, which count it is
    (``count``), between which values it must lie (``least``, ``greatest``), and ``why`` it was found. It is for those
    who keep the store, and is never shown on a page. ``found_in`` names the indicators of these counts, and of those
    that were not decided.
    """

    indicators: int
    attacked: int
    findings: pd.DataFrame
    undecided: int
    thorough: bool
    found_in: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing could be worked out."""
        return self.findings.empty and not self.undecided

    @property
    def sentence(self) -> str:
        """Say the outcome."""
        how = "integer programming" if self.thorough else "following every sum"
        held = "1 indicator" if self.indicators == 1 else f"{self.indicators} indicators"
        looked = f"{self.attacked:,} hidden counts of {held} were attacked by {how}"
        if self.passed:
            return f"{looked}, and none could be narrowed to fewer than {disclosure().values_left_open} values."
        found = f"{len(self.findings):,} could be worked out too closely"
        left = f", and {self.undecided:,} could not be decided in time" if self.undecided else ""
        return f"{looked}: {found}{left}."


def audit_release(
    engine: sa.Engine,
    indicator_ids: Sequence[str] | None = None,
    *,
    thorough: bool = True,
    seconds: float = 30.0,
    workers: int = 1,
) -> AuditReport:
    """Attack everything that is released, or some indicators of it, by several processes if wanted.

    The thorough attack asks an integer programme about every hidden count; the other one only follows every sum, which
    takes seconds, finds every simple subtraction, and proves less.
    """
    with reading(engine) as connection:
        names = sorted(released.select_release_revisions(connection))
        shared = shared_counts(connection)
    chosen = names if indicator_ids is None else [name for name in names if name in set(indicator_ids)]
    if workers == 1:
        parts = [_audit_some(engine, chosen, thorough, seconds)]
    else:
        address = engine.url.render_as_string(hide_password=False)
        together = sorted({shared.cluster_of(name): None for name in chosen}, key=len, reverse=True)
        tasks = [(address, [one for one in names if one in chosen], thorough, seconds) for names in together]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_audit_at, tasks))
    return _together(parts, thorough=thorough)


def _audit_at(task: tuple[str, list[str], bool, float]) -> AuditReport:
    """Attack some indicators of the store at an address; for a process of its own."""
    address, names, thorough, seconds = task
    return _audit_some(_opened_once(address), names, thorough, seconds)


@lru_cache(maxsize=1)
def _opened_once(address: str) -> sa.Engine:
    return open_store(address)


def _audit_some(engine: sa.Engine, names: Sequence[str], thorough: bool, seconds: float) -> AuditReport:
    with reading(engine) as connection:
        basis = read_basis(connection)
        together = {basis.shared.cluster_of(name): None for name in names}
        parts = [
            audit_cluster(connection, cluster, basis, names, thorough=thorough, seconds=seconds) for cluster in together
        ]
    return _together(parts, thorough=thorough)


def _together(parts: Sequence[AuditReport], *, thorough: bool) -> AuditReport:
    found = [part.findings for part in parts if len(part.findings)]
    return AuditReport(
        indicators=sum(part.indicators for part in parts),
        attacked=sum(part.attacked for part in parts),
        findings=pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS),
        undecided=sum(part.undecided for part in parts),
        thorough=thorough,
        found_in=tuple(name for part in parts for name in part.found_in),
    )


def audit_indicator(
    connection: sa.Connection, indicator_id: str, basis: Basis, *, thorough: bool = True, seconds: float = 30.0
) -> AuditReport:
    """Attack one indicator's released cells, with all that is released of those that count the same people."""
    cluster = basis.shared.cluster_of(indicator_id)
    return audit_cluster(connection, cluster, basis, [indicator_id], thorough=thorough, seconds=seconds)


def audit_cluster(
    connection: sa.Connection,
    cluster: Sequence[str],
    basis: Basis,
    wanted: Container[str],
    *,
    thorough: bool = True,
    seconds: float = 30.0,
) -> AuditReport:
    """Attack the released cells of indicators that count the same people; give what is found of those wanted."""
    seen = [one for name in cluster if (one := see_released(connection, name, basis)) is not None]
    mine = [one for one in seen if one.definition.id in wanted]
    targets = sum(int(hidden_counts(one.linked, one.done).size) for one in mine)
    wrong = [
        _described(one.definition.id, one.exact.iloc[places], "part", np.nan, np.nan, "a small count is not hidden")
        for one in mine
        if (places := _shown_wrongly(one.exact, one.shown, one.definition, disclosure())).size
    ]
    if wrong or not mine:
        findings = pd.concat(wrong, ignore_index=True) if wrong else pd.DataFrame(columns=COLUMNS)
        return AuditReport(
            len(mine), targets, findings, 0, thorough, tuple(one.definition.id for one in seen) if wrong else ()
        )
    return _attacked(seen, wanted, basis, thorough=thorough, seconds=seconds)


@dataclass(frozen=True)
class Seen:
    """One indicator as a reader is given it, and what was given of it before."""

    definition: Indicator
    exact: pd.DataFrame
    shown: pd.DataFrame
    linked: Linked
    done: Protection
    formers: list[Former]


def see_released(connection: sa.Connection, indicator_id: str, basis: Basis) -> Seen | None:
    """Read what is released of an indicator beside its exact counts; None where it counts nobody that we protect."""
    definition, rule = indicator(indicator_id), disclosure()
    rows = local_rows(connection, indicator_id, basis)
    if not definition.disclosive or definition.value_type in NOT_ADDED_UP or rows.empty:
        return None
    exact = exact_cells(rows, basis, definition)
    given = released.select_released(connection, indicator_id)
    shown = released_beside(exact, given)
    linked, done = as_released(exact, shown, basis.areas, basis.fifths, definition, rule)
    now = write_former(released_now(exact, given, basis.areas, basis.fifths, rule))
    formers = [one for one in formers_of(connection, indicator_id, basis, rows, exact) if write_former(one) != now]
    return Seen(definition, exact, shown, linked, done, formers)


def _attacked(
    seen: Sequence[Seen], wanted: Container[str], basis: Basis, *, thorough: bool, seconds: float
) -> AuditReport:
    """Attack the hidden counts of indicators that hang together, with all that was ever given of them."""
    rule = disclosure()
    needed = rule.values_left_open
    now = [(one.definition, one.linked) for one in seen]
    joined = joined_system(now, {one.definition.id: one.formers for one in seen}, basis.shared, rule)
    done = joined.all_of([one.done for one in seen])
    targets, ids = _targets(joined, seen, wanted)
    ranges = what_is_published(joined.least, joined.greatest, joined.items, done)
    if thorough and targets.size:
        attack = attack_release(
            joined.links,
            *ranges,
            joined.truth,
            targets,
            needed=needed,
            seconds=seconds,
            in_all=IN_ALL,
            complements=joined.complements,
        )
        least, greatest = attack.least, attack.greatest
        bad, undecided = ~attack.safe & ~attack.undecided, int(attack.undecided.sum())
    else:
        low, high = propagated_intervals(joined.links, *ranges)
        least, greatest = np.ceil(low[targets] - _CLOSE), np.floor(high[targets] + _CLOSE)
        bad, undecided = greatest - least + 1 < needed, 0
    found = []
    for place in np.flatnonzero(bad):
        number, own = ids[place]
        linked = joined.blocks[number].linked
        kind, cell = divmod(own, linked.size)
        words = "what was released before" if joined.blocks[number].fixed else "what is shown"
        row, name = linked.cells.iloc[[cell]], joined.blocks[number].indicator_id
        why = f"the sums with {words} leave too few values"
        found.append(_described(name, row, linked.kinds[kind], least[place], greatest[place], why))
    findings = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    mine = sum(one.definition.id in wanted for one in seen)
    found_in = tuple(one.definition.id for one in seen if len(findings) or undecided)
    return AuditReport(mine, int(targets.size), findings, undecided, thorough, found_in)


def _targets(joined: Joined, seen: Sequence[Seen], wanted: Container[str]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """List the joint counts that must stay uncertain, each with the block and the place in it that it stands for.

    A count that was given away before cannot be mended, and what an earlier release hid and this one shows is shown.
    """
    given_away = joined.items.given_away
    found: dict[int, tuple[int, int]] = {}
    for number, (block, places) in enumerate(zip(joined.blocks, joined.places, strict=True)):
        if block.indicator_id not in wanted:
            continue
        if block.fixed:
            own = np.flatnonzero(block.linked.items.sensitive & (joined.items.of_count[places] < 0))
        else:
            own = hidden_counts(block.linked, seen[number].done)
        for one in own.tolist():
            place = int(places[one])
            if given_away is None or not given_away[place]:
                found.setdefault(place, (number, one))
    return np.array(list(found), dtype=np.int64), list(found.values())


def _shown_wrongly(exact: pd.DataFrame, shown: pd.DataFrame, definition: Indicator, rule: DisclosureRule) -> np.ndarray:
    """Find released cells that show a small count, or a number that is not the rounded count."""
    given = shown["value_status"].isin(["shown", "rounded"]).to_numpy()
    counts = counted_in(exact, definition, rule)
    wrong = np.any([small_counts(one, rule) for one in counts.values()], axis=0)
    for name, column in (("part", "numerator"), ("whole", "denominator")):
        if name in counts:
            number = shown[column].to_numpy(dtype=float)
            exactly = np.abs(number - round_half_up(counts[name], rule.round_to)) < _CLOSE
            wrong |= ~np.isnan(number) & ~exactly
    return np.flatnonzero(given & wrong)


def _described(
    indicator_id: str, cells: pd.DataFrame, kind: str, least: float, greatest: float, why: str
) -> pd.DataFrame:
    described = cells[CELL].assign(
        indicator_id=indicator_id,
        count=WORDS[kind],
        least=least,
        greatest=np.inf if greatest >= NO_LIMIT else greatest,
        why=why,
    )
    return described[COLUMNS].reset_index(drop=True)
