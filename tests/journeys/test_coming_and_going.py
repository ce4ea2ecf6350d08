"""On a phone: a member reports themselves, somebody verifies it, and somebody leaves for a season."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tenants.arrivals.reports.actions import put_letter_out
from tenants.mobility.actions import choose_pack
from tests.factories.members import a_member
from tests.journeys.conftest import Tablet

PHONE = {"width": 390, "height": 844}
TOO_SMALL = """() => [...document.querySelectorAll("main :is(a, button, input, select, summary)")]
  .filter((it) => !["radio", "checkbox", "hidden"].includes(it.type) && it.checkVisibility()
    && getComputedStyle(it).display !== "inline" && it.getBoundingClientRect().height < 43.5)
  .map((it) => it.outerHTML.slice(0, 80))"""


def fits(page: Page) -> None:
    """No sideways scrolling, nothing smaller than a finger, a title and a sentence."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    assert page.evaluate(TOO_SMALL) == [], page.url
    expect(page.locator("main h1")).to_have_count(1)


@pytest.fixture
def phone(tablet: Tablet) -> Tablet:
    tablet.page.set_viewport_size(PHONE)
    return tablet


def test_a_member_reports_themselves_and_is_verified(phone: Tablet, colleague, community):
    with community.acting() as scope:
        code = put_letter_out(scope)
    page = phone.page
    page.goto(f"/hello/{community.slug}/{code}")
    fits(page)
    phone.expected.add(422)
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_text("请填姓名。")).to_be_visible()
    page.get_by_label("姓名").fill("虚构自报者")
    page.get_by_label("电话").fill("１９９ 1111 2222")
    page.get_by_label("我是党员").check()
    phone.picture("hello-phone.png")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="已送出，谢谢您")).to_be_visible()
    fits(page)

    phone.sign_in(colleague)
    for where in ("letter", "reports"):
        page.goto(f"{community.pages}/{where}")
        fits(page)
        phone.picture(f"{where}-phone.png")
    page.get_by_label("电话核实").check()
    page.get_by_label("没有看证件").check()
    page.get_by_role("button", name="已核实，登记").click()
    expect(page.get_by_role("heading", name="虚构自报者")).to_be_visible()


def test_a_herder_leaves_for_the_season(phone: Tablet, colleague, community):
    today = date.today()
    a_member(community, name="虚构牧民", phone="13900001234")
    with community.acting() as scope:
        choose_pack(scope, "fuyun", date(2020, 1, 1))
    page = phone.page
    phone.sign_in(colleague)
    page.goto(f"{community.pages}/movements")
    fits(page)
    page.locator("main a", has_text="登记外出").first.click()
    fits(page)
    page.get_by_label("姓名，或完整的电话号码").fill("139 0000 1234")
    page.get_by_role("button", name="查找").click()
    assert "139" not in page.url
    page.get_by_role("button", name="虚构牧民").click()
    fits(page)
    phone.picture("departure-phone.png")
    left = today - timedelta(days=100)
    page.get_by_label("外出日期", exact=True).fill(left.isoformat())
    page.get_by_label("去哪里").fill("虚构县夏牧场")
    page.get_by_label("外出期间怎么联系").fill("13900007788")
    page.get_by_label("每年从几月").fill(str(left.month))
    page.get_by_label("到几月").fill(str((today + timedelta(days=40)).month))
    page.get_by_role("button", name="登记外出").click()
    expect(page.locator(".decision .badge").first).to_have_text("季节性外出")
    expect(page.get_by_text("已过期")).to_have_count(0)
    fits(page)
    page.get_by_text("查看完整的联系方式").click()
    page.get_by_label("原因").select_option("call")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("13900007788")).to_be_visible()
    page.goto(f"{community.pages}/movements")
    fits(page)
    phone.picture("movements-phone.png")
    page.get_by_role("link", name="虚构牧民").click()
    page.get_by_text("季节、改类别、定居外地、撤销").click()
    fits(page)
    page.evaluate("document.querySelector('#acts-title').scrollIntoView()")
    phone.picture("episode-phone.png")
    page.get_by_role("button", name="登记错了，撤销这次外出").click()
    expect(page.get_by_text("已撤销这次外出的登记")).to_be_visible()
    page.goto(f"{community.pages}/traces")
    fits(page)
