"""Is anyone reaching my neighbourhood? What reaches families in a place, beside places like it, and over the system."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names, gap_sentence
from data.answers.group_periods import at_or_longer, longer_labels, period_sentences
from data.answers.made import LABEL, answer_fields, make_answer
from data.answers.neighbourhood import PARENTS, card_rows
from data.answers.opened import reading
from data.answers.reach_like import Like, like_places, typical_figure
from data.answers.reach_who import facts_of
from data.answers.words import AREA_WORDS, figure, figure_with_limits, join_words, period_label, status_words
from data.catalogue import ics, indicator
from data.catalogue.definitions import Indicator
from data.errors import UnknownName
from data.store.released import select_released
from metrics.comparison import compare

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "What is reaching families here, and what is not?"
#: What reaches families with a baby, in the order in which they would meet it.
REACHING: Final = (
    *("antenatal_contact_coverage", "pregnancy_form_completed", "screened_for_anxiety_depression", "needs_acted_on"),
    *("new_birth_visit_14_days", "review_6_8_weeks", "review_12_months_by_12", "review_2_years"),
    *("hub_reach_under_two", "vulnerable_babies_reached", "buddy_allocated", "under_two_mental_health_access"),
    *("partner_identified_offered", "partner_present", "loneliness"),
)
STANDINGS: Final = {
    "better": "better than in places like it",
    "similar": "much the same as in places like it",
    "worse": "worse than in places like it",
}
NOT_COMPARED: Final = "not compared"
HUBS: Final = "hub_reach_under_two"
NO_DATA: Final = "No data yet on how many families the hubs reach. Pick your place to see who lives there."
COLUMNS: Final = [
    "indicator",
    "figure",
    "standing",
    "typical",
    "like",
    "given_for",
    "wider",
    "period",
    "kind",
    "value_status",
]
NAMED: Final = 3
#: How a finding leads into what is worse and what is better.
WORDS: Final = {"worse": "Worse than in places like it:", "better": "Better than in places like it:"}


@dataclass(frozen=True, eq=False)
class PlaceAnswer(Answer):
    """What reaches families in one place: its name, and facts that stand at the top."""

    name: str = ""
    council: str = ""
    facts: tuple[tuple[str, str, str], ...] = ()


def reach_places() -> list[tuple[str, str]]:
    """List every place that can be picked: neighbourhoods, the larger areas around them, wards."""
    with reading() as connection:
        areas = area_names(connection)
    words = {"lsoa21": "", "msoa21": ", all of it", "ward": " ward"}
    wanted = areas.loc[areas["area_type"].isin(list(words)) & areas["council"].ne("")]
    labels = wanted["area_label"] + wanted["area_type"].map(words) + " (" + wanted["council"] + ")"
    return sorted(zip(wanted.index, labels, strict=True), key=lambda one: (one[1], one[0]))


def fifths_beside(rows: pd.DataFrame, everyone: dict[Hashable, Any]) -> pd.DataFrame:
    """Give the fifths of everyone's period; the newest longer period where they are not released for that one."""
    kind = str(everyone["period_type"])
    fifths = at_or_longer(rows.loc[rows["breakdown_type"] == "imd_fifth_national"], kind)
    given = fifths.loc[fifths["value"].notna(), "period_to"].max()
    last = everyone["period_to"] if (fifths["period_type"] == kind).any() else given
    newest: pd.DataFrame = fifths.loc[fifths["period_to"] == last]
    return newest


def reach_whole() -> Answer:
    """Say how many families hubs reach over the system, and in the most and the least deprived neighbourhoods."""
    definition = indicator(HUBS)
    with reading() as connection:
        rows = select_released(connection, definition.id, area_code=ics().icb.code)
        given = rows.loc[(rows["breakdown_type"] == "") & rows["value"].notna()]
        last = given.sort_values(["period_to", "period_type"]).tail(1)
        finding = NO_DATA
        notes: tuple[str, ...] = ()
        for row in last.to_dict("records"):
            fifths = fifths_beside(rows, row)
            notes = period_sentences(fifths, str(row["period_type"]))
            period = period_label(row["period_type"], row["period_from"], row["period_to"])
            reached = f"Family hubs reached {figure(row['value'], definition.unit)} of families"
            said = f"{reached} with a pregnancy or a child under two in {ics().label} ({period})."
            gap = gap_sentence(fifths, definition.unit)
            for longer in longer_labels(fifths, str(row["period_type"])).values():
                gap = gap.replace("It is", f"Over {longer} it is", 1)
            finding = f"{said} {gap}".strip()
        return make_answer(
            connection,
            question="Is anyone reaching my neighbourhood or group?",
            finding=finding,
            table=last,
            text_alternative=finding,
            submission_ids=last["submission_id"].dropna().astype(int),
            area_type="icb",
            notes=notes,
        )


def reach_place(area_code: str) -> PlaceAnswer:
    """Say what reaches families in one place, at the finest safe area that holds it, beside places like it."""
    with reading() as connection:
        areas = area_names(connection)
        if area_code not in areas.index or areas.loc[area_code, "area_type"] not in PARENTS:
            raise UnknownName("there is no such neighbourhood", found=area_code, todo="Pick one by name")
        place = areas.loc[area_code]
        rows = card_rows(connection, areas, area_code, REACHING)
        table = place_table(connection, areas, rows, str(place["area_type"]))
        facts, facts_from = facts_of(connection, areas, area_code)
        name = str(place["area_label"])
        finding = place_finding(f"{name} ({place['council']})", table, illustrative=bool(rows["illustrative"].any()))
        fields = answer_fields(
            connection,
            question=QUESTION,
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={*facts_from, *rows["submission_id"].dropna().astype(int)},
            area_type=str(place["area_type"]),
            labelled=False,
            notes=(
                "Each figure is for the smallest area that is safe to show, and says where that is wider.",
                "Better and worse are said only where the 95% limits lie beyond what is typical of places like it.",
                "Deprivation describes places, not families.",
            ),
        )
        return PlaceAnswer(**fields, name=name, council=str(place["council"]), facts=facts)


def place_table(connection: sa.Connection, areas: pd.DataFrame, rows: pd.DataFrame, own: str) -> pd.DataFrame:
    """Write each figure beside what is typical of places like the one that it is given for."""
    order = {name: number for number, name in enumerate(REACHING)}
    found = rows.sort_values("indicator_id", key=lambda names: names.map(order)).to_dict("records")
    like = {
        (row["area_type"], row["area_code"]): like_places(connection, areas, row["area_type"], row["area_code"])
        for row in {one["area_code"]: one for one in found}.values()
    }
    records = [
        record(connection, areas, row, like[row["area_type"], row["area_code"]], wider=row["area_type"] != own)
        for row in found
    ]
    return pd.DataFrame(records, columns=COLUMNS)


def record(
    connection: sa.Connection, areas: pd.DataFrame, row: dict[Hashable, Any], like: Like, *, wider: bool
) -> dict[str, Any]:
    """Write one figure, how it stands beside places like it, and which area it is for."""
    definition = indicator(row["indicator_id"])
    shown = row["value_status"] in {"shown", "rounded"}
    typical = typical_figure(connection, row, like) if shown else None
    grain = f"{areas.loc[row['area_code'], 'area_label']} ({AREA_WORDS[row['area_type']][0]})"
    limits = (row["value"], row["lowercl"], row["uppercl"])
    return {
        "indicator": definition.short_name,
        "figure": figure_with_limits(*limits, definition.unit) if shown else status_words(row["value_status"]),
        "standing": standing(row, typical, definition) if typical is not None else NOT_COMPARED,
        "typical": "–" if typical is None else figure(typical, definition.unit),
        "like": like.words if typical is not None else "–",
        "wider": wider,
        "given_for": f"{grain}, wider than this place" if wider else grain,
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "kind": "Illustrative" if row["illustrative"] else "Real",
        "value_status": row["value_status"],
    }


def standing(row: dict[Hashable, Any], typical: float, definition: Indicator) -> str:
    """Say better, worse or much the same, by the figure's limits."""
    found = str(compare([row["lowercl"]], [row["uppercl"]], typical, definition.polarity)[0])
    return STANDINGS.get(found, NOT_COMPARED)


def place_finding(place: str, table: pd.DataFrame, *, illustrative: bool) -> str:
    """Say what hubs reach, what is worse and better than in places like it, and how much is for a wider area."""
    given = table.loc[table["value_status"].isin(["shown", "rounded"])]
    if given.empty:
        return f"{place}: no data yet on what reaches families here."
    said = [
        f"{words} {listed(given.loc[given['standing'] == STANDINGS[word], 'indicator'].tolist())}."
        for word, words in WORDS.items()
        if (given["standing"] == STANDINGS[word]).any()
    ] or ["No figure differs from places like it by more than chance."]
    wider = int(given["wider"].sum())
    note = f"{wider} of {len(given)} figures are for a wider area." if wider else ""
    label = LABEL if illustrative else ""
    return label + " ".join(part for part in (f"{place}.", hubs_sentence(given), *said, note) if part)


def hubs_sentence(given: pd.DataFrame) -> str:
    """Say the share of families that hubs reach, and where."""
    hubs = given.loc[given["indicator"] == indicator(HUBS).short_name]
    if hubs.empty:
        return ""
    reached, where = (str(hubs[name].iloc[0]).split(" (", maxsplit=1)[0] for name in ("figure", "given_for"))
    return f"Family hubs reach {reached} of families in {where}."


def listed(names: list[str]) -> str:
    """Name a few, and count the others."""
    return join_words([*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED else names)
