"""Placing many people at once: what `tenants.matching.actions` does to one, in few statements.

Seats, cases, register and audit end as if each had been decided alone, and a person's history
reads the same; but the statements are counted by branches, not by people. Cases and branches are
locked before (`standing.locked`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, func, insert, select, update

from geo.ellipsoid import metres_between
from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import STATES, may_become
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict
from tenants.matching.assignments.needs import Known, known_places
from tenants.matching.assignments.sets import one_of
from tenants.matching.assignments.standing import Standing
from tenants.matching.records import Proposal
from tenants.members.records import Member
from tenants.places.actions import give_back_place, take_place
from tenants.places.lookups import branches
from tenants.scope import Scope

_AS_IT_IS = {"synchronize_session": False}
"""No record of these tables is held in the session: nothing there is to be brought up to date."""


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody and a branch: the one they leave, or the one they come to.

    `measured`: metres and from which place, where a run knows them.
    """

    line: Standing
    branch_id: UUID
    measured: tuple[float, str] | None = None


def release(scope: Scope, leaving: Sequence[Going]) -> None:
    """Everybody leaves their branch: seats are free again, proposals stand open again.

    Raises Conflict when a case is not placed.
    """
    cases = {going.line.arrival_id: going for going in leaving if going.line.arrival_id}
    accepted = _latest_accepted(scope, list(cases))
    if len(accepted) < len(cases):
        raise Conflict("这位同志还没有编入支部,没有可撤销的。")
    _decide(scope, [id_ for id_, _branch_id in accepted.values()], "open")
    _move_on(scope, list(cases), "proposed")
    from_branch = {
        going.line.member_id: accepted[going.line.arrival_id][1]
        if going.line.arrival_id
        else going.branch_id
        for going in leaving
    }
    for branch_id, places in sorted(Counter(from_branch.values()).items()):
        give_back_place(scope, branch_id, places)
    _join(scope, list(from_branch), None)
    for going in leaving:
        left = str(from_branch[going.line.member_id])
        if going.line.arrival_id:
            note(scope, "undo_placement", "arrival", going.line.arrival_id, branch=left)
        else:
            note(scope, "leave_branch", "member", going.line.member_id, branch=left)


def place(scope: Scope, coming: Sequence[Going]) -> None:
    """Everybody comes to their branch. Raises NoSeat, and Conflict when a case moved meanwhile."""
    cases = {going.line.arrival_id: going for going in coming if going.line.arrival_id}
    proposed = _open_ones(scope, list(cases))
    wanted = {
        id_ for id_, (_, branch_id, _) in proposed.items() if branch_id == cases[id_].branch_id
    }
    _decide(scope, [proposed[id_][0] for id_ in wanted], "accepted")
    _decide(scope, [found[0] for id_, found in proposed.items() if id_ not in wanted], "redirected")
    _propose(scope, [going for id_, going in cases.items() if id_ not in wanted])
    _move_on(scope, list(cases), "placed")
    to_branch: dict[UUID, list[UUID]] = defaultdict(list)
    for going in coming:
        to_branch[going.branch_id].append(going.line.member_id)
    for branch_id, member_ids in sorted(to_branch.items()):
        take_place(scope, branch_id, len(member_ids))
        _join(scope, member_ids, branch_id)
    for going in coming:
        _note_coming(scope, going, proposed if going.line.arrival_id in wanted else {})


def _note_coming(
    scope: Scope, going: Going, proposed: Mapping[UUID, tuple[UUID, UUID, float]]
) -> None:
    arrival_id, branch_id = going.line.arrival_id, str(going.branch_id)
    if arrival_id is None:
        note(scope, "join_branch", "member", going.line.member_id, branch=branch_id)
    elif arrival_id in proposed:
        metres = round(proposed[arrival_id][2], 3)
        note(scope, "accept_proposal", "arrival", arrival_id, branch=branch_id, metres=metres)
    else:
        note(scope, "redirect_arrival", "arrival", arrival_id, branch=branch_id)


def _open_ones(scope: Scope, arrival_ids: list[UUID]) -> dict[UUID, tuple[UUID, UUID, float]]:
    """Case -> its open proposal: id, branch, metres."""
    rows = db.session.execute(
        select(Proposal.arrival_id, Proposal.id, Proposal.branch_id, Proposal.metres).where(
            *_of_these(scope, arrival_ids, "open")
        )
    )
    return {arrival_id: (id_, branch_id, metres) for arrival_id, id_, branch_id, metres in rows}


def _latest_accepted(scope: Scope, arrival_ids: list[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Case -> the proposal accepted last: id, branch."""
    rows = db.session.execute(
        select(Proposal.arrival_id, Proposal.id, Proposal.branch_id)
        .where(*_of_these(scope, arrival_ids, "accepted"))
        .order_by(Proposal.decided_at)
    )
    return {arrival_id: (id_, branch_id) for arrival_id, id_, branch_id in rows}


def _of_these(
    scope: Scope, arrival_ids: list[UUID], decision: str
) -> tuple[ColumnElement[bool], ...]:
    return (
        Proposal.tenant_id == scope.tenant_id,
        Proposal.decision == decision,
        one_of(Proposal.arrival_id, arrival_ids),
    )


def _decide(scope: Scope, proposal_ids: Sequence[UUID], decision: str) -> None:
    decided: dict[str, Any] = {"decided_by": None, "decided_at": None}
    if decision != "open":
        decided = {"decided_by": scope.person_id, "decided_at": func.now()}
    if proposal_ids:
        db.session.execute(
            update(Proposal)
            .where(Proposal.tenant_id == scope.tenant_id, one_of(Proposal.id, proposal_ids))
            .values(decision=decision, **decided),
            execution_options=_AS_IT_IS,
        )


def _propose(scope: Scope, chosen: Sequence[Going]) -> None:
    """An accepted proposal for each, as when a person redirects."""
    if not chosen:
        return
    metres = _measured(scope, [going for going in chosen if going.measured is None])
    db.session.execute(
        insert(Proposal).values(
            decision="accepted", decided_by=scope.person_id, decided_at=func.now()
        ),
        [
            {
                "id": new_id(),
                "arrival_id": going.line.arrival_id,
                "branch_id": going.branch_id,
                "metres": found[0],
                "place": found[1],
            }
            for going in chosen
            for found in (going.measured or metres[going.line.member_id],)
        ],
    )


def _measured(scope: Scope, unknown: Sequence[Going]) -> dict[UUID, tuple[float, str]]:
    """Metres from the nearer known place of each to their branch; 0 when none is known."""
    if not unknown:
        return {}
    where = {branch.id: (branch.lon, branch.lat) for branch in branches(scope)}
    known = known_places(scope, [going.line.member_id for going in unknown])
    ways = [
        (going.line.member_id, name, point, where[going.branch_id])
        for going in unknown
        for name, point in _named(known.get(going.line.member_id, (None, None)))
    ]
    found = {going.line.member_id: (0.0, "home") for going in unknown}
    if ways:
        metres = metres_between(
            np.array([way[2] for way in ways]), np.array([way[3] for way in ways])
        )
        shortest: dict[UUID, tuple[float, str]] = {}
        for (member_id, name, _, _), length in zip(ways, metres.tolist(), strict=True):
            shortest[member_id] = min(shortest.get(member_id, (length, name)), (length, name))
        found |= shortest
    return found


def _named(known: Known) -> Iterable[tuple[str, tuple[float, float]]]:
    return [(name, point) for name, point in zip(("home", "work"), known, strict=True) if point]


def _move_on(scope: Scope, arrival_ids: list[UUID], state: str) -> None:
    if not arrival_ids:
        return
    leads_there = [before for before in STATES if may_become(before, state)]
    moved = db.session.execute(
        update(Arrival)
        .where(
            Arrival.tenant_id == scope.tenant_id,
            Arrival.state.in_(leads_there),
            one_of(Arrival.id, arrival_ids),
        )
        .values(
            state=state,
            unserved_reason="",
            state_since=func.now(),
            version=Arrival.version + 1,
        ),
        execution_options=_AS_IT_IS,
    )
    if moved.rowcount != len(arrival_ids):  # type: ignore[attr-defined]
        raise Conflict("这件事刚刚被别人处理过,请刷新后再看。")


def _join(scope: Scope, member_ids: list[UUID], branch_id: UUID | None) -> None:
    if member_ids:
        db.session.execute(
            update(Member)
            .where(Member.tenant_id == scope.tenant_id, one_of(Member.id, member_ids))
            .values(branch_id=branch_id, group_id=None, version=Member.version + 1),
            execution_options=_AS_IT_IS,
        )
