"""Which certificates are to be checked and by when: the pack's rule put to those that are out."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from tenants.certificates.lookups import CertificateLine
from tenants.mobility.duties import Due, duties
from tenants.mobility.histories import History
from tenants.mobility.lookups import chosen_pack, open_episodes_and_theirs
from tenants.mobility.rules import governing
from tenants.scope import Scope
from tenants.visits.lookups import done_for, duties_done


def checks_due(scope: Scope, lines: Iterable[CertificateLine], day: date) -> dict[UUID, Due]:
    """Certificate id -> its next check, of those in use whose member is surely away.

    Empty under a pack without such checks. A check is a visit of that kind that reached somebody.
    """
    pack = chosen_pack(scope, day).pack
    out = {line.member_id: line for line in lines if line.in_use.issued_on}
    if not out or pack.certificate_check_every is None:
        return {}
    theirs: dict[UUID, list[History]] = {}
    for each in open_episodes_and_theirs(scope, day):
        if each.member_id in out and each.history.direction == "outflow":
            theirs.setdefault(each.member_id, []).append(each.history)
    done = done_for(scope, theirs)
    found: dict[UUID, Due] = {}
    for member_id, histories in theirs.items():
        history = governing(histories, day)
        if history is None:
            continue
        line = out[member_id]
        was = duties_done(done.get(member_id, []), line.in_use)
        for due in duties(history, pack, day, was):
            if due.kind == "certificate_check":
                found[line.id] = due
    return found
