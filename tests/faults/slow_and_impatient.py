"""The product's command line, slowed down and with short leases, so that faults find a middle.

`python tests/faults/slow_and_impatient.py worker`: a job waits a little after it has computed and
again after it has written, before the commit. What dies is noticed after a second, not thirty.
"""

from __future__ import annotations

from time import sleep

from workers import envelope, lease, relay, runner

PAUSE_SECONDS = 0.2

lease.LEASE_SECONDS = envelope.LEASE_SECONDS = 1.0
relay.RING_AGAIN_SECONDS = 1
# The night's work for every tenant of every test would keep the slowed workers busy for minutes.
relay.TIMETABLE = {"sweep_arrivals": 18}
# The storm may hit one job again and again; that worn out jobs fail visibly is tested elsewhere.
lease.MOST_ATTEMPTS = envelope.MOST_ATTEMPTS = relay.MOST_ATTEMPTS = 1000


def slowed(job: envelope.Job) -> envelope.Job:
    def slow_job(scope, held, progress):
        write = job(scope, held, progress)
        sleep(PAUSE_SECONDS)

        def slow_write() -> None:
            write()
            sleep(PAUSE_SECONDS)

        return slow_write

    return slow_job


runner.JOBS = {kind: slowed(job) for kind, job in runner.JOBS.items()}

if __name__ == "__main__":
    from service.commands import wangge

    wangge(prog_name="wangge")
