"""What is true of staff, plans and services in the illustrative world."""

from __future__ import annotations

from dataclasses import dataclass

from data.example.kinds import Amount, Given, Ratio, Staff, StaffCount, StaffFlow, StaffScore, Things, Truth

TRAINED = "imhcf_trained_direct_contact"


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """One workforce group in each council area.

    ``level`` is added to an indicator's starting log-odds; ``pace`` multiplies its change a quarter.
    """

    direct: int  # staff in direct contact with families, headcount
    others: int  # all other staff
    level: float
    pace: float


# The proposal's nine groups, in its order and words. Headcounts are invented round figures.
STAFF_GROUPS: dict[str, StaffGroup] = {
    "Local authority": StaffGroup(60, 140, -0.6, 0.5),
    "Children’s Social Care": StaffGroup(180, 60, -0.3, 0.8),
    "Health": StaffGroup(220, 180, -0.5, 0.4),
    "CAMHS": StaffGroup(70, 30, 0.3, 1.0),
    "Maternity": StaffGroup(260, 50, 0.0, 1.3),
    "Neonatal": StaffGroup(80, 15, -0.2, 0.0),
    "Health Visiting": StaffGroup(110, 20, 0.9, 1.8),
    "Family Hubs": StaffGroup(90, 25, 0.5, 1.6),
    "Early Years Workforce": StaffGroup(900, 150, -0.9, 1.0),
}


@dataclass(frozen=True, slots=True)
class GroupFlow:
    """How a group's direct-contact staff change in a quarter; every leaver is replaced. Invented round figures."""

    leaving: float  # chance of leaving
    lapsing: float  # chance that training in date goes out of date, among those who stay
    arriving_trained: float  # chance that a starter comes with training in date
    renewing: float  # chance that training out of date is renewed
    used: float  # completions for each place offered


# Neonatal staff are offered places and use none; trained leavers are replaced by trained starters.
STAFF_FLOWS: dict[str, GroupFlow] = {
    "Local authority": GroupFlow(0.04, 0.05, 0.10, 0.15, 0.60),
    "Children’s Social Care": GroupFlow(0.05, 0.05, 0.10, 0.15, 0.75),
    "Health": GroupFlow(0.03, 0.05, 0.10, 0.15, 0.60),
    "CAMHS": GroupFlow(0.04, 0.05, 0.15, 0.20, 0.80),
    "Maternity": GroupFlow(0.035, 0.04, 0.15, 0.20, 0.80),
    "Neonatal": GroupFlow(0.03, 0.04, 1.00, 0.00, 0.00),
    "Health Visiting": GroupFlow(0.03, 0.04, 0.20, 0.20, 0.85),
    "Family Hubs": GroupFlow(0.05, 0.04, 0.15, 0.30, 0.85),
    "Early Years Workforce": GroupFlow(0.06, 0.04, 0.05, 0.15, 0.70),
}
#: Of those who had completed training in 2023/24 Q1, the share out of date.
EXPIRED_AT_FIRST = 0.20
#: At least so many places are offered to each group in each council and quarter.
PLACES_AT_LEAST = 8

WORKFORCE: dict[str, Truth] = {
    TRAINED: Staff("direct", 0.22, trend=0.10),
    "all_staff_attended": Staff("all", 0.10, trend=0.08, plus=TRAINED),
    "trained_to_role_level": Staff("direct", 0.16, trend=0.08),
    "reflective_supervision": Staff("direct", 0.30, trend=0.03),
    "relationship_practice_standard": Staff("cases:8", 0.45, trend=0.03),
    "training_three_topics": Staff(f"met:{TRAINED}", 0.62, trend=0.04),
    "settings_any_trained": Things(150, 0.35, trend=0.08, council=0.15, stream="settings"),
    "settings_all_trained": Things(150, 0.10, trend=0.07, council=0.15, stream="settings"),
    "settings_fully_trained": Things(150, 0.08, trend=0.06, council=0.15, stream="settings"),
    "workforce_groups_covered": Things(9, 0.30, trend=0.15),
    "nursery_staff_trained": Things(720, 0.14, trend=0.07, council=0.15),
    "workforce_headcount": StaffCount(1.0),
    "workforce_wte": StaffCount(0.82),
    "workforce_vacancy": StaffCount(0.82, vacant=0.09),
    "staff_progressed": Staff(f"past:{TRAINED}", 0.40, trend=0.03),
    "staff_retained": Staff(f"past:{TRAINED}", 0.86),
    "imh_understanding": Staff(f"new:{TRAINED}", 0.80),
    "imh_understanding_before": Staff(f"new:{TRAINED}", 0.35),
    "imh_understanding_change": StaffScore(f"new:{TRAINED}", 2.6, 1.6),
    "dorpip_share_of_trained": Staff(f"new:{TRAINED}", 0.55),
    "dorpip_course_completed": Staff(f"new:{TRAINED}", 0.55, stream="dorpip_share_of_trained"),
    "dorpip_places_filled": Things(60, 0.75),
    "training_expired": StaffFlow("expired", "completed"),
    "training_lapsed": StaffFlow("lapsed", "could_lapse"),
    "training_places_used": StaffFlow("trained", "places"),
    "direct_contact_leavers": StaffFlow("left", "in_post"),
    "starters_already_trained": StaffFlow("came_trained", "started"),
    "workforce_plan_current": Given((0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1)),
    "workforce_plan_age": Given((19, 22, 25, 28, 31, 34, 1, 4, 7, 10, 1, 4)),
}

PROGRAMME: dict[str, Truth] = {
    "strategy_stage": Given((0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3)),
    "partners_adopted": Things(14, 0.10, trend=0.15),
    "_panel_members": Amount(24, growth=0.10, noise=0.0, whole=True),
    "_panel_members_expected": Amount(0.22, per="amount:_panel_members", noise=0.0),
    "_panel_members_agreed": Amount(0.14, per="amount:_panel_members", growth=0.10, noise=0.10, whole=True),
    "panel_representation": Ratio("amount:_panel_members_agreed", "amount:_panel_members_expected"),
    "hubs_full_core_offer": Things(4, 0.35, trend=0.12),
    "hub_stressor_services": Things(32, 0.45, trend=0.06),
    "pathways_with_partners": Things(9, 0.25, trend=0.12),
    "buddy_model_fidelity": Things(6, 0.50, trend=0.10),
    "baby_seen_in_records": Things(40, 0.42, trend=0.05, council=0.20),
    "public_reach": Amount(0.022, per="adults", growth=0.10, noise=0.10, whole=True),
}
