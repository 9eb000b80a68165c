"""Which cells add up to which, wards and MSOAs that overlap included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.answers.linked import link, protect_linked
from data.answers.protection import protect_cells
from data.answers.roll_up import CELL
from data.answers.sums import PIECE, sums_between, with_pieces
from data.catalogue import disclosure, indicator

DEFINITION = indicator("antenatal_contact_count")
FIFTHS = pd.DataFrame({"imd_fifth_national": [], "imd_fifth_local": []})


def areas() -> pd.DataFrame:
    """One MSOA of three neighbourhoods; the ward holds two of them, and another ward the third."""
    lsoas = [
        {"area_code": code, "area_type": "lsoa21", "msoa_code": "M", "ward_code": ward, "lad_code": "L"}
        for code, ward in (("a", "W"), ("b", "W"), ("c", "V"))
    ]
    return pd.DataFrame([*lsoas, {"area_code": "M", "area_type": "msoa21", "lad_code": "L"}]).assign(icb_code="I")


def cells(a: int, b: int, c: int) -> pd.DataFrame:
    """Counts of one year, and the totals that are released."""
    counts = {
        ("lsoa21", "a"): a,
        ("lsoa21", "b"): b,
        ("lsoa21", "c"): c,
        ("msoa21", "M"): a + b + c,
        ("ward", "W"): a + b,
    }
    rows = [{"area_type": kind, "area_code": code, "numerator": float(count)} for (kind, code), count in counts.items()]
    dates = {"period_from": pd.Timestamp("2025-04-01"), "period_to": pd.Timestamp("2026-03-31"), "period_type": "year"}
    frame = pd.DataFrame(rows).assign(**dates, breakdown_type="", breakdown_value="", reason="", denominator=np.nan)
    return frame[[*CELL, "numerator", "denominator", "reason"]]


def test_a_piece_is_what_an_msoa_and_a_ward_have_in_common():
    more, known = with_pieces(cells(9, 6, 2), areas())
    pieces = more.loc[more["area_type"] == PIECE].set_index("area_code")["numerator"].to_dict()
    assert pieces == {"M/W": 15.0, "M/V": 2.0}
    found = sums_between(more, [more["numerator"].to_numpy()], known, FIFTHS, "sum")
    sums = {
        (more["area_code"][total], more["area_code"][part])
        for totals, parts in found
        for total, part in zip(totals, parts, strict=True)
    }
    assert {("M", "M/W"), ("M", "M/V"), ("W", "M/W"), ("M/V", "c"), ("M", "a")} <= sums


def test_a_ward_taken_from_the_msoa_around_it_tells_no_small_count():
    """The MSOA is shown as 15 (13 to 17) and so is the ward in it: by itself that leaves c 1 to 4, not 1 to 7."""
    exact, rule = cells(9, 6, 2), disclosure()
    protected = protect_cells(exact, DEFINITION, rule)
    assert protected["numerator"].tolist()[3:] == [15.0, 15.0]
    linked = link(exact, protected, np.ones(5, dtype=bool), areas(), FIFTHS, DEFINITION, rule)
    done = protect_linked(linked, rule)
    shown = [
        code
        for place, code in enumerate(linked.cells["area_code"])
        if linked.cells["released"][place] and not done.hidden[place]
    ]
    assert not {"M", "W"} <= set(shown)
    assert set(shown) <= {"a", "M", "W"}


def test_where_wards_are_not_known_there_are_no_pieces():
    more, _ = with_pieces(cells(9, 6, 2), areas().assign(ward_code=None))
    assert more["area_type"].tolist() == cells(9, 6, 2)["area_type"].tolist()
