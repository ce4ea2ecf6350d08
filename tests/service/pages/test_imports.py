"""A roster's way in, page by page."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.factories.imports import a_checked_import
from tests.factories.jobs import work_off
from tests.service.pages.reading import HTMX, faults, words


def upload(person, text, *, name="名册.csv", system="wgs84", encoding="gb18030"):
    sent = {"file": (BytesIO(text.encode(encoding)), name)}
    if system:
        sent["system"] = system
    return person.client.post(f"{person.office.pages}/imports", data=sent)


def roster(community, *rows):
    lon, lat = community.inside(1)
    lines = [f"{name},{kind},{lon},{lat}" for name, kind in rows]
    return "\n".join(["姓名,流动类型,经度,纬度", *lines, ""])


def test_a_roster_is_checked_shown_and_taken_in_when_a_person_says_so(colleague, community):
    text = roster(community, ("张一", "在册"), ("李二", "流入"), ("王三", "胡说"))
    where = upload(colleague, text).headers["Location"]
    waiting = colleague.client.get(where)
    assert "正在检查" in words(waiting)
    assert "hx-get" in waiting.get_data(as_text=True)
    work_off(community)
    checked = words(colleague.client.get(where))
    assert "3 行" in checked
    assert "2 可以导入" in checked
    assert "1 有问题" in checked
    assert "胡说" in checked
    assert "张一" not in words(colleague.client.get(f"{community.pages}/members"))
    colleague.client.post(f"{where}/accept")
    work_off(community)
    taken = words(colleague.client.get(where))
    assert "其中流入党员 1 位" in taken
    assert "张一" in words(colleague.client.get(f"{community.pages}/members"))
    assert "李二" in words(colleague.client.get(f"{community.pages}/today"))
    assert "名册.csv 已导入 3 2 1 0" in words(colleague.client.get(f"{community.pages}/imports"))


def test_discarding_takes_nothing_in_and_cannot_be_accepted_after(colleague, community):
    where = f"{community.pages}/imports/{a_checked_import(community)}"
    gone = colleague.client.post(f"{where}/discard", follow_redirects=True)
    assert "什么都没有导入" in words(gone)
    after = colleague.client.post(f"{where}/accept", follow_redirects=True)
    assert after.status_code == 200
    assert "刚刚被处理过" in words(after)
    assert "来者甲" not in words(colleague.client.get(f"{community.pages}/members"))


def test_what_nobody_reads_is_named_before_and_after(colleague, community):
    text = "姓名,手机,民族\n张一,13800000001 13900000002,汉族\n合计,1 人,\n"
    where = upload(colleague, text).headers["Location"]
    work_off(community)
    for state in ("checked", "accepted"):
        page = words(colleague.client.get(where))
        assert "没有用到的列：民族。" in page, state
        assert "合计行,不是人员。 共 1 行：3" in page, state
        assert "只记下了第一个。 共 1 行：2" in page, state
        colleague.client.post(f"{where}/accept")
        work_off(community)


def test_rows_that_do_not_go_in_are_offered_before_the_file_is_gone(colleague, community):
    where = f"{community.pages}/imports/{a_checked_import(community)}"
    page = colleague.client.get(where).text
    assert 0 < page.index("请先下载") < page.index("/accept")


@pytest.mark.parametrize(
    ("name", "text", "system", "marked", "part"),
    [
        ("名册.csv", "姓名,经度,纬度\n", "", "system", "请选择坐标系"),
        ("名册.pdf", "姓名", "wgs84", "file", ".xlsx"),
        ("", "", "wgs84", "file", "请选择一个文件"),
        ("名册.csv", "", "wgs84", "file", "文件是空的"),
    ],
)
def test_what_cannot_be_checked_is_said_at_once(colleague, name, text, system, marked, part):
    answer = upload(colleague, text, name=name, system=system)
    assert answer.status_code == 422
    assert [(field, part in sentence) for field, sentence in faults(answer)] == [(marked, True)]


def test_a_file_that_cannot_be_used_says_why_and_what_next(colleague, community):
    where = upload(colleague, "品名,数量\n苹果,3\n").headers["Location"]
    work_off(community)
    found = words(colleague.client.get(where))
    assert "要您先决定" in found
    assert "品名、数量" in found
    whole = upload(colleague, "%PDF-1.7 ...", name="名册.csv").headers["Location"]
    work_off(community)
    found = words(colleague.client.get(whole))
    assert "不能使用" in found
    assert "再上传一次" in found


def test_when_the_check_is_over_the_page_is_asked_to_load_anew(colleague, community):
    where = upload(colleague, roster(community, ("张一", "在册"))).headers["Location"]
    page = colleague.client.get(where).get_data(as_text=True)
    job = page.partition('hx-get="')[2].partition('"')[0]
    assert "HX-Refresh" not in colleague.client.get(job, headers=HTMX).headers
    work_off(community)
    assert colleague.client.get(job, headers=HTMX).headers["HX-Refresh"] == "true"
    assert "检查名册" in words(colleague.client.get(job))


def test_a_leader_does_not_import(leader, community):
    assert leader.client.get(f"{community.pages}/imports").status_code == 404
