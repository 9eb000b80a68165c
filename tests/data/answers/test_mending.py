"""Real figures are attacked by integer programming before they are released, and what is found is hidden too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers import release, together
from data.answers.linked import Linked
from data.answers.mending import must_stay_uncertain
from data.answers.roll_up import CELL
from data.answers.shared_counts import SharedCounts
from data.answers.shown import as_released, released_beside
from data.answers.together import joined_system, prepare, protect_together
from data.catalogue import disclosure, indicator
from metrics.disclosure_audit import attack_release
from metrics.disclosure_linked import Protection, what_is_published

DEFINITION = indicator("antenatal_contact_count")
FIFTHS = pd.DataFrame({"imd_fifth_national": [], "imd_fifth_local": []})
NOTHING_SHARED = SharedCounts({}, ())
#: Wards a and b, c and d, e and f; MSOAs a; b and c; d, e and f: they cut across each other.
WARDS, MSOAS = "UUVVWW", "MNNOOO"
KINDS = ("lsoa21", "ward", "msoa21", "lad")


def areas() -> pd.DataFrame:
    lsoas = [
        {"area_code": code, "area_type": "lsoa21", "msoa_code": msoa, "ward_code": ward, "lad_code": "L"}
        for code, ward, msoa in zip("abcdef", WARDS, MSOAS, strict=True)
    ]
    larger = [{"area_code": code, "area_type": "msoa21", "lad_code": "L"} for code in "MNO"]
    larger += [{"area_code": code, "area_type": "ward", "lad_code": "L"} for code in "UVW"]
    return pd.DataFrame([*lsoas, *larger, {"area_code": "L", "area_type": "lad", "lad_code": "L"}]).assign(icb_code="I")


def cells(counts: np.ndarray) -> pd.DataFrame:
    """One year's counts of six neighbourhoods, their wards, their MSOAs and the council."""
    places = zip(KINDS, (list("abcdef"), WARDS, MSOAS, "L" * 6), strict=True)
    rows = []
    for kind, codes in places:
        totals = pd.Series(counts.astype(float)).groupby(list(codes)).sum()
        rows += [{"area_type": kind, "area_code": code, "numerator": total} for code, total in totals.items()]
    dates = {"period_from": pd.Timestamp("2025-04-01"), "period_to": pd.Timestamp("2026-03-31"), "period_type": "year"}
    frame = pd.DataFrame(rows).assign(**dates, breakdown_type="", breakdown_value="", reason="", denominator=np.nan)
    return frame[[*CELL, "numerator", "denominator", "reason"]]


def known_too_well(counts: np.ndarray, *, attacked: bool) -> int:
    """Release a table as it would be, and count what an attack finds."""
    rule, exact = disclosure(), cells(counts)
    ready = prepare(exact, areas(), FIFTHS, DEFINITION, rule)
    (rows,) = protect_together([ready], {}, NOTHING_SHARED, rule, attacked=attacked)
    linked, done = as_released(exact, released_beside(exact, rows), areas(), FIFTHS, DEFINITION, rule)
    joined = joined_system([(DEFINITION, linked)], {}, NOTHING_SHARED, rule)
    ranges = what_is_published(joined.least, joined.greatest, joined.items, joined.all_of([done]))
    targets = must_stay_uncertain(joined, [done])
    return int((~attack_release(joined.links, *ranges, joined.truth, targets).safe).sum())


def only_small(linked: Linked, _: object) -> Protection:
    """Hide the small counts and nothing besides, as if following the sums had found nothing."""
    return Protection(linked.items.small.copy(), np.zeros(linked.size, dtype=bool))


def test_what_the_sums_do_not_show_is_found_by_the_attack_and_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(20261122)
    tables = [np.where(chance.random(6) < 0.5, chance.integers(0, 9, 6), chance.integers(0, 31, 6)) for _ in range(30)]
    monkeypatch.setattr(together, "protect_linked", only_small)
    assert sum(known_too_well(one, attacked=False) > 0 for one in tables) >= 4
    assert [known_too_well(one, attacked=True) for one in tables] == [0] * len(tables)


@pytest.mark.parametrize(
    ("illustrative", "attack", "attacked"),
    [(True, "real", False), (False, "real", True), (True, "all", True), (False, "none", False)],
)
def test_real_figures_are_attacked_before_they_are_released(
    monkeypatch: pytest.MonkeyPatch, illustrative: bool, attack: release.Attack, attacked: bool
) -> None:
    asked = []

    def noted(*_: object, attacked: bool, tell: object) -> list[pd.DataFrame]:
        asked.append(attacked)
        return []

    monkeypatch.setattr(release, "protect_together", noted)
    monkeypatch.setattr(release, "exact_cells", lambda *_: cells(np.arange(6)))
    monkeypatch.setattr(release, "formers_of", lambda *_: [])
    basis = release.Basis(areas(), FIFTHS, None, pd.Series(dtype=str), NOTHING_SHARED)
    rows = pd.DataFrame({"illustrative": [illustrative], "submission_id": [1]})
    with pytest.raises(ValueError, match="zip"):  # nothing was protected, so nothing can be put together
        release.release_counts(None, {DEFINITION.id: rows}, basis, attack=attack)  # type: ignore[arg-type]
    assert asked == [attacked]


def test_an_attack_is_only_made_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(together, "mend_joined", lambda joined, done, needed, tell: made.append(needed) or done)
    ready = prepare(cells(np.arange(6)), areas(), FIFTHS, DEFINITION, disclosure())
    for attacked in (False, True):
        protect_together([ready], {}, NOTHING_SHARED, disclosure(), attacked=attacked)
    assert made == [disclosure().values_left_open]
