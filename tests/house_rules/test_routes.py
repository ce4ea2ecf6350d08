"""Every route, asked by everybody who has no business there (design, section 9, habits 3 and 7).

The URL map itself is walked, so that a new route cannot forget its right, its tenant or its proof.
"""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from service.api.features import LAYERS
from service.front_door import right_of
from service.rights import ROLES, allows
from tests.factories.counties import a_community, a_county, beside
from tests.factories.grid import a_save
from tests.factories.people import Program, a_browser, a_leader, a_person, an_officer
from tests.factories.things import one_of_everything
from tests.house_rules.url_map import OPEN_TO_ALL, rules, ways

SAID_OF_A_ROSTER = {
    "columns": {"columns": {"姓名": "name"}},
    "system": {"system": "gcj02", "reason": "other"},
    "matches": {"decisions": [{"id": str(uuid4()), "decision": "skip"}]},
}
SAID_OF_A_CERTIFICATE = {
    "certificates": {"on": "2026-01-02"},
    "steps": {"state": "issued", "on": "2026-01-02", "number": "1"},
    "entries": {"what": "dues", "on": "2026-01-02", "signed_by": "虚构签字人"},
}
RIGHTS = set().union(*ROLES.values())
TENANT_WAYS = ways(of_tenants=True)
ID_WAYS = [way for way in TENANT_WAYS if re.search(r"{(?!tenant)", way.values[2])]
# A square of the map is nobody's: what it shows is the reader's own ground.
ID_WAYS = [way for way in ID_WAYS if not way.values[2].endswith("/{z}/{x}/{y}")]
A_BUILDING = {"kind": "building", "name": "3号楼", "version": 1} | {
    "lon": 112.5,
    "lat": 28.2,
    "system": "wgs84",
}
"""What would be taken if the building were one's own."""
POSTS = [way for way in TENANT_WAYS if way.values[0] == "POST"]


@pytest.fixture(scope="module")
def home(app):
    """The community that nobody else may enter, with one of everything in it."""
    return a_community(a_county(app))


@pytest.fixture(scope="module")
def things(home):
    """What stands in an address -> the id of a thing of the community."""
    return one_of_everything(home)


@pytest.fixture(scope="module")
def cast(app, home):
    """One of each role, and those who stand elsewhere."""
    county = home.county
    elsewhere = a_community(a_county(app))
    next_door = a_community(county, centre=beside(home))
    return {
        "community_admin": a_person(home, "community_admin"),
        "grid_leader": a_leader(home),
        "branch_officer": an_officer(home),
        "county_admin": a_person(county, "county_admin"),
        "upper_officer": a_person(county.township, "upper_officer"),
        "outsider": a_person(elsewhere, "community_admin"),
        "neighbour": a_person(next_door, "community_admin"),
    }


def ask(client, method, address, things, **further):
    """One request, checked for what every answer carries."""
    query = "?bbox=112,28,113,29&zoom=15" if "/features/" in address else ""
    answer = client.open(address.format_map(things) + query, method=method, **further)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "'nonce-" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")
    assert answer.status_code < 500
    return answer


def is_not_found(answer, address) -> bool:
    if answer.status_code == 404 and address.startswith("/api/"):
        assert answer.content_type == "application/problem+json"
    return answer.status_code == 404


# What is named


def test_every_route_names_a_right_that_exists(app):
    with app.app_context():
        for rule in app.url_map.iter_rules():
            right = right_of(rule.endpoint)
            if "<tenant>" in rule.rule:
                assert right in RIGHTS, rule
            elif right != "signed_in":
                assert (right, rule.endpoint in OPEN_TO_ALL) == ("open_to_all", True), rule


def test_a_route_that_forgot_its_right_is_noticed(app):
    app.view_functions["forgetful"] = lambda: ""
    try:
        with app.app_context(), pytest.raises(RuntimeError, match="forgetful"):
            right_of("forgetful")
    finally:
        del app.view_functions["forgetful"]


def test_every_right_is_asked_for_by_a_route(app):
    with app.app_context():
        asked_for = {right_of(rule.endpoint) for rule in app.url_map.iter_rules()}
    assert asked_for >= RIGHTS


def test_the_walk_knows_every_id_that_stands_in_an_address(things):
    in_addresses = {name for rule in rules() for name in rule.arguments if "<tenant>" in rule.rule}
    assert in_addresses - {"layer"} <= things.keys()


# Who gets in: otherwise the walks below would prove nothing


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_role_enters_exactly_where_it_has_the_right(app, cast, things, method, endpoint, address):
    if method != "GET":
        return
    with app.app_context():
        right = right_of(endpoint)
    layer = address.rpartition("/features/")[2]
    needed = {right} | ({LAYERS[layer][0]} if layer in LAYERS else set())
    for role in ("community_admin", "grid_leader", "branch_officer"):
        answer = ask(cast[role].client, method, address, things)
        may = all(allows(role, each) for each in needed)
        if not may:
            assert is_not_found(answer, address), role
        elif role == "community_admin":
            assert not is_not_found(answer, address), role


# Who does not


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_an_outsider_finds_nothing_with_cookie_or_token(cast, things, method, endpoint, address):
    for who in ("outsider", "neighbour"):
        assert is_not_found(ask(cast[who].client, method, address, things), address)
    if address.startswith("/api/"):
        assert is_not_found(ask(cast["outsider"].program, method, address, things), address)


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_the_offices_above_find_nothing_inside_a_community(cast, things, method, endpoint, address):
    for role in ("county_admin", "upper_officer"):
        assert is_not_found(ask(cast[role].client, method, address, things), address)


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_tenant_that_does_not_exist_looks_like_one_that_is_not_yours(
    cast, things, method, endpoint, address
):
    nowhere = {**things, "tenant": "no-such-tenant"}
    client = cast["community_admin"].client
    missing = ask(client, method, address, nowhere)
    foreign = ask(cast["outsider"].client, method, address, things)
    assert is_not_found(missing, address)
    assert _shape(missing, "no-such-tenant") == _shape(foreign, things["slug"])


@pytest.mark.parametrize(("method", "endpoint", "address"), ID_WAYS)
def test_a_foreign_id_in_ones_own_address_looks_like_one_that_does_not_exist(
    cast, things, method, endpoint, address
):
    outsider = cast["outsider"]
    own = {"tenant": outsider.office.slug}
    made_up = {name: uuid4() for name in things} | {"slug": "no-such-tenant"}
    body = {"branch": str(outsider.office.branches[0])}
    if address.endswith("/reveal"):
        body = {"field": "phone", "reason": "call"}
    if address.startswith("/api/") and "{building_id}" in address:
        body = A_BUILDING if address.endswith("}") else {"version": 1}
    if address.startswith("/api/") and "{import_id}" in address:
        body = SAID_OF_A_ROSTER.get(address.rpartition("/")[2], {})
    if address.startswith("/api/") and "/certificates" in address:
        body = SAID_OF_A_CERTIFICATE.get(address.rpartition("/")[2], {})
    if address.startswith("/api/") and re.search("{letter_id}|{liaison_id}", address):
        body = {}
    if address.startswith("/api/") and address.endswith("{member_id}/out"):
        body = {"version": 1, "reason": "moved"}
    if "/grid/drafts/" in address and address.startswith("/api/"):
        body = a_save(address.rpartition("/")[2])
    sent = {"json": body} if address.startswith("/api/") else {"data": body}
    sent = sent if method == "POST" else {}
    foreign = ask(outsider.client, method, address, things | own, **sent)
    missing = ask(outsider.client, method, address, made_up | own, **sent)
    if method != "OPTIONS":
        assert is_not_found(foreign, address)
    assert foreign.status_code == missing.status_code


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS + ways(of_tenants=False))
def test_nobody_enters_without_signing_in(app, things, method, endpoint, address):
    answer = ask(a_browser(app), method, address, things)
    if address.startswith("/api/"):
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")
    assert "虚构" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_token_that_was_never_issued_opens_nothing(app, things, method, endpoint, address):
    if address.startswith("/api/"):
        stranger = Program(app, use_cookies=False)
        stranger.token = "wangge_" + "x" * 43
        assert ask(stranger, method, address, things).status_code == 401


# What is proved


@pytest.mark.parametrize(
    ("method", "endpoint", "address"),
    [
        *POSTS,
        pytest.param("POST", "home.choose_language", "/language", id="POST /language"),
        pytest.param("POST", "security.login", "/sign-in", id="POST /sign-in"),
        pytest.param("POST", "security.logout", "/sign-out", id="POST /sign-out"),
    ],
)
def test_a_form_that_is_not_ours_is_refused(cast, things, method, endpoint, address):
    """And changes nothing: the same person does the next request."""
    answer = ask(cast["community_admin"].client, method, address, things, csrf=False)
    assert answer.status_code == 400
    assert cast["community_admin"].client.get("/api/v1/me").status_code == 200


def test_only_get_and_post_and_their_companions_are_used():
    for rule in rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule


def _shape(answer, slug: str) -> tuple[int, str]:
    """Status and body of an answer without what differs by address, nonce and proof."""
    body = answer.get_data(as_text=True).replace(slug, "")
    return answer.status_code, re.sub(r"[\w.-]{20,}", "", body)


def test_ids_in_addresses_are_uuids(things):
    assert all(isinstance(id_, UUID) for name, id_ in things.items() if name.endswith("_id"))
