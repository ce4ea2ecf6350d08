"""Counting a tenant: today's figures, and those of a past day from what is known now.

One question, in the tenant's own scope; the definitions are those of `counting.four_counts`, and a
test holds the two against each other.
"""

from datetime import date, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from tenants.database import db, new_id, now
from tenants.mobility.duties import duties
from tenants.mobility.lookups import chosen_pack, open_episodes_and_theirs
from tenants.mobility.pack import RulePack
from tenants.oversight.counting import served_since
from tenants.oversight.records import CountSnapshot
from tenants.scope import Scope
from tenants.transfers.rules import near_until
from tenants.visits.lookups import done_for, duties_done

_FIGURES = text("""
WITH running AS (
    SELECT member_id, bool_or(direction = 'outflow') AS away, bool_or(direction = 'inflow') AS here
    FROM episode
    WHERE tenant_id = :tenant AND (started_on IS NULL OR started_on <= :day)
      AND (ended_on IS NULL OR ended_on > :day)
    GROUP BY member_id
), reached AS (
    SELECT DISTINCT member_id FROM visit
    WHERE tenant_id = :tenant AND outcome = 'reached' AND kind <> 'report'
      AND withdrawn_at IS NULL
      AND happened_on BETWEEN :since AND :day
), one AS (
    SELECT m.affiliation, m.residence = 'unknown' AS unsaid,
           m.residence = 'outside' AS outside,
           m.affiliation = 'affiliated' AND coalesce(m.untraced_since <= :day, false) AS untraced,
           coalesce(r.away, false) AS away,
           m.affiliation = 'incoming' AND (coalesce(r.here, false) OR NOT EXISTS (
               SELECT FROM episode e WHERE e.tenant_id = m.tenant_id AND e.member_id = m.id
           )) AS inflow,
           x.member_id IS NOT NULL AS reached
    FROM member m LEFT JOIN running r ON r.member_id = m.id
    LEFT JOIN reached x ON x.member_id = m.id
    WHERE m.tenant_id = :tenant AND (m.left_on IS NULL OR m.left_on > :day)
), people AS (
    SELECT *, inflow OR (affiliation = 'affiliated' AND NOT (away OR outside OR untraced)) AS present
    FROM one
), four AS (
    SELECT count(*) FILTER (WHERE affiliation = 'affiliated') AS affiliated,
           count(*) FILTER (WHERE affiliation = 'affiliated' AND away) AS outflow,
           count(*) FILTER (WHERE affiliation = 'affiliated' AND outside) AS outside,
           count(*) FILTER (WHERE untraced) AS untraced,
           count(*) FILTER (WHERE affiliation = 'affiliated' AND (away OR outside OR untraced))
               AS elsewhere,
           count(*) FILTER (WHERE inflow) AS inflow,
           count(*) FILTER (WHERE present) AS present,
           count(*) FILTER (WHERE present AND unsaid) AS present_unsaid,
           count(*) FILTER (WHERE present AND reached) AS served,
           count(*) FILTER (WHERE affiliation = 'reported_in') AS reported_in
    FROM people
), moves AS (
    SELECT count(*) FILTER (WHERE direction = 'outflow'
                            AND started_on BETWEEN :month AND :day) AS departed,
           count(*) FILTER (WHERE direction = 'outflow'
                            AND ended_on BETWEEN :month AND :day) AS returned,
           count(*) FILTER (WHERE direction = 'inflow'
                            AND started_on BETWEEN :month AND :day) AS arrived
    FROM episode WHERE tenant_id = :tenant
), cases AS (
    SELECT count(*) FILTER (WHERE state IN ('signalled', 'verified', 'proposed', 'consented'))
               AS waiting,
           count(*) FILTER (WHERE state = 'unserved') AS unserved,
           max(:day - state_since::date) FILTER (WHERE state = 'unserved') AS oldest_unserved_days
    FROM arrival WHERE tenant_id = :tenant
), wishes AS (
    SELECT count(*) AS requests_open, max(:day - received_on) AS oldest_request_days
    FROM service_request
    WHERE tenant_id = :tenant AND received_on <= :day AND state <> 'closed'
), letters AS (
    SELECT count(*) AS letters_near_expiry FROM transfer_letter
    WHERE tenant_id = :tenant AND issued_on <= :day AND valid_to BETWEEN :day AND :near
      AND coalesce(least(presented_on, lost_on, ended_on) > :day, true)
), liaised AS (
    SELECT DISTINCT l.branch_id FROM liaison l
    LEFT JOIN member k ON k.tenant_id = l.tenant_id AND k.id = l.keeper_id
    WHERE l.tenant_id = :tenant AND l.branch_id IS NOT NULL AND l.from_day <= :day
      AND (l.ended_on IS NULL OR l.ended_on > :day)
      AND CASE WHEN l.keeper_id IS NULL THEN EXISTS (
          SELECT FROM standing s WHERE s.tenant_id = l.tenant_id AND s.person_id = l.person_id
            AND s.ended_at IS NULL AND s.valid_from <= :day
            AND (s.valid_to IS NULL OR s.valid_to >= :day))
      ELSE k.left_on IS NULL AND k.untraced_since IS NULL AND NOT EXISTS (
          SELECT FROM running r WHERE r.member_id = k.id AND r.away) END
), branch_sizes AS (
    SELECT b.id, (SELECT count(*) FROM member m WHERE m.tenant_id = b.tenant_id
                  AND m.branch_id = b.id AND m.left_on IS NULL) AS size,
           EXISTS (SELECT FROM standing s WHERE s.tenant_id = b.tenant_id AND s.branch_id = b.id
                   AND s.ended_at IS NULL AND s.valid_from <= :day AND (s.valid_to IS NULL OR s.valid_to >= :day))
               AS led,
           EXISTS (SELECT FROM liaised WHERE liaised.branch_id = b.id) AS liaised
    FROM branch b
    WHERE b.tenant_id = :tenant AND b.opens_on <= :day
      AND (b.closes_on IS NULL OR b.closes_on > :day)
), organisations AS (
    SELECT count(*) AS branches, count(*) FILTER (WHERE size < 3) AS branches_below_three,
           count(*) FILTER (WHERE size > 50) AS branches_above_fifty,
           count(*) FILTER (WHERE NOT led) AS branches_without_officer,
           count(*) FILTER (WHERE NOT liaised) AS branches_without_liaison
    FROM branch_sizes
), ground AS (
    SELECT count(*) AS cells, count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM standing s WHERE s.tenant_id = c.tenant_id AND s.cell_id = c.id
          AND s.ended_at IS NULL AND s.valid_from <= :day AND (s.valid_to IS NULL OR s.valid_to >= :day)
    )) AS cells_without_leader
    FROM grid_cell c
    WHERE c.tenant_id = :tenant AND c.valid_from <= :day
      AND (c.valid_to IS NULL OR c.valid_to > :day)
), points AS (
    SELECT count(*) AS stations FROM station
    WHERE tenant_id = :tenant AND opens_on <= :day AND (closes_on IS NULL OR closes_on > :day)
)
SELECT * FROM four, moves, cases, wishes, letters, organisations, ground, points
""")


MONTHS_BACK = 12


def summarise_today(scope: Scope, today: date) -> None:
    """Count today, and the end of each of the last twelve months in which nothing was counted."""
    summarise(scope, today, today)
    counted = {
        (day.year, day.month)
        for day in db.session.execute(
            select(CountSnapshot.day).where(
                CountSnapshot.tenant_id == scope.tenant_id,
                CountSnapshot.day > today - timedelta(days=31 * (MONTHS_BACK + 1)),
            )
        ).scalars()
    }
    day = today
    for _ in range(MONTHS_BACK - 1):
        day = day.replace(day=1) - timedelta(days=1)
        if (day.year, day.month) not in counted:
            summarise(scope, day, today)


def summarise(scope: Scope, day: date, today: date) -> None:
    """Count the scope's tenant for `day` and keep it; a day counted before is counted again.

    Cases, requests and overdue contacts of a past day are not known any more: what is open today
    is not what was open then. They stay 0 and None there.
    """
    pack = chosen_pack(scope, day).pack
    since = served_since(pack.contact_every.value if pack.contact_every else None, day)
    figures = dict(
        db.session.execute(
            _FIGURES,
            {
                "tenant": scope.tenant_id,
                "day": day,
                "month": day.replace(day=1),
                "since": since,
                "near": near_until(day),
            },
        )
        .mappings()
        .one()
    )
    if day < today:
        figures |= {"waiting": 0, "unserved": 0, "oldest_unserved_days": None}
        figures |= {"requests_open": 0, "oldest_request_days": None, "overdue": None}
    else:
        figures["overdue"] = _overdue(scope, pack, day) if pack.contact_every else None
    values = {"day": day, "served_since": since, **figures}
    db.session.execute(
        insert(CountSnapshot)
        .values(id=new_id(), **values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "day"], set_={**values, "counted_at": now()}
        )
    )


def _overdue(scope: Scope, pack: RulePack, day: date) -> int:
    """How many members who are away have a contact overdue; an attempt is not a contact."""
    facts = open_episodes_and_theirs(scope, day)
    done = done_for(scope, {each.member_id for each in facts})
    return len(
        {
            each.member_id
            for each in facts
            for due in duties(each.history, pack, day, duties_done(done.get(each.member_id, [])))
            if (due.kind, due.state) == ("contact", "overdue")
        }
    )
