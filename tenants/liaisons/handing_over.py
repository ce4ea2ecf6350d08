"""Handing over everything a leader held in one step: standings, and whose liaison they were."""

from datetime import date
from uuid import UUID

from tenants.liaisons.actions import pass_on, undo_with
from tenants.people import actions as people
from tenants.scope import Scope


def hand_over_everything(scope: Scope, from_person: UUID, to_person: UUID, today: date) -> UUID:
    """As `people.actions.hand_over`, the liaisons included; answers the handover's id."""
    handover_id = people.hand_over(scope, from_person, to_person)
    pass_on(scope, from_person, to_person, handover_id, today)
    return handover_id


def take_everything_back(scope: Scope, handover_id: UUID) -> None:
    """Everybody holds again what they held before, within a day of the handover."""
    people.undo_handover(scope, handover_id)
    undo_with(scope, handover_id)
