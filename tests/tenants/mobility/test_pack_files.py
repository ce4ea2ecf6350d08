"""The packs of the repository, and what the loader refuses."""

from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from tenants.mobility.calendar import Term
from tenants.mobility.pack import Interval, in_force
from tenants.mobility.pack_files import (
    FOLDER,
    RulePackFault,
    pack_from,
    read_pack,
    repository_packs,
)

FILE = "small.2024-05-01.toml"
SMALL = {
    "id": "small",
    "title": "小规则",
    "valid_from": date(2024, 5, 1),
    "dating": "测试",
    "status": "from_source",
    "rules": {
        "long_from": {"value": {"months": 6}, "clause": "001_afcb 三-2三", "quotation": "六个月"},
    },
    "treatments": [
        {
            "for_class": "medium",
            "value": "certificate",
            "clause": "001_afcb 三-2三",
            "quotation": "持证",
        }
    ],
}


def changed(path: str, value: object) -> dict:
    """SMALL with one thing put in, or taken out where value is None."""
    written = deepcopy(SMALL)
    *way, last = path.split("/")
    at = written
    for step in way:
        at = at[int(step)] if step.isdigit() else at.setdefault(step, {})
    if value is None:
        del at[last]
    else:
        at[last] = value
    return written


def test_every_file_of_the_repository_is_a_pack():
    packs = repository_packs()
    assert len(packs) == len(list(FOLDER.iterdir()))
    assert {pack.id for pack in packs} == {
        "one-month",
        "xijie",
        "one-to-one",
        "fuyun",
        "township",
        "national-2024",
    }


def test_every_rule_cites_its_clause_in_its_words():
    for pack in repository_packs():
        for cited in [*pack.rules(), *pack.treatments]:
            assert cited.clause and cited.quotation, (pack.id, cited)


def test_only_the_national_pack_waits_for_its_primary_text():
    for pack in repository_packs():
        national = pack.id == "national-2024"
        assert (pack.status == "to_be_confirmed") is national
        assert ("待核对" in pack.title) is national


@pytest.mark.parametrize(
    ("pack_id", "rule", "value"),
    [
        ("one-month", "inflow_from", Term(1)),
        ("one-month", "inflow_basis", ("work", "home")),
        ("one-month", "long_from", None),
        ("xijie", "medium_from", Term(3)),
        ("xijie", "long_from", Term(6)),
        ("xijie", "report_before_leaving", Term(0)),
        ("xijie", "contact_every", None),
        ("one-to-one", "liaison_most", 1),
        ("one-to-one", "report_every", Interval(6, "months")),
        ("one-to-one", "certificate_check_every", Interval(12, "months")),
        ("township", "contact_every", Interval(1, "quarters")),
        ("township", "report_every", Interval(6, "months")),
        ("township", "temporary_branch_from", 3),
        ("fuyun", "report_before_leaving", Term(3)),
        ("fuyun", "report_every", Interval(1, "quarters")),
        ("fuyun", "seasonal", True),
        ("xijie", "seasonal", None),
        ("national-2024", "long_from", Term(6)),
        ("national-2024", "medium_from", None),
    ],
)
def test_the_packs_say_what_their_sources_say(pack_id, rule, value):
    found = getattr(in_force(repository_packs(), pack_id, date(2026, 11, 1)), rule)
    assert (found and found.value) == value


def test_the_version_in_force_is_the_latest_that_has_begun():
    first = pack_from(SMALL, FILE)
    later = pack_from(changed("valid_from", date(2025, 1, 1)), "small.2025-01-01.toml")
    packs = [later, first]
    assert in_force(packs, "small", date(2024, 12, 31)) is first
    assert in_force(packs, "small", date(2025, 1, 1)) is later
    assert in_force(packs, "small", date(1990, 1, 1)) is first
    with pytest.raises(KeyError):
        in_force(packs, "big", date(2025, 1, 1))


def test_a_transfer_needs_an_organisation_where_they_work():
    township = in_force(repository_packs(), "township", date(2026, 1, 1))

    def wanted(known):
        return [each.value for each in township.treatments_of("long_fixed", known)]

    assert wanted(True) == ["transfer"]
    assert wanted(False) == ["certificate"]
    assert wanted(None) == ["transfer", "certificate"]
    assert [each.value for each in township.treatments_of("long_roving", True)] == ["certificate"]


LONG = "rules/long_from"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("title", None, "开头：缺少 title；请补上"),
        ("title", " 小", "前后不留空格"),
        ("owner", "x", "开头：多出 owner"),
        ("valid_from", "2024-05-01", "valid_from：不是日期"),
        ("valid_from", date(2024, 5, 2), "改名为 small.2024-05-02.toml"),
        ("id", "other", "改名为 other.2024-05-01.toml"),
        ("status", "final", "只能是 from_source、to_be_confirmed"),
        ("rules", None, "至少写一条"),
        ("rules/long_form", {"value": 1}, "rules.long_form：不认识这条规则；只能是 medium_from"),
        (f"{LONG}/clause", None, "rules.long_from：缺少 clause"),
        (f"{LONG}/clause", "第二条", "看不懂出处“第二条”"),
        (f"{LONG}/quotation", "", "rules.long_from的 quotation：不是一段文字"),
        (f"{LONG}/quotation", "字" * 61, "引文太长"),
        (f"{LONG}/value", 6, "写成 { months = 1 } 这样"),
        (f"{LONG}/value", {"weeks": 6}, "只能是 months、days"),
        (f"{LONG}/value", {"months": 6, "days": 1}, "一个单位和一个数"),
        (f"{LONG}/value", {"months": -1}, "months 的数不能用"),
        (f"{LONG}/value", {"months": True}, "months 的数不能用"),
        (f"{LONG}/value", {"months": 6.0}, "months 的数不能用"),
        ("rules/seasonal", {**SMALL["rules"]["long_from"], "value": False}, "不是 true"),
        ("rules/liaison_most", {**SMALL["rules"]["long_from"], "value": "1"}, "不是正整数"),
        ("rules/contact_every", {**SMALL["rules"]["long_from"], "value": {"days": 0}}, "不能用"),
        ("rules/inflow_basis", {**SMALL["rules"]["long_from"], "value": ["hotel"]}, "work、home"),
        ("rules/inflow_from", SMALL["rules"]["long_from"], "要和 inflow_basis 一起写"),
        ("rules/medium_from", SMALL["rules"]["long_from"], "不短于 long_from"),
        ("treatments/0/value", "expel", "treatments 第 1 条的 value：不认识“expel”"),
        ("treatments/0/for_class", "problem", "不认识“problem”"),
        ("treatments/0/needs", "money", "只能是 employer_has_organisation"),
        ("treatments", {}, "treatments：不是列表"),
    ],
)
def test_a_fault_is_one_sentence_that_says_where_and_what_to_do(path, value, said):
    with pytest.raises(RulePackFault) as refused:
        pack_from(changed(path, value), FILE)
    sentence = str(refused.value)
    assert said in sentence
    assert sentence.startswith(f"规则包 {FILE} 的 ") and sentence.count("。") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"id = ", "不是有效的 TOML"), ("id = '包'".encode("gb18030"), "用 UTF-8 另存一次")],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, content, said):
    path = tmp_path / FILE
    path.write_bytes(content)
    with pytest.raises(RulePackFault, match=said):
        read_pack(path)
