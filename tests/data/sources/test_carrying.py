"""Counts on 2011 LSOAs are carried to 2021 LSOAs without losing or inventing anyone."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import WrongValues, WrongVintage
from data.sources import ReadingContext, read_file
from data.sources.carrying import METHODS, PARTS_OF_A_PERSON, carry_counts

CHANGES = pd.DataFrame(
    [("A", "A", "U"), ("B", "C", "S"), ("B", "D", "S"), ("E", "G", "M"), ("F", "G", "M")],
    columns=["area_code_from", "area_code_to", "change"],
)


def frame(rows: dict[str, list[float]], ages: list[str]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=ages)


def test_each_kind_of_change_by_hand():
    counts = frame({"A": [9], "B": [10], "E": [3], "F": [4]}, ["0"])
    weights = frame({"A": [1], "C": [300], "D": [100], "G": [1]}, ["0"])
    carried = carry_counts(counts, CHANGES, weights)
    # B's 10 are shared 300 to 100: 10 × 300/400 = 7.5 and 2.5. E and F join: 3 + 4 = 7.
    assert carried["0"].to_dict() == {"A": 9.0, "C": 7.5, "D": 2.5, "G": 7.0}
    assert carried["method"].to_dict() == {"A": "", "C": METHODS["S"], "D": METHODS["S"], "G": METHODS["M"]}


def test_thirds_are_cut_and_the_last_part_takes_the_rest():
    counts = frame({"B": [1]}, ["0"])
    changes = pd.DataFrame([("B", part, "S") for part in "CDE"], columns=CHANGES.columns)
    carried = carry_counts(counts, changes, frame({part: [1] for part in "CDE"}, ["0"]))["0"]
    # 1/3 of 1,024 parts is 341 whole parts; 1,024 − 341 − 341 = 342.
    assert (carried * PARTS_OF_A_PERSON).to_dict() == {"C": 341.0, "D": 341.0, "E": 342.0}
    assert carried.sum() == 1.0


def test_where_no_one_of_an_age_lives_in_any_part_the_parts_share_equally():
    weights = frame({"C": [0, 3], "D": [0, 1]}, ["0", "16"])
    carried = carry_counts(frame({"B": [4, 4]}, ["0", "16"]), CHANGES[CHANGES["change"] == "S"], weights)
    assert carried[["0", "16"]].to_dict("list") == {"0": [2.0, 2.0], "16": [3.0, 1.0]}


# A busy machine is not a wrong total: only the answer is held against the test, never its time.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def places(draw):
    """A made-up country: some LSOAs unchanged, some split in two to four, some merged, some both (X)."""
    rows: list[tuple[str, str, str]] = []
    for number, change in enumerate(draw(st.lists(st.sampled_from("USMX"), min_size=1, max_size=8))):
        old, new = f"old{number}", f"new{number}"
        if change == "U":
            rows.append((old, new, "U"))
        elif change == "S":
            rows += [(old, f"{new}{part}", "S") for part in range(draw(st.integers(2, 4)))]
        elif change == "M":
            rows += [(f"{old}{part}", new, "M") for part in range(draw(st.integers(2, 4)))]
        else:
            rows += [(f"{old}{left}", f"{new}{right}", "X") for left in "ab" for right in "cd"]
    changes = pd.DataFrame(rows, columns=CHANGES.columns)
    ages = ["0", "1", "90+"]
    people = st.lists(st.integers(0, 5_000), min_size=3, max_size=3)
    counts = frame({code: draw(people) for code in changes["area_code_from"].unique()}, ages)
    weights = frame({code: draw(people) for code in changes["area_code_to"].unique()}, ages)
    return counts, changes, weights


@patient
@given(places())
def test_totals_are_conserved_to_the_last_digit(place):
    counts, changes, weights = place
    carried = carry_counts(counts, changes, weights)
    for age in counts.columns:
        assert carried[age].sum() == counts[age].sum()
        assert (carried[age] >= 0).all()
    for old, parts in changes.groupby("area_code_from")["area_code_to"]:
        if set(changes.loc[changes["area_code_from"] == old, "change"]) == {"S"}:
            assert (carried.loc[list(parts), counts.columns].sum() == counts.loc[old]).all()


@patient
@given(places(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(place, random):
    counts, changes, weights = place
    shuffled = changes.sample(frac=1, random_state=random.randrange(1000))
    pd.testing.assert_frame_equal(
        carry_counts(counts, changes, weights), carry_counts(counts.iloc[::-1], shuffled, weights.iloc[::-1])
    )


# ---- through the readers --------------------------------------------------------------------------------------------

AGES = [f"Age_{age}" for age in range(90)] + ["Age_90plus"]
HEADER = ["LSOA11CD", "LSOA11NM", "LAD22CD", "LAD22NM", "All Ages", *AGES]
BCP = ["E06000058", "Bournemouth, Christchurch and Poole"]
LOOKUP_HEADER = ["LSOA11CD", "LSOA11NM", "CHGIND", "LSOA21CD", "LSOA21NM", "LAD22CD", "LAD22NM"]
LOOKUP = [
    ["E01015272", "Bournemouth 016A", "U", "E01015272", "BCP 035A", *BCP],
    ["E01015282", "Bournemouth 019E", "S", "E01034275", "BCP 037F", *BCP],
    ["E01015282", "Bournemouth 019E", "S", "E01034276", "BCP 037G", *BCP],
]


def ages_row(code: str, babies: int, adults: int) -> list[object]:
    """Babies are all aged 0 and adults all aged 40."""
    ages = [babies if age == 0 else adults if age == 40 else 0 for age in range(91)]
    return [code, "name", *BCP, babies + adults, *ages]


def context(changes: pd.DataFrame | None = None, children: tuple[int, int] = (300, 100)) -> ReadingContext:
    """The parts have 1,000 people each, of whom ``children`` are aged 0 to 15."""
    rows = [(code, "all", 1000.0) for code in ("E01034275", "E01034276")]
    rows += [(code, "0-15", float(each)) for code, each in zip(("E01034275", "E01034276"), children, strict=True)]
    population = pd.DataFrame(rows, columns=["area_code", "age_band", "count"]).assign(
        reference_date="2022-06-30", edition="mid-2022", estimate=False, method=""
    )
    return ReadingContext(
        load_changes=(lambda: changes) if changes is not None else None, load_population=lambda: population
    )


@pytest.fixture
def changes(write_table) -> pd.DataFrame:
    return read_file(write_table([LOOKUP_HEADER, *LOOKUP], "lookup.csv")).frames["area_change"]


def test_the_change_lookup_keeps_both_vintages_apart(write_table):
    reading = read_file(write_table([LOOKUP_HEADER, *LOOKUP]))
    assert reading.source_id == "ons_lookup_lsoa11_lsoa21"
    areas = set(reading.frames["area"][["area_code", "area_type"]].itertuples(index=False, name=None))
    assert areas == {
        ("E01015272", "lsoa21"),
        ("E01034275", "lsoa21"),
        ("E01034276", "lsoa21"),
        ("E01015282", "lsoa11"),
    }
    assert reading.notes == ("Rows of the change lookup: 1 unchanged, 2 split.",)


def test_babies_are_shared_by_children_and_adults_by_the_rest(write_table, changes):
    path = write_table([HEADER, ages_row("E01015272", 9, 100), ages_row("E01015282", 20, 160)], "mid2020.csv")
    rows = read_file(path, context(changes)).frames["population"].set_index(["area_code", "age_band"])
    count = rows["count"]
    # 20 babies by 300 to 100 children: 15 and 5. 160 adults by 700 to 900 others: 70 and 90.
    assert (count["E01034275", "0"], count["E01034276", "0"]) == (15.0, 5.0)
    assert (count["E01034275", "40"], count["E01034276", "40"]) == (70.0, 90.0)
    assert (count["E01034275", "all"], count["E01015272", "all"]) == (85.0, 109.0)
    assert rows["estimate"]["E01034275", "0"]
    assert not rows["estimate"]["E01015272", "0"]
    assert rows["method"]["E01015272", "0"] == ""
    assert set(rows["reference_date"]) == {"2020-06-30"}


def test_a_file_that_does_not_say_its_year_says_what_was_assumed(write_table, changes):
    path = write_table([HEADER, ages_row("E01015272", 9, 100)], "counts.csv")
    assert any("does not say its year" in note for note in read_file(path, context(changes)).notes)


@pytest.mark.parametrize(
    ("lookup", "words"),
    [(False, "the change lookup is not loaded"), (True, "1 of these LSOAs are not in the change lookup")],
)
def test_without_its_lookup_the_reader_says_what_to_load_first(write_table, changes, lookup, words):
    path = write_table([HEADER, ages_row("E01015272", 9, 100), ages_row("E01015283", 9, 100)], "mid2020.csv")
    with pytest.raises(WrongValues, match=rf"{words}.*Load the ONS lookup of 2011 to 2021 LSOAs first"):
        read_file(path, context(changes if lookup else None))


def test_without_the_population_of_the_parts_the_reader_says_what_to_load_first(write_table, changes):
    path = write_table([HEADER, ages_row("E01015282", 9, 100)], "mid2020.csv")
    with pytest.raises(WrongValues, match="Load the indices of deprivation 2025"):
        read_file(path, ReadingContext(load_changes=lambda: changes))


def test_ages_that_do_not_add_up_are_refused(write_table, changes):
    row = ages_row("E01015272", 9, 100)
    row[4] = 110
    with pytest.raises(WrongValues, match="ages do not add up to the total; found 109; expected 110"):
        read_file(write_table([HEADER, row], "mid2020.csv"), context(changes))


BROKEN_LOOKUPS = {
    "an unknown mark": (["E01015272", "x", "Q", "E01015272", "y", *BCP], WrongValues, "U, S, M or X"),
    "unchanged with two codes": (["E01015272", "x", "U", "E01015273", "y", *BCP], WrongValues, "U with equal codes"),
    "a split with one part": (["E01015282", "x", "S", "E01034275", "y", *BCP], WrongValues, "S with every part"),
    "a merger with one origin": (["E01033154", "x", "M", "E01034378", "y", *BCP], WrongValues, "M with every origin"),
    "a 2021 code as 2011": (["E01034275", "x", "U", "E01034275", "y", *BCP], WrongVintage, "as in 2021 files"),
    "a 2011 code as 2021": (["E01015282", "x", "U", "E01015282", "y", *BCP], WrongVintage, "as in 2011 files"),
}


@pytest.mark.parametrize(("row", "error", "words"), BROKEN_LOOKUPS.values(), ids=BROKEN_LOOKUPS)
def test_a_change_lookup_that_contradicts_itself_is_refused(write_table, row, error, words):
    with pytest.raises(error, match=words):
        read_file(write_table([LOOKUP_HEADER, row]))


def test_the_official_mid_2020_total_is_conserved_exactly(opendata):
    path = opendata("population_mid2020_lsoa11_single_year_of_age.csv")
    changes = read_file(opendata("lookup_lsoa11_lsoa21.csv")).frames["area_change"]
    census = read_file(opendata("population_census2021_lsoa21_age6.csv")).frames["population"]
    loaded = ReadingContext(load_changes=lambda: changes, load_population=lambda: census)
    rows = read_file(path, loaded).frames["population"]
    published = pd.read_csv(path)
    totals = rows.groupby("age_band")["count"].sum()
    for age in (0, 1, 2, 40):
        assert totals[str(age)] == published[f"Age_{age}"].sum()
    assert totals["all"] == published["All Ages"].sum()
    assert rows["area_code"].nunique() == 463
    # 24 of the 463 are parts of a split LSOA; each has 91 ages and a total.
    assert rows["estimate"].sum() == 24 * 92


def test_the_official_change_lookup_has_the_changes_it_is_known_for(opendata):
    changes = read_file(opendata("lookup_lsoa11_lsoa21.csv")).frames["area_change"]
    assert changes["change"].value_counts().to_dict() == {"U": 438, "S": 24, "M": 2}


def test_the_official_lookup_gives_every_larger_area_once(opendata):
    areas = read_file(opendata("lookup_lsoa21.csv")).frames["area"]
    assert areas["area_type"].value_counts().to_dict() == {"lsoa21": 463, "msoa21": 96, "ward": 85, "lad": 2, "icb": 1}
    assert not areas.duplicated(["area_code", "area_type"]).any()
    named = areas.set_index("area_code")
    assert named["display_name"]["E01015272"] == "Boscombe East 035A"
    assert named["display_name"]["E06000059"] == "Dorset Council area"
    lsoas = areas[areas["area_type"] == "lsoa21"]
    assert lsoas[["msoa_code", "ward_code", "lad_code", "icb_code", "lon", "lat"]].notna().all(axis=None)


def test_an_msoa_with_two_councils_is_refused(write_table):
    header = ["LSOA21CD", "LSOA21NM", "MSOA21CD", "MSOA21NM", "LAD25CD", "LAD25NM"]
    rows = [
        ["E01015272", "BCP 035A", "E02003187", "BCP 035", "E06000058", "BCP"],
        ["E01020392", "Dorset 1A", "E02003187", "BCP 035", "E06000059", "Dorset"],
    ]
    with pytest.raises(WrongValues, match="one name and one parent"):
        read_file(write_table([header, *rows]))


def test_a_lookup_from_output_areas_gives_each_neighbourhood_once(write_table):
    header = ["OA21CD", "LSOA21CD", "LSOA21NM", "MSOA21CD", "MSOA21NM", "LAD22CD", "LAD22NM"]
    lsoa = ["E01015272", "BCP 035A", "E02003187", "BCP 035", *BCP]
    areas = read_file(write_table([header, ["E00076751", *lsoa], ["E00076752", *lsoa]])).frames["area"]
    assert areas["area_code"].tolist() == ["E01015272", "E02003187", "E06000058"]
