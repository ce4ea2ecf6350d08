"""Tiles: neighbours keep their common border at every zoom, and the bytes say what they should."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, Polygon, box

from geo.tile_bytes import EXTENT, polygon, vertex
from geo.tiles import Cutter, coverage, simplified

WEST, SOUTH, SIDE = 112.5, 28.2, 0.004


def crooked_cells(count: int) -> list[Polygon]:
    """count x count cells whose borders are crooked lines that two neighbours share."""
    dice = np.random.default_rng(5)

    def border(a: tuple[float, float], b: tuple[float, float]) -> LineString:
        along = np.linspace(0, 1, 9)[:, None] * (np.array(b) - a) + a
        along[1:-1] += dice.normal(0, SIDE / 20, (7, 2))
        return LineString(along)

    at = [[(WEST + SIDE * i, SOUTH + SIDE * j) for j in range(count + 1)] for i in range(count + 1)]
    lines = [border(at[i][j], at[i + 1][j]) for i in range(count) for j in range(count + 1)] + [
        border(at[i][j], at[i][j + 1]) for i in range(count + 1) for j in range(count)
    ]
    return list(shapely.get_parts(shapely.polygonize(lines)))


@pytest.fixture(scope="module")
def cells() -> list[Polygon]:
    return crooked_cells(12)


@pytest.mark.parametrize("zoom", [9, 11, 13, 15])
def test_simplified_neighbours_go_on_sharing_their_border(cells, zoom):
    whole = coverage(cells, [""] * len(cells), None)
    thin = simplified(whole, zoom).shapes
    assert shapely.coverage_is_valid(thin)
    assert np.allclose(shapely.area(shapely.union_all(thin)), shapely.area(thin).sum())
    assert len(thin) == len(cells)
    if zoom < 13:
        corners = shapely.get_num_coordinates
        assert corners(thin).sum() < 0.5 * corners(whole.shapes).sum()


def test_a_tile_is_read_back_as_it_was_drawn():
    square = box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    zoom = 14
    scale = 2**zoom
    middle = SOUTH + SIDE / 2
    x = int(((WEST + SIDE / 2) / 360 + 0.5) * scale)
    y = int((0.5 - np.arcsinh(np.tan(np.radians(middle))) / (2 * np.pi)) * scale)
    found = Cutter(coverage([square], ["第一网格"], ["a-1"]), zoom).cut(x, y)
    assert "第一网格".encode() in found
    assert b"a-1" in found
    assert b"shapes" in found
    assert Cutter(coverage([square], ["第一网格"], None), zoom).cut(x + 9, y) == b""


def test_a_name_is_sent_once_and_only_where_it_has_room(cells):
    names = [f"网格{number}" for number in range(len(cells))]
    whole = coverage(cells, names, None)
    for zoom, shown in [(8, 0), (16, len(cells))]:
        cutter = Cutter(whole, zoom)
        west, north, east, south = shapely.total_bounds(whole.shapes) * 2**zoom
        tiles = [
            cutter.cut(x, y)
            for x in range(int(west), int(east) + 1)
            for y in range(int(north), int(south) + 1)
        ]
        together = b"".join(tiles)
        # A text is a field 1 of so many bytes.
        texts = [bytes([10, len(name.encode())]) + name.encode() for name in names]
        assert sum(together.count(text) for text in texts) == shown, zoom


def test_commands_follow_the_specification():
    # The specification's own example: MoveTo(+3,+6), LineTo(8,12), LineTo(20,34), ClosePath.
    assert polygon(Polygon([(3, 6), (8, 12), (20, 34)])) == [9, 6, 12, 18, 10, 12, 24, 44, 15]
    assert vertex(25, 17) == [9, 50, 34]
    assert polygon(Polygon()) == []
    assert polygon(box(0.1, 0.1, 0.2, 0.2)) == []
    hole = Polygon(box(0, 0, EXTENT, EXTENT).exterior, [box(9, 9, 90, 90).exterior])
    assert polygon(hole).count(15) == 2


def test_as_many_names_as_shapes():
    with pytest.raises(ValueError, match="as many"):
        coverage([box(0, 0, 1, 1)], [], None)
