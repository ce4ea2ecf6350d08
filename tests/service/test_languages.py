"""The three languages as people meet them: chosen, remembered, and whole on every main page."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from werkzeug.test import TestResponse

from tenants.mobility.pack_files import FOLDER
from tenants.visits.first_talks import ON_MOVING_IN
from tenants.visits.rules import ON_ARRIVAL, ON_RETURN
from tests.factories.people import PASSWORD, Browser, Cast
from tests.factories.things import one_of_everything
from tests.service.pages.reading import words
from tests.service.test_signing_in import WRONG, send
from tests.service.test_translations import CHINESE, FOR_ROSTERS, SIMPLIFIED

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PAGES = (
    "today",
    "arrivals",
    "arrivals/new",
    "arrivals/{arrival_id}",
    "arrivals/{arrival_id}/choose",
    "arrivals/{arrival_id}/places",
    "members",
    "members/{member_id}",
    "places",
    "map",
    "imports",
    "imports/{import_id}",
    "more",
    "jobs/{job_id}",
    "assignments",
    "assignments/{run_id}",
    "households",
    "movements",
    "movements/{episode_id}",
    "cards/arrivals/{arrival_id}",
    "cards/branches/{branch_id}",
    "cards/cells/{cell_id}",
)
"""Of the community; cards are fragments, which say no language of their own."""
DATA = re.compile(
    "虚构路 \\d 号|虚构[县镇社区服务站党员路号]+|第\\d网格|第\\d支部|周一至周五|网格长甲|管理员丙|县干部己|"
    "虚构联系者|虚构转出者|虚证|东邻社区|外地区|核对一封来信反映的情况|"
    "姓名|名册|简体中文|繁體中文|" + "|".join(FOR_ROSTERS)
)
"""Names of the fixtures' things and people, and the languages' names of themselves."""


def choose(browser: Browser, language: str) -> None:
    assert browser.post("/language", data={"language": language, "next": "/"}).status_code == 302


def lang_of(answer: TestResponse) -> str | None:
    found = re.search(r'<html lang="([\w-]+)"', answer.get_data(as_text=True))
    return found[1] if found else None


def ours(answer: TestResponse) -> str:
    """The page without its data: what people put into it, and choices that are stored as said."""
    page = html.unescape(answer.get_data(as_text=True))
    page = re.sub(r'<option value="([^"]+)">\1</option>|\\u[0-9a-f]{4}', "", page)
    page = re.sub(r'(<option(?: selected)?) value="[^"]+"', r"\1", page)
    for text in quoted():
        page = page.replace(text, "")
    return DATA.sub("", page)


@cache
def quoted() -> list[str]:
    """What rule packs say in the words of their sources, the longest first."""

    def texts(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        for each in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            yield from texts(each)

    packs = [tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")]
    assert packs
    said = {text for text in texts(packs) if CHINESE.search(text)}
    for source in (ON_ARRIVAL, ON_MOVING_IN, ON_RETURN):
        said |= {source.clause, source.quotation}
    return sorted(said, key=len, reverse=True)


def pages_of(person: Cast, things: dict[str, object]) -> dict[str, TestResponse]:
    answers = {
        path: person.client.get(f"{person.office.pages}/{path.format(**things)}") for path in PAGES
    }
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        PAGES, 200
    )
    return answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_in_is_in_the_language_chosen(anonymous, language):
    choose(anonymous, language)
    page = anonymous.get("/sign-in")
    assert lang_of(page) == language
    said = {"zh-Hans": "登录", "zh-Hant": "登入", "en": "Sign in"}[language]
    assert said in words(page)
    if language == "en":
        assert CHINESE.findall(ours(page)) == []


@pytest.mark.parametrize(
    ("asked", "language"),
    [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK,zh;q=0.8", "zh-Hant"), ("en-GB", "en")],
)
def test_before_any_choice_the_browser_is_heard(anonymous, asked, language):
    assert lang_of(anonymous.get("/sign-in", headers={"Accept-Language": asked})) == language


def test_an_unknown_language_changes_nothing(anonymous):
    choose(anonymous, "en")
    choose(anonymous, "tlh")
    assert lang_of(anonymous.get("/sign-in")) == "en"


def test_the_choice_is_remembered_with_the_person(app, leader, anonymous):
    choose(leader.client, "en")
    here = f"{leader.office.pages}/more"
    assert lang_of(leader.client.get(here)) == "en"
    answer = send(anonymous, {"email": leader.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert lang_of(anonymous.get(here)) == "en", "another browser finds the choice with the person"


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-Hans", "邮箱或密码不对"), ("zh-Hant", "電子郵件或密碼不對"), ("en", "is not right")],
)
def test_a_failed_sign_in_is_told_in_the_language_chosen(anonymous, language, said):
    choose(anonymous, language)
    found = words(send(anonymous, {"email": "nobody@example.invalid", "password": WRONG}))
    assert found.count(said) == 1


def test_english_pages_hold_no_chinese_but_data(colleague, community):
    things = one_of_everything(community)
    choose(colleague.client, "en")
    answers = pages_of(colleague, things)
    left = {path: CHINESE.findall(ours(answer)) for path, answer in answers.items()}
    assert {path: found for path, found in left.items() if found} == {}
    assert {lang_of(answer) for answer in answers.values()} == {"en", None}


def test_traditional_pages_hold_nothing_simplified_but_data(colleague, community):
    things = one_of_everything(community)
    choose(colleague.client, "zh-Hant")
    answers = pages_of(colleague, things)
    left = {path: SIMPLIFIED & set(ours(answer)) for path, answer in answers.items()}
    assert {path: found for path, found in left.items() if found} == {}
    assert {lang_of(answer) for answer in answers.values()} == {"zh-Hant", None}


@pytest.mark.parametrize("page", ["tenants", "places", "map", "more", "assignments"])
def test_an_office_above_reads_english_too(county_admin, community, page):
    choose(county_admin.client, "en")
    answer = county_admin.client.get(f"{county_admin.office.pages}/{page}")
    assert answer.status_code == 200
    assert CHINESE.findall(ours(answer)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_is_told_in_the_language_chosen(leader, language):
    choose(leader.client, language)
    answer = leader.client.get(f"{leader.office.pages}/members/{leader.person_id}")
    assert answer.status_code == 404
    said = {"zh-Hans": "没有找到", "zh-Hant": "沒有找到", "en": "Not found"}[language]
    assert said in words(answer)
