"""Practices, schools, hubs and postcodes: placed in 2021 LSOAs, without telephones, addresses or homes."""

from __future__ import annotations

import pandas as pd
import pytest

from data.errors import DataErrors, UnreadableFile, WrongValues, WrongVintage
from data.sources import ReadingContext, read_file, settings_return
from data.sources.places_on_map import lon_lat_from_grid

PRACTICE = [
    "Organisation Code", "Name", "Address Line 1", "Postcode", "Status Code", "Commissioner",
    "Contact Telephone Number", "Prescribing Setting", "lat", "long", "LSOA21CD",
]  # fmt: skip
ORCHID = ["J81002", "ORCHID HOUSE SURGERY", "ST. MARYS ROAD", "BH22 9HB", "A", "11J", "01202 897000", "4"]
PLACE = ["50.80177", "-1.89449", "E01020392"]


def settings(path, context=None) -> pd.DataFrame:
    return read_file(path, context).frames["setting"].set_index("setting_id")


def test_a_practice_keeps_its_name_and_place_and_nothing_else(write_table):
    reading = read_file(write_table([PRACTICE, [*ORCHID, *PLACE]]))
    row = reading.frames["setting"].iloc[0]
    assert (row["setting_id"], row["kind"], row["name"]) == ("J81002", "gp_practice", "Orchid House Surgery")
    assert (row["lon"], row["lat"], row["area_code"]) == (-1.89449, 50.80177, "E01020392")
    assert "01202" not in str(reading)
    assert "BH22" not in str(reading)
    assert "MARYS" not in str(reading)


@pytest.mark.parametrize(("at", "value"), [(4, "C"), (7, "1")], ids=["closed", "a prison or clinic"])
def test_closed_practices_and_other_prescribers_are_left_out(write_table, at, value):
    other = ["J81999", *ORCHID[1:], *PLACE]
    other[at] = value
    reading = read_file(write_table([PRACTICE, [*ORCHID, *PLACE], other]))
    assert reading.frames["setting"]["setting_id"].tolist() == ["J81002"]
    assert "1 closed practices or other prescribing places were left out." in reading.notes


def test_practices_of_other_boards_are_left_out(write_table):
    elsewhere = ["A81001", *ORCHID[1:], *PLACE]
    elsewhere[5] = "16C"
    assert list(settings(write_table([PRACTICE, [*ORCHID, *PLACE], elsewhere])).index) == ["J81002"]


SCHOOL = [
    "URN", "EstablishmentName", "TypeOfEstablishment (name)", "PhaseOfEducation (name)", "EstablishmentStatus (name)",
    "NurseryProvision (name)", "StatutoryLowAge", "Easting", "Northing", "LSOA (code)", "HeadLastName", "TelephoneNum",
]  # fmt: skip


def school(urn: str, phase: str = "Primary", status: str = "Open", kind: str = "Academy") -> list[str]:
    return [
        urn,
        f"School {urn}",
        kind,
        phase,
        status,
        "Has Nursery Classes",
        "2",
        "391974",
        "108286",
        "E01034378",
        "Smith",
        "1",
    ]


def test_nursery_schools_are_told_apart_and_closed_schools_left_out(write_table):
    rows = [school("1"), school("2", "Nursery"), school("3", "Not applicable", kind="Local authority nursery school")]
    found = settings(write_table([SCHOOL, *rows, school("4", status="Closed")]))
    assert found["kind"].to_dict() == {"URN1": "school", "URN2": "nursery", "URN3": "nursery"}
    assert found["attributes"]["URN1"]["nursery_classes"] == "Has Nursery Classes"
    assert "Smith" not in str(found["attributes"].tolist())


def test_the_grid_becomes_longitude_and_latitude(write_table):
    # DfE gives both for Downlands Community School: 391974, 108286 and -2.115438, 50.874015.
    row = settings(write_table([SCHOOL, school("1")])).iloc[0]
    assert row["lon"] == pytest.approx(-2.115438, abs=2e-5)
    assert row["lat"] == pytest.approx(50.874015, abs=2e-5)


def test_a_grid_reference_outside_great_britain_is_refused():
    with pytest.raises(WrongValues, match="outside Great Britain"):
        lon_lat_from_grid(pd.Series([800_000.0]), pd.Series([100_000.0]))


def test_a_school_whose_code_is_not_of_2021_has_no_neighbourhood_and_is_counted(write_table):
    odd = school("1")
    odd[9] = "E01015282"
    reading = read_file(write_table([SCHOOL, odd, school("2")]))
    assert reading.frames["setting"]["setting_id"].tolist() == ["URN2"]
    assert "1 of 2 rows are outside Dorset ICS and were left out." in reading.notes


RETURN = ["setting_id", "kind", "name", "lon", "lat", "area_code", "serves_under_twos", "organisation"]
HUB = ["HUB-01", "family_hub", "Example hub", "-1.83", "50.72", "E01015272", "yes", "A council"]


@pytest.mark.parametrize("name", ["hubs.csv", "hubs.xlsx", "hubs.ods"])
def test_a_return_of_hubs_reads_from_every_format(write_table, name):
    row = settings(write_table([RETURN, HUB], name)).loc["HUB-01"]
    assert (row["kind"], row["lon"], row["lat"], row["area_code"]) == ("family_hub", -1.83, 50.72, "E01015272")
    assert row["attributes"] == {"organisation": "A council", "serves_under_twos": True}


def test_the_template_with_its_title_and_plain_headings_reads_too(write_table):
    header = ["ID", "Kind", "Name", "Area code", "Trained staff", "Direct contact staff", "Under two places", "As at"]
    rows = [["Hubs and settings"], header, ["N-1", "nursery", "Example nursery", "E01015272", 6, 9, 24, "31/12/2025"]]
    reading = read_file(write_table([[*row, *[""] * (8 - len(row))] for row in rows], "template.xlsx"))
    assert reading.edition == "2025-12-31"
    known = {"trained_staff": 6, "direct_contact_staff": 9, "under_two_places": 24, "as_at": "2025-12-31"}
    assert reading.frames["setting"]["attributes"].tolist() == [known]


def test_the_kinds_are_those_of_the_register():
    from data.catalogue import registers

    register = next(each for each in registers() if each.id == "settings")
    kind = next(column for column in register.columns if column.name == "kind")
    assert set(kind.allowed) == set(settings_return.KINDS)


def test_a_childminders_home_is_never_a_point(write_table):
    row = ["C-1", "childminder", "Childminder 1", "-1.83", "50.72", "E01015272", "yes", ""]
    found = settings(write_table([RETURN, row])).loc["C-1"]
    assert pd.isna(found["lon"])
    assert pd.isna(found["lat"])
    assert found["area_code"] == "E01015272"


def test_a_postcode_is_used_once_and_forgotten(write_table):
    lookup = pd.DataFrame({"postcode": ["BH51BQ"], "area_code": ["E01015273"]})
    path = write_table([[*RETURN, "postcode"], [*HUB[:5], "", *HUB[6:], "bh5 1bq"]])
    reading = read_file(path, ReadingContext(load_postcodes=lambda: lookup))
    assert reading.frames["setting"]["area_code"].tolist() == ["E01015273"]
    assert "BH5" not in str(reading.frames).upper()
    with pytest.raises(WrongValues, match="Load the ONS postcode lookup first"):
        read_file(path)


BROKEN = {
    "an unknown kind": (1, "castle", "one of family_hub"),
    "no id": (0, "", "a setting_id"),
    "no name": (2, "", "a name"),
    "text for a longitude": (3, "west", "a number"),
    "longitude and latitude swapped": (3, "50.7", "outside Great Britain"),
    "an area elsewhere": (5, "E01000001", "codes of areas in Dorset ICS"),
    "neither yes nor no": (6, "sometimes", "yes or no"),
}


@pytest.mark.parametrize(("at", "value", "words"), BROKEN.values(), ids=BROKEN)
def test_a_wrong_cell_of_the_return_is_named(write_table, at, value, words):
    row = list(HUB)
    row[at] = value
    with pytest.raises(WrongValues, match=words):
        read_file(write_table([RETURN, row]))


def test_a_setting_that_stands_twice_and_one_that_is_nowhere_are_refused(write_table):
    with pytest.raises(WrongValues, match="each setting once"):
        read_file(write_table([RETURN, HUB, HUB]))
    with pytest.raises(WrongValues, match="an area_code, a postcode, or lon and lat"):
        read_file(write_table([RETURN, [*HUB[:3], "", "", "", *HUB[6:]]]))


def test_every_problem_of_the_return_is_told_at_once(write_table):
    broken = [["", "castle", "", "west", "50.72", "", "sometimes", ""], HUB, HUB]
    with pytest.raises(DataErrors) as caught:
        read_file(write_table([RETURN, *broken]))
    told = {(problem.row, problem.column) for problem in caught.value.problems}
    assert told == {
        (2, "kind"),
        (2, "setting_id"),
        (2, "name"),
        (4, "setting_id"),
        (2, "lon"),
        (2, "serves_under_twos"),
    }


def test_more_trained_staff_than_staff_is_refused(write_table):
    header = [*RETURN, "trained_staff", "direct_contact_staff"]
    with pytest.raises(WrongValues, match="no more than direct_contact_staff"):
        read_file(write_table([header, [*HUB, "10", "9"]]))


NSPL = ["pcd", "pcd2", "pcds", "lsoa21cd", "lat", "long"]


def test_postcodes_lose_their_space_and_those_elsewhere_are_left_out(write_table):
    rows = [
        ["BH5 1BQ", "BH5  1BQ", "BH5 1BQ", "E01015272", "50", "-1"],
        ["AB1 0AA", "", "AB1 0AA", "S01013482", "57", "-2"],
    ]
    reading = read_file(
        write_table([NSPL, *rows, ["GY1 1AA", "", "GY1 1AA", "L99999999", "", ""]], "NSPL_MAY_2025_UK.csv")
    )
    assert reading.frames["postcode"].to_numpy().tolist() == [["BH51BQ", "E01015272"]]
    assert reading.edition == "May 2025"
    assert reading.notes == ("2 of 3 postcodes are outside Dorset ICS and were left out.",)


@pytest.mark.parametrize(
    ("header", "rows", "error", "words"),
    [
        (["Postcode", "LSOA11CD"], [["BH5 1BQ", "E01015272"]], WrongVintage, "found LSOA11CD; expected LSOA21CD"),
        (["Postcode", "LSOA21CD"], [["BH5 1BQ", "Boscombe"]], WrongValues, "its LSOA code"),
        (["Postcode", "LSOA21CD"], [["nowhere", "E01015272"]], WrongValues, "a postcode such as"),
        (["Postcode", "LSOA21CD"], [["BH5 1BQ", "E01015282"]], WrongValues, "no postcode is in a 2021 LSOA"),
        (
            ["Postcode", "LSOA21CD"],
            [["BH5 1BQ", "E01015272"], ["BH51BQ", "E01015273"]],
            WrongValues,
            "one LSOA a postcode",
        ),
    ],
)
def test_a_postcode_lookup_that_cannot_be_right_is_refused(write_table, header, rows, error, words):
    with pytest.raises(error, match=words):
        read_file(write_table([header, *rows]))


def test_a_postcode_workbook_is_refused(write_table):
    with pytest.raises(UnreadableFile, match="expected CSV"):
        read_file(write_table([["Postcode", "LSOA21CD"], ["BH5 1BQ", "E01015272"]], "nspl.xlsx"))


@pytest.mark.parametrize(
    ("name", "frame", "rows"),
    [
        ("gp_practices_dorset_icb.csv", "setting", 68),
        ("gias_schools_open_2025_05_24.csv", "setting", 303),
        ("postcodes_nspl_may2025_dorset.csv", "postcode", 31_741),
    ],
)
def test_the_official_files_are_read_whole(opendata, name, frame, rows):
    found = read_file(opendata(name)).frames[frame]
    assert len(found) == rows
    assert found["area_code"].notna().all()
