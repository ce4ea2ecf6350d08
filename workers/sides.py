"""Where the legs of redirects stand on all sides, each side asked in its own scope and once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tenants.people.door import scope_of_tenant
from tenants.redirects.lookups import Leg, county_office, legs_by_id
from tenants.scope import Scope
from workers.envelope import in_turn


@dataclass(frozen=True, slots=True)
class Sides:
    """The scopes of a redirect and where their legs stand."""

    sender: Scope
    receiver: Scope | None
    county: Scope | None
    sent: Leg
    answered: Leg | None
    settled: Leg | None


def all_sides(scope: Scope, redirect_ids: Iterable[UUID]) -> Iterator[Sides]:
    """Where each redirect stands on all sides; every tenant is asked once."""
    known: dict[int, Scope | None] = {scope.tenant_id: scope}
    own = _legs(scope, redirect_ids)
    sent = {each.id: each for each in own.values() if each.side == "from"}
    senders = dict.fromkeys(sent, scope)
    for sender_id, ids in _by(
        (each.other_id, each.id) for each in own.values() if each.side != "from"
    ).items():
        sender = _scope(known, sender_id)
        if sender is not None:
            found = _legs(sender, ids)
            sent |= found
            senders |= dict.fromkeys(found, sender)
    answered: dict[UUID, Leg] = {}
    for receiver_id, ids in _by((each.other_id, each.id) for each in sent.values()).items():
        answered |= _legs(_scope(known, receiver_id), ids)
    county = _county(scope, sent.values())
    settled = _legs(county, [id_ for id_, each in sent.items() if _asks_the_county(each)])
    for id_ in sorted(sent):
        leg = sent[id_]
        receiver = _scope(known, leg.other_id)
        office = county if _asks_the_county(leg) else None
        yield Sides(senders[id_], receiver, office, leg, answered.get(id_), settled.get(id_))


def _asks_the_county(sent: Leg) -> bool:
    return sent.state in ("escalated", "withdrawn")


def _scope(known: dict[int, Scope | None], tenant_id: int) -> Scope | None:
    if tenant_id not in known:
        known[tenant_id] = scope_of_tenant(tenant_id=tenant_id)
    return known[tenant_id]


def _legs(scope: Scope | None, ids: Iterable[UUID]) -> dict[UUID, Leg]:
    wanted = list(ids)
    if scope is None or not wanted:
        return {}
    with in_turn(scope):
        return legs_by_id(scope, wanted)


def _county(scope: Scope, sent: Iterable[Leg]) -> Scope | None:
    if not any(_asks_the_county(each) for each in sent):
        return None
    with in_turn(scope):
        county_id = county_office(scope)
    return None if county_id is None else scope_of_tenant(tenant_id=county_id)


def _by(pairs: Iterable[tuple[int, UUID]]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = defaultdict(list)
    for tenant_id, id_ in pairs:
        found[tenant_id].append(id_)
    return found
