"""Read a table of published figures, one citation a row, into indicators of the catalogue. Nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data import catalogue
from data.catalogue.definitions import Indicator
from data.sources.hv_metrics import CODE
from data.sources.markers import read_cells
from data.sources.observations import KEY, NUMBERS, area_types, join_words, left_out, to_observations, with_periods
from data.sources.periods import YEAR_TYPES, Period, read_period, read_year_ending
from data.sources.places import keep_known_areas, named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, preview, read_table, require_columns, wrong_values

SOURCE_ID = "published_statistics"
ACCEPTS = "a table of published figures with a citation in each row (CSV, XLSX or ODS)"
SOURCE = "Published statistics"
#: Countries counted together; never shown as England.
TOGETHER = {"K04000001": "England and Wales", "K02000001": "United Kingdom"}
_SCALES = {"gbp billion": 1e9, "gbp million": 1e6}
COLUMNS = (
    "indicator",
    "area_code",
    "area_name",
    "period",
    "value",
    "numerator",
    "denominator",
    "lowercl",
    "uppercl",
    "unit",
    "publisher",
    "publication_title",
    "source_url",
    "note",
)


def recognises(preview: Preview) -> bool:
    """Recognise the table by its citation columns."""
    return preview.has_columns("indicator", "publication_title", "source_url", "area_code")


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the rows whose name an indicator of the catalogue carries."""
    sheet = preview(path).sheet_with("indicator", "publication_title", "source_url", "area_code")
    table = require_columns(read_table(path, sheet.name or None if sheet else None), COLUMNS, source=SOURCE)
    frame, notes = _keep_indicators(table)
    frame, more = keep_known_areas(_join_areas(frame), context, also=set(TOGETHER))
    frame = _read_figures(_read_periods(frame))
    frame, last = _once(frame)
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {max(frame['period_to'])}" if len(frame) else "",
        rows_read=len(table),
        frames={"area": _areas(frame), "observation": to_observations(frame)},
        notes=tuple(notes + more + last),
    )


def _keep_indicators(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    found = {name: _indicator(name) for name in table["indicator"].unique().tolist()}
    ids = {name: entry.id for name, entry in found.items() if entry}
    others = ~table["indicator"].isin(list(ids))
    kept = table[~others].assign(breakdown_type="", breakdown_value="")
    kept["indicator_id"] = kept["indicator"].map(ids)
    if not others.any():
        return kept, []
    names = join_words(table.loc[others, "indicator"])
    return kept, [left_out(int(others.sum()), f"of no indicator of the catalogue ({names})")]


def _indicator(name: str) -> Indicator | None:
    """The indicator that carries this name, or whose health visiting code begins it."""
    named = {text.casefold(): entry for entry in catalogue.indicators() for text in entry.published_names}
    coded = {entry.hv_code.casefold(): entry for entry in catalogue.indicators() if entry.hv_code}
    match = CODE.match(name)
    return named.get(name.casefold()) or (coded.get(match[0].casefold()) if match else None)


def _join_areas(frame: pd.DataFrame) -> pd.DataFrame:
    """A figure for both councils together ("E06000058+E06000059") is one for the whole system."""
    ics = catalogue.ics()
    own = {place.code for place in ics.lads}
    whole = frame["area_code"].map(lambda codes: set(codes.split("+")) == own)
    return frame.assign(area_code=frame["area_code"].mask(whole, ics.icb.code))


def _read_periods(frame: pd.DataFrame) -> pd.DataFrame:
    labels = frame["indicator_id"] + "\x1f" + frame["period"]
    periods = {label: period for label in labels.unique() if (period := _period(*label.split("\x1f")))}
    unread = ~labels.isin(list(periods))
    if unread.any():
        raise wrong_values(frame["period"], unread, expected="2024/25, 2024/25 Q2 or 2024", source=SOURCE)
    return with_periods(frame, labels, periods)


def _period(indicator_id: str, label: str) -> Period | None:
    entry = catalogue.indicator(indicator_id)
    if entry.period_grain == "snapshot":
        return read_year_ending(label, "snapshot") or read_period(label)
    return read_period(label, year_type=YEAR_TYPES[entry.year_begins])


def _read_figures(frame: pd.DataFrame) -> pd.DataFrame:
    cells = {name: read_cells(frame[name]) for name in NUMBERS}
    for name, column in cells.items():
        if column.unread.any():
            raise wrong_values(frame[name], column.unread, expected="a number or nothing", source=SOURCE)
    numbers = {name: column.number for name, column in cells.items()}
    numbers["value"] = numbers["value"] * frame["unit"].str.casefold().map(_SCALES).fillna(1.0)
    counts = {entry.id for entry in catalogue.indicators() if entry.value_type == "count"}
    numbers["numerator"] = numbers["numerator"].fillna(numbers["value"].where(frame["indicator_id"].isin(list(counts))))
    status = cells["value"].status.where(numbers["value"].isna(), "shown")
    cited = frame["publisher"] + ", " + frame["publication_title"] + ". " + frame["note"]
    kinds = area_types(frame["area_code"]).mask(frame["area_code"].isin(list(TOGETHER)), "country")
    superseded = frame["note"].str.contains("superseded")
    frame = frame.assign(**numbers, value_status=status, note=cited.str.strip(), area_type=kinds)
    return pd.concat([frame[~superseded], frame[superseded]])


def _once(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep the first figure where a publisher printed several, those superseded last, and say so."""
    twice = frame.duplicated(list(KEY))
    if not twice.any():
        return frame, []
    names = join_words(frame.loc[twice, "indicator"])
    return frame[~twice], [left_out(int(twice.sum()), f"with a further figure for the same area and period ({names})")]


def _areas(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``area`` for the named places, and for countries that are counted together.

    All of those are named where one is, so that a later file about another changes no geography.
    """
    named = named_places(frame["area_code"])
    if not frame["area_code"].isin(list(TOGETHER)).any():
        return named
    rows = [{"area_code": code, "area_type": "country", "area_name": name} for code, name in TOGETHER.items()]
    return pd.concat([named, pd.DataFrame(rows)], ignore_index=True)
