"""Assignment runs, asked for through the real action and computed by the real job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from tenants.arrivals.actions import ArrivalDraft, register_arrivals
from tenants.database import db
from tenants.matching.assignments.actions import start_run
from tests.factories.counties import Community
from tests.factories.jobs import work_off
from tests.factories.members import a_draft


def some_arrivals(community: Community, *homes: tuple[float, float] | None) -> list[UUID]:
    """Arrivals at these homes that nobody has matched yet; answers their members' ids."""
    drafts = [ArrivalDraft(a_draft(community, affiliation="incoming", home=home)) for home in homes]
    with community.acting() as scope:
        cases = register_arrivals(scope, drafts)
        rows = db.session.execute(text("SELECT id, member_id FROM arrival")).all()
        member_of = {case: member for case, member in rows}
        return [member_of[case] for case in cases]


def a_run(community: Community, **wanted: Any) -> UUID:
    """A finished run over everybody who waits, unless the options say otherwise."""
    options = {"whom": "waiting", "basis": "nearer", "reach_metres": 3000, **wanted}
    with community.acting() as scope:
        run_id = start_run(scope, **options)
    work_off(community)
    return run_id
