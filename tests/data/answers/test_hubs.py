"""Family hubs: invented in every row, as the long return counts them, and what is said of each and who is near."""

from __future__ import annotations

import csv
from math import cos, hypot, radians
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import reference
from data.answers.hub_offers import hub_offer, offer_record
from data.answers.opened import opened
from data.answers.reach_near import what_is_near
from data.answers.reach_walking import LIMITS, babies_near_hubs
from data.catalogue import ics
from data.errors import UnknownName
from data.example import returns
from data.example.hubs import HUBS, hubs, write_hubs
from data.intake.loading import load
from data.store.engine import reading
from data.store.released import select_released

WEYMOUTH = "E01020554"  # Dorset 044B, at whose middle the hub of the Weymouth area stands


@pytest.fixture
def with_hubs(whole_chain: str, tmp_path: Path) -> sa.Engine:
    """The illustrative returns of a few indicators, with the illustrative hubs."""
    for path in write_hubs(tmp_path):
        load(path, opened(), loaded_by="a test", illustrative=True)
    return opened()


def real_hub(folder: Path, name: str) -> Path:
    """Write a return of one hub, as a council would send it."""
    path = folder / f"{name}.csv"
    heads = (
        "id kind name area_code council lon lat core_elements_delivered core_elements_expected stressors_covered as_at"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads.split())
        writer.writerow(
            ["H-1", "family_hub", name, WEYMOUTH, "Dorset Council area", -2.45, 50.61, 5, 6, "Money", "2026-06-30"]
        )
    return path


def test_every_hub_is_invented_and_stands_at_the_middle_of_a_neighbourhood_of_its_council() -> None:
    middles = reference.centroids().set_index("lsoa21cd")
    council_of = reference.lsoas().set_index("lsoa21cd")["lad24cd"]
    labels = {place.code: place.label for place in ics().lads}
    made = list(hubs())
    assert len(made) == len({row["name"] for row in made}) == 8
    for row in made:
        assert str(row["name"]).startswith("Illustrative hub ")
        assert row["organisation"] == "Illustrative council"
        assert row["illustrative"] == "yes"
        assert row["council"] == labels[council_of[row["area_code"]]]
        assert (row["lon"], row["lat"]) == tuple(middles.loc[row["area_code"]])


def test_what_the_hubs_offer_is_what_the_long_return_counts() -> None:
    sent = returns(quarters=1, indicators=["hub_stressor_services", "hubs_full_core_offer"])["programme"]
    sent = sent.loc[sent["area_code"] != ics().icb.code]
    for place, own in zip(ics().lads, HUBS, strict=True):
        here = sent.loc[sent["area_code"] == place.code]
        made = {str(row["name"])[17]: row for row in hubs() if row["council"] == place.label}
        assert list(made) == [letter for letter, *_ in own]
        full = here.loc[here["indicator_id"] == "hubs_full_core_offer", "numerator"].tolist()
        whole = sum(row["core_elements_delivered"] == row["core_elements_expected"] for row in made.values())
        assert full == [str(whole)]
        by_hub = here.loc[here["breakdown_type"] == "hub"].set_index("breakdown_value")["numerator"]
        for letter, row in made.items():
            assert by_hub[f"Hub {letter} (illustrative)"] == str(len(str(row["stressors_covered"]).split("; ")))
        by_kind = here.loc[here["breakdown_type"] == "stressor"].set_index("breakdown_value")["numerator"]
        for name, counted in by_kind.items():
            assert counted == str(sum(name in str(row["stressors_covered"]) for row in made.values()))


def test_a_hub_says_what_it_helps_with_what_not_its_reach_and_the_babies_near_it(with_hubs: sa.Engine) -> None:
    answer = hub_offer()
    assert answer.illustrative
    assert answer.finding.startswith("Illustrative, not real: 6 of 8 hubs that have said deliver every core element.")
    rows = answer.table.set_index("hub")
    assert list(rows["council"]) == ["BCP"] * 4 + ["Dorset Council area"] * 4
    kinson = rows.loc["Illustrative hub D (Kinson area)"]
    assert kinson["stressors"] == "3 of 8: Housing, Isolation, Feeding and sleep"
    assert kinson["missing"] == "Money, Mental health, Relationship conflict, Domestic abuse, Substance use"
    assert rows.loc["Illustrative hub A (Weymouth area)", "missing"] == "none: all eight are covered"
    with reading(with_hubs) as connection:
        cells = select_released(
            connection, "hub_reach_under_two", area_code="E02003173", breakdown_type=""
        )  # Kinson West
    newest = cells.loc[cells["value"].notna() & (cells["period_type"] == "quarter")].iloc[-1]
    assert kinson["reach"] == f"{newest['value']:.1f}% in Kinson West (2025/26 Q3)"
    assert rows.loc["Illustrative hub A (Weymouth area)", "babies"] == babies_within(WEYMOUTH, 0.8)


def babies_within(code: str, kilometres: float) -> int:
    """Count two sixteenths of the children of every neighbourhood near one, on a plane, to the nearest five."""
    places = reference.centroids().set_index("lsoa21cd")
    children = reference.lsoas().set_index("lsoa21cd")["children_0_15_mid2022"]
    lon, lat = places.loc[code]
    babies = sum(
        children[name] * 2 / 16
        for name, there in places.iterrows()
        if hypot((there["lon"] - lon) * 111.2 * cos(radians(lat)), (there["lat"] - lat) * 111.2) <= kilometres
    )
    return round(babies / 5) * 5


@pytest.mark.parametrize("limit", [name for name, _ in LIMITS])
def test_babies_near_and_beyond_are_all_babies_and_fifths_add_up(with_hubs: sa.Engine, limit: str) -> None:
    answer = babies_near_hubs(limit)
    rows = answer.table.set_index("place")
    assert (rows["within"] + rows["beyond"] == rows["babies"]).all()
    for column in ("within", "babies"):
        fifths = rows.loc[rows.index.str.startswith("Fifth"), column]
        assert abs(fifths.sum() - rows.loc["Dorset ICS", column]) <= 15  # six figures, each rounded by 2.5 at most
    beyond = rows.loc["Fifth 1 (most deprived)", "beyond"]
    assert f"{beyond:,} of them in England’s most deprived fifth" in answer.finding
    assert any("Manual for Streets (2007)" in note for note in answer.notes)


def test_the_nearest_hub_of_a_place_is_named_with_its_distance(with_hubs: sa.Engine) -> None:
    answer = what_is_near(WEYMOUTH)
    assert answer.illustrative
    assert "is Illustrative hub A (Weymouth area), under 100 m away in a straight line" in answer.finding


def test_without_hubs_nothing_is_near_and_it_says_so(whole_chain: str) -> None:
    assert what_is_near(WEYMOUTH).finding == "No data yet on where the family hubs are."
    assert babies_near_hubs().finding == "No data yet on where the family hubs are."
    assert not babies_near_hubs().illustrative
    assert hub_offer().finding == "No data yet on what the hubs offer."
    with pytest.raises(UnknownName):
        babies_near_hubs("5000")


def test_a_real_hub_takes_the_place_of_invented_ones_and_is_never_called_illustrative(
    with_hubs: sa.Engine, tmp_path: Path
) -> None:
    load(real_hub(tmp_path, "Example hub"), with_hubs, loaded_by="a test")
    near = what_is_near(WEYMOUTH)
    assert list(near.table["name"]) == ["Example hub"]
    assert not near.illustrative
    table = hub_offer().table  # the hub is real, the share beside it is not, and it says so
    assert list(table["kind"]) == ["Real"]
    assert table["reach"].str.endswith("[illustrative]").all()
    load(write_hubs(tmp_path / "again")[0], with_hubs, loaded_by="a test", illustrative=True)
    assert list(what_is_near(WEYMOUTH).table["name"]) == ["Example hub"]


def test_an_offer_in_words_knows_a_stressor_however_it_is_written() -> None:
    assert offer_record({"stressors_covered": "MONEY;  feeding and sleep ; Something else"}) == {
        "core_offer": "no data yet",
        "stressors": "3 of 8: MONEY, feeding and sleep, Something else",
        "missing": "Housing, Mental health, Relationship conflict, Domestic abuse, Substance use, Isolation",
    }
    assert offer_record(None)["missing"] == "no data yet"
