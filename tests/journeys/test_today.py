"""A grid leader's morning: the day's list, two taps, a change of mind, and the list on paper."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tenants.mobility.actions import Departure, choose_pack, come_back, leave
from tests.factories.arrivals import an_arrival
from tests.factories.members import a_member
from tests.journeys.browsers import TABLET

TODAY = date.today()
HOSTILE = '<img src=x onerror=alert(1)>"{{7*7}}‮'


def a_morning(community) -> None:
    """Somebody long away, somebody back, somebody new with a hostile name."""
    with community.acting() as scope:
        choose_pack(scope, "township", date(2020, 1, 1))
    away = a_member(community, name="虚构远行者", home=community.inside(1, east=60))
    back = a_member(community, name="虚构归来者", home=community.inside(1, east=10))
    with community.acting() as scope:
        leave(scope, Departure(away, TODAY - timedelta(days=200), other_place="外地区"))
        episode = leave(scope, Departure(back, TODAY - timedelta(days=60)))
        come_back(scope, episode, TODAY - timedelta(days=20), TODAY)
    an_arrival(community, name=HOSTILE, home=community.inside(1, north=40))


def test_a_leader_records_a_visit_changes_their_mind_and_prints(leader, community, tablet):
    a_morning(community)
    tablet.sign_in(leader)
    page = tablet.page
    page.goto(f"{community.pages}/today")
    expect(page.get_by_role("heading", name="走访清单 3")).to_be_visible()
    tablet.picture("today.png")
    line = page.get_by_role("article", name="虚构远行者")
    expect(line).to_contain_text("001_afcb 一-1")
    for button in line.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    line.get_by_role("button", name="电话联系上").click()
    kept = page.get_by_role("status").filter(has_text="虚构远行者：联系上了，电话")
    expect(kept).to_be_visible()
    page.locator("article.done").get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销这次走访的记录。")).to_be_visible()
    line = page.get_by_role("article", name="虚构归来者")
    line.get_by_text("补充：").click()
    line.get_by_label("送了学习材料").check()
    line.get_by_label("有事相求").select_option("job")
    line.get_by_label("这次是").select_option("care")
    tablet.picture("today-further.png")
    line.get_by_role("button", name="见到了").click()
    expect(page.locator("article.done")).to_contain_text("虚构归来者")
    page.reload()
    page.get_by_role("link", name="虚构归来者").last.click()
    expect(page.get_by_text("慰问，上门。送了学习材料")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="今天记的 1")).to_be_visible()
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    tablet.picture("today-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(TABLET)
    page.emulate_media(media="print")
    tablet.picture("today-print.png")
    expect(page.get_by_text(re.compile("□ 见到了")).first).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="看求助办到哪一步").click()
    page.get_by_role("button", name="正在研究").click()
    expect(page.get_by_text("已登记。记错了可以退回一步。")).to_be_visible()
    tablet.picture("requests.png")


def test_outcomes_from_paper_with_the_keyboard_alone(leader, community, tablet):
    a_morning(community)
    tablet.sign_in(leader)
    page = tablet.page
    page.goto(f"{community.pages}/today/paper")
    tablet.picture("paper.png")
    page.locator("select[name^=did-]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.locator("form.paper button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已补录 1 次走访。")).to_be_visible()
    page.locator("ul.passed a").first.click()
    tablet.picture("visits-of.png")
    expect(page.get_by_text("按纸补录")).to_be_visible()
