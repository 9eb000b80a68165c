"""Do buddied families connect with services, reach them and take them up, and what comes after late take-up?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.alternatives import deprivation_words, extremes_words, not_shown_words, sentences
from data.answers.answer import Answer
from data.answers.buddies_allocation import GROUP_COLUMNS, fifth_rows, group_record, newest_groups
from data.answers.buddies_places import counted_words, figure_words, of_system, place_rows, shown, submissions_of
from data.answers.group_periods import period_sentences
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import FIFTH_WORDS, figure, join_words, period_label
from data.catalogue import breakdown, ics, indicator
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

STEPS: Final = (
    ("buddy_introduced", "Connect: introduced to a service"),
    ("buddy_attended", "Access: first appointment attended"),
    ("buddy_three_contacts", "Take up: three contacts or more"),
)
LATE: Final = "offers_not_taken_up"
DAYS: Final = "offer_to_contact_median_days"
MOVED_UP: Final = "escalated_within_year"
ENTERED_CARE: Final = "under_two_started_looked_after"
BECAME: Final = "What became of the offer"
FIFTH: Final = "Deprivation fifth "
NOT_A_CAUSE: Final = (
    "This is a sequence and never proof of cause. The steps count different families at different times, and moving up "
    "can be the right help at the right time."
)
SEQUENCE: Final = (
    (LATE, "Offers not taken up in time"),
    (MOVED_UP, "Families who moved up a level of support"),
    (ENTERED_CARE, "Children under two who entered care"),
)


def buddies_steps() -> Answer:
    """Give the three steps for the system, its councils and the deprivation fifths."""
    with reading() as connection:
        rows = place_rows(connection, [name for name, _ in STEPS])
        fifths = pd.concat([step_fifths(connection, name) for name, _ in STEPS], ignore_index=True)
        offers = pd.concat([step_offers(connection, name) for name, _ in STEPS], ignore_index=True)
        table = pd.concat([rows.assign(group=rows["area"]), fifths, offers], ignore_index=True)
        table["step"] = table["indicator_id"].map(dict(STEPS))
        finding = steps_finding(rows)
        listed = [f"{words}: {of_system(rows, name)['figure']}." for name, words in STEPS]
        shown_columns = ["step", "group", *GROUP_COLUMNS[1:-3], "indicator_id"]
        return make_answer(
            connection,
            question="Do buddied families connect, reach a service and take it up?",
            finding=finding,
            table=table[shown_columns],
            text_alternative=sentences(
                f"Three steps for {ics().label}.", *listed, *map(step_ends, listed_steps(table))
            ),
            submission_ids=submissions_of(table),
            unit="%",
            area_type="lad",
            notes=(
                "Each step is a share of buddied parents with a service need.",
                "Groups are given for a year where they can be shown, and otherwise over three years together.",
                *step_caveats(),
            ),
        )


def listed_steps(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Give the rows of each step that has any."""
    return [own for _, own in table.groupby("step", sort=False)]


def step_ends(own: pd.DataFrame) -> str:
    """Describe one step: the groups with most and least, the pattern by deprivation, and what is not shown."""
    fifths = own.loc[own["group"].str.startswith(FIFTH)]
    by_fifth = {
        str(group).removeprefix(FIFTH)[0]: float(value)
        for group, value in zip(fifths["group"], fifths["value"], strict=True)
    }
    return sentences(
        f"{str(own['step'].iloc[0]).split(':')[0]}, by place and group.",
        extremes_words(own["group"], own["value"], "%"),
        deprivation_words(by_fifth, "%"),
        not_shown_words(own["value_status"]),
    )


def step_caveats() -> tuple[str, ...]:
    """Give what a reader must know of each step."""
    return tuple(indicator(name).caveat for name, _ in STEPS)


def step_fifths(connection: sa.Connection, name: str) -> pd.DataFrame:
    """Give one step by deprivation fifth of the system."""
    rows = fifth_rows(connection, name)
    rows = rows.loc[rows["area_code"] == ics().icb.code]
    return step_groups(rows, name, lambda value: f"{FIFTH}{FIFTH_WORDS[value]}")


def step_offers(connection: sa.Connection, name: str) -> pd.DataFrame:
    """Give one step by service, as the sender names it."""
    rows = select_released(connection, name, area_code=ics().icb.code, breakdown_type="offer")
    return step_groups(newest_groups(rows), name, lambda value: f"Service: {value}")


def step_groups(rows: pd.DataFrame, name: str, words: Callable[[str], str]) -> pd.DataFrame:
    """Write the groups of one step."""
    records = [
        {
            **group_record(row, words(str(row["breakdown_value"]))),
            "indicator_id": name,
            "submission_id": row["submission_id"],
        }
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(records, columns=[*GROUP_COLUMNS, "indicator_id", "submission_id"])


def steps_finding(rows: pd.DataFrame) -> str:
    """Say how many reach each step, and where most are lost."""
    found = [of_system(rows, name) for name, _ in STEPS]
    if not all(shown(row) for row in found):
        missing = [words.split(":")[0].lower() for (_, words), row in zip(STEPS, found, strict=True) if not shown(row)]
        return f"The steps can't all be shown yet: {join_words(missing)} has no figure."
    first = found[0]
    shares = [figure(row["value"], "%") for row in found]
    said = (
        f"Of {figure(first['denominator'], '')} buddied parents with a service need in {first['period']}, {shares[0]} "
        f"were introduced, {shares[1]} came to a first appointment and {shares[2]} had three contacts."
    )
    falls = [math.inf, found[0]["numerator"] - found[1]["numerator"], found[1]["numerator"] - found[2]["numerator"]]
    if len({row["period"] for row in found}) > 1:
        return said
    where = "between introduction and first appointment" if falls[1] >= falls[2] else "after the first appointment"
    return f"{said} Most are lost {where} (about {figure(max(falls[1:]), '')})."


def buddies_take_up() -> Answer:
    """Give offers not taken up in time, why, and the days from offer to first contact."""
    with reading() as connection:
        rows = place_rows(connection, [LATE, DAYS])
        reasons = newest_groups(
            select_released(connection, LATE, area_code=ics().icb.code, breakdown_type="outcome_of_offer")
        )
        groups = reason_rows(reasons)
        table = pd.concat([rows.assign(group=rows["area"]), groups], ignore_index=True)
        finding = take_up_finding(rows, groups)
        return make_answer(
            connection,
            question="Are offers taken up in time?",
            finding=finding,
            table=table[["measure", *GROUP_COLUMNS[:-3]]],
            text_alternative=finding,
            submission_ids=submissions_of(rows, reasons),
            area_type="lad",
            notes=(
                indicator(LATE).caveat,
                indicator(DAYS).caveat,
                "The agreed days are a local setting.",
                *period_sentences(reasons, "year"),
            ),
        )


def reason_rows(reasons: pd.DataFrame) -> pd.DataFrame:
    """Write what became of the offers that were not taken up in time."""
    found = {row["breakdown_value"]: row for row in reasons.to_dict("records")}
    named = breakdown("outcome_of_offer").values  # noqa: PD011 (the catalogue's list, not an array)
    records = [{**group_record(found[name], name), "measure": BECAME} for name in named if name in found]
    return pd.DataFrame(records, columns=["measure", *GROUP_COLUMNS])


def take_up_finding(rows: pd.DataFrame, reasons: pd.DataFrame) -> str:
    """Say how many offers were not taken up in time, why, and how long families waited."""
    late = of_system(rows, LATE)
    if not shown(late):
        return f"Offers not taken up in time: {str(late['figure']).lower()}."
    said = [f"{figure(late['value'], '%')} of offers in {late['period']} were not taken up within the agreed days."]
    given = reasons.dropna(subset="numerator")
    if len(given) and given["period"].iloc[0] == late["period"]:
        listed = [f"{str(one['group']).lower()} {figure(one['value'], '%')}" for one in given.to_dict("records")]
        said.append(f"As a share of all offers: {join_words(listed)}.")
    days = rows.loc[(rows["indicator_id"] == DAYS) & rows["value"].notna()]
    if len(days):
        listed = [f"{figure(one['value'], 'days')} in {one['area']}" for one in days.to_dict("records")]
        said.append(f"The middle family waited {join_words(listed)} from offer to first contact.")
    return " ".join(said)


def buddies_escalation() -> Answer:
    """Give the sequence from late take-up to care, and how many moved up from each level of support."""
    with reading() as connection:
        rows = place_rows(connection, [name for name, _ in SEQUENCE], places=[ics().icb])
        levels = newest_groups(
            select_released(connection, MOVED_UP, area_code=ics().icb.code, breakdown_type="escalation_level")
        )
        table = pd.concat([sequence_rows(rows), level_rows(levels)], ignore_index=True)
        finding = escalation_finding(rows)
        listed = "; ".join(f"{row.step}: {row.figure}" for row in table.itertuples())
        return make_answer(
            connection,
            question="Late take-up, escalation and care: a sequence, not a cause",
            finding=finding,
            table=table,
            text_alternative=f"{NOT_A_CAUSE} {listed}.",
            submission_ids=submissions_of(rows, levels),
            area_type="icb",
            notes=(
                NOT_A_CAUSE,
                indicator(MOVED_UP).caveat,
                indicator(ENTERED_CARE).caveat,
                *period_sentences(levels, "year"),
            ),
        )


SEQUENCE_COLUMNS: Final = [
    *("part", "step", "figure", "counted", "period", "value", "lowercl", "uppercl", "numerator", "denominator"),
    *("value_status", "illustrative"),
]


def sequence_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Write the three steps of the sequence in order."""
    records = [
        {**of_system(rows, name), "part": "The sequence", "step": f"{at}. {words}"}
        for at, (name, words) in enumerate(SEQUENCE, start=1)
    ]
    return pd.DataFrame(records, columns=SEQUENCE_COLUMNS)


def level_rows(levels: pd.DataFrame) -> pd.DataFrame:
    """Write how many moved up from each level, lowest level first."""
    by_level = {row["breakdown_value"]: row for row in levels.to_dict("records")}
    unit = indicator(MOVED_UP).unit
    ladder = breakdown("escalation_level").values  # noqa: PD011 (the catalogue's list, not an array)
    records = [level_record(by_level[name], name, unit) for name in ladder if name in by_level]
    return pd.DataFrame(records, columns=SEQUENCE_COLUMNS)


def level_record(row: Mapping[Any, Any], name: str, unit: str) -> dict[str, Any]:
    """Write one level."""
    return {
        **{key: row[key] for key in SEQUENCE_COLUMNS if key in row},
        "part": "Moved up from",
        "step": name,
        "figure": figure_words(row, unit),
        "counted": counted_words(row),
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "illustrative": bool(row["illustrative"]),
    }


def escalation_finding(rows: pd.DataFrame) -> str:
    """Say the sequence in order, and at once what it does not prove."""
    said = []
    for name, words in SEQUENCE:
        row = of_system(rows, name)
        value = figure(row["value"], indicator(name).unit) if shown(row) else str(row["figure"]).lower()
        period = f" ({row['period']})" if row["period"] else ""
        said.append(f"{words}: {value}{period}.")
    return f"{' '.join(said)} {NOT_A_CAUSE}"
