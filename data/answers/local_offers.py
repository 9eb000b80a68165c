"""What local groups told us that they offer, in and around a place: read by a moderator, and counted as no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import LABEL, make_answer
from data.answers.opened import reading
from data.answers.register_answers import count_words, say_day
from data.answers.register_cells import day_of
from data.catalogue import ics
from data.errors import UnknownName
from data.store.offers import ACCEPTED, TABLE
from data.store.registers import select_register

QUESTION: Final = "What did local groups tell us?"
NOBODY: Final = "No local group has told us yet what it does {where}."
TOLD: Final = (
    "Told by a local group and read by a moderator. It is not counted as a service figure.",
    "Places are how many fit in, never how many came. Ask the group before you send a family there.",
)
NEARBY, COUNCIL, ALL = "families nearby", "its council area", "all of Dorset"
#: How near it is, in the order in which it is shown.
NEARNESS: Final = ("here or nearby", "for the whole council area", "for all of the system")
OLD_DAYS: Final = 365
COLUMNS: Final = [
    *(
        "group",
        "offers",
        "for_whom",
        "languages",
        "where",
        "covers",
        "nearness",
        "how_often",
        "since",
        "places",
        "free",
    ),
    *("how_found", "about", "told", "kind", "area_code"),
]
Row = Mapping[Any, Any]


def local_offers(area_code: str = "", on: str = "") -> Answer:
    """List what groups offer in and around a place, or everywhere; ``on`` is the day from which its age counts."""
    with reading() as connection:
        areas = area_names(connection)
        if area_code and area_code not in areas.index:
            raise UnknownName("there is no such neighbourhood", found=area_code, todo="Pick one by name")
        entries = select_register(connection, TABLE)
        entries = entries.loc[(entries["status"] == ACCEPTED) & entries["area_code"].isin(areas.index)]
        today = dt.date.fromisoformat(on) if on else dt.datetime.now(tz=dt.UTC).date()
        held = entries.to_dict("records")
        found = [(row, nearness) for row in held if (nearness := how_near(areas, row, area_code))]
        table = pd.DataFrame([_row(areas, row, nearness, today) for row, nearness in found], columns=COLUMNS)
        table = table.assign(here=table["area_code"].ne(area_code))
        table = table.sort_values(["nearness", "here", "where", "group"], key=_in_order, ignore_index=True)
        table = table.drop(columns="here")
        finding = _finding(areas, table, area_code)
        made = make_answer(
            connection,
            question=QUESTION,
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={int(row["submission_id"]) for row, _ in found if not pd.isna(row["submission_id"])},
            people=False,
            labelled=False,
            notes=TOLD,
        )
        invented = any(bool(row["illustrative"]) for row, _ in found)
        label = LABEL if invented else ""
        return replace(made, finding=f"{label}{finding}", text_alternative=f"{label}{finding}", illustrative=invented)


def _in_order(column: pd.Series) -> pd.Series:
    return column.map(NEARNESS.index) if column.name == "nearness" else column


def how_near(areas: pd.DataFrame, row: Row, area_code: str) -> str:
    """Say whether an offer is for a place: in the same middle layer area, for its council area, or for all."""
    if not area_code or _middle(areas, row["area_code"]) & _middle(areas, area_code):
        return NEARNESS[0]
    if row["covers"] == ALL:
        return NEARNESS[2]
    same = areas.loc[row["area_code"], "lad_code"] == areas.loc[area_code, "lad_code"]
    return NEARNESS[1] if row["covers"] == COUNCIL and same else ""


def _middle(areas: pd.DataFrame, area_code: str) -> set[str]:
    """Give the middle layer areas that a place lies in or spreads over."""
    kind = areas.loc[area_code, "area_type"]
    if kind == "msoa21":
        return {area_code}
    if kind == "ward":
        inside = (areas["area_type"] == "lsoa21") & (areas["ward_code"] == area_code)
        return set(areas.loc[inside, "msoa_code"])
    return {str(areas.loc[area_code, "msoa_code"])}


def _row(areas: pd.DataFrame, row: Row, nearness: str, today: dt.date) -> dict[str, Any]:
    place = areas.loc[row["area_code"]]
    told = day_of(row["told_on"])
    old = not row["illustrative"] and told is not None and (today - told).days > OLD_DAYS
    free = row["free"]
    return {
        "group": row["group_name"],
        "offers": row["offers"],
        "for_whom": row["for_whom"],
        "languages": row["languages"] or "–",
        "where": f"{place['area_label']} ({place['council']})",
        "covers": row["covers"],
        "nearness": nearness,
        "how_often": row["how_often"],
        "since": "–" if pd.isna(row["since_year"]) else f"{int(row['since_year'])}",
        "places": None if pd.isna(row["places"]) else int(row["places"]),
        "free": "–" if free is None or pd.isna(free) else "yes" if free else "no",
        "how_found": row["how_found"],
        "about": row["about"] or "–",
        "told": say_day(told) + (", over a year ago" if old else ""),
        "kind": "Invented example" if row["illustrative"] else "Told by a local group",
        "area_code": row["area_code"],
    }


def _finding(areas: pd.DataFrame, table: pd.DataFrame, area_code: str) -> str:
    name = str(areas.loc[area_code, "area_label"]) if area_code else ics().label
    if table.empty:
        return NOBODY.format(where=f"in or near {name}" if area_code else f"in {name}")
    near = int((table["nearness"] == NEARNESS[0]).sum())
    further = len(table) - near
    where = f"in or near {name}" if area_code else f"in {name}"
    said = f"{count_words(near, 'local group', 'local groups')} told us what they do {where}"
    if near == 1:
        said = f"1 local group told us what it does {where}"
    more = f", and {further} from further away {'is' if further == 1 else 'are'} open to families here"
    return f"{said}{more if further else ''}. It is not counted as a service figure."
