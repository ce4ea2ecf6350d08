"""A case as a person decides about it: who, which proposal, and what else could be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tenants.arrivals.lookups import ArrivalLine, arrival, arrivals
from tenants.matching.choosing import BranchChoice, choices
from tenants.matching.lookups import ProposalCard, held_seats, open_proposals, proposals
from tenants.members.lookups import MemberCard, member_card
from tenants.people.history import history
from tenants.places.lookups import branch_names, branches
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A nearer branch that was not proposed, and why (a reason of `matching.rules`)."""

    name: str
    metres: float
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a case; `who` is empty when a worker did it.

    `act` is that of the audit entry, or propose. `metres` None where the act has no distance.
    """

    at: datetime
    who: str
    act: str
    branch: str = ""
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its open proposal. `branch`: the name of the one proposed or joined."""

    line: ArrivalLine
    proposal: ProposalCard | None
    branch: str
    passed_over: tuple[PassedOver, ...]

    @property
    def is_matching(self) -> bool:
        """A worker is looking for a branch, or is about to."""
        return self.line.state in ("signalled", "verified")

    @property
    def may_be_undone(self) -> bool:
        return self.line.state == "placed"


def case(scope: Scope, arrival_id: UUID) -> Case:
    """One case. Raises NotFound, also where the scope may not see the person."""
    return _with_proposals(scope, [arrival(scope, arrival_id)])[0]


def cases(
    scope: Scope,
    *,
    states: Sequence[str] = (),
    words: str = "",
    after: UUID | None = None,
    limit: int,
    oldest_first: bool = False,
) -> list[Case]:
    """Cases with their proposals; the filters and the order of `arrivals.lookups.arrivals`."""
    return _with_proposals(
        scope,
        arrivals(
            scope,
            states=states,
            words=words,
            after=after,
            limit=limit,
            oldest_first=oldest_first,
        ),
    )


def story(scope: Scope, arrival_id: UUID) -> list[Step]:
    """What was proposed in a case and what people did, newest first."""
    names = {str(id_): name for id_, name in branch_names(scope).items()}
    proposed = [
        Step(card.made_at, "", "propose", names.get(str(card.branch_id), ""), card.metres)
        for card in proposals(scope, arrival_id)
        if card.run_id is not None
    ]
    done = [
        Step(entry.at, entry.who, entry.act, names.get(str(entry.facts.get("branch")), ""))
        for entry in history(scope, "arrival", arrival_id)
    ]
    return sorted(proposed + done, key=lambda step: step.at, reverse=True)


def branch_choices(scope: Scope, found: Case, today: date) -> list[BranchChoice]:
    """Every branch of the tenant for one person: what can be chosen first, the nearest first."""
    person = person_of(scope, found)
    held = held_seats(scope, but_for=found.line.id)
    return choices(person.home, person.work, person.class_, branches(scope), today, held)


def person_of(scope: Scope, found: Case) -> MemberCard:
    """The member whom a case is about."""
    return member_card(scope, found.line.member_id)


def _with_proposals(scope: Scope, lines: list[ArrivalLine]) -> list[Case]:
    names = branch_names(scope)
    open_ones = open_proposals(scope, [line.id for line in lines])
    return [_case(line, open_ones.get(line.id), names) for line in lines]


def _case(line: ArrivalLine, proposal: ProposalCard | None, names: dict[UUID, str]) -> Case:
    branch_id = line.branch_id if proposal is None else proposal.branch_id
    passed = () if proposal is None else proposal.nearer
    return Case(
        line,
        proposal,
        "" if branch_id is None else names.get(branch_id, ""),
        tuple(
            PassedOver(names.get(UUID(near["branch"]), ""), near["metres"], near["reason"])
            for near in passed
        ),
    )
