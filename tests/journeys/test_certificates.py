"""A certificate in a real browser: from the member's card to its check in the day's list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tenants.arrivals.talks.actions import put_on_the_list
from tenants.mobility.actions import Departure, choose_pack, leave
from tests.factories.arrivals import an_arrival
from tests.factories.buildings import a_building
from tests.factories.certificates import a_certificate, an_entry
from tests.factories.members import a_member
from tests.journeys.browsers import TABLET

TODAY = date.today()
LONG_AGO = TODAY - timedelta(days=200)
PHONE = {"width": 390, "height": 844}
HOSTILE = '<img src=x onerror=alert(1)>"{{7*7}}‮'


@pytest.fixture
def away(community):
    """Somebody away under rules with checks each quarter; another one with a certificate."""
    members = [a_member(community, name=name) for name in ("虚构远行者", "虚构持证者")]
    with community.acting() as scope:
        choose_pack(scope, "fuyun", LONG_AGO)
        for member in members:
            leave(scope, Departure(member, LONG_AGO, other_place="外地区", fixed=False))
        put_on_the_list(scope, a_building(community), "602 室", TODAY)
    an_entry(community, a_certificate(community, members[1], "issued", on=LONG_AGO))
    an_arrival(community, name=HOSTILE, home=community.inside(1, north=40))
    return members


def fits(page) -> None:
    """Nothing is cut off sideways, and whatever is tapped is large enough for a glove."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "() => [...document.querySelectorAll('main button, main a[role=button], main summary, main select,"
        " main input:not([type=hidden]):not([type=checkbox])')].filter((e) => e.offsetParent)"
        ".filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 120))"
    )
    assert small == []


def test_a_certificate_and_its_check(colleague, community, away, tablet):
    tablet.sign_in(colleague)
    page = tablet.page
    page.goto(f"{community.pages}/members/{away[0]}")
    page.get_by_role("button", name="登记申领活动证").click()
    page.get_by_label("日期").fill(LONG_AGO.isoformat())
    page.get_by_role("button", name="登记申领", exact=True).click()
    page.get_by_label("编号").fill(HOSTILE[:-1])
    page.get_by_label("发证时签了责任书").check()
    page.get_by_label("日期").first.fill(LONG_AGO.isoformat())
    page.get_by_role("button", name="发证").click()
    expect(page.get_by_text("编号 " + HOSTILE[:-1])).to_be_visible()
    tablet.picture("certificate.png")
    fits(page)
    page.get_by_role("button", name="查过了").click()
    expect(page.get_by_text("已记下这次查验")).to_be_visible()
    page.goto(f"{community.pages}/certificates")
    tablet.picture("certificates.png")
    expect(page.get_by_role("row", name="虚构持证者")).to_contain_text("已过期")
    page.set_viewport_size(PHONE)
    for name, path in (
        ("certificates", "certificates"),
        ("card", f"members/{away[0]}"),
        ("today", "today"),
        ("sheet", "today/sheet"),
        ("requests", "requests"),
        ("visits", f"visits/of/{away[0]}"),
        ("paper", "today/paper"),
    ):
        page.goto(f"{community.pages}/{path}")
        tablet.page.screenshot(path=tablet.picture(f"phone-{name}.png"), full_page=True)
        fits(page)
    page.get_by_text("虚构持证者").first.wait_for()


def test_large_letters_and_the_keyboard_in_the_days_list(leader, community, away, tablet):
    tablet.sign_in(leader)
    page = tablet.page
    page.goto(f"{community.pages}/today")
    page.locator("#letters").evaluate("(button) => button.click()")
    for name, size in (("tablet", TABLET), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.goto(f"{community.pages}/today")
        assert page.locator("html[data-letters=large]").count() == 1
        page.screenshot(path=tablet.picture(f"large-{name}.png"), full_page=True)
        fits(page)
    address = page.get_by_role("article", name="3号楼 602 室")
    address.get_by_role("link").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.value"))
    assert reached == [
        "not_home", "come_back", "no_visit", "not_a_member", "prefers_not_to_say", "declared",
    ]  # fmt: skip
    address.get_by_role("button", name="没人在家").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="再去")).to_be_focused()
