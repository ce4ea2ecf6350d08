"""Every rendered page, with hostile names in it: what it may hold, and what it may not.

The pages are found in the URL map; each is read by everybody who may.
"""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tenants.grid.actions import form_group
from tenants.people.door import keep_person, person_by_email
from tenants.places.actions import open_branch, open_station
from tests.factories.arrivals import an_arrival
from tests.factories.counties import SINCE, a_community, a_county
from tests.factories.imports import a_checked_import
from tests.factories.members import a_member
from tests.factories.people import a_browser, a_leader, a_person, an_officer
from tests.factories.things import one_of_everything
from tests.house_rules.url_map import ways

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)",
    "template": "{{ 91193 * 1009 }}${91193*1009}",
    "end": "</title></textarea></script><!--",
}
PAGES = [way.values[2] for way in ways(of_tenants=True) if way.values[0] == "GET"]
PAGES = [address for address in PAGES if address.startswith("/t/")]
LISTS = [address for address in PAGES if "{" not in address.replace("{tenant}", "")]
FILES = (
    "/audit/head",
    "/rejected",
    "/tenants/file",
    "/figures/file",
    "/transfers/file",
    "/letter/code.svg",
    "/ledgers/file",
    "/ledgers/{ledger_id}/file",
    "/ground/{z}/{x}/{y}",
    "/export/{export_id}/file",
    "/administration/around",
)
"""What answers with a file, not with a page."""
UUID_IN_WORDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ADDRESSES = {"src", "href", "action", "hx-get", "hx-post", "data-url", "poster", "srcset"}
NAME_ONLY = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


class Page(HTMLParser):
    """A page taken apart the way a browser would."""

    def __init__(self, answer) -> None:
        super().__init__()
        self.html = answer.get_data(as_text=True)
        self.nonce = re.search("'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.code: list[str] = []
        self._inside: list[str] = []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data):
        (self.code if self._inside else self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def home(app):
    """A community in which every name is hostile."""
    community = a_community(a_county(app, HOSTILE["script"]), name=HOSTILE["image"])
    for name in HOSTILE.values():
        a_member(community, name=name, employer=name, class_=name[:40], address=name)
        an_arrival(community, name=name, home=community.inside(1, east=2))
    with community.acting() as scope:
        for number, name in enumerate(HOSTILE.values()):
            where = community.inside(1, north=number)
            branch = open_branch(scope, name, "general", *where, capacity=9, opens_on=SINCE)
            open_station(
                scope, name, "station", *where, hours=name, phone=name[:30], opens_on=SINCE
            )
            form_group(scope, branch, name, [community.cells[0]], SINCE)
    return community


@pytest.fixture(scope="module")
def things(home):
    found = one_of_everything(home, name=HOSTILE["script"], home=home.inside(1))
    roster = f"姓名,<b>{HOSTILE['image']}</b>\n{HOSTILE['script']},1\n"
    return found | {"import_id": a_checked_import(home, roster, f"{HOSTILE['attribute']}.csv")}


@pytest.fixture(scope="module")
def readers(home):
    """Everybody who may read some page of the community."""
    return [
        a_person(home, "community_admin", name=HOSTILE["attribute"]),
        a_leader(home),
        an_officer(home),
    ]


def read(reader, address, things, **query):
    answer = reader.client.get(address.format_map(things), query_string=query)
    return answer if answer.status_code == 200 and answer.mimetype == "text/html" else None


def judge(page: Page, where: str) -> None:
    """What holds for every page and every piece of one."""
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], (where, tag, attributes)
        assert "style" not in attributes, (where, tag, attributes)
        for name in ADDRESSES & attributes.keys():
            parts = urlsplit(attributes[name])
            drawn = attributes.get("rel") == "icon" and parts.path.startswith("image/svg+xml,")
            assert parts.scheme in ("", "tel") or drawn, (where, attributes)
            assert not parts.netloc, (where, attributes)
            assert attributes[name] != "x", where
    for attributes in page.all("script", "style"):
        assert attributes.get("nonce") == page.nonce, (where, attributes)
    assert not [code for code in page.code if "alert(" in code or "91193" in code], where
    hosts = set(re.findall(r"https?://[^\s\"'<>]+", page.html)) - NAME_ONLY
    assert not hosts, where
    assert "92013737" not in page.html, where
    assert not UUID_IN_WORDS.search(page.text), where
    forms = [form for form in page.all("form") if form.get("method", "").lower() == "post"]
    proofs = [field for field in page.all("input") if field.get("name") == "csrf_token"]
    assert len(proofs) >= len(forms), where


def judge_frame(page: Page, where: str) -> None:
    """What holds for a whole page."""
    (html,) = page.all("html")
    assert html["lang"] in ("zh-Hans", "zh-Hant", "en"), where
    assert len(page.all("h1")) == 1, where
    assert len(page.all("title")) == 1, where
    assert len(page.all("main")) == 1, where


@pytest.mark.parametrize("address", PAGES)
def test_hostile_names_stay_words_on_every_page(readers, things, address):
    seen = 0
    for reader in readers:
        answer = read(reader, address, things)
        if answer is not None:
            seen += 1
            page = Page(answer)
            judge(page, address)
            if "<html" in page.html:
                judge_frame(page, address)
    assert (
        seen
        or "/administration" in address
        or address.endswith(("/tenants", "/tenants/drawn", "/nearer", "/state", "/due", *FILES))
    )


@pytest.mark.parametrize("address", LISTS)
def test_what_a_person_typed_into_an_address_stays_words(readers, things, address):
    for hostile in HOSTILE.values():
        query = dict.fromkeys(("words", "state", "affiliation", "branch", "after", "of"), hostile)
        answer = readers[0].client.get(address.format_map(things), query_string=query)
        assert answer.status_code in (200, 404, 422), address
        if answer.mimetype == "text/html":
            judge(Page(answer), address)


@pytest.mark.parametrize(
    "address", ["/t/{tenant}/members", "/t/{tenant}/arrivals", "/t/{tenant}/places"]
)
def test_the_hostile_names_are_really_there(readers, things, address):
    page = Page(read(readers[0], address, things))
    for name in HOSTILE.values():
        assert name in page.text, name


def test_cards_say_hostile_names_as_words(readers, things):
    for layer in ("arrivals", "members"):
        address = f"/t/{{tenant}}/cards/{layer}/{{{layer.removesuffix('s')}_id}}"
        assert HOSTILE["script"] in Page(read(readers[0], address, things)).text


@pytest.mark.parametrize("language", ["zh_Hant", "en"])
def test_every_page_can_be_read_in_every_language(app, readers, things, language):
    reader = readers[0]
    with app.app_context():
        keep_person(person_by_email(reader.email).uniquifier, language=language)
    try:
        for address in PAGES:
            answer = reader.client.get(address.format_map(things))
            assert answer.status_code < 500, address
            if answer.status_code == 200 and b"<html" in answer.data:
                page = Page(answer)
                assert page.all("html")[0]["lang"] == language.replace("_", "-")
                judge(page, address)
    finally:
        with app.app_context():
            keep_person(person_by_email(reader.email).uniquifier, language="zh_Hans")


def test_a_community_with_nothing_in_it_has_pages_that_say_what_to_do(app):
    empty = a_community(a_county(app))
    for reader in (a_person(empty, "community_admin"), a_leader(empty), an_officer(empty)):
        for address in LISTS:
            answer = read(reader, address, {"tenant": empty.slug})
            if answer is not None:
                judge_frame(Page(answer), address)
                judge(Page(answer), address)


def test_the_offices_above_read_their_pages(home):
    county = home.county
    for office, role in ((county, "county_admin"), (county.township, "upper_officer")):
        reader = a_person(office, role)
        things = {"tenant": office.slug}
        pages = [
            read(reader, f"/t/{{tenant}}/{noun}", things)
            for noun in ("map", "places", "more", "rights", f"administration/{home.slug}")
        ]
        pages += [read(reader, "/t/{tenant}/administration", things)]
        if role == "county_admin":
            nouns = ("administration/open", "administration/many", "people", "tokens", "export")
            pages += [read(reader, f"/t/{{tenant}}/{noun}", things) for noun in nouns]
        for answer in [*pages, read(reader, "/t/{tenant}/tenants", things)]:
            page = Page(answer)
            judge(page, answer.request.path)
            judge_frame(page, answer.request.path)
        assert HOSTILE["image"] in page.text


@pytest.mark.parametrize("who", [0, 1, 2])
def test_the_map_page_holds_no_person(home, readers, who):
    a_member(home, name="独特姓名", phone="19912345678", born_on=date(1980, 1, 1))
    answer = read(readers[who], "/t/{tenant}/map", {"tenant": home.slug})
    html = answer.get_data(as_text=True)
    page = Page(answer)
    assert "独特姓名" not in html
    assert "虚构党员" not in html
    assert "1991234" not in html
    if who:
        # The banner of an open door names the office, whose name is hostile too.
        words = page.text.replace(HOSTILE["image"], "").replace(HOSTILE["script"], "")
        assert "alert(1)" not in words
    assert not UUID_IN_WORDS.search(html)


def test_pages_outside_any_tenant_keep_the_rules_too(app, readers):
    judge(Page(a_browser(app).get("/sign-in")), "/sign-in")
    judge_frame(Page(a_browser(app).get("/sign-in")), "/sign-in")
    missing = readers[0].client.get(f"/t/{HOSTILE['script']}/map")
    assert missing.status_code == 404
    judge(Page(missing), "404")


def test_signing_in_leads_to_paths_of_ours_only(app):
    for target in ("https://evil.invalid/", "//evil.invalid/", "/\\evil.invalid"):
        answer = a_browser(app).post("/language", data={"language": "en", "next": target})
        assert answer.headers["Location"] == "/"
