"""Places as offices write them, and the one spelling of each: tables of cases."""

from __future__ import annotations

import pytest

from tenants.places.spelling import natural, normal_name, normalised


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("清和小区3号楼", "清和小区3号楼"),
        ("清和小区三号楼", "清和小区3号楼"),
        ("清和小区 3 栋", "清和小区3号楼"),
        ("清和小区3幢2单元301室", "清和小区3号楼"),
        ("清和小区第三幢", "清和小区3号楼"),
        ("清和小区３号楼", "清和小区3号楼"),
        ("清和小区3#楼", "清和小区3号楼"),
        ("清和小区3#301", "清和小区3号楼"),
        ("清和小区3＃", "清和小区3号楼"),
        ("清和小區三號樓二單元301室", "清和小区3号楼"),
        ("清和小區3棟", "清和小区3号楼"),
        ("清和小区3-2-301", "清和小区3号楼"),
        ("清和小区3－301室", "清和小区3号楼"),
        ("清和小区，3号楼（东侧）", "清和小区3号楼"),
        ("清和小区3楼2单元", "清和小区3号楼"),
        ("清和小区3楼301", "清和小区"),
        ("清和小区2单元301", "清和小区"),
        ("清和小区二十三号楼", "清和小区23号楼"),
        ("清和小区一百零五号楼", "清和小区105号楼"),
        ("清和小区二〇三号楼", "清和小区203号楼"),
        ("清和小区十号楼", "清和小区10号楼"),
        ("清和小区a座1205", "清和小区A号楼"),
        ("清和小区甲栋", "清和小区甲号楼"),
        ("清和小区B2栋", "清和小区B2号楼"),
        ("清和小区12-3号楼", "清和小区12-3号楼"),
        ("清和二期3号楼", "清和2期3号楼"),
        ("幸福路12号院3号楼501", "幸福路12号院3号楼"),
        ("幸福路十二号", "幸福路12号"),
        ("幸福路12号301室", "幸福路12号"),
        ("听雨定居点3号", "听雨定居点3号"),
        ("虚构市虚构区清和小区3号楼", "虚构市虚构区清和小区3号楼"),
        ("综合楼2楼", "综合楼"),
        ("清和社群3棟", "清和社区3号楼"),
        ("3号楼", "3号楼"),
        ("", ""),
        ("  ，。 ", ""),
        ("无", "无"),
    ],
)
def test_one_spelling_for_all_ways_to_write_a_place(written, plain):
    assert normalised(written) == plain
    assert normalised(plain) == plain


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("3", "3号楼"),
        ("3楼", "3号楼"),
        ("楼", "楼"),
        ("三栋", "3号楼"),
        ("A", "A号楼"),
        ("3号", "3号"),
        ("综合楼", "综合楼"),
    ],
)
def test_a_bare_number_is_a_buildings(name, plain):
    assert normal_name(name) == plain


@pytest.mark.parametrize(
    "text", ["(" * 500, "号" * 500, "一" * 300 + "号楼", "3-" * 300, "A" * 2000]
)
def test_strange_texts_are_read_quickly_and_to_the_end(text):
    assert isinstance(normalised(text), str)


def test_two_comes_before_ten():
    assert sorted(["10号楼", "2号楼", "A座"], key=natural) == ["A座", "2号楼", "10号楼"]
