"""Where an import stands, when the job that was to move it on has failed for good. Pure."""

from typing import Final

from geo.coordinates import SYSTEMS
from geo.projected import METRES, PROJECTED

ROSTER_SYSTEMS: Final = (*SYSTEMS, METRES, *PROJECTED)
"""What a roster's coordinates may be declared as; METRES leaves the zone to be decided."""

CHOICES: Final = {"changed": ("update", "skip"), "possible": ("skip", "add", "update")}
"""What may be decided of a row that is, or may be, somebody known."""

_BACK_TO: Final = {"checking": "stalled", "accepting": "checked", "undoing": "accepted"}


def state_now(state: str, job_state: str) -> str:
    """The state as people see it. `stalled`: the check failed and can be asked for again.

    A job may be given up where no tenant's row can be written (the relay does it), so the state
    that follows from it is worked out and not stored.
    """
    return _BACK_TO.get(state, state) if job_state == "failed" else state
