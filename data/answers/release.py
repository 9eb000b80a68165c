"""Make the release: every indicator's cells at every safe grain, protected once, when the stored data change.

Pages read only what is released, so no request can ask for an exact count, and opening a page computes nothing heavy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data.answers.computed_figures import is_computed, release_computed
from data.answers.former import Former, beside, read_former, released_now, write_former
from data.answers.pathway_counts import with_event_tokens, with_pathway_counts
from data.answers.progress import Progress, Step, untold
from data.answers.protection import NOT_ADDED_UP, RELEASED, protect_cells, protect_values
from data.answers.register_figures import figures_from_registers, is_from_register
from data.answers.register_release import release_registers
from data.answers.release_processes import release_by_several
from data.answers.roll_up import CELL, cells
from data.answers.shared_counts import SharedCounts, shared_counts
from data.answers.together import Prepared, prepare, protect_together, released_grains
from data.catalogue import disclosure, indicator, source
from data.catalogue.definitions import Indicator
from data.store import areas as stored_areas
from data.store import deprivation, fingerprints, former, observations, released, state, submissions
from data.store.engine import reading, writing
from metrics.disclosure_audit import Attacked
from metrics.quantiles import quantile

if TYPE_CHECKING:
    import sqlalchemy as sa

PROVENANCE = ["illustrative", "submission_id"]
#: Indicators that are worth starting other processes for.
MANY = 20
#: Whose figures are attacked by integer programming before they are released: it may take minutes.
Attack = Literal["none", "real", "all"]


@dataclass(frozen=True)
class Basis:
    """What every indicator's release rests on beside its own rows; read once for all of them."""

    areas: pd.DataFrame
    fifths: pd.DataFrame
    newest_quarter: str | None
    sent_by: pd.Series
    shared: SharedCounts


@dataclass(frozen=True)
class Made:
    """One indicator's release, and what of it must be remembered: nothing where it counts nobody real."""

    frame: pd.DataFrame
    remembered: Former | None = None


def read_basis(connection: sa.Connection) -> Basis:
    """Read what all indicators share."""
    return Basis(
        stored_areas.select_areas(connection),
        fifths(connection),
        fingerprints.select_newest_quarter(connection),
        submissions.select_submissions(connection).set_index("id")["source_id"],
        shared_counts(connection),
    )


def release_changed(engine: sa.Engine, stands_on: str, workers: int = 1, progress: Progress = untold) -> int:
    """Release each indicator whose data, geography, definition or rule has changed; give how many that was.

    Several processes help where there are many, if more than one is allowed.
    """
    with reading(engine) as connection:
        revision = state.data_revision(connection)
        basis = read_basis(connection)
        wanted = wanted_releases(connection, basis)
        made = released.select_release_revisions(connection)
        changed = {name: token for name, token in wanted.items() if made.get(name) != token}
        by_several = workers > 1 and len(changed) >= MANY
        frames = {} if by_several else release_indicators(connection, list(changed), basis, progress=progress)
    if by_several:
        frames = release_by_several(engine, list(changed), basis.shared, workers, progress)
    gone = {name: "" for name in made if not (name in wanted or is_from_register(name) or is_computed(name))}
    with writing(engine) as connection:
        if state.data_revision(connection) != revision:
            return 0  # somebody loaded meanwhile: whoever loads, releases
        for name, token in (changed | gone).items():
            one = frames.get(name, Made(pd.DataFrame()))
            released.replace_released(connection, name, one.frame, token)
            remember(connection, name, one)
        of_registers = release_registers(connection, basis.newest_quarter)
        if release_computed(connection):  # not counted: they follow from the others; a promise may follow them
            release_registers(connection, basis.newest_quarter)
        state.mark_released(connection, stands_on)
    return len(changed) + len(gone) + of_registers


def remember(connection: sa.Connection, indicator_id: str, made: Made) -> None:
    """Keep what is released now, for the releases to come."""
    if made.remembered is not None:
        keep = disclosure().releases_remembered
        former.remember_release(connection, indicator_id, write_former(made.remembered), keep=keep)


def preview_release(connection: sa.Connection, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Give the protected headline figures that what is stored, even if not committed, would be released as.

    They are not attacked: whoever tries a file has its counts, and nobody else is shown them.
    One row for each indicator, council or system, and kind of period: its latest period, for everyone.
    """
    basis = read_basis(connection)
    released_as = release_indicators(connection, indicator_ids, basis, attack="none")
    frames = [released_as[name].frame.assign(indicator_id=name) for name in indicator_ids]
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
    return with_shared_tokens(tokens, basis.shared)


def with_shared_tokens(tokens: dict[str, str], shared: SharedCounts) -> dict[str, str]:
    """Let the tokens of indicators that count the same people change together."""
    together = dict(tokens)
    for cluster in shared.clusters:
        rests_on = "|".join([*(tokens.get(name, "") for name in cluster), shared.words_of(cluster)])
        token = hashlib.sha256(rests_on.encode()).hexdigest()
        own = [name for name in cluster if name in tokens]
        together |= {name: hashlib.sha256(f"{name}{token}".encode()).hexdigest()[:40] for name in own}
    return together


def release_indicators(
    connection: sa.Connection,
    indicator_ids: Sequence[str],
    basis: Basis,
    *,
    attack: Attack = "real",
    progress: Progress = untold,
) -> dict[str, Made]:
    """Compute indicators' protected cells, together with those that count the same people.

    Real figures are attacked before anybody is given them: what readers were once given can't be taken back.
    """
    made: dict[str, Made] = {}
    wanted = set(indicator_ids)
    for name in indicator_ids:
        if name not in made:
            before = Step(len(made), len(wanted))
            progress(before)
            cluster = basis.shared.cluster_of(name)
            tell = partial(tell_attacked, progress, before)
            made |= release_cluster(connection, cluster, basis, wanted, attack=attack, tell=tell)
    progress(Step(len(made), len(wanted)))
    return made


def tell_attacked(progress: Progress, before: Step, attacked: int, of: int) -> None:
    """Tell how many hidden counts of the next measures are attacked."""
    progress(replace(before, attacked=attacked, to_attack=of))


def release_indicator(connection: sa.Connection, indicator_id: str, basis: Basis) -> pd.DataFrame:
    """Compute one indicator's protected cells."""
    return release_indicators(connection, [indicator_id], basis)[indicator_id].frame


def release_cluster(
    connection: sa.Connection,
    names: Sequence[str],
    basis: Basis,
    wanted: Container[str],
    *,
    attack: Attack = "real",
    tell: Attacked | None = None,
) -> dict[str, Made]:
    """Compute the protected cells of indicators that hang together; of each, also what its publisher has protected."""
    rows = {name: exact_rows(connection, name, basis) for name in names if not is_from_register(name)}
    ours = {name: dated(own.loc[~is_protected_by_publisher(own, basis)]) for name, own in rows.items()}
    some = {name: own for name, own in ours.items() if len(own)}
    counts = release_counts(connection, some, basis, attack=attack, tell=tell)
    made = {}
    for name in names:
        if name not in wanted:
            continue
        if name not in rows:
            made[name] = Made(figures_from_registers(connection, name, basis.newest_quarter))
            continue
        parts = [as_published(rows[name].loc[is_protected_by_publisher(rows[name], basis)])]
        parts += [counts[name].frame] if name in counts else []
        filled = [part for part in parts if len(part)]
        together = pd.concat(filled, ignore_index=True) if filled else parts[0]
        remembered = counts[name].remembered if name in counts else None
        made[name] = Made(together.drop_duplicates(CELL, keep="first"), remembered)
    return made


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


def release_counts(
    connection: sa.Connection,
    rows: Mapping[str, pd.DataFrame],
    basis: Basis,
    *,
    attack: Attack,
    tell: Attacked | None = None,
) -> dict[str, Made]:
    """Add exact counts of indicators up, protect them together, and keep the grains at which enough can be shown."""
    rule = disclosure()
    kept: dict[str, pd.DataFrame] = {}
    exact = {name: exact_cells(own, basis, indicator(name)) for name, own in rows.items() if adds_up(name)}
    for name, own in rows.items():
        definition = indicator(name)
        if not adds_up(name):
            kept[name] = protect_values(own, definition, rule)
        elif not definition.disclosive:
            protected = protect_cells(exact[name], definition, rule)
            kept[name] = protected.loc[released_grains(protected, definition, rule)]
    people = prepare_people(exact, basis)
    names = [one.definition.id for one in people]
    formers = {name: formers_of(connection, name, basis, rows[name], exact[name]) for name in names}
    real = [name for name in names if not is_illustrative(rows[name])]
    attacked = attack == "all" or (attack == "real" and bool(real))
    safe = protect_together(people, formers, basis.shared, rule, attacked=attacked, tell=tell)
    kept |= dict(zip(names, safe, strict=True))
    made = {name: with_provenance(frame, rows[name]) for name, frame in kept.items()}
    remembered = {name: released_now(exact[name], made[name], basis.areas, basis.fifths, rule) for name in real}
    return {name: Made(frame, remembered.get(name)) for name, frame in made.items()}


def adds_up(indicator_id: str) -> bool:
    """Say whether an indicator is made of counts; a median of two medians is nobody's median."""
    return indicator(indicator_id).value_type not in NOT_ADDED_UP


def prepare_people(exact: Mapping[str, pd.DataFrame], basis: Basis) -> list[Prepared]:
    """Put the exact counts of people of indicators, in order, into systems of counts."""
    definitions = [indicator(name) for name in exact]
    return [
        prepare(exact[one.id], basis.areas, basis.fifths, one, disclosure()) for one in definitions if one.disclosive
    ]


def formers_of(
    connection: sa.Connection, indicator_id: str, basis: Basis, rows: pd.DataFrame, exact: pd.DataFrame
) -> list[Former]:
    """Give what was released of an indicator before; nothing beside illustrative figures, which describe nobody."""
    if is_illustrative(rows):
        return []
    kept = [read_former(content) for content in former.select_former(connection, indicator_id)]
    return beside(kept, exact, basis.areas, basis.fifths)


def is_illustrative(rows: pd.DataFrame) -> bool:
    """Say whether figures are illustrative: as soon as one of several returns that they rest on is."""
    return bool(rows["illustrative"].any())


def with_provenance(kept: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Write the periods of protected cells as they are stored, and what the cells rest on."""
    return kept.assign(
        period_from=kept["period_from"].dt.strftime("%Y-%m-%d"),
        period_to=kept["period_to"].dt.strftime("%Y-%m-%d"),
        illustrative=is_illustrative(rows),
        submission_id=int(rows["submission_id"].max()),
    )


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
