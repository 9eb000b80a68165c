"""The parts of the pregnancy page beside the flow: who fills the form in, what needs it finds, what is offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.answers.alternatives import extremes_words, not_shown_words, sentences
from data.answers.answer import Answer
from data.answers.figure_parts import GIVEN, figures_of, groups_of
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import figure, join_words
from data.errors import UnknownName

NO_FIGURE: Final = "No data yet: nobody has sent in any of these figures."
PARENTS: Final = "Parent"
BIRTHING: Final = "Birthing parent"
PARTNER: Final = "Non-birthing partner"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its question, its indicators in order, those shown by group, and what a reader must know."""

    question: str
    indicators: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


PARTS: Final[dict[str, Part]] = {
    "form": Part(
        "Who fills the pregnancy form in, when and how?",
        (
            "pregnancy_form_completed",
            "pregnancy_form_by_16_weeks",
            "pregnancy_form_median_weeks",
            "form_linked",
            "form_link_median_days",
            "form_unmatched",
            "parenting_information_opted_in",
            "parenting_information_opened",
            "cohort_pregnancies",
            "cohort_under_two",
        ),
        (
            ("pregnancy_form_completed", "route"),
            ("pregnancy_form_completed", "language"),
            ("pregnancy_form_completed", "parent_role"),
            ("parenting_information_opened", "trimester"),
        ),
        ("Some forms are filled in on paper or with help. They count as much as those filled in online.",),
    ),
    "needs": Part(
        "Which needs are found, and are they acted on in time?",
        (
            "needs_acted_on",
            "form_needs_found",
            "holistic_need_view",
            "needs_found_before_two",
            "months_earlier_found",
            "low_preparedness",
            "financial_strain",
            "loneliness",
            "poor_self_rated_health",
            "relationship_distress",
            "screened_for_anxiety_depression",
            "anxiety_screen_positive",
            "depression_screen_positive",
            "perinatal_mental_health_access",
            "parent_infant_relationship_concern",
            "social_emotional_concern",
            "support_started_in_window",
        ),
        (("form_needs_found", "need_domain"), ("needs_found_before_two", "need_domain")),
        (
            "A screen or a tool says where to look closer. It is no diagnosis, and more found is not worse.",
            "Each prevalence names its tool. Figures on different tools can’t be compared.",
        ),
    ),
    "offers": Part(
        "What is offered early, and to partners in their own right?",
        (
            "offered_before_28_weeks",
            "finance_skills_offered",
            "finance_skills_completed",
            "preparedness_gain",
            "rights_information_early",
            "rights_information_often",
            "rights_information_median_times",
            "rights_information_partners",
            "wellbeing_resources_offered",
            "relationship_course_offered",
            "relationship_course_started",
            "relationship_course_completed",
            "pathways_with_partners",
            "partner_identified_offered",
            "partner_present",
            "offers_by_channel",
            "families_using_channel",
            "knowledge_skills_gain",
        ),
        (
            ("finance_skills_offered", "parent_role"),
            ("rights_information_early", "parent_role"),
            ("wellbeing_resources_offered", "parent_role"),
            ("partner_identified_offered", "parent_role"),
            ("relationship_course_started", "offer"),
            ("relationship_course_completed", "offer"),
            ("families_using_channel", "channel"),
        ),
        (
            "Where there is domestic abuse, a relationship course is not safe. Those families are not counted.",
            "Courses are listed by the name that the sender gives.",
            "Partners are male carers, dads and non-birthing partners. Each is counted in their own right.",
        ),
    ),
}


def part_of(name: str) -> Part:
    """Find a part by its name."""
    if name not in PARTS:
        raise UnknownName("the page has no such part", found=name, expected=", ".join(PARTS))
    return PARTS[name]


def pregnancy_part(part: str, area_code: str) -> Answer:
    """Give the newest figures of one part at one place, with the gap by deprivation and what each is held against."""
    wanted = part_of(part)
    place = chosen(wanted.indicators[0], area_code)[1]
    with reading() as connection:
        found = figures_of(connection, wanted.indicators, place)
        groups = groups_of(connection, wanted.groups[:1], place)
        finding = part_finding(found.table, groups.table)
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


def pregnancy_groups(part: str, area_code: str) -> Answer:
    """Give the same part by group: route, language, parent, kind of need or course."""
    wanted = part_of(part)
    place = chosen(wanted.indicators[0], area_code)[1]
    with reading() as connection:
        found = groups_of(connection, wanted.groups, place)
        finding = groups_sentence(found.table) or NO_FIGURE
        return make_answer(
            connection,
            question=f"{wanted.question} By group",
            finding=finding,
            table=found.table,
            text_alternative=finding,
            submission_ids=found.submission_ids,
            area_type=place.area_type,
            notes=found.notes,
        )


def part_finding(table: pd.DataFrame, groups: pd.DataFrame) -> str:
    """Say how the first figure stands, what is counted most among the groups, the widest gap and what is missing."""
    given = table.loc[table["value_status"].isin(GIVEN)]
    if given.empty:
        return NO_FIGURE
    first = given.iloc[0]
    said = [
        f"{first['name']}: {first['value_words']} ({first['period']}).",
        groups_sentence(groups),
        gap_sentence(given),
    ]
    missing = len(table) - len(given)
    said.append(f"{missing} of {len(table)} figures can’t be shown yet." if missing else "")
    return " ".join(sentence for sentence in said if sentence)


def groups_sentence(groups: pd.DataFrame) -> str:
    """Say which groups make up most of what is counted under the first heading."""
    if groups.empty:
        return ""
    first = groups.loc[(groups["name"] == groups["name"].iloc[0]) & (groups["kind"] == groups["kind"].iloc[0])]
    if first["kind"].iloc[0] == PARENTS:
        return partners_sentence(first)
    first = first.loc[first["share"] != "–"].sort_values("numerator", ascending=False).head(3)
    if first.empty:
        return ""
    listed = join_words([f"{row.group} {row.share}" for row in first.itertuples()])
    top = first.iloc[0]
    return f"{top['name']} by {top['kind'].lower()}: {listed} ({top['period']})."


def partners_sentence(groups: pd.DataFrame) -> str:
    """Say how far partners are reached in their own right, beside birthing parents."""
    figures = groups.dropna(subset="value").set_index("group")["value"]
    if not {BIRTHING, PARTNER} <= set(figures.index):
        return ""
    return (
        f"{groups['name'].iloc[0]}: {figure(figures[PARTNER], '%')} of non-birthing partners, "
        f"against {figure(figures[BIRTHING], '%')} of birthing parents."
    )


def gap_sentence(given: pd.DataFrame) -> str:
    """Name the figure with the widest gap between the most and the least deprived fifth, among percentages."""
    gaps = [row for row in given.to_dict("records") if "points" in row["gap"]]
    if not gaps:
        return ""
    row = max(gaps, key=lambda one: float(one["gap"].split(" ")[0]))
    return f"The widest gap by deprivation is in {row['name'].lower()}: {row['gap']}."


def bars_alternative(table: pd.DataFrame, label: str) -> str:
    """Describe a part: each figure, the ends of the bars, the widest gap by deprivation, and what is not shown."""
    rows = table.to_dict("records")
    listed = "; ".join(f"{row['name']}: {row['value_words']}" for row in rows)
    drawn = [row for row in rows if row["value_words"].endswith("%") and pd.notna(row["value"])]
    return sentences(
        f"Bars for {label}. {listed}.",
        extremes_words([row["name"] for row in drawn], [row["value"] for row in drawn], "%"),
        gap_sentence(table),
        not_shown_words(table["value_status"]),
    )
