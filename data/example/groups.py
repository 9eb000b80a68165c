"""Groups into which counts are broken down, with their known share of people and their known odds.

``odds`` multiply a person's chance of being among those who count; they differ so that a page has something to find.
The shares are round figures chosen for the example, not measured in Dorset.

Some breakdowns say how or where something happened (who visited, where, what became of the offer). They split only
those above the line; everyone stays below it, so that the parts add up to the whole percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.example.services import STAFF_GROUPS


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one breakdown: share of people, odds where they are not 1, and shares special to an indicator."""

    shares: Mapping[str, float]
    odds: Mapping[str, float] = field(default_factory=dict)
    of_everyone: bool = False
    special: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def shares_for(self, indicator_id: str) -> list[float]:
        """Give each group's expected share, in order."""
        chosen = self.special.get(indicator_id, self.shares)
        return [chosen.get(name, 0.0) for name in self.shares]


def _named(kind: str, *shares: float) -> dict[str, float]:
    """Name things that do not exist, and say so in the name."""
    return {f"{kind} {letter} (illustrative)": share for letter, share in zip("ABCDEF", shares, strict=False)}


HEADS = {name: float(group.direct) for name, group in STAFF_GROUPS.items()}

GROUPS: dict[str, Groups] = {
    "ethnic_group": Groups(
        {
            "Asian or Asian British": 0.04,
            "Black, Black British, Caribbean or African": 0.02,
            "Mixed or multiple": 0.04,
            "White": 0.79,
            "Other": 0.02,
            "Unknown": 0.09,
        },
        {"Asian or Asian British": 0.75, "Black, Black British, Caribbean or African": 0.6, "Unknown": 0.5},
    ),
    "language": Groups({"English": 0.88, "Other": 0.07, "Unknown": 0.05}, {"Other": 0.55, "Unknown": 0.7}),
    "parent_role": Groups(
        {"Birthing parent": 0.72, "Non-birthing partner": 0.26, "Other carer": 0.02}, {"Non-birthing partner": 0.45}
    ),
    "route": Groups({"Online by the parent": 0.74, "Assisted": 0.20, "Paper": 0.06}, {"Paper": 0.6}),
    "trimester": Groups(
        {"Up to 12 weeks": 0.30, "13 to 27 weeks": 0.45, "28 weeks or later": 0.20, "After birth": 0.05},
        {"Up to 12 weeks": 1.4, "After birth": 0.6},
    ),
    "need_domain": Groups(
        {"Health": 0.27, "Relationship": 0.15, "Finance": 0.21, "Housing": 0.13, "Safety": 0.08, "Support": 0.16},
        {"Housing": 0.7},
    ),
    "contact_type": Groups(
        {
            "Antenatal": 0.15,
            "New birth visit": 0.23,
            "6 to 8 week review": 0.21,
            "12 month review": 0.21,
            "2 to 2½ year review": 0.20,
        },
        {"Antenatal": 1.3, "New birth visit": 1.5, "12 month review": 0.7, "2 to 2½ year review": 0.6},
    ),
    "escalation_level": Groups(
        {
            "Universal": 0.48,
            "Targeted": 0.30,
            "Specialist": 0.12,
            "Child in need": 0.07,
            "Child protection plan": 0.03,
        },
        {"Child in need": 2.5, "Child protection plan": 3.5},
    ),
    "stressor": Groups(
        {
            "Money": 0.24,
            "Housing": 0.14,
            "Mental health": 0.18,
            "Relationship conflict": 0.10,
            "Domestic abuse": 0.05,
            "Substance use": 0.04,
            "Isolation": 0.12,
            "Feeding and sleep": 0.13,
        },
        {"Housing": 0.6, "Feeding and sleep": 1.6},
    ),
    "setting_type": Groups(
        {"Nursery": 0.62, "Childminder": 0.20, "Family hub": 0.05, "Creche": 0.05, "Other": 0.08},
        {"Childminder": 0.5, "Family hub": 2.5},
    ),
    "workforce_group": Groups(HEADS, {"Health Visiting": 1.5}),
    "practitioner": Groups(
        {
            "SCPHN health visitor": 0.78,
            "Staff nurse": 0.10,
            "Other registered practitioner": 0.03,
            "Health visitor assistant": 0.02,
            "Nursery nurse": 0.06,
            "Other non-registered practitioner": 0.01,
        },
        of_everyone=True,
    ),
    "place_of_visit": Groups(
        {
            "Home": 0.66,
            "Clinic": 0.15,
            "GP surgery": 0.04,
            "Best Start Family Hub": 0.12,
            "Other community venue": 0.03,
        },
        of_everyone=True,
        special={
            "pir_contacts_home_community": {"Home": 0.7, "Best Start Family Hub": 0.2, "Other community venue": 0.1}
        },
    ),
    "outcome_of_offer": Groups({"Declined": 0.28, "Did not attend": 0.40, "No reply": 0.32}, of_everyone=True),
    "end_reason": Groups(
        {
            "No longer needed": 0.30,
            "Family chose to stop": 0.25,
            "Family moved away": 0.18,
            "Buddy left": 0.15,
            "Lost contact": 0.12,
        },
        of_everyone=True,
    ),
    "channel": Groups({"Online": 0.38, "Community": 0.34, "Statutory": 0.28}, of_everyone=True),
    "employer": Groups(_named("Employer", 0.4, 0.3, 0.2, 0.1), {"Employer B (illustrative)": 0.6}),
    "provider": Groups(_named("Provider", 0.55, 0.45)),
    "hub": Groups(_named("Hub", 0.3, 0.3, 0.2, 0.2), {"Hub D (illustrative)": 0.6}),
    "offer": Groups(_named("Offer", 0.5, 0.3, 0.2), {"Offer C (illustrative)": 0.7}),
    "tool": Groups(_named("Tool", 0.7, 0.3)),
}
