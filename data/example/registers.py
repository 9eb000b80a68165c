"""Illustrative registers: made up, on whole numbers that a reader can count, with a truth that a test recovers.

Every row says in its own words that it is invented, names no person and no real body, and quotes nobody. The only real
words in it are the lists of the catalogue, such as the eight sectors, and the two council areas that money is for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from data import catalogue
from data.example.calendar import LAST_QUARTER, Period
from data.example.register_money import funding_lines
from data.example.register_plans import training_plan

PREFIX: Final = "ILLUSTRATIVE_register_"
INVENTED: Final = "Invented example"
Row = Mapping[str, object]

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
    "duty_evidence_items": (2, 5),
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
#: Item of the duty, whether the evidence is about under-twos, and the year.
DUTY: Final = (
    (0, True, "2025/26"),
    (3, True, "2025/26"),
    (4, False, "2025/26"),
    (0, False, "2024/25"),
    (3, True, "2024/25"),
)


def write_registers(folder: Path) -> list[Path]:
    """Write each illustrative register to a file whose name begins with ILLUSTRATIVE_."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for register_id, rows in registers().items():
        path = folder / f"{PREFIX}{register_id}.csv"
        names = [column.name for column in catalogue.register(register_id).columns]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*names, "illustrative"], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "illustrative": "yes"} for row in rows)
        paths.append(path)
    return paths


def registers() -> dict[str, list[Row]]:
    """Make every illustrative register, in an order in which each names only what came before."""
    return {
        "commitments": [*actions(), *accountability_actions(), *bound_promises()],
        "commitment_status": list(statuses()),
        "milestones": list(milestones()),
        "duty_evidence": list(duty_evidence()),
        "sector_evidence": list(sector_evidence()),
        "kpis": list(kpis()),
        "funding_lines": list(funding_lines()),
        "training_plan": list(training_plan()),
        "coproduction": list(coproduction()),
        "documents": list(decisions()),
    }


def invented(words: str) -> str:
    """Say in a row's own words that it is invented."""
    return f"{INVENTED}: {words}"


def quarter_ends() -> list[str]:
    """Give the last days of the quarters of 2025/26."""
    return [Period(at, at).period_to.isoformat() for at in range(LAST_QUARTER - 3, LAST_QUARTER + 1)]


def promise(entry_id: str, kind: str, words: str, **more: object) -> Row:
    """Write what every invented promise says."""
    return {
        "id": entry_id,
        "kind": kind,
        "promise": invented(words),
        "source_document": invented("a strategy"),
        "source_page": "1",
        "partner_body": f"{INVENTED} partner",
        "owner_role": f"{INVENTED} role",
        "made_on": "2025-04-01",
        **more,
    }


def actions() -> Iterator[Row]:
    """Make the strategy's actions, as they stand at the end of 2025/26."""
    for at, (words, letters, asks) in enumerate(ACTIONS, start=1):
        done = letters[-1] == "c"
        yield promise(
            f"EX-C-{at:02}",
            "action",
            words,
            asks=asks,
            due_on="2026-03-31" if letters[-1] in "co" else "2026-12-31",
            status=STATUSES[letters[-1]],
            status_on=quarter_ends()[-1],
            evidence=invented("a note that it was done") if done else "",
        )


def statuses() -> Iterator[Row]:
    """Make the earlier steps of the strategy's actions."""
    for at, (_, letters, _) in enumerate(ACTIONS, start=1):
        for letter, day in zip(letters[:-1], quarter_ends(), strict=False):
            yield {
                "id": f"EX-CS-{at:02}-{day}",
                "commitment": f"EX-C-{at:02}",
                "status": STATUSES[letter],
                "status_on": day,
                "evidence": invented("a note of that quarter"),
                "from_data": "no",
            }


def accountability_actions() -> Iterator[Row]:
    """Make the actions that the board is held to."""
    for at, (words, due, status, day, evidenced) in enumerate(ACCOUNTABILITY, start=1):
        more = {"closed_on": day, "evidence": invented("a minute")} if evidenced else {}
        yield promise(
            f"EX-A-{at:02}",
            "accountability action",
            words,
            asks="A10.2",
            due_on=due,
            status=status,
            status_on=day,
            **more,
        )


def bound_promises() -> Iterator[Row]:
    """Make promises that follow an indicator."""
    for at, (words, indicator, threshold, due, asks) in enumerate(BOUND, start=1):
        yield promise(
            f"EX-B-{at:02}",
            "board decision",
            words,
            asks=asks,
            due_on=due,
            indicator=indicator,
            threshold=threshold,
            status="not started",
            status_on="2025-04-01",
        )


def milestones() -> Iterator[Row]:
    """Make the steps of the plan."""
    for at, (point, words, status) in enumerate(MILESTONES, start=1):
        yield {
            "id": f"EX-M-{at:02}",
            "point": point,
            "milestone": invented(words),
            "owner_role": f"{INVENTED} role",
            "due_on": "2026-03-31" if status in {"complete", "overdue"} else "2026-12-31",
            "status": status,
            "status_on": "2026-03-31",
            "evidence": invented("a note") if status == "complete" else "",
        }


def duty_evidence() -> Iterator[Row]:
    """Make what would be on file for the duty; what an item says is never put in anybody's mouth."""
    items = next(one.allowed for one in catalogue.register("duty_evidence").columns if one.name == "item")
    for at, (item, under_twos, year) in enumerate(DUTY, start=1):
        yield {
            "id": f"EX-D-{at:02}",
            "item": items[item],
            "year": year,
            "mentions_under_twos": "yes" if under_twos else "no",
            "document": invented("a document that does not exist"),
            "page": "1",
            "quote": invented("no real document says this"),
            "found_on": f"20{year[-2:]}-03-31",
        }


def sector_evidence() -> Iterator[Row]:
    """Make what some sectors would have in place."""
    for sector, there, since in SECTORS:
        for what in there:
            yield {
                "id": f"EX-S-{sector[:4].strip()}-{what}",
                "sector": sector,
                "what": what,
                "in_place": "yes",
                "evidence": invented(f"a note that there is a {what}"),
                "since": since,
            }


def kpis() -> Iterator[Row]:
    """Make measures in contracts, some mapped to an ask and some not."""
    for at, (words, asks, indicator, mandated, reported) in enumerate(KPIS, start=1):
        yield {
            "id": f"EX-K-{at:02}",
            "kpi": invented(words),
            "mandated": "yes" if mandated else "no",
            "contract": invented("a contract"),
            "organisation": f"{INVENTED} provider",
            "asks": asks,
            "indicator": indicator,
            "last_reported": reported,
        }


def coproduction() -> Iterator[Row]:
    """Make meetings with families."""
    for at, (service, day, level, groups) in enumerate(MEETINGS, start=1):
        yield {
            "id": f"EX-P-{at:02}",
            "service": invented(service),
            "activity": invented("a panel"),
            "held_on": day,
            "level": level,
            "groups_present": groups,
            "members": 12,
            "members_plus_groups": 3,
            "cohort_plus_share": 22,
            "expenses_paid": "yes",
            "you_said": invented("make the form shorter"),
            "we_did": invented("eight questions were removed"),
        }


def decisions() -> Iterator[Row]:
    """Make board papers that would decide on under-twos."""
    for at, (day, short, long) in enumerate(DECISIONS, start=1):
        yield {
            "id": f"EX-DOC-{at:02}",
            "title": invented(f"a paper, number {at}"),
            "organisation": f"{INVENTED} committee",
            "kind": "board paper",
            "published_on": day,
            "touches_under_twos": "yes",
            "states_short_term": "yes" if short else "no",
            "states_long_term": "yes" if long else "no",
            "baby_mention_and_action": "yes",
        }
