"""Read HM Treasury's "GDP deflators at market prices, and money GDP": the index of each financial year, its edition.

The published sheet has title rows that say its edition, then one block for financial years and one for calendar years
side by side. Only the index of financial years is taken: money is spent by financial year.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import EmptyFile, WrongColumns
from data.sources.markers import read_cells
from data.sources.observations import KEY, to_observations, with_periods
from data.sources.periods import Period, read_period
from data.sources.published_statistics import TOGETHER
from data.sources.reading import Reading, ReadingContext
from data.sources.sheet_limits import Row
from data.sources.tables import Preview, Sheet, preview, read_rows, wrong_values

SOURCE_ID = "hmt_gdp_deflators"
ACCEPTS = "HM Treasury’s GDP deflators at market prices, and money GDP (CSV, XLSX or ODS)"
SOURCE = "GDP deflators"
INDICATOR: Final = "gdp_deflator"
UNITED_KINGDOM: Final = "K02000001"
TITLE: Final = re.compile(r"gdp deflators? at market prices", re.IGNORECASE)
#: The heading of the index: the financial year whose prices are 100.
BASE: Final = re.compile(r"\b(\d{4}\s*[-/]\s*\d{2})\s*=\s*100\b")
YEAR: Final = re.compile(r"^\d{4}\s*[-/–]\s*\d{2}$")
#: What in the title rows says the edition.
EDITION: Final = re.compile(r"last updated|as at|consistent with|based on|published", re.IGNORECASE)


def recognises(table: Preview) -> bool:
    """A title of GDP deflators above a column of financial years and an index that names its base year."""
    return table.kind in {"text", "xlsx", "ods"} and _find(table) is not None


def _find(table: Preview) -> tuple[Sheet, int, int] | None:
    """Find the sheet, the row of headings (from 1) and the place of the index."""
    for sheet in table.sheets:
        titled = any(TITLE.search(cell) for row in sheet.head for cell in row)
        for at, row in enumerate(sheet.head, start=1) if titled else ():
            index = next((place for place, cell in enumerate(row) if BASE.search(cell)), None)
            if index and row[0].casefold().startswith("financial year"):
                return sheet, at, index
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the index of every financial year, and write the edition beside each."""
    del context
    found = _find(preview(path))
    if found is None:
        raise WrongColumns("this is no table of GDP deflators", source=SOURCE, file=path.name)
    sheet, header, index = found
    frame = _years(path, sheet.name, header, index)
    edition = _edition(sheet.head[: header - 1], sheet.head[header - 1][index])
    named = pd.DataFrame([{"area_code": UNITED_KINGDOM, "area_type": "country", "area_name": TOGETHER[UNITED_KINGDOM]}])
    return Reading(
        source_id=SOURCE_ID,
        edition=edition,
        rows_read=len(frame),
        frames={"area": named, "observation": to_observations(frame.assign(note=f"HM Treasury. {edition}"))},
        notes=("Only the index of financial years is taken. Years to come are forecasts of the edition.",),
    )


def _edition(above: tuple[Row, ...], heading: str) -> str:
    """Put together what the title rows say of the edition, and the base year."""
    said = [cell.rstrip(". ") for row in above for cell in row if EDITION.search(cell)]
    base = BASE.search(heading)
    return ". ".join([*dict.fromkeys(said), *([f"{base[1]} = 100"] if base else [])])


def _years(path: Path, sheet: str, header: int, index: int) -> pd.DataFrame:
    """Give the rows of financial years; the footnotes below them have none."""
    rows = enumerate(read_rows(path, sheet)[header:], start=header + 1)
    kept = {number: row for number, row in rows if row and YEAR.match(row[0])}
    if not kept:
        raise EmptyFile("there is no financial year below the headings", source=SOURCE, file=path.name)
    labels = pd.Series({number: row[0] for number, row in kept.items()}, name="Financial year", dtype="str")
    cells = pd.Series(
        {number: row[index] if len(row) > index else "" for number, row in kept.items()}, name="index", dtype="str"
    )
    labels.attrs = cells.attrs = {"file": path.name, "sheet": sheet or None}
    found = read_cells(cells)
    wrong = found.unread | found.number.isna() | ~(found.number > 0)
    if wrong.any():
        raise wrong_values(cells, wrong, expected="an index above 0", source=SOURCE)
    frame = pd.DataFrame({"value": found.number}).assign(
        indicator_id=INDICATOR,
        area_code=UNITED_KINGDOM,
        area_type="country",
        breakdown_type="",
        breakdown_value="",
        value_status="shown",
    )
    frame = with_periods(frame, labels, _periods(labels))
    twice = frame.duplicated(list(KEY))
    if twice.any():
        raise wrong_values(labels, twice, expected="each financial year once", source=SOURCE)
    return frame


def _periods(labels: pd.Series[str]) -> dict[str, Period]:
    """Read each financial year."""
    found = {label: read_period(label) for label in labels.unique().tolist()}
    wrong = labels.map({label: period is None or period.period_type != "year" for label, period in found.items()})
    if wrong.any():
        raise wrong_values(labels, wrong.astype(bool), expected="a financial year such as 2024-25", source=SOURCE)
    return {label: period for label, period in found.items() if period is not None}
