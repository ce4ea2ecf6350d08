"""A sentence somebody types beside an act: kept in the act's audit entry, sealed.

The audit stays when a tenant is erased, and nothing in it can be changed without breaking its
chain. A sentence may hold a name all the same; sealed with the tenant's key it can be read until
that key is erased with the tenant's other rows, and by nobody afterwards.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

SEALED: Final = "remark_sealed"
"""The fact of an entry that holds it."""


def sealed_remark(scope: Scope, remark: str, subject_id: UUID) -> dict[str, str]:
    """What an entry about this subject keeps of a remark; nothing of none."""
    if not remark:
        return {}
    return {SEALED: b64encode(seal_of(scope).close(remark, subject_id, "remark")).decode()}


def opened(scope: Scope, facts: Mapping[str, Any], subject_id: UUID | None) -> dict[str, Any]:
    """The entry's facts with its `remark` as it was typed. Raises InvalidTag for a moved one."""
    return dict(facts) if SEALED not in facts else told(seal_of(scope), facts, subject_id)


def told(seal: Seal, facts: Mapping[str, Any], subject_id: UUID | None) -> dict[str, Any]:
    """As `opened`, for whoever has the seal at hand."""
    if SEALED not in facts or subject_id is None:
        return dict(facts)
    remark = seal.open(b64decode(facts[SEALED]), subject_id, "remark")
    return {key: value for key, value in facts.items() if key != SEALED} | {"remark": remark}
