"""What the illustrative registers are made of, in tables that a reader can count, and the truth that follows."""

from __future__ import annotations

from typing import Final

#: The newest figure of each indicator: so many of so many, to be counted in the rows below.
TRUTH: Final[dict[str, tuple[float, float]]] = {
    "strategy_actions_on_track": (7, 9),  # of ten actions one was withdrawn; one is at risk and one overdue
    "actions_overdue": (2, 4),
    "milestones_on_track": (6, 9),
    "sectors_signed_up": (3, 8),
    "champions_in_post": (4, 8),
    "sectors_with_provision": (4, 8),
    "sectors_with_training": (3, 8),
    "sector_matrix": (13, 24),  # 4 services, 4 trainings (one is over a year old), 5 leads
    "kpis_aligned": (6, 10),
    "coproduction_groups": (3, 4),
    "services_coproduced": (2, 5),
    "decisions_short_and_long_term": (1, 2),
}

# One letter for each quarter of 2025/26: not started, on track, at risk, overdue, complete, withdrawn.
STATUSES: Final = {
    "n": "not started",
    "t": "on track",
    "r": "at risk",
    "o": "overdue",
    "c": "complete",
    "w": "withdrawn",
}
ACTIONS: Final = (
    ("agree who leads on babies in each sector", "nttc", "A1.6"),
    ("write one offer for every family before birth", "tttt", "A3.2"),
    ("train the first group of trainers", "ntcc", "A14.1"),
    ("map what families can find near them", "tttc", "A7.1"),
    ("agree a shared form in pregnancy", "nntt", "B3.2"),
    ("open a parent and carer panel", "tccc", "A2.1"),
    ("ask every board paper what it does for babies", "ntrr", "A6.1"),
    ("report reviews by neighbourhood", "ttro", "A9.3"),
    ("plan supervision for every trained worker", "ntrt", "A13.2"),
    ("print a booklet", "nnww", "A18.1"),
)
#: Due, closed with evidence or not: of six actions two are closed, and two of the four open ones are late.
ACCOUNTABILITY: Final = (
    ("publish what is spent on under-twos", "2025-09-30", "complete", "2025-09-15", True),
    ("name a lead for babies on the board", "2025-12-31", "complete", "2025-12-10", True),
    ("bring a yearly report on babies to the board", "2025-12-31", "complete", "2026-01-15", False),
    ("answer the panel’s questions in public", "2026-02-28", "at risk", "2026-03-01", False),
    ("agree targets for the most deprived areas", "2026-06-30", "on track", "2026-03-01", False),
    ("review the list of measures in contracts", "2026-09-30", "on track", "2026-03-01", False),
)
#: Promises that follow an indicator: what it must reach, and by when.
BOUND: Final = (
    ("nearly every new baby is seen within 14 days", "new_birth_visit_14_days", 85, "2026-09-30", "B23.5"),
    ("every parent with need has a buddy", "buddy_allocated", 95, "2026-03-31", "B17.1"),
    ("the workforce in direct contact is trained", "imhcf_trained_direct_contact", 90, "2027-03-31", "A14.1"),
)
MILESTONES: Final = (
    ("1", "the pregnancy form is agreed", "complete"),
    ("1", "the form is live in one place", "on track"),
    ("1", "the form is live everywhere", "at risk"),
    ("2", "criteria for a buddy are agreed", "complete"),
    ("2", "the first ten buddies are in post", "on track"),
    ("2", "every neighbourhood is covered", "not started"),
    ("3", "the training plan is agreed", "complete"),
    ("3", "the first course has run", "complete"),
    ("3", "half of the workforce is trained", "overdue"),
)
#: What each sector has, and since when: service, training, lead, champion, commitment.
SECTORS: Final = (
    ("Health", ("service", "training", "lead", "champion", "commitment"), "2025-05-01"),
    ("Education", ("service", "lead", "champion", "commitment"), "2025-07-01"),
    ("Childrens Social Care (CSC)", ("service", "training", "lead", "commitment"), "2025-10-01"),
    ("Community", ("service", "training", "lead", "champion"), "2026-01-10"),
    ("Policing", ("training",), "2024-11-01"),
    ("Employment", ("lead", "champion"), "2026-02-01"),
)
KPIS: Final = (
    ("new birth visits on time", "B23.5", "new_birth_visit_14_days", True, "2026-03-31"),
    ("6 to 8 week reviews on time", "B23.5", "review_6_8_weeks", True, "2026-03-31"),
    ("12 month reviews on time", "B23.5", "review_12_months_by_12", True, "2026-03-31"),
    ("2 year reviews on time", "B23.5", "review_2_years", True, "2026-03-31"),
    ("antenatal contacts", "B23.5", "antenatal_contact_count", True, ""),
    ("families who kept a buddy", "B17.1", "buddy_kept_to_two", False, "2025-12-31"),
    ("staff trained", "A14.1", "imhcf_trained_direct_contact", False, "2025-12-31"),
    ("places on courses", "B25.2", "", False, ""),
    ("answers to letters", "", "", False, "2026-03-31"),
    ("staff sickness", "", "", False, "2026-03-31"),
)
MEETINGS: Final = (
    ("strategy", "2025-05-14", "co-design", "parents; local council; health; community leaders"),
    ("strategy", "2025-10-08", "co-design", "parents; health"),
    ("strategy", "2026-02-11", "engage", "health; local council"),
    ("health visiting", "2025-06-03", "co-design", "parents; health"),
    ("parent buddies", "2025-11-19", "co-produce", "parents; community leaders"),
    ("parent-infant team", "2025-09-30", "consult", "parents"),
    ("family hubs", "2023-10-02", "co-produce", "parents; local council"),
)
#: Decisions on under-twos: a benefit within two years, a longer one.
DECISIONS: Final = (
    ("2025-05-20", True, True),
    ("2025-09-16", True, False),
    ("2025-11-18", False, True),
    ("2026-01-20", True, True),
    ("2026-03-17", True, False),
)
