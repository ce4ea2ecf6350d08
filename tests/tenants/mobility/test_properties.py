"""What holds for any histories under any pack: order, growth, one class a day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.mobility.calendar import UNKNOWN_DAY, PartialDay, Season, partial_day
from tenants.mobility.classes import CLASSES, LADDER, class_on, next_change
from tenants.mobility.findings import findings
from tenants.mobility.histories import Extension, History, away_days
from tenants.mobility.pack_files import repository_packs
from tenants.mobility.rules import changes_within, class_of, spans

FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
PACKS = st.sampled_from(repository_packs())
DAYS = st.dates(FIRST, LAST)
PARTIAL = st.builds(partial_day, DAYS, st.sampled_from(["day", "day", "day", "month", "year"]))
untimed = settings(deadline=None, max_examples=80)
RANK = {"short": 0, "medium": 1, "long_fixed": 2, "long_roving": 2}


@st.composite
def episodes(draw: st.DrawFn, number: int = 0) -> History:
    started = draw(st.one_of(PARTIAL, st.just(UNKNOWN_DAY)))
    ended = draw(st.none() | PARTIAL)
    if ended and draw(st.booleans()):
        ended = PartialDay(max(ended.first, min(started.last, LAST)), max(ended.last, LAST))
    return History(
        id=f"episode {number}",
        direction=draw(st.sampled_from(["outflow", "outflow", "inflow"])),
        started=started,
        planned=draw(st.none() | PARTIAL),
        extensions=tuple(
            draw(st.lists(st.builds(Extension, PARTIAL, st.none() | DAYS), max_size=2))
        ),
        ended=ended,
        fixed=draw(st.none() | st.booleans()),
        season=draw(st.none() | st.builds(Season, st.integers(1, 12), st.integers(1, 12))),
        settled_on=draw(st.none() | st.none() | DAYS),
        here_for=draw(st.frozensets(st.sampled_from(["work", "home", "proof"]))),
    )


@st.composite
def lives(draw: st.DrawFn) -> list[History]:
    return [draw(episodes(number)) for number in range(draw(st.integers(0, 4)))]


@untimed
@given(lives(), PACKS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_episodes_means_nothing(life, pack, day, chance):
    shuffled = list(life)
    chance.shuffle(shuffled)
    assert class_of(shuffled, pack, day) == class_of(life, pack, day)
    assert findings(shuffled, pack, day) == findings(life, pack, day)
    assert changes_within({"m": shuffled}, pack, day) == changes_within({"m": life}, pack, day)


@untimed
@given(lives(), PACKS, DAYS, st.integers(0, 500))
def test_each_day_has_exactly_one_class(life, pack, first, days):
    last = first + timedelta(days=days)
    found = spans(life, pack, first, last)
    assert found[0].first == first and found[-1].last == last
    for one, following in zip(found, found[1:], strict=False):
        assert following.first == one.last + timedelta(days=1)
        assert (one.name, one.rule) != (following.name, following.rule)
    for span in found:
        assert span.name in CLASSES
        for day in {span.first, span.last, span.first + (span.last - span.first) // 2}:
            assert class_of(life, pack, day).name == span.name


@untimed
@given(episodes(), DAYS, DAYS)
def test_a_later_day_never_makes_an_open_absence_shorter(episode, one, other):
    earlier, later = sorted((one, other))
    fewest, most = away_days(episode, earlier)
    assert fewest <= most
    assert fewest <= away_days(episode, later)[0] and most <= away_days(episode, later)[1]


@untimed
@given(PARTIAL, st.none() | PARTIAL, st.booleans(), PACKS, DAYS, DAYS)
def test_nor_its_class_lower(started, planned, fixed, pack, one, other):
    earlier, later = sorted((one, other))
    episode = History("e", "outflow", started, planned, fixed=fixed)
    before, after = (class_on(episode, pack, day) for day in (earlier, later))
    if before.name in LADDER:
        assert after.name in LADDER or after.reason == "length_not_known"
        assert RANK[before.name] <= min(RANK[name] for name in after.possible or (after.name,))


@untimed
@given(episodes(), PACKS, DAYS)
def test_an_unknown_says_why_and_a_known_one_names_its_rule(episode, pack, day):
    answer = class_on(episode, pack, day)
    assert (answer.name == "unknown") >= bool(answer.possible)
    if answer.name not in ("unknown", "none"):
        assert answer.rule in pack.rules() and answer.rule.clause
    if answer.since:
        assert answer.since <= day
        assert class_on(episode, pack, answer.since).name == answer.name
        before = answer.since - timedelta(days=1)
        assert class_on(episode, pack, before).name != answer.name


@untimed
@given(episodes(), PACKS, DAYS, st.integers(1, 400))
def test_nothing_changes_before_the_next_change(episode, pack, day, later):
    coming = next_change(episode, pack, day)
    asked = day + timedelta(days=later)
    if coming is None or asked < coming[0]:
        assert class_on(episode, pack, asked).name == class_on(episode, pack, day).name
    else:
        assert coming[0] > day
        assert coming[1].name != class_on(episode, pack, day).name
