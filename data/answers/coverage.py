"""Which return from whom for which period has arrived, is late, missing or was refused, and how complete it is."""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.arrivals import CELL, all_indicators, arrived_cells, expectations, expected_cells
from data.answers.group_periods import select_groups
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.register_arrivals import RULE, register_rows
from data.answers.words import join_words
from data.catalogue import expected, late_rule, source
from data.store import coverage as stored
from data.store.state import revision
from data.store.submissions import select_submissions

if TYPE_CHECKING:
    import sqlalchemy as sa

#: What became of a return, with the sign that stands before the word so that it never rests on colour.
STATES: Final = {
    "arrived": ("●", "Arrived"),
    "in part": ("◐", "In part"),
    "refused": ("■", "Refused"),
    "not due": ("○", "Not due yet"),
    "late": ("▲", "Late"),
    "missing": ("×", "Missing"),
}
HOW_OFTEN: Final = {"quarter": "Each quarter", "year": "Each financial year"}
OUTSTANDING: Final = ("refused", "late", "missing")
UNKNOWN: Final = "Unknown"
WHO_SENDS: Final = (
    "‘From whom’ says who is expected to send a return for that place. Where a return names its supplier, so does the "
    "grid. When several suppliers send for one place, it can’t be told whether all of them have."
)
WHAT_COUNTS: Final = (
    "A return has arrived when all its indicators have rows, for every neighbourhood of the place if it is sent by "
    "neighbourhood. It is in part when some are missing. A row that says ‘not collected’ counts as arrived."
)


def coverage(on: str = "", refused: str = "") -> Answer:
    """Show the grid: one row for each part, place and period. ``on`` is the day to count from, today if empty.

    ``refused`` is the number of the newest refusal: it only tells one state of the trail from another.
    """
    with reading() as connection:
        day, drawn_as_on = day_of(connection, on)
        table, submissions = grid(revision(connection), day, refused)
        counts = table["state"].value_counts()
        due = int(len(table) - counts.get("not due", 0))
        parts = [f"{counts[name]:,} {words}" for name, words in _COUNTED.items() if counts.get(name, 0)]
        finding = f"Of {due:,} returns that were due by {_say(day)}: {join_words(parts)}."
        return make_answer(
            connection,
            question="Which return from whom for which period has arrived?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=submissions,
            people=False,
            notes=(late_rule().statement, WHAT_COUNTS, RULE, WHO_SENDS, *drawn_as_on),
        )


_COUNTED: Final = {
    "arrived": "arrived whole",
    "in part": "arrived in part",
    "late": "late",
    "missing": "missing",
    "refused": "refused",
}


def day_of(connection: sa.Connection, on: str) -> tuple[dt.date, tuple[str, ...]]:
    """Give the day to count from: where all is illustrative, soon after its last period, which lies in the past."""
    day = dt.date.fromisoformat(on) if on else dt.datetime.now(tz=dt.UTC).date()
    newest = stored.newest_period(connection, all_indicators())
    if newest is None or not newest[1]:
        return day, ()
    as_of = dt.date.fromisoformat(newest[0]) + dt.timedelta(days=late_rule().late_after_days + 1)
    if day <= as_of:
        return day, ()
    note = f"All that has come in is illustrative and ends long ago, so the grid is drawn as on {_say(as_of)}."
    return as_of, (note,)


@lru_cache(maxsize=2)
def grid(at: str, on: dt.date, refused: str) -> tuple[pd.DataFrame, list[int]]:
    """Join what is expected with what has come in and what was refused; kept for both answers that rest on it."""
    del at, refused  # only tell one state of the store from another
    with reading() as connection:
        cells = expected_cells(on)
        came = arrived_cells(connection, cells["period_to"].min())
        cells = pd.concat([cells.merge(came, on=CELL, how="left"), register_rows(connection, on)], ignore_index=True)
        turned_away, names = refused_cells(connection), named_suppliers(connection)
    cells["came_from"] = [_came_from(numbers, names) for numbers in cells["submissions"]]
    cells["state"] = [_state(row, on, turned_away) for row in cells.to_dict("records")]
    cells["illustrative"] = cells["illustrative"].eq(True)
    came_in = cells.loc[cells["rows"] > 0, "illustrative"]
    mixed = bool(came_in.any() and not came_in.all())
    cells["words"] = [_words(row, mixed) for row in cells.to_dict("records")]
    numbers = sorted({number for row in cells["submissions"].dropna() for number in row})
    for name in ("indicators", "rows", "not_collected", "failed", "areas", "areas_expected"):
        cells[name] = cells[name].astype("float64")
    cells["late_from"] = cells["late_from"].map(lambda day: day.isoformat())
    return cells.drop(columns=["submissions", "missing_from", "area_type"]), numbers


def named_suppliers(connection: sa.Connection) -> dict[int, str]:
    """Give the supplier of each submission that names one of its own."""
    listed = select_submissions(connection)
    return {
        int(row["id"]): str(row["supplier"])
        for row in listed.to_dict("records")
        if row["supplier"] not in {"", source(row["source_id"]).supplier}
    }


def _came_from(numbers: object, names: dict[int, str]) -> str:
    """Name the suppliers of what came in for a cell, where they are named."""
    known = [names[number] for number in numbers if number in names] if isinstance(numbers, tuple) else []
    return ", ".join(dict.fromkeys(known))


def _state(row: dict[Any, Any], on: dt.date, turned_away: set[tuple[str, str, str]]) -> str:
    if row["rows"] > 0:
        whole = row["indicators"] == row["indicators_expected"] and not row["areas"] < row["areas_expected"]
        return "arrived" if whole else "in part"
    if (row["part_id"], row["place"], row["period_to"]) in turned_away:
        return "refused"
    if on < row["late_from"]:
        return "not due"
    return "late" if on < row["missing_from"] else "missing"


def _words(row: dict[Any, Any], mixed: bool) -> str:
    """Say what became of a return, what of it is there, and, beside real ones, that it is illustrative."""
    said = STATES[row["state"]][1]
    if row["state"] == "in part" and row["indicators"] < row["indicators_expected"]:
        said = f"{said}: {row['indicators']:.0f} of {row['indicators_expected']} indicators"
    elif row["state"] == "in part":
        said = f"{said}: {row['areas']:.0f} of {row['areas_expected']:.0f} neighbourhoods"
    return f"{said} (illustrative)" if mixed and row["illustrative"] else said


def refused_cells(connection: sa.Connection) -> set[tuple[str, str, str]]:
    """Give the parts, places and periods that a refused file was about, as far as it could be told."""
    details = stored.select_refusals(connection)["detail"]
    return {(part, place, last) for detail in details for part, place, last in _about(detail)}


def _about(detail: dict[str, Any]) -> list[list[str]]:
    """Read the cells that a refusal names; each is a part, a place and the last day of a period."""
    return [cell.split(" ") for cell in detail.get("about", ())]


def completeness(on: str = "", refused: str = "") -> Answer:
    """Say, for each part and place, how much of what was expected is there and how much of it is unknown."""
    with reading() as connection:
        day, drawn_as_on = day_of(connection, on)
        cells, submissions = grid(revision(connection), day, refused)
        due = cells.loc[cells["state"] != "not due"]
        rows = [_complete(group) for _, group in due.groupby(["part_id", "place", "cadence"], sort=False)]
        table = pd.DataFrame(rows, columns=_COMPLETE).merge(unknown_shares(connection), on=CELL[:3], how="left")
        table["how_often"] = table["cadence"].map(HOW_OFTEN)
        for name in ("areas", "not_collected", "failed", "unknown_ethnic_group", "unknown_language"):
            table[name] = [_percent(share) for share in table[name]]
        finding = _how_complete(due)
        return make_answer(
            connection,
            question="How complete is what has arrived, and how much of it is unknown?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=submissions,
            people=True,
            notes=drawn_as_on,
        )


_COMPLETE: Final = [
    *("part_id", "part", "sender", "place", "place_label", "cadence"),
    *("returns", "returns_due", "periods", "areas", "not_collected", "failed"),
]


def _complete(cells: pd.DataFrame) -> dict[str, Any]:
    first, came = cells.iloc[0], cells.loc[cells["rows"] > 0]
    rows = came["rows"].sum()
    here = len(came)
    return {
        **{name: first[name] for name in ("part_id", "part", "sender", "place", "place_label", "cadence")},
        "returns": here,
        "returns_due": len(cells),
        "periods": f"{here} of {len(cells)}",
        "areas": _share(came["areas"].sum(), came["areas_expected"].sum()),
        "not_collected": _share(came["not_collected"].sum(), rows),
        "failed": _share(came["failed"].sum(), rows),
    }


def _share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else float("nan")


def _how_complete(due: pd.DataFrame) -> str:
    came = due.loc[due["rows"] > 0]
    if came.empty:
        return "Nothing has arrived yet, so there is no completeness to say."
    heard = _share(came["areas"].sum(), came["areas_expected"].sum())
    failed = _share(came["failed"].sum() + came["not_collected"].sum(), came["rows"].sum())
    return (
        f"{_percent(_share(len(came), len(due)))} of the returns that were due have arrived, whole or in part. "
        f"{_percent(heard)} of the neighbourhoods that should be in them are. "
        f"{_percent(failed)} of their rows say ‘not collected’ or failed the sender’s checks."
    )


def _percent(share: float) -> str:
    """Write a share so that nearly all is not called all, and a little not nothing."""
    if math.isnan(share):
        return "–"
    if 99 < share < 100:
        return "more than 99%"
    return "less than 1%" if 0 < share < 1 else f"{share:.0f}%"


def unknown_shares(connection: sa.Connection) -> pd.DataFrame:
    """Give how many of those counted have no known group; from released, protected figures only.

    They are those of the newest year, or of three years where too few groups can be shown by year.
    """
    rows = []
    for one in expectations():
        released = select_groups(connection, one.indicators, "year", latest=True)
        for place in one.places:
            here = released.loc[released["area_code"] == place.code]
            shares = {f"unknown_{kind}": _unknown(here, kind) for kind in ("ethnic_group", "language")}
            rows.append({"part_id": one.part.id, "cadence": one.cadence, "place": place.code, **shares})
    return pd.DataFrame(rows)


def _unknown(released: pd.DataFrame, kind: str) -> float:
    groups = released.loc[(released["breakdown_type"] == kind) & released["denominator"].notna()]
    unknown = groups.loc[groups["breakdown_value"] == UNKNOWN]
    same = groups.loc[groups["indicator_id"].isin(unknown["indicator_id"])]
    return _share(unknown["denominator"].sum(), same["denominator"].sum())


def refusals(refused: str = "") -> Answer:
    """List the files that were refused: when, which part they were about, and what kinds of problems they had."""
    del refused
    with reading() as connection:
        entries = stored.select_refusals(connection)
        rows = [_refusal(entry) for entry in entries.to_dict("records")]
        table = pd.DataFrame(rows, columns=["at", "about", "problems", "kinds"])
        finding = "No file has been refused."
        if len(table):
            finding = f"{_files(len(table))} refused. Nothing was loaded from {'it' if len(table) == 1 else 'them'}."
        return make_answer(
            connection,
            question="Which files were refused, and why?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=(),
            people=False,
        )


def _files(count: int) -> str:
    return "1 file was" if count == 1 else f"{count:,} files were"


def _refusal(entry: dict[Any, Any]) -> dict[str, Any]:
    detail, names = entry["detail"], {part.id: part.name for part in expected()}
    about = dict.fromkeys(names[part] for part, _, _ in _about(detail) if part in names)
    kinds = [f"{count:,} {words}" for words, count in detail.get("kinds", {}).items()]
    return {
        "at": str(entry["at"])[:16],
        "about": ", ".join(about) or "Could not be told",
        "problems": int(detail.get("problems", 0)),
        "kinds": "; ".join(kinds) or "–",
    }


def last_refusal() -> str:
    """Give a token that changes when a file is refused, so that answers about refusals are asked again."""
    with reading() as connection:
        return str(stored.last_refusal(connection))


def _say(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
