"""Small embedded tables of published facts, read as frames. `sources.toml` says whose each one is."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parent


def read_table(file: str, *, text: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read one embedded table; the columns named in ``text`` are never taken for numbers."""
    return pd.read_csv(FOLDER / file, dtype=dict.fromkeys(text, str), encoding="utf-8")


def lsoas() -> pd.DataFrame:
    """Codes, names, councils, deprivation (2025) and mid-2022 population of the LSOAs (December 2021)."""
    return read_table("lsoa21_deprivation.csv")


def centroids() -> pd.DataFrame:
    """Geometric centroids of the LSOAs, in longitude and latitude."""
    return read_table("lsoa21_centroids.csv")


def outlines() -> pd.DataFrame:
    """Rings of the council outlines, one row for each point in drawing order."""
    return read_table("council_outlines.csv").sort_values(["lad24cd", "ring", "seq"], ignore_index=True)


def msoa_names() -> pd.DataFrame:
    """Codes, statistical names and House of Commons Library names of the MSOAs (December 2021)."""
    return read_table("msoa21_names.csv")


def places() -> pd.DataFrame:
    """Towns that a map names."""
    return read_table("places.csv")


def published_statistics() -> pd.DataFrame:
    """Published figures, one citation a row."""
    return read_table("published_statistics.csv", text=("period", "unit", "note"))


@lru_cache(maxsize=1)
def table_sources() -> dict[str, dict[str, Any]]:
    """Supplier, publication, edition, licence and caution of each embedded table, by file name."""
    with (FOLDER / "sources.toml").open("rb") as file:
        return tomllib.load(file)
