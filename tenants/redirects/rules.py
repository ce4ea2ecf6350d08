"""How an arrival moves to a neighbouring community: two legs, and whose turn it is. Pure.

Sources: domain TRF-4 (no refusal without a way on), MOB-10 (each side edits its own), design
section 2. The sender's leg: proposed -> accepted -> released -> done. The receiver's: proposed ->
accepted -> delivered -> done. The person stands in the sender's register until its leg is done,
and from then on with the receiver, who had everything before: never in both, never in neither.
"""

from dataclasses import dataclass

SIDES = ("from", "to", "county")
STATES = (
    "proposed",
    "accepted",
    "correction",
    "passed_on",
    "escalated",
    "settled",
    "released",
    "delivered",
    "done",
    "withdrawn",
)
REASONS = ("nearer", "no_seat", "not_allowed", "out_of_reach", "works_there", "moved", "other")
"""Why somebody is to go elsewhere."""
CORRECTIONS = ("already_here", "place_unclear", "class_unclear", "identity_unclear")
"""What the sender is asked to put right (TRF-4: a reason list, never a refusal)."""
WAYS_ON = ("other_nearer", "all_full", "not_our_ground")
"""Why the receiver passes it on or asks the county."""
OPEN = {
    "from": ("proposed", "accepted", "correction", "escalated", "released"),
    "to": ("proposed", "accepted", "correction", "delivered"),
    "county": ("escalated",),
}
"""States of each side in which something is still to be done by somebody."""
MOST_ROUNDS = 4
"""Passed on that often, it goes to the county and to nobody else."""

MAY = {
    "accept": ("to", ("proposed", "correction")),
    "ask_correction": ("to", ("proposed",)),
    "pass_on": ("to", ("proposed", "correction")),
    "escalate": ("to", ("proposed", "correction")),
    "propose_again": ("from", ("correction",)),
    "release": ("from", ("accepted",)),
    "withdraw": ("from", ("proposed", "accepted", "correction", "escalated", "released")),
    "settle": ("county", ("escalated",)),
}
"""What a person may do: on which side, in which of its states."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one leg stands. `round` grows each time the sender asks somebody anew."""

    state: str
    round: int


def may(act: str, side: str, state: str, round_: int = 1) -> bool:
    """Whether a person on this side may do this now."""
    whose, states = MAY[act]
    if act == "pass_on" and round_ >= MOST_ROUNDS:
        return False
    return side == whose and state in states


def next_step(sender: Stand, receiver: Stand | None, county: Stand | None) -> str:
    """What is to be carried over next; '' when it is somebody's turn, or nothing is left.

    Each step edits one leg only and can be repeated: what it led to is no longer its cause.
    """
    heard = _heard(sender, receiver)
    if sender.state == "proposed" and (receiver is None or receiver.round < sender.round):
        return "tell_receiver"
    if sender.state in ("proposed", "correction") and heard and heard != sender.state:
        return "tell_sender" if heard != "proposed" else ""
    if sender.state == "escalated":
        if county is None or county.round < sender.round:
            return "tell_county"
        if county.state == "settled" and county.round == sender.round:
            return "hear_county"
    if sender.state == "withdrawn":
        if receiver and receiver.state in OPEN["to"]:
            return "call_off"
        if county and county.state == "escalated":
            return "call_off_county"
    return _handing_over(sender, receiver)


def _heard(sender: Stand, receiver: Stand | None) -> str:
    if receiver is None or receiver.round != sender.round:
        return ""
    return receiver.state


def _handing_over(sender: Stand, receiver: Stand | None) -> str:
    states = (sender.state, receiver.state if receiver else "")
    return {
        ("released", "accepted"): "deliver",
        ("released", "delivered"): "let_go",
        ("done", "delivered"): "take_in",
    }.get(states, "")
