"""The areas that illustrative returns speak about: the real ones of the ICS, or invented ones of any number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
ENGLAND_LSOAS = 33_755  # LSOAs (December 2021) in the English Indices of Deprivation 2025
LSOAS_PER_MSOA = 5
LSOAS_PER_LAD = 230  # 463 LSOAs in two councils
LADS_PER_ICB = 4

Codes = npt.NDArray[np.str_]
Indices = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Places:
    """LSOAs with their parents; ``msoa_of``, ``lad_of`` and ``icb_of`` are positions in the parent lists."""

    lsoa: Codes
    msoa: Codes
    lad: Codes
    icb: Codes
    msoa_of: Indices
    lad_of: Indices
    icb_of: Indices
    fifth: Indices  # national IMD fifth, 1 = most deprived
    children: Reals  # aged 0 to 15
    adults: Reals  # aged 16 and over
    imd_score: Reals
    imd_decile: Indices

    def codes(self, area_type: str) -> Codes:
        """List the codes of one area type."""
        chosen: Codes = getattr(self, area_type.removesuffix("21"))
        return chosen

    def parent_of(self, area_type: str) -> Indices:
        """Give each LSOA's position in the list of one area type."""
        if area_type == "lsoa21":
            return np.arange(len(self.lsoa))
        parent: Indices = getattr(self, f"{area_type.removesuffix('21')}_of")
        return parent


def dorset_places() -> Places:
    """Read the 463 LSOAs of Dorset ICS with their real deprivation and children aged 0 to 15."""
    facts = pd.read_csv(REFERENCE / "lsoa21_deprivation.csv", comment="#").sort_values("lsoa21cd", ignore_index=True)
    names = pd.read_csv(REFERENCE / "msoa21_names.csv", comment="#").set_index("msoa21nm")["msoa21cd"]
    facts["msoa21cd"] = facts["lsoa21nm"].str[:-1].map(names)
    return _places(facts.assign(icb="E54000041"))


def invented_places(lsoas: int, seed: int = 1001) -> Places:
    """Make LSOAs that do not exist (codes begin with X) with deprivation like England's."""
    if not 1 <= lsoas <= ENGLAND_LSOAS:
        raise ValueError(f"lsoas must be from 1 to {ENGLAND_LSOAS}, not {lsoas}")
    generator = np.random.default_rng([seed, lsoas])
    position = np.arange(lsoas)
    rank = generator.permutation(lsoas)
    lad = position // LSOAS_PER_LAD
    facts = pd.DataFrame(
        {
            "lsoa21cd": [f"X01{number:06d}" for number in position],
            "msoa21cd": [f"X02{number:06d}" for number in position // LSOAS_PER_MSOA],
            "lad24cd": [f"X06{number:06d}" for number in lad],
            "icb": [f"X54{number:06d}" for number in lad // LADS_PER_ICB],
            "imd_score": np.round(80 * np.exp(-3 * (rank + 1) / lsoas), 3),  # falls from 80 to 4, as England's does
            "imd_decile": rank * 10 // lsoas + 1,
            "children_0_15_mid2022": generator.poisson(270, lsoas),
            "population_mid2022": generator.poisson(1400, lsoas) + 300,
        }
    )
    return _places(facts)


def _places(facts: pd.DataFrame) -> Places:
    msoa_of, msoa = pd.factorize(facts["msoa21cd"], sort=True)
    lad_of, lad = pd.factorize(facts["lad24cd"], sort=True)
    icb_of, icb = pd.factorize(facts["icb"], sort=True)
    decile = facts["imd_decile"].to_numpy(np.int64)
    children = facts["children_0_15_mid2022"].to_numpy(np.float64)
    return Places(
        lsoa=facts["lsoa21cd"].to_numpy(str),
        msoa=np.asarray(msoa, dtype=str),
        lad=np.asarray(lad, dtype=str),
        icb=np.asarray(icb, dtype=str),
        msoa_of=msoa_of,
        lad_of=lad_of,
        icb_of=icb_of,
        fifth=(decile + 1) // 2,
        children=children,
        adults=facts["population_mid2022"].to_numpy(np.float64) - children,
        imd_score=facts["imd_score"].to_numpy(np.float64),
        imd_decile=decile,
    )
