"""An illustrative workforce and training plan: invented numbers for each of the nine groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from data import catalogue

INVENTED: Final = "Invented example"
TOPICS: Final = "infant mental health; parent-infant relationships; first 1001 days"


def training_plan() -> Iterator[Mapping[str, object]]:
    """Make one row for each group, in round numbers."""
    groups = next(one.allowed for one in catalogue.register("training_plan").columns if one.name == "workforce_group")
    for at, group in enumerate(groups, start=1):
        people = 40 * at
        yield {
            "id": f"EX-T-{at:02}",
            "workforce_group": group,
            "organisation": f"{INVENTED} employer",
            "headcount": people,
            "wte": people * 0.8,
            "vacancy_wte": at,
            "direct_contact_headcount": people * 3 // 4,
            "level_required": str((at - 1) % 3 + 1),
            "level_owner_role": f"{INVENTED} role",
            "level_set_on": "2025-06-01",
            "training_need": people // 2,
            "target_share": 90,
            "target_by": "2027-03-31",
            "course": f"{INVENTED}: a course",
            "places_planned": people // 4,
            "topics": TOPICS,
            "plan_approved_on": "2025-05-01",
            "plan_reviewed_on": "2025-11-01",
        }
