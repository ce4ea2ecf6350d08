""" "Why not the nearer one?": answered from what the run saw and what is known of the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tenants.matching.assignments.findings import Price
from tenants.matching.assignments.lines import LineCard
from tenants.matching.assignments.lookups import PriceCard, RunCard, branches_as_seen, prices
from tenants.matching.assignments.needs import people
from tenants.matching.assignments.passing import passed_over
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A nearer branch, why it was not given, and (when it is full) what its seats are worth."""

    name: str
    metres: float
    reason: str
    price: Price | None


def explanations(
    scope: Scope, run: RunCard, lines: Sequence[LineCard]
) -> dict[UUID, list[PassedOver]]:
    """For each line the branches nearer than the one given; for the unserved the nearest ones."""
    known: dict[UUID, PriceCard] = {
        card.price.branch_id: card for card in prices(scope, run.id) if card.name
    }
    seen = branches_as_seen(scope, run.id)
    given = {id_: card.price.given for id_, card in known.items()}
    metres = {line.member_id: line.metres for line in lines}
    who = people(scope, "everybody", keep_placed=True, only=list(metres))
    return {
        person.member_id: [
            PassedOver(
                known[passed.branch_id].name,
                passed.metres,
                passed.reason,
                known[passed.branch_id].price if passed.reason == "no_seat" else None,
            )
            for passed in passed_over(
                person, metres[person.member_id], seen, given, basis=run.basis
            )
        ]
        for person in who
    }
