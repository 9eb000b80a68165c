"""The indicators that are worked out from registers, and the token by which a change of any of them is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers import document_figures, register_evidence, register_money, register_promises
from data.answers.register_cells import Cell, Held, provenance_of, read_held, to_release
from data.catalogue import indicator
from data.store.fingerprints import select_people

if TYPE_CHECKING:
    import sqlalchemy as sa

PROMISES: Final = ("commitments", "commitment_status")
MONEY: Final = ("funding_lines",)
#: Counts of people or pounds that stand below the line of figures from funding lines.
BELOW: Final = (
    *("cohort_pregnancies", "cohort_under_two", "new_birth_visit_14_days", "live_births", "public_health_grant"),
    "gdp_deflator",
)
#: How each indicator is worked out, and from which registers.
FIGURES: Final[dict[str, tuple[Callable[[Held], Iterable[Cell]], tuple[str, ...]]]] = {
    "strategy_actions_on_track": (register_promises.strategy_actions_on_track, PROMISES),
    "actions_overdue": (register_promises.actions_overdue, PROMISES),
    "actions_days_late": (register_promises.actions_days_late, PROMISES),
    "milestones_on_track": (register_promises.milestones_on_track, ("milestones", "commitment_status")),
    "sectors_signed_up": (register_evidence.sectors_signed_up, ("sector_evidence",)),
    "champions_in_post": (register_evidence.champions_in_post, ("sector_evidence",)),
    "sectors_with_provision": (register_evidence.sectors_with_provision, ("sector_evidence",)),
    "sectors_with_training": (register_evidence.sectors_with_training, ("sector_evidence",)),
    "sector_matrix": (register_evidence.sector_matrix, ("sector_evidence",)),
    "duty_evidence_items": (register_evidence.duty_evidence_items, ("duty_evidence",)),
    "kpis_aligned": (register_evidence.kpis_aligned, ("kpis",)),
    "coproduction_groups": (register_evidence.coproduction_groups, ("coproduction",)),
    "services_coproduced": (register_evidence.services_coproduced, ("coproduction", "funding_lines")),
    "mentions_per_10000_words": (document_figures.mentions_per_10000_words, ("documents", "passages")),
    "representation_score": (document_figures.representation_score, ("documents",)),
    "baby_seen_in_papers": (document_figures.baby_seen_in_papers, ("documents",)),
    "decisions_short_and_long_term": (register_evidence.decisions_short_and_long_term, ("documents",)),
    "prevention_spend_per_child": (register_money.prevention_spend_per_child, MONEY),
    "prevention_share": (register_money.prevention_share, MONEY),
    "secured_funding_share": (register_money.secured_funding_share, MONEY),
    "recurrent_funding_share": (register_money.recurrent_funding_share, MONEY),
    "ring_fence_share": (register_money.ring_fence_share, MONEY),
    "spend_by_beneficiary": (register_money.spend_by_beneficiary, MONEY),
    "icb_spend_per_birth": (register_money.icb_spend_per_birth, MONEY),
}


def is_from_register(indicator_id: str) -> bool:
    """Whether an indicator is worked out here."""
    return indicator_id in FIGURES


def figures_from_registers(
    connection: sa.Connection, indicator_id: str, newest_quarter: str | None, held: Held | None = None
) -> pd.DataFrame:
    """Work one indicator out, as it is released; empty where its registers do not say enough."""
    held = held or read_held(connection, newest_quarter)
    work_out, names = FIGURES[indicator_id]
    entries = [row for name in names for row in held.of(name)]
    cells = [cell for cell in work_out(held) if cell.denominator > 0]
    return to_release(cells, indicator(indicator_id), provenance_of(entries))


def register_tokens(held: Held, made: Mapping[str, str]) -> dict[str, str]:
    """Give a token of all that each figure rests on; ``made`` are the tokens of what is released already."""
    below = "|".join(
        [*(made.get(name, "") for name in BELOW), select_people(held.connection, register_money.UNDER_TWO)]
    )
    tokens = {}
    for name, (_, names) in FIGURES.items():
        standing = [(one, row["entry_id"], row["version"], row["id"]) for one in names for row in held.of(one)]
        if standing:
            rests_on = f"{standing!r}|{held.newest_quarter}|{below}|{indicator(name)!r}"
            tokens[name] = hashlib.sha256(rests_on.encode()).hexdigest()[:40]
    return tokens
