"""Illustrative family hubs: where they would stand, and what each would offer. No real centre is named or placed.

A hub stands at the middle of a neighbourhood that holds a town, so its place is nobody's address. What it offers agrees
with the illustrative long return, because both are drawn from the same luck: hub by hub and stressor by stressor.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from data import reference
from data.catalogue import breakdown, ics
from data.example.amounts import kind_of_thing, things_met
from data.example.calendar import LAST_QUARTER, Period
from data.example.kinds import Things
from data.example.services import PROGRAMME

FILE: Final = "ILLUSTRATIVE_hubs.csv"
SEED: Final = 1001  # that of the long return, so that the two agree
#: Hubs A to D of each council in the long return, the town or area each stands for, and the LSOA whose middle it is at.
HUBS: Final = (
    (
        ("A", "Bournemouth", "E01034274"),
        ("B", "Poole", "E01032662"),
        ("C", "Christchurch", "E01020367"),
        ("D", "Kinson", "E01015304"),
    ),
    (
        ("A", "Weymouth", "E01020554"),
        ("B", "Dorchester", "E01032644"),
        ("C", "Bridport", "E01020503"),
        ("D", "Blandford Forum", "E01020438"),
    ),
)
#: Invented, as the template's worked example is: no national list of the core elements was seen.
ELEMENTS: Final = 6
#: What a hub without the full offer delivers. Invented.
ELEMENTS_IN_PART: Final = 4
COLUMNS: Final = (
    *("id", "kind", "name", "organisation", "area_code", "council", "lon", "lat", "serves_under_twos"),
    *("core_elements_delivered", "core_elements_expected", "stressors_covered", "as_at", "illustrative"),
)


def write_hubs(folder: Path) -> list[Path]:
    """Write the illustrative hubs to a return of hubs and settings."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(hubs())
    return [path]


def hubs() -> Iterator[Mapping[str, object]]:
    """Make each hub as it stands on the last day of the illustrative returns."""
    middles = {str(code): (lon, lat) for code, lon, lat in reference.centroids().itertuples(index=False)}
    core, stressors = core_offer(), stressors_covered()
    for council, (place, own) in enumerate(zip(ics().lads, HUBS, strict=True)):
        for at, (letter, town, lsoa) in enumerate(own):
            yield {
                "id": f"EX-H-{place.code[-1]}{letter}",
                "kind": "family_hub",
                "name": f"Illustrative hub {letter} ({town} area)",
                "organisation": "Illustrative council",
                "area_code": lsoa,
                "council": place.label,
                "lon": middles[lsoa][0],
                "lat": middles[lsoa][1],
                "serves_under_twos": "yes",
                "core_elements_delivered": ELEMENTS if core[council][at] else ELEMENTS_IN_PART,
                "core_elements_expected": ELEMENTS,
                "stressors_covered": "; ".join(stressors[council][at]),
                "as_at": Period(LAST_QUARTER, LAST_QUARTER).period_to.isoformat(),
                "illustrative": "yes",
            }


def core_offer() -> list[list[bool]]:
    """Say which hubs of each council deliver the whole core offer, as the long return counts them."""
    met = things_met(SEED, "hubs_full_core_offer", _things("hubs_full_core_offer"), len(HUBS), [LAST_QUARTER])
    return [[bool(one) for one in council] for council in met[:, :, 0]]


def stressors_covered() -> list[list[list[str]]]:
    """Name the stressors that each hub of each council helps with, as the long return counts them."""
    truth = _things("hub_stressor_services")
    met = things_met(SEED, "hub_stressor_services", truth, len(HUBS), [LAST_QUARTER])[:, :, 0]
    names = breakdown("stressor").values
    of_hub, of_kind = (kind_of_thing(which, truth.things) for which in ("hub", "stressor"))
    return [
        [
            [names[kind] for hub, kind, there in zip(of_hub, of_kind, council, strict=True) if there and hub == at]
            for at in range(len(own))
        ]
        for council, own in zip(met, HUBS, strict=True)
    ]


def _things(name: str) -> Things:
    """Give the truth of a list of things."""
    truth = PROGRAMME[name]
    if not isinstance(truth, Things):
        raise TypeError(f"{name} is no list of things")
    return truth
