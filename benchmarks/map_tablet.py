"""A slow tablet, and what is measured on it.

Chromium at 1280 x 800 with touch, its processor slowed four times, DevTools' "Fast 3G". A page is
at rest when the last answer has come and the last task longer than 50 ms has ended, before a second
and a half in which nothing happens.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from service.headers import csp_nonce
from service.rights import open_to_all
from tests.factories.people import Cast

FAST_3G = {"latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
SLOWER = 4
TABLET = {"width": 1280, "height": 800}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
REST_MS, PATIENCE_S = 1500, 240
WATCH = """
window.__long = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.__long = Math.max(window.__long, entry.startTime + entry.duration);
})).observe({ type: "longtask", buffered: true });
performance.setResourceTimingBufferSize(5000);
"""
LAST = """() => Math.max(window.__long, performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
  ...performance.getEntriesByType("resource").map((entry) => entry.responseEnd))"""

PAGES: dict[str, str] = {}


@open_to_all
def other_page(name: str) -> str:
    """Another variant under the same policy as ours."""
    return PAGES[name].replace("{nonce}", csp_nonce())


class Bench:
    """A served application with the other pages beside ours, and a browser made slow."""

    def __init__(self, app: Flask, browser: Browser, address: str) -> None:
        self.app, self.browser, self.address = app, browser, address

    def page_of(self, name: str, make: Callable[[str], str]) -> str:
        """Another variant's page, composed once: a server would keep what costs seconds."""
        PAGES[name] = make("{nonce}")
        return f"/bench/{name}"

    @contextmanager
    def context(self, who: Cast | None) -> Iterator[BrowserContext]:
        context = self.browser.new_context(
            viewport=TABLET, has_touch=True, base_url=self.address, locale="zh-CN"
        )
        context.add_init_script(WATCH)
        if who is not None:
            cookie = who.client.get_cookie("session")
            who.client.get("/healthz")
            value = cookie.value if cookie else ""
            context.add_cookies([{"name": "session", "value": value, "url": self.address}])
        try:
            yield context
        finally:
            context.close()

    def visit(self, context: BrowserContext, path: str) -> tuple[Page, float, int]:
        """The page, ms until interactive, bytes on the wire."""
        page = context.new_page()
        traffic = Traffic(slowed(page))
        page.goto(path, timeout=PATIENCE_S * 1000, wait_until="load")
        return page, at_rest(page, traffic), traffic.size


class Traffic:
    """What is under way, and how many bytes have come, headers and all."""

    def __init__(self, remote: CDPSession) -> None:
        self.pending: set[str] = set()
        self.size = 0
        remote.on("Network.requestWillBeSent", lambda event: self.pending.add(event["requestId"]))
        remote.on("Network.loadingFinished", self._ended)
        remote.on("Network.loadingFailed", self._ended)

    def _ended(self, event: dict[str, Any]) -> None:
        self.pending.discard(event["requestId"])
        self.size += int(event.get("encodedDataLength", 0))


def slowed(page: Page) -> CDPSession:
    """A page on a slow processor and a slow network."""
    remote = page.context.new_cdp_session(page)
    remote.send("Network.enable")
    remote.send("Network.emulateNetworkConditions", {"offline": False, **FAST_3G})
    remote.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return remote


def at_rest(page: Page, traffic: Traffic) -> float:
    """ms from the start until the last answer or long task before a rest."""
    began = monotonic()
    while monotonic() - began < PATIENCE_S:
        last, now = page.evaluate(f"() => [({LAST})(), performance.now()]")
        if now - last > REST_MS and not traffic.pending:
            return float(last)
        page.wait_for_timeout(100)
    raise SystemExit("the page never came to rest")


def heap_bytes(page: Page) -> int:
    remote = page.context.new_cdp_session(page)
    remote.send("HeapProfiler.collectGarbage")
    return int(remote.send("Runtime.getHeapUsage")["usedSize"])


def frames_ms(page: Page) -> list[float]:
    """Times between frames while a finger pans back and forth."""
    page.evaluate(
        "() => { window.__frames = []; let last = performance.now(); const next = (now) => {"
        " window.__frames.push(now - last); last = now; requestAnimationFrame(next); };"
        " requestAnimationFrame(next); }"
    )
    page.mouse.move(640, 400)
    page.mouse.down()
    for step in range(80):
        page.mouse.move(640 + 6 * (step % 40 if step < 40 else 80 - step), 400 + 2 * (step % 20))
    page.mouse.up()
    page.wait_for_timeout(600)
    return [float(each) for each in page.evaluate("() => window.__frames.slice(3)")]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
