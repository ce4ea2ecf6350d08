"""The chain over a tenant's audit, computed again outside the database. Pure.

What the database's trigger wrote (migration 0014) is judged here with code of our own: whoever
changed a row there cannot have changed this.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

BEFORE_THE_FIRST = b""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its link. `seq` and `hash` None: nothing links it. `facts`: JSON as kept."""

    tenant_id: int
    id: UUID
    at: datetime
    person_id: UUID | None
    role: str
    act: str
    subject_kind: str
    subject_id: UUID | None
    facts: str
    seq: int | None
    hash: bytes | None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain first fails. `seq` 0: an entry outside it. `why`: see `WHYS`."""

    seq: int
    at: datetime | None
    act: str
    why: str


WHYS = ("missing", "changed", "unlinked", "anchor_missing", "anchor_differs")
"""A number is left out; the hash is another's; no link; the anchored link is gone or another."""


def digest(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the hash before and every field of the entry, each with its length in bytes."""
    fields = (
        str(entry.tenant_id),
        str(entry.seq),
        str(entry.id),
        entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        _text(entry.person_id),
        entry.role,
        entry.act,
        entry.subject_kind,
        _text(entry.subject_id),
        entry.facts,
    )
    return sha256(previous + b",".join(_field(value) for value in fields)).digest()


class Walk:
    """Follows a chain from its first link, entry by entry, in the order of `seq`.

    `anchors`: number of a link -> its hash as it was written down outside the database.
    """

    def __init__(self, anchors: Mapping[int, bytes]) -> None:
        self.anchors = dict(anchors)
        self.seq, self.hash = 0, BEFORE_THE_FIRST

    def first_break(self, entries: Iterable[Entry]) -> Break | None:
        """The first entry of these that does not follow from those before, or None."""
        return next(self._breaks(entries), None)

    def end(self) -> Break | None:
        """After the last entry: an anchored link that is no longer there was cut off."""
        beyond = [seq for seq in self.anchors if seq > self.seq]
        return Break(min(beyond), None, "", "anchor_missing") if beyond else None

    def _breaks(self, entries: Iterable[Entry]) -> Iterator[Break]:
        for entry in entries:
            if entry.seq is None or entry.hash is None:
                yield Break(0, entry.at, entry.act, "unlinked")
                continue
            if entry.seq != self.seq + 1:
                yield Break(self.seq + 1, entry.at, entry.act, "missing")
            if digest(self.hash, entry) != entry.hash:
                yield Break(entry.seq, entry.at, entry.act, "changed")
            if self.anchors.get(entry.seq, entry.hash) != entry.hash:
                yield Break(entry.seq, entry.at, entry.act, "anchor_differs")
            self.seq, self.hash = entry.seq, entry.hash


def anchor_line(tenant_id: int, seq: int, hash_: bytes, at: datetime) -> str:
    """One line of an anchor file: tenant, number of the link, its hash, the moment (UTC)."""
    return f"{tenant_id} {seq} {hash_.hex()} {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"


def anchors_in(lines: Iterable[str], tenant_id: int) -> dict[int, bytes]:
    """One tenant's anchors: number of the link -> hash. Raises ValueError for a broken line."""
    found: dict[int, bytes] = {}
    for line in lines:
        if not line.strip():
            continue
        tenant, seq, hash_, _at = line.split()
        if int(tenant) == tenant_id:
            found[int(seq)] = bytes.fromhex(hash_)
    return found


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _field(value: str | None) -> bytes:
    if value is None:
        return b"-"
    encoded = value.encode()
    return f"{len(encoded)}:".encode() + encoded
