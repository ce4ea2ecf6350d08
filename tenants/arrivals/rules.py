"""The life of an inflow case. Source: domain, section 7.

signalled -> verified -> proposed -> consented -> placed -> filed -> served, with `unserved` as a
state of its own, never a silence: from it a new match leads back to proposed. `redirected`: with
another community now (`tenants.redirects`), the end of the case here.
"""

STATES = (
    "signalled",
    "verified",
    "proposed",
    "consented",
    "placed",
    "filed",
    "served",
    "unserved",
    "redirected",
)
UNSERVED_REASONS = ("no_place", "out_of_reach", "no_seat", "not_allowed")
WAITING = ("signalled", "verified", "unserved")
"""States in which a match run may make a proposal."""
WITHOUT_SEAT = (*WAITING, "proposed")
"""States in which no seat of a branch is taken for the arrival."""

_NEXT = {
    "signalled": {"verified", "proposed", "placed", "unserved"},
    "verified": {"proposed", "placed", "unserved"},
    "proposed": {"consented", "placed", "verified", "unserved"},
    "consented": {"placed", "proposed"},
    "placed": {"filed", "proposed", "verified"},
    "filed": {"served"},
    "served": {"unserved"},
    "unserved": {"verified", "proposed", "placed", "unserved"},
    "redirected": set(),
}


def may_become(state: str, following: str) -> bool:
    """Whether a case in `state` may go on to `following`.

    placed -> proposed is the undo of an acceptance; proposed -> verified is "another, please".
    """
    return following in _NEXT[state]
