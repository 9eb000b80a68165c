"""Attack what is released, as a reader with all of it would, and say what could be worked out.

The attack reads the released rows themselves, not the rule that should have made them: a row that somebody changed by
hand is found like one that the rule got wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.linked import Linked, counted_in, hidden_counts, link, published
from data.answers.protection import NOT_ADDED_UP
from data.answers.release import Basis, exact_cells, local_rows, read_basis
from data.answers.roll_up import CELL
from data.catalogue import disclosure, indicator
from data.catalogue.definitions import DisclosureRule, Indicator
from data.store import released
from data.store.engine import open_store, reading
from metrics.disclosure import is_small, round_half_up
from metrics.disclosure_audit import attack_release
from metrics.disclosure_linked import NO_LIMIT, Protection, propagated_intervals

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS: Final = ["indicator_id", *CELL, "count", "least", "greatest", "why"]
WORDS: Final = {"part": "those counted", "rest": "those left over", "whole": "everyone who could be counted"}
_CLOSE: Final = 1e-6


@dataclass(frozen=True)
class AuditReport:
    """What an attack on the release found.

    ``findings`` has a row for each hidden count that could be worked out: where it stands, which count it is
    (``count``), between which values it must lie (``least``, ``greatest``), and ``why`` it was found. It is for those
    who keep the store, and is never shown on a page.
    """

    indicators: int
    attacked: int
    findings: pd.DataFrame
    undecided: int
    thorough: bool

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
    chosen = names if indicator_ids is None else [name for name in names if name in set(indicator_ids)]
    if workers == 1:
        parts = [_audit_some(engine, chosen, thorough, seconds)]
    else:
        address = engine.url.render_as_string(hide_password=False)
        tasks = [(address, [name], thorough, seconds) for name in chosen]
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
        parts = [audit_indicator(connection, name, basis, thorough=thorough, seconds=seconds) for name in names]
    return _together(parts, thorough=thorough)


def _together(parts: Sequence[AuditReport], *, thorough: bool) -> AuditReport:
    found = [part.findings for part in parts if len(part.findings)]
    return AuditReport(
        indicators=sum(part.indicators for part in parts),
        attacked=sum(part.attacked for part in parts),
        findings=pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS),
        undecided=sum(part.undecided for part in parts),
        thorough=thorough,
    )


def audit_indicator(
    connection: sa.Connection, indicator_id: str, basis: Basis, *, thorough: bool = True, seconds: float = 30.0
) -> AuditReport:
    """Attack one indicator's released cells."""
    definition, rule = indicator(indicator_id), disclosure()
    nothing = AuditReport(0, 0, pd.DataFrame(columns=COLUMNS), 0, thorough)
    rows = local_rows(connection, indicator_id, basis)
    if not definition.disclosive or definition.value_type in NOT_ADDED_UP or rows.empty:
        return nothing
    exact = exact_cells(rows, basis, definition)
    shown = _released_beside(exact, released.select_released(connection, indicator_id))
    linked, done = as_released(exact, shown, basis, definition, rule)
    wrong = _shown_wrongly(exact, shown, definition, rule)
    targets = hidden_counts(linked, done)
    if wrong.size:
        findings = _described(indicator_id, exact.iloc[wrong], "part", np.nan, np.nan, "a small count is not hidden")
        return AuditReport(1, int(targets.size), findings, 0, thorough)
    return _attacked(indicator_id, linked, done, targets, thorough=thorough, seconds=seconds)


def _attacked(
    indicator_id: str, linked: Linked, done: Protection, targets: np.ndarray, *, thorough: bool, seconds: float
) -> AuditReport:
    """Attack the hidden counts of one indicator."""
    needed = disclosure().values_left_open
    ranges = published(linked, done)
    if thorough and targets.size:
        attack = attack_release(linked.links, *ranges, linked.truth, targets, needed=needed, seconds=seconds)
        least, greatest = attack.least, attack.greatest
        bad, undecided = ~attack.safe & ~attack.undecided, int(attack.undecided.sum())
    else:
        low, high = propagated_intervals(linked.links, *ranges)
        least, greatest = np.ceil(low[targets] - _CLOSE), np.floor(high[targets] + _CLOSE)
        bad, undecided = greatest - least + 1 < needed, 0
    found = []
    for place in np.flatnonzero(bad):
        kind, cell = divmod(int(targets[place]), linked.size)
        words = "the sums with what is shown leave too few values"
        row = linked.cells.iloc[[cell]]
        found.append(_described(indicator_id, row, linked.kinds[kind], least[place], greatest[place], words))
    findings = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    return AuditReport(1, int(targets.size), findings, undecided, thorough)


def as_released(
    exact: pd.DataFrame, shown: pd.DataFrame, basis: Basis, definition: Indicator, rule: DisclosureRule
) -> tuple[Linked, Protection]:
    """Put the exact cells and what readers are given of them into one system of counts.

    ``shown`` has the same rows as ``exact``; its ``value_status`` is missing where nothing is released.
    """
    counts = counted_in(exact, definition, rule)
    small = np.any([_small(one, rule) for one in counts.values()], axis=0)
    marked = (shown["value_status"] == "suppressed").to_numpy()
    primary = pd.DataFrame({"value_status": np.where(marked & small, "suppressed", "rounded")})
    given = shown["value_status"].notna().to_numpy()
    linked = link(exact, primary, given, basis.areas, basis.fifths, definition, rule)
    position = linked.cells["position"].to_numpy()
    own = position < len(exact)  # the others are pieces, which nobody is given
    place = np.where(own, position, 0)
    whole = marked & shown["denominator"].isna().to_numpy()
    hidden = np.concatenate([marked[place] & own, whole[place] & own]) | linked.items.small
    return linked, Protection(hidden, np.zeros(linked.size, dtype=np.bool_))


def _released_beside(exact: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Give each exact cell the row that was released for it."""
    dated = rows.assign(
        period_from=pd.to_datetime(rows["period_from"]),
        period_to=pd.to_datetime(rows["period_to"]),
        breakdown_type=rows["breakdown_type"].fillna(""),
        breakdown_value=rows["breakdown_value"].fillna(""),
    )
    columns = [*CELL, "numerator", "denominator", "value_status"]
    return exact[CELL].merge(dated[columns], how="left", on=CELL)


def _shown_wrongly(exact: pd.DataFrame, shown: pd.DataFrame, definition: Indicator, rule: DisclosureRule) -> np.ndarray:
    """Find released cells that show a small count, or a number that is not the rounded count."""
    given = shown["value_status"].isin(["shown", "rounded"]).to_numpy()
    counts = counted_in(exact, definition, rule)
    wrong = np.any([_small(one, rule) for one in counts.values()], axis=0)
    for name, column in (("part", "numerator"), ("whole", "denominator")):
        if name in counts:
            number = shown[column].to_numpy(dtype=float)
            exactly = np.abs(number - round_half_up(counts[name], rule.round_to)) < _CLOSE
            wrong |= ~np.isnan(number) & ~exactly
    return np.flatnonzero(given & wrong)


def _small(count: np.ndarray, rule: DisclosureRule) -> np.ndarray:
    return is_small(np.nan_to_num(count), suppress_from=rule.suppress_from, suppress_to=rule.suppress_to)


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
