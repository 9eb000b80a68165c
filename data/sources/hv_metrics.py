"""Read health visitor service delivery metrics (C1 to C8) however the file is laid out.

The publisher's columns change from file to file, so columns are found by the words in their names: one row for each
metric (long), or a block of columns for each metric (wide). What was taken for what is said in the notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data import catalogue
from data.errors import DataError, UnknownName, WrongColumns, WrongValues
from data.sources.markers import join_statuses, read_cells
from data.sources.observations import KEY, area_types, join_words, left_out, to_observations, with_periods
from data.sources.periods import Period, find_period, read_period
from data.sources.places import keep_known_areas, named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, Sheet, preview, read_table, wrong_values

SOURCE_ID = "dhsc_hv_metrics"
ACCEPTS = "health visitor service delivery metrics (CSV, XLSX or ODS)"
SOURCE = "Health visitor service delivery metrics"

CODE = re.compile(r"\bC(1|2|3|4|5|6(?:viii|vii|vi|iv|iii|ii|i|v)|8(?:ii|i))\b", re.IGNORECASE)
_AREA_CODE = re.compile(r"\b(?:area|ons|la|lad|utla|authority|region|geography|organisation|org)\b.*\bcode\b|^code$")
_AREA_NAME = re.compile(
    r"\b(?:area|la|lad|utla|authority|region|geography)\b.*\bname\b|^(?:area|local authority|region|name)$"
)
_PERIOD = re.compile(r"^(?:reporting |time |financial )?(?:period|quarter|year)\b")
_METRIC = re.compile(r"^(?:metric|indicator|measure)\b(?!.*\bcode\b)|^(?:metric|indicator) code$")
# Tried in this order: a lower limit of a percentage is a lower limit.
_ROLES = (
    ("limits", re.compile(r"^(?:95%? ?)?(?:ci|confidence interval)(?: ?_?95%?)?$")),
    ("lowercl", re.compile(r"\blower\b")),
    ("uppercl", re.compile(r"\bupper\b")),
    ("denominator", re.compile(r"\bdenominator\b|\bturned\b|\bdue\b|\beligible\b|\btotal number\b")),
    ("value", re.compile(r"percent|%|\bproportion\b|\bprevalence\b|\bvalue\b")),
    ("numerator", re.compile(r"\bnumerator\b|\bnumber\b|\bcount\b")),
)
_FIGURES = ("numerator", "denominator", "value", "lowercl", "uppercl")
_MARKS = {"-": "not_collected", "dnv": "failed_validation", "fail": "failed_validation", "fv": "failed_validation"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what; ``blocks`` maps each metric's code ("" in a long table) to its figures."""

    area_code: str
    area_name: str | None
    period: str | None
    metric: str | None
    blocks: dict[str, dict[str, str]]


def recognises(preview: Preview) -> bool:
    """Recognise any sheet with area codes and health visiting metrics."""
    others = preview.has_columns("indicator_id") or preview.has_columns("indicator", "publication_title")
    if preview.kind not in {"text", "xlsx", "ods"} or others:
        return False
    return any(_header(sheet) and _speaks_of_metrics(sheet) for sheet in preview.sheets)


def read(path: Path, context: ReadingContext) -> Reading:
    """Read every sheet that holds metrics."""
    sheets = [sheet for sheet in preview(path).sheets if _header(sheet) and _speaks_of_metrics(sheet)]
    if not sheets:
        raise WrongColumns(
            "no column holds area codes beside a metric such as C2",
            source=SOURCE,
            file=path.name,
            expected="columns such as 'Area code', 'Metric', 'Numerator', 'Denominator'",
        )
    parts, taken = [], []
    for sheet in sheets:
        table = read_table(path, sheet.name or None, header_row=_header(sheet))
        layout = _layout(table, _title(sheet))
        parts.append(_long(table, layout, _title(sheet)))
        taken.append(_taken(sheet, layout))
    frame, notes = _keep_metrics(pd.concat(parts, ignore_index=True))
    frame.attrs = {"file": path.name, "sheet": None}
    frame, more = keep_known_areas(frame, context)
    frame = _check_once(_read_figures(frame))
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {max(frame['period_to'])}" if len(frame) else "",
        rows_read=sum(len(part) for part in parts),
        frames={"area": named_places(frame["area_code"]), "observation": to_observations(frame)},
        notes=tuple(taken + notes + more),
    )


def _header(sheet: Sheet) -> int:
    """Row number of the first row with a column of area codes; 0 when there is none."""
    rows = enumerate(sheet.head, start=1)
    return next((at for at, row in rows if sum(1 for cell in row if cell) > 2 and _first(row, _AREA_CODE)), 0)


def _title(sheet: Sheet) -> str:
    above = sheet.head[: _header(sheet) - 1]
    return " ".join([sheet.name, *(cell for row in above for cell in row if cell)])


def _speaks_of_metrics(sheet: Sheet) -> bool:
    header = sheet.head[_header(sheet) - 1]
    if CODE.search(" ".join([_title(sheet), *header])):
        return True
    metric = _first(header, _METRIC)
    if metric is None:
        return False
    at = header.index(metric)
    names = [row[at] for row in sheet.head[_header(sheet) :] if len(row) > at]
    return any(_metric_code(name) in _indicators() or name.casefold() in _names() for name in names)


def _first(names: tuple[str, ...] | list[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in names if pattern.search(_words(name))), None)


def _words(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _names() -> dict[str, str]:
    """Indicator by the names under which it is published."""
    return {name.casefold(): entry.id for entry in catalogue.indicators() for name in entry.published_names}


def _indicators() -> dict[str, str]:
    """Indicator by its code, such as C2."""
    return {entry.hv_code.casefold(): entry.id for entry in catalogue.indicators() if entry.hv_code}


def _metric_code(text: str) -> str:
    match = CODE.search(text)
    return match[0].casefold() if match else ""


def _layout(table: pd.DataFrame, title: str) -> Layout:
    """Find the columns by their words."""
    names = [str(name) for name in table.columns]
    fixed = {
        "area_code": _first(names, _AREA_CODE),
        "area_name": _first(names, _AREA_NAME),
        "period": _first(names, _PERIOD),
        "metric": _first(names, _METRIC),
    }
    blocks: dict[str, dict[str, str]] = {}
    for name in names:
        role = next((role for role, pattern in _ROLES if pattern.search(_words(name))), None)
        if role and name not in fixed.values():
            code = "" if fixed["metric"] else _metric_code(name) or _metric_code(title)
            blocks.setdefault(code, {}).setdefault(role, name)
    if not blocks or not fixed["area_code"]:
        raise WrongColumns(
            "no column holds a number, a percentage or a denominator",
            source=SOURCE,
            file=table.attrs.get("file"),
            sheet=table.attrs.get("sheet"),
            found=", ".join(map(repr, names[:8])),
            expected="columns such as 'Numerator', 'Denominator' and 'Percentage'",
        )
    return Layout(fixed["area_code"], fixed["area_name"], fixed["period"], fixed["metric"], blocks)


def _taken(sheet: Sheet, layout: Layout) -> str:
    columns = [f"{name!r} as {role}" for block in layout.blocks.values() for role, name in block.items()]
    place = f"Sheet {sheet.name!r}" if sheet.name else "The table"
    return f"{place}: read {layout.area_code!r} as area code, {', '.join(columns)}."


def _long(table: pd.DataFrame, layout: Layout, title: str) -> pd.DataFrame:
    """Bring a sheet to one row for each area, period and metric, all still text."""
    parts = []
    for code, block in layout.blocks.items():
        part = pd.DataFrame(
            {
                "row": table.index,
                "sheet": table.attrs.get("sheet") or "",
                "file": table.attrs.get("file") or "",
                "area_code": table[layout.area_code],
                "area_name": table[layout.area_name or layout.area_code],
                "period_text": table[layout.period] if layout.period else title,
                "metric": table[layout.metric] if layout.metric else code,
                **{role: table[block[role]] if role in block else "" for role in (*_FIGURES, "limits")},
            }
        )
        parts.append(part)
    return _read_periods(pd.concat(parts, ignore_index=True), table)


def _read_periods(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    periods: dict[str, Period] = {}
    for text in frame["period_text"].unique():
        period = read_period(text) or find_period(text)
        if period:
            periods[text] = period
    unread = ~frame["period_text"].isin(list(periods))
    if unread.any():
        raise _at(
            table,
            WrongValues(
                f"{unread.sum()} rows name no period that can be read",
                row=int(frame["row"][unread].iloc[0]),
                found=repr(frame["period_text"][unread].iloc[0]),
                expected="2024 to 2025, or Quarter 1 2024 to 2025, in a column or in the title",
            ),
        )
    return with_periods(frame, frame["period_text"], periods)


def _at(table: pd.DataFrame, error: DataError) -> WrongValues:
    """Put the file and sheet of a table on an error."""
    return WrongValues(
        error.problem,
        source=SOURCE,
        file=table.attrs.get("file"),
        sheet=table.attrs.get("sheet"),
        row=error.row,
        column=error.column,
        found=error.found,
        expected=error.expected,
    )


def _keep_metrics(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    codes, names = _indicators(), _names()
    found = {
        text: names.get(text.casefold()) or codes.get(_metric_code(text)) for text in frame["metric"].unique().tolist()
    }
    frame = frame.assign(indicator_id=frame["metric"].map(found), breakdown_type="", breakdown_value="", note="")
    others = sorted(text for text, name in found.items() if name is None)
    if len(others) == len(found):
        raise UnknownName(
            "the file holds no metric that the dashboard uses",
            source=SOURCE,
            file=str(frame["file"].iloc[0]),
            found=join_words(others),
            expected=f"one of {join_words(codes, most=20)}",
        )
    kept = frame.dropna(subset=["indicator_id"])
    left = len(frame) - len(kept)
    return kept, [left_out(left, f"of other metrics ({join_words(others)})")] if left else []


def _read_figures(frame: pd.DataFrame) -> pd.DataFrame:
    frame = _split_limits(frame)
    cells = {name: read_cells(frame[name], _MARKS) for name in _FIGURES}
    for name, column in cells.items():
        if column.unread.any():
            raise _wrong(frame, name, column.unread, "a number or a mark such as * or [x]")
    value = _as_percent(cells["value"].number, cells["numerator"].number, cells["denominator"].number)
    over = cells["numerator"].number > cells["denominator"].number
    if over.any():
        raise _wrong(frame, "numerator", over, "no more than the denominator")
    if (value > 100).any():
        raise _wrong(frame, "value", value > 100, "a percentage from 0 to 100")
    given = cells["value"].number.notna() | cells["numerator"].number.notna()
    marked = [cells[name].status.where(frame[name] != "", "") for name in ("value", "numerator", "denominator")]
    status = join_statuses(marked)
    status = status.mask((status == "") & ~given, "not_collected").mask(given & (status == ""), "shown")
    numbers = {name: column.number for name, column in cells.items()} | {"value": value}
    return frame.assign(**numbers, value_status=status, area_type=area_types(frame["area_code"]))


def _split_limits(frame: pd.DataFrame) -> pd.DataFrame:
    """Read "86.2 to 86.5" as both confidence limits."""
    parts = frame["limits"].str.extract(r"^\s*([\d.]+)\s*(?:to|-|–|,)\s*([\d.]+)\s*$").fillna("")
    lower = frame["lowercl"].mask(frame["lowercl"] == "", parts[0])
    return frame.assign(lowercl=lower, uppercl=frame["uppercl"].mask(frame["uppercl"] == "", parts[1]))


def _as_percent(
    value: pd.Series[float], numerator: pd.Series[float], denominator: pd.Series[float]
) -> pd.Series[float]:
    """Bring shares from 0 to 1, as percentage cells of a workbook are stored, to percentages."""
    share = numerator / denominator
    compared = value.notna() & share.notna() & (share > 0)
    if compared.any():
        return value * 100 if ((value - share).abs() < 0.01)[compared].all() else value
    return value * 100 if value.notna().any() and (value.dropna() <= 1).all() else value


def _wrong(frame: pd.DataFrame, name: str, wrong: pd.Series[bool], expected: str) -> WrongValues:
    first = frame[wrong].iloc[0]
    column = frame.set_index("row")[name].rename(name)
    column.attrs = {"file": first["file"], "sheet": first["sheet"] or None}
    return wrong_values(column, wrong.set_axis(column.index), expected=expected, source=SOURCE)


def _check_once(frame: pd.DataFrame) -> pd.DataFrame:
    """A national row may stand on several sheets; two different figures for one area are refused."""
    once = frame.drop_duplicates([*KEY, *_FIGURES, "value_status"])
    twice = once.duplicated(list(KEY), keep=False)
    if twice.any():
        raise _wrong(once, "metric", twice, "one figure for each area, period and metric")
    return once
