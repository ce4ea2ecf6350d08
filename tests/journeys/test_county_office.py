"""The county's office sees counts of every community, and no community's people."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.factories.arrivals import an_arrival
from tests.factories.counties import a_community, beside
from tests.factories.jobs import work_off
from tests.journeys.conftest import Tablet


def test_the_office_sees_counts_and_cannot_open_a_community(
    tablet: Tablet, community, county_admin
):
    a_community(community.county, name="邻社区", centre=beside(community))
    an_arrival(community, name="虚构来客")
    work_off(community)
    page = tablet.page
    tablet.sign_in(county_admin)
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    tablet.picture("county.png")
    page.goto(f"{county_admin.office.pages}/tenants")
    listing = page.get_by_role("table").first
    expect(listing).to_contain_text("虚构社区")
    expect(listing).to_contain_text("邻社区")
    assert "虚构来客" not in page.content()

    tablet.expected.add(404)
    for place in ("map", "today", "arrivals", "members", "imports"):
        page.goto(f"{community.pages}/{place}")
        expect(page.get_by_text("没有找到这个页面,或者它不归您管。")).to_be_visible()
        assert "虚构来客" not in page.content()
