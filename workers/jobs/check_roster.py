"""The dry run of a roster: read, judge, say what would happen. Nothing enters the register."""

from datetime import date
from uuid import UUID

from tenants.arrivals.rosters import community_facts, sift
from tenants.database import db
from tenants.marking import N_
from tenants.members.import_lookups import Source, source_of
from tenants.members.import_questions import keep_question
from tenants.members.imports import keep_check, keep_unusable
from tenants.members.roster_kept import packed
from tenants.members.roster_matches import keep_matches
from tenants.members.roster_remarks import worth_saying
from tenants.members.roster_rows import CommunityFacts, Roster, UnusableRoster
from tenants.members.rosters import read_roster
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.garbage import uncollected
from workers.lease import Lease


def check_roster(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """A file that cannot be used, or asks for a decision, is a result, not a failure of the job."""
    import_id = UUID(lease.arguments["import"])
    source = source_of(scope, import_id)
    facts = community_facts(scope)
    db.session.rollback()
    try:
        with uncollected():
            roster = read_as_said(source, facts, progress, N_("正在检查名册"))
            reading = packed(roster, facts)
            intake = sift(scope, roster, date.today())
    except UnusableRoster as unusable:
        fault, kind, options = unusable.fault_line(), unusable.asks, unusable.options
        if kind:
            return lambda: keep_question(scope, import_id, kind, fault, options)
        return lambda: keep_unusable(scope, import_id, fault)

    def write() -> None:
        impact = intake.impact | worth_saying(roster)
        keep_check(scope, import_id, intake.counts, intake.faults, impact, reading)
        keep_matches(scope, import_id, intake.matches)

    return write


def read_as_said(source: Source, facts: CommunityFacts, progress: Progress, words: str) -> Roster:
    """The roster, read the way a person said. Raises UnusableRoster."""
    return read_roster(
        source.content,
        source.filename,
        system=source.system,
        today=date.today(),
        community=facts,
        system_confirmed=source.confirmed,
        swapped=source.swapped,
        choices=source.choices,
        only_sheets=source.only_sheets,
        progress=lambda done, total: progress(done, total, words),
    )
