"""One thing of every kind, for whoever walks through all addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from tenants.database import db
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.counties import Community
from tests.factories.imports import a_checked_import


def one_of_everything(community: Community, **wanted: Any) -> dict[str, Any]:
    """What stands in an address -> the id of such a thing of the community.

    `wanted`: fields of the arrival's member, as in `members.a_draft`.
    """
    arrival_id, _ = a_proposed_arrival(community, **wanted)
    import_id = a_checked_import(community)
    with community.acting():
        member_id = db.session.execute(
            text("SELECT member_id FROM arrival WHERE id = :id"), {"id": arrival_id}
        ).scalar_one()
        job_id = db.session.execute(text("SELECT id FROM job_request LIMIT 1")).scalar_one()
    return {
        "tenant": community.slug,
        "slug": community.slug,
        "arrival_id": arrival_id,
        "member_id": member_id,
        "job_id": job_id,
        "import_id": import_id,
        "branch_id": community.branches[0],
        "station_id": community.station,
        "cell_id": community.cells[0],
    }
