"""Make the release: every indicator's cells at every safe grain, protected once, when the stored data change.

Pages read only what is released, so no request can ask for an exact count, and opening a page computes nothing heavy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.answers.linked import apply_protection, link, protect_linked
from data.answers.pathway_counts import with_event_tokens, with_pathway_counts
from data.answers.protection import NOT_ADDED_UP, RELEASED, protect_cells, protect_values, safe_grains
from data.answers.register_figures import figures_from_registers, is_from_register
from data.answers.register_release import release_registers
from data.answers.roll_up import CELL, cells
from data.catalogue import disclosure, indicator, source
from data.catalogue.definitions import DisclosureRule, Indicator
from data.store import areas as stored_areas
from data.store import deprivation, fingerprints, observations, released, state, submissions
from data.store.engine import reading, writing
from metrics.quantiles import quantile

if TYPE_CHECKING:
    import sqlalchemy as sa

PROVENANCE = ["illustrative", "submission_id"]


@dataclass(frozen=True)
class Basis:
    """What every indicator's release rests on beside its own rows; read once for all of them."""

    areas: pd.DataFrame
    fifths: pd.DataFrame
    newest_quarter: str | None
    sent_by: pd.Series


def read_basis(connection: sa.Connection) -> Basis:
    """Read what all indicators share."""
    return Basis(
        stored_areas.select_areas(connection),
        fifths(connection),
        fingerprints.select_newest_quarter(connection),
        submissions.select_submissions(connection).set_index("id")["source_id"],
    )


def release_changed(engine: sa.Engine, stands_on: str) -> int:
    """Release each indicator whose data, geography, definition or rule has changed; give how many that was."""
    with reading(engine) as connection:
        revision = state.data_revision(connection)
        basis = read_basis(connection)
        wanted = wanted_releases(connection, basis)
        made = released.select_release_revisions(connection)
        changed = {name: token for name, token in wanted.items() if made.get(name) != token}
        frames = {name: release_indicator(connection, name, basis) for name in changed}
    gone = {name: "" for name in made if name not in wanted and not is_from_register(name)}
    with writing(engine) as connection:
        if state.data_revision(connection) != revision:
            return 0  # somebody loaded meanwhile: whoever loads, releases
        for name, token in (changed | gone).items():
            released.replace_released(connection, name, frames.get(name, pd.DataFrame()), token)
        of_registers = release_registers(connection, basis.newest_quarter)
        state.mark_released(connection, stands_on)
    return len(changed) + len(gone) + of_registers


def preview_release(connection: sa.Connection, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Give the protected headline figures that what is stored, even if not committed, would be released as.

    One row for each indicator, council or system, and kind of period: its latest period, for everyone.
    """
    basis = read_basis(connection)
    frames = [release_indicator(connection, name, basis).assign(indicator_id=name) for name in indicator_ids]
    cells_made = [frame for frame in frames if len(frame)]
    if not cells_made:
        return pd.DataFrame(columns=["indicator_id", *RELEASED, *PROVENANCE])
    made = pd.concat(cells_made, ignore_index=True)
    made = made.loc[made["area_type"].isin(["lad", "icb"]) & (made["breakdown_type"] == "")]
    newest = made.groupby(["indicator_id", "area_code", "period_type"])["period_to"].transform("max")
    kept: pd.DataFrame = made.loc[made["period_to"] == newest].reset_index(drop=True)
    return kept[["indicator_id", *RELEASED, *PROVENANCE]]


def wanted_releases(connection: sa.Connection, basis: Basis) -> dict[str, str]:
    """Give, for each returned indicator, a token of all that its release rests on."""
    geography, rule = fingerprints.select_geography(connection), repr(disclosure())
    tokens = {}
    for name, returned in with_event_tokens(connection, fingerprints.select_returned(connection)).items():
        definition = indicator(name)
        protected_by = source(definition.source).protected_by
        rests_on = f"{returned}|{geography}|{basis.newest_quarter}|{rule}|{definition!r}|{protected_by}"
        tokens[name] = hashlib.sha256(rests_on.encode()).hexdigest()[:40]
    return tokens


def release_indicator(connection: sa.Connection, indicator_id: str, basis: Basis) -> pd.DataFrame:
    """Compute one indicator's protected cells: what its publisher has protected, and what we have to."""
    if is_from_register(indicator_id):
        return figures_from_registers(connection, indicator_id, basis.newest_quarter)
    definition = indicator(indicator_id)
    rows = exact_rows(connection, indicator_id, basis)
    published = is_protected_by_publisher(rows, basis)
    parts = [as_published(rows.loc[published])]
    if not published.all():
        parts.append(release_counts(dated(rows.loc[~published]), basis, definition))
    together = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0]
    return together.drop_duplicates(CELL, keep="first")


def is_protected_by_publisher(rows: pd.DataFrame, basis: Basis) -> pd.Series:
    """Say which rows come from a publication, whose publisher has protected them."""
    return rows["submission_id"].map(basis.sent_by).map(lambda name: source(name).protected_by == "publisher")


def exact_rows(connection: sa.Connection, indicator_id: str, basis: Basis) -> pd.DataFrame:
    """Give an indicator's current rows: what was returned, and what events of pathways say in its place."""
    returned = observations.select_observations(connection, [indicator_id])
    return with_pathway_counts(connection, indicator_id, returned, basis.newest_quarter)


def local_rows(connection: sa.Connection, indicator_id: str, basis: Basis) -> pd.DataFrame:
    """Give the rows of an indicator that we have to protect."""
    rows = exact_rows(connection, indicator_id, basis)
    return dated(rows.loc[~is_protected_by_publisher(rows, basis)])


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Read the periods as dates, and call the breakdown of everyone by the empty name."""
    return rows.assign(
        period_from=pd.to_datetime(rows["period_from"]),
        period_to=pd.to_datetime(rows["period_to"]),
        breakdown_type=rows["breakdown_type"].fillna(""),
        breakdown_value=rows["breakdown_value"].fillna(""),
    )


def exact_cells(rows: pd.DataFrame, basis: Basis, definition: Indicator) -> pd.DataFrame:
    """Add exact counts up to every cell; nothing of this may be released as it is."""
    through = pd.Timestamp(basis.newest_quarter) if basis.newest_quarter else None
    every = cells(rows, basis.areas, basis.fifths, definition.over_time, through)
    return every.drop_duplicates(CELL).reset_index(drop=True)


def release_counts(rows: pd.DataFrame, basis: Basis, definition: Indicator) -> pd.DataFrame:
    """Add exact counts up, protect them, and keep the grains at which enough areas can be shown."""
    if definition.value_type in NOT_ADDED_UP:
        kept = protect_values(rows, definition, disclosure())
    else:
        kept = protect_release(exact_cells(rows, basis, definition), basis, definition)
    # one figure may rest on several returns: it is illustrative as soon as one of them is
    return kept.assign(
        period_from=kept["period_from"].dt.strftime("%Y-%m-%d"),
        period_to=kept["period_to"].dt.strftime("%Y-%m-%d"),
        illustrative=bool(rows["illustrative"].any()),
        submission_id=int(rows["submission_id"].max()),
    )


def protect_release(exact: pd.DataFrame, basis: Basis, definition: Indicator) -> pd.DataFrame:
    """Protect exact cells each by itself, choose the grains that are safe, then protect the cells from each other."""
    rule = disclosure()
    protected = protect_cells(exact, definition, rule)
    given = released_grains(protected, definition, rule)
    if not definition.disclosive:
        return protected.loc[given]
    linked = link(exact, protected, given, basis.areas, basis.fifths, definition, rule)
    return apply_protection(protected, linked, protect_linked(linked, rule)).loc[lambda rows: given[rows.index]]


def released_grains(protected: pd.DataFrame, definition: Indicator, rule: DisclosureRule) -> np.ndarray:
    """Say which protected cells stand at a grain that is released."""
    kept = safe_grains(protected, rule).index
    given = np.zeros(len(protected), dtype=bool)
    given[kept] = True
    if definition.pooled_only:
        pooled = protected["area_type"].isin(["lad", "icb"]) & (protected["period_type"] == "three_years")
        given &= pooled.to_numpy()
    return given


def as_published(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a published statistic as its publisher gives it: they have protected it already."""
    frame = rows[[*CELL, "numerator", "denominator", "value", "lowercl", "uppercl", "value_status", *PROVENANCE]].copy()
    withheld = ~frame["value_status"].isin(["shown", "rounded"])
    frame.loc[withheld, ["numerator", "value", "lowercl", "uppercl"]] = np.nan
    frame[["breakdown_type", "breakdown_value"]] = frame[["breakdown_type", "breakdown_value"]].fillna("")
    frame = frame.sort_values("submission_id").drop_duplicates(CELL, keep="last")
    return frame[[*RELEASED, *PROVENANCE]]


def fifths(connection: sa.Connection, edition: str = "2025") -> pd.DataFrame:
    """Give each neighbourhood's deprivation fifth, "1" most deprived: nationally by decile, locally by rank."""
    ranks = deprivation.select_deprivation(connection, edition, "imd", "lsoa21").set_index("area_code")
    local = quantile(ranks["rank"].to_numpy(dtype=float), 5, invert=False)
    return pd.DataFrame(
        {
            "imd_fifth_national": ((ranks["decile"].astype(int) + 1) // 2).astype("str"),
            "imd_fifth_local": pd.Series(local, index=ranks.index).astype(int).astype("str"),
        }
    )
