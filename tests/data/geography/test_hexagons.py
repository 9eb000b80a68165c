"""The hexagon map has a place for everyone, keeps councils whole and neighbours near."""

from __future__ import annotations

import numpy as np
import pytest

from data import reference
from data.geography import hexgrid
from data.geography.cartogram import Raster, flow, stretch
from data.geography.hexagons import HexagonMap, Quality, hexagon_map


def test_every_lsoa_has_its_own_hexagon(hexagons: HexagonMap) -> None:
    assert list(hexagons.codes) == sorted(reference.lsoas()["lsoa21cd"])
    assert len({tuple(cell) for cell in hexagons.axial.tolist()}) == 463


def test_each_council_is_in_one_piece(hexagons: HexagonMap) -> None:
    council = reference.lsoas().set_index("lsoa21cd")["lad24cd"].reindex(list(hexagons.codes)).to_numpy()
    for lad24cd in ("E06000058", "E06000059"):
        assert hexgrid.groups(hexagons.axial[council == lad24cd]).max() == 0


def test_neighbours_stay_near(hexagons: HexagonMap) -> None:
    """Measured: 87% of neighbour pairs within two hexagons, 59% touching, moved by 1.2 hexagon widths on average."""
    assert hexagons.quality.near > 0.86
    assert hexagons.quality.touching > 0.57
    assert hexagons.quality.displacement < 1.3
    assert hexagons.quality.pieces == 2
    assert hexagons.quality.holes == 0


def test_lsoas_of_an_msoa_stay_near_each_other(hexagons: HexagonMap) -> None:
    names = reference.lsoas().set_index("lsoa21cd")["lsoa21nm"].reindex(list(hexagons.codes))
    apart = []
    for _, members in names.groupby(names.str[:-1]):
        places = hexagons.axial[[hexagons.codes.index(code) for code in members.index]]
        steps = hexgrid.steps(places[:, None], places[None])
        apart.append(steps[np.triu_indices(len(places), 1)].mean())
    assert np.median(apart) < 2.0


def test_the_same_facts_give_the_same_map(hexagons: HexagonMap) -> None:
    assert hexagon_map().axial.tolist() == hexagons.axial.tolist()


def test_score_prefers_near_neighbours_then_no_holes() -> None:
    good = Quality(near=0.9, touching=0.6, displacement=1.0, pieces=2, holes=0)
    assert good.score == pytest.approx(0.9 - 0.01 * 0 - 0.05 * 2)
    assert Quality(0.9, 0.6, 1.0, 2, 1).score < good.score
    assert Quality(0.9, 0.6, 1.0, 3, 0).score < good.score


def test_steps_between_hexagons() -> None:
    """Along a row 3; two rows down and two columns back 2; there and back the same."""
    start = np.array([0, 0])
    assert hexgrid.steps(start, np.array([3, 0])) == 3
    assert hexgrid.steps(start, np.array([-2, 2])) == 2
    assert hexgrid.steps(start, np.array([2, 1])) == hexgrid.steps(np.array([2, 1]), start) == 3


def test_neighbouring_middles_are_one_width_apart() -> None:
    middles = hexgrid.middles(np.vstack([[[0, 0]], hexgrid.SIDES]), 10.0)
    assert np.hypot(*(middles[1:] - middles[0]).T) == pytest.approx(np.sqrt(3) * 10)


def test_radius_gives_the_area_back() -> None:
    """A hexagon of radius 2 has area 3√3 / 2 × 2² = 6√3."""
    assert hexgrid.radius(6 * np.sqrt(3)) == pytest.approx(2.0)


def test_lattice_covers_its_bounds_in_even_steps() -> None:
    axial, middles = hexgrid.lattice((0.0, 0.0, 100.0, 50.0), 5.0, 0.5)
    assert (middles.min(axis=0) < 0).all()
    assert (middles.max(axis=0) > [100, 50]).all()
    beside = hexgrid.neighbours(axial)
    for cell, around in enumerate(beside[:50]):
        for other in around:
            assert np.hypot(*(middles[cell] - middles[other])) == pytest.approx(np.sqrt(3) * 5)


def test_groups_are_counted_from_the_largest() -> None:
    axial = np.array([[9, 9], [0, 0], [1, 0], [2, 0]])
    assert hexgrid.groups(axial).tolist() == [1, 0, 0, 0]


def test_an_even_density_moves_nothing() -> None:
    raster = Raster(np.ones((32, 32)), 0.0, 0.0, 1.0)
    points = np.array([[3.0, 4.0], [16.0, 16.0], [30.0, 5.0]])
    assert stretch(points, raster, 1.0) == pytest.approx(points)


def test_flow_carries_away_what_is_above_the_mean() -> None:
    density = np.zeros((33, 33))
    density[16, 16] = 1.0
    down, across = flow(density)
    assert down[20, 16] > 0 > down[12, 16]
    assert across[16, 20] > 0 > across[16, 12]
    assert down[16, 16] == pytest.approx(0.0, abs=1e-9)


def test_a_block_of_double_density_doubles_its_room() -> None:
    """A quarter of the width holds twice the density: 2 × 8 of 2 × 8 + 24 = 40 parts, so 16 / 40 of 32 cells = 12.8."""
    density = np.ones((32, 32))
    density[:, :8] = 2.0
    raster = Raster(density, 0.0, 0.0, 1.0)
    edge = stretch(np.array([[8.0, 16.0]]), raster, 0.3)[0, 0]
    assert edge == pytest.approx(12.8, abs=0.4)
