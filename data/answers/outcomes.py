"""How many outcomes improve, for children, families, communities and those who provide services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.answers.trends import KINDS
from data.answers.words import join_words

#: Which indicators count as outcomes, by who they are for: this dashboard's reading, until partners agree another.
OUTCOMES: Final[dict[str, tuple[str, ...]]] = {
    "children": ("good_level_development_2_years", "breastfeeding_6_8_weeks", "needs_acted_on"),
    "families": (
        "low_preparedness",
        "financial_strain",
        "loneliness",
        "poor_self_rated_health",
        "relationship_distress",
    ),
    "communities": ("hub_reach_under_two", "stressor_reduction", "vulnerable_babies_reached"),
    "providers": ("trained_to_role_level", "reflective_supervision", "imh_understanding", "staff_retained"),
}
TOO_FEW: Final = "too few quarters"


@dataclass(frozen=True, slots=True)
class Improving:
    """How many of how many outcomes improve, in words for each audience, and which ones were judged."""

    improving: int
    judged: tuple[str, ...]
    words: str

    @property
    def share(self) -> float:
        """The share that improves, in percent."""
        return 100 * self.improving / len(self.judged)


def outcomes_improving(trends: Mapping[str, str]) -> Improving | None:
    """Count the outcomes whose quarters improve by more than chance; None while no series is long enough."""
    judged: list[str] = []
    improving, parts = 0, []
    for audience, names in OUTCOMES.items():
        long_enough = [name for name in names if name in trends and not trends[name].startswith(TOO_FEW)]
        if long_enough:
            better = sum(trends[name].startswith(KINDS["improvement"]) for name in long_enough)
            improving += better
            judged += long_enough
            parts.append(f"{better} of {len(long_enough)} for {audience}")
    if not judged:
        return None
    return Improving(improving, tuple(judged), f"{improving} of {len(judged)} improve: {join_words(parts)}")
