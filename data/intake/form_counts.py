"""What completed pregnancy forms are counted for: each indicator that the questionnaire's own answers can give.

An indicator stands here only if its definition is met by a form alone. The others keep coming from those who know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.catalogue.questionnaire import needs_rule, said

Answers = Mapping[str, Any]
GROUPS: Final = {
    "parent_role": (
        "about-role",
        {"birthing-parent": "Birthing parent", "partner": "Non-birthing partner", "other-carer": "Other carer"},
    ),
    "route": ("about-route", {"online": "Online by the parent", "assisted": "Assisted", "paper": "Paper"}),
    "language": ("about-language", {"english": "English", "other-language": "Other"}),
    "ethnic_group": (
        "about-ethnic-group",
        {
            "asian": "Asian or Asian British",
            "black": "Black, Black British, Caribbean or African",
            "mixed": "Mixed or multiple",
            "white": "White",
            "other-group": "Other",
        },
    ),
}
UNKNOWN: Final = "Unknown"
STAGES: Final = ((12, "Up to 12 weeks"), (27, "13 to 27 weeks"))


@dataclass(frozen=True, slots=True)
class Form:
    """A form that may be counted: its answers, its day, the neighbourhood, and the day on which the baby is due."""

    answers: Answers
    completed: dt.date
    lsoa: str
    due: dt.date

    @property
    def weeks(self) -> int:
        """Full weeks of pregnancy at completion."""
        return int(self.answers["about-weeks"])

    def group(self, kind: str) -> str:
        """Name the group of a breakdown that the form is in; empty where it is in none."""
        if kind == "trimester":
            return next((name for last, name in STAGES if self.weeks <= last), "28 weeks or later")
        link, names = GROUPS[kind]
        known = UNKNOWN if kind in {"language", "ethnic_group"} else ""
        return names.get(self.answers.get(link, ""), known)

    def needs(self) -> list[str]:
        """Name the agreed kinds of need that the form tells of."""
        rule = needs_rule()
        levels = rule.levels_of(self.answers)
        return [one.group for one in rule.domains if one.group and (levels[one.id] or 0) >= rule.counted_from]


@dataclass(frozen=True, slots=True)
class Share:
    """A share: who is counted below the line, and who of them above it."""

    asked: Callable[[Form], bool]
    met: Callable[[Form], bool]
    office: bool = False


def _answered(link: str) -> Callable[[Form], bool]:
    return lambda form: said(form.answers.get(link))


def _one_of(link: str, *codes: str) -> Callable[[Form], bool]:
    return lambda form: form.answers.get(link) in codes


def _disagreement_without_abuse(form: Form) -> bool:
    """Answers that suggest abuse leave this count and follow the safety pathway."""
    level = needs_rule().domain("safety").level(form.answers)
    return said(form.answers.get("relationship-disagree")) and (level or 0) < needs_rule().counted_from


def _low_preparedness(form: Form) -> bool:
    return int(form.answers["preparedness-score"]) < needs_rule().low_preparedness_below


def _acted_on(form: Form) -> bool:
    """An outcome was recorded within the agreed days; help that was declined was offered, and none needed is one."""
    day = form.answers.get("office-outcome-date")
    if day is None or form.answers.get("office-outcome") in (None, "outcome-open"):
        return False
    return bool(0 <= (day - form.completed).days <= needs_rule().acted_on_within_days)


def _everybody(_: Form) -> bool:
    return True


#: By indicator; ``office`` marks those that need the part of the form which the service fills in.
SHARES: Final[dict[str, Share]] = {
    "low_preparedness": Share(_answered("preparedness-score"), _low_preparedness),
    "loneliness": Share(_answered("support-lonely"), _one_of("support-lonely", "lonely-often", "lonely-mostly")),
    "poor_self_rated_health": Share(_answered("health-general"), _one_of("health-general", "bad", "very-bad")),
    "financial_strain": Share(_answered("finance-manage"), _one_of("finance-manage", "pay-not-always", "pay-not")),
    "relationship_distress": Share(
        _disagreement_without_abuse, _one_of("relationship-disagree", "unresolved", "frequent")
    ),
    "parenting_information_opted_in": Share(_answered("support-messages"), _one_of("support-messages", "yes")),
    "needs_acted_on": Share(_everybody, _acted_on, office=True),
    "form_linked": Share(_everybody, _one_of("office-match", "matched"), office=True),
}
#: Middle values: who is measured, and what.
MEDIANS: Final[dict[str, tuple[Callable[[Form], bool], Callable[[Form], int]]]] = {
    "pregnancy_form_median_weeks": (_everybody, lambda form: form.weeks),
    "form_link_median_days": (
        lambda form: form.answers.get("office-match") == "matched" and "office-match-date" in form.answers,
        lambda form: max(0, (form.answers["office-match-date"] - form.completed).days),
    ),
}
#: Counted over the pregnancies that were booked, which no form knows.
OF_BOOKINGS: Final[dict[str, Callable[[Form], bool]]] = {
    "pregnancy_form_completed": _everybody,
    "pregnancy_form_by_16_weeks": lambda form: form.weeks <= 16,
}
NEEDS: Final = "form_needs_found"
UNMATCHED: Final = "form_unmatched"


def has_office_part(forms: list[Form]) -> bool:
    """Whether the service has filled in its part of any form."""
    return any("office-outcome" in form.answers or "office-match" in form.answers for form in forms)
