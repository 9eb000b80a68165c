"""What goes into the store comes out of it, alike on both databases."""

from __future__ import annotations

import datetime as dt
import hashlib
import time

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data import catalogue
from data.errors import StoreError, UnknownName
from data.store.areas import load_areas, select_area, select_area_types, select_areas
from data.store.changes import load_changes, select_changes
from data.store.deprivation import load_deprivation, select_deprivation, select_deprivation_editions
from data.store.engine import reading, writing
from data.store.geometry import replace_geometry, select_geometry, select_geometry_content, select_layers
from data.store.observations import (
    drop_illustrative,
    load_observations,
    really_returned,
    select_observations,
    select_observed_indicators,
    supersede_observations,
)
from data.store.population import load_population, select_population
from data.store.postcodes import count_postcodes, find_postcode, load_postcodes
from data.store.register_models import REGISTERS
from data.store.registers import (
    load_register,
    revise_entry,
    select_history,
    select_register,
)
from data.store.released import (
    replace_released,
    select_release_revisions,
    select_released,
    select_released_latest,
    select_released_periods,
)
from data.store.settings import load_settings, select_settings
from data.store.state import bump_data, data_revision, mark_released, released_revision, revision
from data.store.submissions import (
    Provenance,
    add_submission,
    find_current,
    find_loaded,
    mark_superseded,
    select_submissions,
    sign_off,
)
from data.store.vocabulary import SETTING_KINDS

BCP, DORSET, ICS = "E06000058", "E06000059", "E54000041"
BOSCOMBE, KINSON, BRIDPORT, SWANAGE = "E01015302", "E01015303", "E01020400", "E01020401"
Q1 = ("2025-04-01", "2025-06-30")
Q2 = ("2025-07-01", "2025-09-30")


def provenance(name: str = "return.csv", *, illustrative: bool = False, source_id: str = "long_return") -> Provenance:
    return Provenance(
        source_id=source_id,
        file_name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        edition="2025/26",
        loaded_by="a steward",
        rows_read=1,
        rows_accepted=1,
        illustrative=illustrative,
    )


def cells(*rows: tuple[str, str, tuple[str, str], float | None]) -> pd.DataFrame:
    """Make observations from indicator, area, quarter and numerator; the denominator is always 10."""
    kinds = {BCP: "lad", DORSET: "lad", ICS: "icb"}
    return pd.DataFrame(
        {
            "indicator_id": [row[0] for row in rows],
            "area_code": [row[1] for row in rows],
            "area_type": [kinds.get(row[1], "lsoa21") for row in rows],
            "period_type": "quarter",
            "period_from": [row[2][0] for row in rows],
            "period_to": [row[2][1] for row in rows],
            "breakdown_type": "",
            "breakdown_value": "",
            "numerator": [row[3] for row in rows],
            "denominator": 10.0,
            "value": np.nan,
            "value_status": ["not_collected" if row[3] is None else "shown" for row in rows],
            "note": None,
        }
    )


def submit(store: sa.Engine, name: str, frame: pd.DataFrame, *, illustrative: bool = False) -> int:
    with writing(store) as connection:
        number = add_submission(connection, provenance(name, illustrative=illustrative))
        load_observations(connection, frame, number)
        supersede_observations(connection, number)
    return number


def current(store: sa.Engine) -> list[tuple[str, str, str, float]]:
    with reading(store) as connection:
        frame = select_observations(connection)
    columns = ["indicator_id", "area_code", "period_from", "numerator"]
    return list(frame[columns].itertuples(index=False, name=None))


def test_areas_come_back_in_order_and_by_type(places: sa.Engine) -> None:
    with reading(places) as connection:
        assert select_areas(connection, "lsoa21")["area_code"].tolist() == [BOSCOMBE, KINSON, BRIDPORT, SWANAGE]
        assert len(select_areas(connection)) == 7
        assert select_areas(connection, "ward").empty
        assert select_area_types(connection, [BCP, "E99999999"]) == {BCP: "lad"}
        assert select_area(connection, "E99999999") is None


def test_an_area_given_again_takes_new_columns_and_keeps_the_others(places: sa.Engine) -> None:
    frame = pd.DataFrame({"area_code": [BOSCOMBE], "area_type": ["lsoa21"], "ward_code": ["E05000001"], "lon": [-1.8]})
    with writing(places) as connection:
        load_areas(connection, frame, 1)
        load_areas(connection, frame.assign(ward_code=None, lon=np.nan), 1)
        area = select_area(connection, BOSCOMBE)
    assert area is not None
    assert (area["area_name"], area["lad_code"], area["ward_code"], area["lon"]) == ("Boscombe", BCP, "E05000001", -1.8)


def test_deprivation_is_replaced_for_the_areas_given_and_the_rest_stays(places: sa.Engine) -> None:
    frame = pd.DataFrame(
        {
            "area_code": [BOSCOMBE, BRIDPORT, BOSCOMBE],
            "edition": "2025",
            "domain": ["imd", "imd", "idaci"],
            "score": [60.5, 12.25, np.nan],
            "rank": [100, 20000, 90],
            "decile": [1, 6, 1],
        }
    )
    with writing(places) as connection:
        load_deprivation(connection, frame, 1)
        load_deprivation(connection, frame[:1].assign(score=[61.5]), 1)
        imd = select_deprivation(connection, "2025", "imd", "lsoa21")
        idaci = select_deprivation(connection, "2025", "idaci")
        editions = select_deprivation_editions(connection)
    assert imd["score"].tolist() == [61.5, 12.25]
    assert imd["rank"].tolist() == [100, 20000]
    assert idaci["score"].isna().tolist() == [True]
    assert editions["areas"].tolist() == [1, 2]


def test_population_of_the_newest_date_is_found_and_estimates_say_so(places: sa.Engine) -> None:
    frame = pd.DataFrame(
        {
            "area_code": [BOSCOMBE, BOSCOMBE],
            "age_band": "0",
            "reference_date": [dt.date(2020, 6, 30), dt.date(2022, 6, 30)],
            "count": [20.0, 17.5],
            "edition": "mid-year",
            "estimate": [False, True],
            "method": ["", "children 0 to 15 × 1/16"],
        }
    )
    with writing(places) as connection:
        load_population(connection, frame, 1)
        load_population(connection, frame, 1)
        everything = select_population(connection, age_band="0", area_type="lsoa21")
        newest = select_population(connection, latest=True)
    assert everything["count"].tolist() == [20.0, 17.5]
    assert newest[["count", "estimate", "reference_date"]].to_numpy().tolist() == [[17.5, True, "2022-06-30"]]


def test_a_value_that_is_missing_comes_back_missing_and_zero_as_zero(places: sa.Engine) -> None:
    submit(places, "one", cells(("nbv", BOSCOMBE, Q1, 0.0), ("nbv", KINSON, Q1, None)))
    with reading(places) as connection:
        frame = select_observations(connection, ["nbv"])
    assert frame["numerator"].tolist()[0] == 0.0
    assert np.isnan(frame["numerator"].tolist()[1])
    assert frame["value_status"].tolist() == ["shown", "not_collected"]
    assert frame["illustrative"].tolist() == [False, False]
    assert frame["period_from"].tolist() == ["2025-04-01", "2025-04-01"]
    assert frame["note"].isna().all()


def test_a_corrected_return_stands_in_place_of_the_same_quarter_and_council_only(places: sa.Engine) -> None:
    first = cells(("nbv", BOSCOMBE, Q1, 5), ("nbv", KINSON, Q1, 6), ("nbv", BRIDPORT, Q1, 7), ("nbv", BOSCOMBE, Q2, 8))
    submit(places, "first", first)
    submit(places, "corrected", cells(("nbv", BOSCOMBE, Q1, 9)))
    assert current(places) == [
        ("nbv", BOSCOMBE, "2025-04-01", 9.0),
        ("nbv", BRIDPORT, "2025-04-01", 7.0),
        ("nbv", BOSCOMBE, "2025-07-01", 8.0),
    ]
    with reading(places) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM observation").scalar() == 5


def test_a_return_at_council_level_leaves_the_neighbourhoods_alone(places: sa.Engine) -> None:
    submit(places, "small", cells(("nbv", BOSCOMBE, Q1, 5)))
    submit(places, "council", cells(("nbv", BCP, Q1, 50)))
    assert [row[1] for row in current(places)] == [BOSCOMBE, BCP]


def test_the_same_cell_twice_in_one_submission_is_refused(places: sa.Engine) -> None:
    with pytest.raises(StoreError, match="breaks one of its rules"):
        submit(places, "twice", cells(("nbv", BOSCOMBE, Q1, 5), ("nbv", BOSCOMBE, Q1, 6)))
    assert current(places) == []


def test_dropping_illustrative_rows_touches_one_indicator_and_no_real_row(places: sa.Engine) -> None:
    submit(places, "invented", cells(("nbv", BOSCOMBE, Q1, 5), ("buddy", BOSCOMBE, Q1, 5)), illustrative=True)
    real = submit(places, "real", cells(("nbv", BRIDPORT, Q1, 6)))
    with writing(places) as connection:
        assert drop_illustrative(connection, ["nbv"], real) == 1
        assert really_returned(connection, ["long_return"]) == {"nbv"}
        table = select_observed_indicators(connection)
    assert [row[:2] for row in current(places)] == [("buddy", BOSCOMBE), ("nbv", BRIDPORT)]
    assert table["illustrative_rows"].tolist() == [1, 0]


def released(*rows: tuple[str, str, tuple[str, str], float]) -> pd.DataFrame:
    frame = cells(*rows).drop(columns=["indicator_id", "note"])
    return frame.assign(value=frame["numerator"], lowercl=np.nan, uppercl=np.nan, illustrative=True, submission_id=1)


def test_released_cells_are_replaced_for_one_indicator_and_the_newest_found(places: sa.Engine) -> None:
    with writing(places) as connection:
        base = data_revision(connection)
        cells_ = [("nbv", BOSCOMBE, Q1, 10.0), ("nbv", BOSCOMBE, Q2, 15.0), ("nbv", BCP, Q1, 100.0)]
        replace_released(connection, "nbv", released(*cells_), base)
        replace_released(connection, "buddy", released(("buddy", BOSCOMBE, Q1, 20.0)), base)
        replace_released(connection, "buddy", released(("buddy", BOSCOMBE, Q1, 25.0)), base)
    with reading(places) as connection:
        assert select_release_revisions(connection) == {"buddy": base, "nbv": base}
        assert select_released(connection, "nbv", area_type="lsoa21")["value"].tolist() == [10.0, 15.0]
        assert select_released(connection, "nbv", latest=True)["value"].tolist() == [100.0, 15.0]
        assert select_released(connection, "nbv", area_code=BCP)["illustrative"].tolist() == [True]
        card = select_released_latest(connection, BOSCOMBE)
        assert card[["indicator_id", "value"]].to_numpy().tolist() == [["buddy", 25.0], ["nbv", 15.0]]
        assert select_released_periods(connection, "nbv")["cells"].tolist() == [1, 1, 1]
        assert select_released(connection, "unheard_of").empty


def test_an_indicator_with_nothing_to_show_is_released_as_nothing(places: sa.Engine) -> None:
    with writing(places) as connection:
        replace_released(connection, "nbv", released(("nbv", BOSCOMBE, Q1, 10.0)), "a")
        assert replace_released(connection, "nbv", released(), "b") == 0
        assert select_released(connection, "nbv").empty
        assert select_release_revisions(connection) == {"nbv": "b"}


def test_the_revision_changes_with_a_load_and_with_a_release_and_not_by_looking(store: sa.Engine) -> None:
    with writing(store) as connection:
        first = revision(connection)
        assert first == revision(connection)
        bump_data(connection)
        second, data = revision(connection), data_revision(connection)
        assert released_revision(connection) is None
        mark_released(connection, data)
        third = revision(connection)
        assert released_revision(connection) == data == data_revision(connection)
    assert len({first, second, third}) == 3


def test_a_layer_is_found_by_the_start_of_its_hash_and_replaced_whole(places: sa.Engine) -> None:
    with writing(places) as connection:
        replace_geometry(connection, "lsoa21", b"{}", method="approximate", edition="computed", submission_id=1)
        layer = replace_geometry(connection, "lsoa21", b"{...}", method="official", edition="2021", submission_id=1)
    digest = hashlib.sha256(b"{...}").hexdigest()
    with reading(places) as connection:
        assert select_geometry(connection, "lsoa21") == layer
        assert (layer.sha256, layer.bytes, layer.sha12) == (digest, 5, digest[:12])
        assert select_layers(connection) == (layer,)
        assert select_geometry(connection, "ward") is None
        assert select_geometry_content(connection, digest[:12]) == b"{...}"
        assert select_geometry_content(connection, "0" * 12) is None
        assert select_geometry_content(connection, "%" * 12) is None
        assert select_geometry_content(connection, "") is None


def test_settings_are_replaced_by_kind_and_keep_their_attributes(places: sa.Engine) -> None:
    hubs = pd.DataFrame(
        {
            "setting_id": ["H1"],
            "kind": ["family_hub"],
            "name": ["A hub"],
            "lon": [-1.8],
            "lat": [50.7],
            "area_code": [BOSCOMBE],
            "attributes": [{"offer": ["feeding", "housing"], "opened": 2024}],
        }
    )
    schools = hubs.assign(kind="school", name="A school", area_code=None, attributes=[{}])
    with writing(places) as connection:
        load_settings(connection, hubs, 1)
        load_settings(connection, schools, 1)
        load_settings(connection, hubs.assign(name="The hub"), 1)
        found = select_settings(connection, ["family_hub"])
        everything = select_settings(connection)
    assert found["name"].tolist() == ["The hub"]
    assert found["attributes"].tolist() == [{"offer": ["feeding", "housing"], "opened": 2024}]
    assert everything["kind"].tolist() == ["family_hub", "school"]


@pytest.mark.parametrize("typed", ["BH1 1AA", "bh11aa", " bh1  1aa "])
def test_a_postcode_is_found_however_it_is_typed(places: sa.Engine, typed: str) -> None:
    with writing(places) as connection:
        load_postcodes(connection, pd.DataFrame({"postcode": ["BH11AA"], "area_code": [BOSCOMBE]}), 1)
        assert find_postcode(connection, typed) == BOSCOMBE
        assert find_postcode(connection, "BH9 9ZZ") is None
        assert count_postcodes(connection) == 1


def test_submissions_are_listed_newest_first_and_found_by_their_file(places: sa.Engine) -> None:
    with writing(places) as connection:
        number = add_submission(connection, provenance("quarter.csv"))
        sign_off(connection, number, "a lead")
        assert find_loaded(connection, provenance("quarter.csv").sha256) == number
        assert find_current(connection, "long_return", "2025/26", illustrative=False) == [number]
        assert find_current(connection, "long_return", "2025/26", illustrative=True) == []
        mark_superseded(connection, number)
        assert find_loaded(connection, provenance("quarter.csv").sha256) is None
        listed = select_submissions(connection)
        still = select_submissions(connection, current=True)
    assert listed["file_name"].tolist() == ["quarter.csv", "areas.csv"]
    assert listed["signed_off_by"].tolist()[0] == "a lead"
    assert listed["loaded_at"].str.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$").all()
    assert still["file_name"].tolist() == ["areas.csv"]


def promise(words: str) -> pd.DataFrame:
    return pd.DataFrame({"entry_id": ["c1"], "promise": [words], "due_on": ["2026-03-31"], "source_page": ["4"]})


def test_a_register_entry_keeps_every_version(store: sa.Engine) -> None:
    with writing(store) as connection:
        load_register(connection, "commitment", promise("Train everyone"), by="a lead")
        assert revise_entry(connection, "commitment", "c1", {"owner_role": "The ICB"}, version=1, by="another") == 2
        now = select_register(connection, "commitment")
        before = select_history(connection, "commitment", "c1")
    assert now[["promise", "owner_role", "due_on", "source_page"]].to_numpy().tolist() == [
        ["Train everyone", "The ICB", "2026-03-31", "4"]
    ]
    assert before["version"].tolist() == [1, 2]
    assert before["superseded_at"].isna().tolist() == [False, True]


def test_the_second_of_two_people_who_change_one_entry_is_told(store: sa.Engine) -> None:
    with writing(store) as connection:
        load_register(connection, "commitment", promise("Train everyone"), by="a lead")
        revise_entry(connection, "commitment", "c1", {"owner_role": "The ICB"}, version=1, by="one")
        with pytest.raises(StoreError, match="Somebody else changed this entry"):
            revise_entry(connection, "commitment", "c1", {"owner_role": "The ICP"}, version=1, by="two")
        assert select_register(connection, "commitment")["owner_role"].tolist() == ["The ICB"]


def test_every_register_of_the_catalogue_has_its_columns_in_the_store() -> None:
    for register in catalogue.registers():
        if register.store_table == "setting":
            continue  # a setting's own columns are its attributes
        wanted = {"entry_id" if column.name == "id" else column.name for column in register.columns}
        assert wanted <= set(REGISTERS[register.store_table].columns.keys()), register.id


def test_every_kind_of_setting_that_may_be_sent_in_may_be_stored() -> None:
    kinds = next(column for column in catalogue.register("settings").columns if column.name == "kind").allowed
    assert set(kinds) <= set(SETTING_KINDS)


def test_the_change_lookup_is_replaced_whole(places: sa.Engine) -> None:
    frame = pd.DataFrame({"area_code_from": ["E01000009"], "area_code_to": [BOSCOMBE], "change": ["U"]})
    with writing(places) as connection:
        load_changes(connection, frame.assign(area_code_from="E01000008"), 1)
        load_changes(connection, frame, 1)
        assert select_changes(connection).to_numpy().tolist() == [["E01000009", BOSCOMBE, "U"]]


def test_a_register_that_does_not_exist_is_named(store: sa.Engine) -> None:
    with pytest.raises(UnknownName, match="There is no such register"), reading(store) as connection:
        select_register(connection, "wishes")


def many(areas: list[str], indicators: int, periods: int) -> pd.DataFrame:
    """Make a return as large as wanted: every area, indicator and quarter."""
    quarters = pd.period_range("2010Q1", periods=periods, freq="Q")
    index = pd.MultiIndex.from_product([[f"indicator_{n:03}" for n in range(indicators)], quarters, areas])
    frame = index.to_frame(index=False, name=["indicator_id", "quarter", "area_code"])
    start = frame["quarter"].dt.start_time.dt.strftime("%Y-%m-%d").astype("str")
    end = frame["quarter"].dt.end_time.dt.strftime("%Y-%m-%d").astype("str")
    return frame.drop(columns="quarter").assign(
        area_type="lsoa21",
        period_type="quarter",
        period_from=start,
        period_to=end,
        breakdown_type="",
        breakdown_value="",
        numerator=np.arange(len(frame)) % 11,
        denominator=13.0,
        value=np.nan,
        lowercl=np.nan,
        uppercl=np.nan,
        value_status="shown",
        note=None,
    )


def test_three_hundred_thousand_rows_go_in_and_one_indicator_comes_out_quickly(
    store: sa.Engine,
) -> None:
    codes = [f"E01{n:06}" for n in range(463)]
    areas = pd.DataFrame({"area_code": codes, "area_type": "lsoa21", "area_name": codes, "lad_code": BCP})
    frame = many(codes, 54, 12)
    assert len(frame) == 463 * 54 * 12 == 300_024
    with writing(store) as connection:
        number = add_submission(connection, provenance())
        load_areas(connection, areas, number)
        start = time.perf_counter()
        load_observations(connection, frame, number)
        insert = time.perf_counter() - start
    with reading(store) as connection:
        select_observations(connection, ["indicator_000"])
        start = time.perf_counter()
        one = select_observations(connection, ["indicator_030"])
        read = time.perf_counter() - start
    assert len(one) == 463 * 12
    assert insert < 60, "10 s (SQLite) and 20 s (PostgreSQL) on a quiet machine; the limit leaves room for a busy one"
    assert read < 0.5, "20 ms on a quiet machine; the limit leaves room for a busy one"
