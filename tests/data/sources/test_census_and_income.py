"""Census 2021 in its three shapes, low income by council and ward, and the files beside File 7."""

from __future__ import annotations

import pytest

from data.errors import WrongColumns, WrongValues, WrongVintage
from data.sources import read_file

AGES = {
    "Aged 15 years and under": 289,
    "Aged 16 to 24 years": 160,
    "Aged 25 to 34 years": 184,
    "Aged 35 to 49 years": 340,
    "Aged 50 to 64 years": 377,
    "Aged 65 years and over": 525,
}
BANDS = {"0-15": 289, "16-24": 160, "25-34": 184, "35-49": 340, "50-64": 377, "65+": 525, "all": 1875}


def bands(path) -> dict[str, float]:
    rows = read_file(path).frames["population"]
    assert set(rows["reference_date"]) == {"2021-03-21"}
    return dict(zip(rows["age_band"], rows["count"], strict=True))


def test_ages_with_one_column_a_category(write_table):
    assert bands(write_table([["LSOA21CD", *AGES], ["E01015272", *AGES.values()]])) == BANDS


def test_ages_as_nomis_sends_them(write_table):
    header = [
        "date",
        "geography",
        "geography code",
        "Age: Total; measures: Value",
        *[f"Age: {name}; measures: Value" for name in AGES],
    ]
    row = ["2021", "BCP 035A", "E01015272", 1875, *AGES.values()]
    assert bands(write_table([header, row])) == BANDS


def test_ages_as_the_ons_website_sends_them(write_table):
    area = "Lower layer Super Output Areas"
    header = [f"{area} Code", area, "Age (6 categories) Code", "Age (6 categories)", "Observation"]
    rows = [["E01015272", "BCP 035A", number, name, count] for number, (name, count) in enumerate(AGES.items())]
    assert bands(write_table([header, *rows])) == BANDS


def test_ethnic_groups_are_bands_of_their_own_and_finer_groups_are_not_added(write_table):
    lead = "Ethnic group: "
    header = [
        "date", "geography", "geography code", f"{lead}Total: All usual residents",
        f"{lead}Asian, Asian British or Asian Welsh", f"{lead}Asian, Asian British or Asian Welsh: Indian",
        f"{lead}Black, Black British, Black Welsh, Caribbean or African", f"{lead}Mixed or Multiple ethnic groups",
        f"{lead}White", f"{lead}Other ethnic group",
    ]  # fmt: skip
    found = bands(write_table([header, ["2021", "BCP 035A", "E01015272", 1875, 66, 40, 25, 71, 1686, 27]]))
    assert found["ethnic:asian"] == 66
    assert found["ethnic:all"] == 66 + 25 + 71 + 1686 + 27 == 1875


def test_a_total_that_no_perturbation_explains_is_refused(write_table):
    header = ["LSOA21CD", *AGES, "All usual residents (sum of age groups)"]
    # Six categories may differ from the total by 5 people each: 30 passes, 31 does not.
    assert bands(write_table([header, ["E01015272", *AGES.values(), 1875 + 30]]))["all"] == 1875
    with pytest.raises(WrongValues, match="about the sum of the categories"):
        read_file(write_table([header, ["E01015272", *AGES.values(), 1875 + 31]]))


def test_a_2011_code_in_a_census_2021_file_is_refused(write_table):
    header = ["LSOA21CD", "LAD24CD", *AGES]
    rows = [[code, "E06000058", *AGES.values()] for code in ("E01015272", "E01015282")]
    with pytest.raises(WrongVintage, match="E01015282, as in 2011 files"):
        read_file(write_table([header, *rows]))


@pytest.mark.parametrize(
    ("name", "source_id", "everyone"),
    [
        ("population_census2021_lsoa21_age6.csv", "census2021_age", "all"),
        ("census2021_lsoa21_ethnic_group.csv", "census2021_ethnic_group", "ethnic:all"),
        ("census2021_lsoa21_household_deprivation.csv", "census2021_household_deprivation", "households:all"),
    ],
)
def test_the_official_census_files_cover_every_neighbourhood(opendata, name, source_id, everyone):
    reading = read_file(opendata(name))
    assert reading.source_id == source_id
    assert (reading.frames["population"]["age_band"] == everyone).sum() == 463


WARD = ["LAD name", "LAD code", "Ward name", "Ward code"]
YEARS = ["Number of children FYE 2024", "Percentage of children FYE 2024"]
ALDERNEY = ["Bournemouth, Christchurch and Poole", "E06000058", "Alderney & Bourne Valley", "E05012649"]


def test_low_income_gives_a_share_and_a_number_for_the_financial_year(write_table):
    rows = read_file(write_table([[*WARD, *YEARS], [*ALDERNEY, "1,005", "31.1"]])).frames["observation"]
    assert rows[["indicator_id", "value"]].to_numpy().tolist() == [
        ["children_low_income", 31.1],
        ["children_low_income_number", 1005.0],
    ]
    assert set(rows["area_type"]) == {"ward"}
    assert set(rows[["period_from", "period_to"]].itertuples(index=False, name=None)) == {("2023-04-01", "2024-03-31")}
    assert rows["denominator"].isna().all()


def test_a_percentage_over_100_and_a_year_without_its_percentage_are_refused(write_table):
    with pytest.raises(WrongValues, match="from 0 to 100"):
        read_file(write_table([[*WARD, *YEARS], [*ALDERNEY, "1005", "131.1"]]))
    with pytest.raises(WrongColumns, match="Percentage of children FYE 2024"):
        read_file(write_table([[*WARD, YEARS[0]], [*ALDERNEY, "1005"]]))


def test_the_official_low_income_files_agree_with_the_catalogue(opendata):
    from data.catalogue import indicator

    wards = read_file(opendata("dwp_children_relative_low_income_ahc_ward_fye2024_2025.csv"))
    councils = read_file(opendata("dwp_children_relative_low_income_ahc_la_fye2024_2025.csv"))
    assert len(wards.frames["observation"]) == 85 * 2 * 2
    assert len(councils.frames["observation"]) == 2 * 2 * 2
    for name in set(wards.frames["observation"]["indicator_id"]):
        assert indicator(name).source == "dwp_low_income"


SUMMARY = ["ltla24_code", "ltla24_name", "imd_average_rank", "imd_average_score"]
SHARE = "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally"


def test_a_summary_that_disagrees_with_file_7_is_refused(write_table):
    row = ["E06000058", "Bournemouth, Christchurch and Poole", "14728.21", "17.513"]
    # 12 of BCP's 240 LSOAs are in decile 1: 0.05.
    assert len(read_file(write_table([[*SUMMARY, SHARE], [*row, "0.05"]])).frames["area"]) == 1
    with pytest.raises(WrongValues, match="the share that File 7 gives"):
        read_file(write_table([[*SUMMARY, SHARE], [*row, "0.0542"]]))


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        ("iod2025_underlying_indicators_lsoa21.csv", 463),
        ("iod2025_lad24_summary.csv", 2),
        ("iod2025_icb24_summary.csv", 1),
    ],
)
def test_files_beside_file_7_say_what_was_stored(opendata, name, areas):
    reading = read_file(opendata(name))
    assert list(reading.frames) == ["area"]
    assert len(reading.frames["area"]) == areas
    assert "were stored" in reading.notes[-1]
