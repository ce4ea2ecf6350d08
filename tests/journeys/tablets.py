"""A tablet in somebody's hands: its list and its queue."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.factories.people import PASSWORD, Cast
from tests.journeys.browsers import COUNT_REFUSALS, QUIET, TABLET, program

PATIENCE = 60_000
"""ms: two hundred operations are two hundred transactions, on whatever machine this runs."""


class Pad:
    """A tablet that can be switched off and on again: its profile stays on disk."""

    def __init__(self, playwright: Playwright, profile: Path, address: str) -> None:
        self.playwright, self.profile, self.address = playwright, profile, address
        self.context: BrowserContext | None = None
        self.switch_on()

    def switch_on(self) -> Page:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=program(),
            args=list(QUIET),
            viewport=TABLET,
            locale="zh-CN",
            base_url=self.address,
            has_touch=True,
        )
        self.context.add_init_script(COUNT_REFUSALS)
        self.context.set_default_timeout(15_000)
        return self.page

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def switch_off(self) -> None:
        self.context.close()

    def sign_in(self, cast: Cast) -> None:
        self.page.goto("/sign-in")
        self.page.locator("[name=email]").fill(cast.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"**{cast.office.pages}/**")

    def away(self, away: bool = True) -> None:
        self.context.set_offline(away)


def ready(page: Page) -> None:
    expect(page.locator("html[data-tablet=ready]")).to_be_attached()


def open_tablet(pad: Pad, cast: Cast, page: Page | None = None) -> Page:
    page = page or pad.page
    page.goto(f"{cast.office.pages}/tablet")
    ready(page)
    return page


def kept(page: Page) -> None:
    """The list is here, and so is the page without a network."""
    expect(page.locator(".call").first).to_be_visible()
    page.evaluate(
        "async () => { for (;;) { const c = await caches.open('wangge-shells');"
        " if ((await c.keys()).length) return; await new Promise((r) => setTimeout(r, 50)); } }"
    )


def waiting(page: Page) -> int:
    return page.evaluate("() => WanggeOutbox.count('waiting')")


def sent(page: Page) -> None:
    page.evaluate("() => WanggeTablet.send(true)")
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)


def record(page: Page, index: int, did: str = "met") -> None:
    page.locator(".call").nth(index).locator(f"[data-did={did}]").click()
