"""Counts from events of pathways: who, of the babies with a pregnancy form, had every review due by an age.

Events of all suppliers are linked by pseudonym. What comes out are exact rows of neighbourhood and quarter, which go
through roll-up and protection like any returned row; nothing here is given to a page.

A baby is counted in the quarter in which it reached the age. Who stopped contact or moved out is counted nowhere from
that month on. A quarter is counted in a council only where every step was collected there for all of its babies, and
is *immature* while the files do not reach its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.catalogue.pathway import LEAVING, LINKED, NEEDS, Event, Point, counted_indicators, pathway
from data.store import pathway as stored

if TYPE_CHECKING:
    import sqlalchemy as sa

FORM: Final = "antenatal_form"
BIRTH: Final = "birth"
MATCHED: Final = "record_matched"
NEED: Final = "need_found"
ASSESSED: Final = "assessment_3_4_years"
SECOND_BIRTHDAY: Final = 24  # months
#: What shows that a form was linked to a health visiting record, and within how many months of the form.
LINKS: Final = {MATCHED: 40, "antenatal_contact": 10, "new_birth_visit": 11}
LONGEST_WAIT: Final = 10  # months from a form to the birth
APRIL: Final = 3  # months from January
ROWS: Final = [
    *("indicator_id", "area_code", "area_type", "period_type", "period_from", "period_to"),
    *("breakdown_type", "breakdown_value", "numerator", "denominator", "value", "lowercl", "uppercl"),
    *("value_status", "note", "submission_id", "illustrative"),
]


def with_pathway_counts(
    connection: sa.Connection, indicator_id: str, returned: pd.DataFrame, newest_quarter: str | None
) -> pd.DataFrame:
    """Put what events say of an indicator in place of what was returned for the same council and quarter.

    Events win: they are linked across suppliers and can be counted again. Two sources are never added up. Illustrative
    figures give way to real events, and illustrative events to a real return.
    """
    if indicator_id not in counted_indicators():
        return returned
    events = stored.select_pathway_events(connection)
    if events.empty:
        return returned
    made = pathway_rows(events, indicator_id, newest_quarter)
    if made.empty:
        return returned
    invented = bool(made["illustrative"].any())
    real = returned[~returned["illustrative"].astype("bool")]
    if invented and len(real):
        return returned
    held = returned if invented else real
    return join_sources(made, held, council_of(connection))


def with_event_tokens(connection: sa.Connection, tokens: dict[str, str]) -> dict[str, str]:
    """Add to the tokens of what was returned, by indicator, one that changes when the events do."""
    events = stored.select_token(connection)
    if not events:
        return tokens
    return tokens | {name: f"{tokens.get(name, '')}+{events}" for name in counted_indicators()}


def join_sources(made: pd.DataFrame, held: pd.DataFrame, councils: pd.Series[str]) -> pd.DataFrame:
    """Keep of the returned rows those of a council and time of which the events say nothing, in whatever group."""
    said = made.assign(place=made["area_code"].map(councils).fillna(made["area_code"]))
    ends = said.groupby("place")["period_to"].agg(lambda days: sorted(set(days)))
    place = held["area_code"].map(councils).fillna(held["area_code"])
    times = zip(
        place, held["period_from"].astype("str").str[:10], held["period_to"].astype("str").str[:10], strict=True
    )
    kept = [not any(first <= day <= last for day in ends.get(where, ())) for where, first, last in times]
    rest = held.loc[kept]
    return made if rest.empty else pd.concat([made, rest], ignore_index=True)


def council_of(connection: sa.Connection) -> pd.Series[str]:
    """Give the council that each area lies in."""
    from data.store.areas import select_areas

    areas = select_areas(connection).dropna(subset="lad_code")
    found: pd.Series[str] = areas.set_index("area_code")["lad_code"]
    return found


# ---- events to families ---------------------------------------------------------------------------------------------


def month_number(months: pd.Series[str]) -> pd.Series[int]:
    """Count months from the year 0."""
    number: pd.Series[int] = months.str.slice(0, 4).astype("int64") * 12 + months.str.slice(5, 7).astype("int64") - 1
    return number


def linked_births(events: pd.DataFrame) -> pd.DataFrame:
    """Give one row for each birth: its month, the month of each step that belongs to it, and when it was left.

    ``events`` has ``pseudonym``, ``event`` and ``at`` (month number). A step that did not happen is missing.
    """
    births = events.loc[events["event"] == BIRTH, ["pseudonym", "at"]].drop_duplicates().rename(columns={"at": "born"})
    births = births.reset_index(drop=True)
    steps = {one.id: one for one in pathway().events if one.id != BIRTH}
    both = births.reset_index(names="birth").merge(events[["pseudonym", "event", "at"]], on="pseudonym")
    both = both[both["event"].isin(list(steps))]
    age = both["at"] - both["born"]
    inside = (age >= _limits(both["event"], steps, "earliest")) & (age <= _limits(both["event"], steps, "latest"))
    first = both[inside].pivot_table(index="birth", columns="event", values="at", aggfunc="min")
    for name in steps:
        births[name] = first[name].reindex(births.index) if name in first else np.nan
    ends = both[inside & both["event"].isin(LEAVING)]
    of_another_pregnancy = ends["at"] < ends["birth"].map(births[FORM])
    births["left"] = ends[~of_another_pregnancy].groupby("birth")["at"].min()
    return births


def _limits(names: pd.Series[str], steps: dict[str, Event], which: str) -> pd.Series[int]:
    limits: pd.Series[int] = names.map({name: getattr(one, which) for name, one in steps.items()}).astype("int64")
    return limits


def at_home(people: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Add the neighbourhood in which each family was last known to live in the month ``reached``, and its council."""
    known = events.dropna(subset=["area_code"])[["pseudonym", "at", "area_code", "lad_code"]].sort_values("at")
    ordered = people.sort_values("reached").astype({"reached": "int64"})
    placed = pd.merge_asof(ordered, known, left_on="reached", right_on="at", by="pseudonym")
    return placed.dropna(subset=["area_code"])


# ---- families to rows -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counting:
    """Who is counted for an indicator, in which months, and which steps must be collected for that.

    ``people`` has ``reached`` (month), ``met`` and the place. ``steps`` gives for each step the earliest and the latest
    month in which it may have happened, counted from ``reached``; None where an early start of it needs no waiting for.
    """

    people: pd.DataFrame
    steps: dict[str, tuple[int | None, int]]
    area_type: str = "lsoa21"
    months: int = 3


def counting(events: pd.DataFrame, indicator_id: str) -> Counting:
    """Find who is counted for an indicator."""
    if indicator_id == LINKED:
        return Counting(linked_forms(events), {FORM: (0, 0), MATCHED: (0, 0)})
    if indicator_id == NEEDS:
        found, assessed = pathway().event(NEED), pathway().event(ASSESSED)
        steps: dict[str, tuple[int | None, int]] = {NEED: (found.earliest - assessed.latest, 0), ASSESSED: (0, 0)}
        return Counting(early_needs(events), steps, "lad", 12)
    point = next(one for one in pathway().points if one.indicator == indicator_id)
    kinds = [pathway().event(name) for name in point.steps]
    steps = {one.id: (one.earliest - point.age, one.latest - point.age) for one in kinds}
    return Counting(families_at(events, point), {FORM: (None, -point.age), **steps})


def pathway_rows(events: pd.DataFrame, indicator_id: str, newest_quarter: str | None = None) -> pd.DataFrame:
    """Count one indicator's exact rows from events; empty where no period is covered."""
    dated = events.assign(at=month_number(events["month"]))
    count = counting(dated, indicator_id)
    covered = coverage(dated, count.steps)
    if covered.empty:
        return pd.DataFrame(columns=ROWS)
    parts = [counts(count, covered), immature(count, covered, newest_quarter)]
    made = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return made.assign(
        indicator_id=indicator_id,
        period_type="year" if count.months > 3 else "quarter",
        period_from=[_first_day(at) for at in made["start"]],
        period_to=[_day_before(at + count.months) for at in made["start"]],
        breakdown_type="",
        breakdown_value="",
        note="",
        submission_id=int(events["submission_id"].max()),
        illustrative=bool(events["illustrative"].any()),
        **dict.fromkeys(("value", "lowercl", "uppercl"), np.nan),
    )[ROWS]


def families_at(events: pd.DataFrame, point: Point) -> pd.DataFrame:
    """Give each baby with a form that reached the age and had not left by then, with whether it has every step."""
    births = linked_births(events)
    births = births.assign(reached=births["born"] + point.age)
    here = births[births[FORM].notna() & ~(births["left"] <= births["reached"])]
    met = here[list(point.steps)].notna().all(axis=1)
    return at_home(here.assign(met=met), events)


def linked_forms(events: pd.DataFrame) -> pd.DataFrame:
    """Give each completed form, in its month, with whether the record that it belongs to was found.

    A form whose family left before it was linked is not counted: nobody could link it.
    """
    forms = events.loc[events["event"] == FORM, ["pseudonym", "at"]].drop_duplicates()
    forms = forms.rename(columns={"at": "reached"}).reset_index(drop=True)
    both = forms.reset_index(names="form").merge(events[["pseudonym", "event", "at"]], on="pseudonym")
    after = both["at"] - both["reached"]
    within = both["event"].map(lambda name: LINKS.get(name, -1)).astype("int64")
    met = forms.index.isin(both.loc[after.between(0, within), "form"])
    ended = both["event"].isin(LEAVING) & after.between(-LONGEST_WAIT, LONGEST_WAIT)
    gone = forms.index.isin(both.loc[ended, "form"])
    return at_home(forms.assign(met=met)[met | ~gone], events)


def early_needs(events: pd.DataFrame) -> pd.DataFrame:
    """Give each need known at the assessment at age 3 to 4, in its month, with whether it was found before age two."""
    births = linked_births(events)
    births = births[births[ASSESSED].notna() & ~(births["left"] <= births[ASSESSED])]
    needs = events.loc[events["event"] == NEED, ["pseudonym", "at"]].drop_duplicates().rename(columns={"at": "found"})
    both = births[["pseudonym", "born", ASSESSED]].merge(needs, on="pseudonym")
    both = both[(both["found"] - both["born"] >= pathway().event(NEED).earliest) & (both["found"] <= both[ASSESSED])]
    met = both["found"] - both["born"] < SECOND_BIRTHDAY
    return at_home(both.assign(met=met, reached=both[ASSESSED]), events)


def coverage(events: pd.DataFrame, steps: dict[str, tuple[int | None, int]]) -> pd.DataFrame:
    """Say for each council the first and the last month in which whoever is counted is covered by every step.

    A step is collected in a council from the first month in which it appears there, until the last month of the files
    that hold it.
    """
    placed = events.dropna(subset=["lad_code"])
    ends = events.groupby("submission_id")["at"].max()
    of_steps = placed[placed["event"].isin(list(steps))]
    if of_steps["event"].nunique() < len(steps):
        return pd.DataFrame({"start": [], "end": []}, dtype="int64").rename_axis("lad_code")
    of_steps = of_steps.assign(end=of_steps["submission_id"].map(ends))
    seen = of_steps.groupby(["lad_code", "event"], as_index=False).agg(start=("at", "min"), end=("end", "max"))
    seen["start"] -= seen["event"].map({name: first or 0 for name, (first, _) in steps.items()})
    seen["end"] -= seen["event"].map({name: last for name, (_, last) in steps.items()})
    whole = seen.groupby("lad_code").agg(kinds=("event", "nunique"), start=("start", "max"), end=("end", "min"))
    return whole[whole["kinds"] == len(steps)].drop(columns="kinds")


def counts(count: Counting, covered: pd.DataFrame) -> pd.DataFrame:
    """Count by area and period, where every month of the period is covered."""
    people = count.people.rename(columns={"lad_code": "council"})
    people = people.assign(
        start=people["reached"] - (people["reached"] - APRIL) % count.months,
        area_code=people["council"] if count.area_type == "lad" else people["area_code"],
    ).join(covered.add_prefix("covered_"), on="council", how="inner")
    whole = people["start"] >= people["covered_start"]
    whole &= people["start"] + count.months - 1 <= people["covered_end"]
    groups = people[whole].groupby(["area_code", "start"], as_index=False)
    made = groups.agg(numerator=("met", "sum"), denominator=("met", "size"))
    kinds = {"numerator": "float64", "denominator": "float64"}
    return made.astype(kinds).assign(area_type=count.area_type, value_status="shown")


def immature(count: Counting, covered: pd.DataFrame, newest_quarter: str | None) -> pd.DataFrame:
    """Mark the quarters to whose end the files do not reach, up to the newest that anybody has returned."""
    newest = -1 if newest_quarter is None else int(month_number(pd.Series([newest_quarter])).iloc[0])
    rows = [
        (council, start, np.nan, np.nan, "lad", "immature")
        for council, first, last in covered.itertuples()
        for start in range(last + 1 - (last + 1 - APRIL) % count.months, newest - count.months + 2, count.months)
        if start >= first
    ]
    columns = ["area_code", "start", "numerator", "denominator", "area_type", "value_status"]
    return pd.DataFrame(rows, columns=columns)


def _first_day(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}-01"


def _day_before(month: int) -> str:
    return (pd.Timestamp(_first_day(month)) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
