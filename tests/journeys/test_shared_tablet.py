"""One tablet, two people: what was kept for one is gone when the other signs in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.tablets import Pad, kept, open_tablet, record

LEFT = """async (name) => {
  const db = await new Promise((found) => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => found(asked.result);
  });
  const all = (store, how) => new Promise((found) => {
    const asked = db.transaction(store).objectStore(store)[how]();
    asked.onsuccess = () => found(asked.result);
  });
  const left = [await all("facts", "getAllKeys"), (await all("outbox", "getAll")).length];
  db.close();
  return left;
}"""


def test_whose_session_ran_out_leaves_no_list_to_the_next(pad: Pad, leader, county_admin, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    name = page.evaluate("() => WanggeStore.name")
    pad.away()
    record(page, 0)
    expect(page.locator("#unsent")).to_be_visible()
    pad.context.clear_cookies()
    pad.away(False)
    pad.sign_in(county_admin)
    facts, queued = pad.page.evaluate(LEFT, name)
    assert {"key", "kept", "proof"}.isdisjoint(facts)
    assert queued == 1
    shells = (
        "async () => (await (await caches.open('wangge-shells')).keys()).map((kept) => kept.url)"
    )
    assert pad.page.evaluate(shells) == []


def test_who_comes_back_is_handed_a_new_list_and_sends_what_waited(pad: Pad, leader, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    record(page, 0)
    expect(page.locator("#unsent")).to_be_visible()
    pad.context.clear_cookies()
    pad.away(False)
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    expect(page.locator("html[data-unsent='0']")).to_be_attached()
