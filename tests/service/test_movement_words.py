"""Half-known days, lengths and lines of rules, in words; every code has its word."""

from datetime import date

import pytest

from service import movement_words as says
from tenants.mobility import classes, duties, findings, histories, pack
from tenants.mobility import said as heard
from tenants.mobility.calendar import UNKNOWN_DAY, PartialDay, partial_day
from tests.factories.histories import the_pack


@pytest.fixture(autouse=True)
def in_chinese(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, "未知"),
        (UNKNOWN_DAY, "未知"),
        (partial_day(date(2026, 3, 5)), "2026年3月5日"),
        (partial_day(date(2026, 2, 5), "month"), "2026年2月"),
        (partial_day(date(2026, 2, 5), "year"), "2026年"),
        (PartialDay(date.min, date(2026, 3, 5)), "2026年3月5日以前，日期不详"),
        (PartialDay(date(2026, 1, 1), date(2026, 3, 5)), "2026年1月1日到2026年3月5日之间"),
    ],
)
def test_a_day_is_said_as_well_as_it_is_known(known, words):
    assert says.known_day(known) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [((12, 12), "12 天"), ((12, 42), "12 到 42 天"), ((12, 739_000), "至少 12 天")],
)
def test_a_length_says_what_is_not_known(days, words):
    assert says.days_away(days) == words


@pytest.mark.parametrize(
    ("pack_id", "rule", "words"),
    [
        ("xijie", "medium_from", "满 3 个月起算中期。"),
        ("xijie", "long_from", "满 6 个月起算长期。"),
        ("township", "medium_from", "一外出就算中期。"),
        ("one-month", "inflow_from", "来了满 1 个月起计入。"),
        ("xijie", "inflow_from", "不看时间长短。"),
        ("fuyun", "seasonal", ""),
        ("one-month", "long_from", ""),
    ],
)
def test_a_rule_says_where_it_draws_its_line(pack_id, rule, words):
    assert says.line_of(getattr(the_pack(pack_id), rule)) == words


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (classes.CLASSES, says.CLASS_WORDS),
        (classes.REASONS, says.REASON_WORDS),
        (findings.FINDINGS, says.FINDING_WORDS),
        (duties.STATES, says.DUTY_STATE_WORDS),
        (duties.REPORTS, says.REPORT_WORDS),
        (pack.TREATMENTS, says.TREATMENT_WORDS),
        (pack.STATUSES, says.STATUS_WORDS),
        (histories.STAGES, says.STAGE_WORDS),
        (histories.STAGES, says.STAY_WORDS),
        (dict.fromkeys([*heard.REASONS, *heard.ACTIVITIES]), says.MOVE_WORDS),
    ],
)
def test_every_code_has_its_word_and_no_word_is_left_over(codes, words):
    assert set(codes) == set(words)
