"""What the browser fetches once: addressed by content, kept for good, compressed on the wire."""

import gzip
import re

import brotli
import pytest

from service.static_files import FOREVER


@pytest.fixture
def sign_in(anonymous):
    return anonymous.get("/sign-in").text


def addresses(page):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_every_file_of_a_page_is_addressed_by_its_content(sign_in):
    found = addresses(sign_in)
    assert len(found) >= 2
    assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in found)


def test_an_address_with_its_mark_is_kept_for_good_and_another_is_not(anonymous, sign_in):
    marked = addresses(sign_in)[0]
    assert anonymous.get(marked, buffered=True).headers["Cache-Control"] == FOREVER
    plain = anonymous.get(marked.split("?")[0], buffered=True)
    assert "immutable" not in plain.headers["Cache-Control"]


def test_scripts_travel_small_and_pages_as_they_are(anonymous, sign_in):
    script = next(address for address in addresses(sign_in) if ".js" in address)
    plain = anonymous.get(script).data
    for form, opened in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        sent = anonymous.get(script, headers={"Accept-Encoding": f"{form}, deflate"})
        assert sent.headers["Content-Encoding"] == form
        assert sent.headers["Vary"] == "Accept-Encoding"
        assert len(sent.data) < len(plain) / 2
        assert opened(sent.data) == plain
    best = anonymous.get(script, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert best.headers["Content-Encoding"] == "br"
    whole = anonymous.get("/sign-in", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in whole.headers


def test_what_the_browser_has_already_is_not_sent_again(anonymous, sign_in):
    style = next(address for address in addresses(sign_in) if ".css" in address)
    wishes = {"Accept-Encoding": "gzip"}
    mark = anonymous.get(style, headers=wishes).headers["ETag"]
    again = anonymous.get(style, headers={**wishes, "If-None-Match": mark})
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("name", ["nothing.js", "bundles/nothing.js", "../settings.py", "bundles/"])
def test_nothing_else_is_sent(anonymous, name):
    assert anonymous.get(f"/static/{name}").status_code == 404


def test_a_page_holds_a_script_as_it_is(app):
    with app.app_context():
        inline = app.jinja_env.globals["inline"]
        script = inline("map/early.js")
    assert "window.WanggeEarly = asked;" in script
    assert not re.search(r"^(?:\s|//|/\*)", script, flags=re.MULTILINE)
