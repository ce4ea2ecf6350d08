"""Today, the list, a case, and registering somebody, as a person does it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.jobs import work_off
from tests.service.pages.reading import HTMX, faults, words


def typed(community, **wanted):
    lon, lat = community.inside(1, east=20)
    form = {"name": "来者甲", "home_lon": f"{lon}", "home_lat": f"{lat}", "system": "wgs84"}
    return {**form, "precision": "building", **wanted}


def test_registering_leads_to_a_case_that_waits_and_then_shows_its_proposal(colleague, community):
    answer = colleague.client.post(
        f"{community.pages}/arrivals/new",
        data=typed(community, phone="13900000001", arrived_on="2026-11-01", reason="务工"),
    )
    assert answer.status_code == 302
    where = answer.headers["Location"]
    waiting = colleague.client.get(where)
    assert "正在匹配" in words(waiting)
    assert 'hx-get="' + where + '/state"' in waiting.get_data(as_text=True)
    assert colleague.client.get(f"{where}/state", headers=HTMX).status_code == 204
    assert work_off(community) == ["done"]
    found = words(colleague.client.get(f"{where}/state", headers=HTMX))
    assert "建议编入 第1支部" in found
    assert "距住处 20 米" in found
    assert "*******0001" in words(colleague.client.get(where))


def test_opening_a_case_is_written_down_and_asking_for_its_state_is_not(colleague, community):
    arrival_id = an_arrival(community)
    for path in ("", "/state", "/due"):
        colleague.client.get(f"{community.pages}/arrivals/{arrival_id}{path}")
    with community.acting():
        found = db.session.execute(
            text("SELECT person_id FROM audit_entry WHERE act = 'read_member'")
        ).scalars()
        assert list(found) == [colleague.person_id]


@pytest.mark.parametrize(
    ("wanted", "field", "part"),
    [
        ({"name": "  "}, "name", "请填姓名"),
        ({"name": "甲" * 61}, "name", "太长了"),
        ({"phone": "123"}, "phone", "电话号码"),
        ({"arrived_on": "2999-01-01"}, "arrived_on", "还没有到"),
        ({"system": ""}, "system", "请选择坐标系"),
        ({"home_lon": "28.2", "home_lat": "112.5"}, "home_lon", "填反了"),
        ({"home_lon": "113.5"}, "home_lon", "以外约"),
        ({"home_lat": ""}, "home_lat", "一起填"),
        ({"work_lon": "不知道的", "work_lat": "28"}, "work_lon", "不是经纬度"),
    ],
)
def test_each_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    colleague, community, wanted, field, part
):
    sent = typed(community, from_place="外地区", **wanted)
    answer = colleague.client.post(f"{community.pages}/arrivals/new", data=sent)
    assert answer.status_code == 422
    ((marked, sentence),) = faults(answer)
    assert marked == field
    assert part in sentence
    assert 'value="外地区"' in answer.get_data(as_text=True)
    with community.acting():
        assert db.session.execute(text("SELECT count(*) FROM member")).scalar_one() == 0


def test_a_date_that_is_none_is_said_in_chinese(colleague, community):
    answer = colleague.client.post(
        f"{community.pages}/arrivals/new", data=typed(community, arrived_on="昨天")
    )
    assert re.search("日期", faults(answer)[0][1])


def test_a_phone_the_register_has_is_not_registered_twice(colleague, community):
    new = f"{community.pages}/arrivals/new"
    assert colleague.client.post(new, data=typed(community, phone="13900000002")).status_code == 302
    again = colleague.client.post(new, data=typed(community, phone="139 0000 0002"))
    assert faults(again) == [
        ("phone", "名册里已经有这个电话。请先在名册里查找，确认是不是同一个人。")
    ]


def test_somebody_without_a_place_is_registered_and_shown_as_unserved(colleague, community):
    sent = typed(community, home_lon="", home_lat="", system="")
    answer = colleague.client.post(f"{community.pages}/arrivals/new", data=sent)
    work_off(community)
    found = words(colleague.client.get(answer.headers["Location"]))
    assert "无人接收" in found
    assert "还没有登记住处或工作地点的位置" in found
    assert "补登位置" in found


def test_a_leader_who_registers_for_another_cell_is_told_who_goes_on(leader, community):
    lon, lat = community.inside(4)
    sent = typed(community, home_lon=f"{lon}", home_lat=f"{lat}")
    answer = leader.client.post(f"{community.pages}/arrivals/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "由社区管理员接着办" in words(answer)


def test_a_hostile_name_stays_text(colleague, community):
    sent = typed(community, name="<img src=x onerror=alert(1)>")
    where = colleague.client.post(f"{community.pages}/arrivals/new", data=sent).headers["Location"]
    for path in (where, f"{community.pages}/arrivals", f"{community.pages}/today"):
        page = colleague.client.get(path).get_data(as_text=True)
        assert "&lt;img src=x" in page
        assert "<img" not in page


def test_today_has_what_waits_for_a_person_oldest_first(colleague, community):
    a_proposed_arrival(community, name="早来者")
    a_proposed_arrival(community, name="晚来者")
    an_arrival(community, name="无处者", home=None)
    work_off(community)
    an_arrival(community, name="匹配者")
    found = words(colleague.client.get(f"{community.pages}/today"))
    order = [
        found.index(each) for each in ("等您决定 2", "早来者", "晚来者", "无人接收 1", "无处者")
    ]
    assert order == sorted(order)
    assert found.index("正在匹配 1") < found.index("匹配者")


def test_an_empty_today_says_what_to_do(leader, community):
    found = words(leader.client.get(f"{community.pages}/today"))
    assert "今天没有要办的事" in found
    assert "登记流入党员" in found


def test_the_list_is_filtered_by_state_and_name_and_keeps_both_in_its_pages(colleague, community):
    a_proposed_arrival(community, name="张一")
    an_arrival(community, name="张二", home=None)
    work_off(community)
    pages = f"{community.pages}/arrivals"
    assert "张二" not in words(colleague.client.get(f"{pages}?state=proposed"))
    assert "张一" not in words(colleague.client.get(f"{pages}?state=unserved"))
    assert "没有符合条件的人" in words(colleague.client.get(f"{pages}?words=李"))
    both = words(colleague.client.get(f"{pages}?words=张"))
    assert "张一" in both
    assert "张二" in both


def test_the_list_goes_on_where_the_page_before_ended(colleague, community):
    for number in range(52):
        an_arrival(community, name=f"来者{number:02}")
    first = colleague.client.get(f"{community.pages}/arrivals?words=来者")
    names = re.findall(r"来者\d\d", words(first))
    following = re.search(r'href="([^"]+)" rel="next"', first.get_data(as_text=True))[1]
    second = colleague.client.get(following.replace("&amp;", "&"))
    assert "words=" in following
    names += re.findall(r"来者\d\d", words(second))
    assert sorted(set(names)) == [f"来者{number:02}" for number in range(52)]
    assert len(names) == 52
    assert 'rel="next"' not in second.get_data(as_text=True)


def test_a_page_that_is_none_is_the_first(colleague, community):
    an_arrival(community, name="来者甲")
    assert "来者甲" in words(colleague.client.get(f"{community.pages}/arrivals?after=nonsense"))


def test_a_leader_finds_nobody_of_another_cell(leader, community):
    elsewhere = an_arrival(community, home=community.inside(4), name="他格者")
    assert "他格者" not in words(leader.client.get(f"{community.pages}/arrivals"))
    for path in ("", "/state", "/due", "/choose", "/places"):
        address = f"{community.pages}/arrivals/{elsewhere}{path}"
        assert leader.client.get(address).status_code == 404
    for verb in ("accept", "another", "undo", "again", "choose", "places"):
        address = f"{community.pages}/arrivals/{elsewhere}/{verb}"
        sent = {"branch": str(community.branches[0]), "proposal": str(uuid4())}
        assert leader.client.post(address, data=sent).status_code == 404
