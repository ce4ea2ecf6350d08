"""Random redirects, stopped after every step: everybody is in exactly one place.

A step is one transaction. After each of them whatever a worker had in its memory is gone: the next
step is found from what the two legs say, and now and then the one before is done a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, text

from tenants.arrivals.actions import ArrivalDraft, register_arrivals
from tenants.errors import WanggeError
from tenants.redirects import actions
from tenants.redirects.lookups import leg_or_none
from tenants.redirects.rules import CORRECTIONS, REASONS, WAYS_ON, may
from tests.factories.counties import a_community, a_county
from tests.factories.members import a_draft
from workers.jobs.carry_redirect import one_step

MOST_WAVES = 40
UNLIMITED = (None, None, None)

WHERE = text("""
    SELECT m.name, count(*) FILTER (WHERE m.left_on IS NULL) AS registers,
           count(*) FILTER (WHERE m.left_on = DATE '0001-01-01' AND EXISTS (
               SELECT FROM redirect b JOIN redirect a ON a.id = b.id AND a.side = 'from'
               WHERE b.tenant_id = m.tenant_id AND b.member_id = m.id AND b.side = 'to'
                 AND b.state = 'delivered' AND a.state = 'done')) AS arriving
    FROM member m WHERE m.tenant_id = ANY(:tenants) GROUP BY m.name
""")
"""In how many registers somebody stands, and with how many receivers who have all of them while
the sender has let them go. The two together must be one."""


@dataclass
class Saga:
    """One person's way. `sender`: which of the places has them first."""

    redirect_id: UUID
    sender: int
    over: bool = False
    steps: list[str] = field(default_factory=list)


def run(app: Flask, everywhere: Connection, how_many: int, seed: int) -> list[Saga]:
    """That many redirects between three communities, judged after every step of each.

    `everywhere`: a superuser's connection, which sees all sides at once.
    """
    dice = Random(seed)
    county = a_county(app)
    places = [a_community(county, capacities=UNLIMITED) for _ in range(3)]
    sagas = _begun(dice, places, how_many)
    for _wave in range(MOST_WAVES):
        for saga in sagas:
            if not saga.over:
                _one_thing(dice, places, [*places, county], saga)
        _everybody_is_in_one_place(everywhere, places, how_many)
        if all(saga.over for saga in sagas):
            break
    assert all(saga.over for saga in sagas)
    _nothing_is_left_over(everywhere, places, sagas)
    return sagas


def _begun(dice, places, how_many) -> list[Saga]:
    """Each sender registers its people, and proposes each of them to somebody else."""
    sagas = []
    for number, place in enumerate(places):
        share = how_many // 3 + (number < how_many % 3)
        drafts = [
            ArrivalDraft(a_draft(place, name=f"虚构党员{number}之{each}")) for each in range(share)
        ]
        with place.acting() as scope:
            arrival_ids = register_arrivals(scope, drafts)
        for start in range(0, share, 50):
            with place.acting() as scope:
                for arrival_id in arrival_ids[start : start + 50]:
                    other = dice.choice([each for each in places if each is not place])
                    sagas.append(
                        Saga(
                            actions.propose(
                                scope,
                                arrival_id,
                                dice.choice(other.branches),
                                dice.choice(REASONS),
                            ),
                            number,
                        )
                    )
    return sagas


def _one_thing(dice, places, offices, saga) -> None:
    """One step of the worker's; when there is none, one decision of whoever has a turn."""
    sender = places[saga.sender]
    with sender.app.app_context():
        step = one_step(sender.scope, saga.redirect_id)
    saga.steps.append(step)
    if step:
        return
    if not _decided(dice, places, offices, saga):
        saga.over = True


def _decided(dice, places, offices, saga) -> bool:
    order = list(offices)
    dice.shuffle(order)
    for office in order:
        with office.acting() as scope:
            leg = leg_or_none(scope, saga.redirect_id)
            if leg is None:
                continue
            ways = [act for act in _ways(dice) if may(act, leg.side, leg.state, leg.round)]
            for act in ways:
                try:
                    _act(dice, places, office, scope, saga, act)
                except WanggeError:
                    continue
                return True
    return False


def _ways(dice) -> list[str]:
    """What may be decided, in random order; the sender seldom takes it back."""
    ways = ["accept", "ask_correction", "pass_on", "escalate", "propose_again", "release", "settle"]
    dice.shuffle(ways)
    return ["withdraw", *ways] if dice.random() < 0.08 else [*ways, "withdraw"]


def _act(dice, places, office, scope, saga, act) -> None:
    others = [each for each in places if each is not office]
    branch = dice.choice(dice.choice(others).branches)
    arguments = {
        "accept": (),
        "ask_correction": (dice.choice(CORRECTIONS),),
        "pass_on": (branch, dice.choice(WAYS_ON)),
        "escalate": (dice.choice(WAYS_ON),),
        "propose_again": (),
        "release": (),
        "withdraw": (),
        "settle": (dice.choice(dice.choice(places).branches),),
    }[act]
    getattr(actions, act)(scope, saga.redirect_id, *arguments)


def _everybody_is_in_one_place(everywhere, places, how_many) -> None:
    rows = everywhere.execute(WHERE, {"tenants": [place.tenant_id for place in places]}).all()
    everywhere.rollback()
    assert len(rows) == how_many
    assert [row for row in rows if row.registers + row.arriving != 1] == []


def _nothing_is_left_over(everywhere, places, sagas) -> None:
    """Nobody is on the way, each seat is somebody's, and each end is the same on both sides."""
    tenants = {"tenants": [place.tenant_id for place in places]}
    waiting = everywhere.execute(
        text(
            "SELECT count(*) FROM member WHERE tenant_id = ANY(:tenants)"
            " AND left_on = DATE '0001-01-01'"
        ),
        tenants,
    ).scalar_one()
    seats = everywhere.execute(
        text(
            "SELECT b.name, b.taken, count(m.id) FROM branch b LEFT JOIN member m"
            " ON m.tenant_id = b.tenant_id AND m.branch_id = b.id AND m.left_on IS NULL"
            " WHERE b.tenant_id = ANY(:tenants) GROUP BY b.tenant_id, b.id, b.name, b.taken"
        ),
        tenants,
    ).all()
    ends = everywhere.execute(
        text(
            "SELECT a.state, count(*) FROM redirect a WHERE a.tenant_id = ANY(:tenants)"
            " AND a.side = 'from' GROUP BY a.state"
        ),
        tenants,
    ).all()
    assert waiting == 0
    assert [seat for seat in seats if seat.taken != seat.count] == []
    assert {state for state, _count in ends} == {"done", "withdrawn"}
    assert sum(count for _state, count in ends) == len(sagas)
