"""Buildings and the search box, as programs use them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members.homes import settle_home
from tests.factories.buildings import a_building, a_compound
from tests.factories.members import a_member


@pytest.fixture
def compound(community):
    return a_compound(community)


@pytest.fixture
def third(community, compound):
    return a_building(community, compound=compound)


def got(who, path, **query):
    answer = who.program.get(who.office.api + path, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def sent(who, path, **body):
    return who.program.post(who.office.api + path, json=body)


def titles(answer):
    return [each["title"] for each in answer["items"]]


def test_a_building_lives_its_life_over_the_api(colleague, community, compound):
    lon, lat = community.inside(1)
    body = {"kind": "building", "name": "3号楼", "lon": lon, "lat": lat, "system": "wgs84"}
    refused = sent(colleague, "/buildings", **{**body, "lon": lon + 1})
    assert (refused.status_code, refused.get_json()["faults"][0]["field"]) == (422, "lon")
    made = sent(colleague, "/buildings", **body, compound=str(compound))
    assert made.status_code == 201
    building = made.get_json()
    assert building["title"] == "清和小区3号楼"
    where = f"/buildings/{building['id']}"
    assert got(colleague, where)["version"] == 1
    again = sent(colleague, "/buildings", **{**body, "name": "三栋"}, compound=str(compound))
    assert (again.status_code, again.get_json()["code"]) == (409, "conflict")
    named = sent(colleague, where, **{**body, "name": "4号楼"}, compound=str(compound), version=1)
    assert named.get_json()["title"] == "清和小区4号楼"
    assert sent(colleague, f"{where}/close", version=1).status_code == 409
    assert sent(colleague, f"{where}/close", version=2).get_json()["closed_on"]
    assert titles(got(colleague, "/buildings", closed="true")) == ["清和小区4号楼"]
    assert sent(colleague, f"{where}/reopen", version=3).get_json()["closed_on"] is None
    assert titles(got(colleague, "/buildings", compound=str(compound))) == ["清和小区4号楼"]


def test_pages_of_the_list_follow_each_other(colleague, community, compound, third):
    first = got(colleague, "/buildings", limit=1)
    rest = got(colleague, "/buildings", limit=1, after=first["next"])
    assert (titles(first), titles(rest), rest["next"]) == (["清和小区"], ["清和小区3号楼"], None)


def test_candidates_say_why_and_which_may_be_preselected(colleague, community, third):
    answer = sent(colleague, "/buildings/candidates", address="清和小区三栋1单元").get_json()
    assert answer["one"] == str(third)
    assert [(each["title"], each["reason"]) for each in answer["items"]] == [
        ("清和小区3号楼", "full")
    ]
    assert sent(colleague, "/buildings/candidates", address="火星路").get_json() == {
        "items": [],
        "one": None,
    }


def test_who_may_not_manage_changes_nothing(officer, community, third):
    assert got(officer, f"/buildings/{third}")["name"] == "3号楼"
    assert sent(officer, f"/buildings/{third}/close", version=1).status_code == 404


@pytest.fixture
def somebody(community, third):
    member_id = a_member(community, name="张一", phone="13900000001")
    with community.acting() as scope:
        settle_home(scope, member_id, third, 1)
    return member_id


def test_one_box_finds_buildings_and_people_by_name_and_building(colleague, somebody, third):
    by_building = got(colleague, "/search", words="清和小区三栋")
    assert [each["id"] for each in by_building["buildings"]] == [str(third)]
    assert by_building["people"] == [
        {"id": str(somebody), "name": "张一", "building": "清和小区3号楼"}
    ]
    by_name = got(colleague, "/search", words="张")
    assert [each["id"] for each in by_name["people"]] == [str(somebody)]
    assert by_name["buildings"] == []


def test_a_number_is_looked_up_from_the_body_only(colleague, somebody):
    refused = colleague.program.get(f"{colleague.office.api}/search?words=13900000001")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid_input")
    listed = colleague.program.get(f"{colleague.office.api}/members?words=13900000001")
    assert listed.status_code == 422
    found = sent(colleague, "/search", words="139 0000 0001").get_json()
    assert [each["id"] for each in found["people"]] == [str(somebody)]
    assert found["buildings"] == []


def test_searching_for_people_is_written_down(colleague, community, somebody):
    got(colleague, "/search", words="张")
    with community.acting():
        facts = db.session.execute(
            text("SELECT facts FROM audit_entry WHERE act = 'read_members'")
        ).scalars()
        assert [each["people"] for each in facts] == [[str(somebody)]]


def test_each_finds_what_is_theirs(leader, officer, county_admin, community, compound, somebody):
    far = a_building(community, "9号楼", compound=compound, cell=4)
    hidden = a_member(community, name="张二", home=community.inside(4))
    with community.acting() as scope:
        settle_home(scope, hidden, far, 1)
    found = got(leader, "/search", words="张")
    assert [each["name"] for each in found["people"]] == ["张一"]
    assert got(leader, "/search", words="清和小区9号楼")["buildings"][0]["title"] == "清和小区"
    assert got(officer, "/search", words="张")["people"] == []
    assert got(officer, "/search", words="清和小区9号楼")["buildings"][0]["id"] == str(far)
    above = got(county_admin, "/search", words="清和小区9号楼")
    assert above == {"buildings": [], "people": []}
