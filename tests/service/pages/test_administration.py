"""Opening tenants and letting people in, page by page."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo.coordinates import from_wgs84
from tenants.database import db
from tenants.organisations.lookups import boundary_shape
from tenants.people.door import person_by_email, standings_of
from tests.factories.counties import HALF_EAST, HALF_NORTH, a_community, a_county, beside
from tests.factories.people import PASSWORD, a_browser, a_leader, a_person
from tests.service.pages.reading import words


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


def link_in(answer) -> str:
    return re.search(r"/invitations/[\w-]{43}", answer.get_data(as_text=True))[0]


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


def invited(cast, **said):
    form = {"shown_name": "虚构新人", "email": "fresh@example.invalid", "role": "community_admin"}
    return cast.client.post(f"{cast.office.pages}/people", data={**form, **said})


def test_a_leader_is_invited_for_a_cell_and_fills_the_vacancy(app, colleague, community):
    page = colleague.client.get(f"{community.pages}/people")
    assert words(page).count("没有网格长") == 4
    email = f"leader-{community.tenant_id}@example.invalid"
    answer = invited(colleague, role="grid_leader", cell=str(community.cells[1]), email=email)
    a_browser(app).post(link_in(answer), data={"password": PASSWORD})
    with app.app_context():
        (scope,) = standings_of(person_by_email(email).id)
    assert scope.cell_ids == (community.cells[1],)
    assert words(colleague.client.get(f"{community.pages}/people")).count("没有网格长") == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("expires_at = now() - interval '1 second'", "已经过期"),
        ("withdrawn_at = now()", "已被收回"),
        ("accepted_at = now()", "已经用过"),
    ],
)
def test_a_link_that_opens_nothing_says_why(app, colleague, community, change, sentence):
    path = link_in(invited(colleague))
    with community.acting():
        db.session.execute(text(f"UPDATE invitation SET {change}"))
    browser = a_browser(app)
    for answer in (browser.get(path), browser.post(path, data={"password": PASSWORD})):
        assert answer.status_code == 410
        assert sentence in words(answer)


def test_a_closed_tenants_link_says_so(app, colleague, community):
    path = link_in(invited(colleague))
    with community.county.acting():
        db.session.execute(
            text(
                "UPDATE tenant SET closed_at = now(), erase_on = CURRENT_DATE + 90 WHERE id = :id"
            ),
            {"id": community.tenant_id},
        )
    assert "已经关闭" in words(a_browser(app).get(path))
    refused = colleague.client.get(f"{community.pages}/map")
    assert refused.status_code == 409
    assert "本单位已关闭" in words(refused)


def test_a_paused_tenants_link_waits(app, colleague, community):
    email = f"waits-{community.tenant_id}@example.invalid"
    path = link_in(invited(colleague, email=email))
    change = "UPDATE tenant SET paused_at = {} WHERE id = :id"
    for moment, status in (("now()", 409), ("NULL", 302)):
        with community.county.acting():
            db.session.execute(text(change.format(moment)), {"id": community.tenant_id})
        answer = a_browser(app).post(path, data={"password": PASSWORD})
        assert answer.status_code == status
        with app.app_context():
            assert len(standings_of(person_by_email(email).id)) == (status == 302)


def test_a_link_nobody_made_tells_nothing(app):
    answer = a_browser(app).get("/invitations/" + "x" * 43)
    assert answer.status_code == 404
    assert "没有这个邀请" in words(answer)


def test_a_new_link_replaces_the_old_one(app, colleague, community):
    old = link_in(invited(colleague))
    with community.acting():
        (id_,) = db.session.execute(text("SELECT id FROM invitation")).scalars()
    new = link_in(colleague.client.post(f"{community.pages}/people/invitations/{id_}/again"))
    assert a_browser(app).get(old).status_code == 404
    assert a_browser(app).get(new).status_code == 200
    colleague.client.post(f"{community.pages}/people/invitations/{id_}/withdraw")
    assert "已被收回" in words(a_browser(app).get(new))


def test_somebody_known_keeps_their_password_and_must_give_it(app, colleague, neighbour):
    path = link_in(invited(colleague, email=neighbour.email))
    wrong = a_browser(app).post(path, data={"password": "not-the-password"})
    assert wrong.status_code == 422
    assert "密码不对" in words(wrong)
    assert a_browser(app).post(path, data={"password": PASSWORD}).status_code == 302
    with app.app_context():
        assert len(standings_of(neighbour.person_id)) == 2


def test_nobody_leads_in_two_counties(app, colleague, community):
    leader = a_leader(a_community(a_county(app)))
    answer = invited(
        colleague, email=leader.email, role="grid_leader", cell=str(community.cells[0])
    )
    refused = a_browser(app).post(link_in(answer), data={"password": PASSWORD})
    assert refused.status_code == 409
    assert "另一个县" in words(refused)


def test_a_role_from_above_cannot_be_given_below(colleague, county_admin, community):
    assert invited(colleague, role="county_admin").status_code == 422
    page = f"{county_admin.office.pages}/administration/{community.slug}/invite"
    form = {"shown_name": "甲", "email": "x@example.invalid", "role": "grid_leader"}
    assert county_admin.client.post(page, data=form).status_code == 422


def test_nobody_lets_themselves_in_from_above(colleague, county_admin, community):
    """People are read through a door, for a reason and for hours (domain STA-4)."""
    page = f"{county_admin.office.pages}/administration/{community.slug}/invite"
    form = {"shown_name": "县干部", "email": county_admin.email, "role": "community_admin"}
    link = link_in(county_admin.client.post(page, data=form))
    refused = county_admin.client.post(link, data={"password": PASSWORD})
    assert refused.status_code == 409
    assert "不能自己邀请自己" in words(refused)
    assert county_admin.client.get(f"{community.pages}/members").status_code == 404
    # Who works there already may lead a cell as well.
    own = invited(
        colleague, role="grid_leader", cell=str(community.cells[1]), email=colleague.email
    )
    assert colleague.client.post(link_in(own), data={"password": PASSWORD}).status_code == 302


# Standings


def test_an_ended_standing_opens_nothing_at_once_and_can_be_resumed(colleague, community):
    leader = a_leader(community)
    assert leader.client.get(f"{community.pages}/map").status_code == 200
    page = f"{community.pages}/people/{leader.scope.standing_id}"
    assert colleague.client.post(f"{page}/end").status_code == 302
    assert leader.client.get(f"{community.pages}/map").status_code == 404
    assert "以前任职的" in words(colleague.client.get(f"{community.pages}/people"))
    colleague.client.post(f"{page}/resume")
    assert leader.client.get(f"{community.pages}/map").status_code == 200


def test_what_ended_before_yesterday_cannot_be_resumed(colleague, community):
    leader = a_leader(community)
    page = f"{community.pages}/people/{leader.scope.standing_id}"
    colleague.client.post(f"{page}/end")
    with community.acting():
        db.session.execute(
            text("UPDATE standing SET ended_at = now() - :age WHERE id = :id"),
            {"age": timedelta(hours=25), "id": leader.scope.standing_id},
        )
    answer = colleague.client.post(f"{page}/resume", follow_redirects=True)
    assert "一天之内" in words(answer)
    assert leader.client.get(f"{community.pages}/map").status_code == 404


def test_nobody_ends_their_own_standing(colleague, community):
    page = f"{community.pages}/people/{colleague.scope.standing_id}"
    answer = colleague.client.post(f"{page}/end", follow_redirects=True)
    assert "不能结束自己的任职" in words(answer)


def test_everything_a_leader_held_goes_to_another_and_comes_back(app, colleague, community):
    leaving, taking = a_leader(community), a_leader(community, 3)
    page = f"{community.pages}/people/{leaving.scope.standing_id}/hand-over"
    assert "第1网格" in words(colleague.client.get(page))
    assert colleague.client.post(page, data={"to": str(taking.person_id)}).status_code == 302
    with app.app_context():
        assert standings_of(leaving.person_id) == ()
        (scope,) = standings_of(taking.person_id)
        assert set(scope.cell_ids) == {community.cells[0], community.cells[2]}
    with community.acting():
        (handover_id,) = db.session.execute(
            text("SELECT ended_in FROM standing WHERE ended_in IS NOT NULL")
        ).scalars()
    colleague.client.post(f"{community.pages}/people/handovers/{handover_id}/undo")
    with app.app_context():
        assert standings_of(leaving.person_id)[0].cell_ids == (community.cells[0],)
        assert standings_of(taking.person_id)[0].cell_ids == (community.cells[2],)


# Tokens and rights


def test_a_token_is_shown_once_used_and_revoked(app, colleague, community):
    page = f"{community.pages}/tokens"
    answer = colleague.client.post(page, data={"name": "虚构程序"})
    (token,) = re.findall(r"wangge_[\w-]{43}", answer.get_data(as_text=True))
    listed = colleague.client.get(page)
    assert token not in listed.get_data(as_text=True)
    assert "从未" in words(listed)
    ask = {"headers": {"Authorization": f"Bearer {token}"}}
    assert app.test_client().get("/api/v1/me", **ask).status_code == 200
    assert "从未" not in words(colleague.client.get(page))
    with community.acting():
        (id_,) = db.session.execute(text("SELECT id FROM api_token")).scalars()
    colleague.client.post(f"{page}/{id_}/revoke")
    assert app.test_client().get("/api/v1/me", **ask).status_code == 401


def test_the_table_of_rights_is_the_one_that_decides(leader, community):
    page = words(leader.client.get(f"{community.pages}/rights"))
    assert "县级管理员" in page
    assert "开通、暂停、关闭下级单位，定它们的边界和限额" in page


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
