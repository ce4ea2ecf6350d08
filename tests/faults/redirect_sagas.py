"""Random redirects, stopped after every step: everybody is in exactly one place.

Many are under way at once. A worker does one step of each, a savepoint each and one transaction a
side; then whatever it had in its memory is gone: the next step is found from what the two legs say.
Some steps break before they are kept, and some are done a second time by a worker who looked
before the first had done them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from unittest.mock import patch
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, text

from tenants.arrivals.actions import ArrivalDraft, register_arrivals
from tenants.database import db
from tenants.errors import WanggeError
from tenants.redirects import actions
from tenants.redirects.legs import become
from tenants.redirects.lookups import legs_by_id
from tenants.redirects.rules import CORRECTIONS, REASONS, WAYS_ON, may, next_step
from tests.factories.counties import a_community, a_county
from tests.factories.members import a_draft
from workers.jobs.carry_redirect import STEPS, one_wave
from workers.sides import all_sides

MOST_WAVES = 100
TOGETHER, DECIDED_TOGETHER = 100, 20
"""Redirects that a worker carries in one go; and that an office decides in one go."""
BREAKS, TWICE = 0.02, 0.1
"""How many steps break before they are kept, and how many are done a second time."""
WITHDRAWN, TO_THE_END = 0.1, 0.3
"""How often the sender takes it back, or a side does what leads to the end at once."""
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


class Broken(Exception):
    """A worker died in the middle of a step."""


def run(app: Flask, everywhere: Connection, how_many: int, seed: int) -> Counter[str]:
    """That many redirects between three communities; how often each thing was done.

    `everywhere`: a superuser's connection, which sees all sides at once. After each transaction
    of a worker everybody is looked for in all registers.
    """
    dice = Random(seed)
    county = a_county(app)
    places = [a_community(county, capacities=UNLIMITED) for _ in range(3)]
    sagas = _begun(dice, places, how_many)
    done: Counter[str] = Counter()
    for _wave in range(MOST_WAVES):
        waiting = []
        for number, place in enumerate(places):
            mine = [saga for saga in sagas if saga.sender == number and not saga.over]
            dice.shuffle(mine)
            for start in range(0, len(mine), TOGETHER):
                waiting += _carried(dice, place, mine[start : start + TOGETHER], done)
                _everybody_is_in_one_place(everywhere, places, how_many)
        for start in range(0, len(waiting), DECIDED_TOGETHER):
            _decided(dice, places, county, waiting[start : start + DECIDED_TOGETHER], done)
        _everybody_is_in_one_place(everywhere, places, how_many)
        if all(saga.over for saga in sagas):
            break
    assert all(saga.over for saga in sagas)
    _nothing_is_left_over(everywhere, places, sagas)
    return done


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


def _carried(dice, place, mine, done) -> list[Saga]:
    """One step of each; answers those for whom none was due, so that somebody has a turn."""
    ids = [saga.redirect_id for saga in mine]
    with place.app.app_context():
        before = list(all_sides(place.scope, ids))
        try:
            with _breaking(dice):
                stepped = one_wave(place.scope, ids)
        except Broken:
            done["(broken off)"] += 1
            return []
        done.update(stepped.values())
        _some_twice(dice, before, done)
    ended = {each.sent.id for each in before if each.sent.state in ("done", "withdrawn")}
    for saga in mine:
        saga.over = saga.redirect_id in ended and saga.redirect_id not in stepped
    return [saga for saga in mine if not saga.over and saga.redirect_id not in stepped]


@contextmanager
def _breaking(dice) -> Iterator[None]:
    """Now and then a leg is changed and the worker dies before that is kept."""

    def now_and_then(record, state):
        become(record, state)
        if dice.random() < BREAKS:
            raise Broken

    with patch("tenants.redirects.legs.become", now_and_then):
        yield


def _some_twice(dice, before, done) -> None:
    """Another worker looked before the step was done, and does it only now."""
    for sides in before:
        stands = [each.stand if each else None for each in (sides.answered, sides.settled)]
        step = next_step(sides.sent.stand, *stands)
        if step and dice.random() < TWICE:
            assert STEPS[step]([sides]) == []
            done["(done twice)"] += 1


def _decided(dice, places, county, waiting, done) -> None:
    """One decision of whoever has a turn, in random order of the offices."""
    left = {saga.redirect_id: saga for saga in waiting}
    offices = [*places, county]
    dice.shuffle(offices)
    for office in offices:
        with office.acting() as scope:
            legs = legs_by_id(scope, sorted(left))
            for redirect_id in sorted(legs):
                if act := _one_decision(dice, places, office, scope, legs[redirect_id]):
                    done[f"({act})"] += 1
                    del left[redirect_id]


def _one_decision(dice, places, office, scope, leg) -> str:
    for act in _ways(dice):
        if may(act, leg.side, leg.state, leg.round):
            try:
                with db.session.begin_nested():
                    _act(dice, places, office, scope, leg.id, act)
            except WanggeError:
                continue
            return act
    return ""


def _ways(dice) -> list[str]:
    """What may be decided, in random order; the sender seldom takes it back."""
    ways = ["accept", "ask_correction", "pass_on", "escalate", "propose_again", "release", "settle"]
    dice.shuffle(ways)
    if dice.random() < TO_THE_END:
        ways = ["release", "accept", *ways]
    return ["withdraw", *ways] if dice.random() < WITHDRAWN else ways


def _act(dice, places, office, scope, redirect_id, act) -> None:
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
    getattr(actions, act)(scope, redirect_id, *arguments)


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
