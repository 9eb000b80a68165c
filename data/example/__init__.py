"""Illustrative local returns: made by a program from a fixed seed, on real geography, with a known ground truth.

Nothing here was measured. Every row says ``illustrative = yes`` and carries a note; every file name begins with
``ILLUSTRATIVE_``; every sender's name says illustrative. ``data.example.ground_truth`` says what is true in this world
and ``data.example.senders`` what is wrong with the returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from data import catalogue
from data.errors import UnknownName
from data.example.calendar import LAST_QUARTER
from data.example.ground_truth import GROUND_TRUTH, LINES, SENT_BY, expected, expected_by_fifth, wanted
from data.example.places import Places, dorset_places, invented_places
from data.example.rows import rows_of
from data.example.senders import SENDERS, Sender, sent_by, with_faults
from data.example.world import World

__all__ = [
    "GROUND_TRUTH",
    "SENDERS",
    "LargeExample",
    "expected",
    "expected_by_fifth",
    "large_example",
    "returns",
    "wanted",
    "write_returns",
]

SEED = 1001
QUARTERS = LAST_QUARTER + 1
PREFIX = "ILLUSTRATIVE_"


def returns(
    seed: int = SEED,
    quarters: int = QUARTERS,
    *,
    places: Places | None = None,
    indicators: Collection[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Make one long return for each sender, for the last ``quarters`` up to 2025/26 Q4; numbers are text."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for sender, rows in _by_indicator(seed, quarters, places or dorset_places(), indicators):
        parts.setdefault(sender.id, []).append(rows)
    return {sender.id: pd.concat(parts[sender.id], ignore_index=True) for sender in SENDERS if sender.id in parts}


def write_returns(
    folder: Path,
    seed: int = SEED,
    quarters: int = QUARTERS,
    *,
    indicators: Collection[str] | None = None,
    suffix: Literal[".csv", ".xlsx"] = ".csv",
) -> list[Path]:
    """Write each sender's return to a file whose name begins with ILLUSTRATIVE_."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sender_id, rows in returns(seed, quarters, indicators=indicators).items():
        path = folder / f"{PREFIX}{sender_id}{suffix}"
        table = rows.rename(columns={"indicator_id": "indicator"})
        if suffix == ".csv":
            table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        else:
            table.to_excel(path, sheet_name="Illustrative return", index=False)
        paths.append(path)
    return paths


def _by_indicator(
    seed: int, quarters: int, places: Places, indicators: Collection[str] | None
) -> Iterator[tuple[Sender, pd.DataFrame]]:
    """Draw one indicator after the other and hand it on by sender."""
    if not 1 <= quarters <= QUARTERS:
        raise ValueError(f"quarters must be from 1 to {QUARTERS}, not {quarters}")
    if unknown := sorted(set(indicators or ()) - set(wanted())):
        raise UnknownName("no illustrative return holds these indicators", found=", ".join(unknown))
    world = World(places, quarters, seed, LINES)
    part_of = {name: part for part, lines in SENT_BY.items() for name in lines}
    for name in wanted():
        if indicators is not None and name not in indicators:
            continue
        rows = rows_of(world, catalogue.indicator(name))
        for sender in SENDERS:
            if sender.part == part_of[name] and len(own := sent_by(sender, rows, places)):
                yield sender, with_faults(sender, own, places)


@dataclass(frozen=True, slots=True)
class LargeExample:
    """An invented system of any size: its areas, their deprivation and population, and its returns one at a time."""

    area: pd.DataFrame
    deprivation: pd.DataFrame
    population: pd.DataFrame
    returns: Iterator[tuple[str, pd.DataFrame]]


def large_example(
    lsoas: int, seed: int = SEED, quarters: int = QUARTERS, indicators: Collection[str] | None = None
) -> LargeExample:
    """Make up to 33,755 LSOAs that do not exist (codes begin with X) and returns for them, drawn as they are read.

    ``returns`` gives (sender id, long rows) for one indicator at a time, so that England's size never stands in memory.
    """
    places = invented_places(lsoas, seed)
    made = _by_indicator(seed, quarters, places, indicators)
    return LargeExample(
        area=_areas(places),
        deprivation=_deprivation(places),
        population=_population(places),
        returns=((sender.id, rows) for sender, rows in made),
    )


def _areas(places: Places) -> pd.DataFrame:
    """List invented areas of every type with their parents."""
    lsoa = pd.DataFrame(
        {
            "area_code": places.lsoa.astype(object),
            "area_type": "lsoa21",
            "msoa_code": places.msoa.astype(object)[places.msoa_of],
            "lad_code": places.lad.astype(object)[places.lad_of],
            "icb_code": places.icb.astype(object)[places.icb_of],
        }
    )
    msoa = lsoa.drop_duplicates("msoa_code").assign(area_code=lambda rows: rows["msoa_code"], area_type="msoa21")
    lad = lsoa.drop_duplicates("lad_code").assign(area_code=lambda rows: rows["lad_code"], area_type="lad")
    icb = lsoa.drop_duplicates("icb_code").assign(area_code=lambda rows: rows["icb_code"], area_type="icb")
    parts = [
        lsoa,
        msoa.drop(columns="msoa_code"),
        lad.drop(columns=["msoa_code", "lad_code"]),
        icb.drop(columns=["msoa_code", "lad_code", "icb_code"]),
    ]
    areas = pd.concat(parts, ignore_index=True)
    return areas.assign(area_name="Invented area " + areas["area_code"], edition="illustrative")


def _deprivation(places: Places) -> pd.DataFrame:
    rank = np.empty(len(places.lsoa), dtype=np.int64)
    rank[np.argsort(-places.imd_score, kind="stable")] = np.arange(1, len(rank) + 1)
    return pd.DataFrame(
        {
            "area_code": places.lsoa.astype(object),
            "edition": "2025",
            "domain": "imd",
            "score": places.imd_score,
            "rank": rank,
            "decile": places.imd_decile,
        }
    )


def _population(places: Places) -> pd.DataFrame:
    bands = {"0-15": places.children, "all": places.children + places.adults}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "area_code": places.lsoa.astype(object),
                    "age_band": band,
                    "reference_date": "2022-06-30",
                    "count": count,
                    "edition": "illustrative",
                    "estimate": True,
                    "method": "Made up for a benchmark",
                }
            )
            for band, count in bands.items()
        ],
        ignore_index=True,
    )
