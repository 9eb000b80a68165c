"""Lay reduced responses out as the two returns that may be sent: events under pseudonyms, and counts."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import pandas as pd

from data.catalogue import indicator
from data.catalogue.questionnaire import needs_rule
from data.errors import DataError, WrongColumns, WrongValues
from data.geography.hierarchy import lsoa_frame
from data.intake.buddy_need import NEED, Setting, rule_of_quarter, share_in_need
from data.intake.form_counts import (
    GROUPS,
    MEDIANS,
    NEEDS,
    OF_BOOKINGS,
    SHARES,
    UNMATCHED,
    Form,
    Share,
    has_office_part,
)
from data.intake.reduction import EventRow, made_with
from data.sources.periods import read_period
from data.sources.tables import read_table

EVENTS: Final = ("pseudonym", "event", "month", "lsoa21cd", "supplier", "illustrative")
COUNTS: Final = (
    *("indicator_id", "area_code", "period", "breakdown_type", "breakdown_value", "numerator", "denominator"),
    *("value", "note", "supplier", "illustrative"),
)
LSOA: Final = "lsoa21cd"
Cell = tuple[str, str, str, str]  # area, quarter, kind of group, group
Tally = dict[Cell, list[int]]
Bookings = dict[tuple[str, str], int]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the name in every row, whether others send the same counts, and whether it is all made up."""

    name: str
    one_of_several: bool = False
    illustrative: bool = False

    @property
    def in_counts(self) -> str:
        """The name in the counts: only beside others, for then they are added up."""
        return self.name if self.one_of_several else ""


def quarter_label(day: dt.date) -> str:
    """Name the quarter of the financial year that a day lies in."""
    year = day.year - (day.month < 4)
    return f"{year}/{(year + 1) % 100:02d} Q{(day.month - 4) % 12 // 3 + 1}"


def areas_by_grain() -> dict[str, dict[str, str]]:
    """Give, for each grain, the area that holds each neighbourhood."""
    frame = lsoa_frame()
    codes = frame["lsoa21cd"].astype("str")
    return {
        "lsoa21": dict(zip(codes, codes, strict=True)),
        "msoa21": dict(zip(codes, frame["msoa21cd"].astype("str"), strict=True)),
        "lad": dict(zip(codes, frame["lad24cd"].astype("str"), strict=True)),
    }


# ---- counts ---------------------------------------------------------------------------------------------------------


def count_rows(
    forms: list[Form], bookings: Bookings | None, sender: Sender, agreed: Sequence[Setting] | None = None
) -> tuple[list[dict[str, object]], list[str]]:
    """Make the rows of the long return, and say which indicators were left out and why.

    Who might need a buddy is counted where ``agreed`` is given: what was agreed of its rule, which may be nothing.
    """
    areas, rows, notes = areas_by_grain(), list[Row](), list[str]()
    office = has_office_part(forms)
    for name, share in SHARES.items():
        if office or not share.office:
            rows += share_rows(name, share, forms, areas[indicator(name).area_grain])
    rows += need_rows(forms, areas["lad"])
    if office:
        rows += plain_counts(UNMATCHED, [one for one in forms if one.answers.get("office-match") != "matched"], areas)
    else:
        notes.append("The service's part of the forms is empty, so needs acted on and links are not counted.")
    if sender.one_of_several:
        notes.append("Middle values cannot be added to those of other suppliers, so none is sent.")
    else:
        for name, (who, measure) in MEDIANS.items():
            rows += median_rows(name, [one for one in forms if who(one)], measure, areas["lad"])
    if bookings is None:
        notes.append("Nobody said how many pregnancies were booked, so the share with a form is not counted.")
    else:
        for name, met in OF_BOOKINGS.items():
            rows += booking_rows(name, met, forms, bookings)
    made = made_with()
    if agreed is not None:
        buddies = share_rows(NEED, share_in_need(agreed, quarter_label), forms, areas[indicator(NEED).area_grain])
        rows += [{**row, "note": f"{made}, {rule_of_quarter(agreed, str(row['period'])).version}"} for row in buddies]
    marks = {"supplier": sender.in_counts, "illustrative": _yes(sender.illustrative)}
    return [{"note": made, **row, **marks} for row in rows], notes


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def groups_of(name: str, form: Form) -> Iterator[tuple[str, str]]:
    """Give everyone, and each group of the indicator's breakdowns that the form is in."""
    yield "", ""
    for kind in indicator(name).breakdowns:
        if (kind in GROUPS or kind == "trimester") and (group := form.group(kind)):
            yield kind, group


def share_rows(name: str, share: Share, forms: Iterable[Form], area_of: dict[str, str]) -> Iterator[Row]:
    """Count a share by area, quarter of completion and group."""
    tally: Tally = defaultdict(lambda: [0, 0])
    for form in forms:
        if share.asked(form):
            for kind, group in groups_of(name, form):
                counted = tally[area_of[form.lsoa], quarter_label(form.completed), kind, group]
                counted[0] += share.met(form)
                counted[1] += 1
    for cell, (met, asked) in sorted(tally.items()):
        yield _row(name, cell, numerator=met, denominator=asked)


def need_rows(forms: Iterable[Form], area_of: dict[str, str]) -> Iterator[Row]:
    """Count the needs that forms tell of, together and by kind; a kind that nobody tells of is nought."""
    tally: Tally = defaultdict(lambda: [0, 0])
    kinds = [one.group for one in needs_rule().domains if one.group]
    for form in forms:
        place = area_of[form.lsoa], quarter_label(form.completed)
        needs = form.needs()
        tally[(*place, "", "")][0] += len(needs)
        for group in kinds:
            tally[(*place, "need_domain", group)][0] += group in needs
    for cell, (met, _) in sorted(tally.items()):
        yield _row(NEEDS, cell, numerator=met)


def plain_counts(name: str, forms: Iterable[Form], areas: dict[str, dict[str, str]]) -> Iterator[Row]:
    """Count forms by council and quarter of completion."""
    tally: Tally = defaultdict(lambda: [0, 0])
    for form in forms:
        tally[areas["lad"][form.lsoa], quarter_label(form.completed), "", ""][0] += 1
    for cell, (met, _) in sorted(tally.items()):
        yield _row(name, cell, numerator=met)


def median_rows(
    name: str, forms: Iterable[Form], measure: Callable[[Form], int], area_of: dict[str, str]
) -> Iterator[Row]:
    """Give a middle value by council and quarter, with the number of forms that it rests on."""
    values: dict[Cell, list[int]] = defaultdict(list)
    for form in forms:
        for kind, group in groups_of(name, form):
            values[area_of[form.lsoa], quarter_label(form.completed), kind, group].append(measure(form))
    for cell, several in sorted(values.items()):
        yield _row(name, cell, denominator=len(several), value=f"{median(several):g}")


def booking_rows(name: str, met: Callable[[Form], bool], forms: Iterable[Form], bookings: Bookings) -> Iterator[Row]:
    """Count pregnancies with a form among those booked, in the quarter in which the baby is due."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for form in forms:
        if form.answers.get("about-role") == "birthing-parent" and met(form):
            counted[form.lsoa, quarter_label(form.due)] += 1
    for place, booked in sorted(bookings.items()):
        if counted[place] > booked:
            words = "more forms than booked pregnancies in a neighbourhood and quarter"
            raise WrongValues(words, file="bookings", expected="bookings by the quarter in which the baby is due")
        yield _row(name, (*place, "", ""), numerator=counted[place], denominator=booked)


def _row(name: str, cell: Cell, **figures: object) -> Row:
    area, quarter, kind, group = cell
    return {
        "indicator_id": name,
        "area_code": area,
        "period": quarter,
        "breakdown_type": kind,
        "breakdown_value": group,
        **figures,
    }


def read_bookings(path: Path, known: frozenset[str]) -> Bookings:
    """Read how many pregnancies are booked, less losses: neighbourhood, quarter in which they are due, number."""
    table = read_table(path).rename(columns=str.casefold)
    if missing := [name for name in (LSOA, "period", "bookings") if name not in table.columns]:
        raise WrongColumns("columns are missing", file=path.name, expected=", ".join(missing))
    bookings: Bookings = {}
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        place = _booking_place(row[LSOA], row["period"], known)
        count = str(row["bookings"])
        if place is None or place in bookings or not (count.isascii() and count.isdecimal() and len(count) < 6):
            words = "the neighbourhood, quarter or number is wrong, or stands twice"
            expected = f"{LSOA} of the system, a quarter such as 2025/26 Q1, and a whole number"
            raise WrongValues(words, file=path.name, row=int(str(number)), expected=expected)
        bookings[place] = int(count)
    return bookings


def _booking_place(code: str, label: str, known: frozenset[str]) -> tuple[str, str] | None:
    period = read_period(label)
    if period is None or period.period_type != "quarter" or code not in known:
        return None
    return code, quarter_label(period.period_from)


# ---- files ----------------------------------------------------------------------------------------------------------


def write_events(path: Path, events: Iterable[EventRow], sender: Sender) -> int:
    """Write the events, in an order that tells nothing of when a form came in."""
    rows = sorted(events)
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(EVENTS)
        writer.writerows((*row, sender.name, _yes(sender.illustrative)) for row in rows)
    return len(rows)


def write_counts(path: Path, rows: list[Row]) -> int:
    """Write the counts as a long return."""
    frame = pd.DataFrame(rows, columns=list(COUNTS), dtype="object")
    with path.open("x", encoding="utf-8", newline="") as file:
        frame.to_csv(file, index=False)
    return len(frame)


def check_written(path: Path) -> None:
    """Hold a file that was written to the guard and the reader that will meet it at the door."""
    from data.intake.guard import refuse_identifiers
    from data.sources import read_file

    try:
        refuse_identifiers(path)
        read_file(path)
    except DataError as error:
        problem = f"the file that was made would not be accepted, so nothing is written: {error}"
        raise DataError(problem, todo="Report this; it should not happen") from None
