"""Naming hosts, asking for a proposal, and writing down what both sides said."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select, update

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.matching.households.lookups import hosts
from tenants.matching.households.records import (
    OPEN_STATES,
    CentreHousehold,
    HouseholdPair,
    HouseholdRun,
)
from tenants.matching.households.rules import Pair, Settlement, may_become
from tenants.members.lookups import member_card
from tenants.outbox.actions import ask
from tenants.scope import Scope

SETTLE_JOB = "settle_households"


def name_host(
    scope: Scope, member_id: UUID, *, fewest: int, most: int, agreed_on: date | None = None
) -> UUID:
    """People chose a host, and the host agreed. Answers the household's id.

    Raises NotFound, InvalidInput (bounds, no home known) and Conflict (hosts already).
    """
    if not 0 < fewest <= most <= 30:
        raise InvalidInput("人数请填 1 到 30 之间的整数,最少不能大于最多。")
    if member_card(scope, member_id).home is None:
        raise InvalidInput("这位同志还没有登记住处的位置,请先补登。")
    if _household_of(scope, member_id) is not None:
        raise Conflict("这位同志已经是党员中心户。")
    _end_pairs(scope, HouseholdPair.member_id == member_id)
    household = CentreHousehold(
        host_id=member_id,
        fewest=fewest,
        most=most,
        host_agreed_on=agreed_on or date.today(),
        made_by=scope.person_id,
    )
    db.session.add(household)
    db.session.flush()
    note(scope, "name_host", "household", household.id)
    return household.id


def end_household(scope: Scope, household_id: UUID) -> None:
    """A host is ill, moved or stops: the household and its pairs end. Raises NotFound."""
    ended = db.session.execute(
        update(CentreHousehold)
        .where(
            CentreHousehold.tenant_id == scope.tenant_id,
            CentreHousehold.id == household_id,
            CentreHousehold.ended_on.is_(None),
        )
        .values(ended_on=date.today())
        .returning(CentreHousehold.id)
    ).scalar_one_or_none()
    if ended is None:
        raise NotFound
    _end_pairs(scope, HouseholdPair.household_id == household_id)
    note(scope, "end_household", "household", household_id)


def ask_for_settlement(scope: Scope) -> UUID:
    """Ask for a proposal over everybody; answers the run's id, which is the job's.

    Raises Conflict while there is no host.
    """
    if not hosts(scope):
        raise Conflict("还没有党员中心户。请先选定中心户,再让系统提建议。")
    run_id = ask(scope, SETTLE_JOB, {})
    db.session.add(HouseholdRun(id=run_id))
    return run_id


def agree(scope: Scope, pair_id: UUID) -> str:
    """The next of the two agreed: first the host, then the member. Answers the new state.

    Raises NotFound, Conflict.
    """
    pair = _pair(scope, pair_id)
    following = "active" if pair.state == "host_agreed" else "host_agreed"
    _go_on(scope, pair, following)
    if following == "active":
        pair.member_agreed_at = func.now()
    else:
        pair.host_agreed_at = func.now()
    note(scope, f"household_{following}", "member", pair.member_id)
    return following


def ask_for_another(scope: Scope, pair_id: UUID) -> None:
    """ "Another, please", from either side and without a reason; a new proposal is asked for."""
    pair = _pair(scope, pair_id)
    _go_on(scope, pair, "another")
    note(scope, "household_another", "member", pair.member_id)
    run_id = ask(scope, SETTLE_JOB, {}, dedupe_key=f"settle:another:{pair_id}")
    db.session.add(HouseholdRun(id=run_id))


def end_pair(scope: Scope, pair_id: UUID) -> None:
    """A member who joined leaves again. Raises NotFound, Conflict."""
    pair = _pair(scope, pair_id)
    _go_on(scope, pair, "ended")
    pair.ended_at = func.now()
    note(scope, "household_ended", "member", pair.member_id)


def keep_settlement(scope: Scope, run_id: UUID, found: Settlement) -> None:
    """Replace proposals nobody has agreed to by those of a run; what was agreed stays.

    Whoever agreed elsewhere, or whose household filled up meanwhile, is left for the next run.
    """
    _end_pairs(scope, HouseholdPair.state == "proposed")
    rows = _still_fitting(scope, found.pairs)
    if rows:
        db.session.execute(insert(HouseholdPair), rows)
    db.session.execute(
        update(HouseholdRun)
        .where(HouseholdRun.tenant_id == scope.tenant_id, HouseholdRun.id == run_id)
        .values(
            ended_at=func.now(),
            people=found.people,
            placed=found.placed,
            total_metres=found.total_metres,
            gap=found.gap,
            explanation=found.explanation[:400],
        )
    )
    note(scope, "settle_households", "household_run", run_id, pairs=len(rows))


def _still_fitting(scope: Scope, pairs: Sequence[Pair]) -> list[dict[str, object]]:
    room = {
        household_id: most
        for household_id, most in db.session.execute(
            select(CentreHousehold.id, CentreHousehold.most)
            .where(CentreHousehold.tenant_id == scope.tenant_id, CentreHousehold.ended_on.is_(None))
            .order_by(CentreHousehold.id)
            .with_for_update()
        )
    }
    hosting = set(
        db.session.execute(
            select(CentreHousehold.host_id).where(
                CentreHousehold.tenant_id == scope.tenant_id, CentreHousehold.ended_on.is_(None)
            )
        ).scalars()
    )
    taken: Counter[UUID] = Counter()
    for member_id, household_id in db.session.execute(
        select(HouseholdPair.member_id, HouseholdPair.household_id).where(
            HouseholdPair.tenant_id == scope.tenant_id, HouseholdPair.state.in_(OPEN_STATES)
        )
    ):
        hosting.add(member_id)
        taken[household_id] += 1
    rows: list[dict[str, object]] = []
    for pair in pairs:
        fits = taken[pair.household_id] < room.get(pair.household_id, 0)
        if fits and pair.member_id not in hosting:
            taken[pair.household_id] += 1
            rows.append(
                {
                    "id": new_id(),
                    "household_id": pair.household_id,
                    "member_id": pair.member_id,
                    "metres": pair.metres,
                }
            )
    return rows


def _household_of(scope: Scope, member_id: UUID) -> UUID | None:
    return db.session.execute(
        select(CentreHousehold.id).where(
            CentreHousehold.tenant_id == scope.tenant_id,
            CentreHousehold.host_id == member_id,
            CentreHousehold.ended_on.is_(None),
        )
    ).scalar_one_or_none()


def _end_pairs(scope: Scope, which: object) -> None:
    """Proposals are withdrawn; what was agreed ends."""
    for states, state in ((("proposed",), "withdrawn"), (("host_agreed", "active"), "ended")):
        db.session.execute(
            update(HouseholdPair)
            .where(
                HouseholdPair.tenant_id == scope.tenant_id,
                HouseholdPair.state.in_(states),
                which,  # type: ignore[arg-type]
            )
            .values(state=state, ended_at=func.now())
        )


def _pair(scope: Scope, pair_id: UUID) -> HouseholdPair:
    pair = db.session.execute(
        select(HouseholdPair)
        .where(HouseholdPair.tenant_id == scope.tenant_id, HouseholdPair.id == pair_id)
        .with_for_update()
    ).scalar_one_or_none()
    if pair is None:
        raise NotFound
    return pair


def _go_on(scope: Scope, pair: HouseholdPair, state: str) -> None:
    if not may_become(pair.state, state):
        raise Conflict("这件事刚刚被别人处理过,请刷新后再看。", state=pair.state)
    pair.state, pair.recorded_by = state, scope.person_id
