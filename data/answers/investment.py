"""Is prevention funded, and for how long? Every figure of money at the system and its councils, in words first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_places import NO_DATA, own_places, place_rows, submissions_of
from data.answers.made import LABEL, make_answer
from data.answers.money_words import (
    KINDS,
    NEVER_MIXED,
    RING_FENCE,
    SYSTEM_LINES,
    deflator_words,
    labels_of,
    marked,
    pounds_words,
)
from data.answers.opened import reading
from data.answers.register_answers import read_now
from data.answers.register_cells import Held
from data.answers.register_money import BUDGET, OUTTURN, is_ring_fenced, lines_of, pounds, preventive
from data.answers.words import figure, period_label
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

PER_CHILD, PER_BIRTH = "prevention_spend_per_child", "icb_spend_per_birth"
SHARE, SECURED, RECURRENT = "prevention_share", "secured_funding_share", "recurrent_funding_share"
RING_FENCED, BENEFICIARY = "ring_fence_share", "spend_by_beneficiary"
#: Each measure as the page names it, and whether it is of spend or of plans.
MEASURES: Final = {
    PER_CHILD: ("Prevention spend for each child and pregnancy, real terms", OUTTURN),
    PER_BIRTH: ("ICB spend on social and emotional development, for each birth", OUTTURN),
    SHARE: ("Prevention share of spend on under-twos", OUTTURN),
    SECURED: ("Preventative budget confirmed for 24 months or more", BUDGET),
    RECURRENT: ("Preventative budget that recurs each year", BUDGET),
    RING_FENCED: ("Share of the public health grant that a local decision protects", BUDGET),
}
PARTS: Final = {"Unborn": "unborn child", "Infant": "infant", "Carer": "carer"}
COLUMNS: Final = [
    *("measure", "area", "figure", "counted", "period", "kind", "value", "numerator", "denominator"),
    *("value_status", "illustrative", "indicator_id", "area_code"),
]
NOTHING: Final = "No data yet on what {place} spends or plans. Send in the template “Funding lines”."


def investment(area_code: str) -> Answer:
    """Say what is spent and for how long, and give each measure for the system and its councils."""
    _, label, _ = labels_of(area_code)
    with reading() as connection:
        held = read_now(connection)
        rows = place_rows(connection, list(MEASURES), periods=("year",))
        split = beneficiaries(connection)
        known = [money_record(row, held) for row in rows.to_dict("records")]
        parts = [{str(name): value for name, value in row.items()} for row in split.to_dict("records")]
        records = [*known, *ring_fenced(held), *parts]
        alike = mark(records)
        found = {row["indicator_id"]: row for row in known if row["area_code"] == area_code}
        said = finding(found, label)
        used = submissions_of(rows.loc[rows["value"].notna()], split)
        made = make_answer(
            connection,
            question="Is prevention funded, and for how long?",
            finding=said,
            table=pd.DataFrame(records, columns=COLUMNS),
            text_alternative=said,
            submission_ids=used,
            area_type="icb",
            people=False,
            labelled=False,
            notes=(NEVER_MIXED, deflator_words(connection, held), RING_FENCE, SYSTEM_LINES),
        )
    invented = any(row["illustrative"] for row in records)
    said = f"{LABEL if invented and alike else ''}{said}"
    return replace(made, finding=said, text_alternative=said, illustrative=made.illustrative or invented)


def mark(records: list[dict[str, Any]]) -> bool:
    """Mark each invented figure where others are real; True where all are of one kind."""
    given = {bool(row["illustrative"]) for row in records if not math.isnan(row["value"])}
    for row in records:
        row["figure"] = marked(str(row["figure"]), bool(row["illustrative"]), alike=len(given) < 2)
    return len(given) < 2


def money_record(row: Mapping[Any, Any], held: Held) -> dict[str, Any]:
    """Name a measure as the page does, and write its counts as pounds."""
    name, kind = MEASURES[row["indicator_id"]]
    bare = row["indicator_id"] == RING_FENCED and math.isnan(row["value"]) and held.of("funding_lines")
    words = {"figure": "Needs the year’s published grant"} if bare else {}
    return {**row, **words, "measure": name, "kind": KINDS[kind], "counted": counted_words(row)}


def counted_words(row: Mapping[Any, Any]) -> str:
    """Write what stands above and below the line: pounds of pounds, or pounds for so many."""
    top, bottom = float(row["numerator"]), float(row["denominator"])
    if math.isnan(top) or math.isnan(bottom):
        return ""
    each = row["indicator_id"] in {PER_CHILD, PER_BIRTH}
    below = f"for {figure(bottom, '')}" if each else f"of {pounds_words(bottom)}"
    return f"{pounds_words(top)} {below}"


def beneficiaries(connection: sa.Connection) -> pd.DataFrame:
    """Give the shares for the unborn, the infant and the carer at each place, of the newest year."""
    rows = select_released(connection, BENEFICIARY, breakdown_type="beneficiary", period_type="year", latest=True)
    rows = rows.loc[rows["value"].notna()]
    cells = {(row["breakdown_value"], row["area_code"]): row for row in rows.to_dict("records")}
    records = []
    for who, words in PARTS.items() if cells else ():
        for place in own_places():
            row = cells.get((who, place.code))
            measure = f"Of preventative spend, mainly for the {words}"
            records.append(part_record(measure, place.code, place.label, row))
    return pd.DataFrame(records, columns=[*COLUMNS, "submission_id"])


def part_record(measure: str, code: str, label: str, row: Mapping[Any, Any] | None) -> dict[str, Any]:
    """Write one share of spend by beneficiary, or say that there is none."""
    said = {"measure": measure, "area": label, "area_code": code, "indicator_id": BENEFICIARY}
    if row is None:
        blank = dict.fromkeys(("value", "numerator", "denominator", "submission_id"), math.nan)
        none = {"figure": NO_DATA, "counted": "", "period": "", "kind": "", "value_status": "not_collected"}
        return {**said, **blank, **none, "illustrative": False}
    period = period_label(row["period_type"], row["period_from"], row["period_to"])
    return {
        **said,
        **{name: row[name] for name in ("value", "numerator", "denominator", "value_status", "submission_id")},
        "figure": figure(row["value"], "%"),
        "counted": counted_words({**row, "indicator_id": BENEFICIARY}),
        "period": period,
        "kind": KINDS[OUTTURN],
        "illustrative": bool(row["illustrative"]),
    }


def ring_fenced(held: Held) -> list[dict[str, Any]]:
    """Give the pounds of the newest budget that a local decision protects, which need no published grant."""
    years = [row["year"] for row in held.of("funding_lines") if row["budget_or_outturn"] == BUDGET]
    records = []
    for place in own_places() if years else ():
        lines = lines_of(held, BUDGET, max(years), labels_of(place.code)[2])
        amount = pounds(row for row in lines if is_ring_fenced(row))
        whole = pounds(preventive(lines))
        records.append(
            {
                "measure": "Public health grant that a local decision protects, in pounds",
                "area": place.label,
                "figure": pounds_words(amount),
                "counted": f"beside {pounds_words(whole)} planned for prevention",
                "period": max(years),
                "kind": KINDS[BUDGET],
                **{"value": amount, "numerator": math.nan, "denominator": math.nan},
                "value_status": "shown",
                "illustrative": any(row["illustrative"] for row in lines),
                "indicator_id": "",
                "area_code": place.code,
            }
        )
    return records


def finding(found: Mapping[str, Mapping[str, Any]], label: str) -> str:
    """Say the spend and its share, what it is for each child, and how much of the plan lasts."""
    given = {name: row for name, row in found.items() if not math.isnan(row["value"])}
    said = []
    if share := given.get(SHARE):
        said.append(
            f"In {label}, {pounds_words(share['numerator'])} went on prevention from pregnancy to age two in "
            f"{share['period']}, {share['figure']} of all spend on under-twos."
        )
    if each := given.get(PER_CHILD):
        said.append(f"That is {each['figure']} for each child under two and known pregnancy ({each['period']}).")
    if secured := given.get(SECURED):
        said.append(
            f"Of the {secured['period']} budget for prevention, {secured['figure']} is confirmed for 24 months or more."
        )
    if recurrent := given.get(RECURRENT):
        said.append(f"{recurrent['figure']} of it recurs each year.")
    return " ".join(said) or NOTHING.format(place=label)
