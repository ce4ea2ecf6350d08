"""The catalogues: nothing forgotten, nothing broken, and collecting again changes nothing."""

from __future__ import annotations

import ast
import re
import shutil

import pytest
from click.testing import CliRunner

from geo.household_sizes import divide, explain
from service.commands import words as collecting
from service.commands.words import CATALOGUES, LANGUAGES, ROOT, catalogue_words, source_words
from service.sentences import roster_fault, told, translated
from tenants.errors import Conflict

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
SIMPLIFIED = set(
    "业东丢两个临为么义乡于从们会传余党关内册写决况准减几划则刚删别办务动区单历县参双发变叠号后员围"
    "国图坏处备复够头宁实对寻导尝尽层属带干并库应开弃张归录征态总愿户报择损换据数断无旧时显暂机条来标"
    "栋样检椭楼汇没测浏满点状现电画码确离种称筛签类约级纬纳线组细织经结绘给络统继续编缩网职联腾节范荐"
    "获虑补见规视览计认让议讯记许设证识试话该详误说请读谁调谈负责账贴资踪车转软载较输辖边过还这进远连迟"
    "适选邮邻钟销错键镇长门闭问间阔队阵际随页须预频题额马验"
) - set("于后征尽准余干几并系别")
"""Characters of our sentences that traditional Chinese does not have."""
CHINESE = re.compile("[\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]+")
FOR_ROSTERS = ("流动类型", "在册", "流入", "流出", "外住", "男", "女", "2015年3月")
"""What a roster or a program writes in Chinese whatever language its reader speaks."""
MARKED = {"_", "_l", "N_", "gettext", "Conflict", "InvalidInput", "NoSeat", "NotAllowed"}


@pytest.fixture(scope="module")
def source() -> set[str]:
    return source_words()


def test_words_of_every_origin_are_collected(source):
    assert {
        "接受",  # a template
        "等待匹配",  # a lazy word
        "正在检查名册",  # what a job is doing
        "多次尝试都没有完成,请联系管理员。",  # why a job failed
        "这个支部已经满员,请改选其他支部。",  # an error
        "晚于今天",  # a word inside a roster's fault
    } <= source


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_left_over(source, language):
    """Fails when a sentence was written and `wangge words` not run, or its line left empty."""
    known = catalogue_words(language)
    assert sorted(source - {msgid for msgid, said in known.items() if said.strip()}) == []
    assert sorted(known.keys() - source) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_stay_what_they_are(language):
    broken = [
        said
        for msgid, said in catalogue_words(language).items()
        if sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert broken == []


def test_traditional_chinese_holds_no_simplified_characters():
    found = {said: SIMPLIFIED & set(said) for said in catalogue_words("zh_Hant").values()}
    assert {said: letters for said, letters in found.items() if letters} == {}


def test_traditional_chinese_says_it_as_the_glossary_does():
    said = catalogue_words("zh_Hant")
    assert said["流动党支部"] == "流動黨支部"
    assert said["社区管理员"] == "社區管理員"
    assert "聯繫" in said["支部联系本人"]
    assert said["行"] == "列", "a row and a column swap names between the two"
    assert said["列"] == "欄"


def test_english_holds_no_chinese():
    for said in catalogue_words("en").values():
        rest = said
        for word in FOR_ROSTERS:
            rest = rest.replace(word, "")
        assert not CHINESE.search(rest), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_breaks_out_of_an_attribute(language):
    """A template puts sentences into attributes too, and they are not escaped a second time."""
    for said in catalogue_words(language).values():
        assert not set(said) & set('"<>'), said


def test_collecting_again_changes_nothing(tmp_path, monkeypatch):
    copy = tmp_path / "translations"
    shutil.copytree(CATALOGUES, copy, ignore=shutil.ignore_patterns("*.mo"))
    monkeypatch.setattr(collecting, "CATALOGUES", copy)
    done = CliRunner().invoke(collecting.words)
    assert done.exit_code == 0, done.output
    for language in LANGUAGES:
        where = f"{language}/LC_MESSAGES/messages.po"
        assert (copy / where).read_bytes() == (CATALOGUES / where).read_bytes()


def test_no_template_says_anything_past_the_catalogues():
    """Chinese words and punctuation stand inside `_("...")`, or stay Chinese for everybody."""
    said = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        page = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
        rest = re.sub(r"""_\(\s*("[^"]*"|'[^']*')""", "", page)
        said[path.name] = set(CHINESE.findall(rest)) - {"简体中文", "繁體中文"}
    assert {name: found for name, found in said.items() if found} == {}


def test_no_sentence_has_plural_forms():
    """Chinese has none, so only single sentences are collected: ngettext's would stay Chinese."""
    sources = [*ROOT.glob("service/**/*.py"), *ROOT.glob("templates/**/*.html")]
    assert [path.name for path in sources if "ngettext" in path.read_text("utf-8")] == []


def test_no_sentence_is_filled_before_it_is_translated():
    """An f-string in such a place is a sentence that no catalogue can know."""
    filled = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ("service", "tenants", "workers")
        for path in sorted((ROOT / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in MARKED
        and call.args
        and isinstance(call.args[0], ast.JoinedStr)
    ]
    assert filled == []


@pytest.mark.parametrize(
    ("people", "hosts", "said"),
    [
        (12, 3, "12 people cannot be divided into groups with 7 to 10 a household: "
                "let one household take 12 people, or keep in touch with 2 people by phone."),
        (5, 3, "5 people are fewer than the 7 a household takes at least: let one household take "
               "only 5 people, or keep in touch with these 5 people by phone."),
        (35, 3, "35 people are more than the 30 whom 3 households can take: "
                "ask for another household, or keep in touch with 5 people by phone."),
        (4, 0, "No household can take anybody: ask for one for these 4 people, "
               "or keep in touch by phone."),
    ],
)  # fmt: skip
def test_what_a_computation_composes_is_said_again(app, people, hosts, said):
    bounds = [7] * hosts, [10] * hosts
    composed = explain(divide(people, *bounds), *bounds)
    with app.test_request_context():
        assert translated(composed) == composed
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert translated(composed) == said
    with app.test_request_context(headers={"Accept-Language": "zh-TW"}):
        assert not SIMPLIFIED & set(translated(composed))


def test_roster_faults_are_said_again_with_their_values(app):
    fault = {"row": 3, "code": "date_impossible", "sentence": "一句话", "values": {}}
    fault["values"] = {"value": "2030-13-01", "why": "没有这一天"}
    whole = {"row": 0, "code": "empty_file", "sentence": "", "values": {"filename": "100%(.csv"}}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert roster_fault(fault).startswith("Date “2030-13-01” is not possible (no such day).")
        assert roster_fault(whole).startswith("“100%(.csv” has no rows of people.")
        assert roster_fault({"row": 3, "code": "older_than_this", "sentence": "一句话"}) == "一句话"


def test_an_error_is_told_with_its_facts(app):
    error = Conflict("名称 %(slug)s 已被使用,请换一个。", slug="云汀")
    assert error.sentence == str(error) == "名称 云汀 已被使用,请换一个。"
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert told(error) == "The name 云汀 is taken. Choose another."
