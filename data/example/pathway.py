"""Illustrative events of pathways: made-up families on real neighbourhoods, whose continuity is known beforehand.

Nobody here exists. A pseudonym is a hash of a number and of the seed, under no key. Each step happens by chance, at the
share that ``SHARES`` gives, apart from the others; so the share of families with several steps is the product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.catalogue.pathway import pathway
from data.example.cohorts import births_expected, random_generator
from data.example.places import Places, dorset_places

#: The share of families that have a form, and of them the share that has each step by its age.
SHARES: Final = {
    "antenatal_form": 0.60,
    "antenatal_contact": 0.66,
    "new_birth_visit": 0.86,
    "review_6_8_weeks": 0.84,
    "review_12_months": 0.81,
    "review_2_years": 0.78,
}
#: How much more of the families in each less deprived fifth meet a health visitor before the birth.
CONTACT_BY_FIFTH: Final = 0.04
#: Months from the birth in which a step may happen; a late new birth visit comes too late to count.
WHEN: Final = {
    "antenatal_form": (-7, -2),
    "antenatal_contact": (-2, -1),
    "new_birth_visit": (0, 0),
    "review_6_8_weeks": (2, 2),
    "review_12_months": (9, 14),
    "review_2_years": (24, 29),
}
LATE_VISIT: Final = ("new_birth_visit", 2)
UNBORN: Final = 7  # months after the end of the files in which babies are still due
LEFT: Final = 0.05
LEFT_WITHIN: Final = 30  # months
FORMS: Final = "Digital form supplier (illustrative)"
VISITS: Final = ("Health visiting provider, BCP (illustrative)", "Health visiting, Dorset Council area (illustrative)")

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Families:
    """Made-up families: where each lives, when its baby was born, which steps it has, and when it left (or never)."""

    places: Places
    home: Numbers
    born: Numbers
    has: dict[str, Flags]
    left: Numbers
    first: int
    last: int

    def truth(self, indicator_id: str) -> pd.DataFrame:
        """Count by hand what events must give: one row for each baby counted, with quarter, fifth, and whether met."""
        point = next(one for one in pathway().points if one.indicator == indicator_id)
        reached = self.born + point.age
        counted = self.has["antenatal_form"] & (reached <= self.last) & (self.left > reached)
        met = np.all([self.has[step] for step in point.steps], axis=0)
        quarter = reached - reached % 3
        return pd.DataFrame(
            {
                "area_code": self.places.lsoa[self.home],
                "fifth": self.places.fifth[self.home],
                "period_from": [f"{month // 12:04}-{month % 12 + 1:02}-01" for month in quarter],
                "met": met,
            }
        )[counted]


def contact_share(fifth: Numbers) -> npt.NDArray[np.float64]:
    """Give the share of families with an antenatal contact, by deprivation fifth (1 is the most deprived)."""
    return np.asarray(SHARES["antenatal_contact"] + CONTACT_BY_FIFTH * (fifth - 3), dtype=np.float64)


def families(babies: int, seed: int = 1001, *, first: str = "2021-07", last: str = "2026-03") -> Families:
    """Make families, more of them where more children live; some are still pregnant when the files end."""
    places = dorset_places()
    generator = random_generator(seed, "pathway events")
    weight = births_expected(places)
    home = generator.choice(len(places.lsoa), babies, p=weight / weight.sum())
    start, end = _month(first), _month(last)
    shares = {name: np.full(babies, share) for name, share in SHARES.items()}
    shares["antenatal_contact"] = contact_share(places.fifth[home])
    has = {name: generator.random(babies) < share for name, share in shares.items()}
    born = generator.integers(start, end + UNBORN + 1, babies)
    leaves = generator.random(babies) < LEFT
    left = np.where(leaves, born + generator.integers(1, LEFT_WITHIN + 1, babies), 10**6)
    return Families(places, home, born, has, left, start, end)


def events_of(made: Families, seed: int = 1001) -> pd.DataFrame:
    """Give the events of families, each with the supplier that sends it; nothing after a family left, or the end."""
    generator = random_generator(seed, "months of pathway events")
    names = np.array([hashlib.sha256(f"{seed} {number}".encode()).hexdigest() for number in range(len(made.home))])
    parts = list(_steps(made, generator))
    event = np.concatenate([np.full(len(who), name) for name, who, _ in parts])
    who = np.concatenate([who for _, who, _ in parts])
    at = np.concatenate([at for _, _, at in parts])
    kept = (at <= made.last) & ((at < made.left[who]) | (event == "stop_contact"))
    council = made.places.lad_of[made.home]
    supplier = np.where(event == "antenatal_form", FORMS, np.array(VISITS)[council[who]])
    table = pd.DataFrame(
        {
            "pseudonym": names[who],
            "event": event,
            "month": [f"{month // 12:04}-{month % 12 + 1:02}" for month in at],
            "lsoa21cd": made.places.lsoa[made.home[who]],
            "supplier": supplier,
            "illustrative": "yes",
        }
    )[kept]
    kept_rows: pd.DataFrame = table.sort_values(["supplier", "pseudonym", "month", "event"], ignore_index=True)
    return kept_rows


def _steps(made: Families, generator: np.random.Generator) -> Iterator[tuple[str, Numbers, Numbers]]:
    """Give each kind of event, whose they are, and their months."""
    everybody = np.arange(len(made.home))
    yield "birth", everybody, made.born
    for name, (earliest, latest) in WHEN.items():
        who = everybody[made.has[name]]
        yield name, who, made.born[who] + generator.integers(earliest, latest + 1, len(who))
    name, month = LATE_VISIT
    late = everybody[~made.has[name] & (generator.random(len(everybody)) < 0.5)]
    yield name, late, made.born[late] + month
    gone = everybody[made.left <= made.last]
    yield "stop_contact", gone, made.left[gone]


def write_events(folder: Path, babies: int, seed: int = 1001) -> list[Path]:
    """Write each supplier's made-up events to a file whose name begins with ILLUSTRATIVE_."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (_, rows) in enumerate(events_of(families(babies, seed), seed).groupby("supplier"), start=1):
        paths.append(folder / f"ILLUSTRATIVE_pathway_events_{number}.csv")
        rows.to_csv(paths[-1], index=False, encoding="utf-8", lineterminator="\n")
    return paths


def _month(label: str) -> int:
    return int(label[:4]) * 12 + int(label[5:7]) - 1
