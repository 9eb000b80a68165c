"""Read NHS Maternity Statistics, the yearly tables of the Maternity Services Data Set.

The figures are counts by dimension and measure, rounded to the nearest 5, and by **provider**: a trust's women and
babies live in other counties too. So trusts and the NHS region keep types of their own and are never shown as
councils.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from data import catalogue
from data.catalogue.definitions import Indicator
from data.errors import UnknownName
from data.sources.observations import join_words, left_out, to_observations, with_periods
from data.sources.periods import read_period
from data.sources.places import named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, read_table, require_columns, to_number, wrong_values

SOURCE_ID = "nhs_msds"
ACCEPTS = "NHS Maternity Statistics, yearly Maternity Services Data Set file (CSV)"
SOURCE = "NHS Maternity Statistics"
COLUMNS = ("Period", "Dimension", "Org_Level", "Org_Code", "Measure", "Value")

# Where fewer than half are known, the known say nothing about the rest. Our rule; the publisher sets none.
LEAST_KNOWN = 0.5

_BY_PROVIDER = (
    "Maternity figures are by provider, not by where mothers live: trusts also care for families of other counties."
)
_GROUP = ["period", "area_code", "area_type"]


def recognises(preview: Preview) -> bool:
    """Recognise the file by its own column names."""
    return preview.has_columns("Dimension", "Org_Level", "Org_Code", "Measure", "Count_Of")


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the indicators that the dashboard takes from maternity statistics."""
    del context
    table = require_columns(read_table(path), COLUMNS, source=SOURCE)
    counts, notes = _keep_organisations(table)
    parts = [_indicator_rows(counts, entry) for entry in catalogue.indicators() if entry.msds]
    frame = pd.concat(parts) if parts else pd.DataFrame()
    if frame.empty:
        raise UnknownName(
            "the file holds no dimension that the dashboard uses",
            source=SOURCE,
            file=table.attrs.get("file"),
            column="Dimension",
            found=join_words(table["Dimension"]),
        )
    frame = _read_periods(frame)
    return Reading(
        source_id=SOURCE_ID,
        edition=str(max(frame["period"])),
        rows_read=len(table),
        frames={"area": _areas(counts), "observation": to_observations(frame)},
        notes=(_BY_PROVIDER, *notes, *_completeness(frame)),
    )


def _keep_organisations(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Name the area of each row: England, the NHS region, and the system's own trusts; count the others."""
    ics = catalogue.ics()
    own = set(ics.provider_codes)
    level, code = table["Org_Level"].str.casefold(), table["Org_Code"]
    national = level == "national"
    region = level.str.contains("region") & (code == ics.nhs_region_code)
    trust = (level == "provider") & code.isin(list(own))
    kinds = national.map({True: "country", False: ""})
    kinds = kinds.mask(region, "nhs_region").mask(trust, "provider")
    frame = pd.DataFrame(
        {
            "period": table["Period"],
            "dimension": table["Dimension"],
            "measure": table["Measure"].map({text: _plain(text) for text in table["Measure"].unique()}),
            "area_code": code.mask(national, ics.country.code),
            "area_name": table.get("Org_Name", code),
            "area_type": kinds,
            "count": to_number(table["Value"].replace("*", ""), source=SOURCE, low=0, blank=True),
        }
    )
    left = frame["area_type"] == ""
    notes = [left_out(int(left.sum()), f"about other organisations ({join_words(code[left])})")] if left.any() else []
    return frame[~left], notes


def _plain(measure: str) -> str:
    """Bring spellings together: "Missing Value/Value outside …" and "Missing value / Value outside …"."""
    return re.sub(r"\s*/\s*", " / ", " ".join(measure.casefold().split()))


def _indicator_rows(counts: pd.DataFrame, entry: Indicator) -> pd.DataFrame:
    """Count one indicator: its measures over all that are known; missing and unknown stand apart."""
    if entry.msds is None:
        return pd.DataFrame()
    wanted, excluded = {_plain(text) for text in entry.msds.measure}, {_plain(text) for text in entry.msds.excluded}
    rows = counts[counts["dimension"].isin(entry.msds.dimension)]
    unknown = rows["measure"].isin(list(excluded))
    rows = rows.assign(
        numerator=rows["count"].where(rows["measure"].isin(list(wanted)), 0.0),
        denominator=rows["count"].where(~unknown, 0.0),
        unknown=rows["count"].where(unknown, 0.0),
        suppressed=rows["count"].isna(),
    )
    sums = rows.groupby(_GROUP, as_index=False)[["numerator", "denominator", "unknown", "suppressed"]].sum()
    sums = _with_status(sums.assign(indicator_id=entry.id))
    return sums.assign(denominator=float("nan"), note="By provider.") if entry.value_type == "count" else sums


def _with_status(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame["denominator"] / (frame["denominator"] + frame["unknown"])
    status = pd.Series("rounded", index=frame.index).mask(known < LEAST_KNOWN, "failed_validation")
    status = status.mask(frame["denominator"] == 0, "not_collected").mask(frame["suppressed"] > 0, "suppressed")
    counts = frame[["numerator", "denominator"]].mask(frame["suppressed"] > 0)
    words = (100 * known).map("Known for {:.1f}% of records; by provider.".format)
    return frame.assign(
        known=known,
        numerator=counts["numerator"],
        denominator=counts["denominator"],
        value_status=status,
        note=words,
    )


def _read_periods(frame: pd.DataFrame) -> pd.DataFrame:
    labels = frame["period"]
    periods = {label: period for label in labels.unique() if (period := read_period(label))}
    unread = ~labels.isin(list(periods))
    if unread.any():
        raise wrong_values(labels.rename("Period"), unread, expected="a year such as 2022-23", source=SOURCE)
    return with_periods(frame, labels, periods)


def _completeness(frame: pd.DataFrame) -> list[str]:
    """Say, for each indicator and organisation that falls short, for how many records the answer is known."""
    short = frame[frame["value_status"] == "failed_validation"]
    return [
        f"{catalogue.indicator(str(row.indicator_id)).short_name}, {row.area_code}, {row.period}: "
        f"known for {row.known:.1%} of records, too few to show."
        for row in short.itertuples()
    ]


def _areas(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``area`` for the organisations, England under the catalogue's name."""
    own = counts[counts["area_type"] != "country"].drop_duplicates("area_code")
    own = own[["area_code", "area_type", "area_name"]].assign(
        area_name=own["area_name"].str.title().str.replace("Nhs", "NHS")
    )
    return pd.concat([named_places(counts["area_code"]), own], ignore_index=True)
