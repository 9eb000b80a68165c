"""Made-up events with a known truth: loaded through the door, their counts and shares are those they were made with."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers.release import exact_rows, read_basis, release_indicator
from data.catalogue.pathway import pathway
from data.example.pathway import SHARES, Families, contact_share, families, write_events
from data.intake.loading import load
from data.store.engine import reading
from tests.data.intake.conftest import with_embedded_areas

BABIES = 6_000
POINTS = [point.indicator for point in pathway().points]


@pytest.fixture(scope="module")
def made() -> Families:
    return families(BABIES)


@pytest.fixture(scope="module")
def loaded(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A store with the made-up events of three suppliers, loaded through the door."""
    import shutil

    from data.store.engine import open_store

    folder = tmp_path_factory.mktemp("events")
    shutil.copy(empty_sqlite, folder / "store.sqlite")
    engine = with_embedded_areas(open_store(f"sqlite:///{folder / 'store.sqlite'}"))
    for path in write_events(folder / "files", BABIES):
        load(path, engine, loaded_by="a test")
    yield engine
    engine.dispose()


def counted(engine: sa.Engine, indicator: str) -> pd.DataFrame:
    with reading(engine) as connection:
        return exact_rows(connection, indicator, read_basis(connection))


@pytest.mark.parametrize("indicator", POINTS)
def test_every_cell_that_is_counted_is_the_truth(loaded: sa.Engine, made: Families, indicator: str) -> None:
    rows = counted(loaded, indicator).set_index(["area_code", "period_from"])
    truth = made.truth(indicator).groupby(["area_code", "period_from"])["met"].agg(["sum", "size"])
    assert rows["illustrative"].all()
    both = rows.join(truth)
    assert both["numerator"].tolist() == both["sum"].tolist()
    assert both["denominator"].tolist() == both["size"].tolist()
    # no quarter between the first and the last that is counted is left out, and the last of all is there
    span = truth.reset_index()
    first = rows.index.get_level_values("period_from").min()
    assert len(rows) == (span["period_from"] >= first).sum()
    assert rows.index.get_level_values("period_from").max() == "2026-01-01"


def test_the_share_is_the_product_of_the_steps_in_every_fifth(loaded: sa.Engine, made: Families) -> None:
    rows = counted(loaded, "continuity_to_6_8_weeks")
    fifth = dict(zip(made.places.lsoa, made.places.fifth, strict=True))
    groups = rows.assign(fifth=rows["area_code"].map(fifth)).groupby("fifth")[["numerator", "denominator"]].sum()
    for number, group in groups.iterrows():
        share = float(contact_share(np.array([number]))[0]) * SHARES["new_birth_visit"] * SHARES["review_6_8_weeks"]
        error = sqrt(share * (1 - share) / group["denominator"])
        assert abs(group["numerator"] / group["denominator"] - share) < 4 * error


def test_what_is_released_is_rounded_and_labelled(loaded: sa.Engine, made: Families) -> None:
    with reading(loaded) as connection:
        released = release_indicator(connection, "continuity_to_6_8_weeks", read_basis(connection))
    assert released["illustrative"].all()
    system = released[(released["area_type"] == "icb") & (released["breakdown_type"] == "")]
    one = system[(system["period_type"] == "quarter") & (system["period_from"] == "2025-10-01")].iloc[0]
    truth = made.truth("continuity_to_6_8_weeks")
    quarter = truth[truth["period_from"] == "2025-10-01"]
    assert one["denominator"] == 5 * round(len(quarter) / 5)
    assert one["numerator"] % 5 == 0
    assert {"imd_fifth_national", "imd_fifth_local"} <= set(released["breakdown_type"])
