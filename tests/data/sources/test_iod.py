"""Indices of Deprivation: either edition, long or short headers, only the system's areas, and never a mixed vintage."""

from __future__ import annotations

import csv
import math
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import reference
from data.errors import WrongColumns, WrongValues, WrongVintage
from data.sources import ReadingContext, read_file
from data.sources.iod import EDITIONS, domain_and_measure

RANK = "Rank (where 1 is most deprived)"
DECILE = "Decile (where 1 is most deprived 10% of LSOAs)"
IMD = "Index of Multiple Deprivation (IMD)"
IDACI = "Income Deprivation Affecting Children Index (IDACI)"
AREA = [
    "LSOA code (2021)",
    "LSOA name (2021)",
    "Local Authority District code (2024)",
    "Local Authority District name (2024)",
]
HEADER = [*AREA, f"{IMD} Score", f"{IMD} {RANK}", f"{IMD} {DECILE}", f"{IDACI} {RANK}", f"{IDACI} {DECILE}"]
# Rank 1 of 33,755 is in the first tenth; 3,375.5 is a tenth, so rank 3,376 is the first of decile 2.
BCP = ["E01015272", "Bournemouth, Christchurch and Poole 035A", "E06000058", "Bournemouth, Christchurch and Poole"]
DORSET = ["E01020392", "Dorset 012A", "E06000059", "Dorset"]
ROWS = [[*BCP, "80.5", "3375", "1", "1", "1"], [*DORSET, "60.1", "3376", "2", "33755", "10"]]


def deprivation(path):
    frame = read_file(path).frames["deprivation"]
    return {(code, domain): (rank, decile) for code, _, domain, _, rank, decile in frame.itertuples(index=False)}


@pytest.mark.parametrize("name", ["file7.csv", "file7.xlsx", "file7.ods"])
def test_file_7_gives_rank_and_decile_by_domain(write_table, name):
    reading = read_file(write_table([HEADER, *ROWS], name))
    assert (reading.source_id, reading.edition, reading.rows_read) == ("iod2025", "2025", 2)
    assert deprivation(write_table([HEADER, *ROWS], name)) == {
        ("E01015272", "imd"): (3375, 1),
        ("E01020392", "imd"): (3376, 2),
        ("E01015272", "idaci"): (1, 1),
        ("E01020392", "idaci"): (33755, 10),
    }


def test_a_score_that_a_copy_leaves_out_is_missing_and_not_zero(write_table):
    frame = read_file(write_table([HEADER, *ROWS])).frames["deprivation"]
    scores = dict(zip(frame["domain"], frame["score"], strict=True))
    assert math.isnan(scores["idaci"])
    assert scores["imd"] == 60.1


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"{IMD} {RANK}", ("imd", "rank")),
        (f"{IMD}  Rank  (where 1 is most", ("imd", "rank")),
        ("Income Score (rate)", ("income", "score")),
        (f"{IDACI} Score (rate)", ("idaci", "score")),
        ("Income Deprivation Affecting Older People (IDAOPI) Decile (where 1", ("idaopi", "decile")),
        ("Education, Skills and Training Score", ("education", "score")),
        ("Children and Young People Sub-domain Rank (where 1 is most deprived)", ("education_children", "rank")),
        ("Wider Barriers Sub-domain Decile", ("housing_wider", "decile")),
        ("Outdoors Sub-domain Score", ("environment_outdoors", "score")),
        ("Housing_and_Access_decile", ("housing", "decile")),
        ("Environment_rank", ("environment", "rank")),
        ("index_of_multiple_deprivation_imd_rank_where_1_is_most_deprived", ("imd", "rank")),
        ("IMD_rank", ("imd", "rank")),
        ("Total population: mid 2022", None),
        ("LSOA name (2021)", None),
        ("Income Deprivation Affecting Children", None),
    ],
)
def test_columns_are_recognised_by_how_they_start(name, found):
    assert domain_and_measure(name) == found


def test_headers_with_double_spaces_line_breaks_and_cut_ends_read_the_same(write_table):
    odd = [
        *AREA,
        f"{IMD}  Score",
        f"{IMD} Rank\n(where 1 is",
        f"{IMD} Decile (wh",
        f"{IDACI}  Rank",
        f"{IDACI} Decile ",
    ]
    assert deprivation(write_table([odd, *ROWS], "odd.csv")) == deprivation(write_table([HEADER, *ROWS]))


def test_title_rows_and_other_sheets_are_passed_over(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Notes", "What each column means"])
    sheet = book.create_sheet("IoD2025 File 7")
    for row in (["File 7: all ranks"], [], HEADER, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "file7.xlsx")
    assert len(deprivation(tmp_path / "file7.xlsx")) == 4


def test_denominators_become_published_population(write_table):
    header = [*HEADER, "Total population: mid 2022", "Dependent Children aged 0-15: mid  2022"]
    rows = read_file(write_table([header, [*ROWS[0], "1908", "278"]])).frames["population"]
    assert rows[["age_band", "count"]].to_numpy().tolist() == [["all", 1908.0], ["0-15", 278.0]]
    assert set(rows["reference_date"]) == {"2022-06-30"}
    assert not rows["estimate"].any()


def test_areas_elsewhere_are_left_out_and_counted(write_table):
    elsewhere = ["E01000001", "City of London 001A", "E09000001", "City of London", "5", "9", "1", "9", "1"]
    reading = read_file(write_table([HEADER, *ROWS, elsewhere]))
    assert set(reading.frames["area"]["area_code"]) == {"E01015272", "E01020392"}
    assert reading.notes[0] == "1 of 3 rows are outside Dorset ICS and were left out."


def test_a_file_of_another_place_is_refused(write_table):
    elsewhere = ["E01000001", "City of London 001A", "E09000001", "City of London", "5", "9", "1", "9", "1"]
    with pytest.raises(WrongValues, match=r"no row is in Dorset ICS; found E09000001"):
        read_file(write_table([HEADER, elsewhere]))


OLD_HEADER = ["LSOA11CD", "LSOA11NM", "LAD19CD", "LAD19NM", "IMD_rank", "IMD_decile"]


def test_2019_stays_on_2011_areas_even_where_the_code_is_the_same(write_table):
    # 3,284.4 is a tenth of 32,844.
    reading = read_file(write_table([OLD_HEADER, [*BCP, "3285", "2"]]))
    assert (reading.source_id, reading.edition) == ("iod2019", "2019")
    assert reading.frames["area"]["area_type"].tolist() == ["lsoa11"]
    assert any("2011 LSOAs" in note for note in reading.notes)


def test_2019_does_not_rename_areas_that_live_on_in_2021(write_table):
    loaded = pd.DataFrame({"area_code": ["E01015272"], "area_type": ["lsoa21"], "lad_code": ["E06000058"]})
    path = write_table([OLD_HEADER, [*BCP, "3285", "2"], ["E01015282", *BCP[1:], "1", "1"]])
    frames = read_file(path, ReadingContext(load_areas=lambda: loaded)).frames
    assert frames["area"][["area_code", "area_type"]].to_numpy().tolist() == [["E01015282", "lsoa11"]]
    assert frames["deprivation"]["area_code"].tolist() == ["E01015272", "E01015282"]


MIXED = {
    "a 2021 code in a 2011 column": ([OLD_HEADER, ["E01034275", *BCP[1:], "3285", "2"]], "E01034275, as in 2021 files"),
    "a split 2011 code in a 2021 column": ([HEADER, ["E01015282", *ROWS[0][1:]]], "E01015282, as in 2011 files"),
    "2021 areas beside councils of 2019": (
        [["LSOA21CD", "LSOA21NM", "LAD19CD", "LAD19NM", *OLD_HEADER[4:]], [*BCP, "1", "1"]],
        "2021 LSOAs beside local authorities of 2019",
    ),
    "2011 areas beside councils of 2024": (
        [["LSOA11CD", "LSOA11NM", "LAD24CD", "LAD24NM", *OLD_HEADER[4:]], [*BCP, "1", "1"]],
        "2011 LSOAs beside local authorities of 2024",
    ),
    "the 2015 edition": (
        [
            ["LSOA code (2011)", "LSOA name (2011)", "Local Authority District code (2013)", "x", *HEADER[5:7]],
            [*BCP, "1", "1"],
        ],
        "IoD 2015",
    ),
}


@pytest.mark.parametrize(("rows", "words"), MIXED.values(), ids=MIXED)
def test_a_mixed_vintage_is_refused_and_both_are_named(write_table, rows, words):
    with pytest.raises(WrongVintage, match=words):
        read_file(write_table(rows))


@pytest.mark.parametrize(
    ("rank", "decile", "words"),
    [
        ("0", "1", "whole number from 1 to 33,755"),
        ("33756", "10", "whole number from 1 to 33,755"),
        ("1", "11", "whole number from 1 to 10"),
        ("1", "0", "whole number from 1 to 10"),
        ("1.5", "1", "whole number"),
        ("first", "1", "'first'"),
        ("", "1", "nothing"),
        ("3375", "2", "the tenth of 33,755 LSOAs"),
        ("3376", "1", "the tenth of 33,755 LSOAs"),
    ],
)
def test_ranks_and_deciles_are_held_to_what_they_mean(write_table, rank, decile, words):
    with pytest.raises(WrongValues, match=rf"row 3, column .*{words}"):
        read_file(write_table([HEADER, ROWS[0], [*DORSET, "1", rank, decile, "1", "1"]]))


def test_a_domain_without_its_decile_is_refused(write_table):
    with pytest.raises(WrongColumns, match="idaci decile"):
        read_file(write_table([HEADER[:-1], ROWS[0][:-1]]))


def test_an_area_that_stands_twice_is_refused(write_table):
    with pytest.raises(WrongValues, match="each area once"):
        read_file(write_table([HEADER, ROWS[0], ROWS[0]]))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(EDITIONS), st.data())
def test_deciles_are_tenths_of_all_ranks(edition, data):
    """The formula that the reader checks with puts a tenth of all ranks, to within one, in every decile."""
    decile = data.draw(st.integers(1, 10))
    size = sum(math.ceil(rank * 10 / edition.areas) == decile for rank in range(1, edition.areas + 1))
    assert abs(size - edition.areas / 10) <= 1


def test_the_official_2025_file_agrees_with_the_embedded_facts(opendata):
    reading = read_file(opendata("iod2025_lsoa21.csv"))
    frame = reading.frames["deprivation"]
    assert len(frame) == 463 * 16  # IMD, seven domains, two indices of children and older people, six sub-domains
    imd = frame[frame["domain"] == "imd"].set_index("area_code")
    facts = reference.lsoas().set_index("lsoa21cd")
    assert (imd["rank"] == facts["imd_rank"].reindex(imd.index)).all()
    assert (imd["decile"] == facts["imd_decile"].reindex(imd.index)).all()


def test_the_official_cross_check_agrees_with_the_official_file(opendata):
    whole = read_file(opendata("iod2025_lsoa21.csv")).frames["deprivation"].set_index(["area_code", "domain"])
    sample = read_file(opendata("crosscheck_iod2025_file7_sample16.csv"))
    part = sample.frames["deprivation"].set_index(["area_code", "domain"])
    assert len(part) == 16 * 16
    assert (part["rank"] == whole["rank"].reindex(part.index)).all()
    assert part["score"].notna().all()
    assert len(sample.frames["population"]) == 16 * 4


def test_the_official_2019_file_counts_as_the_councils_published(opendata):
    """BCP briefing, September 2019: of 233 LSOAs, 9 in decile 1 and 17 in decile 2."""
    reading = read_file(opendata("iod2019_lsoa11.csv"))
    imd = reading.frames["deprivation"].query("domain == 'imd'").set_index("area_code")
    areas = reading.frames["area"].set_index("area_code")
    assert set(areas["area_type"]) == {"lsoa11"}
    bcp = imd[areas["lad_code"].reindex(imd.index) == "E06000058"]
    assert (len(bcp), (bcp["decile"] == 1).sum(), (bcp["decile"] == 2).sum()) == (233, 9, 17)


def test_the_whole_of_england_reads_within_seconds(tmp_path):
    """33,755 rows with the columns of one domain and 40 others; ten seconds leave room for a slow machine."""
    kept = set(reference.lsoas()["lsoa21cd"])
    others = [code for number in range(1, 33_755) if (code := f"E01{number:06d}") not in kept][: 33_755 - len(kept)]
    path = tmp_path / "england.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER, *[f"other {number}" for number in range(40)]])
        for code in sorted(kept):
            writer.writerow([code, "Here", "E06000058", "BCP", *ROWS[0][4:], *["1"] * 40])
        for code in others:
            writer.writerow([code, "There", "E06000001", "Hartlepool", *ROWS[0][4:], *["1"] * 40])
    start = time.perf_counter()
    reading = read_file(path)
    assert time.perf_counter() - start < 10
    assert reading.rows_read == 33_755
    assert len(reading.frames["area"]) == 463


def test_areas_that_the_file_leaves_out_are_counted(write_table):
    """Two of 463: a file that was cut at the end of a row looks whole, so the reader says what is not there."""
    notes = read_file(write_table([HEADER, *ROWS])).notes
    assert notes[-1] == "461 of the 463 areas of Dorset ICS are not in the file, such as E01015273."
