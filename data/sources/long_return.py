"""Read the long return: a row for each indicator, area, period and group. Every problem is found before any is told."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from data import catalogue
from data.errors import DataError, DataErrors, EmptyFile, UnknownName, WrongColumns
from data.sources.long_return_checks import (
    FIGURE_RULES,
    area_rules,
    check_breakdowns,
    check_once,
    check_rules,
    check_supplier,
    problem,
)
from data.sources.long_return_totals import check_totals
from data.sources.markers import join_statuses, read_cells
from data.sources.observations import NUMBERS, area_types, left_out, to_observations, with_periods
from data.sources.periods import Period, period_type, read_day, read_period
from data.sources.places import named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, Sheet, preview, read_table, require_columns

SOURCE_ID = "first1001_long_return"
ACCEPTS = "the long return (CSV, XLSX or ODS), from the template"
SOURCE = "Long return"

REQUIRED = ("indicator_id", "area_code", "numerator", "denominator")
OPTIONAL = (
    "period",
    "period_from",
    "period_to",
    "breakdown_type",
    "breakdown_value",
    "value",
    "lowercl",
    "uppercl",
    "note",
    "supplier",
    "illustrative",
)
EXAMPLE = "example"
_TRUE, _FALSE = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}


def recognises(preview: Preview) -> bool:
    """Recognise the return by its first two columns."""
    return preview.kind in {"text", "xlsx", "ods"} and _sheet(preview) is not None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read and check the whole return; raises DataErrors with every problem."""
    frame, examples = _read_rows(path)
    problems = [*_check_columns(frame), *_check_indicators(frame)]
    frame = frame[frame["indicator_id"].isin(_known())]
    if len(frame):
        frame, found = _check_rows(frame, context)
        problems += found
    if problems:
        raise DataErrors(problems, file=path.name)
    notes = [left_out(examples, "marked as an example")] if examples else []
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {max(frame['period_to'])}",
        rows_read=len(frame) + examples,
        frames={"area": named_places(frame["area_code"]), "observation": _with_rows(to_observations(frame), frame)},
        notes=tuple(notes),
        illustrative=bool((frame["illustrative"] == "yes").all()),
        supplier=str(frame["supplier"].iloc[0]),
    )


def _with_rows(observations: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the row numbers of the file, so that what the store says of a row can be told where it stands."""
    observations.index, observations.attrs = frame.index, dict(frame.attrs)
    return observations


def _check_rows(frame: pd.DataFrame, context: ReadingContext) -> tuple[pd.DataFrame, list[DataError]]:
    """Read every column of the rows with a known indicator and collect what is wrong with each."""
    frame, problems = _read_periods(frame)
    frame, more = _read_figures(frame)
    problems += more
    frame = frame.assign(area_type=area_types(frame["area_code"]))
    frame, more = check_breakdowns(frame)
    problems += more
    problems += check_rules(frame, [*area_rules(frame, context), *FIGURE_RULES])
    problems += check_supplier(frame)
    problems += check_once(frame)
    problems += check_totals(frame, context)
    frame, more = _read_illustrative(frame)
    return frame, problems + more


def _sheet(seen: Preview) -> Sheet | None:
    """The first sheet with the return's columns that is not the worked example."""
    for sheet in seen.sheets:
        if sheet.name.strip().casefold() != EXAMPLE and _header(sheet):
            return sheet
    return None


def _header(sheet: Sheet) -> int:
    rows = enumerate(sheet.head, start=1)
    return next((at for at, row in rows if {"indicator_id", "area_code"} <= {_plain(cell) for cell in row}), 0)


def _plain(name: str) -> str:
    plain = "_".join(name.casefold().replace("_", " ").split())
    return "indicator_id" if plain == "indicator" else plain


def _read_rows(path: Path) -> tuple[pd.DataFrame, int]:
    sheet = _sheet(preview(path))
    if sheet is None:
        raise WrongColumns(
            "the columns of the long return are missing",
            source=SOURCE,
            file=path.name,
            expected=", ".join((*REQUIRED, *OPTIONAL)),
            todo="Use the template",
        )
    table = read_table(path, sheet.name or None, header_row=_header(sheet))
    attrs = table.attrs
    table = require_columns(table.rename(columns=_plain), REQUIRED, source=SOURCE)
    for name in OPTIONAL:
        if name not in table:
            table[name] = ""
    example = table["note"].str.casefold().str.startswith(EXAMPLE)
    frame = table[~example].copy()
    codes = {text: re.sub(r"^([A-Z]\d{8})\s.*$", r"\1", text) for text in frame["area_code"].unique().tolist()}
    frame["area_code"] = frame["area_code"].map(codes)
    frame.attrs = attrs
    if frame.empty:
        raise EmptyFile("the return holds no rows", source=SOURCE, file=path.name, sheet=sheet.name or None)
    return frame, int(example.sum())


# ---- indicators -----------------------------------------------------------------------------------------------------


def _known() -> list[str]:
    """Indicators that are sent in by this return, rather than by a register, a publisher or nobody."""
    return [entry.id for entry in catalogue.indicators() if entry.returned_by == "long_return"]


def _check_columns(frame: pd.DataFrame) -> list[DataError]:
    """Refuse columns that nobody asked for: what they hold is not known."""
    unknown = [name for name in frame.columns if name not in (*REQUIRED, *OPTIONAL) and not name.startswith("column_")]
    return [
        WrongColumns(
            f"there is no column {name!r} in this return",
            source=SOURCE,
            file=frame.attrs.get("file"),
            sheet=frame.attrs.get("sheet"),
            column=name,
            expected=", ".join((*REQUIRED, *OPTIONAL)),
            todo="Delete the column, or use the template",
        )
        for name in unknown
    ]


def _check_indicators(frame: pd.DataFrame) -> list[DataError]:
    names = frame["indicator_id"]
    known = _known()
    return [_unknown_indicator(frame, name, known) for name in names[~names.isin(known)].unique()]


def _unknown_indicator(frame: pd.DataFrame, name: str, known: list[str]) -> DataError:
    wrong = frame["indicator_id"] == name
    other = next((entry.returned_by for entry in catalogue.indicators() if entry.id == name), None)
    if other:
        words = f"{name!r} is not sent in this return; it comes from {_sender(other)}"
        return problem(frame, "indicator_id", wrong, words, todo="Delete these rows", kind=UnknownName)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    todo = f"Did you mean {' or '.join(map(repr, close))}" if close else "Choose an indicator from the template's list"
    words = f"there is no indicator {name!r}" if name else "the indicator is missing"
    return problem(frame, "indicator_id", wrong, words, todo=todo, kind=UnknownName)


def _sender(returned_by: str) -> str:
    names = {entry.id: entry.name for entry in catalogue.registers()}
    names |= {entry.id: entry.name for entry in catalogue.sources()}
    return repr(names[returned_by])


# ---- periods --------------------------------------------------------------------------------------------------------


def _read_periods(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[DataError]]:
    """Read a label, or two dates; a label may also stand in period_from alone."""
    labels = frame["period"] + "\x1f" + frame["period_from"] + "\x1f" + frame["period_to"]
    periods = {label: period for label in labels.unique() if (period := _period(*label.split("\x1f")))}
    unread = ~labels.isin(list(periods))
    column = "period" if (frame["period"] != "").any() else "period_from"
    problems = []
    if unread.any():
        found = labels[unread].iloc[0].strip("\x1f").replace("\x1f", " ").strip()
        problems = [
            problem(
                frame,
                column,
                unread,
                "the period cannot be read",
                found=repr(found) if found else "nothing",
                todo="Write a label such as 2025/26 Q4, or the first and the last day of a quarter or a year",
            )
        ]
    return with_periods(frame.drop(columns=["period_from", "period_to"]), labels, periods), problems


def _period(label: str, first: str, last: str) -> Period | None:
    start, end = read_day(first), read_day(last)
    if start and end:
        kind = period_type(start, end) if start <= end else ""
        return Period(kind, start, end) if kind else None
    if last and not label:
        return None
    read = read_period(label or first)
    return None if read is None or read.period_type == "other" else read


# ---- figures --------------------------------------------------------------------------------------------------------


def _read_figures(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[DataError]]:
    """Read numbers and marks; a row's status is that of its marks, and an empty row was not collected."""
    cells = {name: read_cells(frame[name]) for name in NUMBERS}
    problems = [
        problem(
            frame,
            name,
            column.unread,
            "this is neither a number nor a known mark",
            todo="Write a number, * for suppressed, [x] for not collected or [z] for not applicable",
        )
        for name, column in cells.items()
        if column.unread.any()
    ]
    marked = [cells[name].status.where(frame[name] != "", "") for name in ("numerator", "denominator", "value")]
    status = join_statuses(marked)
    empty = cells["numerator"].number.isna() & cells["value"].number.isna()
    plain = status == ""
    status = status.mask(plain & empty, "not_collected").mask(plain & ~empty, "shown")
    numbers = {name: column.number for name, column in cells.items()}
    return frame.assign(**numbers, value_status=status), problems


def _read_illustrative(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[DataError]]:
    words = frame["illustrative"].str.casefold()
    wrong = ~words.isin([*_TRUE, *_FALSE])
    if wrong.any():
        found = problem(frame, "illustrative", wrong, "this is neither yes nor no", todo="Write yes or no")
        return frame, [found]
    frame = frame.assign(illustrative=words.isin(list(_TRUE)).map({True: "yes", False: "no"}))
    if frame["illustrative"].nunique() < 2:
        return frame, []
    mixed = frame["illustrative"] == "yes"
    words_mixed = "illustrative rows stand beside real ones"
    return frame, [problem(frame, "illustrative", mixed, words_mixed, todo="Send them in two files")]
