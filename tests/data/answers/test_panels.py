"""Panel members from agreed groups are people: few of them are hidden by the rule, over whatever was expected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers.current import ensure_current
from data.answers.protection import protect_cells
from data.answers.roll_up import CELL
from data.catalogue import disclosure, ics, indicator
from data.intake.loading import load, store_reading
from data.intake.preparing import areas, deprivation
from data.store.engine import reading, writing
from data.store.released import select_released

PANELS = indicator("panel_representation")
#: Members from the agreed groups, members expected, the ratio that is shown, and its status.
CASES = [
    (4, 5.72, np.nan, "suppressed"),
    (7, 16.5, np.nan, "suppressed"),
    (9, 7.9, np.nan, "suppressed"),  # so few are expected that the members could be told from the ratio
    (0, 9.5, 0.0, "shown"),
    (8, 16.5, 10 / 15, "rounded"),
    (23, 16.5, 25 / 15, "rounded"),  # more than expected is no mistake
]


@pytest.mark.parametrize(("members", "expected", "ratio", "status"), CASES)
def test_few_members_are_hidden_and_others_rounded(members: int, expected: float, ratio: float, status: str) -> None:
    cell = dict.fromkeys(CELL, "") | {"numerator": float(members), "denominator": expected, "reason": ""}
    row = protect_cells(pd.DataFrame([cell]), PANELS, disclosure()).iloc[0]
    assert row["value_status"] == status
    np.testing.assert_allclose(row["value"], ratio)
    assert pd.isna(row["numerator"]) == (status == "suppressed")


def test_a_real_panel_is_released_by_the_rule(store: sa.Engine, tmp_path: Path) -> None:
    with writing(store) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
    head = "indicator,area_code,period_from,period_to,numerator,denominator"
    place = f"panel_representation,{ics().icb.code}"
    rows = [f"{place},2024-04-01,2025-03-31,5,9.46", f"{place},2025-04-01,2026-03-31,17,13.2"]
    file = tmp_path / "return.csv"
    file.write_text("\n".join([head, *rows, ""]))
    load(file, store, loaded_by="a test")
    ensure_current(store)
    with reading(store) as connection:
        found = select_released(connection, "panel_representation").set_index("period_from")
    assert found["value_status"].to_dict() == {"2024-04-01": "suppressed", "2025-04-01": "rounded"}
    assert pd.isna(found.loc["2024-04-01", ["numerator", "value"]]).all()
    assert found.loc["2025-04-01", ["numerator", "denominator", "value"]].tolist() == [15.0, 15.0, 1.0]
