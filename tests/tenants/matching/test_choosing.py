"""What a person can choose instead of a proposal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from tenants.matching.choosing import choices

TODAY = date(2026, 11, 20)
HOME = (103.6, 40.1)


@dataclass(frozen=True)
class Branch:
    id: UUID
    name: str
    lon: float = 103.6
    lat: float = 40.1
    kind: str = "general"
    classes: tuple[str, ...] = ()
    free: int | None = 3
    opens: bool = True

    def open_on(self, day: date) -> bool:
        return self.opens


def branch(name: str, **facts) -> Branch:
    return Branch(UUID(int=ord(name)), name, **facts)


def test_the_nearer_of_home_and_work_counts_and_the_nearest_comes_first():
    far, near = branch("a", lon=103.62), branch("b", lon=103.601)
    found = choices((103.7, 40.1), HOME, "", [far, near], TODAY)
    assert [choice.name for choice in found] == ["b", "a"]
    assert found[0].place == "work"
    assert found[0].metres == pytest.approx(85.2, abs=0.2)


@pytest.mark.parametrize(
    ("facts", "reason", "can_be_chosen"),
    [
        ({}, "", True),
        ({"free": None}, "", True),
        ({"free": 0}, "no_seat", False),
        ({"opens": False}, "closed", False),
        ({"classes": ("企业",)}, "not_allowed", True),
        ({"classes": ("企业",), "free": 0}, "no_seat", False),
    ],
)
def test_what_speaks_against_a_branch(facts, reason, can_be_chosen):
    found = choices(HOME, None, "商户", [branch("a", **facts)], TODAY)[0]
    assert (found.reason, found.can_be_chosen) == (reason, can_be_chosen)


def test_branches_that_cannot_be_chosen_come_last_however_near():
    found = choices(HOME, None, "", [branch("a", free=0), branch("b", lon=103.65)], TODAY)
    assert [choice.name for choice in found] == ["b", "a"]


def test_without_a_place_there_is_no_distance():
    found = choices(None, None, "", [branch("b"), branch("a")], TODAY)
    assert [(choice.name, choice.metres) for choice in found] == [("a", None), ("b", None)]


def test_seats_proposed_to_others_are_told_and_do_not_bar():
    one = branch("a", free=1)
    found = choices(HOME, None, "", [one], TODAY, {one.id: 1})[0]
    assert (found.free, found.held, found.can_be_chosen) == (1, 1, True)
