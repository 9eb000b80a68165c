"""Illustrative funding lines: invented pounds on round numbers, for three years of budget and two of outturn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

INVENTED: Final = "Invented example"

#: Service, whose money, where, who it is for, pounds a year, share for pregnancy to two, prevention, recurrent,
#: confirmed until, ring-fenced.
DORSET: Final = "Dorset Council area"
LINES: Final = (
    ("health visiting", "Public health grant", "BCP", "Infant", 2_000_000, 0.5, True, True, "2028-03-31", True),
    ("health visiting", "Public health grant", DORSET, "Infant", 1_600_000, 0.5, True, True, "2027-03-31", False),
    ("parent buddies", "Charity", "Dorset ICS", "Carer", 400_000, 1.0, True, False, "2027-03-31", False),
    ("family hubs", "Healthy Babies", "BCP", "Carer", 600_000, 0.5, True, False, "2026-03-31", False),
    ("parent-infant team", "ICB", "Dorset ICS", "Infant", 500_000, 1.0, True, True, "2028-03-31", False),
    ("perinatal mental health", "ICB", "Dorset ICS", "Unborn", 1_000_000, 0.4, False, True, "2028-03-31", False),
)  # fmt: skip
#: How much each year is of the first: money that stands still in cash and then grows.
YEARS: Final = (
    ("2024/25", "outturn", 1.0),
    ("2025/26", "outturn", 1.05),
    ("2025/26", "budget", 1.0),
    ("2026/27", "budget", 1.1),
)

#: What a reader finds for the system: pounds for pregnancy to two. Prevention is 1,000,000 + 800,000 + 400,000 +
#: 300,000 + 500,000 = 3,000,000 in 2024/25; the statutory line is 400,000.
PREVENTION: Final = 3_000_000
EVERYTHING: Final = 3_400_000
#: Of a preventative budget of 3,000,000 in 2025/26, all but the hubs' 300,000 is confirmed to 31 March 2027 or later.
SECURED: Final = 2_700_000
#: All but the buddies' 400,000 and the hubs' 300,000 recurs.
RECURRENT: Final = 2_300_000


def funding_lines() -> Iterator[Mapping[str, object]]:
    """Make every line in each year, as budget or outturn."""
    for year, kind, factor in YEARS:
        for at, (service, source, council, who, amount, share, prevention, recurrent, until, fenced) in enumerate(
            LINES, 1
        ):
            yield {
                "id": f"EX-F-{year[2:4]}-{kind[:1]}-{at:02}",
                "service": f"{INVENTED}: {service}",
                "payer": f"{INVENTED} payer",
                "funding_source": source,
                "council": council,
                "year": year,
                "budget_or_outturn": kind,
                "amount": round(amount * factor),
                "share_0_to_2": share,
                "share_basis": f"{INVENTED}: a round number",
                "prevention": "prevention" if prevention else "statutory",
                "beneficiary": who,
                "recurrent": "yes" if recurrent else "no",
                "confirmed_until": until,
                "ring_fenced_locally": "yes" if fenced else "no",
                "decision": f"{INVENTED}: a decision",
            }
