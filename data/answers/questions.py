"""Every question that can be asked, by name: what pages show and files hold is the same answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from data.errors import UnknownName

#: The module is brought in when its question is first asked.
QUESTIONS: Final[dict[str, str]] = {
    "scorecard": "data.answers.scorecard:scorecard",
    "scorecard_rule": "data.answers.scorecard:scorecard_rule",
    "map_choices": "data.answers.maps:map_choices",
    "area_types": "data.answers.maps:area_types",
    "parents_of_neighbourhoods": "data.answers.maps:parents_of_neighbourhoods",
    "map_points": "data.answers.maps:map_points",
    "map_layer": "data.answers.maps:map_layer",
    "side_by_side": "data.answers.maps:side_by_side",
    "need_against_reach": "data.answers.maps:need_against_reach",
    "neighbourhood": "data.answers.neighbourhood:neighbourhood",
    "layer_addresses": "data.answers.geometry:layer_addresses",
    "headlines": "data.answers.headlines:headlines",
    "birth_cohorts": "data.answers.continuity:birth_cohorts",
    "continuity": "data.answers.continuity:continuity",
    "pregnancy_part": "data.answers.pregnancy:pregnancy_part",
    "pregnancy_groups": "data.answers.pregnancy:pregnancy_groups",
    "workforce_groups": "data.answers.workforce:workforce_groups",
    "training_by": "data.answers.workforce:training_by",
    "trajectory_choices": "data.answers.workforce_trajectory:trajectory_choices",
    "workforce_trajectory": "data.answers.workforce_trajectory:workforce_trajectory",
    "trajectories": "data.answers.workforce_trajectory:trajectories",
    "workforce_part": "data.answers.workforce_parts:workforce_part",
    "workforce_part_groups": "data.answers.workforce_parts:workforce_part_groups",
    "workforce_plan": "data.answers.workforce_plan:workforce_plan",
    "sector_training": "data.answers.workforce_plan:sector_training",
    "under_two_settings": "data.answers.workforce_settings:under_two_settings",
    "reviews_by_area": "data.answers.reviews:reviews_by_area",
    "indicator_choices": "data.answers.series:indicator_choices",
    "place_choices": "data.answers.series:place_choices",
    "over_time": "data.answers.series:over_time",
    "by_deprivation": "data.answers.series:by_deprivation",
    "inequalities": "data.answers.inequalities:inequalities",
    "inequality_choices": "data.answers.inequalities:inequality_choices",
    "inequality": "data.answers.inequality_of_one:inequality",
    "inequality_over_time": "data.answers.inequality_of_one:inequality_over_time",
    "inequality_groups": "data.answers.inequality_of_one:inequality_groups",
    "provision_gaps": "data.answers.provision_gaps:provision_gaps",
    "not_compared": "data.answers.provision_gaps:not_compared",
    "document_headlines": "data.answers.document_headlines:document_headlines",
    "document_choices": "data.answers.representation:document_choices",
    "stage_choices": "data.answers.representation:stage_choices",
    "life_stages": "data.answers.representation:life_stages",
    "mentions_by_document": "data.answers.representation:by_document",
    "mentions_between_bodies": "data.answers.representation:between_bodies",
    "passages": "data.answers.passages:passages",
    "term_choices": "data.answers.passages:term_choices",
    "term_counts": "data.answers.passages:term_counts",
    "mentions_by_section": "data.answers.passages:sections",
    "scored_choices": "data.answers.document_scores:scored_choices",
    "criteria_scores": "data.answers.document_scores:criteria_scores",
    "readers_agreement": "data.answers.document_scores:agreement",
    "minutes_shares": "data.answers.document_items:minutes_shares",
    "minutes_items": "data.answers.document_items:minutes_items",
    "definitions": "data.answers.glossary:definitions",
    "loaded": "data.answers.loaded:loaded",
    "template_choices": "data.answers.loaded:template_choices",
    "coverage": "data.answers.coverage:coverage",
    "completeness": "data.answers.coverage:completeness",
    "refusals": "data.answers.coverage:refusals",
    "registers_kept": "data.answers.registers_kept:registers_kept",
    "commitments": "data.answers.promises:commitments",
    "milestones": "data.answers.promises:milestones",
    "status_rule": "data.answers.promises:status_rule",
    "duty_file": "data.answers.evidence:duty_file",
    "sector_matrix": "data.answers.evidence:sector_matrix",
    "kpi_register": "data.answers.evidence:kpi_register",
    "asks_nobody_measures": "data.answers.evidence:asks_nobody_measures",
    "coproduction": "data.answers.evidence:coproduction",
    "investment": "data.answers.investment:investment",
    "money_by_year": "data.answers.money_years:money_by_year",
    "line_choices": "data.answers.money_years:line_choices",
    "funding_lines": "data.answers.money_years:funding_lines",
    "published_grant": "data.answers.grant:published_grant",
    "case_choices": "data.answers.case_for:case_choices",
    "case_for": "data.answers.case_for:case_for",
    "buddies": "data.answers.buddies:buddies",
    "buddies_parts": "data.answers.buddies:buddies_parts",
    "buddies_rule": "data.answers.buddies_rule:buddies_rule",
    "buddies_allocation": "data.answers.buddies_allocation:buddies_allocation",
    "buddies_by_fifth": "data.answers.buddies_allocation:buddies_by_fifth",
    "buddies_endings": "data.answers.buddies_allocation:buddies_endings",
    "buddies_targeting": "data.answers.buddies_coverage:buddies_targeting",
    "buddies_neighbourhoods": "data.answers.buddies_neighbourhoods:buddies_neighbourhoods",
    "buddies_map": "data.answers.buddies_neighbourhoods:buddies_map",
    "buddies_steps": "data.answers.buddies_steps:buddies_steps",
    "buddies_take_up": "data.answers.buddies_steps:buddies_take_up",
    "buddies_escalation": "data.answers.buddies_steps:buddies_escalation",
    "buddies_outcomes": "data.answers.buddies_outcomes:buddies_outcomes",
    "buddies_published": "data.answers.buddies_outcomes:buddies_published",
    "buddies_capacity": "data.answers.buddies_capacity:buddies_capacity",
    "buddies_specialists": "data.answers.buddies_capacity:buddies_specialists",
}


def question(name: str) -> Callable[..., Any]:
    """Find a question by name."""
    if name not in QUESTIONS:
        raise UnknownName("there is no such question", found=name, expected=", ".join(sorted(QUESTIONS)))
    module, function = QUESTIONS[name].split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
