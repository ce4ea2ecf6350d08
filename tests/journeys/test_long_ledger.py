"""A ledger too long to wait for, and a document number, on a tablet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from service.pages import ledgers as pages
from tenants.mobility import ledgers
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members
from tests.journeys.conftest import Tablet

NUMBER = "11010519491231002X"  # the example of GB 11643-1999


@pytest.fixture
def short_patience(monkeypatch):
    for where in (ledgers, pages):
        monkeypatch.setattr(where, "MOST_ROWS", 20)


def test_a_long_ledger_is_left_and_found_again(
    tablet: Tablet, colleague, community, tmp_path, short_patience
):
    some_members(community, 60)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/ledgers?of=register")
    expect(page.get_by_text("这份台账有 60 行")).to_be_visible()
    page.get_by_role("button", name="做 PDF").click()
    expect(page.get_by_text("正在做 PDF")).to_be_visible()
    tablet.picture("ledger-asked.png")
    page.goto(f"{community.pages}/members")
    assert work_off(community) == ["done"]
    page.goto(f"{community.pages}/ledgers?of=register")
    tablet.picture("ledger-ready.png")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    taken = tmp_path / "ledger.pdf"
    download.value.save_as(taken)
    assert "党员花名册" in download.value.suggested_filename
    said = "".join(each.extract_text() for each in PdfReader(taken).pages)
    assert said.count("虚构党员") == 60


def test_a_document_number_is_entered_and_only_seen_for_a_reason(
    tablet: Tablet, colleague, community
):
    member_id = a_member(community, name="登记甲")
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/members/{member_id}")
    page.get_by_text("登记证件号码").click()
    page.get_by_label("居民身份证号码").fill(NUMBER)
    tablet.picture("document-form.png")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("*" * 16 + "2X")).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_have_count(0)
    page.get_by_text("查看完整的电话、住址或证件号码").first.click()
    page.locator("form[action$=reveal]").get_by_label("原因").select_option("check")
    page.get_by_role("button", name="看证件号码").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    tablet.picture("document.png")
