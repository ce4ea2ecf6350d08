"""Whose turn it is, and what is carried next (domain TRF-4, MOB-10)."""

from __future__ import annotations

from itertools import product

import pytest

from tenants.redirects.rules import MAY, MOST_ROUNDS, OPEN, SIDES, STATES, Stand, may, next_step

SENDER = ("proposed", "accepted", "correction", "escalated", "released", "done", "withdrawn")
RECEIVER = (
    "proposed",
    "accepted",
    "correction",
    "passed_on",
    "escalated",
    "delivered",
    "done",
    "withdrawn",
)


def stand(said: str | None) -> Stand | None:
    """'accepted 2' -> that state in the second round."""
    if said is None:
        return None
    state, _, round_ = said.partition(" ")
    return Stand(state, int(round_ or 1))


@pytest.mark.parametrize(
    ("sender", "receiver", "county", "step"),
    [
        ("proposed", None, None, "tell_receiver"),
        ("proposed 2", "correction", None, "tell_receiver"),
        ("proposed 2", "passed_on", None, "tell_receiver"),
        ("proposed", "proposed", None, ""),
        ("proposed", "accepted", None, "tell_sender"),
        ("proposed", "correction", None, "tell_sender"),
        ("proposed", "passed_on", None, "tell_sender"),
        ("proposed", "escalated", None, "tell_sender"),
        ("correction", "correction", None, ""),
        ("correction", "accepted", None, "tell_sender"),
        ("correction", "escalated", None, "tell_sender"),
        ("accepted", "accepted", None, ""),
        ("escalated", "escalated", None, "tell_county"),
        ("escalated", "escalated", "escalated", ""),
        ("escalated", "escalated", "settled", "hear_county"),
        ("escalated 2", "escalated 2", "settled 1", "tell_county"),
        ("released", "accepted", None, "deliver"),
        ("released", "delivered", None, "let_go"),
        ("done", "delivered", None, "take_in"),
        ("done", "done", None, ""),
        ("withdrawn", "proposed", None, "call_off"),
        ("withdrawn", "accepted", None, "call_off"),
        ("withdrawn", "delivered", None, "call_off"),
        ("withdrawn", "withdrawn", None, ""),
        ("withdrawn", "escalated", "escalated", "call_off_county"),
        ("withdrawn", "passed_on", None, ""),
        ("withdrawn", None, None, ""),
    ],
)
def test_what_is_carried_next(sender, receiver, county, step):
    assert next_step(stand(sender), stand(receiver), stand(county)) == step


def test_nobody_is_left_without_a_way_on():
    """In every open state of every side somebody may act, or something is carried."""
    for sender, receiver in product(SENDER, RECEIVER):
        if sender in OPEN["from"] and receiver in OPEN["to"]:
            acts = [
                act
                for act in MAY
                for side, state in (("from", sender), ("to", receiver))
                if may(act, side, state)
            ]
            assert acts, (sender, receiver)


@pytest.mark.parametrize("state", ["proposed", "correction"])
def test_the_receiver_cannot_simply_refuse(state):
    ways = {act for act in MAY if may(act, "to", state)}
    assert ways >= {"accept", "pass_on", "escalate"}
    assert not {act for act in MAY if "refuse" in act or "reject" in act}


def test_it_is_not_passed_on_for_ever():
    assert may("pass_on", "to", "proposed", MOST_ROUNDS - 1)
    assert not may("pass_on", "to", "proposed", MOST_ROUNDS)
    assert may("escalate", "to", "proposed", MOST_ROUNDS)


def test_a_side_does_the_others_acts_never():
    for act, (whose, _states) in MAY.items():
        for side, state in product(SIDES, STATES):
            if side != whose:
                assert not may(act, side, state)
