"""Is there a workforce plan, whom does it cover, and which level does each group need? And the eight sectors, apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.group_periods import at_or_longer, period_sentences
from data.answers.local_settings import day_words
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import figure, join_words, period_label, status_words
from data.catalogue import breakdown, ics, indicator
from data.store.registers import select_register
from data.store.released import select_released

if TYPE_CHECKING:
    import datetime as dt


COVERED: Final = "workforce_groups_covered"
CURRENT: Final = "workforce_plan_current"
AGE: Final = "workforce_plan_age"
POSTS: Final = ("workforce_headcount", "workforce_wte", "workforce_vacancy")
PLAN_COLUMNS: Final = [
    *("group", "covered", "workforce_headcount", "workforce_wte", "workforce_vacancy", "level", "level_set"),
    *("target", "period"),
]
SECTOR_COLUMNS: Final = ["sector", "training", "service", "lead", "evidence"]
WHAT: Final = ("training", "service", "lead")
NOT_KNOWN: Final = "no data yet"


def workforce_plan() -> Answer:
    """Give the plan's status, and for each group whether it is covered, who is in post and the level it needs."""
    with reading() as connection:
        names = [COVERED, CURRENT, AGE, *POSTS]
        rows = select_released(connection, names, area_code=ics().icb.code, latest=True)
        register = select_register(connection, "training_plan")
        groups = at_or_longer(rows.loc[rows["breakdown_type"] == "workforce_group"], "quarter")
        table = plan_table(groups, register)
        return make_answer(
            connection,
            question="Is there a workforce plan, and whom does it cover?",
            finding=plan_finding(rows, table),
            table=table,
            text_alternative=plan_finding(rows, table),
            submission_ids={int(one) for part in (rows, register) for one in part["submission_id"].dropna()},
            area_type=ics().icb.area_type,
            notes=(
                indicator(COVERED).caveat,
                "The level that each role needs is not published. It is a local setting with an owner and a date.",
                *period_sentences(groups, "quarter"),
            ),
        )


def plan_table(groups: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Write one row for each of the nine groups."""
    cells = {(row["indicator_id"], row["breakdown_value"]): row for row in groups.to_dict("records")}
    records = []
    for group in breakdown("workforce_group").values:  # noqa: PD011 (no frame)
        covered = cells.get((COVERED, group))
        said = {name: cell_words(name, cells.get((name, group))) for name in POSTS}
        whether = NOT_KNOWN
        if covered is not None and pd.notna(covered["value"]):
            whether = "Yes" if covered["value"] else "Not yet"
        period = "" if covered is None else period_of(covered)
        records.append({"group": group, "covered": whether, "period": period} | said | level_words(register, group))
    return pd.DataFrame(records, columns=PLAN_COLUMNS)


def cell_words(name: str, row: dict[Any, Any] | None) -> str:
    """Write a figure, or why there is none."""
    if row is None:
        return NOT_KNOWN
    if pd.isna(row["value"]):
        return status_words(str(row["value_status"]))
    return figure(float(row["value"]), "%" if indicator(name).unit == "%" else "")


def period_of(row: dict[Any, Any]) -> str:
    """Name a cell's period."""
    return period_label(row["period_type"], row["period_from"], row["period_to"])


def level_words(register: pd.DataFrame, group: str) -> dict[str, str]:
    """Say which level a group's roles need, who set it and when, and the plan's target; counts of people stay out."""
    own = register.loc[register["workforce_group"] == group]
    levels = sorted({str(level) for level in own["level_required"] if level})
    if not levels:
        return {"level": NOT_KNOWN, "level_set": "–", "target": targets(own)}
    owners = sorted({str(owner) for owner in own["level_owner_role"] if owner})
    days = sorted({str(day)[:10] for day in own["level_set_on"].dropna()})
    since = f", {day_words(_day(days[-1]))}" if days else ""
    return {"level": join_words(levels), "level_set": f"{join_words(owners) or '–'}{since}", "target": targets(own)}


def targets(own: pd.DataFrame) -> str:
    """Write the shares that the plan wants trained, and by when."""
    known = own.dropna(subset=["target_share"])
    said = {
        f"{share:.0f}%" + (f" by {day_words(_day(str(day)))}" if pd.notna(day) else "")
        for share, day in zip(known["target_share"], known["target_by"], strict=True)
    }
    return join_words(sorted(said)) or "–"


def _day(text: str) -> dt.date:
    import datetime as dt

    return dt.date.fromisoformat(text[:10])


def plan_finding(rows: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say whether the plan is current, its age, how many groups it covers, and for how many the level is set."""
    everyone = rows.loc[rows["breakdown_type"] == ""].dropna(subset="value")
    values = {row["indicator_id"]: row for row in everyone.to_dict("records") if row["period_type"] != "three_years"}
    said = []
    if CURRENT in values:
        current = "is approved and was reviewed within a year"
        good = current if values[CURRENT]["value"] else "is not approved and current"
        said.append(f"The workforce plan {good} ({period_of(values[CURRENT])}).")
    if AGE in values:
        said.append(f"It was last reviewed {values[AGE]['value']:.0f} months before the end of the period.")
    covered = int((table["covered"] == "Yes").sum())
    if (table["covered"] != NOT_KNOWN).any():
        said.append(f"It covers {covered} of {len(table)} groups.")
    levels = int((table["level"] != NOT_KNOWN).sum())
    if not said and not levels:
        return "No data yet on a workforce plan."
    said.append(f"The level that roles need is set for {levels} of {len(table)} groups.")
    return " ".join(said)


def sector_training() -> Answer:
    """Give for each of the eight sectors whether training, a service and a lead are evidenced."""
    with reading() as connection:
        register = select_register(connection, "sector_evidence")
        table = sector_table(register)
        finding = sector_finding(register, table)
        return make_answer(
            connection,
            question="Which of the eight sectors have training in place?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={int(one) for one in register["submission_id"].dropna()},
            area_type=ics().icb.area_type,
            people=False,
            notes=("The eight sectors are not the nine workforce groups. One person may count in both.",),
        )


def sector_table(register: pd.DataFrame) -> pd.DataFrame:
    """Write one row for each sector."""
    records = []
    for sector in breakdown("sector").values:  # noqa: PD011 (no frame)
        own = register.loc[register["sector"] == sector]
        said = {what: in_place(own.loc[own["what"] == what]) for what in WHAT}
        trained = own.loc[(own["what"] == "training") & own["in_place"].astype(bool), "evidence"]
        records.append({"sector": sector, **said, "evidence": join_words([str(one) for one in trained]) or "–"})
    return pd.DataFrame(records, columns=SECTOR_COLUMNS)


def in_place(rows: pd.DataFrame) -> str:
    """Say whether something is in place: somewhere is enough, and nothing sent in is not a no."""
    if rows.empty:
        return NOT_KNOWN
    return "In place" if rows["in_place"].astype(bool).any() else "Not in place"


def sector_finding(register: pd.DataFrame, table: pd.DataFrame) -> str:
    """Count the sectors with training."""
    if register.empty:
        return "No data yet on the eight sectors."
    trained = table.loc[table["training"] == "In place", "sector"].tolist()
    names = f": {join_words(trained)}" if trained else ""
    return f"Training is evidenced, at any time, in {len(trained)} of {len(table)} sectors{names}."
