"""The pages of the grid: a day's cells, drafts, a cell in words, a file, the decision."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
import shapefile
from shapely.geometry import mapping
from sqlalchemy import text

from tenants.database import db
from tenants.grid.drafts.lookups import drafts
from tests.factories.counties import a_community, a_county
from tests.factories.grid import a_draft_grid, drawn, move_the_middle, part
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.factories.people import a_leader, a_person
from tests.service.pages.reading import faults, words


def page_of(cast, rest=""):
    answer = cast.client.get(f"{cast.office.pages}/grid{rest}")
    assert answer.status_code == 200
    return words(answer)


def press(cast, rest, **sent):
    answer = cast.client.post(f"{cast.office.pages}/grid{rest}", data=sent, follow_redirects=True)
    assert answer.status_code == 200, words(answer)
    return words(answer)


def the_draft(community):
    with community.acting() as scope:
        return drafts(scope)[0]


def test_everybody_sees_the_cells_of_a_day_and_only_administrators_the_drafts(
    community, leader, colleague
):
    a_draft_grid(community, "看不到的草稿")
    assert "第1网格" in page_of(leader)
    assert "看不到的草稿" not in page_of(leader)
    assert "看不到的草稿" in page_of(colleague)
    assert "这一天还没有网格" in page_of(leader, "?on=2020-01-01")
    assert "网格长甲" in page_of(leader)
    assert page_of(leader, "/map?on=2026-03-01")
    draft_id = the_draft(community).id
    for rest in ("", "/map", "/people", "/cells/new"):
        assert (
            leader.client.get(f"{community.pages}/grid/drafts/{draft_id}{rest}").status_code == 404
        )


def test_an_empty_community_is_told_what_to_do(app):
    empty = a_community(a_county(app))
    admin = a_person(empty, "community_admin")
    with empty.acting():
        db.session.execute(text("UPDATE grid_cell SET valid_to = '2026-02-01'"))
    assert "起一份草稿" in page_of(admin)


def test_a_draft_is_begun_named_and_withdrawn(community, colleague):
    today = date.today().isoformat()
    answer = colleague.client.post(
        f"{community.pages}/grid/drafts",
        data={"name": "", "effective_on": today, "begin": "today"},
    )
    assert answer.status_code == 422
    assert ("name", "请填名字，最多 60 个字。") in faults(answer)
    past = colleague.client.post(
        f"{community.pages}/grid/drafts",
        data={"name": "春", "effective_on": "2020-01-01", "begin": "today"},
    )
    assert "生效的日子已经过去" in words(past)
    said = press(colleague, "/drafts", name="春季", effective_on=today, begin="today")
    assert "没有重叠，也没有遗漏" in said
    draft_id = the_draft(community).id
    assert "夏季" in press(colleague, f"/drafts/{draft_id}/change", name="夏季", effective_on=today)
    assert "草稿已撤回" in press(colleague, f"/drafts/{draft_id}/withdraw")


def test_a_cell_is_written_without_a_map(community, colleague):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    at = f"/drafts/{draft_id}/cells/{cell.id}"
    assert json.dumps(mapping(cell.shape)["coordinates"])[:40] in page_of(colleague, at)
    narrow = json.dumps(mapping(part(community, 0, 0.5, 0.4, 1)))
    assert "已保存" in press(colleague, at, code="G1", name="窄的", shape=narrow)
    assert "不属于任何网格" in page_of(colleague, f"/drafts/{draft_id}")
    strip = json.dumps(mapping(part(community, 0.4, 0.5, 0.5, 1)))
    assert "已保存" in press(colleague, f"/drafts/{draft_id}/cells/new", code="N1", shape=strip)
    assert "没有重叠，也没有遗漏" in page_of(colleague, f"/drafts/{draft_id}")
    for sent, field in (
        ({"code": "N1", "shape": strip}, "code"),
        ({"code": "N2", "shape": "nonsense"}, "shape"),
        ({"code": "N2", "shape": ""}, "shape"),
        ({"code": "", "shape": strip}, "code"),
    ):
        answer = colleague.client.post(
            f"{community.pages}/grid/drafts/{draft_id}/cells/new", data=sent
        )
        assert answer.status_code == 422
        assert field in [name for name, _said in faults(answer)], sent
    new = drawn(community, draft_id)["N1"]
    assert "已从草稿里删去" in press(colleague, f"/drafts/{draft_id}/cells/{new.id}/remove")


def test_from_the_proposal_to_its_undo(community, colleague):
    a_member(community, home=community.inside(2, east=-200), name="虚构会换的人")
    a_leader(community, 2)
    draft_id = a_draft_grid(community)
    move_the_middle(community, draft_id)
    press(colleague, f"/drafts/{draft_id}/propose")
    work_off(community)
    assert "1 人会换网格" in page_of(colleague, f"/drafts/{draft_id}")
    people = page_of(colleague, f"/drafts/{draft_id}/people")
    assert "虚构会换的人" in people
    assert "第2网格 网格长：网格长甲" in people
    assert "第1网格 还没有网格长" in people
    assert "住处所在的一块划给了别的网格" in people
    assert "没有人换网格" in page_of(colleague, f"/drafts/{draft_id}/people?outcome=stays")
    version = the_draft(community).version
    assert "刚刚有变" in press(colleague, f"/drafts/{draft_id}/approve", version=version - 1)
    assert "已批准" in press(colleague, f"/drafts/{draft_id}/approve", version=version)
    assert "批准已撤销" in press(colleague, f"/drafts/{draft_id}/undo")


def test_the_system_is_asked_for_a_balanced_draft(community, colleague):
    for step in range(6):
        a_member(community, home=community.inside(1, east=-150 + 50 * step))
    sent = {"name": "均衡", "effective_on": date.today().isoformat(), "fewest": 0, "most": 4}
    press(colleague, "/balance", **sent)
    work_off(community)
    assert "人要换网格" in page_of(colleague, f"/drafts/{the_draft(community).id}")
    bad = colleague.client.post(f"{community.pages}/grid/balance", data={**sent, "fewest": 9})
    assert bad.status_code == 422


def geojson(community, *cells):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"编号": code, "name": f"文件里的{code}"},
                    "geometry": mapping(part(community, *sides)),
                }
                for code, sides in cells
            ],
        }
    ).encode()


HALVES = (("G1", (0, 0, 0.5, 1)), ("H2", (0.5, 0, 1, 1)))


def bring(colleague, draft_id, content, **sent):
    return colleague.client.post(
        f"{colleague.office.pages}/grid/drafts/{draft_id}/import",
        data={"file": (io.BytesIO(content), "网格.geojson"), "system": "wgs84", **sent},
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def test_cells_come_in_from_geojson_and_keep_their_codes(community, colleague):
    draft_id = a_draft_grid(community)
    said = words(bring(colleague, draft_id, geojson(community, *HALVES), instead="1"))
    assert "已读入 2 个网格：新的 1 个，按编号换了形状的 1 个，删去 3 个" in said
    cells = drawn(community, draft_id)
    assert cells["G1"].from_cell_id == community.cells[0]
    assert cells["H2"].name == "文件里的H2"


def test_a_file_is_read_whole_or_not_at_all(community, colleague):
    draft_id = a_draft_grid(community)
    shifted = geojson(community, *HALVES).replace(b"112.5", b"113.5")
    assert "第 2 个网格不能用" in words(
        bring(colleague, draft_id, geojson(community, HALVES[0], ("X", (0.5, 0, 0.5, 1))))
    )
    for content, said in (
        (b"nonsense", "读不懂这个文件"),
        (b'{"type": "FeatureCollection", "features": []}', "文件里没有网格"),
        (geojson(community, HALVES[0], HALVES[0]), "不止一次"),
        (shifted, "以外约"),
        (b"PK\x03\x04nonsense", "读不懂这个文件"),
        (b"SQLite format 3\x00nonsense", "读不懂这个文件"),
    ):
        answer = bring(colleague, draft_id, content)
        assert answer.status_code == 422
        assert said in words(answer)
    assert {cell.differs for cell in drawn(community, draft_id).values()} == {"same"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_cells_come_in_from_a_zipped_shapefile(community, colleague, encoding):
    draft_id = a_draft_grid(community)
    files = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**files, encoding=encoding) as writer:
        writer.field("code", "C", 20)
        writer.field("name", "C", 60)
        for code, sides in HALVES:
            writer.poly([list(part(community, *sides).exterior.coords)[::-1]])
            writer.record(code, f"文件里的{code}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in files.items():
            archive.writestr(f"网格.{ending}", content.getvalue())
    assert "已读入 2 个网格" in words(bring(colleague, draft_id, packed.getvalue(), instead="1"))
    assert drawn(community, draft_id)["H2"].name == "文件里的H2"
