"""When does each workforce group reach a chosen coverage, how sure is that, and what would it take by a date?"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.alternatives import extremes_words, sentences
from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import join_words, period_label
from data.answers.workforce_counts import PLACES, TRAINED, GroupCounts, by_cell, counts_of, flow_rows
from data.catalogue import breakdown, indicator
from data.catalogue.definitions import Place
from data.errors import UnknownName
from data.store.released import select_released_periods
from metrics.trajectory import Flows, project, quarters_to_reach, steady_share
from metrics.trajectory_interval import FlowCounts, arrival, flows_of, places_needed, simulate_shares

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Ten years of quarters: who has not arrived by then is said not to.
AHEAD: Final = 40
FEWEST_SHOWN: Final = 12
TARGETS: Final = ("50", "60", "70", "80", "90", "95", "100")
FIRST_TARGET: Final = "90"
FIRST_GROUP: Final = "Health Visiting"
OFFERED: Final = (0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400)
NOW: Final = "now"
BEYOND: Final = "more than ten years"
METHOD: Final = (
    "Stock and flow (Bartholomew, Forbes and McClean, 1991): leavers leave, training lapses, starters come, and places "
    "are used. Chances stay as they were."
)
ROUNDED: Final = (
    "It rests on counts rounded to the nearest 5. The 95% interval includes that rounding, how few people were "
    "counted, and chance."
)
GROUP_COLUMNS: Final = [
    *("group", "in_date", "places", "tends_to", "reached", "interval", "needed", "needed_interval", "borrowed"),
]


@dataclass(frozen=True, slots=True)
class TrajectoryChoices:
    """What the reader may choose: groups, targets, dates and places, as ``(name, label)``."""

    groups: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A group's trajectory at one number of places: expected, simulated, and what the target takes."""

    flows: Flows
    share: np.ndarray
    lowercl: np.ndarray
    uppercl: np.ndarray
    reached: float
    earliest: float
    latest: float
    tends_to: float
    needed: float
    needed_low: float
    needed_high: float
    completions: float


def trajectory_choices() -> TrajectoryChoices:
    """List what may be chosen; the first date is the end of the first financial year a year ahead."""
    with reading() as connection:
        newest = newest_quarter_end(connection)
    ends = [quarter_end(newest, number) for number in range(1, AHEAD // 2 + 1)] if newest else []
    dates = [(end.isoformat(), f"{end.day} {end:%B %Y}") for end in ends]
    first = next((place for place, end in enumerate(ends) if place >= 3 and end.month == 3), 0)
    targets = [(one, f"{one}%") for one in (FIRST_TARGET, *(other for other in TARGETS if other != FIRST_TARGET))]
    groups = sorted(group_names(), key=lambda name: name != FIRST_GROUP)
    return TrajectoryChoices(
        groups=tuple((name, name) for name in groups),
        targets=tuple(targets),
        dates=(*dates[first : first + 1], *dates[:first], *dates[first + 1 :]),
        places=((NOW, "As many as now"), *((str(one), f"{one} a quarter") for one in OFFERED)),
    )


def group_names() -> tuple[str, ...]:
    """Name the nine groups, in the proposal's order."""
    return breakdown("workforce_group").values  # noqa: PD011 (no frame)


def newest_quarter_end(connection: sa.Connection) -> dt.date | None:
    """Give the last day of the newest quarter for which training is released."""
    periods = select_released_periods(connection, TRAINED)
    given = (periods["period_type"] == "quarter") & (periods["shown"] > 0)
    days = periods["period_to"].loc[given].astype(str)
    return dt.date.fromisoformat(days.max()) if len(days) else None


def quarter_end(start: dt.date, quarters: int) -> dt.date:
    """Give the last day of a later quarter."""
    months = start.year * 12 + start.month + 3 * quarters
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)


def quarter_label(start: dt.date, quarters: float) -> str:
    """Name a later quarter as the field does, or say that it is too far away."""
    if math.isinf(quarters):
        return BEYOND
    end = quarter_end(start, int(quarters))
    begun = quarter_end(end, -1) + dt.timedelta(days=1)
    return period_label("quarter", begun.isoformat(), end.isoformat())


def quarters_until(start: dt.date, by: str) -> int:
    """Count the quarters from the newest figures to a date."""
    try:
        end = dt.date.fromisoformat(by)
    except ValueError as error:
        raise UnknownName("this is no date", found=by, expected="a date such as 2027-03-31") from error
    return max((end.year - start.year) * 4 + (end.month - start.month) // 3, 1)


def look_ahead(counts: FlowCounts, places: float, target: float, quarters: int, draws: int = 1000) -> Ahead:
    """Project one group at one number of places, and turn the question round for the date."""
    flows, filled = flows_of(counts)
    paths = simulate_shares(counts, places, AHEAD, draws=draws)
    low, high = np.nanquantile(paths, [0.025, 0.975], axis=1)
    share = project(flows, places * filled, AHEAD)["share"].to_numpy()
    when = quarters_to_reach(flows, places * filled, target, horizon=AHEAD)
    simulated = arrival(paths, target)
    needed = places_needed(counts, target, quarters, draws=max(draws // 3, 1))
    return Ahead(
        flows=flows,
        share=share,
        lowercl=np.minimum(low, share),
        uppercl=np.maximum(high, share),
        reached=when,
        earliest=min(when, float(simulated["lowercl"])),
        latest=max(when, float(simulated["uppercl"])),
        tends_to=steady_share(flows, places * filled),
        needed=float(needed["value"]),
        needed_low=float(needed["lowercl"]),
        needed_high=float(needed["uppercl"]),
        completions=float(needed["completions"]),
    )


def workforce_trajectory(group: str, area_code: str, target: str, by: str, places: str = NOW) -> Answer:
    """Give the expected share with training in date, quarter by quarter, with limits, and the answer in words."""
    place = chosen(TRAINED, area_code)[1]
    if group not in group_names():
        raise UnknownName("there is no such workforce group", found=group)
    with reading() as connection:
        rows = flow_rows(connection, place)
        found = counts_of(by_cell(rows), group, place)
        start = found.counted_on or newest_quarter_end(connection)
        offered = found.places if places == NOW else float(places)
        table, finding, alternative = pd.DataFrame(columns=COLUMNS), no_trajectory(found, place), ""
        if found.counts is not None and start is not None and not math.isnan(offered):
            quarters, share = quarters_until(start, by), float(target) / 100
            ahead = look_ahead(found.counts, offered, share, quarters)
            table = path_table(ahead, start, share, quarters)
            finding = trajectory_finding(found, place, ahead, start, offered, target, by)
            alternative = path_alternative(table, group, place, target)
        return make_answer(
            connection,
            question=f"When will {group} reach {target}%?",
            finding=finding,
            table=table,
            text_alternative=alternative or finding,
            submission_ids={int(number) for number in rows["submission_id"].dropna()},
            unit="% of direct-contact staff with training in date",
            area_type=place.area_type,
            notes=(METHOD, ROUNDED),
        )


COLUMNS: Final = [
    *("period", "figure", "numerator", "value", "lowercl", "uppercl", "benchmark", "benchmark_name", "value_status"),
]


def path_table(ahead: Ahead, start: dt.date, target: float, quarters: int) -> pd.DataFrame:
    """Write each quarter up to the arrival or the date, whichever is later, and a year more."""
    last = max(quarters, FEWEST_SHOWN, 0 if math.isinf(ahead.reached) else int(ahead.reached)) + 4
    rows = [
        (
            quarter_label(start, number),
            f"{share:.0f}% ({low:.0f}% to {high:.0f}%)",
            None,
            share,
            low,
            high,
            100 * target,
            f"{100 * target:.0f}% wanted",
            "rounded",
        )
        for number, (share, low, high) in enumerate(
            zip(100 * ahead.share, 100 * ahead.lowercl, 100 * ahead.uppercl, strict=True)
        )
    ]
    return pd.DataFrame(rows[: min(last, AHEAD) + 1], columns=COLUMNS)


def no_trajectory(found: GroupCounts, place: Place) -> str:
    """Say what is missing."""
    who = f"{found.group} in {place.label}"
    if found.missing:
        return f"No trajectory yet for {who}. Without a figure: {join_words(list(found.missing))}."
    return f"How many training places {who} is offered can’t be shown. Choose a number of places."


def trajectory_finding(
    found: GroupCounts, place: Place, ahead: Ahead, start: dt.date, offered: float, target: str, by: str
) -> str:
    """Answer in words: when the target is reached at these places, and what it takes by the date."""
    at = f"At {places_words(offered)} a quarter, {found.group} in {place.label}"
    parts = [reached_sentence(at, ahead, start, target), needed_sentence(ahead, target, by)]
    if found.borrowed:
        parts.append(f"Too few people to show, so taken from wider groups: {join_words(list(found.borrowed))}.")
    if indicator(PLACES).short_name in found.borrowed:
        parts.append("Whether its own places are used can’t be shown: read this with care.")
    return " ".join([*parts, "From counts rounded to the nearest 5."])


def reached_sentence(at: str, ahead: Ahead, start: dt.date, target: str) -> str:
    """Say when the target is reached, or that it never is and why."""
    now, tends = 100 * ahead.share[0], 100 * ahead.tends_to
    if ahead.reached == 0:
        tail = "" if tends >= float(target) else f", but coverage would fall to {tends:.0f}%"
        return f"{at} has {target}% already ({now:.0f}%){tail}."
    interval = f"95% interval {interval_words(start, ahead.earliest, ahead.latest)}"
    if not math.isinf(ahead.reached):
        return f"{at} reaches {target}% trained and in date in {quarter_label(start, ahead.reached)} ({interval})."
    some = "" if math.isinf(ahead.earliest) else f" The {interval} shows how unsure that is."
    if round(tends, 6) < float(target):
        return (
            f"{at} never reaches {target}%: leavers and lapsed training outpace it. "
            f"Coverage goes from {now:.0f}% towards {tends:.0f}%.{some}"
        )
    return f"{at} does not reach {target}% within ten years.{some}"


def needed_sentence(ahead: Ahead, target: str, by: str) -> str:
    """Say what capacity reaches the target by the date."""
    day = dt.date.fromisoformat(by)
    date = f"{day.day} {day:%B %Y}"
    if ahead.needed == 0:
        return f"To stand at {target}% on {date} it needs no further places."
    if math.isinf(ahead.needed):
        return (
            f"To stand at {target}% on {date}, {ahead.completions:.0f} people a quarter must complete training. "
            "None of the places offered was used, so more places alone do not help."
        )
    return (
        f"To stand at {target}% on {date} it needs {places_words(math.ceil(ahead.needed))} a quarter "
        f"(95% interval {needed_words(ahead)})."
    )


def needed_words(ahead: Ahead) -> str:
    """Write the limits of the places needed."""
    high = "no number" if math.isinf(ahead.needed_high) else f"{math.ceil(ahead.needed_high)}"
    return f"{math.ceil(ahead.needed_low)} to {high}"


def interval_words(start: dt.date, earliest: float, latest: float) -> str:
    """Write the limits of the arrival."""
    first, last = quarter_label(start, earliest), quarter_label(start, latest)
    return first if first == last else f"{first} to {last}"


def places_words(places: float) -> str:
    """Write a number of places, without the fraction of a place."""
    number = f"{places:,.0f}"
    return f"{number} place{'' if number == '1' else 's'}"


def path_alternative(table: pd.DataFrame, group: str, place: Place, target: str) -> str:
    """Describe the chart: where it starts and ends, its highest and lowest, its limits, and the target."""
    first, last = table.iloc[0], table.iloc[-1]
    return sentences(
        f"Line chart of the expected share of {group} in {place.label} with training in date: "
        f"from {first['figure']} in {first['period']} to {last['figure']} in {last['period']}, with 95% limits.",
        extremes_words(table["period"], table["value"], "%"),
        f"Dashed line: {target}% wanted.",
    )


def trajectories(area_code: str, target: str, by: str) -> Answer:
    """Give every group at the places it is offered now: in date, where that tends, when it arrives, what it takes."""
    place = chosen(TRAINED, area_code)[1]
    with reading() as connection:
        rows = flow_rows(connection, place)
        cells, start = by_cell(rows), newest_quarter_end(connection)
        groups = [counts_of(cells, name, place) for name in group_names()]
        records = [group_record(found, found.counted_on or start, target, by) for found in groups if start is not None]
        table = pd.DataFrame(records, columns=GROUP_COLUMNS)
        finding = all_finding(table, target, place)
        return make_answer(
            connection,
            question=f"When will each group reach {target}%?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={int(number) for number in rows["submission_id"].dropna()},
            area_type=place.area_type,
            notes=(METHOD, ROUNDED),
        )


def group_record(found: GroupCounts, start: dt.date, target: str, by: str) -> dict[str, str]:
    """Write one group's row, or why it has none."""
    if found.counts is None or math.isnan(found.places):
        missing = join_words(list(found.missing)) or "Training places used"
        return dict.fromkeys(GROUP_COLUMNS, "–") | {"group": found.group, "reached": f"no figure for: {missing}"}
    ahead = look_ahead(found.counts, found.places, float(target) / 100, quarters_until(start, by), draws=400)
    never = math.isinf(ahead.reached) and round(100 * ahead.tends_to, 6) < float(target)
    infinite = math.isinf(ahead.needed)
    return {
        "group": found.group,
        "in_date": f"{100 * ahead.share[0]:.0f}%",
        "places": f"{found.places:.0f}",
        "tends_to": f"{100 * ahead.tends_to:.0f}%",
        "reached": "now" if ahead.reached == 0 else "never" if never else quarter_label(start, ahead.reached),
        "interval": "–" if ahead.reached == 0 else interval_words(start, ahead.earliest, ahead.latest),
        "needed": "places unused" if infinite else f"{math.ceil(ahead.needed)}",
        "needed_interval": "–" if infinite else needed_words(ahead),
        "borrowed": join_words(list(found.borrowed)) or "none",
    }


def all_finding(table: pd.DataFrame, target: str, place: Place) -> str:
    """Count the groups that arrive at the places offered now, and name those that never do."""
    known = table.loc[table["in_date"] != "–"]
    if known.empty:
        return f"No trajectory yet for any group in {place.label}: leavers, lapses and places have not been sent in."
    never = known.loc[known["reached"] == "never", "group"].tolist()
    late = known.loc[known["reached"] == BEYOND, "group"].tolist()
    arrive = len(known) - len(never) - len(late)
    said = f"At the places offered now, {arrive} of {len(known)} groups in {place.label} reach {target}% in ten years."
    return f"{said} Never, because losses outpace training: {join_words(never)}." if never else said
