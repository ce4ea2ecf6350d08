"""A letter is issued, shown and closed; several members get a liaison in one step, and it is undone."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from tenants.transfers.actions import LetterDraft, issue
from tests.factories.figures import counted
from tests.factories.liaisons import an_absentee, named, of_branch
from tests.factories.members import a_member
from tests.factories.transfers import a_letter
from tests.journeys.browsers import TABLET
from tests.journeys.conftest import Tablet

PHONE = {"width": 390, "height": 844}
TODAY = date.today()


def pictures(tablet: Tablet, name: str) -> None:
    """The page at a desk and on a telephone; nothing of it lies beside the screen."""
    for size, suffix in ((PHONE, "phone"), (TABLET, "desk")):
        tablet.page.set_viewport_size(size)
        tablet.picture(f"{name}-{suffix}.png")
        wide = tablet.page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= size["width"], (name, suffix, wide)


def test_a_letter_from_its_issue_to_its_receipt(tablet: Tablet, community, colleague):
    a_member(community, name="虚构转出者")
    for days, number in ((5, "虚字2026第0001号"), (-9, "虚字2026第0002号")):
        a_letter(
            community,
            name="虚构另一位",
            number=number,
            issued_on=TODAY - timedelta(60),
            valid_to=TODAY + timedelta(days),
        )
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/movements")
    page.get_by_role("link", name="去看看").click()
    expect(page.get_by_text("还有 5 天到期")).to_be_visible()
    pictures(tablet, "letters-near")
    page.get_by_role("button", name="登记开出一封").click()
    page.get_by_label("姓名").fill("转出者")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="虚构转出者").click()
    page.get_by_label("编号").fill("虚字2026第0003号")
    page.get_by_label("去往哪里（到区县）").fill("虚构省虚构区")
    page.get_by_label("接收的党组织").fill("虚构街道党工委")
    pictures(tablet, "letter-new")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记开出。")).to_be_visible()
    pictures(tablet, "letter-show")
    page.get_by_role("button", name="对方说已出示").click()
    expect(page.get_by_text("已登记出示。")).to_be_visible()
    page.get_by_role("button", name="回执收到了").click()
    expect(page.get_by_text("已经办完，没有下一步。")).to_be_visible()
    page.get_by_role("button", name="撤销回执的登记").click()
    expect(page.get_by_text("已出示，等回执")).to_be_visible()
    page.goto(f"{community.pages}/transfers?show=all")
    pictures(tablet, "letters-all")
    page.get_by_role("link", name="虚字2026第0002号").click()
    expect(page.get_by_text("接下来怎么办由人决定")).to_be_visible()
    pictures(tablet, "letter-lapsed")


def test_a_letter_fits_one_sheet_whatever_stands_on_it(tablet: Tablet, community, colleague):
    whose = a_member(community, name="很长的虚构姓名" * 5)
    with community.acting() as scope:
        draft = LetterDraft(
            whose, "虚" * 30, "虚构省虚构市虚构区" * 8, "虚构街道党工委" * 11, TODAY
        )
        letter_id = issue(scope, draft, TODAY)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/transfers/{letter_id}")
    page.get_by_role("button", name="打印介绍信").click()
    expect(page.get_by_role("heading", name="中国共产党党员组织关系介绍信存根")).to_be_visible()
    pictures(tablet, "letter-paper")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    wide, high = printed.pages[0].mediabox[2:]
    assert (round(wide / 72 * 25.4), round(high / 72 * 25.4)) == (210, 297)
    said = printed.pages[0].extract_text()
    assert "介绍信回执" in said and "用浏览器的打印" not in said


def test_several_get_a_liaison_in_one_step(tablet: Tablet, community, colleague, leader):
    members = [an_absentee(community, name=f"虚构外出者{each}") for each in "甲乙丙"]
    keeper = a_member(community, name="虚构联系者")
    named(community, leader, members[2])
    of_branch(community, colleague)
    counted(community)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/liaisons")
    expect(page.get_by_text("应有联系人的 3 人，其中 2 人没有。")).to_be_visible()
    page.get_by_text("请一位党员做联系人").first.click()
    page.get_by_label("姓名", exact=True).last.fill("联系者")
    page.get_by_role("button", name="找到后加进上面的选择").click()
    for letter in "甲乙":
        page.get_by_label(f"选虚构外出者{letter}").check()
    page.locator("[name=holder]").first.select_option(f"member:{keeper}")
    page.get_by_label("选的是党员时：本人已同意").check()
    pictures(tablet, "liaisons-without")
    page.get_by_role("button", name="指定", exact=True).click()
    expect(page.get_by_text("已给 2 人指定联系人。")).to_be_visible()
    page.get_by_role("button", name="各联系人", exact=True).click()
    expect(page.get_by_role("row", name="虚构联系者")).to_contain_text("2")
    pictures(tablet, "liaisons-loads")
    page.get_by_role("link", name="虚构联系者").click()
    pictures(tablet, "liaisons-held")
    page.goto(f"{community.pages}/members/{members[0]}/liaison")
    pictures(tablet, "liaison-of")
    page.goto(f"{community.pages}/members/{members[0]}")
    pictures(tablet, "liaison-card")
    page.goto(f"{community.pages}/liaisons?view=branches")
    pictures(tablet, "liaisons-branches")
    page.get_by_role("button", name="撤销您最近的一次指定（2 个）").click()
    expect(page.get_by_text("已撤销，和指定以前一样。")).to_be_visible()
    page.goto(f"{community.pages}/figures")
    expect(page.get_by_text("没有联系人的支部")).to_be_visible()
    pictures(tablet, "figures-liaisons")
