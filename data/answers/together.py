"""Protect measures together: those that count the same people, and each with what was released of it before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.answers.beforehand import hidden_beforehand
from data.answers.former import Former, former_block
from data.answers.joined import Block, Joined, join, protect_joined
from data.answers.linked import Linked, apply_protection, link, protect_linked
from data.answers.mending import mend_joined
from data.answers.protection import protect_cells, safe_grains
from data.answers.shared_counts import SharedCounts
from data.catalogue.definitions import DisclosureRule, Indicator
from metrics.disclosure_audit import Attacked
from metrics.disclosure_linked import Protection


@dataclass(frozen=True)
class Prepared:
    """One measure before it is protected against other cells: exact counts, each protected by itself, and the links."""

    definition: Indicator
    protected: pd.DataFrame
    given: np.ndarray
    linked: Linked


def prepare(
    exact: pd.DataFrame, areas: pd.DataFrame, fifths: pd.DataFrame, definition: Indicator, rule: DisclosureRule
) -> Prepared:
    """Protect exact cells each by itself, choose the grains that are safe, and find what adds up."""
    protected = protect_cells(exact, definition, rule)
    given = released_grains(protected, definition, rule)
    return Prepared(definition, protected, given, link(exact, protected, given, areas, fifths, definition, rule))


def released_grains(protected: pd.DataFrame, definition: Indicator, rule: DisclosureRule) -> np.ndarray:
    """Say which protected cells stand at a grain that is released."""
    kept = safe_grains(protected, rule).index
    given = np.zeros(len(protected), dtype=bool)
    given[kept] = True
    if definition.pooled_only:
        pooled = protected["area_type"].isin(["lad", "icb"]) & (protected["period_type"] == "three_years")
        given &= pooled.to_numpy()
    return given


def protect_together(
    measures: Sequence[Prepared],
    formers: Mapping[str, Sequence[Former]],
    shared: SharedCounts,
    rule: DisclosureRule,
    *,
    attacked: bool = False,
    tell: Attacked | None = None,
) -> list[pd.DataFrame]:
    """Protect measures that hang together, and what was released of them before, in one system of counts.

    ``attacked`` asks for an attack by integer programming on the outcome, and for what it finds to be hidden too;
    otherwise what is known from an attack on these very counts is hidden.
    """
    if not measures:
        return []
    done = first_protection(measures, formers, shared, rule)
    if attacked:
        now = [(one.definition, one.linked) for one in measures]
        done = mend_joined(joined_system(now, formers, shared, rule), done, rule.values_left_open, tell)
    else:
        done = hidden_beforehand(measures, done, rule)
    frames = []
    for one, its in zip(measures, done, strict=True):
        kept = apply_protection(one.protected, one.linked, its)
        frames.append(kept.loc[one.given[kept.index]])
    return frames


def first_protection(
    measures: Sequence[Prepared],
    formers: Mapping[str, Sequence[Former]],
    shared: SharedCounts,
    rule: DisclosureRule,
) -> list[Protection]:
    """Find what must be hidden, and left out, so that following the sums tells nothing."""
    if len(measures) == 1 and not formers.get(measures[0].definition.id):
        return [protect_linked(measures[0].linked, rule)]
    now = [(one.definition, one.linked) for one in measures]
    return protect_joined(joined_system(now, formers, shared, rule), rule.values_left_open)


def joined_system(
    now: Sequence[tuple[Indicator, Linked]],
    formers: Mapping[str, Sequence[Former]],
    shared: SharedCounts,
    rule: DisclosureRule,
) -> Joined:
    """Join what is released now of some measures with what was released of them before."""
    blocks = [Block(definition.id, linked, shared.names_of(definition.id, linked.kinds)) for definition, linked in now]
    for definition, _ in now:
        blocks += [former_block(former, definition, rule, shared) for former in formers.get(definition.id, ())]
    return join(blocks, rule.values_left_open)
