"""One thing of every kind, for whoever walks through all addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text

from tenants.administration.exports import ask_export, keep_export
from tenants.database import db, new_id
from tenants.matching.assignments.accepting import accept_lines
from tenants.matching.households.lookups import households
from tenants.mobility.ledger_files import ask_ledger, keep_ledger
from tenants.organisations.actions import keep_reported_figure
from tenants.organisations.lookups import reported_figures
from tenants.people.actions import hand_over, issue_token
from tenants.people.invitations import InvitationDraft, invite
from tenants.people.lookups import tokens
from tenants.visits.requests import open_request
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.buildings import a_building_list, a_compound
from tests.factories.certificates import a_certificate, an_entry
from tests.factories.counties import Community
from tests.factories.doors import a_door
from tests.factories.duplicates import settled_duplicates
from tests.factories.grid import a_draft_grid, drawn
from tests.factories.households import a_household, settled
from tests.factories.imports import a_checked_import
from tests.factories.liaisons import a_liaison
from tests.factories.people import a_leader, a_person
from tests.factories.redirects import a_neighbour, a_redirect, a_suggestion
from tests.factories.talks import a_self_report, an_address
from tests.factories.transfers import a_letter
from tests.factories.visits import a_visit


def one_of_everything(community: Community, **wanted: Any) -> dict[str, Any]:
    """What stands in an address -> the id of such a thing of the community.

    `wanted`: fields of the arrival's member, as in `members.a_draft`.
    """
    arrival_id, _ = a_proposed_arrival(community, **wanted)
    import_id = a_checked_import(community)
    far = (community.centre[0] + 0.2, community.centre[1])
    accepted, *_far = some_arrivals(community, community.inside(1), far, far, far)
    run_id = a_run(community)
    with community.acting() as scope:
        acceptance_id = accept_lines(scope, run_id, [accepted]).acceptance_id
    door_id, _visitor = a_door(community)
    suggestion_id = a_suggestion(community)
    redirect_id, _case = a_redirect(community, a_neighbour(community))
    household_id = a_household(community)
    settled(community)
    with community.acting() as scope:
        pair_id = households(scope)[0].pairs[0].id
    device_id = new_id()
    with community.acting():
        member_id = db.session.execute(
            text("SELECT member_id FROM arrival WHERE id = :id"), {"id": arrival_id}
        ).scalar_one()
        [episode_id] = db.session.execute(
            text("SELECT id FROM episode WHERE member_id = :id"), {"id": member_id}
        ).scalars()
        db.session.execute(
            text("INSERT INTO device (id, person_id, name) VALUES (:id, :id, '平板 0001')"),
            {"id": device_id},
        )
        job_id = db.session.execute(text("SELECT id FROM job_request LIMIT 1")).scalar_one()
    leaving, taking_over = a_leader(community), a_person(community, "community_admin")
    with community.acting() as scope:
        invitation_id, _secret = invite(
            scope, InvitationDraft("new@example.invalid", "虚构新人", "community_admin")
        )
        assert issue_token(scope, leaving.scope.standing_id, "虚构程序")
        token_id = tokens(scope)[0].id
        handover_id = hand_over(scope, leaving.person_id, taking_over.person_id)
    link_id, said_id = settled_duplicates(community)
    talk_id, report_id = an_address(community), a_self_report(community)
    with community.acting() as scope:
        keep_reported_figure(scope, "mobility.in", "91")
        figure_id = reported_figures(scope)[0].id
    visit_id = a_visit(community, member_id)
    certificate_id = a_certificate(community, member_id, "issued")
    entry_id = an_entry(community, certificate_id)
    with community.acting() as scope:
        request_id = open_request(scope, member_id, "job", date.today(), visit_id=visit_id)
    grid_draft_id = a_draft_grid(community)
    draft_cell_id = drawn(community, grid_draft_id)["G1"].id
    with community.acting() as scope:
        export_id = ask_export(scope)
        keep_export(scope, export_id, b"PK", {}, date.today())
        ledger_id = ask_ledger(scope, "register", "pdf", "zh_Hans")
        keep_ledger(
            scope, ledger_id, b"%PDF", [member_id], kind="register", form="pdf", day=date.today()
        )
    return {
        "tenant": community.slug,
        "slug": community.slug,
        "arrival_id": arrival_id,
        "member_id": member_id,
        "visit_id": visit_id,
        "certificate_id": certificate_id,
        "entry_id": entry_id,
        "request_id": request_id,
        "device_id": device_id,
        "episode_id": episode_id,
        **a_liaison(community, taking_over, name=wanted.get("name", "虚构联系者")),
        "letter_id": a_letter(community, name=wanted.get("name", "虚构转出者")),
        "job_id": job_id,
        "standing_id": a_leader(community).scope.standing_id,
        "invitation_id": invitation_id,
        "token_id": token_id,
        "export_id": export_id,
        "ledger_id": ledger_id,
        "opening_id": new_id(),
        "handover_id": handover_id,
        "import_id": import_id,
        "run_id": run_id,
        "acceptance_id": acceptance_id,
        "number": 1,
        "door_id": door_id,
        "redirect_id": redirect_id,
        "suggestion_id": suggestion_id,
        "household_id": household_id,
        "pair_id": pair_id,
        "branch_id": community.branches[0],
        "station_id": community.station,
        "cell_id": community.cells[0],
        "draft_id": grid_draft_id,
        "draft_cell_id": draft_cell_id,
        "building_id": a_compound(community),
        "list_id": a_building_list(community),
        "figure_id": figure_id,
        "link_id": link_id,
        "talk_id": talk_id,
        "report_id": report_id,
        "code": "none",
        "said_id": said_id,
        "ground": "cells",
        "mark": "0",
        "z": 1,
        "x": 1,
        "y": 0,
    }
