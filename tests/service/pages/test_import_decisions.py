"""What only a person can say of a roster: its columns, its coordinates, the people it may mean."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.factories.rosters import csv_bytes, in_system
from tests.service.pages.reading import words
from tests.service.pages.test_imports import upload

PHONE, OTHER = "19900000001", "19900000002"


def sent(person, community, *lines):
    """Where the checked roster of these CSV lines is shown."""
    where = upload(person, "\n".join([*lines, ""])).headers["Location"]
    work_off(community)
    return where


def rows(community, words_):
    with community.acting():
        return [tuple(row) for row in db.session.execute(text(words_))]


def acts(community):
    return [act for (act,) in rows(community, "SELECT act FROM audit_entry ORDER BY at")]


@pytest.fixture
def known(community):
    """张一, with a phone and a joining year."""
    return a_member(community, name="张一", phone=PHONE, address="柳荫路1号", employer="旧厂")


# Columns


def test_the_office_says_what_its_columns_mean_once(colleague, community):
    lines = ("谁,打哪个号,几时入的", f"张一,{PHONE},2015.3", f"李二,{OTHER},2016")
    where = sent(colleague, community, *lines)
    assert "要您先决定" in words(colleague.client.get(where))
    page = colleague.client.get(f"{where}/columns")
    assert "*******0001" in words(page)
    assert PHONE not in page.get_data(as_text=True)
    chosen = {"column-谁": "name", "column-打哪个号": "phone", "column-几时入的": "joined"}
    assert colleague.client.post(f"{where}/columns", data=chosen).status_code == 302
    work_off(community)
    assert "新增 2 人" in words(colleague.client.get(where))
    # The next file with these headers is understood by itself.
    again = sent(colleague, community, "谁,打哪个号,几时入的", "王三,19900000003,2017")
    assert "新增 1 人" in words(colleague.client.get(again))


def test_a_column_taken_wrongly_can_be_passed_over(colleague, community):
    where = sent(colleague, community, "姓名,电话,单位", f"张一,{PHONE},某厂")
    colleague.client.post(f"{where}/columns", data={"column-单位": "-"})
    work_off(community)
    colleague.client.post(f"{where}/accept")
    work_off(community)
    assert rows(community, "SELECT name, employer FROM member") == [("张一", "")]


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"column-甲": "phone"}, "哪一列是姓名"),
        ({"column-甲": "name"}, "至少还要选出一列"),
        ({"column-甲": "name", "column-乙": "lon", "column-丙": "lon"}, "只能选一列"),
        ({"column-甲": "nonsense"}, "从列出的内容里选"),
    ],
)
def test_a_choice_that_leads_nowhere_is_said_at_once(colleague, community, chosen, sentence):
    where = sent(colleague, community, "甲,乙,丙", "张一,2,3")
    refused = colleague.client.post(f"{where}/columns", data=chosen)
    assert refused.status_code == 422
    assert sentence in words(refused)
    assert rows(community, "SELECT 1 FROM roster_column_choice") == []


def test_columns_of_a_decided_import_are_not_there(colleague, community):
    where = sent(colleague, community, "姓名,电话", f"张一,{PHONE}")
    colleague.client.post(f"{where}/discard")
    assert colleague.client.get(f"{where}/columns").status_code == 404


# Coordinates


def located(community, system="wgs84", count=6):
    cast = [
        {"姓名": f"来者{number}", "经度": lon, "纬度": lat}
        for number in range(count)
        for lon, lat in [community.inside(1 + number % 4, east=40 * number)]
    ]
    cells = [["姓名", "经度", "纬度"], *([*row.values()] for row in in_system(cast, system))]
    return csv_bytes(cells).decode()


def asked(colleague, community, content, system="wgs84"):
    where = upload(colleague, content, system=system).headers["Location"]
    work_off(community)
    return where


def test_another_system_that_fits_better_is_a_question_with_figures(colleague, community):
    where = asked(colleague, community, located(community, "gcj02"))
    page = words(colleague.client.get(where))
    assert "按 GCJ-02 则有 6 人" in page
    assert colleague.client.post(f"{where}/system", data={"reading": "gcj02/0"}).status_code == 422
    said = {"reading": "gcj02/0", "reason": "source_said"}
    assert colleague.client.post(f"{where}/system", data=said).status_code == 302
    work_off(community)
    assert "新增 6 人" in words(colleague.client.get(where))
    [facts] = rows(community, "SELECT facts FROM audit_entry WHERE act = 'decide_system'")
    assert facts[0]["declared"] == "wgs84"
    assert (facts[0]["system"], facts[0]["reason"]) == ("gcj02", "source_said")
    colleague.client.post(f"{where}/accept")
    work_off(community)
    [source, *_] = rows(community, "SELECT home_source FROM member")
    assert source[0]["system"] == "gcj02"


def test_a_person_may_hold_to_what_they_declared(colleague, community):
    where = asked(colleague, community, located(community, "gcj02"))
    colleague.client.post(f"{where}/system", data={"reading": "wgs84/0", "reason": "measured"})
    work_off(community)
    assert "已检查" in words(colleague.client.get(where))


def test_swapped_columns_can_be_read_swapped(colleague, community):
    content = located(community).replace("经度,纬度", "纬度,经度")
    where = asked(colleague, community, content)
    assert "写反" in words(colleague.client.get(where))
    said = {"reading": "wgs84/1", "reason": "checked_on_map"}
    colleague.client.post(f"{where}/system", data=said)
    work_off(community)
    colleague.client.post(f"{where}/accept")
    work_off(community)
    homes = rows(community, "SELECT ST_X(home), home_source FROM member")
    assert len(homes) == 6
    assert all(abs(lon - community.centre[0]) < 0.01 for lon, _source in homes)
    assert all(source["swapped"] for _lon, source in homes)


def in_metres(community, count=6):
    from geo.projected import metres_of

    lines = ["姓名,X,Y"]
    for number in range(count):
        lon, lat = community.inside(1 + number % 4, east=40 * number)
        east, north = metres_of([lon], [lat], "gk-111", zone_degrees=3)
        lines.append(f"来者{number},{north[0]:.3f},{east[0]:.3f}")
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("declared", ["metres", "cgcs2000"])
def test_a_grid_in_metres_is_read_once_a_person_names_its_meridian(colleague, community, declared):
    where = asked(colleague, community, in_metres(community), declared)
    page = colleague.client.get(where)
    assert "中央经线 111°" in words(page)
    assert 'value="gk-111/1"' in page.get_data(as_text=True)
    said = {"reading": "gk-111/1", "reason": "source_said"}
    colleague.client.post(f"{where}/system", data=said)
    work_off(community)
    colleague.client.post(f"{where}/accept")
    work_off(community)
    [(lon, lat, source), *others] = rows(
        community, "SELECT ST_X(home), ST_Y(home), home_source FROM member ORDER BY name"
    )
    assert len(others) == 5
    assert (lon, lat) == pytest.approx(community.inside(1), abs=2e-7)
    assert (source["system"], source["swapped"]) == ("gk-111", True)
    assert source["y"] > 37_000_000


# Known people


def test_a_change_is_shown_field_by_field_and_made_only_when_decided(colleague, community, known):
    where = sent(colleague, community, "姓名,电话,单位,住址", f"张一,{PHONE},新厂,柳荫路2号")
    page = words(colleague.client.get(where))
    assert "资料有变化的 1 人" in page
    matched = colleague.client.get(f"{where}/matches")
    assert "工作单位：旧厂 → 新厂" in words(matched)
    assert "住址：柳荫路*** → 柳荫路***" in words(matched)
    assert "柳荫路2号" not in matched.get_data(as_text=True)
    assert "read_roster_matches" in acts(community)
    assert colleague.client.post(f"{where}/accept").status_code == 422
    colleague.client.post(f"{where}/accept", data={"changed": "update"})
    work_off(community)
    assert rows(community, "SELECT name, employer, version FROM member") == [("张一", "新厂", 2)]
    assert "1 已导入" in words(colleague.client.get(where))
    assert "update_by_roster" in acts(community)


def test_who_is_known_and_the_same_is_left_alone(colleague, community, known):
    where = sent(colleague, community, "姓名,电话,单位", f"张一,{PHONE},旧厂")
    assert "没有变化的 1 人" in words(colleague.client.get(where))
    assert rows(community, "SELECT 1 FROM roster_match") == []


@pytest.mark.parametrize(
    ("overall", "expected"),
    [("skip", [("张一", 1)]), ("add", [("张一", 1), ("张大", 1)]), ("update", [("张大", 2)])],
)
def test_a_phone_under_another_name_is_for_a_person_to_judge(
    colleague, community, known, overall, expected
):
    where = sent(colleague, community, "姓名,电话", f"张大,{PHONE}")
    assert "要由您认定" in words(colleague.client.get(where))
    assert "电话相同，姓名不同" in words(colleague.client.get(f"{where}/matches?of=possible"))
    colleague.client.post(f"{where}/accept", data={"possible": overall})
    work_off(community)
    assert rows(community, "SELECT name, version FROM member ORDER BY name") == expected


def test_one_row_is_decided_by_itself_and_the_others_together(colleague, community, known):
    a_member(community, name="李二", phone=OTHER)
    where = sent(colleague, community, "姓名,电话,单位", f"张一,{PHONE},甲厂", f"李二,{OTHER},乙厂")
    page = colleague.client.get(f"{where}/matches").get_data(as_text=True)
    first = re.search(r'name="(match-[0-9a-f-]+)"', page)[1]
    colleague.client.post(f"{where}/matches", data={first: "skip"})
    colleague.client.post(f"{where}/accept", data={"changed": "update"})
    work_off(community)
    found = rows(community, "SELECT name, employer FROM member ORDER BY version")
    assert found == [("张一", "旧厂"), ("李二", "乙厂")]


def test_who_was_changed_after_the_check_is_not_overwritten(colleague, community, known):
    where = sent(colleague, community, "姓名,电话,单位", f"张一,{PHONE},新厂")
    with community.acting():
        db.session.execute(text("UPDATE member SET employer = '别处', version = version + 1"))
    colleague.client.post(f"{where}/accept", data={"changed": "update"})
    work_off(community)
    assert rows(community, "SELECT employer FROM member") == [("别处",)]
    assert "检查之后，有人改过" in words(colleague.client.get(where))


def test_the_dry_run_says_whose_class_would_change(colleague, community, known):
    where = sent(
        colleague,
        community,
        "姓名,电话,流动类型,流出时间",
        f"张一,{PHONE},流出,2026-01-05",
        "王三,19900000003,流出,2026-11-01",
    )
    page = words(colleague.client.get(where))
    assert "由“不在流动”变为" in page
    assert "由“新登记”变为" in page
    colleague.client.post(f"{where}/accept", data={"changed": "update"})
    work_off(community)
    found = rows(community, "SELECT direction, started_on::text FROM episode ORDER BY 2")
    assert found == [("outflow", "2026-01-05"), ("outflow", "2026-11-01")]


def test_without_departures_no_class_changes(colleague, community):
    where = sent(colleague, community, "姓名,电话", f"张一,{PHONE}")
    assert "不会改变任何人的流动类别" in words(colleague.client.get(where))


def test_a_failed_job_opens_the_decision_again(colleague, community):
    where = sent(colleague, community, "姓名,电话", f"张一,{PHONE}")
    colleague.client.post(f"{where}/accept")
    with community.acting():
        db.session.execute(
            text(
                "UPDATE job_request SET state = 'failed', failure = '没有成。'"
                " WHERE kind = 'accept_roster'"
            )
        )
    page = words(colleague.client.get(where))
    assert "没有成。" in page
    assert "已检查，待决定" in page
    assert "已检查，待决定" in words(colleague.client.get(f"{community.pages}/imports"))
    colleague.client.post(f"{where}/accept")
    work_off(community)
    assert rows(community, "SELECT count(*) FROM member") == [(1,)]


def test_a_failed_check_can_be_asked_for_again_or_given_up(colleague, community):
    where = upload(colleague, f"姓名,电话\n张一,{PHONE}\n").headers["Location"]
    with community.acting():
        db.session.execute(
            text("UPDATE job_request SET state = 'failed' WHERE kind = 'check_roster'")
        )
    assert "没有检查完" in words(colleague.client.get(where))
    colleague.client.post(f"{where}/check")
    work_off(community)
    assert "新增 1 人" in words(colleague.client.get(where))
