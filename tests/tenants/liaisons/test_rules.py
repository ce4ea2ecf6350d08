"""Who ought to have a liaison, when one has nobody behind it, and how many one may have."""

from datetime import UTC, datetime, timedelta

import pytest

from tenants.errors import Conflict
from tenants.liaisons.rules import Keeper, check_load, check_undo, gone, is_over, need


@pytest.mark.parametrize(
    ("affiliation", "away", "placed", "why"),
    [
        ("affiliated", True, True, "outflow"),
        ("affiliated", True, False, "outflow"),
        ("affiliated", False, True, ""),
        ("incoming", False, True, "inflow"),
        ("incoming", False, False, ""),
        ("reported_in", False, True, ""),
    ],
)
def test_who_ought_to_have_one(affiliation, away, placed, why):
    """LIA-1: one named person for each who is away; inflow once they have a branch."""
    assert need(affiliation, away, placed) == why


@pytest.mark.parametrize(
    ("keeper", "why"),
    [
        (Keeper("person", works_here=True), ""),
        (Keeper("person"), "no_standing"),
        (Keeper("member"), ""),
        (Keeper("member", has_left=True, is_away=True), "left"),
        (Keeper("member", is_away=True), "away"),
        (Keeper("member", is_untraced=True, is_away=True), "untraced"),
    ],
)
def test_when_nobody_stands_behind_it(keeper, why):
    """LIA-1: the liaison leaves, or is also mobile."""
    assert gone(keeper) == why


@pytest.mark.parametrize(
    ("load", "more", "most", "beyond", "refused"),
    [
        (0, 1, 1, False, False),
        (1, 0, 1, False, False),
        (1, 1, 1, False, True),
        (1, 1, 1, True, False),
        (9, 90, None, False, False),
    ],
)
def test_a_cap_is_passed_only_when_somebody_says_so(load, more, most, beyond, refused):
    """LIA-2: a load cap per person, from the rule pack."""
    if refused:
        with pytest.raises(Conflict, match="最多 1 名"):
            check_load(load, more, most, beyond)
    else:
        check_load(load, more, most, beyond)
    assert is_over(load + more, most) == (most is not None and load + more > most)


def test_a_day_is_given_to_undo():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    check_undo(now - timedelta(hours=24), now)
    with pytest.raises(Conflict):
        check_undo(now - timedelta(hours=24, seconds=1), now)
