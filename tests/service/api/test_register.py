"""Members, places, cells, jobs, imports, counts and the caller, as programs read them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from os import environ

from sqlalchemy import create_engine, text

from tenants.database import db
from tenants.people.actions import give_standing, issue_token
from tests.factories.arrivals import an_arrival
from tests.factories.counties import SINCE
from tests.factories.figures import counted
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members
from tests.factories.people import Program, an_officer


def got(person, path, **query):
    answer = person.program.get(f"{person.office.api}{path}", query_string=query)
    assert answer.status_code == 200, answer.data
    return answer.get_json(force=True)


def test_a_member_is_shown_masked_and_the_reading_is_written_down(colleague, community):
    id_ = a_member(
        community, name="独特甲", phone="19912345678", born_on=date(1980, 5, 1), class_="企业"
    )
    card = got(colleague, f"/members/{id_}")
    assert (card["name"], card["masked_phone"], card["has_address"]) == (
        "独特甲",
        "*******5678",
        True,
    )
    assert (card["born_on"], card["class"], card["home"]["precision"]) == (
        "1980-05-01",
        "企业",
        "building",
    )
    assert card["work"] is None
    with community.acting():
        read = db.session.execute(
            text("SELECT person_id, subject_id FROM audit_entry WHERE act = 'read_member'")
        ).one()
    assert tuple(read) == (colleague.person_id, id_)


def test_a_document_number_is_shown_masked_to_whom_it_may_be(colleague, leader, community):
    id_ = a_member(community, document="990000190001010016", branch_id=community.branches[0])
    without = a_member(community)
    card = got(colleague, f"/members/{id_}")
    assert card["masked_document"] == "****************16"
    assert "9900001900" not in str(card)
    assert got(colleague, f"/members/{without}")["masked_document"] == ""
    for who in (leader, an_officer(community)):
        assert got(who, f"/members/{id_}")["masked_document"] == ""


def test_no_answer_about_members_holds_a_phone_or_an_address(colleague, community):
    id_ = a_member(community, phone="19912345678", address="独特地址")
    for path in ("/members", f"/members/{id_}"):
        body = str(got(colleague, path))
        assert "1991234" not in body
        assert "独特地址" not in body


def test_the_register_goes_by_cursor_and_is_narrowed(colleague, community):
    made = some_members(community, 3)
    incoming = an_arrival(community, name="独特乙", phone="19912345678")
    first = got(colleague, "/members", limit=2)
    rest = got(colleague, "/members", limit=2, after=first["next"])
    ids = [line["id"] for line in first["items"] + rest["items"]]
    assert ids[:3] == [str(id_) for id_ in made]
    assert (len(ids), rest["next"]) == (4, None)
    assert [m["name"] for m in got(colleague, "/members", affiliation="incoming")["items"]] == [
        "独特乙"
    ]
    assert [m["name"] for m in got(colleague, "/members", words="特乙")["items"]] == ["独特乙"]
    assert got(colleague, "/members", branch=str(community.branches[0]))["items"] == []
    assert incoming


def test_a_leader_reads_the_members_of_their_cell_only(leader, community):
    mine = a_member(community, home=community.inside(1))
    other = a_member(community, home=community.inside(4))
    assert [m["id"] for m in got(leader, "/members")["items"]] == [str(mine)]
    assert leader.program.get(f"{community.api}/members/{other}").status_code == 404


def test_branches_and_stations_with_places_and_seats(officer, community):
    branches = got(officer, "/branches")["items"]
    assert [(b["id"], b["capacity"], b["free"]) for b in branches] == [
        (str(id_), capacity, capacity)
        for id_, capacity in zip(community.branches, (10, 5, 1), strict=True)
    ]
    one = got(officer, f"/branches/{community.branches[0]}")
    assert one == branches[0]
    assert (one["lon"], one["lat"]) == community.inside(1)
    assert (one["opens_on"], one["closes_on"]) == (SINCE.isoformat(), None)
    (station,) = got(officer, "/stations")["items"]
    assert station == got(officer, f"/stations/{community.station}")
    assert station["hours"] == "周一至周五 9:00-17:00"


def test_cells_are_geojson(leader, community):
    found = got(leader, "/cells")
    assert [f["properties"]["id"] for f in found["features"]] == [str(c) for c in community.cells]
    assert found["features"][0]["properties"] == {
        "id": str(community.cells[0]),
        "code": "G1",
        "label": "第1网格",
        "own": True,
    }
    assert found["features"][0]["geometry"]["type"] == "Polygon"


def test_a_job_tells_how_far_it_is(colleague, community):
    an_arrival(community)
    with community.acting():
        job_id = db.session.execute(
            text("SELECT id FROM job_request WHERE kind = 'match_arrivals'")
        ).scalar_one()
    work_off(community)
    job = got(colleague, f"/jobs/{job_id}")
    assert (job["state"], job["done"], job["total"], job["failure"]) == ("done", 1, 1, "")


def test_a_roster_is_sent_checked_and_accepted(colleague, community):
    lon, lat = community.inside(1)
    roster = f"姓名,性别,经度,纬度\n来者甲,男,{lon},{lat}\n,女,{lon},{lat}\n".encode("gb18030")
    answer = colleague.program.post(
        f"{community.api}/imports",
        data={"system": "wgs84", "file": (BytesIO(roster), "名册.csv")},
    )
    assert answer.status_code == 201, answer.data
    where = answer.headers["Location"]
    work_off(community)
    checked = colleague.program.get(where).get_json()
    assert (checked["state"], checked["rows"], checked["accepted"], checked["rejected"]) == (
        "checked",
        2,
        1,
        1,
    )
    (fault,) = checked["faults"]
    assert fault["row"] == 3
    assert fault["sentence"]
    assert colleague.program.post(f"{where}/accept").get_json()["state"] == "accepting"
    work_off(community)
    assert colleague.program.get(where).get_json()["state"] == "accepted"
    assert [m["name"] for m in got(colleague, "/members")["items"]] == ["来者甲"]
    assert colleague.program.post(f"{where}/discard").status_code == 409
    assert [line["state"] for line in got(colleague, "/imports")["items"]] == ["accepted"]


def test_a_roster_without_its_system_or_file_is_refused(colleague, community):
    for system, has_file, field in (
        ("", True, "system"),
        ("mars", True, "system"),
        ("wgs84", False, "file"),
    ):
        data = {"system": system} if system else {}
        if has_file:
            data["file"] = (BytesIO("姓名\n甲\n".encode()), "名册.csv")
        answer = colleague.program.post(f"{community.api}/imports", data=data)
        assert answer.status_code == 422
        assert {fault["field"] for fault in answer.get_json(force=True)["faults"]} == {field}
    assert got(colleague, "/imports")["items"] == []


def test_the_offices_above_get_counts_and_no_people(county_admin, township_officer, community):
    some_members(community, 4)
    for _ in range(3):
        an_arrival(community)
    counted(community)
    for person, levels in (
        (county_admin, ["county", "township", "community"]),
        (township_officer, ["township", "community"]),
    ):
        items = got(person, "/tenants")["items"]
        assert [item["level"] for item in items] == levels
        last = items[-1]
        figures = last["figures"]
        assert (last["slug"], figures["affiliated"], figures["inflow"]) == (community.slug, 4, 3)
        assert (figures["waiting"], figures["branches"], figures["stations"]) == (3, 3, 1)


def test_a_caller_learns_where_they_stand(leader, anonymous):
    (standing,) = leader.program.get("/api/v1/me").get_json()["standings"]
    assert standing["tenant"] == leader.office.slug
    assert standing["role"] == "grid_leader"
    assert "decide_arrivals" in standing["rights"]
    assert leader.client.get("/api/v1/me").get_json()["standings"] == [standing]
    answer = anonymous.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content_type == "application/problem+json"


def test_a_token_that_opens_nothing_is_refused_even_beside_a_cookie(leader):
    bearer = {"Authorization": "Bearer wangge_no-such-token"}
    answer = leader.client.get("/api/v1/me", headers=bearer)
    assert answer.status_code == 401


def test_a_token_has_the_rights_of_the_one_standing_it_was_issued_for(leader, community):
    """Whichever of a leader's two cells it was: the later standing is as good as the first."""
    mine = {cell: a_member(community, home=community.inside(cell)) for cell in (1, 2)}
    with community.acting() as scope:
        second = give_standing(
            scope, leader.person_id, leader.name, "grid_leader", cell_id=community.cells[1]
        )
        program = Program(community.app, use_cookies=False)
        program.token = issue_token(scope, second, "second cell")
    listed = program.get(f"{community.api}/members").get_json()["items"]
    assert [member["id"] for member in listed] == [str(mine[2])]
    assert [member["id"] for member in got(leader, "/members")["items"]] == [str(mine[1])]
    in_browser = leader.client.get(f"{community.api}/members").get_json()["items"]
    assert {member["id"] for member in in_browser} == {str(id_) for id_ in mine.values()}


def test_a_withdrawn_token_opens_nothing(leader):
    assert leader.program.get("/api/v1/me").status_code == 200
    with leader.office.acting():
        db.session.execute(text("UPDATE api_token SET revoked_at = now()"))
    assert leader.program.get("/api/v1/me").status_code == 401


def test_a_person_who_may_no_longer_sign_in_takes_their_tokens_along(leader):
    assert leader.program.get("/api/v1/me").status_code == 200
    assert leader.client.get("/api/v1/me").status_code == 200
    superuser = create_engine(environ["WANGGE_SUPERUSER_URL"])
    with superuser.begin() as connection:
        connection.execute(
            text("UPDATE person SET active = false WHERE id = :id"), {"id": leader.person_id}
        )
    superuser.dispose()
    assert leader.program.get("/api/v1/me").status_code == 401
    assert leader.client.get("/api/v1/me").status_code == 401
