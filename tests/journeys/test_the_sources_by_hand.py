"""The figures of the four reports as a clerk enters, counts and prints them (domain T6 to T9).

Through pages and files alone: a roster each, the figures of the report typed in as they stand, and
what comes out on paper, with what does not add up.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.factories.counties import a_community, a_county, beside
from tests.factories.figures import counted
from tests.factories.jobs import work_off
from tests.factories.people import a_person
from tests.factories.rosters import csv_bytes
from tests.journeys.browsers import ARTEFACTS
from tests.journeys.conftest import Tablet

SURNAMES, GIVEN = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许",
    "安平清远明达文静志强秀兰建国晓雨思源海燕春生冬梅",
)


def name(number: int) -> str:
    """An invented one, a different one for each number below 8,000."""
    first, second = divmod(number // len(SURNAMES), 20)
    return SURNAMES[number % len(SURNAMES)] + GIVEN[second] + GIVEN[-1 - first % 20]


def bring_in(tablet: Tablet, office, header: list[str], rows: list[list], waiting: str) -> None:
    """A roster through the page: checked, looked at, accepted."""
    page = tablet.page
    page.goto(f"{office.pages}/imports")
    content = csv_bytes([header, *rows])
    page.locator("[name=file]").set_input_files(
        {"name": "名册.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("[name=system]").first.check()
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    assert set(work_off(office)) == {"done"}
    page.reload()
    page.get_by_role("button", name=waiting).click()
    assert set(work_off(office)) == {"done"}


def report(tablet: Tablet, office, *figures: tuple[str, str, str]) -> None:
    """Each figure as the report has it: what it is, what is written, how it is read."""
    page = tablet.page
    page.goto(f"{office.pages}/figures")
    for what, value, how in figures:
        page.get_by_role("combobox", name="是什么").select_option(label=what)
        page.get_by_role("textbox", name="上报的数字").fill(value)
        page.get_by_role("textbox", name="怎么读这个数字").fill(how)
        page.get_by_role("button", name="记下", exact=True).click()
        expect(page.get_by_text("已照原样记下上报的数字。")).to_be_visible()


def on_paper(tablet: Tablet, office, path: str, keep: str, tmp_path) -> str:
    """The page's PDF as text without spaces; the file is kept as an artefact's neighbour."""
    page = tablet.page
    page.goto(f"{office.pages}{path}")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 PDF").click()
    taken = ARTEFACTS / keep
    download.value.save_as(taken)
    return "".join("".join(each.extract_text() for each in PdfReader(taken).pages).split())


@pytest.fixture
def clerk(tablet: Tablet, colleague):
    tablet.sign_in(colleague)
    return colleague


def test_349_of_whom_only_a_roster_came(tablet: Tablet, clerk, community, tmp_path):
    """T6: 579 = 230 + 349."""
    own = [[name(n), "男女"[n % 2], f"199{n:08}", f"虚构路{n}号"] for n in range(230)]
    handed_over = [[n, name(n), "男女"[n % 2]] for n in range(230, 579)]
    bring_in(tablet, community, ["姓名", "性别", "手机", "住址"], own, "导入这 230 人")
    bring_in(tablet, community, ["序号", "姓名", "性别"], handed_over, "导入这 349 人")
    page = tablet.page
    page.goto(f"{community.pages}/traces")
    expect(page.get_by_text("名册里有 349 人没有电话、住址、位置和单位")).to_be_visible()
    page.get_by_role("button", name="都列入查找").click()
    report(
        tablet,
        community,
        ("直管党员", "579", ""),
        ("原有自管的党员", "230", ""),
        ("移交过来的党员", "349", "企业改制移交，只有一份花名册"),
    )
    counted(community)
    said = on_paper(tablet, community, "/figures", "t6.pdf", tmp_path)
    tablet.picture("t6.png")
    assert "直管579" in said
    assert "失联349" in said
    assert "在本地230" in said
    assert "直管党员579579一致" in said
    assert "移交过来的党员企业改制移交，只有一份花名册349" in said
    assert "相加是" not in said, "230 and 349 are 579"


def test_four_grids_with_33_and_4_in_and_9_out(tablet: Tablet, clerk, community, tmp_path):
    """T7, Q9: whether the 9 are among the 33 is not said; both readings are printed."""
    people = [[name(n), f"199{n:08}", "流出" if n < 9 else "在册", ""] for n in range(33)]
    people += [[name(n), f"199{n:08}", "流入", "2026年3月"] for n in range(33, 37)]
    bring_in(tablet, community, ["姓名", "手机", "流动类型", "流入时间"], people, "导入这 37 人")
    report(
        tablet,
        community,
        ("直管党员", "33", ""),
        ("流入党员", "4", ""),
        ("流出党员", "9", "没有说是否含在 33 人内"),
        ("户数", "2479", ""),
        ("人口", "8399", ""),
    )
    counted(community)
    said = on_paper(tablet, community, "/figures", "t7.pdf", tmp_path)
    tablet.picture("t7.png")
    for expected in ("直管33", "流入4", "流出9", "在本地28", "流出党员没有说是否含在33人内99一致"):
        assert expected in said
    assert "流出的含在直管内，在本地是28；不含，直管共42，在本地是37。" in said
    assert "户数2479无从计算" in said


def test_age_bands_that_leave_two_of_137_out(tablet: Tablet, clerk, community, tmp_path):
    """T9, Q1: 28 + 20 + 87 = 135; the gap is printed, and so are the two nobody knows the age of."""
    born = ["1990-03"] * 28 + ["1970-03"] * 20 + ["1950-03"] * 87 + [""] * 2
    people = [
        [name(n), f"199{n:08}", day, "外住" if n < 54 else "在册"] for n, day in enumerate(born)
    ]
    bring_in(tablet, community, ["姓名", "手机", "出生年月", "流动类型"], people, "导入这 137 人")
    report(
        tablet,
        community,
        ("党员总数，含流动党员", "137", ""),
        ("50 岁以下", "28", ""),
        ("50 至 59 岁", "20", ""),
        ("60 岁及以上", "87", ""),
        ("居住在外的党员", "54", ""),
        ("离退休党员", "85", "占 62％"),
        ("党员中心户数", "", "原报告是“？？ 个”"),
    )
    counted(community)
    said = on_paper(tablet, community, "/figures", "t9.pdf", tmp_path)
    tablet.picture("t9.png")
    assert "按年龄分的几项相加是135，少2。" in said
    for expected in (
        "年龄50岁以下：28，50至59岁：20，60岁及以上：87，不详：2137",
        "党员总数，含流动党员137137一致", "60岁及以上8787一致", "居住在外的党员5454一致",
        "离退休党员占62％85无从计算", "党员中心户数原报告是“？？个”空白无从计算",
    ):  # fmt: skip
        assert expected in said


def test_a_county_with_24_out_and_91_in(tablet: Tablet, app, tmp_path):
    """T8, Q2: entered in its communities, added up in the county, "+158%" kept as it stands."""
    county = a_county(app, "虚构牧业县")
    one = a_community(county, name="甲村")
    number = 0
    for community, out, into in ((one, 20, 60), (None, 4, 31)):
        community = community or a_community(county, name="乙村", centre=beside(one))
        kinds = ["流出"] * out + ["在册"] * 20 + ["流入"] * into
        people = [[name(number + n), f"199{number + n:08}", kind] for n, kind in enumerate(kinds)]
        number += len(people)
        tablet.page.context.clear_cookies()
        tablet.sign_in(a_person(community, "community_admin"))
        bring_in(
            tablet, community, ["姓名", "手机", "流动类型"], people, f"导入这 {len(people)} 人"
        )
        counted(community)
    tablet.page.context.clear_cookies()
    tablet.sign_in(a_person(county, "county_admin"))
    report(
        tablet,
        county,
        ("流出党员", "24", ""),
        ("流入党员", "91", ""),
        ("增长幅度（％）", "+158%", "原文“同比增长 158％”"),
    )
    said = on_paper(tablet, county, "/tenants", "t8.pdf", tmp_path)
    tablet.picture("t8.png")
    assert "合计642400" in said
    assert "流出党员2424一致" in said
    assert "流入党员9191一致" in said
    assert "增长幅度（％）原文“同比增长158％”+158%无从计算" in said
    assert (
        "读作“增长了”：没有一个整数的上期数对得上；读作“达到上期的”：流入与流出合计115，上期是73"
        in said
    )
