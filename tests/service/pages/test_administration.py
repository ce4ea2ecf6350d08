"""Opening tenants: their ground, their first administrator, and who may open what."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo.coordinates import from_wgs84
from tenants.database import db
from tenants.organisations.lookups import boundary_shape
from tenants.people.door import person_by_email, standings_of
from tests.factories.counties import HALF_EAST, HALF_NORTH, a_community, a_county, beside
from tests.factories.people import PASSWORD, a_browser, a_person
from tests.service.pages.reading import link_in, words


def square(lon: float, lat: float, half: float = HALF_EAST) -> dict[str, object]:
    return json.loads(
        shapely.to_geojson(shapely.box(lon - half, lat - half, lon + half, lat + half))
    )


def opening(county, **said):
    """The form as a person fills it in for a community of the county's township."""
    return {
        "level": "community",
        "name": "新社区",
        "township": str(county.township.scope.area),
        "language": "zh_Hans",
        **said,
    }


def sent(cast, form):
    return cast.client.post(f"{cast.office.pages}/administration/open", data=form)


def test_a_community_is_opened_with_ground_rules_and_an_administrator(app, county, county_admin):
    answer = sent(
        county_admin,
        opening(
            county,
            slug=f"new-{county.number}",
            geojson=json.dumps(square(113.2, 28.9)),
            system="wgs84",
            pack="national-2024",
            admin_name="虚构主任",
            admin_email=f"Head-{county.number}@example.invalid",
        ),
    )
    assert answer.status_code == 200, words(answer)
    email = f"head-{county.number}@example.invalid"
    browser = a_browser(app)
    path = link_in(answer)
    page = words(browser.get(path))
    assert "新社区请您担任社区管理员" in page
    begun = browser.post(path, data={"password": PASSWORD})
    assert begun.headers["Location"].startswith("/sign-in")
    with app.app_context():
        (scope,) = standings_of(person_by_email(email).id)
        assert (scope.slug, scope.role, scope.state) == (
            f"new-{county.number}",
            "community_admin",
            "open",
        )
    assert "已经用过" in words(browser.get(path))
    listed = words(county_admin.client.get(f"{county.pages}/administration"))
    assert "新社区" in listed
    card = words(county_admin.client.get(f"{county.pages}/administration/new-{county.number}"))
    assert "虚构主任" in card
    with county.acting(scope):
        assert boundary_shape(scope) is not None


def test_a_boundary_across_the_neighbours_is_refused_in_square_metres_and_painted(
    county, county_admin, community
):
    lon, lat = community.centre
    form = opening(county, geojson=json.dumps(square(lon + HALF_EAST, lat, 0.002)), system="wgs84")
    answer = sent(county_admin, form)
    assert answer.status_code == 422
    said = re.search(r"与虚构社区重叠 ([\d,]+) 平方米", words(answer))
    assert 80_000 < int(said[1].replace(",", "")) < 100_000
    html = answer.get_data(as_text=True)
    assert re.search(r'<path class="fault" d="M', html)
    assert re.search(r'<path class="around" d="M', html)
    with county.acting():
        names = db.session.execute(text("SELECT name FROM tenant")).scalars().all()
    assert "新社区" not in names


BAD_GROUND = {
    "crossing": ({"type": "Polygon", "coordinates": [[[113, 28], [113.1, 28.1], [113.1, 28], [113, 28.1], [113, 28]]]}, "自己交叉"),
    "metres": ({"type": "Polygon", "coordinates": [[[500000, 3100000], [501000, 3100000], [501000, 3101000], [500000, 3100000]]]}, "以米为单位"),
    "swapped": (square(28.9, 71.2), "不在我国范围内"),
    "a line": ({"type": "LineString", "coordinates": [[113, 28], [113.1, 28.1]]}, "必须是一块面"),
    "two shapes": ({"type": "FeatureCollection", "features": []}, "只能有一个面"),
    "not JSON": ("{", "这不是 GeoJSON"),
    "far away": (square(87.6, 43.8), "公里"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_GROUND)
def test_bad_ground_gets_a_clear_answer_and_nothing_is_opened(
    county, county_admin, community, name
):
    shape, sentence = BAD_GROUND[name]
    text_ = shape if isinstance(shape, str) else json.dumps(shape)
    answer = sent(county_admin, opening(county, geojson=text_, system="wgs84"))
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_boundary_in_another_system_is_recognised_by_its_neighbours(
    county, county_admin, community
):
    lon, lat = beside(community)
    true = shapely.box(lon - HALF_EAST, lat - HALF_NORTH, lon + HALF_EAST, lat + HALF_NORTH)
    drawn = shapely.transform(
        true, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
    )
    a_community(county, name="东邻", centre=(lon + 2 * HALF_EAST, lat))
    form = opening(county, geojson=shapely.to_geojson(drawn), system="wgs84")
    refused = sent(county_admin, form)
    assert refused.status_code == 422
    assert "如果这些是 GCJ-02 坐标" in words(refused)
    assert sent(county_admin, form | {"system": "gcj02"}).status_code == 200


def test_the_system_of_a_boundary_must_be_said(county, county_admin):
    answer = sent(county_admin, opening(county, geojson=json.dumps(square(113.2, 28.9))))
    assert answer.status_code == 422
    assert "请选择坐标系" in words(answer)


def test_other_ground_for_a_tenant_that_is_there(county, county_admin, community):
    lon, lat = community.centre
    page = f"{county.pages}/administration/{community.slug}"
    form = {"system": "wgs84", "geojson": json.dumps(square(lon, lat, 0.003))}
    assert county_admin.client.post(f"{page}/boundary", data=form).status_code == 302
    with community.acting() as scope:
        assert boundary_shape(scope).bounds[0] == pytest.approx(lon - 0.003)
    form["geojson"] = json.dumps(square(lon, lat + 3, 0.003))
    assert county_admin.client.post(f"{page}/boundary", data=form).status_code == 422


def test_only_the_county_opens_and_only_below_itself(app, county, township_officer, colleague):
    for cast in (township_officer, colleague):
        assert cast.client.get(f"{cast.office.pages}/administration/open").status_code == 404
    assert (
        township_officer.client.get(f"{township_officer.office.pages}/administration").status_code
        == 200
    )
    elsewhere = a_community(a_county(app))
    admin = a_person(county, "county_admin")
    found = admin.client.get(f"{county.pages}/administration/{elsewhere.slug}")
    assert found.status_code == 404


# Invitations


def test_a_shapefile_in_a_zip_is_read(county, county_admin):
    from tests.factories.boundaries import zipped_shapefile

    content = zipped_shapefile(shapely.box(113.19, 28.89, 113.21, 28.91))
    form = opening(county, system="cgcs2000", file=(io.BytesIO(content), "边界.zip"))
    answer = sent(county_admin, form)
    assert answer.status_code == 200, words(answer)
    assert HALF_NORTH


def test_neighbours_that_share_a_border_are_no_fault(county, county_admin, community):
    lon, lat = beside(community)
    shape = shapely.box(lon - HALF_EAST, lat - HALF_NORTH, lon + HALF_EAST, lat + HALF_NORTH)
    form = opening(county, geojson=shapely.to_geojson(shape), system="wgs84")
    assert sent(county_admin, form).status_code == 200
