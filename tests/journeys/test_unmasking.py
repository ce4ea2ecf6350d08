"""A phone number is looked up for a reason, and a ledger is taken along, on a tablet."""

from __future__ import annotations

from datetime import date

import openpyxl
from playwright.sync_api import expect

from tenants.mobility.actions import EpisodeDraft, open_episodes
from tests.factories.members import a_member
from tests.journeys.conftest import Tablet

PHONE = "19900005555"


def test_a_phone_is_seen_once_and_the_page_says_by_whom(tablet: Tablet, colleague, community):
    member_id = a_member(community, name="走访甲", phone=PHONE)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/members/{member_id}")
    page.get_by_text("查看完整的电话或住址").first.click()
    page.locator("form[action$=reveal]").get_by_label("原因").select_option("visit")
    page.get_by_role("button", name="看电话").click()
    expect(page.get_by_text(PHONE)).to_be_visible()
    tablet.picture("unmasked.png")
    page.reload()
    expect(page.get_by_text(PHONE)).to_have_count(0)
    expect(page.get_by_text("管理员丙，电话，原因：上门走访")).to_be_visible()


def test_a_ledger_is_printed_and_taken_along(tablet: Tablet, colleague, community, tmp_path):
    came = a_member(community, name="流入甲", phone=PHONE, affiliation="incoming", sex="女")
    with community.acting() as scope:
        open_episodes(scope, [EpisodeDraft(came, "inflow", date(2026, 3, 1), other_place="某县")])
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/members")
    page.get_by_role("button", name="台账").or_(page.get_by_role("link", name="台账")).first.click()
    expect(page.get_by_role("cell", name="流入甲")).to_be_visible()
    tablet.picture("ledger.png")
    page.emulate_media(media="print")
    expect(page.get_by_text("下载 Excel")).to_be_hidden()
    expect(page.get_by_text("管理员丙 导出")).to_be_visible()
    tablet.picture("ledger-print.png")
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_text("下载 Excel").click()
    taken = tmp_path / "ledger.xlsx"
    download.value.save_as(taken)
    assert "流入党员台账" in download.value.suggested_filename
    cells = [cell for row in openpyxl.load_workbook(taken).active.values for cell in row]
    assert "流入甲" in cells
    assert PHONE not in cells
