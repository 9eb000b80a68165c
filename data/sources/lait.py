"""Read an extract of the Department for Education's local authority interactive tool (LAIT)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data import catalogue
from data.errors import UnknownName
from data.sources.markers import join_statuses, read_cells, status_from_note
from data.sources.observations import (
    KEY,
    area_types,
    drop_other_periods,
    join_words,
    left_out,
    to_observations,
    with_periods,
)
from data.sources.periods import read_year_ending
from data.sources.places import keep_known_areas, named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, read_table, require_columns, wrong_values

SOURCE_ID = "dfe_lait"
ACCEPTS = "an extract of the DfE local authority interactive tool (CSV or XLSX)"
SOURCE = "LAIT"

COLUMNS = {
    "Measure": "measure",
    "Measure_short": "short",
    "Year_Type": "year_type",
    "Time period": "period",
    "Area name": "area_name",
    "Area code (ONS)": "area_code",
    "Value": "value_text",
    "Value_note": "note",
}
# A single year names the year in which the period ends: 2025 academic is 2024/25. "Annual" is counted on 31 March.
YEAR_TYPES = {
    "Financial Year": "financial",
    "Academic Year": "academic",
    "Calendar Year": "calendar",
    "Annual": "snapshot",
}
_MARKS = {".": "not_collected", "u": "suppressed"}

# The measure's own title says "offered"; the figure is a share of completed reviews.
_OFFERED_ASQ = "HCP_PHOF"
_OFFERED_NOTE = (
    "LAIT's measure of children 'offered ASQ-3' is the share of completed 2 to 2½ year reviews that used ASQ-3. "
    "It does not say how many children had a review."
)


def recognises(preview: Preview) -> bool:
    """Recognise the extract by its own column names."""
    return preview.has_columns("Measure_short", "Year_Type", "Area code (ONS)")


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the measures that the dashboard uses, for the areas that it is about."""
    table = require_columns(read_table(path), COLUMNS, source=SOURCE)
    frame, notes = _keep_measures(table.rename(columns=COLUMNS))
    if (frame["short"] == _OFFERED_ASQ).any():
        notes.append(_OFFERED_NOTE)
    frame, more = keep_known_areas(frame, context)
    frame, last = drop_other_periods(_read_periods(frame))
    frame = _read_figures(frame)
    twice = frame.duplicated(list(KEY), keep=False)
    if twice.any():
        raise wrong_values(frame["area_code"], twice, expected="each measure, area and period once", source=SOURCE)
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {max(frame['period_to'])}" if len(frame) else "",
        rows_read=len(table),
        frames={"area": named_places(frame["area_code"]), "observation": to_observations(frame)},
        notes=tuple(notes + more + last),
    )


def _keep_measures(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    ids = {entry.lait_short: entry.id for entry in catalogue.indicators() if entry.lait_short}
    known = frame["short"].isin(list(ids))
    if not known.any():
        raise UnknownName(
            "the file holds no measure that the dashboard uses",
            source=SOURCE,
            file=frame.attrs.get("file"),
            column="Measure_short",
            found=join_words(frame["short"]),
            expected=f"one of {join_words(ids, most=20)}",
        )
    others = frame.loc[~known, "measure"].nunique()
    notes = [left_out(int((~known).sum()), f"of {others} measures that the dashboard does not use")]
    kept = frame[known].assign(breakdown_type="", breakdown_value="")
    kept["indicator_id"] = kept["short"].map(ids)
    return kept, notes if others else []


def _read_periods(frame: pd.DataFrame) -> pd.DataFrame:
    wrong = ~frame["year_type"].isin(list(YEAR_TYPES))
    if wrong.any():
        column = frame["year_type"].rename("Year_Type")
        raise wrong_values(column, wrong, expected=f"one of {', '.join(YEAR_TYPES)}", source=SOURCE)
    labels = frame["year_type"] + "\x1f" + frame["period"]
    periods = {
        label: period
        for label in labels.unique()
        if (period := read_year_ending(label.split("\x1f")[1], YEAR_TYPES[label.split("\x1f")[0]]))
    }
    unread = ~labels.isin(list(periods))
    if unread.any():
        column = frame["period"].rename("Time period")
        raise wrong_values(column, unread, expected="a year such as 2025, or 2020/21-22/23", source=SOURCE)
    return with_periods(frame, labels, periods)


def _read_figures(frame: pd.DataFrame) -> pd.DataFrame:
    cells = read_cells(frame["value_text"], _MARKS)
    if cells.unread.any():
        column = frame["value_text"].rename("Value")
        raise wrong_values(column, cells.unread, expected="a number or a mark", source=SOURCE)
    noted = status_from_note(frame["note"]).where(frame["note"] != "", "not_collected")
    status = join_statuses([cells.status, noted.where(cells.status != "", "")])
    status = status.where(cells.number.isna(), "shown")
    counts = {entry.id for entry in catalogue.indicators() if entry.value_type == "count"}
    numerator = cells.number.where(frame["indicator_id"].isin(list(counts)))
    return frame.assign(
        value=cells.number, numerator=numerator, value_status=status, area_type=area_types(frame["area_code"])
    )
