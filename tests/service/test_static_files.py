"""What the browser fetches once: addressed by content, kept for good, compressed on the wire."""

import re

import pytest

from service.static_files import FOREVER


@pytest.fixture
def sign_in(anonymous):
    return anonymous.get("/sign-in").text


def addresses(page):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_every_file_of_a_page_is_addressed_by_its_content(sign_in):
    found = addresses(sign_in)
    assert len(found) >= 3
    assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in found)


def test_an_address_with_its_mark_is_kept_for_good_and_another_is_not(anonymous, sign_in):
    marked = addresses(sign_in)[0]
    assert anonymous.get(marked, buffered=True).headers["Cache-Control"] == FOREVER
    plain = anonymous.get(marked.split("?")[0], buffered=True)
    assert "immutable" not in plain.headers["Cache-Control"]


def test_scripts_travel_small_and_pages_as_they_are(anonymous, sign_in):
    script = next(address for address in addresses(sign_in) if ".js" in address)
    wishes = {"Accept-Encoding": "br, gzip"}
    sent = anonymous.get(script, headers=wishes, buffered=True)
    assert sent.headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in anonymous.get("/sign-in", headers=wishes).headers
