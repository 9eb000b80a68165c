"""Are needs found in pregnancy and carried through? One year's babies from the pregnancy form to 2½ years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.cohorts_followed import (
    EVERYONE,
    QUARTERS,
    STAGES,
    Cells,
    Reached,
    cohort_years,
    follow,
    followed_furthest,
    select_cells,
)
from data.answers.continuity_words import (
    continuity_alternative,
    continuity_finding,
    continuity_title,
    dropped_words,
)
from data.answers.made import answer_fields
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import FIFTH_WORDS, figure, status_words
from data.errors import UnknownName

QUESTION: Final = "Are needs found in pregnancy and carried through?"
KINDS_OF_FIFTH: Final = {"national": "England", "local": "Dorset ICS"}
COLUMNS: Final = [
    "group",
    "stage",
    "figure",
    "dropped_words",
    "numerator",
    "denominator",
    "whom",
    "period",
    "value",
    "lowercl",
    "uppercl",
    "dropped",
    "value_status",
    "so_far",
    "indicator_id",
    "illustrative",
]
NOTES: Final = (
    "The first two stages count all pregnancies. The later ones count only children with a pregnancy form. "
    "So the shares can’t be multiplied into one.",
    "A later stage is reached when the linked record holds every review due by that age. "
    "A child who has dropped stays dropped.",
    "A break can mean a missed review or a missing link.",
    "Pregnancies that were lost, children who died and families who moved away leave the count, without blame.",
    "The stages follow babies born in about the same three months. They are not one list of named babies.",
    "Counts are rounded to the nearest 5. A sum of four quarters can be out by 10, and a difference of two by 20.",
)


@dataclass(frozen=True, eq=False)
class ContinuityAnswer(Answer):
    """The flow of one year's babies, under a title that says what it shows."""

    title: str = ""


def birth_cohorts(area_code: str) -> list[tuple[str, str]]:
    """List the years of birth that can be followed, the one that is followed furthest first."""
    place = chosen(STAGES[0].indicator_id, area_code)[1]
    with reading() as connection:
        cells = select_cells(connection, place.code, "national")
    first = followed_furthest(cells)
    years = sorted(cohort_years(cells), key=lambda year: (year != first, -year))
    return [(str(year), f"{cohort_label(year)}{', followed furthest' if year == first else ''}") for year in years]


def cohort_label(year: int) -> str:
    """Name a financial year of birth."""
    return f"{year}/{(year + 1) % 100:02d}"


def continuity(area_code: str, born: str = "", fifths: str = "national") -> ContinuityAnswer:
    """Follow the babies of one financial year through the stages, for everyone and by deprivation fifth."""
    place = chosen(STAGES[0].indicator_id, area_code)[1]
    if fifths not in KINDS_OF_FIFTH:
        raise UnknownName("there are no such fifths", found=fifths, expected=" or ".join(KINDS_OF_FIFTH))
    with reading() as connection:
        cells = select_cells(connection, place.code, fifths)
        year = chosen_year(cells, born)
        ways = {group: follow(cells, group, year) for group in (EVERYONE, *FIFTH_WORDS)} if year is not None else {}
        table = pd.DataFrame(records(ways, cells), columns=COLUMNS)
        label = cohort_label(year) if year is not None else ""
        return ContinuityAnswer(
            **answer_fields(
                connection,
                question=QUESTION,
                finding=continuity_finding(cells, ways, place, year),
                text_alternative=continuity_alternative(ways, place, label),
                table=table,
                submission_ids=cells.submission_ids if ways else (),
                unit="%",
                period=label,
                area_type=place.area_type,
                notes=(*NOTES, fifths_note(fifths)) if ways else (),
            ),
            title=continuity_title(ways, label),
        )


def fifths_note(fifths: str) -> str:
    """Say what the fifths are fifths of."""
    return (
        f"Fifths of neighbourhoods by the Index of Multiple Deprivation 2025, cut across {KINDS_OF_FIFTH[fifths]}. "
        "Fifths are given by year, so a later stage takes the financial year that holds most of its babies’ quarters."
    )


def chosen_year(cells: Cells, born: str) -> int | None:
    """Take the year of birth that was asked for, or the one that is followed furthest."""
    years = cohort_years(cells)
    if born and born not in {str(year) for year in years}:
        raise UnknownName("no babies of that year can be followed", found=born, expected=", ".join(map(str, years)))
    return int(born) if born else followed_furthest(cells)


def records(ways: dict[str, list[Reached]], cells: Cells) -> list[dict[str, Any]]:
    """Write a row for each group and stage."""
    return [record(here, cells.illustrative) for way in ways.values() for here in way]


def record(here: Reached, illustrative: bool) -> dict[str, Any]:
    """Write one group at one stage."""
    low, high = here.limits()
    return {
        "group": FIFTH_WORDS.get(here.group, "Everyone"),
        "stage": here.stage.label,
        "figure": stage_figure(here, low, high),
        "dropped_words": dropped_words(here),
        "numerator": here.numerator if here.given else math.nan,
        "denominator": here.denominator if here.given else math.nan,
        "whom": here.stage.whom,
        "period": here.period,
        "value": 100 * here.share if here.given else math.nan,
        "lowercl": 100 * low if here.given else math.nan,
        "uppercl": 100 * high if here.given else math.nan,
        "dropped": math.nan if here.dropped is None else here.dropped,
        "value_status": here.value_status,
        "so_far": here.given and here.quarters < QUARTERS,
        "indicator_id": here.stage.indicator_id,
        "illustrative": illustrative,
    }


def stage_figure(here: Reached, low: float, high: float) -> str:
    """Write the share with its limits, or why there is none; babies who are too young are called so."""
    if here.value_status == "immature":
        return f"too young: from {here.period.split(' to ')[0]}"
    if not here.given:
        return status_words(here.value_status)
    so_far = f", first {here.quarters} of 4 quarters" if here.quarters < QUARTERS else ""
    return f"{figure(100 * here.share, '%')} ({figure(100 * low, '%')} to {figure(100 * high, '%')}){so_far}"
