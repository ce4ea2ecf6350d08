"""Sensitive fields: sealed with the tenant's own key, found again by a keyed blind value.

AES-256-GCM; the tenant's key is wrapped by the master key; the row's identity is bound in as
associated data, so that a sealed value cannot be moved to another row. Design, section 7.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import select

from tenants.area import county_range
from tenants.database import db
from tenants.organisations.records import TenantKey
from tenants.scope import Scope

FORMAT = b"\x01"
NONCE = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """One tenant's seal. Sealed: format (1 byte), key id (16), nonce (12), cipher text and tag.

    It closes with the newest key and opens with whichever key a sealed value names, so that
    values stay readable while their key is being replaced. `older` are the keys before it. The
    blind key never changes: it finds a phone however old its row is.
    """

    tenant_id: int
    key_id: UUID
    key: bytes
    blind_key: bytes
    older: Mapping[UUID, bytes]

    def close(self, text: str, row: UUID, field: str) -> bytes:
        """Seal `text` for one field of one row."""
        return self.close_bytes(text.encode(), row, field)

    def open(self, sealed: bytes, row: UUID, field: str) -> str:
        """The text again. Raises InvalidTag when it was moved or tampered with."""
        return self.open_bytes(sealed, row, field).decode()

    def close_bytes(self, content: bytes, row: UUID, field: str) -> bytes:
        """Seal a whole file."""
        nonce = os.urandom(NONCE)
        body = _cipher(self.key).encrypt(nonce, content, self._identity(row, field))
        return FORMAT + self.key_id.bytes + nonce + body

    def open_bytes(self, sealed: bytes, row: UUID, field: str) -> bytes:
        """The file again. Raises InvalidTag when it was moved or tampered with."""
        nonce, body = sealed[17 : 17 + NONCE], sealed[17 + NONCE :]
        return _cipher(self._named(sealed)).decrypt(nonce, body, self._identity(row, field))

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the tenant's newest key closed this."""
        return sealed[1:17] == self.key_id.bytes

    def blind(self, text: str) -> bytes:
        """A value that is equal for equal texts of this tenant and says nothing else."""
        return hmac.digest(self.blind_key, text.encode(), "sha256")

    def _named(self, sealed: bytes) -> bytes:
        if self.is_newest(sealed):
            return self.key
        key = self.older.get(UUID(bytes=sealed[1:17])) if len(sealed) > 17 else None
        if key is None:
            raise InvalidTag
        return key

    def _identity(self, row: UUID, field: str) -> bytes:
        return f"{self.tenant_id}:{row}:{field}".encode()


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    """Making a key ready costs more than sealing a phone with it."""
    return AESGCM(key)


def seal_of(scope: Scope) -> Seal:
    """The tenant's seal; its first key is made when it is first needed.

    Read a row before its seal is asked for: then the seal knows every key the row may name.
    """
    rows = db.session.execute(
        select(TenantKey.id, TenantKey.wrapped).order_by(TenantKey.id.desc())
    ).all()
    keys = [_Wrapped(id_, wrapped) for id_, wrapped in rows] or [_make_key(scope)]
    return _seal(scope, keys)


def make_newest_key(scope: Scope) -> Seal:
    """Give the tenant a new key; what is sealed from now on is sealed with it. Caller commits.

    Older keys stay: whatever names them can still be opened.
    """
    seal_of(scope)
    _make_key(scope)
    return seal_of(scope)


@dataclass(frozen=True, slots=True)
class _Wrapped:
    id: UUID
    wrapped: bytes


def _seal(scope: Scope, newest_first: list[_Wrapped]) -> Seal:
    master = current_app.config["MASTER_KEY"]
    newest, *older = [(each.id, _unwrapped(scope, master, each.wrapped)) for each in newest_first]
    blind_key = _derived(master, f"blind:{scope.tenant_id}")
    return Seal(scope.tenant_id, *newest, blind_key, dict(older))


def _make_key(scope: Scope) -> _Wrapped:
    nonce = os.urandom(NONCE)
    key = AESGCM.generate_key(256)
    box = AESGCM(current_app.config["MASTER_KEY"]).encrypt(nonce, key, _wrap_identity(scope))
    record = TenantKey(wrapped=nonce + box)
    db.session.add(record)
    db.session.flush()
    return _Wrapped(record.id, record.wrapped)


def _unwrapped(scope: Scope, master: bytes, wrapped: bytes) -> bytes:
    return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], _wrap_identity(scope))


def _wrap_identity(scope: Scope) -> bytes:
    return f"tenant:{scope.tenant_id}".encode()


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master)


def county_mark(scope: Scope, text: str) -> bytes:
    """A value that is equal for equal texts of the scope's county and says nothing else."""
    county, _last = county_range(scope.area)
    key = _derived(current_app.config["MASTER_KEY"], f"county:{county}")
    return hmac.digest(key, text.encode(), "sha256")
