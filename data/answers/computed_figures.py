"""The indicators that this dashboard works out from other indicators, from what is released and from nothing else.

They are made after all others, and anew whenever anything that they rest on was released anew. A roll-up is counted
only where a level was published or promised: no ambition is made up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.ambitions import level_for, local_ambitions
from data.answers.equity_gaps import OWN_AREAS, ends_of_fifths, gap_indicators, gaps, own_codes
from data.answers.leading import leading_rows
from data.answers.outcomes import OUTCOMES, outcomes_improving
from data.answers.protection import RELEASED
from data.answers.register_cells import PROVENANCE, Cell, period_of, to_release
from data.answers.trends import trends_of
from data.catalogue import ics, indicator, indicators
from data.store.released import replace_released, select_release_revisions, select_released
from metrics.proportionality import targeting_ratio as ratio_of_shares
from metrics.proportions import proportion

if TYPE_CHECKING:
    import sqlalchemy as sa

CORE20: Final = "1"
CONTACTS: Final = "targeted_contacts"
COHORT: Final = ("cohort_pregnancies", "cohort_under_two")
BEFORE_BIRTH: Final = ("antenatal_contact_coverage",)
#: The reviews after birth that the ask names: C2, C8i, C5 and C6i.
AFTER_BIRTH: Final = ("new_birth_visit_14_days", "review_6_8_weeks", "review_12_months_by_15", "review_2_years")
#: The outcome that stands for a good start as a whole; every other indicator's gap stands beside it.
HEADLINE: Final = "good_level_development_2_years"
SHARE_OF_ALL: Final = ["area_type", "area_code", "period_type", "period_from", "period_to"]


def release_computed(connection: sa.Connection) -> int:
    """Release each computed indicator whose basis has changed, and take back what has none; call it last."""
    made = select_release_revisions(connection)
    changed = 0
    for name, token in computed_tokens(connection, made).items():
        if made.get(name) == token:
            continue
        frame = FIGURES[name](connection)
        if len(frame) or made.get(name):
            replace_released(connection, name, frame, token if len(frame) else "")
            changed += 1
    return changed


def is_computed(indicator_id: str) -> bool:
    """Whether an indicator is worked out here."""
    return indicator_id in FIGURES


def computed_tokens(connection: sa.Connection, made: Mapping[str, str]) -> dict[str, str]:
    """Give a token of all that each computed indicator rests on."""
    ambitions = repr(sorted(local_ambitions(connection).items()))
    tokens = {}
    for name in FIGURES:
        below = "|".join(f"{one}:{made.get(one, '')}" for one in rests_on(name))
        levels = ambitions if name in ROLL_UPS else ""
        tokens[name] = hashlib.sha256(f"{below}|{levels}|{indicator(name)!r}".encode()).hexdigest()[:40]
    return tokens


def rests_on(name: str) -> tuple[str, ...]:
    """List the indicators that a computed one rests on."""
    if name in ROLL_UPS:
        return tuple(sorted(of_point(ROLL_UPS[name])))
    if name == "outcomes_improving":
        return tuple(one for some in OUTCOMES.values() for one in some)
    if name == "targeting_ratio":
        return (CONTACTS, *COHORT)
    return tuple(one.id for one in gap_indicators())


# ---- roll-ups and outcomes: so many of so many -----------------------------------------------------------------------


def of_point(point: int) -> list[str]:
    """List the indicators of a point that somebody returns or publishes."""
    return [one.id for one in indicators() if one.point == point and one.returned_by != "this_dashboard"]


def roll_up(connection: sa.Connection, point: int) -> pd.DataFrame:
    """Count the indicators of a point with data, and those of them that reach their level.

    Nothing is counted until at least one indicator with data has a level, published or promised.
    """
    local = local_ambitions(connection)
    rows = pd.concat(
        [
            select_released(connection, of_point(point), area_code=code, breakdown_type="", latest=True)
            for code in own_codes()
        ]
    )
    leading = [(str(name), leading_rows(own.to_dict("records"))) for name, own in rows.groupby("indicator_id")]
    given = {name: own for name, own in leading if own}
    levels = {name: level for name in given if (level := level_for(indicator(name), local)) is not None}
    met = [name for name, level in levels.items() if all(level.met_by(row["value"]) for row in given[name])]
    if not levels:
        return pd.DataFrame()
    used = [row for own in given.values() for row in own]
    invented = any(row["illustrative"] for row in used) or any(one.illustrative for one in levels.values())
    return of_system(f"point_{point}_rollup", len(met), len(given), used, illustrative=invented)


def outcome_set(connection: sa.Connection) -> pd.DataFrame:
    """Count the outcomes with eight or more quarters, and those of them that improve by more than chance."""
    names = list(rests_on("outcomes_improving"))
    rows = select_released(connection, names, area_code=ics().icb.code, breakdown_type="", period_type="quarter")
    found = outcomes_improving(trends_of(rows.pivot_table(index="indicator_id", columns="period_from", values="value")))
    if found is None:
        return pd.DataFrame()
    used = rows.loc[rows["indicator_id"].isin(found.judged) & rows["value"].notna()].to_dict("records")
    invented = any(row["illustrative"] for row in used)
    return of_system("outcomes_improving", found.improving, len(found.judged), used, illustrative=invented)


def of_system(name: str, counted: int, out_of: int, used: list[Any], *, illustrative: bool) -> pd.DataFrame:
    """Write so many of so many for the newest quarter that any of the figures reaches."""
    newest = max(str(row["period_to"]) for row in used)
    files = [float(row["submission_id"]) for row in used if pd.notna(row["submission_id"])]
    cell = Cell(period_of(dt.date.fromisoformat(newest), "quarter"), counted, out_of)
    return to_release([cell], indicator(name), (illustrative, max(files, default=float("nan"))))


# ---- targeting -------------------------------------------------------------------------------------------------------


def targeting(connection: sa.Connection) -> pd.DataFrame:
    """Divide the Core20 share of targeted contacts by the Core20 share of pregnancies and children under two.

    Each period stands by itself and is never added to another. The counts are rounded ones.
    """
    rows = select_released(connection, [CONTACTS, *COHORT])
    own = rows["area_type"].isin(OWN_AREAS) & rows["period_type"].isin(["quarter", "year"]) & rows["numerator"].notna()
    everyone = rows["breakdown_type"] == ""
    core20 = (rows["breakdown_type"] == "imd_fifth_national") & (rows["breakdown_value"] == CORE20)
    wide = rows.loc[own & (everyone | core20)].assign(part=core20.map({True: "core20", False: "all"}))
    wide = wide.pivot_table(index=SHARE_OF_ALL, columns=["indicator_id", "part"], values="numerator")
    needed = pd.MultiIndex.from_product([[CONTACTS, *COHORT], ["core20", "all"]])
    wide = wide.reindex(columns=needed).dropna()
    if wide.empty:
        return pd.DataFrame()
    contacts, cohort = wide.xs(CONTACTS, axis=1), sum(wide.xs(name, axis=1) for name in COHORT)
    value = core20_ratio(contacts, cohort)
    made = wide.index.to_frame(index=False).assign(value=value, lowercl=float("nan"), uppercl=float("nan"))
    made = made.merge(provenance(rows.loc[own]), on=SHARE_OF_ALL)
    return as_released(made.loc[made["value"].notna()].assign(breakdown_type="", breakdown_value=""))


def core20_ratio(contacts: Any, cohort: Any) -> Any:
    """Compare the shares of the Core20 areas, from the counts there and of everyone."""
    parts = [
        (contacts["core20"], cohort["core20"], 1),
        (contacts["all"] - contacts["core20"], cohort["all"] - cohort["core20"], 2),
    ]
    long = pd.concat(
        [
            pd.DataFrame({"given": given.clip(lower=0).to_numpy(), "need": need.clip(lower=0).to_numpy(), "part": part})
            for given, need, part in parts
        ]
    )
    found = ratio_of_shares(long["given"], long["need"], long["part"], groups=list(range(len(contacts))) * 2)
    return found.loc[found["quantile"] == 1].sort_values("group")["targeting_ratio"].to_numpy()


def provenance(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each area and period whether any of its figures is illustrative, and the newest file of them."""
    together = rows.groupby(SHARE_OF_ALL, as_index=False)
    return together.agg(
        illustrative=("illustrative", "any"),
        submission_id=("submission_id", "max"),
        value_status=("value_status", lambda status: "rounded" if (status == "rounded").any() else "shown"),
    )


# ---- gaps ------------------------------------------------------------------------------------------------------------


def headline_gap(connection: sa.Connection) -> pd.DataFrame:
    """Give the gap of every indicator with fifths, and that of development at two as the headline."""
    every = gaps(ends_of_fifths(connection, [one.id for one in gap_indicators()]))
    return with_headline(every, every.loc[every["indicator_id"] == HEADLINE])


def gap_before_birth(connection: sa.Connection) -> pd.DataFrame:
    """Give the gap in antenatal contact coverage."""
    every = gaps(ends_of_fifths(connection, BEFORE_BIRTH))
    return with_headline(every.iloc[0:0], every)


def gap_after_birth(connection: sa.Connection) -> pd.DataFrame:
    """Give the gap of each review after birth, and of all four together where all four are there."""
    ends = ends_of_fifths(connection, AFTER_BIRTH)
    return with_headline(gaps(ends), gaps(together(ends)))


def together(ends: pd.DataFrame) -> pd.DataFrame:
    """Add up the reviews done and due, of areas and periods that have all of them in both fifths."""
    of_end = [*SHARE_OF_ALL, "breakdown_value"]
    sums = ends.groupby(of_end, as_index=False).agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        reviews=("indicator_id", "nunique"),
        illustrative=("illustrative", "any"),
        submission_id=("submission_id", "max"),
        value_status=("value_status", "max"),
    )
    sums = sums.loc[(sums["reviews"] == len(AFTER_BIRTH)) & (sums["denominator"] > 0)].reset_index(drop=True)
    limits = proportion(sums["numerator"], sums["denominator"], multiplier=100.0)
    sums[["value", "lowercl", "uppercl"]] = limits[["value", "lowercl", "uppercl"]].to_numpy()
    return sums.assign(indicator_id=AFTER_BIRTH[0])


def with_headline(every: pd.DataFrame, headline: pd.DataFrame) -> pd.DataFrame:
    """Write gaps as they are released: each indicator's under its name, and the headline for everyone."""
    own = every.assign(breakdown_type="indicator", breakdown_value=every["indicator_id"])
    whole = headline.assign(breakdown_type="", breakdown_value="")
    parts = [part for part in (own, whole) if len(part)]
    return (
        as_released(pd.concat(parts, ignore_index=True).assign(value=lambda made: made["gap"]))
        if parts
        else pd.DataFrame()
    )


def as_released(frame: pd.DataFrame) -> pd.DataFrame:
    """Shape computed values as released cells; they are no counts, so they have none."""
    return frame.assign(numerator=float("nan"), denominator=float("nan"))[[*RELEASED, *PROVENANCE]]


ROLL_UPS: Final = {f"point_{point}_rollup": point for point in (1, 2, 3)}
FIGURES: Final[dict[str, Callable[[sa.Connection], pd.DataFrame]]] = {
    "targeting_ratio": targeting,
    "point_1_rollup": lambda connection: roll_up(connection, 1),
    "point_2_rollup": lambda connection: roll_up(connection, 2),
    "point_3_rollup": lambda connection: roll_up(connection, 3),
    "outcomes_improving": outcome_set,
    "headline_equity_gap": headline_gap,
    "provision_gap_before_birth": gap_before_birth,
    "provision_gap_after_birth": gap_after_birth,
}
