"""Each official file is recognised by exactly one reader, whatever its name."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from data.sources import READERS, reader_for
from data.sources.tables import preview

EXPECTED = {
    "census2021_lsoa21_ethnic_group.csv": "census",
    "census2021_lsoa21_household_deprivation.csv": "census",
    "crosscheck_iod2025_file7_sample16.csv": "iod",
    "dwp_children_relative_low_income_ahc_la_fye2024_2025.csv": "low_income",
    "dwp_children_relative_low_income_ahc_ward_fye2024_2025.csv": "low_income",
    "gias_schools_open_2025_05_24.csv": "settings",
    "gp_practices_dorset_icb.csv": "settings",
    "hv_metrics_england_published_headlines.csv": "hv_metrics",
    "icb23_boundary_bsc.geojson": "boundaries",
    "iod2019_lsoa11.csv": "iod",
    "iod2025_icb24_summary.csv": "iod_extras",
    "iod2025_lad24_summary.csv": "iod_extras",
    "iod2025_lsoa21.csv": "iod",
    "iod2025_underlying_indicators_lsoa21.csv": "iod_extras",
    "lad24_boundaries_bsc.geojson": "boundaries",
    "lait_early_years_dorset_bcp_sw_england.csv": "lait",
    "lookup_lsoa11_lsoa21.csv": "lookups",
    "lookup_lsoa21.csv": "lookups",
    "lsoa21_boundaries_bsc.geojson": "boundaries",
    "nhs_maternity_statistics_msds_annual.csv": "msds",
    "population_census2021_lsoa21_age6.csv": "census",
    "population_mid2020_lsoa11_single_year_of_age.csv": "population",
    "postcodes_nspl_may2025_dorset.csv": "postcodes",
}


@pytest.mark.parametrize(("name", "reader"), EXPECTED.items())
def test_each_official_file_has_one_reader_whatever_its_name(opendata, tmp_path, name, reader):
    unnamed = tmp_path / f"download{Path(name).suffix}"
    shutil.copy(opendata(name), unnamed)
    seen = preview(unnamed)
    claims = [each for each in READERS if import_module(f"data.sources.{each}").recognises(seen)]
    assert claims == [reader]
    assert reader_for(unnamed).__name__ == f"data.sources.{reader}"


def test_every_reader_offers_what_the_others_do():
    for name in READERS:
        module = import_module(f"data.sources.{name}")
        assert module.SOURCE_ID
        assert module.ACCEPTS
        assert callable(module.recognises)
        assert callable(module.read)
