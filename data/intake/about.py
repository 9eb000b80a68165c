"""Tell what a refused return was about, in nothing but names of the catalogue, codes of areas and days."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue import indicators
from data.errors import DataError
from data.sources.periods import read_day, read_period
from data.sources.safe_opening import check_opening
from data.sources.tables import preview, read_table

KEY: Final = ("indicator_id", "area_code")
PERIOD: Final = ("period", "period_from", "period_to")
TABLES: Final = ("text", "xlsx", "ods")
EXAMPLE: Final = "example"
COLUMNS: Final = ["indicator_id", "area_code", "period_to"]


def what_it_is_about(path: Path) -> pd.DataFrame:
    """Give indicator, area and last day of each row, as far as they can be read; what else the rows hold is let go.

    It is asked only about files that were refused, so a file that can't be opened is about nothing.
    """
    try:
        check_opening(path)
        seen = preview(path)
        sheets = [one for one in seen.sheets if seen.kind in TABLES and one.name.strip().casefold() != EXAMPLE]
        frames = [_rows(path, sheet.name, sheet.head) for sheet in sheets]
    except DataError:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat([pd.DataFrame(columns=COLUMNS), *frames], ignore_index=True).drop_duplicates()
    return rows[rows["indicator_id"].isin([one.id for one in indicators()])]


def _rows(path: Path, sheet: str, head: tuple[tuple[str, ...], ...]) -> pd.DataFrame:
    at = next((at for at, row in enumerate(head, start=1) if set(KEY) <= {_plain(cell) for cell in row}), 0)
    if not at:
        return pd.DataFrame(columns=COLUMNS)
    table = read_table(path, sheet or None, header_row=at).rename(columns=_plain)
    given = [name for name in PERIOD if name in table.columns]
    distinct = table[[*KEY, *given]].drop_duplicates()
    days = [_last_day(dict(zip(given, row, strict=True))) for row in distinct[given].itertuples(index=False)]
    codes = distinct["area_code"].str.extract(r"^([A-Z]\d{8})\b")[0]
    return pd.DataFrame({"indicator_id": distinct["indicator_id"], "area_code": codes, "period_to": days}).dropna()


def _plain(name: str) -> str:
    plain = "_".join(name.casefold().replace("_", " ").split())
    return "indicator_id" if plain == "indicator" else plain


def _last_day(written: dict[str, str]) -> str | None:
    day = read_day(written.get("period_to", ""))
    if day is not None:
        return day.isoformat()
    named = read_period(written.get("period") or written.get("period_from", ""))
    return named.period_to.isoformat() if named else None
