"""The ground: cells cover communities, communities cover townships, nothing twice."""

from itertools import pairwise

import pytest
import shapely
from pyproj import Geod

from geo.coordinates import from_wgs84
from geo.grid import judge_cells
from service.demo.chart import joined, read_chart
from service.demo.dice import Dice
from service.demo.ground import MeshPlan, lay_mesh

WGS84 = Geod(ellps="WGS84")
PLAN = MeshPlan(3, 3, (103.6, 40.1), (200.0, 250.0), 9.0, 0.13, 0.03, 1)


def square_metres(polygon):
    return abs(WGS84.geometry_area_perimeter(polygon)[0])


def length(edge):
    (lon, lat), (other_lon, other_lat) = edge
    return WGS84.inv(lon, lat, other_lon, other_lat)[2]


def edges(polygon):
    return {frozenset(pair) for pair in pairwise(polygon.exterior.coords)}


def cut(chart):
    return joined(lay_mesh(PLAN, Dice("mesh")), read_chart(chart).values())


def test_cells_are_a_coverage_of_each_community(tenants):
    for tenant in tenants:
        if tenant.level == "community":
            cells = {cell.code: cell.polygon for cell in tenant.cells}
            assert judge_cells(cells, tenant.boundary).complete, tenant.slug
            total = sum(polygon.area for polygon in cells.values())
            assert total == pytest.approx(tenant.boundary.area, rel=1e-9)


def test_every_level_covers_the_one_above_it(demo):
    for county in demo:
        for upper in (*county.at("township"), county.tenants[0]):
            below = {t.slug: t.boundary for t in county.tenants if t.parent == upper.slug}
            assert below
            assert judge_cells(below, upper.boundary).complete, upper.slug


def test_neighbours_share_every_edge_to_the_last_digit(demo):
    for county in demo:
        together = [edges(t.boundary) for t in county.at("community")]
        outer = edges(county.tenants[0].boundary)
        for own in together:
            others = set().union(*(other for other in together if other is not own))
            assert own <= others | outer


def test_streets_are_crooked_and_cells_of_the_ten_grids_about_200_by_250_metres(district):
    cells = [cell.polygon for cell in district.tenant("heyuan").cells]
    areas = [square_metres(polygon) for polygon in cells]
    assert all(30_000 < area < 70_000 for area in areas)
    assert max(areas) / min(areas) > 1.1
    for polygon in cells:
        assert len(polygon.exterior.coords) == 9
        turned = polygon.minimum_rotated_rectangle
        assert polygon.area / turned.area < 0.97


def test_pasture_cells_are_large(pasture):
    for tenant in pasture.at("community"):
        for cell in tenant.cells:
            assert square_metres(cell.polygon) > 50e6


def test_the_counties_lie_apart_where_chinese_maps_are_shifted(demo):
    first, second = (county.tenants[0].boundary for county in demo)
    assert not first.intersects(second)
    for boundary in (first, second):
        assert boundary.is_valid
        lon, lat = boundary.centroid.coords[0]
        shifted = from_wgs84(lon, lat, "gcj02")
        assert 100 < length(((lon, lat), shifted)) < 1000


def test_buildings_stand_in_their_cells(tenants):
    for tenant in tenants:
        cells = {cell.code: cell.polygon for cell in tenant.cells}
        for cell in cells.values():
            shapely.prepare(cell)
        assert len({building.code for building in tenant.buildings}) == len(tenant.buildings)
        for building in tenant.buildings:
            assert cells[building.cell].contains_properly(shapely.Point(building.lon, building.lat))


def test_no_compound_has_the_name_of_another(demo):
    for county in demo:
        standing = [b for tenant in county.tenants for b in tenant.buildings]
        assert len({building.address for building in standing}) == len(standing)


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        ("a0 a0\na0", "differ in length"),
        ("a0 b0 b0\nb0 b0 a0\nb0 b0 b0", "not one piece"),
        ("a0 b0 b0\nb0 a0 b0\nb0 b0 b0", "corner only"),
        ("a0 a0 a0\na0 b0 a0\na0 a0 a0", "not one piece"),
    ],
)
def test_a_chart_that_cannot_be_ground_is_refused(chart, sentence):
    def cut_community_a():
        return joined(lay_mesh(PLAN, Dice("mesh")), [read_chart(chart)["a"]])

    with pytest.raises(ValueError, match=sentence):
        cut_community_a()


def test_an_outline_runs_anticlockwise_and_keeps_every_bend():
    whole = cut("a0 a0 a0\na0 a0 a0\na0 a0 a0")
    assert whole.exterior.is_ccw
    assert len(whole.exterior.coords) == 12 * (1 + PLAN.bends_per_edge) + 1
