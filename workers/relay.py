"""Rings RQ for what is due, and keeps the timetable (design, section 3).

Signs in as `wangge_dispatch`, which sees ids, kinds and times of jobs and nothing else. Redis holds
ids only and may be wiped: what was rung and not taken is rung again.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import UUID

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from tenants.database import new_id
from workers.lease import MOST_ATTEMPTS

log = logging.getLogger("wangge.relay")

QUEUE = "wangge"
WORK = "workers.runner.work"
RING_AGAIN_SECONDS = 20
ERASE = "erase_tenant"
TIMETABLE = {
    "count_tenant": 17,
    "mark_members": 17,
    "sweep_arrivals": 18,
    "forget_rosters": 21,
    "anchor_audit": 19,
    "expire_doors": 20,
    "sweep_redirects": 20,
    "clear_expired": 20,
    "drop_expired": 20,
    "apply_redraws": 0,
}
"""Kind -> hour of day in UTC (18:00 UTC is two in the morning in Beijing)."""
OF_EVERY_LEVEL = {
    "count_tenant",
    "anchor_audit",
    "expire_doors",
    "sweep_redirects",
    "drop_expired",
}
"""Kinds that are done for the offices too, not for communities only."""

PATIENT_AT_ONCE = 5
"""How many of the timetable's jobs may wait in Redis: somebody's job waits behind no more."""

_IS_DUE = """
    dispatch_after <= now() AND attempts < %(most)s
    AND (state = 'queued' OR (state = 'running' AND lease_until < now()))
"""
_DUE = f"""
    UPDATE job_request SET dispatch_after = now() + make_interval(secs => %(again)s)
    WHERE {_IS_DUE}
      AND (kind <> ALL(%(patient)s) OR (tenant_id, id) IN (
          SELECT tenant_id, id FROM job_request
          WHERE {_IS_DUE} AND kind = ANY(%(patient)s)
          ORDER BY dispatch_after LIMIT %(room)s))
    RETURNING tenant_id, id, kind, attempts
"""
_WORN_OUT = """
    UPDATE job_request
    SET state = 'failed', ended_at = now(), failure = '多次尝试都没有完成,请联系管理员。'
    WHERE attempts >= %(most)s
      AND (state = 'queued' OR (state = 'running' AND lease_until < now()))
"""


def run(database: str, redis: Redis, over: Event, beat: Callable[[], None]) -> None:
    """Ring until `over` is set. `database`: a libpq URL of `wangge_dispatch`.

    A lost database or Redis is waited for; nothing is lost meanwhile, rows stay due.
    """
    while not over.is_set():
        try:
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute("LISTEN job_request")
                log.info("relay is listening")
                _listen(connection, ringing_queue(redis), over, beat)
        except psycopg.OperationalError:
            log.warning("the database is away; trying again in a second")
            beat()
            over.wait(1)


def _listen(
    connection: psycopg.Connection, queue: Queue, over: Event, beat: Callable[[], None]
) -> None:
    next_look = 0.0
    while not over.is_set():
        beat()
        if monotonic() >= next_look:
            fill_timetable(connection, datetime.now(UTC))
            give_up_worn_out(connection)
            next_look = monotonic() + 60
        ring_due(connection, queue)
        for _ in connection.notifies(timeout=1.0, stop_after=1):
            pass


def ringing_queue(redis: Redis) -> Queue:
    """What is rung carries ids as JSON, never pickled objects."""
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def ring_due(connection: psycopg.Connection, queue: Queue) -> int:
    """Ring for every due job; answers how many. With Redis away they become due again soon.

    What the timetable asks for every tenant trickles in, so that nobody waits for the night's work.
    """
    due = connection.execute(
        _DUE,
        {
            "again": RING_AGAIN_SECONDS,
            "most": MOST_ATTEMPTS,
            "patient": list(TIMETABLE),
            "room": _room(queue),
        },
    ).fetchall()
    for done, (tenant_id, job_id, kind, attempts) in enumerate(due):
        try:
            _ring(queue, f"{tenant_id}-{job_id}-{attempts}", (tenant_id, str(job_id)), kind)
        except RedisError:
            # The client has tried for a while; it need not try for each of the others.
            _due_again_soon(connection, [each[1] for each in due[done:]])
            break
    return len(due)


def _room(queue: Queue) -> int:
    """How many more of the timetable's jobs may be rung for."""
    try:
        return max(0, PATIENT_AT_ONCE - queue.count)
    except RedisError:
        return 1


def _ring(queue: Queue, ring: str, ids: tuple[int, str], kind: str) -> None:
    """Once for each attempt, as long as the ring still waits in Redis.

    Otherwise workers with a long queue would be rung again and again for the same job and in the
    end do nothing but look what is left to do.
    """
    if queue.connection.lpos(queue.key, ring) is None:
        queue.enqueue_call(
            WORK,
            args=ids,
            job_id=ring,
            description=kind,
            result_ttl=0,
            failure_ttl=3600,
            timeout=3600,
        )


def _due_again_soon(connection: psycopg.Connection, job_ids: list[UUID]) -> None:
    connection.execute(
        "UPDATE job_request SET dispatch_after = now() + interval '2 seconds' WHERE id = ANY(%s)",
        (job_ids,),
    )


def give_up_worn_out(connection: psycopg.Connection) -> None:
    """A job whose every attempt was cut off becomes a failure that a person sees."""
    connection.execute(_WORN_OUT, {"most": MOST_ATTEMPTS})


def fill_timetable(connection: psycopg.Connection, now: datetime) -> None:
    """Ask for what the timetable has for the last day; any number of relays ask once.

    After an outage the slot that was missed is caught up with.
    """
    for kind, hour in TIMETABLE.items():
        slot = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        if slot > now:
            slot -= timedelta(days=1)
        key = f"{kind}@{slot:%Y-%m-%dT%H}"
        tenants = connection.execute(
            "SELECT id FROM tenant WHERE closed_at IS NULL"
            " AND (%(all)s OR (level = 'community' AND paused_at IS NULL))"
            " AND NOT EXISTS (SELECT 1 FROM job_request j"
            "                 WHERE j.tenant_id = tenant.id AND j.dedupe_key = %(key)s)",
            {"all": kind in OF_EVERY_LEVEL, "key": key},
        ).fetchall()
        _ask_once(connection, kind, key, tenants)
    # Whose term ends on a day is erased on it, whatever the hour.
    over = connection.execute(
        "SELECT id FROM tenant WHERE erase_on <= %(today)s AND erased_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM job_request j WHERE j.tenant_id = tenant.id"
        "                 AND j.dedupe_key = %(key)s)",
        {"today": now.date(), "key": f"{ERASE}@{now:%Y-%m-%d}"},
    ).fetchall()
    _ask_once(connection, ERASE, f"{ERASE}@{now:%Y-%m-%d}", over)


def _ask_once(
    connection: psycopg.Connection, kind: str, key: str, tenants: list[tuple[int]]
) -> None:
    if not tenants:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO job_request (tenant_id, id, kind, dedupe_key)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (tenant_id, dedupe_key) DO NOTHING",
            [(tenant_id, new_id(), kind, key) for (tenant_id,) in tenants],
        )


def heartbeat(path: Path | None) -> Callable[[], None]:
    """Touches a file, for whoever watches whether this process is alive."""
    return path.touch if path else lambda: None
