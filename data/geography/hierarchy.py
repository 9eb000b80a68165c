"""How areas nest: 463 LSOAs in 96 MSOAs in two councils in one integrated care board, and their names on screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd

from data import reference
from data.catalogue import ics
from data.errors import UnknownName

AREA_COLUMNS = [
    "area_code", "area_type", "area_name", "display_name", "lon", "lat",
    "msoa_code", "ward_code", "lad_code", "icb_code", "region_code", "rural_urban", "edition",
]  # fmt: skip
TEXT_COLUMNS = [column for column in AREA_COLUMNS if column not in {"lon", "lat"}]
PARENT_COLUMNS = {
    "msoa21": "msoa_code",
    "ward": "ward_code",
    "lad": "lad_code",
    "icb": "icb_code",
    "region": "region_code",
}


def lsoa_frame() -> pd.DataFrame:
    """LSOAs with centroid, MSOA and display name."""
    lsoas = reference.lsoas().merge(reference.centroids(), on="lsoa21cd", validate="one_to_one")
    lsoas["msoa21nm"] = lsoas["lsoa21nm"].str[:-1]
    lsoas = lsoas.merge(
        reference.msoa_names().drop(columns=["lad24cd", "lad24nm"]), on="msoa21nm", how="left", validate="many_to_one"
    )
    number_and_letter = lsoas["lsoa21nm"].str.rsplit(" ", n=1).str[-1]
    return lsoas.assign(display_name=lsoas["msoa21hclnm"] + " " + number_and_letter)


def embedded_areas() -> pd.DataFrame:
    """Every area the embedded facts know, in the columns of the ``area`` table, smallest areas first."""
    lsoas = lsoa_frame().rename(columns={"lsoa21cd": "area_code", "lsoa21nm": "area_name", "msoa21cd": "msoa_code"})
    msoas = reference.msoa_names().rename(
        columns={"msoa21cd": "area_code", "msoa21nm": "area_name", "msoa21hclnm": "display_name"}
    )
    frames = [
        lsoas.assign(area_type="lsoa21", lad_code=lsoas["lad24cd"], edition="2021"),
        msoas.assign(area_type="msoa21", lad_code=msoas["lad24cd"], edition="2021"),
        wider_areas(),
    ]
    areas = pd.concat(
        [frame.reindex(columns=AREA_COLUMNS).sort_values("area_code") for frame in frames[:2]] + frames[2:]
    )
    areas = areas.astype(dict.fromkeys(TEXT_COLUMNS, "str"))
    areas["icb_code"] = areas["icb_code"].mask(areas["area_type"].isin(["lsoa21", "msoa21", "lad"]), ics().icb.code)
    areas["region_code"] = areas["region_code"].mask(~areas["area_type"].isin(["region", "country"]), ics().region.code)
    return areas.reset_index(drop=True)


def wider_areas() -> pd.DataFrame:
    """Councils, integrated care board, region and country, as the catalogue names them."""
    places = [("lad", place) for place in ics().lads]
    places += [("icb", ics().icb), ("region", ics().region), ("country", ics().country)]
    rows = [
        {"area_code": place.code, "area_type": kind, "area_name": place.name, "display_name": place.label}
        for kind, place in places
    ]
    return pd.DataFrame(rows).reindex(columns=AREA_COLUMNS)


@lru_cache(maxsize=1)
def display_names() -> Mapping[str, str]:
    """Name on screen of every embedded area, by code."""
    areas = embedded_areas()
    return dict(zip(areas["area_code"], areas["display_name"], strict=True))


def parents(area_type_from: str, area_type_to: str, areas: pd.DataFrame) -> dict[str, str]:
    """Map each area of one type to the wider area of another type that holds it.

    ``areas`` has the columns of the ``area`` table. Every area rolls up to the country.
    """
    rows = areas[areas["area_type"] == area_type_from]
    if rows.empty:
        raise UnknownName("no areas of this type", found=area_type_from, expected=known_types(areas))
    if area_type_to == "country":
        return dict.fromkeys(rows["area_code"], ics().country.code)
    if area_type_to not in PARENT_COLUMNS:
        raise UnknownName("not an area type that others belong to", found=area_type_to, expected=[*PARENT_COLUMNS])
    wider = rows.set_index("area_code")[PARENT_COLUMNS[area_type_to]]
    if wider.isna().any():
        lost = wider.index[wider.isna()]
        raise UnknownName(
            f"{len(lost)} {area_type_from} areas have no {area_type_to}",
            found=", ".join(lost[:5]),
            todo=f"Load a lookup from {area_type_from} to {area_type_to}",
        )
    return {str(code): str(parent) for code, parent in wider.items()}


def known_types(areas: pd.DataFrame) -> str:
    """Area types in a frame, for an error message."""
    return ", ".join(sorted(areas["area_type"].unique()))


def parent_codes(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Council and MSOA of embedded areas, by area type and code; empty for a type that not all of them have."""
    areas = embedded_areas().set_index("area_code").reindex(list(codes))
    found = {kind: areas[column] for kind, column in PARENT_COLUMNS.items() if kind in {"lad", "msoa21"}}
    return {
        kind.removesuffix("21"): {str(code): str(parent) for code, parent in wider.items()}
        for kind, wider in found.items()
        if wider.notna().all()
    }


def roll_up(counts: pd.Series, mapping: Mapping[str, str]) -> pd.Series:
    """Add counts of small areas up to wider ones; the total stays the same.

    ``counts`` is indexed by area code. A missing count makes its wider area missing: it is never taken for 0.
    """
    unmapped = [str(code) for code in counts.index if code not in mapping]
    if unmapped:
        raise UnknownName(
            f"{len(unmapped)} areas have no wider area to be added to",
            found=", ".join(unmapped[:5]),
            expected="area codes of the loaded lookup",
        )
    wider = counts.index.map(mapping)
    return counts.groupby(wider).sum(skipna=False).rename_axis("area_code")
