"""Letting people in: invitations, standings given, ended and handed over, tokens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.people.door import person_by_email, standings_of
from tests.factories.counties import a_community, a_county
from tests.factories.people import PASSWORD, a_browser, a_leader
from tests.service.pages.reading import link_in, words


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
