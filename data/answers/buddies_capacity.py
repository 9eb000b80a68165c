"""Are there enough buddies, are they supported, and who else walks beside parents?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_places import COLUMNS, of_system, own_places, place_rows, shown, submissions_of
from data.answers.local_settings import LocalValue, day_asked, in_force, local_values
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import figure
from data.catalogue import ics, indicator
from data.catalogue.buddy_criteria import CASELOAD

IN_POST: Final = "buddies_in_post"
SUPERVISED: Final = "buddies_supervised"
EACH: Final = "families_per_buddy"
WAITING: Final = "buddy_waiting"
FIDELITY: Final = "buddy_model_fidelity"
SPECIALISTS: Final = ("pir_workers_wte", "pir_contacts_home_community", "pir_contacts_per_family")
NO_CASELOAD: Final = (
    "No caseload for parent buddies has been published, and none has been agreed here. So whether there are enough is "
    "not judged. Whoever agrees one sends it in as a local setting, with its owner and its day."
)
#: What is worked out from counts that were rounded is rounded again: more would say more than is known.
ROUNDED_TO: Final = 5


def buddies_capacity(on: str = "") -> Answer:
    """Give buddies in post, their families and supervision, held against the agreed caseload where there is one."""
    with reading() as connection:
        rows = place_rows(connection, (IN_POST, EACH, WAITING, SUPERVISED), periods=("quarter", "year"))
        rows = families_each(rows)
        caseload = in_force(local_values(connection, [CASELOAD]), day_asked(on)).get(CASELOAD)
        table = pd.concat([rows, room_rows(rows, caseload)], ignore_index=True)
        finding = " ".join([posts_words(rows), caseload_words(rows, caseload), supervision_words(rows)])
        own = {caseload.submission_id} if caseload and caseload.submission_id is not None else set()
        return make_answer(
            connection,
            question="Are there enough buddies, and are they supported?",
            finding=finding,
            table=table.drop(columns="submission_id"),
            text_alternative=finding,
            submission_ids={*submissions_of(rows), *own},
            area_type="lad",
            notes=(
                indicator(IN_POST).definition,
                "Families for each buddy are families, rounded to the nearest 5, over buddies as they were counted.",
                indicator(SUPERVISED).caveat,
            ),
        )


def families_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Divide families by buddies as they are counted: rounded buddies would make the ratio of few of them wrong."""
    found = {(row["indicator_id"], row["area_code"]): row for row in rows.to_dict("records")}
    made = []
    for row in rows.to_dict("records"):
        posts = found[IN_POST, row["area_code"]]
        if row["indicator_id"] == EACH and shown(row) and shown(posts) and posts["value"] > 0:
            value = row["numerator"] / posts["value"]
            counted = f"{figure(row['numerator'], '')} of {figure(posts['value'], '')}"
            words = figure(value, indicator(EACH).unit)
            made.append({**row, "value": value, "denominator": math.nan, "counted": counted, "figure": words})
        else:
            made.append(row)
    return pd.DataFrame(made, columns=COLUMNS)


def posts_words(rows: pd.DataFrame) -> str:
    """Say how many buddies there are and how many families each has."""
    posts, each = of_system(rows, IN_POST), of_system(rows, EACH)
    if not shown(posts):
        return f"Parent buddies in post: {str(posts['figure']).lower()}."
    said = f"{figure(posts['value'], 'whole-time equivalent')} parent buddies were in post in {posts['period']}."
    return f"{said} Each had {figure(each['value'], 'families')} on average." if shown(each) else said


def caseload_words(rows: pd.DataFrame, caseload: LocalValue | None) -> str:
    """Hold families against the agreed caseload, or say that there is none."""
    if caseload is None:
        return NO_CASELOAD
    said = f"The agreed caseload is {figure(caseload.value, 'families')} for each whole-time buddy. {caseload.words()}"
    room = room_at(rows, caseload, ics().icb.code)
    if math.isnan(room):
        return said
    waiting = of_system(rows, WAITING)
    held = f", and {figure(waiting['value'], '')} parents wait" if shown(waiting) else ""
    if room < 0:
        return f"{said} At it, buddies have about {figure(-room, 'families')} too many{held}."
    return f"{said} At it, there is room for about {figure(room, 'more families')}{held}."


def room_at(rows: pd.DataFrame, caseload: LocalValue, area_code: str) -> float:
    """Give how many more families buddies of one place could support; below zero where they have too many."""
    own = {row["indicator_id"]: row for row in rows.loc[rows["area_code"] == area_code].to_dict("records")}
    posts, each = own[IN_POST], own[EACH]
    if not (shown(posts) and shown(each)):
        return math.nan
    room = posts["value"] * caseload.value - each["numerator"]
    return float(round(room / ROUNDED_TO) * ROUNDED_TO)


def room_rows(rows: pd.DataFrame, caseload: LocalValue | None) -> pd.DataFrame:
    """Write the room at the agreed caseload for each place; nothing without one."""
    records: list[dict[str, Any]] = []
    for place in own_places() if caseload else ():
        room = room_at(rows, caseload, place.code) if caseload else math.nan
        own = rows.loc[(rows["area_code"] == place.code) & (rows["indicator_id"] == EACH)].iloc[0].to_dict()
        known = not math.isnan(room)
        records.append(
            {
                **dict.fromkeys(COLUMNS, math.nan),
                **{
                    name: own[name]
                    for name in ("area", "area_code", "period", "period_to", "illustrative", "submission_id")
                },
                "measure": "Room at the agreed caseload",
                "figure": f"about {figure(room, 'families')}" if known else own["figure"],
                "counted": "",
                "value": room,
                "value_status": "rounded" if known else own["value_status"],
                "indicator_id": "",
            }
        )
    return pd.DataFrame(records, columns=COLUMNS)


def supervision_words(rows: pd.DataFrame) -> str:
    """Say how many buddies had supervision."""
    row = of_system(rows, SUPERVISED)
    if not shown(row):
        return f"Supervision of buddies: {str(row['figure']).lower()}."
    return f"{figure(row['value'], '%')} of buddies had supervision as often as agreed ({row['period']})."


def buddies_specialists() -> Answer:
    """Give the specialist parent-infant workers, their contacts, and how much of the buddy model is delivered."""
    with reading() as connection:
        rows = place_rows(connection, SPECIALISTS)
        model = place_rows(connection, [FIDELITY], places=[ics().icb])
        table = pd.concat([rows, model], ignore_index=True)
        finding = specialists_finding(rows, of_system(model, FIDELITY))
        return make_answer(
            connection,
            question="Who else walks beside parents, and is the model kept to?",
            finding=finding,
            table=table.drop(columns="submission_id"),
            text_alternative=finding,
            submission_ids=submissions_of(table),
            area_type="lad",
            notes=(
                "“As per Wales project and prison work”: which programmes the plan means could not be found out. "
                "Dorset Parent Infant Partnership wrote it and can say.",
                indicator(FIDELITY).caveat,
                *(indicator(name).caveat for name in SPECIALISTS),
            ),
        )


def specialists_finding(rows: pd.DataFrame, model: Mapping[Any, Any]) -> str:
    """Say how many specialist workers there are, where they meet families, and how much of the model is delivered."""
    workers, contacts, each = (of_system(rows, name) for name in SPECIALISTS)
    said = []
    if shown(workers):
        said.append(f"There are {figure(workers['value'], '')} specialist workers for each 1,000 births.")
    if shown(contacts):
        said.append(f"{figure(contacts['value'], '%')} of their contacts were at home or in the community.")
    if shown(each):
        said.append(f"Each family seen had {figure(each['value'], '')} contacts on average.")
    if shown(model):
        parts = f"{figure(model['numerator'], '')} of {figure(model['denominator'], '')}"
        said.append(f"{parts} core parts of the buddy model were delivered in {model['period']}.")
    return " ".join(said) or "Nothing has been sent in yet about specialist workers or the buddy model."
