"""What a flow of babies says in words: where most drop, what the gap by deprivation is in babies, and what is good."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from data.answers.alternatives import NO_FIFTHS, deprivation_words, extremes_words, not_shown_words, sentences
from data.answers.cohorts_followed import EVERYONE, QUARTERS, STAGES, Cells, Reached, cohort_years, reached
from data.answers.words import FIFTH_WORDS, figure, status_words
from data.catalogue.definitions import Place

NOTHING_YET: Final = (
    "No data yet. Nobody has sent in the pregnancy form and the linked reviews, so no baby can be followed."
)
AGES: Final = {
    "continuity_to_new_birth": "30 days",
    "continuity_to_6_8_weeks": "8 weeks",
    "continuity_to_12_months": "15 months",
    "continuity_to_2_years": "2½ years",
}
MOST, LEAST = "1", "5"


def about(number: float) -> str:
    """Write a number of babies, which is rounded."""
    return f"{number:,.0f}"


def percent(here: Reached) -> str:
    """Write the share who reached a stage."""
    return figure(100 * here.share, "%")


def dropped_words(here: Reached) -> str:
    """Say how many dropped at one stage."""
    if here.value_status == "immature":
        return "not known yet"
    if here.dropped is None:
        return "can’t be shown"
    unit = {"pregnancy_form_completed": "without a form", "antenatal_contact_coverage": "without a contact"}
    return f"about {about(here.dropped)} {unit.get(here.stage.indicator_id, 'dropped')}"


def continuity_finding(cells: Cells, ways: Mapping[str, Sequence[Reached]], place: Place, year: int | None) -> str:
    """Say where most babies drop, how far apart the fifths are in babies, and what is good."""
    if year is None:
        return NOTHING_YET
    everyone = ways[EVERYONE]
    said = [form_sentence(everyone[0], place), drop_sentence(everyone), gap_sentence(ways), good_sentence(cells)]
    return " ".join(sentence for sentence in said if sentence)


def form_sentence(first: Reached, place: Place) -> str:
    """Say how many pregnancies had a form at all."""
    if not first.given:
        return f"The pregnancy form in {place.label}, {first.period}: {status_words(first.value_status)}."
    return (
        f"In {place.label}, {percent(first)} of pregnancies due in {first.period} had a pregnancy form; "
        f"about {about(first.short)} of {about(first.denominator)} had none."
    )


def followed(way: Sequence[Reached]) -> list[Reached]:
    """List the stages at which children with a form are followed."""
    return [here for here in way if here.stage.linked and here.given and here.dropped is not None]


def worst_step(way: Sequence[Reached]) -> Reached | None:
    """Find the step at which most children with a form drop, among those that the whole year has come to."""
    linked = followed(way)
    whole = [here for here in linked if here.quarters == QUARTERS] or linked
    return max(whole, key=lambda here: here.dropped or 0.0, default=None)


def continuity_title(ways: Mapping[str, Sequence[Reached]], cohort: str) -> str:
    """Say the finding in a heading."""
    worst = worst_step(ways[EVERYONE]) if ways else None
    if worst is None:
        return f"Babies born in {cohort}, from stage to stage" if cohort else "From stage to stage"
    return f"Born in {cohort}: most with a form drop by the {worst.stage.label.lower()}"


def drop_sentence(way: Sequence[Reached]) -> str:
    """Name the step at which most children with a form drop, and how many still have a whole record."""
    linked, worst = followed(way), worst_step(way)
    if worst is None:
        return "The reviews after it can’t be followed yet."
    last = linked[-1]
    whom = "of those old enough " if last.quarters < QUARTERS else ""
    return (
        f"Of those with a form, most babies drop by the {worst.stage.label.lower()}: "
        f"about {about(worst.dropped or 0.0)} of {about(worst.denominator)}. "
        f"At {AGES[last.stage.indicator_id]}, {percent(last)} {whom}still have every review on record."
    )


def gap_sentence(ways: Mapping[str, Sequence[Reached]]) -> str:
    """Say the gap between the most and the least deprived fifth in babies, at the last stage where both are known."""
    both = [
        (most, least)
        for most, least in zip(ways[MOST], ways[LEAST], strict=True)
        if most.stage.linked and most.given and least.given and most.quarters == least.quarters == QUARTERS
    ]
    if not both:
        return "The most and least deprived fifths can’t be compared yet."
    most, least = both[-1]
    age = AGES[most.stage.indicator_id]
    babies = 5 * round((least.share - most.share) * most.denominator / 5)
    shares = f"{percent(most)} against {percent(least)} at {age}"
    if babies <= 0:
        return f"The most deprived fifth does no worse than the least: {shares}."
    return (
        f"The most deprived fifth keeps fewer than the least: {shares}. "
        f"Doing as well would keep about {about(babies)} more of its {about(most.denominator)} babies."
    )


def good_sentence(cells: Cells) -> str:
    """Say which stage has improved most by more than chance, from the first year that is known to the newest."""
    years = sorted(cohort_years(cells))
    risen = []
    for stage in STAGES:
        known = [here for year in years if (here := reached(cells, stage, EVERYONE, year)).given]
        known = [here for here in known if here.quarters == QUARTERS]
        if len(known) > 1 and known[-1].limits()[0] > known[0].limits()[1]:
            risen.append((known[-1].share - known[0].share, known[0], known[-1]))
    if not risen:
        return ""
    _, first, last = max(risen, key=lambda one: one[0])
    return (
        f"What is good: the {last.stage.label.lower()} reached {percent(last)} in {last.period}, "
        f"against {percent(first)} in {first.period}."
    )


def continuity_alternative(ways: Mapping[str, Sequence[Reached]], place: Place, cohort: str) -> str:
    """Describe the drawing: each group's share at each stage."""
    if not ways:
        return NOTHING_YET
    parts = []
    for group, way in ways.items():
        name = f"fifth {FIFTH_WORDS[group]}" if group else "everyone"
        parts.append(f"{name}: {', '.join(f'{here.stage.label.lower()} {said(here)}' for here in way)}")
    bars = [here for way in ways.values() for here in way]
    names = [f"{here.stage.label.lower()}, {FIFTH_WORDS.get(here.group, 'everyone')}" for here in bars]
    return sentences(
        f"Stepped bars for babies born in {cohort} in {place.label}. {'; '.join(parts)}.",
        extremes_words(names, [100 * here.share if here.given else math.nan for here in bars], "%"),
        flow_pattern(ways),
        not_shown_words([here.value_status for here in bars]),
    )


def flow_pattern(ways: Mapping[str, Sequence[Reached]]) -> str:
    """Say the pattern by deprivation at the last stage at which both ends of the fifths are known."""
    known = [
        place
        for place, (most, least) in enumerate(zip(ways[MOST], ways[LEAST], strict=True))
        if most.given and least.given
    ]
    if not known:
        return NO_FIFTHS
    at = {fifth: ways[fifth][known[-1]] for fifth in FIFTH_WORDS}
    pattern = deprivation_words({fifth: 100 * here.share for fifth, here in at.items() if here.given}, "%")
    return f"At the {at[MOST].stage.label.lower()}. {pattern}"


def said(here: Reached) -> str:
    """Say one share, or why there is none."""
    if here.value_status == "immature":
        return "too young"
    return percent(here) if here.given else status_words(here.value_status)
