"""Where a place stands: longitude and latitude, or the British National Grid turned into them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.errors import WrongValues

# Great Britain, with the Isles of Scilly and Shetland.
_WEST, _EAST, _SOUTH, _NORTH = -8.7, 1.8, 49.8, 60.9
_GRID_EAST: Final = 700_000.0
_GRID_NORTH: Final = 1_300_000.0


def lon_lat_from_grid(
    easting: pd.Series[float], northing: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Turn metres on the British National Grid (EPSG:27700) into longitude and latitude, to about a metre."""
    from pyproj import Transformer

    outside = ~(easting.between(0, _GRID_EAST) & northing.between(0, _GRID_NORTH)) & easting.notna()
    if outside.any():
        at = int(outside.to_numpy().argmax())
        raise WrongValues(
            "a grid reference is outside Great Britain",
            row=int(easting.index[at]),
            found=f"{easting.iloc[at]:g}, {northing.iloc[at]:g}",
            expected="easting and northing in metres",
        )
    transformer = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(easting.to_numpy(), northing.to_numpy())
    known = easting.notna() & northing.notna()
    return (
        pd.Series(lon, index=easting.index).round(6).where(known),
        pd.Series(lat, index=easting.index).round(6).where(known),
    )


def check_places(table: pd.DataFrame, lon: pd.Series[float], lat: pd.Series[float], *, source: str) -> None:
    """Refuse a place outside Great Britain: most often longitude and latitude stand in each other's column."""
    outside = (lon.notna() | lat.notna()) & ~(lon.between(_WEST, _EAST) & lat.between(_SOUTH, _NORTH))
    if outside.any():
        at = int(outside.to_numpy().argmax())
        raise WrongValues(
            f"{int(outside.sum())} places are outside Great Britain",
            source=source,
            file=table.attrs.get("file"),
            sheet=table.attrs.get("sheet"),
            row=int(table.index[at]),
            found=f"longitude {lon.iloc[at]:g}, latitude {lat.iloc[at]:g}",
            expected="longitude about -2 and latitude about 50.7 in Dorset",
            todo="Check that the two columns are not swapped",
        )
