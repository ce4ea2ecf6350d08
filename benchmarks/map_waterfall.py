# needs: database
"""Every request of one cold opening of the map, in order: `./run bench map_waterfall [PEOPLE]`.

Our page, then hand-written Leaflet, under the same slow network and processor as `./run bench map`:
when each request was sent, when its answer began and ended (ms from the start), its bytes on the
wire. It says what to shorten; it compares nothing.
"""

from __future__ import annotations

import shutil
import sys
from os import environ
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from benchmarks.map_ground import counted, peopled
from benchmarks.map_pages import plain_leaflet
from benchmarks.map_tablet import QUIET, Bench, Traffic, at_rest, other_page, served, slowed
from service.app import create_app
from service.settings import read
from tests.factories.people import Cast

TIMES = """() => performance.getEntriesByType("resource").map((one) =>
  [one.name, one.startTime, one.responseStart, one.responseEnd, one.encodedBodySize])"""


def shown(bench: Bench, who: Cast, path: str) -> None:
    """Prints one opening with an empty cache."""
    with bench.context(who) as context:
        page = context.new_page()
        remote, sizes, names = slowed(page), dict[str, int](), dict[str, str]()
        traffic = Traffic(remote)

        def answered(event: dict[str, Any]) -> None:
            names[event["requestId"]] = event["response"]["url"]

        def ended(event: dict[str, Any]) -> None:
            url = names.get(event["requestId"], "?")
            sizes[url] = sizes.get(url, 0) + int(event["encodedDataLength"])

        remote.on("Network.responseReceived", answered)
        remote.on("Network.loadingFinished", ended)
        page.goto(path, wait_until="load")
        rest, times = at_rest(page, traffic), page.evaluate(TIMES)
        first = page.evaluate(
            "() => { const [n] = performance.getEntriesByType('navigation');"
            " return [n.name, 0, n.responseStart, n.responseEnd, n.encodedBodySize]; }"
        )
        print(f"{path}: at rest after {rest:.0f} ms, {sum(sizes.values()) / 1000:.1f} kB")
        for url, sent, began, done, body in sorted([first, *times], key=lambda one: one[1]):
            address = urlsplit(url)
            said = address.path + ("?" + address.query[:60] if "api" in address.path else "")
            print(
                f"  {sent:6.0f} {began:6.0f} {done:6.0f} {sizes.get(url, 0):7} ({body:6.0f})  {said}"
            )
        left = sum(
            size for url, size in sizes.items() if url not in {one[0] for one in [first, *times]}
        )
        print(f"  besides: {left} bytes")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    app = create_app(read(environ, "web"))
    app.add_url_rule("/bench/<name>", "other_page", other_page)
    many = peopled(app, people)
    counted()
    chromium = environ.get("WANGGE_CHROMIUM") or shutil.which("chromium")
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        bench = Bench(app, browser, address)
        by_hand = bench.page_of(
            "leaflet", lambda nonce: plain_leaflet.page(many.community.api, many.corners, nonce)
        )
        for _turn in range(2):
            shown(bench, many.leader, f"{many.community.pages}/map")
            shown(bench, many.leader, by_hand)
        browser.close()


if __name__ == "__main__":
    main()
