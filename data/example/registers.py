"""Illustrative registers: made up, on whole numbers that a reader can count, with a truth that a test recovers.

Every row says in its own words that it is invented, names no person and no real body, and quotes nobody. The only real
words in it are the lists of the catalogue, such as the eight sectors, and the two council areas that money is for.

There is none of the duty's evidence: the duty is one real body's, and what it published can be looked up. A made-up
entry would be a false statement about it, whatever its label.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from data import catalogue
from data.example.calendar import LAST_QUARTER, Period
from data.example.register_money import funding_lines
from data.example.register_offers import community_offers
from data.example.register_plans import training_plan
from data.example.register_tables import (
    ACCOUNTABILITY,
    ACTIONS,
    BOUND,
    DECISIONS,
    KPIS,
    MEETINGS,
    MILESTONES,
    SECTORS,
    STATUSES,
)

PREFIX: Final = "ILLUSTRATIVE_register_"
INVENTED: Final = "Invented example"
Row = Mapping[str, object]


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
        "sector_evidence": list(sector_evidence()),
        "kpis": list(kpis()),
        "funding_lines": list(funding_lines()),
        "training_plan": list(training_plan()),
        "coproduction": list(coproduction()),
        "documents": list(decisions()),
        "community_offers": list(community_offers()),
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
