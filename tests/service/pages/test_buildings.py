"""Pages of compounds and buildings: search, add, correct, close, bring a list in."""

from __future__ import annotations

import io
import json
import re

import pytest

from service.spreadsheets import Sheet, workbook
from tenants.places.buildings_lookups import building, buildings
from tests.factories.buildings import a_building, a_compound
from tests.factories.members import a_member
from tests.service.pages.reading import faults, words


@pytest.fixture
def compound(community):
    return a_compound(community)


def filled(community, **wanted):
    lon, lat = community.inside(1)
    form = {"kind": "building", "name": "3号楼", "lon": lon, "lat": lat, "system": "wgs84"}
    return {**form, "compound": "", "address": "", **wanted}


def open_ones(community):
    with community.acting() as scope:
        return sorted(each.title for each in buildings(scope))


def test_an_empty_register_says_what_to_do_next(colleague, officer, community):
    pages = f"{community.pages}/buildings"
    assert "把现有的楼栋清单" in words(colleague.client.get(pages))
    assert "社区管理员登记后" in words(officer.client.get(pages))


def test_a_building_is_added_in_its_compound_and_found(colleague, community, compound):
    pages = f"{community.pages}/buildings"
    page = colleague.client.get(f"{pages}/new?compound={compound}")
    assert f'selected value="{compound}"' in page.get_data(as_text=True)
    sent = filled(community, compound=str(compound), address="幸福路12号")
    answer = colleague.client.post(f"{pages}/new", data=sent, follow_redirects=True)
    assert "清和小区3号楼" in words(answer)
    assert "管理员丙 登记了这里" in words(answer)
    assert "清和小区3号楼" in words(colleague.client.get(f"{pages}?words=三栋"))
    assert "没有符合条件" in words(colleague.client.get(f"{pages}?words=听雨"))


@pytest.mark.parametrize(
    ("wrong", "field", "part"),
    [
        ({"name": ""}, "name", "请填名称"),
        ({"name": "，"}, "name", "请填名称"),
        ({"lon": "", "lat": ""}, "lon", "请在地图上点一下"),
        ({"lon": "abc"}, "lon", "不是经纬度"),
        ({"system": ""}, "system", "请选择坐标系"),
        ({"lon": "113"}, "lon", "以外"),
    ],
)
def test_each_fault_stands_at_its_field(colleague, community, wrong, field, part):
    answer = colleague.client.post(
        f"{community.pages}/buildings/new", data=filled(community, **wrong)
    )
    assert answer.status_code == 422
    assert [part in sentence for name, sentence in faults(answer) if name == field] == [True]
    assert open_ones(community) == []


def test_the_same_name_twice_is_told_at_the_name(colleague, community, compound):
    a_building(community, compound=compound)
    answer = colleague.client.post(
        f"{community.pages}/buildings/new",
        data=filled(community, name="三栋", compound=str(compound)),
    )
    assert faults(answer) == [("name", "这里已经有同名的小区或楼栋了。")]


def test_correcting_shows_who_lives_at_the_old_point_and_moves_only_whom_a_person_ticks(
    colleague, community, compound
):
    building_id = a_building(community, compound=compound)
    left, moved = (a_member(community, name=name) for name in ("留者", "迁者"))
    with community.acting() as scope:
        seen = building(scope, building_id)
    pages = f"{community.pages}/buildings/{building_id}"
    for member_id in (left, moved):
        colleague.client.post(
            f"{community.pages}/members/{member_id}/home",
            data={"building": str(building_id), "version": 1},
        )
    lon, lat = community.inside(2)
    sent = filled(community, compound=str(compound), lon=lon, lat=lat, version=seen.version)
    page = colleague.client.post(f"{pages}/edit", data=sent, follow_redirects=True)
    assert "2 位的住处还在原来的点上" in words(page)
    ticks = dict(re.findall(r'value="([^"]+:\d+)"> (\w+)', page.get_data(as_text=True)))
    [tick] = [value for value, name in ticks.items() if name == "迁者"]
    page = colleague.client.post(f"{pages}/homes", data={"member": tick}, follow_redirects=True)
    assert "1 位的住处还在原来的点上" in words(page)
    assert "已把 1 处住处改到现在的位置" in words(page)


def test_somebody_else_corrected_it_first(colleague, community, compound):
    building_id = a_building(community, compound=compound)
    pages = f"{community.pages}/buildings/{building_id}"
    sent = filled(community, name="8号楼", version=1)
    assert colleague.client.post(f"{pages}/edit", data=sent).status_code == 302
    again = colleague.client.post(f"{pages}/edit", data={**sent, "name": "9号楼"})
    assert again.status_code == 422
    assert "有人刚刚改过它" in faults(again)[0][1]


def test_closing_and_reopening(colleague, community, compound):
    building_id = a_building(community, compound=compound)
    pages = f"{community.pages}/buildings"
    page = colleague.client.post(
        f"{pages}/{building_id}/close", data={"version": 1}, follow_redirects=True
    )
    assert "已停用" in words(page)
    assert "3号楼" not in words(colleague.client.get(pages))
    assert "清和小区3号楼" in words(colleague.client.get(f"{pages}?state=closed"))
    colleague.client.post(f"{pages}/{building_id}/reopen", data={"version": 2})
    assert open_ones(community) == ["清和小区", "清和小区3号楼"]


def test_who_may_not_manage_sees_no_button_and_no_form(officer, community, compound):
    page = officer.client.get(f"{community.pages}/buildings/{compound}")
    assert "停用" not in words(page)
    assert officer.client.get(f"{community.pages}/buildings/new").status_code == 404
    assert officer.client.get(f"{community.pages}/buildings/{compound}/edit").status_code == 404


def test_a_leader_sees_and_adds_in_own_cells(leader, community, compound):
    far = a_building(community, "9号楼", cell=4)
    pages = f"{community.pages}/buildings"
    assert leader.client.get(f"{pages}/{far}").status_code == 404
    assert leader.client.get(f"{pages}/{compound}").status_code == 200
    lon, lat = community.inside(4)
    answer = leader.client.post(f"{pages}/new", data=filled(community, lon=lon, lat=lat))
    assert "不在您的网格内" in faults(answer)[0][1]
    assert leader.client.post(f"{pages}/new", data=filled(community)).status_code == 302


# A list brought in

HEAD = "小区,名称,门牌地址,经度,纬度\n"


def upload(reader, community, content, name="清单.csv", system="wgs84"):
    sent = {"file": (io.BytesIO(content), name), "system": system}
    return reader.client.post(
        f"{community.pages}/buildings/lists", data=sent, follow_redirects=True
    )


def a_list(community, lines=None):
    lon, lat = community.inside(1)
    rows = lines or [
        f"清和小区,1号楼,,{lon},{lat}",
        f"清和小区,2号楼,,{lon + 0.0002},{lat}",
        f"清和小区,2栋,,{lon},{lat}",
        "清和小区,4号楼,,,",
        f"清和小区,5号楼,,{lon + 1},{lat}",
    ]
    return (HEAD + "\n".join(rows)).encode()


def listed(page):
    return re.search(r"/buildings/lists/([0-9a-f-]{36})", page.request.path)[1]


def test_a_list_is_checked_then_taken_then_undone(colleague, community):
    page = upload(colleague, community, a_list(community))
    said = words(page)
    assert "登记这 2 行" in said
    for part in ("与第 3 行重复", "没有经度和纬度", "在本辖区以外约"):
        assert part in said
    assert open_ones(community) == []
    pages = f"{community.pages}/buildings/lists/{listed(page)}"
    taken = colleague.client.post(f"{pages}/accept", follow_redirects=True)
    assert "已登记 3 个小区和楼栋" in words(taken)
    assert open_ones(community) == ["清和小区", "清和小区1号楼", "清和小区2号楼"]
    again = colleague.client.post(f"{pages}/accept", follow_redirects=True)
    assert "刚刚被处理过" in words(again)
    undone = colleague.client.post(f"{pages}/undo", follow_redirects=True)
    assert "3 个小区和楼栋都停用了" in words(undone)
    assert open_ones(community) == []


def test_what_is_registered_already_is_not_taken_twice(colleague, community):
    page = upload(colleague, community, a_list(community))
    colleague.client.post(f"{community.pages}/buildings/lists/{listed(page)}/accept")
    again = words(upload(colleague, community, a_list(community)))
    assert "已经登记过了" in again
    assert "登记这" not in again


def test_a_wrong_system_is_doubted_and_needs_a_persons_word(colleague, community):
    from geo.coordinates import from_wgs84

    points = [from_wgs84(*community.inside(4, east=n * 30 - 90), "gcj02") for n in range(6)]
    lines = [f"清和小区,{n}号楼,,{x},{y}" for n, (x, y) in enumerate(points, 1)]
    inside = [f"清和小区,{n}号楼,,{x},{y}" for n, (x, y) in enumerate([community.inside(1)], 9)]
    page = upload(colleague, community, a_list(community, lines + inside))
    assert "请核对坐标系" in words(page)
    assert "GCJ02" in words(page)
    pages = f"{community.pages}/buildings/lists/{listed(page)}"
    refused = colleague.client.post(f"{pages}/accept", follow_redirects=True)
    assert "另一个坐标系明显更合适" in words(refused)
    assert open_ones(community) == []
    colleague.client.post(f"{pages}/accept", data={"confirmed": "y"})
    assert open_ones(community) != []


def test_geojson_outlines_and_workbooks_come_in_too(colleague, community):
    lon, lat = community.inside(1)
    ring = [[lon, lat], [lon + 1e-4, lat], [lon + 1e-4, lat + 1e-4], [lon, lat + 1e-4], [lon, lat]]
    features = [
        {
            "type": "Feature",
            "properties": {"小区": "听雨家园", "名称": 7},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {"type": "Feature", "properties": {"名称": "坏"}, "geometry": None},
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page = upload(colleague, community, body, "楼.geojson")
    assert "登记这 1 行" in words(page)
    assert "轮廓画得不对" in words(page)
    colleague.client.post(f"{community.pages}/buildings/lists/{listed(page)}/accept")
    assert open_ones(community) == ["听雨家园", "听雨家园7"]
    book = workbook([Sheet("楼", ["楼号", "经度", "纬度"], [["老粮库", str(lon), str(lat)]])])
    assert "登记这 1 行" in words(upload(colleague, community, book, "楼.xlsx"))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "文件里没有楼栋"),
        (b"a,b\n1,2\n", "没有找到表头"),
        (b"{]", "读不了"),
        (b"<html>", "读不了"),
        (b"PK\x03\x04junk", "读不了"),
        ("名称,经度,纬度\n1号楼,28.2,112.5\n".encode(), "填反了"),
        ("名称,经度,纬度\n1号楼,450000,3120000\n".encode(), "平面坐标"),
        (b"\xff\xfe\xff\xff", "读不了"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(colleague, community, content, part):
    answer = upload(colleague, community, content)
    assert answer.status_code == 422
    assert part in dict(faults(answer))["file"]


def test_a_leader_decides_about_own_lists_only(leader, colleague, community):
    page = upload(colleague, community, a_list(community))
    pages = f"{community.pages}/buildings/lists/{listed(page)}"
    assert leader.client.get(pages).status_code == 404
    assert leader.client.post(f"{pages}/accept").status_code == 404
    assert open_ones(community) == []


def test_a_leader_brings_in_own_cells_only(leader, community):
    (lon, lat), (far_lon, far_lat) = community.inside(1), community.inside(4)
    lines = [f"清和小区,1号楼,,{lon},{lat}", f"清和小区,2号楼,,{far_lon},{far_lat}"]
    said = words(upload(leader, community, a_list(community, lines)))
    assert "不在您的网格内" in said
    assert "登记这 1 行" in said
