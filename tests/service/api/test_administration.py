"""Opening tenants as a program does."""

from __future__ import annotations

import json

import pytest
import shapely

from tests.factories.counties import HALF_EAST


def square(lon: float, lat: float, half: float = 0.004):
    box = shapely.box(lon - half, lat - half, lon + half, lat + half)
    return json.loads(shapely.to_geojson(box))


def asked(county_admin, **said):
    county = county_admin.office
    body = {"level": "community", "name": "新社区", "township": county.township.slug, **said}
    return county_admin.program.post(f"{county.api}/administration/tenants", json=body)


def test_a_program_opens_a_community(county_admin):
    answer = asked(
        county_admin,
        boundary=square(113.2, 28.9),
        system="cgcs2000",
        admin_name="虚构主任",
        admin_email="head@example.invalid",
    )
    assert answer.status_code == 201, answer.json
    assert "/invitations/" in answer.json["link"]
    listed = county_admin.program.get(f"{county_admin.office.api}/administration/tenants").json
    found = {unit["slug"]: unit for unit in listed["items"]}
    assert found[answer.json["slug"]]["state"] == "open"
    assert found[answer.json["slug"]]["area"] == answer.json["area"]


def test_ground_across_the_neighbours_comes_back_as_geojson(county_admin, community):
    lon, lat = community.centre
    answer = asked(county_admin, boundary=square(lon + HALF_EAST, lat), system="wgs84")
    assert answer.status_code == 422
    assert answer.json["code"] == "bad_boundary"
    assert "与虚构社区重叠" in answer.json["title"]
    (fault,) = answer.json["faults"]
    assert fault["properties"]["code"] == "overlap"
    assert fault["geometry"]["type"] in ("Polygon", "MultiPolygon")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"boundary": square(113, 28)}, "请选择坐标系"),
        ({"township": "nowhere"}, "属于哪个乡镇"),
        ({"slug": "大写"}, "短名只能用"),
        ({"admin_name": "只有名字"}, "一起填"),
        ({"admin_name": "甲", "admin_email": "不是邮箱"}, "不是一个电子邮箱"),
        ({"boundary": {"type": "Point", "coordinates": [113, 28]}, "system": "wgs84"}, "一块面"),
        ({"pack": "no-such-pack"}, "没有这个规则包"),
    ],
)
def test_what_cannot_be_opened_says_why(county_admin, said, sentence):
    answer = asked(county_admin, **said)
    assert answer.status_code == 422
    assert sentence in answer.json["title"]


def test_only_the_county_opens(township_officer, colleague):
    for cast in (township_officer, colleague):
        answer = cast.program.post(f"{cast.office.api}/administration/tenants", json={})
        assert answer.status_code == 404
