"""Reach: how far babies live from the nearest hub, and how much of it there is for each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    as_panel,
    check_between,
    check_not_negative,
    check_positive,
    group_positions,
    group_sums,
    index_of,
)

EARTH_RADIUS_KM = 6371.009  # mean radius, as geopy's great circle (IUGG 1980)
_PAIRS_AT_ONCE = 5_000_000


def nearest_by_grid(easting: Numbers, northing: Numbers, hub_easting: Numbers, hub_northing: Numbers) -> pd.DataFrame:
    """Measure the straight-line distance from each area to its nearest hub on the British National Grid.

    Parameters
    ----------
    easting, northing : array-like
        Population-weighted centre of each area, metres.
    hub_easting, hub_northing : array-like
        Place of each hub or setting, metres; at least one.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``nearest`` (position of the hub, from 0) and ``distance_m`` (zero
        or more; lower is nearer).

    Raises
    ------
    ValueError
        If there is no hub, a hub has no place, or lengths differ.

    Notes
    -----
    Between hubs at the same distance (ties) the first given is taken. An area without a place has neither answer (-1
    and missing). Zero metres is a value. A straight line is not a journey: it crosses Poole Harbour without a ferry.
    The grid's scale is right to 0.05% within England.
    Verified against: scipy 1.17 ``cKDTree``.

    References
    ----------
    Ordnance Survey, A Guide to Coordinate Systems in Great Britain.

    Examples
    --------
    >>> nearest_by_grid([0, 10_000], [0, 0], [3_000, 9_000], [4_000, 0])
       nearest  distance_m
    0        0      5000.0
    1        1      1000.0
    """
    x, y = aligned(easting=easting, northing=northing)
    hub_x, hub_y = _hubs(hub_easting=hub_easting, hub_northing=hub_northing)

    def measure(rows: slice) -> FloatArray:
        distance: FloatArray = np.hypot(x[rows, None] - hub_x, y[rows, None] - hub_y)
        return distance

    nearest, distance = _nearest(measure, x.size, hub_x.size)
    return pd.DataFrame({"nearest": nearest, "distance_m": distance}, index=index_of(easting, northing))


def nearest_by_great_circle(
    latitude: Numbers, longitude: Numbers, hub_latitude: Numbers, hub_longitude: Numbers
) -> pd.DataFrame:
    """Measure the distance over a sphere from each area to its nearest hub.

    Parameters
    ----------
    latitude, longitude : array-like
        Centre of each area, degrees, WGS84; latitude -90 to 90, longitude -180 to 180.
    hub_latitude, hub_longitude : array-like
        Place of each hub, degrees; at least one.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``nearest`` (position of the hub, from 0), ``distance_km`` and
        ``angle_rad`` (zero or more; lower is nearer).

    Raises
    ------
    ValueError
        If a degree is out of range, there is no hub, a hub has no place, or lengths differ.

    Notes
    -----
    The sphere has a radius of 6,371.009 km: distances differ by a few tenths of a per cent from the ellipsoid's
    (:func:`nearest_by_ellipsoid`). Ties, missing places and zero as in :func:`nearest_by_grid`.
    Verified against: geopy 2.5.0 ``great_circle`` and scikit-learn 1.9 ``BallTree(metric="haversine")``.

    References
    ----------
    Sinnott RW (1984), Sky and Telescope 68:159 (the haversine).

    Examples
    --------
    >>> nearest_by_great_circle([50.72], [-1.88], [50.72, 50.71], [-1.98, -2.44]).round(2)
       nearest  distance_km  angle_rad
    0        0         7.04        0.0
    """
    lat, lon, hub_lat, hub_lon = _degrees(latitude, longitude, hub_latitude, hub_longitude)

    here, there = _on_sphere(lat, lon), _on_sphere(hub_lat, hub_lon)

    def measure(rows: slice) -> FloatArray:
        """Measure the squared straight line through the sphere, which orders hubs as the angle does."""
        squared: FloatArray = sum(
            (np.subtract.outer(a[rows], b) ** 2 for a, b in zip(here, there, strict=True)), start=np.zeros(())
        )
        return squared

    nearest, squared = _nearest(measure, lat.size, hub_lat.size)
    angle = 2 * np.arcsin(np.minimum(np.sqrt(squared) / 2, 1.0))
    columns = {"nearest": nearest, "distance_km": angle * EARTH_RADIUS_KM, "angle_rad": angle}
    return pd.DataFrame(columns, index=index_of(latitude, longitude))


def nearest_by_ellipsoid(
    latitude: Numbers, longitude: Numbers, hub_latitude: Numbers, hub_longitude: Numbers
) -> pd.DataFrame:
    """Measure the distance over the WGS84 ellipsoid from each area to its nearest hub.

    Parameters
    ----------
    latitude, longitude, hub_latitude, hub_longitude : array-like
        As for :func:`nearest_by_great_circle`.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``nearest`` (position of the hub, from 0) and ``distance_km``.

    Raises
    ------
    ValueError
        As :func:`nearest_by_great_circle`.

    Notes
    -----
    Ties, missing places and zero as in :func:`nearest_by_grid`.
    Verified against: pyproj 3.7 ``Geod(ellps="WGS84")``, which does the computing.

    References
    ----------
    Karney CFF (2013), J Geodesy 87:43-55.

    Examples
    --------
    >>> nearest_by_ellipsoid([50.72], [-1.88], [50.72, 50.71], [-1.98, -2.44]).round(2)
       nearest  distance_km
    0        0         7.06
    """
    from pyproj import Geod

    lat, lon, hub_lat, hub_lon = _degrees(latitude, longitude, hub_latitude, hub_longitude)
    ellipsoid = Geod(ellps="WGS84")

    def measure(rows: slice) -> FloatArray:
        a, b = np.nan_to_num(lat[rows]), np.nan_to_num(lon[rows])
        shape = (a.size, hub_lat.size)
        from_lon, from_lat, to_lon, to_lat = (
            np.ascontiguousarray(np.broadcast_to(part, shape)) for part in (b[:, None], a[:, None], hub_lon, hub_lat)
        )
        metres = ellipsoid.inv(from_lon, from_lat, to_lon, to_lat)[2]
        return np.where(np.isnan(lat[rows] + lon[rows])[:, None], np.nan, np.asarray(metres) / 1000)

    nearest, distance = _nearest(measure, lat.size, hub_lat.size)
    return pd.DataFrame({"nearest": nearest, "distance_km": distance}, index=index_of(latitude, longitude))


def share_within(population: Numbers, distance: Numbers, limit: float, *, groups: Labels | None = None) -> pd.DataFrame:
    """Measure the share of babies who live within a distance of a hub.

    Parameters
    ----------
    population : array-like
        Babies in each area; zero or more.
    distance : array-like
        From the area's centre to its nearest hub, zero or more, in the unit of ``limit``.
    limit : float
        The distance that counts as near; greater than zero; exactly at it counts as within.
    groups : sequence, optional
        A label for each row saying which set it belongs to (a council, a deprivation fifth); one set when left out.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``within`` (babies), ``population`` (babies whose distance is known),
        ``share`` (0 to 1; higher is better) and ``unplaced`` (babies whose distance is not known).

    Raises
    ------
    ValueError
        If a number is negative, the limit is not positive, or lengths differ.

    Notes
    -----
    An area is wholly within or wholly without, by its centre. Areas with a missing distance are counted apart, not
    left out silently; a missing population makes its set missing. A set of no babies has no share. Ties do not arise.
    Verified against: worked arithmetic (``tests/metrics/test_reach.py``).

    References
    ----------
    None needed: a sum over a sum.

    Examples
    --------
    >>> share_within([100, 50, 50], [0.5, 1.0, 3.0], 1.0)
       within  population  share  unplaced
    0   150.0       200.0   0.75       0.0
    """
    people, far = aligned(population=population, distance=distance)
    check_not_negative(people, "population")
    check_not_negative(far, "distance")
    check_positive(limit, "limit")
    positions, names = group_positions(groups, people.size)
    placed = ~np.isnan(far)
    within = group_sums(np.where(far <= limit, people, people * 0), positions, len(names))
    total = group_sums(np.where(placed, people, people * 0), positions, len(names))
    columns = {
        "within": within,
        "population": total,
        "share": within / np.where(total > 0, total, np.nan),
        "unplaced": group_sums(np.where(placed, people * 0, people), positions, len(names)),
    }
    return pd.DataFrame(columns, index=names)


def two_step_floating_catchment(
    demand: Numbers | pd.DataFrame,
    supply: Numbers,
    cost: Numbers | pd.DataFrame,
    max_cost: float,
    *,
    step_weights: dict[float, float] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Measure how much supply each area can reach, shared with everyone else who can reach it.

    Parameters
    ----------
    demand : array-like
        Babies in each area; zero or more. For many periods a panel of one row for each area and one column for each
        period.
    supply : array-like
        What each provider offers (places, whole-time staff); zero or more.
    cost : array-like of two dimensions
        Distance or minutes from each area (row) to each provider (column); missing where there is no way.
    max_cost : float
        The edge of a catchment; exactly at it counts as within.
    step_weights : dict, optional
        Upper bound of each zone and its weight from 0 to 1, used in both steps (the enhanced method); without it
        everything within ``max_cost`` counts alike.

    Returns
    -------
    tuple of numpy.ndarray
        Supply for each baby in each area (zero or more, higher is better), and for each baby in the catchment of each
        provider; with a column for each period if ``demand`` has.

    Raises
    ------
    ValueError
        If a number is negative or missing, the shape of ``cost`` does not fit, or a weight leaves 0 to 1.

    Notes
    -----
    An area that reaches no provider has 0, not missing. A provider whom nobody can reach has a missing ratio and
    serves no one. The sum of access times demand is the supply that somebody can reach. Supply beyond the boundary
    must be given too, or areas at the edge look worse off than they are. Ties do not matter.
    Verified against: access 1.1.10 ``two_stage_fca`` and the worked example of Luo and Wang.

    References
    ----------
    Luo W, Wang F (2003), Environ Plann B 30:865-884; Luo W, Qi Y (2009), Health and Place 15:1100-1107.

    Examples
    --------
    >>> access, ratio = two_step_floating_catchment([100, 100], [10], [[5], [10]], 8)
    >>> access, ratio
    (array([0.1, 0. ]), array([0.1]))
    """
    people = as_panel(demand, "demand") if np.ndim(demand) == 2 else aligned(demand=demand)[0]
    offer = aligned(supply=supply)[0]
    for name, column in (("demand", people), ("supply", offer)):
        check_not_negative(column, name)
        if np.isnan(column).any():
            raise ValueError(f"{name} must not be missing; found nan in row {np.argwhere(np.isnan(column))[0][0]}")
    costs = as_panel(cost, "cost")
    if costs.shape != (people.shape[0], offer.size):
        raise ValueError(
            f"cost must have a row for each area and a column for each provider; found {costs.shape} "
            f"for {people.shape[0]} and {offer.size}"
        )
    weight = _catchment_weights(costs, check_positive(max_cost, "max_cost"), step_weights)
    served = weight.T @ people
    ratio = (offer / np.where(served > 0, served, np.nan).T).T
    return weight @ np.nan_to_num(ratio), ratio


def _catchment_weights(cost: FloatArray, max_cost: float, steps: dict[float, float] | None) -> FloatArray:
    within = cost <= max_cost
    if steps is None:
        return within.astype(float)
    bounds = sorted(steps)
    weights = np.array([*(steps[bound] for bound in bounds), 0.0])
    check_between(weights, 0, 1, "step_weights")
    zone = np.searchsorted(np.array(bounds, dtype=float), np.nan_to_num(cost, nan=np.inf), side="left")
    return np.where(within, weights[zone], 0.0)


def _hubs(**columns: Numbers) -> list[FloatArray]:
    places = aligned(**columns)
    if places[0].size == 0 or any(np.isnan(column).any() for column in places):
        raise ValueError(f"{' and '.join(columns)} must place every hub, and at least one; found none or one missing")
    return places


def _degrees(
    latitude: Numbers, longitude: Numbers, hub_latitude: Numbers, hub_longitude: Numbers
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    lat, lon = aligned(latitude=latitude, longitude=longitude)
    hub_lat, hub_lon = _hubs(hub_latitude=hub_latitude, hub_longitude=hub_longitude)
    for name, column, most in (
        ("latitude", lat, 90),
        ("longitude", lon, 180),
        ("hub_latitude", hub_lat, 90),
        ("hub_longitude", hub_lon, 180),
    ):
        check_between(column, -most, most, name)
    return lat, lon, hub_lat, hub_lon


def _on_sphere(latitude: FloatArray, longitude: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Places on a sphere of radius 1."""
    a, b = np.radians(latitude), np.radians(longitude)
    return np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)


def _nearest(measure: Callable[[slice], FloatArray], areas: int, hubs: int) -> tuple[IntArray, FloatArray]:
    """Take the first of the least distances of each area, a block of areas at a time."""
    nearest, distance = np.full(areas, -1, dtype=np.int64), np.full(areas, np.nan)
    step = max(1, _PAIRS_AT_ONCE // hubs)
    for start in range(0, areas, step):
        block = measure(slice(start, start + step))
        rows = np.flatnonzero(~np.isnan(block).any(axis=1))
        nearest[start + rows] = block[rows].argmin(axis=1)
        distance[start + rows] = block[rows, nearest[start + rows]]
    return nearest, distance
