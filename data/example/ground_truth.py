"""What is true in the illustrative world, so that tests can see whether the product finds it.

``GROUND_TRUTH`` holds one record of parameters for each indicator (``data.example.kinds`` says what they mean).
A quarter is counted from 2023/24 Q1 = 0 to 2025/26 Q4 = 11; fifths are national IMD 2025 fifths, 1 = most deprived;
``council`` is added in the Dorset Council area. Nothing here was measured in Dorset.

| what a reader should find | where | known truth |
|---|---|---|
| reviews reach fewer of the most deprived | every review | slope 0.12 to 0.20 on the logit scale for each fifth |
| need is greatest in the most deprived | money, buddy criteria, social care | slope −0.30 to −0.45 |
| buddies are short where need is greatest | ``buddy_allocated`` | −0.80 in fifth 1 only |
| a neighbourhood with need and no buddy | ``buddy_allocated`` | MSOA E02004284: nobody |
| late new birth visits in one LSOA | ``new_birth_visit_14_days`` | E01034374: −2.0 |
| missed and very good 12 month reviews | ``review_12_months_by_15`` | E01020452: −2.2; E01015384: +1.8 |
| missed 2 year reviews in one MSOA | ``review_2_years`` | E02003208: −1.5 |
| improving steadily | ``review_12_months_by_15``, ``pregnancy_form_completed`` | +0.04, +0.08 a quarter |
| flat | ``new_birth_visit_14_days``, ``good_level_development_2_years`` | 0 |
| sudden rise | ``breastfeeding_6_8_weeks`` | +0.30 from quarter 6 (2024/25 Q3) |
| sudden fall | ``review_2_years`` | −0.50 from quarter 7 (2024/25 Q4) |
| a changed definition that looks like a rise | ``loneliness`` | +0.40 from quarter 8 (2025/26 Q1) |
| hubs reach fewer in one council | ``hub_reach_under_two`` | −0.40 in the Dorset Council area |
| training spreads at different paces | ``imhcf_trained_direct_contact`` | ``STAFF_GROUPS``: neonatal stands still |
| leavers, lapses and places add up to it | ``direct_contact_leavers``, ``training_lapsed`` | ``STAFF_FLOWS`` |
| targeted contacts are proportionate to need | ``targeted_contacts`` | exp(0.15) more for each fifth more deprived |
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from data import catalogue
from data.errors import UnknownName
from data.example import families, services
from data.example.calendar import LAST_QUARTER
from data.example.cohorts import births_expected
from data.example.kinds import Reals, Share, Total, Truth
from data.example.places import Places, dorset_places

SENT_BY: dict[str, dict[str, Truth]] = {
    "health_visiting": families.HEALTH_VISITING,
    "maternity": families.MATERNITY,
    "digital_form": families.DIGITAL_FORM,
    "family_hubs": families.FAMILY_HUBS,
    "buddies": families.BUDDIES,
    "parent_infant_team": families.PARENT_INFANT_TEAM,
    "social_care": families.SOCIAL_CARE,
    "workforce": services.WORKFORCE,
    "programme": services.PROGRAMME,
}
LINES: dict[str, Truth] = {name: truth for part in SENT_BY.values() for name, truth in part.items()}
GROUND_TRUTH: dict[str, Truth] = {name: truth for name, truth in LINES.items() if not name.startswith("_")}


def chance(indicator_id: str, places: Places, quarter: npt.NDArray[np.int64]) -> Reals:
    """Give the true chance of being above the line, for those below it: LSOAs in rows, quarters in columns."""
    truth = LINES.get(indicator_id)
    if isinstance(truth, Total):
        parts = [chance(part.removeprefix("met:"), places, quarter) for part in truth.parts if part.startswith("met:")]
        if truth.cohort and parts:
            return np.asarray(np.sum(parts, axis=0), dtype=np.float64)
    if not isinstance(truth, Share):
        raise UnknownName("no chance is known for this indicator", found=repr(indicator_id))
    own = own_chance(truth, places, quarter)
    if truth.beyond:
        return own * (1 - chance(truth.beyond, places, quarter))
    if truth.including:
        already = chance(truth.including, places, quarter)
        return already + own * (1 - already)
    return own


def own_chance(truth: Share, places: Places, quarter: npt.NDArray[np.int64]) -> Reals:
    """Give the chance among those who are drawn from, before other steps of the funnel are brought in."""
    fifth, second = places.fifth[:, None].astype(float), (places.lad_of[:, None] % 2).astype(float)
    logit = truth.logit(fifth, second, quarter[None, :].astype(float))
    for code, added in (truth.outliers or {}).items():
        within = (places.lsoa == code) | (places.msoa[places.msoa_of] == code)
        logit = logit + added * within[:, None]
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


@cache
def _dorset() -> Places:
    return dorset_places()


def expected(indicator_id: str, area_code: str, quarter: int) -> float:
    """Give the true chance in one area and quarter; areas wider than an LSOA are weighted by expected births."""
    places = _dorset()
    return _weighted(indicator_id, places, _within(places, area_code), range(quarter, quarter + 1))


def expected_by_fifth(
    indicator_id: str, quarters: range = range(LAST_QUARTER + 1), *, outliers: bool = False
) -> dict[int, float]:
    """Give the true chance in each national fifth over a period, weighted by expected births.

    Weights by births are right for lines that are births or a fixed part of them. Where the line below is itself
    unequal (``met:`` another indicator), the weights within a fifth hardly matter, since the chance differs there only
    by council. LSOAs with an outlier are left out unless ``outliers`` is true.
    """
    places = _dorset()
    truth = LINES[indicator_id]
    named = list((truth.outliers or {}) if isinstance(truth, Share) and not outliers else ())
    odd = np.isin(places.lsoa, named) | np.isin(places.msoa[places.msoa_of], named)
    return {fifth: _weighted(indicator_id, places, (places.fifth == fifth) & ~odd, quarters) for fifth in range(1, 6)}


def _within(places: Places, area_code: str) -> npt.NDArray[np.bool_]:
    for area_type in ("lsoa21", "msoa21", "lad", "icb"):
        codes = places.codes(area_type)
        if area_code in codes:
            chosen: npt.NDArray[np.bool_] = codes[places.parent_of(area_type)] == area_code
            return chosen
    raise UnknownName("the area is not one of those of the illustrative returns", found=repr(area_code))


def _weighted(indicator_id: str, places: Places, within: npt.NDArray[np.bool_], quarters: range) -> float:
    probability = chance(indicator_id, places, np.array(quarters)).mean(axis=1)
    return float(np.average(probability[within], weights=births_expected(places)[within]))


def wanted() -> tuple[str, ...]:
    """Name the indicators that illustrative returns must hold: all of the long return that are not public facts.

    What a public body decided or spent can be looked up, so a made-up figure for it would be a false statement about
    that body. Such indicators stay without data until someone sends the published figure.
    """
    return tuple(
        entry.id for entry in catalogue.indicators() if entry.returned_by == "long_return" and entry.access != "public"
    )
