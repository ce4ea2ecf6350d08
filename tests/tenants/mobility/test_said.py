"""A place of a move stays at district level; whatever says less than a house is let be."""

import pytest

from tenants.mobility.said import is_too_exact


@pytest.mark.parametrize(
    "place",
    [
        "",
        "某市某区",
        "虚构县夏牧场",
        "新疆虚构县",
        "九江市五里街道",
        "三号牧场",
        "301 医院附近",
        "Springfield",
        "本县夏冬牧场",
    ],
)
def test_a_district_is_enough(place):
    assert not is_too_exact(place)


@pytest.mark.parametrize(
    "place",
    ["虚构路5号", "虚构大街 12 号", "虚构小区３栋", "2 单元 301 室", "虛構街三號", "139 0000 1234"],
)
def test_a_house_or_a_telephone_is_too_much(place):
    assert is_too_exact(place)
