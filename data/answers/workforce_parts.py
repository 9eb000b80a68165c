"""The parts of the workforce page beside groups and trajectory: courses, practice, and care after need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figure_parts import GIVEN, figures_of, groups_of
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.pregnancy import bars_alternative
from data.answers.series import chosen
from data.answers.words import join_words
from data.catalogue.definitions import Place
from data.errors import UnknownName

NO_FIGURE: Final = "No data yet: nobody has sent in any of these figures."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its question, its indicators in order, those shown by group, and what a reader must know."""

    question: str
    indicators: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


PARTS: Final[dict[str, Part]] = {
    "courses": Part(
        "Which courses were taken, and were their places filled?",
        (
            "dorpip_course_completed",
            "dorpip_share_of_trained",
            "dorpip_places_filled",
            "training_three_topics",
            "training_places_used",
            "training_lapsed",
        ),
        (
            ("dorpip_course_completed", "workforce_group"),
            ("dorpip_share_of_trained", "workforce_group"),
            ("training_three_topics", "workforce_group"),
            ("training_places_used", "workforce_group"),
        ),
        ("The DorPIP one-day course is one of several ways to be trained. A one-day course shows attendance.",),
    ),
    "practice": Part(
        "Do staff understand more, stay, and see the baby?",
        (
            "imh_understanding_before",
            "imh_understanding",
            "imh_understanding_change",
            "staff_progressed",
            "staff_retained",
            "relationship_practice_standard",
            "baby_seen_in_records",
            "direct_contact_leavers",
            "starters_already_trained",
        ),
        (
            ("imh_understanding_before", "workforce_group"),
            ("imh_understanding", "workforce_group"),
            ("imh_understanding_change", "workforce_group"),
            ("staff_progressed", "workforce_group"),
            ("staff_retained", "workforce_group"),
            ("baby_seen_in_records", "provider"),
        ),
        (
            "Understanding is checked before and after in the same staff, so the change is paired.",
            "Audits cover a sample of records. How they were chosen must be stated with the return.",
        ),
    ),
    "care": Part(
        "Are needs found, confirmed and followed by care?",
        (
            "needs_confirmed",
            "needs_identified_rate",
            "care_after_need",
            "promotion_delivered",
            "treatment_started_in_time",
            "treatment_median_wait",
        ),
        (
            ("needs_confirmed", "workforce_group"),
            ("care_after_need", "ethnic_group"),
            ("care_after_need", "provider"),
            ("promotion_delivered", "contact_type"),
            ("treatment_started_in_time", "provider"),
        ),
        (
            "More needs found can mean more need or better finding, so the rate is not judged.",
            "The mandated reviews stand on the page Pregnancy and pathway.",
        ),
    ),
}


def part_of(name: str) -> Part:
    """Find a part by its name."""
    if name not in PARTS:
        raise UnknownName("the page has no such part", found=name, expected=", ".join(PARTS))
    return PARTS[name]


def workforce_part(part: str, area_code: str) -> Answer:
    """Give the newest figures of one part at one place, with the gap by deprivation where there is one."""
    wanted = part_of(part)
    place = chosen(wanted.indicators[0], area_code)[1]
    with reading() as connection:
        found = figures_of(connection, wanted.indicators, place)
        finding = FINDINGS[part](values_of(found.table), place)
        missing = int((~found.table["value_status"].isin(GIVEN)).sum())
        if missing and finding != NO_FIGURE:
            finding = f"{finding} {missing} of {len(found.table)} figures can’t be shown yet."
        return make_answer(
            connection,
            question=wanted.question,
            finding=finding,
            table=found.table,
            text_alternative=bars_alternative(found.table, place.label),
            submission_ids=found.submission_ids,
            area_type=place.area_type,
            notes=(*wanted.notes, *found.notes),
        )


def workforce_part_groups(part: str, area_code: str) -> Answer:
    """Give the same part by workforce group, provider, ethnic group or kind of contact."""
    wanted = part_of(part)
    place = chosen(wanted.indicators[0], area_code)[1]
    with reading() as connection:
        found = groups_of(connection, wanted.groups, place)
        shown = int(found.table["value_status"].isin(GIVEN).sum())
        finding = f"{shown} of {len(found.table)} figures by group can be shown for {place.label}."
        return make_answer(
            connection,
            question=f"{wanted.question} By group",
            finding=finding if len(found.table) else NO_FIGURE,
            table=found.table,
            text_alternative=finding,
            submission_ids=found.submission_ids,
            area_type=place.area_type,
            notes=found.notes,
        )


Values = dict[str, str]


def values_of(table: pd.DataFrame) -> Values:
    """Give each figure that is shown, in words."""
    given = table.loc[table["value_status"].isin(GIVEN)]
    return dict(zip(given["indicator_id"], given["value_words"], strict=True))


def courses_finding(values: Values, place: Place) -> str:
    """Say how many took the DorPIP course, what share of the trained that is, and whether its places were filled."""
    said = []
    if "dorpip_course_completed" in values:
        said.append(f"{values['dorpip_course_completed']} in {place.label} completed the DorPIP day.")
    if "dorpip_share_of_trained" in values:
        said.append(f"That is {values['dorpip_share_of_trained']} of staff trained by any provider.")
    if "dorpip_places_filled" in values:
        said.append(f"{values['dorpip_places_filled']} of its places were filled.")
    return " ".join(said) or NO_FIGURE


def practice_finding(values: Values, place: Place) -> str:
    """Say understanding before and after, the mean change, who is still in post, and whether the baby is seen."""
    said = []
    before, after = values.get("imh_understanding_before"), values.get("imh_understanding")
    if before and after:
        said.append(f"In {place.label}, {before} of staff understood before training and {after} after it.")
    if "imh_understanding_change" in values:
        said.append(f"On average the score changed by {values['imh_understanding_change']}.")
    kept = [f"{values['staff_retained']} of those trained a year ago are still in post"] * ("staff_retained" in values)
    kept += [f"{values['staff_progressed']} progressed"] * ("staff_progressed" in values)
    said += [f"{join_words(kept)}."] if kept else []
    if "baby_seen_in_records" in values:
        said.append(f"The baby is seen in {values['baby_seen_in_records']} of audited records.")
    return " ".join(said) or NO_FIGURE


def care_finding(values: Values, place: Place) -> str:
    """Say how many needs were confirmed, and how many families had care and treatment in time."""
    said = []
    if "needs_confirmed" in values:
        said.append(f"{values['needs_confirmed']} of needs found by trained staff in {place.label} were confirmed.")
    if "care_after_need" in values:
        said.append(f"{values['care_after_need']} of families with a need received care in time.")
    if "treatment_started_in_time" in values:
        said.append(f"{values['treatment_started_in_time']} of accepted pairs started treatment in time.")
    return " ".join(said) or NO_FIGURE


FINDINGS: Final = {"courses": courses_finding, "practice": practice_finding, "care": care_finding}
