"""Single cells of a roster: dates, phones, coordinates, kinds and headers, as tables of cases."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.members.roster_dates import ImpossibleDate, read_date, years_before
from tenants.members.roster_headers import SYNONYMS, field_of, find_header
from tenants.members.roster_sentences import (
    FILE_SENTENCES,
    REMARK_SENTENCES,
    ROW_SENTENCES,
    WHY_DATE,
    distance_words,
)
from tenants.members.roster_texts import (
    has_control_characters,
    is_unknown,
    read_degrees,
    read_kind,
    read_phone,
    read_sex,
    text_of,
    tidy_name,
)


@pytest.mark.parametrize(
    ("cell", "on", "precision"),
    [
        ("2015-03-01", date(2015, 3, 1), "day"),
        ("2015/3/1", date(2015, 3, 1), "day"),
        ("2015.3.1", date(2015, 3, 1), "day"),
        ("2015年3月1日", date(2015, 3, 1), "day"),
        ("2015年3月1号", date(2015, 3, 1), "day"),
        ("２０１５．３．１", date(2015, 3, 1), "day"),
        (" 2015 年 3 月 1 日 ", date(2015, 3, 1), "day"),
        ("2015-03-01 00:00:00", date(2015, 3, 1), "day"),
        ("20150301", date(2015, 3, 1), "day"),
        (20150301.0, date(2015, 3, 1), "day"),
        (42064.0, date(2015, 3, 1), "day"),
        (42064.5, date(2015, 3, 1), "day"),
        ("42064", date(2015, 3, 1), "day"),
        (datetime(2015, 3, 1, 8, 30), date(2015, 3, 1), "day"),
        (date(2015, 3, 1), date(2015, 3, 1), "day"),
        ('="2015-03-01"', date(2015, 3, 1), "day"),
        ("'2015-03-01", date(2015, 3, 1), "day"),
        ("二〇一五年三月一日", date(2015, 3, 1), "day"),
        ("二○一五年十二月三十一日", date(2015, 12, 31), "day"),
        ("2016-02-29", date(2016, 2, 29), "day"),
        ("2015.3", date(2015, 3, 1), "month"),
        (2015.3, date(2015, 3, 1), "month"),
        (2015.12, date(2015, 12, 1), "month"),
        ("2015.10", date(2015, 10, 1), "month"),
        ("2015年3月", date(2015, 3, 1), "month"),
        ("2015-03", date(2015, 3, 1), "month"),
        ("201503", date(2015, 3, 1), "month"),
        ("2015-03-00", date(2015, 3, 1), "month"),
        ("2015", date(2015, 1, 1), "year"),
        (2015.0, date(2015, 1, 1), "year"),
        ("2015年", date(2015, 1, 1), "year"),
        ("2015-00-00", date(2015, 1, 1), "year"),
        ("", None, "unknown"),
        ("不详", None, "unknown"),
        ("/", None, "unknown"),
        ("XX年4月", None, "unknown"),
        ("xxxx1年", None, "unknown"),
        ("20**年5月", None, "unknown"),
    ],
)
def test_dates_keep_the_precision_they_were_written_with(cell, on, precision):
    found, ambiguous = read_date(cell)
    assert (found.on, found.precision, ambiguous) == (on, precision, False)


def test_a_number_that_may_be_january_or_october_gives_the_year_alone():
    found, ambiguous = read_date(2015.1)
    assert (found.on, found.precision, ambiguous) == (date(2015, 1, 1), "year", True)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("2015.13", "calendar"),
        ("2015-02-29", "calendar"),
        ("20150230", "calendar"),
        ("2015-00-05", "calendar"),
        ("1899-12-31", "too_early"),
        ("0000-00-00", "calendar"),
        ("85.3", "short_year"),
        ("85年3月1日", "short_year"),
        ("2015.3.1-2016.3.1", "form"),
        ("3月1日", "form"),
        ("2015年上半年", "form"),
        ("=TODAY()", "form"),
        ("12345678901234567890", "form"),
        ("١٢٣٤", "form"),
        (True, "form"),
        (-3.0, "form"),
        (float("inf"), "form"),
        (1e300, "form"),
    ],
)
def test_impossible_dates_say_why(cell, why):
    with pytest.raises(ImpossibleDate) as caught:
        read_date(cell)
    assert caught.value.why == why
    assert why in WHY_DATE


@given(st.one_of(st.text(max_size=30), st.floats(), st.text("0123456789.-/年月日 ", max_size=12)))
def test_no_cell_whatever_breaks_a_reader(cell):
    try:
        found, _ = read_date(cell)
        assert (found.on is None) == (found.precision == "unknown")
    except ImpossibleDate as fault:
        assert fault.why in WHY_DATE
    read_degrees(cell)
    text = text_of(cell)
    read_phone(text)
    read_kind(text)
    read_sex(text)
    field_of(text)
    has_control_characters(text)


@given(st.dates(date(1910, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_each_way_of_writing_it(day):
    serial = float((day - date(1899, 12, 30)).days)
    spellings = [day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", serial]
    assert {read_date(cell)[0].on for cell in spellings} == {day}


def test_years_before_a_leap_day():
    assert years_before(date(2024, 2, 29), 18) == date(2006, 2, 28)
    assert years_before(date(2026, 11, 21), 18) == date(2008, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("+86-138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ('="13812345678"', "13812345678"),
        ("'13812345678", "13812345678"),
        ("\u200b13812345678\u202c".replace("\u202c", ""), "13812345678"),
        ("13812345678(本人)", "13812345678"),
        ("手机：13812345678", "13812345678"),
        ("本人13812345678", "13812345678"),
        ("13812345678.0", "13812345678"),
        ("没有电话", ""),
        ("0793-8221234", "07938221234"),
        ("(010)62345678", "01062345678"),
        ("+86 10 62345678", "01062345678"),
        ("0793-8221234转12", "07938221234转12"),
        ("8221234", "8221234"),
        ("400-820-8820", "4008208820"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
        ("无", ""),
        ("", ""),
        (" / ", ""),
    ],
)
def test_phones_have_one_form(text, expected):
    assert read_phone(text) == (expected, False)


@pytest.mark.parametrize(
    "text", ["13812345678/13912345678", "13812345678、0793-8221234", "138123 13812345678".replace(" ", "、"),
             "13812345678 13912345678", "13812345678\n13912345678", "13812345678或13912345678",
             "13812345678(本人) 13912345678(女儿)", "13912345678(女儿)、13812345678(本人)"]
)  # fmt: skip
def test_of_several_phones_the_first_usable_is_taken_and_said(text):
    assert read_phone(text) == ("13812345678", True)


@pytest.mark.parametrize(
    "text",
    ["1381234567", "138123456789", "12812345678", "1.38E+10", "12345", "=cmd", "张三", "儿子13812345678", "停机", "+861", "138x2345678"],
)  # fmt: skip
def test_unusable_phones_are_none(text):
    assert read_phone(text) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (116.3913, 116.3913),
        ("116.3913", 116.3913),
        ("116.3913°", 116.3913),
        ("E116.3913", 116.3913),
        ("东经116.3913", 116.3913),
        ("１１６．３９１３", 116.3913),
        ("116°23'28.68\"", 116.3913),
        ("116度23分28.68秒", 116.3913),
        ("116°23′28.68″E", 116.3913),
        ("39°54.45'", 39.9075),
        ("-33.9", -33.9),
        ("abc", None),
        ("116,3913", None),
        ("116.39,39.9", None),
        ("1e400", None),
        ("9" * 400, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_degrees(cell, expected):
    found = read_degrees(cell)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_blank_coordinates_are_missing_not_wrong():
    for blank in ("", "无", "/", "#N/A"):
        assert read_degrees(blank) != read_degrees(blank)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("在册", "affiliated"),
        ("在冊党员", "affiliated"),
        ("直管党员", "affiliated"),
        ("流入", "inflow"),
        ("流入黨員", "inflow"),
        ("外来党员", "inflow"),
        ("流 出", "outflow"),
        ("已流出", "outflow"),
        ("流出（务工）", "outflow"),
        ("外住", "living_outside"),
        ("流入流出", None),
        ("积极分子", None),
        ("", None),
    ],
)
def test_kinds(text, kind):
    assert read_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "sex"),
    [("男", "男"), ("女性", "女"), ("F", "女"), ("", ""), ("不详", ""), ("1", None)],
)
def test_sex_is_read_or_left_open(text, sex):
    assert read_sex(text) == sex


def test_names_spread_to_fill_a_column_are_closed_up_and_others_left():
    assert tidy_name(" 张\u3000 三 ") == "张三"
    assert tidy_name("阿依古丽·买买提") == "阿依古丽·买买提"
    assert tidy_name("Ann  Lee") == "Ann Lee"
    assert tidy_name("张\u200b三") == "张三"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", False),
        ("行一\r\n行二\t格", False),
        ("\u200b", False),
        ("\x00", True),
        ("a\x1bb", True),
        ("\u202e倒", True),
        ("\x85", True),
        ("\ud800", True),
    ],
)
def test_control_characters(text, expected):
    assert has_control_characters(text) is expected


def test_every_way_to_say_nobody_knows():
    assert all(is_unknown(text) for text in ("", "/", "不详", "?", "N/A", "——", "#REF!"))
    assert not is_unknown("无锡路1号")


def test_every_synonym_means_its_field_however_it_is_decorated():
    for name, words in SYNONYMS.items():
        for word in words:
            for written in (word, f" {word}* ", f"{word}(必填)", f"{word}:", word.upper()):
                assert field_of(written) == name, written


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("姓　名", "name"),
        ("聯絡電話", "phone"),
        ("所屬社群", "community"),
        ("出生日期（年/月/日）", "birth"),
        ("經度（GCJ-02）", "lon"),
        ("Ｘ", "lon"),
        ("党员类别", "stage"),
        ("身份证号", "document"),
        ("备注", None),
        ("", None),
    ],
)  # fmt: skip
def test_headers_of_offices(text, name):
    assert field_of(text) == name


def test_a_person_is_not_taken_for_a_header_nor_a_title():
    rows = [["党员姓名 手机登记表"], ["姓名"], ["姓名", "手机"], ["某某", "13812345678"]]
    assert find_header(rows).row == 2
    assert find_header([["甲"], ["姓名"]]) is None
    assert find_header([[""]] * 40 + [["姓名", "手机"]]) is None


def test_two_phone_columns_are_both_used_two_longitudes_never():
    header = find_header([["姓名", "手机", "联系电话", "经度", "东经", "纬度"]])
    assert header.columns["phone"] == (1, 2)
    assert header.columns["lon"] == (3,)
    assert header.ignored == ("东经",)


def test_sentences_are_whole_and_say_what_to_do():
    for sentences in (FILE_SENTENCES, ROW_SENTENCES):
        for sentence in sentences.values():
            assert sentence.endswith("。")
    assert not set(ROW_SENTENCES) & set(REMARK_SENTENCES)


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0.2, " 1 米"),
        (35.4, " 35 米"),
        (999.4, " 999 米"),
        (2480, " 2.5 公里"),
        (250_400, " 250 公里"),
    ],
)
def test_distances_as_people_say_them(metres, words):
    assert distance_words(metres) == words
