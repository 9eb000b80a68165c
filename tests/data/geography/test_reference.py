"""The embedded tables are what their source lines say, and equal the official files where those are present."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data import reference


def test_every_table_has_a_source_and_every_source_a_table() -> None:
    files = {path.name for path in reference.FOLDER.glob("*.csv")}
    assert set(reference.table_sources()) == files


@pytest.mark.parametrize("file", sorted(reference.table_sources()))
def test_source_lines_are_complete_and_count_the_rows(file: str) -> None:
    source = reference.table_sources()[file]
    assert len(reference.read_table(file)) == source["rows"]
    for key in ("supplier", "publication", "edition", "licence", "attribution", "holds", "caution"):
        assert source[key].strip(), key


def test_both_councils_have_all_their_lsoas() -> None:
    assert reference.lsoas().groupby("lad24cd").size().to_dict() == {"E06000058": 240, "E06000059": 223}


def test_lsoas_and_centroids_name_the_same_areas() -> None:
    assert set(reference.lsoas()["lsoa21cd"]) == set(reference.centroids()["lsoa21cd"])


def test_ranks_and_deciles_agree() -> None:
    """33,755 LSOAs in ten equal groups: rank 1 to 3,376 is decile 1, and so on, but for areas on the line."""
    lsoas = reference.lsoas()
    expected = ((lsoas["imd_rank"] - 1) * 10 // 33_755) + 1
    assert (expected - lsoas["imd_decile"]).abs().max() <= 1
    assert (expected == lsoas["imd_decile"]).mean() > 0.99


def test_rings_are_closed_and_in_order() -> None:
    for _, ring in reference.outlines().groupby(["lad24cd", "ring"]):
        assert ring["seq"].tolist() == list(range(1, len(ring) + 1))
        assert ring[["lon", "lat"]].iloc[0].tolist() == ring[["lon", "lat"]].iloc[-1].tolist()


def test_published_statistics_each_cite_an_address() -> None:
    statistics = reference.published_statistics()
    assert statistics["source_url"].str.startswith("https://").mean() > 0.9
    assert statistics[["publisher", "publication_title", "source_url"]].notna().all(axis=None)


def test_deprivation_equals_file_7(opendata: Callable[[str], Path]) -> None:
    official = pd.read_csv(opendata("iod2025_lsoa21.csv"))
    code = next(column for column in official.columns if "LSOA code" in column or column.lower() == "lsoa21cd")
    rank = next(
        column
        for column in official.columns
        if "rank" in column.lower() and ("imd" in column.lower() or "multiple" in column.lower())
    )
    ours = reference.lsoas().set_index("lsoa21cd")["imd_rank"]
    theirs = official.set_index(code)[rank]
    assert (ours == theirs.reindex(ours.index)).sum() == 463
