"""Local return: events of pathways under pseudonyms, as one supplier sees them. Every problem is told at once.

A file is a supplier's complete picture, and takes the place of the one before. No pseudonym is ever repeated in words.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue.pathway import LEAVING, pathway
from data.errors import DataError, DataErrors, EmptyFile, WrongColumns, WrongValues
from data.sources.footprint import known_lsoa21
from data.sources.observations import join_words
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import LAST_LSOA11, Preview, Sheet, preview, read_table, require_columns

SOURCE_ID = "pathway_events"
ACCEPTS = "pathway events under pseudonyms (CSV, XLSX or ODS), from the template or the reduce command"
SOURCE = "Pathway events"

REQUIRED: Final = ("pseudonym", "event", "month", "lsoa21cd", "supplier")
OPTIONAL: Final = ("illustrative",)
EXAMPLE: Final = "example"
KEY: Final = ["pseudonym", "event", "month"]
FIRST_MONTH: Final = "2010-01"
#: Two births of one parent lie at least this many months apart; twins are one row.
BETWEEN_BIRTHS: Final = 6
AFTER_BIRTH: Final = ("new_birth_visit", "review_6_8_weeks", "review_12_months", "review_2_years")
_YES: Final = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_SHOWN: Final = 3


def recognises(preview: Preview) -> bool:
    """Recognise the return by its first three columns."""
    return preview.kind in {"text", "xlsx", "ods"} and _sheet(preview) is not None


def _sheet(seen: Preview) -> tuple[Sheet, int] | None:
    """The first sheet with the return's columns that is not the worked example, and its row of names."""
    for sheet in seen.sheets:
        if sheet.name.strip().casefold() != EXAMPLE and (row := sheet.row_with(("pseudonym", "event", "month"))):
            return sheet, row
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read and check every event; raises DataErrors with every problem."""
    frame = _read_rows(path)
    problems = [
        *_check_pseudonyms(frame),
        *_check_events(frame),
        *_check_months(frame),
        *_check_areas(frame, context),
        *_check_supplier(frame),
        *_check_illustrative(frame),
        *_check_once(frame),
    ]
    if not problems:
        problems = list(_check_orders(frame))
    if problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems, file=path.name)
    events = frame[KEY].assign(area_code=frame["lsoa21cd"].where(frame["lsoa21cd"] != "", None))
    return Reading(
        source_id=SOURCE_ID,
        edition=f"months to {frame['month'].max()}",
        rows_read=len(frame),
        frames={"pathway_event": events.reset_index(drop=True)},
        notes=(_people(frame),),
        illustrative=bool(frame["illustrative"].map(_YES).all()),
        supplier=str(frame["supplier"].iloc[0]),
    )


def _people(frame: pd.DataFrame) -> str:
    """Say what the file is in numbers, which tell nothing of anybody."""
    first, last = frame["month"].min(), frame["month"].max()
    kinds = frame["event"].nunique()
    many = "1 kind" if kinds == 1 else f"{kinds} kinds"
    return f"It holds {many} of event from {first} to {last}, and names nobody."


def _read_rows(path: Path) -> pd.DataFrame:
    found = _sheet(preview(path))
    if found is None:
        raise WrongColumns("the columns of the pathway events are missing", source=SOURCE, file=path.name)
    table = read_table(path, found[0].name or None, header_row=found[1]).rename(columns=str.casefold)
    table = require_columns(table, REQUIRED, source=SOURCE)
    if "illustrative" not in table:
        table["illustrative"] = "no"
    asked = (*REQUIRED, *OPTIONAL)
    unknown = [name for name in map(str, table.columns) if name not in asked and not name.startswith("column ")]
    if unknown:
        raise WrongColumns(
            f"there {'is 1 column' if len(unknown) == 1 else f'are {len(unknown)} columns'} that nobody asked for",
            source=SOURCE,
            file=path.name,
            expected=", ".join(asked),
            todo="Delete what was not asked for, or use the template",
        )
    if table.empty:
        raise EmptyFile("the return holds no rows", source=SOURCE, file=path.name)
    table["pseudonym"] = table["pseudonym"].str.casefold()
    table["illustrative"] = table["illustrative"].str.casefold().replace("", "no")
    table["month"] = _without_first_day(table["month"])
    return table


def _without_first_day(months: pd.Series[str]) -> pd.Series[str]:
    """A spreadsheet makes the first of the month out of 2025-04; where every row says so, no day was meant."""
    first = r"(\d{4}-\d{2})-01(?:[ T]00:00:00)?"
    whole = bool((months.str.fullmatch(first) | months.str.fullmatch(r"\d{4}-\d{2}")).all())
    return months.str.replace(rf"^{first}$", r"\1", regex=True) if whole else months


def _wrong(
    frame: pd.DataFrame,
    column: str,
    wrong: pd.Series[bool],
    words: str,
    *,
    todo: str | None = None,
    expected: str | None = None,
    show: bool = True,
) -> list[DataError]:
    """Give one problem for all rows that have it; what stands in a pseudonym's column is never shown."""
    rows = [int(str(row)) for row in frame.index[wrong]]
    if not rows:
        return []
    found = (
        join_words(map(repr, frame.loc[wrong, column].str.slice(0, 40).unique().tolist()[:_SHOWN])) if show else None
    )
    many = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
    return [
        WrongValues(
            f"{words} ({many})",
            source=SOURCE,
            file=frame.attrs.get("file"),
            sheet=frame.attrs.get("sheet"),
            row=rows[0],
            rows=rows,
            column=column,
            found=found,
            expected=expected,
            todo=todo,
        )
    ]


# ---- each column ----------------------------------------------------------------------------------------------------


def _check_pseudonyms(frame: pd.DataFrame) -> list[DataError]:
    wrong = ~frame["pseudonym"].str.fullmatch("[0-9a-f]{64}")
    words = "this is no pseudonym: it must be 64 hexadecimal digits"
    return _wrong(frame, "pseudonym", wrong, words, todo="Make pseudonyms with python -m data pseudonym", show=False)


def _check_events(frame: pd.DataFrame) -> list[DataError]:
    names = [one.id for one in pathway().events]
    wrong = ~frame["event"].isin(names)
    return _wrong(frame, "event", wrong, "there is no such event", expected=f"one of {', '.join(names)}")


def _check_months(frame: pd.DataFrame) -> list[DataError]:
    written = frame["month"].str.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])")
    problems = _wrong(
        frame, "month", ~written, "this is no month", expected="a year and a month, such as 2025-04", todo=NO_DAYS
    )
    today = f"{dt.datetime.now(tz=dt.UTC).date():%Y-%m}"
    ahead = written & ((frame["month"] > today) | (frame["month"] < FIRST_MONTH))
    words = "this month lies in the future, or long before the pathway began"
    return [*problems, *_wrong(frame, "month", ahead, words, expected=f"a month from {FIRST_MONTH} to {today}")]


NO_DAYS: Final = "Send months only: a day could identify somebody"


def _check_areas(frame: pd.DataFrame, context: ReadingContext) -> list[DataError]:
    """The neighbourhood must be one of the system's, of 2021; only an end may be without."""
    codes = frame["lsoa21cd"]
    missing = (codes == "") & ~frame["event"].isin(LEAVING)
    unknown = (codes != "") & ~codes.isin(known_lsoa21(context))
    old = unknown & codes.str.fullmatch(r"E01\d{6}") & (codes <= LAST_LSOA11)
    words = "the neighbourhood is missing"
    elsewhere = "this is no 2021 neighbourhood (LSOA) of the system"
    todo = "Leave out families who live elsewhere; look up the LSOA of Census 2021"
    return [
        *_wrong(frame, "lsoa21cd", missing, words, expected="an LSOA code such as E01015272", show=False),
        *_wrong(frame, "lsoa21cd", unknown & ~old, elsewhere, todo=todo),
        *_wrong(frame, "lsoa21cd", old, f"{elsewhere}; it may be one of 2011", todo=todo),
    ]


def _check_supplier(frame: pd.DataFrame) -> list[DataError]:
    names = frame["supplier"]
    other = (names.str.casefold() != names.iloc[0].casefold()) | (names == "")
    todo = "Send one file for each supplier, with its name in every row"
    return _wrong(frame, "supplier", other, "the supplier is missing, or there is more than one", todo=todo, show=False)


def _check_illustrative(frame: pd.DataFrame) -> list[DataError]:
    words = frame["illustrative"]
    made_up = words.isin([word for word, yes in _YES.items() if yes])
    mixed = made_up if not made_up.all() else ~made_up
    todo = "Send them in two files"
    return [
        *_wrong(frame, "illustrative", ~words.isin(list(_YES)), "this is neither yes nor no", todo="Write yes or no"),
        *_wrong(frame, "illustrative", mixed, "illustrative rows stand beside real ones", todo=todo),
    ]


# ---- rows against each other ----------------------------------------------------------------------------------------


def _check_once(frame: pd.DataFrame) -> list[DataError]:
    words = "the same event of the same pseudonym stands twice in one month"
    return _wrong(frame, "event", frame.duplicated(KEY), words, todo="Delete the repeated rows; twins are one row")


def _check_orders(frame: pd.DataFrame) -> list[DataError]:
    """Find what cannot have happened in this order: a review before any birth, and births months apart."""
    months = _month_number(frame["month"])
    births = frame["event"] == "birth"
    first = frame["pseudonym"].map(months[births].groupby(frame.loc[births, "pseudonym"]).min())
    early = frame["event"].isin(AFTER_BIRTH) & (months < first)
    ordered = frame.loc[births].assign(at=months[births]).sort_values(["pseudonym", "at"])
    gap = ordered.groupby("pseudonym")["at"].diff().reindex(frame.index)
    close = gap.between(1, BETWEEN_BIRTHS - 1)
    words = f"two births of one parent lie less than {BETWEEN_BIRTHS} months apart"
    return [
        *_wrong(frame, "month", early, "this visit or review comes before the birth", todo="Check the two months"),
        *_wrong(frame, "month", close, words, todo="Check the months; twins are one row, in the month of the first"),
    ]


def _month_number(months: pd.Series[str]) -> pd.Series[int]:
    """Count months from the year 0, so that ages can be taken."""
    numbers: pd.Series[int] = months.str.slice(0, 4).astype("int64") * 12 + months.str.slice(5, 7).astype("int64") - 1
    return numbers
