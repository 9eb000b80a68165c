"""Who sends what, and what is wrong with it: the faults that real returns have, each known and documented.

| fault | sender | what a reader should see |
|---|---|---|
| last quarter missing | family hubs | nothing for 2025/26 Q4: late, not zero |
| neighbourhood missing | digital form | MSOA E02003190 in 2024/25 Q2 has no rows; councils’ groups hold it |
| ethnic group unknown | all | about 9% of people, and fewer of them reached |
| poor completeness | maternity trust B | booking week known for half: ``rights_information_early`` loses the rest |
| failed validation | health visiting, Dorset Council area | ``review_12_months_by_12``, 2023/24 Q3: not usable |
| suppressed before sending | children's social care; treatment | counts of 1 to 7 written as ``*`` |
| definition changed | digital form | ``loneliness`` from 2025/26 Q1: other questions, a higher level |
| collected only from a date | health visiting, family hubs | continuity and relationship courses start later |
| a count without a denominator | health visiting | C1, ``antenatal_contact_count`` |
| groups that stand still | workforce leads | neonatal staff: no new training, so no new learners to ask |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.example.calendar import LAST_QUARTER, Period
from data.example.places import Places

NOTE = "Illustrative: made by a program, not a count of anyone"
LATE = Period(LAST_QUARTER, LAST_QUARTER)
MISSING_BLOCK = ("E02003190", Period(5, 5))
FAILED = ("review_12_months_by_12", Period(2, 2))
REBASED = ("loneliness", Period(8, LAST_QUARTER))
SUPPRESS_FROM, SUPPRESS_TO = 1, 7
SUPPRESSED_TREATMENT = "treatment_started_in_time"
INCOMPLETE = "rights_information_early"


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender that does not exist; ``council`` is 0 (BCP), 1 (Dorset Council area) or None (both)."""

    id: str
    name: str
    part: str
    council: int | None = None


SENDERS = (
    Sender("health_visiting_bcp", "Health visiting provider, BCP (illustrative)", "health_visiting", 0),
    Sender(
        "health_visiting_dorset", "Health visiting provider, Dorset Council area (illustrative)", "health_visiting", 1
    ),
    Sender("maternity_trust_a", "Maternity trust A (illustrative)", "maternity", 0),
    Sender("maternity_trust_b", "Maternity trust B (illustrative)", "maternity", 1),
    Sender("digital_form", "Digital form supplier (illustrative)", "digital_form"),
    Sender("family_hubs", "Family hubs (illustrative)", "family_hubs"),
    Sender("buddies", "Parent buddy programme (illustrative)", "buddies"),
    Sender("parent_infant_team", "Parent-infant relationship team (illustrative)", "parent_infant_team"),
    Sender("social_care_bcp", "Children’s social care, BCP (illustrative)", "social_care", 0),
    Sender("social_care_dorset", "Children’s social care, Dorset Council area (illustrative)", "social_care", 1),
    Sender("workforce", "Workforce leads (illustrative)", "workforce"),
    Sender("programme", "Programme office (illustrative)", "programme"),
)


def sent_by(sender: Sender, rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Keep the rows of a sender's own council area."""
    if sender.council is None:
        return rows
    lad = places.lad_of % 2 == sender.council
    own = {str(code) for grain in ("lsoa", "msoa", "lad") for code in _codes(places, grain)[lad]}
    return rows[rows["area_code"].isin(own)]


def _codes(places: Places, grain: str) -> np.typing.NDArray[np.str_]:
    return places.codes(grain)[places.parent_of("lsoa21" if grain == "lsoa" else grain)]


def with_faults(sender: Sender, rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Write the numbers as text, as a return holds them, and put in the faults of this sender."""
    rows = _drop_missing(sender, rows, places)
    text = {name: as_text(rows[name]) for name in ("numerator", "denominator", "value")}
    small = rows["numerator"].between(SUPPRESS_FROM, SUPPRESS_TO)
    hidden = small & ((sender.part == "social_care") | (rows["indicator_id"] == SUPPRESSED_TREATMENT))
    text["numerator"] = text["numerator"].mask(hidden, "*")
    note = pd.Series(NOTE, index=rows.index, dtype="str").mask(hidden, f"{NOTE}. Hidden by the sender")
    if sender.id == "health_visiting_dorset":
        failed = (rows["indicator_id"] == FAILED[0]) & _during(rows, FAILED[1])
        text["numerator"] = text["numerator"].mask(failed, "failed validation")
        note = note.mask(failed, f"{NOTE}. The counts failed the sender’s checks")
    rebased = (rows["indicator_id"] == REBASED[0]) & _during(rows, REBASED[1])
    note = note.mask(rebased, f"{NOTE}. Break in the series: asked with other questions from April 2025")
    if sender.id == "maternity_trust_b":
        incomplete = rows["indicator_id"] == INCOMPLETE
        note = note.mask(incomplete, f"{NOTE}. Week of booking is missing for about half of women")
    return rows.assign(**text, note=note, illustrative="yes").reset_index(drop=True)


def _drop_missing(sender: Sender, rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    if sender.id == "family_hubs":
        return rows[~_during(rows, LATE)]
    if sender.id == "digital_form":
        msoa, span = MISSING_BLOCK
        gone = {msoa, *places.lsoa[places.msoa[places.msoa_of] == msoa].tolist()}
        return rows[~(rows["area_code"].isin(gone) & _during(rows, span))]
    return rows


def _during(rows: pd.DataFrame, span: Period) -> pd.Series[bool]:
    """Tell which rows lie within a span of quarters."""
    first, last = span.period_from.isoformat(), span.period_to.isoformat()
    return (rows["period_from"] >= first) & (rows["period_to"] <= last)


def as_text(numbers: pd.Series[float]) -> pd.Series[str]:
    """Write numbers as a person would: whole ones without a point, missing ones as nothing."""
    position, known = pd.factorize(numbers.to_numpy())
    words = np.array([f"{number:.0f}" if number == round(number) else f"{number:.10g}" for number in known] + [""])
    return pd.Series(words[position].astype(object), index=numbers.index, dtype="str")
