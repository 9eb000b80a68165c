"""Every figure that is released, in one long table: what an analyst takes away to look for themselves.

The rows are those of ``released`` and nothing else, so they are protected already, and the audit attacks all of them
together as a reader with this file could.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import period_label
from data.catalogue import ics, indicators
from data.store.released import select_released
from data.store.submissions import select_submissions

COLUMNS: Final = (
    *("indicator_id", "indicator", "unit", "area_code", "area_name", "area_type", "period", "period_type"),
    *("period_from", "period_to", "breakdown_type", "breakdown_value", "numerator", "denominator", "value"),
    *("lowercl", "uppercl", "value_status", "illustrative", "file"),
)
#: Letters of a file's SHA-256 that stand in each row: enough to tell files apart.
FILE_LETTERS: Final = 12


def whole_release() -> Answer:
    """Give every released cell with its indicator, area, real days, limits, status and file."""
    with reading() as connection:
        rows = select_released(connection)
        names = area_names(connection)["area_label"]
        files = select_submissions(connection).set_index("id")["sha256"].str[:FILE_LETTERS]
        table = named(rows, names, files)
        shown = int(table["value"].notna().sum())
        counted = f"{table['indicator_id'].nunique()} indicators and {table['area_code'].nunique()} areas"
        return make_answer(
            connection,
            question=f"What is released of {ics().label}?",
            finding=f"{len(table):,} rows of {counted}; {shown:,} of them have a figure.",
            table=table,
            text_alternative=f"A table of {len(table):,} rows; it has no chart.",
            submission_ids=set(rows["submission_id"].dropna()),
            notes=(
                "Each row is one indicator, area, period and group.",
                "The column value_status says why a figure is missing.",
                "A period can be a quarter, a year or three years: never add rows of different period types together.",
            ),
        )


def named(rows: pd.DataFrame, names: pd.Series, files: pd.Series) -> pd.DataFrame:
    """Write names beside codes, and days as days; each is looked up once for all rows that share it."""
    periods = rows[["period_type", "period_from", "period_to"]].drop_duplicates()
    labels = {key: period_label(*key) for key in periods.itertuples(index=False, name=None)}
    keys = zip(rows["period_type"], rows["period_from"], rows["period_to"], strict=True)
    days = {day: dt.date.fromisoformat(day) for name in ("period_from", "period_to") for day in rows[name].unique()}
    known = {one.id: one for one in indicators()}
    table = rows.assign(
        indicator=rows["indicator_id"].map({name: one.name for name, one in known.items()}),
        unit=rows["indicator_id"].map({name: one.unit for name, one in known.items()}),
        area_name=rows["area_code"].map(names),
        period=[labels[key] for key in keys],
        period_from=rows["period_from"].map(days).astype("object"),
        period_to=rows["period_to"].map(days).astype("object"),
        illustrative=rows["illustrative"].astype(bool),
        file=rows["submission_id"].map(files),
    )
    return table[list(COLUMNS)]
