"""A served application and a real browser on a 10-inch tablet that reports whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)
from sqlalchemy import text
from werkzeug.serving import make_server

from tenants.database import db
from tests.factories.arrivals import an_arrival
from tests.factories.people import PASSWORD, Cast
from tests.journeys.browsers import ARTEFACTS, COUNT_REFUSALS, QUIET, TABLET, program
from tests.journeys.tablets import Pad


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the application is served, on a port of this run's own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def playwright_itself() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_itself: Playwright) -> Iterator[Browser]:
    browser = playwright_itself.chromium.launch(executable_path=program(), args=list(QUIET))
    yield browser
    browser.close()


class Tablet:
    """A browser with nobody signed in, and what went wrong in it."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.address = address
        self.troubles: list[str] = []
        context = chromium.new_context(
            viewport=TABLET, locale="zh-CN", base_url=address, has_touch=True
        )
        context.add_init_script(COUNT_REFUSALS)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.expected: set[int] = set()

    def _console(self, message: ConsoleMessage) -> None:
        # A refused request is counted by its status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"third host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status}: {response.url}")

    def sign_in(self, cast: Cast) -> None:
        """Through the form, as a person does; ends on their first page."""
        self.page.goto("/sign-in")
        self.page.get_by_label("邮箱").or_(self.page.locator("[name=email]")).first.fill(cast.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"**{cast.office.pages}/**")

    def picture(self, name: str) -> Path:
        """Kept as an artefact of the run."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTEFACTS / name
        self.page.screenshot(path=path)
        return path

    def refused(self) -> list[str]:
        """What the content policy refused on the page that is open."""
        return self.page.evaluate("() => window.__refused")


@pytest.fixture
def tablet(chromium: Browser, address: str) -> Iterator[Tablet]:
    """Its journey must end without a script error, a refusal or a third host."""
    tablet = Tablet(chromium, address)
    yield tablet
    refused = tablet.refused()
    tablet.page.context.close()
    assert tablet.troubles == []
    assert refused == []


@pytest.fixture
def pad(playwright_itself: Playwright, address, tmp_path) -> Iterator[Pad]:
    pad = Pad(playwright_itself, tmp_path / "profile", address)
    yield pad
    pad.switch_off()


@pytest.fixture
def people(community):
    """Six who came to live in cell 1 and whom nobody has called on."""
    for step in range(6):
        an_arrival(community, name=f"虚构党员{step}", home=community.inside(1, east=20 * step))
    with community.acting():
        return list(db.session.execute(text("SELECT member_id FROM arrival ORDER BY id")).scalars())
