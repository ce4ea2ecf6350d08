"""A server that answers slowly or not at all, and one of two cells that changed hands meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import text

from tenants.database import db
from tenants.mobility.actions import Departure, choose_pack, leave
from tenants.people.actions import end_standing, give_standing
from tenants.visits.worklist import worklist
from tests.factories.arrivals import an_arrival
from tests.factories.members import a_member
from tests.factories.people import a_leader
from tests.factories.redraws import approved, in_the_strip, moved_east
from tests.factories.visits import visits
from tests.journeys.tablets import (
    PATIENCE,
    Pad,
    kept,
    open_tablet,
    record,
    waiting,
)

GIVES_UP = 31_000
"""ms: a little more than a tablet waits for one answer."""


class Slow:
    """Holds every delivery until it is let go; the server may have done its part already."""

    def __init__(self, page: Page, *, done: bool = False) -> None:
        self.held: list[Route] = []
        self.asked, self.done, self.open = 0, done, False
        page.route("**/operations", self._hold)

    def _hold(self, route: Route) -> None:
        if self.open:
            route.continue_()
            return
        self.asked += 1
        if self.done:
            route.fetch()
        self.held.append(route)

    def let_go(self) -> None:
        self.open = True
        for route in self.held:
            route.continue_()


def test_nothing_is_sent_twice_while_an_answer_is_on_its_way(pad: Pad, leader, people):  # noqa: F811
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    slow = Slow(page)
    record(page, 0)
    page.wait_for_timeout(500)
    for index in range(1, 4):
        record(page, index)
    for _ in range(10):
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
        page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); }")
    page.locator("#queue-send").click()
    page.wait_for_timeout(5_000)
    assert slow.asked == 1
    assert waiting(page) == 4
    expect(page.locator("#unsent")).to_contain_text("4 条未送出")
    more = page.locator(".call").nth(4)
    more.locator("[data-did=met]").click()
    expect(more.locator(".saved")).to_contain_text("已存在平板上")
    slow.let_go()
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    assert len(visits(leader.office)) == 5


def test_a_lost_answer_after_a_long_wait_is_asked_for_again_once(pad: Pad, leader, people):  # noqa: F811
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    page.clock.install()
    slow = Slow(page, done=True)
    record(page, 0)
    page.clock.run_for(1_000)
    page.wait_for_timeout(1_000)
    assert (slow.asked, len(visits(leader.office))) == (1, 1)
    # The tablet gives up, rests, and asks again; each time the rest grows.
    for _ in range(6):
        page.clock.run_for(GIVES_UP)
        page.wait_for_timeout(300)
    assert 2 <= slow.asked <= 6
    assert waiting(page) == 1
    slow.open = True
    for _ in range(40):
        page.evaluate("() => { WanggeTablet.send(true); }")
        page.clock.run_for(1_000)
        if not waiting(page):
            break
        page.wait_for_timeout(250)
    assert waiting(page) == 0
    assert len(visits(leader.office)) == 1


@pytest.fixture
def two_cells(community, leader):
    """The leader leads cells 1 and 2; two people came to each."""
    with community.acting() as scope:
        give_standing(
            scope, leader.person_id, leader.name, "grid_leader", cell_id=community.cells[1]
        )
    for cell in (1, 2):
        for step in range(2):
            an_arrival(
                community, name=f"虚构{cell}格{step}", home=community.inside(cell, east=20 * step)
            )
    return community


def give_away(community, leader, cell: int):
    """The cell goes to somebody else at once; answers them."""
    with community.acting() as scope:
        standing = db.session.execute(
            text("SELECT id FROM standing WHERE person_id = :person AND cell_id = :cell"),
            {"person": leader.person_id, "cell": community.cells[cell - 1]},
        ).scalar_one()
        end_standing(scope, standing)
    return a_leader(community, cell)


def named(page: Page) -> set[str]:
    return {each.split()[1] for each in page.locator(".call h3").all_text_contents()}


def test_one_of_two_cells_changes_hands_while_the_tablet_is_away(pad: Pad, leader, two_cells):  # noqa: F811
    community = two_cells
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    assert named(page) == {"虚构1格0", "虚构1格1", "虚构2格0", "虚构2格1"}
    pad.away()
    for name in ("虚构1格0", "虚构2格0"):
        page.locator(".call", has_text=name).locator("[data-did=met]").click()
    expect(page.locator("#unsent")).to_have_text("2 条未送出")
    other = give_away(community, leader, 2)
    with other.acting() as scope:
        assert len(worklist(scope, date.today()).lines) == 2
    pad.away(False)
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    # What was done is there once, by who did it; what was withdrawn is gone from the tablet.
    expect(page.locator(".call", has_text="虚构2格")).to_have_count(0)
    left = page.evaluate("async () => JSON.stringify(await WanggeKept.read())")
    assert "虚构1格1" in left and "虚构2格" not in left
    assert page.locator(".call", has_text="虚构1格1").count() == 1
    assert len(visits(community)) == 2
    with other.acting() as scope:
        assert [line.name for line in worklist(scope, date.today()).lines] == ["虚构2格1"]
    with leader.acting() as scope:
        assert [line.name for line in worklist(scope, date.today()).lines] == ["虚构1格1"]
    page.reload()
    expect(page.locator(".call", has_text="虚构1格1")).to_be_visible()
    assert "虚构2格0" not in page.content()


def test_a_border_moves_while_the_tablet_is_away(pad: Pad, community):  # noqa: F811
    leader, other = a_leader(community, 2), a_leader(community, 1)
    with community.acting() as scope:
        choose_pack(scope, "township", date(2020, 1, 1))
    for name, place in (
        ("虚构留者", community.inside(2, east=100)),
        ("虚构走者", in_the_strip(community)),
    ):
        member = a_member(community, name=name, home=place)
        with community.acting() as scope:
            leave(scope, Departure(member, date.today() - timedelta(days=200)))
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    assert named(page) == {"虚构留者", "虚构走者"}
    pad.away()
    page.locator(".call", has_text="虚构走者").locator("[data-did=missed]").click()
    expect(page.locator("#unsent")).to_have_text("1 条未送出")
    approved(community, moved_east(community))
    pad.away(False)
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    expect(page.locator(".call", has_text="虚构走者")).to_have_count(0)
    expect(page.locator(".call", has_text="虚构留者")).to_be_visible()
    assert "虚构走者" not in page.evaluate("async () => JSON.stringify(await WanggeKept.read())")
    assert [visit.outcome for visit in visits(community)] == ["not_reached"]
    their_day = other.client.get(f"{community.pages}/today").get_data(as_text=True)
    assert "虚构走者" in their_day and "已试 1 次" in their_day
