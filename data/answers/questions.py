"""Every question that can be asked, by name: what pages show and files hold is the same answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from data.errors import UnknownName

#: The module is brought in when its question is first asked.
QUESTIONS: Final[dict[str, str]] = {
    "scorecard": "data.answers.scorecard:scorecard",
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
    "reviews_by_area": "data.answers.reviews:reviews_by_area",
    "indicator_choices": "data.answers.series:indicator_choices",
    "place_choices": "data.answers.series:place_choices",
    "over_time": "data.answers.series:over_time",
    "by_deprivation": "data.answers.series:by_deprivation",
    "definitions": "data.answers.glossary:definitions",
    "loaded": "data.answers.loaded:loaded",
    "template_choices": "data.answers.loaded:template_choices",
    "coverage": "data.answers.coverage:coverage",
    "completeness": "data.answers.coverage:completeness",
    "refusals": "data.answers.coverage:refusals",
}


def question(name: str) -> Callable[..., Any]:
    """Find a question by name."""
    if name not in QUESTIONS:
        raise UnknownName("there is no such question", found=name, expected=", ".join(sorted(QUESTIONS)))
    module, function = QUESTIONS[name].split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
